use std::io::{self, BufRead, IsTerminal, Write};

use anyhow::{Context, bail};
use clap::{Parser, Subcommand};
use shop::Clock;
use shop::admin::LEAST_PASSWORD;
use shop::seed::Amount;
use shop::texts::{ShopText, ShopTexts};
use store::Store;
use tracing_subscriber::EnvFilter;

use crate::config::Config;
use crate::log::LogQueue;
use crate::private;
use crate::sandbox_keys::SandboxKeys;
use crate::startup::{self, Shopfront};

/// A full-stack storefront in one binary. Without a command it serves.
#[derive(Debug, Parser)]
#[command(name = "storefront", version)]
pub struct Cli {
    #[command(subcommand)]
    command: Option<Command>,
    #[command(flatten)]
    config: Config,
}

#[derive(Clone, Debug, Default, Subcommand)]
enum Command {
    /// Serve the shop. Brings the database up to date first
    #[default]
    Serve,
    /// Bring the database up to date and stop
    Migrate,
    /// Fill an empty shop with the demo's products. What is there stays as it is
    Seed {
        /// Make up so many products beside them, to see what a large shop is like
        #[arg(long, default_value_t = 0)]
        products: u32,
        /// Make up so many paid orders of test mode. Not for a shop with a key
        #[arg(long, default_value_t = 0)]
        orders: u32,
    },
    /// Reconcile with Stripe once: settle what webhooks lost, orders left open and refunds under way
    Reconcile,
    /// Print the built-in sandbox's API key and webhook secret, as lines of a .env file
    SandboxKeys,
    /// Texts of the shop about itself: its name, the first page, what it sells. Without more,
    /// prints them all
    Texts {
        #[command(subcommand)]
        command: Option<TextsCommand>,
    },
    /// Things only the admin does
    #[command(subcommand)]
    Admin(AdminCommand),
}

#[derive(Clone, Debug, Subcommand)]
enum TextsCommand {
    /// Set a text. A shop that serves shows it after its next start
    Set {
        /// Its name, as `storefront texts` prints it
        name: String,
        /// One line of text
        value: String,
    },
    /// Bring the default of a text back
    Reset {
        /// Its name, as `storefront texts` prints it
        name: String,
    },
}

#[derive(Clone, Copy, Debug, Subcommand)]
enum AdminCommand {
    /// Read a new password from standard input, and end all sessions
    SetPassword,
}

impl Cli {
    /// Carries out the command.
    ///
    /// # Errors
    /// When it cannot be carried out; the text says what to do.
    pub fn run(self) -> anyhow::Result<()> {
        let config = self.config.without_empty();
        let filter = EnvFilter::try_new(&config.rust_log)
            .context("RUST_LOG is not a filter; try RUST_LOG=info")?;
        let (queue, _log_end) =
            LogQueue::start(io::stderr()).context("cannot start writing the log")?;
        tracing_subscriber::fmt()
            .with_env_filter(filter)
            .with_writer(queue)
            // A log that cannot be written, as on a full disk, must not become a panic.
            .log_internal_errors(false)
            // Colors are for a person; a file or a collector wants text.
            .with_ansi(io::stderr().is_terminal())
            .init();
        // The default hook writes by itself, and waits for whoever reads.
        std::panic::set_hook(Box::new(|panic| {
            let message = panic.payload_as_str().unwrap_or_default();
            let location = panic.location().map(ToString::to_string);
            tracing::error!(
                panic.message = message,
                panic.location = location,
                "a panic"
            );
        }));
        let runtime = tokio::runtime::Runtime::new().context("cannot start the async runtime")?;
        runtime.block_on(async {
            match self.command.unwrap_or_default() {
                Command::Serve => serve(config).await,
                Command::Migrate => {
                    open(&config).await?.close().await;
                    say("The database is up to date.\n");
                    Ok(())
                }
                Command::Seed { products, orders } => {
                    seed(&config, Amount { products, orders }).await
                }
                Command::Reconcile => reconcile(&config).await,
                Command::SandboxKeys => {
                    private::make_folder(&config.data_dir)?;
                    say(&SandboxKeys::load(&config)?.to_env());
                    Ok(())
                }
                Command::Texts { command } => texts(&config, command).await,
                Command::Admin(AdminCommand::SetPassword) => set_password(&config).await,
            }
        })
    }
}

