use domain::money::{Money, MoneyError};
use payments::ApiError;

/// An error on our side or Stripe's. The text is for the log; what a person should read is
/// decided where the person is.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The database failed.
    #[error("the database failed")]
    Store(#[from] store::Error),
    /// Stripe refused or cannot be reached.
    #[error("Stripe failed")]
    Stripe(#[from] ApiError),
    /// A task panicked or was canceled.
    #[error("a task did not finish")]
    TaskFailed,
    /// Other transactions got in the way too often.
    #[error("the work did not converge")]
    DidNotConverge,
    /// Something that has to be there is not.
    #[error("{0} is not there")]
    NotFound(&'static str),
    /// Stripe refuses the end time of a new session: this machine's clock is more than a few
    /// minutes off.
    #[error("Stripe refused the end time of a session: is this machine's clock right?")]
    Clock,
    /// An amount does not fit.
    #[error("an amount could not be computed")]
    Money(#[from] MoneyError),
    /// A price is one that Stripe never charges, such as KWD 1.255.
    #[error("Stripe does not charge a price of {0}: in this currency it has to be rounded further")]
    NotChargeable(Money),
    /// A password is too short.
    #[error(
        "the password needs at least {} characters",
        crate::admin::LEAST_PASSWORD
    )]
    PasswordTooShort,
    /// A password could not be hashed.
    #[error("a password could not be hashed: {0}")]
    Password(String),
    /// Too many passwords are being checked; one more may be in a few seconds.
    #[error("too many passwords are being checked")]
    Busy,
    /// The catalog file is not one.
    #[error("the catalog is not usable: {0}")]
    Catalog(String),
}
