import pytest
import stripe


@pytest.fixture
def customer(client):
    return client.customers.create({"email": "ada@example.com"})


def test_a_payment_method_is_attached_listed_and_detached(client, customer):
    method = client.payment_methods.attach("pm_card_visa", {"customer": customer.id})
    assert (method.customer, method.card.last4) == (customer.id, "4242")
    other = client.payment_methods.attach("pm_card_mastercard", {"customer": customer.id})
    assert [one.id for one in client.customers.payment_methods.list(customer.id)] == [other.id, method.id]
    assert [one.id for one in client.payment_methods.list({"customer": customer.id, "type": "card", "limit": 1})] == [other.id]
    assert client.customers.payment_methods.list(customer.id, {"type": "sepa_debit"}).data == []
    assert client.customers.payment_methods.retrieve(customer.id, method.id) == method
    detached = client.payment_methods.detach(method.id)
    assert detached.customer is None
    told = client.events.list({"type": "payment_method.*"}).data
    assert [one.type for one in told] == ["payment_method.detached", "payment_method.attached", "payment_method.attached"]
    assert told[0].data.previous_attributes.to_dict() == {"customer": customer.id}
    with pytest.raises(stripe.InvalidRequestError):
        client.customers.payment_methods.retrieve(customer.id, method.id)


def test_a_customer_comes_with_a_card_that_is_the_default_one(client):
    ada = client.customers.create({
        "payment_method": "pm_card_visa", "invoice_settings": {"default_payment_method": "pm_card_visa"}})
    [visa] = client.customers.payment_methods.list(ada.id)
    assert ada.invoice_settings.default_payment_method == visa.id
    expanded = client.customers.retrieve(ada.id, {"expand": ["invoice_settings.default_payment_method"]})
    assert expanded.invoice_settings.default_payment_method.card.last4 == "4242"
    with pytest.raises(stripe.InvalidRequestError, match="must be attached"):
        client.customers.update(ada.id, {"invoice_settings": {"default_payment_method": "pm_none"}})
    client.payment_methods.detach(visa.id)
    assert client.customers.retrieve(ada.id).invoice_settings.default_payment_method is None


def test_what_is_attached_is_attached_to_nobody_else_and_detached_once(client, customer):
    method = client.payment_methods.attach("pm_card_visa", {"customer": customer.id})
    assert client.payment_methods.attach(method.id, {"customer": customer.id}).customer == customer.id
    with pytest.raises(stripe.InvalidRequestError, match="already been attached"):
        client.payment_methods.attach(method.id, {"customer": client.customers.create({}).id})
    client.payment_methods.detach(method.id)
    with pytest.raises(stripe.InvalidRequestError, match="not attached to a customer"):
        client.payment_methods.detach(method.id)


def test_the_bank_is_asked_when_a_card_is_attached(client, customer):
    with pytest.raises(stripe.CardError) as caught:
        client.payment_methods.attach("pm_card_chargeDeclined", {"customer": customer.id})
    assert caught.value.code == "card_declined"
    assert client.customers.payment_methods.list(customer.id).data == []


def test_a_token_makes_a_payment_method_that_pays(client):
    made = client.payment_methods.create({"type": "card", "card": {"token": "tok_visa"},
                                          "billing_details": {"name": "Ada"}})
    assert (made.card.brand, made.billing_details.name) == ("visa", "Ada")
    paid = client.payment_intents.create({
        "amount": 2100, "currency": "usd", "payment_method": made.id, "confirm": True,
        "return_url": "https://shop.example/back"})
    assert (paid.status, paid.payment_method) == ("succeeded", made.id)


def test_what_is_known_of_a_card_can_be_changed(client, customer):
    method = client.payment_methods.attach("pm_card_visa", {"customer": customer.id})
    changed = client.payment_methods.update(method.id, {
        "billing_details": {"address": {"postal_code": "10115"}}, "card": {"exp_year": 2040}, "metadata": {"a": "1"}})
    assert changed.billing_details.address.postal_code == "10115"
    assert (changed.card.exp_year, changed.metadata.to_dict()) == (2040, {"a": "1"})
    before = client.events.list({"type": "payment_method.updated"}).data[0].data.previous_attributes
    assert before["billing_details"].to_dict() == {"address": {"postal_code": None}}


@pytest.mark.parametrize("card, code", [
    ({"number": "4242424242424241", "exp_month": 12, "exp_year": 2034, "cvc": "123"}, "incorrect_number"),
    ({"number": "4242424242424242", "exp_month": 13, "exp_year": 2034, "cvc": "123"}, "invalid_expiry_month"),
    ({"number": "4242424242424242", "exp_month": 12, "exp_year": 2019, "cvc": "123"}, "invalid_expiry_year"),
    ({"number": "4242424242424242", "exp_month": 12, "exp_year": 2034, "cvc": "99"}, "invalid_cvc"),
])
def test_a_card_that_cannot_be_is_a_card_error(client, card, code):
    with pytest.raises(stripe.CardError) as caught:
        client.payment_methods.create({"type": "card", "card": card})
    assert (caught.value.http_status, caught.value.code) == (402, code)
