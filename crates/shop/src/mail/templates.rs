use std::fmt;

use domain::id::ParcelId;
use domain::money::Money;
use domain::order::{Notification, Order, OrderStatus, Refund, RefundSource, RefundStatus};
use store::outbox::OutboxMessage;
use text::{Language, MailText, Text};
use time::OffsetDateTime;

use crate::digital::Delivery;

use super::layout::{self, Content, Fact, Page};

/// Templates about payments that a bank asks back.
mod disputes;
/// Templates about payments that are reported as fraudulent.
mod fraud;

/// The shop that an e-mail comes from.
#[derive(Clone, Copy, Debug)]
pub struct Site<'a> {
    /// The origin that shoppers see, without a slash at its end.
    pub url: &'a str,
    /// The shop's name.
    pub name: &'a str,
    /// True if it takes real money.
    pub is_live: bool,
    /// The digital goods of the order that an e-mail is about, if it may name them.
    pub delivery: Option<&'a Delivery>,
}

/// The recipient of an e-mail.
#[derive(Clone, PartialEq, Eq)]
pub enum Recipient {
    /// The shopper, at this address.
    Shopper(String),
    /// The admin, at the shop's own address.
    Admin,
}

/// The reason why an e-mail is not sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SkipReason {
    /// It is for the shopper, whose address is not known (yet).
    #[error("the shopper's address is not known")]
    NoAddress,
    /// The news is no longer so: a refund failed before anybody was told that it is on its way, or
    /// a payment arrived after all.
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
    let text = Text::new(language(&notification, order));
    let mut page = match &notification {
        Notification::Receipt => receipt(text.mail(), order, site),
        Notification::NewOrder => new_order(text.mail(), order),
        Notification::PaymentFailed => payment_failed(text.mail(), order, site)?,
        Notification::Shipped(id) => shipped(text.mail(), order, id)?,
        Notification::KeysMissing => keys_missing(text.mail(), order),
        Notification::KeysReady => keys_ready(text.mail(), order, site)?,
        Notification::OrderLink { .. } => order_link(text, order, site),
        Notification::Refunded(id) => refunded(
            text.mail(),
            order,
            refund(order, |refund| refund.id == *id)?,
        )?,
        Notification::RefundFailed(id) => {
            refund_failed(text, order, refund(order, |refund| refund.id == *id)?)?
        }
        Notification::LatePayment => late_payment(text, order),
        Notification::NeedsReview => needs_review(text, order)?,
        Notification::EarlyFraudWarning { id } => fraud::warning(text.mail(), order, id)?,
        Notification::DisputeOpened { id, is_inquiry } => {
            disputes::opened(text, order, disputes::find(order, id)?, *is_inquiry)?
        }
        Notification::DisputeAppealed { id } => {
            disputes::appealed(text, order, disputes::find(order, id)?)?
        }
        Notification::DisputeClosed { id, status, .. } => {
            disputes::closed(text, order, disputes::find(order, id)?, *status)?
        }
    };
    let to = if notification.is_for_shopper() {
        Recipient::Shopper(order.email.clone().ok_or(SkipReason::NoAddress)?)
    } else {
        Recipient::Admin
    };
    if site.is_live && order.is_test() {
        page.mark_as_test(text.mail());
    }
    Ok(layout::lay_out(text, to, &page, order, site))
}

/// The language of an e-mail. An order does not say which its shopper reads; there is one yet.
fn language(_: &Notification, _: &Order) -> Language {
    Language::default()
}

fn receipt(text: MailText, order: &Order, site: &Site<'_>) -> Page {
    let number = order.number;
    let subject = text.receipt_subject(number, site.name);
    // The goods of a payment that came late may be gone, which is known before its receipt leaves.
    if goes_back_by_itself(order) {
        return Page {
            heading: text.paid_too_late_heading().to_owned(),
            paragraphs: text.paid_too_late(order.total, number).into(),
            ..Page::new(subject)
        };
    }
    let mut paragraphs = vec![text.receipt(order.total, number)];
    if site
        .delivery
        .is_some_and(|delivery| delivery.missing_keys > 0)
    {
        paragraphs.push(text.keys_follow().to_owned());
    }
    let mut facts = paid_on(text, order);
    facts.extend(digital_goods(text, site));
    Page {
        heading: text.receipt_heading().to_owned(),
        paragraphs,
        facts,
        ..Page::new(subject)
    }
}

