use domain::catalog::{Collection, Product, ProductCard};

use crate::{Error, Shop};

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
