use std::collections::HashSet;
use std::path::Path;

use domain::catalog::{ListStart, Product};
use domain::stock::Availability;
use shop::catalog::{collection, collections, product, products};
use shop::seed::{Seeded, demo};

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
