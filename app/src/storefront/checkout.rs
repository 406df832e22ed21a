use domain::address::Country;
use domain::id::CartKey;
use leptos::prelude::*;
use shop::checkout::{
    Checkout, CheckoutError, CheckoutProblem, QuotedCheckout, needs_details, paid_with, quote,
};

use super::cart::{self, CartNotice};
use crate::components::{head, page};
use crate::request::{client, shop};
use crate::{request, response};

/// The fields of the form.
mod fields;
/// The form as typed.
mod form;
/// The form as the browser keeps it.
mod kept;
/// The problems of the form.
mod problems;
/// The summary beside the form.
mod summary;

pub use form::CheckoutForm;
pub(super) use kept::forget_order;

use form::Action;
use problems::Problems;

/// The checkout's path, which its form is posted to.
pub(crate) const PATH: &str = "/checkout";

/// The content of the page.
struct CheckoutPageData {
    form: CheckoutForm,
    quoted: QuotedCheckout,
    problems: Problems,
    /// A problem on the shop's side, or with the number of attempts.
    notice: Option<String>,
}

/// Address, delivery and code of a cart that has something to ship or to tax, and what it costs.
/// The form is posted to this page, which answers itself, so that nothing typed is in an address.
#[component]
pub fn CheckoutPage() -> impl IntoView {
    let form = use_context::<CheckoutForm>();
    page(async move {
        Ok(match answer(form).await? {
            Some(data) => checkout_view(data).into_any(),
            // The browser was sent elsewhere.
            None => ().into_any(),
        })
    })
}

/// Does what the form was sent for; `None` when that leads to another page.
async fn answer(sent: Option<CheckoutForm>) -> Result<Option<CheckoutPageData>, shop::Error> {
    if sent
        .as_ref()
        .is_some_and(|form| form.action == Action::Forget)
    {
        kept::forget();
        response::see_other(&format!("{PATH}?forgotten=yes"));
        return Ok(None);
    }
    let key = cart::ensure_key();
    // The cart's page says that it was paid, and takes out what was bought.
    if paid_with(&shop(), &key).await?.is_some()
        || !needs_details(&shop(), &cart::current()).await?
    {
        response::see_other(cart::PATH);
        return Ok(None);
    }
    let mut form = match sent {
        Some(form) => {
            kept::save(&form);
            return answer_sent(form, &key).await;
        }
        None => kept::load(),
    };
    if form.address.country.is_empty() {
        let country = request::country();
        form.address.country = country.map_or_else(String::new, |country| country.to_string());
    }
    let quoted = price(&form, &key).await?;
    Ok(shown(form, quoted, Problems::default(), None))
}

async fn answer_sent(
    form: CheckoutForm,
    key: &CartKey,
) -> Result<Option<CheckoutPageData>, shop::Error> {
    let quoted = price(&form, key).await?;
    if form.action != Action::Pay {
        return Ok(shown(form, quoted, Problems::default(), None));
    }
    let text = request::text().checkout();
    let currency = quoted.quote.total.currency();
    let details = match form.details(text, quoted.needs_delivery, currency) {
        Ok(details) => details,
        Err(mut problems) => {
            problems.add_quoted(text, &quoted.problems, quoted.quote.total);
            return Ok(shown(form, quoted, problems, None));
        }
    };
    let (cart, seen) = (cart::current(), cart::seen());
    let started = shop::checkout::start(&shop(), &cart, &seen, key, client(), Some(&details)).await;
    let error = match started {
        Ok(Checkout::Pay { url }) => {
            response::see_other(&url);
            return Ok(None);
        }
        Ok(Checkout::AlreadyPaid { token } | Checkout::Free { token }) if cart::has_access(key) => {
            response::see_other(&cart::order_path(&token));
            return Ok(None);
        }
        Ok(Checkout::AlreadyPaid { .. } | Checkout::Free { .. } | Checkout::AskDetails) => {
            response::see_other(cart::PATH);
            return Ok(None);
        }
        Err(error) => error,
    };
    let mut found = Problems::default();
    let quoted = price(&form, key).await?;
    let notice = match &error {
        CheckoutError::Problems(problems) => {
            if problems.contains(&CheckoutProblem::CartChanged) {
                response::see_other(&CartNotice::NeedsReview.path());
                return Ok(None);
            }
            found.add_quoted(text, problems, quoted.quote.total);
            None
        }
        CheckoutError::EmptyCart | CheckoutError::NeedsReview => {
            response::see_other(&CartNotice::of(&error).path());
            return Ok(None);
        }
        CheckoutError::BelowMinimum { minimum } => {
            let problem = CheckoutProblem::BelowMinimum { minimum: *minimum };
            found.add_quoted(text, &[problem], quoted.quote.total);
            None
        }
        CheckoutError::AboveMaximum { maximum } => {
            let problem = CheckoutProblem::AboveMaximum { maximum: *maximum };
            found.add_quoted(text, &[problem], quoted.quote.total);
            None
        }
        CheckoutError::Limited(_) => message(&error, &quoted),
        CheckoutError::Failed(failure) => {
            response::unavailable(failure);
            response::set_status(http::StatusCode::SERVICE_UNAVAILABLE);
            message(&error, &quoted)
        }
    };
    Ok(shown(form, quoted, found, notice))
}

