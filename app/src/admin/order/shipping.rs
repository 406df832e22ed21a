use domain::catalog::line_name;
use domain::id::{ParcelId, VariantId};
use domain::order::{Order, OrderLine, Parcel, ParcelError, ParcelPieces, ParcelRequest};
use leptos::prelude::*;
use leptos_router::location::Url;
use serde::{Deserialize, Serialize};
use shop::orders::ShipError;
use std::fmt::Write;
use text::AdminOrderText;
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

/// The longest quantity or id that is carried along, in characters.
const LONGEST_FIELD: usize = 64;

/// The most lines of an order.
const MOST_LINES: usize = 50;

/// Pieces of one line that go into a parcel, as the admin typed it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct PackedForm {
    /// The variant.
    pub variant: String,
    /// The number of pieces.
    pub quantity: String,
}

/// The parcels of an order, and the form for another while pieces are left.
pub(super) fn shipping(order: &Order) -> Option<AnyView> {
    let left = order.left_to_ship();
    if order.parcels.is_empty() && left.is_empty() {
        return None;
    }
    let text = request::text();
    let parcels = order.parcels.iter().enumerate();
    let parcels = parcels.map(|(index, parcel)| parcel_view(order, index, parcel));
    let form = (!left.is_empty()).then(|| form(order, &left));
    let slip = (!left.is_empty()).then(|| {
        let slip = format!("/admin/orders/{}/packing-slip", order.number);
        view! { <p><a href=slip>{text.packing().slip()}</a></p> }
    });
    Some(
        view! {
            <section class="admin-part" aria-labelledby="shipping">
                <h2 id="shipping">{text.admin().shipping()}</h2>
                {parcels.collect_view()}
                {slip}
                {form}
            </section>
        }
        .into_any(),
    )
}

fn parcel_view(order: &Order, index: usize, parcel: &Parcel) -> impl IntoView + use<> {
    let text = request::text();
    let heading = text.order().parcel(index.saturating_add(1));
    let (carrier, tracking_number) = (parcel.carrier.clone(), parcel.tracking_number.clone());
    let url = parcel.tracking_url();
    let number = tracking_number.clone().map(|number| match url {
        Some(url) => view! { <a href=url rel="noreferrer" translate="no">{number}</a> }.into_any(),
        None => number.into_any(),
    });
    let content = parcel.pieces.iter().map(|pieces| {
        let line = order
            .lines
            .iter()
            .find(|line| line.variant == pieces.variant);
        let name = line.map_or_else(
            || pieces.variant.to_string(),
            |line| line_name(&line.title, &line.options),
        );
        view! { <li>{format!("{} × ", pieces.quantity)}<bdi>{name}</bdi></li> }
    });
    let content = content.collect_view();
    let id = parcel.id.to_string();
    let text_of_order = text.admin_order();
    let slip = format!("/admin/orders/{}/packing-slip?parcel={id}", order.number);
    let (to_deliver, to_correct) = (id.clone(), id.clone());
    let saved_carrier = carrier.clone();
    let deliver = parcel.delivered_at.is_none().then(|| {
        view! {
            <OrderForm action="/api/deliver_parcel" number=order.number>
                <input type="hidden" name="parcel" value=to_deliver/>
                <button class="button is-quiet">{text_of_order.mark_as_delivered()}</button>
            </OrderForm>
        }
    });
    let correct = view! {
        <details class="no-print">
            <summary>{text_of_order.correct_it()}</summary>
            <OrderForm action="/api/correct_parcel" number=order.number>
                <input type="hidden" name="parcel" value=to_correct/>
                {carrier_fields(text_of_order, saved_carrier, tracking_number)}
                <button class="button is-quiet">{text_of_order.save()}</button>
            </OrderForm>
        </details>
    };
    view! {
        <div class="parcel" data-parcel=id>
            <h3>{heading}</h3>
            <dl class="facts">
                <dt>{text.admin().shipped()}</dt>
                <dd>{moment(parcel.shipped_at)}</dd>
                {carrier.map(|carrier| view! { <dt>{text_of_order.carrier()}</dt><dd dir="auto">{carrier}</dd> })}
                {number.map(|number| view! { <dt>{text_of_order.tracking_number()}</dt><dd dir="auto" translate="no">{number}</dd> })}
                {parcel.delivered_at.map(|time| view! { <dt>{text_of_order.delivered()}</dt><dd>{moment(time)}</dd> })}
                <dt>{text_of_order.content()}</dt>
                <dd><ul class="parcel-content">{content}</ul></dd>
            </dl>
            <p><a href=slip>{text.packing().slip()}</a></p>
            {deliver}
            {correct}
        </div>
    }
}

fn carrier_fields(
    text: AdminOrderText,
    carrier: Option<String>,
    tracking_number: Option<String>,
) -> impl IntoView {
    view! {
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
    }
}

