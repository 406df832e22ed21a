use domain::order::Notification;

messages! {
    /// E-mails that have not left, as the admin sees them.
    OutboxText {
        fn none() -> &'static str {
            En => "Every e-mail was sent. One that waits or failed appears here.",
        }
        fn none_on_page() -> &'static str { En => "There are no e-mails on this page." }
        fn to() -> &'static str { En => "To" }
        fn why_it_waits() -> &'static str { En => "Why it waits" }
        fn written() -> &'static str { En => "Written" }
        fn next_attempt() -> &'static str { En => "Next attempt" }
        fn send() -> &'static str { En => "Send" }

        fn you() -> &'static str { En => "You" }
        fn unknown_address() -> &'static str {
            En => "The shopper, whose address is not known",
        }
        /// `reason` is a clause without a full stop, as [`OutboxText::no_address`].
        fn tried(reason: &str, attempts: i64) -> String {
            En => format!("{}. Tried {attempts} times.", capitalized(reason)),
        }
        fn not_tried() -> &'static str { En => "Not tried yet." }
        fn being_sent() -> &'static str { En => "On its way." }
        fn send_again() -> &'static str { En => "Send again" }
        fn send_again_what(title: &str, order: i64) -> String {
            En => format!("Send again: {title}, order {order}"),
        }

        fn sending() -> &'static str {
            En => "It is sent now. An e-mail that was sent is no longer in this list.",
        }
        fn stale_form() -> &'static str {
            En => "Nothing was sent: the form was from before you signed in. Send it again.",
        }
        fn already_sent() -> &'static str { En => "That e-mail was sent already, or is being sent." }

        fn title(notification: &Notification) -> &'static str {
            En => match notification {
                Notification::Receipt => "Receipt",
                Notification::NewOrder => "New order",
                Notification::PaymentFailed => "Payment failed",
                Notification::Shipped(_) => "Shipped",
                Notification::KeysMissing => "License keys are missing",
                Notification::KeysReady => "License keys",
                Notification::OrderLink { .. } => "Link to the order",
                Notification::Refunded(_) => "Refund",
                Notification::RefundFailed(_) => "Refund failed",
                Notification::LatePayment => "Late payment",
                Notification::NeedsReview => "Order needs review",
                Notification::EarlyFraudWarning { .. } => "Early fraud warning",
                Notification::DisputeOpened { .. } => "Dispute opened",
                Notification::DisputeAppealed { .. } => "Dispute appealed",
                Notification::DisputeClosed { .. } => "Dispute closed",
            },
        }
        /// The e-mails of one order.
        fn sent() -> &'static str { En => "Sent" }
        fn not_sent() -> &'static str { En => "Not sent yet" }
        fn sent_again() -> &'static str { En => "It is sent again." }
        fn not_sent_again() -> &'static str {
            En => "Nothing was sent: the e-mail has not left yet, or what it tells is no longer so.",
        }
        fn too_many_today() -> &'static str {
            En => "Nothing was sent: this order has had too many e-mails today. Try again tomorrow.",
        }
        fn newer_version() -> &'static str { En => "E-mail of a newer version" }
    }
}

fn capitalized(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| {
        first.to_uppercase().chain(letters).collect()
    })
}
