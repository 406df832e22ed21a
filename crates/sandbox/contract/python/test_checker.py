"""The checker itself: a fault that is planted must be found."""

import copy
import json
import os
from pathlib import Path

import pytest

import check
from answers import Answers
from parameters import decode, unknown
from spec import form, load

SPEC = os.environ.get("STRIPE_SPEC", "")
FACTS = Path(__file__).parent.parent / "conformance" / "endive.json"

pytestmark = pytest.mark.skipif(not os.path.exists(SPEC), reason="Stripe's specification is not at hand")


@pytest.fixture(scope="module")
def changed():
    return load(SPEC, FACTS)[1]


@pytest.fixture(scope="module")
def checker(changed):
    return Answers(changed)


@pytest.fixture
def plain(paid, client):
    return client.checkout.sessions.retrieve(paid().id).to_dict()


def plant(name, change):
    return pytest.param(change, id=name)


@pytest.mark.parametrize("change", [
    plant("a member that does not exist", lambda body: body.update(amount_totl=1)),
    plant("a required member missing", lambda body: body.pop("expires_at")),
    plant("a nullable member missing", lambda body: body.pop("cancel_url")),
    plant("a member of the newer version missing", lambda body: body.pop("allowed_payment_method_types")),
    plant("a word that is none", lambda body: body.update(status="done")),
    plant("an amount as text", lambda body: body.update(amount_total="2100")),
    plant("an amount as a float", lambda body: body.update(amount_total=21.5)),
    plant("a truth as a number", lambda body: body.update(livemode=0)),
    plant("a null where none may be", lambda body: body.update(livemode=None)),
    plant("another object", lambda body: body.update(object="session")),
    plant("an id that is a number", lambda body: body.update(payment_intent=5)),
    plant("a fault deep inside", lambda body: body["total_details"].update(amount_tax="0")),
    plant("metadata that is not text", lambda body: body.update(metadata={"a": 1})),
    plant("line items that nobody asked for", lambda body: body.update(
        line_items={"object": "list", "url": "/v1/x", "has_more": False, "data": []})),
])
def test_a_planted_fault_is_found(checker, plain, change):
    path = f"/v1/checkout/sessions/{plain['id']}"
    assert checker.response("GET", path, 200, plain) == []
    body = copy.deepcopy(plain)
    change(body)
    assert checker.response("GET", path, 200, body)


def test_an_expansion_is_wanted_exactly_when_it_was_asked_for(checker, paid, client):
    id = paid().id
    path = f"/v1/checkout/sessions/{id}"
    plain = client.checkout.sessions.retrieve(id).to_dict()
    expanded = client.checkout.sessions.retrieve(id, {"expand": ["payment_intent"]}).to_dict()
    assert checker.response("GET", path, 200, expanded, ["payment_intent"]) == []
    assert checker.response("GET", path, 200, expanded)
    assert checker.response("GET", path, 200, plain, ["payment_intent"])
    expanded["payment_intent"]["currency"] = None
    assert checker.response("GET", path, 200, expanded, ["payment_intent"])


@pytest.mark.parametrize("change", [
    plant("an unknown type", lambda event: event.update(type="charge.eaten")),
    plant("another object than the type says", lambda event: event.update(type="refund.created")),
    plant("a fault in the object", lambda event: event["data"]["object"].update(created="now")),
    plant("a change that is none", lambda event: event["data"].update(previous_attributes={"amount": 2100})),
    plant("a change of what does not exist", lambda event: event["data"].update(previous_attributes={"amnt": 1})),
])
def test_a_fault_in_an_event_is_found(checker, paid, client, change):
    paid()
    event = client.events.list({"type": "charge.succeeded"}).data[0].to_dict()
    assert checker.event(event) == []
    change(event)
    assert checker.event(event)


def test_lists_and_errors_are_held_against_it_too(checker):
    listed = {"object": "list", "url": "/v1/charges", "has_more": False, "data": []}
    assert checker.response("GET", "/v1/charges", 200, listed) == []
    assert checker.response("GET", "/v1/charges", 200, {**listed, "url": "/v1/refunds"})
    assert checker.response("GET", "/v1/charges", 200, {**listed, "has_more": None})
    error = {"error": {"type": "invalid_request_error", "message": "No such charge: 'x'"}}
    assert checker.response("GET", "/v1/charges/x", 404, error) == []
    assert checker.response("GET", "/v1/charges/x", 401, {"error": {"type": "authentication_error"}})
    assert checker.response("GET", "/v1/none", 200, {})


def test_an_accepted_parameter_that_stripe_does_not_have_is_found(changed):
    schema = form(changed.operation("POST", "/v1/checkout/sessions")[1])
    good = "mode=payment&line_items[0][price_data][currency]=usd&metadata%5Ba%5D=b&expand[]=line_items"
    assert list(unknown(changed, schema, decode(good))) == []
    assert list(unknown(changed, schema, decode("line_items[0][price_data][colour]=red")))
    assert list(unknown(changed, schema, decode("mode=gift")))
    assert list(unknown(changed, schema, decode("payment_method_types[]=card"))), "endive took it away"


LISTED = {
    "method": "GET", "path": "/v1/charges", "query": None, "version": None, "request": "", "status": 200, "injected_fault": False,
    "response": {"object": "list", "url": "/v1/charges", "has_more": False, "data": []},
}
GATEWAY = {**LISTED, "status": 502, "response": "<html></html>"}


@pytest.mark.parametrize("lines, problem", [
    ([{"operations": ["GET /v1/charges"]}, LISTED], None),
    ([{"operations": ["GET /v1/charges", "GET /v1/charges/{id}"]}, LISTED], "GET /v1/charges/{id}: no test got an answer"),
    ([{"operations": ["GET /v1/charges"]}, {**LISTED, "status": 404}], "GET /v1/charges: no test got an answer"),
    ([LISTED, {**GATEWAY, "injected_fault": True}], None),
    ([LISTED, GATEWAY], "GET /v1/charges 502: $: is '<html></html>', not a object"),
    ([{**GATEWAY, "injected_fault": True}], "0 answers"),
])
def test_what_was_recorded_is_held_against_it_and_what_is_missing_is_told(tmp_path, capsys, lines, problem):
    (tmp_path / "one.jsonl").write_text("".join(json.dumps(line) + "\n" for line in lines))
    assert check.main(SPEC, tmp_path) == (1 if problem else 0)
    assert (problem or "0 kinds of problems") in capsys.readouterr().out