fn form(order: &Order, left: &[ParcelPieces]) -> impl IntoView + use<> {
    let text = request::text().admin_order();
    let warning = reason_not_to_ship(order).map(
        |reason| view! { <p class="notice"><strong>{text.do_not_ship()}</strong>" "{reason}</p> },
    );
    let typed = PackedForm::from_query();
    let lines = left.iter().enumerate().filter_map(|(index, pieces)| {
        let line = order
            .lines
            .iter()
            .find(|line| line.variant == pieces.variant)?;
        let typed = typed
            .iter()
            .find(|typed| typed.variant == pieces.variant.as_str());
        let typed = typed.map(|typed| typed.quantity.clone());
        Some(quantity_field(text, index, line, pieces.quantity, typed))
    });
    let lines = lines.collect_view();
    let heading = (!order.parcels.is_empty()).then(|| view! { <h3>{text.next_parcel()}</h3> });
    view! {
        {heading}
        <OrderForm action="/api/ship_order" number=order.number>
            <input type="hidden" name="parcel" value=shop::orders::new_parcel_id().to_string()/>
            <fieldset class="parcel-pieces">
                <legend>{text.pieces_in_parcel()}</legend>
                {lines}
            </fieldset>
            {carrier_fields(text, request::query_param("carrier"), request::query_param("tracking_number"))}
            {warning}
            <button class="button is-quiet">{text.mark_as_shipped()}</button>
        </OrderForm>
    }
}

/// The field for the pieces of one line: all that are left, unless something else was typed.
fn quantity_field(
    text: AdminOrderText,
    index: usize,
    line: &OrderLine,
    left: u32,
    typed: Option<String>,
) -> impl IntoView + use<> {
    let name = move |field: &str| format!("pieces[{index}][{field}]");
    let is_wrong = typed.as_deref().is_some_and(|typed| {
        let count = count(typed);
        count.is_none_or(|count| count > left)
    });
    let error_id = format!("pieces-{index}-error");
    let error = is_wrong.then(|| {
        view! { <span class="field-problem" id=error_id.clone()>{text.pieces_wrong(left)}</span> }
    });
    view! {
        <input type="hidden" name=name("variant") value=line.variant.to_string()/>
        <label class="field">
            <span>
                <bdi>{line_name(&line.title, &line.options)}</bdi>
                " "
                <small translate="no">{line.sku.clone()}</small>
                " "
                {text.left_to_ship(left)}
            </span>
            <input
                type="number"
                name=name("quantity")
                min="0"
                max=left.to_string()
                inputmode="numeric"
                value=typed.unwrap_or_else(|| left.to_string())
                aria-invalid=is_wrong.then_some("true")
                aria-describedby=is_wrong.then_some(error_id.clone())
            />
            {error}
        </label>
    }
}

/// Sends a parcel of an order and shows the order, or why it cannot be sent.
#[server(prefix = "/api", endpoint = "ship_order")]
pub async fn ship_order(
    #[server(default)] number: String,
    #[server(default)] csrf_token: String,
    #[server(default)] parcel: String,
    #[server(default)] pieces: Vec<PackedForm>,
    #[server(default)] carrier: String,
    #[server(default)] tracking_number: String,
) -> Result<(), ActionError> {
    let target = OrderTarget::parse(&number, csrf_token)?;
    let number = target.number;
    let (carrier, tracking_number) = (clipped(&carrier), clipped(&tracking_number));
    let typed = typed_query(carrier.as_deref(), tracking_number.as_deref(), &pieces);
    let page = format!("/admin/orders/{number}?{typed}#shipping");
    let stale = OrderNotice::ShippingStale.path(number, &typed);
    let Some(csrf) = target.authorize(&page, &stale).await? else {
        return Ok(());
    };
    let id = ParcelId::parse(&parcel).map_err(|_| ActionError::BadRequest)?;
    let Some(pieces) = read_pieces(&pieces) else {
        see_other(&OrderNotice::PiecesRefused.path(number, &typed));
        return Ok(());
    };
    let request = ParcelRequest {
        id,
        carrier,
        tracking_number,
        pieces: Some(pieces),
    };
    let notice = match shop::orders::ship(&shop(), &csrf, request).await {
        Ok(()) => return shown(OrderNotice::Shipped, number),
        Err(ShipError::NotAllowed(ParcelError::NoPieces)) => OrderNotice::PiecesMissing,
        Err(ShipError::NotAllowed(ParcelError::TooManyPieces { .. })) => OrderNotice::PiecesRefused,
        Err(ShipError::NotAllowed(_) | ShipError::TestOrder) => {
            return shown(OrderNotice::ShippingRefused, number);
        }
        Err(ShipError::NotFound) => return Err(ActionError::NotFound),
        Err(ShipError::Failed(error)) => return Err(unavailable(&error)),
    };
    see_other(&notice.path(number, &typed));
    Ok(())
}

