//! Webhook Endpoints: what goes where, in which version, under which secret.

use std::time::Duration;

use reqwest::Method;
use sandbox::DEFAULT_API_VERSION;
use serde_json::{Value, json};

use crate::api_client::{Answer, ApiClient, PAID, SECRET, eventually, id};
use crate::webhook_receiver::{Endpoint, Received};
use crate::webhooks::{settled, signature};

const PATH: &str = "/v1/webhook_endpoints";
const DAHLIA: &str = "2026-08-26.dahlia";

async fn create(client: &ApiClient, url: &str, more: &[(&str, &str)]) -> Value {
    let answer = client.post(PATH, &[&[("url", url)], more].concat()).await;
    assert_eq!(answer.status, 200, "{}", answer.body);
    answer.body
}

async fn delete(client: &ApiClient, path: &str) -> Answer {
    Answer::of(client.request(Method::DELETE, path).send().await.unwrap()).await
}

async fn expire(client: &ApiClient) {
    let session = client.session(&[]).await;
    let path = format!("/v1/checkout/sessions/{}/expire", id(&session));
    assert_eq!(client.post(&path, &[]).await.status, 200);
}

fn is_signed_with(received: &Received, secret: &str) -> bool {
    let header = received.header("stripe-signature");
    let time = header
        .split(',')
        .next()
        .unwrap()
        .strip_prefix("t=")
        .unwrap();
    header.contains(&format!("v1={}", signature(secret, time, &received.body)))
}

#[tokio::test]
async fn an_endpoint_is_made_read_changed_listed_and_deleted() {
    let client = ApiClient::new().await;
    let made = create(
        &client,
        "https://shop.example/hook",
        &[
            ("enabled_events[]", "charge.succeeded"),
            ("enabled_events[]", "checkout.session.completed"),
            ("api_version", DAHLIA),
            ("description", "The shop"),
            ("metadata[a]", "1"),
            ("metadata[b]", "2"),
        ],
    )
    .await;
    let secret = made["secret"].as_str().unwrap();
    assert!(secret.starts_with("whsec_") && secret.len() == 38);
    assert_eq!(made["object"], "webhook_endpoint");
    assert_eq!(made["status"], "enabled");
    assert_eq!(made["api_version"], DAHLIA);
    assert_eq!(made["application"], Value::Null);

    let path = format!("{PATH}/{}", id(&made));
    let read = client.get(&path).await.body;
    assert_eq!(
        read.get("secret"),
        None,
        "only the creation shows the secret"
    );
    let changed = client
        .post(
            &path,
            &[
                ("url", "https://shop.example/other"),
                ("enabled_events[]", "*"),
                ("description", ""),
                ("metadata[a]", ""),
                ("metadata[c]", "3"),
                ("disabled", "true"),
            ],
        )
        .await
        .body;
    assert_eq!(changed["url"], "https://shop.example/other");
    assert_eq!(changed["enabled_events"], json!(["*"]));
    assert_eq!(changed["description"], Value::Null);
    assert_eq!(changed["metadata"], json!({ "b": "2", "c": "3" }));
    assert_eq!(changed["status"], "disabled");

    let list = client.get(PATH).await.body;
    assert_eq!(list["data"].as_array().unwrap().len(), 2);
    assert_eq!(list["data"][0], changed);
    assert_eq!(
        delete(&client, &path).await.body,
        json!({ "id": id(&made), "object": "webhook_endpoint", "deleted": true })
    );
    let gone = client.get(&path).await;
    assert_eq!(
        (gone.status, &gone.error()["code"]),
        (404, &json!("resource_missing"))
    );
}

#[tokio::test]
async fn invalid_endpoints_are_refused() {
    let client = ApiClient::new().await;
    let url = ("url", "https://shop.example/hook");
    let all = ("enabled_events[]", "*");
    for (form, param) in [
        (&[all][..], "url"),
        (&[url], "enabled_events"),
        (&[("url", "ftp://shop.example"), all], "url"),
        (&[("url", "shop.example"), all], "url"),
        (
            &[url, ("enabled_events[]", "charge succeeded")],
            "enabled_events[0]",
        ),
        (
            &[
                url,
                ("enabled_events[]", "charge.succeeded"),
                ("enabled_events[]", "charge.eaten"),
            ],
            "enabled_events[1]",
        ),
        (
            &[url, ("enabled_events[]", "charge.*")],
            "enabled_events[0]",
        ),
        (&[url, all, ("api_version", "yesterday")], "api_version"),
        (&[url, all, ("connect", "true")], "connect"),
        (&[url, all, ("colour", "red")], "colour"),
        (&[url, all, ("disabled", "true")], "disabled"),
    ] {
        let answer = client.post(PATH, form).await;
        assert_eq!(
            (answer.status, &answer.error()["param"]),
            (400, &json!(param)),
            "{form:?}"
        );
    }
    assert_eq!(
        client.get(PATH).await.body["data"]
            .as_array()
            .unwrap()
            .len(),
        1
    );
}

