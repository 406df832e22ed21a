use axum::http::Method;
use domain::cart::SeenPrices;
use domain::order::{Flag, OrderStatus, RefundStatus, Resolution, StockState};
use payments::{Mode, RetryPolicy, SecretKey, Stripe};
use shop::checkout::{Checkout, CheckoutError};
use shop::identity::{IdentityError, claim};
use shop::orders::{ResolveError, ShipError, resolve, ship};
use shop::refunds::{Issued, new_id};
use testkit::stripe_proxy::{FAULT, StripeProxy};

use crate::admin_actions::decision;
use crate::parcels::all_that_is_left;
use crate::test_shop::{TestShop, cart, pay_page};

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
async fn other_account(test: &TestShop) -> StripeProxy {
    StripeProxy::start(test.sandbox.base_url(), |asked| match &*asked.path {
        "/v1/account" => Some((200, false, OTHER_ACCOUNT)),
        "/v1/events" => Some((403, false, FORBIDDEN)),
        path if path.starts_with(SESSIONS) => Some((404, false, NOT_FOUND)),
        _ => None,
    })
    .await
}

/// Remembers whose payments the database holds, as the first start does.
async fn claim_own(test: &TestShop) {
    let stripe = stripe_at(test.sandbox.base_url());
    claim(&test.store, &stripe, Mode::Test, false, test.now())
        .await
        .unwrap();
}

#[tokio::test]
async fn key_of_another_account_or_mode_is_refused_until_the_shop_is_moved() {
    let test = TestShop::open().await;
    test.order(&cart("low-a4.1")).await;
    claim_own(&test).await;
    claim_own(&test).await;
    let other = stripe_at(&other_account(&test).await.base);
    assert!(matches!(
        claim(&test.store, &other, Mode::Test, false, test.now()).await,
        Err(IdentityError::OtherAccount { .. })
    ));
    assert!(matches!(
        claim(&test.store, &other, Mode::Live, false, test.now()).await,
        Err(IdentityError::OtherMode { .. })
    ));
    claim(&test.store, &other, Mode::Live, true, test.now())
        .await
        .unwrap();
    claim(&test.store, &other, Mode::Live, false, test.now())
        .await
        .unwrap();
    let own = stripe_at(test.sandbox.base_url());
    assert!(
        claim(&test.store, &own, Mode::Test, false, test.now())
            .await
            .is_err(),
        "the shop was moved"
    );
}

#[tokio::test]
async fn restricted_key_is_judged_by_a_payment_that_the_database_knows() {
    let test = TestShop::open().await;
    let (_, _) = test.order(&cart("low-a4.1")).await;
    let may_not_tell = |knows: bool| {
        StripeProxy::start(test.sandbox.base_url(), move |asked| match &*asked.path {
            "/v1/account" => Some((403, false, FORBIDDEN)),
            path if path.starts_with(SESSIONS) && !knows => Some((404, false, NOT_FOUND)),
            _ => None,
        })
    };
    let own = stripe_at(&may_not_tell(true).await.base);
    claim(&test.store, &own, Mode::Test, false, test.now())
        .await
        .unwrap();
    let other = stripe_at(&may_not_tell(false).await.base);
    assert!(matches!(
        claim(&test.store, &other, Mode::Test, false, test.now()).await,
        Err(IdentityError::UnknownPayment)
    ));
}

#[tokio::test]
async fn database_without_payments_takes_any_key() {
    let test = TestShop::open().await;
    claim_own(&test).await;
    let other = stripe_at(&other_account(&test).await.base);
    claim(&test.store, &other, Mode::Live, false, test.now())
        .await
        .unwrap();
}

#[tokio::test]
async fn moved_shop_starts_again_before_its_first_payment_there() {
    let test = TestShop::open().await;
    test.order(&cart("low-a4.1")).await;
    claim_own(&test).await;
    test.pass_here(1);
    // A restricted key that may not tell its account, which knows none of the old payments.
    let stub = StripeProxy::start(test.sandbox.base_url(), |asked| match &*asked.path {
        "/v1/account" => Some((403, false, FORBIDDEN)),
        path if path.starts_with(SESSIONS) => Some((404, false, NOT_FOUND)),
        _ => None,
    })
    .await;
    let other = stripe_at(&stub.base);
    for is_moving in [true, false] {
        claim(&test.store, &other, Mode::Test, is_moving, test.now())
            .await
            .unwrap();
    }
}

