use domain::order::Order;
use leptos::prelude::*;
use text::{Breakdown, RowKind};

use crate::request;

/// The table of what was bought, at the prices it was bought for.
#[component]
pub fn OrderTable(
    order: Order,
    /// True if the stockroom's names are shown.
    #[prop(default = false)]
    with_sku: bool,
) -> impl IntoView {
    let text = request::text().order();
    let rows = request::text().breakdown().rows(&Breakdown::of(&order));
    view! {
        <table class="order-lines">
            <caption class="visually-hidden">{text.lines()}</caption>
            <thead>
                <tr>
                    <th scope="col">{text.item()}</th>
                    <th scope="col" class="amount">{text.quantity()}</th>
                    <th scope="col" class="amount">{text.total()}</th>
                </tr>
            </thead>
            <tbody>
                {order.lines.into_iter().map(|line| {
                    // The total was computed when the order was written, so it fits.
                    let total = line.total().map(|total| total.to_string()).unwrap_or_default();
                    view! {
                        <tr>
                            <td>
                                <span class="line-title" dir="auto">{line.title}</span>
                                <span class="line-options" dir="auto">{line.options}</span>
                                <span class="line-options" translate="no">{text.each(line.unit_price)}</span>
                                {with_sku.then(|| view! { <code>{line.sku}</code> })}
                            </td>
                            <td class="amount" translate="no">{line.quantity}</td>
                            <td class="amount" translate="no">{total}</td>
                        </tr>
                    }
                }).collect_view()}
            </tbody>
            <tfoot>
                {rows.into_iter().map(|row| {
                    let is_total = row.kind == RowKind::Total;
                    let columns = if row.amount.is_some() { "2" } else { "3" };
                    view! {
                        <tr class:is-total=is_total>
                            <th scope="row" colspan=columns dir="auto">{row.label}</th>
                            {row.amount.map(|amount| view! { <td class="amount" translate="no">{amount}</td> })}
                        </tr>
                    }
                }).collect_view()}
            </tfoot>
        </table>
    }
}
