//! Cards that ask for 3-D Secure.

use serde_json::json;

use crate::merchant::{AUTHENTICATED, Merchant, PAID, id};

const MESSAGE: &str = "We are unable to authenticate your payment method. Please choose a different payment method and try again.";

#[tokio::test]
async fn authentication_completed_pays() {
    let merchant = Merchant::new().await;
    let session = merchant.session(&[]).await;
    let bank = merchant
        .pay(&session, AUTHENTICATED)
        .await
        .location
        .unwrap();
    let page = merchant.open(&bank).await;
    assert!(page.html.contains(">Complete</button>") && page.html.contains(">Fail</button>"));
    assert_eq!(merchant.retrieve(&session).await["status"], "open");

    let done = merchant.authenticate(&session, "complete").await;
    assert!(
        done.location
            .unwrap()
            .starts_with("https://shop.example/done")
    );
    let charge = &merchant.get("/v1/charges").await.body["data"][0];
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
    assert_eq!(merchant.event_types().await, events);
}

#[tokio::test]
async fn authentication_failed_leads_back_to_the_pay_page() {
    let merchant = Merchant::new().await;
    let session = merchant.session(&[]).await;
    merchant.pay(&session, AUTHENTICATED).await;
    let back = merchant
        .authenticate(&session, "fail")
        .await
        .location
        .unwrap();
    let page = merchant.open(&back).await;
    assert!(page.html.contains(MESSAGE) && page.html.contains("value=\"Ada L\""));
    assert_eq!(
        merchant.get("/v1/charges").await.body["data"],
        json!([]),
        "nothing was charged"
    );
    assert_eq!(
        merchant
            .authenticate(&session, "complete")
            .await
            .location
            .unwrap(),
        format!("/c/pay/{}", id(&session))
    );
    assert_eq!(merchant.pay(&session, PAID).await.status, 303);
}

#[tokio::test]
async fn a_card_may_be_declined_after_authentication() {
    let merchant = Merchant::new().await;
    let session = merchant.session(&[]).await;
    merchant.pay(&session, "4000008260003178").await;
    let back = merchant
        .authenticate(&session, "complete")
        .await
        .location
        .unwrap();
    assert!(
        merchant
            .open(&back)
            .await
            .html
            .contains("Your card has insufficient funds.")
    );
    assert_eq!(merchant.retrieve(&session).await["status"], "open");
}
