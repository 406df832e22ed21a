//! Promotion codes.

use serde_json::{Map, Value, json};

use super::currency_options::{self, AmountContext};
use super::future;
use crate::http::amounts::{amount, currency};
use crate::http::changes::{add, save};
use crate::http::list::{check_exists, narrow, page};
use crate::http::lookup::{self, find_param, only_expand};
use crate::http::params::{Params, collect};
use crate::http::version::Version;
use crate::http::{ApiError, Call};
use crate::ids;
use crate::objects::{
    Coupon, Customer, Object, ObjectType, PromotionCode, currency_options as stored_options,
    redemption,
};
use crate::store::objects::{self, Selection};

pub(crate) async fn create(call: &mut Call<'_>) -> Result<Value, ApiError> {
    let mut params = call.take_params();
    params.refuse_unsupported(&["customer_account"])?;
    let now = call.app.clock.now();
    let coupon = coupon(&mut params, call.version)?;
    let code = match params.text("code", 500)? {
        None => ids::code(),
        Some(code) if is_code(&code) => code,
        Some(code) => {
            let message = format!(
                "This value must match the regex pattern. (/\\A[a-zA-Z0-9\\-_]+\\z/ does not match for the value {code})."
            );
            return Err(ApiError::parameter("code", message));
        }
    };
    let customer = params.text("customer", 5000)?;
    let expires_at = future(&mut params, "expires_at", now)?;
    let (restrictions, options) = restrictions(&mut params)?;
    let changes = collect([
        ("active", params.boolean("active")?.map(Value::Bool)),
        ("customer", customer.clone().map(Value::String)),
        ("expires_at", expires_at.map(Value::from)),
        (
            "max_redemptions",
            params.integer_from("max_redemptions", 1)?.map(Value::from),
        ),
        ("metadata", Some(params.metadata("metadata")?)),
        ("restrictions", restrictions),
    ]);
    params.finish()?;
    if let Some(customer) = customer {
        find_param::<Customer>(call, &customer, "customer").await?;
    }
    let coupon = find_param::<Coupon>(call, &coupon, "promotion[coupon]").await?;
    refuse_beyond_coupon(&coupon, &changes)?;
    let mut promotion_code = PromotionCode::create(&code, coupon.id(), now);
    promotion_code.apply(changes);
    stored_options::set(&mut promotion_code, options);
    redemption::plan(&mut promotion_code);
    if promotion_code.get("active") == true {
        refuse_second_active(call, &promotion_code).await?;
    }
    add(call, &promotion_code, "promotion_code.created").await?;
    Ok(promotion_code.into_body())
}

pub(crate) async fn retrieve(call: &mut Call<'_>, id: &str) -> Result<Value, ApiError> {
    only_expand(call)?;
    Ok(lookup::find::<PromotionCode>(call, id).await?.into_body())
}

pub(crate) async fn update(call: &mut Call<'_>, id: &str) -> Result<Value, ApiError> {
    let mut params = call.take_params();
    let before = lookup::find::<PromotionCode>(call, id).await?;
    let mut options = stored_options::others(&before);
    if let Some(mut given) = params.object("restrictions")? {
        let own = before.get("restrictions")["minimum_amount_currency"].as_str();
        options = currency_options::read(&mut given, amount_context(own), options)?;
        given.finish()?;
    }
    let changes = collect([
        ("active", params.boolean("active")?.map(Value::Bool)),
        (
            "metadata",
            params.metadata_over("metadata", before.get("metadata"))?,
        ),
    ]);
    params.finish()?;
    let mut code = before.clone();
    code.apply(changes);
    stored_options::set(&mut code, options);
    if code.get("active") == true && before.get("active") == false {
        let coupon = code.get("promotion")["coupon"].as_str().unwrap_or_default();
        let coupon = objects::get::<Coupon>(call.db, coupon).await?;
        let usable = coupon.is_some_and(|coupon| coupon.get("valid") == true);
        if !usable || !redemption::is_left(&code, call.app.clock.now()) {
            let message = "This promotion code cannot be activated: its coupon, its time or its number is used up.";
            return Err(ApiError::parameter("active", message).executed());
        }
        refuse_second_active(call, &code).await?;
    }
    save(call, &before, &code, "promotion_code.updated").await?;
    Ok(code.into_body())
}

