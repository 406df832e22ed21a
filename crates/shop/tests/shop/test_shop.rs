use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use domain::cart::{Cart, PricedCart, SeenPrices};
use domain::id::{CartKey, OrderToken};
use domain::order::Order;
use payments::event::Event;
use payments::{Mode, RetryPolicy, SecretKey, Stripe};
use sandbox::Sandbox;
use serde_json::Value;
use shop::checkout::{Checkout, CheckoutError};
use shop::limits::{Limits, Rate};
use shop::{Client, Clock, Shop};
use store::Store;
use testkit::database::Database;
use testkit::products::TestProduct;

/// The stock on hand at first: the variant, its price in cents, and the number of pieces.
pub(crate) const STOCK: [(&str, i64, i64); 3] = [
    ("low-a4", 2400, 10),
    ("low-a3", 3800, 10),
    ("last", 5000, 1),
];

/// The address that shoppers give on the pay page.
pub(crate) const EMAIL: &str = "ada@example.com";

/// Limits that no test meets by accident.
const UNLIMITED: Limits = {
    let rate = Rate {
        burst: 1_000_000,
        refill: 1,
        seconds: 1,
    };
    Limits {
        open_orders: 1_000_000,
        held_percent: 100,
        held_pieces: 1_000_000,
        client_rate: rate,
        shop_rate: rate,
    }
};

/// A small shop with its database, its Stripe, and a clock that can be moved.
pub(crate) struct TestShop {
    pub(crate) shop: Shop,
    pub(crate) store: Store,
    pub(crate) database: Database,
    pub(crate) sandbox: Sandbox,
    ahead: Arc<AtomicI64>,
    http: reqwest::Client,
    _folder: tempfile::TempDir,
}

impl TestShop {
    pub(crate) async fn open() -> Self {
        let (database, store) = Database::migrated().await;
        insert_stock(&store).await;
        let folder = tempfile::tempdir().unwrap();
        let sandbox = sandbox::start(sandbox::Config {
            addr: ([127, 0, 0, 1], 0).into(),
            state: folder.path().join("sandbox.db"),
            record: std::env::var_os("SANDBOX_RECORD").map(Into::into),
            ..sandbox::Config::default()
        })
        .await
        .unwrap();
        let ahead = Arc::new(AtomicI64::new(0));
        let policy = RetryPolicy {
            timeout: Duration::from_secs(30),
            ..RetryPolicy::default()
        };
        let shop = open_shop(
            &store,
            (sandbox.base_url(), sandbox.base_url()),
            policy,
            &ahead,
            Mode::Test,
        )
        .await;
        let http = reqwest::Client::builder()
            .redirect(reqwest::redirect::Policy::none())
            .build()
            .unwrap();
        Self {
            shop,
            store,
            database,
            sandbox,
            ahead,
            http,
            _folder: folder,
        }
    }

    /// The same shop, with Stripe at another address.
    pub(crate) async fn with_stripe_at(&self, base: &str) -> Shop {
        let policy = RetryPolicy {
            timeout: Duration::from_secs(30),
            backoff: vec![Duration::from_millis(5)],
            total: Duration::from_secs(30),
        };
        let addresses = (base, self.sandbox.base_url());
        open_shop(&self.store, addresses, policy, &self.ahead, Mode::Test).await
    }

    /// The same shop, with no Stripe at all.
    pub(crate) async fn without_stripe(&self) -> Shop {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let base = format!("http://{}", listener.local_addr().unwrap());
        drop(listener);
        self.with_stripe_at(&base).await
    }

    /// The same shop, with real money.
    pub(crate) async fn live(&self) -> Shop {
        let base = self.sandbox.base_url();
        open_shop(
            &self.store,
            (base, base),
            RetryPolicy::default(),
            &self.ahead,
            Mode::Live,
        )
        .await
    }

    /// Moves the shop's clock and the sandbox's.
    pub(crate) async fn pass(&self, seconds: i64) {
        self.pass_here(seconds);
        self.control("/sandbox/clock", &[("advance", &seconds.to_string())])
            .await;
    }

