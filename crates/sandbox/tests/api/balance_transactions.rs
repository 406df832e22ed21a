//! Balance transactions.

use serde_json::{Value, json};

use crate::api_client::{ApiClient, PAID, id};

#[tokio::test]
async fn a_payment_and_its_refund_are_entered_with_their_fees() {
    let client = ApiClient::new().await;
    let charge = client.charge(PAID).await;
    let refund = client
        .refund(&[("charge", id(&charge)), ("amount", "1000")])
        .await;
    let path = format!("/v1/charges/{}?expand[]=balance_transaction", id(&charge));
    let entry = client.get(&path).await.body["balance_transaction"].clone();
    for (member, value) in [
        ("object", json!("balance_transaction")),
        ("amount", json!(2100)),
        ("fee", json!(91)),
        ("net", json!(2009)),
        ("type", json!("charge")),
        ("source", charge["id"].clone()),
        ("status", json!("pending")),
    ] {
        assert_eq!(entry[member], value, "{member}");
    }
    assert_eq!(entry["fee_details"][0]["amount"], 91);
    let list = client.get("/v1/balance_transactions").await.body;
    let back = &list["data"][0];
    assert_eq!(back["id"], refund["balance_transaction"]);
    assert_eq!(
        (&back["type"], &back["net"], &back["fee"]),
        (&json!("refund"), &json!(-1000), &json!(0))
    );
    let count = |list: Value| list["data"].as_array().unwrap().len();
    for (query, found) in [
        ("type=refund".to_owned(), 1),
        ("type=adjustment".to_owned(), 0),
        (format!("source={}", id(&charge)), 1),
        ("currency=usd".to_owned(), 2),
        ("currency=eur".to_owned(), 0),
    ] {
        let list = client
            .get(&format!("/v1/balance_transactions?{query}"))
            .await;
        assert_eq!(count(list.body), found, "{query}");
    }
    assert_eq!(
        client.get("/v1/balance_transactions/txn_x").await.status,
        404
    );

    client.advance(2 * 24 * 60 * 60).await;
    let arrived = client.get(&path).await.body["balance_transaction"].clone();
    assert_eq!(arrived["status"], "available");
}
