use domain::cart::LineNotice;
use domain::money::Money;

messages! {
    /// The cart and the way to pay.
    CartText {
        fn title() -> &'static str { En => "Cart" }
        fn heading() -> &'static str { En => "Your cart" }
        /// The cart's page, as search engines show it.
        fn description() -> &'static str {
            En => "What you have chosen, with its price and whether it can be had.",
        }
        /// The link to a cart of `count` pieces, for those who hear the page.
        fn items(count: u32) -> String {
            En => match count {
                1 => "Cart, 1 item".to_owned(),
                count => format!("Cart, {count} items"),
            },
        }
        fn is_empty() -> &'static str { En => "Your cart is empty." }

        /// The price of one piece; `price` may be HTML.
        fn each(price: &str) -> String { En => format!("{price} each") }
        fn update() -> &'static str { En => "Update" }
        fn one_less(name: &str) -> String { En => format!("One less: {name}") }
        fn one_more(name: &str) -> String { En => format!("One more: {name}") }
        fn quantity_of(name: &str) -> String { En => format!("Quantity: {name}") }
        fn remove() -> &'static str { En => "Remove" }
        /// Said after a line was removed; both may be HTML.
        fn removed(name: &str, subtotal: &str) -> String {
            En => format!("Removed: {name}. Subtotal: {subtotal}."),
        }
        fn undo() -> &'static str { En => "Undo" }

        fn summary() -> &'static str { En => "Summary" }
        fn subtotal() -> &'static str { En => "Subtotal" }
        fn checkout() -> &'static str { En => "Checkout" }
        fn paid_at_stripe() -> &'static str {
            En => "You pay on Stripe's page. Your card never reaches this shop.",
        }
        fn changed_elsewhere() -> &'static str {
            En => "Your cart was changed in another window. Check it, then go on.",
        }

        /// Before and after [`CartText::order_name`], which may be a link.
        fn paid_for() -> [&'static str; 2] {
            En => ["You have paid for ", ". What you bought is no longer in your cart."],
        }
        fn order_name(number: i64) -> String { En => format!("order {number}") }
        fn no_cookie_sent() -> &'static str {
            En => "Did you add something that is not here? The cart is kept in a cookie, and your browser sent none. \
                   Allow cookies for this shop, then add it again.",
        }

        /// The notice about `count` lines that are no longer sold; there is at least one.
        fn dropped(count: u32) -> String {
            En => match count {
                1 => "One item is no longer sold and was removed from your cart.".to_owned(),
                count => format!("{count} items are no longer sold and were removed from your cart."),
            },
        }
        fn line_notice(notice: &LineNotice) -> String {
            En => match notice {
                LineNotice::SoldOut => "Sold out. You can check out without it.".to_owned(),
                LineNotice::InCheckout => {
                    "In somebody's checkout. What is not paid for is free again within 40 minutes.".to_owned()
                }
                LineNotice::LoweredByCheckouts { to } => format!(
                    "Only {to} left, so the quantity was lowered. More are in somebody's checkout."
                ),
                LineNotice::LoweredToLimit { to } => {
                    format!("At most {to} in one order, so the quantity was lowered.")
                }
                LineNotice::BackInStock => "Back in stock.".to_owned(),
                LineNotice::QuantityLowered { to } => {
                    format!("Only {to} left, so the quantity was lowered.")
                }
                LineNotice::PriceChanged { from, to } => {
                    format!("The price changed from {from} to {to}.")
                }
            },
        }

        fn unknown_variant() -> &'static str {
            En => "That is no longer sold. Your cart is as it was.",
        }
        fn invalid_quantity() -> &'static str {
            En => "The quantity must be a whole number from 1 to 99. Your cart is as it was.",
        }
        fn full() -> &'static str {
            En => "A cart holds up to 50 different items and 99 of each. What fits was added.",
        }
        fn needs_review() -> &'static str {
            En => "Something changed since you last looked. Please check your cart, then check out.",
        }
        fn sold_out() -> &'static str {
            En => "Everything in it is sold out, so there is nothing to pay. Please check your cart.",
        }
        fn below_minimum(minimum: Money, subtotal: Money) -> String {
            En => format!(
                "A payment has to be {minimum} or more, and your cart comes to {subtotal}. Add something to check out."
            ),
        }
        fn above_maximum(maximum: Money, subtotal: Money) -> String {
            En => format!(
                "The most that can be paid at once is {maximum}, and your cart comes to {subtotal}. Take something out to check out."
            ),
        }
        fn checkout_failed() -> &'static str {
            En => "We could not start the payment. Nothing was charged and your cart is kept. Try again in a moment.",
        }
        fn too_many_checkouts(seconds: u32) -> String {
            En => format!(
                "Too many payments were started at once. Your cart is kept. Try again {}.",
                english_wait(seconds)
            ),
        }
        fn too_many_open_orders(seconds: u32) -> String {
            En => format!(
                "Too many orders from your network are open and not paid yet. Your cart is kept. \
                 Pay one of them, or try again {}.",
                english_wait(seconds)
            ),
        }
        fn too_many_held(seconds: u32) -> String {
            En => format!(
                "Open orders from your network hold as many pieces as one shopper can. Your cart is kept. \
                 Take fewer pieces, pay an open order, or try again {}.",
                english_wait(seconds)
            ),
        }
        fn order_too_large(most: i64) -> String {
            En => format!(
                "An order has at most {most} pieces at the moment. Your cart is kept. Take fewer to check out."
            ),
        }
    }
}

/// When to try again.
fn english_wait(seconds: u32) -> String {
    match seconds {
        1 => "in a second".to_owned(),
        seconds @ ..=90 => format!("in {seconds} seconds"),
        seconds => format!("in {} minutes", seconds.div_ceil(60)),
    }
}
