import pytest
import stripe


def create(client, **more):
    return client.payment_intents.create({"amount": 2100, "currency": "usd", **more})


def card(name="pm_card_visa"):
    return {"payment_method": name, "confirm": True, "return_url": "https://shop.example/back"}


def test_an_intent_is_made_changed_confirmed_and_listed(client):
    made = create(client, metadata={"a": "1"})
    assert (made.object, made.status) == ("payment_intent", "requires_payment_method")
    assert made.client_secret.startswith(f"{made.id}_secret_")
    changed = client.payment_intents.update(made.id, {"amount": 2200, "description": "Print"})
    assert (changed.amount, changed.description) == (2200, "Print")
    done = client.payment_intents.confirm(made.id, {"payment_method": "pm_card_visa", "return_url": "https://x.example"})
    assert (done.status, done.amount_received) == ("succeeded", 2200)
    assert client.payment_intents.retrieve(made.id) == done
    assert [one.id for one in client.payment_intents.list()] == [made.id]


def test_a_declined_card_is_a_card_error(client):
    for name, code, decline_code in [
        ("pm_card_visa_chargeDeclined", "card_declined", "generic_decline"),
        ("pm_card_visa_chargeDeclinedInsufficientFunds", "card_declined", "insufficient_funds"),
        ("pm_card_chargeDeclinedExpiredCard", "expired_card", None),
        ("pm_card_chargeDeclinedIncorrectCvc", "incorrect_cvc", None),
        ("pm_card_chargeDeclinedProcessingError", "processing_error", None),
    ]:
        with pytest.raises(stripe.CardError) as caught:
            create(client, **card(name))
        error = caught.value
        assert (error.http_status, error.code) == (402, code), name
        assert decline_code is None or error.error.decline_code == decline_code
        intent = error.error.payment_intent
        assert intent["status"] == "requires_payment_method"
        assert client.payment_intents.retrieve(intent["id"]).last_payment_error.code == code


def test_a_decline_is_replayed_under_its_key(client):
    for replayed in [None, "true"]:
        with pytest.raises(stripe.CardError) as caught:
            client.payment_intents.create(
                {"amount": 500, "currency": "usd", **card("pm_card_chargeDeclined")}, {"idempotency_key": "declined"})
        assert caught.value.headers.get("Idempotent-Replayed") == replayed


def test_three_d_secure_asks_for_an_action(client):
    made = create(client, **card("pm_card_authenticationRequired"))
    assert (made.status, made.next_action.type) == ("requires_action", "redirect_to_url")
    assert made.next_action.redirect_to_url.url.startswith("http")
    assert client.events.list({"type": "payment_intent.requires_action"}).data


def test_money_is_held_and_taken_later(client):
    held = create(client, capture_method="manual", **card())
    assert (held.status, held.amount_capturable) == ("requires_capture", 2100)
    assert client.events.list({"type": "payment_intent.amount_capturable_updated"}).data
    taken = client.payment_intents.capture(held.id, {"amount_to_capture": 2000})
    assert (taken.status, taken.amount_received, taken.amount_capturable) == ("succeeded", 2000, 0)
    charge = client.charges.retrieve(taken.latest_charge)
    assert (charge.captured, charge.amount_captured) == (True, 2000)
    assert client.events.list({"type": "charge.captured"}).data


def test_money_that_is_held_can_be_let_go(client):
    held = create(client, capture_method="manual", **card())
    canceled = client.payment_intents.cancel(held.id, {"cancellation_reason": "requested_by_customer"})
    assert (canceled.status, canceled.cancellation_reason) == ("canceled", "requested_by_customer")
    assert canceled.canceled_at
    with pytest.raises(stripe.InvalidRequestError) as caught:
        client.payment_intents.capture(held.id)
    assert caught.value.code == "payment_intent_unexpected_state"


def test_what_succeeded_cannot_be_canceled(client):
    done = create(client, **card())
    with pytest.raises(stripe.InvalidRequestError) as caught:
        client.payment_intents.cancel(done.id)
    assert (caught.value.http_status, caught.value.code) == (400, "payment_intent_unexpected_state")


@pytest.mark.parametrize("change, code", [
    ({"amount": 49}, "amount_too_small"),
    ({"amount": 100_000_000}, "amount_too_large"),
    ({"amount": "12.5"}, "parameter_invalid_integer"),
    ({"currency": "xyz"}, None),
    ({"payment_method": "pm_none"}, "resource_missing"),
    ({"customer": "cus_none"}, "resource_missing"),
    ({"colour": "red"}, "parameter_unknown"),
])
def test_an_intent_that_cannot_be_is_refused(client, change, code):
    with pytest.raises(stripe.InvalidRequestError) as caught:
        create(client, **change)
    assert caught.value.http_status == 400
    assert code is None or caught.value.code == code


def test_the_intent_of_a_session_is_the_sessions(client, session, sandbox):
    made = session()
    sandbox.pay(made, "4000000000000002")
    intent = client.checkout.sessions.retrieve(made.id).payment_intent
    for action in [client.payment_intents.confirm, client.payment_intents.cancel]:
        with pytest.raises(stripe.InvalidRequestError):
            action(intent)


def test_intents_are_found_by_their_customer(client):
    customer = client.customers.create({"email": "ada@example.com"})
    made = create(client, customer=customer.id)
    create(client)
    assert [one.id for one in client.payment_intents.list({"customer": customer.id})] == [made.id]
    assert client.payment_intents.retrieve(made.id, {"expand": ["customer"]}).customer.email == "ada@example.com"


def test_the_browser_sees_an_intent_by_its_client_secret_alone(client, sandbox):
    made = create(client)
    path = f"/v1/payment_intents/{made.id}"
    assert sandbox.raw("GET", f"{path}?client_secret={made.client_secret}").status_code == 200
    assert sandbox.raw("GET", f"{path}?client_secret=other").status_code == 400


def test_a_bank_debit_settles_later(client, sandbox):
    for method, settled, kind in [
        ("pm_usBankAccount_success", "succeeded", "payment_intent.succeeded"),
        ("pm_usBankAccount_insufficientFunds", "requires_payment_method", "payment_intent.payment_failed"),
    ]:
        mandate = {"customer_acceptance": {"type": "online", "online": {"ip_address": "127.0.0.1", "user_agent": "x"}}}
        waiting = client.payment_intents.create({
            "amount": 2100, "currency": "usd", "payment_method": method, "confirm": True, "mandate_data": mandate,
            "return_url": "https://shop.example/back"})
        assert waiting.status == "processing"
        assert client.charges.retrieve(waiting.latest_charge).status == "pending"
        with pytest.raises(stripe.InvalidRequestError):
            client.refunds.create({"payment_intent": waiting.id})
        sandbox.control("clock", advance=60)
        assert client.payment_intents.retrieve(waiting.id).status == settled
        assert client.events.list({"type": kind}).data[0].data.object.id == waiting.id


def test_a_saved_card_is_charged_again_without_the_shopper(client):
    customer = client.customers.create({"email": "ada@example.com"})
    first = create(client, customer=customer.id, setup_future_usage="off_session", **card())
    assert client.payment_methods.retrieve(first.payment_method).customer == customer.id
    again = create(client, customer=customer.id, payment_method=first.payment_method, confirm=True, off_session=True)
    assert (again.status, again.payment_method) == ("succeeded", first.payment_method)
    with pytest.raises(stripe.CardError) as caught:
        create(client, payment_method="pm_card_authenticationRequired", confirm=True, off_session=True)
    assert caught.value.code == "authentication_required"
