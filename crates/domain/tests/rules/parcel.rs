use domain::id::{ParcelId, VariantId};
use domain::order::{
    Effect, Notification, Order, OrderLine, ParcelError, ParcelPieces, ParcelRequest, RefundLine,
    RefundRequest, RefundStatus, ShippingState,
};
use proptest::prelude::*;

use crate::order::{paid, pending, refund_fact, variant, wanted};

fn parcel_id(text: &str) -> ParcelId {
    ParcelId::parse(text).unwrap()
}

fn other() -> VariantId {
    VariantId::parse("high-a3").unwrap()
}

fn pieces(variant: VariantId, quantity: u32) -> ParcelPieces {
    ParcelPieces { variant, quantity }
}

fn request(id: &str, pieces: Option<Vec<ParcelPieces>>) -> ParcelRequest {
    ParcelRequest {
        id: parcel_id(id),
        carrier: Some("DHL".to_owned()),
        tracking_number: None,
        pieces,
    }
}

/// A paid order of three pieces of one variant and two of another.
fn paid_with_two_lines() -> Order {
    let mut order = paid();
    order.lines.push(OrderLine {
        variant: other(),
        sku: "HIGH-A3".to_owned(),
        quantity: 2,
        ..order.lines[0].clone()
    });
    order
}

fn refund_of(id: &str, variant: VariantId, quantity: u32) -> RefundRequest {
    RefundRequest {
        lines: vec![RefundLine {
            variant,
            quantity,
            restocked: 0,
        }],
        ..wanted(id, Some(100), &[])
    }
}

#[test]
fn parcels_take_an_order_from_packing_to_delivered() {
    let mut order = paid_with_two_lines();
    assert_eq!(order.shipping_state(), ShippingState::ToPack);
    let first = request("a", Some(vec![pieces(variant(), 2), pieces(other(), 0)]));
    assert_eq!(
        order.ship(first, 10).unwrap(),
        [Effect::Notify(Notification::Shipped(parcel_id("a")))]
    );
    assert_eq!(order.shipping_state(), ShippingState::PartlyShipped);
    assert_eq!(
        order.left_to_ship(),
        [pieces(variant(), 1), pieces(other(), 2)]
    );
    order.deliver_parcel(&parcel_id("a"), 20).unwrap();
    assert_eq!(order.shipping_state(), ShippingState::PartlyShipped);
    order.ship(request("b", None), 30).unwrap();
    assert_eq!(order.parcels[1].pieces.len(), 2);
    assert_eq!(order.shipping_state(), ShippingState::Shipped);
    order.deliver_parcel(&parcel_id("b"), 40).unwrap();
    order.deliver_parcel(&parcel_id("b"), 50).unwrap();
    assert_eq!(order.parcels[1].delivered_at, Some(40));
    assert_eq!(order.shipping_state(), ShippingState::Delivered);
    assert_eq!(
        order.ship(request("c", None), 60),
        Err(ParcelError::NothingToShip)
    );
    assert_eq!(
        order.deliver_parcel(&parcel_id("c"), 60),
        Err(ParcelError::NotFound)
    );
}

#[test]
fn parcel_that_was_sent_already_changes_nothing() {
    let mut order = paid();
    order
        .ship(request("a", Some(vec![pieces(variant(), 1)])), 10)
        .unwrap();
    let before = order.clone();
    assert_eq!(order.ship(request("a", None), 20), Ok(Vec::new()));
    assert_eq!(order, before);
}

#[test]
fn parcel_holds_what_is_left_of_its_order_alone() {
    let mut order = paid();
    let before = order.clone();
    let too_many = |sku: &str, left| {
        Err(ParcelError::TooManyPieces {
            sku: sku.to_owned(),
            left,
        })
    };
    for (asked, error) in [
        (vec![pieces(variant(), 4)], too_many("LOW-A4", 3)),
        (vec![pieces(variant(), u32::MAX)], too_many("LOW-A4", 3)),
        (
            vec![pieces(variant(), 2), pieces(variant(), 1)],
            too_many("LOW-A4", 3),
        ),
        (vec![pieces(other(), 1)], too_many("high-a3", 0)),
        (vec![pieces(variant(), 0)], Err(ParcelError::NoPieces)),
        (Vec::new(), Err(ParcelError::NoPieces)),
    ] {
        assert_eq!(order.ship(request("a", Some(asked)), 10), error);
        assert_eq!(order, before);
    }
    let mut unpaid = pending();
    assert_eq!(
        unpaid.ship(request("a", None), 10),
        Err(ParcelError::NothingToShip)
    );
    assert_eq!(unpaid.shipping_state(), ShippingState::Nothing);
}

