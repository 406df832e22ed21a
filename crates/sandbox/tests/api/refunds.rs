//! Refunds: the rules, what becomes of them later, and many at once.

use serde_json::{Value, json};

use crate::api_client::{AUTHENTICATED, ApiClient, DECLINED, PAID, eventually, id};

const PENDING: &str = "4000000000007726";
const FAILING: &str = "4000000000005126";

async fn charge_again(client: &ApiClient, charge: &Value) -> Value {
    client
        .get(&format!("/v1/charges/{}", id(charge)))
        .await
        .body
}

async fn refund_again(client: &ApiClient, refund: &Value) -> Value {
    client
        .get(&format!("/v1/refunds/{}", id(refund)))
        .await
        .body
}

#[tokio::test]
async fn a_part_and_then_the_rest_can_be_refunded() {
    let client = ApiClient::new().await;
    let charge = client.charge(PAID).await;
    let refund = client
        .refund(&[
            ("charge", id(&charge)),
            ("amount", "600"),
            ("reason", "requested_by_customer"),
            ("metadata[order]", "1"),
        ])
        .await;
    assert!(id(&refund).starts_with("re_") && id(&refund).len() == 27);
    for (member, value) in [
        ("object", json!("refund")),
        ("amount", json!(600)),
        ("currency", json!("usd")),
        ("status", json!("succeeded")),
        ("reason", json!("requested_by_customer")),
        ("metadata", json!({ "order": "1" })),
        ("charge", charge["id"].clone()),
        ("payment_intent", charge["payment_intent"].clone()),
    ] {
        assert_eq!(refund[member], value, "{member}");
    }
    assert_eq!(refund.get("livemode"), None);
    let partly = charge_again(&client, &charge).await;
    assert_eq!(
        (&partly["amount_refunded"], &partly["refunded"]),
        (&json!(600), &json!(false))
    );

    let intent = charge["payment_intent"].as_str().unwrap();
    let rest = client.refund(&[("payment_intent", intent)]).await;
    assert_eq!(
        (&rest["amount"], &rest["reason"]),
        (&json!(1500), &json!(null))
    );
    let wholly = charge_again(&client, &charge).await;
    assert_eq!(
        (&wholly["amount_refunded"], &wholly["refunded"]),
        (&json!(2100), &json!(true))
    );
    assert_eq!(wholly["refunds"]["data"], json!([rest, refund]));
    let types = client.event_types().await;
    assert_eq!(
        types[types.len() - 4..],
        [
            "refund.created",
            "charge.refunded",
            "refund.created",
            "charge.refunded"
        ]
    );
    let data = &client.event("charge.refunded").await["data"];
    assert_eq!(data["object"], wholly);
    assert_eq!(
        data["previous_attributes"],
        json!({ "amount_refunded": 600, "refunded": false, "refunds": { "data": [refund] } })
    );
    let created = client.event("refund.created").await;
    assert_eq!(created["data"], json!({ "object": rest }));
    assert!(
        created["request"]["id"]
            .as_str()
            .unwrap()
            .starts_with("req_")
    );
}

