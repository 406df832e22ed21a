use axum::http::Method;
use domain::cart::SeenPrices;
use domain::order::{Flag, OrderStatus, RefundStatus, Resolution, StockState};
use payments::{Mode, RetryPolicy, SecretKey, Stripe};
use shop::checkout::{Checkout, CheckoutError};
use shop::identity::{IdentityError, claim};
use shop::orders::{ResolveError, ShipError, resolve, ship};
use shop::refunds::{Issued, new_id};

use crate::dealings::decision;
use crate::stand::{Stand, cart, pay_page};
use crate::stub_stripe::{FAULT, StubStripe};

const SESSIONS: &str = "/v1/checkout/sessions";
const NOT_FOUND: &str =
    r#"{"error":{"type":"invalid_request_error","code":"resource_missing","message":"No such"}}"#;
const FORBIDDEN: &str = r#"{"error":{"type":"invalid_request_error","message":"Not permitted"}}"#;
const OTHER_ACCOUNT: &str = r#"{"id":"acct_of_another","object":"account"}"#;

fn stripe_at(base: &str) -> Stripe {
    let key = SecretKey::parse("sk_test_sandbox").unwrap();
    Stripe::new(&key, Some(base), RetryPolicy::default()).unwrap()
}

/// A Stripe whose key belongs to another account: it knows none of the shop's payments.
async fn other_account(stand: &Stand) -> StubStripe {
    StubStripe::start(stand.sandbox.base_url(), |asked| match &*asked.path {
        "/v1/account" => Some((200, false, OTHER_ACCOUNT)),
        "/v1/events" => Some((403, false, FORBIDDEN)),
        path if path.starts_with(SESSIONS) => Some((404, false, NOT_FOUND)),
        _ => None,
    })
    .await
}

/// Remembers whose payments the database holds, as the first start does.
async fn claim_own(stand: &Stand) {
    let stripe = stripe_at(stand.sandbox.base_url());
    claim(&stand.store, &stripe, Mode::Test, false, stand.now())
        .await
        .unwrap();
}

#[tokio::test]
async fn key_of_another_account_or_mode_is_refused_until_the_shop_is_moved() {
    let stand = Stand::open().await;
    stand.order(&cart("low-a4.1")).await;
    claim_own(&stand).await;
    claim_own(&stand).await;
    let other = stripe_at(&other_account(&stand).await.base);
    assert!(matches!(
        claim(&stand.store, &other, Mode::Test, false, stand.now()).await,
        Err(IdentityError::OtherAccount { .. })
    ));
    assert!(matches!(
        claim(&stand.store, &other, Mode::Live, false, stand.now()).await,
        Err(IdentityError::OtherMode { .. })
    ));
    claim(&stand.store, &other, Mode::Live, true, stand.now())
        .await
        .unwrap();
    claim(&stand.store, &other, Mode::Live, false, stand.now())
        .await
        .unwrap();
    let own = stripe_at(stand.sandbox.base_url());
    assert!(
        claim(&stand.store, &own, Mode::Test, false, stand.now())
            .await
            .is_err(),
        "the shop was moved"
    );
}

#[tokio::test]
async fn restricted_key_is_judged_by_a_payment_that_the_database_knows() {
    let stand = Stand::open().await;
    let (_, _) = stand.order(&cart("low-a4.1")).await;
    let may_not_tell = |knows: bool| {
        StubStripe::start(stand.sandbox.base_url(), move |asked| match &*asked.path {
            "/v1/account" => Some((403, false, FORBIDDEN)),
            path if path.starts_with(SESSIONS) && !knows => Some((404, false, NOT_FOUND)),
            _ => None,
        })
    };
    let own = stripe_at(&may_not_tell(true).await.base);
    claim(&stand.store, &own, Mode::Test, false, stand.now())
        .await
        .unwrap();
    let other = stripe_at(&may_not_tell(false).await.base);
    assert!(matches!(
        claim(&stand.store, &other, Mode::Test, false, stand.now()).await,
        Err(IdentityError::UnknownPayment)
    ));
}

