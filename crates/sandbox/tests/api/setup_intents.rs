//! Setup intents: payment methods that are made ready for later payments.

use serde_json::{Value, json};

use crate::api_client::{Answer, ApiClient, id};

const BACK: (&str, &str) = ("return_url", "https://shop.example/back?x=1#top");

/// A merchant with a customer.
struct Shop {
    client: ApiClient,
    customer: Value,
}

impl Shop {
    async fn new() -> Self {
        let client = ApiClient::new().await;
        let customer = client.make("/v1/customers", &[]).await;
        Self { client, customer }
    }

    /// Asks to set up a payment method for the customer at once.
    async fn ask(&self, method: &str, more: &[(&str, &str)]) -> Answer {
        let usual = [
            ("customer", id(&self.customer)),
            ("payment_method", method),
            ("confirm", "true"),
            BACK,
        ];
        self.client
            .post("/v1/setup_intents", &[&usual[..], more].concat())
            .await
    }

    /// Charges the customer 21 dollars from a payment method, in their absence or not.
    async fn charge(&self, method: &str, off_session: &str) -> Answer {
        let form = [
            ("amount", "2100"),
            ("currency", "usd"),
            ("customer", id(&self.customer)),
            ("payment_method", method),
            ("confirm", "true"),
            ("off_session", off_session),
            BACK,
        ];
        self.client.post("/v1/payment_intents", &form).await
    }

    async fn retrieve(&self, intent: &Value, expand: &str) -> Value {
        let path = format!("/v1/setup_intents/{}?expand[]={expand}", id(intent));
        self.client.get(&path).await.body
    }
}

#[tokio::test]
async fn a_card_is_set_up_and_kept_for_its_customer() {
    let shop = Shop::new().await;
    let intent = shop.ask("pm_card_visa", &[]).await.body;
    assert_eq!(
        (&intent["status"], &intent["usage"], &intent["next_action"]),
        (&json!("succeeded"), &json!("off_session"), &Value::Null)
    );
    let intent = shop.retrieve(&intent, "latest_attempt").await;
    let attempt = &intent["latest_attempt"];
    let page = shop.client.open("/events").await.html;
    let link = format!("<a href=\"/objects/{}\">", id(&intent));
    assert!(page.contains(&link), "{page}");
    assert_eq!(
        (
            &attempt["status"],
            &attempt["payment_method_details"]["card"]["last4"]
        ),
        (&json!("succeeded"), &json!("4242"))
    );
    let intent = shop.retrieve(&intent, "payment_method").await;
    assert_eq!(intent["payment_method"]["customer"], shop.customer["id"]);
    assert_eq!(
        shop.client.event_types().await,
        [
            "customer.created",
            "setup_intent.created",
            "payment_method.attached",
            "setup_intent.succeeded"
        ]
    );
    let again = shop
        .client
        .post(&format!("/v1/setup_intents/{}/confirm", id(&intent)), &[])
        .await;
    assert_eq!(
        (
            again.status,
            &again.error()["code"],
            &again.error()["setup_intent"]["id"]
        ),
        (400, &json!("setup_intent_unexpected_state"), &intent["id"])
    );
}

