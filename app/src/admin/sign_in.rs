use leptos::prelude::*;
use leptos_router::location::Url;
use shop::admin::{DEVICE_SECONDS, SESSION_SECONDS, SignInError, SignedIn};
use text::AdminText;
use ui::error::ActionError;

use super::session::{SESSION_COOKIE, session_token};
use crate::components::head;
use crate::request::{self, client, cookie, cookies, host_cookie, shop};
use crate::response::{self, Reader, busy, see_other, set_cookie, unavailable};

/// The notice about a sign-in that did not work.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SignInNotice {
    /// The password is another.
    WrongPassword,
    /// This client tried too often.
    TooMany,
    /// All clients together try too often.
    TooManyEverywhere,
}

/// The cookie of a browser that the admin has signed in from; over https with `__Host-` before it.
const DEVICE_COOKIE: &str = "admin_device";

/// The page after signing in, unless the admin was on their way elsewhere.
const FIRST_PAGE: &str = "/admin/orders";

/// The longest way that is kept for after signing in, in bytes.
const LONGEST_NEXT: usize = 8 * 1024;

impl SignInNotice {
    const fn as_str(self) -> &'static str {
        match self {
            Self::WrongPassword => "wrong",
            Self::TooMany => "wait",
            Self::TooManyEverywhere => "busy",
        }
    }

    fn from_query() -> Option<Self> {
        let code = request::query_param("notice")?;
        [Self::WrongPassword, Self::TooMany, Self::TooManyEverywhere]
            .into_iter()
            .find(|notice| notice.as_str() == code)
    }

    /// The text for the admin: what to do about it. Says when another attempt is welcome.
    fn message(self, text: AdminText) -> &'static str {
        match self {
            Self::WrongPassword => text.wrong_password(),
            Self::TooMany => {
                response::too_many_requests(15 * 60);
                text.too_many_passwords()
            }
            Self::TooManyEverywhere => {
                response::too_many_requests(10);
                text.too_many_passwords_everywhere()
            }
        }
    }
}

/// The sign-in form of the admin.
#[component]
pub fn SignInPage() -> impl IntoView {
    let text = request::text().admin();
    let notice = SignInNotice::from_query().map(|notice| notice.message(text));
    let next = request::query_param("next").unwrap_or_default();
    let next = own_page(&next).map(str::to_owned);
    let [before_command, after_command] = text.forgotten();
    head::title(text.sign_in());
    head::no_index();
    view! {
        <section class="sign-in">
            <h1>{text.sign_in()}</h1>
            {notice.map(|message| view! { <p class="notice" role="alert">{message}</p> })}
            <form action="/api/sign_in" method="post">
                {next.map(|next| view! { <input type="hidden" name="next" value=next/> })}
                <label class="field">
                    <span>{text.password()}</span>
                    <input type="password" name="password" required autocomplete="current-password" autofocus/>
                </label>
                <button class="button is-wide">{text.sign_in()}</button>
            </form>
            <p class="hint">
                {before_command}<code>"storefront admin set-password"</code>{after_command}
            </p>
        </section>
    }
}

/// Signs the admin in and goes to `next` or the orders, or back to the form with the reason.
#[server(prefix = "/api", endpoint = "sign_in")]
pub async fn sign_in(
    #[server(default)] password: String,
    #[server(default)] next: String,
) -> Result<(), ActionError> {
    let shop = shop();
    let device_cookie = host_cookie(&shop, DEVICE_COOKIE);
    let device = cookie(&device_cookie);
    match shop::admin::sign_in(&shop, &password, client(), device.as_deref()).await {
        Ok(SignedIn { token, device }) => {
            let session_cookie = host_cookie(&shop, SESSION_COOKIE);
            for (name, value, seconds) in [
                (session_cookie, token.expose(), SESSION_SECONDS),
                (device_cookie, &device, DEVICE_SECONDS),
            ] {
                set_cookie(&name, value, seconds, Reader::Server, "Strict");
            }
            see_other(own_page(&next).unwrap_or(FIRST_PAGE));
        }
        Err(SignInError::WrongPassword) => see_other(&sign_in_page(
            Some(SignInNotice::WrongPassword),
            Some(&next),
        )),
        Err(SignInError::TooMany { .. }) => {
            see_other(&sign_in_page(Some(SignInNotice::TooMany), Some(&next)))
        }
        Err(SignInError::TooManyEverywhere { .. }) => see_other(&sign_in_page(
            Some(SignInNotice::TooManyEverywhere),
            Some(&next),
        )),
        Err(SignInError::Failed(shop::Error::Busy)) => return Err(busy(5)),
        Err(SignInError::Failed(error)) => return Err(unavailable(&error)),
    }
    Ok(())
}