#[tokio::test]
async fn impossible_refunds_are_refused_with_stripes_messages() {
    let client = ApiClient::new().await;
    let charge = client.charge(PAID).await;
    let intent = charge["payment_intent"].as_str().unwrap();
    let refunded = client.charge(PAID).await;
    client.refund(&[("charge", id(&refunded))]).await;
    let disputed = client.charge("4000000000000259").await;
    let session = client.session(&[]).await;
    client.pay(&session, DECLINED).await;
    let unpaid = client.retrieve(&session).await["payment_intent"].clone();
    let unpaid = unpaid.as_str().unwrap();
    let waiting = client.session(&[]).await;
    client.pay(&waiting, AUTHENTICATED).await;
    let waiting = client.retrieve(&waiting).await["payment_intent"].clone();
    let waiting = waiting.as_str().unwrap();
    for (form, code, param, message) in [
        (
            &[("reason", "duplicate")][..],
            None,
            None,
            "One of the following params should be provided for this request: payment_intent or charge."
                .to_owned(),
        ),
        (
            &[("charge", id(&charge)), ("amount", "4000")],
            None,
            Some("amount"),
            "Refund amount ($40.00) is greater than unrefunded amount on charge ($21.00)".to_owned(),
        ),
        (
            &[("charge", id(&charge)), ("amount", "0")],
            Some("parameter_invalid_integer"),
            Some("amount"),
            "This value must be greater than or equal to 1.".to_owned(),
        ),
        (
            &[("charge", id(&charge)), ("amount", "-5")],
            Some("parameter_invalid_integer"),
            Some("amount"),
            "This value must be greater than or equal to 1.".to_owned(),
        ),
        (
            &[("charge", id(&charge)), ("amount", "9223372036854775808")],
            Some("parameter_invalid_integer"),
            Some("amount"),
            "Invalid integer: 9223372036854775808".to_owned(),
        ),
        (
            &[("charge", id(&charge)), ("reason", "bored")],
            None,
            Some("reason"),
            "Invalid reason: must be one of duplicate, fraudulent, or requested_by_customer".to_owned(),
        ),
        (
            &[("charge", id(&charge)), ("payment_intent", intent)],
            None,
            None,
            "You may only specify one of these parameters: charge, payment_intent.".to_owned(),
        ),
        (
            &[("charge", "ch_x")],
            Some("resource_missing"),
            Some("charge"),
            "No such charge: 'ch_x'".to_owned(),
        ),
        (
            &[("charge", intent)],
            Some("resource_missing"),
            Some("charge"),
            format!("No such charge: '{intent}'"),
        ),
        (
            &[("payment_intent", "pi_x")],
            Some("resource_missing"),
            Some("payment_intent"),
            "No such payment_intent: 'pi_x'".to_owned(),
        ),
        (
            &[("charge", id(&refunded))],
            Some("charge_already_refunded"),
            None,
            format!("Charge {} has already been refunded.", id(&refunded)),
        ),
        (
            &[("charge", id(&disputed))],
            Some("charge_disputed"),
            None,
            format!("Charge {} has been charged back; cannot issue a refund.", id(&disputed)),
        ),
        (
            &[("payment_intent", unpaid)],
            None,
            None,
            format!("This PaymentIntent ({unpaid}) does not have a successful charge to refund."),
        ),
        (
            &[("payment_intent", waiting)],
            None,
            None,
            format!("This PaymentIntent ({waiting}) does not have a successful charge to refund."),
        ),
    ] {
        let answer = client.post("/v1/refunds", form).await;
        let error = answer.error();
        assert_eq!(answer.status, 400, "{form:?}");
        assert_eq!(error["message"], message, "{form:?}");
        assert_eq!(error.get("code").and_then(Value::as_str), code, "{form:?}");
        assert_eq!(error.get("param").and_then(Value::as_str), param, "{form:?}");
    }
    assert_eq!(charge_again(&client, &charge).await["amount_refunded"], 0);
    assert_eq!(
        client.get("/v1/refunds").await.body["data"]
            .as_array()
            .unwrap()
            .len(),
        1
    );
}

