use domain::money::Money;
use domain::order::{Flag, Resolution, ShipmentBlock};

messages! {
    /// The admin's page of one order: its facts, its flag and how it leaves.
    AdminOrderText {
        fn test_order() -> &'static str {
            En => "Test order: it was made in Stripe's test mode, so no money was paid. It cannot be shipped.",
        }
        fn ordered() -> &'static str { En => "Ordered" }
        fn paid() -> &'static str { En => "Paid" }
        fn refunded() -> &'static str { En => "Refunded" }
        /// A part of an amount.
        fn part_of(part: Money, whole: Money) -> String { En => format!("{part} of {whole}") }
        fn your_note() -> &'static str { En => "Your note" }
        fn shopper_page() -> &'static str { En => "Shopper's page" }
        fn open() -> &'static str { En => "Open" }
        /// Stripe's own names, which are the same in each language.
        fn payment_intent() -> &'static str { En => "PaymentIntent" }
        fn checkout_session() -> &'static str { En => "Checkout Session" }

        fn link() -> &'static str { En => "Link" }
        fn resend_link() -> &'static str { En => "Resend the order’s link" }
        fn link_sent() -> &'static str {
            En => "The link to this order is on its way to the shopper.",
        }
        fn link_not_sent() -> &'static str {
            En => "Nothing was sent: the shopper's email address is not known.",
        }

        fn note() -> &'static str { En => "Note" }
        fn flag(flag: Flag) -> &'static str {
            En => match flag {
                Flag::AmountMismatch => {
                    "Another amount was paid than this order's total. Do not ship it before you have decided: keep the payment as it is, or refund all of it."
                }
                Flag::OutOfStock => {
                    "This was paid after its stock went to others, so its money goes back by itself. Look at its refund below; do not ship it."
                }
                Flag::StockMismatch => {
                    "The stock did not hold what this order held. Count its pieces and set the stock right."
                }
                Flag::PaymentUnknown => {
                    "Stripe does not know this order's payment, so whether it was paid is not known. Its pieces stay reserved. Look for it in the Stripe account that took it; if it was not paid, close this and the pieces are free again."
                }
                Flag::OrderUnknown => {
                    "This was paid, and the database did not know the order, as after a backup was restored. Look the payment up in Stripe to see what was bought; then keep it, or refund all of it."
                }
            },
        }
        fn paid_and_total(paid: Money, total: Money) -> String {
            En => format!("Paid: {paid}. Order total: {total}."),
        }
        /// The button of a decision.
        fn resolution(flag: Flag, resolution: Resolution) -> &'static str {
            En => match (flag, resolution) {
                (Flag::OrderUnknown, Resolution::Close) => "Close",
                (Flag::AmountMismatch | Flag::OrderUnknown, _) => "Keep the payment",
                (Flag::OutOfStock, Resolution::Keep) => "I can ship it",
                (Flag::PaymentUnknown, _) => "It was not paid: free the pieces",
                (Flag::StockMismatch, _) => "The stock is right now",
                (Flag::OutOfStock, Resolution::Close) => "Close",
            },
        }
        fn flag_resolved() -> &'static str { En => "Your decision is saved." }
        fn flag_refused() -> &'static str {
            En => "This order does not need that decision any more.",
        }

        fn correct_it() -> &'static str { En => "Correct it" }
        fn carrier() -> &'static str { En => "Carrier" }
        fn tracking_number() -> &'static str { En => "Tracking number" }
        fn save() -> &'static str { En => "Save" }
        fn mark_as_shipped() -> &'static str { En => "Mark as shipped" }
        fn marked_as_shipped() -> &'static str { En => "Marked as shipped." }
        /// The heading of the form for another parcel.
        fn next_parcel() -> &'static str { En => "Next parcel" }
        fn pieces_in_parcel() -> &'static str { En => "Pieces in this parcel" }
        /// After the name of a line.
        fn left_to_ship(left: u32) -> String { En => format!("({left} to ship)") }
        fn pieces_wrong(left: u32) -> String {
            En => format!("Enter a whole number from 0 to {left}."),
        }
        fn pieces_missing() -> &'static str {
            En => "Nothing was shipped: enter how many pieces are in the parcel.",
        }
        fn pieces_refused() -> &'static str {
            En => "Nothing was shipped: that is more than what is paid for and still to ship. Check the quantities below.",
        }
        fn mark_as_delivered() -> &'static str { En => "Mark as delivered" }
        fn marked_as_delivered() -> &'static str { En => "Marked as delivered." }
        fn parcel_corrected() -> &'static str { En => "The parcel is corrected." }
        fn delivered() -> &'static str { En => "Delivered" }
        fn content() -> &'static str { En => "Content" }
        fn test_order_not_shipped() -> &'static str {
            En => "This is a test order: no money was paid, so it is not shipped.",
        }
        fn nothing_to_ship() -> &'static str {
            En => "Only a paid order whose goods are there can be shipped.",
        }
        /// Before the reason.
        fn do_not_ship() -> &'static str { En => "Do not ship." }
        fn unpaid_test_order() -> &'static str {
            En => "It is a test order, for which nothing was paid.",
        }
        fn shipment_block(block: ShipmentBlock) -> &'static str {
            En => match block {
                ShipmentBlock::FraudDispute => {
                    "The cardholder says that they did not make this payment."
                }
                ShipmentBlock::EarlyFraudWarning => {
                    "The card network reports this payment as fraudulent. Refund it in full to prevent a dispute."
                }
                ShipmentBlock::Flag => "Review this order first; the notice above says why.",
            },
        }
    }
}