#[tokio::test]
async fn order_of_the_other_mode_is_flagged_after_its_time_and_its_cart_goes_on() {
    let test = TestShop::open().await;
    let key = crate::test_shop::new_key();
    test.pay_page(&cart("low-a4.1"), &key).await;
    let order = test.newest(&key).await;
    test.database
        .run("UPDATE payments SET mode = 'live', reference = NULL")
        .await;
    let again = test.check_out(&cart("low-a4.1"), &key).await;
    assert!(matches!(again, Ok(Checkout::Pay { .. })));
    assert_ne!(test.newest(&key).await.id, order.id);

    shop::reconcile::run_once(&test.shop, 0).await.unwrap();
    assert_eq!(test.again(&order).await.flag, None);
    test.pass(36 * 60).await;
    shop::reconcile::run_once(&test.shop, 0).await.unwrap();
    let flagged = test.again(&order).await;
    assert_eq!(flagged.flag, Some(Flag::PaymentUnknown));
    assert_eq!(flagged.stock, StockState::Held);
}

#[tokio::test]
async fn unreachable_stripe_does_not_keep_a_shop_from_starting() {
    let test = TestShop::open().await;
    claim_own(&test).await;
    let silent = StripeProxy::start(test.sandbox.base_url(), |_| Some((503, false, FAULT))).await;
    claim(
        &test.store,
        &stripe_at(&silent.base),
        Mode::Test,
        false,
        test.now(),
    )
    .await
    .unwrap();
}

#[tokio::test]
async fn payment_that_stripe_does_not_know_flags_its_order_and_releases_nothing() {
    let test = TestShop::open().await;
    let key = shop::cart::new_key(&test.shop);
    test.pay_page(&cart("last.1"), &key).await;
    let order = test.newest(&key).await;
    let shop = test.with_stripe_at(&other_account(&test).await.base).await;
    test.pass(60 * 60).await;
    shop::reconcile::run_once(&shop, 0).await.unwrap();
    let flagged = test.again(&order).await;
    assert_eq!(
        (flagged.status, flagged.stock, flagged.flag),
        (
            OrderStatus::Pending,
            StockState::Held,
            Some(Flag::PaymentUnknown)
        )
    );
    assert_eq!(test.held("last").await, 1);
    assert_eq!(test.emails(&order).await, ["needs_a_look"]);
    assert!(!flagged.has_money(), "a flag is no money");

    // The browser's cart is not tied to it any more.
    let again = test.check_out(&cart("low-a4.1"), &key).await;
    assert!(matches!(again, Ok(Checkout::Pay { .. })));

    // Stripe knows it after all: the flag goes, and the session's end is heard.
    shop::reconcile::run_once(&test.shop, 0).await.unwrap();
    let settled = test.again(&order).await;
    assert_eq!((settled.status, settled.flag), (OrderStatus::Expired, None));
    test.check_books().await;
}

#[tokio::test]
async fn admin_closes_a_flag_with_a_note_and_the_stock_is_free() {
    let test = TestShop::open().await;
    let admin = test.admin().await;
    let (order, _) = test.order(&cart("last.1")).await;
    let shop = test.with_stripe_at(&other_account(&test).await.base).await;
    shop::reconcile::run_once(&shop, 0).await.unwrap();

    let csrf = test.csrf(&admin, &order).await;
    let keep = resolve(&shop, &csrf, Resolution::Keep, None).await;
    assert!(matches!(keep, Err(ResolveError::NotAllowed(_))));
    let note = Some("Not paid in the old account");
    resolve(&shop, &csrf, Resolution::Close, note)
        .await
        .unwrap();
    let closed = test.again(&order).await;
    assert_eq!((closed.status, closed.flag), (OrderStatus::Expired, None));
    assert_eq!(
        test.database.texts("SELECT flag_note FROM orders").await,
        ["Not paid in the old account"]
    );
    let again = resolve(&shop, &csrf, Resolution::Close, note).await;
    assert!(matches!(again, Err(ResolveError::NotAllowed(_))));
    test.check_books().await;
}

#[tokio::test]
async fn payment_of_another_amount_can_be_kept_or_refunded_whole() {
    for is_kept in [true, false] {
        let test = TestShop::open().await;
        let admin = test.admin().await;
        let (order, url) = test.order(&cart("low-a4.1")).await;
        test.database.run("UPDATE payments SET amount = 2300").await;
        test.pay(&url).await;
        test.tell("checkout.session.completed").await;
        let flagged = test.again(&order).await;
        assert_eq!(flagged.flag, Some(Flag::AmountMismatch));
        if is_kept {
            let csrf = test.csrf(&admin, &order).await;
            resolve(&test.shop, &csrf, Resolution::Keep, None)
                .await
                .unwrap();
            let kept = test.again(&order).await;
            assert_eq!((kept.status, kept.flag), (OrderStatus::Paid, None));
            assert!(kept.can_be_shipped());
            assert_eq!(
                test.emails(&order).await,
                ["needs_a_look", "new_order", "receipt"]
            );
        } else {
            test.refund_in_dashboard(&flagged, 2400).await;
            test.tell("refund.created").await;
            let settled = test.again(&order).await;
            assert_eq!(
                (settled.status, settled.flag, settled.stock),
                (OrderStatus::Refunded, None, StockState::Released)
            );
        }
        test.check_books().await;
    }
}

