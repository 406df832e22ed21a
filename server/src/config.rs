use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

use anyhow::{Context, anyhow, bail};
use clap::builder::FalseyValueParser;
use clap::{ArgAction, Args};
use payments::signature::Secrets;
use payments::{Mode, SecretKey};
use shop::mail::{Mailer, MailerError};

use crate::limits::CheckoutLimits;
use crate::proxies::TrustedProxies;

/// Addresses as they are typed, in the form that others send.
mod address;

/// The configuration. Every value can also be given as an option, and a `.env` file is
/// read.
#[derive(Clone, Debug, Args)]
pub struct Config {
    /// The database: sqlite://PATH or postgres://…
    #[arg(
        long,
        env,
        global = true,
        default_value = "sqlite://data/shop.db",
        hide_env_values = true
    )]
    pub database_url: String,

    /// Address to listen on
    #[arg(long, env, global = true, default_value = "127.0.0.1:3000", value_parser = address::listener)]
    pub leptos_site_addr: SocketAddr,

    /// Folder of the built site
    #[arg(long, env, global = true, default_value = "target/site")]
    pub leptos_site_root: PathBuf,

    /// The origin that shoppers see, such as <https://shop.example>; by default the address that is
    /// listened on
    #[arg(long, env, global = true)]
    pub site_url: Option<String>,

    /// The proxies that are believed about whom they forward a request for: networks such as
    /// 10.0.0.0/8 and addresses, separated by commas, or none. By default those on this machine if
    /// LEPTOS_SITE_ADDR is of this machine alone, such as 127.0.0.1:3000, and none otherwise
    #[arg(long, env, global = true)]
    pub trusted_proxies: Option<String>,

    /// Tell browsers that all subdomains of the shop's host are https, too (HSTS includeSubDomains)
    #[arg(long, env, global = true, default_value = "false", action = ArgAction::Set, value_parser = FalseyValueParser::new())]
    pub hsts_include_subdomains: bool,

    /// Stripe's secret or restricted key. Without one the built-in sandbox takes Stripe's place
    #[arg(long, env, global = true, hide_env_values = true)]
    pub stripe_secret_key: Option<String>,

    /// The signing secret of the webhook endpoint; several, separated by commas, while one replaces
    /// another
    #[arg(long, env, global = true, hide_env_values = true)]
    pub stripe_webhook_secret: Option<String>,

    /// Address of Stripe's API, for a sandbox that runs by itself
    #[arg(long, env, global = true)]
    pub stripe_api_base: Option<String>,

    /// The origin of Stripe's pay page, if it is at your own domain, such as
    /// <https://pay.shop.example>
    #[arg(long, env, global = true)]
    pub stripe_checkout_origin: Option<String>,

    /// Take the key's mode and Stripe account for this database from now on, although its payments
    /// belong to others
    #[arg(long, global = true)]
    pub move_shop: bool,

    /// Run the built-in sandbox although something says that this is a real shop
    #[arg(long, env, global = true, value_parser = FalseyValueParser::new())]
    pub sandbox: bool,

    /// The API key that the built-in sandbox takes (`sk_test_…`); by default one that is made for
    /// this installation, which `storefront sandbox-keys` prints
    #[arg(long, env, global = true, hide_env_values = true)]
    pub sandbox_secret_key: Option<String>,

    /// The secret that the built-in sandbox signs its webhooks with (`whsec_…`); by default one
    /// that is made for this installation
    #[arg(long, env, global = true, hide_env_values = true)]
    pub sandbox_webhook_secret: Option<String>,

    /// Address that the built-in sandbox listens on
    #[arg(long, env, global = true, default_value = "127.0.0.1:12111", value_parser = address::listener)]
    pub sandbox_addr: SocketAddr,

    /// The admin's first password, of at least 12 characters; `storefront admin set-password` sets
    /// another, which then stays. Without one a first password is made and printed
    #[arg(long, env, global = true, hide_env_values = true)]
    pub admin_password: Option<String>,

    /// The mail server: smtps://user:password@host, or smtp:// with ?tls=required. Without one,
    /// e-mails are written as .eml files into the folder `mail` of `DATA_DIR`
    #[arg(long, env, global = true, hide_env_values = true)]
    pub smtp_url: Option<String>,

    /// The shop's mailbox: what shoppers see as the sender, and where the admin reads
    #[arg(long, env, global = true)]
    pub mail_from: Option<String>,

    /// Folder for files that are not the database
    #[arg(long, env, global = true, default_value = "data")]
    pub data_dir: PathBuf,

    /// The bearer token with which a Prometheus server reads /metrics. Without one there are no
    /// metrics
    #[arg(long, env, global = true, hide_env_values = true)]
    pub metrics_token: Option<String>,

    /// The limits of one client.
    #[command(flatten)]
    pub checkout: CheckoutLimits,

    /// Filter of the log
    #[arg(
        long,
        env,
        global = true,
        default_value = "info,sqlx=warn,async_stripe=error,stripe=error"
    )]
    pub rust_log: String,
}

