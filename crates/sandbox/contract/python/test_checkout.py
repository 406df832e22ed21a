"""What a Checkout Session comes to, by Stripe's own SDK: saved prices, discounts, shipping."""

import pytest
import stripe


@pytest.fixture
def price(client):
    return client.prices.create({"currency": "usd", "unit_amount": 1000, "product_data": {"name": "Mug"}})


@pytest.fixture
def sell(client, price):
    """Creates a session for three mugs, with further parameters."""
    return lambda **more: client.checkout.sessions.create({
        "mode": "payment",
        "line_items": [{"price": price.id, "quantity": 3}],
        "success_url": "https://shop.example/done",
        **more,
    })


def test_a_saved_price_is_sold_with_its_product(client, price, sell):
    made = sell(expand=["line_items.data.price.product"])
    item = made.line_items.data[0]
    assert (item.description, item.amount_total, made.amount_total) == ("Mug", 3000, 3000)
    assert (item.price.id, item.price.product.name) == (price.id, "Mug")


def test_a_coupon_takes_off_what_the_breakdown_says(client, sell):
    coupon = client.coupons.create({"percent_off": 33.3, "name": "Third"})
    made = sell(discounts=[{"coupon": coupon.id}],
                expand=["total_details.breakdown", "line_items", "discounts.coupon"])
    assert (made.amount_subtotal, made.total_details.amount_discount, made.amount_total) == (3000, 999, 2001)
    assert [item.amount_discount for item in made.line_items.data] == [999]
    (discount,) = made.total_details.breakdown.discounts
    assert (discount.amount, discount.discount.source.coupon) == (999, coupon.id)
    assert made.discounts[0].coupon.name == "Third"


def test_a_promotion_code_is_used_up(client, sandbox, sell):
    coupon = client.coupons.create({"amount_off": 500, "currency": "usd"})
    code = client.promotion_codes.create({
        "promotion": {"type": "coupon", "coupon": coupon.id}, "code": "ONCE", "max_redemptions": 1})
    made = sell(discounts=[{"promotion_code": code.id}])
    assert made.amount_total == 2500
    assert sandbox.pay(made).status_code == 303
    after = client.promotion_codes.retrieve(code.id)
    assert (after.times_redeemed, after.active) == (1, False)
    assert client.coupons.retrieve(coupon.id).times_redeemed == 1
    with pytest.raises(stripe.InvalidRequestError) as refused:
        sell(discounts=[{"promotion_code": code.id}])
    assert refused.value.param == "discounts[0][promotion_code]"


def test_the_first_shipping_option_is_chosen(client, sell):
    made = sell(
        shipping_address_collection={"allowed_countries": ["US", "DE"]},
        shipping_options=[
            {"shipping_rate_data": {
                "display_name": "Ground", "type": "fixed_amount", "fixed_amount": {"amount": 500, "currency": "usd"},
                "delivery_estimate": {"minimum": {"unit": "business_day", "value": 5},
                                      "maximum": {"unit": "business_day", "value": 7}}}},
            {"shipping_rate_data": {
                "display_name": "Express", "type": "fixed_amount", "fixed_amount": {"amount": 1500, "currency": "usd"}}},
        ],
        expand=["shipping_cost.shipping_rate", "shipping_options.shipping_rate"])
    assert (made.total_details.amount_shipping, made.amount_total) == (500, 3500)
    assert made.shipping_cost.shipping_rate.display_name == "Ground"
    assert [option.shipping_rate.display_name for option in made.shipping_options] == ["Ground", "Express"]
    assert client.shipping_rates.retrieve(made.shipping_options[1].shipping_rate.id).fixed_amount.amount == 1500


@pytest.mark.parametrize("more, param", [
    ({"discounts": [{"coupon": "nope"}]}, "discounts[0][coupon]"),
    ({"discounts": [], "allow_promotion_codes": True, "shipping_options": [{"shipping_rate": "shr_nope"}]},
     "shipping_options[0][shipping_rate]"),
    ({"shipping_address_collection": {"allowed_countries": ["XX"]}},
     "shipping_address_collection[allowed_countries][0]"),
])
def test_what_is_not_there_is_named(sell, more, param):
    with pytest.raises(stripe.InvalidRequestError) as refused:
        sell(**more)
    assert (refused.value.http_status, refused.value.param) == (400, param)


def test_a_session_belongs_to_its_customer(client, sandbox, sell):
    ada = client.customers.create({"email": "ada@example.com"})
    made = sell(customer=ada.id, customer_update={"name": "auto"})
    assert (made.customer, made.customer_creation, made.customer_details.email) == (ada.id, None, "ada@example.com")
    assert sandbox.pay(made, billingName="Ada King").status_code == 303
    assert client.customers.retrieve(ada.id).name == "Ada King"
    paid = client.checkout.sessions.retrieve(made.id, {"expand": ["customer", "payment_intent"]})
    assert (paid.customer.id, paid.payment_intent.customer) == (ada.id, ada.id)
    for listed in ({"customer": ada.id}, {"customer_details": {"email": "ada@example.com"}}):
        assert [one.id for one in client.checkout.sessions.list(listed)] == [made.id]


def test_a_customer_is_made_when_always_wanted(client, sandbox, sell):
    made = sell(customer_creation="always")
    assert made.customer is None
    assert sandbox.pay(made).status_code == 303
    paid = client.checkout.sessions.retrieve(made.id, {"expand": ["customer"]})
    assert (paid.customer.email, paid.customer.name) == ("ada@example.com", "Ada L")


def test_an_open_session_is_changed(client, sell, price):
    made = sell(metadata={"a": "1"}, expand=["line_items"])
    spoon = client.prices.create({"currency": "usd", "unit_amount": 250, "product_data": {"name": "Spoon"}})
    changed = client.checkout.sessions.update(made.id, {
        "metadata": {"b": "2"},
        "line_items": [{"id": made.line_items.data[0].id, "quantity": 1}, {"price": spoon.id, "quantity": 2}],
        "expand": ["line_items"],
    })
    assert changed.metadata.to_dict() == {"a": "1", "b": "2"}
    assert [(item.price.id, item.quantity) for item in changed.line_items.data] == [(price.id, 1), (spoon.id, 2)]
    assert changed.amount_total == 1500


def test_what_a_session_asks_and_offers_comes_back(client, sell, price):
    fields = [{"key": "size", "label": {"type": "custom", "custom": "Size"}, "type": "dropdown",
               "dropdown": {"options": [{"label": "Small", "value": "s"}], "default_value": "s"}}]
    made = sell(
        line_items=[{"price": price.id, "quantity": 1, "adjustable_quantity": {"enabled": True, "maximum": 10}}],
        optional_items=[{"price": price.id, "quantity": 1}],
        custom_fields=fields,
        custom_text={"submit": {"message": "Thank you!"}},
        consent_collection={"terms_of_service": "required"},
        after_expiration={"recovery": {"enabled": True, "allow_promotion_codes": True}},
        expand=["line_items.data.taxes"])
    assert made.line_items.data[0].adjustable_quantity.maximum == 10
    assert made.optional_items[0].price == price.id
    assert (made.custom_fields[0].key, made.custom_fields[0].dropdown.value) == ("size", None)
    assert made.custom_text.submit.message == "Thank you!"
    assert made.consent_collection.terms_of_service == "required"
    expired = client.checkout.sessions.expire(made.id)
    assert expired.after_expiration.recovery.url.endswith(made.id)
