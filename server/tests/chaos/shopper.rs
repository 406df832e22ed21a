use std::sync::Arc;
use testkit::browser::{Answer, Browser};

use crate::SeededRng;
use crate::world::{Moment, World, count};

/// The way that somebody pays at the sandbox's pay page.
#[derive(Clone, Copy)]
pub(crate) enum Means {
    Card(&'static str),
    /// A card that the bank asks about, and what the shopper answers.
    Secured {
        card: &'static str,
        outcome: &'static str,
    },
    /// An account at a US bank, whose money comes later or not at all.
    Debit(&'static str),
}

/// The course of a visit.
#[derive(Clone, Copy)]
enum Plan {
    Pay,
    /// A card that is declined, and then another one.
    DeclinedFirst,
    /// Away from the pay page, another cart, and both pay pages at the same time.
    TwoTabs,
    /// Two clicks on Pay.
    PayTwice,
    /// Away, for good.
    Leave,
}

pub(crate) const GOOD: Means = Means::Card("4242424242424242");
const DECLINED: &str = "4000000000000002";
/// A refund to it succeeds at first, and fails a minute later.
pub(crate) const REFUND_FAILS: &str = "4000000000005126";

const MEANS: [(u32, Means); 11] = [
    (40, GOOD),
    (6, Means::Card("5555555555554444")),
    (6, secured("4000002760003184", "complete")),
    (3, secured("4000002760003184", "fail")),
    (3, secured("4000008260003178", "complete")),
    (10, Means::Debit("000123456789")),
    (6, Means::Debit("000111111116")),
    // Charged back, and inquired about, at once.
    (4, Means::Card("4000000000000259")),
    (3, Means::Card("4000000000001976")),
    // A refund takes its time, or comes back.
    (5, Means::Card("4000000000007726")),
    (5, Means::Card(REFUND_FAILS)),
];

/// The scarce ones are what others want, too.
const SCARCE: [&str; 6] = [
    "low-a2-oak",
    "moon-a2-oak",
    "frst-a2-oak",
    "totl-a2-oak",
    "low-a3-oak",
    "swel-a2-oak",
];
const PLENTY: [&str; 4] = ["low-a4-mat", "moon-a4-mat", "fern-a4-mat", "low-a3-mat"];

const fn secured(card: &'static str, outcome: &'static str) -> Means {
    Means::Secured { card, outcome }
}

/// One shopper after another, each with a browser of their own.
pub(crate) async fn act(world: Arc<World>, number: usize) {
    let mut rng = world.rng(&format!("shopper {number}"));
    let mut visit = 0_u32;
    while world.goes_on() {
        visit += 1;
        count(&world.counts.visits);
        let mut shopper = Shopper {
            world: &world,
            browser: world.browser(),
            email: format!("shopper-{number}-{visit}@mail.test"),
            rng: &mut rng,
        };
        shopper.visit().await;
        if shopper.rng.percent(25) && world.goes_on() {
            // Once more with the same browser: another cart, or what was left in the old one.
            shopper.visit().await;
        }
    }
}

struct Shopper<'a> {
    world: &'a World,
    browser: Browser,
    email: String,
    rng: &'a mut SeededRng,
}

impl Shopper<'_> {
    async fn visit(&mut self) -> Option<()> {
        let plan = self.rng.weighted(&[
            (70, Plan::Pay),
            (8, Plan::DeclinedFirst),
            (8, Plan::TwoTabs),
            (6, Plan::PayTwice),
            (12, Plan::Leave),
        ]);
        self.fill_cart().await?;
        let url = self.check_out().await?;
        self.rng.pause(0..=300).await;
        let means = self.rng.weighted(&MEANS);
        let answer = match plan {
            Plan::Leave => return None,
            Plan::Pay => self.pay(&url, means).await?,
            Plan::DeclinedFirst => {
                self.pay(&url, Means::Card(DECLINED)).await?;
                count(&self.world.counts.declined);
                self.rng.pause(0..=300).await;
                self.pay(&url, means).await?
            }
            Plan::PayTwice => {
                let (one, two) = tokio::join!(
                    pay(self.world, &self.browser, &self.email, &url, means),
                    pay(self.world, &self.browser, &self.email, &url, means)
                );
                one.or(two)?
            }
            Plan::TwoTabs => {
                self.change_cart().await?;
                let second = self.check_out().await?;
                let (one, two) = tokio::join!(
                    pay(self.world, &self.browser, &self.email, &url, means),
                    pay(self.world, &self.browser, &self.email, &second, GOOD)
                );
                one.filter(is_thanks).or(two)?
            }
        };
        self.come_back(&answer).await
    }

