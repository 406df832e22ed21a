use domain::order::{Order, OrderLine};
use leptos::prelude::*;

use super::{admin_page, moment};
use crate::components::{head, not_found};
use crate::request;

/// The packing slip of an order: its pieces that are left to ship, or with
/// `?parcel=` those of a parcel. It is made to be printed.
#[component]
pub fn PackingSlipPage() -> impl IntoView {
    let shop = request::shop();
    let number = request::path_param("number");
    let parcel = request::query_param("parcel");
    admin_page(move |admin| async move {
        let Ok(number) = number.parse() else {
            return Ok(not_found());
        };
        let order = shop::orders::by_number(&shop, &admin, number).await?;
        Ok(order.map_or_else(not_found, |order| {
            slip(&order, parcel.as_deref()).into_any()
        }))
    })
}

fn slip(order: &Order, parcel: Option<&str>) -> impl IntoView + use<> {
    let text = request::text();
    let shop = request::shop();
    let name = shop.texts().display_name().to_owned();
    head::title(text.packing().slip_of(order.number));
    let found = parcel.and_then(|id| order.parcels.iter().find(|each| each.id.as_str() == id));
    let pieces = found.map_or_else(|| order.left_to_ship(), |parcel| parcel.pieces.clone());
    // Whoever opens a gift does not read what it cost.
    let details = order.details.as_ref();
    let is_gift = details.is_some_and(|details| details.is_gift);
    let address = details.and_then(|details| details.address.as_ref());
    let address = address.map(|address| {
        let lines = address.lines().into_iter();
        let lines = lines.map(|line| view! { <span class="detail-line" dir="auto">{line}</span> });
        view! {
            <dt>{text.packing().ship_to()}</dt>
            <dd translate="no">{lines.collect_view()}</dd>
        }
    });
    let rows = pieces.iter().filter_map(|pieces| {
        let line = order
            .lines
            .iter()
            .find(|line| line.variant == pieces.variant)?;
        Some(row(line, pieces.quantity, !is_gift))
    });
    let rows = rows.collect_view();
    let is_empty = pieces.is_empty();
    let back = format!("/admin/orders/{}", order.number);
    let table = view! {
        <table class="order-lines packing-lines">
            <caption class="visually-hidden">{text.order().lines()}</caption>
            <thead>
                <tr>
                    <th scope="col">{text.order().item()}</th>
                    <th scope="col" class="amount">{text.order().quantity()}</th>
                    <th scope="col">{text.packing().packed()}</th>
                </tr>
            </thead>
            <tbody>{rows}</tbody>
        </table>
    };
    view! {
        <p class="slip-shop">{name}</p>
        <h1>{text.packing().slip_of(order.number)}</h1>
        <p class="hint no-print">{text.packing().print_hint()}" "<a href=back>{text.packing().back_to_order()}</a></p>
        <dl class="facts">
            {address}
            <dt>{text.admin_order().ordered()}</dt>
            <dd>{moment(order.created_at)}</dd>
        </dl>
        {if is_empty {
            view! { <p class="empty">{text.packing().nothing_packed()}</p> }.into_any()
        } else {
            table.into_any()
        }}
    }
}

fn row(line: &OrderLine, quantity: u32, has_price: bool) -> impl IntoView + use<> {
    let price = has_price.then(|| {
        let each = request::text().order().each(line.unit_price);
        view! { <span class="line-options" translate="no">{each}</span> }
    });
    view! {
        <tr>
            <td>
                <span class="line-title" dir="auto">{line.title.clone()}</span>
                <span class="line-options" dir="auto">{line.options.clone()}</span>
                {price}
                <code>{line.sku.clone()}</code>
            </td>
            <td class="amount" translate="no">{quantity}</td>
            <td><span class="tick-box" aria-hidden="true"></span></td>
        </tr>
    }
}
