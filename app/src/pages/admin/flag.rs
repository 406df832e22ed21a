use domain::order::{Flag, Order, Resolution};
use leptos::prelude::*;

use crate::context::owner::LONGEST_FLAG_NOTE;

use super::form::OrderForm;

/// Why the owner has to look at an order, and the decisions that settle it.
pub(super) fn flag(order: &Order) -> Option<AnyView> {
    let flag = order.flag?;
    let captured = order.captured();
    let resolutions = order.resolutions();
    let number = order.number;
    let buttons = resolutions.iter().map(move |resolution| {
        let label = label(flag, *resolution);
        view! {
            <button class="button is-quiet" name="resolution" value=resolution.as_str()>{label}</button>
        }
    });
    Some(
        view! {
            <section class="admin-part" aria-labelledby="flag">
                <h2 id="flag">"Needs a look"</h2>
                <p class="notice" role="alert">{flag.label()}</p>
                {(captured.amount() > 0).then(|| view! {
                    <p>{format!("Paid: {captured}. Order total: {}.", order.total)}</p>
                })}
                <OrderForm action="/api/resolve_order_flag" number>
                    <label class="field">
                        <span>"Note"</span>
                        <textarea name="note" rows="2" maxlength=LONGEST_FLAG_NOTE.to_string() dir="auto"></textarea>
                    </label>
                    <div class="admin-buttons">{buttons.collect_view()}</div>
                </OrderForm>
            </section>
        }
        .into_any(),
    )
}

const fn label(flag: Flag, resolution: Resolution) -> &'static str {
    match (flag, resolution) {
        (Flag::OrderUnknown, Resolution::Close) => "Close",
        (Flag::AmountMismatch | Flag::OrderUnknown, _) => "Keep the payment",
        (Flag::OutOfStock, Resolution::Keep) => "I can ship it",
        (Flag::PaymentUnknown, _) => "It was not paid: free the pieces",
        (Flag::StockMismatch, _) => "The stock is right now",
        (Flag::OutOfStock, Resolution::Close) => "Close",
    }
}
