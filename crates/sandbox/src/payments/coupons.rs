//! Coupons and promotion codes whose time is up.

use sqlx::SqliteConnection;

use crate::app::App;
use crate::objects::{Object, coupon};
use crate::store::objects;

/// Ends a coupon or a promotion code. Stripe sends no event then.
pub(super) async fn step(
    app: &App,
    db: &mut SqliteConnection,
    mut object: Object,
) -> sqlx::Result<()> {
    object.unplan();
    if coupon::is_left(&object, app.clock.now()) {
        // The clock was set back since this was planned.
        coupon::plan(&mut object);
    } else {
        coupon::end(&mut object);
    }
    objects::update(db, &object).await
}
