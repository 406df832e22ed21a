use std::fs;
use std::path::Path;

use anyhow::Context;
use payments::SecretKey;
use rand::Rng;

use crate::config::Config;
use crate::private;

/// The keys that the built-in sandbox takes and signs with. Made for each installation, so that
/// nobody else can say to a shop on the sandbox that an order was paid.
#[derive(Clone, Debug)]
pub(crate) struct SandboxKeys {
    /// The API key (`sk_test_…`).
    pub(crate) secret_key: String,
    /// The signing secret of the shop's webhook endpoint (`whsec_…`).
    pub(crate) webhook_secret: String,
}

/// The file in `DATA_DIR` that keeps what was made: a line for each value, as in a `.env` file.
const FILE: &str = "sandbox-keys.env";
const KEY_NAME: &str = "SANDBOX_SECRET_KEY";
const SECRET_NAME: &str = "SANDBOX_WEBHOOK_SECRET";

impl SandboxKeys {
    /// Takes the configured values, and those of this installation for what is not configured. They
    /// are made when they are not there.
    ///
    /// # Errors
    /// When a value cannot be used, or the file cannot be read or written.
    pub(crate) fn load(config: &Config) -> anyhow::Result<Self> {
        let path = config.data_dir.join(FILE);
        let configured = (&config.sandbox_secret_key, &config.sandbox_webhook_secret);
        let keys = match configured {
            (Some(secret_key), Some(webhook_secret)) => Self {
                secret_key: secret_key.clone(),
                webhook_secret: webhook_secret.clone(),
            },
            (secret_key, webhook_secret) => {
                let kept = Self::kept(&path)?;
                Self {
                    secret_key: secret_key.clone().unwrap_or(kept.secret_key),
                    webhook_secret: webhook_secret.clone().unwrap_or(kept.webhook_secret),
                }
            }
        };
        keys.check()?;
        Ok(keys)
    }

    /// As lines of a `.env` file.
    pub(crate) fn to_env(&self) -> String {
        let Self {
            secret_key,
            webhook_secret,
        } = self;
        format!("{KEY_NAME}={secret_key}\n{SECRET_NAME}={webhook_secret}\n")
    }

    fn kept(path: &Path) -> anyhow::Result<Self> {
        let failed = || format!("{} cannot be used", path.display());
        let text = if path.exists() {
            private::make_file(path)?;
            fs::read_to_string(path).with_context(failed)?
        } else {
            String::new()
        };
        let value = |name: &str| {
            text.lines()
                .filter_map(|line| line.split_once('='))
                .find(|(key, value)| *key == name && !value.is_empty())
                .map(|(_, value)| value.to_owned())
        };
        if let (Some(secret_key), Some(webhook_secret)) = (value(KEY_NAME), value(SECRET_NAME)) {
            return Ok(Self {
                secret_key,
                webhook_secret,
            });
        }
        let made = Self {
            secret_key: format!("sk_test_sandbox_{}", random()),
            webhook_secret: format!("whsec_{}", random()),
        };
        private::make_file(path)?;
        fs::write(path, made.to_env()).with_context(failed)?;
        Ok(made)
    }

    fn check(&self) -> anyhow::Result<()> {
        anyhow::ensure!(
            self.secret_key.starts_with("sk_test_"),
            "{KEY_NAME} must begin with sk_test_"
        );
        SecretKey::parse(&self.secret_key).with_context(|| format!("{KEY_NAME} cannot be used"))?;
        anyhow::ensure!(
            self.webhook_secret.starts_with("whsec_") && self.webhook_secret.len() > "whsec_".len(),
            "{SECRET_NAME} must begin with whsec_"
        );
        Ok(())
    }
}

/// 192 bits from the operating system's generator, as text of e-mails and digits.
fn random() -> String {
    let mut bytes = [0_u8; 24];
    rand::rng().fill(&mut bytes);
    hex::encode(bytes)
}
