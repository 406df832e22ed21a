use domain::catalog::Collection;
use domain::id::{CartKey, OrderId, OrderToken, PaymentId, VariantId};
use domain::money::{Currency, Money};
use domain::order::{Mode, OrderLine, Payment, PaymentState, Provider};
use store::catalog::{NewProduct, NewVariant, insert_collection, insert_product};
use store::orders::NewOrder;
use store::{Result, Store, Tx};

use crate::database::Database;

/// A store with a little on its shelves: a print in two sizes, ten of each, and a poster, three of
/// it.
pub(crate) struct TestStore {
    pub(crate) store: Store,
    pub(crate) database: Database,
}

impl TestStore {
    pub(crate) async fn new() -> Self {
        let database = Database::empty().await;
        let store = Store::open(&database.url).await.unwrap();
        store.migrate().await.unwrap();
        let mut tx = store.begin().await.unwrap();
        for (position, slug) in [(1, "prints"), (0, "posters"), (2, "bare")] {
            let collection = Collection {
                slug: slug.to_owned(),
                title: slug.to_ascii_uppercase(),
                description: String::new(),
                image: String::new(),
            };
            insert_collection(&mut tx, &collection, position)
                .await
                .unwrap();
        }
        let sizes = [["A4".to_owned()], ["A3".to_owned()]];
        let print = NewProduct {
            slug: "print",
            title: "Print \u{1f30a}",
            description: "It's a \"print\"; 100 % of it.",
            image: "/art/print.svg",
            image_alt: "A print.",
            option_names: &["Size".to_owned()],
            collections: &["prints".to_owned(), "posters".to_owned()],
            position: 1,
            variants: vec![
                new_variant("print-a4", "PRINT-A4", &sizes[0], 2400, 10),
                new_variant("print-a3", "PRINT-A3", &sizes[1], 3800, 10),
            ],
        };
        assert!(insert_product(&mut tx, &print).await.unwrap());
        let poster = NewProduct {
            slug: "poster",
            option_names: &[],
            collections: &["posters".to_owned()],
            position: 0,
            variants: vec![new_variant("poster", "POSTER", &[], 1500, 3)],
            ..print
        };
        assert!(insert_product(&mut tx, &poster).await.unwrap());
        tx.commit().await.unwrap();
        Self { store, database }
    }

    /// Writes an order for one print, and answers its number.
    pub(crate) async fn order(&self, id: &str, cart: &str) -> Result<i64> {
        let mut tx = self.store.begin().await?;
        let number = insert_order(&mut tx, id, cart).await?;
        tx.commit().await?;
        Ok(number)
    }

    /// What lies on the shelf, and what of it is held.
    pub(crate) async fn counts(&self, variant: &str) -> (i64, i64) {
        let column = async |column| {
            let sql = format!("SELECT {column} FROM variants WHERE id = '{variant}'");
            self.database.number(&sql).await
        };
        (column("on_hand").await, column("held").await)
    }
}

/// Writes an order for one print, and answers its number.
pub(crate) async fn insert_order(tx: &mut Tx, id: &str, cart: &str) -> Result<i64> {
    let order = NewOrder {
        id: &order_id(id),
        token: &OrderToken::parse(&format!("token-{id}")).unwrap(),
        cart_key: &cart_key(cart),
        total: Money::new(4800, Currency::USD),
        lines: &[line("print-a4", 2)],
        created_at: 1_700_000_000,
        payment: &payment(id),
    };
    store::orders::insert(tx, &order).await
}

pub(crate) fn new_variant<'a>(
    id: &str,
    sku: &'a str,
    options: &'a [String],
    unit_amount: i64,
    on_hand: i64,
) -> NewVariant<'a> {
    NewVariant {
        id: variant(id),
        sku,
        options,
        unit_amount,
        on_hand,
    }
}

/// The payment of an order: open, and not known to any provider.
pub(crate) fn payment(order: &str) -> Payment {
    Payment {
        id: payment_id(order),
        provider: Provider::StripeCheckout,
        mode: Mode::Test,
        account: Some("acct_1".to_owned()),
        reference: None,
        payment_reference: None,
        state: PaymentState::Open,
        amount: Money::new(4800, Currency::USD),
        captured: None,
        expires_at: 1_700_001_860,
        attempt: 1,
    }
}

pub(crate) fn payment_id(order: &str) -> PaymentId {
    PaymentId::parse(&format!("payment-of-{order}")).unwrap()
}

pub(crate) fn line(id: &str, quantity: u32) -> OrderLine {
    OrderLine {
        variant: variant(id),
        sku: id.to_ascii_uppercase(),
        title: "Print".to_owned(),
        options: "A4".to_owned(),
        image: "/art/print.svg".to_owned(),
        unit_price: Money::new(2400, Currency::USD),
        quantity,
    }
}

pub(crate) fn variant(id: &str) -> VariantId {
    VariantId::parse(id).unwrap()
}

pub(crate) fn order_id(id: &str) -> OrderId {
    OrderId::parse(id).unwrap()
}

pub(crate) fn cart_key(key: &str) -> CartKey {
    CartKey::parse(key).unwrap()
}
