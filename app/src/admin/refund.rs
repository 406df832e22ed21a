// An argument of a server function is a field of its form.
#![allow(clippy::too_many_arguments)]

use domain::id::RefundId;
use domain::money::{Locale, Money};
use domain::order::{Order, RefundRequest};
use leptos::prelude::*;
use shop::refunds::IssueError;
use text::RefundText;
use ui::error::ActionError;

use super::admin_page;
use super::order_form::OrderForm;
use super::session::{OrderTarget, session};
use crate::components::{head, not_found};
use crate::request::{self, query_param, shop};
use crate::response::{self, see_other, unavailable};

/// The refund form as typed.
mod form;
/// The problems of the form.
mod problem;

pub(super) use form::{LONGEST_NOTE, PiecesForm, RefundForm};
pub(super) use problem::Problem;

/// A refund that the admin is asked about before any money moves.
struct Review {
    /// The refund as it would be requested.
    request: RefundRequest,
    /// The amount.
    amount: Money,
    /// The amount that could still be refunded afterwards.
    left: Money,
    /// The price of the chosen pieces, when the admin typed another amount.
    price_of_pieces: Option<Money>,
    /// The order's page with what was typed.
    back: String,
}

/// Asks the admin before money goes back: how much, to whom, and what is left. It has one button
/// and no field, so that no key but the one on the button moves money.
#[component]
pub fn AdminRefundPage() -> impl IntoView {
    let shop = request::shop();
    let number = request::path_param("number");
    admin_page(move |admin| async move {
        let Ok(number) = number.parse() else {
            return Ok(not_found());
        };
        let Some(order) = shop::orders::by_number(&shop, &admin, number).await? else {
            return Ok(not_found());
        };
        Ok(match review_of_query(&order) {
            Ok((review, form)) => question(&order, &review, form).into_any(),
            Err(elsewhere) => {
                response::see_other(&elsewhere);
                ().into_any()
            }
        })
    })
}

fn question(order: &Order, review: &Review, form: RefundForm) -> impl IntoView + use<> {
    let number = order.number;
    let amount = review.amount;
    let text = request::text().refund();
    head::title(text.page_title(number));
    let to = text.paid_back_to(order.email.as_deref());
    let pieces = pieces(text, order, review);
    let shipping = order.refundable_shipping();
    let shipping = shipping.filter(|_| review.request.with_shipping);
    let price_of_pieces = review.price_of_pieces.map(|price| {
        view! {
            <p class="notice" role="alert">{text.other_amount(price, amount)}</p>
        }
    });
    let reason = text.refund_reason(review.request.reason);
    let note = review.request.note.clone();
    let left = request::text().admin_order();
    let left = left.part_of(review.left, order.total);
    let back = review.back.clone();
    view! {
        <h1>{text.question(amount)}</h1>
        {price_of_pieces}
        <dl class="facts">
            <dt>{text.amount()}</dt>
            <dd>{amount.to_string()}</dd>
            <dt>{text.to()}</dt>
            <dd>{to}</dd>
            <dt>{text.order()}</dt>
            <dd>{number}</dd>
            {pieces}
            {shipping.map(|paid| view! { <dt>{text.delivery()}</dt><dd>{paid.to_string()}</dd> })}
            <dt>{text.reason()}</dt>
            <dd>{reason}</dd>
            {note.map(|note| view! { <dt>{text.note()}</dt><dd>{note}</dd> })}
            <dt>{text.left_afterwards()}</dt>
            <dd>{left}</dd>
        </dl>
        <OrderForm action="/api/refund_order" number>
            <input type="hidden" name="decision" value=form.decision/>
            <input type="hidden" name="amount" value=typed_amount(amount)/>
            <input type="hidden" name="shown" value=amount.amount().to_string()/>
            <input type="hidden" name="reason" value=form.reason/>
            <input type="hidden" name="note" value=form.note/>
            {form.with_shipping.then(|| view! { <input type="hidden" name="shipping" value="yes"/> })}
            {form.pieces.into_iter().enumerate().map(|(index, pieces)| {
                let name = move |field: &str| format!("pieces[{index}][{field}]");
                view! {
                    <input type="hidden" name=name("variant") value=pieces.variant/>
                    <input type="hidden" name=name("quantity") value=pieces.quantity/>
                    <input type="hidden" name=name("restocked") value=pieces.restocked/>
                }
            }).collect_view()}
            <button class="button">{text.refund_amount(amount)}</button>
        </OrderForm>
        <p><a href=back>{text.change_it()}</a></p>
    }
}

/// The chosen pieces, and how many of them go back on the shelf.
fn pieces(text: RefundText, order: &Order, review: &Review) -> impl IntoView + use<> {
    let chosen: Vec<_> = review
        .request
        .lines
        .iter()
        .filter_map(|chosen| {
            let line = order
                .lines
                .iter()
                .find(|line| line.variant == chosen.variant)?;
            Some(text.chosen_pieces(
                chosen.quantity,
                &line.title,
                &line.options,
                chosen.restocked,
            ))
        })
        .collect();
    (!chosen.is_empty()).then(|| {
        view! {
            <dt>{text.pieces()}</dt>
            {chosen.into_iter().map(|pieces| view! { <dd>{pieces}</dd> }).collect_view()}
        }
    })
}

