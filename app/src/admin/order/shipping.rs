use domain::order::{Order, Shipment};
use leptos::prelude::*;
use leptos_router::location::Url;
use shop::orders::ShipError;
use ui::error::ActionError;

use super::notice::OrderNotice;
use super::status::reason_not_to_ship;
use crate::admin::moment;
use crate::admin::order_form::OrderForm;
use crate::admin::session::OrderTarget;
use crate::request::{self, shop};
use crate::response::{see_other, unavailable};

/// The longest name of a carrier and the longest number that are kept, in characters.
const LONGEST_CARRIER: usize = 80;

/// The shipment of an order, or the form that makes it.
pub(super) fn shipping(order: &Order) -> Option<AnyView> {
    if order.shipment.is_none() && !order.can_be_shipped() {
        return None;
    }
    let text = request::text();
    let form = order.can_be_shipped().then(|| form(order));
    let content = match &order.shipment {
        Some(shipment) => view! {
            {facts(shipment)}
            {form.map(|form| view! { <details><summary>{text.admin_order().correct_it()}</summary>{form}</details> })}
        }
        .into_any(),
        None => form.into_any(),
    };
    Some(
        view! {
            <section class="admin-part" aria-labelledby="shipping">
                <h2 id="shipping">{text.admin().shipping()}</h2>
                {content}
            </section>
        }
        .into_any(),
    )
}

fn facts(shipment: &Shipment) -> impl IntoView + use<> {
    let text = request::text();
    let carrier = shipment.carrier.clone();
    let tracking_number = shipment.tracking_number.clone();
    view! {
        <dl class="facts">
            <dt>{text.admin().shipped()}</dt>
            <dd>{moment(shipment.shipped_at)}</dd>
            {carrier.map(|carrier| view! { <dt>{text.admin_order().carrier()}</dt><dd dir="auto">{carrier}</dd> })}
            {tracking_number.map(|number| view! { <dt>{text.admin_order().tracking_number()}</dt><dd dir="auto" translate="no">{number}</dd> })}
        </dl>
    }
}

fn form(order: &Order) -> impl IntoView + use<> {
    let text = request::text().admin_order();
    let shipment = order.shipment.clone();
    let button = if shipment.is_some() {
        text.save()
    } else {
        text.mark_as_shipped()
    };
    let saved = shipment
        .map(|shipment| (shipment.carrier, shipment.tracking_number))
        .unwrap_or_default();
    let carrier = request::query_param("carrier").or(saved.0);
    let tracking_number = request::query_param("tracking_number").or(saved.1);
    let warning = reason_not_to_ship(order).map(
        |reason| view! { <p class="notice"><strong>{text.do_not_ship()}</strong>" "{reason}</p> },
    );
    view! {
        <OrderForm action="/api/ship_order" number=order.number>
            <label class="field">
                <span>{text.carrier()}</span>
                <input type="text" name="carrier" dir="auto" maxlength=LONGEST_CARRIER.to_string() autocomplete="off" value=carrier/>
            </label>
            <label class="field">
                <span>{text.tracking_number()}</span>
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

/// Marks an order as shipped, or corrects how it was, and shows it, or why it cannot be.
#[server(prefix = "/api", endpoint = "ship_order")]
pub async fn ship_order(
    #[server(default)] number: String,
    #[server(default)] csrf_token: String,
    #[server(default)] carrier: String,
    #[server(default)] tracking_number: String,
) -> Result<(), ActionError> {
    let target = OrderTarget::parse(&number, csrf_token)?;
    let number = target.number;
    let (carrier, tracking_number) = (clipped(&carrier), clipped(&tracking_number));
    let value = |text: &Option<String>| Url::escape(text.as_deref().unwrap_or_default());
    let typed = format!(
        "carrier={}&tracking_number={}",
        value(&carrier),
        value(&tracking_number)
    );
    let page = format!("/admin/orders/{number}?{typed}#shipping");
    let stale = OrderNotice::ShippingStale.path(number, &typed);
    let Some(csrf) = target.authorize(&page, &stale).await? else {
        return Ok(());
    };
    let shop = shop();
    let shipped = shop::orders::ship(&shop, &csrf, carrier.as_deref(), tracking_number.as_deref());
    match shipped.await {
        Ok(()) => see_other(&OrderNotice::Shipped.path(number, "")),
        Err(ShipError::NothingToShip | ShipError::TestOrder) => {
            see_other(&OrderNotice::ShippingRefused.path(number, ""));
        }
        Err(ShipError::NotFound) => return Err(ActionError::NotFound),
        Err(ShipError::Failed(error)) => return Err(unavailable(&error)),
    }
    Ok(())
}

fn clipped(text: &str) -> Option<String> {
    let text: String = text.trim().chars().take(LONGEST_CARRIER).collect();
    Some(text).filter(|text| !text.is_empty())
}
