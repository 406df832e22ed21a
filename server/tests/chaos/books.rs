use std::collections::{BTreeMap, HashSet};

use serde_json::Value;
use sqlx::any::AnyRow;
use sqlx::{AnyConnection, Connection, FromRow};
use testkit::row;

use crate::finding::Finding;
use crate::world::World;

/// The captures, the orders and the carts.
mod capture_audit;
/// The refunds, the disputes and the events.
mod refund_audit;

/// Both sides' books, once everything is at rest: the shop's database and what Stripe's API tells.
pub(crate) struct Books {
    pub(crate) seed: u64,
    /// By id.
    pub(crate) orders: BTreeMap<String, Order>,
    pub(crate) lines: Vec<Line>,
    pub(crate) refunds: Vec<Refund>,
    pub(crate) refund_lines: Vec<RefundLine>,
    pub(crate) disputes: Vec<Dispute>,
    pub(crate) emails: Vec<Email>,
    pub(crate) events: Vec<Event>,
    pub(crate) stripe: StripeBooks,
    /// The orders that somebody else than their shopper paid.
    strays: HashSet<String>,
}

/// Stripe's side of the books.
pub(crate) struct StripeBooks {
    pub(crate) sessions: Vec<Value>,
    pub(crate) intents: Vec<Value>,
    pub(crate) charges: Vec<Value>,
    pub(crate) refunds: Vec<Value>,
    pub(crate) disputes: Vec<Value>,
    pub(crate) events: Vec<Value>,
}

row! {
    #[derive(Debug)]
    pub(crate) struct Order {
        pub(crate) id: String,
        pub(crate) number: i64,
        pub(crate) cart_key: String,
        pub(crate) status: String,
        pub(crate) stock: String,
        pub(crate) flag: Option<String>,
        pub(crate) currency: String,
        pub(crate) amount_total: i64,
        pub(crate) amount_refunded: i64,
        pub(crate) email: Option<String>,
        pub(crate) reference: Option<String>,
        pub(crate) payment_reference: Option<String>,
        pub(crate) paid_at: Option<i64>,
        pub(crate) parcel: Option<String>,
    }
}

row! {
    #[derive(Debug)]
    pub(crate) struct Line {
        pub(crate) order_id: String,
        pub(crate) variant_id: String,
        pub(crate) unit_amount: i64,
        pub(crate) quantity: i64,
    }
}

row! {
    #[derive(Debug)]
    pub(crate) struct Refund {
        pub(crate) id: String,
        pub(crate) stripe_id: Option<String>,
        pub(crate) order_id: Option<String>,
        pub(crate) amount: i64,
        pub(crate) currency: String,
        pub(crate) status: String,
        pub(crate) source: String,
    }
}

row! {
    #[derive(Debug)]
    pub(crate) struct RefundLine {
        pub(crate) refund_id: String,
        pub(crate) variant_id: String,
        pub(crate) restocked: i64,
    }
}

row! {
    #[derive(Debug)]
    pub(crate) struct Dispute {
        pub(crate) id: String,
        pub(crate) order_id: Option<String>,
        pub(crate) amount: i64,
        pub(crate) status: String,
        pub(crate) funds: String,
        is_appealed: i64,
    }
}

row! {
    #[derive(Debug)]
    pub(crate) struct Email {
        pub(crate) id: String,
        pub(crate) order_id: String,
        pub(crate) kind: String,
        pub(crate) subject: String,
    }
}

row! {
    #[derive(Debug)]
    pub(crate) struct Event {
        pub(crate) id: String,
        pub(crate) kind: String,
        pub(crate) order_id: Option<String>,
        pub(crate) outcome: String,
    }
}

impl Order {
    pub(crate) fn is_paid(&self) -> bool {
        matches!(
            self.status.as_str(),
            "paid" | "partially_refunded" | "refunded"
        )
    }
}

impl Dispute {
    pub(crate) const fn is_appealed(&self) -> bool {
        self.is_appealed != 0
    }
}

impl Refund {
    pub(crate) const fn is_at_stripe(&self) -> bool {
        self.stripe_id.is_some()
    }
}

