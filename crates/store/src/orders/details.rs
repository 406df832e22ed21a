use domain::address::{Address, Country};
use domain::discount::DiscountScope;
use domain::id::{DiscountId, OrderId};
use domain::money::{Currency, Money};
use domain::order::{Order, OrderAmounts, OrderDetails};
use domain::pricing::{DiscountAmount, ShippingAmount, TaxAmount};
use domain::tax::{Rate, TaxExemption, VatNumber};

use crate::connection::Connection;
use crate::{Error, Result, Tx};

row! {
    struct DetailsRow {
        amount_subtotal: i64,
        amount_tax_relief: i64,
        prices_include_tax: i64,
        exemption: Option<String>,
        country: String,
        region: Option<String>,
        vat_number: Option<String>,
        company: Option<String>,
        note: Option<String>,
        is_gift: i64,
        newsletter: i64,
    }
}

row! {
    struct AddressRow {
        name: String,
        company: Option<String>,
        line1: String,
        line2: Option<String>,
        city: Option<String>,
        region: Option<String>,
        postal_code: Option<String>,
        country: String,
        phone: Option<String>,
    }
}

row! {
    struct ShippingRow {
        name: String,
        delivery_time: String,
        is_pickup: i64,
        amount_listed: i64,
        amount_price: i64,
        amount_tax: i64,
        amount_tax_relief: i64,
        amount_total: i64,
    }
}

row! {
    struct TaxRow {
        name: String,
        rate: i64,
        amount_base: i64,
        amount: i64,
    }
}

row! {
    struct DiscountRow {
        discount_id: String,
        title: String,
        code: Option<String>,
        amount: i64,
    }
}

