use std::sync::Arc;

use crate::shopper::{self, GOOD};
use crate::world::World;

/// Pays where the shop has given up: when Stripe made a session and all its answers were lost, the
/// shop gave the stock back and told nobody where to pay. Money that comes there all the same buys
/// what is still on the shelf, or goes back by itself.
pub(crate) async fn act(world: Arc<World>) {
    let mut rng = world.rng("stray");
    while world.goes_on() {
        rng.pause(200..=800).await;
        let given_up = "SELECT o.id FROM orders o JOIN payments p ON p.order_id = o.id \
                        WHERE o.status = 'expired' AND p.reference IS NULL ORDER BY o.number DESC LIMIT 100";
        let given_up = world.database.texts(given_up).await;
        let sessions = world.stripe.recent("checkout/sessions").await;
        let found = sessions.iter().find_map(|session| {
            let order = session["client_reference_id"].as_str()?;
            let is_given_up = given_up.iter().any(|id| id == order);
            (session["status"] == "open" && is_given_up)
                .then_some((order, session["url"].as_str()?))
        });
        if let Some((order, url)) = found {
            world.strays.lock().unwrap().insert(order.to_owned());
            let browser = world.browser();
            shopper::pay(&world, &browser, "stray@mail.test", url, GOOD).await;
        }
    }
}
