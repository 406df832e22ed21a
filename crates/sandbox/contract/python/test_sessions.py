import time

import pytest
import stripe

from conftest import order


def test_a_session_is_made_retrieved_and_listed(client, session):
    made = session(client_reference_id="order-1", metadata={"color": "blue"})
    assert (made.object, made.status, made.payment_status) == ("checkout.session", "open", "unpaid")
    assert (made.amount_subtotal, made.amount_total, made.currency) == (2100, 2100, "usd")
    assert made.id.startswith("cs_test_") and made.url.startswith("http://127.0.0.1")
    assert made.payment_intent is None and made.customer is None
    assert client.checkout.sessions.retrieve(made.id) == made
    assert [one.id for one in client.checkout.sessions.list({"limit": 3})] == [made.id]


def test_the_success_url_keeps_its_placeholder_until_the_redirect(session, sandbox):
    made = session()
    assert made.success_url.endswith("{CHECKOUT_SESSION_ID}")
    assert sandbox.pay(made).headers["Location"] == f"https://shop.example/done?session_id={made.id}"


def test_line_items_are_there_only_when_asked_for(client, session):
    made = session()
    assert "line_items" not in made
    items = client.checkout.sessions.line_items.list(made.id)
    assert [(item.object, item.description, item.quantity, item.amount_total) for item in items] == [
        ("item", "Print <A3> & café", 1, 2100)]
    expanded = client.checkout.sessions.retrieve(made.id, {"expand": ["line_items"]})
    assert expanded.line_items.data == items.data


def test_a_payment_completes_the_session(client, paid):
    session = paid(metadata={"a": "1"}, payment_intent_data={"metadata": {"b": "2"}})
    intent, charge = session.payment_intent, session.payment_intent.latest_charge
    assert (session.status, session.payment_status, session.url) == ("complete", "paid", None)
    assert session.customer_details.email == "ada@example.com"
    assert (intent.status, intent.amount_received, intent.metadata.to_dict()) == ("succeeded", 2100, {"b": "2"})
    assert (charge.paid, charge.captured, charge.refunded) == (True, True, False)
    assert charge.payment_method_details.card.last4 == "4242"
    assert client.payment_methods.retrieve(intent.payment_method).card.brand == "visa"


def test_a_declined_card_leaves_the_session_open(client, session, sandbox):
    made = session()
    page = sandbox.pay(made, "4000000000000002")
    assert page.status_code in (200, 402, 422) and "Your card was declined." in page.text
    after = client.checkout.sessions.retrieve(made.id)
    assert (after.status, after.payment_status) == ("open", "unpaid")
    assert sandbox.pay(made).status_code == 303


def test_three_d_secure_is_asked_for_and_passed(client, session, sandbox):
    made = session()
    sandbox.pay(made, "4000002760003184")
    waiting = client.checkout.sessions.retrieve(made.id, {"expand": ["payment_intent"]})
    assert (waiting.status, waiting.payment_intent.status) == ("open", "requires_action")
    assert waiting.payment_intent.next_action.type == "redirect_to_url"
    assert sandbox.authenticate(made).status_code == 303
    assert client.checkout.sessions.retrieve(made.id).payment_status == "paid"


def test_three_d_secure_that_fails_charges_nothing(client, session, sandbox):
    made = session()
    sandbox.pay(made, "4000002760003184")
    sandbox.authenticate(made, "fail")
    after = client.checkout.sessions.retrieve(made.id, {"expand": ["payment_intent"]})
    assert (after.status, after.payment_intent.status) == ("open", "requires_payment_method")


def test_a_session_expires_once(client, session, sandbox):
    made = session()
    assert client.checkout.sessions.expire(made.id).status == "expired"
    with pytest.raises(stripe.InvalidRequestError, match=r'with a status in \["open"\] can be expired'):
        client.checkout.sessions.expire(made.id)
    assert sandbox.pay(made).status_code != 303


def test_a_session_expires_when_its_time_is_up(client, session, sandbox):
    made = session(expires_at=int(time.time()) + 1900)
    sandbox.control("clock", advance=1901)
    after = client.checkout.sessions.retrieve(made.id)
    assert (after.status, after.url) == ("expired", None)


def test_sessions_are_found_by_their_intent_and_status(client, paid, session):
    open_one, paid_one = session(), paid()
    found = client.checkout.sessions.list({"payment_intent": paid_one.payment_intent.id})
    assert [one.id for one in found] == [paid_one.id]
    assert [one.id for one in client.checkout.sessions.list({"status": "open"})] == [open_one.id]


def test_yen_have_no_cents(client):
    order_in_yen = order()
    order_in_yen["line_items"][0]["price_data"].update(currency="jpy", unit_amount=500)
    assert client.checkout.sessions.create(order_in_yen).amount_total == 500


def test_what_costs_nothing_needs_no_payment(client, sandbox):
    free = order()
    free["line_items"][0]["price_data"]["unit_amount"] = 0
    made = client.checkout.sessions.create(free)
    assert (made.amount_total, made.payment_status) == (0, "no_payment_required")
