use domain::money::Money;
use domain::order::{DisputeStatus, RefundStatus, ShipmentBlock};

messages! {
    /// E-mails to shoppers and to the admin. `order` is an order's number.
    MailText {
        /// A day. `month` is 1 to 12.
        fn date(year: i32, month: u8, day: u8) -> String {
            En => format!("{day} {} {year}", english_month(month)),
        }

        /// Below the content: why the recipient gets the e-mail.
        fn to_shopper_because(shop: &str) -> String {
            En => format!("You get this because you ordered at {shop}. Answer it if something is not right."),
        }
        fn to_admin_because(shop: &str) -> String {
            En => format!("You get this because {shop} is your shop."),
        }
        fn see_your_order() -> &'static str { En => "See your order" }
        fn open_the_order() -> &'static str { En => "Open the order" }
        /// Before the subject of an e-mail about a test order.
        fn test_mark() -> &'static str { En => "[Test] " }
        fn is_test() -> &'static str {
            En => "This is about a test order: no money was paid, and nothing is shipped.",
        }

        /// The names of facts, which stand before a colon or in a column of their own.
        fn total() -> &'static str { En => "Total" }
        fn refunded() -> &'static str { En => "Refunded" }
        fn paid() -> &'static str { En => "Paid" }
        fn shopper() -> &'static str { En => "Shopper" }
        fn shipped_on() -> &'static str { En => "Shipped" }
        fn carrier() -> &'static str { En => "Carrier" }
        fn tracking_number() -> &'static str { En => "Tracking number" }
        fn where_it_is() -> &'static str { En => "Where it is" }
        fn refund() -> &'static str { En => "Refund" }
        fn decided() -> &'static str { En => "Decided" }
        fn stripes_reason() -> &'static str { En => "Stripe's reason" }
        fn goes_back() -> &'static str { En => "Goes back" }
        fn order_total() -> &'static str { En => "Order total" }
        fn payment_at_stripe() -> &'static str { En => "Payment at Stripe" }
        fn status() -> &'static str { En => "Status" }
        fn money() -> &'static str { En => "Money" }
        fn amount() -> &'static str { En => "Amount" }
        fn reason() -> &'static str { En => "Reason" }
        fn at_stripe() -> &'static str { En => "At Stripe" }
        fn answer_by() -> &'static str { En => "Answer by" }
        fn reported_as() -> &'static str { En => "Reported as" }
        fn reported_on() -> &'static str { En => "Reported on" }

        /// To the shopper: the payment arrived.
        fn receipt_subject(order: i64, shop: &str) -> String {
            En => format!("Your order {order} at {shop}"),
        }
        fn receipt_heading() -> &'static str { En => "Thank you for your order" }
        fn receipt(total: Money, order: i64) -> String {
            En => format!(
                "We have received your payment of {total} for order {order}. You hear from us again when it \
                 is on its way."
            ),
        }
        /// To the shopper: the payment arrived, and the goods are gone.
        fn paid_too_late_heading() -> &'static str { En => "We have to give your money back" }
        fn paid_too_late(total: Money, order: i64) -> [String; 2] {
            En => [
                format!(
                    "Your payment of {total} for order {order} arrived after its time had run out, and \
                     what you ordered had gone to others by then."
                ),
                "We are sorry. All of it goes back to the card or account that you paid with; you \
                 do not have to do anything."
                    .to_owned(),
            ],
        }

        /// To the admin: a paid order.
        fn new_order_subject(order: i64, total: Money) -> String {
            En => format!("New order {order}: {total}"),
        }
        fn new_order_heading(order: i64) -> String { En => format!("New order {order}") }
        fn ready_to_pack() -> &'static str { En => "It is paid and ready to be packed." }
        fn new_order_paid_too_late() -> &'static str {
            En => "It was paid after its stock had gone to others, so its money goes back by itself. Do \
                   not ship it.",
        }
        fn new_order_blocked(block: ShipmentBlock) -> &'static str {
            En => match block {
                ShipmentBlock::FraudDispute => {
                    "Do not ship it: the cardholder says that they did not make this payment."
                }
                ShipmentBlock::EarlyFraudWarning => {
                    "Do not ship it: the card network reports this payment as fraudulent."
                }
                ShipmentBlock::Flag => {
                    "It is paid. Decide about it on its page before you ship it."
                }
            },
        }

        /// To the shopper: the bank did not pay.
        fn payment_failed_subject(order: i64) -> String {
            En => format!("Order {order}: your payment did not go through"),
        }
        fn payment_failed_heading() -> &'static str { En => "Your payment did not go through" }
        fn payment_failed(total: Money, order: i64) -> [String; 2] {
            En => [
                format!(
                    "Your bank did not pay the {total} for order {order}, so nothing was charged and we no longer \
                     keep these pieces for you."
                ),
                "If you still want them, put them into your cart once more and choose another card or \
                 another way to pay."
                    .to_owned(),
            ],
        }
        fn order_again() -> &'static str { En => "Order again" }

        /// To the shopper: the goods have left.
        fn shipped_subject(order: i64) -> String { En => format!("Your order {order} is on its way") }
        fn shipped_heading() -> &'static str { En => "Your order is on its way" }
        fn shipped(order: i64) -> String { En => format!("We have shipped order {order}.") }
        /// The names of digital goods.
        fn download() -> &'static str { En => "Download" }
        fn license_key() -> &'static str { En => "License key" }
        fn keys_follow() -> &'static str {
            En => "A license key is not there yet. We send it as soon as we have it; nothing more is needed from you.",
        }
        fn keys_missing_heading(order: i64) -> String {
            En => format!("Order {order} waits for license keys"),
        }
        fn keys_missing() -> &'static str {
            En => "The list of license keys is used up. Add keys under Downloads; the order gets its keys at once, and the shopper is told.",
        }
        fn keys_ready_subject(order: i64) -> String { En => format!("License keys for your order {order}") }
        fn keys_ready_heading() -> &'static str { En => "Your license keys are here" }
        fn keys_ready(order: i64) -> String {
            En => format!("Order {order} has all its license keys now."),
        }
        /// A parcel with a part of an order.
        fn parcel_subject(order: i64) -> String {
            En => format!("A parcel of your order {order} is on its way"),
        }
        fn parcel_heading() -> &'static str { En => "A parcel is on its way" }
        fn parcel_shipped(order: i64) -> String {
            En => format!("We have shipped a part of order {order}."),
        }
        fn rest_follows() -> &'static str { En => "The rest follows in another parcel." }
        /// Above the content of a parcel.
        fn in_parcel() -> &'static str { En => "In this parcel" }

        /// To the shopper, who has lost it: the link to the order.
        fn order_link_heading(order: i64) -> String { En => format!("Your order {order}") }
        fn order_link() -> &'static str {
            En => "Here is the link to your order's page. Whoever has it can see the order, so keep it to \
                   yourself.",
        }

        /// To the shopper: money went back.
        fn refunded_subject(order: i64, amount: Money) -> String {
            En => format!("Order {order}: {amount} is on its way back to you"),
        }
        fn refunded_heading(amount: Money) -> String {
            En => format!("{amount} is on its way back to you"),
        }
        fn refunded_because_late() -> &'static str {
            En => "Your payment arrived after what you ordered had gone to others. We are sorry.",
        }
        fn refunded_amount(amount: Money, order: i64) -> [String; 2] {
            En => [
                format!(
                    "We have refunded {amount} of order {order} to the card or account that you paid with."
                ),
                "Your bank usually shows it within 5 to 10 business days. If it was a card that you paid \
                 with only just now, the payment may simply vanish from your statement instead."
                    .to_owned(),
            ],
        }

        /// To the admin: a refund came to nothing.
        fn refund_failed_subject(order: i64, amount: Money) -> String {
            En => format!("Order {order}: a refund of {amount} did not go through"),
        }
        fn refund_failed_heading(amount: Money) -> String {
            En => format!("A refund of {amount} did not go through"),
        }
        fn refund_failed(status: RefundStatus, amount: Money) -> [String; 2] {
            En => [
                match status {
                    RefundStatus::Refused => {
                        format!("Stripe did not take the refund of {amount}; nothing moved.")
                    }
                    RefundStatus::Canceled => {
                        format!("The refund of {amount} was canceled; the money is with you.")
                    }
                    RefundStatus::Failed
                    | RefundStatus::Requested
                    | RefundStatus::Pending
                    | RefundStatus::RequiresAction
                    | RefundStatus::Succeeded => format!(
                        "The shopper's bank sent the refund of {amount} back; the money is with you again."
                    ),
                },
                "It can be refunded again on the order's page. If that fails once more, ask the shopper \
                 for another way to pay them back."
                    .to_owned(),
            ],
        }

        /// To the admin: money that came late goes back by itself.
        fn late_payment_subject(order: i64, amount: Money) -> String {
            En => format!("Order {order}: paid too late, {amount} goes back"),
        }
        fn late_payment_heading() -> &'static str { En => "Paid too late" }
        fn late_payment(order: i64) -> [String; 2] {
            En => [
                format!(
                    "Order {order} was paid after its stock had gone to others. Its money goes back to the \
                     shopper by itself; do not ship it."
                ),
                "There is nothing for you to do, unless you would rather write to the shopper.".to_owned(),
            ],
        }

        /// To the admin: subject and heading of an order with a flag.
        fn needs_review(order: i64) -> String { En => format!("Order {order} needs review") }

        /// To the admin: subject and heading about a dispute that waits, `is_inquiry` when the bank
        /// only asks. `deadline` is a day.
        fn dispute_subject(order: i64, event: DisputeEvent, deadline: Option<&str>) -> String {
            En => {
                let subject = format!("Order {order}: {}", english_dispute(event).1);
                match deadline {
                    Some(deadline) => format!("{subject}, answer by {deadline}"),
                    None => subject,
                }
            },
        }
        fn dispute_heading(event: DisputeEvent) -> &'static str { En => english_dispute(event).0 }
        fn dispute(event: DisputeEvent) -> &'static str { En => english_dispute(event).2 }
        fn do_not_refund_meanwhile() -> &'static str {
            En => "Do not refund it meanwhile: that would pay the shopper twice.",
        }

        /// To the admin: how a dispute ended.
        fn dispute_closed_subject(order: i64, status: DisputeStatus) -> String {
            En => format!("Order {order}: {}", english_ending(status).1),
        }
        fn dispute_closed_heading(status: DisputeStatus) -> &'static str {
            En => english_ending(status).0,
        }
        fn dispute_closed(status: DisputeStatus) -> &'static str { En => english_ending(status).2 }

        /// To the admin: the card network reports a fraud.
        fn fraud_warning_subject(order: i64, is_shipped: bool) -> String {
            En => if is_shipped {
                format!("Order {order} was probably paid with a stolen card")
            } else {
                format!("Order {order} was probably paid with a stolen card, do not ship it")
            },
        }
        fn fraud_warning_heading() -> &'static str { En => "Early fraud warning" }
        fn fraud_warning(order: i64, is_shipped: bool) -> [String; 2] {
            En => [
                format!(
                    "The card network reports the payment of order {order} as fraudulent. Nobody has \
                     disputed it yet, and no money was taken."
                ),
                if is_shipped {
                    "It is marked as shipped. Stop the parcel if you can, and refund the payment in full: \
                     that usually prevents a dispute and its fee."
                } else {
                    "Do not ship it. Refund the payment in full, unless you are sure of the shopper: that \
                     usually prevents a dispute and its fee."
                }
                .to_owned(),
            ],
        }
    }
}

