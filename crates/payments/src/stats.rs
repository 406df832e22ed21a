use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use crate::error::ApiError;

/// An operation of Stripe's API that the shop calls.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Operation {
    /// Make a Checkout Session.
    CreateCheckoutSession,
    /// Tell about a Checkout Session.
    RetrieveCheckoutSession,
    /// End a Checkout Session.
    ExpireCheckoutSession,
    /// Give money back.
    CreateRefund,
    /// Tell about a refund.
    RetrieveRefund,
    /// Tell the refunds of a payment, a page at a time.
    ListRefunds,
    /// Tell what happened, a page at a time.
    ListEvents,
    /// Tell the Checkout Sessions, a page at a time.
    ListCheckoutSessions,
    /// Tell which account the key belongs to.
    RetrieveAccount,
}

/// The statistics of the calls of one operation since the program started.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OperationStats {
    /// Which one.
    pub operation: Operation,
    /// The number of calls that were begun.
    pub calls: u64,
    /// The number of attempts beside the first one of each call.
    pub retries: u64,
    /// The number of calls that Stripe refused.
    pub refused: u64,
    /// The number of calls without an answer.
    pub unreachable: u64,
    /// The number of calls that failed because of the configuration.
    pub misconfigured: u64,
    /// For each of [`OperationStats::BOUNDS`], how many calls took at most that long, with all
    /// their attempts.
    pub at_most: [u64; OperationStats::BOUNDS.len()],
    /// The number of calls that ended.
    pub ended: u64,
    /// The time that these took together.
    pub total: Duration,
}

/// The living numbers behind [`OperationStats`].
#[derive(Debug, Default)]
pub(crate) struct Counters([OperationCounters; Operation::ALL.len()]);

#[derive(Debug, Default)]
struct OperationCounters {
    calls: AtomicU64,
    retries: AtomicU64,
    refused: AtomicU64,
    unreachable: AtomicU64,
    misconfigured: AtomicU64,
    at_most: [AtomicU64; OperationStats::BOUNDS.len()],
    ended: AtomicU64,
    micros: AtomicU64,
}

impl Operation {
    /// Every operation.
    pub const ALL: [Self; 9] = [
        Self::CreateCheckoutSession,
        Self::RetrieveCheckoutSession,
        Self::ExpireCheckoutSession,
        Self::CreateRefund,
        Self::RetrieveRefund,
        Self::ListRefunds,
        Self::ListEvents,
        Self::ListCheckoutSessions,
        Self::RetrieveAccount,
    ];

    /// As a log or a metric names it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::CreateCheckoutSession => "create_checkout_session",
            Self::RetrieveCheckoutSession => "retrieve_checkout_session",
            Self::ExpireCheckoutSession => "expire_checkout_session",
            Self::CreateRefund => "create_refund",
            Self::RetrieveRefund => "retrieve_refund",
            Self::ListRefunds => "list_refunds",
            Self::ListEvents => "list_events",
            Self::ListCheckoutSessions => "list_checkout_sessions",
            Self::RetrieveAccount => "retrieve_account",
        }
    }
}

impl OperationStats {
    /// The upper bounds that durations are counted by.
    pub const BOUNDS: [Duration; 8] = [
        Duration::from_millis(50),
        Duration::from_millis(100),
        Duration::from_millis(250),
        Duration::from_millis(500),
        Duration::from_secs(1),
        Duration::from_millis(2500),
        Duration::from_secs(5),
        Duration::from_secs(10),
    ];
}

impl Counters {
    pub(crate) fn begin(&self, operation: Operation) {
        add(&self.of(operation).calls, 1);
    }

    pub(crate) fn retry(&self, operation: Operation) {
        add(&self.of(operation).retries, 1);
    }

    pub(crate) fn end(&self, operation: Operation, error: Option<&ApiError>, took: Duration) {
        let counters = self.of(operation);
        match error {
            None => {}
            Some(ApiError::Refused { .. }) => add(&counters.refused, 1),
            Some(ApiError::Unreachable(_)) => add(&counters.unreachable, 1),
            Some(ApiError::Configuration(_) | ApiError::Forbidden { .. }) => {
                add(&counters.misconfigured, 1)
            }
        }
        for (bound, count) in OperationStats::BOUNDS.iter().zip(&counters.at_most) {
            if took <= *bound {
                add(count, 1);
            }
        }
        add(&counters.ended, 1);
        add(
            &counters.micros,
            u64::try_from(took.as_micros()).unwrap_or(u64::MAX),
        );
    }

    pub(crate) fn read(&self) -> Vec<OperationStats> {
        Operation::ALL
            .into_iter()
            .map(|operation| {
                let counters = self.of(operation);
                OperationStats {
                    operation,
                    calls: get(&counters.calls),
                    retries: get(&counters.retries),
                    refused: get(&counters.refused),
                    unreachable: get(&counters.unreachable),
                    misconfigured: get(&counters.misconfigured),
                    at_most: std::array::from_fn(|index| {
                        counters.at_most.get(index).map_or(0, get)
                    }),
                    ended: get(&counters.ended),
                    total: Duration::from_micros(get(&counters.micros)),
                }
            })
            .collect()
    }

    fn of(&self, operation: Operation) -> &OperationCounters {
        // `Operation::ALL` has them in the order of their declaration.
        &self.0[operation as usize]
    }
}

/// The numbers do not depend on each other, so no order between them is needed.
fn add(counter: &AtomicU64, more: u64) {
    counter.fetch_add(more, Ordering::Relaxed);
}

fn get(counter: &AtomicU64) -> u64 {
    counter.load(Ordering::Relaxed)
}
