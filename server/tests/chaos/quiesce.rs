use std::time::{Duration, Instant};

use crate::finding::Finding;
use crate::world::World;
use crate::{bank, emails};

/// The time that the shop and Stripe may take to come to rest. Hundreds of orders are asked about
/// one by one.
const QUIESCE_TIMEOUT: Duration = Duration::from_secs(300);

/// The output of `storefront reconcile` when there is nothing to do.
const NOTHING: &str = "0 lost events taken in, 0 open orders settled, 0 refunds brought on.";

/// The work that is still under way at the shop, each as a count that has to come down to nothing.
const OPEN: [(&str, &str); 4] = [
    (
        "open orders",
        "SELECT COUNT(*) FROM orders WHERE status IN ('pending', 'processing')",
    ),
    (
        "open refunds",
        "SELECT COUNT(*) FROM refunds WHERE status IN ('requested', 'pending', 'requires_action')",
    ),
    (
        "refunds without an order",
        "SELECT COUNT(*) FROM refunds WHERE order_id IS NULL",
    ),
    (
        "disputes without an order",
        "SELECT COUNT(*) FROM disputes WHERE order_id IS NULL",
    ),
];

/// Waits until the shop and Stripe have nothing more to tell each other. What never ends is a
/// finding.
pub(crate) async fn settle(world: &World) -> Vec<Finding> {
    let start = Instant::now();
    let mut findings = Vec::new();
    loop {
        let waiting = still_waiting(world).await;
        if waiting.is_empty() {
            break;
        }
        if start.elapsed() > QUIESCE_TIMEOUT {
            findings.extend(waiting.into_iter().map(|what| {
                Finding::of_nobody(format!("after {QUIESCE_TIMEOUT:?} there is still: {what}"))
            }));
            break;
        }
    }
    findings.extend(emails::send_all(world).await);
    findings
}

async fn still_waiting(world: &World) -> Vec<String> {
    let mut waiting = Vec::new();
    if bank::finish(&world.stripe).await {
        waiting.push("something at Stripe that waits for a bank or a shopper".to_owned());
    }
    wait_for_deliveries(world).await;
    let said = world.program.run("reconcile").await;
    let has_failed = !said.status.success();
    let said = String::from_utf8_lossy(&said.stdout) + String::from_utf8_lossy(&said.stderr);
    if has_failed || !said.contains(NOTHING) {
        waiting.push(said.into_owned());
    }
    for (what, count) in OPEN {
        let count = world.database.number(count).await;
        if count > 0 {
            waiting.push(format!("{count} {what}"));
        }
    }
    waiting
}

/// Waits until every webhook has arrived or was given up.
async fn wait_for_deliveries(world: &World) {
    let quiet = async {
        while world.stripe.deliveries().await["pending"] > 0 {
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    };
    tokio::time::timeout(QUIESCE_TIMEOUT, quiet)
        .await
        .unwrap_or_else(|_| panic!("the deliveries never end"));
}
