use std::collections::HashSet;
use std::path::PathBuf;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use tempfile::TempDir;
use testkit::browser::{Answer, Browser};
use testkit::database::Database;
use testkit::mail_server::MailServer;
use tokio::sync::Notify;

use crate::SeededRng;
use crate::finding::Finding;
use crate::program::Program;
use crate::stock_audit::StockAudit;
use crate::stripe::Stripe;

/// The admin's password.
pub(crate) const PASSWORD: &str = "correct horse battery";

/// The time that a click may take. The shop gives up on each call to Stripe after twelve seconds,
/// and a click may need some.
const LONGEST_CLICK: Duration = Duration::from_secs(60);

/// Everything that is there: the shop, Stripe, the mail server, and what became of them so far.
pub(crate) struct World {
    pub(crate) seed: u64,
    pub(crate) base: String,
    pub(crate) stripe: Stripe,
    pub(crate) mail: MailServer,
    pub(crate) database: Database,
    pub(crate) program: Program,
    pub(crate) stock: StockAudit,
    pub(crate) counts: Counts,
    /// The orders that somebody else than their shopper paid.
    pub(crate) strays: Mutex<HashSet<String>>,
    /// Counts when the database begins and ceases to fail: it fails while the number is odd.
    outages: AtomicU64,
    moments: [Notify; Moment::ALL.len()],
    until: Instant,
    findings: Mutex<Vec<Finding>>,
    folder: Mutex<Option<TempDir>>,
}

/// When a kill hurts most.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Moment {
    /// A shopper clicked Checkout.
    Checkout,
    /// A shopper has paid: the webhook is on its way.
    Payment,
    /// The admin clicked Refund.
    Refund,
    /// A bank, or the Stripe Dashboard, moved money.
    Bank,
}

/// The record of what people did.
#[derive(Debug, Default)]
pub(crate) struct Counts {
    pub(crate) visits: AtomicU64,
    pub(crate) clicks: AtomicU64,
    pub(crate) unanswered: AtomicU64,
    pub(crate) refused: AtomicU64,
    pub(crate) declined: AtomicU64,
    pub(crate) payments: AtomicU64,
    pub(crate) decisions: AtomicU64,
    pub(crate) reconciled: AtomicU64,
}

impl Moment {
    pub(crate) const ALL: [Self; 4] = [Self::Checkout, Self::Payment, Self::Refund, Self::Bank];
}