#[tokio::test]
async fn an_account_has_at_most_sixteen_endpoints() {
    let client = ApiClient::new().await;
    let form = [
        ("url", "https://shop.example/hook"),
        ("enabled_events[]", "radar.early_fraud_warning.created"),
    ];
    for _ in 1..16 {
        client.make(PATH, &form).await;
    }
    let last = client.get(PATH).await.body["data"][0].clone();
    let refused = client.post(PATH, &form).await;
    assert_eq!(refused.status, 400);
    assert_eq!(
        refused.error()["message"],
        "You have reached the maximum of 16 test webhook endpoints."
    );
    delete(&client, &format!("{PATH}/{}", id(&last))).await;
    client.make(PATH, &form).await;
}

#[tokio::test]
async fn an_endpoint_receives_what_it_asked_for_in_its_version_under_its_secret() {
    let client = ApiClient::new().await;
    let endpoint = Endpoint::start().await;
    let events = ("enabled_events[]", "checkout.session.completed");
    let made = create(&client, endpoint.url(), &[events, ("api_version", DAHLIA)]).await;
    let session = client.session(&[]).await;
    client.pay(&session, PAID).await;
    settled(&client).await;
    assert_eq!(endpoint.received().len(), 1);
    let received = &endpoint.received()[0];
    assert!(is_signed_with(received, made["secret"].as_str().unwrap()));
    let event = received.json();
    assert_eq!(event["type"], "checkout.session.completed");
    assert_eq!(event["api_version"], DAHLIA);
    assert_eq!(event["pending_webhooks"], 2);
    let member = "allowed_payment_method_types";
    assert_eq!(event["data"]["object"].get(member), None);

    assert_eq!(client.endpoint.received().len(), 4);
    let completed = client.endpoint.received().into_iter();
    let completed = completed
        .map(|received| received.json())
        .find(|other| id(other) == id(&event))
        .unwrap();
    assert_eq!(completed["api_version"], DEFAULT_API_VERSION);
    assert!(completed["data"]["object"].get(member).is_some());
}

#[tokio::test]
async fn a_disabled_endpoint_gets_nothing_more() {
    let client = ApiClient::with(|config| {
        config.retries = vec![std::time::Duration::from_secs(3600)];
    })
    .await;
    client.endpoint.answer_next(&[500]);
    expire(&client).await;
    eventually("the first attempt failed", async || {
        client.deliveries().await[0]["attempts"]
            .as_array()
            .unwrap()
            .len()
            == 1
    })
    .await;
    let path = format!("{PATH}/{}", id(&client.get(PATH).await.body["data"][0]));
    client.post(&path, &[("disabled", "true")]).await;
    assert_eq!(client.deliveries().await[0]["state"], "canceled");
    expire(&client).await;
    client
        .control("/sandbox/clock", &[("advance", "7200")])
        .await;
    assert_eq!(client.endpoint.received().len(), 1);

    client.post(&path, &[("disabled", "false")]).await;
    expire(&client).await;
    eventually("an event came again", async || {
        client.endpoint.received().len() == 2
    })
    .await;
}

#[tokio::test]
async fn a_retry_goes_to_the_new_address() {
    let client = ApiClient::with(|config| config.retries = vec![Duration::from_secs(60)]).await;
    let (old, new) = (Endpoint::start().await, Endpoint::start().await);
    old.answer_next(&[500]);
    let wanted = ("enabled_events[]", "checkout.session.expired");
    let endpoint = create(&client, old.url(), &[wanted]).await;
    expire(&client).await;
    eventually("a first attempt", async || old.received().len() == 1).await;
    let path = format!("{PATH}/{}", id(&endpoint));
    client.make(&path, &[("url", new.url())]).await;
    client.advance(60).await;
    eventually("a second one", async || new.received().len() == 1).await;
    assert_eq!(new.received()[0].body, old.received()[0].body);
    assert_eq!(old.received().len(), 1);
}

