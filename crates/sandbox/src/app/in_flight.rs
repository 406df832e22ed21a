//! The idempotency keys whose first request is still running.

use std::collections::HashSet;
use std::sync::{Mutex, PoisonError};

/// A set of keys, each of which one request at a time can hold.
#[derive(Debug, Default)]
pub(crate) struct InFlight(Mutex<HashSet<String>>);

/// A key that is held while its request runs, and given back when this is dropped, also if the
/// client goes away.
#[derive(Debug)]
pub(crate) struct Claim<'a> {
    keys: &'a InFlight,
    key: String,
}

impl InFlight {
    /// Claims a key; none when another request holds it.
    pub(crate) fn claim(&self, key: &str) -> Option<Claim<'_>> {
        let mut keys = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        keys.insert(key.to_owned()).then(|| Claim {
            keys: self,
            key: key.to_owned(),
        })
    }
}

impl Drop for Claim<'_> {
    fn drop(&mut self) {
        self.keys
            .0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .remove(&self.key);
    }
}
