use super::{Admin, SessionToken, authorize};
use crate::{Error, Purpose, Shop};

/// Permission to change one order: proof that the signed-in admin sent a form that this shop
/// rendered for it. What changes an order on the admin's word asks for it, and only
/// [`authorize_form`] gives it.
#[derive(Clone, Debug)]
pub struct CsrfProof {
    admin: Admin,
    number: i64,
}

/// The error of an admin form that is not carried out.
#[derive(Debug, thiserror::Error)]
pub enum FormError {
    /// Nobody is signed in, or the session has expired.
    #[error("nobody is signed in")]
    SignedOut,
    /// The form's CSRF token is not that of this session and this order.
    #[error("the form's token is not valid")]
    InvalidToken,
    /// The database failed.
    #[error(transparent)]
    Failed(#[from] Error),
}

impl CsrfProof {
    /// Proof that the admin is signed in.
    pub const fn admin(&self) -> &Admin {
        &self.admin
    }

    /// The number of the order that may be changed.
    pub const fn number(&self) -> i64 {
        self.number
    }
}

/// The number that stands in forms which change many orders instead of one.
pub const MANY_ORDERS: i64 = 0;

/// The CSRF token for the forms of an order: bound to the admin's session and to the order.
pub fn csrf_token(shop: &Shop, session: &SessionToken, number: i64) -> String {
    shop.mac(Purpose::FormToken, &parts(session, &number.to_string()))
}

/// Checks that the admin is signed in and that the form is one of ours, for this order and this
/// session. It lives here and not in a form's handler, so that no handler can leave it out.
///
/// # Errors
/// When the session or the token is not valid, or the database fails.
pub async fn authorize_form(
    shop: &Shop,
    session: &SessionToken,
    number: i64,
    csrf_token: &str,
) -> Result<CsrfProof, FormError> {
    let Some(admin) = authorize(shop, session).await? else {
        return Err(FormError::SignedOut);
    };
    let text = number.to_string();
    if shop.is_mac(Purpose::FormToken, &parts(session, &text), csrf_token) {
        Ok(CsrfProof { admin, number })
    } else {
        Err(FormError::InvalidToken)
    }
}

/// The parts that the token is a code of.
fn parts<'a>(session: &'a SessionToken, number: &'a str) -> [&'a str; 3] {
    [session.expose(), "order", number]
}

/// The code of a page that asks the admin before an order is changed as `details` say: with it, the
/// page was led to by a form of ours in this session, and not by a link from elsewhere.
pub fn review_code(shop: &Shop, session: &SessionToken, number: i64, details: &str) -> String {
    let number = number.to_string();
    shop.mac(
        Purpose::FormToken,
        &[session.expose(), "review", &number, details],
    )
}

/// True if `code` is what [`review_code`] answers.
pub fn is_review_code(
    shop: &Shop,
    session: &SessionToken,
    number: i64,
    details: &str,
    code: &str,
) -> bool {
    let number = number.to_string();
    let parts = [session.expose(), "review", &number, details];
    shop.is_mac(Purpose::FormToken, &parts, code)
}
