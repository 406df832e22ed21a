import pytest
import stripe

from conftest import order


def test_a_customer_is_made_changed_found_and_deleted(client):
    made = client.customers.create({"email": "ada@example.com", "name": "Ada", "metadata": {"a": "1"}})
    assert made.id.startswith("cus_") and made.email == "ada@example.com"
    changed = client.customers.update(made.id, {"name": "", "metadata": {"a": "", "b": "2"}, "phone": "+1"})
    assert (changed.name, changed.phone, changed.metadata.to_dict()) == (None, "+1", {"b": "2"})
    updated = client.events.list({"type": "customer.updated"}).data[0]
    assert updated.data.previous_attributes["name"] == "Ada"
    assert [one.id for one in client.customers.list({"email": "ada@example.com"})] == [made.id]
    assert client.customers.delete(made.id).deleted is True
    assert client.customers.retrieve(made.id).deleted is True


def test_a_product_with_its_price(client):
    product = client.products.create({"name": "Print", "default_price_data": {"currency": "usd", "unit_amount": 2100}})
    assert product.id.startswith("prod_") and product.active is True
    price = client.prices.retrieve(product.default_price, {"expand": ["product"]})
    assert (price.unit_amount, price.product.id, price.type) == (2100, product.id, "one_time")
    assert client.products.update(product.id, {"name": "Poster", "active": False}).name == "Poster"
    assert client.products.retrieve(product.id, {"expand": ["default_price"]}).default_price.unit_amount == 2100
    assert [one.id for one in client.products.list({"active": False})] == [product.id]
    with pytest.raises(stripe.InvalidRequestError):
        client.products.delete(product.id)


def test_a_product_without_prices_can_be_deleted(client):
    product = client.products.create({"id": "print", "name": "Print"})
    assert product.id == "print" and client.products.delete("print").deleted is True
    with pytest.raises(stripe.InvalidRequestError) as caught:
        client.products.retrieve("print")
    assert caught.value.http_status == 404


def test_prices_are_found_by_product_and_lookup_key(client):
    product = client.products.create({"name": "Print"})
    price = client.prices.create({"product": product.id, "currency": "eur", "unit_amount": 1500, "lookup_key": "a3"})
    assert [one.id for one in client.prices.list({"product": product.id})] == [price.id]
    assert [one.id for one in client.prices.list({"lookup_keys": ["a3"]})] == [price.id]
    assert client.prices.update(price.id, {"nickname": "A3", "active": False}).active is False


def test_a_coupon_is_either_percent_or_amount(client):
    for wrong in [{}, {"percent_off": 10, "amount_off": 5, "currency": "usd"}, {"percent_off": 101}]:
        with pytest.raises(stripe.InvalidRequestError):
            client.coupons.create({"duration": "once", **wrong})


def test_the_account_says_who_it_is(client):
    account = client.accounts.retrieve_current()
    assert account.object == "account" and account.id.startswith("acct_")
    assert client.accounts.retrieve(account.id) == account


def test_a_coupon_is_made_changed_listed_and_deleted(client):
    made = client.coupons.create({"percent_off": 25, "duration": "once", "name": "Spring", "metadata": {"a": "1"}})
    assert (made.percent_off, made.valid, made.times_redeemed) == (25, True, 0) and len(made.id) == 8
    changed = client.coupons.update(made.id, {"name": "Summer", "metadata": {"a": "", "b": "2"}})
    assert (changed.name, changed.metadata.to_dict()) == ("Summer", {"b": "2"})
    before = client.events.list({"type": "coupon.updated"}).data[0].data.previous_attributes
    assert before.to_dict() == {"name": "Spring", "metadata": {"a": "1", "b": None}}
    own = client.coupons.create({"id": "TENOFF", "amount_off": 1000, "currency": "usd", "duration": "once"})
    assert [one.id for one in client.coupons.list()] == [own.id, made.id]
    assert client.coupons.delete("TENOFF").deleted is True
    with pytest.raises(stripe.InvalidRequestError) as caught:
        client.coupons.retrieve("TENOFF")
    assert caught.value.http_status == 404


