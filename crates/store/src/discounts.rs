use domain::discount::{Discount, DiscountCode, DiscountScope, DiscountValue};
use domain::id::{DiscountId, OrderId};
use domain::money::{Currency, Money};
use domain::tax::Rate;

use crate::{Error, Result, Store, Tx};

row! {
    struct DiscountRow {
        id: String,
        title: String,
        code: Option<String>,
        kind: String,
        value: i64,
        scope: String,
        slugs: String,
        minimum: Option<i64>,
        starts_at: Option<i64>,
        ends_at: Option<i64>,
        max_uses: Option<i64>,
        max_uses_by_email: Option<i64>,
        uses: i64,
        is_combinable: i64,
        is_active: i64,
    }
}

/// The outcome of a claim to one use of a discount.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Claim {
    /// The order has it.
    Taken,
    /// As many orders as may have it do, or it is switched off.
    UsedUp,
    /// As many orders with this e-mail address as may have it do.
    UsedByEmail,
}

/// The automatic discounts, and the one of a code.
pub async fn usable(
    store: &Store,
    currency: Currency,
    code: Option<&DiscountCode>,
) -> Result<Vec<Discount>> {
    let mut connection = store.reader().await?;
    let rows: Vec<DiscountRow> = sqlx::query_as(
        "SELECT id, title, code, kind, value, scope, slugs, minimum, starts_at, ends_at, max_uses, max_uses_by_email, \
                uses, is_combinable, is_active \
         FROM discounts WHERE is_active = 1 AND (code IS NULL OR code = $1) ORDER BY id",
    )
    .bind(code.map(|code| code.as_str().to_owned()))
    .fetch_all(&mut *connection)
    .await?;
    rows.into_iter()
        .map(|row| row.into_discount(currency))
        .collect()
}

/// True if any discount can be had, with a code or without.
pub async fn has_any(store: &Store) -> Result<bool> {
    let mut connection = store.reader().await?;
    let row: Option<(i64,)> =
        sqlx::query_as("SELECT is_active FROM discounts WHERE is_active = 1 LIMIT 1")
            .fetch_optional(&mut *connection)
            .await?;
    Ok(row.is_some())
}

/// Takes one use of a discount for an order that is about to be written. The row is locked from then
/// on, so that of any number of orders at a time only as many have it as may.
pub async fn claim(tx: &mut Tx, id: &DiscountId, email: &str) -> Result<Claim> {
    let taken: Option<(Option<i64>,)> = sqlx::query_as(
        "UPDATE discounts SET uses = uses + 1 \
         WHERE id = $1 AND is_active = 1 AND (max_uses IS NULL OR uses < max_uses) RETURNING max_uses_by_email",
    )
    .bind(id.as_str().to_owned())
    .fetch_optional(tx.connection())
    .await?;
    let Some((most,)) = taken else {
        return Ok(Claim::UsedUp);
    };
    let Some(most) = most else {
        return Ok(Claim::Taken);
    };
    let (before,): (i64,) = sqlx::query_as(
        "SELECT COUNT(*) FROM order_discounts d JOIN orders o ON o.id = d.order_id \
         WHERE d.discount_id = $1 AND LOWER(o.email) = LOWER($2) AND o.status NOT IN ('failed', 'expired')",
    )
    .bind(id.as_str().to_owned())
    .bind(email.to_owned())
    .fetch_one(tx.connection())
    .await?;
    Ok(if before < most {
        Claim::Taken
    } else {
        Claim::UsedByEmail
    })
}

/// Gives back what an order used that came to nothing.
pub(crate) async fn give_back(tx: &mut Tx, order: &OrderId) -> Result<()> {
    change_uses(
        tx,
        "UPDATE discounts SET uses = uses - 1 \
         WHERE uses > 0 AND id IN (SELECT discount_id FROM order_discounts WHERE order_id = $1)",
        order,
    )
    .await
}

