use std::convert::Infallible;
use std::net::SocketAddr;

use anyhow::bail;

use crate::config::Config;
use crate::sandbox_keys::SandboxKeys;

/// A sandbox that runs, of which there is none in this build.
#[derive(Debug)]
pub(crate) struct Sandbox(Infallible);

impl Sandbox {
    pub(crate) const fn base_url(&self) -> &str {
        match self.0 {}
    }

    #[expect(clippy::unused_async, reason = "as the sandbox's own")]
    pub(crate) async fn shutdown(self) {
        match self.0 {}
    }
}

/// Checks that this build has a sandbox.
///
/// # Errors
/// Always, saying what to do.
pub(crate) fn check() -> anyhow::Result<()> {
    bail!(
        "STRIPE_SECRET_KEY is not set, and this storefront was built without the sandbox that would \
         take Stripe's place. Set the key, or build with the feature `sandbox`"
    )
}

#[expect(clippy::unused_async, reason = "as the sandbox's own")]
pub(crate) async fn start(
    _config: &Config,
    _keys: &SandboxKeys,
    _addr: SocketAddr,
) -> anyhow::Result<Sandbox> {
    check()?;
    bail!("this storefront was built without the sandbox")
}
