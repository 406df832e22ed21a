use shop::Shop;
use shop::admin::{Admin, CsrfProof, FormError, SessionToken, authorize_form};
use ui::error::ActionError;

use super::sign_in::sign_in_page;
use crate::request::{cookie_of, cookies, host_cookie, shop};
use crate::response::{see_other, unavailable};

/// The cookie that holds the session token in the admin's browser; over https with `__Host-` before
/// it.
pub(super) const SESSION_COOKIE: &str = "admin_session";

/// The session token among the cookies of a request.
pub fn session_token(shop: &Shop, cookies: &str) -> Option<SessionToken> {
    cookie_of(cookies, &host_cookie(shop, SESSION_COOKIE)).map(SessionToken::from_cookie)
}

/// The order number and the CSRF token of an admin form.
pub(super) struct OrderTarget {
    /// The order that it changes.
    pub(super) number: i64,
    /// Proof that a page of ours gave the form to this session.
    pub(super) csrf_token: String,
}

/// The admin, if this request is theirs.
pub(super) async fn current() -> Result<Option<Admin>, shop::Error> {
    let shop = shop();
    match session_token(&shop, &cookies()) {
        Some(token) => shop::admin::authorize(&shop, &token).await,
        None => Ok(None),
    }
}

/// The CSRF token of this session for the forms of an order.
pub(super) fn csrf_token(number: i64) -> String {
    session().map_or_else(String::new, |session| {
        shop::admin::csrf_token(&shop(), &session, number)
    })
}

/// The session token of this request.
pub(super) fn session() -> Option<SessionToken> {
    session_token(&shop(), &cookies())
}

impl OrderTarget {
    /// Parses what a form of the admin's says.
    pub(super) fn parse(number: &str, csrf_token: String) -> Result<Self, ActionError> {
        Ok(Self {
            number: number.parse().map_err(|_| ActionError::BadRequest)?,
            csrf_token,
        })
    }

    /// The permission to change the order. Without a session the browser goes to the sign-in page
    /// and from there to `typed`, the page with what was typed; with a form from before this
    /// session to `stale`. It is `None` then.
    pub(super) async fn authorize(
        &self,
        typed: &str,
        stale: &str,
    ) -> Result<Option<CsrfProof>, ActionError> {
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
