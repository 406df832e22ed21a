"""Names, branding, saving payment methods and switched-off features of sessions, by Stripe's own SDK."""

import pytest
import stripe


def test_names_are_collected(client, session, sandbox):
    made = session(customer_creation="always", name_collection={
        "individual": {"enabled": True}, "business": {"enabled": True, "optional": True}})
    assert made.name_collection.business.optional and not made.name_collection.individual.optional
    page = sandbox.pay(made)
    assert page.status_code == 200 and 'id="individualName-error"' in page.text
    assert sandbox.pay(made, individualName="Ada Lovelace", businessName="Analytical").status_code == 303
    done = client.checkout.sessions.retrieve(made.id, {"expand": ["customer"]})
    for place in (done.collected_information, done.customer_details, done.customer):
        assert (place.individual_name, place.business_name) == ("Ada Lovelace", "Analytical")


def test_a_page_is_branded(session):
    made = session(branding_settings={
        "display_name": "Analytical", "button_color": "#112233", "font_family": "inter",
        "icon": {"type": "file", "file": "file_123"}})
    assert made.branding_settings.display_name == "Analytical"
    assert (made.branding_settings.icon.type, made.branding_settings.icon.file) == ("file", "file_123")
    with pytest.raises(stripe.InvalidRequestError) as refused:
        session(branding_settings={"button_color": "red"})
    assert refused.value.param == "branding_settings[button_color]"


def test_a_shopper_saves_the_payment_method(client, session, sandbox):
    customer = client.customers.create({"email": "ada@example.com"})
    made = session(customer=customer.id, saved_payment_method_options={"payment_method_save": "enabled"})
    assert made.saved_payment_method_options.payment_method_save == "enabled"
    assert sandbox.pay(made, savePaymentMethod="on").status_code == 303
    (saved,) = client.customers.payment_methods.list(customer.id).data
    assert saved.allow_redisplay == "always"


def test_what_is_switched_off_is_taken(session):
    made = session(automatic_tax={"enabled": False}, tax_id_collection={"enabled": False},
                   managed_payments={"enabled": False}, wallet_options={"link": {"display": "never"}},
                   payment_method_data={"allow_redisplay": "limited"})
    assert not (made.automatic_tax.enabled or made.tax_id_collection.enabled or made.managed_payments.enabled)
    assert made.wallet_options.link.display == "never"


def test_hosted_pages_are_not_updated_like_embedded_ones(client, session):
    made = session()
    with pytest.raises(stripe.InvalidRequestError) as refused:
        client.checkout.sessions.update(made.id, {"collected_information": {"shipping_details": {
            "name": "Ada", "address": {"line1": "1 Main St", "country": "US"}}}})
    assert refused.value.param == "collected_information"
