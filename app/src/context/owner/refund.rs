use domain::id::RefundId;
use domain::money::{Locale, Money};
use domain::order::{Order, RefundRequest};
use shop::refunds::IssueError;

use super::{OrderForm, session};
use crate::context::{query_param, see_other, shop, unavailable};
use crate::error::ActionError;

/// What the owner typed.
mod form;
/// What was wrong with it.
mod problem;

pub(crate) use form::{LONGEST_NOTE, RefundForm};
pub(crate) use problem::Problem;

/// A refund that the owner is asked about before any money moves.
pub(crate) struct Review {
    /// What would be refunded.
    pub(crate) request: RefundRequest,
    /// How much.
    pub(crate) amount: Money,
    /// What could still be refunded afterwards.
    pub(crate) left: Money,
    /// The price of the chosen pieces, when the owner typed another amount.
    pub(crate) price_of_pieces: Option<Money>,
    /// The order's page with what was typed.
    pub(crate) back: String,
}

/// Refunds what the owner was shown, or shows what would be refunded. `shown` is the amount that the owner was asked
/// about, in minor units; without it, or when it is another now, nothing moves and the browser goes to the page that asks.
pub(crate) async fn refund(
    target: &OrderForm,
    form: RefundForm,
    shown: &str,
) -> Result<(), ActionError> {
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

/// What the page that asks shows, or the page to go to instead: a link from elsewhere never leads to a button that moves
/// money, only to the form.
pub(crate) fn review_of_query(order: &Order) -> Result<(Review, RefundForm), String> {
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
    let price_of_pieces = if request.lines.is_empty() || request.amount.is_none() {
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
pub(crate) fn typed_amount(amount: Money) -> String {
    amount.number(Locale::default())
}
