use std::sync::Arc;
use std::time::{SystemTime, UNIX_EPOCH};

use domain::id::OrderId;
use domain::money::Currency;
use domain::order::{Order, Payment};
use payments::{Mode, OperationStats, Stripe};
use store::Store;
use tokio::sync::Notify;

use crate::admin::Attempts;
use crate::catalog::VersionWatch;
use crate::checkout::AskedPayments;
use crate::hashing::Hashing;
use crate::limits::{ClientGate, Limits};
use crate::secret::InstallationSecret;
use crate::texts::ShopTexts;
use crate::{Error, Purpose};

/// The shop: the context of every use-case. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Shop {
    pub(crate) store: Store,
    pub(crate) stripe: Stripe,
    pub(crate) mode: Mode,
    pub(crate) clock: Clock,
    pub(crate) currency: Currency,
    pub(crate) secret: InstallationSecret,
    pub(crate) attempts: Attempts,
    pub(crate) limits: Limits,
    pub(crate) gate: ClientGate,
    /// Counts the links to orders that are asked for.
    pub(crate) lookups: ClientGate,
    pub(crate) asked: AskedPayments,
    pub(crate) catalog_version: VersionWatch,
    account: Option<Arc<str>>,
    pub(crate) hashing: Arc<Hashing>,
    texts: Arc<ShopTexts>,
    site_url: Arc<str>,
    worker: Arc<Notify>,
}

/// Tells the time, so that tests can, too.
#[derive(Clone)]
pub struct Clock(Arc<dyn Fn() -> i64 + Send + Sync>);

/// The setting that names the shop's one currency.
pub(crate) const CURRENCY: &str = "currency";

impl Shop {
    /// Opens the shop on a migrated database. `site_url` is the origin that shoppers see, without a
    /// slash at its end.
    ///
    /// # Errors
    /// When the database fails, or names a currency that is none.
    pub async fn open(
        store: Store,
        stripe: Stripe,
        mode: Mode,
        clock: Clock,
        site_url: &str,
    ) -> Result<Self, Error> {
        let currency = match store::settings::get(&store, CURRENCY).await? {
            Some(code) => {
                Currency::parse(&code).map_err(|_| store::Error::Corrupt("settings.currency"))?
            }
            None => Currency::USD,
        };
        let secret = InstallationSecret::load(&store).await?;
        let account = crate::identity::account(&store).await?;
        let texts = ShopTexts::load(&store).await?;
        let site_url = site_url.trim_end_matches('/').into();
        Ok(Self {
            store,
            stripe,
            mode,
            clock,
            currency,
            secret,
            attempts: Attempts::default(),
            limits: Limits::default(),
            gate: ClientGate::default(),
            lookups: ClientGate::default(),
            asked: AskedPayments::default(),
            catalog_version: VersionWatch::default(),
            account: account.map(Into::into),
            hashing: Arc::default(),
            texts: Arc::new(texts),
            site_url,
            worker: Arc::default(),
        })
    }

    /// The same shop with other limits than the default ones.
    #[must_use]
    pub fn with_limits(self, limits: Limits) -> Self {
        Self { limits, ..self }
    }

    /// The same shop under a name, unless it has set one.
    #[must_use]
    pub fn with_default_name(self, name: &str) -> Self {
        let mut texts = ShopTexts::clone(&self.texts);
        texts.name.get_or_insert_with(|| name.to_owned());
        Self {
            texts: Arc::new(texts),
            ..self
        }
    }

    /// The same shop for the admin's pages and for background work, which read on connections of
    /// their own.
    #[must_use]
    pub fn for_background(&self) -> Self {
        Self {
            store: self.store.for_background(),
            ..self.clone()
        }
    }

    /// The shop's name, if it is known; shoppers read it on the pay page.
    pub fn name(&self) -> Option<&str> {
        self.texts.name.as_deref()
    }

    /// The texts in which the shop says what it is and sells.
    pub fn texts(&self) -> &ShopTexts {
        &self.texts
    }

    /// The origin that shoppers see, without a slash at its end.
    pub fn site_url(&self) -> &str {
        &self.site_url
    }

    /// True if shoppers reach the shop over TLS.
    pub fn is_https(&self) -> bool {
        self.site_url.starts_with("https:")
    }

    /// The origins at which Stripe's pay page may be, to which the checkout form leads.
    pub fn pay_pages(&self) -> &[String] {
        self.stripe.pay_pages()
    }

    /// The message authentication code of a message of several parts, in 64 hexadecimal digits. It
    /// is made with a key of the installation that is used for nothing but `purpose`.
    pub fn mac(&self, purpose: Purpose, parts: &[&str]) -> String {
        self.secret.mac(purpose, parts)
    }

    /// True if `mac` is what [`Shop::mac`] answers for this message; compared in constant time.
    pub fn is_mac(&self, purpose: Purpose, parts: &[&str], mac: &str) -> bool {
        self.secret.is_mac(purpose, parts, mac)
    }

    /// True if nothing is charged.
    pub fn is_test_mode(&self) -> bool {
        self.mode == Mode::Test
    }

    /// Proof that this installation began the payment of an order, for its metadata at the
    /// provider.
    pub(crate) fn session_mark(&self, order: &OrderId) -> String {
        self.secret
            .short_mac(Purpose::PaymentMark, &[order.as_str()])
    }

    /// True if `mark` is this installation's proof for an order.
    pub(crate) fn is_session_mark(&self, order: &OrderId, mark: &str) -> bool {
        self.secret
            .is_short_mac(Purpose::PaymentMark, &[order.as_str()], mark)
    }

    /// True if a payment was begun with the key that the shop has now, as far as is known.
    pub(crate) fn is_own_payment(&self, payment: &Payment) -> bool {
        let is_other_account = |known: &str| self.account().is_some_and(|own| own != known);
        payment.mode == self.mode && !payment.account.as_deref().is_some_and(is_other_account)
    }

    /// The Stripe account that takes the money (`acct_…`), if it is known.
    pub fn account(&self) -> Option<&str> {
        self.account.as_deref()
    }

    /// True if an order was made in test mode and this is a live shop: no money was paid for it.
    pub fn is_test_order(&self, order: &Order) -> bool {
        self.mode == Mode::Live && order.is_test()
    }

    /// Statistics of the calls to Stripe since the program started.
    pub fn stripe_stats(&self) -> Vec<OperationStats> {
        self.stripe.stats()
    }

    /// Checks that the database takes writes, so that the shop can sell.
    ///
    /// # Errors
    /// When it does not.
    pub async fn is_ready(&self) -> Result<(), Error> {
        Ok(self.store.check_writable().await?)
    }

    /// Ends when a transaction may have left work behind: a refund to send, somebody to tell.
    pub async fn has_work(&self) {
        self.worker.notified().await;
    }

    pub(crate) fn wake_worker(&self) {
        self.worker.notify_one();
    }

    /// The time in Unix seconds.
    pub fn now(&self) -> i64 {
        self.clock.now()
    }
}

impl Clock {
    /// The machine's clock.
    pub fn system() -> Self {
        Self::new(|| {
            SystemTime::now()
                .duration_since(UNIX_EPOCH)
                .ok()
                .and_then(|since| i64::try_from(since.as_secs()).ok())
                .unwrap_or(0)
        })
    }

    /// Any clock that tells Unix seconds.
    pub fn new(now: impl Fn() -> i64 + Send + Sync + 'static) -> Self {
        Self(Arc::new(now))
    }

    /// The time in Unix seconds.
    pub fn now(&self) -> i64 {
        (self.0)()
    }
}

impl std::fmt::Debug for Clock {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Clock({})", self.now())
    }
}
