use std::net::Ipv4Addr;

use domain::cart::{Cart, SeenPrices};
use domain::id::CartKey;
use domain::order::OrderStatus;
use shop::admin::{SessionToken, authorize, authorize_form, csrf_token};
use shop::checkout::{Checkout, CheckoutError};
use shop::holds::{Hold, ReleaseError};
use shop::limits::{Limit, Limits, Rate};
use shop::retention::{UNPAID_SECONDS, purge};
use shop::{Client, Shop};
use tokio::task::JoinSet;

use crate::test_shop::{TestShop, cart, new_key, start};

fn client(last: u8) -> Client {
    Client::new(Ipv4Addr::new(203, 0, 113, last).into())
}

async fn check_out(
    shop: &Shop,
    cart: &Cart,
    key: &CartKey,
    client: Client,
) -> Result<Checkout, CheckoutError> {
    shop::checkout::start(shop, cart, &SeenPrices::default(), key, client, None).await
}

/// The limit that a checkout of a fresh browser meets; `None` when it leads to the pay page.
async fn limit_of(shop: &Shop, text: &str, client: Client) -> Option<Limit> {
    match check_out(shop, &cart(text), &new_key(), client).await {
        Ok(Checkout::Pay { .. }) => None,
        Err(CheckoutError::Limited(limit)) => Some(limit),
        other => panic!("{other:?}"),
    }
}

/// The shop with the limits that shops have by default, and a hundred pieces of each variant.
async fn limited(test: &TestShop) -> Shop {
    test.database.run("UPDATE variants SET on_hand = 100").await;
    test.shop.clone().with_limits(Limits::default())
}

async fn list(test: &TestShop, admin: &SessionToken) -> Vec<Hold> {
    let admin = authorize(&test.shop, admin).await.unwrap().unwrap();
    shop::holds::list(&test.shop, &admin).await.unwrap()
}

/// The admin sends the form that ends an open order.
async fn release(test: &TestShop, admin: &SessionToken, number: i64) -> Result<(), ReleaseError> {
    let token = csrf_token(&test.shop, admin, number);
    let csrf = authorize_form(&test.shop, admin, number, &token).await;
    shop::holds::release(&test.shop, &csrf.unwrap()).await
}

async fn held(test: &TestShop) -> i64 {
    let sum = "SELECT CAST(SUM(held) AS BIGINT) FROM variants";
    test.database.number(sum).await
}

#[tokio::test]
async fn client_has_at_most_twenty_open_orders() {
    let test = TestShop::open().await;
    let shop = limited(&test).await;
    for number in 0..20 {
        assert_eq!(
            limit_of(&shop, "low-a4.1", client(1)).await,
            None,
            "{number}"
        );
    }
    let limit = limit_of(&shop, "low-a4.1", client(1)).await;
    let Some(Limit::OpenOrders { seconds }) = limit else {
        panic!("{limit:?}");
    };
    assert!((25 * 60..=40 * 60).contains(&seconds), "{seconds}");
    assert_eq!((held(&test).await, test.count_orders().await), (20, 20));
    assert_eq!(
        limit_of(&shop, "low-a4.1", client(2)).await,
        None,
        "another client"
    );
}

#[tokio::test]
async fn open_order_of_the_same_browser_is_found_and_not_counted_again() {
    let test = TestShop::open().await;
    let shop = limited(&test).await;
    let key = new_key();
    for _ in 0..40 {
        let answer = check_out(&shop, &cart("low-a4.1"), &key, client(1)).await;
        assert!(matches!(answer, Ok(Checkout::Pay { .. })), "{answer:?}");
    }
    assert_eq!(test.count_orders().await, 1);
}

#[tokio::test]
async fn client_holds_a_twentieth_of_all_pieces_and_twenty_in_a_small_shop() {
    let test = TestShop::open().await;
    let shop = limited(&test).await;
    assert_eq!(limit_of(&shop, "low-a4.12", client(1)).await, None);
    let limit = limit_of(&shop, "low-a3.9", client(1)).await;
    assert!(matches!(limit, Some(Limit::HeldPieces { .. })), "{limit:?}");
    assert_eq!(
        limit_of(&shop, "low-a3.8", client(1)).await,
        None,
        "20 of 300"
    );
    let limit = limit_of(&shop, "low-a3.10~low-a4.11", client(2)).await;
    assert_eq!(limit, Some(Limit::OrderSize { most: 20 }));
    assert_eq!(held(&test).await, 20);

    test.database.run("UPDATE variants SET on_hand = 500").await;
    let limit = limit_of(&shop, "low-a4.76", client(2)).await;
    assert_eq!(limit, Some(Limit::OrderSize { most: 75 }));
    assert_eq!(limit_of(&shop, "low-a4.75", client(2)).await, None);
}