/// Takes again what an order gave back and is paid with after all, beyond the limit if need be.
pub(crate) async fn take_again(tx: &mut Tx, order: &OrderId) -> Result<()> {
    change_uses(
        tx,
        "UPDATE discounts SET uses = uses + 1 \
         WHERE id IN (SELECT discount_id FROM order_discounts WHERE order_id = $1)",
        order,
    )
    .await
}

async fn change_uses(tx: &mut Tx, text: &'static str, order: &OrderId) -> Result<()> {
    let query = sqlx::query(text);
    tx.execute(query.bind(order.as_str().to_owned())).await?;
    Ok(())
}

/// Writes a discount.
///
/// # Errors
/// A conflict when there is one with its id or code.
pub async fn insert(tx: &mut Tx, discount: &Discount) -> Result<()> {
    let (kind, value) = match discount.value {
        DiscountValue::Percent(rate) => ("percent", rate.millionths()),
        DiscountValue::Amount(amount) => ("amount", amount.amount()),
        DiscountValue::FreeShipping => ("free_shipping", 0),
    };
    let (scope, slugs) = match &discount.scope {
        DiscountScope::Everything => ("everything", String::new()),
        DiscountScope::Collections(slugs) => ("collections", slugs.join(" ")),
        DiscountScope::Products(slugs) => ("products", slugs.join(" ")),
    };
    let query = sqlx::query(
        "INSERT INTO discounts (id, title, code, kind, value, scope, slugs, minimum, starts_at, ends_at, max_uses, \
                                max_uses_by_email, uses, is_combinable, is_active) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)",
    )
    .bind(discount.id.as_str().to_owned())
    .bind(discount.title.clone())
    .bind(discount.code.as_ref().map(|code| code.as_str().to_owned()))
    .bind(kind)
    .bind(value)
    .bind(scope)
    .bind(slugs)
    .bind(discount.minimum.map(Money::amount))
    .bind(discount.starts_at)
    .bind(discount.ends_at)
    .bind(discount.limit)
    .bind(discount.limit_per_email)
    .bind(discount.uses)
    .bind(i64::from(discount.is_combinable))
    .bind(i64::from(discount.is_active));
    tx.execute(query).await?;
    Ok(())
}

impl DiscountRow {
    fn into_discount(self, currency: Currency) -> Result<Discount> {
        let slugs = || self.slugs.split(' ').filter(|slug| !slug.is_empty());
        let slugs = || slugs().map(str::to_owned).collect();
        let value = match self.kind.as_str() {
            "percent" => {
                let rate = u32::try_from(self.value).ok().and_then(Rate::new);
                DiscountValue::Percent(rate.ok_or(Error::Corrupt("discounts.value"))?)
            }
            "amount" => DiscountValue::Amount(Money::new(self.value, currency)),
            "free_shipping" => DiscountValue::FreeShipping,
            _ => return Err(Error::Corrupt("discounts.kind")),
        };
        let scope = match self.scope.as_str() {
            "everything" => DiscountScope::Everything,
            "collections" => DiscountScope::Collections(slugs()),
            "products" => DiscountScope::Products(slugs()),
            _ => return Err(Error::Corrupt("discounts.scope")),
        };
        let code = self
            .code
            .as_deref()
            .map(|code| DiscountCode::parse(code).ok_or(Error::Corrupt("discounts.code")));
        Ok(Discount {
            id: DiscountId::parse(&self.id).map_err(|_| Error::Corrupt("discounts.id"))?,
            title: self.title,
            code: code.transpose()?,
            value,
            scope,
            minimum: self.minimum.map(|amount| Money::new(amount, currency)),
            starts_at: self.starts_at,
            ends_at: self.ends_at,
            limit: self.max_uses,
            limit_per_email: self.max_uses_by_email,
            uses: self.uses,
            is_combinable: self.is_combinable != 0,
            is_active: self.is_active != 0,
        })
    }
}
