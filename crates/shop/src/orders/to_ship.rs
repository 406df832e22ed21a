use domain::address::Field;
use domain::order::{Order, OrderLine};

use crate::admin::Admin;
use crate::{Error, Shop, csv};

/// The number of orders that a part of the export is read from.
const BATCH: i64 = 100;

/// The columns of the export. The import of tracking numbers reads the same names.
const COLUMNS: [&str; 20] = [
    "order_number",
    "paid_at",
    "email",
    "name",
    "company",
    "address1",
    "address2",
    "city",
    "region",
    "postal_code",
    "country",
    "phone",
    "delivery",
    "is_gift",
    "sku",
    "title",
    "options",
    "quantity",
    "carrier",
    "tracking_number",
];

/// The orders that are to be packed, as CSV: a row for each line of which pieces are left. It is
/// read in parts, so that it may be of any length. Orders that must not be shipped are left out.
#[derive(Clone, Debug)]
pub struct ToShipExport {
    shop: Shop,
    /// Payment time and number of the last order that was read.
    last: Option<(i64, i64)>,
    has_begun: bool,
}

impl ToShipExport {
    /// One that begins with the order that was paid first.
    pub const fn new(shop: Shop, _: &Admin) -> Self {
        Self {
            shop,
            last: None,
            has_begun: false,
        }
    }

    /// The next part; `None` at the end.
    pub async fn next(&mut self) -> Result<Option<String>, Error> {
        let mut part = String::new();
        if !self.has_begun {
            self.has_begun = true;
            part.push_str(&csv::row(&COLUMNS));
        }
        let numbers = store::orders::to_ship(&self.shop.store, self.last, BATCH).await?;
        if numbers.is_empty() {
            return Ok(Some(part).filter(|part| !part.is_empty()));
        }
        self.last = numbers.last().copied();
        for (_, number) in numbers {
            if let Some(order) = store::orders::by_number(&self.shop.store, number).await? {
                self.write(&order, &mut part);
            }
        }
        Ok(Some(part))
    }

    fn write(&self, order: &Order, part: &mut String) {
        if self.shop.is_test_order(order) || order.shipment_block().is_some() {
            return;
        }
        for pieces in order.left_to_ship() {
            let line = order
                .lines
                .iter()
                .find(|line| line.variant == pieces.variant);
            if let Some(line) = line {
                part.push_str(&csv::row(&cells(order, line, pieces.quantity)));
            }
        }
    }
}

fn cells(order: &Order, line: &OrderLine, quantity: u32) -> [String; 20] {
    let details = order.details.as_ref();
    let address = details.and_then(|details| details.address.as_ref());
    let of_address = |field: Field| {
        let value = address.and_then(|address| address.get(field));
        value.unwrap_or_default().to_owned()
    };
    let delivery = order.amounts.shipping.as_ref();
    let is_gift = details.is_some_and(|details| details.is_gift);
    [
        order.number.to_string(),
        order.paid_at.map(date).unwrap_or_default(),
        order.email.clone().unwrap_or_default(),
        of_address(Field::Name),
        of_address(Field::Company),
        of_address(Field::Line1),
        of_address(Field::Line2),
        of_address(Field::City),
        of_address(Field::Region),
        of_address(Field::PostalCode),
        of_address(Field::Country),
        of_address(Field::Phone),
        delivery
            .map(|delivery| delivery.name.clone())
            .unwrap_or_default(),
        (if is_gift { "yes" } else { "" }).to_owned(),
        line.sku.clone(),
        line.title.clone(),
        line.options.clone(),
        quantity.to_string(),
        String::new(),
        String::new(),
    ]
}

/// A day as `2026-12-01`.
fn date(seconds: i64) -> String {
    time::OffsetDateTime::from_unix_timestamp(seconds)
        .map(|time| time.date().to_string())
        .unwrap_or_default()
}
