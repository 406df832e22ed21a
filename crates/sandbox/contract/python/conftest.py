"""One sandbox for all cases, emptied before each, and Stripe's own client for it."""

import pytest
import stripe

from process import KEY, Receiver, Sandbox


@pytest.fixture(scope="session")
def receiver():
    return Receiver()


@pytest.fixture(scope="session")
def process(tmp_path_factory, receiver):
    sandbox = Sandbox(tmp_path_factory.mktemp("sandbox"), "--webhook-url", f"{receiver.url}/configured")
    yield sandbox
    assert sandbox.process.poll() is None, "the sandbox ended on its own"
    sandbox.kill()


@pytest.fixture
def sandbox(process):
    process.control("reset")
    before = len(process.log)
    yield process
    assert not [line for line in process.log[before:] if "panicked" in line]


@pytest.fixture
def client(sandbox):
    """Unpatched stripe-python; nothing is told to it but where Stripe is."""
    return connect(sandbox).v1


@pytest.fixture
def session(client):
    """Creates a session for one print at 21 dollars, with further parameters."""
    return lambda **more: client.checkout.sessions.create({**order(), **more})


@pytest.fixture
def paid(client, sandbox, session):
    """Creates a session, pays it with a card, and retrieves it with its intent and charge."""
    def pay(card="4242424242424242", **more):
        made = session(**more)
        assert sandbox.pay(made, card).status_code == 303
        return client.checkout.sessions.retrieve(made.id, {"expand": ["payment_intent.latest_charge"]})
    return pay


def connect(sandbox, key=KEY, **options):
    return stripe.StripeClient(key, base_addresses={"api": sandbox.url}, **{"max_network_retries": 0, **options})


def order():
    return {
        "mode": "payment",
        "line_items": [{
            "price_data": {"currency": "usd", "unit_amount": 2100, "product_data": {"name": "Print <A3> & café"}},
            "quantity": 1,
        }],
        "success_url": "https://shop.example/done?session_id={CHECKOUT_SESSION_ID}",
        "cancel_url": "https://shop.example/cart",
    }
