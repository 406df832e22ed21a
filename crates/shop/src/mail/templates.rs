use std::fmt;

use domain::money::Money;
use domain::order::{
    Notification, Order, OrderStatus, Refund, RefundSource, RefundStatus, ShipmentBlock,
};
use store::outbox::OutboxMessage;
use time::OffsetDateTime;
use time::macros::format_description;

use super::layout::{self, Content, Fact, Page};

/// What is said about payments that a bank asks back.
mod disputes;
/// What is said about payments that are reported as fraudulent.
mod fraud;

/// The shop that an e-mail comes from.
#[derive(Clone, Copy, Debug)]
pub struct Site<'a> {
    /// The origin that shoppers see, without a slash at its end.
    pub url: &'a str,
    /// The shop's name.
    pub name: &'a str,
    /// Whether it takes real money.
    pub is_live: bool,
}

/// The recipient of an e-mail.
#[derive(Clone, PartialEq, Eq)]
pub enum Recipient {
    /// Who bought, at this address.
    Shopper(String),
    /// Who runs the shop, at the shop's own address.
    Admin,
}

/// The reason why an e-mail is not sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SkipReason {
    /// It is for the shopper, whose address is not known (yet).
    #[error("the shopper's address is not known")]
    NoAddress,
    /// What it would tell is no longer so: a refund failed before anybody was told that it is on
    /// its way, or a payment arrived after all.
    #[error("what it would tell is no longer so")]
    Outdated,
    /// A newer version of the shop wrote it down, or what it is about is not there.
    #[error("what it is about is not known")]
    Unknown,
}

/// Writes an e-mail, with the order as it is now.
///
/// # Errors
/// When nothing should be sent: now, or ever.
pub fn render(
    message: &OutboxMessage,
    order: &Order,
    site: &Site<'_>,
) -> Result<Content, SkipReason> {
    let notification =
        Notification::parse(&message.kind, &message.subject).ok_or(SkipReason::Unknown)?;
    let mut page = match &notification {
        Notification::Receipt => receipt(order, site),
        Notification::NewOrder => new_order(order),
        Notification::PaymentFailed => payment_failed(order, site)?,
        Notification::Shipped => shipped(order)?,
        Notification::OrderLink { .. } => order_link(order, site),
        Notification::Refunded(id) => refunded(order, refund(order, |refund| refund.id == *id)?)?,
        Notification::RefundFailed(id) => {
            refund_failed(order, refund(order, |refund| refund.id == *id)?)?
        }
        Notification::LatePayment => late_payment(order),
        Notification::NeedsReview => needs_review(order)?,
        Notification::EarlyFraudWarning { id } => fraud::warning(order, id)?,
        Notification::DisputeOpened { id, is_inquiry } => {
            disputes::opened(order, disputes::find(order, id)?, *is_inquiry)?
        }
        Notification::DisputeAppealed { id } => {
            disputes::appealed(order, disputes::find(order, id)?)?
        }
        Notification::DisputeClosed { id, status, .. } => {
            disputes::closed(order, disputes::find(order, id)?, *status)?
        }
    };
    let to = if notification.is_for_shopper() {
        Recipient::Shopper(order.email.clone().ok_or(SkipReason::NoAddress)?)
    } else {
        Recipient::Admin
    };
    if site.is_live && order.is_test() {
        page.mark_as_test();
    }
    Ok(layout::lay_out(to, &page, order, site))
}

fn receipt(order: &Order, site: &Site<'_>) -> Page {
    let number = order.number;
    let subject = format!("Your order {number} at {}", site.name);
    // The goods of a payment that came late may be gone, which is known before its receipt leaves.
    if goes_back_by_itself(order) {
        return Page {
            heading: "We have to give your money back".to_owned(),
            paragraphs: vec![
                format!(
                    "Your payment of {} for order {number} arrived after its time had run out, and \
                     what you ordered had gone to others by then.",
                    order.total
                ),
                "We are sorry. All of it goes back to the card or account that you paid with; you \
                 do not have to do anything."
                    .to_owned(),
            ],
            ..Page::new(subject)
        };
    }
    Page {
        heading: "Thank you for your order".to_owned(),
        paragraphs: vec![format!(
            "We have received your payment of {} for order {number}. You hear from us again when it \
             is on its way.",
            order.total
        )],
        facts: paid_on(order),
        ..Page::new(subject)
    }
}