#[tokio::test]
async fn a_refund_is_read_listed_and_its_metadata_changed() {
    let client = ApiClient::new().await;
    let charge = client.charge(PAID).await;
    let first = client
        .refund(&[
            ("charge", id(&charge)),
            ("amount", "100"),
            ("metadata[a]", "1"),
            ("metadata[b]", "2"),
        ])
        .await;
    let other = client.charge(PAID).await;
    let second = client.refund(&[("charge", id(&other))]).await;
    assert_eq!(refund_again(&client, &first).await, first);
    let intent = charge["payment_intent"].as_str().unwrap();
    for (query, found) in [
        (String::new(), vec![&second, &first]),
        (format!("?charge={}", id(&charge)), vec![&first]),
        (format!("?payment_intent={intent}"), vec![&first]),
        (
            format!("?created[gt]={}", first["created"].as_i64().unwrap() + 60),
            vec![],
        ),
        (format!("?starting_after={}", id(&second)), vec![&first]),
    ] {
        let list = client.get(&format!("/v1/refunds{query}")).await.body;
        assert_eq!(list["data"], json!(found), "{query}");
        assert_eq!(list["url"], "/v1/refunds");
    }

    let path = format!("/v1/refunds/{}", id(&first));
    let changed = client
        .post(&path, &[("metadata[a]", ""), ("metadata[c]", "3")])
        .await
        .body;
    assert_eq!(changed["metadata"], json!({ "b": "2", "c": "3" }));
    let data = &client.event("refund.updated").await["data"];
    assert_eq!(data["object"], changed);
    assert_eq!(
        data["previous_attributes"],
        json!({ "metadata": { "a": "1", "c": null } })
    );
    assert_eq!(
        client.event("refund.created").await["data"]["object"]["metadata"],
        json!({}),
        "the newest refund's snapshot"
    );
    assert_eq!(
        client.post(&path, &[("metadata", "")]).await.body["metadata"],
        json!({})
    );
    assert_eq!(client.post(&path, &[("amount", "1")]).await.status, 400);

    let canceled = client.post(&format!("{path}/cancel"), &[]).await;
    assert_eq!(
        (canceled.status, &canceled.error()["message"]),
        (400, &json!("Canceling this refund is unsupported."))
    );
    assert_eq!(client.get("/v1/refunds/re_x").await.status, 404);
    let expanded = client
        .get(&format!(
            "{path}?expand[]=charge&expand[]=balance_transaction&expand[]=payment_intent"
        ))
        .await
        .body;
    assert_eq!(expanded["charge"]["id"], charge["id"]);
    assert_eq!(expanded["balance_transaction"]["amount"], -100);
}

#[tokio::test]
async fn a_pending_refund_succeeds_later() {
    let mut client = ApiClient::new().await;
    let charge = client.charge(PENDING).await;
    let refund = client.refund(&[("charge", id(&charge))]).await;
    assert_eq!(
        (&refund["status"], &refund["pending_reason"]),
        (&json!("pending"), &json!("processing"))
    );
    assert_eq!(charge_again(&client, &charge).await["refunded"], true);
    client.restart().await;
    assert_eq!(refund_again(&client, &refund).await["status"], "pending");
    client.advance(60).await;
    let settled = refund_again(&client, &refund).await;
    assert_eq!(settled["status"], "succeeded");
    let event = client.event("refund.updated").await;
    assert_eq!(event["data"]["object"], settled);
    assert_eq!(
        event["data"]["previous_attributes"],
        json!({ "status": "pending", "pending_reason": "processing" })
    );
    assert_eq!(event["request"]["id"], json!(null));
    client.advance(1000).await;
    let types = client.event_types().await;
    assert_eq!(
        types[4..],
        [
            "refund.created",
            "charge.refunded",
            "refund.updated",
            "charge.refund.updated"
        ]
    );
}

#[tokio::test]
async fn a_failing_refund_gives_the_amount_back_to_the_charge() {
    let client = ApiClient::new().await;
    let charge = client.charge(FAILING).await;
    let refund = client
        .refund(&[("charge", id(&charge)), ("amount", "700")])
        .await;
    assert_eq!(refund["status"], "succeeded");
    client.advance(60).await;
    let failed = refund_again(&client, &refund).await;
    assert_eq!(
        (&failed["status"], &failed["failure_reason"]),
        (&json!("failed"), &json!("expired_or_canceled_card"))
    );
    let back = failed["failure_balance_transaction"].as_str().unwrap();
    let entry = client
        .get(&format!("/v1/balance_transactions/{back}"))
        .await
        .body;
    assert_eq!(
        (&entry["type"], &entry["net"], &entry["source"]),
        (&json!("refund_failure"), &json!(700), &refund["id"])
    );
    let charge = charge_again(&client, &charge).await;
    assert_eq!(
        (&charge["amount_refunded"], &charge["refunded"]),
        (&json!(0), &json!(false))
    );
    let types = client.event_types().await;
    assert_eq!(
        types[4..],
        [
            "refund.created",
            "charge.refunded",
            "refund.updated",
            "charge.refund.updated",
            "refund.failed"
        ]
    );
    let data = &client.event("refund.failed").await["data"];
    assert_eq!(data["previous_attributes"]["status"], "succeeded");
    eventually("the webhook came", async || {
        client.endpoint.count("refund.failed") == 1
    })
    .await;
    let again = client.refund(&[("charge", id(&charge))]).await;
    assert_eq!(again["amount"], 2100);
}

