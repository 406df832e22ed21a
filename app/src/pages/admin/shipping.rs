use domain::order::{Order, Shipment};
use leptos::prelude::*;

use crate::context;
use crate::context::owner::LONGEST_CARRIER;

use super::form::OrderForm;
use super::moment;
use super::status::reason_not_to_ship;

/// How an order's goods left, or the form that says so.
pub(super) fn shipping(order: &Order) -> Option<AnyView> {
    if order.shipment.is_none() && !order.can_be_shipped() {
        return None;
    }
    let form = order.can_be_shipped().then(|| form(order));
    let content = match &order.shipment {
        Some(shipment) => view! {
            {facts(shipment)}
            {form.map(|form| view! { <details><summary>"Correct it"</summary>{form}</details> })}
        }
        .into_any(),
        None => form.into_any(),
    };
    Some(
        view! {
            <section class="admin-part" aria-labelledby="shipping">
                <h2 id="shipping">"Shipping"</h2>
                {content}
            </section>
        }
        .into_any(),
    )
}

fn facts(shipment: &Shipment) -> impl IntoView + use<> {
    let carrier = shipment.carrier.clone();
    let tracking_number = shipment.tracking_number.clone();
    view! {
        <dl class="facts">
            <dt>"Shipped"</dt>
            <dd>{moment(shipment.shipped_at)}</dd>
            {carrier.map(|carrier| view! { <dt>"Carrier"</dt><dd dir="auto">{carrier}</dd> })}
            {tracking_number.map(|number| view! { <dt>"Tracking number"</dt><dd dir="auto" translate="no">{number}</dd> })}
        </dl>
    }
}

fn form(order: &Order) -> impl IntoView + use<> {
    let shipment = order.shipment.clone();
    let button = if shipment.is_some() {
        "Save"
    } else {
        "Mark as shipped"
    };
    let saved = shipment
        .map(|shipment| (shipment.carrier, shipment.tracking_number))
        .unwrap_or_default();
    let carrier = context::query_param("carrier").or(saved.0);
    let tracking_number = context::query_param("tracking_number").or(saved.1);
    let warning = reason_not_to_ship(order)
        .map(|reason| view! { <p class="notice"><strong>"Do not ship."</strong>" "{reason}</p> });
    view! {
        <OrderForm action="/api/ship_order" number=order.number>
            <label class="field">
                <span>"Carrier"</span>
                <input type="text" name="carrier" dir="auto" maxlength=LONGEST_CARRIER.to_string() autocomplete="off" value=carrier/>
            </label>
            <label class="field">
                <span>"Tracking number"</span>
                <input
                    type="text"
                    name="tracking_number"
                    dir="auto"
                    maxlength=LONGEST_CARRIER.to_string()
                    autocomplete="off"
                    value=tracking_number
                />
            </label>
            {warning}
            <button class="button is-quiet">{button}</button>
        </OrderForm>
    }
}