/// An event about a dispute that waits for somebody.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DisputeEvent {
    /// The bank asks, and waits for an answer.
    InquiryOpened,
    /// The bank asked, and has an answer.
    InquiryAnswered,
    /// The bank asks the money back, and waits for evidence.
    Opened,
    /// The bank asks the money back, and has evidence.
    Answered,
    /// A lost dispute is appealed.
    Appealed,
}

/// Heading, the end of the subject, and what it means.
const fn english_dispute(event: DisputeEvent) -> (&'static str, &'static str, &'static str) {
    match event {
        DisputeEvent::InquiryOpened => (
            "The bank asks about a payment",
            "the bank asks about a payment",
            "The shopper's bank asks what this payment was for. No money was taken. An answer, or a \
             refund, often keeps it from becoming a dispute.",
        ),
        DisputeEvent::InquiryAnswered => (
            "The bank asked about a payment",
            "the bank asked about a payment",
            "The shopper's bank asked what this payment was for, and it has your answer. No money was \
             taken.",
        ),
        DisputeEvent::Opened => (
            "A payment is disputed",
            "a payment is disputed",
            "The shopper's bank asks this payment back. Send your evidence in the Stripe Dashboard; \
             without an answer the money is lost.",
        ),
        DisputeEvent::Answered => (
            "A payment is disputed",
            "a payment is disputed",
            "The shopper's bank asks this payment back, and it has your evidence.",
        ),
        DisputeEvent::Appealed => (
            "A dispute goes on after an appeal",
            "a dispute goes on after an appeal",
            "The decision about this dispute was appealed. Answer in the Stripe Dashboard; without an \
             answer it stays lost.",
        ),
    }
}

