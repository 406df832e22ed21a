use domain::id::{CartKey, OrderId, OrderToken};
use domain::money::Money;
use domain::order::{Flag, Order, OrderAmounts, OrderDetails, OrderLine, Payment};

use super::details;
use super::row::{insert_lines, insert_order};
use crate::{Result, Tx, discounts, disputes, early_fraud_warnings, parcels, payments, refunds};

/// An order to write: pending, its stock held.
#[derive(Clone, Debug)]
pub struct NewOrder<'a> {
    /// Its id, for the shop and for Stripe.
    pub id: &'a OrderId,
    /// The unguessable part of its page's address.
    pub token: &'a OrderToken,
    /// The cart it was made from.
    pub cart_key: &'a CartKey,
    /// The total.
    pub total: Money,
    /// The amounts that the total is made of.
    pub amounts: &'a OrderAmounts,
    /// The details that the shopper gave, if any were asked for; only with them are the amounts
    /// written.
    pub details: Option<&'a OrderDetails>,
    /// The shopper's address, if it is known.
    pub email: Option<&'a str>,
    /// Its lines, at the prices of this moment.
    pub lines: &'a [OrderLine],
    /// When the shopper started to pay, in Unix seconds.
    pub created_at: i64,
    /// Its first payment.
    pub payment: &'a Payment,
}

/// Writes an order and its lines, and answers its number.
///
/// # Errors
/// A conflict when the cart has an open order already.
pub async fn insert(tx: &mut Tx, order: &NewOrder<'_>) -> Result<i64> {
    let (number,): (i64,) = sqlx::query_as(
        "UPDATE counters SET value = value + 1 WHERE name = 'order_number' RETURNING value",
    )
    .fetch_one(tx.connection())
    .await?;
    write_new(tx, order, number).await?;
    Ok(number)
}

/// Writes an order that has a number already, or takes the next one if an other order has it, and
/// returns it.
pub async fn insert_with_number(tx: &mut Tx, order: &NewOrder<'_>, number: i64) -> Result<i64> {
    let taken: Option<(i64,)> = sqlx::query_as("SELECT number FROM orders WHERE number = $1")
        .bind(number)
        .fetch_optional(tx.connection())
        .await?;
    if taken.is_some() {
        return insert(tx, order).await;
    }
    write_new(tx, order, number).await?;
    Ok(number)
}

/// Writes down how an order went on: what `after` says otherwise than `before`, which is as the
/// same transaction read it.
pub async fn save(tx: &mut Tx, before: &Order, after: &Order) -> Result<()> {
    let query = sqlx::query(
        "UPDATE orders SET status = $2, client = CASE WHEN $2 = 'pending' THEN client END, stock = $3, flag = $4, amount_refunded = $5, email = $6, paid_at = $7, \
                shipping = $8 \
         WHERE id = $1",
    )
    .bind(after.id.as_str().to_owned())
    .bind(after.status.as_str())
    .bind(after.stock.as_str())
    .bind(after.flag.map(Flag::as_str))
    .bind(after.refunded().amount().min(after.total.amount()))
    .bind(after.email.clone())
    .bind(after.paid_at)
    .bind(after.shipping_state().as_str());
    tx.execute(query).await?;
    // The uses of discounts belong to orders that are paid or can be.
    match (before.has_ended_unpaid(), after.has_ended_unpaid()) {
        (false, true) => discounts::give_back(tx, &after.id).await?,
        (true, false) => discounts::take_again(tx, &after.id).await?,
        (true, true) | (false, false) => {}
    }
    for (position, parcel) in (0_i64..).zip(&after.parcels) {
        if !before.parcels.contains(parcel) {
            parcels::save(tx, &after.id, position, parcel).await?;
        }
    }
    for payment in &after.payments {
        if !before.payments.contains(payment) {
            payments::save(tx, payment).await?;
        }
    }
    let payment = after.main_payment();
    for refund in &after.refunds {
        if !before.refunds.contains(refund) {
            refunds::save(tx, &after.id, payment, refund).await?;
        }
    }
    for dispute in &after.disputes {
        if !before.disputes.contains(dispute) {
            disputes::save(tx, &after.id, payment, dispute).await?;
        }
    }
    let reference = payment.and_then(|payment| payment.payment_reference.as_deref());
    for warning in &after.early_fraud_warnings {
        if !before.early_fraud_warnings.contains(warning) {
            let reference = reference.unwrap_or_default();
            early_fraud_warnings::save(tx, &after.id, reference, warning).await?;
        }
    }
    Ok(())
}

/// Gives an order another cart key, so that the cart can be paid in a new order.
pub async fn detach_cart(tx: &mut Tx, id: &OrderId, cart_key: &CartKey) -> Result<()> {
    let query = sqlx::query("UPDATE orders SET cart_key = $2 WHERE id = $1");
    let query = query
        .bind(id.as_str().to_owned())
        .bind(cart_key.as_str().to_owned());
    tx.execute(query).await?;
    Ok(())
}

/// Keeps order numbers up to `number` from being given out again.
pub async fn skip_numbers(tx: &mut Tx, number: i64) -> Result<()> {
    let query =
        sqlx::query("UPDATE counters SET value = $1 WHERE name = 'order_number' AND value < $1");
    tx.execute(query.bind(number)).await?;
    Ok(())
}

/// Writes what the admin noted when deciding about an order's flag.
pub async fn set_flag_note(tx: &mut Tx, id: &OrderId, note: Option<&str>) -> Result<()> {
    let query = sqlx::query("UPDATE orders SET flag_note = $2 WHERE id = $1");
    let query = query
        .bind(id.as_str().to_owned())
        .bind(note.map(str::to_owned));
    tx.execute(query).await?;
    Ok(())
}

async fn write_new(tx: &mut Tx, order: &NewOrder<'_>, number: i64) -> Result<()> {
    insert_order(tx, order, number).await?;
    payments::insert(tx, order.id, order.payment, order.created_at).await?;
    insert_lines(tx, order).await?;
    if let Some(details) = order.details {
        details::insert(tx, order.id, order.amounts, details).await?;
    }
    Ok(())
}
