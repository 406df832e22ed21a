use std::time::Duration;

use domain::cart::{Cart, PricedLine, SeenPrices};
use domain::discount::CodeProblem;
use domain::id::{CartKey, OrderId, OrderToken, PaymentId};
use domain::money::Money;
use domain::order::{
    Order, OrderFact, OrderLine, OrderStatus, Payment, PaymentFact, PaymentReport, PaymentState,
    Provider, StockState,
};
use rand::Rng;
use store::catalog::Buyable;
use store::orders::NewOrder;
use store::{Commit, Rollback, Tx};
use uuid::Uuid;

use crate::limits::Limit;
use crate::{Client, Error, Shop, cart, holds, orders, random};

/// The agreement about what is paid.
mod agreed;
/// Answers of the provider that are a moment old.
mod asked;
/// Checkout details: what the shopper says when paying, and what the shop answers.
mod details;
/// The note beside a price.
mod price_note;
/// The price of a checkout.
mod quote;
/// Zones, tax rates and discounts.
mod rules;
/// The open payment of an order, and where the shopper pays it.
mod session;

use agreed::{Agreed, Agreement, agree, claim_discounts};
pub(crate) use asked::AskedPayments;
pub use details::{CheckoutDetails, CheckoutProblem, QuoteRequest, QuotedCheckout};
pub use price_note::{PriceNote, price_note};
pub use quote::{needs_details, quote};
pub use rules::CheckoutRules;

pub(crate) use session::{abandon, ask, claim_status_check};

/// The next page for the shopper after the cart.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Checkout {
    /// To Stripe's pay page.
    Pay {
        /// Its slug.
        url: String,
    },
    /// To the page that asks for an address, because something is to be shipped or taxed.
    AskDetails,
    /// To the page of an order that there was nothing to pay for.
    Free {
        /// The order's token.
        token: OrderToken,
    },
    /// To the page of the order that this very cart was paid with.
    AlreadyPaid {
        /// The order's token.
        token: OrderToken,
    },
}

