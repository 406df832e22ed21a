"""What stripe-python signs is taken by the shop's own verifier."""

import os
import subprocess
import time

import pytest
import stripe

VERIFIER = os.environ.get("VERIFY_WEBHOOK_BIN", "")
SECRET = "whsec_shop"
BODY = '{"id": "evt_1", "object": "event", "name": "Café €"}\n'

pytestmark = pytest.mark.skipif(not os.path.exists(VERIFIER), reason="the shop's verifier is not built")


def verify(header, body=BODY, secret=SECRET):
    """Whether the shop takes a webhook, and what it says if not."""
    done = subprocess.run([VERIFIER, secret, header], input=body.encode(), capture_output=True, timeout=20, check=False)
    return done.returncode == 0, done.stderr.decode()


def signed(body=BODY, secret=SECRET, **when):
    return stripe.WebhookSignature.generate_signature_header(body, secret, **when)


def test_the_shop_verifies_what_the_sdk_signs():
    assert verify(signed()) == (True, "")


def test_any_of_several_secrets_and_signatures_is_enough():
    assert verify(signed(), secret=f"whsec_new,{SECRET}") == (True, "")
    other = signed(secret="whsec_other").split(",")[1]
    assert verify(f"{signed()},{other},v0=00") == (True, "")


@pytest.mark.parametrize("header, body, secret, why", [
    (signed(), BODY + " ", SECRET, "no signature fits"),
    (signed(), BODY, "whsec_other", "no signature fits"),
    (signed(timestamp=int(time.time()) - 400), BODY, SECRET, "tolerance"),
    ("v1=00", BODY, SECRET, "malformed"),
    ("", BODY, SECRET, "malformed"),
])
def test_the_shop_refuses_what_the_sdk_refuses(header, body, secret, why):
    taken, said = verify(header, body, secret)
    assert not taken and why in said
    with pytest.raises(stripe.SignatureVerificationError):
        stripe.Webhook.construct_event(body, header, secret)
