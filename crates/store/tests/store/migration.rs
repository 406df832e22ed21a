use std::borrow::Cow;
use std::path::Path;

use domain::money::{Currency, Money};
use domain::order::{Flag, Mode, OrderStatus, PaymentState};
use sqlx::migrate::Migrator;
use sqlx::{AnyConnection, Connection};
use store::{Store, orders};
use testkit::database::Database;

/// Brings a database to the schema of version 4, the last one without payments.
async fn migrate_to_version_4(url: &str) {
    sqlx::any::install_default_drivers();
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../migrations");
    let all = Migrator::new(Path::new(folder)).await.unwrap();
    let old = all.iter().filter(|migration| migration.version <= 4);
    let migrator = Migrator {
        migrations: Cow::Owned(old.cloned().collect()),
        ..Migrator::DEFAULT
    };
    let mut connection = AnyConnection::connect(url).await.unwrap();
    migrator.run(&mut connection).await.unwrap();
    connection.close().await.unwrap();
}

fn order(number: i64, status: &str, flag: &str, session: &str, intent: &str) -> String {
    format!(
        "INSERT INTO orders (id, number, token, cart_key, status, stock, flag, currency, amount_total, \
                             checkout_session_id, payment_intent_id, created_at, expires_at) \
         VALUES ('order-{number}', {number}, 'token-{number}', 'cart-{number}', '{status}', 'held', {flag}, 'usd', \
                 4800, {session}, {intent}, 1700000000, 1700001860)"
    )
}

#[tokio::test]
async fn filled_database_without_payments_gets_one_payment_for_each_order() {
    let database = Database::empty().await;
    migrate_to_version_4(&database.url).await;
    let rows = [
        (1001, "pending", "NULL", "'cs_test_1'", "NULL"),
        (1002, "pending", "NULL", "NULL", "NULL"),
        (1003, "processing", "NULL", "'cs_test_3'", "'pi_3'"),
        (1004, "paid", "NULL", "'cs_test_4'", "'pi_4'"),
        (1005, "failed", "NULL", "'cs_test_5'", "'pi_5'"),
        (1006, "expired", "NULL", "'cs_test_6'", "NULL"),
        (1007, "partially_refunded", "NULL", "'cs_test_7'", "'pi_7'"),
        (
            1008,
            "pending",
            "'amount_mismatch'",
            "'cs_test_8'",
            "'pi_8'",
        ),
    ];
    for (number, status, flag, session, intent) in rows {
        database
            .run(&order(number, status, flag, session, intent))
            .await;
    }
    for sql in [
        "INSERT INTO refunds (id, stripe_id, order_id, payment_intent_id, amount, currency, status, source, created_at) \
         VALUES ('refund-1', 're_1', 'order-1007', 'pi_7', 1000, 'usd', 'succeeded', 'owner', 1700000100)",
        "INSERT INTO refunds (id, stripe_id, payment_intent_id, amount, currency, status, source, created_at) \
         VALUES ('re-9', 're_9', 'pi_9', 500, 'usd', 'succeeded', 'dashboard', 1700000100)",
        "INSERT INTO disputes (id, order_id, payment_intent_id, amount, currency, status, reason, funds, opened_at, told_at) \
         VALUES ('du_1', 'order-1004', 'pi_4', 4800, 'usd', 'appeal_under_review', 'fraudulent', 'withdrawn', 1, 2)",
        "UPDATE orders SET amount_refunded = 1000 WHERE number = 1007",
    ] {
        database.run(sql).await;
    }

    let store = Store::open(&database.url).await.unwrap();
    store.migrate().await.unwrap();
    store.migrate().await.unwrap();

    let expected = [
        (1001, OrderStatus::Pending, PaymentState::Open),
        (1002, OrderStatus::Pending, PaymentState::Open),
        (1003, OrderStatus::Processing, PaymentState::Processing),
        (1004, OrderStatus::Paid, PaymentState::Captured),
        (1005, OrderStatus::Failed, PaymentState::Failed),
        (1006, OrderStatus::Expired, PaymentState::Expired),
        (1007, OrderStatus::PartiallyRefunded, PaymentState::Captured),
        (1008, OrderStatus::Processing, PaymentState::Mismatched),
    ];
    for ((number, status, state), (_, _, _, session, intent)) in expected.into_iter().zip(rows) {
        let order = orders::by_number(&store, number).await.unwrap().unwrap();
        assert_eq!(order.payments.len(), 1, "{number}");
        let payment = &order.payments[0];
        assert_eq!((order.status, payment.state), (status, state), "{number}");
        let text = |text: &str| (text != "NULL").then(|| text.trim_matches('\'').to_owned());
        assert_eq!(payment.reference, text(session), "{number}");
        assert_eq!(payment.payment_reference, text(intent), "{number}");
        // The idempotency key of a call that was begun before stays the same.
        assert_eq!(payment.id.as_str(), order.id.as_str());
        assert_eq!(payment.amount, Money::new(4800, Currency::USD));
        assert_eq!((payment.mode, payment.attempt), (Mode::Test, 1));
        assert_eq!(payment.expires_at, 1_700_001_860);
    }

    let refunded = orders::by_number(&store, 1007).await.unwrap().unwrap();
    assert_eq!(refunded.refunded(), Money::new(1000, Currency::USD));
    assert_eq!(refunded.refundable(), Money::new(3800, Currency::USD));
    let disputed = orders::by_number(&store, 1004).await.unwrap().unwrap();
    assert!(disputed.disputes[0].is_appealed);
    let flagged = orders::by_number(&store, 1008).await.unwrap().unwrap();
    assert_eq!(flagged.flag, Some(Flag::AmountMismatch));
    let points = "SELECT COUNT(*) FROM refunds r JOIN payments p ON p.id = r.payment_id";
    assert_eq!(database.number(points).await, 1);
    let unmatched =
        "SELECT COUNT(*) FROM refunds WHERE payment_id IS NULL AND payment_reference = 'pi_9'";
    assert_eq!(database.number(unmatched).await, 1);
}

