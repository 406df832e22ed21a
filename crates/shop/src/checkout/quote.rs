use domain::cart::{Cart, PricedCart, SeenPrices};
use domain::catalog::ProductKind;
use domain::discount::{Choice, CodeProblem, DiscountCode, choose};
use domain::id::{CartKey, ZoneId};
use domain::money::{Money, MoneyError};
use domain::order::OrderStatus;
use domain::pricing::{self, Item};
use domain::shipping::{DeliveryOption, Destination, Parcel, ShippingZone, zone_of};
use domain::tax::OrderTaxes;
use store::catalog::Buyable;

use super::details::{CheckoutProblem, QuoteRequest, QuotedCheckout};
use super::rules::{self, CheckoutRules};
use crate::{Error, Shop, cart};

/// A line of a cart that can be bought, with what delivery, discounts and taxes depend on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Goods {
    pub(super) item: Item,
    pub(super) title: String,
    pub(super) weight: i64,
    pub(super) kind: ProductKind,
    pub(super) excluded_zones: Vec<ZoneId>,
}

/// True if a cart is asked for an address before it is paid: something in it is to be shipped or
/// taxed, or a discount can be had.
///
/// # Errors
/// When the database fails.
pub async fn needs_details(shop: &Shop, cart: &Cart) -> Result<bool, Error> {
    let rules = rules::load(shop, None).await?;
    if rules.is_empty() {
        return Ok(false);
    }
    let (priced, buyables) = cart::price_goods(shop, cart, &SeenPrices::default(), None).await?;
    Ok(rules.ask_for_details(&goods(&priced, &buyables)))
}

/// Prices a checkout as the shopper has filled it in so far. What is missing or wrong in it is
/// among the problems, never an error.
///
/// # Errors
/// When the database fails, or an amount does not fit.
pub async fn quote(
    shop: &Shop,
    cart: &Cart,
    seen: &SeenPrices,
    key: Option<&CartKey>,
    request: &QuoteRequest,
) -> Result<QuotedCheckout, Error> {
    let mut rules = rules::load(shop, request.code.as_deref()).await?;
    if let Some(key) = key {
        release_own_uses(shop, key, &mut rules).await?;
    }
    let (priced, buyables) = cart::price_goods(shop, cart, seen, key).await?;
    let goods = goods(&priced, &buyables);
    quote_goods(shop, &rules, priced, &goods, request)
}

/// Leaves out the uses that the cart's own open order has: nobody is in their own way.
pub(super) async fn release_own_uses(
    shop: &Shop,
    key: &CartKey,
    rules: &mut CheckoutRules,
) -> Result<(), Error> {
    if !rules
        .discounts
        .iter()
        .any(|discount| discount.limit.is_some())
    {
        return Ok(());
    }
    let open = store::orders::newest_of_cart(&shop.store, key).await?;
    let Some(open) = open.filter(|order| order.status == OrderStatus::Pending) else {
        return Ok(());
    };
    for own in &open.amounts.discounts {
        let mut discounts = rules.discounts.iter_mut();
        if let Some(discount) = discounts.find(|discount| discount.id == own.id) {
            discount.uses = discount.uses.saturating_sub(1);
        }
    }
    Ok(())
}

/// The same for goods and rules that are known.
pub(super) fn quote_goods(
    shop: &Shop,
    rules: &CheckoutRules,
    cart: PricedCart,
    goods: &[Goods],
    request: &QuoteRequest,
) -> Result<QuotedCheckout, Error> {
    let items: Vec<Item> = goods.iter().map(|goods| goods.item.clone()).collect();
    let mut problems = Vec::new();
    if goods.is_empty() {
        problems.push(CheckoutProblem::EmptyCart);
    } else if cart.needs_review() {
        problems.push(CheckoutProblem::CartChanged);
    }
    let needs_delivery = rules.needs_delivery(goods);
    let destination = request.destination.as_ref();
    if destination.is_none() && rules.needs_destination(goods) {
        problems.push(CheckoutProblem::NoDestination);
    }
    let code = request.code.as_deref().map(str::trim);
    let code = code.filter(|code| !code.is_empty());
    let typed = code.map(DiscountCode::parse);
    if typed == Some(None) {
        problems.push(CheckoutProblem::Code(CodeProblem::Unknown));
    }
    let typed = typed.flatten();
    let subtotal = total_of(&items, shop)?;
    let choice = |delivery: Option<&DeliveryOption>| -> Result<Choice<'_>, MoneyError> {
        choose(
            &rules.discounts,
            typed.as_ref(),
            &items,
            delivery,
            subtotal,
            shop.now(),
        )
    };
    let mut options = Vec::new();
    if needs_delivery && let Some(destination) = destination {
        // Delivery is priced by what the goods cost after their discounts, which may depend on
        // the delivery: the discounts on goods are those that are chosen without one.
        let discounts = choice(None)?.discounts;
        let reduced = pricing::savings(&items, None, &discounts, shop.currency)?;
        let parcel = Parcel {
            weight: weight_of(goods)?,
            subtotal: subtotal.checked_sub(reduced)?,
        };
        match zone_of(&rules.zones, destination) {
            Some(zone) => {
                options = zone.options(&parcel);
                problems.extend(undeliverable(zone, goods));
                if options.is_empty() {
                    problems.push(match zone.rates.is_empty() {
                        true => no_delivery(destination),
                        false => CheckoutProblem::NoRateForOrder,
                    });
                }
            }
            None => problems.push(no_delivery(destination)),
        }
    }
    let delivery = match &request.delivery {
        Some(wanted) => options.iter().find(|option| option.id == *wanted),
        None => options.first(),
    };
    if request.delivery.is_some() && delivery.is_none() && !options.is_empty() {
        problems.push(CheckoutProblem::DeliveryGone);
    }
    let delivery = delivery.or(options.first());
    let chosen = choice(delivery)?;
    if let Some(problem) = chosen.problem
        && typed.is_some()
    {
        problems.push(CheckoutProblem::Code(problem));
    }
    let taxes = rules.taxes(destination, delivery);
    let quote = pricing::price(&items, delivery, &chosen.discounts, &taxes, shop.currency)?;
    if let Some(minimum) = quote.total.below_minimum() {
        problems.push(CheckoutProblem::BelowMinimum { minimum });
    }
    if let Some(maximum) = quote.total.above_maximum() {
        problems.push(CheckoutProblem::AboveMaximum { maximum });
    }
    let chosen = delivery.map(|option| option.id.clone());
    Ok(QuotedCheckout {
        cart,
        quote,
        needs_delivery,
        options,
        chosen,
        problems,
    })
}

