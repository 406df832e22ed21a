use domain::address::{Country, Field, Problem};
use domain::discount::CodeProblem;
use domain::money::Money;

messages! {
    /// The page between the cart and the payment.
    CheckoutText {
        fn title() -> &'static str { En => "Checkout" }
        /// Its title while something is wrong with the form.
        fn title_error() -> &'static str { En => "Error: Checkout" }
        fn back_to_cart() -> &'static str { En => "Back to the cart" }
        /// Behind the label of a field that may stay empty.
        fn optional() -> &'static str { En => "(optional)" }

        fn contact() -> &'static str { En => "Contact" }
        fn email() -> &'static str { En => "Email" }
        fn email_why() -> &'static str { En => "The receipt and news about your order go there." }
        fn newsletter() -> &'static str { En => "Send me news and offers" }

        /// The heading of the address when something is shipped.
        fn address() -> &'static str { En => "Delivery address" }
        /// The heading when nothing is, and only taxes depend on it.
        fn place() -> &'static str { En => "Where you are" }
        fn country() -> &'static str { En => "Country or region" }
        fn choose_country() -> &'static str { En => "Choose a country" }
        fn update_country() -> &'static str { En => "Update country" }
        fn name() -> &'static str { En => "Full name" }
        fn line1() -> &'static str { En => "Address" }
        fn line2() -> &'static str { En => "Apartment, floor, district" }
        fn city(country: Option<Country>) -> &'static str {
            En => country.map_or("City", |country| country.format().city_label()),
        }
        fn region(country: Option<Country>) -> &'static str {
            En => country.map_or("Region", |country| country.format().region_label()),
        }
        fn choose_region() -> &'static str { En => "Choose" }
        fn postal_code(country: Option<Country>) -> &'static str {
            En => country.map_or("Postal code", |country| country.format().postal_code_label()),
        }
        /// The usual look of a postal code there, which is no rule.
        fn postal_code_hint(example: &str) -> String {
            En => format!("Usually it looks like {example}. If yours is right, leave it."),
        }
        fn phone() -> &'static str { En => "Phone" }
        fn phone_why() -> &'static str { En => "For questions about the delivery." }
        fn for_company() -> &'static str { En => "Buying for a company?" }
        fn company() -> &'static str { En => "Company" }
        fn vat_number() -> &'static str { En => "VAT number" }

        fn delivery() -> &'static str { En => "Delivery" }
        fn delivery_unknown() -> &'static str { En => "Choose a country to see how it gets there." }
        fn free() -> &'static str { En => "Free" }
        fn extras() -> &'static str { En => "Anything else?" }
        fn is_gift() -> &'static str { En => "It is a gift: put no prices into the parcel" }
        fn note() -> &'static str { En => "Note to the shop" }

        fn summary() -> &'static str { En => "Summary" }
        fn pieces(quantity: u32) -> String { En => format!("Quantity: {quantity}") }
        fn code() -> &'static str { En => "Discount code" }
        fn apply() -> &'static str { En => "Apply" }
        fn total_so_far() -> &'static str { En => "Total without delivery" }
        fn see_total() -> &'static str { En => "Show delivery and total" }
        /// The button that leads to the payment.
        fn pay(total: Money) -> String {
            En => if total.amount() == 0 {
                "Place order, nothing to pay".to_owned()
            } else {
                format!("Pay {total}")
            },
        }
        fn totals_failed() -> &'static str {
            En => "The totals could not be updated. What you typed is still here; try again in a moment.",
        }
        fn is_kept() -> &'static str {
            En => "What you type is kept on this device for 30 days, for your way back and your next order.",
        }
        fn forget() -> &'static str { En => "Forget what I typed" }
        fn forgotten() -> &'static str { En => "What you typed is forgotten." }

        /// The heading of the list of `count` problems.
        fn problems(count: usize) -> &'static str {
            En => if count == 1 { "There is a problem" } else { "There are problems" },
        }
        fn address_problem(field: Field, problem: Problem, country: Option<Country>) -> String {
            En => match problem {
                Problem::Missing => match field {
                    Field::Name => "Enter your full name.".to_owned(),
                    Field::Line1 => "Enter your address: street and number, or what takes their place.".to_owned(),
                    Field::Country => "Choose a country.".to_owned(),
                    _ => format!("Enter your {}.", english_field(field, country)),
                },
                Problem::TooLong { most } => format!(
                    "{} can have {most} characters at most. Shorten it.",
                    capitalized(&english_field(field, country))
                ),
                Problem::ControlCharacter => format!(
                    "{} has a line break or a character that cannot be printed. Type it on one line.",
                    capitalized(&english_field(field, country))
                ),
                Problem::UnknownCountry => "Choose a country from the list.".to_owned(),
                Problem::NotAPhoneNumber => "Enter a phone number with its digits, or leave it empty.".to_owned(),
            },
        }
        fn enter_email() -> &'static str { En => "Enter an email address, such as ada@example.com." }
        fn invalid_vat_number() -> &'static str {
            En => "That is not the form of a VAT number. It begins with the letters of its country, such as DE123456789. \
                   Correct it, or leave it empty.",
        }
        fn note_too_long(most: usize) -> String {
            En => format!("A note can have {most} characters at most. Shorten it."),
        }
        fn no_delivery(country: Country) -> String {
            En => format!("We do not deliver to {}. Choose another country, or ask us.", country.name()),
        }
        fn no_rate() -> &'static str {
            En => "None of our deliveries there takes this order: it is too heavy, or costs too much or too little. \
                   Change your cart, or ask us.",
        }
        fn delivery_gone() -> &'static str {
            En => "The delivery that you chose is not offered for this address. Choose one of these.",
        }
        /// `titles` are those of the goods.
        fn not_deliverable(titles: &[String]) -> String {
            En => format!(
                "Not delivered to this address: {}. Take it out of your cart, or choose another address.",
                titles.join(", ")
            ),
        }
        fn code_problem(problem: &CodeProblem) -> String {
            En => match problem {
                CodeProblem::Unknown => "There is no such code. Check it, or leave it empty.".to_owned(),
                CodeProblem::NotYet => "This code is not valid yet. Leave it empty to go on.".to_owned(),
                CodeProblem::Ended => "This code is no longer valid. Leave it empty to go on.".to_owned(),
                CodeProblem::UsedUp => {
                    "This code was used as often as it can be. Leave it empty to go on.".to_owned()
                }
                CodeProblem::UsedByEmail => {
                    "This code was already used with your email address. Leave it empty to go on.".to_owned()
                }
                CodeProblem::BelowMinimum { minimum } => {
                    format!("This code is for orders of {minimum} or more. Add something, or leave it empty.")
                }
                CodeProblem::NothingInScope => {
                    "This code takes nothing off what is in your cart. Leave it empty to go on.".to_owned()
                }
                CodeProblem::OtherIsBetter { title } => format!(
                    "You already get “{title}”, which takes more off and cannot be combined with this code. \
                     Leave it empty to go on."
                ),
            },
        }
        fn below_minimum(minimum: Money) -> String {
            En => format!("A payment has to be {minimum} or more. Add something to your cart."),
        }
        fn above_maximum(maximum: Money) -> String {
            En => format!("The most that can be paid at once is {maximum}. Take something out of your cart."),
        }
        fn total_changed(from: Money, to: Money) -> String {
            En => format!("The total is {to} now; it was {from}. Nothing was charged. Check it, then pay."),
        }
    }
}

/// The name of a field within a sentence.
fn english_field(field: Field, country: Option<Country>) -> String {
    let format = country.map(Country::format);
    let name = match field {
        Field::Name => "name",
        Field::Company => "company",
        Field::Line1 => "address",
        Field::Line2 => "second line of the address",
        Field::City => format.map_or("city", |format| format.city_label()),
        Field::Region => format.map_or("region", |format| format.region_label()),
        Field::PostalCode => format.map_or("postal code", |format| format.postal_code_label()),
        Field::Country => "country",
        Field::Phone => "phone number",
    };
    // Short forms, such as ZIP and PIN, stay in capitals.
    let is_short_form = name.chars().nth(1).is_some_and(char::is_uppercase);
    if is_short_form {
        name.to_owned()
    } else {
        name.to_lowercase()
    }
}

fn capitalized(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| {
        first.to_uppercase().chain(letters).collect()
    })
}
