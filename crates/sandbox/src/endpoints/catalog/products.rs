//! Products.

use serde_json::{Map, Value, json};

use super::prices;
use crate::endpoints::checkout_sessions::prices::images;
use crate::http::changes::{add, save, tombstone};
use crate::http::list::page;
use crate::http::lookup::{self, find_param, only_expand, refuse_taken};
use crate::http::params::{Params, collect};
use crate::http::validation::is_http_url;
use crate::http::{ApiError, Call};
use crate::objects::{Object, ObjectType, Price, Product};
use crate::store::objects::{self, Selection};

const MAX_ID: usize = 5000;

pub(crate) async fn create(call: &mut Call<'_>) -> Result<Value, ApiError> {
    let mut params = call.take_params();
    let id = params.text("id", MAX_ID)?;
    let name = params.required_text("name", 5000)?;
    let default_price = params.object("default_price_data")?;
    let now = call.app.clock.now();
    let mut product = Product::create(&name, now);
    if let Some(id) = id {
        refuse_taken(call, "product", "Product", &id).await?;
        product.set("id", id);
    }
    let changes = read(&mut params, &product)?;
    params.finish()?;
    product.apply(changes);
    let price = default_price
        .map(|data| prices::default_price(data, product.id(), now))
        .transpose()?;
    if let Some(price) = &price {
        product.set("default_price", price.id());
    }
    add(call, &product, "product.created").await?;
    if let Some(price) = &price {
        add(call, price, "price.created").await?;
    }
    Ok(product.into_body())
}

pub(crate) async fn retrieve(call: &mut Call<'_>, id: &str) -> Result<Value, ApiError> {
    only_expand(call)?;
    Ok(find(call, id).await?.into_body())
}

pub(crate) async fn update(call: &mut Call<'_>, id: &str) -> Result<Value, ApiError> {
    let mut params = call.take_params();
    let before = find(call, id).await?;
    let mut product = before.clone();
    if let Some(name) = params.text("name", 5000)? {
        product.set("name", name);
    }
    if let Some(price) = params.text("default_price", 5000)? {
        let price = find_param::<Price>(call, &price, "default_price").await?;
        if price.text("product") != id {
            let message = format!(
                "The price specified ({}) is not a price of this product.",
                price.id()
            );
            return Err(ApiError::parameter("default_price", message));
        }
        product.set("default_price", price.id());
    }
    product.apply(read(&mut params, &before)?);
    params.finish()?;
    if before.body() != product.body() {
        product.set("updated", call.app.clock.now());
    }
    save(call, &before, &product, "product.updated").await?;
    Ok(product.into_body())
}

/// Deletes a product that nobody can have bought: one without prices.
pub(crate) async fn delete(call: &mut Call<'_>, id: &str) -> Result<Value, ApiError> {
    only_expand(call)?;
    let product = find(call, id).await?;
    let prices = Selection {
        kind: "price",
        members: vec![("product", vec![id.to_owned()])],
        limit: 1,
        ..Selection::default()
    };
    if !objects::page(call.db, &prices).await?.0.is_empty() {
        let message =
            "This product cannot be deleted because it has one or more user-created prices.";
        return Err(ApiError::invalid(message).executed());
    }
    call.scope().record("product.deleted", &product).await?;
    let left = Object::new(tombstone(&product));
    objects::delete(call.db, &left).await?;
    Ok(left.into_body())
}

pub(crate) async fn list(call: &mut Call<'_>) -> Result<Value, ApiError> {
    let mut params = call.take_params();
    let mut selection = Selection {
        kind: "product",
        ..Selection::default()
    };
    for flag in ["active", "shippable"] {
        selection
            .flags
            .extend(params.boolean(flag)?.map(|value| (flag, value)));
    }
    let ids: Vec<String> = params.texts("ids")?.into_iter().map(|(_, id)| id).collect();
    if !ids.is_empty() {
        selection.members.push(("id", ids));
    }
    if let Some(url) = params.text("url", 5000)? {
        selection.members.push(("url", vec![url]));
    }
    page(call, params, selection, "/v1/products").await
}

async fn find(call: &mut Call<'_>, id: &str) -> Result<Product, ApiError> {
    lookup::find::<Product>(call, id).await
}

/// Reads what new and edited products have in common.
fn read(params: &mut Params, current: &Object) -> Result<Map<String, Value>, ApiError> {
    params.refuse_unsupported(&["package_dimensions", "provisioning", "tax_details"])?;
    let pictures = match params.clears("images") {
        true => Some(json!([])),
        false => Some(images(params)?)
            .filter(|images| !images.is_empty())
            .map(|images| json!(images)),
    };
    let url = params.clearable_text("url", 2048)?;
    if let Some(Value::String(text)) = &url
        && !is_http_url(text)
    {
        return Err(ApiError::parameter("url", "Not a valid URL").code("url_invalid"));
    }
    Ok(collect([
        ("active", params.boolean("active")?.map(Value::Bool)),
        ("description", params.clearable_text("description", 40_000)?),
        ("images", pictures),
        ("marketing_features", marketing_features(params)?),
        (
            "metadata",
            params.metadata_over("metadata", current.get("metadata"))?,
        ),
        ("shippable", params.boolean("shippable")?.map(Value::Bool)),
        (
            "statement_descriptor",
            params.text("statement_descriptor", 22)?.map(Value::String),
        ),
        ("tax_code", params.clearable_text("tax_code", 5000)?),
        ("unit_label", params.clearable_text("unit_label", 12)?),
        ("url", url),
    ]))
}

fn marketing_features(params: &mut Params) -> Result<Option<Value>, ApiError> {
    if params.clears("marketing_features") {
        return Ok(Some(json!([])));
    }
    let mut features = Vec::new();
    for mut feature in params.objects("marketing_features")? {
        features.push(json!({ "name": feature.required_text("name", 5000)? }));
        feature.finish()?;
    }
    Ok((!features.is_empty()).then(|| json!(features)))
}
