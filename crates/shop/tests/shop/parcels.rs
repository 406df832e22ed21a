use domain::id::ParcelId;
use domain::order::{ParcelError, ParcelPieces, ParcelRequest, RefundLine, ShippingState};
use shop::orders::{ShipError, correct_parcel, deliver_parcel, ship};
use shop::refunds::new_id;
use tokio::task::JoinSet;

use crate::admin_actions::decision;
use crate::test_shop::TestShop;

/// A parcel of everything that is left.
pub(crate) fn all_that_is_left(id: &str) -> ParcelRequest {
    ParcelRequest {
        id: ParcelId::parse(id).unwrap(),
        carrier: Some("DHL".to_owned()),
        tracking_number: None,
        pieces: None,
    }
}

fn parcel_of(id: &str, variant: &str, quantity: u32) -> ParcelRequest {
    ParcelRequest {
        pieces: Some(vec![ParcelPieces {
            variant: testkit::orders::variant(variant),
            quantity,
        }]),
        ..all_that_is_left(id)
    }
}

#[tokio::test]
async fn parcels_are_mailed_each_and_written_with_their_state() {
    let test = TestShop::open().await;
    let admin = test.admin().await;
    let order = test.paid_with("low-a4.3", "4242424242424242").await;
    let csrf = test.csrf(&admin, &order).await;
    let shipping = "SELECT shipping FROM orders";
    assert_eq!(test.database.texts(shipping).await, ["to_pack"]);
    for _ in 0..2 {
        ship(&test.shop, &csrf, parcel_of("a", "low-a4", 2))
            .await
            .unwrap();
    }
    assert_eq!(test.database.texts(shipping).await, ["partly_shipped"]);
    ship(&test.shop, &csrf, all_that_is_left("b"))
        .await
        .unwrap();
    assert_eq!(test.database.texts(shipping).await, ["shipped"]);
    let kinds = ["new_order", "receipt", "shipped", "shipped"];
    assert_eq!(test.emails(&order).await, kinds);
    let id = ParcelId::parse("a").unwrap();
    correct_parcel(
        &test.shop,
        &csrf,
        &id,
        Some("UPS"),
        Some("1Z999AA10123456784"),
    )
    .await
    .unwrap();
    let parcel = test.again(&order).await.parcels[0].clone();
    assert_eq!(parcel.carrier.as_deref(), Some("UPS"));
    assert!(parcel.tracking_url().is_some());
    for parcel in ["a", "b"] {
        let id = ParcelId::parse(parcel).unwrap();
        deliver_parcel(&test.shop, &csrf, &id).await.unwrap();
    }
    assert_eq!(test.database.texts(shipping).await, ["delivered"]);
    assert_eq!(test.emails(&order).await, kinds);
    let id = ParcelId::parse("c").unwrap();
    let missing = deliver_parcel(&test.shop, &csrf, &id).await;
    assert!(matches!(
        missing,
        Err(ShipError::NotAllowed(ParcelError::NotFound))
    ));
    assert_eq!(
        test.again(&order).await.shipping_state(),
        ShippingState::Delivered
    );
    test.check_books().await;
}

#[tokio::test]
async fn parcels_at_the_same_time_never_hold_more_than_was_bought() {
    let test = TestShop::open().await;
    let admin = test.admin().await;
    let order = test.paid_with("low-a4.5", "4242424242424242").await;
    let mut work = JoinSet::new();
    for index in 0..12 {
        let shop = test.shop.clone();
        let csrf = test.csrf(&admin, &order).await;
        work.spawn(async move {
            let parcel = parcel_of(&format!("parcel-{index}"), "low-a4", 1);
            ship(&shop, &csrf, parcel).await
        });
    }
    let outcomes = work.join_all().await;
    let refused = |outcome: &Result<(), ShipError>| {
        matches!(
            outcome,
            Err(ShipError::NotAllowed(ParcelError::NothingToShip))
        )
    };
    assert_eq!(outcomes.iter().filter(|each| each.is_ok()).count(), 5);
    assert_eq!(outcomes.iter().filter(|each| refused(each)).count(), 7);
    let pieces = "SELECT CAST(SUM(quantity) AS BIGINT) FROM parcel_lines";
    assert_eq!(test.database.number(pieces).await, 5);
    assert_eq!(test.again(&order).await.parcels.len(), 5);
}

#[tokio::test]
async fn refund_and_parcel_at_the_same_time_never_share_a_piece() {
    for _ in 0..5 {
        let test = TestShop::open().await;
        let admin = test.admin().await;
        let order = test.paid_with("low-a4.3", "4242424242424242").await;
        let csrf = test.csrf(&admin, &order).await;
        let mut request = decision(new_id(), 100);
        request.lines = vec![RefundLine {
            variant: testkit::orders::variant("low-a4"),
            quantity: 2,
            restocked: 0,
        }];
        let (_, shipped) = tokio::join!(
            shop::refunds::issue(&test.shop, &csrf, &request),
            ship(&test.shop, &csrf, parcel_of("a", "low-a4", 2)),
        );
        let order = test.again(&order).await;
        let variant = &order.lines[0].variant;
        let (left, shipped_pieces) = (order.pieces_to_ship(variant), order.shipped_pieces(variant));
        // The parcel was first, and its pieces were refunded as returned; or it was refused.
        assert_eq!(shipped_pieces, if shipped.is_ok() { 2 } else { 0 });
        assert_eq!(left, if shipped.is_ok() { 0 } else { 1 });
        test.check_books().await;
    }
}
