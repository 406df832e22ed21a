use domain::order::ShippingState;
use shop::mail::{Repeated, repeat};
use shop::orders::{
    RowProblemKind, ToShipExport, TrackingImport, import_tracking, preview_tracking, ship,
};

use crate::parcels::all_that_is_left;
use crate::test_shop::TestShop;

const VISA: &str = "4242424242424242";

async fn export(test: &TestShop) -> String {
    let admin = test.admin_of_shop().await;
    let mut export = ToShipExport::new(test.shop.clone(), &admin);
    let mut file = String::new();
    while let Some(part) = export.next().await.unwrap() {
        file.push_str(&part);
    }
    file
}

async fn import(test: &TestShop, file: &str) -> TrackingImport {
    let csrf = test.csrf_of_many().await;
    let before = preview_tracking(&test.shop, csrf.admin(), file)
        .await
        .unwrap();
    let after = import_tracking(&test.shop, &csrf, file).await.unwrap();
    if before.problems.is_empty() {
        assert_eq!(after, before, "the preview says what happens");
    }
    after
}

fn kinds(import: &TrackingImport) -> Vec<(usize, RowProblemKind)> {
    let problems = import.problems.iter();
    problems
        .map(|problem| (problem.line, problem.kind.clone()))
        .collect()
}

#[tokio::test]
async fn export_has_a_row_for_each_line_that_is_left_and_its_import_ships_them() {
    let test = TestShop::open().await;
    let first = test.paid_with("low-a4.2~low-a3.1", VISA).await;
    let second = test.paid_with("low-a4.1", VISA).await;
    let flagged = test.paid_with("low-a4.1", VISA).await;
    let flag = format!(
        "UPDATE orders SET flag = 'amount_mismatch' WHERE number = {}",
        flagged.number
    );
    test.database.run(&flag).await;
    let file = export(&test).await;
    let rows: Vec<_> = file.lines().collect();
    assert_eq!(rows.len(), 4, "{file}");
    assert!(rows[0].starts_with("order_number,paid_at,email,name,"));
    assert!(rows[1].starts_with(&format!("{},", first.number)));
    // Not filled in, nothing happens.
    let unfilled = import(&test, &file).await;
    assert_eq!((unfilled.sent, unfilled.empty), (0, 3));

    let filled: Vec<_> = rows
        .iter()
        .enumerate()
        .map(|(index, row)| match index {
            0 => (*row).to_owned(),
            1 | 2 => format!(
                "{}DHL,0034 0433",
                row.trim_end_matches(',').to_owned() + ","
            ),
            _ => format!(
                "{}UPS,1Z999AA10123456784",
                row.trim_end_matches(',').to_owned() + ","
            ),
        })
        .collect();
    let filled = filled.join("\r\n");
    let done = import(&test, &filled).await;
    assert_eq!(
        (done.sent, done.known, done.problems.len()),
        (2, 0, 0),
        "{done:?}"
    );
    let order = test.again(&first).await;
    assert_eq!(order.shipping_state(), ShippingState::Shipped);
    assert_eq!(order.parcels.len(), 1);
    assert_eq!(order.parcels[0].pieces.len(), 2);
    assert_eq!(
        test.emails(&second).await,
        ["new_order", "receipt", "shipped"]
    );

    // The same file again changes nothing.
    let again = import(&test, &filled).await;
    assert_eq!((again.sent, again.known), (0, 2));
    let parcels = "SELECT COUNT(*) FROM parcels";
    assert_eq!(test.database.number(parcels).await, 2);
    assert_eq!(export(&test).await.lines().count(), 1);
    test.check_books().await;
}

