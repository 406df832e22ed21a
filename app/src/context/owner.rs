use shop::Shop;
use shop::admin::{Admin, DEVICE_SECONDS, SESSION_SECONDS, SessionToken, SignInError, SignedIn};

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

/// The owner, if this request is theirs.
pub(crate) async fn current() -> Result<Option<Admin>, shop::Error> {
    let shop = shop();
    match session_token(&shop, &cookies()) {
        Some(token) => shop::admin::authorize(&shop, &token).await,
        None => Ok(None),
    }
}

/// The owner, or else the way to the door.
async fn authorize() -> Result<Option<Admin>, ActionError> {
    let admin = current().await.map_err(|error| unavailable(&error))?;
    if admin.is_none() {
        see_other("/admin/login");
    }
    Ok(admin)
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
