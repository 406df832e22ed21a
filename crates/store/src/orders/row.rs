use domain::catalog::ProductKind;
use domain::id::{OrderId, OrderToken, VariantId};
use domain::money::{Currency, Money};
use domain::order::{Flag, Order, OrderAmounts, OrderLine, OrderStatus, Payment, StockState};

use super::NewOrder;
use crate::{Error, Result, Tx};

/// The columns of an [`OrderRow`]. They are named, because a statement of `*` that was prepared
/// before a migration does not fit the table after it.
macro_rules! order_columns {
    () => {
        "id, number, token, status, stock, flag, currency, amount_total, email, created_at, paid_at, \
         has_details"
    };
}

/// The columns of a [`LineRow`].
macro_rules! line_columns {
    () => {
        "variant_id, sku, title, options, image, unit_amount, quantity, amount_discount, amount_tax, \
         amount_total, kind"
    };
}

pub(super) use {line_columns, order_columns};

row! {
    pub(super) struct OrderRow {
        pub(super) id: String,
        number: i64,
        token: String,
        status: String,
        stock: String,
        flag: Option<String>,
        pub(super) currency: String,
        amount_total: i64,
        email: Option<String>,
        created_at: i64,
        paid_at: Option<i64>,
        pub(super) has_details: i64,
    }
}

row! {
    pub(super) struct LineRow {
        variant_id: String,
        sku: String,
        title: String,
        options: String,
        image: String,
        unit_amount: i64,
        quantity: i64,
        amount_discount: i64,
        amount_tax: i64,
        amount_total: Option<i64>,
        kind: String,
    }
}

/// Writes the row of a new order.
pub(super) async fn insert_order(tx: &mut Tx, order: &NewOrder<'_>, number: i64) -> Result<()> {
    let query = sqlx::query(
        "INSERT INTO orders (id, number, token, cart_key, status, stock, currency, amount_total, created_at, \
                             email, has_details) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
    )
    .bind(order.id.as_str().to_owned())
    .bind(number)
    .bind(order.token.as_str().to_owned())
    .bind(order.cart_key.as_str().to_owned())
    .bind(OrderStatus::Pending.as_str())
    .bind(StockState::Held.as_str())
    .bind(order.total.currency().code().to_owned())
    .bind(order.total.amount())
    .bind(order.created_at)
    .bind(order.email.map(str::to_owned))
    .bind(i64::from(order.details.is_some()));
    tx.execute(query).await?;
    Ok(())
}

/// Writes the rows of a new order's lines.
pub(super) async fn insert_lines(tx: &mut Tx, order: &NewOrder<'_>) -> Result<()> {
    for (position, line) in (0_i64..).zip(order.lines) {
        let query = sqlx::query(
            "INSERT INTO order_lines (order_id, position, variant_id, sku, title, options, image, unit_amount, quantity, \
                                      amount_discount, amount_tax, amount_total, kind) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)",
        )
        .bind(order.id.as_str().to_owned())
        .bind(position)
        .bind(line.variant.as_str().to_owned())
        .bind(line.sku.clone())
        .bind(line.title.clone())
        .bind(line.options.clone())
        .bind(line.image.clone())
        .bind(line.unit_price.amount())
        .bind(i64::from(line.quantity))
        .bind(line.discount.amount())
        .bind(line.tax.amount())
        .bind(line.paid.amount())
        .bind(line.kind.as_str());
        tx.execute(query).await?;
    }
    Ok(())
}

impl OrderRow {
    pub(super) fn into_order(
        self,
        currency: Currency,
        lines: Vec<OrderLine>,
        payments: Vec<Payment>,
    ) -> Result<Order> {
        let subtotal = OrderLine::sum(&lines, currency)
            .unwrap_or_else(|_| Money::new(self.amount_total, currency));
        Ok(Order {
            id: OrderId::parse(&self.id).map_err(|_| Error::Corrupt("orders.id"))?,
            number: self.number,
            token: OrderToken::parse(&self.token).map_err(|_| Error::Corrupt("orders.token"))?,
            status: parse_status(&self.status)?,
            stock: StockState::parse(&self.stock).ok_or(Error::Corrupt("orders.stock"))?,
            flag: parse_flag(self.flag.as_deref())?,
            total: Money::new(self.amount_total, currency),
            amounts: OrderAmounts::of_lines(subtotal),
            details: None,
            email: self.email,
            created_at: self.created_at,
            paid_at: self.paid_at,
            parcels: Vec::new(),
            lines,
            payments,
            refunds: Vec::new(),
            disputes: Vec::new(),
            early_fraud_warnings: Vec::new(),
        })
    }
}

impl LineRow {
    pub(super) fn into_line(self, currency: Currency) -> Result<OrderLine> {
        let unit_price = Money::new(self.unit_amount, currency);
        let quantity =
            u32::try_from(self.quantity).map_err(|_| Error::Corrupt("order_lines.quantity"))?;
        let paid = match self.amount_total {
            Some(amount) => Money::new(amount, currency),
            None => unit_price
                .checked_mul(quantity)
                .map_err(|_| Error::Corrupt("order_lines.unit_amount"))?,
        };
        Ok(OrderLine {
            variant: VariantId::parse(&self.variant_id)
                .map_err(|_| Error::Corrupt("order_lines.variant_id"))?,
            sku: self.sku,
            title: self.title,
            options: self.options,
            image: self.image,
            unit_price,
            quantity,
            discount: Money::new(self.amount_discount, currency),
            tax: Money::new(self.amount_tax, currency),
            paid,
            kind: ProductKind::parse(&self.kind).ok_or(Error::Corrupt("order_lines.kind"))?,
        })
    }
}

pub(super) fn parse_status(text: &str) -> Result<OrderStatus> {
    OrderStatus::parse(text).ok_or(Error::Corrupt("orders.status"))
}

pub(super) fn parse_flag(text: Option<&str>) -> Result<Option<Flag>> {
    text.map(|text| Flag::parse(text).ok_or(Error::Corrupt("orders.flag")))
        .transpose()
}
