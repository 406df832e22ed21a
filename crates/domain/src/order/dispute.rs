use crate::money::Money;

/// A payment that the cardholder's bank asks about (an inquiry) or takes back (a chargeback), as
/// Stripe tells it.
///
/// Source: <https://docs.stripe.com/disputes>
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Dispute {
    /// Its id at Stripe (`du_…`).
    pub id: String,
    /// The disputed amount.
    pub amount: Money,
    /// Its status.
    pub status: DisputeStatus,
    /// The reason, as Stripe names it, such as `fraudulent`.
    pub reason: String,
    /// Until when the admin has to answer, in Unix seconds, if there is a deadline.
    pub due_by: Option<i64>,
    /// The place of the disputed money.
    pub funds: DisputeFunds,
    /// True if Stripe still takes a refund of the charge.
    pub is_charge_refundable: bool,
    /// True if it was lost once and the decision was appealed.
    pub is_appealed: bool,
    /// Time it was opened, in Unix seconds.
    pub opened_at: i64,
    /// Time Stripe told this, in Unix seconds.
    pub told_at: i64,
}

/// The status of a dispute. The order is the one in which a dispute goes through them; an appeal
/// may end as lost again.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum DisputeStatus {
    /// A status that this version of the shop does not know.
    Unknown,
    /// An inquiry waits for the admin.
    WarningNeedsResponse,
    /// An inquiry waits for the bank.
    WarningUnderReview,
    /// An inquiry came to nothing.
    WarningClosed,
    /// It was settled before it became one.
    Prevented,
    /// It waits for the admin.
    NeedsResponse,
    /// It waits for the bank.
    UnderReview,
    /// The bank took the money.
    Lost,
    /// It was lost, and an appeal waits for the admin.
    AppealNeedsResponse,
    /// It was lost, and an appeal waits for the bank.
    AppealUnderReview,
    /// The money is the shop's.
    Won,
}

/// The place of the disputed money. It goes only forward.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum DisputeFunds {
    /// It is still with the shop.
    Kept,
    /// The bank has it.
    Withdrawn,
    /// It came back.
    Reinstated,
}

impl Dispute {
    /// Puts together what two events say. Of two, the later one counts, and within a second the
    /// further one, so that the order in which they arrive does not matter.
    pub fn merge(&mut self, reported: &Self) {
        let funds = self.funds.max(reported.funds);
        let opened_at = self.opened_at.min(reported.opened_at);
        let is_appealed = self.is_appealed || reported.is_appealed;
        if reported.key() > self.key() {
            *self = reported.clone();
        }
        self.funds = funds;
        self.opened_at = opened_at;
        self.is_appealed = is_appealed;
    }

    /// True if the cardholder says that somebody else paid, and the bank has not decided for the
    /// shop.
    pub fn is_fraud(&self) -> bool {
        let is_cleared = matches!(
            self.status,
            DisputeStatus::Won | DisputeStatus::WarningClosed
        );
        self.reason == "fraudulent" && !is_cleared
    }

    /// True if its charge cannot be refunded: the bank has the money, decides about it, or has
    /// given it back to the shopper already.
    pub const fn blocks_refunds(&self) -> bool {
        if !self.is_charge_refundable && !matches!(self.status, DisputeStatus::Won) {
            return true;
        }
        match self.status {
            DisputeStatus::NeedsResponse
            | DisputeStatus::UnderReview
            | DisputeStatus::Lost
            | DisputeStatus::Prevented
            | DisputeStatus::AppealNeedsResponse
            | DisputeStatus::AppealUnderReview => true,
            DisputeStatus::Unknown
            | DisputeStatus::WarningNeedsResponse
            | DisputeStatus::WarningUnderReview
            | DisputeStatus::WarningClosed
            | DisputeStatus::Won => false,
        }
    }

    fn key(&self) -> (i64, DisputeStatus, Option<i64>, i64, bool, &str) {
        // What comes after the status only makes the choice between contradicting events the same
        // every time.
        (
            self.told_at,
            self.status,
            self.due_by,
            self.amount.amount(),
            !self.is_charge_refundable,
            &self.reason,
        )
    }
}

impl DisputeStatus {
    /// Every status, in the order in which a dispute goes through them.
    pub const ALL: [Self; 11] = [
        Self::Unknown,
        Self::WarningNeedsResponse,
        Self::WarningUnderReview,
        Self::WarningClosed,
        Self::Prevented,
        Self::NeedsResponse,
        Self::UnderReview,
        Self::Lost,
        Self::AppealNeedsResponse,
        Self::AppealUnderReview,
        Self::Won,
    ];

    /// As Stripe and the database write it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Unknown => "unknown",
            Self::WarningNeedsResponse => "warning_needs_response",
            Self::WarningUnderReview => "warning_under_review",
            Self::WarningClosed => "warning_closed",
            Self::Prevented => "prevented",
            Self::NeedsResponse => "needs_response",
            Self::UnderReview => "under_review",
            Self::Lost => "lost",
            Self::AppealNeedsResponse => "appeal_needs_response",
            Self::AppealUnderReview => "appeal_under_review",
            Self::Won => "won",
        }
    }

    /// Reads what Stripe or [`DisputeStatus::as_str`] wrote; what is not known becomes
    /// [`DisputeStatus::Unknown`].
    pub fn parse(text: &str) -> Self {
        Self::ALL
            .into_iter()
            .find(|status| status.as_str() == text)
            .unwrap_or(Self::Unknown)
    }

    /// True if the admin has to answer.
    pub const fn needs_answer(self) -> bool {
        matches!(
            self,
            Self::WarningNeedsResponse | Self::NeedsResponse | Self::AppealNeedsResponse
        )
    }

    /// True if it is about a question, and not about the money.
    pub const fn is_inquiry(self) -> bool {
        matches!(
            self,
            Self::WarningNeedsResponse | Self::WarningUnderReview | Self::WarningClosed
        )
    }

    /// True if it was lost and the decision is appealed.
    pub const fn is_appeal(self) -> bool {
        matches!(self, Self::AppealNeedsResponse | Self::AppealUnderReview)
    }

    /// True if it has ended, unless an appeal follows.
    pub const fn is_closed(self) -> bool {
        matches!(
            self,
            Self::WarningClosed | Self::Prevented | Self::Lost | Self::Won
        )
    }
}

impl DisputeFunds {
    /// As the database writes it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Kept => "kept",
            Self::Withdrawn => "withdrawn",
            Self::Reinstated => "reinstated",
        }
    }

    /// Reads what [`DisputeFunds::as_str`] wrote.
    pub fn parse(text: &str) -> Option<Self> {
        [Self::Kept, Self::Withdrawn, Self::Reinstated]
            .into_iter()
            .find(|funds| funds.as_str() == text)
    }
}