/// Corrects the carrier and the number of a parcel.
#[server(prefix = "/api", endpoint = "correct_parcel")]
pub async fn correct_parcel(
    #[server(default)] number: String,
    #[server(default)] csrf_token: String,
    #[server(default)] parcel: String,
    #[server(default)] carrier: String,
    #[server(default)] tracking_number: String,
) -> Result<(), ActionError> {
    let target = OrderTarget::parse(&number, csrf_token)?;
    let number = target.number;
    let page = format!("/admin/orders/{number}#shipping");
    let stale = OrderNotice::ShippingStale.path(number, "");
    let Some(csrf) = target.authorize(&page, &stale).await? else {
        return Ok(());
    };
    let id = ParcelId::parse(&parcel).map_err(|_| ActionError::BadRequest)?;
    let (carrier, tracking_number) = (clipped(&carrier), clipped(&tracking_number));
    let (carrier, tracking_number) = (carrier.as_deref(), tracking_number.as_deref());
    let shop = shop();
    let corrected = shop::orders::correct_parcel(&shop, &csrf, &id, carrier, tracking_number);
    changed(corrected.await, OrderNotice::ParcelCorrected, number)
}

/// Marks a parcel as delivered.
#[server(prefix = "/api", endpoint = "deliver_parcel")]
pub async fn deliver_parcel(
    #[server(default)] number: String,
    #[server(default)] csrf_token: String,
    #[server(default)] parcel: String,
) -> Result<(), ActionError> {
    let target = OrderTarget::parse(&number, csrf_token)?;
    let number = target.number;
    let page = format!("/admin/orders/{number}#shipping");
    let stale = OrderNotice::ShippingStale.path(number, "");
    let Some(csrf) = target.authorize(&page, &stale).await? else {
        return Ok(());
    };
    let id = ParcelId::parse(&parcel).map_err(|_| ActionError::BadRequest)?;
    let delivered = shop::orders::deliver_parcel(&shop(), &csrf, &id).await;
    changed(delivered, OrderNotice::ParcelDelivered, number)
}

fn changed(
    outcome: Result<(), ShipError>,
    notice: OrderNotice,
    number: i64,
) -> Result<(), ActionError> {
    match outcome {
        Ok(()) => shown(notice, number),
        Err(ShipError::NotAllowed(_) | ShipError::TestOrder | ShipError::NotFound) => {
            Err(ActionError::NotFound)
        }
        Err(ShipError::Failed(error)) => Err(unavailable(&error)),
    }
}

fn shown(notice: OrderNotice, number: i64) -> Result<(), ActionError> {
    see_other(&notice.path(number, ""));
    Ok(())
}

impl PackedForm {
    /// Reads what [`typed_query`] wrote into the address of the page.
    fn from_query() -> Vec<Self> {
        let typed = (0..MOST_LINES).map_while(|index| {
            Some(Self {
                variant: request::query_param(&format!("packed{index}"))?,
                quantity: request::query_param(&format!("pieces{index}")).unwrap_or_default(),
            })
        });
        typed.collect()
    }
}

/// The form as typed, as the query of an address.
fn typed_query(
    carrier: Option<&str>,
    tracking_number: Option<&str>,
    pieces: &[PackedForm],
) -> String {
    let value = |text: &str| {
        let text: String = text.trim().chars().take(LONGEST_CARRIER).collect();
        Url::escape(&text)
    };
    let mut query = format!(
        "carrier={}&tracking_number={}",
        value(carrier.unwrap_or_default()),
        value(tracking_number.unwrap_or_default())
    );
    for (index, pieces) in pieces.iter().take(MOST_LINES).enumerate() {
        let clip = |text: &str| value(&text.chars().take(LONGEST_FIELD).collect::<String>());
        let (variant, quantity) = (clip(&pieces.variant), clip(&pieces.quantity));
        // Writing to a String does not fail.
        let _ = write!(query, "&packed{index}={variant}&pieces{index}={quantity}");
    }
    query
}

/// The typed pieces; `None` when one is no number or of no variant.
fn read_pieces(pieces: &[PackedForm]) -> Option<Vec<ParcelPieces>> {
    let read = |form: &PackedForm| {
        Some(ParcelPieces {
            variant: VariantId::parse(&form.variant).ok()?,
            quantity: count(&form.quantity)?,
        })
    };
    pieces.iter().take(MOST_LINES).map(read).collect()
}

/// A typed number of pieces; nothing typed is none of them.
fn count(typed: &str) -> Option<u32> {
    match typed.trim() {
        "" => Some(0),
        typed => typed.parse().ok(),
    }
}

fn clipped(text: &str) -> Option<String> {
    let text: String = text.trim().chars().take(LONGEST_CARRIER).collect();
    Some(text).filter(|text| !text.is_empty())
}