#[tokio::test]
async fn database_without_payments_takes_any_key() {
    let stand = Stand::open().await;
    claim_own(&stand).await;
    let other = stripe_at(&other_account(&stand).await.base);
    claim(&stand.store, &other, Mode::Live, false, stand.now())
        .await
        .unwrap();
}

#[tokio::test]
async fn moved_shop_starts_again_before_its_first_payment_there() {
    let stand = Stand::open().await;
    stand.order(&cart("low-a4.1")).await;
    claim_own(&stand).await;
    stand.pass_here(1);
    // A restricted key that may not tell its account, which knows none of the old payments.
    let stub = StubStripe::start(stand.sandbox.base_url(), |asked| match &*asked.path {
        "/v1/account" => Some((403, false, FORBIDDEN)),
        path if path.starts_with(SESSIONS) => Some((404, false, NOT_FOUND)),
        _ => None,
    })
    .await;
    let other = stripe_at(&stub.base);
    for is_moving in [true, false] {
        claim(&stand.store, &other, Mode::Test, is_moving, stand.now())
            .await
            .unwrap();
    }
}

#[tokio::test]
async fn order_of_the_other_mode_is_flagged_after_its_time_and_its_cart_goes_on() {
    let stand = Stand::open().await;
    let key = crate::stand::new_key();
    stand.pay_page(&cart("low-a4.1"), &key).await;
    let order = stand.newest(&key).await;
    stand
        .database
        .run("UPDATE payments SET mode = 'live', reference = NULL")
        .await;
    let again = stand.check_out(&cart("low-a4.1"), &key).await;
    assert!(matches!(again, Ok(Checkout::Pay { .. })));
    assert_ne!(stand.newest(&key).await.id, order.id);

    shop::reconcile::once(&stand.shop, 0).await.unwrap();
    assert_eq!(stand.again(&order).await.flag, None);
    stand.pass(36 * 60).await;
    shop::reconcile::once(&stand.shop, 0).await.unwrap();
    let flagged = stand.again(&order).await;
    assert_eq!(flagged.flag, Some(Flag::PaymentUnknown));
    assert_eq!(flagged.stock, StockState::Held);
}

#[tokio::test]
async fn unreachable_stripe_does_not_keep_a_shop_from_starting() {
    let stand = Stand::open().await;
    claim_own(&stand).await;
    let silent = StubStripe::start(stand.sandbox.base_url(), |_| Some((503, false, FAULT))).await;
    claim(
        &stand.store,
        &stripe_at(&silent.base),
        Mode::Test,
        false,
        stand.now(),
    )
    .await
    .unwrap();
}

#[tokio::test]
async fn payment_that_stripe_does_not_know_flags_its_order_and_releases_nothing() {
    let stand = Stand::open().await;
    let key = shop::cart::new_key(&stand.shop);
    stand.pay_page(&cart("last.1"), &key).await;
    let order = stand.newest(&key).await;
    let shop = stand
        .with_stripe_at(&other_account(&stand).await.base)
        .await;
    stand.pass(60 * 60).await;
    shop::reconcile::once(&shop, 0).await.unwrap();
    let flagged = stand.again(&order).await;
    assert_eq!(
        (flagged.status, flagged.stock, flagged.flag),
        (
            OrderStatus::Pending,
            StockState::Held,
            Some(Flag::PaymentUnknown)
        )
    );
    assert_eq!(stand.held("last").await, 1);
    assert_eq!(stand.emails(&order).await, ["needs_a_look"]);
    assert!(!flagged.has_money(), "a flag is no money");

    // The browser's cart is not tied to it any more.
    let again = stand.check_out(&cart("low-a4.1"), &key).await;
    assert!(matches!(again, Ok(Checkout::Pay { .. })));

    // Stripe knows it after all: the flag goes, and the session's end is heard.
    shop::reconcile::once(&stand.shop, 0).await.unwrap();
    let settled = stand.again(&order).await;
    assert_eq!((settled.status, settled.flag), (OrderStatus::Expired, None));
    stand.check_books().await;
}