#[tokio::test]
async fn stored_failure_of_a_session_is_answered_with_another_key() {
    let test = TestShop::open().await;
    let stub = StripeProxy::start(test.sandbox.base_url(), |asked| {
        let is_first = asked
            .idempotency_key
            .as_ref()
            .is_some_and(|key| !key.ends_with("-2"));
        (asked.path == SESSIONS && asked.method == Method::POST && is_first)
            .then_some((500, true, FAULT))
    })
    .await;
    let shop = test.with_stripe_at(&stub.base).await;
    let key = shop::cart::new_key(&test.shop);
    let seen = SeenPrices::default();
    let checkout = crate::test_shop::start(&shop, &cart("last.1"), &seen, &key).await;
    let url = pay_page(checkout);
    let again = crate::test_shop::start(&shop, &cart("last.1"), &seen, &key).await;
    assert_eq!(pay_page(again), url);
    assert_eq!(test.sessions().await.len(), 1);
    assert_eq!(stub.asked(&Method::POST, SESSIONS).len(), 2);
    test.check_books().await;
}

#[tokio::test]
async fn stored_failure_of_a_refund_is_looked_up_before_another_key_is_used() {
    for was_made in [true, false] {
        let test = TestShop::open().await;
        let admin = test.admin().await;
        let order = test.paid_with("low-a4.1", "4242424242424242").await;
        let id = new_id();
        if was_made {
            let payment = order.payments[0].payment_reference.as_deref().unwrap();
            let form = [
                ("payment_intent", payment),
                ("amount", "900"),
                ("metadata[refund_id]", id.as_str()),
            ];
            test.control("/v1/refunds", &form).await;
        }
        let stub = StripeProxy::start(test.sandbox.base_url(), |asked| {
            let is_first = asked
                .idempotency_key
                .as_ref()
                .is_some_and(|key| !key.ends_with("-2"));
            (asked.path == "/v1/refunds" && asked.method == Method::POST && is_first)
                .then_some((500, true, FAULT))
        })
        .await;
        let shop = test.with_stripe_at(&stub.base).await;

        let request = decision(id, 900);
        let csrf = test.csrf(&admin, &order).await;
        let issued = shop::refunds::issue(&shop, &csrf, &request).await;
        assert_eq!(issued.unwrap(), Issued::Taken(RefundStatus::Succeeded));
        assert_eq!(test.refunds_at_stripe(&order).await.len(), 1);
        let calls = if was_made { 1 } else { 2 };
        assert_eq!(stub.asked(&Method::POST, "/v1/refunds").len(), calls);
    }
}

#[tokio::test]
async fn order_without_a_session_is_released_after_its_time_whatever_stripe_says() {
    let test = TestShop::open().await;
    let stub = StripeProxy::start(test.sandbox.base_url(), |_| Some((500, false, FAULT))).await;
    let shop = test.with_stripe_at(&stub.base).await;
    let (order, _) = test.order(&cart("last.1")).await;
    // The server died before it heard of the session.
    test.database
        .run("UPDATE payments SET reference = NULL")
        .await;
    shop::reconcile::run_once(&shop, 0).await.unwrap();
    assert_eq!(test.held("last").await, 1);
    test.pass_here(36 * 60);
    shop::reconcile::run_once(&shop, 0).await.unwrap();
    assert_eq!(test.again(&order).await.status, OrderStatus::Expired);
    test.check_books().await;
}

#[tokio::test]
async fn slow_debits_do_not_keep_the_reconciler_from_a_pending_order() {
    let test = TestShop::open().await;
    let (order, url) = test.order(&cart("low-a4.1")).await;
    test.pay(&url).await;
    for number in 0..120 {
        let id = format!("debit-{number}");
        test
            .database
            .run(&format!(
                "INSERT INTO orders (id, number, token, cart_key, status, stock, currency, amount_total, created_at) \
                 VALUES ('{id}', {number}, '{id}', '{id}', 'processing', 'released', 'usd', 0, 0)"
            ))
            .await;
        test
            .database
            .run(&format!(
                "INSERT INTO payments (id, order_id, provider, mode, reference, state, amount, currency, created_at, expires_at) \
                 VALUES ('{id}', '{id}', 'stripe_checkout', 'test', 'cs_{id}', 'processing', 0, 'usd', 0, 0)"
            ))
            .await;
    }
    // Events are lost, so that only the question about the order can tell.
    let stub = StripeProxy::start(test.sandbox.base_url(), |asked| {
        (asked.path == "/v1/events").then_some((403, false, FORBIDDEN))
    })
    .await;
    let shop = test.with_stripe_at(&stub.base).await;
    shop::reconcile::run_once(&shop, 0).await.unwrap();
    assert_eq!(test.again(&order).await.status, OrderStatus::Paid);

    // The debits take turns: those that were not asked about in the first run come in the second.
    shop::reconcile::run_once(&shop, 0).await.unwrap();
    let unasked = "SELECT COUNT(*) FROM payments WHERE asked_at IS NULL";
    assert_eq!(test.database.number(unasked).await, 0);
}

