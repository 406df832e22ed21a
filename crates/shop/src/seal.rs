use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use rand::Rng;
use ring::aead::{Aad, CHACHA20_POLY1305, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};

use crate::{Purpose, Shop};

impl Shop {
    /// Encrypts and authenticates what a browser keeps for the shop and nobody else may read
    /// (ChaCha20-Poly1305, RFC 8439), as text for a cookie. The key is one of the installation that
    /// is used for nothing but `purpose`; the nonce is random, which is safe for 2^32 messages.
    pub fn seal(&self, purpose: Purpose, plain: &[u8]) -> String {
        let mut nonce = [0_u8; NONCE_LEN];
        rand::rng().fill(&mut nonce);
        let mut sealed = plain.to_vec();
        self.aead_key(purpose)
            .seal_in_place_append_tag(
                Nonce::assume_unique_for_key(nonce),
                Aad::empty(),
                &mut sealed,
            )
            .expect("what fits into a cookie is shorter than the cipher takes");
        URL_SAFE_NO_PAD.encode([nonce.as_slice(), &sealed].concat())
    }

    /// Decrypts what [`Shop::seal`] answered; `None` for anything else, such as what another
    /// installation sealed or somebody changed.
    pub fn unseal(&self, purpose: Purpose, text: &str) -> Option<Vec<u8>> {
        let bytes = URL_SAFE_NO_PAD.decode(text).ok()?;
        let (nonce, sealed) = bytes.split_first_chunk::<NONCE_LEN>()?;
        let mut sealed = sealed.to_vec();
        let nonce = Nonce::assume_unique_for_key(*nonce);
        let plain = self
            .aead_key(purpose)
            .open_in_place(nonce, Aad::empty(), &mut sealed)
            .ok()?;
        Some(plain.to_vec())
    }

    fn aead_key(&self, purpose: Purpose) -> LessSafeKey {
        let key = self.secret.derive_key(purpose);
        let key = UnboundKey::new(&CHACHA20_POLY1305, &key).expect("the key has 256 bits");
        LessSafeKey::new(key)
    }
}
