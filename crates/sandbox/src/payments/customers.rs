//! The merchant's customers, as paying a session makes and changes them.

use serde_json::{Value, json};

use crate::app::Scope;
use crate::objects::checkout_session::{Name, Shopper};
use crate::objects::{CheckoutSession, Customer};
use crate::store::objects;

/// The id of the customer that pays a session, or null for a guest. If the session makes one and
/// there is none yet, the first attempt to pay makes it; it becomes the session's when the session
/// completes.
pub(super) async fn create(
    scope: &mut Scope<'_>,
    session: &mut CheckoutSession,
    paying: &Shopper,
) -> sqlx::Result<Value> {
    if !session.makes_customer() || !session.get("customer").is_null() {
        return Ok(session.get("customer").clone());
    }
    let made = session.private()["new_customer"].as_str();
    let earlier = match made {
        None => None,
        Some(id) => objects::get::<Customer>(scope.db, id).await?,
    };
    let mut customer = earlier
        .clone()
        .unwrap_or_else(|| Customer::create(scope.app.clock.now()));
    for (member, value) in [
        ("email", json!(paying.email)),
        ("name", json!(paying.name)),
        ("phone", json!(paying.phone)),
        ("address", paying.address.clone()),
        ("shipping", shipping(paying)),
    ] {
        customer.set(member, value);
    }
    name(&mut customer, paying);
    match earlier {
        Some(before) => save(scope, &before, &customer).await?,
        None => {
            objects::insert(scope.db, &customer).await?;
            scope.record("customer.created", &customer).await?;
        }
    }
    session.set_private("new_customer", customer.id());
    Ok(customer.id().into())
}

/// Changes the customer of a completed session to what the shopper entered, as far as the merchant
/// wants it.
pub(super) async fn update(
    scope: &mut Scope<'_>,
    session: &CheckoutSession,
    paying: &Shopper,
) -> sqlx::Result<()> {
    let wanted = &session.private()["customer_update"];
    if wanted.is_null() {
        return Ok(());
    }
    let found = objects::get::<Customer>(scope.db, session.text("customer")).await?;
    let Some(before) = found else {
        return Ok(());
    };
    let mut after = before.clone();
    for (member, value) in [
        ("address", paying.address.clone()),
        ("name", json!(paying.name)),
        ("shipping", shipping(paying)),
    ] {
        if wanted[member] == true && !value.is_null() {
            after.set(member, value);
        }
    }
    if wanted["name"] == true {
        name(&mut after, paying);
    }
    save(scope, &before, &after).await
}

/// Gives a customer the names that the session asked for.
fn name(customer: &mut Customer, paying: &Shopper) {
    for name in Name::ALL {
        if let Some(text) = paying.named(name) {
            customer.set(name.member(), text.as_str());
        }
    }
}

async fn save(scope: &mut Scope<'_>, before: &Customer, after: &Customer) -> sqlx::Result<()> {
    if after.body() != before.body() {
        objects::update(scope.db, after).await?;
        scope
            .record_change("customer.updated", before.body(), after)
            .await?;
    }
    Ok(())
}

fn shipping(paying: &Shopper) -> Value {
    match &paying.shipping {
        None => Value::Null,
        Some(to) => json!({
            "address": to.address,
            "carrier": null,
            "name": to.name,
            "phone": paying.phone,
            "tracking_number": null,
        }),
    }
}
