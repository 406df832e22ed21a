use std::sync::Arc;

use crate::SeededRng;
use crate::world::World;

/// Stripe's side of the books.
#[derive(Clone, Copy)]
enum Weather {
    Fine,
    /// A bit of everything.
    Rain,
    /// Webhooks come twice, late and in any order.
    Shuffled,
    /// No webhook arrives.
    Deaf,
    /// Calls are turned away.
    Refusing,
    /// Calls do their work, and nobody hears of it.
    Mute,
    /// Calls do their work or not, and nobody hears of either: the shop gives up what Stripe has
    /// made.
    Sick,
    /// Everything takes long.
    Slow,
    /// No call gets through.
    Down,
}

/// Breaks Stripe in another way every few seconds.
pub(crate) async fn change(world: Arc<World>) {
    let mut rng = world.rng("weather");
    while world.goes_on() {
        let weather = rng.weighted(&[
            (2, Weather::Fine),
            (5, Weather::Rain),
            (4, Weather::Shuffled),
            (2, Weather::Deaf),
            (2, Weather::Refusing),
            (3, Weather::Mute),
            (3, Weather::Sick),
            (2, Weather::Slow),
            (1, Weather::Down),
        ]);
        let mut faults = weather.faults(&mut rng);
        faults.push(("seed", rng.number(0..=u32::MAX.into())));
        world.stripe.break_by(&faults).await;
        rng.pause(800..=4000).await;
    }
    world.stripe.break_by(&[]).await;
}

impl Weather {
    fn faults(self, rng: &mut SeededRng) -> Vec<(&'static str, u64)> {
        let mut between = |name, least, most| (name, rng.number(least..=most));
        match self {
            Self::Fine => vec![],
            Self::Rain => vec![
                between("webhook_duplicate", 0, 40),
                between("webhook_drop", 0, 30),
                between("webhook_reorder", 0, 40),
                between("webhook_delay_ms", 0, 1000),
                between("api_rate_limit", 0, 15),
                between("api_error", 0, 15),
                between("api_garbage", 0, 15),
                between("api_error_after", 0, 15),
                between("api_lose_answer", 0, 15),
                between("api_slow_ms", 0, 300),
            ],
            Self::Shuffled => vec![
                ("webhook_duplicate", 60),
                ("webhook_reorder", 60),
                between("webhook_delay_ms", 0, 2500),
            ],
            Self::Deaf => vec![("webhook_drop", 100)],
            Self::Refusing => vec![
                between("api_rate_limit", 0, 60),
                between("api_error", 0, 40),
                between("api_garbage", 0, 40),
            ],
            Self::Mute => vec![
                between("api_error_after", 30, 70),
                between("api_lose_answer", 30, 70),
                between("webhook_drop", 0, 50),
            ],
            Self::Sick => vec![
                between("api_error", 40, 80),
                between("api_error_after", 40, 90),
            ],
            Self::Slow => vec![
                between("api_slow_ms", 0, 3000),
                between("webhook_delay_ms", 0, 2000),
            ],
            Self::Down => vec![("api_error", 100), ("webhook_drop", 100)],
        }
    }
}
