use domain::id::{OrderId, RefundId};
use domain::money::{Currency, Money};
use domain::order::{
    Dispute, DisputeFunds, DisputeStatus, EarlyFraudWarning, PaymentFact, PaymentReport,
    RefundFact, RefundReason, RefundStatus,
};
use payments::event::{
    ChargeEvent, DisputeEvent, Event, EventPayload, ParseEventError, RefundEvent, SessionEvent,
};
use proptest::prelude::*;
use serde_json::{Value, json};

/// An event about a session that was paid, as Stripe sends it, as far as the shop reads it.
fn completed() -> Value {
    json!({
        "id": "evt_1",
        "object": "event",
        "type": "checkout.session.completed",
        "api_version": "2026-09-30.endive",
        "created": 1_790_000_000,
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

/// The same with members of the session changed; `null` is what Stripe sends for what it does not
/// have.
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

fn session_event(event: &Value) -> SessionEvent {
    match parse(event).payload {
        Some(EventPayload::Session(payload)) => payload,
        other => panic!("{event} gave {other:?}"),
    }
}

fn fact(event: &Value) -> PaymentFact {
    session_event(event).fact
}

fn payment() -> PaymentReport {
    PaymentReport {
        total: Money::new(2400, Currency::USD),
        payment_reference: Some("pi_1".to_owned()),
        email: Some("ada@example.com".to_owned()),
    }
}

#[test]
fn paid_session_says_what_was_paid_for_which_order_by_whom() {
    let event = parse(&completed());
    assert_eq!(event.id, "evt_1");
    assert_eq!(event.kind, "checkout.session.completed");
    assert_eq!(event.object_id.as_deref(), Some("cs_test_1"));
    assert_eq!(event.created, 1_790_000_000);
    assert!(!event.livemode);
    let payload = session_event(&completed());
    assert_eq!(payload.session_id, "cs_test_1");
    assert_eq!(payload.client_reference_id.as_deref(), Some("order-1"));
    assert_eq!(payload.fact, PaymentFact::Captured(payment()));
}

#[test]
fn payment_status_decides_what_completed_means() {
    let with_status = |status: &str| fact(&session_with(&[("payment_status", json!(status))]));
    assert_eq!(
        with_status("no_payment_required"),
        PaymentFact::Captured(payment())
    );
    assert_eq!(with_status("unpaid"), PaymentFact::Processing(payment()));
}

#[test]
fn each_type_about_a_session_has_its_fact() {
    for (kind, expected) in [
        ("checkout.session.expired", PaymentFact::Expired),
        ("checkout.session.async_payment_failed", PaymentFact::Failed),
        (
            "checkout.session.async_payment_succeeded",
            PaymentFact::Captured(payment()),
        ),
    ] {
        let mut event = completed();
        event["type"] = json!(kind);
        assert_eq!(fact(&event), expected, "{kind}");
    }
}

#[test]
fn expired_session_needs_no_amount() {
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
fn expanded_payment_intent_is_read_by_its_id() {
    let expanded = session_with(&[(
        "payment_intent",
        json!({ "id": "pi_2", "object": "payment_intent" }),
    )]);
    assert_eq!(
        fact(&expanded)
            .report()
            .unwrap()
            .payment_reference
            .as_deref(),
        Some("pi_2")
    );
}

#[test]
fn address_that_the_shop_gave_stands_in_for_one_that_the_shopper_did_not() {
    for details in [json!(null), json!({ "email": null }), json!({})] {
        let event = session_with(&[
            ("customer_details", details),
            ("customer_email", json!("known@example.com")),
        ]);
        assert_eq!(
            fact(&event).report().unwrap().email.as_deref(),
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
    assert_eq!(parse(&event).created, 0);
    let payload = session_event(&event);
    assert_eq!(payload.client_reference_id, None);
    let total = Money::new(0, Currency::parse("jpy").unwrap());
    assert_eq!(
        payload.fact,
        PaymentFact::Captured(PaymentReport {
            total,
            payment_reference: None,
            email: None
        })
    );
}

#[test]
fn paid_session_that_lacks_what_the_shop_acts_on_names_itself_and_the_member() {
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
fn unhandled_event_has_no_payload_whatever_its_form() {
    for (kind, object) in [
        ("payment_intent.succeeded", json!({ "id": "pi_1" })),
        ("checkout.session.of_the_future", json!({ "id": "cs_1" })),
        (
            "charge.succeeded",
            json!({ "id": "ch_1", "amount": "many" }),
        ),
        ("charge.dispute.of_the_future", json!({ "id": "du_1" })),
        ("refund.of_the_future", json!({ "id": "re_1" })),
        ("v2.core.event", json!(null)),
        ("", json!([1, 2, 3])),
    ] {
        let event = json!({ "id": "evt_2", "type": kind, "livemode": true, "created": 5, "data": { "object": object } });
        let event = parse(&event);
        assert_eq!((event.kind.as_str(), event.payload), (kind, None));
        assert!(event.livemode);
    }
}

#[test]
fn session_that_takes_no_payment_has_no_payload() {
    // The same Stripe account may save cards (setup mode has no amount) or sell subscriptions
    // beside the shop.
    for (mode, amount) in [("setup", json!(null)), ("subscription", json!(900))] {
        let event = session_with(&[
            ("mode", json!(mode)),
            ("amount_total", amount),
            ("currency", json!(null)),
            ("payment_intent", json!(null)),
            ("payment_status", json!("no_payment_required")),
        ]);
        assert_eq!(parse(&event).payload, None, "{mode}");
    }
}

#[test]
fn event_of_another_family_has_no_payload() {
    let event = json!({ "id": "evt_2", "type": "v2.core.account.updated", "created": "2026-11-25T12:00:00Z" });
    assert_eq!(
        (parse(&event).created, parse(&event).payload),
        (0, None),
        "it writes its time as a text"
    );
}

/// An event about an object.
fn about(kind: &str, object: &Value) -> Value {
    json!({ "id": "evt_1", "type": kind, "created": 1_790_000_100, "data": { "object": object } })
}

/// An object with members changed, or taken out.
fn with(object: Value, changes: &[(&str, Option<Value>)]) -> Value {
    let mut object = object;
    for (member, value) in changes {
        match value {
            Some(value) => object[*member] = value.clone(),
            None => drop(object.as_object_mut().unwrap().remove(*member)),
        }
    }
    object
}

fn refund() -> Value {
    json!({
        "id": "re_1",
        "object": "refund",
        "amount": 1200,
        "currency": "usd",
        "status": "succeeded",
        "reason": "requested_by_customer",
        "created": 1_790_000_050,
        "payment_intent": "pi_1",
        "charge": "ch_1",
        "metadata": { "order_id": "order-1", "refund_id": "refund-1" },
    })
}

fn refund_event(event: &Value) -> RefundEvent {
    match parse(event).payload {
        Some(EventPayload::Refund(payload)) => payload,
        other => panic!("{event} gave {other:?}"),
    }
}

#[test]
fn each_type_about_a_refund_says_where_it_stands() {
    for kind in [
        "refund.created",
        "refund.updated",
        "refund.failed",
        "charge.refund.updated",
    ] {
        let event = about(kind, &refund());
        assert_eq!(parse(&event).object_id.as_deref(), Some("re_1"));
        let payload = refund_event(&event);
        assert_eq!(payload.payment_reference.as_deref(), Some("pi_1"));
        assert_eq!(payload.order_id.unwrap().as_str(), "order-1");
        assert_eq!(
            payload.fact,
            RefundFact {
                stripe_id: "re_1".to_owned(),
                refund_id: Some(RefundId::parse("refund-1").unwrap()),
                amount: Money::new(1200, Currency::USD),
                status: RefundStatus::Succeeded,
                reason: Some(RefundReason::RequestedByCustomer),
                failure: None,
                created_at: 1_790_000_050,
            },
            "{kind}"
        );
    }
}

#[test]
fn refund_that_failed_says_why() {
    let failed = with(
        refund(),
        &[
            ("status", Some(json!("failed"))),
            ("failure_reason", Some(json!("expired_or_canceled_card"))),
        ],
    );
    let fact = refund_event(&about("refund.failed", &failed)).fact;
    assert_eq!(fact.status, RefundStatus::Failed);
    assert_eq!(fact.failure.as_deref(), Some("expired_or_canceled_card"));
}

#[test]
fn refund_made_in_the_dashboard_is_known_by_its_payment() {
    for metadata in [
        None,
        Some(json!(null)),
        Some(json!({})),
        Some(json!([])),
        Some(json!({ "refund_id": 5, "order_id": "no order id!" })),
        Some(json!({ "refund_id": "", "order_id": null })),
    ] {
        let made = with(
            refund(),
            &[
                ("metadata", metadata),
                ("reason", Some(json!(null))),
                (
                    "payment_intent",
                    Some(json!({ "id": "pi_9", "object": "payment_intent" })),
                ),
            ],
        );
        let payload = refund_event(&about("refund.created", &made));
        assert_eq!(payload.payment_reference.as_deref(), Some("pi_9"));
        assert_eq!(
            (payload.order_id, payload.fact.refund_id),
            (None, None),
            "{made}"
        );
        assert_eq!(payload.fact.reason, None);
    }
}

#[test]
fn refund_of_a_charge_without_a_payment_intent_is_read() {
    for absent in [None, Some(json!(null))] {
        let old = with(refund(), &[("payment_intent", absent)]);
        assert_eq!(
            refund_event(&about("refund.created", &old)).payment_reference,
            None
        );
    }
}

#[test]
fn unknown_refund_status_has_no_payload() {
    // `requested` and `refused` are statuses of the shop's own, which Stripe does not set.
    for status in ["reversed", "", "requested", "refused", "SUCCEEDED"] {
        let reported = with(refund(), &[("status", Some(json!(status)))]);
        assert_eq!(
            parse(&about("refund.updated", &reported)).payload,
            None,
            "{status}"
        );
    }
    let reported = with(refund(), &[("status", Some(json!(null)))]);
    assert_eq!(parse(&about("refund.updated", &reported)).payload, None);
    let reason = with(refund(), &[("reason", Some(json!("of_the_future")))]);
    assert_eq!(
        refund_event(&about("refund.updated", &reason)).fact.reason,
        None
    );
}

fn dispute() -> Value {
    json!({
        "id": "du_1",
        "object": "dispute",
        "amount": 2400,
        "currency": "usd",
        "status": "needs_response",
        "reason": "fraudulent",
        "created": 1_790_000_060,
        "payment_intent": "pi_1",
        "charge": "ch_1",
        "is_charge_refundable": false,
        "evidence_details": { "due_by": 1_791_000_000, "has_evidence": false },
        "balance_transactions": [],
        "metadata": {},
    })
}

fn dispute_event(event: &Value) -> DisputeEvent {
    match parse(event).payload {
        Some(EventPayload::Dispute(payload)) => payload,
        other => panic!("{event} gave {other:?}"),
    }
}

#[test]
fn each_type_about_a_dispute_says_where_it_and_the_money_stand() {
    for (kind, funds) in [
        ("created", DisputeFunds::Kept),
        ("updated", DisputeFunds::Kept),
        ("closed", DisputeFunds::Kept),
        ("funds_withdrawn", DisputeFunds::Withdrawn),
        ("funds_reinstated", DisputeFunds::Reinstated),
    ] {
        let payload = dispute_event(&about(&format!("charge.dispute.{kind}"), &dispute()));
        assert_eq!(payload.payment_reference.as_deref(), Some("pi_1"));
        assert_eq!(
            payload.dispute,
            Dispute {
                id: "du_1".to_owned(),
                amount: Money::new(2400, Currency::USD),
                status: DisputeStatus::NeedsResponse,
                reason: "fraudulent".to_owned(),
                due_by: Some(1_791_000_000),
                funds,
                is_charge_refundable: false,
                is_appealed: false,
                opened_at: 1_790_000_060,
                told_at: 1_790_000_100,
            },
            "{kind}"
        );
    }
}

#[test]
fn movements_on_the_balance_tell_where_disputed_money_is() {
    for (rows, funds) in [
        (json!(null), DisputeFunds::Kept),
        (json!([]), DisputeFunds::Kept),
        (json!(["txn_1"]), DisputeFunds::Kept),
        (json!([{ "id": "txn_1", "amount": 0 }]), DisputeFunds::Kept),
        (
            json!([{ "id": "txn_1", "amount": -2400, "fee": 1500 }]),
            DisputeFunds::Withdrawn,
        ),
        (
            json!([{ "id": "txn_1", "amount": -2400 }, { "id": "txn_2", "amount": 2400 }]),
            DisputeFunds::Reinstated,
        ),
        (
            json!([{ "id": "txn_2", "amount": 2400 }, { "id": "txn_1", "amount": -2400 }]),
            DisputeFunds::Reinstated,
        ),
    ] {
        let reported = with(dispute(), &[("balance_transactions", Some(rows.clone()))]);
        let payload = dispute_event(&about("charge.dispute.updated", &reported));
        assert_eq!(payload.dispute.funds, funds, "{rows}");
    }
}

#[test]
fn dispute_without_a_deadline_or_of_an_unknown_status_is_still_parsed() {
    for details in [
        None,
        Some(json!(null)),
        Some(json!({})),
        Some(json!({ "due_by": null })),
    ] {
        let reported = with(dispute(), &[("evidence_details", details)]);
        let payload = dispute_event(&about("charge.dispute.created", &reported));
        assert_eq!(payload.dispute.due_by, None);
    }
    for status in [None, Some(json!(null)), Some(json!("of_the_future"))] {
        let reported = with(
            dispute(),
            &[
                ("status", status),
                ("reason", None),
                ("created", None),
                ("payment_intent", Some(json!({ "id": "pi_9" }))),
            ],
        );
        let payload = dispute_event(&about("charge.dispute.created", &reported));
        assert_eq!(payload.payment_reference.as_deref(), Some("pi_9"));
        assert_eq!(payload.dispute.status, DisputeStatus::Unknown);
        assert_eq!(payload.dispute.reason, "general");
        assert_eq!(payload.dispute.opened_at, payload.dispute.told_at);
    }
}

#[test]
fn refunded_charge_says_how_much_went_back() {
    let charge = json!({
        "id": "ch_1",
        "object": "charge",
        "amount": 2400,
        "amount_refunded": 1200,
        "currency": "usd",
        "payment_intent": "pi_1",
        "metadata": { "order_id": "order-1" },
    });
    let payload = |charge: &Value| match parse(&about("charge.refunded", charge)).payload {
        Some(EventPayload::ChargeRefunded(payload)) => payload,
        other => panic!("{charge} gave {other:?}"),
    };
    assert_eq!(
        payload(&charge),
        ChargeEvent {
            payment_reference: Some("pi_1".to_owned()),
            order_id: Some(OrderId::parse("order-1").unwrap()),
            amount_refunded: Money::new(1200, Currency::USD),
        }
    );
    let bare = with(charge, &[("payment_intent", None), ("metadata", None)]);
    let payload = payload(&bare);
    assert_eq!((payload.payment_reference, payload.order_id), (None, None));
}

#[test]
fn refunds_and_disputes_without_their_money_name_themselves_and_the_member() {
    for (kind, object, member, expected) in [
        ("refund.created", refund(), "id", "data.object"),
        ("refund.created", refund(), "amount", "amount"),
        ("refund.created", refund(), "currency", "currency"),
        ("refund.created", refund(), "created", "data.object.created"),
        ("charge.dispute.closed", dispute(), "id", "data.object"),
        ("charge.dispute.closed", dispute(), "amount", "amount"),
        ("charge.dispute.closed", dispute(), "currency", "currency"),
        (
            "charge.refunded",
            json!({ "id": "ch_1", "currency": "usd" }),
            "amount",
            "amount_refunded",
        ),
    ] {
        let event = about(kind, &with(object, &[(member, None)]));
        match Event::parse(event.to_string().as_bytes()) {
            Err(ParseEventError::Incomplete { id, member: found }) => {
                assert_eq!((id.as_str(), found), ("evt_1", expected), "{event}");
            }
            other => panic!("{event} gave {other:?}"),
        }
    }
    let mut timeless = about("charge.dispute.closed", &dispute());
    timeless["created"] = json!(null);
    assert!(matches!(
        Event::parse(timeless.to_string().as_bytes()),
        Err(ParseEventError::Incomplete {
            member: "created",
            ..
        })
    ));
}

fn early_fraud_warning() -> Value {
    json!({
        "id": "issfr_1",
        "object": "radar.early_fraud_warning",
        "actionable": true,
        "charge": "ch_1",
        "created": 1_790_000_060,
        "fraud_type": "made_with_stolen_card",
        "livemode": false,
        "payment_intent": "pi_1",
    })
}

#[test]
fn early_fraud_warning_says_whether_a_refund_helps_and_for_which_payment() {
    let read = |kind: &str, object: &Value| match parse(&about(
        &format!("radar.early_fraud_warning.{kind}"),
        object,
    ))
    .payload
    {
        Some(EventPayload::EarlyFraudWarning(payload)) => payload,
        other => panic!("{kind} gave {other:?}"),
    };
    let payload = read("created", &early_fraud_warning());
    assert_eq!(payload.payment_reference.as_deref(), Some("pi_1"));
    assert_eq!(
        payload.warning,
        EarlyFraudWarning {
            id: "issfr_1".to_owned(),
            fraud_type: "made_with_stolen_card".to_owned(),
            is_actionable: true,
            created_at: 1_790_000_060,
            reported_at: 1_790_000_100,
        }
    );
    let closed = with(
        early_fraud_warning(),
        &[
            ("actionable", Some(json!(false))),
            ("payment_intent", Some(json!({ "id": "pi_2" }))),
            ("fraud_type", None),
        ],
    );
    let payload = read("updated", &closed);
    assert_eq!(payload.payment_reference.as_deref(), Some("pi_2"));
    assert!(!payload.warning.is_actionable);
    for (member, value) in [
        ("payment_intent", None),
        ("payment_intent", Some(json!(null))),
    ] {
        let payload = read("created", &with(early_fraud_warning(), &[(member, value)]));
        assert_eq!(payload.payment_reference, None);
    }
    for value in [None, Some(json!(null)), Some(json!("yes"))] {
        let object = with(early_fraud_warning(), &[("actionable", value)]);
        let event = about("radar.early_fraud_warning.created", &object);
        let error = Event::parse(event.to_string().as_bytes()).unwrap_err();
        assert!(
            matches!(error, ParseEventError::Incomplete { .. }),
            "{error:?}"
        );
    }
    // A type of the same family that does not exist yet.
    assert_eq!(
        parse(&about(
            "radar.early_fraud_warning.closed",
            &early_fraud_warning()
        ))
        .payload,
        None
    );
}

#[test]
fn every_subscribed_type_has_a_payload() {
    for kind in Event::KINDS {
        let object = if kind.starts_with("checkout") {
            completed()["data"]["object"].clone()
        } else if kind.contains("dispute") {
            dispute()
        } else if kind.contains("fraud") {
            early_fraud_warning()
        } else {
            with(refund(), &[("amount_refunded", Some(json!(1200)))])
        };
        assert!(parse(&about(kind, &object)).payload.is_some(), "{kind}");
    }
}

#[test]
fn malformed_event_is_rejected() {
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
    fn event_parser_never_panics(body in prop::collection::vec(any::<u8>(), 0..300), cut in any::<prop::sample::Index>()) {
        let _ = Event::parse(&body);
        // A body that was cut off is never taken for a whole one.
        let whole = completed().to_string();
        prop_assert!(Event::parse(&whole.as_bytes()[..cut.index(whole.len())]).is_err());
    }
}
