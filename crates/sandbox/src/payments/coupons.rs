//! Coupons and promotion codes whose time is up.

use crate::app::Scope;
use crate::objects::{Object, redemption};
use crate::store::objects;

/// Ends a coupon or a promotion code. Stripe sends no event then.
pub(super) async fn run_due_step(scope: &mut Scope<'_>, mut object: Object) -> sqlx::Result<()> {
    object.unplan();
    if redemption::is_left(&object, scope.app.clock.now()) {
        // The clock was set back since this was planned.
        redemption::plan(&mut object);
    } else {
        redemption::end(&mut object);
    }
    objects::update(scope.db, &object).await
}
