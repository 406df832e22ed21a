use domain::id::OrderId;

use crate::{Error, Result, Store, Tx, page};

/// An event as Stripe named it.
#[derive(Clone, Copy, Debug)]
pub struct NewEvent<'a> {
    /// Its id (`evt_…`).
    pub id: &'a str,
    /// Its type, such as `checkout.session.completed`.
    pub kind: &'a str,
    /// The object that it is about, such as `cs_…`.
    pub object_id: Option<&'a str>,
    /// When it arrived, in Unix seconds.
    pub received_at: i64,
}

/// An event as the admin's list shows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EventSummary {
    /// Its id (`evt_…`).
    pub id: String,
    /// Its type, such as `checkout.session.completed`.
    pub kind: String,
    /// Its outcome.
    pub outcome: Outcome,
    /// The number of the order that it is about, if it is about one.
    pub order_number: Option<i64>,
    /// When it arrived, in Unix seconds.
    pub received_at: i64,
}

/// The outcome of a webhook event.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// It changed an order.
    Applied,
    /// The order knew already, or knew better.
    Unchanged,
    /// The admin has to look at the order.
    Flagged,
    /// It is about a payment that the shop does not know yet.
    Unmatched,
    /// It is not about an order of this shop, or of a type that says nothing about one.
    Ignored,
    /// It is of the other mode: a test event in a live shop, or a live event in a test shop.
    WrongMode,
}

impl Outcome {
    /// Every outcome.
    pub const ALL: [Self; 6] = [
        Self::Applied,
        Self::Unchanged,
        Self::Flagged,
        Self::Unmatched,
        Self::Ignored,
        Self::WrongMode,
    ];

    /// As the database writes it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Applied => "applied",
            Self::Unchanged => "unchanged",
            Self::Flagged => "flagged",
            Self::Unmatched => "waiting",
            Self::Ignored => "ignored",
            Self::WrongMode => "wrong_mode",
        }
    }

    /// Reads what [`Outcome::as_str`] wrote.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL
            .into_iter()
            .find(|outcome| outcome.as_str() == text)
    }
}

/// Claims an event, and returns whether it is new; of any number of copies, one is.
pub async fn claim(tx: &mut Tx, event: NewEvent<'_>) -> Result<bool> {
    let query = sqlx::query(
        "INSERT INTO webhook_events (id, type, object_id, received_at, outcome) \
         VALUES ($1, $2, $3, $4, $5) ON CONFLICT (id) DO NOTHING",
    )
    .bind(event.id.to_owned())
    .bind(event.kind.to_owned())
    .bind(event.object_id.map(str::to_owned))
    .bind(event.received_at)
    .bind(Outcome::Ignored.as_str());
    Ok(tx.execute(query).await? == 1)
}

/// Writes what became of a claimed event.
pub async fn settle(
    tx: &mut Tx,
    id: &str,
    order: Option<&OrderId>,
    outcome: Outcome,
) -> Result<()> {
    let query = sqlx::query("UPDATE webhook_events SET order_id = $2, outcome = $3 WHERE id = $1")
        .bind(id.to_owned())
        .bind(order.map(|order| order.as_str().to_owned()))
        .bind(outcome.as_str());
    tx.execute(query).await?;
    Ok(())
}

/// True if this event was taken in hand before.
pub async fn is_known(store: &Store, id: &str) -> Result<bool> {
    Ok(outcome(store, id).await?.is_some())
}

/// The outcome of the event `id`, as the database writes it.
pub async fn outcome(store: &Store, id: &str) -> Result<Option<String>> {
    let mut connection = store.reader().await?;
    let row: Option<(String,)> = sqlx::query_as("SELECT outcome FROM webhook_events WHERE id = $1")
        .bind(id.to_owned())
        .fetch_optional(&mut *connection)
        .await?;
    Ok(row.map(|(outcome,)| outcome))
}

/// A page of the events, the latest first, and whether there are more. Pages are counted from zero.
pub async fn recent(
    store: &Store,
    number: i64,
    per_page: i64,
) -> Result<(Vec<EventSummary>, bool)> {
    let mut connection = store.reader().await?;
    let rows: Vec<SummaryRow> = sqlx::query_as(
        "SELECT webhook_events.id, webhook_events.type AS kind, webhook_events.outcome, \
                orders.number AS order_number, webhook_events.received_at \
         FROM webhook_events LEFT JOIN orders ON orders.id = webhook_events.order_id \
         ORDER BY webhook_events.received_at DESC, webhook_events.id DESC LIMIT $1 OFFSET $2",
    )
    .bind(page::limit(per_page))
    .bind(number.saturating_mul(per_page))
    .fetch_all(&mut *connection)
    .await?;
    page::cut(rows, per_page)
}

row! {
    struct SummaryRow {
        id: String,
        kind: String,
        outcome: String,
        order_number: Option<i64>,
        received_at: i64,
    }
}

impl TryFrom<SummaryRow> for EventSummary {
    type Error = Error;

    fn try_from(row: SummaryRow) -> Result<Self> {
        Ok(Self {
            id: row.id,
            kind: row.kind,
            outcome: Outcome::parse(&row.outcome)
                .ok_or(Error::Corrupt("webhook_events.outcome"))?,
            order_number: row.order_number,
            received_at: row.received_at,
        })
    }
}