/// Which Stripe the shop talks to.
#[derive(Clone, Debug)]
pub enum StripeConfig {
    /// The one inside this process.
    Sandbox,
    /// Stripe itself, or a sandbox that runs by itself.
    Api {
        /// The key.
        key: SecretKey,
        /// The signing secrets of the endpoint.
        secrets: Secrets,
        /// The origin of the API, unless it is Stripe's own.
        api_base: Option<String>,
    },
}

/// The sender of e-mails that are only written to files.
const MAIL_FROM: &str = "Plotter & Press <shop@localhost>";

/// The time that a mail server has for one e-mail.
const MAIL_TIMEOUT: Duration = Duration::from_secs(30);

impl Config {
    /// Takes what is set to nothing, as a line of a `.env` file may be, for not set.
    #[must_use]
    pub fn without_empty(self) -> Self {
        let filled = |value: Option<String>| value.filter(|value| !value.trim().is_empty());
        Self {
            site_url: filled(self.site_url),
            trusted_proxies: filled(self.trusted_proxies),
            sandbox_secret_key: filled(self.sandbox_secret_key),
            sandbox_webhook_secret: filled(self.sandbox_webhook_secret),
            stripe_webhook_secret: filled(self.stripe_webhook_secret),
            stripe_api_base: filled(self.stripe_api_base),
            stripe_checkout_origin: filled(self.stripe_checkout_origin),
            admin_password: filled(self.admin_password),
            smtp_url: filled(self.smtp_url),
            mail_from: filled(self.mail_from),
            metrics_token: filled(self.metrics_token),
            ..self
        }
    }

    /// Works out which Stripe the shop talks to, and refuses what would lose money or trust.
    ///
    /// # Errors
    /// When the values contradict each other; the text says what to do.
    pub fn stripe(&self) -> anyhow::Result<StripeConfig> {
        let is_filled = |key: &&String| !key.trim().is_empty();
        let Some(key) = self.stripe_secret_key.as_ref().filter(is_filled) else {
            if self.stripe_api_base.is_some() {
                bail!(
                    "STRIPE_API_BASE is set without STRIPE_SECRET_KEY; set the key that is used there"
                );
            }
            if !self.sandbox {
                self.check_demo()?;
            }
            return Ok(StripeConfig::Sandbox);
        };
        if self.sandbox {
            bail!("STRIPE_SECRET_KEY is set and the sandbox is asked for; unset one of them");
        }
        let key = SecretKey::parse(key).context("STRIPE_SECRET_KEY cannot be used")?;
        let secrets = Secrets::parse(self.stripe_webhook_secret.as_deref().unwrap_or_default());
        if key.mode() == Mode::Live {
            if self.stripe_api_base.is_some() {
                bail!(
                    "a live key never goes to another server than Stripe's; unset STRIPE_API_BASE"
                );
            }
            if secrets.is_empty() {
                bail!(
                    "a live shop needs STRIPE_WEBHOOK_SECRET; without it no order would become paid"
                );
            }
            let site = self.site_origin()?;
            if !site.is_some_and(|site| site.starts_with("https://")) {
                bail!("a live shop needs SITE_URL to be its public https:// origin");
            }
        }
        Ok(StripeConfig::Api {
            key,
            secrets,
            api_base: self.api_base()?,
        })
    }

