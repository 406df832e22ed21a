from typing import get_args

import pytest
import stripe
from stripe.params import WebhookEndpointCreateParams


@pytest.fixture
def endpoint(client, receiver):
    """Makes an endpoint at a path of its own."""
    def make(path, *events, **more):
        return client.webhook_endpoints.create({"url": f"{receiver.url}/{path}", "enabled_events": list(events), **more})
    return make


def test_the_secret_is_told_once_and_verifies(client, endpoint, receiver, session):
    made = endpoint("own", "checkout.session.expired")
    assert made.secret.startswith("whsec_") and made.status == "enabled"
    assert "secret" not in client.webhook_endpoints.retrieve(made.id)
    expired = client.checkout.sessions.expire(session().id)
    _, headers, body = receiver.wait_for(lambda path, _, body: path == "/own" and expired.id.encode() in body)
    assert stripe.Webhook.construct_event(body, headers["Stripe-Signature"], made.secret).data.object.id == expired.id


def test_an_endpoint_gets_only_what_it_asked_for(endpoint, receiver, paid, client, session):
    endpoint("narrow", "checkout.session.expired")
    endpoint("wide", "*")
    bought = paid()
    expired = client.checkout.sessions.expire(session().id)
    receiver.wait_for(lambda path, _, body: path == "/wide" and expired.id.encode() in body)
    receiver.wait_for(lambda path, _, body: path == "/wide" and bought.id.encode() in body)
    receiver.wait_for(lambda path, _, body: path == "/narrow" and expired.id.encode() in body)
    assert not [body for path, _, body in receiver.received if path == "/narrow" and bought.id.encode() in body]


def test_a_disabled_endpoint_gets_nothing_until_it_is_enabled(client, endpoint, receiver, session):
    made = endpoint("disabled", "checkout.session.expired")
    endpoint("control", "checkout.session.expired")
    assert client.webhook_endpoints.update(made.id, {"disabled": True}).status == "disabled"
    missed = client.checkout.sessions.expire(session().id)
    receiver.wait_for(lambda path, _, body: path == "/control" and missed.id.encode() in body)
    assert client.webhook_endpoints.update(made.id, {"disabled": False}).status == "enabled"
    heard = client.checkout.sessions.expire(session().id)
    receiver.wait_for(lambda path, _, body: path == "/disabled" and heard.id.encode() in body)
    assert not [body for path, _, body in receiver.received if path == "/disabled" and missed.id.encode() in body]


def test_a_deleted_endpoint_is_gone(client, endpoint):
    made = endpoint("deleted", "*")
    gone = client.webhook_endpoints.delete(made.id)
    assert (gone.id, gone.deleted) == (made.id, True)
    with pytest.raises(stripe.InvalidRequestError) as caught:
        client.webhook_endpoints.retrieve(made.id)
    assert caught.value.http_status == 404


def test_endpoints_are_listed_and_changed(client, endpoint):
    made = endpoint("listed", "charge.succeeded", description="first", metadata={"a": "b"})
    assert made.id in [one.id for one in client.webhook_endpoints.list().auto_paging_iter()]
    changed = client.webhook_endpoints.update(made.id, {
        "enabled_events": ["charge.failed", "charge.refunded"], "description": "", "metadata": {"a": ""}})
    assert sorted(changed.enabled_events) == ["charge.failed", "charge.refunded"]
    assert changed.metadata.to_dict() == {} and not changed.description


@pytest.mark.parametrize("change", [
    {"enabled_events": ["charge.eaten"]}, {"enabled_events": ["charge.*"]}, {"url": "ftp://127.0.0.1/x"}, {"url": "nonsense"}, {"enabled_events": []}, {"colour": "red"},
])
def test_an_endpoint_that_cannot_be_is_refused(client, change):
    with pytest.raises(stripe.InvalidRequestError) as caught:
        client.webhook_endpoints.create({"url": "http://127.0.0.1:1/x", "enabled_events": ["*"], **change})
    assert caught.value.http_status == 400


def test_every_type_of_event_that_the_sdk_knows_can_be_asked_for(client):
    (kind,) = get_args(WebhookEndpointCreateParams.__annotations__["enabled_events"])
    kinds = get_args(kind)
    assert len(kinds) > 200
    made = client.webhook_endpoints.create({"url": "http://127.0.0.1:1/x", "enabled_events": list(kinds)})
    assert made.enabled_events == list(kinds)


def test_the_old_secret_signs_beside_the_new_one_while_it_is_rolled(client, sandbox, endpoint, receiver, session):
    made = endpoint("rolled", "checkout.session.expired")
    new = sandbox.control(f"webhook_endpoints/{made.id}/roll", expires_in=3600)["secret"]
    assert new != made.secret

    def delivered():
        expired = client.checkout.sessions.expire(session().id)
        return receiver.wait_for(lambda path, _, body: path == "/rolled" and expired.id.encode() in body)

    _, headers, body = delivered()
    for secret in [made.secret, new]:
        assert stripe.Webhook.construct_event(body, headers["Stripe-Signature"], secret).type == "checkout.session.expired"
    sandbox.control("clock", advance=3600)
    _, headers, body = delivered()
    assert stripe.Webhook.construct_event(body, headers["Stripe-Signature"], new)
    with pytest.raises(stripe.SignatureVerificationError):
        stripe.Webhook.construct_event(body, headers["Stripe-Signature"], made.secret)


def test_an_account_has_at_most_sixteen_endpoints(client, endpoint):
    for number in range(15):
        endpoint(f"of/{number}", "*")
    with pytest.raises(stripe.InvalidRequestError, match="maximum of 16") as caught:
        endpoint("of/16", "*")
    assert caught.value.http_status == 400


def test_an_endpoint_may_want_another_version(client, endpoint, receiver, session):
    endpoint("older", "checkout.session.expired", api_version="2026-08-26.dahlia")
    expired = client.checkout.sessions.expire(session().id)
    _, _, body = receiver.wait_for(lambda path, _, body: path == "/older" and expired.id.encode() in body)
    assert b'"api_version": "2026-08-26.dahlia"' in body
