//! Coupons and promotion codes whose time is up.

use crate::app::Scope;
use crate::objects::{Object, coupon};
use crate::store::objects;

/// Ends a coupon or a promotion code. Stripe sends no event then.
pub(super) async fn run_due_step(scope: &mut Scope<'_>, mut object: Object) -> sqlx::Result<()> {
    object.unplan();
    if coupon::is_left(&object, scope.app.clock.now()) {
        // The clock was set back since this was planned.
        coupon::plan(&mut object);
    } else {
        coupon::end(&mut object);
    }
    objects::update(scope.db, &object).await
}
