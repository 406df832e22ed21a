"""Payments that are decided after the shopper has left."""

import pytest
import stripe

ROUTING = {"paymentMethod": "us_bank_account", "accountHolderName": "Ada L", "routingNumber": "110000000"}
SEPA = {"paymentMethod": "sepa_debit", "accountHolderName": "Ada L"}


@pytest.mark.parametrize("currency, fields, outcome", [
    ("usd", {**ROUTING, "accountNumber": "000123456789"}, "succeeded"),
    ("usd", {**ROUTING, "accountNumber": "000111111116"}, "failed"),
    ("eur", {**SEPA, "iban": "DE89 3704 0044 0532 0130 00"}, "succeeded"),
    ("eur", {**SEPA, "iban": "DE62 3704 0044 0532 0130 01"}, "failed"),
])
def test_a_debit_completes_the_session_and_is_decided_later(client, sandbox, receiver, session, currency, fields, outcome):
    items = [{"quantity": 1, "price_data": {"currency": currency, "unit_amount": 2100, "product_data": {"name": "Print"}}}]
    made = session(line_items=items)
    assert sandbox.pay(made, **fields).status_code == 303
    waiting = client.checkout.sessions.retrieve(made.id, {"expand": ["payment_intent"]})
    assert (waiting.status, waiting.payment_status) == ("complete", "unpaid")
    assert waiting.payment_intent.status == "processing"
    headers, body = receiver.event("checkout.session.completed", made.id)
    event = stripe.Webhook.construct_event(body, headers["Stripe-Signature"], "whsec_sandbox")
    assert event.data.object.payment_status == "unpaid"

    sandbox.control("clock", advance=60)
    after = client.checkout.sessions.retrieve(made.id, {"expand": ["payment_intent.latest_charge"]})
    assert after.payment_status == {"succeeded": "paid", "failed": "unpaid"}[outcome]
    assert after.payment_intent.latest_charge.status == outcome
    headers, body = receiver.event(f"checkout.session.async_payment_{outcome}", made.id)
    event = stripe.Webhook.construct_event(body, headers["Stripe-Signature"], "whsec_sandbox")
    assert event.data.object.id == made.id


def test_a_debit_that_came_through_can_be_refunded(client, sandbox, session):
    made = session()
    sandbox.pay(made, **ROUTING, accountNumber="000123456789")
    sandbox.control("clock", advance=60)
    intent = client.checkout.sessions.retrieve(made.id).payment_intent
    refund = client.refunds.create({"payment_intent": intent, "amount": 600})
    assert (refund.status, refund.id[:4]) == ("succeeded", "pyr_")
    assert client.charges.retrieve(refund.charge).amount_refunded == 600
