use std::ops::RangeInclusive;
use std::time::Duration;

use rand::rngs::StdRng;
use rand::{Rng, SeedableRng};
use sha2::{Digest, Sha256};

/// Chance, by a seed. Everybody has dice of their own, so that what one does changes nothing for
/// the others.
pub(crate) struct SeededRng(StdRng);

impl SeededRng {
    pub(crate) fn of(seed: u64, who: &str) -> Self {
        Self(StdRng::from_seed(
            Sha256::digest(format!("{seed} {who}")).into(),
        ))
    }

    /// True if something happens that happens this many times of a hundred.
    pub(crate) fn percent(&mut self, chance: u32) -> bool {
        self.0.random_range(0..100) < chance
    }

    pub(crate) fn number(&mut self, range: RangeInclusive<u64>) -> u64 {
        self.0.random_range(range)
    }

    pub(crate) fn pick<'a, T>(&mut self, among: &'a [T]) -> Option<&'a T> {
        (!among.is_empty()).then(|| &among[self.0.random_range(0..among.len())])
    }

    /// One of several, each as likely as its weight says.
    pub(crate) fn weighted<T: Copy>(&mut self, among: &[(u32, T)]) -> T {
        let total: u32 = among.iter().map(|(weight, _)| weight).sum();
        let mut throw = self.0.random_range(0..total);
        for (weight, one) in among {
            match throw.checked_sub(*weight) {
                Some(rest) => throw = rest,
                None => return *one,
            }
        }
        unreachable!("the weights add up to the total")
    }

    /// A port that is free now and that no outgoing connection gets by chance while its admin is
    /// dead.
    pub(crate) fn free_port(&mut self) -> u16 {
        loop {
            let port = self.0.random_range(15_000..32_000);
            if std::net::TcpListener::bind(("127.0.0.1", port)).is_ok() {
                return port;
            }
        }
    }

    /// Takes as long as people take.
    pub(crate) async fn pause(&mut self, milliseconds: RangeInclusive<u64>) {
        tokio::time::sleep(Duration::from_millis(self.number(milliseconds))).await;
    }
}
