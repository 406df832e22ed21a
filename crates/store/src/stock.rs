use domain::id::VariantId;

use crate::{Result, Tx};

/// Holds `quantity` pieces, and returns whether so many were free; if not, nothing changed.
pub async fn hold(tx: &mut Tx, variant: &VariantId, quantity: u32) -> Result<bool> {
    let query =
        sqlx::query("UPDATE variants SET held = held + $2 WHERE id = $1 AND on_hand - held >= $2");
    moved(tx, query, variant, quantity).await
}

/// Releases held pieces, and returns whether so many were held.
pub async fn release(tx: &mut Tx, variant: &VariantId, quantity: u32) -> Result<bool> {
    let query = sqlx::query("UPDATE variants SET held = held - $2 WHERE id = $1 AND held >= $2");
    moved(tx, query, variant, quantity).await
}

/// Sells held pieces, and returns whether so many were held.
pub async fn sell_held(tx: &mut Tx, variant: &VariantId, quantity: u32) -> Result<bool> {
    let query = sqlx::query(
        "UPDATE variants SET on_hand = on_hand - $2, held = held - $2 WHERE id = $1 AND held >= $2",
    );
    moved(tx, query, variant, quantity).await
}

/// Takes pieces that nobody holds off the shelf. Answers whether so many could be sold; if not,
/// nothing changed.
pub async fn sell_free(tx: &mut Tx, variant: &VariantId, quantity: u32) -> Result<bool> {
    let query = sqlx::query(
        "UPDATE variants SET on_hand = on_hand - $2 WHERE id = $1 AND on_hand - held >= $2",
    );
    moved(tx, query, variant, quantity).await
}

/// Restocks pieces, and returns whether the variant is still there.
pub async fn restock(tx: &mut Tx, variant: &VariantId, quantity: u32) -> Result<bool> {
    let query = sqlx::query("UPDATE variants SET on_hand = on_hand + $2 WHERE id = $1");
    moved(tx, query, variant, quantity).await
}

async fn moved(
    tx: &mut Tx,
    query: sqlx::query::Query<'_, sqlx::Any, sqlx::any::AnyArguments>,
    variant: &VariantId,
    quantity: u32,
) -> Result<bool> {
    let query = query
        .bind(variant.as_str().to_owned())
        .bind(i64::from(quantity));
    Ok(tx.execute(query).await? == 1)
}
