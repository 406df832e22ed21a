use domain::stock::Availability;

messages! {
    /// Products, collections and the form that adds to the cart. `goods` is the shop's own word for
    /// what it sells, in the plural.
    CatalogText {
        fn all(goods: &str) -> String { En => format!("All {goods}") }
        fn browse_all(goods: &str) -> String { En => format!("Browse all {goods}") }
        /// The list of all products, as search engines show it.
        fn all_of(goods: &str, shop: &str) -> String { En => format!("All {goods} of {shop}.") }
        fn count(count: i64, goods: &str) -> String { En => format!("{count} {goods}") }
        fn collections() -> &'static str { En => "Collections" }

        /// The price of the cheapest variant, where there are others.
        fn from_price(price: &str) -> String { En => format!("From {price}") }
        /// The note beside a price: the taxes in it, each with its name and rate, and what comes on top.
        fn price_note(included: &[(&str, String)], is_plus_tax: bool, is_plus_delivery: bool) -> String {
            En => {
                let taxes: Vec<String> = included.iter().map(|(name, rate)| format!("{rate} {name}")).collect();
                let mut parts = Vec::new();
                if !taxes.is_empty() {
                    parts.push(format!("incl. {}", taxes.join(" and ")));
                }
                match (is_plus_tax, is_plus_delivery) {
                    (true, true) => parts.push("plus tax and delivery".to_owned()),
                    (true, false) => parts.push("plus tax".to_owned()),
                    (false, true) => parts.push("plus delivery".to_owned()),
                    (false, false) => {}
                }
                parts.join(", ")
            },
        }
        /// The names of a product's options as one heading: "Size and finish".
        fn options(names: &[String]) -> String { En => sentence_case(&names.join(" and ")) }
        fn quantity() -> &'static str { En => "Quantity" }

        fn availability(availability: Availability) -> &'static str {
            En => match availability {
                Availability::SoldOut => "Sold out",
                Availability::InCheckout => "In somebody's checkout",
                Availability::FewLeft => "Few left",
                Availability::InStock => "In stock",
            },
        }
        /// Below [`Availability::InCheckout`].
        fn free_again() -> &'static str {
            En => "What is not paid for is free again within 40 minutes. Reload this page to look.",
        }

        fn add_to_cart() -> &'static str { En => "Add to cart" }
        fn added() -> &'static str { En => "Added to your cart." }
        fn review_and_pay() -> &'static str { En => "Review and pay" }
        fn choose_variant() -> &'static str {
            En => "Choose a variant and a quantity of 1 or more.",
        }
        fn no_cookies() -> &'static str {
            En => "Your browser keeps no cookies for this shop, and the cart is kept in one. Allow cookies, then try again.",
        }
        fn no_answer() -> &'static str {
            En => "The shop did not answer, so nothing was added. Try again in a moment.",
        }
        fn no_longer_sold() -> &'static str { En => "This is no longer sold." }
    }
}

fn sentence_case(text: &str) -> String {
    let mut letters = text.chars();
    match letters.next() {
        Some(first) => first
            .to_uppercase()
            .chain(letters.flat_map(char::to_lowercase))
            .collect(),
        None => String::new(),
    }
}
