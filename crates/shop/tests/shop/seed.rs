use std::collections::HashSet;
use std::path::Path;

use domain::catalog::{ListStart, Product};
use domain::id::OrderToken;
use domain::order::OrderStatus;
use domain::stock::Availability;
use shop::catalog::{collection, collections, product, products};
use shop::seed::{Amount, Seeded, demo, generate};

use crate::test_shop::{STOCK, TestShop};

/// The demo shop's products, without the ones of the stand.
async fn demo_products(test: &TestShop) -> Vec<Product> {
    let mut found = Vec::new();
    let mut start = Some(ListStart::First);
    while let Some(from) = start {
        let page = products(&test.shop, &from).await.unwrap();
        for card in page.products {
            if STOCK.iter().all(|(slug, ..)| *slug != card.slug) {
                found.push(product(&test.shop, &card.slug).await.unwrap().unwrap());
            }
        }
        start = page.next;
    }
    found
}

#[tokio::test]
async fn seeding_twice_writes_once_and_keeps_what_the_admin_changed() {
    let test = TestShop::open().await;
    let first = demo(&test.store).await.unwrap();
    assert_eq!(first.kept, 0);
    test.database
        .run("UPDATE variants SET unit_amount = 77700, on_hand = 1 WHERE id = 'low-a4-mat'")
        .await;
    let again = demo(&test.store).await.unwrap();
    assert_eq!(
        again,
        Seeded {
            products: 0,
            kept: first.products
        }
    );
    let kept = "SELECT unit_amount + on_hand FROM variants WHERE id = 'low-a4-mat'";
    assert_eq!(test.database.number(kept).await, 77_701);
}

#[tokio::test]
async fn demo_is_a_shop_worth_a_look() {
    let test = TestShop::open().await;
    demo(&test.store).await.unwrap();
    let products = demo_products(&test).await;
    let all = collections(&test.shop).await.unwrap();
    assert!(products.len() >= 24, "{} products", products.len());
    assert!(all.len() >= 4, "{} collections", all.len());
    for shown in &all {
        let shown_page = collection(&test.shop, &shown.slug, &ListStart::First).await;
        let (_, list) = shown_page.unwrap().unwrap();
        assert!(!list.products.is_empty(), "{} is bare", shown.slug);
    }
    // All that a page can say about stock can be seen.
    let states: HashSet<_> = products
        .iter()
        .flat_map(|product| &product.variants)
        .map(|variant| format!("{:?}", variant.availability))
        .collect();
    for state in [
        Availability::InStock,
        Availability::FewLeft,
        Availability::SoldOut,
    ] {
        assert!(
            states.contains(&format!("{state:?}")),
            "nothing is {state:?}"
        );
    }
}

#[tokio::test]
async fn every_product_of_the_demo_can_be_shown_and_bought() {
    let test = TestShop::open().await;
    demo(&test.store).await.unwrap();
    let public = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../public");
    let mut skus = HashSet::new();
    for product in demo_products(&test).await {
        let slug = &product.slug;
        assert!(
            slug.bytes()
                .all(|byte| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'-')),
            "{slug}"
        );
        assert!(
            !product.title.is_empty() && product.description.len() > 40,
            "{slug}"
        );
        assert!(
            product.image_alt.len() > 20,
            "{slug} says too little to who cannot see it"
        );
        assert!(!product.collections.is_empty(), "{slug} stands nowhere");
        assert!(!product.variants.is_empty(), "{slug} cannot be bought");
        assert!(
            public.join(&product.image[1..]).is_file(),
            "{} is missing",
            product.image
        );
        for shown in &product.collections {
            assert!(
                public.join(&shown.image[1..]).is_file(),
                "{} is missing",
                shown.image
            );
        }
        let mut options = HashSet::new();
        for variant in &product.variants {
            assert_eq!(
                variant.options.len(),
                product.option_names.len(),
                "{}",
                variant.sku
            );
            assert!(
                options.insert(&variant.options),
                "{} is there twice",
                variant.sku
            );
            assert!(
                skus.insert(variant.sku.clone()),
                "{} is there twice",
                variant.sku
            );
            // Stripe takes no payment below half a dollar.
            assert!(variant.price.amount() > 50, "{}", variant.sku);
            // Fifty of them fit into a cookie of 4096 bytes, with their prices.
            assert!(variant.id.as_str().len() <= 40, "{}", variant.id);
        }
    }
}

#[tokio::test]
async fn products_and_orders_are_made_up_as_many_as_asked_for() {
    let test = TestShop::open().await;
    demo(&test.store).await.unwrap();
    let number = async |sql: &str| test.database.number(sql).await;
    let products_before = number("SELECT COUNT(*) FROM products").await;
    let held = number("SELECT CAST(SUM(held) AS BIGINT) FROM variants").await;
    let amount = Amount {
        products: 50,
        orders: 30,
    };
    let now = 1_800_000_000;
    for round in 1..=2 {
        generate(&test.store, amount, now).await.unwrap();
        let products = number("SELECT COUNT(*) FROM products").await;
        assert_eq!(products, products_before + 50, "in round {round}");
        let orders = number("SELECT COUNT(*) FROM orders").await;
        assert_eq!(orders, 30 * round);
    }
    let start = ListStart::First;
    for shown in collections(&test.shop).await.unwrap() {
        let (_, list) = collection(&test.shop, &shown.slug, &start)
            .await
            .unwrap()
            .unwrap();
        assert!(list.count > 5, "{}", shown.slug);
    }
    let study = product(&test.shop, "study-50").await.unwrap().unwrap();
    assert_eq!((study.variants.len(), study.collections.len()), (2, 1));
    assert_eq!(study.variants[0].options, ["A4"]);
    // Each is an order like any other.
    let (newest, has_more) = store::orders::paid(&test.store, 0, 50).await.unwrap();
    assert!(has_more);
    assert_eq!(newest[0].time, now);
    assert!(newest.is_sorted_by(|one, next| one.time >= next.time));
    assert!(newest.iter().all(|order| order.is_test));
    let tokens = test.database.texts("SELECT token FROM orders").await;
    for token in tokens {
        let token = OrderToken::parse(&token).unwrap();
        let order = shop::orders::view(&test.shop, &token, None).await.unwrap();
        let order = order.unwrap();
        assert_eq!(order.status, OrderStatus::Paid);
        let lines: i64 = order
            .lines
            .iter()
            .map(|line| line.unit_price.amount() * i64::from(line.quantity))
            .sum();
        assert_eq!(order.total.amount(), lines);
    }
    // A shop starts on them with any key: Stripe is asked about no payment that it cannot know.
    let known = number("SELECT COUNT(*) FROM payments WHERE reference IS NOT NULL").await;
    assert_eq!(known, 0);
    let last = number("SELECT MAX(number) FROM orders").await;
    let counter = number("SELECT value FROM counters WHERE name = 'order_number'").await;
    assert_eq!(counter, last);
    let held_after = number("SELECT CAST(SUM(held) AS BIGINT) FROM variants").await;
    assert_eq!(held_after, held);
}
