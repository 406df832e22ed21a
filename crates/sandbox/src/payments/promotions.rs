//! Coupons and promotion codes whose time is up.

use sqlx::SqliteConnection;

use crate::app::App;
use crate::objects::{Object, promotion};
use crate::store::objects;

/// Ends a coupon or a promotion code. Stripe sends no event then.
pub(super) async fn step(
    app: &App,
    db: &mut SqliteConnection,
    mut object: Object,
) -> sqlx::Result<()> {
    object.unplan();
    if promotion::is_left(&object, app.clock.now()) {
        // The clock was set back since this was planned.
        promotion::plan(&mut object);
    } else {
        promotion::end(&mut object);
    }
    objects::update(db, &object).await
}