fn new_order(order: &Order) -> Page {
    let what_to_do = match order.shipment_block() {
        _ if goes_back_by_itself(order) => {
            "It was paid after its stock had gone to others, so its money goes back by itself. Do \
             not ship it."
        }
        Some(ShipmentBlock::FraudDispute) => {
            "Do not ship it: the cardholder says that they did not make this payment."
        }
        Some(ShipmentBlock::EarlyFraudWarning) => {
            "Do not ship it: the card network reports this payment as fraudulent."
        }
        Some(ShipmentBlock::Flag) => "It is paid. Decide about it on its page before you ship it.",
        None => "It is paid and ready to be packed.",
    };
    let mut facts = paid_on(order);
    facts.extend(order.email.clone().map(|email| ("Shopper", email)));
    Page {
        heading: format!("New order {}", order.number),
        paragraphs: vec![what_to_do.to_owned()],
        facts,
        ..Page::new(format!("New order {}: {}", order.number, order.total))
    }
}

fn payment_failed(order: &Order, site: &Site<'_>) -> Result<Page, SkipReason> {
    if order.status != OrderStatus::Failed {
        return Err(SkipReason::Outdated);
    }
    Ok(Page {
        heading: "Your payment did not go through".to_owned(),
        paragraphs: vec![
            format!(
                "Your bank did not pay the {} for order {}, so nothing was charged and we no longer \
                 keep these pieces for you.",
                order.total, order.number
            ),
            "If you still want them, put them into your cart once more and choose another card or \
             another way to pay."
                .to_owned(),
        ],
        link: Some(("Order again", format!("{}/products", site.url))),
        ..Page::new(format!(
            "Order {}: your payment did not go through",
            order.number
        ))
    })
}

fn shipped(order: &Order) -> Result<Page, SkipReason> {
    let shipment = order.shipment.as_ref().ok_or(SkipReason::Outdated)?;
    let mut facts = vec![("Shipped", date(shipment.shipped_at))];
    facts.extend(shipment.carrier.clone().map(|carrier| ("Carrier", carrier)));
    facts.extend(
        shipment
            .tracking_number
            .clone()
            .map(|number| ("Tracking number", number)),
    );
    facts.extend(shipment.tracking_url().map(|url| ("Where it is", url)));
    Ok(Page {
        heading: "Your order is on its way".to_owned(),
        paragraphs: vec![format!("We have shipped order {}.", order.number)],
        facts,
        ..Page::new(format!("Your order {} is on its way", order.number))
    })
}

fn order_link(order: &Order, site: &Site<'_>) -> Page {
    let mut facts = vec![("Status", order.status.label().to_owned())];
    facts.extend(paid_on(order));
    Page {
        heading: format!("Your order {}", order.number),
        paragraphs: vec![
            "Here is the link to your order's page. Whoever has it can see the order, so keep it to \
             yourself."
                .to_owned(),
        ],
        facts,
        ..Page::new(format!("Your order {} at {}", order.number, site.name))
    }
}

fn refunded(order: &Order, refund: &Refund) -> Result<Page, SkipReason> {
    if refund.status != RefundStatus::Succeeded {
        return Err(SkipReason::Outdated);
    }
    let Refund { amount, .. } = refund;
    let mut paragraphs = vec![
        format!(
            "We have refunded {amount} of order {} to the card or account that you paid with.",
            order.number
        ),
        "Your bank usually shows it within 5 to 10 business days. If it was a card that you paid \
         with only just now, the payment may simply vanish from your statement instead."
            .to_owned(),
    ];
    if refund.source == RefundSource::Automatic {
        paragraphs.insert(
            0,
            "Your payment arrived after what you ordered had gone to others. We are sorry."
                .to_owned(),
        );
    }
    Ok(Page {
        heading: format!("{amount} is on its way back to you"),
        paragraphs,
        facts: vec![("Refund", amount.to_string())],
        ..Page::new(format!(
            "Order {}: {amount} is on its way back to you",
            order.number
        ))
    })
}

