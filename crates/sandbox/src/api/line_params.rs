//! The line items of a new Checkout Session, each with its price and product given in place.

use axum::http::StatusCode;

use super::params::{Params, is_web_address};
use super::{ApiError, catalog};
use crate::currency::Currency;
use crate::objects::session::Line;

const MAX_LINES: usize = 100;
const MAX_IMAGES: usize = 8;
const MAX_QUANTITY: i64 = 999_999;

/// Reads and checks `line_items`, of which there must be at least one.
pub(super) fn read(params: &mut Params) -> Result<Vec<Line>, ApiError> {
    let elements = params.objects("line_items")?;
    if elements.is_empty() {
        return Err(ApiError::missing("line_items"));
    }
    if elements.len() > MAX_LINES {
        let message = format!("Array line_items exceeded maximum {MAX_LINES} allowed elements.");
        return Err(ApiError::parameter("line_items", message));
    }
    elements.into_iter().map(line).collect()
}

fn line(mut item: Params) -> Result<Line, ApiError> {
    item.refuse_unsupported(&["adjustable_quantity", "dynamic_tax_rates", "tax_rates"])?;
    let quantity = quantity(&mut item)?;
    let metadata = item.metadata("metadata")?;
    if let Some(id) = item.text("price", 5000)? {
        return Err(ApiError::no_such(
            StatusCode::BAD_REQUEST,
            "price",
            &id,
            &item.name("price"),
        ));
    }
    let mut price = item.object("price_data")?.ok_or_else(|| {
        ApiError::parameter(
            item.name("price_data"),
            "You must specify either `price` or `price_data` for each line item.",
        )
        .code("parameter_missing")
    })?;
    item.finish()?;

    price.refuse_unsupported(&["unit_amount_decimal"])?;
    if price.is_object("recurring") {
        return Err(ApiError::parameter(
            price.name("recurring"),
            "You specified `payment` mode but passed a recurring price. Either switch to `subscription` mode or use only \
             one-time prices.",
        ));
    }
    let currency = catalog::currency(&mut price, "currency")?;
    let unit_amount = unit_amount(&mut price, currency)?;
    let tax_behavior = price.choice("tax_behavior", &["exclusive", "inclusive", "unspecified"])?;
    if let Some(id) = price.text("product", 5000)? {
        return Err(ApiError::no_such(
            StatusCode::BAD_REQUEST,
            "product",
            &id,
            &price.name("product"),
        ));
    }
    let mut product = price
        .object("product_data")?
        .ok_or_else(|| ApiError::missing(&price.name("product_data")))?;
    price.finish()?;

    let line = Line {
        currency,
        unit_amount,
        quantity,
        metadata,
        tax_behavior,
        name: product.required_text("name", 5000)?,
        description: product.text("description", 40_000)?,
        images: images(&mut product)?,
        product_metadata: product.metadata("metadata")?,
        tax_code: product.text("tax_code", 5000)?,
        unit_label: product.text("unit_label", 12)?,
    };
    product.finish()?;
    Ok(line)
}

fn quantity(item: &mut Params) -> Result<i64, ApiError> {
    let param = item.name("quantity");
    let quantity = item.integer_from("quantity", 1)?.ok_or_else(|| {
        let message = format!(
            "Quantity is required. Add `quantity` to `{}`",
            param.trim_end_matches("[quantity]")
        );
        ApiError::parameter(&param, message).code("parameter_missing")
    })?;
    if quantity > MAX_QUANTITY {
        let message = format!("This value must be less than or equal to {MAX_QUANTITY}.");
        return Err(ApiError::parameter(param, message).code("parameter_invalid_integer"));
    }
    Ok(quantity)
}

fn unit_amount(price: &mut Params, currency: Currency) -> Result<i64, ApiError> {
    catalog::amount(price, "unit_amount", currency, 0)?
        .ok_or_else(|| ApiError::missing(&price.name("unit_amount")))
}

pub(super) fn images(product: &mut Params) -> Result<Vec<String>, ApiError> {
    let images = product.texts("images")?;
    if images.len() > MAX_IMAGES {
        let message = format!("Array images exceeded maximum {MAX_IMAGES} allowed elements.");
        return Err(ApiError::parameter(product.name("images"), message));
    }
    if let Some((param, _)) = images.iter().find(|(_, url)| !is_web_address(url)) {
        return Err(ApiError::parameter(param, "Not a valid URL").code("url_invalid"));
    }
    Ok(images.into_iter().map(|(_, url)| url).collect())
}
