import pytest
import stripe

SECRET = "whsec_sandbox"


def verify(delivery, secret=SECRET):
    headers, body = delivery
    return stripe.Webhook.construct_event(body, headers["Stripe-Signature"], secret)


def test_the_sdk_verifies_what_the_sandbox_signs(receiver, paid):
    session = paid()
    event = verify(receiver.event("checkout.session.completed", session.id))
    assert event.data.object.id == session.id and event.data.object.payment_status == "paid"
    assert event.api_version == "2026-09-30.endive" and event.livemode is False


def test_the_sdk_refuses_another_secret_and_a_changed_body(receiver, paid):
    session = paid()
    headers, body = receiver.event("checkout.session.completed", session.id)
    with pytest.raises(stripe.SignatureVerificationError):
        verify((headers, body), "whsec_other")
    with pytest.raises(stripe.SignatureVerificationError):
        verify((headers, body.replace(b"2100", b"2101")))


def test_a_webhook_says_what_it_is(receiver, paid):
    headers, _ = receiver.event("checkout.session.completed", paid().id)
    assert headers["Content-Type"] == "application/json; charset=utf-8"
    assert headers["User-Agent"].startswith("Stripe/1.0")


def test_a_delivered_event_is_the_one_that_can_be_retrieved(client, receiver, paid):
    event = verify(receiver.event("charge.succeeded", paid().payment_intent.id))
    retrieved = client.events.retrieve(event.id)
    assert retrieved.data.object == event.data.object
    assert (retrieved.type, retrieved.created) == (event.type, event.created)


def test_the_events_of_a_payment_are_listed_newest_first_and_filtered(client, paid):
    session = paid()
    kinds = [event.type for event in client.events.list()]
    assert kinds == ["checkout.session.completed", "payment_intent.succeeded", "charge.succeeded",
                     "payment_intent.created"]
    only = client.events.list({"type": "charge.succeeded"})
    assert [event.data.object.id for event in only] == [session.payment_intent.latest_charge.id]
    both = client.events.list({"types": ["charge.succeeded", "payment_intent.created"]})
    assert len(both.data) == 2


def test_events_are_found_by_a_group_of_types_and_paged_through(client, paid):
    paid()
    paid("4000000000000259")
    found = client.events.list({"type": "charge.*", "limit": 2})
    assert [event.type for event in found.auto_paging_iter()] == [
        "charge.dispute.funds_withdrawn", "charge.dispute.created", "charge.succeeded", "charge.succeeded"]
    assert client.events.list({"type": "charge.dispute.*"}).data[0].type == "charge.dispute.funds_withdrawn"
    with pytest.raises(stripe.InvalidRequestError):
        client.events.list({"type": "charge.*", "types": ["charge.succeeded"]})


def test_an_expired_session_is_told(client, receiver, session):
    made = client.checkout.sessions.expire(session().id)
    event = verify(receiver.event("checkout.session.expired", made.id))
    assert event.data.object.status == "expired"
    assert event.request.id.startswith("req_")


def test_an_event_is_a_snapshot(client, session, sandbox):
    made = session()
    sandbox.pay(made, "4000000000000002")
    failed = client.events.list({"type": "payment_intent.payment_failed"}).data[0]
    sandbox.pay(made)
    assert client.events.retrieve(failed.id).data.object.status == "requires_payment_method"
    assert failed.data.object.last_payment_error.code == "card_declined"
