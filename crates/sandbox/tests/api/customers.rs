//! Customers, and what editing has in common everywhere.

use serde_json::json;

use crate::api_client::{ApiClient, id};

#[tokio::test]
async fn a_customer_is_made_edited_found_and_deleted() {
    let client = ApiClient::new().await;
    let ada = client
        .make(
            "/v1/customers",
            &[
                ("email", "ada@example.com"),
                ("name", "Ada"),
                ("address[line1]", "1 Main St"),
                ("address[country]", "GB"),
                ("metadata[tier]", "gold"),
                ("metadata[since]", "2026"),
            ],
        )
        .await;
    assert!(id(&ada).starts_with("cus_") && id(&ada).len() == 18);
    assert_eq!(ada["address"]["country"], "GB");
    assert_eq!(ada["address"]["city"], json!(null));
    let path = format!("/v1/customers/{}", id(&ada));

    let edited = client
        .make(
            &path,
            &[
                ("name", ""),
                ("metadata[tier]", ""),
                ("metadata[vip]", "yes"),
                ("address", ""),
            ],
        )
        .await;
    assert_eq!(edited["name"], json!(null));
    assert_eq!(edited["email"], "ada@example.com");
    assert_eq!(edited["metadata"], json!({ "since": "2026", "vip": "yes" }));
    let event = client.last_event().await;
    assert_eq!(event["type"], "customer.updated");
    assert_eq!(event["data"]["object"], edited);
    assert_eq!(
        event["data"]["previous_attributes"],
        json!({
            "name": "Ada",
            "address": ada["address"],
            "metadata": { "tier": "gold", "vip": null },
        })
    );
    let all_gone = client.make(&path, &[("metadata", "")]).await;
    assert_eq!(all_gone["metadata"], json!({}));

    let found = client.get("/v1/customers?email=ada@example.com").await.body;
    assert_eq!(found["data"], json!([all_gone]));
    assert_eq!(
        client.get("/v1/customers?email=eve@example.com").await.body["data"],
        json!([])
    );

    let left = json!({ "id": id(&ada), "object": "customer", "deleted": true });
    assert_eq!(client.delete(&path).await.body, left);
    assert_eq!(client.get(&path).await.body, left);
    assert_eq!(client.post(&path, &[("name", "Eve")]).await.status, 404);
    assert_eq!(client.delete(&path).await.status, 404);
    assert_eq!(client.get("/v1/customers").await.body["data"], json!([]));
    assert_eq!(
        client.event_types().await,
        [
            "customer.created",
            "customer.updated",
            "customer.updated",
            "customer.deleted"
        ]
    );
}

#[tokio::test]
async fn an_edit_that_changes_nothing_is_no_event() {
    let client = ApiClient::new().await;
    let ada = client.make("/v1/customers", &[("name", "Ada")]).await;
    client
        .make(&format!("/v1/customers/{}", id(&ada)), &[("name", "Ada")])
        .await;
    assert_eq!(client.event_types().await, ["customer.created"]);
}

#[tokio::test]
async fn invalid_customers_are_refused() {
    let client = ApiClient::new().await;
    let long = "x".repeat(257);
    for (field, value, code) in [
        ("foo", "1", "parameter_unknown"),
        ("address[foo]", "1", "parameter_unknown"),
        ("email", "nobody", "email_invalid"),
        ("balance", "1.5", "parameter_invalid_integer"),
        ("shipping[name]", "Ada", "parameter_missing"),
    ] {
        let answer = client.post("/v1/customers", &[(field, value)]).await;
        assert_eq!(answer.status, 400, "{field}");
        assert_eq!(answer.error()["code"], code, "{field}");
    }
    assert_eq!(
        client
            .post("/v1/customers", &[("name", &long)])
            .await
            .status,
        400
    );
    let ada = client.make("/v1/customers", &[]).await;
    let path = format!("/v1/customers/{}", id(&ada));
    for count in 0..2 {
        let keys: Vec<_> = (0..30)
            .map(|key| (format!("metadata[{count}-{key}]"), "v"))
            .collect();
        let keys: Vec<_> = keys
            .iter()
            .map(|(key, value)| (key.as_str(), *value))
            .collect();
        let answer = client.post(&path, &keys).await;
        let expected = if count == 0 { 200 } else { 400 };
        assert_eq!(answer.status, expected, "{}", answer.body);
    }
}

