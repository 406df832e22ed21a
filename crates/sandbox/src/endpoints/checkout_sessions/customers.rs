//! Whose a new Checkout Session is: a customer of the merchant's, one to be made, or a guest.

use serde_json::{Map, Value, json};

use crate::http::params::Params;
use crate::http::{ApiError, Call, lookup};
use crate::objects::Customer;

/// The parameters about the customer.
#[derive(Debug)]
pub(super) struct CustomerParams {
    id: Option<String>,
    /// The members of the customer that are changed to what the shopper enters.
    pub(super) update: Value,
}

/// Reads all parameters about the customer, and adds to the members of the session what is stored
/// there.
pub(super) fn read(
    params: &mut Params,
    members: &mut Map<String, Value>,
) -> Result<CustomerParams, ApiError> {
    let id = params.text("customer", 5000)?;
    let email = params.email("customer_email")?;
    let creation = params.choice("customer_creation", &["always", "if_required"])?;
    let update = update(params)?;
    if id.is_some() {
        for (given, param) in [
            (email.is_some(), "customer_email"),
            (creation.is_some(), "customer_creation"),
        ] {
            if given {
                let message =
                    format!("You may only specify one of these parameters: customer, {param}.");
                return Err(ApiError::parameter(param, message));
            }
        }
    } else if !update.is_null() {
        let message = "`customer_update` can only be used with `customer`.";
        return Err(ApiError::parameter("customer_update", message));
    }
    for (member, text) in [("customer_email", email), ("customer_creation", creation)] {
        members.extend(text.map(|text| (member.to_owned(), text.into())));
    }
    Ok(CustomerParams { id, update })
}

impl CustomerParams {
    /// True if a customer was named.
    pub(super) fn is_named(&self) -> bool {
        self.id.is_some()
    }
}

/// Finds the customer that was named.
pub(super) async fn resolve(
    call: &mut Call<'_>,
    requested: &CustomerParams,
) -> Result<Option<Customer>, ApiError> {
    match &requested.id {
        None => Ok(None),
        Some(id) => Ok(Some(
            lookup::find_param::<Customer>(call, id, "customer").await?,
        )),
    }
}

fn update(params: &mut Params) -> Result<Value, ApiError> {
    let Some(mut given) = params.object("customer_update")? else {
        return Ok(Value::Null);
    };
    let mut update = json!({});
    for member in ["address", "name", "shipping"] {
        let wanted = given.choice(member, &["auto", "never"])?;
        update[member] = (wanted.as_deref() == Some("auto")).into();
    }
    given.finish()?;
    Ok(update)
}
