use domain::address::Address;
use domain::order::{Order, OrderDetails};

/// A fact that the shopper gave with the order, with its name and the lines that it is written in.
pub type OrderDetail = (&'static str, Vec<String>);

messages! {
    /// The details that the shopper gave with an order: where it goes, and to whom.
    OrderDetailsText {
        fn deliver_to() -> &'static str { En => "Deliver to" }
        fn country() -> &'static str { En => "Country" }
        fn delivery() -> &'static str { En => "Delivery" }
        fn pickup() -> &'static str { En => "Pickup" }
        /// `time` is in words, such as `3 to 5 working days`.
        fn in_time(name: &str, time: &str) -> String { En => format!("{name}, {time}") }
        fn phone() -> &'static str { En => "Phone" }
        fn company() -> &'static str { En => "Company" }
        fn vat_number() -> &'static str { En => "VAT number" }
        fn gift() -> &'static str { En => "Gift" }
        fn no_prices() -> &'static str { En => "No prices in the parcel" }
        fn note() -> &'static str { En => "Note to the shop" }
        fn newsletter() -> &'static str { En => "Newsletter" }
        fn wanted() -> &'static str { En => "Asked for" }
    }
}

impl OrderDetailsText {
    /// The facts in the order in which they are told; none for an order that was asked for nothing.
    pub fn facts(self, order: &Order) -> Vec<OrderDetail> {
        let mut facts = Vec::new();
        let Some(details) = &order.details else {
            return facts;
        };
        match &details.address {
            Some(address) => facts.extend(self.address(address)),
            None => facts.push((self.country(), vec![details.country.name().to_owned()])),
        }
        if let Some(shipping) = &order.amounts.shipping {
            let name = if shipping.is_pickup {
                self.pickup()
            } else {
                self.delivery()
            };
            let how = match shipping.delivery_time.as_str() {
                "" => shipping.name.clone(),
                time => self.in_time(&shipping.name, time),
            };
            facts.push((name, vec![how]));
        }
        facts.extend(self.buyer(details));
        if details.is_gift {
            facts.push((self.gift(), vec![self.no_prices().to_owned()]));
        }
        if let Some(note) = &details.note {
            facts.push((self.note(), note.lines().map(str::to_owned).collect()));
        }
        facts
    }

    fn address(self, address: &Address) -> Vec<OrderDetail> {
        let mut facts = vec![(self.deliver_to(), address.lines())];
        let phone = address.phone.clone();
        facts.extend(phone.map(|phone| (self.phone(), vec![phone])));
        facts
    }

    /// The company, unless the address has it already, and its VAT number.
    fn buyer(self, details: &OrderDetails) -> Vec<OrderDetail> {
        let is_in_address = |company: &&String| {
            let address = details.address.as_ref();
            address.and_then(|address| address.company.as_ref()) == Some(*company)
        };
        let company = details.company.as_ref();
        let company = company.filter(|company| !is_in_address(company));
        let company = company.map(|company| (self.company(), vec![company.clone()]));
        let vat_number = details.vat_number.as_ref();
        let vat_number = vat_number.map(|number| (self.vat_number(), vec![number.to_string()]));
        company.into_iter().chain(vat_number).collect()
    }
}
