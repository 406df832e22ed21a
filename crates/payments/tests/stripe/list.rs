use payments::ApiError;
use serde_json::{Value, json};
use testkit::stub_stripe::{Reply, StubStripe};

use crate::client::{KEY, fast_policy, new_session, sandbox, slow_policy, stripe_at};

fn page(data: &Value, has_more: bool) -> Reply {
    let body = json!({ "object": "list", "data": data, "has_more": has_more });
    Reply::Full(200, &[], body.to_string())
}

fn event(id: &str, object: &Value) -> Value {
    json!({ "id": id, "type": "checkout.session.expired", "created": 5, "data": { "object": object } })
}

#[tokio::test]
async fn events_are_listed_oldest_first() {
    let (_sandbox, stripe, _folder) = sandbox().await;
    assert_eq!(stripe.events_since(0).await.unwrap(), []);
    let mut ended = Vec::new();
    for order in ["order-1", "order-2", "order-3"] {
        let made = stripe
            .create_checkout_session(&new_session(order))
            .await
            .unwrap();
        stripe.expire_checkout_session(&made.id).await.unwrap();
        ended.push(made.id);
    }
    let reported = stripe.events_since(0).await.unwrap();
    let objects: Vec<_> = reported
        .iter()
        .map(|event| event.object_id.clone().unwrap())
        .collect();
    assert_eq!(objects, ended);
    for event in &reported {
        assert_eq!(event.kind, "checkout.session.expired");
        assert!(event.payload.is_some());
    }
    let newest = reported[2].created;
    assert!(!stripe.events_since(newest).await.unwrap().is_empty());
    assert_eq!(stripe.events_since(newest + 1).await.unwrap(), []);
}

#[tokio::test]
async fn list_is_read_to_its_end_and_past_what_cannot_be_read() {
    let session = |id: &str| json!({ "id": id });
    let stub = StubStripe::start([
        page(
            &json!([
                event("evt_4", &session("cs_4")),
                event("evt_3", &json!(null))
            ]),
            true,
        ),
        page(&json!([event("evt_2", &session("cs_2"))]), true),
        page(&json!([event("evt_1", &session("cs_1"))]), false),
    ])
    .await;
    let stripe = stripe_at(&stub.base, KEY, slow_policy());
    let reported = stripe.events_since(1_790_000_000).await.unwrap();
    let ids: Vec<_> = reported.iter().map(|event| event.id.as_str()).collect();
    assert_eq!(ids, ["evt_1", "evt_2", "evt_4"]);

    let asked = stub.asked();
    let cursors: Vec<_> = asked
        .iter()
        .map(|asked| {
            let mut pairs = asked.query.split('&');
            pairs.find_map(|pair| pair.strip_prefix("starting_after="))
        })
        .collect();
    assert_eq!(cursors, [None, Some("evt_3"), Some("evt_2")]);
    assert!(asked.iter().all(|asked| asked.path == "/v1/events"));
    assert!(asked[0].query.contains("created[gte]=1790000000"));
    assert!(asked[0].query.contains("charge.dispute.closed"));
}

#[tokio::test]
async fn list_that_does_not_end_is_given_up() {
    for data in [
        json!([]),
        json!([{ "name": "no id" }]),
        json!([event("evt_1", &json!({ "id": "cs_1" }))]),
    ] {
        let stub = StubStripe::start([page(&data, true)]).await;
        let stripe = stripe_at(&stub.base, KEY, fast_policy());
        let error = stripe.events_since(0).await.unwrap_err();
        assert!(matches!(error, ApiError::Unreachable(_)), "{error:?}");
        assert!(stub.asked().len() <= 2);
    }
}