#[tokio::test]
async fn order_whose_payment_is_processing_counts_as_unpaid() {
    let test = TestShop::open().await;
    let shop = limited(&test).await;
    assert_eq!(limit_of(&shop, "low-a4.20", client(1)).await, None);
    for change in [
        "UPDATE orders SET status = 'processing'",
        "UPDATE payments SET state = 'processing'",
    ] {
        test.database.run(change).await;
    }
    let limit = limit_of(&shop, "low-a4.1", client(1)).await;
    assert!(matches!(limit, Some(Limit::HeldPieces { .. })), "{limit:?}");
    assert_eq!(limit_of(&shop, "low-a4.1", client(2)).await, None);
    assert_eq!(held(&test).await, 21);
}

#[tokio::test]
async fn client_starts_thirty_checkouts_and_then_one_in_ten_seconds() {
    let test = TestShop::open().await;
    test.database.run("UPDATE variants SET on_hand = 100").await;
    let shop = test.shop.clone().with_limits(Limits {
        open_orders: 1_000,
        held_pieces: 1_000,
        ..Limits::default()
    });
    let mut begun = 0;
    while limit_of(&shop, "low-a4.1", client(1)).await.is_none() {
        begun += 1;
    }
    // A token or two come back while the test runs.
    assert!((30..=36).contains(&begun), "{begun}");
    let orders = test.count_orders().await;
    for _ in 0..20 {
        let limit = limit_of(&shop, "low-a4.1", client(1)).await;
        match limit {
            Some(Limit::Rate { seconds }) => assert!((1..=10).contains(&seconds), "{seconds}"),
            None => {}
            other => panic!("{other:?}"),
        }
    }
    assert!(test.count_orders().await <= orders + 3);
    assert_eq!(
        limit_of(&shop, "low-a4.1", client(2)).await,
        None,
        "another client"
    );
}