fn refund_failed(order: &Order, refund: &Refund) -> Result<Page, SkipReason> {
    if refund.status.takes_money() {
        return Err(SkipReason::Outdated);
    }
    let Refund { amount, .. } = refund;
    let what_happened = match refund.status {
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
        | RefundStatus::Succeeded => {
            format!(
                "The shopper's bank sent the refund of {amount} back; the money is with you again."
            )
        }
    };
    let mut facts = vec![
        ("Refund", amount.to_string()),
        ("Decided", refund.source.label().to_owned()),
    ];
    facts.extend(
        refund
            .failure
            .as_deref()
            .map(|why| ("Stripe's reason", plain(why))),
    );
    facts.extend(order.email.clone().map(|email| ("Shopper", email)));
    Ok(Page {
        heading: format!("A refund of {amount} did not go through"),
        paragraphs: vec![
            what_happened,
            "It can be refunded again on the order's page. If that fails once more, ask the shopper \
             for another way to pay them back."
                .to_owned(),
        ],
        facts,
        ..Page::new(format!(
            "Order {}: a refund of {amount} did not go through",
            order.number
        ))
    })
}

fn late_payment(order: &Order) -> Page {
    let refund = order
        .refunds
        .iter()
        .find(|refund| refund.source == RefundSource::Automatic);
    let amount = refund.map_or(order.total, |refund| refund.amount);
    let mut facts = vec![("Goes back", amount.to_string())];
    facts.extend(refund.map(|refund| ("Refund", refund.status.label().to_owned())));
    facts.extend(order.email.clone().map(|email| ("Shopper", email)));
    Page {
        heading: "Paid too late".to_owned(),
        paragraphs: vec![
            format!(
                "Order {} was paid after its stock had gone to others. Its money goes back to the \
                 shopper by itself; do not ship it.",
                order.number
            ),
            "There is nothing for you to do, unless you would rather write to the shopper."
                .to_owned(),
        ],
        facts,
        ..Page::new(format!(
            "Order {}: paid too late, {amount} goes back",
            order.number
        ))
    }
}

fn needs_review(order: &Order) -> Result<Page, SkipReason> {
    let flag = order.flag.ok_or(SkipReason::Outdated)?;
    let mut facts = vec![("Order total", order.total.to_string())];
    if let Some(payment) = order.main_payment() {
        let captured = payment.captured.map(|captured| captured.to_string());
        facts.extend(captured.map(|captured| ("Paid", captured)));
        let names = [&payment.payment_reference, &payment.reference];
        let name = names.into_iter().flatten().next();
        facts.extend(name.map(|name| ("Payment at Stripe", name.clone())));
    }
    Ok(Page {
        heading: format!("Order {} needs review", order.number),
        paragraphs: vec![flag.label().to_owned()],
        facts,
        ..Page::new(format!("Order {} needs review", order.number))
    })
}

fn paid_on(order: &Order) -> Vec<Fact> {
    order
        .paid_at
        .map(|paid_at| ("Paid", date(paid_at)))
        .into_iter()
        .collect()
}

fn refund(order: &Order, is_it: impl Fn(&Refund) -> bool) -> Result<&Refund, SkipReason> {
    let mut refunds = order.refunds.iter();
    refunds
        .find(|refund| is_it(refund))
        .ok_or(SkipReason::Unknown)
}

fn goes_back_by_itself(order: &Order) -> bool {
    let mut refunds = order.refunds.iter();
    refunds.any(|refund| refund.source == RefundSource::Automatic)
}

/// What was given back for good; none when nothing was.
pub(super) fn given_back(order: &Order) -> Option<Money> {
    Some(order.refunded()).filter(|refunded| refunded.amount() > 0)
}

/// Stripe's words for programs, for people: `fraudulent`, `product not received`.
fn plain(code: &str) -> String {
    code.replace('_', " ")
}

/// A day as people write it. Deadlines are moments; their day in UTC is the last that is safe
/// everywhere but in the far west, where it is a few hours early.
fn date(seconds: i64) -> String {
    let format = format_description!("[day padding:none] [month repr:long] [year]");
    OffsetDateTime::from_unix_timestamp(seconds)
        .ok()
        .and_then(|time| time.format(format).ok())
        .unwrap_or_default()
}

fn first_lowered(text: &str) -> String {
    with_first(text, char::to_ascii_lowercase)
}

fn first_raised(text: &str) -> String {
    with_first(text, char::to_ascii_uppercase)
}

fn with_first(text: &str, change: impl Fn(&char) -> char) -> String {
    let mut chars = text.chars();
    let first = chars.next().map(|first| change(&first));
    first.into_iter().chain(chars).collect()
}

impl fmt::Debug for Recipient {
    // An address has no business in a log.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Shopper(_) => "Shopper",
            Self::Admin => "Admin",
        })
    }
}