pub(crate) async fn list(call: &mut Call<'_>) -> Result<Value, ApiError> {
    let mut params = call.take_params();
    params.refuse_unsupported(&["customer_account"])?;
    let mut selection = Selection {
        kind: "promotion_code",
        ..Selection::default()
    };
    selection
        .flags
        .extend(params.boolean("active")?.map(|active| ("active", active)));
    selection.folded = params.text("code", 500)?.map(|code| ("code", code));
    narrow(call, &mut params, &mut selection, &["customer"]).await?;
    if let Some(coupon) = params.text("coupon", 5000)? {
        check_exists(call, "coupon", &coupon, "coupon").await?;
        selection.members.push(("promotion.coupon", vec![coupon]));
    }
    page(call, params, selection, "/v1/promotion_codes").await
}

/// Reads whose code it shall be. Whoever names no version may mean the older way, as the Stripe CLI
/// does.
fn coupon(params: &mut Params, version: &Version) -> Result<String, ApiError> {
    if (!version.has_promotion() || !version.is_named())
        && let Some(coupon) = params.text("coupon", 5000)?
    {
        return Ok(coupon);
    }
    let mut promotion = params
        .object("promotion")?
        .ok_or_else(|| ApiError::missing("promotion"))?;
    promotion
        .choice("type", &["coupon"])?
        .ok_or_else(|| ApiError::missing(&promotion.name("type")))?;
    let coupon = promotion.text("coupon", 5000)?.ok_or_else(|| {
        let message = "You must pass promotion.coupon when passing promotion";
        ApiError::parameter("promotion.coupon", message)
    })?;
    promotion.finish()?;
    Ok(coupon)
}

/// Reads the restrictions, and what their amount is in other currencies.
fn restrictions(params: &mut Params) -> Result<(Option<Value>, Map<String, Value>), ApiError> {
    let Some(mut given) = params.object("restrictions")? else {
        return Ok((None, Map::new()));
    };
    let mut restrictions = json!({
        "first_time_transaction": given.boolean("first_time_transaction")?.unwrap_or(false),
        "minimum_amount": null,
        "minimum_amount_currency": null,
    });
    if given.has("minimum_amount") || given.has("minimum_amount_currency") {
        let currency = currency(&mut given, "minimum_amount_currency")?;
        let least = amount(&mut given, "minimum_amount", currency, 1)?
            .ok_or_else(|| ApiError::missing(&given.name("minimum_amount")))?;
        restrictions["minimum_amount"] = least.into();
        restrictions["minimum_amount_currency"] = currency.code().into();
    }
    let own = restrictions["minimum_amount_currency"].as_str();
    let options = currency_options::read(&mut given, amount_context(own), Map::new())?;
    given.finish()?;
    Ok((Some(restrictions), options))
}

fn amount_context(own: Option<&str>) -> AmountContext<'_> {
    AmountContext {
        kind: "promotion_code",
        own,
    }
}

/// A code can be limited further than its coupon and not less.
fn refuse_beyond_coupon(coupon: &Object, code: &Map<String, Value>) -> Result<(), ApiError> {
    if coupon.get("valid") != true {
        let message = format!("Coupon {} is not valid any more.", coupon.id());
        return Err(ApiError::parameter("promotion[coupon]", message).executed());
    }
    for (member, limit) in [
        ("expires_at", "redeem_by"),
        ("max_redemptions", "max_redemptions"),
    ] {
        let most = coupon.get(limit).as_i64();
        let given = code.get(member).and_then(Value::as_i64);
        if let (Some(most), Some(given)) = (most, given)
            && given > most
        {
            let message =
                format!("`{member}` cannot be more than the coupon's `{limit}` ({most}).");
            return Err(ApiError::parameter(member, message));
        }
    }
    Ok(())
}

/// Regardless of case, a code is unique among those that are active for all customers or for the
/// same one.
async fn refuse_second_active(call: &mut Call<'_>, code: &Object) -> Result<(), ApiError> {
    let active = Selection {
        kind: "promotion_code",
        flags: vec![("active", true)],
        folded: Some(("code", code.text("code").to_owned())),
        limit: 100,
        ..Selection::default()
    };
    let others = objects::page(call.db, &active).await?.0;
    let clashes = |other: &Object| {
        other.id() != code.id()
            && (other.get("customer").is_null()
                || code.get("customer").is_null()
                || other.get("customer") == code.get("customer"))
    };
    if others.iter().any(clashes) {
        let message = format!(
            "An active promotion code with `code: {}` already exists.",
            code.text("code")
        );
        return Err(ApiError::invalid(message).executed());
    }
    Ok(())
}

fn is_code(text: &str) -> bool {
    text.chars()
        .all(|letter| letter.is_ascii_alphanumeric() || matches!(letter, '-' | '_'))
}