#[tokio::test]
async fn the_endpoints_of_the_configuration_are_there_and_stay_the_same() {
    let mut client = ApiClient::new().await;
    let before = client.get(PATH).await.body["data"][0].clone();
    assert_eq!(before["url"], client.endpoint.url());
    assert_eq!(before["enabled_events"], json!(["*"]));
    client.restart().await;
    assert_eq!(client.get(PATH).await.body["data"], json!([before]));
    delete(&client, &format!("{PATH}/{}", id(&before))).await;
    expire(&client).await;
    assert_eq!(client.deliveries().await.len(), 0);
    client.control("/sandbox/reset", &[]).await;
    expire(&client).await;
    eventually("after a reset it is back", async || {
        client.endpoint.received().len() == 1
    })
    .await;
    assert!(is_signed_with(&client.endpoint.received()[0], SECRET));
}

#[tokio::test]
async fn both_secrets_sign_while_one_replaces_the_other() {
    let mut client = ApiClient::new().await;
    let endpoint = client.get(PATH).await.body["data"][0].clone();
    let path = format!("/sandbox/webhook_endpoints/{}/roll", id(&endpoint));
    let rolled = client.control(&path, &[("expires_in", "3600")]).await;
    let new = rolled["secret"].as_str().unwrap();
    client.restart().await;
    expire(&client).await;
    eventually("the first came", async || {
        client.endpoint.received().len() == 1
    })
    .await;
    let first = &client.endpoint.received()[0];
    assert!(is_signed_with(first, new) && is_signed_with(first, SECRET));

    client
        .control("/sandbox/clock", &[("advance", "3600")])
        .await;
    expire(&client).await;
    eventually("the second came", async || {
        client.endpoint.received().len() == 2
    })
    .await;
    let second = &client.endpoint.received()[1];
    assert!(is_signed_with(second, new) && !is_signed_with(second, SECRET));
    for wrong in ["-1", "86401", "x"] {
        assert_eq!(
            client.post(&path, &[("expires_in", wrong)]).await.status,
            400
        );
    }
}

#[tokio::test]
async fn an_event_is_sent_again_to_one_endpoint_or_to_all() {
    let client = ApiClient::new().await;
    let other = Endpoint::start().await;
    let made = create(&client, other.url(), &[("enabled_events[]", "*")]).await;
    expire(&client).await;
    settled(&client).await;
    let event = client.get("/v1/events").await.body["data"][0].clone();
    let path = format!("/v1/events/{}/retry", id(&event));
    let answer = client
        .post(&path, &[("webhook_endpoint", id(&made))])
        .await
        .body;
    assert_eq!(
        (id(&answer), &answer["pending_webhooks"]),
        (id(&event), &json!(1))
    );
    settled(&client).await;
    assert_eq!(
        (client.endpoint.received().len(), other.received().len()),
        (1, 2)
    );
    client.post(&path, &[("for_stripecli", "true")]).await;
    settled(&client).await;
    assert_eq!(
        (client.endpoint.received().len(), other.received().len()),
        (2, 3)
    );
    for (path, form, status) in [
        ("/v1/events/evt_x/retry", &[][..], 404),
        (&path, &[("webhook_endpoint", "we_x")], 400),
    ] {
        assert_eq!(client.post(path, form).await.status, status);
    }
}

#[tokio::test]
async fn the_log_has_each_request_and_its_answer() {
    let client = ApiClient::new().await;
    expire(&client).await;
    let delivery = settled(&client).await.remove(0);
    let shown = client
        .get(&format!("/sandbox/deliveries/{}", delivery["id"]))
        .await
        .body;
    let received = &client.endpoint.received()[0];
    assert_eq!(shown["request_body"], received.body.as_str());
    let attempt = &shown["attempts"][0];
    for name in ["stripe-signature", "content-type", "user-agent"] {
        assert_eq!(attempt["request_headers"][name], received.header(name));
    }
    assert_eq!(
        (&attempt["status"], &attempt["response"]),
        (&json!(200), &json!("noted"))
    );
    assert_eq!(client.get("/sandbox/deliveries/999").await.status, 404);
}

#[tokio::test]
async fn events_are_listed_by_whether_they_were_delivered() {
    let client = ApiClient::with(|config| config.retries = vec![]).await;
    client.endpoint.answer_next(&[500]);
    expire(&client).await;
    settled(&client).await;
    let session = client.session(&[]).await;
    client.pay(&session, PAID).await;
    settled(&client).await;
    for (query, count) in [
        ("delivery_success=true", 4),
        ("delivery_success=false", 1),
        ("delivery_success=false&type=charge.succeeded", 0),
        (
            "types[]=charge.succeeded&types[]=checkout.session.expired",
            2,
        ),
        ("created[gt]=1", 5),
        ("created[lt]=1", 0),
    ] {
        let list = client.get(&format!("/v1/events?{query}")).await.body;
        assert_eq!(list["data"].as_array().unwrap().len(), count, "{query}");
    }
    assert_eq!(
        client.get("/v1/events?delivery_success=maybe").await.status,
        400
    );
}
