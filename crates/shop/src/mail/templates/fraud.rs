use domain::order::Order;

use super::super::layout::Page;
use super::{SkipReason, date, plain};

/// The admin: the card network reports a payment as fraudulent.
pub(super) fn warning(order: &Order, id: &str) -> Result<Page, SkipReason> {
    let mut warnings = order.early_fraud_warnings.iter();
    let warning = warnings
        .find(|warning| warning.id == id)
        .ok_or(SkipReason::Unknown)?;
    if order.open_fraud_warning().is_none() || !warning.is_actionable {
        return Err(SkipReason::Outdated);
    }
    let (what_to_do, subject) = if order.shipment.is_some() {
        (
            "It is marked as shipped. Stop the parcel if you can, and refund the payment in full: \
             that usually prevents a dispute and its fee.",
            "was probably paid with a stolen card",
        )
    } else {
        (
            "Do not ship it. Refund the payment in full, unless you are sure of the shopper: that \
             usually prevents a dispute and its fee.",
            "was probably paid with a stolen card, do not ship it",
        )
    };
    let mut facts = vec![
        ("Amount", order.captured().to_string()),
        ("Reported as", plain(&warning.fraud_type)),
        ("Reported on", date(warning.created_at)),
        ("At Stripe", warning.id.clone()),
    ];
    facts.extend(order.email.clone().map(|email| ("Shopper", email)));
    Ok(Page {
        heading: "Early fraud warning".to_owned(),
        paragraphs: vec![
            format!(
                "The card network reports the payment of order {} as fraudulent. Nobody has \
                 disputed it yet, and no money was taken.",
                order.number
            ),
            what_to_do.to_owned(),
        ],
        facts,
        ..Page::new(format!("Order {} {subject}", order.number))
    })
}