#[tokio::test]
async fn owner_closes_a_flag_with_a_note_and_the_stock_is_free() {
    let stand = Stand::open().await;
    let admin = stand.admin().await;
    let (order, _) = stand.order(&cart("last.1")).await;
    let shop = stand
        .with_stripe_at(&other_account(&stand).await.base)
        .await;
    shop::reconcile::once(&shop, 0).await.unwrap();

    let csrf = stand.csrf(&admin, &order).await;
    let keep = resolve(&shop, &csrf, Resolution::Keep, None).await;
    assert!(matches!(keep, Err(ResolveError::NotAllowed(_))));
    let note = Some("Not paid in the old account");
    resolve(&shop, &csrf, Resolution::Close, note)
        .await
        .unwrap();
    let closed = stand.again(&order).await;
    assert_eq!((closed.status, closed.flag), (OrderStatus::Expired, None));
    assert_eq!(
        stand.database.texts("SELECT flag_note FROM orders").await,
        ["Not paid in the old account"]
    );
    let again = resolve(&shop, &csrf, Resolution::Close, note).await;
    assert!(matches!(again, Err(ResolveError::NotAllowed(_))));
    stand.check_books().await;
}

#[tokio::test]
async fn payment_of_another_amount_can_be_kept_or_refunded_whole() {
    for is_kept in [true, false] {
        let stand = Stand::open().await;
        let admin = stand.admin().await;
        let (order, url) = stand.order(&cart("low-a4.1")).await;
        stand
            .database
            .run("UPDATE payments SET amount = 2300")
            .await;
        stand.pay(&url).await;
        stand.tell("checkout.session.completed").await;
        let flagged = stand.again(&order).await;
        assert_eq!(flagged.flag, Some(Flag::AmountMismatch));
        if is_kept {
            let csrf = stand.csrf(&admin, &order).await;
            resolve(&stand.shop, &csrf, Resolution::Keep, None)
                .await
                .unwrap();
            let kept = stand.again(&order).await;
            assert_eq!((kept.status, kept.flag), (OrderStatus::Paid, None));
            assert!(kept.can_be_shipped());
            assert_eq!(
                stand.emails(&order).await,
                ["needs_a_look", "new_order", "receipt"]
            );
        } else {
            stand.refund_in_dashboard(&flagged, 2400).await;
            stand.tell("refund.created").await;
            let settled = stand.again(&order).await;
            assert_eq!(
                (settled.status, settled.flag, settled.stock),
                (OrderStatus::Refunded, None, StockState::Released)
            );
        }
        stand.check_books().await;
    }
}

#[tokio::test]
async fn stored_failure_of_a_session_is_answered_with_another_key() {
    let stand = Stand::open().await;
    let stub = StubStripe::start(stand.sandbox.base_url(), |asked| {
        let is_first = asked
            .idempotency_key
            .as_ref()
            .is_some_and(|key| !key.ends_with("-2"));
        (asked.path == SESSIONS && asked.method == Method::POST && is_first)
            .then_some((500, true, FAULT))
    })
    .await;
    let shop = stand.with_stripe_at(&stub.base).await;
    let key = shop::cart::new_key(&stand.shop);
    let seen = SeenPrices::default();
    let checkout = crate::stand::start(&shop, &cart("last.1"), &seen, &key).await;
    let url = pay_page(checkout);
    let again = crate::stand::start(&shop, &cart("last.1"), &seen, &key).await;
    assert_eq!(pay_page(again), url);
    assert_eq!(stand.sessions().await.len(), 1);
    assert_eq!(stub.asked(&Method::POST, SESSIONS).len(), 2);
    stand.check_books().await;
}