#[tokio::test]
async fn the_account_is_the_merchants_own() {
    let client = ApiClient::new().await;
    let own = client.get("/v1/account").await.body;
    assert_eq!(
        (&own["object"], &own["charges_enabled"]),
        (&json!("account"), &json!(true))
    );
    let path = format!("/v1/accounts/{}", id(&own));
    assert_eq!(client.get(&path).await.body, own);
    assert_eq!(client.get("/v1/accounts/acct_other").await.status, 403);
}

const DEFAULT: &str = "invoice_settings[default_payment_method]";

#[tokio::test]
async fn a_customer_is_made_with_a_payment_method_that_is_the_default_one() {
    let client = ApiClient::new().await;
    let form = [
        ("payment_method", "pm_card_visa"),
        (DEFAULT, "pm_card_visa"),
    ];
    let ada = client.make("/v1/customers", &form).await;
    let path = format!("/v1/customers/{}", id(&ada));
    let methods = client.get(&format!("{path}/payment_methods")).await.body;
    let visa = methods["data"][0].clone();
    assert_eq!(
        (&visa["customer"], &visa["card"]["last4"]),
        (&ada["id"], &json!("4242"))
    );
    assert_eq!(
        ada["invoice_settings"]["default_payment_method"],
        visa["id"]
    );
    assert_eq!(
        client.event_types().await,
        ["payment_method.attached", "customer.created"]
    );
    let expanded = client
        .get(&format!(
            "{path}?expand[]=invoice_settings.default_payment_method"
        ))
        .await
        .body;
    assert_eq!(expanded["invoice_settings"]["default_payment_method"], visa);

    let attach = "/v1/payment_methods/pm_card_mastercard/attach";
    let other = client.make(attach, &[("customer", id(&ada))]).await;
    let changed = client.make(&path, &[(DEFAULT, id(&other))]).await;
    assert_eq!(
        changed["invoice_settings"]["default_payment_method"],
        other["id"]
    );
    let detach = format!("/v1/payment_methods/{}/detach", id(&other));
    client.make(&detach, &[]).await;
    let after = client.get(&path).await.body;
    assert_eq!(
        after["invoice_settings"]["default_payment_method"],
        json!(null)
    );
    assert_eq!(
        client.last_event().await["data"]["previous_attributes"],
        json!({ "invoice_settings": { "default_payment_method": other["id"] } })
    );
}

#[tokio::test]
async fn a_payment_method_of_nobody_or_that_its_bank_refuses_makes_no_customer() {
    let client = ApiClient::new().await;
    let foreign = client
        .make("/v1/customers", &[("payment_method", "pm_card_visa")])
        .await;
    let methods = format!("/v1/customers/{}/payment_methods", id(&foreign));
    let taken = client.get(&methods).await.body["data"][0].clone();
    for (form, status, code) in [
        (
            [("payment_method", "pm_none")],
            400,
            json!("resource_missing"),
        ),
        (
            [("payment_method", id(&taken))],
            400,
            json!("payment_method_unexpected_state"),
        ),
        (
            [("payment_method", "pm_card_chargeDeclined")],
            402,
            json!("card_declined"),
        ),
        ([(DEFAULT, id(&taken))], 400, json!("resource_missing")),
        ([(DEFAULT, "pm_card_visa")], 400, json!("resource_missing")),
    ] {
        let refused = client.post("/v1/customers", &form).await;
        assert_eq!(
            (refused.status, &refused.error()["code"]),
            (status, &code),
            "{form:?}"
        );
    }
    let all = client.get("/v1/customers").await.body;
    assert_eq!(all["data"], json!([foreign]));
    let path = format!("/v1/customers/{}", id(&foreign));
    let update = client
        .post(&path, &[("payment_method", "pm_card_visa")])
        .await;
    assert_eq!(update.error()["code"], "parameter_unknown");
}
