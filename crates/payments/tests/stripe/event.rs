use domain::money::{Currency, Money};
use domain::order::{Payment, PaymentFact};
use payments::event::{Event, ParseEventError};
use proptest::prelude::*;
use serde_json::{Value, json};

/// An event about a session that was paid, as Stripe sends it, as far as the shop reads it.
fn completed() -> Value {
    json!({
        "id": "evt_1",
        "object": "event",
        "type": "checkout.session.completed",
        "api_version": "2026-09-30.endive",
        "livemode": false,
        "data": { "object": {
            "id": "cs_test_1",
            "object": "checkout.session",
            "mode": "payment",
            "client_reference_id": "order-1",
            "payment_status": "paid",
            "amount_total": 2400,
            "currency": "usd",
            "payment_intent": "pi_1",
            "customer_details": { "email": "ada@example.com", "phone": null },
            "customer_email": null,
        }},
    })
}

/// The same with members of the session changed; `null` is what Stripe sends for what it does not have.
fn session_with(changes: &[(&str, Value)]) -> Value {
    let mut event = completed();
    for (member, value) in changes {
        event["data"]["object"][*member] = value.clone();
    }
    event
}

fn parse(event: &Value) -> Event {
    Event::parse(event.to_string().as_bytes()).unwrap()
}

fn fact(event: &Value) -> PaymentFact {
    parse(event).news.unwrap().fact
}

fn payment() -> Payment {
    Payment {
        total: Money::new(2400, Currency::USD),
        payment_intent_id: Some("pi_1".to_owned()),
        email: Some("ada@example.com".to_owned()),
    }
}

#[test]
fn a_paid_session_says_what_was_paid_for_which_order_by_whom() {
    let event = parse(&completed());
    assert_eq!(event.id, "evt_1");
    assert_eq!(event.kind, "checkout.session.completed");
    assert_eq!(event.object_id.as_deref(), Some("cs_test_1"));
    assert!(!event.livemode);
    let news = event.news.unwrap();
    assert_eq!(news.session_id, "cs_test_1");
    assert_eq!(news.client_reference_id.as_deref(), Some("order-1"));
    assert_eq!(news.fact, PaymentFact::Paid(payment()));
}

#[test]
fn the_payment_status_decides_what_completed_means() {
    let with_status = |status: &str| fact(&session_with(&[("payment_status", json!(status))]));
    assert_eq!(
        with_status("no_payment_required"),
        PaymentFact::Paid(payment())
    );
    assert_eq!(with_status("unpaid"), PaymentFact::Unpaid(payment()));
}

#[test]
fn each_type_about_a_session_has_its_fact() {
    for (kind, expected) in [
        ("checkout.session.expired", PaymentFact::Expired),
        (
            "checkout.session.async_payment_failed",
            PaymentFact::AsyncPaymentFailed,
        ),
        (
            "checkout.session.async_payment_succeeded",
            PaymentFact::AsyncPaymentSucceeded(payment()),
        ),
    ] {
        let mut event = completed();
        event["type"] = json!(kind);
        assert_eq!(fact(&event), expected, "{kind}");
    }
}

#[test]
fn an_expired_session_needs_no_amount() {
    let mut event = session_with(&[
        ("amount_total", json!(null)),
        ("currency", json!(null)),
        ("payment_intent", json!(null)),
        ("customer_details", json!(null)),
    ]);
    event["type"] = json!("checkout.session.expired");
    assert_eq!(fact(&event), PaymentFact::Expired);
}

#[test]
fn an_expanded_payment_intent_is_read_by_its_id() {
    let expanded = session_with(&[(
        "payment_intent",
        json!({ "id": "pi_2", "object": "payment_intent" }),
    )]);
    assert_eq!(
        fact(&expanded)
            .payment()
            .unwrap()
            .payment_intent_id
            .as_deref(),
        Some("pi_2")
    );
}

#[test]
fn the_address_that_the_shop_gave_stands_in_for_one_that_the_shopper_did_not() {
    for details in [json!(null), json!({ "email": null }), json!({})] {
        let event = session_with(&[
            ("customer_details", details),
            ("customer_email", json!("known@example.com")),
        ]);
        assert_eq!(
            fact(&event).payment().unwrap().email.as_deref(),
            Some("known@example.com")
        );
    }
}

#[test]
fn members_that_may_be_missing_may_be_missing() {
    let event = json!({
        "id": "evt_1",
        "type": "checkout.session.completed",
        "data": { "object": { "id": "cs_1", "payment_status": "paid", "amount_total": 0, "currency": "JPY" }},
    });
    let news = parse(&event).news.unwrap();
    assert_eq!(news.client_reference_id, None);
    let total = Money::new(0, Currency::parse("jpy").unwrap());
    assert_eq!(
        news.fact,
        PaymentFact::Paid(Payment {
            total,
            payment_intent_id: None,
            email: None
        })
    );
}