#[tokio::test]
async fn a_card_that_was_set_up_needs_no_shopper_later() {
    let shop = Shop::new().await;
    let card = "pm_card_authenticationRequiredOnSetup";
    let refused = shop.charge(card, "true").await;
    assert_eq!(
        (refused.status, &refused.error()["code"]),
        (402, &json!("authentication_required"))
    );
    let asked = shop.ask(card, &[]).await.body;
    assert_eq!(asked["status"], "requires_action");
    let bank = asked["next_action"]["redirect_to_url"]["url"]
        .as_str()
        .unwrap();
    let bank = bank
        .strip_prefix(shop.client.base_url())
        .unwrap()
        .to_owned();
    let page = shop.client.open(&bank).await;
    assert!(
        page.html.contains("Confirm your card") && !page.html.contains("Amount"),
        "{}",
        page.html
    );
    let left = shop
        .client
        .submit(&bank, &[("outcome", "complete")])
        .await
        .location
        .unwrap();
    assert_eq!(
        left,
        format!(
            "https://shop.example/back?x=1&setup_intent={}&setup_intent_client_secret={}&redirect_status=succeeded#top",
            id(&asked),
            asked["client_secret"].as_str().unwrap()
        )
    );
    let done = shop.retrieve(&asked, "latest_attempt").await;
    assert_eq!(done["status"], "succeeded");
    let card = &done["latest_attempt"]["payment_method_details"]["card"];
    assert_eq!(card["three_d_secure"]["result"], "authenticated");
    let method = done["payment_method"].as_str().unwrap();
    let paid = shop.charge(method, "true").await;
    assert_eq!(paid.body["status"], "succeeded", "{}", paid.body);
    let there = shop.charge(method, "false").await;
    assert_eq!(
        there.body["status"], "requires_action",
        "the shopper is there, and asked"
    );
}

#[tokio::test]
async fn a_shopper_who_does_not_authenticate_sets_nothing_up() {
    let shop = Shop::new().await;
    let asked = shop.ask("pm_card_authenticationRequired", &[]).await.body;
    let bank = format!("/c/authenticate/{}", id(&asked));
    let left = shop
        .client
        .submit(&bank, &[("outcome", "fail")])
        .await
        .location
        .unwrap();
    assert!(left.contains("redirect_status=failed"), "{left}");
    let failed = shop.retrieve(&asked, "latest_attempt").await;
    assert_eq!(
        (
            &failed["status"],
            &failed["payment_method"],
            &failed["last_setup_error"]["code"],
            &failed["latest_attempt"]["status"]
        ),
        (
            &json!("requires_payment_method"),
            &Value::Null,
            &json!("setup_intent_authentication_failure"),
            &json!("failed")
        )
    );
    let path = format!("/v1/setup_intents/{}/confirm", id(&asked));
    let form = [("payment_method", "pm_card_mastercard"), BACK];
    let done = shop.client.make(&path, &form).await;
    assert_eq!(
        (&done["status"], &done["last_setup_error"]),
        (&json!("succeeded"), &Value::Null)
    );
    let types = shop.client.event_types().await;
    assert_eq!(
        types[1..],
        [
            "setup_intent.created",
            "setup_intent.requires_action",
            "setup_intent.setup_failed",
            "payment_method.attached",
            "setup_intent.succeeded"
        ]
    );
    let attempts = format!("/v1/setup_attempts?setup_intent={}", id(&asked));
    let attempts = shop.client.get(&attempts).await.body;
    let statuses: Vec<_> = attempts["data"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| &one["status"])
        .collect();
    assert_eq!(statuses, ["succeeded", "failed"]);
}

#[tokio::test]
async fn a_declined_card_is_answered_with_402_and_stays_on_record() {
    let shop = Shop::new().await;
    let refused = shop.ask("pm_card_chargeDeclined", &[]).await;
    let intent = &refused.error()["setup_intent"];
    assert_eq!(
        (
            refused.status,
            &refused.error()["type"],
            &refused.error()["decline_code"],
            &intent["status"]
        ),
        (
            402,
            &json!("card_error"),
            &json!("generic_decline"),
            &json!("requires_payment_method")
        )
    );
    let kept = shop.retrieve(intent, "customer").await;
    assert_eq!(kept["last_setup_error"]["code"], "card_declined");
    assert_eq!(
        shop.client.last_event().await["type"],
        "setup_intent.setup_failed"
    );
    for card in ["pm_card_chargeCustomerFail", "pm_usBankAccount_success"] {
        let done = shop.ask(card, &[]).await;
        assert_eq!(
            done.body["status"], "succeeded",
            "{card} only fails later: {}",
            done.body
        );
    }
}