def test_a_promotion_code_lives_and_is_put_out_of_use(client):
    coupon = client.coupons.create({"percent_off": 25, "duration": "once"})
    promotion = {"type": "coupon", "coupon": coupon.id}
    made = client.promotion_codes.create({
        "promotion": promotion, "code": "SPRING", "max_redemptions": 5,
        "restrictions": {"minimum_amount": 2000, "minimum_amount_currency": "usd"}})
    assert (made.code, made.active, made.times_redeemed, made.max_redemptions) == ("SPRING", True, 0, 5)
    assert made.restrictions.minimum_amount == 2000
    found = client.promotion_codes.retrieve(made.id, {"expand": ["promotion.coupon"]})
    assert found.promotion.coupon.percent_off == 25
    assert [one.id for one in client.promotion_codes.list({"code": "spring", "active": True})] == [made.id]
    with pytest.raises(stripe.InvalidRequestError):
        client.promotion_codes.create({"promotion": promotion, "code": "SPRING"})
    off = client.promotion_codes.update(made.id, {"active": False, "metadata": {"why": "over"}})
    assert (off.active, off.metadata.to_dict()) == (False, {"why": "over"})
    assert client.promotion_codes.list({"active": True}).data == []
    assert client.promotion_codes.create({"promotion": promotion, "code": "SPRING"}).active is True
    generated = client.promotion_codes.create({"promotion": promotion})
    assert len(generated.code) >= 8


def test_an_older_version_makes_a_code_of_its_coupon_alone(client, sandbox):
    coupon = client.coupons.create({"percent_off": 25, "duration": "once"})
    body = f"coupon={coupon.id}&code=SPRING".encode()
    for version, status in [("2025-08-27.basil", 200), (stripe.api_version, 400)]:
        answer = sandbox.raw("POST", "/v1/promotion_codes", body, **{"Stripe-Version": version})
        assert answer.status_code == status, answer.text


def test_an_amount_off_never_makes_a_total_negative(client):
    coupon = client.coupons.create({"id": "BIG", "amount_off": 5000, "currency": "usd", "duration": "once"})
    session = client.checkout.sessions.create({**order(), "discounts": [{"coupon": coupon.id}]})
    assert (session.amount_total, session.payment_status) == (0, "no_payment_required")


def test_an_expired_session_can_be_recovered(client):
    session = client.checkout.sessions.create({**order(), "after_expiration": {"recovery": {"enabled": True}}})
    expired = client.checkout.sessions.expire(session.id)
    assert expired.after_expiration.recovery.url.startswith("http")


def test_a_shipping_rate_is_made_read_and_put_out_of_use(client):
    rate = client.shipping_rates.create({
        "display_name": "Post", "type": "fixed_amount", "fixed_amount": {"amount": 500, "currency": "usd"},
        "delivery_estimate": {"minimum": {"unit": "business_day", "value": 2}, "maximum": {"unit": "week", "value": 1}}})
    assert rate.id.startswith("shr_") and rate.fixed_amount.amount == 500
    assert client.shipping_rates.retrieve(rate.id) == rate
    assert client.shipping_rates.update(rate.id, {"active": False, "metadata": {"a": "1"}}).active is False
    assert client.shipping_rates.list({"active": True}).data == []
    assert [one.id for one in client.shipping_rates.list({"currency": "usd"})] == [rate.id]


def test_a_lookup_key_moves_to_another_price(client):
    product = client.products.create({"name": "Print"})
    first = client.prices.create({"product": product.id, "currency": "usd", "unit_amount": 1500, "lookup_key": "a3"})
    second = {"product": product.id, "currency": "usd", "unit_amount": 1600, "lookup_key": "a3"}
    with pytest.raises(stripe.InvalidRequestError):
        client.prices.create(second)
    moved = client.prices.create({**second, "transfer_lookup_key": True})
    assert (moved.lookup_key, client.prices.retrieve(first.id).lookup_key) == ("a3", None)