/// Writes what was agreed with a new order.
pub(super) async fn insert(
    tx: &mut Tx,
    id: &OrderId,
    amounts: &OrderAmounts,
    details: &OrderDetails,
) -> Result<()> {
    let id = || id.as_str().to_owned();
    let query = sqlx::query(
        "INSERT INTO order_details (order_id, amount_subtotal, amount_tax_relief, prices_include_tax, exemption, \
                                    country, region, vat_number, company, note, is_gift, newsletter) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)",
    )
    .bind(id())
    .bind(amounts.subtotal.amount())
    .bind(amounts.tax_relief.amount())
    .bind(i64::from(amounts.prices_include_tax))
    .bind(amounts.exemption.map(TaxExemption::as_str))
    .bind(details.country.as_str().to_owned())
    .bind(details.region.clone())
    .bind(details.vat_number.as_ref().map(|number| number.as_str().to_owned()))
    .bind(details.company.clone())
    .bind(details.note.clone())
    .bind(i64::from(details.is_gift))
    .bind(i64::from(details.newsletter));
    tx.execute(query).await?;
    if let Some(address) = &details.address {
        let query = sqlx::query(
            "INSERT INTO order_addresses (order_id, name, company, line1, line2, city, region, postal_code, country, \
                                          phone) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
        )
        .bind(id())
        .bind(address.name.clone())
        .bind(address.company.clone())
        .bind(address.line1.clone())
        .bind(address.line2.clone())
        .bind(address.city.clone())
        .bind(address.region.clone())
        .bind(address.postal_code.clone())
        .bind(address.country.as_str().to_owned())
        .bind(address.phone.clone());
        tx.execute(query).await?;
    }
    if let Some(shipping) = &amounts.shipping {
        let query = sqlx::query(
            "INSERT INTO order_shipping (order_id, name, delivery_time, is_pickup, amount_listed, amount_price, \
                                         amount_tax, amount_tax_relief, amount_total) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        )
        .bind(id())
        .bind(shipping.name.clone())
        .bind(shipping.delivery_time.clone())
        .bind(i64::from(shipping.is_pickup))
        .bind(shipping.list_price.amount())
        .bind(shipping.price.amount())
        .bind(shipping.tax.amount())
        .bind(shipping.tax_relief.amount())
        .bind(shipping.total.amount());
        tx.execute(query).await?;
    }
    for (position, tax) in (0_i64..).zip(&amounts.taxes) {
        let query = sqlx::query(
            "INSERT INTO order_taxes (order_id, position, name, rate, amount_base, amount) \
             VALUES ($1, $2, $3, $4, $5, $6)",
        )
        .bind(id())
        .bind(position)
        .bind(tax.name.clone())
        .bind(tax.rate.millionths())
        .bind(tax.base.amount())
        .bind(tax.amount.amount());
        tx.execute(query).await?;
    }
    for (position, discount) in (0_i64..).zip(&amounts.discounts) {
        let query = sqlx::query(
            "INSERT INTO order_discounts (order_id, position, discount_id, title, code, amount) \
             VALUES ($1, $2, $3, $4, $5, $6)",
        )
        .bind(id())
        .bind(position)
        .bind(discount.id.as_str().to_owned())
        .bind(discount.title.clone())
        .bind(discount.code.clone())
        .bind(discount.amount.amount());
        tx.execute(query).await?;
    }
    Ok(())
}

/// Reads what was agreed with an order.
pub(super) async fn read(connection: &mut Connection, order: &mut Order) -> Result<()> {
    let id = order.id.as_str().to_owned();
    let currency = order.total.currency();
    let row: Option<DetailsRow> = sqlx::query_as(
        "SELECT amount_subtotal, amount_tax_relief, prices_include_tax, exemption, country, region, vat_number, \
                company, note, is_gift, newsletter \
         FROM order_details WHERE order_id = $1",
    )
    .bind(id.clone())
    .fetch_optional(&mut *connection)
    .await?;
    let Some(row) = row else { return Ok(()) };
    let address: Option<AddressRow> = sqlx::query_as(
        "SELECT name, company, line1, line2, city, region, postal_code, country, phone \
         FROM order_addresses WHERE order_id = $1",
    )
    .bind(id.clone())
    .fetch_optional(&mut *connection)
    .await?;
    let shipping: Option<ShippingRow> = sqlx::query_as(
        "SELECT name, delivery_time, is_pickup, amount_listed, amount_price, amount_tax, amount_tax_relief, \
                amount_total \
         FROM order_shipping WHERE order_id = $1",
    )
    .bind(id.clone())
    .fetch_optional(&mut *connection)
    .await?;
    let taxes: Vec<TaxRow> = sqlx::query_as(
        "SELECT name, rate, amount_base, amount FROM order_taxes WHERE order_id = $1 ORDER BY position",
    )
    .bind(id.clone())
    .fetch_all(&mut *connection)
    .await?;
    let discounts: Vec<DiscountRow> = sqlx::query_as(
        "SELECT discount_id, title, code, amount FROM order_discounts WHERE order_id = $1 ORDER BY position",
    )
    .bind(id)
    .fetch_all(&mut *connection)
    .await?;
    let exemption = row
        .exemption
        .as_deref()
        .map(|text| TaxExemption::parse(text).ok_or(Error::Corrupt("order_details.exemption")));
    order.amounts = OrderAmounts {
        subtotal: Money::new(row.amount_subtotal, currency),
        discounts: discounts
            .into_iter()
            .map(|row| row.into_amount(currency))
            .collect::<Result<_>>()?,
        shipping: shipping.map(|row| row.into_amount(currency)),
        taxes: taxes
            .into_iter()
            .map(|row| row.into_amount(currency))
            .collect::<Result<_>>()?,
        prices_include_tax: row.prices_include_tax != 0,
        tax_relief: Money::new(row.amount_tax_relief, currency),
        exemption: exemption.transpose()?,
    };
    order.details = Some(OrderDetails {
        address: address.map(AddressRow::into_address).transpose()?,
        country: country(&row.country)?,
        region: row.region,
        // One that is no longer of a known form is left out rather than hiding the order.
        vat_number: row.vat_number.and_then(|text| VatNumber::parse(&text).ok()),
        company: row.company,
        note: row.note,
        is_gift: row.is_gift != 0,
        newsletter: row.newsletter != 0,
    });
    Ok(())
}

fn country(text: &str) -> Result<Country> {
    Country::parse(text).map_err(|_| Error::Corrupt("order_details.country"))
}

impl AddressRow {
    fn into_address(self) -> Result<Address> {
        Ok(Address {
            name: self.name,
            company: self.company,
            line1: self.line1,
            line2: self.line2,
            city: self.city,
            region: self.region,
            postal_code: self.postal_code,
            country: country(&self.country)?,
            phone: self.phone,
        })
    }
}

impl ShippingRow {
    fn into_amount(self, currency: Currency) -> ShippingAmount {
        ShippingAmount {
            name: self.name,
            delivery_time: self.delivery_time,
            is_pickup: self.is_pickup != 0,
            list_price: Money::new(self.amount_listed, currency),
            price: Money::new(self.amount_price, currency),
            tax: Money::new(self.amount_tax, currency),
            tax_relief: Money::new(self.amount_tax_relief, currency),
            total: Money::new(self.amount_total, currency),
        }
    }
}

impl TaxRow {
    fn into_amount(self, currency: Currency) -> Result<TaxAmount> {
        let rate = u32::try_from(self.rate).ok().and_then(Rate::new);
        Ok(TaxAmount {
            name: self.name,
            rate: rate.ok_or(Error::Corrupt("order_taxes.rate"))?,
            base: Money::new(self.amount_base, currency),
            amount: Money::new(self.amount, currency),
        })
    }
}

impl DiscountRow {
    fn into_amount(self, currency: Currency) -> Result<DiscountAmount> {
        Ok(DiscountAmount {
            id: DiscountId::parse(&self.discount_id)
                .map_err(|_| Error::Corrupt("order_discounts.discount_id"))?,
            title: self.title,
            code: self.code,
            // Which goods it was on, their lines say.
            scope: DiscountScope::Everything,
            amount: Money::new(self.amount, currency),
        })
    }
}
