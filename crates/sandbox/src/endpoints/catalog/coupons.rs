//! Coupons.

use serde_json::{Map, Value, json};

use super::currency_options::{self, AmountContext};
use super::future;
use crate::http::amounts::{amount, currency};
use crate::http::changes::{add, save, tombstone};
use crate::http::list::page;
use crate::http::lookup::{self, find_param, only_expand, refuse_taken};
use crate::http::params::{Params, collect};
use crate::http::{ApiError, Call};
use crate::ids;
use crate::objects::coupon::Discount;
use crate::objects::currency_options as stored_options;
use crate::objects::{Coupon, ObjectType, Product, redemption};
use crate::percent::Percent;
use crate::store::objects::{self, Selection};

pub(crate) async fn create(call: &mut Call<'_>) -> Result<Value, ApiError> {
    let mut params = call.take_params();
    let now = call.app.clock.now();
    let id = match params.text("id", 200)? {
        None => ids::code(),
        Some(id) if is_id(&id) => id,
        Some(_) => {
            let message = "Invalid coupon id: only letters, digits, `-` and `_` are allowed.";
            return Err(ApiError::parameter("id", message));
        }
    };
    let discount = discount(&mut params)?;
    let own = match discount {
        Discount::Percent(_) => None,
        Discount::Amount(_, currency) => Some(currency.code()),
    };
    let context = AmountContext {
        kind: "coupon",
        own,
    };
    let options = currency_options::read(&mut params, context, Map::new())?;
    let (duration, months) = duration(&mut params)?;
    let redeem_by = future(&mut params, "redeem_by", now)?;
    let products = applies_to(&mut params)?;
    let changes = collect([
        ("duration", Some(duration.into())),
        ("duration_in_months", months.map(Value::from)),
        (
            "max_redemptions",
            params.integer_from("max_redemptions", 1)?.map(Value::from),
        ),
        ("metadata", Some(params.metadata("metadata")?)),
        ("name", params.clearable_text("name", 40)?),
        ("redeem_by", redeem_by.map(Value::from)),
    ]);
    params.finish()?;
    refuse_taken(call, "coupon", "Coupon", &id).await?;
    for (param, product) in &products {
        find_param::<Product>(call, product, param).await?;
    }
    let mut coupon = Coupon::create(&id, discount, now);
    coupon.apply(changes);
    if !products.is_empty() {
        let products: Vec<String> = products.into_iter().map(|(_, id)| id).collect();
        coupon.set_private(
            "on_request",
            json!({ "applies_to": { "products": products } }),
        );
    }
    stored_options::set(&mut coupon, options);
    redemption::plan(&mut coupon);
    add(call, &coupon, "coupon.created").await?;
    Ok(coupon.into_body())
}

pub(crate) async fn retrieve(call: &mut Call<'_>, id: &str) -> Result<Value, ApiError> {
    only_expand(call)?;
    Ok(lookup::find::<Coupon>(call, id).await?.into_body())
}

/// Only what people read can be changed, and currencies can be added; what a coupon takes off stays
/// as it was given out.
pub(crate) async fn update(call: &mut Call<'_>, id: &str) -> Result<Value, ApiError> {
    let mut params = call.take_params();
    let before = lookup::find::<Coupon>(call, id).await?;
    let changes = collect([
        (
            "metadata",
            params.metadata_over("metadata", before.get("metadata"))?,
        ),
        ("name", params.clearable_text("name", 40)?),
    ]);
    let context = AmountContext {
        kind: "coupon",
        own: before.get("currency").as_str(),
    };
    let options = currency_options::read(&mut params, context, stored_options::others(&before))?;
    params.finish()?;
    let mut coupon = before.clone();
    coupon.apply(changes);
    stored_options::set(&mut coupon, options);
    save(call, &before, &coupon, "coupon.updated").await?;
    Ok(coupon.into_body())
}

/// A deleted coupon gives no new discounts. Its promotion codes end with it, and what it was stays
/// readable where it was used.
pub(crate) async fn delete(call: &mut Call<'_>, id: &str) -> Result<Value, ApiError> {
    only_expand(call)?;
    let mut coupon = lookup::find::<Coupon>(call, id).await?;
    call.scope().record("coupon.deleted", &coupon).await?;
    redemption::end(&mut coupon);
    objects::delete(call.db, &coupon).await?;
    Ok(tombstone(&coupon))
}

pub(crate) async fn list(call: &mut Call<'_>) -> Result<Value, ApiError> {
    let params = call.take_params();
    let selection = Selection {
        kind: "coupon",
        ..Selection::default()
    };
    page(call, params, selection, "/v1/coupons").await
}

fn discount(params: &mut Params) -> Result<Discount, ApiError> {
    let percent = params.text("percent_off", 30)?;
    let has_amount = params.has("amount_off");
    match (percent, has_amount) {
        (Some(_), true) => Err(ApiError::invalid(
            "Received both percent_off and amount_off parameters. Please pass in only one.",
        )),
        (None, false) => {
            Err(ApiError::invalid("Must provide percent_off or amount_off.")
                .code("parameter_missing"))
        }
        (Some(text), false) => {
            // Stripe takes a currency here too and has no use for it.
            params.text("currency", 5000)?;
            Percent::parse(&text)
                .map(Discount::Percent)
                .ok_or_else(|| ApiError::parameter("percent_off", no_percentage(&text)))
        }
        (None, true) => {
            if !params.has("currency") {
                let message = "You must pass currency when passing amount_off";
                return Err(ApiError::parameter("currency", message));
            }
            let currency = currency(params, "currency")?;
            let amount = amount(params, "amount_off", currency, 1)?
                .ok_or_else(|| ApiError::missing("amount_off"))?;
            Ok(Discount::Amount(amount, currency))
        }
    }
}

/// The message about a wrong percentage. Stripe repeats numbers with a decimal, whether they had
/// one or not.
fn no_percentage(text: &str) -> String {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, "0"));
    match whole.parse::<i64>() {
        Ok(..=0) if Percent::parse(&format!("1.{fraction}")).is_some() => format!(
            "This value must be greater than or equal to 0.01 (it currently is '{whole}.{fraction}')."
        ),
        Ok(100..) => format!(
            "This value must be less than or equal to 100 (it currently is '{whole}.{fraction}')."
        ),
        _ => format!("Invalid decimal: {text}; a percentage has at most four decimals."),
    }
}

fn duration(params: &mut Params) -> Result<(String, Option<i64>), ApiError> {
    let duration = params
        .choice("duration", &["forever", "once", "repeating"])?
        .unwrap_or_else(|| "once".to_owned());
    let months = params.integer_from("duration_in_months", 1)?;
    match (duration.as_str(), months) {
        ("repeating", None) => Err(ApiError::parameter(
            "duration",
            "The duration_in_months param must be set when creating a coupon with a repeating duration",
        )),
        ("repeating", months) => Ok((duration, months)),
        (_, None) => Ok((duration, None)),
        (_, Some(_)) => Err(ApiError::parameter(
            "duration_in_months",
            "You can only specify duration_in_months for coupons with a duration of repeating.",
        )),
    }
}

fn applies_to(params: &mut Params) -> Result<Vec<(String, String)>, ApiError> {
    let Some(mut applies_to) = params.object("applies_to")? else {
        return Ok(Vec::new());
    };
    let products = applies_to.texts("products")?;
    applies_to.finish()?;
    Ok(products)
}

fn is_id(text: &str) -> bool {
    text.chars()
        .all(|letter| letter.is_ascii_alphanumeric() || letter == '-' || letter == '_')
}
