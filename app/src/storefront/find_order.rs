use http::StatusCode;
use leptos::prelude::*;
use shop::lookup::LookupError;
use url::form_urlencoded;

use crate::components::{head, page};
use crate::request::{self, client, shop};
use crate::response;

/// The form of a shopper who has lost the link to an order, as typed.
#[derive(Clone, Default)]
pub struct FindOrderForm {
    number: String,
    email: String,
}

/// The problems of the form: for the number, for the e-mail, and for all of it.
#[derive(Default)]
struct Problems {
    number: Option<&'static str>,
    email: Option<&'static str>,
    notice: Option<String>,
}

impl FindOrderForm {
    /// Reads the body of the form.
    pub fn parse(body: &[u8]) -> Self {
        let mut form = Self::default();
        for (name, value) in form_urlencoded::parse(body) {
            match name.as_ref() {
                "number" => form.number = value.into_owned(),
                "email" => form.email = value.into_owned(),
                _ => {}
            }
        }
        form
    }
}

/// Sends the link to an order by e-mail.
#[component]
pub fn FindOrderPage() -> impl IntoView {
    let form = use_context::<FindOrderForm>();
    page(async move {
        let is_posted = form.is_some();
        let form = form.unwrap_or_default();
        let mut problems = Problems::default();
        if is_posted {
            problems = match send(&form).await? {
                Some(problems) => problems,
                None => {
                    response::see_other("/orders/find?sent=yes");
                    return Ok(().into_any());
                }
            };
        }
        Ok(find_view(form, problems).into_any())
    })
}

/// Asks for the link; what is wrong with the form, if anything is.
async fn send(form: &FindOrderForm) -> Result<Option<Problems>, shop::Error> {
    let text = request::text().order();
    let digits: String = form.number.chars().filter(char::is_ascii_digit).collect();
    let number = digits.parse().ok();
    let email = shop::mail::normalized(&form.email);
    let (Some(number), Some(email)) = (number, &email) else {
        response::set_status(StatusCode::UNPROCESSABLE_ENTITY);
        return Ok(Some(Problems {
            number: number.is_none().then(|| text.enter_number()),
            email: email.is_none().then(|| text.enter_email()),
            notice: None,
        }));
    };
    match shop::lookup::send_link(&shop(), client(), number, email).await {
        Ok(()) => Ok(None),
        Err(LookupError::Limited { seconds }) => {
            response::too_many_requests(seconds);
            let notice = text.asked_too_often(seconds);
            Ok(Some(Problems {
                notice: Some(notice),
                ..Problems::default()
            }))
        }
        Err(LookupError::Failed(error)) => Err(error),
    }
}

fn find_view(form: FindOrderForm, problems: Problems) -> impl IntoView {
    let is_sent = request::query_param("sent").is_some();
    let has_problem = problems.number.is_some() || problems.email.is_some();
    let text = request::text().order();
    head::title(if has_problem {
        text.find_error()
    } else {
        text.find()
    });
    head::no_index();
    let field = |name: &'static str, problem: Option<&'static str>| {
        let id = format!("{name}-problem");
        let described = problem.map(|_| id.clone());
        let view = problem.map(|problem| view! { <p class="field-problem" id=id>{problem}</p> });
        (described, problem.map(|_| "true"), view)
    };
    let number = field("number", problems.number);
    let email = field("email", problems.email);
    view! {
        <section class="find-order">
            <h1>{text.find()}</h1>
            {is_sent.then(|| view! { <p class="notice is-good" role="status">{text.link_sent()}</p> })}
            {problems.notice.map(|notice| view! { <p class="notice" role="alert">{notice}</p> })}
            <p>{text.find_explained()}</p>
            <form action="/orders/find" method="post" novalidate>
                <div class="field">
                    <label for="number">{text.number()}</label>
                    <input
                        id="number"
                        name="number"
                        type="text"
                        inputmode="numeric"
                        autocomplete="off"
                        required
                        autofocus=problems.number.is_some()
                        value=form.number
                        aria-describedby=number.0
                        aria-invalid=number.1
                    />
                    {number.2}
                </div>
                <div class="field">
                    <label for="email">{text.email()}</label>
                    <input
                        id="email"
                        name="email"
                        type="email"
                        inputmode="email"
                        autocomplete="email"
                        required
                        autofocus=problems.number.is_none() && problems.email.is_some()
                        value=form.email
                        aria-describedby=email.0
                        aria-invalid=email.1
                    />
                    {email.2}
                </div>
                <button class="button">{text.send_link()}</button>
            </form>
        </section>
    }
}