/// The notice of the cart's page about an error.
fn message(error: &CheckoutError, quoted: &QuotedCheckout) -> Option<String> {
    CartNotice::of(error).message(request::text().cart(), quoted.quote.total)
}

async fn price(form: &CheckoutForm, key: &CartKey) -> Result<QuotedCheckout, shop::Error> {
    let (cart, seen) = (cart::current(), cart::seen());
    quote(&shop(), &cart, &seen, Some(key), &form.quote_request()).await
}

/// The page, or the cart's when that has something to say first.
fn shown(
    form: CheckoutForm,
    quoted: QuotedCheckout,
    problems: Problems,
    notice: Option<String>,
) -> Option<CheckoutPageData> {
    if quoted.problems.contains(&CheckoutProblem::EmptyCart) {
        response::see_other(cart::PATH);
        return None;
    }
    if quoted.problems.contains(&CheckoutProblem::CartChanged) {
        response::see_other(&CartNotice::NeedsReview.path());
        return None;
    }
    problems.set_status();
    Some(CheckoutPageData {
        form,
        quoted,
        problems,
        notice,
    })
}

fn checkout_view(data: CheckoutPageData) -> impl IntoView {
    let CheckoutPageData {
        form,
        quoted,
        problems,
        notice,
    } = data;
    let text = request::text().checkout();
    head::title(if problems.is_empty() {
        text.title()
    } else {
        text.title_error()
    });
    head::no_index();
    let is_forgotten = request::query_param("forgotten").is_some();
    // What is in the way is said at its place at once, and listed once it was paid for.
    let mut at_place = problems.clone();
    at_place.add_quoted(text, &quoted.problems, quoted.quote.total);
    let country = form.country().map(|country: Country| country.to_string());
    view! {
        <h1>{text.title()}</h1>
        <p class="checkout-back"><a href=cart::PATH>{text.back_to_cart()}</a></p>
        {is_forgotten.then(|| view! { <p class="notice is-good" role="status">{text.forgotten()}</p> })}
        <div data-part="notices">
            {notice.map(|notice| view! { <p class="notice" id="notice" role="alert">{notice}</p> })}
            {(!problems.is_empty()).then(|| error_summary(&problems))}
        </div>
        <p class="visually-hidden" id="checkout-said" role="status"></p>
        <form
            class="checkout"
            id="checkout-form"
            action=PATH
            method="post"
            novalidate
            data-country=country
            data-failed=text.totals_failed()
        >
            <div class="checkout-fields">{fields::view(&form, &quoted, &at_place)}</div>
            {summary::view(&form, &quoted, &at_place)}
        </form>
        <form class="checkout-kept" action=PATH method="post">
            <p class="hint">{text.is_kept()}</p>
            <button class="link" name="action" value="forget">{text.forget()}</button>
        </form>
    }
}

/// The problems in one list, each a link to its field. It has the focus when the page comes.
fn error_summary(problems: &Problems) -> impl IntoView + use<> {
    let heading = request::text().checkout().problems(problems.len());
    let links: Vec<_> = problems
        .iter()
        .map(|problem| {
            let address = format!("#{}", problem.target.id());
            let message = problem.message.clone();
            view! { <li><a href=address>{message}</a></li> }
        })
        .collect();
    view! {
        <section class="notice is-bad" id="notice" tabindex="-1" autofocus aria-labelledby="notice-heading">
            <h2 id="notice-heading">{heading}</h2>
            <ul>{links}</ul>
        </section>
    }
}