#[tokio::test]
async fn live_payments_are_migrated_as_live() {
    let database = Database::empty().await;
    migrate_to_version_4(&database.url).await;
    for (number, session) in [(1001, "'cs_live_1'"), (1002, "NULL"), (1003, "'cs_test_3'")] {
        database
            .run(&order(number, "pending", "NULL", session, "NULL"))
            .await;
    }
    let store = Store::open(&database.url).await.unwrap();
    store.migrate().await.unwrap();
    let modes = "SELECT mode FROM payments ORDER BY id";
    assert_eq!(database.texts(modes).await, ["live", "live", "test"]);
}

#[tokio::test]
async fn second_open_payment_of_an_order_is_refused() {
    let test = crate::test_store::TestStore::new().await;
    test.order("order-1", "cart-1").await.unwrap();
    let id = testkit::orders::order_id("order-1");
    let second = domain::order::Payment {
        id: testkit::orders::payment_id("second"),
        ..testkit::orders::payment("order-1")
    };
    let mut tx = test.store.begin().await.unwrap();
    let inserted = store::payments::insert(&mut tx, &id, &second, 1).await;
    assert!(inserted.unwrap_err().is_conflict());
}

/// Brings a database to the schema before parcels.
async fn migrate_to_before_parcels(database: &Database) {
    sqlx::any::install_default_drivers();
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../migrations");
    let engine = if database.url.starts_with("postgres") {
        "postgres"
    } else {
        "sqlite"
    };
    let mut migrations = Vec::new();
    for folder in [folder.to_owned(), format!("{folder}/{engine}")] {
        let all = Migrator::new(Path::new(&folder)).await.unwrap();
        migrations.extend(all.iter().filter(|each| each.version < 12).cloned());
    }
    migrations.sort_by_key(|migration| migration.version);
    let migrator = Migrator {
        migrations: Cow::Owned(migrations),
        ..Migrator::DEFAULT
    };
    let mut connection = AnyConnection::connect(&database.url).await.unwrap();
    migrator.run(&mut connection).await.unwrap();
    connection.close().await.unwrap();
}

#[tokio::test]
async fn shipped_orders_are_migrated_to_one_parcel_each() {
    let database = Database::empty().await;
    migrate_to_before_parcels(&database).await;
    // Shipped; to pack; all pieces refunded; shipped after a refund of one; not paid.
    for (number, status, shipped_at) in [
        (1001, "paid", "1700000900"),
        (1002, "paid", "NULL"),
        (1003, "partially_refunded", "NULL"),
        (1004, "partially_refunded", "1700000900"),
        (1005, "expired", "NULL"),
    ] {
        let stock = if status == "expired" {
            "released"
        } else {
            "sold"
        };
        let paid_at = if status == "expired" {
            "NULL"
        } else {
            "1700000100"
        };
        for sql in [
            format!(
                "INSERT INTO orders (id, number, token, cart_key, status, stock, currency, amount_total, created_at, \
                                     paid_at, shipped_at, carrier, tracking_number) \
                 VALUES ('order-{number}', {number}, 'token-{number}', 'cart-{number}', '{status}', '{stock}', 'usd', \
                         4800, 1700000000, {paid_at}, {shipped_at}, 'DHL', '00340')"
            ),
            format!(
                "INSERT INTO order_lines (order_id, position, variant_id, sku, title, options, image, unit_amount, quantity) \
                 VALUES ('order-{number}', 0, 'print-a4', 'A4', 'Print', '', '', 2400, 2)"
            ),
            format!(
                "INSERT INTO outbox (id, kind, subject, order_id, created_at, next_attempt_at) \
                 VALUES ('email-{number}', 'shipped', '', 'order-{number}', 1, 1)"
            ),
        ] {
            database.run(&sql).await;
        }
    }
    for (number, quantity) in [(1003, 2), (1004, 1)] {
        for sql in [
            format!(
                "INSERT INTO refunds (id, order_id, amount, currency, status, source, created_at) \
                 VALUES ('refund-{number}', 'order-{number}', 2400, 'usd', 'succeeded', 'owner', 1700000200)"
            ),
            format!(
                "INSERT INTO refund_lines (refund_id, variant_id, quantity, restocked) \
                 VALUES ('refund-{number}', 'print-a4', {quantity}, 0)"
            ),
        ] {
            database.run(&sql).await;
        }
    }
    let store = Store::open(&database.url).await.unwrap();
    store.migrate().await.unwrap();
    let states = "SELECT shipping FROM orders ORDER BY number";
    assert_eq!(
        database.texts(states).await,
        ["shipped", "to_pack", "nothing", "shipped", "nothing"]
    );
    for (number, quantity) in [(1001, 2), (1004, 1)] {
        let order = orders::by_number(&store, number).await.unwrap().unwrap();
        let parcel = &order.parcels[0];
        assert_eq!(parcel.carrier.as_deref(), Some("DHL"));
        assert_eq!(parcel.tracking_number.as_deref(), Some("00340"));
        assert_eq!(parcel.shipped_at, 1_700_000_900);
        assert_eq!(parcel.pieces[0].quantity, quantity);
        let email = format!("SELECT subject FROM outbox WHERE order_id = 'order-{number}'");
        assert_eq!(database.texts(&email).await, [parcel.id.as_str()]);
    }
}