#[tokio::test]
async fn import_with_any_problem_changes_nothing() {
    let test = TestShop::open().await;
    let good = test.paid_with("low-a4.2", VISA).await;
    let gone = test.paid_with("low-a4.1", VISA).await;
    let flagged = test.paid_with("low-a4.1", VISA).await;
    let flag = format!(
        "UPDATE orders SET flag = 'amount_mismatch' WHERE number = {}",
        flagged.number
    );
    test.database.run(&flag).await;
    let admin = test.admin().await;
    let csrf = test.csrf(&admin, &gone).await;
    let mut parcel = all_that_is_left("a");
    parcel.tracking_number = Some("111111".to_owned());
    ship(&test.shop, &csrf, parcel).await.unwrap();
    let (good, gone, flagged) = (good.number, gone.number, flagged.number);
    let long = "1".repeat(81);
    let file = format!(
        "Order;Carrier;Tracking Number;SKU;Quantity\n\
         {good};DHL;222222;;\n\
         x;DHL;333333;;\n\
         99999;DHL;444444;;\n\
         {gone};DHL;555555;;\n\
         {flagged};DHL;666666;;\n\
         {good};DHL;777777;NO-SUCH;1\n\
         {good};DHL;888888;LOW-A4;0\n\
         {good};DHL;{long};;\n"
    );
    let import = import(&test, &file).await;
    let expected = [
        (3, RowProblemKind::NotANumber("x".to_owned())),
        (8, RowProblemKind::NotAQuantity("0".to_owned())),
        (9, RowProblemKind::TooLong),
    ];
    assert_eq!(kinds(&import), expected, "rows that cannot be read");
    let admin_of_shop = test.admin_of_shop().await;
    let preview = preview_tracking(&test.shop, &admin_of_shop, &file)
        .await
        .unwrap();
    let of_orders: Vec<_> = kinds(&preview)
        .into_iter()
        .filter(|problem| !expected.contains(problem))
        .collect();
    assert_eq!(
        of_orders,
        [
            (4, RowProblemKind::NoOrder(99999)),
            (5, RowProblemKind::NothingToShip(gone)),
            (6, RowProblemKind::Blocked(flagged)),
            (7, RowProblemKind::NothingToShip(good)),
        ]
    );
    let too_many =
        format!("order,tracking,sku,quantity\n{good},222222,low-a4,2\n{good},2222-22,low-a4,1");
    let problems = self::import(&test, &too_many).await.problems;
    assert_eq!(
        problems[0].kind,
        RowProblemKind::TooMany {
            sku: "LOW-A4".to_owned(),
            left: 2
        }
    );
    for file in ["", "a,b\n1,2", "order_number\n1001"] {
        let problems = kinds(&self::import(&test, file).await);
        assert_eq!(problems, [(1, RowProblemKind::NoHeader)]);
    }
    let rows = format!("order,tracking\n{}", format!("{good},222222\n").repeat(501));
    let problems = kinds(&self::import(&test, &rows).await);
    assert_eq!(problems, [(502, RowProblemKind::TooManyRows)]);
    let parcels = "SELECT COUNT(*) FROM parcels";
    assert_eq!(test.database.number(parcels).await, 1);
}

#[tokio::test]
async fn import_adds_the_number_that_a_shipped_parcel_lacks() {
    let test = TestShop::open().await;
    let order = test.paid_with("low-a4.2", VISA).await;
    let admin = test.admin().await;
    let csrf = test.csrf(&admin, &order).await;
    ship(&test.shop, &csrf, all_that_is_left("a"))
        .await
        .unwrap();
    let file = format!("order,tracking\n#{},00340433", order.number);
    let done = import(&test, &file).await;
    assert_eq!((done.sent, done.completed), (0, 1));
    let parcel = test.again(&order).await.parcels[0].clone();
    assert_eq!(parcel.tracking_number.as_deref(), Some("00340433"));
    assert_eq!(parcel.carrier.as_deref(), Some("DHL"));
}

#[tokio::test]
async fn import_ships_an_order_in_several_parcels_by_sku() {
    let test = TestShop::open().await;
    let order = test.paid_with("low-a4.3", VISA).await;
    let number = order.number;
    let file =
        format!("order,tracking,sku,quantity\n{number},111111,LOW-A4,1\n{number},222222,LOW-A4,2");
    let done = import(&test, &file).await;
    assert_eq!((done.sent, done.problems.len()), (2, 0), "{done:?}");
    let parcels = test.again(&order).await.parcels;
    let pieces: Vec<_> = parcels
        .iter()
        .map(|parcel| parcel.pieces[0].quantity)
        .collect();
    assert_eq!(pieces, [1, 2]);
}

#[tokio::test]
async fn email_is_sent_again_once_a_minute_and_recorded() {
    let test = TestShop::open().await;
    let order = test.paid_with("low-a4.1", VISA).await;
    let admin = test.admin().await;
    let csrf = test.csrf(&admin, &order).await;
    let receipt = "SELECT id FROM outbox WHERE kind = 'receipt' ORDER BY created_at, id";
    let id = test.database.texts(receipt).await[0].clone();
    assert_eq!(
        repeat(&test.shop, &csrf, &id).await.unwrap(),
        Repeated::Impossible,
        "it has not left yet"
    );
    test.database.run("UPDATE outbox SET sent_at = 1").await;
    for _ in 0..3 {
        assert_eq!(
            repeat(&test.shop, &csrf, &id).await.unwrap(),
            Repeated::Written
        );
    }
    assert_eq!(test.database.texts(receipt).await.len(), 2);
    let admin = test.admin_of_shop().await;
    let listed = shop::mail::of_order(&test.shop, &admin, &order)
        .await
        .unwrap();
    assert_eq!(listed.len(), 3);
    assert!(listed.iter().all(|email| email.notification.is_some()));
    for _ in 0..60 {
        test.pass_here(60);
        repeat(&test.shop, &csrf, &id).await.unwrap();
    }
    assert_eq!(
        repeat(&test.shop, &csrf, &id).await.unwrap(),
        Repeated::TooMany
    );
    assert_eq!(test.database.texts(receipt).await.len(), 39);
    let missing = repeat(&test.shop, &csrf, "no-such").await.unwrap();
    assert_eq!(missing, Repeated::Impossible);
}
