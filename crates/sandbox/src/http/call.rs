//! One request on its way through an endpoint.

use sqlx::SqliteConnection;

use super::params::Params;
use super::version::Version;
use crate::app::{App, Cause, Scope};

/// The input of an endpoint: the parameters of the request, and the transaction in which it runs.
pub(crate) struct Call<'a> {
    pub(crate) app: &'a App,
    pub(crate) db: &'a mut SqliteConnection,
    pub(crate) params: Params,
    pub(crate) cause: &'a Cause,
    pub(crate) version: &'a Version,
}

impl Call<'_> {
    /// The parameters of the request, which an endpoint takes once and reads to their end.
    pub(crate) fn take_params(&mut self) -> Params {
        std::mem::take(&mut self.params)
    }

    /// The transaction of the request, for what happens in it.
    pub(crate) fn scope(&mut self) -> Scope<'_> {
        Scope::new(self.app, self.db, self.cause)
    }
}
