//! Lists: pages, filters, expansion.

use serde_json::Value;

use crate::api_client::{ApiClient, PAID, id};

fn ids(list: &Value) -> Vec<&str> {
    list["data"].as_array().unwrap().iter().map(id).collect()
}

#[tokio::test]
async fn a_list_is_read_in_pages_in_both_directions() {
    let client = ApiClient::new().await;
    let mut made = Vec::new();
    for _ in 0..5 {
        made.insert(0, id(&client.session(&[]).await).to_owned());
    }
    let path = "/v1/checkout/sessions";
    let first = client.get(&format!("{path}?limit=2")).await.body;
    assert_eq!(
        (ids(&first), &first["has_more"]),
        (vec![&*made[0], &*made[1]], &true.into())
    );
    assert_eq!(
        (&first["object"], &first["url"]),
        (&"list".into(), &path.into())
    );
    let next = client
        .get(&format!("{path}?limit=3&starting_after={}", made[1]))
        .await
        .body;
    assert_eq!(
        (ids(&next), &next["has_more"]),
        (vec![&*made[2], &*made[3], &*made[4]], &false.into())
    );
    let before = client
        .get(&format!("{path}?limit=2&ending_before={}", made[3]))
        .await
        .body;
    assert_eq!(
        (ids(&before), &before["has_more"]),
        (vec![&*made[1], &*made[2]], &true.into())
    );
    assert_eq!(
        ids(&client.get(&format!("{path}?limit=0")).await.body).len(),
        1
    );
    assert_eq!(
        ids(&client.get(&format!("{path}?limit=999")).await.body).len(),
        5
    );
}

#[tokio::test]
async fn lists_are_filtered() {
    let client = ApiClient::new().await;
    let open = client.session(&[]).await;
    let paid = client.session(&[]).await;
    client.pay(&paid, PAID).await;
    let paid = client.retrieve(&paid).await;
    let intent = paid["payment_intent"].as_str().unwrap();
    let created = paid["created"].as_i64().unwrap();
    for (path, found) in [
        (
            "/v1/checkout/sessions?status=open".to_owned(),
            vec![id(&open)],
        ),
        (
            format!("/v1/checkout/sessions?payment_intent={intent}"),
            vec![id(&paid)],
        ),
        (
            format!("/v1/payment_intents?created[gte]={created}"),
            vec![intent],
        ),
        (
            format!("/v1/payment_intents?created[gt]={}", created + 60),
            vec![],
        ),
    ] {
        assert_eq!(ids(&client.get(&path).await.body), found, "{path}");
    }
    let charges = client
        .get(&format!("/v1/charges?payment_intent={intent}"))
        .await
        .body;
    assert_eq!(ids(&charges).len(), 1);
    let events = client
        .get("/v1/events?type=checkout.session.completed")
        .await
        .body;
    assert_eq!(events["data"][0]["data"]["object"]["id"], paid["id"]);
    let events = client
        .get("/v1/events?types[]=charge.succeeded&types[]=payment_intent.created")
        .await
        .body;
    assert_eq!(ids(&events).len(), 2);
}

#[tokio::test]
async fn a_filter_that_names_nothing_is_refused() {
    let client = ApiClient::new().await;
    for (path, param, noun) in [
        ("checkout/sessions", "customer", "customer"),
        ("checkout/sessions", "payment_intent", "payment_intent"),
        ("charges", "customer", "customer"),
        ("charges", "payment_intent", "payment_intent"),
        ("disputes", "charge", "charge"),
        ("disputes", "payment_intent", "payment_intent"),
        ("invoice_payments", "invoice", "invoice"),
        ("invoices", "customer", "customer"),
        ("payment_intents", "customer", "customer"),
        ("payment_methods", "customer", "customer"),
        ("prices", "product", "product"),
        ("promotion_codes", "coupon", "coupon"),
        ("promotion_codes", "customer", "customer"),
        ("radar/early_fraud_warnings", "charge", "charge"),
        ("refunds", "charge", "charge"),
        ("refunds", "payment_intent", "payment_intent"),
        ("setup_attempts", "setup_intent", "setup_intent"),
        ("setup_intents", "customer", "customer"),
        ("setup_intents", "payment_method", "PaymentMethod"),
        (
            "balance_transactions",
            "starting_after",
            "balance transaction",
        ),
        ("promotion_codes", "ending_before", "promotion code"),
        ("payment_methods", "starting_after", "PaymentMethod"),
        (
            "invoice_payments?payment[type]=payment_intent",
            "payment[payment_intent]",
            "payment_intent",
        ),
    ] {
        let and = if path.contains('?') { '&' } else { '?' };
        let answer = client.get(&format!("/v1/{path}{and}{param}=nope")).await;
        assert_eq!(answer.status, 400, "{path}: {}", answer.body);
        let error = answer.error();
        assert_eq!(
            (&error["code"], &error["param"]),
            (&"resource_missing".into(), &param.into()),
            "{path}"
        );
        assert_eq!(
            error["message"],
            format!("No such {noun}: 'nope'"),
            "{path}"
        );
    }
}

