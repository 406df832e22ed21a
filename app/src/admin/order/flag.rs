use domain::order::{Order, Resolution};
use leptos::prelude::*;
use shop::orders::ResolveError;
use ui::error::ActionError;

use super::notice::OrderNotice;
use crate::admin::order_form::OrderForm;
use crate::admin::session::OrderTarget;
use crate::request::{self, shop};
use crate::response::{see_other, unavailable};

/// The longest note about a decision, in characters.
const LONGEST_NOTE: usize = 500;

/// The flag of an order, and the decisions that settle it.
pub(super) fn flag(order: &Order) -> Option<AnyView> {
    let flag = order.flag?;
    let captured = order.captured();
    let resolutions = order.resolutions();
    let number = order.number;
    let text = request::text();
    let buttons = resolutions.iter().map(move |resolution| {
        let label = text.admin_order().resolution(flag, *resolution);
        view! {
            <button class="button is-quiet" name="resolution" value=resolution.as_str()>{label}</button>
        }
    });
    Some(
        view! {
            <section class="admin-part" aria-labelledby="flag">
                <h2 id="flag">{text.admin().needs_review()}</h2>
                <p class="notice" role="alert">{text.admin_order().flag(flag)}</p>
                {(captured.amount() > 0).then(|| view! {
                    <p>{text.admin_order().paid_and_total(captured, order.total)}</p>
                })}
                <OrderForm action="/api/resolve_order_flag" number>
                    <label class="field">
                        <span>{text.admin_order().note()}</span>
                        <textarea name="note" rows="2" maxlength=LONGEST_NOTE.to_string() dir="auto"></textarea>
                    </label>
                    <div class="admin-buttons">{buttons.collect_view()}</div>
                </OrderForm>
            </section>
        }
        .into_any(),
    )
}

/// Resolves an order's flag as the admin decided, and shows the order or why that is not possible.
#[server(prefix = "/api", endpoint = "resolve_order_flag")]
pub async fn resolve_order_flag(
    #[server(default)] number: String,
    #[server(default)] csrf_token: String,
    #[server(default)] resolution: String,
    #[server(default)] note: String,
) -> Result<(), ActionError> {
    let target = OrderTarget::parse(&number, csrf_token)?;
    let page = |notice: OrderNotice| notice.path(target.number, "");
    let typed = format!("/admin/orders/{}", target.number);
    let Some(csrf) = target
        .authorize(&typed, &page(OrderNotice::FlagStale))
        .await?
    else {
        return Ok(());
    };
    let resolution = Resolution::parse(&resolution).ok_or(ActionError::BadRequest)?;
    let note: String = note.trim().chars().take(LONGEST_NOTE).collect();
    let note = Some(note).filter(|note| !note.is_empty());
    match shop::orders::resolve(&shop(), &csrf, resolution, note.as_deref()).await {
        Ok(()) => see_other(&page(OrderNotice::FlagResolved)),
        Err(ResolveError::NotAllowed(_)) => see_other(&page(OrderNotice::FlagRefused)),
        Err(ResolveError::NotFound) => return Err(ActionError::NotFound),
        Err(ResolveError::Failed(error)) => return Err(unavailable(&error)),
    }
    Ok(())
}
