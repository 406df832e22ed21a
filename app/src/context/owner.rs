use shop::admin::{Admin, SESSION_SECONDS, SessionToken, SignInError};

use crate::context::{self, Reader, cookie, see_other, set_cookie, shop, unavailable};
use crate::error::ActionError;

/// Giving money back.
mod refund;
/// Marking orders as shipped.
mod shipping;

pub(crate) use refund::{LONGEST_NOTE, Problem, RefundForm, refund};
pub(crate) use shipping::{LONGEST as LONGEST_CARRIER, ship};

/// The cookie that the owner's browser keeps.
pub const SESSION_COOKIE: &str = "admin_session";

/// The owner, if this request is theirs.
pub(crate) async fn current() -> Result<Option<Admin>, shop::Error> {
    match cookie(SESSION_COOKIE) {
        Some(token) => shop::admin::authorize(&shop(), &SessionToken::from_cookie(&token)).await,
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
    let client = context::client();
    match shop::admin::sign_in(&shop(), password, &client).await {
        Ok(token) => {
            set_cookie(
                SESSION_COOKIE,
                token.expose(),
                SESSION_SECONDS,
                Reader::Server,
                "Strict",
            );
            see_other("/admin/orders");
        }
        Err(SignInError::WrongPassword) => see_other("/admin/login?notice=wrong"),
        Err(SignInError::TooMany) => see_other("/admin/login?notice=wait"),
        Err(SignInError::Failed(error)) => return Err(unavailable(&error)),
    }
    Ok(())
}

/// Signs out and goes to the store.
pub(crate) async fn sign_out() -> Result<(), ActionError> {
    if let Some(token) = cookie(SESSION_COOKIE) {
        shop::admin::sign_out(&shop(), &SessionToken::from_cookie(&token))
            .await
            .map_err(|error| unavailable(&error))?;
    }
    set_cookie(SESSION_COOKIE, "", 0, Reader::Server, "Strict");
    see_other("/admin/login");
    Ok(())
}
