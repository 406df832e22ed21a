//! The worst day that a shop can have, and nothing is lost.
//!
//! Shoppers, an admin and banks do what they do, all at once and over HTTP, while Stripe's sandbox
//! drops, doubles and shuffles webhooks, turns calls away or loses their answers, the mail server
//! has moods, the disk is full for a moment or somebody holds the database, and the `storefront`
//! process is killed (`SIGKILL`) every other second and started again. Then the faults end, the
//! shop and Stripe come to rest, and the shop's database is held against Stripe's books and against
//! the e-mails that the mail server took:
//!
//! - every captured cent is on an order that is paid, refunded or flagged, and no order is paid
//!   without a capture;
//! - no cart was paid twice;
//! - every refund and dispute of Stripe's is in the database once, with the same amount and status,
//!   and the sums agree;
//! - the shelf holds what it held at first, less what was sold, plus what was put back, and nothing
//!   is set aside;
//! - each e-mail that is due was written once, and the mail server has it. It has it twice only if
//!   the process was killed
//!   between the server's yes and writing that down, which no program can tell from a no: then both have the same
//!   `Message-ID`.
//!
//! `CHAOS_SECONDS` says how long the faults last and `CHAOS_SEED` what they are. The seed decides
//! what everybody does and when the process is killed, not how the machine interleaves it: the same
//! seed is the same weather, not the same run.
#![allow(clippy::unwrap_used, clippy::panic)]

mod admin;
mod bank;
mod books;
mod emails;
mod faults;
mod figures;
mod finding;
mod late_payer;
mod program;
mod quiesce;
mod rng;
mod shopper;
mod stock_audit;
mod stripe;
mod world;

use std::sync::Arc;
use std::time::Duration;

use tokio::task::JoinSet;

use crate::rng::SeededRng;
use crate::world::World;

/// The number of shoppers at a time.
const SHOPPERS: usize = 32;

/// The time for which faults last unless `CHAOS_SECONDS` says otherwise. On both engines together
/// it is about two minutes.
fn seconds() -> u64 {
    let is_postgres = std::env::var_os("TEST_POSTGRES_URL").is_some();
    let usual = if is_postgres { 35 } else { 70 };
    number("CHAOS_SECONDS").unwrap_or(usual)
}

fn number(variable: &str) -> Option<u64> {
    let text = std::env::var(variable).ok()?;
    let text = text.trim();
    (!text.is_empty()).then(|| {
        text.parse()
            .unwrap_or_else(|_| panic!("{variable} must be a whole number, and is {text:?}"))
    })
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_is_lost_on_the_worst_day() {
    let seed = number("CHAOS_SEED").unwrap_or_else(|| rand::random::<u32>().into());
    let seconds = seconds();
    println!("chaos: {seconds} s with CHAOS_SEED={seed}");
    let world = Arc::new(World::open(seed, Duration::from_secs(seconds)).await);

    let mut actors = JoinSet::new();
    actors.spawn(program::trouble(Arc::clone(&world)));
    actors.spawn(program::by_hand(Arc::clone(&world)));
    actors.spawn(faults::change(Arc::clone(&world)));
    actors.spawn(emails::moods(Arc::clone(&world)));
    actors.spawn(bank::act(Arc::clone(&world)));
    actors.spawn(admin::act(Arc::clone(&world)));
    actors.spawn(late_payer::act(Arc::clone(&world)));
    for number in 0..SHOPPERS {
        actors.spawn(shopper::act(Arc::clone(&world), number));
    }
    // The first one that panics ends the test, and the seed is in the output.
    while let Some(ended) = actors.join_next().await {
        ended.unwrap();
    }

    let mut findings = quiesce::settle(&world).await;
    let books = books::Books::read(&world).await;
    findings.extend(books.check());
    findings.extend(stock_audit::check(&world, &books).await);
    findings.extend(emails::check(&world, &books));
    findings.extend(world.findings());
    figures::print(&world, &books, findings.len()).await;
    if !findings.is_empty() {
        for finding in &findings {
            println!("{}", finding.explain(&books));
        }
        let folder = world.keep();
        panic!(
            "{} things were lost; CHAOS_SEED={seed} is the same weather again, and {} holds the shop's log and the books",
            findings.len(),
            folder.display()
        );
    }
}
