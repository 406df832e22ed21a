use shop::Shop;
use shop::admin::{
    Admin, DEVICE_SECONDS, FormError, OrderPermit, SESSION_SECONDS, SessionToken, SignInError,
    SignedIn, authorize_form,
};

use crate::context::{
    self, Reader, cookie, cookie_of, cookies, host_cookie, see_other, set_cookie, shop, unavailable,
};
use crate::error::ActionError;

/// Giving money back.
mod refund;
/// Marking orders as shipped.
mod shipping;

pub(crate) use refund::{LONGEST_NOTE, Problem, RefundForm, refund};
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

    /// The permission to change the order. Without a session, or with a form from before this one, the browser is sent
    /// back (`None`): `back` is the page with what was typed.
    async fn authorize(&self, back: &str) -> Result<Option<OrderPermit>, ActionError> {
        let Some(session) = session() else {
            see_other("/admin/login");
            return Ok(None);
        };
        match authorize_form(&shop(), &session, self.number, &self.csrf_token).await {
            Ok(permit) => Ok(Some(permit)),
            Err(FormError::SignedOut) => {
                see_other("/admin/login");
                Ok(None)
            }
            // What no page of ours can have sent.
            Err(FormError::InvalidToken) if self.csrf_token.is_empty() => {
                Err(ActionError::Forbidden)
            }
            Err(FormError::InvalidToken) => {
                see_other(back);
                Ok(None)
            }
            Err(FormError::Failed(error)) => Err(unavailable(&error)),
        }
    }
}

/// Signs in and goes to the orders, or back to the form with the reason.
pub(crate) async fn sign_in(password: &str) -> Result<(), ActionError> {
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
            see_other("/admin/orders");
        }
        Err(SignInError::WrongPassword) => see_other("/admin/login?notice=wrong"),
        Err(SignInError::TooMany { .. }) => see_other("/admin/login?notice=wait"),
        Err(SignInError::TooManyEverywhere { .. }) => see_other("/admin/login?notice=busy"),
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