#[tokio::test]
async fn a_refund_can_be_settled_by_hand() {
    let client = ApiClient::new().await;
    let charge = client.charge(PENDING).await;
    let refund = client.refund(&[("charge", id(&charge))]).await;
    let path = format!("/sandbox/refunds/{}", id(&refund));
    let succeeded = client.control(&format!("{path}/succeed"), &[]).await;
    assert_eq!(succeeded["status"], "succeeded");
    assert_eq!(
        client.post(&format!("{path}/succeed"), &[]).await.status,
        400
    );
    let failed = client
        .control(&format!("{path}/fail"), &[("failure_reason", "unknown")])
        .await;
    assert_eq!(
        (&failed["status"], &failed["failure_reason"]),
        (&json!("failed"), &json!("unknown"))
    );
    assert_eq!(client.post(&format!("{path}/fail"), &[]).await.status, 400);
    assert_eq!(
        client.post(&format!("{path}/explode"), &[]).await.status,
        404
    );
    assert_eq!(
        client.post("/sandbox/refunds/re_x/fail", &[]).await.status,
        404
    );
    client.advance(1000).await;
    assert_eq!(
        refund_again(&client, &refund).await,
        failed,
        "nothing happens later"
    );
}

/// A refund that waits for the shopper, and its charge.
async fn waiting_refund(client: &ApiClient) -> (Value, Value) {
    let charge = client.charge(PAID).await;
    let path = format!("/sandbox/charges/{}/refund", id(&charge));
    let form = [("amount", "7.00"), ("course", "requires_action")];
    let refund = client.control(&path, &form).await;
    (refund, charge_again(client, &charge).await)
}

#[tokio::test]
async fn a_refund_that_waits_for_the_shopper_can_be_canceled() {
    let client = ApiClient::new().await;
    let (refund, charge) = waiting_refund(&client).await;
    assert_eq!(refund["status"], "requires_action");
    let created = refund["created"].as_i64().unwrap();
    assert_eq!(
        refund["next_action"],
        json!({
            "type": "display_details",
            "display_details": {
                "email_sent": { "email_sent_at": created, "email_sent_to": "ada@example.com" },
                "expires_at": created + 45 * 24 * 60 * 60,
            },
        })
    );
    assert_eq!(charge["amount_refunded"], 700);

    let canceled = client
        .make(&format!("/v1/refunds/{}/cancel", id(&refund)), &[])
        .await;
    assert_eq!(
        (&canceled["status"], &canceled["failure_reason"]),
        (&json!("canceled"), &json!("merchant_request"))
    );
    assert_eq!(canceled.get("next_action"), None);
    let back = canceled["failure_balance_transaction"].as_str().unwrap();
    let entry = client
        .get(&format!("/v1/balance_transactions/{back}"))
        .await
        .body;
    assert_eq!(
        (&entry["net"], &entry["source"]),
        (&json!(700), &refund["id"])
    );
    assert_eq!(charge_again(&client, &charge).await["amount_refunded"], 0);
    assert_eq!(
        client.event_types().await[4..],
        [
            "refund.created",
            "charge.refunded",
            "refund.updated",
            "charge.refund.updated"
        ]
    );
    let data = &client.event("refund.updated").await["data"];
    assert_eq!(data["object"], canceled);
    assert_eq!(data["previous_attributes"]["status"], "requires_action");

    let path = format!("/sandbox/refunds/{}", id(&refund));
    for (what, path) in [
        (
            "cancel again",
            format!("/v1/refunds/{}/cancel", id(&refund)),
        ),
        ("succeed", format!("{path}/succeed")),
        ("fail", format!("{path}/fail")),
    ] {
        assert_eq!(client.post(&path, &[]).await.status, 400, "{what}");
    }
    client.advance(50 * 24 * 60 * 60).await;
    assert_eq!(refund_again(&client, &refund).await, canceled);
}

