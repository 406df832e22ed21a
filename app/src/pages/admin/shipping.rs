use domain::order::{Order, Shipment};
use leptos::prelude::*;
use shop::orders::ShipError;

use crate::context;
use crate::context::owner::LONGEST_CARRIER;

use super::form::OrderForm;
use super::moment;

/// How an order's goods left, or the form that says so.
pub(super) fn shipping(order: &Order) -> Option<AnyView> {
    let notice = match context::query_param("shipping").as_deref() {
        Some("saved") if order.shipment.is_some() => Some(
            view! { <p class="notice is-good" role="status">"Marked as shipped."</p> }.into_any(),
        ),
        Some("stale") => {
            let words = "Nothing was saved: the form was from before you signed in. Check it and send it again.";
            Some(view! { <p class="notice" role="alert">{words}</p> }.into_any())
        }
        Some("refused") => {
            let words = ShipError::NothingToShip.to_string();
            Some(view! { <p class="notice" role="alert">{words}</p> }.into_any())
        }
        _ => None,
    };
    if order.shipment.is_none() && !order.can_be_shipped() {
        return notice;
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
                {notice}
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
            {carrier.map(|carrier| view! { <dt>"Carrier"</dt><dd>{carrier}</dd> })}
            {tracking_number.map(|number| view! { <dt>"Tracking number"</dt><dd>{number}</dd> })}
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
    let (carrier, tracking_number) = shipment
        .map(|shipment| (shipment.carrier, shipment.tracking_number))
        .unwrap_or_default();
    view! {
        <OrderForm action="/api/ship_order" number=order.number>
            <label class="field">
                <span>"Carrier"</span>
                <input type="text" name="carrier" maxlength=LONGEST_CARRIER.to_string() autocomplete="off" value=carrier/>
            </label>
            <label class="field">
                <span>"Tracking number"</span>
                <input
                    type="text"
                    name="tracking_number"
                    maxlength=LONGEST_CARRIER.to_string()
                    autocomplete="off"
                    value=tracking_number
                />
            </label>
            <button class="button is-quiet">{button}</button>
        </OrderForm>
    }
}
