"""Prices, coupons, codes and shipping rates in several currencies, by Stripe's own SDK."""

import pytest
import stripe


@pytest.fixture
def price(client):
    return client.prices.create({
        "currency": "usd", "unit_amount": 1000, "product_data": {"name": "Mug"},
        "currency_options": {"eur": {"unit_amount": 900, "tax_behavior": "inclusive"}}})


@pytest.fixture
def sell(client, price):
    return lambda **more: client.checkout.sessions.create({
        "mode": "payment", "line_items": [{"price": price.id, "quantity": 2}],
        "success_url": "https://shop.example/done", **more})


def test_a_session_chooses_the_currency(client, sandbox, sell):
    coupon = client.coupons.create({
        "amount_off": 200, "currency": "usd", "currency_options": {"eur": {"amount_off": 100}}})
    rate = client.shipping_rates.create({"display_name": "Post", "type": "fixed_amount", "fixed_amount": {
        "amount": 500, "currency": "usd", "currency_options": {"eur": {"amount": 400}}}})
    more = {"discounts": [{"coupon": coupon.id}], "shipping_options": [{"shipping_rate": rate.id}],
            "expand": ["line_items.data.price.currency_options"]}
    for currency, total in (("usd", 2300), ("eur", 2100)):
        made = sell(currency=currency, **more)
        assert (made.currency, made.amount_total) == (currency, total)
        item = made.line_items.data[0]
        assert (item.currency, item.price.currency_options["eur"].unit_amount) == (currency, 900)
        assert sandbox.pay(made).status_code == 303
        charge = client.charges.list({"limit": 1}).data[0]
        assert (charge.currency, charge.amount) == (currency, total)
    with pytest.raises(stripe.InvalidRequestError) as refused:
        sell(currency="gbp")
    assert refused.value.param == "line_items[0][price]"


def test_options_are_shown_on_request(client, price):
    assert "currency_options" not in price
    shown = client.prices.retrieve(price.id, {"expand": ["currency_options"]})
    amounts = {code: option["unit_amount"] for code, option in shown.currency_options.to_dict().items()}
    assert amounts == {"usd": 1000, "eur": 900}
    changed = client.prices.update(price.id, {
        "currency_options": {"gbp": {"unit_amount": 850}}, "expand": ["currency_options"]})
    assert sorted(changed.currency_options.to_dict()) == ["eur", "gbp", "usd"]
    coupon = client.coupons.create({
        "amount_off": 200, "currency": "usd", "currency_options": {"eur": {"amount_off": 100}},
        "expand": ["currency_options"]})
    assert coupon.currency_options["eur"].amount_off == 100
    code = client.promotion_codes.create({
        "promotion": {"type": "coupon", "coupon": coupon.id}, "restrictions": {
            "minimum_amount": 1500, "minimum_amount_currency": "usd",
            "currency_options": {"eur": {"minimum_amount": 1200}}},
        "expand": ["restrictions.currency_options"]})
    assert code.restrictions.currency_options["eur"].minimum_amount == 1200
    rate = client.shipping_rates.create({"display_name": "Post", "type": "fixed_amount", "fixed_amount": {
        "amount": 500, "currency": "usd", "currency_options": {"eur": {"amount": 400}}},
        "expand": ["fixed_amount.currency_options"]})
    assert rate.fixed_amount.currency_options["eur"].amount == 400