#[tokio::test]
async fn a_refund_that_waits_for_the_shopper_succeeds_or_expires() {
    let client = ApiClient::new().await;
    let (refund, _) = waiting_refund(&client).await;
    let path = format!("/sandbox/refunds/{}/succeed", id(&refund));
    let succeeded = client.control(&path, &[]).await;
    assert_eq!(succeeded["status"], "succeeded");
    assert_eq!(succeeded.get("next_action"), None);

    let (by_helper, _) = waiting_refund(&client).await;
    let path = format!("/v1/test_helpers/refunds/{}/expire", id(&by_helper));
    assert_eq!(client.make(&path, &[]).await["status"], "failed");
    assert_eq!(client.post(&path, &[]).await.status, 400, "it has expired");

    let (by_time, charge) = waiting_refund(&client).await;
    client.advance(45 * 24 * 60 * 60).await;
    let expired = refund_again(&client, &by_time).await;
    assert_eq!(
        (&expired["status"], &expired["failure_reason"]),
        (&json!("failed"), &json!("unknown"))
    );
    assert_eq!(
        client.event("refund.failed").await["data"]["object"],
        expired
    );
    assert_eq!(charge_again(&client, &charge).await["amount_refunded"], 0);
    assert_eq!(refund_again(&client, &refund).await, succeeded);
}

#[tokio::test]
async fn the_refunds_of_a_charge_are_at_the_address_that_the_charge_shows() {
    let client = ApiClient::new().await;
    let other = client.charge(PAID).await;
    client.refund(&[("charge", id(&other))]).await;
    let charge = client.charge(PAID).await;
    for _ in 0..12 {
        client
            .refund(&[("charge", id(&charge)), ("amount", "100")])
            .await;
    }
    let shown = charge_again(&client, &charge).await["refunds"].clone();
    assert_eq!(shown["has_more"], true);
    let last = id(&shown["data"][9]);
    let url = shown["url"].as_str().unwrap();
    let rest = client
        .get(&format!("{url}?starting_after={last}"))
        .await
        .body;
    assert_eq!(
        (&rest["url"], &rest["has_more"]),
        (&json!(url), &json!(false))
    );
    assert_eq!(rest["data"].as_array().unwrap().len(), 2);
    let one = id(&rest["data"][0]);
    assert_eq!(
        client.get(&format!("{url}/{one}")).await.body,
        rest["data"][0]
    );
    let foreign = format!("/v1/charges/{}/refunds/{one}", id(&other));
    assert_eq!(client.get(&foreign).await.status, 404);
}

#[tokio::test]
async fn a_hundred_refunds_at_once_give_back_no_more_than_was_paid() {
    let client = ApiClient::new().await;
    let charge = client.charge(PAID).await;
    let mut requests = tokio::task::JoinSet::new();
    for _ in 0..100 {
        let request = client
            .request(reqwest::Method::POST, "/v1/refunds")
            .form(&[("charge", id(&charge)), ("amount", "100")]);
        requests.spawn(async move { request.send().await.unwrap().status().as_u16() });
    }
    let statuses = requests.join_all().await;
    assert_eq!(statuses.iter().filter(|status| **status == 200).count(), 21);
    assert_eq!(statuses.iter().filter(|status| **status == 400).count(), 79);
    let charge = charge_again(&client, &charge).await;
    assert_eq!(
        (&charge["amount_refunded"], &charge["refunded"]),
        (&json!(2100), &json!(true))
    );
    assert_eq!(
        charge["refunds"]["data"].as_array().unwrap().len(),
        10,
        "the newest"
    );
    let refunds = client.get("/v1/refunds?limit=100").await.body;
    let total: i64 = refunds["data"]
        .as_array()
        .unwrap()
        .iter()
        .map(|refund| refund["amount"].as_i64().unwrap())
        .sum();
    assert_eq!(total, 2100);
}

#[tokio::test]
async fn a_refund_with_the_same_key_is_made_once() {
    let client = ApiClient::new().await;
    let charge = client.charge(PAID).await;
    let mut answers = Vec::new();
    for amount in ["2000", "2000"] {
        let request = client
            .request(reqwest::Method::POST, "/v1/refunds")
            .header("Idempotency-Key", "refund")
            .form(&[("charge", id(&charge)), ("amount", amount)]);
        answers.push(request.send().await.unwrap().json::<Value>().await.unwrap());
    }
    assert_eq!(answers[0], answers[1]);
    assert_eq!(
        charge_again(&client, &charge).await["amount_refunded"],
        2000
    );
}
