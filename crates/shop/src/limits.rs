use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use store::holds::ClientHolds;

use crate::Client;

/// The limits on what one client may keep from others by checkouts that are not paid.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// The number of unpaid orders of a client at a time.
    pub open_orders: u32,
    /// The number of pieces that a client's unpaid orders hold, in percent of all that are on hand.
    pub held_percent: u32,
    /// The number of pieces that they may hold in a small shop, where that is less.
    pub held_pieces: u32,
    /// The rate at which a client starts checkouts.
    pub client_rate: Rate,
    /// The rate at which all clients together do.
    pub shop_rate: Rate,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            open_orders: 20,
            held_percent: 5,
            held_pieces: 20,
            client_rate: Rate {
                burst: 30,
                refill: 1,
                seconds: 10,
            },
            shop_rate: Rate {
                burst: 300,
                refill: 10,
                seconds: 1,
            },
        }
    }
}

impl Limits {
    /// True if a client may hold what it holds, a new order of `pieces` included, of a shop with
    /// `on_hand` pieces.
    ///
    /// # Errors
    /// The limit that it has met.
    pub(crate) fn check(
        &self,
        holds: &ClientHolds,
        pieces: i64,
        on_hand: i64,
        now: i64,
    ) -> Result<(), Limit> {
        let most = self.most_held(on_hand);
        if pieces > most {
            return Err(Limit::OrderSize { most });
        }
        let ends_at = holds.ends_at.unwrap_or(now);
        let seconds = u32::try_from(ends_at.saturating_sub(now)).unwrap_or(0);
        let seconds = seconds.max(LEAST_WAIT);
        if holds.orders > i64::from(self.open_orders) {
            return Err(Limit::OpenOrders { seconds });
        }
        if holds.pieces > most {
            return Err(Limit::HeldPieces { seconds });
        }
        Ok(())
    }

    /// The number of pieces that a client's unpaid orders may hold when `on_hand` pieces are on
    /// hand.
    pub(crate) fn most_held(&self, on_hand: i64) -> i64 {
        let share = on_hand.max(0) / 100 * i64::from(self.held_percent)
            + on_hand.max(0) % 100 * i64::from(self.held_percent) / 100;
        share.max(i64::from(self.held_pieces))
    }
}

/// The limit that a checkout has met. Nothing was held.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Limit {
    /// Checkouts are started too fast.
    Rate {
        /// In how many seconds the next can be.
        seconds: u32,
    },
    /// The client has too many unpaid orders.
    OpenOrders {
        /// In how many seconds the first of them ends.
        seconds: u32,
    },
    /// The client's unpaid orders would hold too many pieces.
    HeldPieces {
        /// In how many seconds the first of them ends.
        seconds: u32,
    },
    /// The order alone has more pieces than a client may hold.
    OrderSize {
        /// The most pieces of an order.
        most: i64,
    },
}

/// A token bucket: `burst` at once, then `refill` every `seconds`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rate {
    /// The number at once after a quiet time.
    pub burst: u32,
    /// The number of further ones after each interval.
    pub refill: u32,
    /// The length of the interval in seconds, at least 1.
    pub seconds: u32,
}

/// Counts what clients start, such as checkouts, in the memory of this process; each machine for
/// itself.
#[derive(Clone, Debug, Default)]
pub(crate) struct ClientGate(Arc<Mutex<Gate>>);

#[derive(Debug, Default)]
struct Gate {
    clients: HashMap<Client, Bucket>,
    shop: Option<Bucket>,
}

/// The shortest time that a client is told to wait for its open orders, in seconds: one that is
/// past its end is released within minutes.
const LEAST_WAIT: u32 = 60;

/// The number of clients that are remembered before those that have been quiet are forgotten.
const MOST_CLIENTS: usize = 10_000;

impl ClientGate {
    /// Lets a client start one more.
    ///
    /// # Errors
    /// When it, or all together, started too many; the number of seconds until the next.
    pub(crate) fn pass(&self, client: Client, limits: &Limits, now: i64) -> Result<(), u32> {
        self.try_pass(client, limits, now, true)
    }

    /// True if [`ClientGate::pass`] would let it; nothing is counted.
    ///
    /// # Errors
    /// The same.
    pub(crate) fn look(&self, client: Client, limits: &Limits, now: i64) -> Result<(), u32> {
        self.try_pass(client, limits, now, false)
    }

    fn try_pass(&self, client: Client, limits: &Limits, now: i64, counts: bool) -> Result<(), u32> {
        // Numbers that a panicking thread left behind are still numbers.
        let mut gate = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let known = gate.clients.get(&client).copied();
        let mut own = known.unwrap_or_else(|| limits.client_rate.full(now));
        let mut shop = gate.shop.unwrap_or_else(|| limits.shop_rate.full(now));
        own.take(limits.client_rate, now)?;
        shop.take(limits.shop_rate, now)?;
        if counts {
            if known.is_none() && gate.clients.len() >= MOST_CLIENTS {
                gate.forget_quiet(limits.client_rate, now);
            }
            gate.clients.insert(client, own);
            gate.shop = Some(shop);
        }
        Ok(())
    }
}

impl Gate {
    /// Forgets the clients whose buckets are full again; if most are not, those that are fullest.
    fn forget_quiet(&mut self, rate: Rate, now: i64) {
        for missing in 0..=rate.burst {
            self.clients
                .retain(|_, bucket| !bucket.is_full(rate, now, missing));
            if self.clients.len() <= MOST_CLIENTS / 2 {
                break;
            }
        }
    }
}

/// The state of one token bucket.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Bucket {
    tokens: u32,
    /// Up to when tokens were refilled, in Unix seconds.
    refilled_at: i64,
}

