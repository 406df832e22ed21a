//! The sandbox alone.

use std::net::SocketAddr;
use std::path::PathBuf;

use clap::Parser;
use sandbox::{Config, Webhook};
use tracing_subscriber::EnvFilter;

/// A Stripe-compatible test mode on this machine.
#[derive(Debug, Parser)]
#[command(version)]
struct Arguments {
    /// Where to listen
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
    /// Where to send events; may be given several times
    #[arg(long)]
    webhook_url: Vec<String>,
    /// The secret that signs them; several, separated by commas, give one signature each
    #[arg(long, env = "SANDBOX_WEBHOOK_SECRET", default_value = "whsec_sandbox")]
    webhook_secret: String,
}

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new("info"));
    tracing_subscriber::fmt().with_env_filter(filter).init();

    let arguments = Arguments::parse();
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
