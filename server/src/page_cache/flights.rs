use std::collections::HashMap;
use std::hash::Hash;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::OnceCell;

/// Work under way, so that many who want the same at a time wait for one of them. Its outcome goes
/// to all that wait, also when it is an error. When whoever works goes away, another one begins anew.
#[derive(Debug)]
pub(super) struct Flights<K, T>(Mutex<HashMap<K, Arc<OnceCell<T>>>>);

/// A place among those that wait for one outcome. It is forgotten with the last of them.
#[derive(Debug)]
pub(super) struct Flight<'a, K: Eq + Hash, T> {
    flights: &'a Flights<K, T>,
    key: &'a K,
    outcome: Arc<OnceCell<T>>,
}

impl<K: Clone + Eq + Hash, T: Clone> Flights<K, T> {
    /// Joins those that want the same as `key`.
    pub(super) fn join<'a>(&'a self, key: &'a K) -> Flight<'a, K, T> {
        let outcome = Arc::clone(self.lock().entry(key.clone()).or_default());
        Flight {
            flights: self,
            key,
            outcome,
        }
    }
}

impl<K, T> Flights<K, T> {
    fn lock(&self) -> MutexGuard<'_, HashMap<K, Arc<OnceCell<T>>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
impl<K, T> Flights<K, T> {
    pub(super) fn len(&self) -> usize {
        self.lock().len()
    }
}

impl<K, T> Default for Flights<K, T> {
    fn default() -> Self {
        Self(Mutex::default())
    }
}

impl<K: Eq + Hash, T: Clone> Flight<'_, K, T> {
    /// The outcome of `work`, or of the same work that somebody else did.
    pub(super) async fn get_or_init(&self, work: impl Future<Output = T>) -> T {
        let outcome = self.outcome.get_or_init(|| work).await.clone();
        // Whoever comes from now on begins anew: what is kept is kept elsewhere.
        let mut flights = self.flights.lock();
        if flights
            .get(self.key)
            .is_some_and(|known| Arc::ptr_eq(known, &self.outcome))
        {
            flights.remove(self.key);
        }
        outcome
    }
}

impl<K: Eq + Hash, T> Drop for Flight<'_, K, T> {
    fn drop(&mut self) {
        let mut flights = self.flights.lock();
        // One is the map's and one this place's; nobody can get another without the map.
        if Arc::strong_count(&self.outcome) <= 2
            && flights
                .get(self.key)
                .is_some_and(|known| Arc::ptr_eq(known, &self.outcome))
        {
            flights.remove(self.key);
        }
    }
}
