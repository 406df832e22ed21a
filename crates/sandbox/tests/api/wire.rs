//! Requests that clients write in ways of their own: escaped ids, arrays, encodings, accounts.

use reqwest::Method;
use serde_json::Value;

use crate::api_client::{Answer, ApiClient};

/// Posts a body as it is.
async fn post(client: &ApiClient, path: &str, kind: &str, body: &str) -> Answer {
    let request = client.request(Method::POST, path);
    let request = request.header("content-type", kind).body(body.to_owned());
    Answer::of(request.send().await.unwrap()).await
}

#[tokio::test]
async fn an_id_is_escaped_in_the_path() {
    let client = ApiClient::new().await;
    for (id, escaped) in [
        ("my print", "my%20print"),
        ("my print", "my+print"),
        ("a/b", "a%2Fb"),
        ("ünïcode", "%C3%BCn%C3%AFcode"),
        ("50%25+1", "50%2525%2B1"),
    ] {
        client
            .make("/v1/products", &[("id", id), ("name", "Print")])
            .await;
        let path = format!("/v1/products/{escaped}");
        assert_eq!(client.get(&path).await.body["id"], id);
        let changed = client.make(&path, &[("name", "Poster")]).await;
        assert_eq!(
            (&changed["id"], &changed["name"]),
            (&id.into(), &"Poster".into())
        );
        assert_eq!(client.delete(&path).await.body["deleted"], true);
    }
    let missing = client.get("/v1/products/a%2Fb").await;
    assert_eq!(missing.status, 404);
    assert_eq!(missing.body["error"]["message"], "No such product: 'a/b'");
    for odd in ["%00", "%ff", "%"] {
        let missing = client.get(&format!("/v1/products/{odd}")).await;
        assert_eq!(missing.body["error"]["code"], "resource_missing", "{odd}");
    }
}

#[tokio::test]
async fn brackets_without_an_index_fill_one_object_after_the_other() {
    let client = ApiClient::new().await;
    let item = |name: &str, quantity: u8| {
        format!(
            "&line_items[][price_data][currency]=usd&line_items[][price_data][unit_amount]=500\
             &line_items[][price_data][product_data][name]={name}&line_items[][quantity]={quantity}"
        )
    };
    let body = format!(
        "mode=payment&success_url=https://shop.example/done&expand[]=line_items{}{}",
        item("One", 1),
        item("Two", 2)
    );
    let form = "application/x-www-form-urlencoded";
    let session = post(&client, "/v1/checkout/sessions", form, &body).await;
    let lines: Vec<(&Value, &Value)> = session.body["line_items"]["data"]
        .as_array()
        .unwrap()
        .iter()
        .map(|line| (&line["description"], &line["quantity"]))
        .collect();
    assert_eq!(
        lines,
        [(&"One".into(), &1.into()), (&"Two".into(), &2.into())]
    );
}

#[tokio::test]
async fn a_body_that_is_no_form_is_refused_by_its_type() {
    let client = ApiClient::new().await;
    for kind in [
        "application/json",
        "Application/JSON; charset=utf-8",
        "multipart/form-data; boundary=x",
    ] {
        let refused = post(&client, "/v1/customers", kind, "{\"name\":\"Ada\"}").await;
        assert_eq!(refused.status, 400, "{kind}");
        let message = refused.body["error"]["message"].as_str().unwrap();
        assert!(
            message.starts_with("Invalid request (check that your POST content type is"),
            "{kind}: {message}"
        );
    }
    assert_eq!(
        post(&client, "/v1/customers", "text/plain", "name=Ada")
            .await
            .body["name"],
        "Ada"
    );
}

#[tokio::test]
async fn a_request_for_another_account_is_refused_and_not_made_for_the_own_one() {
    let client = ApiClient::new().await;
    let own = client.get("/v1/account").await.body;
    for header in ["Stripe-Account", "Stripe-Context"] {
        for (account, status) in [
            ("acct_other", 403),
            ("", 403),
            (own["id"].as_str().unwrap(), 200),
        ] {
            let request = client
                .request(Method::POST, "/v1/customers")
                .header(header, account);
            let answer = Answer::of(request.send().await.unwrap()).await;
            assert_eq!(answer.status, status, "{header}: {account}");
            if status == 403 {
                assert_eq!(answer.body["error"]["code"], "account_invalid");
            }
        }
    }
    let customers = client.get("/v1/customers").await.body;
    assert_eq!(customers["data"].as_array().unwrap().len(), 2);
}

#[tokio::test]
async fn a_version_that_is_no_day_is_refused() {
    let client = ApiClient::new().await;
    for (version, status) in [
        ("2026-10-28.endive", 200),
        ("2099-12-31", 200),
        ("2026-13-01", 400),
        ("2026-00-10.endive", 400),
        ("2026-10-32.endive", 400),
        ("2026-10-28.", 400),
        ("endive", 400),
        ("", 400),
    ] {
        let request = client.request(Method::GET, "/v1/customers");
        let request = request.header("Stripe-Version", version);
        let answer = Answer::of(request.send().await.unwrap()).await;
        assert_eq!(answer.status, status, "{version}: {}", answer.body);
    }
}
