//! Disputes: how they begin, are answered, and end.

use serde_json::{Value, json};

use crate::api_client::{ApiClient, PAID, id};

const FRAUDULENT: &str = "4000000000000259";
const NOT_RECEIVED: &str = "4000000000002685";
const INQUIRY: &str = "4000000000001976";

async fn dispute_of(client: &ApiClient, charge: &Value) -> Value {
    let list = client
        .get(&format!("/v1/disputes?charge={}", id(charge)))
        .await;
    list.body["data"][0].clone()
}

async fn answer(client: &ApiClient, dispute: &Value, text: &str) -> Value {
    let path = format!("/v1/disputes/{}", id(dispute));
    let form = [("evidence[uncategorized_text]", text)];
    client.post(&path, &form).await.body
}

async fn events_from(client: &ApiClient, first: usize) -> Vec<String> {
    client.event_types().await.split_off(first)
}

#[tokio::test]
async fn a_disputed_card_is_charged_back_between_charge_and_intent() {
    let client = ApiClient::new().await;
    for (card, reason, code) in [
        (FRAUDULENT, "fraudulent", "10.4"),
        (NOT_RECEIVED, "product_not_received", "13.1"),
    ] {
        client.control("/sandbox/reset", &[]).await;
        let charge = client.charge(card).await;
        assert_eq!(
            client.event_types().await,
            [
                "payment_intent.created",
                "charge.succeeded",
                "charge.dispute.created",
                "charge.dispute.funds_withdrawn",
                "payment_intent.succeeded",
                "checkout.session.completed"
            ]
        );
        assert_eq!(charge["disputed"], true);
        let dispute = dispute_of(&client, &charge).await;
        assert!(id(&dispute).starts_with("du_"));
        for (member, value) in [
            ("amount", json!(2100)),
            ("charge", charge["id"].clone()),
            ("payment_intent", charge["payment_intent"].clone()),
            ("reason", json!(reason)),
            ("status", json!("needs_response")),
            ("is_charge_refundable", json!(false)),
        ] {
            assert_eq!(dispute[member], value, "{member}");
        }
        let card = &dispute["payment_method_details"]["card"];
        assert_eq!(
            (&card["case_type"], &card["network_reason_code"]),
            (&json!("chargeback"), &json!(code))
        );
        let entry = &dispute["balance_transactions"][0];
        assert_eq!(
            (
                &entry["type"],
                &entry["amount"],
                &entry["fee"],
                &entry["net"]
            ),
            (
                &json!("adjustment"),
                &json!(-2100),
                &json!(1500),
                &json!(-3600)
            )
        );
        assert_eq!(entry["source"], dispute["id"]);
        let event = client.event("charge.dispute.created").await;
        assert_eq!(event["data"], json!({ "object": dispute }));
    }
}

#[tokio::test]
async fn winning_evidence_brings_the_money_back_some_seconds_later() {
    let mut client = ApiClient::new().await;
    let charge = client.charge(FRAUDULENT).await;
    let dispute = dispute_of(&client, &charge).await;
    let submitted = answer(&client, &dispute, "winning_evidence").await;
    assert_eq!(submitted["status"], "under_review");
    let details = &submitted["evidence_details"];
    assert_eq!(
        (&details["has_evidence"], &details["submission_count"]),
        (&json!(true), &json!(1))
    );
    let data = &client.event("charge.dispute.updated").await["data"];
    assert_eq!(data["object"], submitted);
    assert_eq!(data["previous_attributes"]["status"], "needs_response");
    assert_eq!(
        data["previous_attributes"]["evidence"],
        json!({ "uncategorized_text": null })
    );
    client.restart().await;
    client.advance(5).await;
    let won = dispute_of(&client, &charge).await;
    assert_eq!(won["status"], "won");
    let entry = &won["balance_transactions"][1];
    assert_eq!(
        (
            &entry["amount"],
            &entry["fee"],
            &entry["reporting_category"]
        ),
        (&json!(2100), &json!(0), &json!("dispute_reversal"))
    );
    assert_eq!(
        events_from(&client, 6).await,
        [
            "charge.dispute.updated",
            "charge.updated",
            "charge.dispute.funds_reinstated",
            "charge.dispute.closed"
        ]
    );
    let data = &client.event("charge.dispute.closed").await["data"];
    assert_eq!(data["previous_attributes"]["status"], "under_review");
    let refund = client.refund(&[("charge", id(&charge))]).await;
    assert_eq!(refund["amount"], 2100, "a won charge can be refunded");
}

