use domain::order::Order;
use text::MailText;

use super::super::layout::Page;
use super::{SkipReason, date, plain};

/// The admin: the card network reports a payment as fraudulent.
pub(super) fn warning(text: MailText, order: &Order, id: &str) -> Result<Page, SkipReason> {
    let mut warnings = order.early_fraud_warnings.iter();
    let warning = warnings
        .find(|warning| warning.id == id)
        .ok_or(SkipReason::Unknown)?;
    if order.open_fraud_warning().is_none() || !warning.is_actionable {
        return Err(SkipReason::Outdated);
    }
    let is_shipped = !order.parcels.is_empty();
    let mut facts = vec![
        (text.amount(), order.captured().to_string()),
        (text.reported_as(), plain(&warning.fraud_type)),
        (text.reported_on(), date(text, warning.created_at)),
        (text.at_stripe(), warning.id.clone()),
    ];
    facts.extend(order.email.clone().map(|email| (text.shopper(), email)));
    Ok(Page {
        heading: text.fraud_warning_heading().to_owned(),
        paragraphs: text.fraud_warning(order.number, is_shipped).into(),
        facts,
        ..Page::new(text.fraud_warning_subject(order.number, is_shipped))
    })
}
