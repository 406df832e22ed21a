use domain::cart::SeenPrices;
use domain::order::{DisputeStatus, OrderStatus, RefundStatus, StockState};
use shop::reconcile::{GRACE_SECONDS, Report, once};
use shop::refunds::{Issued, issue, new_id};

use crate::dealings::decision;
use crate::gate::Gate;
use crate::stand::{Stand, cart, start};

#[tokio::test]
async fn without_a_single_webhook_every_order_ends_right() {
    let stand = Stand::open().await;
    let (paid, paid_url) = stand.order(&cart("low-a4.1")).await;
    let (disputed, disputed_url) = stand.order(&cart("low-a3.1")).await;
    let (left, _) = stand.order(&cart("last.1")).await;
    stand.pay(&paid_url).await;
    stand.pay_with(&disputed_url, "4000000000000259").await;
    stand.pass(36 * 60).await;
    stand.sessions().await;
    let report = once(&stand.shop, 0).await.unwrap();
    assert_eq!(report.failures, 0);
    assert!(report.events > 0);

    let paid = stand.again(&paid).await;
    assert_eq!(
        (paid.status, paid.stock),
        (OrderStatus::Paid, StockState::Sold)
    );
    let disputed = stand.again(&disputed).await;
    assert_eq!(
        (disputed.status, disputed.disputes[0].status),
        (OrderStatus::Paid, DisputeStatus::NeedsResponse)
    );
    let left = stand.again(&left).await;
    assert_eq!(
        (left.status, left.stock),
        (OrderStatus::Expired, StockState::Released)
    );
    stand.refund_in_dashboard(&paid, 2400).await;
    once(&stand.shop, 0).await.unwrap();
    assert_eq!(stand.again(&paid).await.status, OrderStatus::Refunded);

    assert_eq!(once(&stand.shop, 0).await.unwrap(), Report::default());
    for event in stand.all_events().await {
        stand.deliver(&event).await;
    }
    assert_eq!(
        stand.emails(&paid).await,
        ["new_order", "receipt", "refund"]
    );
    assert_eq!(
        stand.emails(&disputed).await,
        ["dispute", "new_order", "receipt"]
    );
    assert!(stand.emails(&left).await.is_empty());
}

#[tokio::test]
async fn webhooks_have_the_first_word() {
    let stand = Stand::open().await;
    let (order, url) = stand.order(&cart("low-a4.1")).await;
    stand.pay(&url).await;
    assert_eq!(
        once(&stand.shop, GRACE_SECONDS).await.unwrap(),
        Report::default()
    );
    assert_eq!(stand.again(&order).await.status, OrderStatus::Pending);
    stand.pass_here(GRACE_SECONDS + 1);
    once(&stand.shop, GRACE_SECONDS).await.unwrap();
    assert_eq!(stand.again(&order).await.status, OrderStatus::Paid);
    stand.check_books().await;
}

#[tokio::test]
async fn a_hold_that_a_crash_left_without_a_session_is_released() {
    let stand = Stand::open().await;
    let key = crate::stand::new_key();
    let gate = Gate::before(stand.sandbox.base_url()).await;
    let shop = stand.with_stripe_at(&gate.base).await;
    let click = tokio::spawn({
        let key = key.clone();
        async move { start(&shop, &cart("last.1"), &SeenPrices::default(), &key).await }
    });
    gate.done().await;
    // The machine stops here: Stripe has a session, and the shop does not know.
    click.abort();
    let left = stand.newest(&key).await;
    assert_eq!(
        (left.payments[0].reference.as_deref(), left.stock),
        (None, StockState::Held)
    );
    once(&stand.shop, 0).await.unwrap();
    let left = stand.again(&left).await;
    assert_eq!(
        (left.status, left.stock),
        (OrderStatus::Expired, StockState::Released)
    );
    assert_eq!(
        stand.sessions().await,
        [(left.id.to_string(), "expired".to_owned())],
        "nobody can pay there any more"
    );
    assert_eq!(stand.held("last").await, 0);
    stand.check_books().await;
}

#[tokio::test]
async fn a_refund_whose_answer_was_lost_is_settled_once() {
    let stand = Stand::open().await;
    let admin = stand.admin().await;
    let order = stand.paid_with("low-a4.1", "4242424242424242").await;
    let shop = stand.with_stripe_at(stand.sandbox.base_url()).await;
    stand
        .control("/sandbox/faults", &[("api_lose_answer", "100")])
        .await;
    let request = decision(new_id(), 2400);
    let csrf = stand.csrf(&admin, &order).await;
    let answer = issue(&shop, &csrf, &request).await.unwrap();
    assert_eq!(answer, Issued::Queued);
    let report = once(&shop, 0).await.unwrap();
    assert!(report.failures > 0, "{report:?}");
    stand.control("/sandbox/faults", &[("reset", "true")]).await;
    for _ in 0..2 {
        once(&stand.shop, 0).await.unwrap();
    }
    let order = stand.again(&order).await;
    assert_eq!(
        (order.refunds.len(), order.refunds[0].status),
        (1, RefundStatus::Succeeded)
    );
    assert_eq!(stand.refunds_at_stripe(&order).await.len(), 1);
    assert_eq!(
        stand.emails(&order).await,
        ["new_order", "receipt", "refund"]
    );
}

#[tokio::test]
async fn a_refund_that_never_reached_stripe_is_sent_after_all() {
    let stand = Stand::open().await;
    let admin = stand.admin().await;
    let order = stand.paid_with("low-a4.1", "4242424242424242").await;
    let cut_off = stand.without_stripe().await;
    let request = decision(new_id(), 1000);
    let csrf = stand.csrf(&admin, &order).await;
    let answer = issue(&cut_off, &csrf, &request).await;
    assert_eq!(answer.unwrap(), Issued::Queued);
    once(&stand.shop, 0).await.unwrap();
    let order = stand.again(&order).await;
    assert_eq!(order.status, OrderStatus::PartiallyRefunded);
    assert_eq!(
        stand.refunds_at_stripe(&order).await,
        [(1000, "succeeded".to_owned())]
    );
}

#[tokio::test]
async fn a_refund_that_is_pending_is_asked_about() {
    let stand = Stand::open().await;
    let admin = stand.admin().await;
    let order = stand.paid_with("low-a4.1", "4000000000007726").await;
    stand.refund(&admin, &order, 2400).await.unwrap();
    stand.pass(61).await;
    let report = once(&stand.shop, 0).await.unwrap();
    assert_eq!(report.failures, 0);
    let order = stand.again(&order).await;
    assert_eq!(order.status, OrderStatus::Refunded);
    assert_eq!(
        stand.emails(&order).await,
        ["new_order", "receipt", "refund"]
    );
}
