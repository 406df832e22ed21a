use domain::order::{Order, OrderStatus, ShippingState};
use shop::digital::{
    DOWNLOADS, Delivery, DigitalFile, Link, Refusal, add_file, add_keys, count, delivery, follow,
    set_digital,
};
use tokio::task::JoinSet;

use crate::test_shop::TestShop;

const VISA: &str = "4242424242424242";

/// The slug of the product that the variant `low-a4` is of.
async fn slug(test: &TestShop) -> String {
    let slug = "SELECT product_slug FROM variants WHERE id = 'low-a4'";
    test.database.texts(slug).await.remove(0)
}

/// Makes the product digital, with a file of ten bytes.
async fn with_file(test: &TestShop) {
    let (csrf, slug) = (test.csrf_of_many().await, slug(test).await);
    assert!(set_digital(&test.shop, &csrf, &slug, true).await.unwrap());
    let file = DigitalFile {
        id: "file-1".to_owned(),
        name: "poster.pdf".to_owned(),
        content_type: "application/pdf".to_owned(),
        size: 10,
        sha256: "00".repeat(32),
        created_at: 1,
    };
    assert!(add_file(&test.shop, &csrf, &slug, &file).await.unwrap());
}

async fn with_keys(test: &TestShop, keys: &str) -> shop::digital::KeysAdded {
    let (csrf, slug) = (test.csrf_of_many().await, slug(test).await);
    set_digital(&test.shop, &csrf, &slug, true).await.unwrap();
    let added = add_keys(&test.shop, &csrf, &slug, keys).await.unwrap();
    added.unwrap()
}

async fn goods(test: &TestShop, order: &Order) -> Delivery {
    delivery(&test.shop, &test.again(order).await)
        .await
        .unwrap()
}

/// Follows a link as it stands on the page.
async fn open(test: &TestShop, link: &str) -> Result<(), Refusal> {
    let (path, query) = link.split_once('?').unwrap();
    let mut path = path.split('/').skip(2);
    let (token, file) = (path.next().unwrap(), path.nth(1).unwrap());
    let value = |name: &str| {
        let pairs = query.split('&').filter_map(|pair| pair.split_once('='));
        pairs
            .filter(|(found, _)| *found == name)
            .map(|(_, value)| value)
            .next()
            .unwrap()
    };
    let link = Link {
        token,
        file,
        expires: value("expires"),
        code: value("code"),
    };
    follow(&test.shop, &link).await.unwrap().map(|_| ())
}

#[tokio::test]
async fn paid_order_has_links_that_are_signed_and_end() {
    let test = TestShop::open().await;
    with_file(&test).await;
    let (order, url) = test.order(&crate::test_shop::cart("low-a4.2")).await;
    assert_eq!(
        goods(&test, &order).await,
        Delivery::default(),
        "not paid yet"
    );
    test.pay_with(&url, VISA).await;
    test.tell("checkout.session.completed").await;
    let order = test.again(&order).await;
    assert_eq!(order.shipping_state(), ShippingState::Nothing);
    let given = goods(&test, &order).await;
    assert_eq!(
        (given.files.len(), given.keys.len(), given.missing_keys),
        (1, 0, 0)
    );
    let link = given.files[0].link.clone().unwrap();
    assert_eq!(open(&test, &link).await, Ok(()));
    for forged in [
        link.replace("file-1", "file-2"),
        link.replace("expires=", "expires=9"),
        format!("{link}0"),
        link.replace(order.token.as_str(), "0000"),
    ] {
        assert_eq!(
            open(&test, &forged).await,
            Err(Refusal::NotFound),
            "{forged}"
        );
    }
    test.pass_here(25 * 60 * 60);
    assert_eq!(open(&test, &link).await, Err(Refusal::Expired));
    let fresh = goods(&test, &order).await.files[0].link.clone().unwrap();
    assert_eq!(open(&test, &fresh).await, Ok(()));
}

#[tokio::test]
async fn downloads_are_counted_and_resuming_is_not() {
    let test = TestShop::open().await;
    with_file(&test).await;
    let order = test.paid_with("low-a4.1", VISA).await;
    let mut work = JoinSet::new();
    for _ in 0..DOWNLOADS * 2 {
        let (shop, id) = (test.shop.clone(), order.id.clone());
        work.spawn(async move { count(&shop, &id, "file-1", 10, true).await.unwrap() });
    }
    let counted = work.join_all().await;
    let allowed = counted.iter().filter(|counted| **counted).count();
    assert_eq!(allowed, usize::try_from(DOWNLOADS).unwrap());
    assert!(
        count(&test.shop, &order.id, "file-1", 4, false)
            .await
            .unwrap()
    );
    // What is resumed has an end, too.
    assert!(
        !count(&test.shop, &order.id, "file-1", 10, false)
            .await
            .unwrap()
    );
    assert!(
        !count(&test.shop, &order.id, "file-2", 1, true)
            .await
            .unwrap()
    );
    assert_eq!(goods(&test, &order).await.files[0].link, None);
}

