use leptos_router::location::Url;
use shop::Shop;
use shop::admin::{
    Admin, CsrfProof, DEVICE_SECONDS, FormError, SESSION_SECONDS, SessionToken, SignInError,
    SignedIn, authorize_form,
};

use crate::context::{
    self, Reader, cookie, cookie_of, cookies, host_cookie, see_other, set_cookie, shop, unavailable,
};
use crate::error::ActionError;

/// Sending e-mails that wait.
mod emails;
/// Deciding about flagged orders.
mod flag;
/// Ending open orders.
mod holds;
/// Giving money back.
mod refund;
/// Marking orders as shipped.
mod shipping;

pub(crate) use emails::send_again;
pub(crate) use flag::{LONGEST_NOTE as LONGEST_FLAG_NOTE, resolve_flag};
pub(crate) use holds::release;
pub(crate) use refund::{
    LONGEST_NOTE, Problem, RefundForm, Review, refund, review_of_query, typed_amount,
};
pub(crate) use shipping::{LONGEST as LONGEST_CARRIER, ship};

/// The cookie that holds the session token in the owner's browser; over https with `__Host-` before it.
const SESSION_COOKIE: &str = "admin_session";

/// The cookie of a browser that the owner has signed in from, in the same way.
const DEVICE_COOKIE: &str = "admin_device";

/// The session token among the cookies of a request.
pub fn session_token(shop: &Shop, cookies: &str) -> Option<SessionToken> {
    cookie_of(cookies, &host_cookie(shop, SESSION_COOKIE)).map(SessionToken::from_cookie)
}

/// What every form of the owner's carries beside its fields.
pub(crate) struct OrderForm {
    /// The order that it changes.
    pub(crate) number: i64,
    /// Proof that a page of ours gave the form to this session.
    pub(crate) csrf_token: String,
}

/// The owner, if this request is theirs.
pub(crate) async fn current() -> Result<Option<Admin>, shop::Error> {
    let shop = shop();
    match session_token(&shop, &cookies()) {
        Some(token) => shop::admin::authorize(&shop, &token).await,
        None => Ok(None),
    }
}

/// The CSRF token of this session for the forms of an order.
pub(crate) fn csrf_token(number: i64) -> String {
    session().map_or_else(String::new, |session| {
        shop::admin::csrf_token(&shop(), &session, number)
    })
}

/// The session token of this request.
fn session() -> Option<SessionToken> {
    session_token(&shop(), &cookies())
}

impl OrderForm {
    /// Reads what a form of the owner's says.
    pub(crate) fn read(number: &str, csrf_token: String) -> Result<Self, ActionError> {
        Ok(Self {
            number: number.parse().map_err(|_| ActionError::BadRequest)?,
            csrf_token,
        })
    }

    /// The permission to change the order. Without a session the browser goes to the sign-in page and from there to
    /// `typed`, the page with what was typed; with a form from before this session to `stale`. It is `None` then.
    async fn authorize(&self, typed: &str, stale: &str) -> Result<Option<CsrfProof>, ActionError> {
        let Some(session) = session() else {
            see_other(&sign_in_page(None, Some(typed)));
            return Ok(None);
        };
        match authorize_form(&shop(), &session, self.number, &self.csrf_token).await {
            Ok(csrf) => Ok(Some(csrf)),
            Err(FormError::SignedOut) => {
                see_other(&sign_in_page(None, Some(typed)));
                Ok(None)
            }
            // What no page of ours can have sent.
            Err(FormError::InvalidToken) if self.csrf_token.is_empty() => {
                Err(ActionError::Forbidden)
            }
            Err(FormError::InvalidToken) => {
                see_other(stale);
                Ok(None)
            }
            Err(FormError::Failed(error)) => Err(unavailable(&error)),
        }
    }
}

/// Where the owner comes to after signing in, unless they were on their way elsewhere.
const FIRST_PAGE: &str = "/admin/orders";

/// The longest way that is kept for after signing in, in bytes.
const LONGEST_NEXT: usize = 8 * 1024;

/// The address of the sign-in page, with a notice and with the page to go to afterwards.
pub fn sign_in_page(notice: Option<&str>, next: Option<&str>) -> String {
    let next = next.filter(|next| own_page(next).is_some() && *next != FIRST_PAGE);
    let parts = [("notice", notice), ("next", next)];
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

/// A page of the owner's side, if `next` is one. Nothing else is gone to because an address or a form says so.
pub(crate) fn own_page(next: &str) -> Option<&str> {
    let is_plain = next
        .bytes()
        .all(|byte| byte.is_ascii_graphic() && byte != b'\\');
    let is_own = next.starts_with("/admin/") && !next.starts_with("/admin/login");
    (is_own && is_plain && next.len() <= LONGEST_NEXT).then_some(next)
}

/// Signs in and goes to `next` or the orders, or back to the form with the reason.
pub(crate) async fn sign_in(password: &str, next: &str) -> Result<(), ActionError> {
    let shop = shop();
    let device_cookie = host_cookie(&shop, DEVICE_COOKIE);
    let device = cookie(&device_cookie);
    match shop::admin::sign_in(&shop, password, context::client(), device.as_deref()).await {
        Ok(SignedIn { token, device }) => {
            let session_cookie = host_cookie(&shop, SESSION_COOKIE);
            for (name, value, seconds) in [
                (session_cookie, token.expose(), SESSION_SECONDS),
                (device_cookie, &device, DEVICE_SECONDS),
            ] {
                set_cookie(&name, value, seconds, Reader::Server, "Strict");
            }
            see_other(own_page(next).unwrap_or(FIRST_PAGE));
        }
        Err(SignInError::WrongPassword) => see_other(&sign_in_page(Some("wrong"), Some(next))),
        Err(SignInError::TooMany { .. }) => see_other(&sign_in_page(Some("wait"), Some(next))),
        Err(SignInError::TooManyEverywhere { .. }) => {
            see_other(&sign_in_page(Some("busy"), Some(next)))
        }
        Err(SignInError::Failed(shop::Error::Busy)) => return Err(context::busy(5)),
        Err(SignInError::Failed(error)) => return Err(unavailable(&error)),
    }
    Ok(())
}

/// Signs out and goes to the store.
pub(crate) async fn sign_out() -> Result<(), ActionError> {
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

#[cfg(test)]
mod tests {
    use super::{own_page, sign_in_page};

    #[test]
    fn page_after_signing_in_is_one_of_the_owners() {
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
    fn sign_in_page_keeps_where_the_owner_was_going() {
        assert_eq!(sign_in_page(None, None), "/admin/login");
        assert_eq!(sign_in_page(None, Some("/admin/orders")), "/admin/login");
        assert_eq!(sign_in_page(None, Some("//evil.example")), "/admin/login");
        assert_eq!(
            sign_in_page(Some("wrong"), Some("/admin/orders/1?a=b&c")),
            "/admin/login?notice=wrong&next=%2Fadmin%2Forders%2F1%3Fa%3Db%26c"
        );
    }
}
