//! The sandbox alone.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::str::FromStr;
use std::time::Duration;

use clap::builder::Resettable;
use clap::{Arg, CommandFactory, FromArgMatches, Parser};
use sandbox::{Config, Faults, Webhook};
use tracing_subscriber::EnvFilter;

/// A Stripe-compatible test mode on this machine.
#[derive(Debug, Parser)]
#[command(version)]
struct Arguments {
    /// Address to listen on
    #[arg(long, env = "SANDBOX_ADDR", default_value = "127.0.0.1:12111")]
    addr: SocketAddr,
    /// Allow an address that other machines can reach; the control surface has no password
    #[arg(long)]
    allow_remote: bool,
    /// The origin under which browsers reach the sandbox, if it is not its address
    #[arg(long, env = "SANDBOX_PUBLIC_URL")]
    public_url: Option<String>,
    /// The file that holds all state
    #[arg(long, env = "SANDBOX_STATE", default_value = "sandbox.db")]
    state: PathBuf,
    /// The API key to accept
    #[arg(long, env = "SANDBOX_SECRET_KEY", default_value = "sk_test_sandbox")]
    secret_key: String,
    /// Address to send events to; may be given several times
    #[arg(long)]
    webhook_url: Vec<String>,
    /// The secret that signs them; several, separated by commas, give one signature each
    #[arg(long, env = "SANDBOX_WEBHOOK_SECRET", default_value = "whsec_sandbox")]
    webhook_secret: String,
    /// Time that an endpoint may take to answer, such as 500ms or 10s
    #[arg(long, default_value = "10s")]
    delivery_timeout: Time,
    /// The pauses before the second, third, … attempt of a delivery; an empty text for no retries
    #[arg(long, default_value = "1s,5s,30s,2m,10m")]
    retries: Pauses,
    /// Faults on purpose, such as seed=7,webhook_drop=20,api_slow_ms=300; the README lists the
    /// switches. Without this they are as they were when the sandbox stopped
    #[arg(long, value_name = "SWITCHES")]
    faults: Option<Faults>,
    /// A folder into which every exchange is written, for tests that check the answers
    #[arg(long, env = "SANDBOX_RECORD")]
    record: Option<PathBuf>,
}

/// A span of time: a whole number and its unit.
#[derive(Debug, Clone, Copy)]
struct Time(Duration);

/// Spans of time, separated by commas.
#[derive(Debug, Clone)]
struct Pauses(Vec<Duration>);

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new("info"));
    tracing_subscriber::fmt().with_env_filter(filter).init();

    let arguments = Arguments::read();
    let webhook = |url: String| Webhook {
        url,
        secret: arguments.webhook_secret.clone(),
    };
    let config = Config {
        addr: arguments.addr,
        allow_remote: arguments.allow_remote,
        public_url: arguments.public_url,
        state: arguments.state,
        secret_key: arguments.secret_key,
        webhooks: arguments.webhook_url.into_iter().map(webhook).collect(),
        delivery_timeout: arguments.delivery_timeout.0,
        retries: arguments.retries.0,
        faults: arguments.faults,
        record: arguments.record,
        ..Config::default()
    };
    let key = config.secret_key.clone();
    let sandbox = sandbox::start(config).await?;
    println!(
        "Stripe sandbox on {} (API key {key}). Ctrl-C stops it.",
        sandbox.base_url()
    );
    tokio::signal::ctrl_c().await?;
    sandbox.shutdown().await;
    Ok(())
}

impl Arguments {
    /// Reads the command line and the environment, where a variable that is set to nothing is as good as not set: that
    /// is what a Compose file or a Makefile passes on when it has nothing to say.
    fn read() -> Self {
        let ignore_empty = |argument: Arg| {
            let variable = argument.get_env().and_then(std::env::var_os);
            if variable.is_some_and(|value| value.is_empty()) {
                argument.env(Resettable::Reset)
            } else {
                argument
            }
        };
        let matches = Self::command().mut_args(ignore_empty).get_matches();
        Self::from_arg_matches(&matches).unwrap_or_else(|error| error.exit())
    }
}

impl FromStr for Time {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let wrong = || format!("{text:?} is not a time such as 500ms, 10s, 2m or 1h");
        let unit = text.trim_start_matches(|letter: char| letter.is_ascii_digit());
        let number: u64 = text
            .strip_suffix(unit)
            .and_then(|digits| digits.parse().ok())
            .ok_or_else(wrong)?;
        let span = match unit {
            "ms" => Some(Duration::from_millis(number)),
            "s" => Some(Duration::from_secs(number)),
            "m" => number.checked_mul(60).map(Duration::from_secs),
            "h" => number.checked_mul(3600).map(Duration::from_secs),
            _ => None,
        };
        span.map(Self).ok_or_else(wrong)
    }
}

impl FromStr for Pauses {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let parts = text.split(',').map(str::trim);
        let pauses = parts
            .filter(|part| !part.is_empty())
            .map(|part| part.parse::<Time>().map(|time| time.0));
        pauses.collect::<Result<_, _>>().map(Self)
    }
}
