use std::sync::Arc;
use testkit::browser::{Answer, Browser, fields};

use crate::SeededRng;
use crate::world::{Moment, PASSWORD, World, count};

/// The shop's admin: refunds in full, in part and by pieces, with one click or two, and ships.
pub(crate) async fn act(world: Arc<World>) {
    let mut rng = world.rng("owner");
    let browser = world.browser();
    while world.goes_on() {
        rng.pause(50..=400).await;
        let orders = "SELECT CAST(number AS TEXT) FROM orders WHERE paid_at IS NOT NULL \
                      ORDER BY number DESC LIMIT 60";
        let orders = world.database.texts(orders).await;
        let Some(number) = rng.pick(&orders).cloned() else {
            continue;
        };
        let mut admin = AdminActor {
            world: &world,
            browser: &browser,
            rng: &mut rng,
        };
        if admin.rng.percent(25) {
            admin.ship(&number).await;
        } else {
            admin.refund(&number).await;
        }
    }
}

struct AdminActor<'a> {
    world: &'a World,
    browser: &'a Browser,
    rng: &'a mut SeededRng,
}

impl AdminActor<'_> {
    async fn refund(&mut self, number: &str) -> Option<()> {
        let path = format!("/admin/orders/{number}");
        let page = self.look(&path).await?;
        let mut form = form_of(&page, "/api/refund_order")?;
        form.push(("reason".to_owned(), "requested_by_customer".to_owned()));
        match self.rng.number(0..=3) {
            // Everything that is left, as the form offers it.
            0 => {}
            1 => {
                let cents = self.rng.number(0..=99);
                let amount = format!("{}.{cents:02}", self.rng.number(0..=30));
                set(&mut form, "amount", &amount);
            }
            _ => {
                set(&mut form, "pieces[0][quantity]", "1");
                let is_back = self.rng.percent(60);
                set(
                    &mut form,
                    "pieces[0][restocked]",
                    if is_back { "1" } else { "" },
                );
            }
        }
        let browser = self.browser;
        let asked = pairs(&form);
        let ask = || browser.try_post("/api/refund_order", &asked);
        let question = self.world.insist(self.rng, ask).await?;
        let question = self.look(question.location()?).await?;
        // Without a question the form was refused.
        let form = form_of(&question, "/api/refund_order")?;
        if !form.iter().any(|(name, _)| name == "shown") {
            return None;
        }
        let form = pairs(&form);
        count(&self.world.counts.decisions);
        self.world.happens(Moment::Refund);
        let click = || browser.try_post("/api/refund_order", &form);
        if self.rng.percent(30) {
            tokio::join!(self.world.click(click()), self.world.click(click()));
        }
        // When no answer comes, the same form is sent again: it is the same decision.
        let answer = self.world.insist(self.rng, click).await?;
        self.look(answer.location()?).await.map(|_| ())
    }

    async fn ship(&mut self, number: &str) -> Option<()> {
        let page = self.look(&format!("/admin/orders/{number}")).await?;
        let mut form = form_of(&page, "/api/ship_order")?;
        set(&mut form, "carrier", "DHL");
        set(&mut form, "tracking_number", "00340434161094042557");
        let form = pairs(&form);
        let browser = self.browser;
        let click = || browser.try_post("/api/ship_order", &form);
        self.world.insist(self.rng, click).await.map(|_| ())
    }

    /// Looks at a page of the admin's, and signs in where that is asked for.
    async fn look(&mut self, path: &str) -> Option<Answer> {
        let browser = self.browser;
        let look = || browser.try_get(path);
        let page = self.world.insist(self.rng, look).await?;
        if !page
            .location()
            .is_some_and(|to| to.starts_with("/admin/login"))
        {
            return Some(page);
        }
        let form = [("password", PASSWORD)];
        let sign_in = || browser.try_post("/api/sign_in", &form);
        self.world.insist(self.rng, sign_in).await?;
        self.world.insist(self.rng, look).await
    }
}

/// The fields of the form that a page has for an action.
fn form_of(page: &Answer, action: &str) -> Option<Vec<(String, String)>> {
    let (_, form) = page.body.split_once(&format!("action=\"{action}\""))?;
    Some(fields(form.split("</form>").next()?))
}

fn pairs(form: &[(String, String)]) -> Vec<(&str, &str)> {
    form.iter()
        .map(|(name, value)| (name.as_str(), value.as_str()))
        .collect()
}

fn set(form: &mut [(String, String)], name: &str, value: &str) {
    for (known, held) in form {
        if known == name {
            value.clone_into(held);
        }
    }
}