#[tokio::test]
async fn cursor_of_a_deleted_item_continues_behind_it() {
    let client = ApiClient::new().await;
    let mut made = Vec::new();
    for _ in 0..5 {
        made.insert(0, id(&client.make("/v1/customers", &[]).await).to_owned());
    }
    for customer in &made[..2] {
        client.delete(&format!("/v1/customers/{customer}")).await;
    }
    let next = format!("/v1/customers?limit=2&starting_after={}", made[1]);
    let next = client.get(&next).await.body;
    assert_eq!(ids(&next), [&*made[2], &*made[3]]);
    let before = format!("/v1/customers?ending_before={}", made[3]);
    assert_eq!(ids(&client.get(&before).await.body), [&*made[2]]);
    let of_deleted = format!("/v1/charges?customer={}", made[0]);
    assert_eq!(client.get(&of_deleted).await.status, 200);
}

#[tokio::test]
async fn payment_methods_are_listed_by_customer_only() {
    let client = ApiClient::new().await;
    let customer = client.make("/v1/customers", &[]).await;
    let customer = id(&customer);
    let method = client
        .make(
            "/v1/payment_methods/pm_card_visa/attach",
            &[("customer", customer)],
        )
        .await;
    let list = client.get("/v1/payment_methods?type=card").await.body;
    assert_eq!(ids(&list), [""; 0]);
    let list = format!("/v1/payment_methods?customer={customer}");
    assert_eq!(ids(&client.get(&list).await.body), [id(&method)]);
    client.delete(&format!("/v1/customers/{customer}")).await;
    assert_eq!(client.get(&list).await.status, 400);
}

#[tokio::test]
async fn events_are_found_by_a_group_of_types() {
    let client = ApiClient::new().await;
    let session = client.session(&[]).await;
    client.pay(&session, PAID).await;
    for (query, types) in [
        ("type=charge.*", vec!["charge.succeeded"]),
        (
            "type=payment_intent.*",
            vec!["payment_intent.succeeded", "payment_intent.created"],
        ),
        (
            "type=*.succeeded",
            vec!["payment_intent.succeeded", "charge.succeeded"],
        ),
        ("type=*&limit=1", vec!["checkout.session.completed"]),
        ("type=charge.?ucceeded", vec![]),
        ("type=charge.[s]ucceeded", vec![]),
        ("type=charge", vec![]),
        // Stripe takes a group in the place of one type, and not among several.
        ("types[]=charge.*", vec![]),
    ] {
        let found = client.get(&format!("/v1/events?{query}")).await.body;
        let found: Vec<_> = found["data"]
            .as_array()
            .unwrap()
            .iter()
            .map(|event| event["type"].as_str().unwrap())
            .collect();
        assert_eq!(found, types, "{query}");
    }
}

#[tokio::test]
async fn ids_are_expanded_in_lists() {
    let client = ApiClient::new().await;
    let session = client.session(&[]).await;
    client.pay(&session, PAID).await;
    let path =
        "/v1/checkout/sessions?expand[]=data.payment_intent.latest_charge&expand[]=data.line_items";
    let found = &client.get(path).await.body["data"][0];
    assert_eq!(found["payment_intent"]["latest_charge"]["object"], "charge");
    assert_eq!(found["line_items"]["data"][0]["object"], "item");
}

#[tokio::test]
async fn a_path_that_can_never_be_expanded_is_refused_whatever_is_there_now() {
    let client = ApiClient::new().await;
    let session = format!("/v1/checkout/sessions/{}", id(&client.session(&[]).await));
    let cannot = |token: &str| format!("This property cannot be expanded ({token}).");
    for (path, expand, message) in [
        (&*session, "payment_intent.nothing", cannot("payment_intent.nothing")),
        (&session, "payment_intent.latest_charge.amount", cannot("payment_intent.latest_charge.amount")),
        (&session, "amount_total", cannot("amount_total")),
        (&session, "nothing", cannot("nothing")),
        (&session, "line_items.price", cannot("line_items.price")),
        (&session, "payment_intent.", cannot("payment_intent.")),
        ("/v1/checkout/sessions/cs_none", "nothing", cannot("nothing")),
        ("/v1/charges", "data.amount", cannot("data.amount")),
        ("/v1/refunds", "data.charge.nothing", cannot("data.charge.nothing")),
        ("/v1/events", "data.data", cannot("data.data")),
        (
            "/v1/charges",
            "customer",
            format!("{} You may want to try expanding 'data.customer' instead.", cannot("customer")),
        ),
        (
            "/v1/checkout/sessions",
            "data.line_items.data.price.product",
            "You cannot expand more than 4 levels of a property. Property: data.line_items.data.price.product".to_owned(),
        ),
    ] {
        let refused = client.get(&format!("{path}?expand[]={expand}")).await;
        assert_eq!((refused.status, &refused.error()["param"]), (400, &Value::Null), "{expand}");
        assert_eq!(refused.error()["message"], message.as_str());
    }
    for (path, expand) in [
        (
            &*session,
            "payment_intent.latest_charge.balance_transaction",
        ),
        (&session, "line_items.data.price.product"),
        ("/v1/charges", "data"),
        ("/v1/balance_transactions", "data.source.payment_intent"),
    ] {
        let answer = client.get(&format!("{path}?expand[]={expand}")).await;
        assert_eq!(answer.status, 200, "{expand}: {}", answer.body);
    }
}

#[tokio::test]
async fn nothing_is_done_before_a_path_is_refused() {
    let client = ApiClient::new().await;
    let charge = client.charge(PAID).await;
    let form = [("charge", id(&charge)), ("expand[]", "nothing")];
    assert_eq!(client.post("/v1/refunds", &form).await.status, 400);
    assert!(ids(&client.get("/v1/refunds").await.body).is_empty());
}