#[tokio::test]
async fn losing_evidence_and_acceptance_lose() {
    let client = ApiClient::new().await;
    let charge = client.charge(FRAUDULENT).await;
    let dispute = dispute_of(&client, &charge).await;
    answer(&client, &dispute, "losing_evidence").await;
    client.advance(5).await;
    let lost = dispute_of(&client, &charge).await;
    assert_eq!(
        (
            &lost["status"],
            &lost["balance_transactions"].as_array().unwrap().len()
        ),
        (&json!("lost"), &1)
    );
    assert_eq!(events_from(&client, 8).await, ["charge.dispute.closed"]);

    let charge = client.charge(NOT_RECEIVED).await;
    let dispute = dispute_of(&client, &charge).await;
    let path = format!("/v1/disputes/{}", id(&dispute));
    let closed = client.post(&format!("{path}/close"), &[]).await.body;
    assert_eq!(closed["status"], "lost");
    for (path, form) in [
        (format!("{path}/close"), &[][..]),
        (path, &[("metadata[a]", "1")][..]),
    ] {
        let again = client.post(&path, form).await;
        assert_eq!(
            (again.status, &again.error()["message"]),
            (400, &json!("This dispute is already closed"))
        );
    }
}

#[tokio::test]
async fn evidence_can_be_staged_and_taken_back() {
    let client = ApiClient::new().await;
    let charge = client.charge(FRAUDULENT).await;
    let dispute = dispute_of(&client, &charge).await;
    let path = format!("/v1/disputes/{}", id(&dispute));
    let staged = client
        .post(
            &path,
            &[
                ("evidence[customer_name]", "Ada"),
                ("evidence[receipt]", "file_1"),
                ("submit", "false"),
            ],
        )
        .await
        .body;
    assert_eq!(staged["status"], "needs_response");
    assert_eq!(staged["evidence"]["customer_name"], "Ada");
    assert_eq!(staged["evidence_details"]["has_evidence"], true);
    let noted = client.post(&path, &[("metadata[case]", "7")]).await.body;
    assert_eq!(
        (&noted["status"], &noted["metadata"]),
        (&json!("needs_response"), &json!({ "case": "7" }))
    );
    let cleared = client
        .post(&path, &[("evidence[receipt]", ""), ("submit", "true")])
        .await
        .body;
    assert_eq!(cleared["evidence"]["receipt"], json!(null));
    assert_eq!(cleared["status"], "under_review");
    client.advance(1000).await;
    assert_eq!(dispute_of(&client, &charge).await["status"], "under_review");
    let refused = client.post(&path, &[("evidence[weather]", "fine")]).await;
    assert_eq!(
        (refused.status, &refused.error()["param"]),
        (400, &json!("evidence[weather]"))
    );
}

#[tokio::test]
async fn an_inquiry_takes_nothing_and_can_be_refunded_closed_or_escalated() {
    let client = ApiClient::new().await;
    let charge = client.charge(INQUIRY).await;
    assert_eq!(
        client.event_types().await,
        [
            "payment_intent.created",
            "charge.succeeded",
            "charge.dispute.created",
            "payment_intent.succeeded",
            "checkout.session.completed"
        ]
    );
    let inquiry = dispute_of(&client, &charge).await;
    assert_eq!(inquiry["status"], "warning_needs_response");
    assert_eq!(inquiry["is_charge_refundable"], true);
    assert_eq!(inquiry["balance_transactions"], json!([]));
    client
        .refund(&[("charge", id(&charge)), ("amount", "100")])
        .await;
    let reviewed = answer(&client, &inquiry, "escalate_inquiry_evidence").await;
    assert_eq!(reviewed["status"], "warning_under_review");
    client.advance(5).await;
    let chargeback = dispute_of(&client, &charge).await;
    assert_eq!(chargeback["status"], "needs_response");
    assert_eq!(
        chargeback["amount"], 2000,
        "what was refunded is not taken again"
    );
    assert_eq!(chargeback["balance_transactions"][0]["net"], -3500);
    assert_eq!(
        chargeback["payment_method_details"]["card"]["case_type"],
        "chargeback"
    );
    assert_eq!(
        events_from(&client, 9).await,
        ["charge.dispute.updated", "charge.dispute.funds_withdrawn"]
    );
    let data = &client.event("charge.dispute.funds_withdrawn").await["data"];
    assert_eq!(
        data["previous_attributes"]["status"],
        "warning_under_review"
    );
    assert_eq!(
        data["previous_attributes"]["balance_transactions"],
        json!([])
    );
    let refused = client.post("/v1/refunds", &[("charge", id(&charge))]).await;
    assert_eq!(refused.error()["code"], "charge_disputed");

    let charge = client.charge(INQUIRY).await;
    let inquiry = dispute_of(&client, &charge).await;
    answer(&client, &inquiry, "winning_evidence").await;
    client.advance(5).await;
    let closed = dispute_of(&client, &charge).await;
    assert_eq!(closed["status"], "warning_closed");
    client.refund(&[("charge", id(&charge))]).await;

    let charge = client.charge(INQUIRY).await;
    let inquiry = dispute_of(&client, &charge).await;
    answer(&client, &inquiry, "escalate_inquiry_evidence").await;
    client.refund(&[("charge", id(&charge))]).await;
    client.advance(5).await;
    assert_eq!(
        dispute_of(&client, &charge).await["status"],
        "warning_closed",
        "nothing is left to charge back"
    );
}