    /// Refuses to run the sandbox by default where something says that this is a real shop:
    /// everybody could have its goods for nothing.
    fn check_demo(&self) -> anyhow::Result<()> {
        let reason = if self.stripe_secret_key.is_some() {
            "STRIPE_SECRET_KEY is set to nothing"
        } else if self.stripe_webhook_secret.is_some() {
            "STRIPE_WEBHOOK_SECRET is set without STRIPE_SECRET_KEY"
        } else if self
            .site_origin()?
            .is_some_and(|site| site.starts_with("https://"))
        {
            "SITE_URL is a public https:// address and STRIPE_SECRET_KEY is not set"
        } else {
            return Ok(());
        };
        bail!(
            "{reason}, so this looks like a real shop whose key is missing, and the built-in sandbox \
             would give its goods away. Set STRIPE_SECRET_KEY; or ask for the sandbox by name with \
             --sandbox or SANDBOX=true"
        )
    }

    /// The proxies that are believed about whom they forward a request for.
    ///
    /// # Errors
    /// When `TRUSTED_PROXIES` is no list of networks.
    pub fn proxies(&self) -> anyhow::Result<TrustedProxies> {
        match &self.trusted_proxies {
            Some(networks) => TrustedProxies::parse(networks),
            None => Ok(TrustedProxies::for_listener(self.leptos_site_addr)),
        }
    }

    /// Refuses a first password that is too short, even when it is not the one that counts any
    /// more.
    ///
    /// # Errors
    /// When `ADMIN_PASSWORD` has fewer characters than every password of the admin's.
    pub fn check_admin_password(&self) -> anyhow::Result<()> {
        match &self.admin_password {
            Some(password) => shop::admin::check_length(password)
                .context("ADMIN_PASSWORD cannot be used; set a longer one, or unset it"),
            None => Ok(()),
        }
    }

    fn api_base(&self) -> anyhow::Result<Option<String>> {
        let base = self.stripe_api_base.as_deref();
        base.map(|base| address::origin("STRIPE_API_BASE", base))
            .transpose()
    }

    /// The origin of Stripe's pay page, if it is at the merchant's own domain.
    ///
    /// # Errors
    /// When it is not an origin.
    pub fn checkout_origin(&self) -> anyhow::Result<Option<String>> {
        let origin = self.stripe_checkout_origin.as_deref();
        origin
            .map(|origin| address::origin("STRIPE_CHECKOUT_ORIGIN", origin))
            .transpose()
    }

    /// The mail transport: by the mail server, or as files if there is none.
    ///
    /// # Errors
    /// When a value cannot be used; the text says what to do.
    pub fn mailer(&self) -> anyhow::Result<Mailer> {
        let from = self.mail_from.as_deref();
        // Tells which of the two values is meant.
        let name = |error: MailerError| match error {
            MailerError::NotAMailbox => anyhow!(error).context("MAIL_FROM cannot be used"),
            _ => anyhow!(error).context("SMTP_URL cannot be used"),
        };
        match (&self.smtp_url, from) {
            (Some(url), Some(from)) => {
                let url = address::mail_server("SMTP_URL", url)?;
                Mailer::smtp(&url, from, MAIL_TIMEOUT).map_err(name)
            }
            (Some(_), None) => bail!(
                "SMTP_URL is set without MAIL_FROM; set it to the shop's mailbox, such as \
                 Plotter & Press <shop@example.com>: shoppers answer to it, and the owner's e-mails go there"
            ),
            (None, from) => {
                let folder = self.data_dir.join("mail");
                Mailer::files(&folder, from.unwrap_or(MAIL_FROM)).map_err(name)
            }
        }
    }

    /// The origin that shoppers see, when the server listens on `addr`.
    ///
    /// # Errors
    /// When it is not an origin.
    pub fn origin(&self, addr: SocketAddr) -> anyhow::Result<String> {
        Ok(self
            .site_origin()?
            .unwrap_or_else(|| format!("http://{addr}")))
    }

    fn site_origin(&self) -> anyhow::Result<Option<String>> {
        let url = self.site_url.as_deref();
        url.map(|url| address::origin("SITE_URL", url)).transpose()
    }
}
