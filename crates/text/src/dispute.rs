use domain::order::{DisputeFunds, DisputeStatus};

messages! {
    /// Disputes and early fraud warnings, as the admin sees them.
    DisputeText {
        fn disputes() -> &'static str { En => "Disputes" }
        fn amount() -> &'static str { En => "Amount" }
        fn reason() -> &'static str { En => "Reason" }
        fn status_name() -> &'static str { En => "Status" }
        fn money() -> &'static str { En => "Money" }
        fn opened() -> &'static str { En => "Opened" }
        fn id() -> &'static str { En => "Dispute" }

        fn status(status: DisputeStatus) -> &'static str {
            En => match status {
                DisputeStatus::Unknown => "See Stripe",
                DisputeStatus::WarningNeedsResponse => "Inquiry: needs an answer",
                DisputeStatus::WarningUnderReview => "Inquiry: the bank is looking at it",
                DisputeStatus::WarningClosed => "Inquiry closed",
                DisputeStatus::Prevented => "Prevented",
                DisputeStatus::NeedsResponse => "Needs an answer",
                DisputeStatus::UnderReview => "The bank is looking at it",
                DisputeStatus::Lost => "Lost",
                DisputeStatus::AppealNeedsResponse => "Appeal: needs an answer",
                DisputeStatus::AppealUnderReview => "Appeal: the bank is looking at it",
                DisputeStatus::Won => "Won",
            },
        }
        fn funds(funds: DisputeFunds) -> &'static str {
            En => match funds {
                DisputeFunds::Kept => "Not taken",
                DisputeFunds::Withdrawn => "Taken by the bank",
                DisputeFunds::Reinstated => "Given back to you",
            },
        }

        /// Before and after the deadline.
        fn answer_by() -> [&'static str; 2] { En => ["Answer by ", "."] }
        fn needs_answer() -> &'static str { En => "This needs your answer." }
        /// Between the deadline and the link to Stripe.
        fn inquiry_explained() -> &'static str {
            En => " The bank asks, and has taken no money. Without an answer the inquiry closes by itself, or becomes a dispute that takes the money. ",
        }
        fn dispute_explained() -> &'static str {
            En => " Without an answer the bank decides against you. ",
        }
        fn answer_in_dashboard() -> &'static str { En => "Answer in the Stripe Dashboard" }

        fn early_fraud_warning() -> &'static str { En => "Early fraud warning" }
        /// After "Do not ship."
        fn fraud_explained() -> &'static str {
            En => " The card network reports this payment as fraudulent. Nobody has disputed it yet: a full refund now usually prevents a dispute and its fee.",
        }
        fn reported_as() -> &'static str { En => "Reported as" }
        fn state() -> &'static str { En => "State" }
        fn reported() -> &'static str { En => "Reported" }
        fn warning() -> &'static str { En => "Warning" }
        fn refund_can_prevent() -> &'static str { En => "A refund can prevent a dispute" }
        fn refunded_or_disputed() -> &'static str { En => "Refunded or disputed" }
    }
}