#[tokio::test]
async fn stored_failure_of_a_refund_is_looked_up_before_another_key_is_used() {
    for was_made in [true, false] {
        let stand = Stand::open().await;
        let admin = stand.admin().await;
        let order = stand.paid_with("low-a4.1", "4242424242424242").await;
        let id = new_id();
        if was_made {
            let payment = order.payments[0].payment_reference.as_deref().unwrap();
            let form = [
                ("payment_intent", payment),
                ("amount", "900"),
                ("metadata[refund_id]", id.as_str()),
            ];
            stand.control("/v1/refunds", &form).await;
        }
        let stub = StubStripe::start(stand.sandbox.base_url(), |asked| {
            let is_first = asked
                .idempotency_key
                .as_ref()
                .is_some_and(|key| !key.ends_with("-2"));
            (asked.path == "/v1/refunds" && asked.method == Method::POST && is_first)
                .then_some((500, true, FAULT))
        })
        .await;
        let shop = stand.with_stripe_at(&stub.base).await;

        let request = decision(id, 900);
        let csrf = stand.csrf(&admin, &order).await;
        let issued = shop::refunds::issue(&shop, &csrf, &request).await;
        assert_eq!(issued.unwrap(), Issued::Taken(RefundStatus::Succeeded));
        assert_eq!(stand.refunds_at_stripe(&order).await.len(), 1);
        let calls = if was_made { 1 } else { 2 };
        assert_eq!(stub.asked(&Method::POST, "/v1/refunds").len(), calls);
    }
}

#[tokio::test]
async fn order_without_a_session_is_released_after_its_time_whatever_stripe_says() {
    let stand = Stand::open().await;
    let stub = StubStripe::start(stand.sandbox.base_url(), |_| Some((500, false, FAULT))).await;
    let shop = stand.with_stripe_at(&stub.base).await;
    let (order, _) = stand.order(&cart("last.1")).await;
    // The server died before it heard of the session.
    stand
        .database
        .run("UPDATE payments SET reference = NULL")
        .await;
    shop::reconcile::once(&shop, 0).await.unwrap();
    assert_eq!(stand.held("last").await, 1);
    stand.pass_here(36 * 60);
    shop::reconcile::once(&shop, 0).await.unwrap();
    assert_eq!(stand.again(&order).await.status, OrderStatus::Expired);
    stand.check_books().await;
}

#[tokio::test]
async fn slow_debits_do_not_keep_the_reconciler_from_a_pending_order() {
    let stand = Stand::open().await;
    let (order, url) = stand.order(&cart("low-a4.1")).await;
    stand.pay(&url).await;
    for number in 0..120 {
        let id = format!("debit-{number}");
        stand
            .database
            .run(&format!(
                "INSERT INTO orders (id, number, token, cart_key, status, stock, currency, amount_total, created_at) \
                 VALUES ('{id}', {number}, '{id}', '{id}', 'processing', 'released', 'usd', 0, 0)"
            ))
            .await;
        stand
            .database
            .run(&format!(
                "INSERT INTO payments (id, order_id, provider, mode, reference, state, amount, currency, created_at, expires_at) \
                 VALUES ('{id}', '{id}', 'stripe_checkout', 'test', 'cs_{id}', 'processing', 0, 'usd', 0, 0)"
            ))
            .await;
    }
    // Events are lost, so that only the question about the order can tell.
    let stub = StubStripe::start(stand.sandbox.base_url(), |asked| {
        (asked.path == "/v1/events").then_some((403, false, FORBIDDEN))
    })
    .await;
    let shop = stand.with_stripe_at(&stub.base).await;
    shop::reconcile::once(&shop, 0).await.unwrap();
    assert_eq!(stand.again(&order).await.status, OrderStatus::Paid);

    // The debits take turns: those that were not asked about in the first run come in the second.
    shop::reconcile::once(&shop, 0).await.unwrap();
    let unasked = "SELECT COUNT(*) FROM payments WHERE asked_at IS NULL";
    assert_eq!(stand.database.number(unasked).await, 0);
}

