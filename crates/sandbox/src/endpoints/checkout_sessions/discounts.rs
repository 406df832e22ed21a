//! The discounts of a new Checkout Session.

use serde_json::Value;

use crate::checkout;
use crate::http::params::Params;
use crate::http::{ApiError, Call};
use crate::objects::CheckoutSession;

const MAX_DISCOUNTS: usize = 1;

/// The discounts, by the id of a coupon or a promotion code, with the parameter that gave it.
#[derive(Debug, Clone)]
pub(super) enum DiscountParams {
    Coupon { id: String, param: String },
    PromotionCode { id: String, param: String },
}

/// Reads `discounts`, of which there can be one.
pub(super) fn read(params: &mut Params) -> Result<Option<DiscountParams>, ApiError> {
    let mut elements = params.objects("discounts")?;
    if elements.len() > MAX_DISCOUNTS {
        let message = format!("Array discounts exceeded maximum {MAX_DISCOUNTS} allowed elements.");
        return Err(ApiError::parameter("discounts", message));
    }
    let Some(mut discount) = elements.pop() else {
        return Ok(None);
    };
    let coupon = discount.text("coupon", 5000)?;
    let code = discount.text("promotion_code", 5000)?;
    let requested = match (coupon, code) {
        (Some(id), None) => DiscountParams::Coupon {
            id,
            param: discount.name("coupon"),
        },
        (None, Some(id)) => DiscountParams::PromotionCode {
            id,
            param: discount.name("promotion_code"),
        },
        (None, None) => return Err(ApiError::missing(&discount.name("coupon"))),
        (Some(_), Some(_)) => {
            return Err(ApiError::parameter(
                discount.name("promotion_code"),
                "You may only specify one of these parameters: coupon, promotion_code.",
            ));
        }
    };
    discount.finish()?;
    Ok(Some(requested))
}

/// Reads `allow_promotion_codes`, which excludes a discount by the merchant.
pub(super) fn codes_allowed(
    params: &mut Params,
    is_discounted: bool,
) -> Result<Option<Value>, ApiError> {
    let allowed = params.boolean("allow_promotion_codes")?;
    if allowed.is_some() && is_discounted {
        return Err(ApiError::parameter(
            "allow_promotion_codes",
            "You may only specify one of these parameters: allow_promotion_codes, discounts.",
        ));
    }
    Ok(allowed.map(Value::Bool))
}

/// Gives a new session its discount, which the next pricing takes off.
pub(super) async fn apply(
    call: &mut Call<'_>,
    session: &mut CheckoutSession,
    requested: &DiscountParams,
    now: i64,
) -> Result<(), ApiError> {
    let (promotion, param) = match requested {
        DiscountParams::Coupon { id, param } => {
            (checkout::by_coupon(call.db, id, param).await?, param)
        }
        DiscountParams::PromotionCode { id, param } => (
            checkout::by_promotion_code(call.db, id, param).await?,
            param,
        ),
    };
    checkout::check(call.db, session, &promotion, param, now).await?;
    session.set_discount(Some(promotion.parts()), now);
    Ok(())
}
