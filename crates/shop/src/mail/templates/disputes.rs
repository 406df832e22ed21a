use domain::order::{Dispute, DisputeFunds, DisputeStatus, Order};

use super::super::layout::{Fact, Page};
use super::{SkipReason, date, first_lowered, first_raised, plain};

/// The admin: the bank asks about a payment, or takes it back. It is written as the dispute is now;
/// one that went further is told by the message about that.
pub(super) fn opened(
    order: &Order,
    dispute: &Dispute,
    is_inquiry: bool,
) -> Result<Page, SkipReason> {
    let (heading, first) = match (is_inquiry, dispute.status) {
        (true, DisputeStatus::WarningNeedsResponse) => (
            "The bank asks about a payment",
            "The shopper's bank asks what this payment was for. No money was taken. An answer, or a \
             refund, often keeps it from becoming a dispute.",
        ),
        (true, DisputeStatus::WarningUnderReview) => (
            "The bank asked about a payment",
            "The shopper's bank asked what this payment was for, and it has your answer. No money was \
             taken.",
        ),
        (false, DisputeStatus::NeedsResponse) => (
            "A payment is disputed",
            "The shopper's bank asks this payment back. Send your evidence in the Stripe Dashboard; \
             without an answer the money is lost.",
        ),
        (false, DisputeStatus::UnderReview) => (
            "A payment is disputed",
            "The shopper's bank asks this payment back, and it has your evidence.",
        ),
        _ => return Err(SkipReason::Outdated),
    };
    Ok(waiting(order, dispute, heading, first))
}

/// The admin: a lost dispute is appealed.
pub(super) fn appealed(order: &Order, dispute: &Dispute) -> Result<Page, SkipReason> {
    match dispute.status {
        DisputeStatus::AppealNeedsResponse => Ok(waiting(
            order,
            dispute,
            "A dispute goes on after an appeal",
            "The decision about this dispute was appealed. Answer in the Stripe Dashboard; without an \
             answer it stays lost.",
        )),
        _ => Err(SkipReason::Outdated),
    }
}

fn waiting(order: &Order, dispute: &Dispute, heading: &str, first: &str) -> Page {
    let deadline = dispute
        .due_by
        .filter(|_| dispute.status.needs_answer())
        .map(date);
    let mut subject = format!("Order {}: {}", order.number, first_lowered(heading));
    if let Some(deadline) = &deadline {
        subject = format!("{subject}, answer by {deadline}");
    }
    let mut facts = facts_of(dispute);
    facts.push(("Status", dispute.status.label().to_owned()));
    facts.extend(deadline.map(|deadline| ("Answer by", deadline)));
    let mut paragraphs = vec![first.to_owned()];
    if dispute.blocks_refunds() {
        paragraphs.push("Do not refund it meanwhile: that would pay the shopper twice.".to_owned());
    }
    Page {
        heading: heading.to_owned(),
        paragraphs,
        facts,
        ..Page::new(subject)
    }
}

/// The admin: how it ended.
pub(super) fn closed(
    order: &Order,
    dispute: &Dispute,
    status: DisputeStatus,
) -> Result<Page, SkipReason> {
    if dispute.status != status {
        return Err(SkipReason::Outdated);
    }
    let (ending, what_it_means) = match status {
        DisputeStatus::Won => (
            "dispute won",
            "The bank decided for you: the money is yours.",
        ),
        DisputeStatus::Lost => (
            "dispute lost",
            "The bank decided for the shopper: the money stays with them, and the order cannot be \
             refunded on top of it.",
        ),
        DisputeStatus::WarningClosed => (
            "inquiry closed",
            "The bank's question was closed: the money is yours.",
        ),
        DisputeStatus::Prevented => (
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
            "dispute closed",
            "See the Stripe Dashboard for how it ended.",
        ),
    };
    let mut facts = facts_of(dispute);
    if dispute.funds != DisputeFunds::Kept {
        facts.push(("Money", dispute.funds.label().to_owned()));
    }
    Ok(Page {
        heading: first_raised(ending),
        paragraphs: vec![what_it_means.to_owned()],
        facts,
        ..Page::new(format!("Order {}: {ending}", order.number))
    })
}

/// The dispute that an e-mail is about.
pub(super) fn find<'a>(order: &'a Order, id: &str) -> Result<&'a Dispute, SkipReason> {
    let mut disputes = order.disputes.iter();
    disputes
        .find(|dispute| dispute.id == id)
        .ok_or(SkipReason::Unknown)
}

fn facts_of(dispute: &Dispute) -> Vec<Fact> {
    vec![
        ("Amount", dispute.amount.to_string()),
        ("Reason", plain(&dispute.reason)),
        ("At Stripe", dispute.id.clone()),
    ]
}
