//! Running a request in a transaction, once for each idempotency key.

use axum::http::Method;
use serde_json::Value;
use sqlx::SqliteConnection;

use super::answer::Answer;
use super::call::Call;
use super::error::{ApiError, OnError};
use super::form::Fields;
use super::operation::Requested;
use super::params::Params;
use super::version::Version;
use super::{expand, idempotency};
use crate::app::{App, Cause};
use crate::store::answers::{self, Stored};

/// A request that passed the door.
#[derive(Debug)]
pub(crate) struct Run<'a> {
    pub(crate) app: &'a App,
    pub(crate) method: &'a Method,
    pub(crate) path: &'a str,
    /// The operation that method and path name, if there is one.
    pub(crate) requested: Option<Requested>,
    pub(crate) version: &'a Version,
    pub(crate) cause: &'a Cause,
}

impl Run<'_> {
    pub(crate) async fn execute(
        &self,
        db: &mut SqliteConnection,
        fields: Fields,
    ) -> Result<Value, ApiError> {
        let mut params = Params::new(fields);
        let expand = params.texts("expand")?;
        let Some(Requested { operation, ids }) = &self.requested else {
            return Err(ApiError::unrecognized_url(self.method, self.path));
        };
        expand::check(operation.answers, &expand)?;
        let mut call = Call {
            app: self.app,
            db: &mut *db,
            params,
            cause: self.cause,
            version: self.version,
        };
        let mut value = (operation.endpoint)(&mut call, ids).await?;
        expand::apply(db, &mut value, &expand).await?;
        Ok(value)
    }

    /// Runs in one transaction: all of a request happens, with its events and their deliveries, or
    /// nothing. A declined payment happens and is refused.
    pub(crate) async fn write(&self, fields: Fields) -> Result<Answer, ApiError> {
        let mut transaction = self.app.store.begin().await?;
        let result = self.execute(&mut transaction, fields).await;
        let commits = |error: &ApiError| error.on_error == OnError::Commit;
        if result.as_ref().map_or_else(commits, |_| true) {
            transaction.commit().await?;
            self.app.deliveries.wake();
        }
        result.map(Answer::ok)
    }

    /// Runs unless the key has an answer already, and stores the answer in the transaction that it
    /// tells about.
    pub(crate) async fn write_once(&self, key: &str, fields: Fields) -> Result<Answer, ApiError> {
        let fingerprint = idempotency::fingerprint(self.path, &fields);
        // An answer that is there is given to any number at once; only those who may run stand in
        // each other's way.
        let mut db = self.app.store.read().await?;
        if let Some(answer) = self.stored(&mut db, key, &fingerprint).await? {
            return Ok(answer);
        }
        drop(db);
        let claim = self.app.in_flight.claim(key);
        let _claim = claim.ok_or_else(|| ApiError::idempotency_in_flight(key))?;
        let mut transaction = self.app.store.begin().await?;
        if let Some(answer) = self.stored(&mut transaction, key, &fingerprint).await? {
            return Ok(answer);
        }
        let answer = match self.execute(&mut transaction, fields).await {
            Ok(value) => Answer::ok(value),
            Err(error) => {
                match error.on_error {
                    OnError::Rollback => return Err(error),
                    OnError::RollbackAndRemember => {
                        transaction.rollback().await?;
                        transaction = self.app.store.begin().await?;
                    }
                    OnError::Commit => {}
                }
                Answer::from(&error)
            }
        };
        let stored = Stored {
            fingerprint,
            status: answer.status.as_u16(),
            body: answer.body.clone(),
        };
        let api_key = self.app.config.secret_key.as_str();
        answers::keep(
            &mut transaction,
            api_key,
            key,
            self.app.clock.now(),
            &stored,
        )
        .await?;
        transaction.commit().await?;
        self.app.deliveries.wake();
        Ok(answer)
    }

    /// The answer that the key has, if it was given to the same request.
    async fn stored(
        &self,
        db: &mut SqliteConnection,
        key: &str,
        fingerprint: &str,
    ) -> Result<Option<Answer>, ApiError> {
        let api_key = self.app.config.secret_key.as_str();
        let since = self.app.clock.now() - idempotency::KEPT;
        match answers::find(db, api_key, key, since).await? {
            Some(stored) if stored.fingerprint == fingerprint => Ok(Some(Answer::replay(stored))),
            Some(_) => Err(ApiError::idempotency_mismatch(key)),
            None => Ok(None),
        }
    }
}
