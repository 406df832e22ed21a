import pytest
import stripe


def test_a_charge_is_changed_and_its_event_says_what_it_was(client, paid):
    charge = paid().payment_intent.latest_charge
    changed = client.charges.update(charge.id, {
        "description": "Print", "metadata": {"a": "1"}, "receipt_email": "ada@example.com",
        "fraud_details": {"user_report": "safe"}})
    assert (changed.description, changed.metadata.to_dict()) == ("Print", {"a": "1"})
    assert changed.fraud_details.user_report == "safe"
    event = client.events.list({"type": "charge.updated"}).data[0]
    assert event.data.previous_attributes["description"] is None
    assert event.data.previous_attributes["metadata"].to_dict() == {"a": None}


def test_a_held_charge_is_captured_by_its_intent_alone(client):
    held = client.payment_intents.create({
        "amount": 2100, "currency": "usd", "payment_method": "pm_card_visa", "confirm": True,
        "capture_method": "manual", "return_url": "https://shop.example/back"})
    charge = client.charges.retrieve(held.latest_charge)
    assert (charge.captured, charge.amount_captured) == (False, 0)
    with pytest.raises(stripe.InvalidRequestError, match="You must capture the PaymentIntent instead"):
        client.charges.capture(charge.id, {"amount": 1500})
    client.payment_intents.capture(held.id, {"amount_to_capture": 1500})
    charge = client.charges.retrieve(charge.id)
    assert (charge.captured, charge.amount_captured) == (True, 1500)
    with pytest.raises(stripe.InvalidRequestError) as again:
        client.charges.capture(charge.id)
    assert again.value.code == "charge_already_captured"


def test_charges_are_found_by_intent_and_customer(client):
    customer = client.customers.create({})
    made = [client.payment_intents.create({
        "amount": amount, "currency": "usd", "customer": customer.id, "payment_method": "pm_card_visa", "confirm": True,
        "return_url": "https://shop.example/back"}) for amount in (100, 200)]
    found = client.charges.list({"customer": customer.id})
    assert [one.amount for one in found] == [200, 100]
    assert [one.amount for one in client.charges.list({"payment_intent": made[0].id})] == [100]


def test_more_refunds_than_a_charge_shows_are_paged_through(client, paid):
    charge = paid().payment_intent.latest_charge.id
    made = [client.refunds.create({"charge": charge, "amount": 100}).id for _ in range(12)]
    shown = client.charges.retrieve(charge, {"expand": ["refunds"]}).refunds
    assert (len(shown.data), shown.has_more) == (10, True)
    assert [one.id for one in shown.auto_paging_iter()] == made[::-1]


def test_a_bank_warns_of_a_charge_until_it_is_refunded(client, paid):
    charge = paid("4000000000005423").payment_intent.latest_charge.id
    warning = client.radar.early_fraud_warnings.list({"charge": charge}).data[0]
    assert (warning.actionable, warning.charge) == (True, charge)
    client.refunds.create({"charge": charge, "reason": "fraudulent"})
    after = client.radar.early_fraud_warnings.retrieve(warning.id, {"expand": ["charge", "payment_intent"]})
    assert after.actionable is False and after.charge.refunded is True
    kinds = [event.type for event in client.events.list({"type": "radar.*"})]
    assert kinds == ["radar.early_fraud_warning.updated", "radar.early_fraud_warning.created"]


def test_one_refund_of_a_charge_has_an_address_of_its_own(client, sandbox, paid):
    charge = paid().payment_intent.latest_charge.id
    refund = client.refunds.create({"charge": charge})
    answer = sandbox.raw("GET", f"/v1/charges/{charge}/refunds/{refund.id}")
    assert (answer.status_code, answer.json()["id"]) == (200, refund.id)
