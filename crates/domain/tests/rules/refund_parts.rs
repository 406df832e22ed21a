use domain::money::{Currency, Money};
use domain::order::{Order, PaymentFact, PaymentReport, RefundLine};
use domain::pricing::ShippingAmount;
use proptest::prelude::*;

use crate::order::{pending, wanted};

fn usd(amount: i64) -> Money {
    Money::new(amount, Currency::USD)
}

/// A paid order of one line and a delivery, for which so much was paid after discounts and with
/// taxes.
fn paid(quantity: u32, line: i64, shipping: i64) -> Order {
    let mut order = pending();
    order.lines[0].quantity = quantity;
    order.lines[0].paid = usd(line);
    order.total = usd(line + shipping);
    order.payments[0].amount = order.total;
    order.amounts.shipping = Some(ShippingAmount {
        name: "Standard".to_owned(),
        delivery_time: String::new(),
        is_pickup: false,
        list_price: usd(shipping),
        price: usd(shipping),
        tax: usd(0),
        tax_relief: usd(0),
        total: usd(shipping),
    });
    let report = PaymentReport {
        total: order.total,
        payment_reference: Some("pi_1".to_owned()),
        email: None,
    };
    let fact = PaymentFact::Captured(report);
    let id = order.payments[0].id.clone();
    order.apply(&domain::order::OrderFact::Payment(id, fact), 0);
    order
}

proptest! {
    #[test]
    fn parts_of_a_line_and_the_delivery_add_up_to_what_was_paid(
        quantity in 1_u32..=40,
        line in 1_i64..=200_000,
        shipping in 1_i64..=5_000,
        parts in prop::collection::vec(1_u32..=7, 1..=40),
        with_shipping_at in 0_usize..40,
    ) {
        let line = line.max(i64::from(quantity));
        let mut order = paid(quantity, line, shipping);
        let mut left = quantity;
        for (number, part) in parts.into_iter().chain([quantity]).enumerate() {
            let part = part.min(left);
            left -= part;
            let mut request = wanted(&format!("refund-{number}"), None, &[]);
            request.with_shipping = number == with_shipping_at;
            if part > 0 {
                request.lines = vec![RefundLine {
                    variant: order.lines[0].variant.clone(),
                    quantity: part,
                    restocked: 0,
                }];
            }
            if part > 0 || (request.with_shipping && order.refundable_shipping().is_some()) {
                order.request_refund(request, 0).unwrap();
            }
        }
        if order.refundable_shipping().is_some() {
            let mut request = wanted("refund-of-shipping", None, &[]);
            request.with_shipping = true;
            order.request_refund(request, 0).unwrap();
        }
        prop_assert_eq!(order.refundable(), usd(0));
        let sum: i64 = order.refunds.iter().map(|refund| refund.amount.amount()).sum();
        prop_assert_eq!(usd(sum), order.total);
        prop_assert!(order.refunds.iter().all(|refund| refund.amount.amount() > 0));
        prop_assert_eq!(order.refundable_shipping(), None);
    }
}
