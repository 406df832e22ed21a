//! The protocol kernel of the API: how requests are read and answered, whatever they are about. It
//! knows no endpoint.

pub(crate) mod address_params;
pub(crate) mod amounts;
pub(crate) mod answer;
pub(crate) mod auth;
pub(crate) mod call;
pub(crate) mod changes;
pub(crate) mod error;
pub(crate) mod expand;
pub(crate) mod fault_injection;
pub(crate) mod form;
pub(crate) mod idempotency;
pub(crate) mod list;
pub(crate) mod lookup;
pub(crate) mod metadata;
pub(crate) mod operation;
pub(crate) mod params;
pub(crate) mod run;
pub(crate) mod validation;
pub(crate) mod version;

pub(crate) use self::call::Call;
pub(crate) use self::error::ApiError;