#[test]
fn refund_takes_pieces_from_what_is_to_ship_until_it_fails() {
    let mut order = paid();
    order
        .request_refund(refund_of("refund-1", variant(), 2), 10)
        .unwrap();
    assert_eq!(order.left_to_ship(), [pieces(variant(), 1)]);
    order.ship(request("a", None), 20).unwrap();
    assert_eq!(order.shipping_state(), ShippingState::Shipped);
    let failed = refund_fact("re_1", Some("refund-1"), 100, RefundStatus::Failed);
    order.apply(&failed, 30);
    assert_eq!(order.left_to_ship(), [pieces(variant(), 2)]);
    assert_eq!(order.shipping_state(), ShippingState::PartlyShipped);
    // A refund of everything ends the packing.
    order
        .request_refund(wanted("refund-2", None, &[]), 40)
        .unwrap();
    let done = refund_fact("re_2", Some("refund-2"), 2400, RefundStatus::Succeeded);
    order.apply(&done, 50);
    assert_eq!(order.left_to_ship(), []);
    assert_eq!(order.shipping_state(), ShippingState::Shipped);
}

#[test]
fn shipping_state_survives_its_text() {
    for state in ShippingState::ALL {
        assert_eq!(ShippingState::parse(state.as_str()), Some(state));
    }
    assert_eq!(ShippingState::parse("lost"), None);
}

#[derive(Clone, Debug)]
enum Step {
    Ship(Option<(u32, u32)>),
    Refund(u32, bool),
    Fail(usize),
    Deliver(usize),
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        proptest::option::of((0..4_u32, 0..4_u32)).prop_map(Step::Ship),
        (1..4_u32, any::<bool>()).prop_map(|(quantity, first)| Step::Refund(quantity, first)),
        (0..6_usize).prop_map(Step::Fail),
        (0..6_usize).prop_map(Step::Deliver),
    ]
}

proptest! {
    #[test]
    fn parcels_never_hold_more_than_is_paid_and_not_refunded(steps in proptest::collection::vec(step(), 0..24)) {
        let mut order = paid_with_two_lines();
        for (index, step) in steps.into_iter().enumerate() {
            let before = order.clone();
            match step {
                Step::Ship(asked) => {
                    let asked = asked.map(|(first, second)| {
                        vec![pieces(variant(), first), pieces(other(), second)]
                    });
                    if order.ship(request(&format!("parcel-{index}"), asked), 10).is_ok() {
                        for line in &order.lines {
                            let shipped = order.shipped_pieces(&line.variant);
                            prop_assert!(shipped <= order.refundable_pieces(&line.variant)
                                || shipped == before.shipped_pieces(&line.variant));
                        }
                        let parcel = order.parcels.last().unwrap();
                        prop_assert!(parcel.pieces.iter().all(|pieces| pieces.quantity > 0));
                    } else {
                        prop_assert_eq!(&order, &before);
                    }
                }
                Step::Refund(quantity, is_first) => {
                    let variant = if is_first { variant() } else { other() };
                    let id = format!("refund-{index}");
                    let _ = order.request_refund(refund_of(&id, variant, quantity), 10);
                }
                Step::Fail(index) => {
                    if let Some(refund) = before.refunds.get(index) {
                        let id = refund.id.as_str();
                        let fact = refund_fact(&format!("re_{index}"), Some(id), 100, RefundStatus::Failed);
                        order.apply(&fact, 20);
                    }
                }
                Step::Deliver(index) => {
                    if let Some(parcel) = before.parcels.get(index) {
                        order.deliver_parcel(&parcel.id, 30).unwrap();
                    }
                }
            }
            for line in &order.lines {
                let shipped = order.shipped_pieces(&line.variant);
                prop_assert!(shipped <= line.quantity);
                prop_assert!(shipped + order.pieces_to_ship(&line.variant) <= line.quantity);
            }
            prop_assert_eq!(order.shipping_state().is_open(), !order.left_to_ship().is_empty());
        }
    }
}