/// Refunds what the admin was shown, or shows what would be refunded. `shown` is the amount that
/// the admin was asked about, in minor units; without it, or when it is another now, nothing moves
/// and the browser goes to the page that asks.
///
/// `decision` makes a second click the same refund; `offered` is what the field of the amount held
/// before the admin typed.
#[server(prefix = "/api", endpoint = "refund_order")]
pub async fn refund_order(
    #[server(default)] number: String,
    #[server(default)] csrf_token: String,
    #[server(default)] decision: String,
    #[server(default)] amount: String,
    #[server(default)] offered: String,
    #[server(default)] shown: String,
    #[server(default)] reason: String,
    #[server(default)] note: String,
    #[server(default)] pieces: Vec<PiecesForm>,
    #[server(default)] shipping: String,
) -> Result<(), ActionError> {
    let target = OrderTarget::parse(&number, csrf_token)?;
    let form = RefundForm {
        decision,
        amount,
        offered,
        reason,
        note,
        pieces,
        with_shipping: !shipping.is_empty(),
    };
    let number = target.number;
    let Some(csrf) = target
        .authorize(
            &typed_page(number, &form),
            &back(number, &form, Problem::Stale),
        )
        .await?
    else {
        return Ok(());
    };
    let decision = RefundId::parse(&form.decision).map_err(|_| ActionError::BadRequest)?;
    let shop = shop();
    let order = shop::orders::by_number(&shop, csrf.admin(), number)
        .await
        .map_err(|error| unavailable(&error))?
        .ok_or(ActionError::NotFound)?;
    if is_decided(&order, &decision) {
        see_other(&result_page(number, &decision));
        return Ok(());
    }
    let review = match review(&order, &form) {
        Ok(review) => review,
        Err(problem) => {
            see_other(&back(number, &form, problem));
            return Ok(());
        }
    };
    if shown != review.amount.amount().to_string() {
        let code = review_code(number, &form);
        let query = form.query();
        see_other(&format!(
            "/admin/orders/{number}/refund?{query}&review={code}"
        ));
        return Ok(());
    }
    match shop::refunds::issue(&shop, &csrf, &review.request).await {
        Ok(_) => see_other(&result_page(number, &decision)),
        Err(IssueError::NotFound) => return Err(ActionError::NotFound),
        Err(IssueError::NotAllowed(error)) => {
            see_other(&back(number, &form, Problem::of(&error)));
        }
        Err(IssueError::Failed(error)) => return Err(unavailable(&error)),
    }
    Ok(())
}

/// The refund that the page asks about, or the page to go to instead: a link from elsewhere never
/// leads to a button that moves money, only to the form.
fn review_of_query(order: &Order) -> Result<(Review, RefundForm), String> {
    let form = RefundForm::from_query();
    let number = order.number;
    let is_ours = query_param("review").is_some_and(|code| {
        session().is_some_and(|session| {
            shop::admin::is_review_code(&shop(), &session, number, &form.query(), &code)
        })
    });
    if !is_ours {
        return Err(typed_page(number, &form));
    }
    if let Ok(decision) = RefundId::parse(&form.decision)
        && is_decided(order, &decision)
    {
        return Err(result_page(number, &decision));
    }
    match review(order, &form) {
        Ok(review) => Ok((review, form)),
        Err(problem) => Err(back(number, &form, problem)),
    }
}

/// Tries the refund on a copy of the order.
fn review(order: &Order, form: &RefundForm) -> Result<Review, Problem> {
    let id = RefundId::parse(&form.decision).map_err(|_| Problem::NotAllowed)?;
    let mut request = form.read(id, order.total.currency())?;
    let amount = try_on_copy(order, &request)?;
    let is_for_nothing = request.lines.is_empty() && !request.with_shipping;
    let price_of_pieces = if is_for_nothing || request.amount.is_none() {
        None
    } else {
        let priced = RefundRequest {
            amount: None,
            ..request.clone()
        };
        try_on_copy(order, &priced)
            .ok()
            .filter(|price| *price != amount)
    };
    request.amount = Some(amount);
    let left = order
        .refundable()
        .checked_sub(amount)
        .map_err(|_| Problem::NotAnAmount)?;
    Ok(Review {
        request,
        amount,
        left,
        price_of_pieces,
        back: typed_page(order.number, form),
    })
}

fn try_on_copy(order: &Order, request: &RefundRequest) -> Result<Money, Problem> {
    let mut copy = order.clone();
    copy.request_refund(request.clone(), order.created_at)
        .map_err(|error| Problem::of(&error))?;
    let decided = copy.refunds.last().map(|refund| refund.amount);
    decided.ok_or(Problem::NotAllowed)
}

fn is_decided(order: &Order, decision: &RefundId) -> bool {
    order.refunds.iter().any(|refund| refund.id == *decision)
}

fn review_code(number: i64, form: &RefundForm) -> String {
    session().map_or_else(String::new, |session| {
        shop::admin::review_code(&shop(), &session, number, &form.query())
    })
}

/// The order's page, with what was typed in its form.
fn typed_page(number: i64, form: &RefundForm) -> String {
    format!("/admin/orders/{number}?{}#refund", form.query())
}

/// The order's page, with what is wrong and what was typed.
fn back(number: i64, form: &RefundForm, problem: Problem) -> String {
    let query = form.query();
    format!(
        "/admin/orders/{number}?problem={}&{query}#result",
        problem.as_str()
    )
}

/// The order's page, with what became of a decision.
fn result_page(number: i64, decision: &RefundId) -> String {
    format!("/admin/orders/{number}?refund={decision}#result")
}

/// An amount as a field of the form holds it.
pub(super) fn typed_amount(amount: Money) -> String {
    amount.number(Locale::default())
}
