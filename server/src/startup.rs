use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

use anyhow::{Context, anyhow};
use axum::Router;
use payments::signature::Secrets;
use payments::{Mode, RetryPolicy, SecretKey, Stripe};
use shop::admin::FirstPassword;
use shop::identity::IdentityError;
use shop::mail::Mailer;
use shop::{Clock, Shop};
use store::Store;
use tokio::net::TcpListener;

use crate::built_in_sandbox::{self, Sandbox};
use crate::config::{Config, StripeConfig};
use crate::files::Files;
use crate::guard::{ClientResolver, Guard};
use crate::listener::{self, Limits};
use crate::low_priority::LowPriority;
use crate::metrics::Metrics;
use crate::proxies::TrustedProxies;
use crate::sandbox_keys::SandboxKeys;
use crate::{assets, percent, private, router, webhook};

/// A shop that listens, and the sandbox beside it if it has one.
#[derive(Debug)]
pub struct Shopfront {
    listener: TcpListener,
    proxies: TrustedProxies,
    router: Router,
    shop: Shop,
    mailer: Mailer,
    store: Store,
    sandbox: Option<Sandbox>,
    site_url: String,
    password: FirstPassword,
    products: i64,
    low_priority: LowPriority,
}

/// The time that open connections have when the server stops.
const STOP_TIMEOUT: Duration = Duration::from_secs(5);

impl Shopfront {
    /// Opens the database, brings it up to date, and listens.
    ///
    /// # Errors
    /// When the configuration contradicts itself, or an address or file cannot be had.
    pub async fn open(config: Config) -> anyhow::Result<Self> {
        let stripe_config = config.stripe()?;
        if matches!(stripe_config, StripeConfig::Sandbox) {
            built_in_sandbox::check()?;
        }
        let checkout_origin = config.checkout_origin()?;
        let mailer = config.mailer()?;
        let proxies = config.proxies()?;
        config.check_admin_password()?;
        let listener = TcpListener::bind(config.leptos_site_addr)
            .await
            .with_context(|| {
                format!(
                    "cannot listen on {}; if it is in use, set LEPTOS_SITE_ADDR to another address",
                    config.leptos_site_addr
                )
            })?;
        let addr = listener.local_addr()?;
        let site_url = config.origin(addr)?;
        let store = open_store(&config).await?;
        if let Some(folder) = mailer.folder() {
            private::make_own_folder(folder)?;
        }

        let (sandbox, key, secrets, api_base) = match stripe_config {
            StripeConfig::Sandbox => {
                let keys = SandboxKeys::load(&config)?;
                let sandbox = built_in_sandbox::start(&config, &keys, addr).await?;
                let base = sandbox.base_url().to_owned();
                (
                    Some(sandbox),
                    SecretKey::parse(&keys.secret_key)?,
                    Secrets::parse(&keys.webhook_secret),
                    Some(base),
                )
            }
            StripeConfig::Api {
                key,
                secrets,
                api_base,
            } => (None, key, secrets, api_base),
        };
        if secrets.is_empty() {
            tracing::warn!("STRIPE_WEBHOOK_SECRET is not set, so all webhooks will be refused");
        }
        let stripe = client(&key, api_base.as_deref(), checkout_origin.as_deref())?;
        claim_identity(&config, &store, &stripe, key.mode()).await?;
        if sandbox.is_some() {
            // A new shop on the sandbox shows the demo, so that there is something to buy.
            shop::seed::demo_if_empty(&store).await?;
        }
        let clock = Clock::system();
        let shop = Shop::open(store.clone(), stripe, key.mode(), clock.clone(), &site_url)
            .await?
            .with_limits(config.checkout.limits());
        let shop = named(shop, &config, &mailer);
        let products = shop::catalog::count_products(&shop).await?;
        let site = assets::load(&config.leptos_site_root)?;
        let files = Files::load(&config.leptos_site_root)
            .context("a file in LEPTOS_SITE_ROOT cannot be read")?;
        let pay_page = sandbox
            .as_ref()
            .map(Sandbox::base_url)
            .or(api_base.as_deref());
        let webhook = webhook::Endpoint::new(shop.clone(), secrets, clock);
        let metrics = Metrics::new(shop.clone(), config.metrics_token.as_deref());
        let low_priority = LowPriority::start().context("cannot start a thread")?;
        let thread = low_priority.handle().context("cannot start a thread")?;
        let guard = Guard::new(
            shop.clone(),
            ClientResolver::new(proxies.clone()),
            site.style.as_ref().and_then(|style| style.text.as_deref()),
            thread.clone(),
            config.hsts_include_subdomains,
        );
        // On SQLite a connection's thread has the priority of the thread that opens it.
        let background = store.for_background();
        let opened = async move { tokio::join!(background.ping(), background.ping()) };
        if let Ok((Err(error), _) | (_, Err(error))) = thread.spawn(opened).await {
            tracing::warn!(
                error = &error as &dyn std::error::Error,
                "a connection was not opened"
            );
        }
        let router = router::build(
            shop.clone(),
            site,
            files,
            webhook,
            metrics,
            pay_page,
            guard,
            &config.data_dir,
        );
        // Last, because a first password is shown once, and only by a server that starts.
        let password =
            shop::admin::ensure_password(&store, config.admin_password.as_deref()).await?;
        Ok(Self {
            listener,
            proxies,
            router,
            shop,
            mailer,
            store,
            sandbox,
            site_url,
            password,
            products,
            low_priority,
        })
    }

