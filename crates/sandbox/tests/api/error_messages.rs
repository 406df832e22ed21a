//! Refusals word for word, with their code and parameter, as Stripe's test mode gave them.

use serde_json::{Value, json};

use crate::api_client::{Answer, ApiClient, id};

/// Asserts the status, code, parameter and whole message of a refusal. An empty code or parameter
/// is none.
fn assert_refused(answer: &Answer, status: u16, code: &str, param: &str, message: &str) {
    let or_none = |text: &str| match text {
        "" => Value::Null,
        text => json!(text),
    };
    let error = answer.error();
    assert_eq!(
        (
            answer.status,
            &error["code"],
            &error["param"],
            &error["message"]
        ),
        (status, &or_none(code), &or_none(param), &json!(message))
    );
}

/// A form, and the code, the parameter and the message with which it is refused.
type Case<'a> = (&'a [(&'a str, &'a str)], &'a str, &'a str, &'a str);

async fn assert_all_refused(client: &ApiClient, path: &str, cases: &[Case<'_>]) {
    for (form, code, param, message) in cases {
        assert_refused(&client.post(path, form).await, 400, code, param, message);
    }
}

/// Makes a payment intent that is confirmed, over 20 dollars unless the form says otherwise.
async fn paid(client: &ApiClient, more: &[(&str, &str)]) -> Value {
    let usual = [
        ("amount", "2000"),
        ("currency", "usd"),
        ("confirm", "true"),
        ("payment_method", "pm_card_visa"),
        ("return_url", "https://shop.example/back"),
    ];
    client
        .make("/v1/payment_intents", &[&usual[..], more].concat())
        .await
}

#[tokio::test]
async fn coupons_and_promotion_codes() {
    let client = ApiClient::new().await;
    client
        .make("/v1/coupons", &[("percent_off", "5"), ("id", "FIVE")])
        .await;
    let code = [
        ("promotion[type]", "coupon"),
        ("promotion[coupon]", "FIVE"),
        ("code", "SPRING_5"),
    ];
    client.make("/v1/promotion_codes", &code).await;
    let past = |member: &str| {
        format!(
            "The parameter `{member}` expects a unix timestamp representing a date and time in the future. You specified \
             the value `5` which is in the past."
        )
    };
    let too_far = "Invalid timestamp: can be no more than five years in the future.";
    let percent = |bound: &str| format!("This value must be {bound}).");
    assert_all_refused(
        &client,
        "/v1/coupons",
        &[
            (&[], "parameter_missing", "", "Must provide percent_off or amount_off."),
            (
                &[("percent_off", "5"), ("amount_off", "5")],
                "",
                "",
                "Received both percent_off and amount_off parameters. Please pass in only one.",
            ),
            (
                &[("amount_off", "5")],
                "",
                "currency",
                "You must pass currency when passing amount_off",
            ),
            (
                &[("percent_off", "5"), ("duration", "repeating")],
                "",
                "duration",
                "The duration_in_months param must be set when creating a coupon with a repeating duration",
            ),
            (
                &[("percent_off", "0")],
                "",
                "percent_off",
                &percent("greater than or equal to 0.01 (it currently is '0.0'"),
            ),
            (
                &[("percent_off", "0.001")],
                "",
                "percent_off",
                &percent("greater than or equal to 0.01 (it currently is '0.001'"),
            ),
            (
                &[("percent_off", "100.5")],
                "",
                "percent_off",
                &percent("less than or equal to 100 (it currently is '100.5'"),
            ),
            (
                &[("percent_off", "5"), ("id", "FIVE")],
                "resource_already_exists",
                "",
                "Coupon already exists.",
            ),
            (
                &[("percent_off", "5"), ("redeem_by", "5")],
                "",
                "redeem_by",
                &past("redeem_by"),
            ),
            (
                &[("percent_off", "5"), ("redeem_by", "9223372036854775807")],
                "",
                "redeem_by",
                too_far,
            ),
        ],
    )
    .await;
    let with = |more| [&code[..2], &[more]].concat();
    assert_all_refused(
        &client,
        "/v1/promotion_codes",
        &[
            (
                &code[..1],
                "",
                "promotion.coupon",
                "You must pass promotion.coupon when passing promotion",
            ),
            (
                &with(("code", "a b")),
                "",
                "code",
                "This value must match the regex pattern. (/\\A[a-zA-Z0-9\\-_]+\\z/ does not match for the value a b).",
            ),
            (
                &with(("code", "SPRING_5")),
                "",
                "",
                "An active promotion code with `code: SPRING_5` already exists.",
            ),
            (&with(("expires_at", "5")), "", "expires_at", &past("expires_at")),
            (&with(("expires_at", "9223372036854775807")), "", "expires_at", too_far),
        ],
    )
    .await;
}

#[tokio::test]
async fn prices() {
    let client = ApiClient::new().await;
    let product = client.make("/v1/products", &[("name", "Print")]).await;
    let (usd, cents) = (("currency", "usd"), ("unit_amount", "500"));
    let of_product = ("product", id(&product));
    assert_all_refused(
        &client,
        "/v1/prices",
        &[
            (
                &[usd, cents],
                "",
                "",
                "You must specify either `product` or `product_data` when creating a price.",
            ),
            (
                &[usd, cents, of_product, ("product_data[name]", "Print")],
                "",
                "product",
                "You may only specify one of these parameters: product, product_data.",
            ),
            (
                &[usd, of_product],
                "",
                "",
                "Prices require an `unit_amount` or `unit_amount_decimal` parameter to be set.",
            ),
        ],
    )
    .await;
}

#[tokio::test]
async fn ids_in_paths() {
    let client = ApiClient::new().await;
    for (path, param, message) in [
        ("charges/nope", "id", "No such charge: 'nope'"),
        (
            "balance_transactions/nope",
            "id",
            "No such balance transaction: 'nope'",
        ),
        ("products/nope", "id", "No such product: 'nope'"),
        (
            "payment_intents/nope",
            "intent",
            "No such payment_intent: 'nope'",
        ),
        (
            "payment_methods/nope",
            "payment_method",
            "No such PaymentMethod: 'nope'",
        ),
        (
            "promotion_codes/nope",
            "promotion_code",
            "No such promotion code: 'nope'",
        ),
        ("coupons/nope", "coupon", "No such coupon: 'nope'"),
    ] {
        let answer = client.get(&format!("/v1/{path}")).await;
        assert_refused(&answer, 404, "resource_missing", param, message);
    }
}

#[tokio::test]
async fn payment_methods() {
    let client = ApiClient::new().await;
    let (ada, bob) = (
        client.make("/v1/customers", &[]).await,
        client.make("/v1/customers", &[]).await,
    );
    let token = [("type", "card"), ("card[token]", "tok_visa")];
    let method = client.make("/v1/payment_methods", &token).await;
    let path = format!("/v1/payment_methods/{}", id(&method));
    let attach = format!("{path}/attach");
    assert_all_refused(
        &client,
        &attach,
        &[(
            &[],
            "parameter_missing",
            "",
            "Must provide customer or customer_account.",
        )],
    )
    .await;
    assert_all_refused(
        &client,
        "/v1/payment_methods",
        &[
            (
                &[token[0], token[1], ("customer", id(&ada))],
                "",
                "",
                "You cannot attach a PaymentMethod to a Customer during PaymentMethod creation. Please instead create the \
                 PaymentMethod and then attach it using the attachment method of the PaymentMethods API.",
            ),
            (
                &[token[0], ("card[token]", "pm_card_visa")],
                "",
                "token",
                "Invalid token id: pm_card_visa",
            ),
        ],
    )
    .await;
    let of_ada = [("customer", id(&ada))];
    let attached = client.make(&attach, &of_ada).await;
    let events = client.event_types().await.len();
    assert_eq!(client.make(&attach, &of_ada).await, attached);
    assert_eq!(client.event_types().await.len(), events, "nothing happened");
    let form = [
        ("amount", "2000"),
        ("currency", "usd"),
        ("return_url", "https://shop.example/back"),
        ("confirm", "true"),
        ("payment_method", id(&method)),
    ];
    let stranger = [&form[..], &[("customer", id(&bob))]].concat();
    let (method, ada, bob) = (id(&method), id(&ada), id(&bob));
    assert_all_refused(
        &client,
        "/v1/payment_intents",
        &[
            (
                &form,
                "parameter_missing",
                "source",
                &format!(
                    "The `payment_method` parameter supplied {method} belongs to the Customer {ada}. Please include the \
                     Customer in the `customer` parameter on the PaymentIntent."
                ),
            ),
            (
                &stranger,
                "",
                "payment_method",
                &format!(
                    "The PaymentMethod {method} does not belong to the Customer you supplied {bob}. Please use this \
                     PaymentMethod with the Customer that it belongs to instead."
                ),
            ),
        ],
    )
    .await;
    client.make(&format!("{path}/detach"), &[]).await;
    let message = "The payment method you provided is not attached to a customer so detachment is impossible.";
    assert_all_refused(
        &client,
        &format!("{path}/detach"),
        &[(&[], "", "", message)],
    )
    .await;
}

#[tokio::test]
async fn payment_intents() {
    let client = ApiClient::new().await;
    let intent = paid(&client, &[]).await;
    let path = format!("/v1/payment_intents/{}", id(&intent));
    let unexpected = "payment_intent_unexpected_state";
    assert_all_refused(
        &client,
        &path,
        &[(
            &[("amount", "300")],
            unexpected,
            "amount",
            "This PaymentIntent's amount could not be updated because it has a status of succeeded. You may only update \
             the amount of a PaymentIntent with one of the following statuses: requires_payment_method, \
             requires_confirmation, requires_action.",
        )],
    )
    .await;
    assert_all_refused(
        &client,
        &format!("{path}/cancel"),
        &[(
            &[],
            unexpected,
            "",
            "You cannot cancel this PaymentIntent because it has a status of succeeded. Only a PaymentIntent with one of \
             the following statuses may be canceled: requires_payment_method, requires_capture, \
             requires_reauthorization, requires_confirmation, requires_action, expired, processing.",
        )],
    )
    .await;
    assert_all_refused(
        &client,
        "/v1/payment_intents",
        &[(
            &[("amount", "0"), ("currency", "usd")],
            "parameter_invalid_integer",
            "amount",
            "The amount must be greater than or equal to the minimum charge amount allowed for your account and the \
             currency set (https://docs.stripe.com/currencies#minimum-and-maximum-charge-amounts).  If you want to save a \
             Payment Method for future use without an immediate payment, use a Setup Intent instead: \
             https://docs.stripe.com/payments/setup-intents",
        )],
    )
    .await;
    let customer = client.make("/v1/customers", &[]).await;
    let form = [
        ("amount", "2000"),
        ("currency", "usd"),
        ("customer", id(&customer)),
    ];
    let open = client.make("/v1/payment_intents", &form).await;
    let message = format!(
        "You cannot confirm this PaymentIntent because it's missing a payment method. To confirm the PaymentIntent with \
         {}, specify a payment method attached to this customer along with the customer ID.",
        id(&customer)
    );
    let confirm = format!("/v1/payment_intents/{}/confirm", id(&open));
    assert_all_refused(&client, &confirm, &[(&[], unexpected, "", &message)]).await;
}

#[tokio::test]
async fn authorizations() {
    let client = ApiClient::new().await;
    let held = paid(&client, &[("capture_method", "manual")]).await;
    let (intent, charge) = (id(&held), held["latest_charge"].as_str().unwrap());
    let holds = "https://stripe.com/docs/payments/place-a-hold-on-a-payment-method";
    let refund = format!(
        "This uncaptured Charge was created by a PaymentIntent ({intent}). You must cancel the PaymentIntent to reverse \
         the authorization instead of refunding the Charge directly. For more information, see {holds}"
    );
    let refunds: &[Case<'_>] = &[(&[("charge", charge)], "", "", &refund)];
    assert_all_refused(&client, "/v1/refunds", refunds).await;
    let capture = format!(
        "This uncaptured Charge was created by a PaymentIntent ({intent}). You must capture the PaymentIntent instead. For \
         more information, see {holds}"
    );
    let of_charge = format!("/v1/charges/{charge}/capture");
    assert_all_refused(&client, &of_charge, &[(&[], "", "", &capture)]).await;
    let path = format!("/v1/payment_intents/{intent}/capture");
    assert_all_refused(
        &client,
        &path,
        &[
            (
                &[("amount_to_capture", "-1")],
                "",
                "amount_to_capture",
                "Invalid non-negative integer",
            ),
            (
                &[("amount_to_capture", "0")],
                "parameter_invalid_integer",
                "amount",
                "This value must be greater than or equal to 1.",
            ),
            (
                &[("amount_to_capture", "2001")],
                "amount_too_large",
                "",
                "The payment could not be captured because the requested capture amount is greater than the amount you \
                 can capture for this charge. Contact us via https://support.stripe.com/contact/ for help.",
            ),
        ],
    )
    .await;
    client.make(&path, &[("amount_to_capture", "1500")]).await;
    let message = "The remaining amount on this PaymentIntent could not be captured because the remainder of the \
        authorized amount has been released.";
    let again: Case<'_> = (&[], "payment_intent_unexpected_state", "", message);
    assert_all_refused(&client, &path, &[again]).await;
    let message = format!("Charge {charge} has already been captured.");
    let again: Case<'_> = (&[], "charge_already_captured", "", &message);
    assert_all_refused(&client, &of_charge, &[again]).await;
}

#[tokio::test]
async fn amounts_that_no_bank_pays_out() {
    let client = ApiClient::new().await;
    for (currency, amount, odd, step) in
        [("kwd", "10000", "1005", 10), ("isk", "100000", "1050", 100)]
    {
        let money = [("amount", amount), ("currency", currency)];
        let message = format!("Invalid amount: amounts in {currency} must be divisible by {step}.");
        let code = "parameter_invalid_integer";
        let intent = paid(&client, &money).await;
        let form = [("payment_intent", id(&intent)), ("amount", odd)];
        let case: Case<'_> = (&form, code, "amount", &message);
        assert_all_refused(&client, "/v1/refunds", &[case]).await;
        let held = paid(
            &client,
            &[&money[..], &[("capture_method", "manual")]].concat(),
        )
        .await;
        let path = format!("/v1/payment_intents/{}/capture", id(&held));
        let form = [("amount_to_capture", odd)];
        let case: Case<'_> = (&form, code, "amount_to_capture", &message);
        assert_all_refused(&client, &path, &[case]).await;
        client.refund(&[("payment_intent", id(&intent))]).await;
    }
}
