use serde::Deserialize;
use stripe_client_core::{RequestBuilder, StripeMethod};

use crate::client::Stripe;
use crate::error::ApiError;
use crate::stats::Operation;
use crate::transport::Call;

#[derive(Deserialize)]
struct Account {
    id: String,
}

impl Stripe {
    /// The id (`acct_…`) of the account that the key belongs to.
    ///
    /// # Errors
    /// When Stripe cannot be reached, or the key is a restricted one that may not read it
    /// ([`ApiError::Forbidden`]).
    ///
    /// Source: <https://docs.stripe.com/api/accounts/retrieve>
    pub async fn account_id(&self) -> Result<String, ApiError> {
        let call = Call {
            operation: Operation::RetrieveAccount,
            request: RequestBuilder::new(StripeMethod::Get, "/account"),
            idempotency_key: None,
        };
        self.transport
            .call(call, |body| {
                let account: Account =
                    serde_json::from_slice(body).map_err(|_| "an answer that is not Stripe's")?;
                Ok(account.id)
            })
            .await
    }
}
