//! What paying a session does to the merchant's customers.

use serde_json::{Value, json};
use sqlx::SqliteConnection;

use crate::app::{App, Cause};
use crate::events;
use crate::objects::checkout_session::{self, Customer, Name};
use crate::objects::{Object, customer};
use crate::store::objects;

/// The id of the customer that pays a session, or null for a guest. If the session makes one and there is none yet, the
/// first attempt to pay makes it; it becomes the session's when the session completes.
pub(super) async fn create(
    app: &App,
    db: &mut SqliteConnection,
    cause: &Cause,
    session: &mut Object,
    paying: &Customer,
) -> sqlx::Result<Value> {
    if !checkout_session::makes_customer(session) || !session.get("customer").is_null() {
        return Ok(session.get("customer").clone());
    }
    let made = session.private()["new_customer"].as_str();
    let earlier = match made {
        None => None,
        Some(id) => objects::find_kind(db, "customer", id).await?,
    };
    let mut customer = earlier
        .clone()
        .unwrap_or_else(|| customer::create(app.clock.now()));
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
        Some(before) => save(app, db, cause, &before, &customer).await?,
        None => {
            objects::insert(db, &customer).await?;
            events::record(app, db, cause, "customer.created", &customer).await?;
        }
    }
    session.set_private("new_customer", customer.id());
    Ok(customer.id().into())
}

/// Changes the customer of a completed session to what the shopper entered, as far as the merchant wants it.
pub(super) async fn update(
    app: &App,
    db: &mut SqliteConnection,
    cause: &Cause,
    session: &Object,
    paying: &Customer,
) -> sqlx::Result<()> {
    let wanted = &session.private()["customer_update"];
    if wanted.is_null() {
        return Ok(());
    }
    let found = objects::find_kind(db, "customer", session.text("customer")).await?;
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
    save(app, db, cause, &before, &after).await
}

/// Gives a customer the names that the session asked for.
fn name(customer: &mut Object, paying: &Customer) {
    for name in Name::ALL {
        if let Some(text) = paying.named(name) {
            customer.set(name.member(), text.as_str());
        }
    }
}

async fn save(
    app: &App,
    db: &mut SqliteConnection,
    cause: &Cause,
    before: &Object,
    after: &Object,
) -> sqlx::Result<()> {
    if after.body() != before.body() {
        objects::update(db, after).await?;
        events::record_change(app, db, cause, "customer.updated", before.body(), after).await?;
    }
    Ok(())
}

fn shipping(paying: &Customer) -> Value {
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