#[test]
fn a_paid_session_that_lacks_what_the_shop_acts_on_names_itself_and_the_member() {
    for (change, member) in [
        (("amount_total", json!(null)), "amount_total"),
        (("amount_total", json!("2400")), "data.object"),
        (("amount_total", json!(24.5)), "data.object"),
        (("amount_total", json!(u64::MAX)), "data.object"),
        (("currency", json!(null)), "currency"),
        (("currency", json!("dollars")), "currency"),
        (("payment_status", json!(null)), "payment_status"),
        (("payment_status", json!("maybe")), "payment_status"),
        (("id", json!(null)), "data.object"),
        (("payment_intent", json!(5)), "data.object"),
    ] {
        let body = session_with(std::slice::from_ref(&change)).to_string();
        match Event::parse(body.as_bytes()) {
            Err(ParseEventError::Incomplete { id, member: found }) => {
                assert_eq!((id.as_str(), found), ("evt_1", member), "{change:?}");
            }
            other => panic!("{change:?} gave {other:?}"),
        }
    }
    for object in [json!(null), json!([]), json!("cs_1"), json!({})] {
        let mut event = completed();
        event["data"]["object"] = object.clone();
        let error = Event::parse(event.to_string().as_bytes()).unwrap_err();
        assert!(
            matches!(error, ParseEventError::Incomplete { .. }),
            "{object}: {error:?}"
        );
    }
}

#[test]
fn what_the_shop_does_not_act_on_is_no_news_whatever_its_form() {
    for (kind, object) in [
        ("payment_intent.succeeded", json!({ "id": "pi_1" })),
        ("checkout.session.of_the_future", json!({ "id": "cs_1" })),
        (
            "charge.refunded",
            json!({ "id": "ch_1", "amount_total": "many" }),
        ),
        ("v2.core.event", json!(null)),
        ("", json!([1, 2, 3])),
    ] {
        let event =
            json!({ "id": "evt_2", "type": kind, "livemode": true, "data": { "object": object } });
        let event = parse(&event);
        assert_eq!((event.kind.as_str(), event.news), (kind, None));
        assert!(event.livemode);
    }
}

#[test]
fn a_session_that_takes_no_payment_is_another_integrations_and_no_news() {
    // The same Stripe account may save cards (setup mode has no amount) or sell subscriptions beside the shop.
    for (mode, amount) in [("setup", json!(null)), ("subscription", json!(900))] {
        let event = session_with(&[
            ("mode", json!(mode)),
            ("amount_total", amount),
            ("currency", json!(null)),
            ("payment_intent", json!(null)),
            ("payment_status", json!("no_payment_required")),
        ]);
        assert_eq!(parse(&event).news, None, "{mode}");
    }
}

#[test]
fn what_is_no_event_is_an_error_and_no_crash() {
    let deep = |open: &str, close: &str| open.repeat(20_000) + &close.repeat(20_000);
    let nested = completed().to_string().replace("null", &deep("[", "]"));
    for body in [
        Vec::new(),
        b"nonsense".to_vec(),
        b"null".to_vec(),
        b"[]".to_vec(),
        b"{}".to_vec(),
        br#"{"id":"evt_1"}"#.to_vec(),
        br#"{"id":1,"type":"a","data":{"object":{}}}"#.to_vec(),
        br#"{"id":"evt_1","type":"a","livemode":"no","data":{"object":{}}}"#.to_vec(),
        br#"{"id":"evt_1","type":"a","data":{"object":{}}} and more"#.to_vec(),
        b"{\"id\":\"\xff\xfe\",\"type\":\"a\",\"data\":{\"object\":{}}}".to_vec(),
        vec![0xff; 64],
        deep("[", "]").into_bytes(),
        deep("{\"a\":", "}").into_bytes(),
        nested.into_bytes(),
    ] {
        let error = Event::parse(&body).unwrap_err();
        assert!(matches!(error, ParseEventError::NotAnEvent(_)), "{error:?}");
    }
}

proptest! {
    #[test]
    fn no_body_panics(body in prop::collection::vec(any::<u8>(), 0..300), cut in any::<prop::sample::Index>()) {
        let _ = Event::parse(&body);
        // A body that was cut off is never taken for a whole one.
        let whole = completed().to_string();
        prop_assert!(Event::parse(&whole.as_bytes()[..cut.index(whole.len())]).is_err());
    }
}