/// Heading, the end of the subject, and what it means.
const fn english_ending(status: DisputeStatus) -> (&'static str, &'static str, &'static str) {
    match status {
        DisputeStatus::Won => (
            "Dispute won",
            "dispute won",
            "The bank decided for you: the money is yours.",
        ),
        DisputeStatus::Lost => (
            "Dispute lost",
            "dispute lost",
            "The bank decided for the shopper: the money stays with them, and the order cannot be \
             refunded on top of it.",
        ),
        DisputeStatus::WarningClosed => (
            "Inquiry closed",
            "inquiry closed",
            "The bank's question was closed: the money is yours.",
        ),
        DisputeStatus::Prevented => (
            "Dispute prevented",
            "dispute prevented",
            "It was settled before it became a dispute: the shopper has the money back. Do not refund \
             it again.",
        ),
        DisputeStatus::Unknown
        | DisputeStatus::WarningNeedsResponse
        | DisputeStatus::WarningUnderReview
        | DisputeStatus::NeedsResponse
        | DisputeStatus::UnderReview
        | DisputeStatus::AppealNeedsResponse
        | DisputeStatus::AppealUnderReview => (
            "Dispute closed",
            "dispute closed",
            "See the Stripe Dashboard for how it ended.",
        ),
    }
}

const fn english_month(month: u8) -> &'static str {
    match month {
        1 => "January",
        2 => "February",
        3 => "March",
        4 => "April",
        5 => "May",
        6 => "June",
        7 => "July",
        8 => "August",
        9 => "September",
        10 => "October",
        11 => "November",
        _ => "December",
    }
}
