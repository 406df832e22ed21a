//! Background work goes on after a panic.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use domain::order::OrderStatus;
use payments::{Mode, RetryPolicy, SecretKey, Stripe};
use shop::mail::Mailer;
use shop::{Clock, Shop};
use testkit::stripe_proxy::StripeProxy;

use crate::test_shop::{TestShop, cart};

const FORBIDDEN: &str = r#"{"error":{"type":"invalid_request_error","message":"no"}}"#;

/// The shop with a clock that panics once, the `at`th time that it is looked at, and how often it
/// may be looked at until then.
async fn with_panicking_clock(test: &TestShop, stripe: &str, at: i64) -> (Shop, Arc<AtomicI64>) {
    let key = SecretKey::parse("sk_test_sandbox").unwrap();
    let stripe = Stripe::new(&key, Some(stripe), RetryPolicy::default()).unwrap();
    let left = Arc::new(AtomicI64::new(i64::MAX));
    let (system, counted) = (Clock::system(), Arc::clone(&left));
    let clock = Clock::new(move || {
        if counted.fetch_sub(1, Ordering::Relaxed) == 1 {
            panic!("the clock stands still");
        }
        system.now()
    });
    let store = test.store.clone();
    let shop = Shop::open(store, stripe, Mode::Test, clock, "http://shop.test/").await;
    left.store(at, Ordering::Relaxed);
    (shop.unwrap(), left)
}

/// A sandbox whose events may not be read, so that only questions about orders tell of payments.
async fn without_events(test: &TestShop) -> StripeProxy {
    StripeProxy::start(test.sandbox.base_url(), |asked| {
        (asked.path == "/v1/events").then_some((403, false, FORBIDDEN))
    })
    .await
}

#[tokio::test]
async fn panic_about_one_order_does_not_keep_the_reconciler_from_the_others() {
    let test = TestShop::open().await;
    let stub = without_events(&test).await;
    let (first, first_page) = test.order(&cart("low-a4.1")).await;
    let (second, second_page) = test.order(&cart("low-a3.1")).await;
    test.pay(&first_page).await;
    test.pay(&second_page).await;
    let paid = async || {
        let statuses = [
            test.again(&first).await.status,
            test.again(&second).await.status,
        ];
        statuses
            .into_iter()
            .filter(|status| *status == OrderStatus::Paid)
            .count()
    };
    for at in 1.. {
        let (shop, left) = with_panicking_clock(&test, &stub.base, at).await;
        let look = tokio::spawn(async move { shop::reconcile::run_once(&shop, 0).await });
        // A panic before the orders is for whoever asked for the look.
        let Ok(report) = look.await else { continue };
        assert!(
            left.load(Ordering::Relaxed) <= 0,
            "no look at the clock panics"
        );
        let report = report.unwrap();
        assert_eq!((report.failures, report.orders), (1, 1));
        assert_eq!(paid().await, 1);
        break;
    }
    shop::reconcile::run_once(&test.shop, 0).await.unwrap();
    assert_eq!(paid().await, 2);
}

#[tokio::test]
async fn reconciler_goes_on_after_a_panic() {
    let test = TestShop::open().await;
    let (shop, left) = with_panicking_clock(&test, test.sandbox.base_url(), 1).await;
    let mut run = tokio::spawn(shop::reconcile::run(shop));
    while left.load(Ordering::Relaxed) > 0 {
        tokio::task::yield_now().await;
    }
    let ended = tokio::time::timeout(Duration::from_millis(300), &mut run).await;
    assert!(ended.is_err(), "{ended:?}");
    run.abort();
}

#[tokio::test]
async fn emails_are_sent_after_a_panic() {
    let test = TestShop::open().await;
    let (_, url) = test.order(&cart("low-a4.1")).await;
    test.pay(&url).await;
    shop::reconcile::run_once(&test.shop, 0).await.unwrap();
    let waiting = "SELECT COUNT(*) FROM outbox WHERE sent_at IS NULL";
    assert!(test.database.number(waiting).await > 0);
    let folder = tempfile::tempdir().unwrap();
    let mailer = Mailer::files(folder.path(), "Shop <shop@example.com>").unwrap();
    let (shop, left) = with_panicking_clock(&test, test.sandbox.base_url(), 1).await;
    let run = tokio::spawn(shop::mail::run(shop, mailer, std::future::pending()));
    let sent = async {
        while test.database.number(waiting).await > 0 {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(Duration::from_secs(15), sent)
        .await
        .unwrap();
    assert!(left.load(Ordering::Relaxed) <= 0);
    run.abort();
}