    /// The address that it listens at.
    ///
    /// # Errors
    /// When the operating system does not say.
    pub fn addr(&self) -> anyhow::Result<SocketAddr> {
        Ok(self.listener.local_addr()?)
    }

    /// The address of the built-in sandbox, if it runs.
    pub fn sandbox_url(&self) -> Option<&str> {
        self.sandbox.as_ref().map(Sandbox::base_url)
    }

    /// The admin's password, if it was made just now.
    pub fn first_password(&self) -> Option<&str> {
        match &self.password {
            FirstPassword::Generated(password) => Some(password),
            FirstPassword::Configured | FirstPassword::Kept => None,
        }
    }

    /// The welcome for the person who started it.
    pub fn welcome(&self) -> String {
        let Self { site_url, .. } = self;
        let password = match &self.password {
            FirstPassword::Generated(password) => {
                format!(
                    "{password}  (shown this once; change it with `storefront admin set-password`)"
                )
            }
            FirstPassword::Configured => "the one in ADMIN_PASSWORD".to_owned(),
            FirstPassword::Kept => {
                "as set before (set another with `storefront admin set-password`)".to_owned()
            }
        };
        let stripe = match self.sandbox_url() {
            Some(url) => {
                format!("the built-in sandbox at {url}; pay with card 4242 4242 4242 4242")
            }
            None => "Stripe".to_owned(),
        };
        let products = match self.products {
            0 => "none yet; `storefront seed` fills the demo shop".to_owned(),
            many => many.to_string(),
        };
        let mail = match self.mailer.folder() {
            Some(folder) => format!("written to {} (set SMTP_URL to send it)", folder.display()),
            None => "sent by the server in SMTP_URL".to_owned(),
        };
        format!(
            "\n  The shop    {site_url}\n  Admin       {site_url}/admin\n  Password    {password}\n  \
             Products    {products}\n  Payments    {stripe}\n  E-mail      {mail}\n\n  Ctrl-C stops it.\n\n"
        )
    }

    /// Serves until `stop`, then ends everything in order.
    ///
    /// # Errors
    /// None at present.
    pub async fn serve(
        self,
        stop: impl Future<Output = ()> + Send + 'static,
    ) -> anyhow::Result<()> {
        let Self {
            listener,
            proxies,
            router,
            shop,
            mailer,
            store,
            sandbox,
            low_priority,
            ..
        } = self;
        let background = shop.for_background();
        let (stop_mail, mail_stopped) = tokio::sync::oneshot::channel::<()>();
        let mut mail = tokio::spawn(shop::mail::run(background.clone(), mailer, async {
            let _ = mail_stopped.await;
        }));
        let retention = tokio::spawn(shop::retention::run(background.clone()));
        let reconciler = tokio::spawn(shop::reconcile::run(background));
        listener::serve(
            listener,
            router,
            Limits::default(),
            proxies,
            stop,
            STOP_TIMEOUT,
        )
        .await;
        // What it has in hand is found again at the next start.
        reconciler.abort();
        retention.abort();
        // An e-mail that is on its way is better written down as sent than sent again.
        let _ = stop_mail.send(());
        if tokio::time::timeout(STOP_TIMEOUT, &mut mail).await.is_err() {
            mail.abort();
        }
        if let Some(sandbox) = sandbox {
            sandbox.shutdown().await;
        }
        store.close().await;
        drop(low_priority);
        Ok(())
    }
}

