use std::sync::Arc;

use hmac::{Hmac, KeyInit, Mac};
use rand::Rng;
use sha2::Sha256;
use store::{Commit, Store};

use crate::Error;

/// The purpose of a message authentication code. Each purpose has a key of its own, derived from
/// the installation's secret, so that a code made for one is worth nothing for another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// The name of a browser's cart, which only the server makes.
    CartKey,
    /// A browser that the admin has signed in from.
    AdminDevice,
    /// A form of the admin's, bound to the session and to what it acts on.
    FormToken,
    /// A browser that may be told the address of an order.
    OrderAccess,
    /// A payment that this installation began, named by its order.
    PaymentMark,
    /// The network that a client belongs to, so that the database has no address of a person.
    ClientNetwork,
    /// A link to a file of an order.
    Download,
    /// The checkout form as typed, kept by the browser.
    CheckoutForm,
}

/// The installation's secret of 256 bits: made at the first start, kept in the database, and never
/// used itself but to derive a key for each [`Purpose`].
#[derive(Clone)]
pub(crate) struct InstallationSecret(Arc<[u8; 32]>);

/// A message authentication code: HMAC-SHA-256.
type Code = Hmac<Sha256>;

/// The setting that holds the secret, in hexadecimal digits.
const SETTING: &str = "installation_secret";

/// The number of bytes of a code that [`InstallationSecret::short_mac`] keeps: 128 bits.
const SHORT: usize = 16;

impl InstallationSecret {
    /// Reads the secret, or makes it when the database has none yet. Machines that start at the
    /// same moment end up with the same.
    pub(crate) async fn load(store: &Store) -> Result<Self, Error> {
        if let Some(text) = store::settings::get(store, SETTING).await? {
            return Self::parse(&text);
        }
        let mut bytes = [0_u8; 32];
        rand::rng().fill(&mut bytes);
        let text = hex::encode(bytes);
        store
            .transaction(async |mut tx| {
                store::settings::set_default(&mut tx, SETTING, &text).await?;
                Ok(Commit(tx, ()))
            })
            .await?;
        match store::settings::get(store, SETTING).await? {
            Some(text) => Self::parse(&text),
            None => Err(store::Error::Corrupt("settings.installation_secret").into()),
        }
    }

    /// The code of a message of several parts, in 64 hexadecimal digits.
    pub(crate) fn mac(&self, purpose: Purpose, parts: &[&str]) -> String {
        hex::encode(self.code(purpose, parts).finalize().into_bytes())
    }

    /// True if `mac` is the code of the message; compared in constant time.
    pub(crate) fn is_mac(&self, purpose: Purpose, parts: &[&str], mac: &str) -> bool {
        decode(mac).is_some_and(|mac| self.code(purpose, parts).verify_slice(&mac).is_ok())
    }

    /// The first half of the code, in 32 hexadecimal digits, where there is no room for all of it.
    pub(crate) fn short_mac(&self, purpose: Purpose, parts: &[&str]) -> String {
        let code = self.code(purpose, parts).finalize().into_bytes();
        hex::encode(&code[..SHORT])
    }

    /// True if `mac` is the first half of the code; compared in constant time.
    pub(crate) fn is_short_mac(&self, purpose: Purpose, parts: &[&str], mac: &str) -> bool {
        decode(mac).is_some_and(|mac| {
            mac.len() == SHORT
                && self
                    .code(purpose, parts)
                    .verify_truncated_left(&mac)
                    .is_ok()
        })
    }

    /// A key of 256 bits for a purpose.
    pub(crate) fn derive_key(&self, purpose: Purpose) -> [u8; 32] {
        let mut derivation = code_with(self.0.as_slice());
        derivation.update(b"cartwright/1/");
        derivation.update(purpose.label().as_bytes());
        derivation.finalize().into_bytes().into()
    }

    fn code(&self, purpose: Purpose, parts: &[&str]) -> Code {
        let mut code = code_with(&self.derive_key(purpose));
        for part in parts {
            // With its length before each part, no two messages are the same sequence of bytes.
            code.update(&(part.len() as u64).to_be_bytes());
            code.update(part.as_bytes());
        }
        code
    }

    fn parse(text: &str) -> Result<Self, Error> {
        let mut bytes = [0_u8; 32];
        hex::decode_to_slice(text, &mut bytes)
            .map_err(|_| store::Error::Corrupt("settings.installation_secret"))?;
        Ok(Self(Arc::new(bytes)))
    }
}

impl std::fmt::Debug for InstallationSecret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("InstallationSecret(redacted)")
    }
}

impl Purpose {
    /// The label that the key is derived with. Never changed, or what was signed before is refused.
    const fn label(self) -> &'static str {
        match self {
            Self::CartKey => "cart-key",
            Self::AdminDevice => "owner-device",
            Self::FormToken => "form-token",
            Self::OrderAccess => "order-access",
            Self::PaymentMark => "payment-mark",
            Self::ClientNetwork => "client-network",
            Self::Download => "download",
            Self::CheckoutForm => "checkout-form",
        }
    }
}

/// The bytes of a code. Digits are small, so that one code has one spelling.
fn decode(mac: &str) -> Option<Vec<u8>> {
    let is_lower = !mac.bytes().any(|byte| byte.is_ascii_uppercase());
    is_lower.then(|| hex::decode(mac).ok()).flatten()
}

fn code_with(key: &[u8]) -> Code {
    Code::new_from_slice(key).expect("HMAC takes a key of any length")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn secret(byte: u8) -> InstallationSecret {
        InstallationSecret(Arc::new([byte; 32]))
    }

    #[test]
    fn mac_holds_for_its_purpose_message_and_installation_alone() {
        let mac = secret(1).mac(Purpose::FormToken, &["session", "1001"]);
        assert_eq!(mac.len(), 64);
        let is_mac = |byte, purpose, parts: &[&str]| secret(byte).is_mac(purpose, parts, &mac);
        assert!(is_mac(1, Purpose::FormToken, &["session", "1001"]));
        assert!(!is_mac(2, Purpose::FormToken, &["session", "1001"]));
        assert!(!is_mac(1, Purpose::CartKey, &["session", "1001"]));
        assert!(!is_mac(1, Purpose::FormToken, &["session1001"]));
        assert!(!is_mac(1, Purpose::FormToken, &["session1", "001"]));
        assert!(!is_mac(1, Purpose::FormToken, &["session", "1001", ""]));
    }

    #[test]
    fn mac_of_another_length_or_no_digits_is_refused() {
        let secret = secret(1);
        let mac = secret.mac(Purpose::CartKey, &["a"]);
        let short = secret.short_mac(Purpose::CartKey, &["a"]);
        assert_eq!(short, mac[..32]);
        assert!(secret.is_short_mac(Purpose::CartKey, &["a"], &short));
        for wrong in [
            "",
            "0",
            &mac.to_uppercase(),
            &mac[..2],
            &mac[..62],
            &short,
            "zz",
            &"0".repeat(64),
        ] {
            assert!(!secret.is_mac(Purpose::CartKey, &["a"], wrong), "{wrong}");
        }
        for wrong in ["", &short[..30], &mac, &"0".repeat(32)] {
            assert!(
                !secret.is_short_mac(Purpose::CartKey, &["a"], wrong),
                "{wrong}"
            );
        }
    }

    #[test]
    fn secret_is_never_printed() {
        assert_eq!(format!("{:?}", secret(1)), "InstallationSecret(redacted)");
    }
}