    /// Moves the shop's clock alone.
    pub(crate) fn pass_here(&self, seconds: i64) {
        self.ahead.fetch_add(seconds, Ordering::Relaxed);
    }

    /// The shop's time, in Unix seconds.
    pub(crate) fn now(&self) -> i64 {
        Clock::system().now() + self.ahead.load(Ordering::Relaxed)
    }

    /// Clicks Checkout after a look at the cart.
    pub(crate) async fn check_out(
        &self,
        cart: &Cart,
        key: &CartKey,
    ) -> Result<Checkout, CheckoutError> {
        start(&self.shop, cart, &SeenPrices::default(), key).await
    }

    /// Clicks Checkout and answers where the pay page is.
    pub(crate) async fn pay_page(&self, cart: &Cart, key: &CartKey) -> String {
        pay_page(self.check_out(cart, key).await)
    }

    /// Goes to the pay page of a new order for `cart`.
    pub(crate) async fn order(&self, cart: &Cart) -> (Order, String) {
        let key = crate::test_shop::new_key();
        let url = self.pay_page(cart, &key).await;
        (self.newest(&key).await, url)
    }

    /// The newest order of a cart.
    pub(crate) async fn newest(&self, key: &CartKey) -> Order {
        store::orders::newest_of_cart(&self.store, key)
            .await
            .unwrap()
            .unwrap()
    }

    /// The order as it is now.
    pub(crate) async fn again(&self, order: &Order) -> Order {
        self.by_token(&order.token).await
    }

    pub(crate) async fn by_token(&self, token: &OrderToken) -> Order {
        store::orders::by_token(&self.store, token)
            .await
            .unwrap()
            .unwrap()
    }

    pub(crate) async fn price(
        &self,
        cart: &Cart,
        seen: &SeenPrices,
        key: Option<&CartKey>,
    ) -> PricedCart {
        shop::cart::price(&self.shop, cart, seen, key)
            .await
            .unwrap()
    }

    /// Fills in the pay page with a card that succeeds. No event reaches the shop by itself.
    pub(crate) async fn pay(&self, url: &str) {
        self.pay_with(url, "4242424242424242").await;
    }

    /// The same with one of Stripe's cards for testing.
    pub(crate) async fn pay_with(&self, url: &str, card: &str) {
        let form = [
            ("email", EMAIL),
            ("cardNumber", card),
            ("cardExpiry", "12 / 40"),
            ("cardCvc", "123"),
            ("billingName", "Ada L"),
        ];
        let answer = self.post(url, &form).await;
        assert_eq!(answer.status(), 303, "the card is taken");
    }

    /// Sends a form, as a browser does that follows no redirect.
    pub(crate) async fn post(&self, url: &str, form: &[(&str, &str)]) -> reqwest::Response {
        self.http.post(url).form(form).send().await.unwrap()
    }

    /// The events of a type that Stripe has to tell, oldest first.
    pub(crate) async fn events(&self, kind: &str) -> Vec<Event> {
        let list = self.ask_stripe("/v1/events?limit=100").await;
        let mut events: Vec<Event> = list["data"]
            .as_array()
            .unwrap()
            .iter()
            .filter(|event| event["type"] == kind)
            .map(|event| Event::parse(event.to_string().as_bytes()).unwrap())
            .collect();
        events.reverse();
        events
    }

    /// The one event of a type that Stripe has to tell.
    pub(crate) async fn event(&self, kind: &str) -> Event {
        let mut events = self.events(kind).await;
        assert_eq!(events.len(), 1, "one {kind}");
        events.remove(0)
    }

    /// The state of each session at Stripe, oldest first.
    pub(crate) async fn sessions(&self) -> Vec<(String, String)> {
        let list = self.ask_stripe("/v1/checkout/sessions?limit=100").await;
        let text = |session: &Value, member: &str| session[member].as_str().unwrap().to_owned();
        let mut sessions: Vec<_> = list["data"]
            .as_array()
            .unwrap()
            .iter()
            .map(|session| {
                (
                    text(session, "client_reference_id"),
                    text(session, "status"),
                )
            })
            .collect();
        sessions.reverse();
        sessions
    }

