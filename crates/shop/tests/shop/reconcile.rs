use domain::cart::SeenPrices;
use domain::order::{DisputeStatus, OrderStatus, RefundStatus, StockState};
use shop::reconcile::{GRACE_SECONDS, Report, run_once};
use shop::refunds::{Issued, issue, new_id};
use testkit::delay_proxy::DelayProxy;

use crate::admin_actions::decision;
use crate::test_shop::{TestShop, cart, start};

#[tokio::test]
async fn orders_settle_without_a_single_webhook() {
    let test = TestShop::open().await;
    let (paid, paid_url) = test.order(&cart("low-a4.1")).await;
    let (disputed, disputed_url) = test.order(&cart("low-a3.1")).await;
    let (left, _) = test.order(&cart("last.1")).await;
    test.pay(&paid_url).await;
    test.pay_with(&disputed_url, "4000000000000259").await;
    test.pass(36 * 60).await;
    test.sessions().await;
    let report = run_once(&test.shop, 0).await.unwrap();
    assert_eq!(report.failures, 0);
    assert!(report.events > 0);

    let paid = test.again(&paid).await;
    assert_eq!(
        (paid.status, paid.stock),
        (OrderStatus::Paid, StockState::Sold)
    );
    let disputed = test.again(&disputed).await;
    assert_eq!(
        (disputed.status, disputed.disputes[0].status),
        (OrderStatus::Paid, DisputeStatus::NeedsResponse)
    );
    let left = test.again(&left).await;
    assert_eq!(
        (left.status, left.stock),
        (OrderStatus::Expired, StockState::Released)
    );
    test.refund_in_dashboard(&paid, 2400).await;
    run_once(&test.shop, 0).await.unwrap();
    assert_eq!(test.again(&paid).await.status, OrderStatus::Refunded);

    assert_eq!(run_once(&test.shop, 0).await.unwrap(), Report::default());
    for event in test.all_events().await {
        test.deliver(&event).await;
    }
    assert_eq!(test.emails(&paid).await, ["new_order", "receipt", "refund"]);
    assert_eq!(
        test.emails(&disputed).await,
        ["dispute", "new_order", "receipt"]
    );
    assert!(test.emails(&left).await.is_empty());
}

#[tokio::test]
async fn recent_orders_are_left_to_webhooks() {
    let test = TestShop::open().await;
    let (order, url) = test.order(&cart("low-a4.1")).await;
    test.pay(&url).await;
    assert_eq!(
        run_once(&test.shop, GRACE_SECONDS).await.unwrap(),
        Report::default()
    );
    assert_eq!(test.again(&order).await.status, OrderStatus::Pending);
    test.pass_here(GRACE_SECONDS + 1);
    run_once(&test.shop, GRACE_SECONDS).await.unwrap();
    assert_eq!(test.again(&order).await.status, OrderStatus::Paid);
    test.check_books().await;
}

#[tokio::test]
async fn hold_that_a_crash_left_without_a_session_is_released() {
    let test = TestShop::open().await;
    let key = crate::test_shop::new_key();
    let gate = DelayProxy::before(test.sandbox.base_url()).await;
    let shop = test.with_stripe_at(&gate.base).await;
    let click = tokio::spawn({
        let key = key.clone();
        async move { start(&shop, &cart("last.1"), &SeenPrices::default(), &key).await }
    });
    gate.done().await;
    // The machine stops here: Stripe has a session, and the shop does not know.
    click.abort();
    let left = test.newest(&key).await;
    assert_eq!(
        (left.payments[0].reference.as_deref(), left.stock),
        (None, StockState::Held)
    );
    run_once(&test.shop, 0).await.unwrap();
    let left = test.again(&left).await;
    assert_eq!(
        (left.status, left.stock),
        (OrderStatus::Expired, StockState::Released)
    );
    assert_eq!(
        test.sessions().await,
        [(left.id.to_string(), "expired".to_owned())],
        "nobody can pay there any more"
    );
    assert_eq!(test.held("last").await, 0);
    test.check_books().await;
}

#[tokio::test]
async fn refund_whose_answer_was_lost_is_settled_once() {
    let test = TestShop::open().await;
    let admin = test.admin().await;
    let order = test.paid_with("low-a4.1", "4242424242424242").await;
    let shop = test.with_stripe_at(test.sandbox.base_url()).await;
    test.control("/sandbox/faults", &[("api_lose_answer", "100")])
        .await;
    let request = decision(new_id(), 2400);
    let csrf = test.csrf(&admin, &order).await;
    let answer = issue(&shop, &csrf, &request).await.unwrap();
    assert_eq!(answer, Issued::Queued);
    let report = run_once(&shop, 0).await.unwrap();
    assert!(report.failures > 0, "{report:?}");
    test.control("/sandbox/faults", &[("reset", "true")]).await;
    for _ in 0..2 {
        run_once(&test.shop, 0).await.unwrap();
    }
    let order = test.again(&order).await;
    assert_eq!(
        (order.refunds.len(), order.refunds[0].status),
        (1, RefundStatus::Succeeded)
    );
    assert_eq!(test.refunds_at_stripe(&order).await.len(), 1);
    assert_eq!(
        test.emails(&order).await,
        ["new_order", "receipt", "refund"]
    );
}

#[tokio::test]
async fn refund_that_never_reached_stripe_is_sent_after_all() {
    let test = TestShop::open().await;
    let admin = test.admin().await;
    let order = test.paid_with("low-a4.1", "4242424242424242").await;
    let cut_off = test.without_stripe().await;
    let request = decision(new_id(), 1000);
    let csrf = test.csrf(&admin, &order).await;
    let answer = issue(&cut_off, &csrf, &request).await;
    assert_eq!(answer.unwrap(), Issued::Queued);
    run_once(&test.shop, 0).await.unwrap();
    let order = test.again(&order).await;
    assert_eq!(order.status, OrderStatus::PartiallyRefunded);
    assert_eq!(
        test.refunds_at_stripe(&order).await,
        [(1000, "succeeded".to_owned())]
    );
}

#[tokio::test]
async fn refund_that_is_pending_is_asked_about() {
    let test = TestShop::open().await;
    let admin = test.admin().await;
    let order = test.paid_with("low-a4.1", "4000000000007726").await;
    test.refund(&admin, &order, 2400).await.unwrap();
    test.pass(61).await;
    let report = run_once(&test.shop, 0).await.unwrap();
    assert_eq!(report.failures, 0);
    let order = test.again(&order).await;
    assert_eq!(order.status, OrderStatus::Refunded);
    assert_eq!(
        test.emails(&order).await,
        ["new_order", "receipt", "refund"]
    );
}