/// Writes to standard output. That nobody reads it any more is no reason to stop.
fn say(text: &str) {
    let _ = io::stdout().write_all(text.as_bytes());
}

async fn serve(config: Config) -> anyhow::Result<()> {
    let shopfront = Shopfront::open(config).await?;
    say(&shopfront.welcome());
    shopfront.serve(startup::asked_to_stop()).await
}

async fn seed(config: &Config, amount: Amount) -> anyhow::Result<()> {
    if amount.orders > 0 && config.stripe_secret_key.is_some() {
        bail!(
            "orders are made up for a shop without a key only: in another one they would be taken for real ones"
        );
    }
    let store = open(config).await?;
    let seeded = shop::seed::demo(&store).await?;
    shop::seed::generate(&store, amount, Clock::system().now()).await?;
    store.close().await;
    if amount != Amount::default() {
        say(&format!(
            "{} products and {} orders made up.\n",
            amount.products, amount.orders
        ));
    }
    say(&format!(
        "{} products written, {} were there already.\n",
        seeded.products, seeded.kept
    ));
    Ok(())
}

async fn reconcile(config: &Config) -> anyhow::Result<()> {
    let shop = startup::open_shop(config).await?;
    let report = shop::reconcile::run_once(&shop, 0).await?;
    say(&format!(
        "{} lost events taken in, {} open orders settled, {} refunds brought on.\n",
        report.events, report.orders, report.refunds
    ));
    if report.failures > 0 {
        bail!(
            "Stripe did not answer {} times; run this again when it can be reached",
            report.failures
        );
    }
    Ok(())
}

async fn texts(config: &Config, command: Option<TextsCommand>) -> anyhow::Result<()> {
    let store = open(config).await?;
    match command {
        None => print_texts(&ShopTexts::load(&store).await?),
        Some(TextsCommand::Set { name, value }) => {
            shop::texts::set(&store, parse_text(&name)?, &value).await?;
            println!("The text is set. A shop that serves shows it after its next start.");
        }
        Some(TextsCommand::Reset { name }) => {
            shop::texts::reset(&store, parse_text(&name)?).await?;
            println!("The default is back. A shop that serves shows it after its next start.");
        }
    }
    store.close().await;
    Ok(())
}

fn parse_text(name: &str) -> anyhow::Result<ShopText> {
    ShopText::parse(name).with_context(|| {
        let names: Vec<_> = ShopText::ALL.into_iter().map(ShopText::as_str).collect();
        format!(
            "there is no text {name:?}; the texts are {}",
            names.join(", ")
        )
    })
}

fn print_texts(texts: &ShopTexts) {
    for (text, value) in [
        (ShopText::Name, texts.display_name()),
        (ShopText::Description, &texts.description),
        (ShopText::HeroTitle, &texts.hero_title),
        (ShopText::HeroText, &texts.hero_text),
        (ShopText::Goods, &texts.goods),
        (ShopText::FeaturedTitle, &texts.featured_title),
        (ShopText::SoldOutText, &texts.sold_out_text),
        (
            ShopText::FooterText,
            texts.footer_text.as_deref().unwrap_or_default(),
        ),
    ] {
        println!("{:<15}{value}", text.as_str());
    }
}

async fn set_password(config: &Config) -> anyhow::Result<()> {
    let store = open(config).await?;
    if io::stdin().is_terminal() {
        say(&format!(
            "New password (at least {LEAST_PASSWORD} characters), then Enter:\n"
        ));
    }
    let mut line = String::new();
    io::stdin()
        .lock()
        .read_line(&mut line)
        .context("no password was given")?;
    let password = line.trim_end_matches(['\r', '\n']);
    shop::admin::set_password(&store, password)
        .await
        .context("nothing was changed")?;
    store.close().await;
    say("The password is set, and all sessions have ended.\n");
    Ok(())
}

async fn open(config: &Config) -> anyhow::Result<Store> {
    startup::open_store(config).await
}
