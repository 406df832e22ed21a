use clap::Args;
use clap::builder::RangedU64ValueParser;
use shop::limits::{Limits, Rate};

/// The limits on what one client, which is an IPv4 address or a /64 of IPv6, may keep from others.
#[derive(Clone, Copy, Debug, Args)]
pub struct CheckoutLimits {
    /// Most unpaid orders of a client at a time
    #[arg(long, env, global = true, default_value_t = 20, value_parser = at_least_one())]
    pub checkout_open_orders: u32,

    /// Most pieces that a client's unpaid orders hold, in percent of all that are on hand
    #[arg(long, env, global = true, default_value_t = 5, value_parser = percent())]
    pub checkout_held_percent: u32,

    /// Most pieces that they may hold in a small shop, where that is more
    #[arg(long, env, global = true, default_value_t = 20, value_parser = at_least_one())]
    pub checkout_held_pieces: u32,

    /// Most checkouts that a client starts at once
    #[arg(long, env, global = true, default_value_t = 30, value_parser = at_least_one())]
    pub checkout_burst: u32,

    /// After how many seconds it starts another one then
    #[arg(long, env, global = true, default_value_t = 10, value_parser = at_least_one())]
    pub checkout_seconds: u32,

    /// Most checkouts that all clients together start at once
    #[arg(long, env, global = true, default_value_t = 300, value_parser = at_least_one())]
    pub checkout_shop_burst: u32,

    /// Most that they start each second then
    #[arg(long, env, global = true, default_value_t = 10, value_parser = at_least_one())]
    pub checkout_shop_rate: u32,
}

impl Default for CheckoutLimits {
    fn default() -> Self {
        let limits = Limits::default();
        Self {
            checkout_open_orders: limits.open_orders,
            checkout_held_percent: limits.held_percent,
            checkout_held_pieces: limits.held_pieces,
            checkout_burst: limits.client_rate.burst,
            checkout_seconds: limits.client_rate.seconds,
            checkout_shop_burst: limits.shop_rate.burst,
            checkout_shop_rate: limits.shop_rate.refill,
        }
    }
}

impl CheckoutLimits {
    /// The limits, for the shop.
    pub const fn limits(&self) -> Limits {
        Limits {
            open_orders: self.checkout_open_orders,
            held_percent: self.checkout_held_percent,
            held_pieces: self.checkout_held_pieces,
            client_rate: Rate {
                burst: self.checkout_burst,
                refill: 1,
                seconds: self.checkout_seconds,
            },
            shop_rate: Rate {
                burst: self.checkout_shop_burst,
                refill: self.checkout_shop_rate,
                seconds: 1,
            },
        }
    }
}

fn at_least_one() -> RangedU64ValueParser<u32> {
    RangedU64ValueParser::new().range(1..=1_000_000)
}

fn percent() -> RangedU64ValueParser<u32> {
    RangedU64ValueParser::new().range(1..=100)
}
