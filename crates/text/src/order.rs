use domain::money::Money;
use domain::order::{OrderStatus, ShippingState};

messages! {
    /// An order, as the shopper sees it.
    OrderText {
        /// Its title, and the heading above its lines in e-mails.
        fn title(number: i64) -> String { En => format!("Order {number}") }
        fn status(status: OrderStatus) -> &'static str {
            En => match status {
                OrderStatus::Pending => "Waiting for payment",
                OrderStatus::Processing => "Payment processing",
                OrderStatus::Paid => "Paid",
                OrderStatus::Failed => "Payment failed",
                OrderStatus::Expired => "Expired",
                OrderStatus::PartiallyRefunded => "Partially refunded",
                OrderStatus::Refunded => "Refunded",
            },
        }
        /// The meaning of the status for the shopper.
        fn status_explained(status: OrderStatus, is_shipped: bool) -> &'static str {
            En => match status {
                OrderStatus::Pending => {
                    "We have not heard from the payment yet. This page follows it by itself; you can also keep the address and look again later."
                }
                OrderStatus::Processing => {
                    "Your payment is on its way. Some methods take a few days; nothing more is needed from you."
                }
                OrderStatus::Paid if is_shipped => {
                    "Thank you. Your payment arrived and your order is on its way to you."
                }
                OrderStatus::Paid => "Thank you. Your payment arrived and your order is with us.",
                OrderStatus::Failed => {
                    "Your payment did not go through and nothing was charged. You can order again from the store."
                }
                OrderStatus::Expired => {
                    "This order was not paid in time. Nothing was charged; you can order again from the store."
                }
                OrderStatus::PartiallyRefunded => "A part of your payment was returned to you.",
                OrderStatus::Refunded => "Your payment was returned to you.",
            },
        }
        fn is_test() -> &'static str {
            En => "This is a test order: nothing was charged, and nothing is shipped.",
        }
        fn paid_by(email: &str) -> String { En => format!("Paid by {email}") }
        fn shipped(carrier: Option<&str>) -> String {
            En => match carrier {
                Some(carrier) => format!("Shipped with {carrier}."),
                None => "Shipped.".to_owned(),
            },
        }
        /// Before the number, which follows [`OrderText::shipped`] and may be a link.
        fn tracking_number() -> &'static str { En => " Tracking number: " }
        /// A parcel by its place among the order's parcels, from 1.
        fn parcel(place: usize) -> String { En => format!("Parcel {place}") }
        fn shipping() -> &'static str { En => "Shipping" }
        /// The shipping state; empty when there is nothing to ship.
        fn shipping_state(state: ShippingState) -> &'static str {
            En => match state {
                ShippingState::Nothing => "",
                ShippingState::ToPack => "To pack",
                ShippingState::PartlyShipped => "Partly shipped",
                ShippingState::Shipped => "Shipped",
                ShippingState::Delivered => "Delivered",
            },
        }
        /// The same for the shopper, as a sentence.
        fn shipping_explained(state: ShippingState) -> &'static str {
            En => match state {
                ShippingState::Nothing => "",
                ShippingState::ToPack => "Your order is being packed.",
                ShippingState::PartlyShipped => "A part of your order has been shipped. The rest follows.",
                ShippingState::Shipped => "Your order has been shipped.",
                ShippingState::Delivered => "Your order has been delivered.",
            },
        }
        fn delivered() -> &'static str { En => "Delivered." }
        fn refunded(refunded: Money, total: Money) -> String {
            En => format!("Refunded: {refunded} of {total}"),
        }
        /// Before the amount of refunds that have not arrived.
        fn coming_back() -> &'static str { En => "On its way back to you: " }
        fn cancel() -> &'static str { En => "Cancel this order" }
        fn canceled() -> &'static str { En => "The order is canceled. Nothing was charged." }
        fn cancel_failed() -> &'static str {
            En => "The order could not be canceled just now. Try again in a moment.",
        }
        fn cancel_too_late() -> &'static str {
            En => "The order is not waiting for its payment any more, so it was not canceled.",
        }
        fn keep_address() -> &'static str {
            En => "Keep this page's address: it is the way back to your order.",
        }
        fn back_to_store() -> &'static str { En => "Back to the store" }

        /// The page that sends the link of an order.
        fn find() -> &'static str { En => "Find your order" }
        /// Its title while something is wrong with the form.
        fn find_error() -> &'static str { En => "Error: Find your order" }
        fn find_explained() -> &'static str {
            En => "We send the link to your order's page to the email address that you ordered with.",
        }
        fn number() -> &'static str { En => "Order number" }
        fn email() -> &'static str { En => "Email" }
        fn send_link() -> &'static str { En => "Send the link" }
        /// Said whether or not there is such an order.
        fn link_sent() -> &'static str {
            En => "If there is an order with this number and email address, its link is on the way to that address. It can take a few minutes.",
        }
        fn enter_number() -> &'static str { En => "Enter the order number, such as 1001." }
        fn enter_email() -> &'static str { En => "Enter the email address that you ordered with." }
        fn asked_too_often(seconds: u32) -> String {
            En => format!("That was asked for too often. Try again in {seconds} seconds."),
        }

        /// The table of what was bought.
        fn lines() -> &'static str { En => "What was bought" }
        fn item() -> &'static str { En => "Item" }
        fn quantity() -> &'static str { En => "Quantity" }
        fn total() -> &'static str { En => "Total" }
        fn each(price: Money) -> String { En => format!("{price} each") }
    }
}
