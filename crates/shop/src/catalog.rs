use domain::catalog::{Collection, Product, ProductCard};

use crate::{Error, Shop};

/// The version of what store pages show.
mod version;

pub(crate) use version::VersionWatch;

/// All collections, in their order.
pub async fn collections(shop: &Shop) -> Result<Vec<Collection>, Error> {
    Ok(store::catalog::collections(&shop.store).await?)
}

/// A collection and its products.
pub async fn collection(
    shop: &Shop,
    slug: &str,
) -> Result<Option<(Collection, Vec<ProductCard>)>, Error> {
    let Some(collection) = store::catalog::collection(&shop.store, slug).await? else {
        return Ok(None);
    };
    let cards = store::catalog::cards(&shop.store, shop.currency, Some(slug), None).await?;
    Ok(Some((collection, cards)))
}

/// Everything that is sold, in its order.
pub async fn products(shop: &Shop) -> Result<Vec<ProductCard>, Error> {
    Ok(store::catalog::cards(&shop.store, shop.currency, None, None).await?)
}

/// The first products, at most `count`.
pub async fn first_products(shop: &Shop, count: u32) -> Result<Vec<ProductCard>, Error> {
    Ok(store::catalog::cards(&shop.store, shop.currency, None, Some(count)).await?)
}

/// The number of products.
pub async fn count_products(shop: &Shop) -> Result<i64, Error> {
    Ok(store::catalog::count_products(&shop.store).await?)
}

/// One product.
pub async fn product(shop: &Shop, slug: &str) -> Result<Option<Product>, Error> {
    Ok(store::catalog::product(&shop.store, shop.currency, slug).await?)
}

/// The version of what store pages show: a page that was rendered at this version, from what was
/// read after this answer, shows what is so. Changes of this process count at once, those of others
/// within a second. `None` when the database does not answer.
pub async fn version(shop: &Shop) -> Option<i64> {
    shop.catalog_version.read(&shop.store).await
}