/// The lines of a cart that can be bought.
pub(super) fn goods(priced: &PricedCart, buyables: &[Buyable]) -> Vec<Goods> {
    let lines = priced.lines.iter().filter(|line| line.quantity > 0);
    let line = |line: &domain::cart::PricedLine| {
        let buyable = buyables.iter().find(|each| each.id == line.variant)?;
        Some(Goods {
            item: Item {
                variant: line.variant.clone(),
                product: buyable.slug.clone(),
                collections: buyable.collections.clone(),
                quantity: line.quantity,
                price: line.total,
                tax_class: buyable.tax_class.clone(),
            },
            title: line.title.clone(),
            weight: buyable.weight,
            kind: buyable.kind,
            excluded_zones: buyable.excluded_zones.clone(),
        })
    };
    lines.filter_map(line).collect()
}

fn total_of(items: &[Item], shop: &Shop) -> Result<Money, MoneyError> {
    let zero = Money::zero(shop.currency);
    items
        .iter()
        .try_fold(zero, |sum, item| sum.checked_add(item.price))
}

fn weight_of(goods: &[Goods]) -> Result<i64, MoneyError> {
    let shipped = goods
        .iter()
        .filter(|goods| goods.kind == ProductKind::Shipped);
    Parcel::weight_of(shipped.map(|goods| (goods.weight, goods.item.quantity)))
}

fn no_delivery(destination: &Destination) -> CheckoutProblem {
    CheckoutProblem::NoDelivery {
        country: destination.country,
    }
}

fn undeliverable(zone: &ShippingZone, goods: &[Goods]) -> Option<CheckoutProblem> {
    let excluded = goods
        .iter()
        .filter(|goods| goods.kind == ProductKind::Shipped)
        .filter(|goods| goods.excluded_zones.contains(&zone.id));
    let titles: Vec<String> = excluded.map(|goods| goods.title.clone()).collect();
    (!titles.is_empty()).then_some(CheckoutProblem::NotDeliverable { titles })
}

impl CheckoutRules {
    fn is_empty(&self) -> bool {
        self.zones.is_empty() && self.tax_rates.is_empty() && !self.has_discounts
    }

    pub(super) fn ask_for_details(&self, goods: &[Goods]) -> bool {
        !goods.is_empty() && (self.needs_destination(goods) || self.has_discounts)
    }

    fn needs_delivery(&self, goods: &[Goods]) -> bool {
        let is_shipped = |goods: &Goods| goods.kind == ProductKind::Shipped;
        !self.zones.is_empty() && goods.iter().any(is_shipped)
    }

    fn needs_destination(&self, goods: &[Goods]) -> bool {
        let is_taxed = !self.tax_rates.is_empty() && !self.tax.is_small_business;
        self.needs_delivery(goods) || (is_taxed && !goods.is_empty())
    }

    /// The taxes. Goods that are picked up are taxed where the shop is.
    fn taxes(
        &self,
        destination: Option<&Destination>,
        delivery: Option<&DeliveryOption>,
    ) -> OrderTaxes {
        let home = self
            .tax
            .country
            .filter(|_| delivery.is_some_and(|each| each.is_pickup));
        let home = home.map(|country| Destination::new(country, None, None));
        match home.as_ref().or(destination) {
            Some(place) => self.tax.at(&self.tax_rates, place),
            None => OrderTaxes::none(self.tax.prices_include_tax),
        }
    }
}
