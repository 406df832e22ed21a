import queue
import threading

import pytest
import stripe

from conftest import connect, order


def create(client, key, **more):
    return client.checkout.sessions.create({**order(), **more}, {"idempotency_key": key})


def test_a_key_gives_the_first_answer_again(client):
    first, second = create(client, "a"), create(client, "a")
    assert first == second
    assert "Idempotent-Replayed" not in first.last_response.headers
    assert second.last_response.headers["Idempotent-Replayed"] == "true"
    assert second.last_response.headers["Idempotency-Key"] == "a"
    assert len(client.checkout.sessions.list().data) == 1


def test_a_key_with_other_parameters_is_an_idempotency_error(client):
    first = create(client, "a")
    with pytest.raises(stripe.IdempotencyError) as caught:
        create(client, "a", client_reference_id="other")
    assert caught.value.http_status == 400
    with pytest.raises(stripe.IdempotencyError):
        client.checkout.sessions.expire(first.id, {}, {"idempotency_key": "a"})


def test_a_refused_parameter_does_not_use_up_the_key(client):
    with pytest.raises(stripe.InvalidRequestError):
        create(client, "a", colour="red")
    assert create(client, "a").status == "open"


def test_a_refusal_of_what_was_executed_is_kept(client, session):
    made = session()
    client.checkout.sessions.expire(made.id)
    for replayed in [None, "true"]:
        with pytest.raises(stripe.InvalidRequestError) as caught:
            client.checkout.sessions.expire(made.id, {}, {"idempotency_key": "a"})
        assert caught.value.headers.get("Idempotent-Replayed") == replayed


def test_a_key_is_forgotten_after_a_day(client, sandbox):
    first = create(client, "a")
    sandbox.control("clock", advance=86_402)
    assert create(client, "a").id != first.id


def test_a_key_survives_a_restart_and_a_kill(client, sandbox):
    first = create(client, "a")
    sandbox.kill()
    sandbox.start()
    again = create(connect(sandbox).v1, "a")
    assert (again.id, again.last_response.headers["Idempotent-Replayed"]) == (first.id, "true")


def test_equal_requests_at_once_make_one_session(client, sandbox):
    outcomes = []

    def one():
        try:
            outcomes.append(create(connect(sandbox).v1, "a").id)
        except stripe.StripeError as error:
            outcomes.append((error.http_status, error.error.code))

    threads = [threading.Thread(target=one) for _ in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    made = [one.id for one in client.checkout.sessions.list()]
    assert len(made) == 1 and len(outcomes) == 16
    assert set(outcomes) <= {made[0], (409, "idempotency_key_in_use")}


def test_a_key_whose_first_request_still_runs_is_a_conflict(client, sandbox):
    outcomes = queue.Queue()

    def one():
        try:
            outcomes.put(create(connect(sandbox).v1, "a").id)
        except stripe.StripeError as error:
            outcomes.put((error.http_status, error.error.code))

    threads = [threading.Thread(target=one) for _ in range(2)]
    with sandbox.busy():
        for thread in threads:
            thread.start()
        assert outcomes.get(timeout=20) == (409, "idempotency_key_in_use")
        assert outcomes.empty(), "the first one waits"
    made = outcomes.get(timeout=20)
    for thread in threads:
        thread.join()
    assert create(client, "a").id == made and [one.id for one in client.checkout.sessions.list()] == [made]


def test_the_sdk_retries_a_conflict_until_it_has_the_answer(sandbox, client):
    patient = connect(sandbox, max_network_retries=5).v1
    ids = []
    threads = [threading.Thread(target=lambda: ids.append(create(patient, "a").id)) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(ids) == 4 and len(set(ids)) == 1
