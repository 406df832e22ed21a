"""The invoice that a paid session leaves, by Stripe's own SDK."""

import pytest
import requests
import stripe


@pytest.fixture
def invoiced(client, paid):
    """Pays a session that leaves an invoice, and retrieves the invoice."""
    def pay(data=None, expand=(), **more):
        creation = {"enabled": True, **({"invoice_data": data} if data else {})}
        session = paid(invoice_creation=creation, **more)
        return client.invoices.retrieve(session.invoice, {"expand": list(expand)})
    return pay


def test_a_purchase_leaves_a_paid_invoice(invoiced):
    invoice = invoiced(expand=["payments.data.payment.payment_intent", "customer"])
    assert (invoice.status, invoice.billing_reason, invoice.amount_paid, invoice.amount_remaining) == (
        "paid", "manual", 2100, 0)
    assert invoice.number == f"{invoice.customer.invoice_prefix}-0001"
    assert (invoice.customer_name, invoice.customer_email) == ("Ada L", "ada@example.com")
    assert [(line.description, line.amount, line.quantity) for line in invoice.lines.data] == [
        ("Print <A3> & café", 2100, 1)]
    (payment,) = invoice.payments.data
    assert (payment.status, payment.payment.payment_intent.amount_received) == ("paid", 2100)
    assert "payments" not in invoiced()


def test_what_stands_on_it_is_the_merchants_choice(client, invoiced, session):
    data = {
        "description": "Thank you", "footer": "No returns", "metadata": {"order": "7"},
        "custom_fields": [{"name": "VAT", "value": "DE1"}], "issuer": {"type": "self"},
        "rendering_options": {"amount_tax_display": "exclude_tax"},
    }
    invoice = invoiced(data)
    assert (invoice.description, invoice.footer, invoice.metadata["order"]) == ("Thank you", "No returns", "7")
    assert invoice.custom_fields[0].value == "DE1"
    changed = client.invoices.update(invoice.id, {
        "description": "Thanks", "custom_fields": "", "metadata": {"order": "", "paid": "yes"}})
    assert (changed.description, changed.custom_fields, changed.metadata.to_dict()) == ("Thanks", None, {"paid": "yes"})
    with pytest.raises(stripe.InvalidRequestError) as refused:
        client.invoices.update(invoice.id, {"collection_method": "send_invoice"})
    assert refused.value.code == "invoice_not_editable"
    with pytest.raises(stripe.InvalidRequestError) as refused:
        session(invoice_creation={"enabled": True}, payment_intent_data={"capture_method": "manual"})
    assert refused.value.param == "invoice_creation[enabled]"


def test_discounts_and_shipping_are_on_it(client, invoiced):
    coupon = client.coupons.create({"percent_off": 10})
    ground = {"display_name": "Ground", "type": "fixed_amount", "fixed_amount": {"amount": 500, "currency": "usd"}}
    invoice = invoiced(
        discounts=[{"coupon": coupon.id}],
        shipping_options=[{"shipping_rate_data": ground}],
        expand=["discounts", "total_discount_amounts.discount", "shipping_cost.shipping_rate",
                "lines.data.discount_amounts.discount"])
    assert (invoice.subtotal, invoice.amount_shipping, invoice.total) == (2100, 500, 2390)
    (discount,) = invoice.discounts
    assert discount.source.coupon == coupon.id
    for amounts in (invoice.total_discount_amounts, invoice.lines.data[0].discount_amounts):
        assert [(one.amount, one.discount.id) for one in amounts] == [(210, discount.id)]
    assert invoice.shipping_cost.shipping_rate.display_name == "Ground"


def test_an_order_for_nothing_is_paid_by_nothing(client, invoiced):
    coupon = client.coupons.create({"percent_off": 100})
    invoice = invoiced(discounts=[{"coupon": coupon.id}], expand=["payments"])
    assert (invoice.status, invoice.total, invoice.payments.data) == ("paid", 0, [])


def test_invoices_are_listed_and_so_are_their_payments(client, invoiced):
    first, second = invoiced(), invoiced()
    listed = client.invoices.list({"status": "paid", "collection_method": "charge_automatically", "limit": 1})
    assert [one.id for one in listed.auto_paging_iter()] == [second.id, first.id]
    assert [one.id for one in client.invoices.list({"customer": first.customer}).data] == [first.id]
    assert client.invoices.list({"created": {"lt": first.created}}).data == []
    lines = client.invoices.line_items.list(first.id, {"expand": ["data.pricing.price_details.price"]})
    assert [line.pricing.price_details.price.unit_amount for line in lines.data] == [2100]
    (payment,) = client.invoice_payments.list({"invoice": first.id}).data
    one = client.invoice_payments.retrieve(payment.id, {"expand": ["invoice", "payment.payment_intent"]})
    assert (one.invoice.id, one.payment.payment_intent.status) == (first.id, "succeeded")
    by = {"payment": {"type": "payment_intent", "payment_intent": one.payment.payment_intent.id}}
    assert [found.id for found in client.invoice_payments.list(by).data] == [payment.id]


def test_a_customer_has_its_own_numbers_and_defaults(client, invoiced):
    ada = client.customers.create({
        "email": "ada@example.com", "invoice_prefix": "ADA", "next_invoice_sequence": 7,
        "invoice_settings": {"footer": "Usual", "custom_fields": [{"name": "PO", "value": "9"}],
                             "rendering_options": {"amount_tax_display": "exclude_tax"}}})
    invoice = invoiced(customer=ada.id)
    assert (invoice.number, invoice.footer, invoice.custom_fields[0].name) == ("ADA-0007", "Usual", "PO")
    assert invoice.rendering.amount_tax_display == "exclude_tax"
    assert client.customers.retrieve(ada.id).next_invoice_sequence == 8


def test_webhooks_tell_of_each_step(client, invoiced, receiver):
    invoice = invoiced()
    for kind, status in (("invoice.created", "draft"), ("invoice.finalized", "open"), ("invoice.updated", "paid"),
                         ("invoice.paid", "paid"), ("invoice.payment_succeeded", "paid")):
        receiver.event(kind, invoice.id)
        assert client.events.list({"type": kind}).data[0].data.object.status == status
    receiver.event("invoice_payment.paid", invoice.id)


def test_its_page_and_its_pdf_can_be_opened(invoiced):
    invoice = invoiced()
    page = requests.get(invoice.hosted_invoice_url, timeout=20)
    assert page.status_code == 200 and invoice.number in page.text
    pdf = requests.get(invoice.invoice_pdf, timeout=20)
    assert pdf.headers["Content-Type"] == "application/pdf"
    assert pdf.content.startswith(b"%PDF-") and invoice.number.encode() in pdf.content