#[tokio::test]
async fn a_setup_is_changed_listed_and_canceled() {
    let shop = Shop::new().await;
    let form = [
        ("payment_method_types[0]", "card"),
        ("description", "Later"),
        ("usage", "on_session"),
    ];
    let intent = shop.client.make("/v1/setup_intents", &form).await;
    assert_eq!(
        (&intent["status"], &intent["automatic_payment_methods"]),
        (&json!("requires_payment_method"), &Value::Null)
    );
    let path = format!("/v1/setup_intents/{}", id(&intent));
    let changes = [
        ("description", ""),
        ("metadata[order]", "7"),
        ("customer", id(&shop.customer)),
        ("payment_method", "pm_card_visa"),
        (
            "payment_method_options[card][request_three_d_secure]",
            "any",
        ),
    ];
    let changed = shop.client.make(&path, &changes).await;
    assert_eq!(
        (
            &changed["description"],
            &changed["metadata"]["order"],
            &changed["status"]
        ),
        (&Value::Null, &json!("7"), &json!("requires_confirmation"))
    );
    assert_eq!(
        changed["payment_method_options"]["card"],
        json!({ "mandate_options": null, "network": null, "request_three_d_secure": "any" })
    );
    let list = format!("/v1/setup_intents?customer={}", id(&shop.customer));
    assert_eq!(
        shop.client.get(&list).await.body["data"][0]["id"],
        intent["id"]
    );
    let cancel = [("cancellation_reason", "abandoned")];
    let canceled = shop.client.make(&format!("{path}/cancel"), &cancel).await;
    assert_eq!(
        (&canceled["status"], &canceled["cancellation_reason"]),
        (&json!("canceled"), &json!("abandoned"))
    );
    assert_eq!(
        shop.client.last_event().await["type"],
        "setup_intent.canceled"
    );
    let late = shop.client.post(&format!("{path}/cancel"), &cancel).await;
    assert_eq!(late.error()["code"], "setup_intent_unexpected_state");
}

#[tokio::test]
async fn impossible_setup_is_refused_with_a_message() {
    let shop = Shop::new().await;
    let stranger = shop.client.make("/v1/customers", &[]).await;
    let method = shop.ask("pm_card_visa", &[]).await.body["payment_method"].clone();
    let method = method.as_str().unwrap();
    let confirm = ("confirm", "true");
    for (form, says) in [
        (&[confirm][..], "missing a payment method"),
        (&[BACK], "`confirm=true` is also provided"),
        (
            &[
                ("payment_method", "pm_card_visa"),
                confirm,
                ("automatic_payment_methods[enabled]", "true"),
            ],
            "you must provide a `return_url`",
        ),
        (
            &[("payment_method", method), ("customer", id(&stranger))],
            "does not belong to the Customer",
        ),
        (
            &[
                ("payment_method", "pm_card_visa"),
                ("payment_method_types[0]", "sepa_debit"),
            ],
            "not allowed for this SetupIntent",
        ),
        (
            &[("allowed_payment_method_types[0]", "klarna")],
            "No valid payment method types",
        ),
        (&[("usage", "never")], "must be one of"),
        (&[("off_session", "true")], "unknown parameter"),
        (&[("flow_directions[0]", "inbound")], "does not support"),
        (
            &[("payment_method_options[card][network]", "visa")],
            "does not support",
        ),
        (
            &[("payment_method_options[card][capture_method]", "manual")],
            "unknown parameter",
        ),
    ] {
        let answer = shop.client.post("/v1/setup_intents", form).await;
        let message = answer.error()["message"].as_str().unwrap();
        assert!(
            answer.status == 400 && message.contains(says),
            "{says}: {message}"
        );
    }
    let intent = shop.ask("pm_card_visa", &[]).await.body;
    let path = format!("/v1/setup_intents/{}?client_secret=other", id(&intent));
    assert_eq!(shop.client.get(&path).await.status, 400);
    assert_eq!(
        shop.client.get("/v1/setup_intents/seti_x").await.status,
        404
    );
    assert_eq!(shop.client.open("/c/authenticate/seti_x").await.status, 404);
    assert_eq!(shop.client.get("/v1/setup_attempts").await.status, 400);
}
