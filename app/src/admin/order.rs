use domain::order::Order;
use leptos::prelude::*;

use crate::components::{OrderTable, head, not_found};
use crate::request;

use super::{admin_page, dashboard_page, moment};

/// The disputes of an order.
mod disputes;
/// What card networks report of an order.
mod early_fraud_warnings;
/// Why an order needs a review, and the decisions about it.
mod flag;
/// What became of what the admin asked for.
mod notice;
/// The refunds of an order, and the form for another.
mod refunds;
/// The link to the order, sent to the shopper again.
mod resend;
/// How an order's goods leave.
mod shipping;
/// Badges that say where an order stands.
pub(super) mod status;

use disputes::disputes;
use early_fraud_warnings::early_fraud_warnings;
use flag::flag;
use refunds::refunds;
use resend::resend;
use shipping::shipping;

/// One order with what the admin may need of it.
#[component]
pub fn AdminOrderPage() -> impl IntoView {
    let shop = request::shop();
    let number = request::path_param("number");
    admin_page(move |admin| async move {
        let Ok(number) = number.parse() else {
            return Ok(not_found());
        };
        Ok(
            match shop::orders::by_number(&shop, &admin, number).await? {
                Some(order) => {
                    let note = shop::orders::flag_note(&shop, &admin, number).await?;
                    order_view(order, note).into_any()
                }
                None => not_found(),
            },
        )
    })
}

fn order_view(order: Order, flag_note: Option<String>) -> impl IntoView {
    head::title(format!("Order {}", order.number));
    let page = format!("/orders/{}", order.token);
    let refunded = order.refunded();
    let payment = order.main_payment().cloned();
    let at_stripe = payment
        .as_ref()
        .and_then(|payment| payment.payment_reference.clone())
        .map(|id| (dashboard_page(&id), id));
    let notice = notice::view(&order);
    let money = status::money(order.status, status::last_refund(&order));
    // Said here too, because the packing slip is this page without its notices and forms.
    let block = status::reason_not_to_ship(&order).filter(|_| order.can_be_shipped());
    let flag = flag(&order);
    let warnings = early_fraud_warnings(&order);
    let test_order = request::shop().is_test_order(&order).then(|| {
        view! {
            <p class="notice" role="alert">
                "Test order: it was made in Stripe's test mode, so no money was paid. It cannot be shipped."
            </p>
        }
    });
    let (disputes, shipping, refunds) = (disputes(&order), shipping(&order), refunds(&order));
    view! {
        <h1>{format!("Order {}", order.number)}</h1>
        {notice}
        {test_order}
        {flag}
        {disputes}
        {warnings}
        <dl class="facts">
            <dt>"Status"</dt>
            <dd>{money}</dd>
            <dt>"Ordered"</dt>
            <dd>{moment(order.created_at)}</dd>
            {order.paid_at.map(|paid_at| view! { <dt>"Paid"</dt><dd>{moment(paid_at)}</dd> })}
            {(refunded.amount() > 0).then(|| view! {
                <dt>"Refunded"</dt>
                <dd>{format!("{refunded} of {}", order.total)}</dd>
            })}
            {block.map(|reason| view! {
                <dt>"Shipping"</dt>
                <dd><strong>"Do not ship."</strong>" "{reason}</dd>
            })}
            {order.email.clone().map(|email| view! {
                <dt>"E-mail"</dt>
                <dd>{email}</dd>
                <dt class="no-print">"Link"</dt>
                <dd class="no-print">{resend(order.number)}</dd>
            })}
            {at_stripe.map(|(address, id)| view! {
                <dt>"PaymentIntent"</dt>
                <dd><a href=address rel="noreferrer"><code>{id}</code></a></dd>
            })}
            {payment.and_then(|payment| payment.reference).map(|id| view! { <dt>"Checkout Session"</dt><dd><code>{id}</code></dd> })}
            {flag_note.map(|note| view! { <dt>"Your note"</dt><dd dir="auto">{note}</dd> })}
            <dt>"Shopper's page"</dt>
            <dd><a href=page>"Open"</a></dd>
        </dl>
        <OrderTable order with_sku=true/>
        {shipping}
        {refunds}
    }
}
