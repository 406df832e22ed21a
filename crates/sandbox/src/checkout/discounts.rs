//! The discounts that a session can have.

use axum::http::StatusCode;
use serde_json::Value;
use sqlx::SqliteConnection;

use crate::currency::Currency;
use crate::http::ApiError;
use crate::objects::{
    CheckoutSession, Coupon, Object, PromotionCode, currency_options, line_item, redemption,
};
use crate::store::objects::{self, Selection};

/// The refusal of a code for a first purchase, in Stripe's words.
pub(super) const REPEATED: &str = "This promotion code cannot be redeemed because the associated customer has prior transactions.";

/// A coupon, and the code by which it is used, if it is by one.
#[derive(Debug)]
pub(crate) struct Promotion {
    pub(crate) coupon: Coupon,
    pub(crate) code: Option<PromotionCode>,
}

impl Promotion {
    /// In the form in which [`checkout_session::set_discount`] takes it.
    pub(crate) fn parts(&self) -> (&Coupon, Option<&PromotionCode>) {
        (&self.coupon, self.code.as_ref())
    }
}

/// The coupon with an id that was given as the parameter `param`.
pub(crate) async fn by_coupon(
    db: &mut SqliteConnection,
    id: &str,
    param: &str,
) -> Result<Promotion, ApiError> {
    let coupon = objects::get::<Coupon>(db, id).await?;
    let coupon =
        coupon.ok_or_else(|| ApiError::no_such(StatusCode::BAD_REQUEST, "coupon", id, param))?;
    Ok(Promotion { coupon, code: None })
}

/// The promotion code with an id that was given as the parameter `param`.
pub(crate) async fn by_promotion_code(
    db: &mut SqliteConnection,
    id: &str,
    param: &str,
) -> Result<Promotion, ApiError> {
    let code = objects::get::<PromotionCode>(db, id).await?;
    let code = code
        .ok_or_else(|| ApiError::no_such(StatusCode::BAD_REQUEST, "promotion code", id, param))?;
    of_code(db, code, param).await
}

/// The active promotion code that a shopper typed, in whatever mixture of cases.
pub(crate) async fn by_code(
    db: &mut SqliteConnection,
    session: &CheckoutSession,
    typed: &str,
    param: &str,
) -> Result<Promotion, ApiError> {
    let active = Selection {
        kind: "promotion_code",
        flags: vec![("active", true)],
        folded: Some(("code", typed.to_owned())),
        limit: 100,
        ..Selection::default()
    };
    let mut codes = objects::page(db, &active).await?.0;
    // Several customers can have the same code, each for themselves.
    codes.retain(|code| is_for_customer(code, session));
    match codes.pop() {
        Some(code) => of_code(db, objects::typed(code)?, param).await,
        None => Err(ApiError::parameter(param, "This code is invalid.")),
    }
}

/// Checks that a session can have a promotion, which was given as the parameter `param`.
///
/// # Errors
/// When it is over or used up, or not for this session: its customer, its currency, its amount, its
/// products.
pub(crate) async fn check(
    db: &mut SqliteConnection,
    session: &CheckoutSession,
    promotion: &Promotion,
    param: &str,
    now: i64,
) -> Result<(), ApiError> {
    let (coupon, code) = promotion.parts();
    if !is_usable(promotion, now) {
        let message = match code {
            None => format!("Coupon {} is expired and cannot be applied", coupon.id()),
            Some(code) => format!(
                "The promotion code {} is no longer active and cannot be redeemed.",
                code.text("code")
            ),
        };
        return Err(ApiError::parameter(param, message).code("coupon_expired"));
    }
    if let Some(message) = unfit(coupon, session) {
        return Err(ApiError::parameter(param, message));
    }
    let Some(code) = code else {
        return Ok(());
    };
    if !is_for_customer(code, session) {
        let message =
            "This promotion code cannot be redeemed because it belongs to another customer.";
        return Err(ApiError::parameter(param, message));
    }
    let restrictions = code.get("restrictions");
    if let Some(least) = restrictions["minimum_amount"].as_i64() {
        let currency = Currency::find(session.text("currency"));
        let here = currency.and_then(|currency| currency_options::amount(code, currency));
        if here.is_none_or(|least| subtotal(session) < least) {
            let named = restrictions["minimum_amount_currency"].as_str();
            let own = named.and_then(Currency::find).map(|own| (least, own));
            let least = match here.zip(currency).or(own) {
                Some((least, currency)) => currency.format(least),
                None => least.to_string(),
            };
            let message = format!(
                "This promotion code cannot be redeemed because the order is below its minimum of {least}."
            );
            return Err(ApiError::parameter(param, message));
        }
    }
    let email = session.get("customer_details")["email"].as_str();
    if is_repeated(db, session, promotion, email).await? {
        return Err(ApiError::parameter(param, REPEATED));
    }
    Ok(())
}