    async fn fill_cart(&mut self) -> Option<()> {
        if self.rng.percent(20) {
            self.look("/products").await?;
        }
        for _ in 0..self.rng.number(1..=3) {
            self.add().await?;
        }
        self.look("/cart").await?;
        if self.rng.percent(15) {
            self.change_cart().await?;
        }
        Some(())
    }

    async fn add(&mut self) -> Option<()> {
        let choice: &[_] = if self.rng.percent(35) {
            &SCARCE
        } else {
            &PLENTY
        };
        let variant = *self.rng.pick(choice)?;
        let quantity = self.rng.number(1..=3).to_string();
        let form = [("variant", variant), ("quantity", quantity.as_str())];
        self.post("/api/add_to_cart", &form).await.map(|_| ())
    }

    async fn change_cart(&mut self) -> Option<()> {
        if self.rng.percent(40) {
            return self.add().await;
        }
        let variant = *self.rng.pick(&PLENTY)?;
        let quantity = self.rng.number(0..=4).to_string();
        let form = [("variant", variant), ("quantity", quantity.as_str())];
        self.post("/api/set_quantity", &form).await?;
        self.add().await
    }

    /// Clicks Checkout until it leads to a pay page: looks at the cart again when it says so, and
    /// gives up in the end.
    async fn check_out(&mut self) -> Option<String> {
        for _ in 0..4 {
            self.world.happens(Moment::Checkout);
            let answer = if self.rng.percent(15) {
                let click = || {
                    let click = self.browser.try_post("/api/start_checkout", &[]);
                    self.world.click(click)
                };
                let (one, two) = tokio::join!(click(), click());
                one.or(two)
            } else {
                self.post("/api/start_checkout", &[]).await
            };
            let location = answer
                .as_ref()
                .and_then(Answer::location)
                .map(str::to_owned);
            match location {
                Some(url) if url.contains("/c/pay/") => return Some(url),
                // It was paid already.
                Some(path) if path.starts_with("/orders/") => {
                    self.look(&path).await;
                    return None;
                }
                _ => {}
            }
            self.rng.pause(50..=500).await;
            self.look("/cart").await?;
        }
        None
    }

    async fn pay(&mut self, url: &str, means: Means) -> Option<Answer> {
        pay(self.world, &self.browser, &self.email, url, means).await
    }

    /// Follows the pay page back to the shop, and looks until the order rests. Many never come
    /// back.
    async fn come_back(&mut self, answer: &Answer) -> Option<()> {
        if !is_thanks(answer) || self.rng.percent(30) {
            return None;
        }
        let page = answer
            .location()?
            .strip_prefix(&self.world.base)?
            .to_owned();
        for _ in 0..self.rng.number(1..=6) {
            let answer = self.look(&page).await?;
            if answer.status == 200 && !answer.body.contains("http-equiv=\"refresh\"") {
                break;
            }
            self.rng.pause(100..=600).await;
        }
        Some(())
    }

    async fn look(&mut self, path: &str) -> Option<Answer> {
        let browser = &self.browser;
        self.world.insist(self.rng, || browser.try_get(path)).await
    }

    async fn post(&mut self, path: &str, form: &[(&str, &str)]) -> Option<Answer> {
        let browser = &self.browser;
        self.world
            .insist(self.rng, || browser.try_post(path, form))
            .await
    }
}

/// Fills in the pay page and what follows it. `None` when the page no longer asks for anything.
pub(crate) async fn pay(
    world: &World,
    browser: &Browser,
    email: &str,
    url: &str,
    means: Means,
) -> Option<Answer> {
    let page = browser.get(url).await;
    if !page.body.contains("name=\"cardNumber\"") {
        return None;
    }
    let mut typed = vec![("email", email)];
    typed.extend(match means {
        Means::Card(card) | Means::Secured { card, .. } => vec![
            ("paymentMethod", "card"),
            ("cardNumber", card),
            ("cardExpiry", "12 / 40"),
            ("cardCvc", "123"),
            ("billingName", "Ada Lovelace"),
        ],
        Means::Debit(account) => vec![
            ("paymentMethod", "us_bank_account"),
            ("accountHolderName", "Ada Lovelace"),
            ("routingNumber", "110000000"),
            ("accountNumber", account),
        ],
    });
    let answer = browser.fill(url, &page, &typed).await.unwrap();
    let answer = match (means, answer.location()) {
        (Means::Secured { outcome, .. }, Some(bank)) if bank.ends_with("/authenticate") => {
            let bank = format!("{}{bank}", world.stripe.base());
            browser.post(&bank, &[("outcome", outcome)]).await
        }
        _ => answer,
    };
    if is_thanks(&answer) {
        count(&world.counts.payments);
        world.happens(Moment::Payment);
    }
    Some(answer)
}

/// True if the pay page sends the shopper on to the order.
fn is_thanks(answer: &Answer) -> bool {
    let location = answer.location();
    location.is_some_and(|location| location.contains("/orders/"))
}
