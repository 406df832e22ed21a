use domain::id::{OrderId, OrderToken, VariantId};
use domain::money::{Currency, Money};
use domain::order::{
    Flag, Order, OrderLine, OrderStatus, Payment, RefundStatus, Shipment, StockState,
};

use super::{OrderSummary, ShippingState};
use crate::{Error, Result};

#[derive(sqlx::FromRow)]
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
    shipped_at: Option<i64>,
    carrier: Option<String>,
    tracking_number: Option<String>,
}

#[derive(sqlx::FromRow)]
pub(super) struct LineRow {
    variant_id: String,
    sku: String,
    title: String,
    options: String,
    image: String,
    unit_amount: i64,
    quantity: i64,
}

#[derive(sqlx::FromRow)]
pub(super) struct SummaryRow {
    number: i64,
    status: String,
    flag: Option<String>,
    currency: String,
    amount_total: i64,
    email: Option<String>,
    unanswered: i64,
    frauds: i64,
    tests: i64,
    last_refund: Option<String>,
    shipped_at: Option<i64>,
    stock: String,
    time: i64,
}

impl OrderRow {
    pub(super) fn into_order(
        self,
        currency: Currency,
        lines: Vec<OrderLine>,
        payments: Vec<Payment>,
    ) -> Result<Order> {
        Ok(Order {
            id: OrderId::parse(&self.id).map_err(|_| Error::Corrupt("orders.id"))?,
            number: self.number,
            token: OrderToken::parse(&self.token).map_err(|_| Error::Corrupt("orders.token"))?,
            status: parse_status(&self.status)?,
            stock: StockState::parse(&self.stock).ok_or(Error::Corrupt("orders.stock"))?,
            flag: parse_flag(self.flag.as_deref())?,
            total: Money::new(self.amount_total, currency),
            email: self.email,
            created_at: self.created_at,
            paid_at: self.paid_at,
            shipment: self.shipped_at.map(|shipped_at| Shipment {
                shipped_at,
                carrier: self.carrier,
                tracking_number: self.tracking_number,
            }),
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
        Ok(OrderLine {
            variant: VariantId::parse(&self.variant_id)
                .map_err(|_| Error::Corrupt("order_lines.variant_id"))?,
            sku: self.sku,
            title: self.title,
            options: self.options,
            image: self.image,
            unit_price: Money::new(self.unit_amount, currency),
            quantity: u32::try_from(self.quantity)
                .map_err(|_| Error::Corrupt("order_lines.quantity"))?,
        })
    }
}

impl TryFrom<SummaryRow> for OrderSummary {
    type Error = Error;

    fn try_from(row: SummaryRow) -> Result<Self> {
        let currency =
            Currency::parse(&row.currency).map_err(|_| Error::Corrupt("orders.currency"))?;
        let status = parse_status(&row.status)?;
        let flag = parse_flag(row.flag.as_deref())?;
        let is_due = matches!(status, OrderStatus::Paid | OrderStatus::PartiallyRefunded)
            && row.stock == StockState::Sold.as_str();
        let shipping = match row.shipped_at {
            Some(_) => ShippingState::Shipped,
            None if !is_due => ShippingState::Nothing,
            None if flag.is_some() || row.frauds > 0 => ShippingState::DoNotShip,
            None => ShippingState::ToPack,
        };
        Ok(Self {
            number: row.number,
            status,
            flag,
            total: Money::new(row.amount_total, currency),
            email: row.email,
            needs_answer: row.unanswered > 0,
            is_test: row.tests > 0,
            last_refund: row
                .last_refund
                .map(|text| RefundStatus::parse(&text).ok_or(Error::Corrupt("refunds.status")))
                .transpose()?,
            shipping,
            time: row.time,
        })
    }
}

fn parse_status(text: &str) -> Result<OrderStatus> {
    OrderStatus::parse(text).ok_or(Error::Corrupt("orders.status"))
}

fn parse_flag(text: Option<&str>) -> Result<Option<Flag>> {
    text.map(|text| Flag::parse(text).ok_or(Error::Corrupt("orders.flag")))
        .transpose()
}