/// The promotion that gave a session its discount, deleted or not.
pub(super) async fn of_session(
    db: &mut SqliteConnection,
    session: &CheckoutSession,
) -> sqlx::Result<Option<Promotion>> {
    let Some(coupon) = super::price::coupon_of(db, session).await? else {
        return Ok(None);
    };
    let code = match session.discount()["promotion_code"].as_str() {
        None => None,
        Some(id) => objects::get(db, id).await?,
    };
    Ok(Some(Promotion { coupon, code }))
}

/// True if neither the coupon nor the code is over or used up.
pub(super) fn is_usable(promotion: &Promotion, now: i64) -> bool {
    let usable = |object: &Object, member: &str| {
        object.get(member) == true && redemption::is_left(object, now)
    };
    let code = promotion.code.as_ref();
    usable(&promotion.coupon, "valid") && code.is_none_or(|code| usable(code, "active"))
}

async fn of_code(
    db: &mut SqliteConnection,
    code: PromotionCode,
    param: &str,
) -> Result<Promotion, ApiError> {
    let id = code.get("promotion")["coupon"].as_str().unwrap_or_default();
    match objects::find_deleted_too(db, "coupon", id).await? {
        Some(coupon) => Ok(Promotion {
            coupon: objects::typed(coupon)?,
            code: Some(code),
        }),
        None => Err(ApiError::no_such(
            StatusCode::BAD_REQUEST,
            "coupon",
            id,
            param,
        )),
    }
}

/// The reason why a coupon takes nothing off this session, if it does not.
fn unfit(coupon: &Coupon, session: &CheckoutSession) -> Option<String> {
    let currency = Currency::find(session.text("currency"))?;
    if coupon.discount_in(currency).is_none() {
        return Some(format!(
            "The coupon {} takes off an amount in {}, and this Checkout Session is in {}.",
            coupon.id(),
            coupon.text("currency"),
            currency.code()
        ));
    }
    let fits = |item: &Value| coupon.is_for(&item["price"]["product"]);
    if session.line_items().iter().any(fits) {
        return None;
    }
    Some(format!(
        "The coupon {} is for none of the products in this Checkout Session.",
        coupon.id()
    ))
}

fn is_for_customer(code: &Object, session: &CheckoutSession) -> bool {
    let customer = code.get("customer");
    customer.is_null() || customer == session.get("customer")
}

fn subtotal(session: &CheckoutSession) -> i64 {
    let amount = |item: &Value| {
        let quantity = item["quantity"].as_i64()?;
        line_item::unit_amount(item).checked_mul(quantity)
    };
    session
        .line_items()
        .iter()
        .filter_map(amount)
        .fold(0, i64::saturating_add)
}

/// True if a promotion is for a first purchase, and the customer of a session, or else whoever has
/// this e-mail address, has paid something before.
pub(super) async fn is_repeated(
    db: &mut SqliteConnection,
    session: &CheckoutSession,
    promotion: &Promotion,
    email: Option<&str>,
) -> sqlx::Result<bool> {
    let code = promotion.code.as_ref();
    if !code.is_some_and(|code| code.get("restrictions")["first_time_transaction"] == true) {
        return Ok(false);
    }
    let mut paid = Selection {
        kind: "charge",
        members: vec![("status", vec!["succeeded".to_owned()])],
        limit: 1,
        ..Selection::default()
    };
    match (session.get("customer").as_str(), email) {
        (Some(customer), _) => paid.members.push(("customer", vec![customer.to_owned()])),
        (None, Some(email)) => paid.folded = Some(("billing_details.email", email.to_owned())),
        (None, None) => return Ok(false),
    }
    Ok(!objects::page(db, &paid).await?.0.is_empty())
}