impl Rate {
    /// A full bucket.
    pub(crate) const fn full(self, now: i64) -> Bucket {
        Bucket {
            tokens: self.burst,
            refilled_at: now,
        }
    }
}

impl Bucket {
    /// Takes a token.
    ///
    /// # Errors
    /// When there is none; the number of seconds until there is.
    pub(crate) fn take(&mut self, rate: Rate, now: i64) -> Result<(), u32> {
        self.refill(rate, now);
        match self.tokens.checked_sub(1) {
            Some(left) => {
                self.tokens = left;
                Ok(())
            }
            None => {
                let next = self.refilled_at.saturating_add(i64::from(rate.seconds));
                let wait = next.saturating_sub(now).max(1);
                Err(u32::try_from(wait).unwrap_or(u32::MAX))
            }
        }
    }

    /// Puts a token back.
    pub(crate) fn refund(&mut self, rate: Rate) {
        self.tokens = self.tokens.saturating_add(1).min(rate.burst);
    }

    /// The number of tokens at the last look.
    pub(crate) const fn tokens_left(self) -> u32 {
        self.tokens
    }

    /// True if it is as a new one would be, but for `missing` tokens.
    fn is_full(mut self, rate: Rate, now: i64, missing: u32) -> bool {
        self.refill(rate, now);
        self.tokens >= rate.burst.saturating_sub(missing)
    }

    fn refill(&mut self, rate: Rate, now: i64) {
        // A clock that was set back would otherwise stop the refill for as long.
        self.refilled_at = self.refilled_at.min(now);
        let seconds = i64::from(rate.seconds.max(1));
        let intervals = now.saturating_sub(self.refilled_at) / seconds;
        let tokens = intervals.saturating_mul(i64::from(rate.refill));
        let tokens = u32::try_from(tokens).unwrap_or(u32::MAX);
        self.tokens = self.tokens.saturating_add(tokens).min(rate.burst);
        self.refilled_at = self
            .refilled_at
            .saturating_add(intervals.saturating_mul(seconds));
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use std::net::Ipv4Addr;

    use super::*;

    fn client(number: u32) -> Client {
        Client::new(Ipv4Addr::from_bits(number).into())
    }

    #[test]
    fn share_of_the_pieces_on_hand_is_at_least_that_of_a_small_shop() {
        let limits = Limits::default();
        for (on_hand, most) in [
            (0, 20),
            (400, 20),
            (419, 20),
            (420, 21),
            (2_210, 110),
            (i64::MAX, i64::MAX / 20),
        ] {
            assert_eq!(limits.most_held(on_hand), most, "{on_hand}");
        }
    }

    #[test]
    fn gate_counts_by_client_and_for_all_together() {
        let gate = ClientGate::default();
        let limits = Limits::default();
        for _ in 0..30 {
            assert_eq!(gate.look(client(1), &limits, 100), Ok(()));
            assert_eq!(gate.pass(client(1), &limits, 100), Ok(()));
        }
        assert_eq!(gate.look(client(1), &limits, 100), Err(10));
        assert_eq!(gate.pass(client(1), &limits, 109), Err(1));
        assert_eq!(gate.pass(client(1), &limits, 110), Ok(()));
        // A refused client takes nothing from the others.
        let others = (2..1_000).filter(|other| gate.pass(client(*other), &limits, 110).is_ok());
        assert_eq!(others.count(), 300 - 1);
        assert_eq!(gate.pass(client(1_000), &limits, 110), Err(1));
        assert_eq!(gate.pass(client(1_000), &limits, 111), Ok(()));
    }

    #[test]
    fn gate_remembers_no_more_clients_than_it_may() {
        let gate = ClientGate::default();
        let limits = Limits {
            shop_rate: Rate {
                burst: u32::MAX,
                refill: 1,
                seconds: 1,
            },
            ..Limits::default()
        };
        for number in 0..30_000 {
            assert_eq!(gate.pass(client(number), &limits, 100), Ok(()));
        }
        assert!(gate.0.lock().unwrap().clients.len() <= MOST_CLIENTS);
    }

    const RATE: Rate = Rate {
        burst: 3,
        refill: 2,
        seconds: 10,
    };

    #[test]
    fn bucket_gives_its_burst_and_then_its_refill() {
        let mut bucket = RATE.full(100);
        for _ in 0..3 {
            assert_eq!(bucket.take(RATE, 105), Ok(()));
        }
        assert_eq!(bucket.take(RATE, 105), Err(5));
        assert_eq!(bucket.take(RATE, 109), Err(1));
        assert_eq!(bucket.take(RATE, 110), Ok(()));
        assert_eq!(bucket.take(RATE, 110), Ok(()));
        assert_eq!(bucket.take(RATE, 110), Err(10));
        bucket.refund(RATE);
        assert_eq!(bucket.take(RATE, 110), Ok(()));
    }

    #[test]
    fn bucket_is_never_more_than_full() {
        let mut bucket = RATE.full(0);
        bucket.refund(RATE);
        for _ in 0..3 {
            assert_eq!(bucket.take(RATE, i64::MAX), Ok(()));
        }
        assert!(bucket.take(RATE, i64::MAX).is_err());
    }

    #[test]
    fn bucket_refills_when_the_clock_was_set_back() {
        let mut bucket = RATE.full(1_000);
        for _ in 0..3 {
            assert_eq!(bucket.take(RATE, 1_000), Ok(()));
        }
        assert_eq!(bucket.take(RATE, 500), Err(10));
        assert_eq!(bucket.take(RATE, 510), Ok(()));
    }
}
