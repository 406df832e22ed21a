"""Stripe's own command line makes things happen here as it does there."""

import os
import subprocess

import pytest

from process import KEY

CLI = os.environ.get("STRIPE_CLI", "")

pytestmark = pytest.mark.skipif(not os.path.exists(CLI), reason="the Stripe CLI is not at hand")


@pytest.fixture
def stripe_cli(sandbox, tmp_path):
    """Runs the CLI against the sandbox."""
    env = {**os.environ, "STRIPE_API_KEY": KEY, "STRIPE_CLI_TELEMETRY_OPTOUT": "1", "XDG_CONFIG_HOME": str(tmp_path)}
    return lambda *arguments: subprocess.run(
        [CLI, *arguments, "--api-base", sandbox.url], capture_output=True, text=True, timeout=60, check=False, env=env)


def test_stripe_events_resend(client, receiver, stripe_cli):
    customer = client.customers.create({"name": "Ada"})
    event = client.events.list({"type": "customer.created"}).data[0]
    receiver.event("customer.created", customer.id)
    done = stripe_cli("events", "resend", event.id)
    assert done.returncode == 0 and event.id in done.stdout, done.stdout + done.stderr
    receiver.wait_for(lambda *_: sum(event.id.encode() in body for _, _, body in receiver.received) == 2)


@pytest.mark.parametrize("kind", [
    "charge.captured",
    "charge.dispute.closed",
    "charge.dispute.created",
    "charge.dispute.updated",
    "charge.failed",
    "charge.refund.updated",
    "charge.refunded",
    "charge.succeeded",
    "checkout.session.async_payment_failed",
    "checkout.session.async_payment_succeeded",
    "checkout.session.completed",
    "checkout.session.expired",
    "coupon.created",
    "coupon.deleted",
    "coupon.updated",
    "customer.created",
    "customer.updated",
    "customer.deleted",
    "payment_intent.amount_capturable_updated",
    "payment_intent.canceled",
    "payment_intent.created",
    "payment_intent.payment_failed",
    "payment_intent.processing",
    "payment_intent.requires_action",
    "payment_intent.succeeded",
    "payment_method.attached",
    "payment_method.detached",
    "payment_method.updated",
    "price.created",
    "price.updated",
    "product.created",
    "product.deleted",
    "product.updated",
    "promotion_code.created",
    "promotion_code.updated",
    "setup_intent.canceled",
    "setup_intent.created",
    "setup_intent.requires_action",
    "setup_intent.setup_failed",
    "setup_intent.succeeded",
])
def test_stripe_trigger(kind, client, sandbox, stripe_cli):
    done = stripe_cli("trigger", kind)
    said = done.stdout + done.stderr
    assert done.returncode == 0 and "Trigger succeeded" in said, said
    if kind.startswith("checkout.session.async"):
        sandbox.control("clock", advance=60)
    assert client.events.list({"type": kind}).data