#[tokio::test]
async fn all_clients_together_start_so_many_checkouts() {
    let test = TestShop::open().await;
    let rate = Rate {
        burst: 3,
        refill: 1,
        seconds: 1_000,
    };
    let shop = test.shop.clone().with_limits(Limits {
        shop_rate: rate,
        ..Limits::default()
    });
    for last in 1..=3 {
        assert_eq!(limit_of(&shop, "low-a4.1", client(last)).await, None);
    }
    let limit = limit_of(&shop, "low-a4.1", client(4)).await;
    assert!(matches!(limit, Some(Limit::Rate { .. })), "{limit:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn checkouts_at_the_same_moment_do_not_pass_the_limit_together() {
    let test = TestShop::open().await;
    test.database.run("UPDATE variants SET on_hand = 100").await;
    let shop = test.shop.clone().with_limits(Limits {
        open_orders: 5,
        ..Limits::default()
    });
    let mut clicks = JoinSet::new();
    for _ in 0..20 {
        let shop = shop.clone();
        clicks.spawn(async move { limit_of(&shop, "low-a4.1", client(1)).await });
    }
    let answers = clicks.join_all().await;
    let begun = answers.iter().filter(|limit| limit.is_none()).count();
    assert_eq!(begun, 5, "{answers:?}");
    assert_eq!((held(&test).await, test.count_orders().await), (5, 5));
}

#[tokio::test]
async fn order_that_ended_counts_no_more_and_names_no_client() {
    let test = TestShop::open().await;
    let shop = test.shop.clone().with_limits(Limits {
        open_orders: 1,
        ..Limits::default()
    });
    let key = new_key();
    let url =
        crate::test_shop::pay_page(check_out(&shop, &cart("low-a4.1"), &key, client(7)).await);
    assert!(limit_of(&shop, "low-a3.1", client(7)).await.is_some());
    let named = "SELECT client FROM orders WHERE client IS NOT NULL";
    let codes = test.database.texts(named).await;
    assert_eq!(codes.len(), 1);
    assert!(!codes[0].contains("203.0.113"), "{codes:?}");

    test.pay(&url).await;
    let paid = test.event("checkout.session.completed").await;
    shop::webhooks::receive(&shop, &paid).await.unwrap();
    assert!(test.database.texts(named).await.is_empty());
    assert_eq!(limit_of(&shop, "low-a3.1", client(7)).await, None);
}

#[tokio::test]
async fn admin_sees_holds_and_ends_one() {
    let test = TestShop::open().await;
    let admin = test.admin().await;
    let key = new_key();
    check_out(&test.shop, &cart("low-a4.3~last.1"), &key, client(1))
        .await
        .unwrap();
    start(
        &test.shop,
        &cart("low-a3.1"),
        &SeenPrices::default(),
        &new_key(),
    )
    .await
    .unwrap();
    let holds = list(&test, &admin).await;
    let numbers: Vec<_> = holds.iter().map(|hold| hold.number).collect();
    assert_eq!(numbers, [1002, 1001]);
    let pieces: Vec<_> = holds[1].lines.iter().map(|line| line.quantity).collect();
    assert_eq!(pieces, [3, 1]);
    assert!(holds[1].is_pending && holds[1].ends_at > Some(test.now()));
    assert_ne!(holds[0].client, holds[1].client);

    release(&test, &admin, 1001).await.unwrap();
    let order = test.newest(&key).await;
    assert_eq!(order.status, OrderStatus::Expired);
    assert_eq!((test.held("low-a4").await, test.held("last").await), (0, 0));
    let sessions = test.sessions().await;
    assert_eq!(sessions[0].1, "expired", "nobody can pay there any more");
    assert_eq!(list(&test, &admin).await.len(), 1);
    let again = release(&test, &admin, 1001).await;
    assert!(matches!(again, Err(ReleaseError::NotOpen)), "{again:?}");
    let none = release(&test, &admin, 9).await;
    assert!(matches!(none, Err(ReleaseError::NotFound)), "{none:?}");
    test.check_books().await;
}

#[tokio::test]
async fn order_that_was_paid_meanwhile_is_not_ended_by_the_admin() {
    let test = TestShop::open().await;
    let admin = test.admin().await;
    let (order, url) = test.order(&cart("last.1")).await;
    // The webhook is late.
    test.pay(&url).await;
    let answer = release(&test, &admin, order.number).await;
    assert!(matches!(answer, Err(ReleaseError::NotOpen)), "{answer:?}");
    assert_eq!(test.again(&order).await.status, OrderStatus::Paid);
    test.check_books().await;
}

#[tokio::test]
async fn unpaid_orders_are_deleted_after_thirty_days_and_no_others() {
    let test = TestShop::open().await;
    let (_, url) = test.order(&cart("low-a4.1")).await;
    test.pay(&url).await;
    let paid = test.event("checkout.session.completed").await;
    shop::webhooks::receive(&test.shop, &paid).await.unwrap();
    let admin = test.admin().await;
    let (ended, _) = test.order(&cart("low-a4.2")).await;
    let (flagged, _) = test.order(&cart("low-a4.2")).await;
    for order in [&ended, &flagged] {
        release(&test, &admin, order.number).await.unwrap();
    }
    test.database
        .run(&format!(
            "UPDATE orders SET flag = 'stock_mismatch' WHERE id = '{}'",
            flagged.id
        ))
        .await;
    test.pass(UNPAID_SECONDS - 60).await;
    assert_eq!(purge(&test.shop).await.unwrap(), 0);
    let (recent, _) = test.order(&cart("low-a3.1")).await;
    test.pass(120).await;
    assert_eq!(purge(&test.shop).await.unwrap(), 1);
    assert_eq!(purge(&test.shop).await.unwrap(), 0);
    let left = test
        .database
        .texts("SELECT id FROM orders ORDER BY number")
        .await;
    assert_eq!(left.len(), 3);
    assert!(left.contains(&flagged.id.to_string()) && left.contains(&recent.id.to_string()));
    for table in ["order_lines", "payments"] {
        let count = format!("SELECT COUNT(*) FROM {table}");
        assert_eq!(test.database.number(&count).await, 3, "{table}");
    }
}

#[tokio::test]
async fn many_unpaid_orders_are_deleted_in_batches() {
    let test = TestShop::open().await;
    let (order, _) = test.order(&cart("low-a4.1")).await;
    let admin = test.admin().await;
    release(&test, &admin, order.number).await.unwrap();
    for number in 0..250 {
        let copy = format!(
            "INSERT INTO orders (id, number, token, cart_key, status, stock, currency, amount_total, created_at) \
             SELECT 'old-{number}', {number}, 'old-{number}', 'old-{number}', status, stock, currency, \
                    amount_total, created_at FROM orders WHERE number = {}",
            order.number
        );
        test.database.run(&copy).await;
    }
    test.pass_here(UNPAID_SECONDS + 60);
    assert_eq!(purge(&test.shop).await.unwrap(), 251);
    assert_eq!(test.count_orders().await, 0);
}
