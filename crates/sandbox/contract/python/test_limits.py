"""What a shop hears when it asks for too much, or two of its requests fight."""

import pytest
import stripe

from conftest import connect, order


@pytest.mark.parametrize("fault, code, reason", [
    ("api_rate_limit", "rate_limit", "global-rate"),
    ("api_lock_timeout", "lock_timeout", None),
])
def test_a_limit_is_a_rate_limit_error_and_nothing_was_done(client, sandbox, fault, code, reason):
    sandbox.control("faults", **{fault: 100})
    with pytest.raises(stripe.RateLimitError) as caught:
        client.checkout.sessions.create(order(), {"idempotency_key": "once"})
    error = caught.value
    assert (error.http_status, error.error.code, error.error.type) == (429, code, "invalid_request_error")
    assert error.headers.get("Stripe-Rate-Limited-Reason") == reason
    assert error.headers["Stripe-Should-Retry"] == "true"
    sandbox.control("faults", reset="true")
    made = client.checkout.sessions.create(order(), {"idempotency_key": "once"})
    assert "Idempotent-Replayed" not in made.last_response.headers
    assert [one.id for one in client.checkout.sessions.list()] == [made.id]


@pytest.mark.parametrize("fault", ["api_rate_limit", "api_lock_timeout", "api_error", "api_error_after", "api_lose_answer"])
def test_the_sdk_repeats_what_failed_until_it_is_done_once(client, sandbox, fault):
    sandbox.control("faults", seed=2, **{fault: 60})
    patient = connect(sandbox, max_network_retries=20).v1
    made = patient.checkout.sessions.create(order())
    sandbox.control("faults", reset="true")
    assert [one.id for one in client.checkout.sessions.list()] == [made.id]


def test_a_gateway_that_answers_for_stripe_is_an_api_error(client, sandbox):
    sandbox.control("faults", api_garbage=100)
    with pytest.raises(stripe.APIError) as caught:
        client.charges.list()
    assert caught.value.http_status == 502
