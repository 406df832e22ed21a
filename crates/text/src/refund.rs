use domain::money::{Money, MoneyError};
use domain::order::{RefundError, RefundReason, RefundSource, RefundStatus};

messages! {
    /// Refunds, as the admin sees them.
    RefundText {
        fn refunds() -> &'static str { En => "Refunds" }
        fn amount() -> &'static str { En => "Amount" }
        fn time() -> &'static str { En => "Time" }
        /// The name of the fact where a refund was decided.
        fn made() -> &'static str { En => "Made" }
        fn reason() -> &'static str { En => "Reason" }
        fn note() -> &'static str { En => "Note" }
        fn failure() -> &'static str { En => "Failure" }
        fn id() -> &'static str { En => "Refund" }

        fn status(status: RefundStatus) -> &'static str {
            En => match status {
                RefundStatus::Requested => "Being sent",
                RefundStatus::Refused => "Refused by Stripe",
                RefundStatus::Pending => "Pending",
                RefundStatus::RequiresAction => "Waits for the shopper",
                RefundStatus::Succeeded => "Refunded",
                RefundStatus::Canceled => "Canceled",
                RefundStatus::Failed => "Failed",
            },
        }
        fn source(source: RefundSource) -> &'static str {
            En => match source {
                RefundSource::Admin => "On this page",
                RefundSource::Dashboard => "In Stripe",
                RefundSource::Automatic => "By the shop: paid too late",
            },
        }
        /// `None` is another reason than those that have a name.
        fn refund_reason(reason: Option<RefundReason>) -> &'static str {
            En => match reason {
                Some(RefundReason::Duplicate) => "Paid twice",
                Some(RefundReason::Fraudulent) => "Fraudulent",
                Some(RefundReason::RequestedByCustomer) => "The shopper asked for it",
                None => "Another",
            },
        }
        /// The badge of an order whose last refund came to nothing.
        fn refund_failed() -> &'static str { En => "Refund failed" }
        fn refund_canceled() -> &'static str { En => "Refund canceled" }

        /// `currency` is a code in capital letters.
        fn up_to(left: Money, currency: &str) -> String {
            En => format!("Up to {left} can be refunded, in {currency}."),
        }
        fn choose_pieces() -> &'static str { En => "Choose pieces" }
        fn delivery() -> &'static str { En => "Delivery" }
        /// The amount paid for it, taxes included.
        fn delivery_of(paid: Money) -> String { En => format!("The delivery, {paid}") }
        fn price_of_pieces() -> &'static str {
            En => "What was paid for them is refunded, discounts and taxes included, unless you type another amount.",
        }
        fn pieces_of(left: u32) -> String { En => format!("Refunded pieces, of {left}") }
        fn restocked() -> &'static str { En => "Back on the shelf" }
        fn note_is_private() -> &'static str { En => "Only you see it." }
        fn asked_once_more() -> &'static str {
            En => "You are asked once more before any money moves.",
        }
        fn refund() -> &'static str { En => "Refund" }

        fn page_title(order: i64) -> String { En => format!("Refund of order {order}") }
        fn question(amount: Money) -> String { En => format!("Refund {amount}?") }
        fn refund_amount(amount: Money) -> String { En => format!("Refund {amount}") }
        fn other_amount(price: Money, amount: Money) -> String {
            En => format!("The chosen pieces cost {price}. You typed another amount: {amount} will be refunded."),
        }
        fn to() -> &'static str { En => "To" }
        fn paid_back_to(email: Option<&str>) -> String {
            En => match email {
                Some(email) => format!("{email}, the way they paid"),
                None => "The shopper, the way they paid".to_owned(),
            },
        }
        fn order() -> &'static str { En => "Order" }
        fn pieces() -> &'static str { En => "Pieces" }
        /// `quantity` pieces of `title` in the form `options`, of which `restocked` go back.
        fn chosen_pieces(quantity: u32, title: &str, options: &str, restocked: u32) -> String {
            En => format!("{quantity} of {title}, {options}; {restocked} back on the shelf"),
        }
        fn left_afterwards() -> &'static str { En => "Left afterwards" }
        fn change_it() -> &'static str { En => "Change it" }

        /// The outcome of the decision; `failure` is Stripe's reason.
        fn result(status: RefundStatus, amount: Money, failure: Option<&str>) -> String {
            En => match status {
                RefundStatus::Succeeded => format!("Refunded {amount}."),
                RefundStatus::Pending => format!("{amount}: Stripe has it; it is pending."),
                RefundStatus::RequiresAction => {
                    format!("{amount}: Stripe has it; it waits for the shopper.")
                }
                RefundStatus::Requested => {
                    format!("{amount}: Stripe cannot be reached; the refund is sent again automatically.")
                }
                RefundStatus::Refused => format!(
                    "Stripe refused the refund of {amount}{}. Nothing was refunded.",
                    in_parentheses(failure)
                ),
                RefundStatus::Canceled => format!("The refund of {amount} was canceled."),
                RefundStatus::Failed => {
                    format!("The refund of {amount} failed{}.", in_parentheses(failure))
                }
            },
        }

        /// `example` is one that would be taken.
        fn not_an_amount(example: &str) -> String {
            En => format!("That is not an amount. Type it in digits, such as {example}."),
        }
        fn no_amount() -> &'static str {
            En => "Type an amount, or choose the pieces that come back.",
        }
        fn too_many_pieces() -> &'static str {
            En => "Those are more pieces than can still be refunded. Nothing was refunded.",
        }
        fn too_many_restocked() -> &'static str {
            En => "Only pieces that are refunded can go back on the shelf. Nothing was refunded.",
        }
        fn not_allowed() -> &'static str { En => "Nothing was refunded." }
        fn stale_form() -> &'static str {
            En => "Nothing was refunded: the form was from before you signed in. Check it and send it again.",
        }
        fn error(error: &RefundError) -> String {
            En => match error {
                RefundError::NotPaid => "There is no payment to refund.".to_owned(),
                RefundError::NothingLeft => "Nothing is left to refund.".to_owned(),
                RefundError::TooMuch { left } => {
                    format!("That is more than the {left} that can still be refunded.")
                }
                RefundError::NotPositive => "The amount has to be more than zero.".to_owned(),
                RefundError::NotChargeable { amount } => format!(
                    "{amount} has more decimal places than can be refunded in this currency."
                ),
                RefundError::TooManyPieces { sku, left } => {
                    format!("Of {sku}, {left} can still be refunded.")
                }
                RefundError::Disputed { reason } => format!(
                    "The payment is disputed ({}): a refund would pay the shopper twice. Answer the dispute in the Stripe Dashboard instead.",
                    reason.replace('_', " ")
                ),
                RefundError::Money(error) => format!("The amount cannot be computed: {}.", english_money_error(*error)),
            },
        }
    }
}

fn english_money_error(error: MoneyError) -> &'static str {
    match error {
        MoneyError::Overflow => "the amount is too large",
        MoneyError::CurrencyMismatch => "the amounts are in different currencies",
        MoneyError::NotACurrency => "a currency is three letters, such as \"usd\"",
    }
}

fn in_parentheses(failure: Option<&str>) -> String {
    match failure {
        None | Some("") => String::new(),
        Some(failure) => format!(" ({})", failure.replace('_', " ")),
    }
}
