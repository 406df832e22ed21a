import threading

import pytest
import stripe

from conftest import connect


def test_a_refund_gives_everything_back(client, paid, receiver):
    session = paid()
    refund = client.refunds.create({"payment_intent": session.payment_intent.id})
    assert (refund.object, refund.amount, refund.status) == ("refund", 2100, "succeeded")
    charge = client.charges.retrieve(refund.charge)
    assert (charge.amount_refunded, charge.refunded) == (2100, True)
    headers, body = receiver.event("charge.refunded", charge.id)
    event = stripe.Webhook.construct_event(body, headers["Stripe-Signature"], "whsec_sandbox")
    assert event.data.previous_attributes["amount_refunded"] == 0
    with pytest.raises(stripe.InvalidRequestError) as caught:
        client.refunds.create({"charge": charge.id})
    assert (caught.value.http_status, caught.value.code) == (400, "charge_already_refunded")


def test_parts_are_refunded_until_nothing_is_left(client, paid):
    charge = paid().payment_intent.latest_charge.id
    first = client.refunds.create({"charge": charge, "amount": 600, "reason": "requested_by_customer"})
    assert client.charges.retrieve(charge).refunded is False
    with pytest.raises(stripe.InvalidRequestError, match="greater than unrefunded amount on charge") as caught:
        client.refunds.create({"charge": charge, "amount": 1600})
    assert caught.value.param == "amount"
    rest = client.refunds.create({"charge": charge})
    assert rest.amount == 1500
    assert [one.id for one in client.refunds.list({"charge": charge})] == [rest.id, first.id]


def test_a_refund_takes_metadata_and_keeps_the_rest(client, paid):
    refund = client.refunds.create({"payment_intent": paid().payment_intent.id, "metadata": {"a": "1"}})
    changed = client.refunds.update(refund.id, {"metadata": {"a": "", "b": "2"}})
    assert changed.metadata.to_dict() == {"b": "2"}
    assert client.refunds.retrieve(refund.id) == changed


@pytest.mark.parametrize("parameters, message", [
    ({}, "One of the following params should be provided for this request: payment_intent or charge"),
    ({"charge": "ch_none"}, "No such charge: 'ch_none'"),
    ({"payment_intent": "pi_none"}, "No such payment_intent: 'pi_none'"),
])
def test_a_refund_of_nothing_is_refused(client, parameters, message):
    with pytest.raises(stripe.InvalidRequestError, match=message) as caught:
        client.refunds.create(parameters)
    assert caught.value.http_status == 400


@pytest.mark.parametrize("amount", [0, -1, "12.5"])
def test_an_amount_that_is_none_is_refused(client, paid, amount):
    with pytest.raises(stripe.InvalidRequestError) as caught:
        client.refunds.create({"payment_intent": paid().payment_intent.id, "amount": amount})
    assert caught.value.code == "parameter_invalid_integer"


def test_a_hundred_refunds_at_once_never_exceed_the_charge(client, sandbox, paid):
    charge = paid().payment_intent.latest_charge.id
    statuses = []

    def refund():
        try:
            statuses.append(connect(sandbox).v1.refunds.create({"charge": charge, "amount": 100}).status)
        except stripe.StripeError as error:
            statuses.append(error.http_status)

    threads = [threading.Thread(target=refund) for _ in range(100)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert statuses.count("succeeded") == 21 and len(statuses) == 100
    assert set(statuses) == {"succeeded", 400}
    assert client.charges.retrieve(charge).amount_refunded == 2100
    assert sum(one.amount for one in client.refunds.list({"charge": charge, "limit": 100})) == 2100


def test_a_pending_refund_succeeds_later(client, sandbox, paid):
    refund = client.refunds.create({"payment_intent": paid("4000000000007726").payment_intent.id})
    assert refund.status == "pending"
    sandbox.control("clock", advance=864_000)
    assert client.refunds.retrieve(refund.id).status == "succeeded"
    assert client.events.list({"type": "refund.updated"}).data


def test_a_refund_that_fails_gives_the_amount_back(client, sandbox, paid):
    refund = client.refunds.create({"payment_intent": paid("4000000000005126").payment_intent.id})
    assert refund.status == "succeeded"
    sandbox.control("clock", advance=864_000)
    failed = client.refunds.retrieve(refund.id)
    assert failed.status == "failed" and failed.failure_reason
    assert client.events.list({"type": "refund.failed"}).data[0].data.object.id == refund.id
    assert client.charges.retrieve(refund.charge).amount_refunded == 0


def test_a_succeeded_refund_cannot_be_canceled(client, paid):
    refund = client.refunds.create({"payment_intent": paid().payment_intent.id})
    with pytest.raises(stripe.InvalidRequestError, match="unsupported"):
        client.refunds.cancel(refund.id)


def test_a_refund_that_waits_for_the_shopper_can_be_canceled_once(client, sandbox, paid):
    charge = paid().payment_intent.latest_charge.id
    waiting = sandbox.control(f"charges/{charge}/refund", course="requires_action")["id"]
    refund = client.refunds.retrieve(waiting)
    assert refund.status == "requires_action"
    assert refund.next_action.display_details.email_sent.email_sent_to == "ada@example.com"
    canceled = client.refunds.cancel(refund.id)
    assert (canceled.status, canceled.failure_reason) == ("canceled", "merchant_request")
    assert client.charges.retrieve(charge).amount_refunded == 0
    event = client.events.list({"type": "refund.*"}).data[0]
    assert (event.type, event.data.previous_attributes["status"]) == ("refund.updated", "requires_action")
    with pytest.raises(stripe.InvalidRequestError, match="unsupported"):
        client.refunds.cancel(refund.id)
    assert client.refunds.create({"charge": charge}).amount == 2100


def test_a_refund_that_waits_for_the_shopper_expires(client, sandbox, paid):
    charge = paid().payment_intent.latest_charge.id
    waiting = sandbox.control(f"charges/{charge}/refund", course="requires_action")["id"]
    assert client.test_helpers.refunds.expire(waiting).status == "failed"
    assert client.events.list({"type": "refund.failed"}).data[0].data.object.id == waiting


def test_refunds_are_paged_in_both_directions(client, paid):
    charge = paid().payment_intent.latest_charge.id
    made = [client.refunds.create({"charge": charge, "amount": 100}).id for _ in range(7)]
    listed = client.refunds.list({"charge": charge, "limit": 3})
    assert [one.id for one in listed.auto_paging_iter()] == made[::-1]
    back = client.refunds.list({"charge": charge, "limit": 3, "ending_before": made[0]})
    assert [one.id for one in back.auto_paging_iter()] == made[1:]


def test_the_books_balance(client, paid):
    charge = client.charges.retrieve(
        paid().payment_intent.latest_charge.id, {"expand": ["balance_transaction"]})
    earned = charge.balance_transaction
    assert (earned.amount, earned.net) == (2100, 2100 - earned.fee) and earned.fee > 0
    refund = client.refunds.create({"charge": charge.id, "amount": 500, "expand": ["balance_transaction"]})
    assert (refund.balance_transaction.amount, refund.balance_transaction.fee) == (-500, 0)
    listed = client.balance_transactions.list()
    assert [one.id for one in listed] == [refund.balance_transaction.id, earned.id]
    assert client.balance_transactions.retrieve(earned.id) == earned
