//! Whose a Checkout Session is: a customer of the merchant's, a new one, or a guest.

use serde_json::{Value, json};

use crate::api_client::{ApiClient, DECLINED, PAID, id};

async fn customer(client: &ApiClient) -> Value {
    let form = [("email", "ada@example.com"), ("name", "Ada")];
    client.make("/v1/customers", &form).await
}

#[tokio::test]
async fn a_guest_leaves_no_customer() {
    let client = ApiClient::new().await;
    let session = client.session(&[]).await;
    assert_eq!(session["customer_creation"], "if_required");
    client.pay(&session, PAID).await;
    assert_eq!(client.retrieve(&session).await["customer"], Value::Null);
    assert_eq!(client.get("/v1/customers").await.body["data"], json!([]));
}

#[tokio::test]
async fn a_customer_is_made_once_however_often_the_card_is_declined() {
    let client = ApiClient::new().await;
    let session = client.session(&[("customer_creation", "always")]).await;
    client.pay(&session, DECLINED).await;
    let open = client.retrieve(&session).await;
    assert_eq!(
        (&open["status"], &open["customer"]),
        (&json!("open"), &json!(null))
    );
    client
        .pay_with(&session, &[("billingName", "Ada Lovelace")])
        .await;
    let list = client.get("/v1/customers").await.body;
    let [customer] = list["data"].as_array().unwrap().as_slice() else {
        panic!("not one customer: {list}");
    };
    assert_eq!(
        (&customer["email"], &customer["name"]),
        (&json!("ada@example.com"), &json!("Ada Lovelace"))
    );
    let path = format!(
        "/v1/checkout/sessions/{}?expand[]=customer&expand[]=payment_intent.latest_charge",
        id(&session)
    );
    let session = client.get(&path).await.body;
    assert_eq!(session["customer"], *customer);
    let intent = &session["payment_intent"];
    assert_eq!(intent["customer"], customer["id"]);
    assert_eq!(intent["latest_charge"]["customer"], customer["id"]);
    assert_eq!(
        client.event_types().await,
        [
            "customer.created",
            "payment_intent.created",
            "charge.failed",
            "payment_intent.payment_failed",
            "customer.updated",
            "charge.succeeded",
            "payment_intent.succeeded",
            "checkout.session.completed",
        ]
    );
}

#[tokio::test]
async fn a_session_of_a_customer_is_paid_by_that_customer() {
    let client = ApiClient::new().await;
    let customer = customer(&client).await;
    let session = client
        .session(&[
            ("customer", id(&customer)),
            ("payment_intent_data[setup_future_usage]", "off_session"),
        ])
        .await;
    assert_eq!(
        (&session["customer"], &session["customer_creation"]),
        (&customer["id"], &json!(null))
    );
    assert_eq!(session["customer_details"]["email"], "ada@example.com");
    client.pay(&session, PAID).await;
    let charge = client.get("/v1/charges?limit=1").await.body["data"][0].clone();
    assert_eq!(charge["customer"], customer["id"]);
    let path = format!("/v1/payment_methods?customer={}", id(&customer));
    let kept = client.get(&path).await.body;
    assert_eq!(kept["data"][0]["id"], charge["payment_method"]);
}

#[tokio::test]
async fn a_customer_is_changed_to_what_was_entered_where_that_is_wanted() {
    let client = ApiClient::new().await;
    let customer = customer(&client).await;
    let usual = [
        ("customer", id(&customer)),
        ("billing_address_collection", "required"),
        ("customer_update[name]", "auto"),
    ];
    let session = client.session(&usual).await;
    let entered = [
        ("billingName", "Ada King"),
        ("billingCountry", "GB"),
        ("billingAddressLine1", "12 St James's Square"),
        ("billingLocality", "London"),
        ("billingPostalCode", "SW1Y 4JH"),
    ];
    assert_eq!(client.pay_with(&session, &entered).await.status, 303);
    let path = format!("/v1/customers/{}", id(&customer));
    let after = client.get(&path).await.body;
    assert_eq!(
        (&after["name"], &after["address"]),
        (&json!("Ada King"), &json!(null))
    );
    let event = client.event("customer.updated").await;
    assert_eq!(
        event["data"]["previous_attributes"],
        json!({ "name": "Ada" })
    );
}

#[tokio::test]
async fn customer_parameters_must_agree() {
    let client = ApiClient::new().await;
    let customer = customer(&client).await;
    let cus = ("customer", id(&customer));
    for (form, param) in [
        (&[("customer", "cus_x")][..], "customer"),
        (
            &[cus, ("customer_email", "ada@example.com")],
            "customer_email",
        ),
        (&[cus, ("customer_creation", "always")], "customer_creation"),
        (&[("customer_update[name]", "auto")], "customer_update"),
        (
            &[cus, ("customer_update[name]", "maybe")],
            "customer_update[name]",
        ),
    ] {
        let form = [&crate::api_client::order()[..], form].concat();
        let answer = client.post("/v1/checkout/sessions", &form).await;
        assert_eq!(
            (answer.status, &answer.error()["param"]),
            (400, &json!(param))
        );
    }
}

#[tokio::test]
async fn sessions_are_listed_by_their_customer() {
    let client = ApiClient::new().await;
    let customer = customer(&client).await;
    let theirs = client.session(&[("customer", id(&customer))]).await;
    let by_email = client
        .session(&[("customer_email", "bob@example.com")])
        .await;
    for (filter, session) in [
        (format!("customer={}", id(&customer)), &theirs),
        (
            "customer_details[email]=bob@example.com".to_owned(),
            &by_email,
        ),
    ] {
        let list = client.get(&format!("/v1/checkout/sessions?{filter}")).await;
        assert_eq!(list.body["data"], json!([session]), "{filter}");
    }
    for filter in ["payment_link=plink_x", "subscription=sub_x"] {
        let list = client.get(&format!("/v1/checkout/sessions?{filter}")).await;
        assert_eq!(list.error()["code"], "resource_missing", "{filter}");
    }
}

#[tokio::test]
async fn a_code_for_one_customer_or_for_a_first_purchase_is_only_for_that() {
    let client = ApiClient::new().await;
    let (ada, bob) = (customer(&client).await, customer(&client).await);
    let coupon = [("id", "TEN"), ("percent_off", "10")];
    client.make("/v1/coupons", &coupon).await;
    let code = [("promotion[type]", "coupon"), ("promotion[coupon]", "TEN")];
    let personal = [("code", "ADA"), ("customer", id(&ada))];
    let personal = [&code[..], &personal].concat();
    client.make("/v1/promotion_codes", &personal).await;
    let first = [
        ("code", "FIRST"),
        ("restrictions[first_time_transaction]", "true"),
    ];
    let first = [&code[..], &first].concat();
    client.make("/v1/promotion_codes", &first).await;
    let session = async |customer: &Value| {
        let form = [
            ("customer", id(customer)),
            ("allow_promotion_codes", "true"),
        ];
        client.session(&form).await
    };
    let enter = async |session: &Value, code: &str| {
        let path = format!("/v1/payment_pages/{}", id(session));
        client.post(&path, &[("promotion_code", code)]).await.status
    };
    let (hers, his) = (session(&ada).await, session(&bob).await);
    assert_eq!(enter(&hers, "ada").await, 200);
    assert_eq!(enter(&his, "ada").await, 400);
    assert_eq!(enter(&his, "first").await, 200);
    client.pay(&hers, PAID).await;
    let second = session(&ada).await;
    assert_eq!(enter(&second, "first").await, 400);
}
