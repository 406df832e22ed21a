//! The price of a line of a Checkout Session: a saved one, or one given in place.

use serde_json::{Value, json};

use crate::currency::Currency;
use crate::endpoints::catalog;
use crate::http::params::Params;
use crate::http::validation::is_http_url;
use crate::http::{ApiError, Call, lookup};
use crate::objects::{Price, Product, currency_options, line_item};
use crate::store::objects;

const MAX_IMAGES: usize = 8;

/// A parameter's name, and the id it gave.
type Named = (String, String);

/// A price as it was asked for; ids in it may name nothing.
#[derive(Debug)]
pub(super) enum PriceParams {
    Saved(Named),
    InPlace {
        currency: Currency,
        /// The name of the parameter that gave the currency.
        param: String,
        /// Minor units for one.
        unit_amount: i64,
        tax_behavior: Option<String>,
        product: ProductParams,
    },
}

#[derive(Debug)]
pub(super) enum ProductParams {
    Saved(Named),
    InPlace(Product),
}

/// Reads the price of a line, if it has one. `now` is in Unix seconds.
pub(super) fn read(item: &mut Params, now: i64) -> Result<Option<PriceParams>, ApiError> {
    let saved = item.text("price", 5000)?;
    let given = item.object("price_data")?;
    match (saved, given) {
        (None, None) => Ok(None),
        (Some(id), None) => Ok(Some(PriceParams::Saved((item.name("price"), id)))),
        (None, Some(data)) => in_place(data, now).map(Some),
        (Some(_), Some(_)) => Err(ApiError::parameter(
            item.name("price_data"),
            "You may only specify one of these parameters: price, price_data.",
        )),
    }
}

/// The error of a line without a price.
pub(super) fn missing(item: &Params) -> ApiError {
    ApiError::parameter(
        item.name("price_data"),
        "You must specify either `price` or `price_data` for each line item.",
    )
    .code("parameter_missing")
}

/// Finds what a price names, keeps what it brought along, and makes a line item for one of it, in
/// the currency of the session if that is known, or else in that of the price.
pub(super) async fn resolve(
    call: &mut Call<'_>,
    requested: PriceParams,
    wanted: Option<Currency>,
    now: i64,
) -> Result<Value, ApiError> {
    let (price, product, param) = match requested {
        PriceParams::Saved((param, id)) => {
            let (price, product) = saved_price(call, &id, &param).await?;
            (price, product, param)
        }
        PriceParams::InPlace {
            currency,
            param,
            unit_amount,
            tax_behavior,
            product,
        } => {
            refuse_other(currency.code(), wanted, &param)?;
            let product = match product {
                ProductParams::Saved((param, id)) => {
                    lookup::find_param::<Product>(call, &id, &param).await?
                }
                ProductParams::InPlace(product) => {
                    objects::insert_unlisted(call.db, &product).await?;
                    product
                }
            };
            let mut price = Price::create(product.id(), currency, unit_amount, now);
            // Stripe makes such prices inactive: they are for this one session.
            price.set("active", false);
            if let Some(behavior) = tax_behavior {
                price.set("tax_behavior", behavior);
            }
            objects::insert_unlisted(call.db, &price).await?;
            (price, product, param)
        }
    };
    let own = Currency::find(price.text("currency"));
    let currency = wanted
        .or(own)
        .ok_or_else(|| ApiError::missing("currency"))?;
    check_currency(&price, currency, &param)?;
    Ok(line_item::create(
        &price,
        &product,
        currency,
        1,
        json!({}),
        Value::Null,
    ))
}

/// Refuses a price that is not in a currency.
pub(super) fn check_currency(
    price: &Price,
    currency: Currency,
    param: &str,
) -> Result<(), ApiError> {
    match currency_options::amount(price, currency) {
        Some(_) => Ok(()),
        None => refuse_other(price.text("currency"), Some(currency), param),
    }
}

fn refuse_other(code: &str, wanted: Option<Currency>, param: &str) -> Result<(), ApiError> {
    match wanted {
        Some(wanted) if wanted.code() != code => {
            let message = format!(
                "The price is in `{code}`, and the Checkout Session is in `{}`.",
                wanted.code()
            );
            Err(ApiError::parameter(param, message))
        }
        _ => Ok(()),
    }
}

/// A saved price that can be paid once, with its product.
pub(super) async fn saved_price(
    call: &mut Call<'_>,
    id: &str,
    param: &str,
) -> Result<(Price, Product), ApiError> {
    let price = lookup::find_param::<Price>(call, id, param).await?;
    if price.get("active") != true {
        let message = "The price specified is inactive. This field only accepts active prices.";
        return Err(ApiError::parameter(param, message));
    }
    if price.text("type") == "recurring" {
        return Err(recurring(param));
    }
    let product = objects::find(call.db, price.text("product")).await?;
    let product: Product = objects::typed(product.ok_or(sqlx::Error::RowNotFound)?)?;
    if product.get("active") != true {
        let message = format!(
            "Price `{id}` is not available to be purchased because its product is not active."
        );
        return Err(ApiError::parameter(param, message));
    }
    Ok((price, product))
}

fn in_place(mut price: Params, now: i64) -> Result<PriceParams, ApiError> {
    if price.is_object("recurring") {
        return Err(recurring(&price.name("recurring")));
    }
    let param = price.name("currency");
    let (currency, unit_amount) = catalog::prices::money(&mut price)?;
    let tax_behavior = price.choice("tax_behavior", &["exclusive", "inclusive", "unspecified"])?;
    let saved = price.text("product", 5000)?;
    let given = price.object("product_data")?;
    let product = match (saved, given) {
        (Some(id), None) => ProductParams::Saved((price.name("product"), id)),
        (None, Some(data)) => ProductParams::InPlace(product(data, now)?),
        (Some(_), Some(_)) => {
            return Err(ApiError::parameter(
                price.name("product_data"),
                "You may only specify one of these parameters: product, product_data.",
            ));
        }
        (None, None) => return Err(ApiError::missing(&price.name("product_data"))),
    };
    price.finish()?;
    Ok(PriceParams::InPlace {
        currency,
        param,
        unit_amount,
        tax_behavior,
        product,
    })
}

/// Reads a product given in place. Stripe makes such products inactive: they are for this one
/// session.
fn product(mut data: Params, now: i64) -> Result<Product, ApiError> {
    let mut product = Product::create(&data.required_text("name", 5000)?, now);
    product.set("active", false);
    product.set("description", data.text("description", 40_000)?);
    product.set("images", json!(images(&mut data)?));
    product.set("metadata", data.metadata("metadata")?);
    product.set("tax_code", data.text("tax_code", 5000)?);
    product.set("unit_label", data.text("unit_label", 12)?);
    data.finish()?;
    Ok(product)
}

fn recurring(param: &str) -> ApiError {
    ApiError::parameter(
        param,
        "You specified `payment` mode but passed a recurring price. Either switch to `subscription` mode or use only \
         one-time prices.",
    )
}

pub(crate) fn images(product: &mut Params) -> Result<Vec<String>, ApiError> {
    let images = product.texts("images")?;
    if images.len() > MAX_IMAGES {
        let message = format!("Array images exceeded maximum {MAX_IMAGES} allowed elements.");
        return Err(ApiError::parameter(product.name("images"), message));
    }
    if let Some((param, _)) = images.iter().find(|(_, url)| !is_http_url(url)) {
        return Err(ApiError::parameter(param, "Not a valid URL").code("url_invalid"));
    }
    Ok(images.into_iter().map(|(_, url)| url).collect())
}
