use domain::id::{OrderId, RefundId};
use domain::money::{Currency, Money};
use domain::order::{PaymentFact, RefundReason, RefundStatus};
use payments::event::EventPayload;
use payments::{ApiError, NewRefund, SessionStatus, Stripe};
use serde_json::json;
use testkit::stub_stripe::{Reply, StubStripe};
use tokio::task::JoinSet;

use crate::client::{KEY, fast_policy, new_session, pay, sandbox, slow_policy, stripe_at};

fn new_refund() -> NewRefund {
    NewRefund {
        attempt: 1,
        id: RefundId::parse("refund-1").unwrap(),
        order: OrderId::parse("order-1").unwrap(),
        payment_reference: "pi_1".to_owned(),
        amount: Money::new(1200, Currency::USD),
        reason: Some(RefundReason::Duplicate),
    }
}

fn code(error: &ApiError) -> &str {
    match error {
        ApiError::Refused { code, .. } => code,
        other => panic!("not refused but {other:?}"),
    }
}

fn reported(id: &str, status: &str) -> serde_json::Value {
    json!({
        "id": id, "object": "refund", "amount": 1200, "currency": "usd", "status": status,
        "reason": "duplicate", "created": 1_790_000_000, "payment_intent": "pi_1",
        "metadata": { "order_id": "order-1", "refund_id": "refund-1" },
    })
}

fn full(body: &serde_json::Value) -> Reply {
    Reply::Full(200, &[], body.to_string())
}

/// An order that is paid, by its PaymentIntent.
async fn paid(stripe: &Stripe) -> String {
    let made = stripe
        .create_checkout_session(&new_session("order-1"))
        .await
        .unwrap();
    pay(&made).await;
    match stripe.checkout_session(&made.id).await.unwrap().status {
        SessionStatus::Settled(PaymentFact::Captured(payment)) => {
            payment.payment_reference.unwrap()
        }
        other => panic!("it is paid, not {other:?}"),
    }
}

#[tokio::test]
async fn refund_decision_is_one_refund_whoever_reports_it() {
    let (_sandbox, stripe, _folder) = sandbox().await;
    let new = NewRefund {
        payment_reference: paid(&stripe).await,
        ..new_refund()
    };
    let mut clicks = JoinSet::new();
    for _ in 0..5 {
        let (stripe, new) = (stripe.clone(), new.clone());
        clicks.spawn(async move { stripe.create_refund(&new).await.unwrap() });
    }
    let made = clicks.join_all().await;
    assert_eq!(made[0].amount, new.amount);
    assert_eq!(made[0].status, RefundStatus::Succeeded);
    assert_eq!(made[0].refund_id.as_ref(), Some(&new.id));
    assert_eq!(made[0].reason, new.reason);
    assert!(made.iter().all(|each| *each == made[0]), "{made:?}");
    assert_eq!(
        stripe.refunds_of(&new.payment_reference).await.unwrap(),
        made[..1]
    );
    assert_eq!(stripe.refund(&made[0].stripe_id).await.unwrap(), made[0]);

    let events = stripe.events_since(0).await.unwrap();
    let reported = events.into_iter().find_map(|event| match event.payload {
        Some(EventPayload::Refund(payload)) => Some(payload),
        _ => None,
    });
    let reported = reported.unwrap();
    assert_eq!(reported.fact, made[0]);
    assert_eq!(reported.order_id.as_ref(), Some(&new.order));
    assert_eq!(
        reported.payment_reference,
        Some(new.payment_reference.clone())
    );

    let changed = NewRefund {
        amount: Money::new(1300, Currency::USD),
        ..new.clone()
    };
    let error = stripe.create_refund(&changed).await.unwrap_err();
    assert_eq!(code(&error), "idempotency_error");
    let too_much = NewRefund {
        id: RefundId::parse("refund-2").unwrap(),
        amount: Money::new(6000, Currency::USD),
        ..new
    };
    let error = stripe.create_refund(&too_much).await.unwrap_err();
    assert!(matches!(error, ApiError::Refused { status: 400, .. }));
    assert!(error.request_id().is_some(), "{error:?}");
}