#[tokio::test]
async fn refund_in_full_and_lost_dispute_withdraw_access() {
    let test = TestShop::open().await;
    with_file(&test).await;
    let order = test.paid_with("low-a4.2", VISA).await;
    let link = goods(&test, &order).await.files[0].link.clone().unwrap();
    let admin = test.admin().await;
    test.refund(&admin, &order, 1000).await.unwrap();
    assert_eq!(open(&test, &link).await, Ok(()), "a part is back");
    test.refund(&admin, &order, 3800).await.unwrap();
    for event in test.all_events().await {
        test.deliver(&event).await;
    }
    assert_eq!(test.again(&order).await.status, OrderStatus::Refunded);
    assert_eq!(open(&test, &link).await, Err(Refusal::Withdrawn));
    assert_eq!(goods(&test, &order).await, Delivery::default());

    let other = test.paid_with("low-a4.1", VISA).await;
    let link = goods(&test, &other).await.files[0].link.clone().unwrap();
    test.database
        .run(&format!(
            "INSERT INTO disputes (id, order_id, amount, currency, status, reason, funds, opened_at, told_at) \
             VALUES ('du_1', '{}', 2400, 'usd', 'lost', 'fraudulent', 'withdrawn', 1, 2)",
            other.id
        ))
        .await;
    assert_eq!(open(&test, &link).await, Err(Refusal::Withdrawn));
}

#[tokio::test]
async fn key_is_taken_once_by_buyers_at_the_same_time() {
    let test = TestShop::open().await;
    let keys: Vec<_> = (0..6).map(|index| format!("KEY-{index}")).collect();
    assert_eq!(with_keys(&test, &keys.join("\n")).await.added, 6);
    let mut orders = Vec::new();
    for _ in 0..4 {
        let (order, url) = test.order(&crate::test_shop::cart("low-a4.2")).await;
        test.pay_with(&url, VISA).await;
        orders.push(order);
    }
    let events = test.all_events().await;
    let deliveries = events.iter().map(|event| test.deliver(event));
    futures_util::future::join_all(deliveries).await;
    let mut given = Vec::new();
    let mut missing = 0;
    for order in &orders {
        let goods = goods(&test, order).await;
        given.extend(goods.keys.into_iter().map(|(_, key)| key));
        missing += goods.missing_keys;
    }
    given.sort();
    assert_eq!(given, keys);
    assert_eq!(missing, 2);
    test.check_books().await;
}

#[tokio::test]
async fn exhausted_keys_hold_the_order_until_some_are_added() {
    let test = TestShop::open().await;
    let added = with_keys(&test, "\nONE\n  ONE \n\n").await;
    assert_eq!((added.added, added.duplicates, added.empty), (1, 1, 1));
    let first = test.paid_with("low-a4.2", VISA).await;
    let second = test.paid_with("low-a4.1", VISA).await;
    assert_eq!(goods(&test, &first).await.missing_keys, 1);
    assert_eq!(goods(&test, &second).await.missing_keys, 1);
    assert_eq!(
        test.emails(&first).await,
        ["keys_missing", "new_order", "receipt"]
    );

    // Who paid first is served first.
    let added = with_keys(&test, "ONE\nTWO").await;
    assert_eq!((added.added, added.duplicates, added.completed), (1, 1, 1));
    assert_eq!(goods(&test, &first).await.missing_keys, 0);
    assert_eq!(goods(&test, &second).await.missing_keys, 1);
    assert_eq!(
        test.emails(&first).await,
        ["keys_missing", "keys_ready", "new_order", "receipt"]
    );
    // A key that somebody has seen is never another's.
    let admin = test.admin().await;
    test.refund(&admin, &first, 4800).await.unwrap();
    for event in test.all_events().await {
        test.deliver(&event).await;
    }
    assert_eq!(goods(&test, &second).await.missing_keys, 1);
    with_keys(&test, "THREE").await;
    let keys = goods(&test, &second).await.keys;
    assert_eq!(keys[0].1, "THREE");
    test.check_books().await;
}
