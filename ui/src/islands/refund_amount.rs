use leptos::ev;
use leptos::html::Div;
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::HtmlInputElement;

use super::page_data;

/// The fields of a refund, which come as children. The amount is the price of the chosen pieces, at
/// each moment, until the admin types another; without scripts the server adds them up and asks.
///
/// The page's data is what can be refunded at most, in minor units, which is the amount when no
/// pieces are chosen; and how many digits of an amount are behind the decimal point.
#[island]
pub fn RefundAmount(children: Children) -> impl IntoView {
    let data = page_data();
    let (left, places) = data.split_once(' ').unwrap_or_default();
    let left: i64 = left.parse().unwrap_or(0);
    let places: u32 = places.parse().unwrap_or(0);
    let fields = NodeRef::<Div>::new();
    let is_typed = StoredValue::new(false);
    let update = move |event: ev::Event| {
        let Some(changed) = input(event.target()) else {
            return;
        };
        if changed.name() == "amount" {
            is_typed.set_value(!changed.value().trim().is_empty());
            return;
        }
        let is_quantity = changed.has_attribute("data-amounts");
        let Some(fields) = fields.get_untracked().filter(|_| is_quantity) else {
            return;
        };
        let amount = fields.query_selector("input[name=amount]").ok().flatten();
        if let Some(amount) = input(amount)
            && !is_typed.get_value()
        {
            let price = price_of_pieces(&fields);
            let price = if price == 0 { left } else { price.min(left) };
            amount.set_value(&number(price, places));
        }
    };
    view! {
        <div class="refund-fields" node_ref=fields on:input=update>
            {children()}
        </div>
    }
}

fn price_of_pieces(fields: &web_sys::Element) -> i64 {
    let Ok(quantities) = fields.query_selector_all("input[data-amounts]") else {
        return 0;
    };
    (0..quantities.length())
        .filter_map(|index| input(quantities.item(index)))
        .map(|quantity| {
            // The delivery is one, if it is ticked.
            let pieces: usize = if quantity.type_() == "checkbox" {
                quantity.checked().into()
            } else {
                quantity.value().trim().parse().unwrap_or(0)
            };
            let amounts = quantity.get_attribute("data-amounts").unwrap_or_default();
            let amount = amounts.split(' ').take(pieces).last();
            amount
                .and_then(|amount| amount.parse().ok())
                .unwrap_or(0_i64)
        })
        .fold(0_i64, i64::saturating_add)
}

fn input(of: Option<impl JsCast>) -> Option<HtmlInputElement> {
    of?.dyn_into().ok()
}

/// An amount as its field holds it.
fn number(amount: i64, places: u32) -> String {
    let unit = 10_i64.pow(places);
    if places == 0 {
        return amount.to_string();
    }
    let width = places as usize;
    format!("{}.{:0width$}", amount / unit, amount % unit)
}
