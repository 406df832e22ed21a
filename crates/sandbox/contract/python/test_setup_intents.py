"""Payment methods that are made ready for later payments, by Stripe's own SDK."""

import pytest
import requests
import stripe

BACK = "https://shop.example/back"


@pytest.fixture
def customer(client):
    return client.customers.create({"email": "ada@example.com"})


@pytest.fixture
def set_up(client, customer):
    return lambda method, **more: client.setup_intents.create({
        "customer": customer.id, "payment_method": method, "confirm": True, "return_url": BACK, **more})


def test_a_card_is_set_up(client, customer, set_up, receiver):
    done = set_up("pm_card_visa", expand=["latest_attempt", "payment_method"])
    assert (done.status, done.latest_attempt.status) == ("succeeded", "succeeded")
    assert done.payment_method.customer == customer.id
    receiver.event("setup_intent.succeeded", done.id)
    assert [one.id for one in client.setup_intents.list({"customer": customer.id}).data] == [done.id]
    (attempt,) = client.setup_attempts.list({"setup_intent": done.id}).data
    assert attempt.payment_method_details.card.last4 == "4242"


def test_a_card_that_was_set_up_is_charged_without_its_shopper(client, customer, set_up, sandbox):
    asked = set_up("pm_card_authenticationRequiredOnSetup")
    assert asked.status == "requires_action"
    left = requests.post(asked.next_action.redirect_to_url.url, data={"outcome": "complete"}, allow_redirects=False,
                         timeout=10)
    assert left.headers["Location"].startswith(f"{BACK}?setup_intent={asked.id}&")
    done = client.setup_intents.retrieve(asked.id, {"expand": ["latest_attempt"]})
    assert done.latest_attempt.payment_method_details.card.three_d_secure.result == "authenticated"
    paid = client.payment_intents.create({
        "amount": 2100, "currency": "usd", "customer": customer.id, "payment_method": done.payment_method,
        "off_session": True, "confirm": True})
    assert paid.status == "succeeded"


def test_what_fails_stays_on_record(client, set_up):
    with pytest.raises(stripe.CardError) as refused:
        set_up("pm_card_chargeDeclinedInsufficientFunds")
    failed = client.setup_intents.retrieve(refused.value.error.setup_intent.id)
    assert failed.last_setup_error.decline_code == "insufficient_funds"
    asked = set_up("pm_card_authenticationRequired")
    requests.post(asked.next_action.redirect_to_url.url, data={"outcome": "fail"}, allow_redirects=False, timeout=10)
    failed = client.setup_intents.retrieve(asked.id)
    assert failed.last_setup_error.code == "setup_intent_authentication_failure"
    assert client.setup_intents.confirm(asked.id, {
        "payment_method": "pm_card_mastercard", "return_url": BACK}).status == "succeeded"
    kinds = [event.type for event in client.events.list({"type": "setup_intent.*"}).data]
    assert kinds == ["setup_intent.succeeded", "setup_intent.setup_failed", "setup_intent.requires_action",
                     "setup_intent.created", "setup_intent.setup_failed", "setup_intent.created"]


def test_a_setup_is_changed_and_canceled(client, customer):
    made = client.setup_intents.create({"excluded_payment_method_types": ["us_bank_account"]})
    assert made.payment_method_types == ["card", "sepa_debit"]
    changed = client.setup_intents.update(made.id, {
        "customer": customer.id, "payment_method": "pm_card_visa", "metadata": {"order": "7"}})
    assert (changed.status, changed.metadata["order"]) == ("requires_confirmation", "7")
    canceled = client.setup_intents.cancel(made.id, {"cancellation_reason": "duplicate"})
    assert (canceled.status, canceled.cancellation_reason) == ("canceled", "duplicate")
    with pytest.raises(stripe.InvalidRequestError) as refused:
        client.setup_intents.confirm(made.id, {"return_url": BACK})
    assert refused.value.code == "setup_intent_unexpected_state"