/// The reason why the shopper stays at the cart. The cart is as it was, and no hold is left that
/// was not there before.
#[derive(Debug, thiserror::Error)]
pub enum CheckoutError {
    /// Nothing that can be bought is in it.
    #[error("the cart is empty")]
    EmptyCart,
    /// Prices or stock differ from what the shopper last saw; the cart page says how.
    #[error("the cart differs from what the shopper last saw")]
    NeedsReview,
    /// It comes to less than Stripe charges.
    #[error("the cart comes to less than {minimum}, the least that can be paid")]
    BelowMinimum {
        /// The least that Stripe charges.
        minimum: Money,
    },
    /// Problems of what was typed, so that it is not paid so.
    #[error("the checkout has {} problems", .0.len())]
    Problems(Vec<CheckoutProblem>),
    /// The client has met a limit.
    #[error("the client has met a limit: {0:?}")]
    Limited(Limit),
    /// It comes to more than Stripe charges at once.
    #[error("the cart comes to more than {maximum}, the most that can be paid at once")]
    AboveMaximum {
        /// The most that Stripe charges.
        maximum: Money,
    },
    /// The database or Stripe failed.
    #[error(transparent)]
    Failed(#[from] Error),
}

/// The life of a payment page and its hold, in seconds. Stripe allows no less than 30 minutes;
/// the rest is for the way there and for clocks that differ.
const PAYMENT_SECONDS: i64 = 35 * 60;

/// The number of times that the ground may shift under one click (another tab, a payment that
/// arrives) before giving up.
const ROUNDS: u32 = 10;

/// The longest pause of a round that lost before the next, for each round so far. Tabs with
/// different carts that start together would otherwise go on ending each other's order in step.
const LONGEST_PAUSE: Duration = Duration::from_millis(30);

/// Starts paying for a cart: takes its stock and writes the pending order in one transaction, then
/// makes the Checkout Session. One cart (`key`) has one open order, so a double click, a second tab
/// and a step back all lead to the same session; a cart that changed gets a new one after the old
/// one was ended. A cart that was paid leads to its order, until the browser has taken out what was
/// bought and uses another key.
///
/// `details` is what the shopper said on the checkout's page. A cart that has something to ship or to
/// tax is not paid without; what was agreed is what is charged, to the cent, and kept with the order.
///
/// `client` is where the shopper comes from: what all its unpaid orders hold is limited.
///
/// It goes on when the caller stops waiting, as a shopper's closed connection does: what was held
/// is then given back.
///
/// # Errors
/// When the cart cannot be paid as the shopper saw it, or something failed. No hold is left that
/// was not there before.
pub async fn start(
    shop: &Shop,
    cart: &Cart,
    seen: &SeenPrices,
    key: &CartKey,
    client: Client,
    details: Option<&CheckoutDetails>,
) -> Result<Checkout, CheckoutError> {
    let (shop, cart, seen, key) = (shop.clone(), cart.clone(), seen.clone(), key.clone());
    let details = details.cloned();
    tokio::spawn(async move { run(&shop, &cart, &seen, &key, client, details.as_ref()).await })
        .await
        .unwrap_or(Err(CheckoutError::Failed(Error::TaskFailed)))
}

async fn run(
    shop: &Shop,
    cart: &Cart,
    seen: &SeenPrices,
    key: &CartKey,
    client: Client,
    details: Option<&CheckoutDetails>,
) -> Result<Checkout, CheckoutError> {
    for round in 0..ROUNDS {
        if round > 0 {
            let pause = rand::rng().random_range(Duration::ZERO..=LONGEST_PAUSE * round);
            tokio::time::sleep(pause).await;
        }
        let newest = store::orders::newest_of_cart(&shop.store, key)
            .await
            .map_err(Error::from)?;
        let is_open = match newest {
            Some(order) if order.has_money() => {
                return Ok(Checkout::AlreadyPaid { token: order.token });
            }
            Some(order) => order.status == OrderStatus::Pending,
            None => false,
        };
        if !is_open {
            // A flood is refused before it costs more than one read.
            let passed = shop.gate.look(client, &shop.limits, shop.now());
            passed.map_err(|seconds| CheckoutError::Limited(Limit::Rate { seconds }))?;
        }
        let (priced, buyables) = cart::price_goods(shop, cart, seen, Some(key)).await?;
        if priced.is_empty() && priced.dropped == 0 {
            return Err(CheckoutError::EmptyCart);
        }
        if priced.needs_review() {
            return Err(CheckoutError::NeedsReview);
        }
        let lines = order_lines(&priced.lines, &buyables);
        if lines.is_empty() {
            return Err(CheckoutError::EmptyCart);
        }
        let agreed = match agree(shop, key, &priced, &buyables, lines, details).await? {
            Agreement::Agreed(agreed) => *agreed,
            Agreement::AskDetails => return Ok(Checkout::AskDetails),
            Agreement::Problems(problems) => return Err(CheckoutError::Problems(problems)),
        };
        if let Some(minimum) = agreed.total.below_minimum() {
            return Err(CheckoutError::BelowMinimum { minimum });
        }
        if let Some(maximum) = agreed.total.above_maximum() {
            return Err(CheckoutError::AboveMaximum { maximum });
        }
        let mut prices = agreed.lines.iter().map(|line| line.unit_price);
        if let Some(price) = prices.find(|price| !price.is_chargeable()) {
            return Err(Error::NotChargeable(price).into());
        }
        if !is_open {
            let passed = shop.gate.pass(client, &shop.limits, shop.now());
            passed.map_err(|seconds| CheckoutError::Limited(Limit::Rate { seconds }))?;
        }
        let order = match find_or_create_order(shop, key, &agreed, client).await? {
            Placement::Order(order) => order,
            Placement::Limited(limit) => return Err(CheckoutError::Limited(limit)),
            Placement::SoldOut => return Err(CheckoutError::NeedsReview),
            Placement::PriceChanged => continue,
            Placement::Free(token) => {
                shop.wake_worker();
                return Ok(Checkout::Free { token });
            }
            Placement::Code(problem) => {
                let problem = CheckoutProblem::Code(problem);
                return Err(CheckoutError::Problems(vec![problem]));
            }
        };
        if order.has_money() {
            return Ok(Checkout::AlreadyPaid { token: order.token });
        }
        if let Some(url) = session::ensure_open(shop, &order, &agreed).await? {
            return Ok(Checkout::Pay { url });
        }
    }
    tracing::error!(cart.rounds = ROUNDS, "checkout did not converge");
    Err(CheckoutError::Failed(Error::DidNotConverge))
}

/// The order that this cart was paid with, if the browser has not been told yet.
pub async fn paid_with(shop: &Shop, key: &CartKey) -> Result<Option<Order>, Error> {
    let newest = store::orders::newest_of_cart(&shop.store, key).await?;
    Ok(newest.filter(Order::has_money))
}

enum Placement {
    Order(Box<Order>),
    SoldOut,
    PriceChanged,
    Limited(Limit),
    Free(OrderToken),
    Code(CodeProblem),
}

/// The cart's open order, or the one it was already paid with, or else a new one that holds the
/// stock.
async fn find_or_create_order(
    shop: &Shop,
    key: &CartKey,
    agreed: &Agreed,
    client: Client,
) -> Result<Placement, Error> {
    let lines = agreed.lines.as_slice();
    let code = holds::client_code(shop, client);
    let pieces = lines.iter().map(|line| i64::from(line.quantity)).sum();
    let placement = shop
        .store
        .transaction(async |mut tx| {
            match find(&mut tx, key).await? {
                Some(order) if is_payable_here(shop, &order) => {
                    return Ok(Rollback(Placement::Order(Box::new(order))));
                }
                // It was begun with another key, before the shop was moved.
                Some(order) => {
                    let unused = random::unused_cart_key();
                    store::orders::detach_cart(&mut tx, &order.id, &unused).await?;
                }
                None => {}
            }
            for line in orders::in_lock_order(lines) {
                if !store::stock::hold(&mut tx, &line.variant, line.quantity).await? {
                    // On PostgreSQL a second click of this cart may have taken the last ones while
                    // this one waited.
                    return Ok(Rollback(match find(&mut tx, key).await? {
                        Some(order) => Placement::Order(Box::new(order)),
                        None => Placement::SoldOut,
                    }));
                }
            }
            // What is charged is what the database says in this very transaction.
            let ids: Vec<_> = lines.iter().map(|line| line.variant.clone()).collect();
            let buyables = store::catalog::buyable_in(&mut tx, shop.currency, &ids).await?;
            let is_price_of_now = |line: &OrderLine| {
                let buyable = buyables.iter().find(|buyable| buyable.id == line.variant);
                buyable.is_some_and(|buyable| buyable.price == line.unit_price)
            };
            if !lines.iter().all(is_price_of_now) {
                return Ok(Rollback(Placement::PriceChanged));
            }
            if let Some(refused) = claim_discounts(&mut tx, agreed).await? {
                return Ok(Rollback(refused));
            }
            let order = new_order(shop, agreed);
            let new = NewOrder {
                id: &order.id,
                token: &order.token,
                cart_key: key,
                total: order.total,
                amounts: &order.amounts,
                details: order.details.as_ref(),
                email: order.email.as_deref(),
                lines,
                created_at: order.created_at,
                payment: &order.payments[0],
            };
            let number = store::orders::insert(&mut tx, &new).await?;
            let holds = store::holds::set_client(&mut tx, &order.id, &code).await?;
            let on_hand = store::holds::on_hand(&mut tx).await?;
            if let Err(limit) = shop.limits.check(&holds, pieces, on_hand, shop.now()) {
                return Ok(Rollback(Placement::Limited(limit)));
            }
            let order = Order { number, ..order };
            // Without the shopper's address the provider's page asks for it.
            if order.total.amount() == 0 && order.email.is_some() {
                orders::apply(&mut tx, &order, &nothing_to_pay(&order), shop.now()).await?;
                return Ok(Commit(tx, Placement::Free(order.token)));
            }
            Ok(Commit(tx, Placement::Order(Box::new(order))))
        })
        .await?;
    Ok(placement)
}

/// True if an order was paid, or can be with the key that the shop has now.
fn is_payable_here(shop: &Shop, order: &Order) -> bool {
    let payment = order.open_payment();
    order.has_money() || payment.is_none_or(|payment| shop.is_own_payment(payment))
}

/// The cart's open order, or the one that it was already paid with.
async fn find(tx: &mut Tx, key: &CartKey) -> Result<Option<Order>, store::Error> {
    let newest = store::orders::newest_of_cart_in(tx, key).await?;
    Ok(newest.filter(|order| order.status == OrderStatus::Pending || order.has_money()))
}

/// Nothing is to be paid, so no provider has to say that it was.
fn nothing_to_pay(order: &Order) -> OrderFact {
    let report = PaymentReport {
        total: order.total,
        payment_reference: None,
        email: order.email.clone(),
    };
    OrderFact::Payment(order.payments[0].id.clone(), PaymentFact::Captured(report))
}

fn new_order(shop: &Shop, agreed: &Agreed) -> Order {
    let now = shop.now();
    let payment = Payment {
        id: PaymentId::parse(&Uuid::now_v7().to_string())
            .expect("a UUID is hexadecimal digits and dashes"),
        provider: Provider::StripeCheckout,
        mode: shop.mode,
        account: shop.account().map(str::to_owned),
        reference: None,
        payment_reference: None,
        state: PaymentState::Open,
        amount: agreed.total,
        captured: None,
        expires_at: now.saturating_add(PAYMENT_SECONDS),
        attempt: 1,
    };
    Order {
        id: OrderId::parse(&Uuid::now_v7().to_string())
            .expect("a UUID is hexadecimal digits and dashes"),
        number: 0,
        token: random::order_token(),
        status: OrderStatus::Pending,
        stock: StockState::Held,
        flag: None,
        total: agreed.total,
        amounts: agreed.amounts.clone(),
        details: agreed.details.clone(),
        email: agreed.email.clone(),
        created_at: now,
        paid_at: None,
        parcels: Vec::new(),
        lines: agreed.lines.clone(),
        payments: vec![payment],
        refunds: Vec::new(),
        disputes: Vec::new(),
        early_fraud_warnings: Vec::new(),
    }
}

/// The lines of an order: all but sold-out ones, which stay in the cart.
fn order_lines(lines: &[PricedLine], buyables: &[Buyable]) -> Vec<OrderLine> {
    let kind = |line: &PricedLine| {
        let mut buyables = buyables.iter();
        let buyable = buyables.find(|buyable| buyable.id == line.variant);
        buyable.map(|buyable| buyable.kind).unwrap_or_default()
    };
    lines
        .iter()
        .filter(|line| line.quantity > 0)
        .map(|line| OrderLine {
            variant: line.variant.clone(),
            sku: line.sku.clone(),
            title: line.title.clone(),
            options: line.options.clone(),
            image: line.image.clone(),
            unit_price: line.unit_price,
            quantity: line.quantity,
            discount: Money::zero(line.total.currency()),
            tax: Money::zero(line.total.currency()),
            paid: line.total,
            kind: kind(line),
        })
        .collect()
}

/// Ends an open order: its payment page first, then its hold.
///
/// # Errors
/// When Stripe or the database fails; the order goes on then.
pub(crate) async fn end_open(shop: &Shop, order: &Order) -> Result<(), Error> {
    match order.open_payment() {
        Some(payment) if payment.reference.is_some() => {
            session::end(shop, &order.id, &payment.id).await
        }
        Some(payment) => session::abandon(shop, order, payment).await,
        None => Ok(()),
    }
}
