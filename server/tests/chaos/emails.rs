use std::collections::HashMap;
use std::sync::Arc;
use std::time::{Duration, Instant};
use testkit::mail_server::{Manners, Taken};

use crate::books::{Books, Order, Refund};
use crate::finding::Finding;
use crate::program::Kill;
use crate::world::World;

/// The time after the mail server's yes that the shop may take to write it down: it waits up to ten
/// seconds for its turn at a database that has much to do. If it was killed in that time, it did
/// not know, and sends the e-mail again.
const NOT_WRITTEN_DOWN: Duration = Duration::from_secs(15);

/// The time that the mail server may take to read what reached it.
const ON_THE_WIRE: Duration = Duration::from_secs(1);

/// The number of times that time is made to pass at the end of the day. An e-mail without an
/// address is looked at a dozen times.
const ROUNDS: u32 = 16;

/// The time that the shop may take to try everything that is due.
const LONGEST_ROUND: Duration = Duration::from_secs(60);

/// Gives the mail server another mood every few seconds.
pub(crate) async fn moods(world: Arc<World>) {
    let mut rng = world.rng("mail");
    while world.goes_on() {
        world.mail.behave(rng.weighted(&[
            (60, Manners::Good),
            (15, Manners::Refuses(451)),
            (5, Manners::Refuses(550)),
            (15, Manners::DropsAfterData),
            (3, Manners::Hangs),
        ]));
        rng.pause(500..=4000).await;
    }
    world.mail.behave(Manners::Good);
}

/// Makes every e-mail due that waits for its next attempt, as hours of waiting would. For a shop
/// that is dead: one that lives may have an e-mail in hand.
pub(crate) async fn let_time_pass(world: &World) {
    let sql = "UPDATE outbox SET next_attempt_at = 0, last_error = NULL WHERE sent_at IS NULL";
    world.database.run(sql).await;
}

/// Lets time pass until every e-mail has left.
pub(crate) async fn send_all(world: &World) -> Vec<Finding> {
    let unsent = "SELECT COUNT(*) FROM outbox WHERE sent_at IS NULL";
    for _ in 0..ROUNDS {
        if world.database.number(unsent).await == 0 {
            return Vec::new();
        }
        world.program.kill(&world.database).await;
        let_time_pass(world).await;
        world.program.start().await;
        let untried = format!("{unsent} AND last_error IS NULL");
        let tried = async {
            while world.database.number(&untried).await > 0 {
                tokio::time::sleep(Duration::from_millis(50)).await;
            }
        };
        if tokio::time::timeout(LONGEST_ROUND, tried).await.is_err() {
            break;
        }
    }
    let waiting = "SELECT order_id || ' ' || kind || ' ' || COALESCE(last_error, '') FROM outbox WHERE sent_at IS NULL";
    let waiting = world.database.texts(waiting).await;
    let finding = |email: String| {
        let (order, why) = email.split_once(' ').unwrap();
        Finding::of(order, format!("an e-mail never leaves: {why}"))
    };
    waiting.into_iter().map(finding).collect()
}

/// Holds the e-mails that are due against those that were written, and those against what the mail
/// server took.
pub(crate) fn check(world: &World, books: &Books) -> Vec<Finding> {
    let mut findings = Vec::new();
    for order in books.orders.values() {
        let due = due(books, order);
        let written: Vec<_> = books
            .emails
            .iter()
            .filter(|email| email.order_id == order.id)
            .map(|email| (email.kind.as_str(), email.subject.clone()))
            .collect();
        for email in due {
            let count = written.iter().filter(|known| **known == email).count();
            if count != 1 {
                let (kind, subject) = email;
                let what = format!("{count} e-mails of kind {kind} {subject}");
                findings.push(Finding::of(&order.id, what));
            }
        }
        for (kind, subject) in &written {
            if !has_reason(books, order, kind, subject) {
                let what = format!("an e-mail of kind {kind} {subject} without a reason");
                findings.push(Finding::of(&order.id, what));
            }
        }
    }
    let mut taken: HashMap<String, Vec<Taken>> = HashMap::new();
    for email in world.mail.taken() {
        taken.entry(message_id(&email)).or_default().push(email);
    }
    let kills = world.program.kills();
    for email in &books.emails {
        let order = &books.orders[&email.order_id];
        let copies = taken
            .remove(&format!("<{}@shop.test>", email.id))
            .unwrap_or_default();
        let to = match is_for_shopper(&email.kind) {
            true => order.email.as_deref(),
            false => Some("shop@shop.test"),
        };
        if copies.iter().any(|copy| Some(copy.to.as_str()) != to) {
            let what = format!("an e-mail of kind {} went to a stranger", email.kind);
            findings.push(Finding::of(&order.id, what));
        }
        if copies.is_empty() && !is_outdated(books, order, &email.kind, &email.subject) {
            let what = format!("the e-mail of kind {} was never sent", email.kind);
            findings.push(Finding::of(&order.id, what));
        }
        for pair in copies.windows(2) {
            if !was_not_written_down(&kills, &email.id, pair[0].at) {
                let what = format!("the e-mail of kind {} was sent twice", email.kind);
                findings.push(Finding::of(&order.id, what));
            }
        }
    }
    for id in taken.keys() {
        findings.push(Finding::of_nobody(format!("nobody wrote the e-mail {id}")));
    }
    findings
}