impl Books {
    pub(crate) async fn read(world: &World) -> Self {
        let mut db = AnyConnection::connect(&world.database.url).await.unwrap();
        let orders: Vec<Order> = rows(
            &mut db,
            "SELECT o.id, o.number, o.cart_key, o.status, o.stock, o.flag, o.currency, o.amount_total, \
                    o.amount_refunded, o.email, p.reference, p.payment_reference, o.paid_at, \
                    (SELECT MIN(id) FROM parcels WHERE parcels.order_id = o.id) AS parcel \
             FROM orders o LEFT JOIN payments p ON p.order_id = o.id",
        )
        .await;
        let stripe = &world.stripe;
        Self {
            seed: world.seed,
            orders: orders
                .into_iter()
                .map(|order| (order.id.clone(), order))
                .collect(),
            lines: rows(&mut db, "SELECT * FROM order_lines").await,
            refunds: rows(&mut db, "SELECT * FROM refunds").await,
            refund_lines: rows(&mut db, "SELECT * FROM refund_lines").await,
            disputes: rows(&mut db, "SELECT * FROM disputes").await,
            emails: rows(&mut db, "SELECT * FROM outbox").await,
            events: rows(&mut db, "SELECT id, type AS kind, order_id, outcome FROM webhook_events ORDER BY received_at").await,
            stripe: StripeBooks {
                sessions: stripe.all("checkout/sessions").await,
                intents: stripe.all("payment_intents").await,
                charges: stripe.all("charges").await,
                refunds: stripe.all("refunds").await,
                disputes: stripe.all("disputes").await,
                events: stripe.all("events").await,
            },
            strays: world.strays.lock().unwrap().clone(),
        }
    }

    pub(crate) fn refunds_of<'a>(&'a self, order: &'a Order) -> impl Iterator<Item = &'a Refund> {
        let is_own = |refund: &&Refund| refund.order_id.as_ref() == Some(&order.id);
        self.refunds.iter().filter(is_own)
    }

    pub(crate) fn disputes_of<'a>(&'a self, order: &'a Order) -> impl Iterator<Item = &'a Dispute> {
        let is_own = |dispute: &&Dispute| dispute.order_id.as_ref() == Some(&order.id);
        self.disputes.iter().filter(is_own)
    }

    /// The number of pieces of a variant that were sold.
    pub(crate) fn sold(&self, variant: &str) -> i64 {
        self.lines
            .iter()
            .filter(|line| {
                line.variant_id == variant && self.orders[&line.order_id].stock == "sold"
            })
            .map(|line| line.quantity)
            .sum()
    }

    /// The number of pieces of a variant that the admin put back, with refunds that Stripe has.
    pub(crate) fn restock(&self, variant: &str) -> i64 {
        let is_at_stripe = |id: &str| {
            let refund = self.refunds.iter().find(|refund| refund.id == id);
            refund.is_some_and(Refund::is_at_stripe)
        };
        self.refund_lines
            .iter()
            .filter(|line| line.variant_id == variant && is_at_stripe(&line.refund_id))
            .map(|line| line.restocked)
            .sum()
    }

    /// Holds the shop's books against Stripe's.
    pub(crate) fn check(&self) -> Vec<Finding> {
        let mut findings = Vec::new();
        self.check_captures(&mut findings);
        self.check_orders(&mut findings);
        self.check_carts(&mut findings);
        self.check_refunds(&mut findings);
        self.check_disputes(&mut findings);
        self.check_events(&mut findings);
        findings
    }

    fn captured(&self) -> impl Iterator<Item = &Value> {
        let is_captured =
            |charge: &&Value| charge["captured"] == true && charge["status"] == "succeeded";
        self.stripe.charges.iter().filter(is_captured)
    }

    fn session_of(&self, intent: &str) -> Option<&Value> {
        let mut sessions = self.stripe.sessions.iter();
        sessions.find(|session| session["payment_intent"] == intent)
    }
}

async fn rows<T>(db: &mut AnyConnection, sql: &'static str) -> Vec<T>
where
    T: for<'r> FromRow<'r, AnyRow> + Send + Unpin,
{
    sqlx::query_as(sql).fetch_all(db).await.unwrap()
}

fn integer(object: &Value, member: &str) -> i64 {
    object[member]
        .as_i64()
        .unwrap_or_else(|| panic!("no {member} in {object}"))
}
