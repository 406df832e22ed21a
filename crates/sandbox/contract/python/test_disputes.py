import pytest
import stripe

DISPUTED = "4000000000000259"
INQUIRY = "4000000000001976"


@pytest.fixture
def dispute(client, paid):
    """Pays with a card whose holder disputes it, and finds the dispute."""
    def make(card=DISPUTED):
        session = paid(card)
        return client.disputes.list({"payment_intent": session.payment_intent.id}).data[0]
    return make


def test_a_disputed_card_pays_and_takes_the_money_back(client, dispute):
    made = dispute()
    assert (made.object, made.status, made.reason, made.amount) == ("dispute", "needs_response", "fraudulent", 2100)
    assert made.is_charge_refundable is False and made.evidence_details.due_by > made.created
    assert client.charges.retrieve(made.charge).disputed is True
    withdrawn = made.balance_transactions[0]
    assert (withdrawn.amount, withdrawn.fee, withdrawn.type) == (-2100, 1500, "adjustment")
    kinds = [event.type for event in client.events.list()]
    assert kinds.index("charge.dispute.created") > kinds.index("payment_intent.succeeded")
    assert "charge.dispute.funds_withdrawn" in kinds
    with pytest.raises(stripe.InvalidRequestError) as caught:
        client.refunds.create({"charge": made.charge})
    assert caught.value.code == "charge_disputed"


def settle(client, sandbox, id):
    sandbox.control("clock", advance=864_000)
    return client.disputes.retrieve(id)


def test_winning_evidence_wins_and_the_money_returns(client, sandbox, dispute):
    made = dispute()
    sent = client.disputes.update(made.id, {"evidence": {"uncategorized_text": "winning_evidence"}, "submit": True})
    assert sent.status in ("under_review", "won")
    won = settle(client, sandbox, made.id)
    assert won.status == "won" and sum(one.amount for one in won.balance_transactions) == 0
    kinds = [event.type for event in client.events.list()]
    assert {"charge.dispute.closed", "charge.dispute.funds_reinstated", "charge.dispute.updated"} <= set(kinds)


def test_losing_evidence_loses(client, sandbox, dispute):
    made = dispute()
    client.disputes.update(made.id, {"evidence": {"uncategorized_text": "losing_evidence"}})
    lost = settle(client, sandbox, made.id)
    assert lost.status == "lost" and sum(one.amount for one in lost.balance_transactions) == -2100


def test_evidence_can_be_staged_before_it_is_sent(client, dispute):
    made = dispute()
    staged = client.disputes.update(made.id, {"evidence": {"customer_name": "Ada"}, "submit": False})
    assert (staged.status, staged.evidence.customer_name) == ("needs_response", "Ada")
    assert staged.evidence_details.has_evidence is True and staged.evidence_details.submission_count == 0


def test_a_dispute_can_be_accepted_once(client, dispute):
    made = dispute("4000000000002685")
    assert made.reason == "product_not_received"
    assert client.disputes.close(made.id).status == "lost"
    with pytest.raises(stripe.InvalidRequestError, match="already closed"):
        client.disputes.close(made.id)


def test_disputes_are_found_by_charge_and_say_what_happened(client, dispute):
    made, other = dispute(), dispute("4000000000002685")
    assert [one.id for one in client.disputes.list({"charge": made.charge})] == [made.id]
    assert [one.id for one in client.disputes.list()] == [other.id, made.id]
    changed = client.disputes.update(made.id, {"metadata": {"a": "1"}, "evidence": {"customer_name": "Ada"}, "submit": False})
    event = client.events.list({"type": "charge.dispute.updated"}).data[0]
    assert event.data.object.id == made.id and event.data.object.metadata == changed.metadata
    assert event.data.previous_attributes["evidence"].to_dict() == {"customer_name": None}
    client.disputes.close(made.id)
    closed = client.events.list({"type": "charge.dispute.closed"}).data[0]
    assert (closed.data.object.status, closed.data.previous_attributes["status"]) == ("lost", "needs_response")


def test_an_inquiry_that_escalates_takes_the_money(client, sandbox, dispute):
    made = dispute(INQUIRY)
    client.disputes.update(made.id, {"evidence": {"uncategorized_text": "escalate_inquiry_evidence"}})
    sandbox.control("clock", advance=60)
    after = client.disputes.retrieve(made.id, {"expand": ["charge"]})
    assert after.status == "needs_response" and after.charge.disputed is True
    assert [one.amount for one in after.balance_transactions] == [-2100]


def test_an_inquiry_withdraws_nothing_and_can_be_refunded(client, dispute):
    made = dispute(INQUIRY)
    assert made.status == "warning_needs_response" and made.balance_transactions == []
    assert client.refunds.create({"charge": made.charge}).status == "succeeded"
