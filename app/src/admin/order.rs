use domain::order::Order;
use leptos::prelude::*;
use shop::digital::Given;
use shop::mail::OrderEmail;

use crate::components::{OrderTable, head, not_found, order_details};
use crate::request;

use super::{admin_page, dashboard_page, moment};

/// The digital goods of an order.
mod digital;
/// The disputes of an order.
mod disputes;
/// The early fraud warnings of an order.
mod early_fraud_warnings;
/// The e-mails of an order.
mod emails;
/// The flag of an order that needs review, and the decisions about it.
mod flag;
/// The notices about what the admin asked for.
mod notice;
/// The refunds of an order, and the form for another.
mod refunds;
/// The link to the order, sent to the shopper again.
mod resend;
/// The parcels of an order, and what is left to ship.
mod shipping;
/// Badges that say where an order stands.
pub(super) mod status;

use digital::digital;
use disputes::disputes;
use early_fraud_warnings::early_fraud_warnings;
use emails::emails;
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
                    let emails = shop::mail::of_order(&shop, &admin, &order).await?;
                    let given = shop::digital::given(&shop, &admin, &order).await?;
                    order_view(order, note, emails, given).into_any()
                }
                None => not_found(),
            },
        )
    })
}

fn order_view(
    order: Order,
    flag_note: Option<String>,
    sent: Vec<OrderEmail>,
    given: Given,
) -> impl IntoView {
    let text = request::text();
    let title = text.order().title(order.number);
    let text = text.admin_order();
    let admin = request::text().admin();
    head::title(title.clone());
    let page = format!("/orders/{}", order.token);
    let refunded = order.refunded();
    let payment = order.main_payment().cloned();
    let at_stripe = payment
        .as_ref()
        .and_then(|payment| payment.payment_reference.clone())
        .map(|id| (dashboard_page(&id), id));
    let details = order_details(&order);
    let newsletter = order.details.as_ref();
    let newsletter = newsletter.is_some_and(|details| details.newsletter);
    let notice = notice::view(&order);
    let money = status::money(order.status, status::last_refund(&order));
    // Said here too, because the packing slip is this page without its notices and forms.
    let block = status::reason_not_to_ship(&order).filter(|_| !order.left_to_ship().is_empty());
    let shipping_state = status::shipping(order.shipping_state(), block.is_some());
    let flag = flag(&order);
    let warnings = early_fraud_warnings(&order);
    let test_order = request::shop().is_test_order(&order).then(|| {
        view! {
            <p class="notice" role="alert">{text.test_order()}</p>
        }
    });
    let (disputes, shipping, refunds) = (disputes(&order), shipping(&order), refunds(&order));
    let sent = emails(order.number, sent);
    view! {
        <h1>{title}</h1>
        {notice}
        {test_order}
        {flag}
        {disputes}
        {warnings}
        <dl class="facts">
            <dt>{admin.status()}</dt>
            <dd>{money}</dd>
            <dt>{text.ordered()}</dt>
            <dd>{moment(order.created_at)}</dd>
            {order.paid_at.map(|paid_at| view! { <dt>{text.paid()}</dt><dd>{moment(paid_at)}</dd> })}
            {(refunded.amount() > 0).then(|| view! {
                <dt>{text.refunded()}</dt>
                <dd>{text.part_of(refunded, order.total)}</dd>
            })}
            {shipping_state.map(|state| view! {
                <dt>{admin.shipping()}</dt>
                <dd>
                    {state}
                    {block.map(|reason| view! { " "<strong>{text.do_not_ship()}</strong>" "{reason} })}
                </dd>
            })}
            {order.email.clone().map(|email| view! {
                <dt>{admin.email()}</dt>
                <dd>{email}</dd>
                <dt class="no-print">{text.link()}</dt>
                <dd class="no-print">{resend(order.number)}</dd>
            })}
            {details}
            {newsletter.then(|| {
                let details = request::text().order_details();
                view! { <dt>{details.newsletter()}</dt><dd>{details.wanted()}</dd> }
            })}
            {at_stripe.map(|(address, id)| view! {
                <dt>{text.payment_intent()}</dt>
                <dd><a href=address rel="noreferrer"><code>{id}</code></a></dd>
            })}
            {payment.and_then(|payment| payment.reference).map(|id| view! { <dt>{text.checkout_session()}</dt><dd><code>{id}</code></dd> })}
            {flag_note.map(|note| view! { <dt>{text.your_note()}</dt><dd dir="auto">{note}</dd> })}
            <dt>{text.shopper_page()}</dt>
            <dd><a href=page>{text.open()}</a></dd>
        </dl>
        <OrderTable order with_sku=true/>
        {shipping}
        {digital(given)}
        {refunds}
        {sent}
    }
}