/// Opens the database and brings it up to date.
///
/// # Errors
/// When it cannot be opened or migrated.
pub async fn open_store(config: &Config) -> anyhow::Result<Store> {
    private::make_folder(&config.data_dir)?;
    let file = database_file(&config.database_url);
    if let Some(file) = &file {
        if let Some(folder) = file.parent().filter(|folder| *folder != config.data_dir) {
            private::make_folder(folder)?;
        }
        private::make_file(file)?;
    }
    let store = Store::open(&config.database_url)
        .await
        .context("DATABASE_URL cannot be opened")?;
    store
        .migrate()
        .await
        .context("DATABASE_URL cannot be brought up to date")?;
    if let Some(file) = &file {
        private::tighten_database(file);
    }
    Ok(store)
}

/// The file of a SQLite database, as sqlx reads its address: percent-encoded, before any option.
/// `None` for one in memory or on a server.
fn database_file(url: &str) -> Option<PathBuf> {
    let address = url.strip_prefix("sqlite:")?;
    let (path, options) = address.split_once('?').unwrap_or((address, ""));
    let path = path.strip_prefix("//").unwrap_or(path);
    let is_in_memory = path.is_empty() || path == ":memory:" || options.contains("mode=memory");
    let path = String::from_utf8_lossy(&percent::decode(path.as_bytes())).into_owned();
    (!is_in_memory).then(|| path.into())
}

/// Opens the shop for a command that does not serve. With the built-in sandbox, that of a running
/// server is asked.
///
/// # Errors
/// When the configuration contradicts itself, or the database cannot be opened.
pub async fn open_shop(config: &Config) -> anyhow::Result<Shop> {
    let (key, api_base) = match config.stripe()? {
        StripeConfig::Sandbox => (
            SecretKey::parse(&SandboxKeys::load(config)?.secret_key)?,
            Some(format!("http://{}", config.sandbox_addr)),
        ),
        StripeConfig::Api { key, api_base, .. } => (key, api_base),
    };
    let site_url = config.origin(config.leptos_site_addr)?;
    let checkout_origin = config.checkout_origin()?;
    let store = open_store(config).await?;
    let stripe = client(&key, api_base.as_deref(), checkout_origin.as_deref())?;
    claim_identity(config, &store, &stripe, key.mode()).await?;
    let shop = Shop::open(store, stripe, key.mode(), Clock::system(), &site_url).await?;
    Ok(named(shop, config, &config.mailer()?))
}

/// Gives the shop the name of its mailbox. Without one only the demo, on the sandbox, has a name.
fn named(shop: Shop, config: &Config, mailer: &Mailer) -> Shop {
    if config.mail_from.is_some() || config.stripe_secret_key.is_none() {
        shop.with_default_name(mailer.shop_name())
    } else {
        shop
    }
}

/// Checks that the key belongs to the payments in the database: with another account's key, Stripe
/// would know none of them, and no webhook of theirs would arrive.
async fn claim_identity(
    config: &Config,
    store: &Store,
    stripe: &Stripe,
    mode: Mode,
) -> anyhow::Result<()> {
    shop::identity::claim(store, stripe, mode, config.move_shop, Clock::system().now())
        .await
        .map_err(|error| match error {
            IdentityError::Failed(error) => {
                anyhow!(error).context("STRIPE_SECRET_KEY cannot be used")
            }
            error if config.stripe_secret_key.is_none() => anyhow!(
                "{error} (the built-in sandbox's, as STRIPE_SECRET_KEY is not set). Set \
                 STRIPE_SECRET_KEY to the key that this shop was used with, or DATABASE_URL to \
                 another database"
            ),
            error => anyhow!(
                "{error}. Set STRIPE_SECRET_KEY to the key that this shop was used with, or \
                 DATABASE_URL to another database. To move the shop to this key for good, start it \
                 once with --move-shop; what is still open at the other account then needs your \
                 decision, and test orders stay marked as such"
            ),
        })
}

/// Ends when the process is asked to stop, by Ctrl-C or by whoever started it.
pub async fn asked_to_stop() {
    let interrupt = async {
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
    };
    #[cfg(unix)]
    let terminate = async {
        match tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate()) {
            Ok(mut signal) => {
                signal.recv().await;
            }
            Err(_) => std::future::pending().await,
        }
    };
    #[cfg(not(unix))]
    let terminate = std::future::pending::<()>();
    tokio::select! {
        () = interrupt => {}
        () = terminate => {}
    }
}

fn client(
    key: &SecretKey,
    api_base: Option<&str>,
    checkout_origin: Option<&str>,
) -> anyhow::Result<Stripe> {
    let stripe = Stripe::new(key, api_base, RetryPolicy::default())?;
    Ok(match checkout_origin {
        Some(origin) => stripe.with_checkout_origin(origin),
        None => stripe,
    })
}
