"""How each kind of payment method is to be used, by Stripe's own SDK."""

from datetime import datetime, timedelta, timezone

import pytest
import stripe


def test_three_d_secure_is_asked_for_when_the_merchant_wants_it(client, session, sandbox):
    optional = "4000000000003055"
    plain = session()
    assert sandbox.pay(plain, optional).headers["Location"].startswith("https://shop.example/")
    asking = session(payment_method_options={"card": {"request_three_d_secure": "any"}})
    assert asking.payment_method_options.card.request_three_d_secure == "any"
    assert sandbox.pay(asking, optional).headers["Location"].endswith("/authenticate")
    assert sandbox.authenticate(asking).headers["Location"].startswith("https://shop.example/")
    charge = client.charges.list({"limit": 1}).data[0]
    assert charge.payment_method_details.card.three_d_secure.result == "authenticated"


def test_blocked_brands_are_told_at_the_card(client, session, sandbox):
    made = session(payment_method_options={"card": {"restrictions": {"brands_blocked": ["american_express"]}}})
    assert made.payment_method_options.card.restrictions.brands_blocked == ["american_express"]
    page = sandbox.pay(made, "378282246310005", cardCvc="1234")
    assert page.status_code == 200 and "American Express cards are not accepted here" in page.text
    assert sandbox.pay(made).status_code == 303
    assert client.checkout.sessions.retrieve(made.id).payment_status == "paid"


def test_cards_alone_are_captured_later(client, paid):
    made = paid(payment_method_options={"card": {"capture_method": "manual"}},
                payment_intent_data={"statement_descriptor_suffix": "PRINT 7"})
    assert made.payment_intent.status == "requires_capture"
    assert made.payment_intent.latest_charge.calculated_statement_descriptor == "SANDBOX* PRINT 7"
    assert client.payment_intents.capture(made.payment_intent.id).amount_received == 2100


def test_a_card_is_kept_for_later(client, paid):
    customer = client.customers.create({"email": "ada@example.com"})
    made = paid(customer=customer.id, payment_method_options={"card": {"setup_future_usage": "off_session"}})
    assert made.payment_intent.setup_future_usage is None
    assert made.payment_intent.payment_method_options.card.setup_future_usage == "off_session"
    assert client.payment_methods.retrieve(made.payment_intent.payment_method).customer == customer.id


def test_a_bank_account_is_debited_on_its_day(client, sandbox):
    day = datetime.now(timezone.utc) + timedelta(days=5)
    intent = client.payment_intents.create({
        "amount": 2100, "currency": "usd", "payment_method": "pm_usBankAccount_success", "confirm": True,
        "return_url": "https://shop.example/back",
        "payment_method_options": {"us_bank_account": {"target_date": day.strftime("%Y-%m-%d")}}})
    sandbox.control("clock", advance=3 * 24 * 60 * 60)
    assert client.payment_intents.retrieve(intent.id).status == "processing"
    sandbox.control("clock", advance=3 * 24 * 60 * 60)
    assert client.payment_intents.retrieve(intent.id).status == "succeeded"


def test_kinds_are_left_out(client, session):
    made = session(excluded_payment_method_types=["us_bank_account"])
    assert (made.payment_method_types, made.excluded_payment_method_types) == (["card"], ["us_bank_account"])
    intent = client.payment_intents.create({
        "amount": 2100, "currency": "usd", "excluded_payment_method_types": ["us_bank_account"],
        "payment_method_options": {"card": {"request_three_d_secure": "challenge", "setup_future_usage": "on_session"}}})
    assert intent.payment_method_types == ["card"]
    cleared = client.payment_intents.update(intent.id, {
        "excluded_payment_method_types": "", "payment_method_options": {"card": {"setup_future_usage": ""}}})
    assert cleared.payment_method_types == ["card", "us_bank_account"]
    assert cleared.payment_method_options.card.request_three_d_secure == "challenge"
    assert "setup_future_usage" not in cleared.payment_method_options.card


@pytest.mark.parametrize("options, says", [
    ({"card": {"restrictions": {"brands_blocked": ["gold"]}}}, "must be one of"),
    ({"sepa_debit": {"mandate_options": {"reference_prefix": "SHOP"}}}, "does not support"),
    ({"us_bank_account": {"target_date": "2020-01-01"}}, "from 3 to 15 days"),
])
def test_what_cannot_be_honored_is_refused(session, options, says):
    with pytest.raises(stripe.InvalidRequestError) as refused:
        session(payment_method_options=options)
    assert says in str(refused.value)