fn new_order(text: MailText, order: &Order) -> Page {
    let what_to_do = match order.shipment_block() {
        _ if goes_back_by_itself(order) => text.new_order_paid_too_late(),
        Some(block) => text.new_order_blocked(block),
        None => text.ready_to_pack(),
    };
    let mut facts = paid_on(text, order);
    facts.extend(order.email.clone().map(|email| (text.shopper(), email)));
    Page {
        heading: text.new_order_heading(order.number),
        paragraphs: vec![what_to_do.to_owned()],
        facts,
        ..Page::new(text.new_order_subject(order.number, order.total))
    }
}

fn payment_failed(text: MailText, order: &Order, site: &Site<'_>) -> Result<Page, SkipReason> {
    if order.status != OrderStatus::Failed {
        return Err(SkipReason::Outdated);
    }
    Ok(Page {
        heading: text.payment_failed_heading().to_owned(),
        paragraphs: text.payment_failed(order.total, order.number).into(),
        link: Some((text.order_again(), format!("{}/products", site.url))),
        ..Page::new(text.payment_failed_subject(order.number))
    })
}

fn shipped(text: MailText, order: &Order, id: &ParcelId) -> Result<Page, SkipReason> {
    let parcel = order.parcel(id).ok_or(SkipReason::Outdated)?;
    let mut facts = vec![(text.shipped_on(), date(text, parcel.shipped_at))];
    let carrier = parcel.carrier.clone();
    facts.extend(carrier.map(|carrier| (text.carrier(), carrier)));
    let tracking_number = parcel.tracking_number.clone();
    facts.extend(tracking_number.map(|number| (text.tracking_number(), number)));
    facts.extend(parcel.tracking_url().map(|url| (text.where_it_is(), url)));
    let is_whole = order.parcels.len() == 1 && order.left_to_ship().is_empty();
    let mut paragraphs = vec![if is_whole {
        text.shipped(order.number)
    } else {
        text.parcel_shipped(order.number)
    }];
    if !order.left_to_ship().is_empty() {
        paragraphs.push(text.rest_follows().to_owned());
    }
    let (heading, subject) = if is_whole {
        (text.shipped_heading(), text.shipped_subject(order.number))
    } else {
        (text.parcel_heading(), text.parcel_subject(order.number))
    };
    Ok(Page {
        heading: heading.to_owned(),
        paragraphs,
        facts,
        parcel: Some(parcel.clone()),
        ..Page::new(subject)
    })
}

/// The files and keys of an order. Links in an e-mail end after a week; the order's page has others.
fn digital_goods(text: MailText, site: &Site<'_>) -> Vec<Fact> {
    let Some(delivery) = site.delivery else {
        return Vec::new();
    };
    let files = delivery.files.iter().filter_map(|file| {
        let link = file.link.as_ref()?;
        Some((
            text.download(),
            format!("{}: {}{link}", file.name, site.url),
        ))
    });
    let keys = delivery.keys.iter();
    let keys = keys.map(|(title, key)| (text.license_key(), format!("{title}: {key}")));
    files.chain(keys).collect()
}

fn keys_missing(text: MailText, order: &Order) -> Page {
    Page {
        heading: text.keys_missing_heading(order.number),
        paragraphs: vec![text.keys_missing().to_owned()],
        ..Page::new(text.keys_missing_heading(order.number))
    }
}

fn keys_ready(text: MailText, order: &Order, site: &Site<'_>) -> Result<Page, SkipReason> {
    let facts = digital_goods(text, site);
    if facts.is_empty() {
        return Err(SkipReason::Outdated);
    }
    Ok(Page {
        heading: text.keys_ready_heading().to_owned(),
        paragraphs: vec![text.keys_ready(order.number)],
        facts,
        ..Page::new(text.keys_ready_subject(order.number))
    })
}

fn order_link(text: Text, order: &Order, site: &Site<'_>) -> Page {
    let status = text.order().status(order.status);
    let text = text.mail();
    let mut facts = vec![(text.status(), status.to_owned())];
    facts.extend(paid_on(text, order));
    Page {
        heading: text.order_link_heading(order.number),
        paragraphs: vec![text.order_link().to_owned()],
        facts,
        ..Page::new(text.receipt_subject(order.number, site.name))
    }
}