#[tokio::test]
async fn without_an_answer_in_time_a_dispute_is_lost_and_an_inquiry_closed() {
    let client = ApiClient::new().await;
    let charge = client.charge(FRAUDULENT).await;
    let asked = client.charge(INQUIRY).await;
    let opened = dispute_of(&client, &charge).await;
    assert_eq!(
        opened["evidence_details"]["due_by"].as_i64().unwrap()
            - opened["created"].as_i64().unwrap(),
        7 * 24 * 60 * 60
    );
    client.advance(7 * 24 * 60 * 60 + 1).await;
    let lost = dispute_of(&client, &charge).await;
    assert_eq!(
        (&lost["status"], &lost["evidence_details"]["past_due"]),
        (&json!("lost"), &json!(true))
    );
    assert_eq!(
        dispute_of(&client, &asked).await["status"],
        "warning_closed"
    );
}

#[tokio::test]
async fn any_paid_charge_can_be_disputed_and_decided_by_hand() {
    let client = ApiClient::new().await;
    let charge = client.charge(PAID).await;
    client
        .refund(&[("charge", id(&charge)), ("amount", "600")])
        .await;
    let path = format!("/sandbox/charges/{}/dispute", id(&charge));
    for wrong in [[("reason", "boredom")], [("kind", "quarrel")]] {
        assert_eq!(client.post(&path, &wrong).await.status, 400);
    }
    let dispute = client
        .control(&path, &[("reason", "duplicate"), ("kind", "chargeback")])
        .await;
    assert_eq!(
        (&dispute["amount"], &dispute["reason"]),
        (&json!(1500), &json!("duplicate"))
    );
    assert_eq!(client.post(&path, &[]).await.status, 400);
    let decide = format!("/sandbox/disputes/{}", id(&dispute));
    assert_eq!(
        client.post(&format!("{decide}/escalate"), &[]).await.status,
        400
    );
    let lost = client.control(&format!("{decide}/lose"), &[]).await;
    assert_eq!(lost["status"], "lost");
    let won = client.control(&format!("{decide}/win"), &[]).await;
    assert_eq!(won["status"], "won");
    assert_eq!(won["balance_transactions"].as_array().unwrap().len(), 2);
    assert_eq!(client.post(&format!("{decide}/win"), &[]).await.status, 400);
    let data = &client.event("charge.dispute.closed").await["data"];
    assert_eq!(data["previous_attributes"]["status"], "lost");
    assert_eq!(
        events_from(&client, 6).await,
        [
            "charge.dispute.created",
            "charge.dispute.funds_withdrawn",
            "charge.dispute.closed",
            "charge.dispute.funds_reinstated",
            "charge.dispute.closed"
        ]
    );

    let charge = client.charge(PAID).await;
    let path = format!("/sandbox/charges/{}/dispute", id(&charge));
    let inquiry = client.control(&path, &[("kind", "inquiry")]).await;
    assert_eq!(inquiry["status"], "warning_needs_response");
    let path = format!("/sandbox/disputes/{}/escalate", id(&inquiry));
    assert_eq!(client.control(&path, &[]).await["status"], "needs_response");
}

#[tokio::test]
async fn disputes_are_listed_and_expanded() {
    let client = ApiClient::new().await;
    let first = client.charge(FRAUDULENT).await;
    let second = client.charge(INQUIRY).await;
    let ids = |list: &Value| -> Vec<String> {
        list["data"]
            .as_array()
            .unwrap()
            .iter()
            .map(|dispute| dispute["charge"].as_str().unwrap().to_owned())
            .collect()
    };
    let list = client.get("/v1/disputes").await.body;
    assert_eq!(ids(&list), [id(&second), id(&first)]);
    let intent = first["payment_intent"].as_str().unwrap();
    let list = client
        .get(&format!("/v1/disputes?payment_intent={intent}"))
        .await
        .body;
    assert_eq!(ids(&list), [id(&first)]);
    let path = format!("/v1/disputes/{}?expand[]=charge", id(&list["data"][0]));
    assert_eq!(client.get(&path).await.body["charge"]["id"], first["id"]);
    assert_eq!(client.get("/v1/disputes/du_x").await.status, 404);
}