    pub(crate) async fn ask_stripe(&self, path: &str) -> Value {
        let url = format!("{}{path}", self.sandbox.base_url());
        let answer = self
            .http
            .get(url)
            .bearer_auth("sk_test_sandbox")
            .send()
            .await
            .unwrap();
        answer.json().await.unwrap()
    }

    pub(crate) async fn count_orders(&self) -> i64 {
        self.database.number("SELECT COUNT(*) FROM orders").await
    }

    pub(crate) async fn on_hand(&self, variant: &str) -> i64 {
        self.database.on_hand(variant).await
    }

    pub(crate) async fn held(&self, variant: &str) -> i64 {
        self.database.held(variant).await
    }

    /// The orders and the stock must agree: no piece is held, sold or lost that no order knows of.
    pub(crate) async fn check_books(&self) {
        for (variant, _, first) in STOCK {
            let of_orders = |stock: &str| {
                format!(
                    "SELECT CAST(COALESCE(SUM(l.quantity), 0) AS BIGINT) FROM order_lines l \
                     JOIN orders o ON o.id = l.order_id WHERE l.variant_id = '{variant}' AND o.stock = '{stock}'"
                )
            };
            let held = self.database.number(&of_orders("held")).await;
            let sold = self.database.number(&of_orders("sold")).await;
            assert_eq!(self.held(variant).await, held, "held of {variant}");
            assert_eq!(
                self.on_hand(variant).await,
                first - sold,
                "on hand of {variant}"
            );
        }
    }

    /// Does something at the sandbox, past the shop.
    pub(crate) async fn control(&self, path: &str, form: &[(&str, &str)]) -> Value {
        let url = format!("{}{path}", self.sandbox.base_url());
        let request = self.http.post(url).bearer_auth("sk_test_sandbox");
        let answer = request.form(form).send().await.unwrap();
        assert_eq!(answer.status(), 200, "{path}");
        answer.json().await.unwrap()
    }
}

/// Clicks Checkout from nowhere in particular.
pub(crate) async fn start(
    shop: &Shop,
    cart: &Cart,
    seen: &SeenPrices,
    key: &CartKey,
) -> Result<Checkout, CheckoutError> {
    shop::checkout::start(shop, cart, seen, key, Client::UNKNOWN, None).await
}

/// A key for a cart. That the server made it is checked where a browser's cookie is read.
pub(crate) fn new_key() -> CartKey {
    CartKey::parse(&uuid::Uuid::now_v7().simple().to_string()).unwrap()
}

/// A cart, as its cookie writes it.
pub(crate) fn cart(text: &str) -> Cart {
    Cart::from_cookie(text)
}

/// The address of the pay page that a click on Checkout led to.
pub(crate) fn pay_page(checkout: Result<Checkout, CheckoutError>) -> String {
    match checkout {
        Ok(Checkout::Pay { url }) => url,
        other => panic!("not to the pay page but {other:?}"),
    }
}

/// `api` and `pay_page` are the origins of Stripe's API and of its pay page.
async fn open_shop(
    store: &Store,
    (api, pay_page): (&str, &str),
    policy: RetryPolicy,
    ahead: &Arc<AtomicI64>,
    mode: Mode,
) -> Shop {
    let key = SecretKey::parse("sk_test_sandbox").unwrap();
    let stripe = Stripe::new(&key, Some(api), policy)
        .unwrap()
        .with_checkout_origin(pay_page);
    let ahead = Arc::clone(ahead);
    let system = Clock::system();
    let clock = Clock::new(move || system.now() + ahead.load(Ordering::Relaxed));
    Shop::open(store.clone(), stripe, mode, clock, "http://shop.test/")
        .await
        .unwrap()
        .with_limits(UNLIMITED)
}

async fn insert_stock(store: &Store) {
    let mut tx = store.begin().await.unwrap();
    for (position, (variant, unit_amount, on_hand)) in (0_i64..).zip(STOCK) {
        let product = TestProduct::new(variant)
            .option("Size")
            .position(position)
            .variant(
                variant,
                &[&variant.to_ascii_uppercase()],
                unit_amount,
                on_hand,
            );
        assert!(product.insert(&mut tx).await.unwrap());
    }
    tx.commit().await.unwrap();
}