fn refunded(text: MailText, order: &Order, refund: &Refund) -> Result<Page, SkipReason> {
    if refund.status != RefundStatus::Succeeded {
        return Err(SkipReason::Outdated);
    }
    let Refund { amount, .. } = *refund;
    let mut paragraphs: Vec<String> = text.refunded_amount(amount, order.number).into();
    if refund.source == RefundSource::Automatic {
        paragraphs.insert(0, text.refunded_because_late().to_owned());
    }
    Ok(Page {
        heading: text.refunded_heading(amount),
        paragraphs,
        facts: vec![(text.refund(), amount.to_string())],
        ..Page::new(text.refunded_subject(order.number, amount))
    })
}

fn refund_failed(text: Text, order: &Order, refund: &Refund) -> Result<Page, SkipReason> {
    if refund.status.takes_money() {
        return Err(SkipReason::Outdated);
    }
    let Refund { amount, .. } = *refund;
    let source = text.refund().source(refund.source);
    let text = text.mail();
    let failure = refund.failure.as_deref().map(plain);
    let mut facts = vec![
        (text.refund(), amount.to_string()),
        (text.decided(), source.to_owned()),
    ];
    facts.extend(failure.map(|failure| (text.stripes_reason(), failure)));
    facts.extend(order.email.clone().map(|email| (text.shopper(), email)));
    Ok(Page {
        heading: text.refund_failed_heading(amount),
        paragraphs: text.refund_failed(refund.status, amount).into(),
        facts,
        ..Page::new(text.refund_failed_subject(order.number, amount))
    })
}

fn late_payment(text: Text, order: &Order) -> Page {
    let refund = order
        .refunds
        .iter()
        .find(|refund| refund.source == RefundSource::Automatic);
    let amount = refund.map_or(order.total, |refund| refund.amount);
    let status = refund.map(|refund| text.refund().status(refund.status).to_owned());
    let text = text.mail();
    let mut facts = vec![(text.goes_back(), amount.to_string())];
    facts.extend(status.map(|status| (text.refund(), status)));
    facts.extend(order.email.clone().map(|email| (text.shopper(), email)));
    Page {
        heading: text.late_payment_heading().to_owned(),
        paragraphs: text.late_payment(order.number).into(),
        facts,
        ..Page::new(text.late_payment_subject(order.number, amount))
    }
}

fn needs_review(text: Text, order: &Order) -> Result<Page, SkipReason> {
    let flag = order.flag.ok_or(SkipReason::Outdated)?;
    let flag = text.admin_order().flag(flag);
    let text = text.mail();
    let mut facts = vec![(text.order_total(), order.total.to_string())];
    if let Some(payment) = order.main_payment() {
        let captured = payment.captured.map(|captured| captured.to_string());
        facts.extend(captured.map(|captured| (text.paid(), captured)));
        let names = [&payment.payment_reference, &payment.reference];
        let name = names.into_iter().flatten().next();
        facts.extend(name.map(|name| (text.payment_at_stripe(), name.clone())));
    }
    Ok(Page {
        heading: text.needs_review(order.number),
        paragraphs: vec![flag.to_owned()],
        facts,
        ..Page::new(text.needs_review(order.number))
    })
}

fn paid_on(text: MailText, order: &Order) -> Vec<Fact> {
    order
        .paid_at
        .map(|paid_at| (text.paid(), date(text, paid_at)))
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

/// The amount that was given back for good; none when nothing was.
pub(super) fn given_back(order: &Order) -> Option<Money> {
    Some(order.refunded()).filter(|refunded| refunded.amount() > 0)
}

/// Stripe's words for programs, for people: `fraudulent`, `product not received`.
fn plain(code: &str) -> String {
    code.replace('_', " ")
}

/// A day as people write it. Deadlines are moments; their day in UTC is the last that is safe
/// everywhere but in the far west, where it is a few hours early.
fn date(text: MailText, seconds: i64) -> String {
    OffsetDateTime::from_unix_timestamp(seconds).map_or_else(
        |_| String::new(),
        |time| text.date(time.year(), time.month().into(), time.day()),
    )
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
