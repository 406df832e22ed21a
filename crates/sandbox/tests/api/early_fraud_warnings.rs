//! Early fraud warnings.

use serde_json::{Value, json};

use crate::api_client::{ApiClient, PAID, id};

const WARNED_OF: &str = "4000000000005423";
const PATH: &str = "/v1/radar/early_fraud_warnings";

async fn warning(client: &ApiClient) -> Value {
    client.get(PATH).await.body["data"][0].clone()
}

#[tokio::test]
async fn a_payment_can_come_with_a_warning_of_its_bank() {
    let client = ApiClient::new().await;
    client.charge(PAID).await;
    assert_eq!(client.get(PATH).await.body["data"], json!([]));
    let charge = client.charge(WARNED_OF).await;
    let warning = warning(&client).await;
    assert!(id(&warning).starts_with("issfr_"));
    for (member, value) in [
        ("object", json!("radar.early_fraud_warning")),
        ("actionable", json!(true)),
        ("fraud_type", json!("misc")),
        ("charge", charge["id"].clone()),
        ("payment_intent", charge["payment_intent"].clone()),
    ] {
        assert_eq!(warning[member], value, "{member}");
    }
    let event = client.event("radar.early_fraud_warning.created").await;
    assert_eq!(event["data"], json!({ "object": warning }));
    let one = format!("{PATH}/{}?expand[]=charge", id(&warning));
    assert_eq!(client.get(&one).await.body["charge"]["id"], charge["id"]);
    for (query, count) in [
        (format!("charge={}", id(&charge)), 1),
        (format!("charge={}", id(&client.charge(PAID).await)), 0),
    ] {
        let list = client.get(&format!("{PATH}?{query}")).await.body;
        assert_eq!(list["data"].as_array().unwrap().len(), count, "{query}");
    }
    let missing = client.get(&format!("{PATH}/issfr_none")).await;
    assert_eq!(
        (missing.status, &missing.error()["code"]),
        (404, &json!("resource_missing"))
    );
}

#[tokio::test]
async fn a_warning_calls_for_nothing_more_once_all_is_refunded() {
    let client = ApiClient::new().await;
    let charge = client.charge(WARNED_OF).await;
    client
        .refund(&[("charge", id(&charge)), ("amount", "600")])
        .await;
    assert_eq!(warning(&client).await["actionable"], true);
    client.refund(&[("charge", id(&charge))]).await;
    assert_eq!(warning(&client).await["actionable"], false);
    let event = client.event("radar.early_fraud_warning.updated").await;
    assert_eq!(
        event["data"]["previous_attributes"],
        json!({ "actionable": true })
    );
}

#[tokio::test]
async fn a_warning_calls_for_nothing_more_once_the_charge_is_disputed() {
    let client = ApiClient::new().await;
    let charge = client.charge(WARNED_OF).await;
    let path = format!("/sandbox/charges/{}/dispute", id(&charge));
    client.control(&path, &[]).await;
    assert_eq!(warning(&client).await["actionable"], false);
}