impl World {
    /// A new shop with a full shelf, in front of a Stripe that knows its webhook endpoint.
    pub(crate) async fn open(seed: u64, length: Duration) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let database = Database::empty().await;
        let port = SeededRng::of(rand::random(), "port").free_port();
        let base = format!("http://127.0.0.1:{port}");
        let mail = MailServer::start().await;
        let mut stripe = Stripe::open(folder.path()).await;
        let secret = stripe.register(&format!("{base}/webhooks/stripe")).await;
        let program = Program::new(
            folder.path(),
            &[
                ("DATABASE_URL", &database.url),
                ("LEPTOS_SITE_ADDR", &format!("127.0.0.1:{port}")),
                ("STRIPE_SECRET_KEY", stripe.key()),
                ("STRIPE_WEBHOOK_SECRET", &secret),
                ("STRIPE_API_BASE", stripe.base()),
                ("ADMIN_PASSWORD", PASSWORD),
                ("SMTP_URL", &mail.url()),
                ("MAIL_FROM", "Plotter & Press <shop@shop.test>"),
                ("RUST_LOG", "info,sqlx=warn"),
                // All shoppers of this day come from one address.
                ("CHECKOUT_OPEN_ORDERS", "100000"),
                ("CHECKOUT_HELD_PERCENT", "100"),
                ("CHECKOUT_BURST", "100000"),
                ("CHECKOUT_SHOP_BURST", "100000"),
            ],
        );
        program.run("seed").await;
        database.drop_checkout_rules().await;
        let stock = StockAudit::fill(&database).await;
        program.start().await;
        Self {
            seed,
            base,
            stripe,
            mail,
            database,
            program,
            stock,
            counts: Counts::default(),
            strays: Mutex::default(),
            outages: AtomicU64::new(0),
            moments: Default::default(),
            until: Instant::now() + length,
            findings: Mutex::default(),
            folder: Mutex::new(Some(folder)),
        }
    }

    /// True if the day goes on.
    pub(crate) fn goes_on(&self) -> bool {
        Instant::now() < self.until
    }

    /// The database fails, or works again.
    pub(crate) fn change_outage(&self) {
        self.outages.fetch_add(1, Ordering::SeqCst);
    }

    /// The number of times that the database began or ceased to fail.
    pub(crate) fn outages(&self) -> u64 {
        self.outages.load(Ordering::SeqCst)
    }

    /// True if the database failed at any time since there were so many [`World::outages`].
    pub(crate) fn had_outage(&self, since: u64) -> bool {
        since % 2 == 1 || self.outages() != since
    }

    pub(crate) fn rng(&self, who: &str) -> SeededRng {
        SeededRng::of(self.seed, who)
    }

    pub(crate) fn browser(&self) -> Browser {
        Browser::at(&self.base)
    }

    /// Tells whoever waits to kill the shop that now is a good time.
    pub(crate) fn happens(&self, moment: Moment) {
        self.moments[moment as usize].notify_waiters();
    }

    pub(crate) async fn next(&self, moment: Moment) {
        self.moments[moment as usize].notified().await;
    }

    /// Clicks, and clicks again when no answer comes, as people do; gives up after some times, or
    /// at the end of the day.
    pub(crate) async fn insist<F>(
        &self,
        rng: &mut SeededRng,
        click: impl Fn() -> F,
    ) -> Option<Answer>
    where
        F: Future<Output = reqwest::Result<Answer>>,
    {
        for _ in 0..12 {
            if let Some(answer) = self.click(click()).await {
                return Some(answer);
            }
            rng.pause(50..=600).await;
        }
        None
    }

    /// Clicks once. A page that says that the shop itself failed is a finding: whatever happens to
    /// it, it has an answer. Only while the database fails is it none.
    pub(crate) async fn click(
        &self,
        click: impl Future<Output = reqwest::Result<Answer>>,
    ) -> Option<Answer> {
        count(&self.counts.clicks);
        let outages = self.outages();
        match tokio::time::timeout(LONGEST_CLICK, click).await {
            Ok(Ok(answer)) => {
                if answer.status.is_server_error() {
                    if self.had_outage(outages) {
                        count(&self.counts.refused);
                        return None;
                    }
                    let what = format!("a click was answered {}: {}", answer.status, answer.body);
                    self.find(Finding::of_nobody(what));
                }
                Some(answer)
            }
            Ok(Err(_)) => {
                count(&self.counts.unanswered);
                None
            }
            Err(_) => {
                self.find(Finding::of_nobody(format!(
                    "a click was not answered in {LONGEST_CLICK:?}"
                )));
                None
            }
        }
    }

    /// Writes down what should not be.
    pub(crate) fn find(&self, finding: Finding) {
        self.findings.lock().unwrap().push(finding);
    }

    pub(crate) fn findings(&self) -> Vec<Finding> {
        let mut findings = self.findings.lock().unwrap().clone();
        findings.extend(self.program.findings());
        findings
    }

    /// Keeps the files of a run that somebody has to look into.
    pub(crate) fn keep(&self) -> PathBuf {
        let folder = self.folder.lock().unwrap().take();
        folder.map(TempDir::keep).unwrap_or_default()
    }
}

impl Drop for World {
    fn drop(&mut self) {
        self.program.end();
    }
}

pub(crate) fn count(counter: &AtomicU64) {
    counter.fetch_add(1, Ordering::Relaxed);
}