#[tokio::test]
async fn row_that_cannot_be_read_does_not_end_reconciliation() {
    let test = TestShop::open().await;
    let (broken, _) = test.order(&cart("low-a4.1")).await;
    let (order, url) = test.order(&cart("low-a4.1")).await;
    test.pay(&url).await;
    test.database
        .run(&format!(
            "UPDATE orders SET token = '' WHERE id = '{}'",
            broken.id
        ))
        .await;
    let stub = StripeProxy::start(test.sandbox.base_url(), |asked| {
        (asked.path == "/v1/events").then_some((403, false, FORBIDDEN))
    })
    .await;
    let shop = test.with_stripe_at(&stub.base).await;
    let report = shop::reconcile::run_once(&shop, 0).await.unwrap();
    assert_eq!(report.failures, 1);
    assert_eq!(test.again(&order).await.status, OrderStatus::Paid);
}

#[tokio::test]
async fn failed_debit_is_heard_of_without_its_event() {
    let test = TestShop::open().await;
    let (order, url) = test.order(&cart("low-a4.1")).await;
    test.pay(&url).await;
    let unpaid = r#"{"id":"cs_1","status":"complete","payment_status":"unpaid","amount_total":2400,"currency":"usd","payment_intent":{"id":"pi_1","status":"requires_payment_method"}}"#;
    let stub = StripeProxy::start(test.sandbox.base_url(), move |asked| match &*asked.path {
        "/v1/events" => Some((403, false, FORBIDDEN)),
        path if path.starts_with(SESSIONS) => Some((200, false, unpaid)),
        _ => None,
    })
    .await;
    let shop = test.with_stripe_at(&stub.base).await;
    shop::reconcile::run_once(&shop, 0).await.unwrap();
    assert_eq!(test.again(&order).await.status, OrderStatus::Failed);
    assert_eq!(test.emails(&order).await, ["payment_failed"]);
    test.check_books().await;
}

#[tokio::test]
async fn order_page_asks_stripe_once_in_five_seconds() {
    let test = TestShop::open().await;
    let stub = StripeProxy::start(test.sandbox.base_url(), |_| None).await;
    let shop = test.with_stripe_at(&stub.base).await;
    let (order, _) = test.order(&cart("low-a4.1")).await;
    let reference = order.payments[0].reference.clone().unwrap();
    let path = format!("{SESSIONS}/{reference}");
    for (wait, asked) in [(0, 1), (4, 1), (2, 2), (0, 2)] {
        test.pass_here(wait);
        shop::orders::view(&shop, &order.token, Some(&reference))
            .await
            .unwrap();
        assert_eq!(stub.asked(&Method::GET, &path).len(), asked);
    }
}

#[tokio::test]
async fn test_order_is_not_shipped_from_a_live_shop() {
    let test = TestShop::open().await;
    let admin = test.admin().await;
    let order = test.paid_with("low-a4.1", "4242424242424242").await;
    let live = test.live().await;
    assert!(live.is_test_order(&order));
    let csrf = test.csrf(&admin, &order).await;
    let shipped = ship(&live, &csrf, all_that_is_left("parcel-1")).await;
    assert!(matches!(shipped, Err(ShipError::TestOrder)));
    assert!(!test.shop.is_test_order(&order));
    let parcel = all_that_is_left("parcel-1");
    ship(&test.shop, &csrf, parcel).await.unwrap();
}

#[tokio::test]
async fn clock_that_is_far_off_is_named_in_the_error() {
    let test = TestShop::open().await;
    test.pass_here(-20 * 60);
    let late = test
        .check_out(&cart("last.1"), &shop::cart::new_key(&test.shop))
        .await;
    assert!(matches!(
        late,
        Err(CheckoutError::Failed(shop::Error::Clock))
    ));
    test.check_books().await;
    test.pass_here(18 * 60);
    let close = test
        .check_out(&cart("last.1"), &shop::cart::new_key(&test.shop))
        .await;
    assert!(matches!(close, Ok(Checkout::Pay { .. })));
}
