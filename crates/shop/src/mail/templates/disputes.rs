use domain::order::{Dispute, DisputeFunds, DisputeStatus, Order};
use text::{DisputeEvent, MailText, Text};

use super::super::layout::{Fact, Page};
use super::{SkipReason, date, plain};

/// The admin: the bank asks about a payment, or takes it back. It is written as the dispute is now;
/// one that went further is told by the message about that.
pub(super) fn opened(
    text: Text,
    order: &Order,
    dispute: &Dispute,
    is_inquiry: bool,
) -> Result<Page, SkipReason> {
    let event = match (is_inquiry, dispute.status) {
        (true, DisputeStatus::WarningNeedsResponse) => DisputeEvent::InquiryOpened,
        (true, DisputeStatus::WarningUnderReview) => DisputeEvent::InquiryAnswered,
        (false, DisputeStatus::NeedsResponse) => DisputeEvent::Opened,
        (false, DisputeStatus::UnderReview) => DisputeEvent::Answered,
        _ => return Err(SkipReason::Outdated),
    };
    Ok(waiting(text, order, dispute, event))
}

/// The admin: a lost dispute is appealed.
pub(super) fn appealed(text: Text, order: &Order, dispute: &Dispute) -> Result<Page, SkipReason> {
    match dispute.status {
        DisputeStatus::AppealNeedsResponse => {
            Ok(waiting(text, order, dispute, DisputeEvent::Appealed))
        }
        _ => Err(SkipReason::Outdated),
    }
}

fn waiting(text: Text, order: &Order, dispute: &Dispute, event: DisputeEvent) -> Page {
    let status = text.dispute().status(dispute.status);
    let text = text.mail();
    let deadline = dispute
        .due_by
        .filter(|_| dispute.status.needs_answer())
        .map(|due_by| date(text, due_by));
    let subject = text.dispute_subject(order.number, event, deadline.as_deref());
    let mut facts = facts_of(text, dispute);
    facts.push((text.status(), status.to_owned()));
    facts.extend(deadline.map(|deadline| (text.answer_by(), deadline)));
    let mut paragraphs = vec![text.dispute(event).to_owned()];
    if dispute.blocks_refunds() {
        paragraphs.push(text.do_not_refund_meanwhile().to_owned());
    }
    Page {
        heading: text.dispute_heading(event).to_owned(),
        paragraphs,
        facts,
        ..Page::new(subject)
    }
}

/// The admin: how it ended.
pub(super) fn closed(
    text: Text,
    order: &Order,
    dispute: &Dispute,
    status: DisputeStatus,
) -> Result<Page, SkipReason> {
    if dispute.status != status {
        return Err(SkipReason::Outdated);
    }
    let funds = text.dispute().funds(dispute.funds);
    let text = text.mail();
    let mut facts = facts_of(text, dispute);
    if dispute.funds != DisputeFunds::Kept {
        facts.push((text.money(), funds.to_owned()));
    }
    Ok(Page {
        heading: text.dispute_closed_heading(status).to_owned(),
        paragraphs: vec![text.dispute_closed(status).to_owned()],
        facts,
        ..Page::new(text.dispute_closed_subject(order.number, status))
    })
}

/// The dispute that an e-mail is about.
pub(super) fn find<'a>(order: &'a Order, id: &str) -> Result<&'a Dispute, SkipReason> {
    let mut disputes = order.disputes.iter();
    disputes
        .find(|dispute| dispute.id == id)
        .ok_or(SkipReason::Unknown)
}

fn facts_of(text: MailText, dispute: &Dispute) -> Vec<Fact> {
    vec![
        (text.amount(), dispute.amount.to_string()),
        (text.reason(), plain(&dispute.reason)),
        (text.at_stripe(), dispute.id.clone()),
    ]
}
