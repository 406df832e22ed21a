//! The switches and what they are set to.

use std::fmt::{self, Display, Formatter};
use std::str::FromStr;

const SEED: &str = "seed";

/// Something that can go wrong. Those that begin with `Webhook` happen to deliveries, the others to
/// API requests.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Fault {
    /// An event is delivered twice.
    WebhookDuplicate,
    /// An event is never delivered to an endpoint.
    WebhookDrop,
    /// A delivery is held back until a later one to the same endpoint went out, three seconds at
    /// most.
    WebhookReorder,
    /// Deliveries begin late, by a random time up to this many milliseconds.
    WebhookDelayMs,
    /// A request is turned away with 429 before anything is done.
    ApiRateLimit,
    /// A request is told with 429 that another one is at the same object, before anything is done.
    ApiLockTimeout,
    /// A request is answered 500 before anything is done.
    ApiError,
    /// A request is answered 500 after its work was done.
    ApiErrorAfter,
    /// A request is answered with a gateway's HTML page and 502 before anything is done.
    ApiGarbage,
    /// The connection is closed without an answer after the work was done.
    ApiLoseAnswer,
    /// Answers come late, by a random time up to this many milliseconds.
    ApiSlowMs,
}

/// The setting of each switch, and the seed of the dice. By default nothing goes wrong.
///
/// ```
/// let faults = sandbox::Faults::default()
///     .seeded(7)
///     .with(sandbox::Fault::WebhookDrop, 20)
///     .with(sandbox::Fault::ApiSlowMs, 300);
/// assert_eq!(faults, "seed=7,webhook_drop=20,api_slow_ms=300".parse()?);
/// # Ok::<(), sandbox::BadFault>(())
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Faults {
    seed: u64,
    values: [u32; Fault::ALL.len()],
}

/// A switch that does not exist, or a value that it cannot take.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BadFault {
    /// There is no switch of this name.
    #[error("there is no fault named {0}")]
    Unknown(String),
    /// The value is not a whole number within the switch's limit.
    #[error("{name} must be a whole number from 0 to {most}")]
    Value {
        /// The switch.
        name: &'static str,
        /// The largest value that it takes.
        most: u64,
    },
}

impl Fault {
    /// All of them, those of webhooks first.
    pub const ALL: [Self; 11] = [
        Self::WebhookDuplicate,
        Self::WebhookDrop,
        Self::WebhookReorder,
        Self::WebhookDelayMs,
        Self::ApiRateLimit,
        Self::ApiLockTimeout,
        Self::ApiError,
        Self::ApiErrorAfter,
        Self::ApiGarbage,
        Self::ApiLoseAnswer,
        Self::ApiSlowMs,
    ];

    /// The name of the switch, such as `webhook_drop`.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::WebhookDuplicate => "webhook_duplicate",
            Self::WebhookDrop => "webhook_drop",
            Self::WebhookReorder => "webhook_reorder",
            Self::WebhookDelayMs => "webhook_delay_ms",
            Self::ApiRateLimit => "api_rate_limit",
            Self::ApiLockTimeout => "api_lock_timeout",
            Self::ApiError => "api_error",
            Self::ApiErrorAfter => "api_error_after",
            Self::ApiGarbage => "api_garbage",
            Self::ApiLoseAnswer => "api_lose_answer",
            Self::ApiSlowMs => "api_slow_ms",
        }
    }

    /// The largest value that the switch takes: 100 percent, or a minute in milliseconds.
    #[must_use]
    pub fn most(self) -> u32 {
        match self {
            Self::WebhookDelayMs | Self::ApiSlowMs => 60_000,
            _ => 100,
        }
    }

    pub(super) fn index(self) -> usize {
        self as usize
    }
}

impl Faults {
    /// Sets a switch, in whole percent of the deliveries or requests, or in milliseconds. A value
    /// above [`Fault::most`] is brought down to it.
    #[must_use]
    pub fn with(mut self, fault: Fault, value: u32) -> Self {
        self.values[fault.index()] = value.min(fault.most());
        self
    }

    /// Sets the seed. With the same seed, the n-th delivery or request meets the same fate.
    #[must_use]
    pub fn seeded(self, seed: u64) -> Self {
        Self { seed, ..self }
    }

    /// The setting of a switch.
    #[must_use]
    pub fn get(&self, fault: Fault) -> u32 {
        self.values[fault.index()]
    }

    /// The seed of the dice.
    #[must_use]
    pub fn seed(&self) -> u64 {
        self.seed
    }

    /// Sets a switch, or the seed, by its name.
    ///
    /// # Errors
    /// When there is no such switch, or the value is not a whole number within its limit.
    pub fn set(&mut self, name: &str, value: &str) -> Result<(), BadFault> {
        if name == SEED {
            self.seed = number(SEED, value, u64::MAX)?;
            return Ok(());
        }
        let fault = Fault::ALL
            .into_iter()
            .find(|fault| fault.name() == name)
            .ok_or_else(|| BadFault::Unknown(name.to_owned()))?;
        let most = fault.most();
        let value = number(fault.name(), value, u64::from(most))?;
        self.values[fault.index()] = u32::try_from(value).unwrap_or(most);
        Ok(())
    }
}

/// `seed=7,webhook_drop=20`: what is not named is off.
impl FromStr for Faults {
    type Err = BadFault;

    fn from_str(text: &str) -> Result<Self, BadFault> {
        let mut faults = Self::default();
        let pairs = text.split(',').map(str::trim);
        for pair in pairs.filter(|pair| !pair.is_empty()) {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            faults.set(name.trim(), value.trim())?;
        }
        Ok(faults)
    }
}

impl Display for Faults {
    fn fmt(&self, formatter: &mut Formatter<'_>) -> fmt::Result {
        write!(formatter, "{SEED}={}", self.seed)?;
        Fault::ALL
            .into_iter()
            .filter(|fault| self.get(*fault) > 0)
            .try_for_each(|fault| write!(formatter, ",{}={}", fault.name(), self.get(fault)))
    }
}

fn number(name: &'static str, text: &str, most: u64) -> Result<u64, BadFault> {
    match text.parse() {
        Ok(value) if value <= most && !text.starts_with('+') => Ok(value),
        _ => Err(BadFault::Value { name, most }),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::{BadFault, Fault, Faults};

    #[test]
    fn settings_are_read_back() {
        let faults = Fault::ALL
            .into_iter()
            .fold(Faults::default().seeded(u64::MAX), |faults, fault| {
                faults.with(fault, u32::MAX)
            });
        assert_eq!(faults.to_string().parse(), Ok(faults));
        assert_eq!("".parse(), Ok(Faults::default()));
    }

    #[test]
    fn wrong_settings_are_named_in_the_error() {
        for wrong in [
            "webhook_drop=101",
            "webhook_drop=-1",
            "webhook_drop=1.5",
            "webhook_drop=+1",
            "webhook_drop",
            "api_slow_ms=60001",
            "seed=x",
        ] {
            assert!(
                matches!(wrong.parse::<Faults>(), Err(BadFault::Value { .. })),
                "{wrong}"
            );
        }
        assert_eq!(
            "webhook_dorp=1".parse::<Faults>(),
            Err(BadFault::Unknown("webhook_dorp".to_owned()))
        );
    }

    #[test]
    fn every_fault_has_its_own_place() {
        for (at, fault) in Fault::ALL.into_iter().enumerate() {
            assert_eq!(fault.index(), at);
        }
    }
}
