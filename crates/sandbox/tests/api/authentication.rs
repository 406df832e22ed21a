//! Cards that ask for 3-D Secure.

use serde_json::json;

use crate::api_client::{AUTHENTICATED, ApiClient, PAID, id};

const MESSAGE: &str = "We are unable to authenticate your payment method. Please choose a different payment method and try again.";

#[tokio::test]
async fn authentication_completed_pays() {
    let client = ApiClient::new().await;
    let session = client.session(&[]).await;
    let bank = client.pay(&session, AUTHENTICATED).await.location.unwrap();
    let page = client.open(&bank).await;
    assert!(page.html.contains(">Complete</button>") && page.html.contains(">Fail</button>"));
    assert_eq!(client.retrieve(&session).await["status"], "open");

    let done = client.authenticate(&session, "complete").await;
    assert!(
        done.location
            .unwrap()
            .starts_with("https://shop.example/done")
    );
    let charge = &client.get("/v1/charges").await.body["data"][0];
    assert_eq!(
        charge["payment_method_details"]["card"]["three_d_secure"]["result"],
        "authenticated"
    );
    assert_eq!(charge["billing_details"]["email"], "ada@example.com");
    let events = [
        "payment_intent.created",
        "payment_intent.requires_action",
        "charge.succeeded",
        "payment_intent.succeeded",
        "checkout.session.completed",
    ];
    assert_eq!(client.event_types().await, events);
}

#[tokio::test]
async fn authentication_failed_leads_back_to_the_pay_page() {
    let client = ApiClient::new().await;
    let session = client.session(&[]).await;
    client.pay(&session, AUTHENTICATED).await;
    let back = client
        .authenticate(&session, "fail")
        .await
        .location
        .unwrap();
    let page = client.open(&back).await;
    assert!(page.html.contains(MESSAGE) && page.html.contains("value=\"Ada L\""));
    assert_eq!(
        client.get("/v1/charges").await.body["data"],
        json!([]),
        "nothing was charged"
    );
    assert_eq!(
        client
            .authenticate(&session, "complete")
            .await
            .location
            .unwrap(),
        format!("/c/pay/{}", id(&session))
    );
    assert_eq!(client.pay(&session, PAID).await.status, 303);
}

#[tokio::test]
async fn a_card_may_be_declined_after_authentication() {
    let client = ApiClient::new().await;
    let session = client.session(&[]).await;
    client.pay(&session, "4000008260003178").await;
    let back = client
        .authenticate(&session, "complete")
        .await
        .location
        .unwrap();
    assert!(
        client
            .open(&back)
            .await
            .html
            .contains("Your card has insufficient funds.")
    );
    assert_eq!(client.retrieve(&session).await["status"], "open");
}