#[tokio::test]
async fn row_that_cannot_be_read_does_not_end_reconciliation() {
    let stand = Stand::open().await;
    let (broken, _) = stand.order(&cart("low-a4.1")).await;
    let (order, url) = stand.order(&cart("low-a4.1")).await;
    stand.pay(&url).await;
    stand
        .database
        .run(&format!(
            "UPDATE orders SET token = '' WHERE id = '{}'",
            broken.id
        ))
        .await;
    let stub = StubStripe::start(stand.sandbox.base_url(), |asked| {
        (asked.path == "/v1/events").then_some((403, false, FORBIDDEN))
    })
    .await;
    let shop = stand.with_stripe_at(&stub.base).await;
    let report = shop::reconcile::once(&shop, 0).await.unwrap();
    assert_eq!(report.failures, 1);
    assert_eq!(stand.again(&order).await.status, OrderStatus::Paid);
}

#[tokio::test]
async fn failed_debit_is_heard_of_without_its_event() {
    let stand = Stand::open().await;
    let (order, url) = stand.order(&cart("low-a4.1")).await;
    stand.pay(&url).await;
    let unpaid = r#"{"id":"cs_1","status":"complete","payment_status":"unpaid","amount_total":2400,"currency":"usd","payment_intent":{"id":"pi_1","status":"requires_payment_method"}}"#;
    let stub = StubStripe::start(stand.sandbox.base_url(), move |asked| match &*asked.path {
        "/v1/events" => Some((403, false, FORBIDDEN)),
        path if path.starts_with(SESSIONS) => Some((200, false, unpaid)),
        _ => None,
    })
    .await;
    let shop = stand.with_stripe_at(&stub.base).await;
    shop::reconcile::once(&shop, 0).await.unwrap();
    assert_eq!(stand.again(&order).await.status, OrderStatus::Failed);
    assert_eq!(stand.emails(&order).await, ["payment_failed"]);
    stand.check_books().await;
}

#[tokio::test]
async fn order_page_asks_stripe_once_in_five_seconds() {
    let stand = Stand::open().await;
    let stub = StubStripe::start(stand.sandbox.base_url(), |_| None).await;
    let shop = stand.with_stripe_at(&stub.base).await;
    let (order, _) = stand.order(&cart("low-a4.1")).await;
    let reference = order.payments[0].reference.clone().unwrap();
    let path = format!("{SESSIONS}/{reference}");
    for (wait, asked) in [(0, 1), (4, 1), (2, 2), (0, 2)] {
        stand.pass_here(wait);
        shop::orders::view(&shop, &order.token, Some(&reference))
            .await
            .unwrap();
        assert_eq!(stub.asked(&Method::GET, &path).len(), asked);
    }
}

#[tokio::test]
async fn test_order_is_not_shipped_from_a_live_shop() {
    let stand = Stand::open().await;
    let admin = stand.admin().await;
    let order = stand.paid_with("low-a4.1", "4242424242424242").await;
    let live = stand.live().await;
    assert!(live.is_test_order(&order));
    let csrf = stand.csrf(&admin, &order).await;
    let shipped = ship(&live, &csrf, None, None).await;
    assert!(matches!(shipped, Err(ShipError::TestOrder)));
    assert!(!stand.shop.is_test_order(&order));
    ship(&stand.shop, &csrf, None, None).await.unwrap();
}

#[tokio::test]
async fn clock_that_is_far_off_is_named_in_the_error() {
    let stand = Stand::open().await;
    stand.pass_here(-20 * 60);
    let late = stand
        .check_out(&cart("last.1"), &shop::cart::new_key(&stand.shop))
        .await;
    assert!(matches!(
        late,
        Err(CheckoutError::Failed(shop::Error::Clock))
    ));
    stand.check_books().await;
    stand.pass_here(18 * 60);
    let close = stand
        .check_out(&cart("last.1"), &shop::cart::new_key(&stand.shop))
        .await;
    assert!(matches!(close, Ok(Checkout::Pay { .. })));
}
