import pytest
import requests
import stripe

from conftest import connect, order


def test_a_parameter_that_is_missing_unknown_or_wrong_is_named(client):
    for change, code, param in [
        ({"success_url": None}, "parameter_missing", "success_url"),
        ({"colour": "red"}, "parameter_unknown", "colour"),
        ({"line_items": [{"quantity": 1, "price": "price_none"}]}, "resource_missing", "line_items[0][price]"),
    ]:
        parameters = {name: value for name, value in {**order(), **change}.items() if value is not None}
        with pytest.raises(stripe.InvalidRequestError) as caught:
            client.checkout.sessions.create(parameters)
        error = caught.value
        assert (error.http_status, error.code, error.param) == (400, code, param)
        assert error.request_id.startswith("req_") and error.error.type == "invalid_request_error"


def test_an_unknown_id_is_404_and_the_error_knows_it(client):
    for retrieve, noun in [
        (client.checkout.sessions.retrieve, "checkout.session"), (client.payment_intents.retrieve, "payment_intent"),
        (client.charges.retrieve, "charge"), (client.events.retrieve, "event"),
    ]:
        with pytest.raises(stripe.InvalidRequestError) as caught:
            retrieve("x_none")
        assert (caught.value.http_status, caught.value.code) == (404, "resource_missing"), noun
        assert "No such" in str(caught.value) and "x_none" in str(caught.value)


def test_an_id_of_another_type_is_not_found(client, paid):
    session = paid()
    with pytest.raises(stripe.InvalidRequestError, match="No such payment_intent"):
        client.payment_intents.retrieve(session.payment_intent.latest_charge.id)
    with pytest.raises(stripe.InvalidRequestError, match="No such charge"):
        client.charges.retrieve(session.payment_intent.id)


def test_a_wrong_key_is_an_authentication_error(sandbox):
    with pytest.raises(stripe.AuthenticationError) as caught:
        connect(sandbox, "sk_test_other").v1.charges.list()
    assert caught.value.http_status == 401
    assert caught.value.headers["WWW-Authenticate"] == 'Bearer realm="Stripe"'


def test_a_live_key_is_refused(sandbox):
    with pytest.raises(stripe.AuthenticationError, match="takes no live keys"):
        connect(sandbox, "sk_live_real").v1.charges.list()


def test_no_key_is_401_and_basic_authentication_is_taken(sandbox):
    assert requests.get(f"{sandbox.url}/v1/charges", timeout=20).status_code == 401
    assert requests.get(f"{sandbox.url}/v1/charges", auth=("sk_test_sandbox", ""), timeout=20).status_code == 200


def test_an_unknown_address_is_404_in_stripes_words(sandbox):
    answer = sandbox.raw("GET", "/v1/nothing")
    assert answer.status_code == 404
    assert answer.json()["error"]["message"] == "Unrecognized request URL (GET: /v1/nothing)."


def test_every_answer_names_its_request_and_version(client, sandbox):
    listed = client.charges.list()
    headers = listed.last_response.headers
    assert headers["Request-Id"].startswith("req_")
    assert headers["Stripe-Version"] == stripe.api_version
    older = sandbox.raw("GET", "/v1/charges", **{"Stripe-Version": "2026-08-26.dahlia"})
    assert older.headers["Stripe-Version"] == "2026-08-26.dahlia"
    assert sandbox.raw("GET", "/v1/charges", **{"Stripe-Version": "yesterday"}).status_code == 400


@pytest.mark.parametrize("what, body, status", [
    ("ten megabytes", b"x" * 10_000_000, 413),
    ("invalid UTF-8", b"mode=%ff", 400),
    ("raw invalid UTF-8", b"mode=\xff\xfe", 400),
    ("twenty thousand brackets", b"a" + b"[b]" * 20_000 + b"=1", 400),
    ("brackets that never close", b"a" + b"[" * 20_000, 400),
    ("zero bytes", b"mode=%00", 400),
    ("a number beyond all numbers", b"expires_at=99999999999999999999999999", 400),
    ("twenty thousand parameters", b"a=1&" * 20_000, 400),
])
def test_a_monster_is_an_error_and_nothing_worse(client, sandbox, what, body, status):
    answer = sandbox.raw("POST", "/v1/checkout/sessions", body)
    assert (answer.status_code, answer.json()["error"]["type"]) == (status, "invalid_request_error"), what
    assert client.checkout.sessions.list().data == []


@pytest.mark.parametrize("fields, message", [
    ({"cardNumber": "4242424242424241"}, "card number is"),
    ({"cardExpiry": "13 / 34"}, "expiration"),
    ({"cardExpiry": "12 / 20"}, "expiration"),
    ({"cardCvc": "12"}, "security code"),
    ({"cardNumber": "378282246310005", "cardCvc": "123"}, "security code"),
    ({"email": "nobody"}, "email"),
])
def test_a_field_that_is_wrong_is_said_on_the_page(client, session, sandbox, fields, message):
    made = session()
    page = sandbox.pay(made, **fields)
    assert page.status_code < 500 and page.status_code != 303
    assert message in page.text.lower()
    assert client.checkout.sessions.retrieve(made.id).status == "open"
    assert client.charges.list().data == []
