use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering};

use crate::books::Books;
use crate::emails;
use crate::world::World;

/// Says in one block what the day was like, and what was lost.
pub(crate) async fn print(world: &World, books: &Books, lost: usize) {
    let engine = match world.database.url.split(':').next() {
        Some("sqlite") => "SQLite",
        _ => "PostgreSQL",
    };
    let mut statuses: BTreeMap<&str, u64> = BTreeMap::new();
    for order in books.orders.values() {
        *statuses.entry(&order.status).or_default() += 1;
    }
    let flagged = books.orders.values().filter(|it| it.flag.is_some()).count();
    let late = books
        .emails
        .iter()
        .filter(|it| it.kind == "late_payment")
        .count();
    let deliveries = world.stripe.deliveries().await;
    let counts = &world.counts;
    let captured: i64 = books
        .orders
        .values()
        .filter(|order| order.is_paid())
        .map(|order| order.amount_total)
        .sum();
    let back: i64 = books.orders.values().map(|it| it.amount_refunded).sum();
    let cents = |amount: i64| format!("${}.{:02}", amount / 100, amount % 100);
    let by_admin = books.refunds.iter().filter(|it| it.source != "dashboard");
    let lines = [
        ("seed", world.seed.to_string()),
        ("database", engine.to_owned()),
        (
            "shoppers",
            format!(
                "{} visits, {} clicks ({} without an answer), {} times thanked, {} cards declined, {} strays",
                read(&counts.visits),
                read(&counts.clicks),
                read(&counts.unanswered),
                read(&counts.payments),
                read(&counts.declined),
                world.strays.lock().unwrap().len()
            ),
        ),
        (
            "orders",
            format!(
                "{} ({}), {flagged} flagged, {late} paid too late",
                books.orders.len(),
                list(&statuses)
            ),
        ),
        (
            "money",
            format!("{} paid, {} given back", cents(captured), cents(back)),
        ),
        (
            "events",
            format!(
                "{} told by Stripe, {} heard of; deliveries: {}",
                books.stripe.events.len(),
                books.events.len(),
                list(&deliveries)
            ),
        ),
        ("faults", list(&world.stripe.injected())),
        (
            "kills",
            format!(
                "{}, and {} looks at the books by hand",
                world.program.kills().len(),
                read(&counts.reconciled)
            ),
        ),
        (
            "outages",
            format!(
                "{} of the database, in which {} clicks were refused",
                world.outages() / 2,
                read(&counts.refused)
            ),
        ),
        (
            "refunds",
            format!(
                "{} at Stripe, {} of {} clicks by the owner",
                books.stripe.refunds.len(),
                by_admin.count(),
                read(&counts.decisions)
            ),
        ),
        ("disputes", books.stripe.disputes.len().to_string()),
        (
            "e-mails",
            format!(
                "{} written, {} taken by the mail server, {} of them again after a kill",
                books.emails.len(),
                world.mail.taken().len(),
                emails::sent_again(world)
            ),
        ),
        ("lost", lost.to_string()),
    ];
    println!("\n  The worst day");
    for (name, value) in lines {
        println!("  {name:<10} {value}");
    }
    println!();
}

fn list<K: AsRef<str> + Ord>(counts: &BTreeMap<K, u64>) -> String {
    let parts: Vec<_> = counts
        .iter()
        .filter(|(_, count)| **count > 0)
        .map(|(name, count)| format!("{count} {}", name.as_ref()))
        .collect();
    parts.join(", ")
}

fn read(counter: &AtomicU64) -> u64 {
    counter.load(Ordering::Relaxed)
}