/// Signs the admin out.
#[server(prefix = "/api", endpoint = "sign_out")]
pub async fn sign_out() -> Result<(), ActionError> {
    let shop = shop();
    if let Some(token) = session_token(&shop, &cookies()) {
        shop::admin::sign_out(&shop, &token)
            .await
            .map_err(|error| unavailable(&error))?;
    }
    let name = host_cookie(&shop, SESSION_COOKIE);
    set_cookie(&name, "", 0, Reader::Server, "Strict");
    see_other("/admin/login");
    Ok(())
}

/// The address of the sign-in page, with a notice and with the page to go to afterwards.
pub fn sign_in_page(notice: Option<SignInNotice>, next: Option<&str>) -> String {
    let next = next.filter(|next| own_page(next).is_some() && *next != FIRST_PAGE);
    let parts = [("notice", notice.map(SignInNotice::as_str)), ("next", next)];
    let query: Vec<String> = parts
        .iter()
        .filter_map(|(name, value)| Some(format!("{name}={}", Url::escape((*value)?))))
        .collect();
    if query.is_empty() {
        "/admin/login".to_owned()
    } else {
        format!("/admin/login?{}", query.join("&"))
    }
}

/// A page of the admin's side, if `next` is one. Nothing else is gone to because an address or a
/// form says so.
pub(crate) fn own_page(next: &str) -> Option<&str> {
    let is_plain = next
        .bytes()
        .all(|byte| byte.is_ascii_graphic() && byte != b'\\');
    let path = next.split(['?', '#']).next().unwrap_or_default();
    // A browser resolves `..`, also as `%2e%2e`, before it asks.
    let is_unambiguous = !path.contains("/.") && !path.contains("//") && !path.contains('%');
    let is_own = path.starts_with("/admin/") && !path.starts_with("/admin/login") && is_unambiguous;
    (is_own && is_plain && next.len() <= LONGEST_NEXT).then_some(next)
}

#[cfg(test)]
mod tests {
    use super::{SignInNotice, own_page, sign_in_page};

    #[test]
    fn page_after_signing_in_is_one_of_the_admins() {
        for next in [
            "/admin/orders",
            "/admin/orders/1001?amount=1.00&note=%3Cb%3E#refund",
            "/admin/events?page=1",
        ] {
            assert_eq!(own_page(next), Some(next));
        }
        for next in [
            "",
            "/",
            "/cart",
            "/admin",
            "/admin/login",
            "/admin/login?next=/admin/orders",
            "//evil.example/admin/",
            "/\\evil.example/admin/",
            "\\\\evil.example",
            "https://evil.example/admin/",
            "javascript:alert(1)//admin/",
            "%2fadmin/orders",
            "/admin/\\evil",
            "/admin/../cart",
            "/admin/%2e%2e/cart",
            "/admin//evil.example",
            "/admin/a\r\nset-cookie:a=b",
            "/admin/ a",
            "/admin/é",
            " /admin/orders",
        ] {
            assert_eq!(own_page(next), None, "{next}");
        }
        assert_eq!(own_page(&format!("/admin/{}", "x".repeat(9000))), None);
    }

    #[test]
    fn sign_in_page_keeps_where_the_admin_was_going() {
        assert_eq!(sign_in_page(None, None), "/admin/login");
        assert_eq!(sign_in_page(None, Some("/admin/orders")), "/admin/login");
        assert_eq!(sign_in_page(None, Some("//evil.example")), "/admin/login");
        assert_eq!(
            sign_in_page(
                Some(SignInNotice::WrongPassword),
                Some("/admin/orders/1?a=b&c")
            ),
            "/admin/login?notice=wrong&next=%2Fadmin%2Forders%2F1%3Fa%3Db%26c"
        );
    }
}
