use domain::money::{Currency, Money};
use domain::order::{Flag, OrderStatus, RefundStatus, ShippingState};

use super::row::{parse_flag, parse_status};
use crate::{Error, Result, Store, page};

/// A paid order as the admin's list shows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OrderSummary {
    /// The order number, for people.
    pub number: i64,
    /// Its money's status.
    pub status: OrderStatus,
    /// Its flag, if it needs review.
    pub flag: Option<Flag>,
    /// The total.
    pub total: Money,
    /// The shopper's address.
    pub email: Option<String>,
    /// True if the cardholder's bank waits for the admin's answer.
    pub needs_answer: bool,
    /// True if it was made in test mode, so that no money was paid.
    pub is_test: bool,
    /// Its latest refund's status, if there is one.
    pub last_refund: Option<RefundStatus>,
    /// Its shipping state.
    pub shipping: ShippingState,
    /// True if a flag, a fraud dispute or an early fraud warning is against shipping it.
    pub is_blocked: bool,
    /// When it was paid, in Unix seconds; for one that is flagged instead, when it was made.
    pub time: i64,
}

/// The orders that have money in them or need the admin's eye, newest first, and whether there are
/// more.
pub async fn paid(store: &Store, number: i64, per_page: i64) -> Result<(Vec<OrderSummary>, bool)> {
    let mut connection = store.reader().await?;
    let rows: Vec<SummaryRow> = sqlx::query_as(
        "SELECT number, status, flag, currency, amount_total, email, COALESCE(paid_at, created_at) AS time, \
                (SELECT COUNT(*) FROM disputes WHERE disputes.order_id = orders.id AND disputes.status IN \
                 ('warning_needs_response', 'needs_response', 'appeal_needs_response')) AS unanswered, \
                (SELECT COUNT(*) FROM disputes WHERE disputes.order_id = orders.id \
                 AND disputes.reason = 'fraudulent' \
                 AND disputes.status NOT IN ('won', 'warning_closed')) \
                + (SELECT COUNT(*) FROM early_fraud_warnings w \
                   WHERE w.order_id = orders.id AND w.is_actionable = 1) AS frauds, \
                (SELECT refunds.status FROM refunds WHERE refunds.order_id = orders.id \
                 ORDER BY refunds.created_at DESC, refunds.id DESC LIMIT 1) AS last_refund, \
                (SELECT COUNT(*) FROM payments WHERE payments.order_id = orders.id AND payments.mode = 'test') AS tests, \
                shipping \
         FROM orders WHERE paid_at IS NOT NULL OR flag IS NOT NULL \
         ORDER BY COALESCE(paid_at, created_at) DESC, number DESC LIMIT $1 OFFSET $2",
    )
    .bind(page::limit(per_page))
    .bind(number.saturating_mul(per_page))
    .fetch_all(&mut *connection)
    .await?;
    page::cut(rows, per_page)
}

row! {
    struct SummaryRow {
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
        shipping: String,
        time: i64,
    }
}

impl TryFrom<SummaryRow> for OrderSummary {
    type Error = Error;

    fn try_from(row: SummaryRow) -> Result<Self> {
        let currency =
            Currency::parse(&row.currency).map_err(|_| Error::Corrupt("orders.currency"))?;
        let status = parse_status(&row.status)?;
        let flag = parse_flag(row.flag.as_deref())?;
        let shipping =
            ShippingState::parse(&row.shipping).ok_or(Error::Corrupt("orders.shipping"))?;
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
            is_blocked: flag.is_some() || row.frauds > 0,
            time: row.time,
        })
    }
}