/// The number of e-mails that the mail server took more than once.
pub(crate) fn sent_again(world: &World) -> usize {
    let taken = world.mail.taken();
    let different: std::collections::HashSet<_> = taken.iter().map(message_id).collect();
    taken.len() - different.len()
}

/// The e-mails that the state of an order asks for, as kind and subject.
fn due<'a>(books: &'a Books, order: &'a Order) -> Vec<(&'static str, String)> {
    let mut due = Vec::new();
    if order.is_paid() {
        if order.stock == "released" {
            due.push(("late_payment", String::new()));
        } else {
            due.push(("receipt", String::new()));
            due.push(("new_order", String::new()));
        }
    }
    if order.status == "failed" {
        due.push(("payment_failed", String::new()));
    }
    if let Some(parcel) = &order.parcel {
        due.push(("shipped", parcel.clone()));
    }
    if order.flag.is_some() && order.stock != "released" {
        due.push(("needs_a_look", String::new()));
    }
    for refund in books.refunds_of(order) {
        match refund.status.as_str() {
            "succeeded" => due.push(("refund", refund.id.clone())),
            "failed" | "canceled" | "refused" => due.push(("refund_failed", refund.id.clone())),
            _ => {}
        }
    }
    for dispute in books.disputes_of(order) {
        match dispute.status.as_str() {
            "needs_response" => due.push(("dispute", dispute.id.clone())),
            "warning_needs_response" => due.push(("inquiry", dispute.id.clone())),
            "appeal_needs_response" => due.push(("dispute_appealed", dispute.id.clone())),
            "won" | "lost" | "warning_closed" if !dispute.is_appealed() => {
                due.push((
                    "dispute_closed",
                    format!("{} {}", dispute.id, dispute.status),
                ));
            }
            _ => {}
        }
    }
    due
}

/// True if something happened to the order that such an e-mail tells, now or earlier.
fn has_reason(books: &Books, order: &Order, kind: &str, subject: &str) -> bool {
    let refund = || books.refunds_of(order).find(|refund| refund.id == subject);
    let dispute = || {
        let id = subject.split(' ').next().unwrap_or_default();
        books.disputes_of(order).any(|dispute| dispute.id == id)
    };
    match kind {
        "receipt" | "new_order" => order.is_paid() && order.stock == "sold",
        "late_payment" => order.is_paid() && order.stock == "released",
        "payment_failed" => order.status == "failed",
        "shipped" => order.parcel.as_deref() == Some(subject),
        "needs_a_look" => order.flag.is_some(),
        "refund" => refund().is_some_and(Refund::is_at_stripe),
        "refund_failed" => refund().is_some_and(|refund| refund.status != "succeeded"),
        "dispute" | "inquiry" | "dispute_appealed" | "dispute_closed" | "appeal_closed" => {
            dispute()
        }
        _ => false,
    }
}

/// True if what the e-mail tells may have been over before it left, so that nobody was told.
fn is_outdated(books: &Books, order: &Order, kind: &str, subject: &str) -> bool {
    let status = books
        .refunds_of(order)
        .find(|refund| refund.id == subject)
        .map(|refund| refund.status.as_str());
    // What is told of a dispute is how it stands when the e-mail leaves.
    let is_now = |statuses: &[&str]| {
        let id = subject.split(' ').next().unwrap_or_default();
        let dispute = books.disputes_of(order).find(|dispute| dispute.id == id);
        dispute.is_some_and(|dispute| statuses.contains(&dispute.status.as_str()))
    };
    match kind {
        "refund" => status != Some("succeeded"),
        "needs_a_look" => order.flag.is_none(),
        "dispute" => !is_now(&["needs_response", "under_review"]),
        "inquiry" => !is_now(&["warning_needs_response", "warning_under_review"]),
        "dispute_appealed" => !is_now(&["appeal_needs_response"]),
        "dispute_closed" | "appeal_closed" => {
            !is_now(&[subject.split(' ').nth(1).unwrap_or_default()])
        }
        _ => false,
    }
}

fn is_for_shopper(kind: &str) -> bool {
    matches!(kind, "receipt" | "payment_failed" | "shipped" | "refund")
}

/// True if the shop was killed so soon after an e-mail was taken that it was not written down.
fn was_not_written_down(kills: &[Kill], email: &str, taken: Instant) -> bool {
    // An e-mail may still be on the wire when its sender is dead.
    let soon = taken - ON_THE_WIRE..=taken + NOT_WRITTEN_DOWN;
    kills
        .iter()
        .any(|kill| soon.contains(&kill.at) && kill.unsent.contains(email))
}

fn message_id(email: &Taken) -> String {
    let text = String::from_utf8_lossy(&email.message);
    let line = text
        .lines()
        .find_map(|line| line.strip_prefix("Message-ID: "));
    line.unwrap_or_else(|| panic!("an e-mail without a name: {text}"))
        .trim()
        .to_owned()
}
