use std::time::{Duration, Instant};

use serde_json::json;
use sqlx::{AnyConnection, Connection, Executor};
use testkit::database::Database;
use testkit::freezing_proxy::FreezingProxy;

use crate::site::Site;
use crate::webhook::{SECRET, now, sign};

/// The time that the shop may take to find a database that answers again.
const SOON: Duration = Duration::from_secs(8);

/// Sends an event, which is one row in the database.
async fn deliver(site: &Site, id: &str) -> u16 {
    let body = json!({ "id": id, "type": "a", "data": { "object": {} }}).to_string();
    let request = reqwest::Client::new()
        .post(format!("{}/webhooks/stripe", site.base))
        .header("stripe-signature", sign(SECRET, now(), &body))
        .body(body);
    request.send().await.unwrap().status().as_u16()
}

/// Waits until events are taken and pages are shown again.
async fn well_again(site: &Site, round: &str) -> Duration {
    let start = Instant::now();
    let mut attempt = 0;
    while deliver(site, &format!("evt_{round}_{attempt}")).await != 200
        || site.get("/products").await.status != 200
        || site.get("/readyz").await.status != 200
    {
        attempt += 1;
        assert!(start.elapsed() < SOON, "the shop is not well again");
    }
    start.elapsed()
}

async fn assert_alive(site: &Site) {
    let start = Instant::now();
    assert_eq!(site.get("/healthz").await.status, 200);
    assert!(start.elapsed() < Duration::from_secs(1));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn frozen_database_is_given_up_and_found_again() {
    let database = Database::empty().await;
    if !database.url.starts_with("postgres") {
        return;
    }
    let proxy = FreezingProxy::open(&database.url).await;
    let site = Site::open_with(|config| config.database_url.clone_from(&proxy.url)).await;
    assert_eq!(deliver(&site, "evt_before").await, 200);
    for round in ["frozen", "replaced"] {
        proxy.freeze();
        let start = Instant::now();
        // More than there are connections, and all of them are answered.
        let mut requests = tokio::task::JoinSet::new();
        for number in 0..15 {
            let browser = site.browser();
            requests.spawn(async move {
                let path = ["/products", "/readyz", "/admin"][number % 3];
                browser.get(path).await.status.as_u16()
            });
        }
        assert_alive(&site).await;
        assert_eq!(deliver(&site, "evt_frozen").await, 500);
        requests.join_all().await;
        assert!(start.elapsed() < Duration::from_secs(20));
        assert_eq!(site.get("/readyz").await.status, 503);
        assert_alive(&site).await;
        if round == "frozen" {
            proxy.thaw();
        } else {
            proxy.replace();
        }
        let took = well_again(&site, round).await;
        println!("{round}: well again after {took:?}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn lock_that_somebody_else_keeps_stops_neither_pages_nor_health_checks() {
    let site = Site::open().await;
    assert_eq!(deliver(&site, "evt_before").await, 200);
    let mut peer = AnyConnection::connect(&site.database.url).await.unwrap();
    if site.database.url.starts_with("postgres") {
        peer.execute("BEGIN").await.unwrap();
        let lock = "LOCK TABLE settings, webhook_events IN EXCLUSIVE MODE";
        peer.execute(lock).await.unwrap();
    } else {
        peer.execute("BEGIN IMMEDIATE").await.unwrap();
    }
    let start = Instant::now();
    let mut ready = 200;
    while ready == 200 {
        ready = site.get("/readyz").await.status.as_u16();
        assert_eq!(site.get("/products").await.status, 200);
        assert_alive(&site).await;
        assert!(start.elapsed() < SOON, "/readyz is always 200");
    }
    assert_eq!(ready, 503);
    peer.execute("ROLLBACK").await.unwrap();
    well_again(&site, "released").await;
}
