use domain::catalog::line_name;
use domain::id::OrderToken;
use domain::order::{Order, OrderStatus, Parcel, ShippingState};
use leptos::prelude::*;
use shop::digital::Delivery;
use shop::orders::CancelError;
use text::OrderText;
use ui::error::ActionError;
use ui::islands::{OrderStatusPanel, PAGE_DATA, PageData};

use super::cart;
use super::order_downloads::downloads;
use crate::components::{OrderTable, head, not_found, order_details, page};
use crate::{request, response};

/// An order, for whoever holds its address.
#[component]
pub fn OrderPage() -> impl IntoView {
    let token = request::path_param("token");
    let session_id = request::query_param("session_id");
    page(async move {
        Ok(match load(&token, session_id.as_deref()).await? {
            Some(order) => {
                let delivery = shop::digital::delivery(&request::shop(), &order).await?;
                order_view(order, delivery).into_any()
            }
            None => not_found(),
        })
    })
}

/// The order's status, for the page that follows it.
pub(super) async fn progress(token: String) -> Result<String, ActionError> {
    match load(&token, None).await {
        Ok(Some(order)) => Ok(order.status.to_string()),
        Ok(None) => Err(ActionError::NotFound),
        Err(error) => Err(response::unavailable(&error)),
    }
}

/// The order behind a page's address; `None` for a token that is none, which a wrong one looks no
/// different from.
async fn load(token: &str, session_id: Option<&str>) -> Result<Option<Order>, shop::Error> {
    let Ok(token) = OrderToken::parse(token) else {
        return Ok(None);
    };
    let order = shop::orders::view(&request::shop(), &token, session_id).await?;
    if let Some(order) = &order {
        cart::forget_bought(order).await?;
    }
    Ok(order)
}

fn order_view(order: Order, delivery: Delivery) -> impl IntoView {
    let text = request::text().order();
    let (has_details, details) = (order.details.is_some(), order_details(&order));
    let status = order.status;
    let is_test = request::shop().is_test_order(&order);
    let token = order.token.to_string();
    let cancel_token = token.clone();
    let notice = notice(text, status);
    let email = order.email.clone();
    let (refunded, coming) = (order.refunded(), order.pending_refunds());
    let total = order.total;
    let shipping = order.shipping_state();
    let is_shipped = shipping.has_left();
    let parcels = parcels(text, &order, shipping);
    let data = [
        token.as_str(),
        status.as_str(),
        if is_shipped { "shipped" } else { "" },
    ]
    .join(" ");
    let data = data.trim_end().to_owned();
    provide_context(PageData(data.clone()));
    head::title(text.title(order.number));
    head::no_index();
    view! {
        {(!status.is_final()).then(|| view! {
            <noscript inner_html="<meta http-equiv=\"refresh\" content=\"5\">"></noscript>
            // For a browser that runs scripts, but not ours. Islands that woke call it off and ask
            // by themselves.
            <meta http-equiv="refresh" content="10"/>
        })}
        <div class="order">
            <h1>{text.title(order.number)}</h1>
            {notice.map(|message| view! { <p class="notice" role="alert">{message}</p> })}
            {is_test.then(|| view! {
                <p class="notice">{text.is_test()}</p>
            })}
            <data id=PAGE_DATA value=data hidden></data>
            <OrderStatusPanel/>
            {email.filter(|_| status == OrderStatus::Paid).map(|email| view! {
                <p class="hint">{text.paid_by(&email)}</p>
            })}
            {parcels}
            {downloads(delivery)}
            <OrderTable order/>
            {has_details.then(|| view! { <dl class="facts">{details}</dl> })}
            {(refunded.amount() > 0).then(|| view! {
                <p class="order-explained" translate="no">{text.refunded(refunded, total)}</p>
            })}
            {(coming.amount() > 0).then(|| view! {
                <p class="order-explained">{text.coming_back()}<span translate="no">{coming.to_string()}</span></p>
            })}
            {(status == OrderStatus::Pending).then(|| view! {
                <form action="/api/cancel_order" method="post">
                    <input type="hidden" name="token" value=cancel_token/>
                    <button class="button is-quiet">{text.cancel()}</button>
                </form>
            })}
            <p class="hint">{text.keep_address()}</p>
            <p><a class="button is-quiet" href="/products">{text.back_to_store()}</a></p>
        </div>
    }
}

/// The notice about canceling, if that is what the browser comes from.
fn notice(text: OrderText, status: OrderStatus) -> Option<&'static str> {
    match (request::query_param("cancel")?.as_str(), status) {
        ("done", OrderStatus::Expired) => Some(text.canceled()),
        ("refused", OrderStatus::Pending) => Some(text.cancel_failed()),
        ("refused", _) => Some(text.cancel_too_late()),
        _ => None,
    }
}

/// Ends an order that is not paid yet, and shows it.
#[server(prefix = "/api", endpoint = "cancel_order")]
pub async fn cancel_order(#[server(default)] token: String) -> Result<(), ActionError> {
    let token = OrderToken::parse(&token).map_err(|_| ActionError::NotFound)?;
    let outcome = match shop::orders::cancel(&request::shop(), &token).await {
        Ok(()) => "done",
        Err(CancelError::NotOpen) => "refused",
        Err(CancelError::NotFound) => return Err(ActionError::NotFound),
        Err(CancelError::Failed(error)) => {
            response::unavailable(&error);
            "refused"
        }
    };
    response::see_other(&format!("/orders/{token}?cancel={outcome}"));
    Ok(())
}

/// The parcels of an order and what each holds, or that it is being packed.
fn parcels(text: OrderText, order: &Order, state: ShippingState) -> Option<AnyView> {
    if state == ShippingState::Nothing {
        return None;
    }
    let parcels = order.parcels.iter().enumerate();
    let parcels = parcels.map(|(index, parcel)| {
        let heading = text.parcel(index.saturating_add(1));
        let content = parcel.pieces.iter().filter_map(|pieces| {
            let line = order
                .lines
                .iter()
                .find(|line| line.variant == pieces.variant)?;
            let name = line_name(&line.title, &line.options);
            Some(view! { <li>{format!("{} × ", pieces.quantity)}<bdi>{name}</bdi></li> })
        });
        let content = content.collect_view();
        view! {
            <h3>{heading}</h3>
            <p class="order-explained" dir="auto">{shipped(text, parcel)}</p>
            <ul class="parcel-content">{content}</ul>
        }
    });
    Some(
        view! {
            <section class="order-parcels" aria-labelledby="shipping">
                <h2 id="shipping">{text.shipping()}</h2>
                <p class="order-explained" data-shipping=state.as_str()>{text.shipping_explained(state)}</p>
                {parcels.collect_view()}
            </section>
        }
        .into_any(),
    )
}

fn shipped(text: OrderText, parcel: &Parcel) -> AnyView {
    let how = text.shipped(parcel.carrier.as_deref());
    let arrived = parcel
        .delivered_at
        .map(|_| format!(" {}", text.delivered()));
    let Some(number) = parcel.tracking_number.clone() else {
        return view! { {how}{arrived} }.into_any();
    };
    match parcel.tracking_url() {
        Some(url) => view! {
            {how}{text.tracking_number()}<a href=url rel="noreferrer" translate="no">{number}</a>{arrived.map(|arrived| format!(".{arrived}"))}
        }
        .into_any(),
        None => {
            let arrived = arrived.map(|arrived| format!(".{arrived}")).unwrap_or_default();
            format!("{how}{}{number}{arrived}", text.tracking_number()).into_any()
        }
    }
}
