use std::net::SocketAddr;

use anyhow::Context;
pub(crate) use sandbox::Sandbox;

use crate::config::Config;
use crate::private;
use crate::sandbox_keys::SandboxKeys;

/// Checks that this build has a sandbox.
///
/// # Errors
/// Never: the other module of this name is in builds that have none.
pub(crate) fn check() -> anyhow::Result<()> {
    Ok(())
}

/// Starts the sandbox, with the shop at `addr` as the endpoint of its webhooks.
///
/// # Errors
/// When its address or its file cannot be had.
pub(crate) async fn start(
    config: &Config,
    keys: &SandboxKeys,
    addr: SocketAddr,
) -> anyhow::Result<Sandbox> {
    let webhook = sandbox::Webhook {
        url: format!("http://{addr}/webhooks/stripe"),
        secret: keys.webhook_secret.clone(),
    };
    let state = config.data_dir.join("sandbox.db");
    for file in [&state, &config.data_dir.join("sandbox.db.lock")] {
        private::make_file(file)?;
    }
    sandbox::start(sandbox::Config {
        addr: config.sandbox_addr,
        state,
        secret_key: keys.secret_key.clone(),
        webhooks: vec![webhook],
        ..sandbox::Config::default()
    })
    .await
    .with_context(|| {
        format!(
            "the sandbox cannot start on {}; if the address is in use, set SANDBOX_ADDR to another one",
            config.sandbox_addr
        )
    })
}