#[tokio::test]
async fn refund_is_asked_for_by_its_decision_until_there_is_an_answer() {
    let stub = StubStripe::start([
        Reply::Text(502, "<html>Bad Gateway</html>"),
        Reply::Text(200, r#"{"id":"re_1"}"#),
        full(&reported("re_1", "pending")),
    ])
    .await;
    let stripe = stripe_at(&stub.base, KEY, slow_policy());
    let fact = stripe.create_refund(&new_refund()).await.unwrap();
    assert_eq!(fact.stripe_id, "re_1");
    assert_eq!(fact.status, RefundStatus::Pending);
    assert_eq!(fact.refund_id, Some(new_refund().id));

    let asked = stub.asked();
    assert_eq!(asked.len(), 3);
    for request in &asked {
        assert_eq!(request.path, "/v1/refunds");
        assert_eq!(request.idempotency_key.as_deref(), Some("refund-refund-1"));
        assert_eq!(request.body, asked[0].body);
    }
    let body = std::str::from_utf8(&asked[0].body).unwrap();
    let mut members: Vec<_> = body.split('&').collect();
    members.sort_unstable();
    assert_eq!(
        members,
        [
            "amount=1200",
            "metadata[order_id]=order-1",
            "metadata[refund_id]=refund-1",
            "payment_intent=pi_1",
            "reason=duplicate",
        ]
    );
}

#[tokio::test]
async fn refund_that_stripe_refuses_says_why() {
    let body = json!({ "error": {
        "type": "invalid_request_error",
        "code": "charge_already_refunded",
        "message": "Charge ch_1 has already been refunded.",
    }});
    let stub = StubStripe::start([Reply::Full(
        400,
        &[("request-id", "req_a1")],
        body.to_string(),
    )])
    .await;
    let stripe = stripe_at(&stub.base, KEY, fast_policy());
    let error = stripe.create_refund(&new_refund()).await.unwrap_err();
    assert_eq!(
        error,
        ApiError::Refused {
            status: 400,
            code: "charge_already_refunded".to_owned(),
            param: "none".to_owned(),
            request_id: Some("req_a1".to_owned()),
        }
    );
    assert_eq!(stub.asked().len(), 1);
}

#[tokio::test]
async fn refund_can_be_asked_for() {
    let stub = StubStripe::start([full(&reported("re_1", "succeeded"))]).await;
    let stripe = stripe_at(&stub.base, KEY, slow_policy());
    let fact = stripe.refund("re_1").await.unwrap();
    assert_eq!(fact.status, RefundStatus::Succeeded);
    assert_eq!(fact.amount, Money::new(1200, Currency::USD));
    let asked = stub.asked();
    assert_eq!(asked[0].path, "/v1/refunds/re_1");
    assert_eq!(asked[0].idempotency_key, None, "asking changes nothing");
}

#[tokio::test]
async fn all_refunds_of_a_payment_are_listed_page_by_page() {
    let page = |data: serde_json::Value, has_more: bool| {
        full(&json!({ "object": "list", "data": data, "has_more": has_more }))
    };
    let stub = StubStripe::start([
        page(
            json!([
                reported("re_3", "failed"),
                reported("re_2", "of_the_future")
            ]),
            true,
        ),
        page(json!([reported("re_1", "succeeded")]), false),
    ])
    .await;
    let stripe = stripe_at(&stub.base, KEY, slow_policy());
    let facts = stripe.refunds_of("pi_1").await.unwrap();
    let ids: Vec<_> = facts.iter().map(|fact| fact.stripe_id.as_str()).collect();
    assert_eq!(ids, ["re_3", "re_1"]);
    let asked = stub.asked();
    assert_eq!(asked.len(), 2);
    assert!(asked[0].query.contains("payment_intent=pi_1"));
    assert!(!asked[0].query.contains("starting_after"));
    assert!(asked[1].query.contains("starting_after=re_2"));
}

#[tokio::test]
async fn refund_without_its_amount_is_not_guessed() {
    let stub = StubStripe::start([full(
        &json!({ "data": [{ "id": "re_1", "status": "succeeded" }], "has_more": false }),
    )])
    .await;
    let stripe = stripe_at(&stub.base, KEY, fast_policy());
    let error = stripe.refunds_of("pi_1").await.unwrap_err();
    assert!(matches!(error, ApiError::Unreachable(_)), "{error:?}");
}
