use domain::money::{Currency, Money};
use domain::stock::Availability;
use store::Error;
use store::catalog::{buyable, buyable_in, cards, collection, collections, product};
use testkit::orders::variant;
use testkit::products::TestProduct;

use crate::test_store::TestStore;

#[tokio::test]
async fn collections_and_cards_come_in_their_order() {
    let test = TestStore::new().await;
    let slugs: Vec<_> = collections(&test.store)
        .await
        .unwrap()
        .into_iter()
        .map(|collection| collection.slug)
        .collect();
    assert_eq!(slugs, ["posters", "prints", "bare"]);
    for (of, expected) in [
        (None, vec!["poster", "print"]),
        (Some("posters"), vec!["poster", "print"]),
        (Some("prints"), vec!["print"]),
        (Some("bare"), vec![]),
        (Some("nothing"), vec![]),
        (Some(""), vec![]),
    ] {
        let cards = cards(&test.store, Currency::USD, of, None).await.unwrap();
        let slugs: Vec<_> = cards.iter().map(|card| card.slug.as_str()).collect();
        assert_eq!(slugs, expected, "{of:?}");
    }
}

#[tokio::test]
async fn limited_cards_are_the_first_ones_with_all_their_variants() {
    let test = TestStore::new().await;
    let all = cards(&test.store, Currency::USD, None, None).await.unwrap();
    for (limit, expected) in [
        (0, &all[..0]),
        (1, &all[..1]),
        (2, &all[..]),
        (99, &all[..]),
    ] {
        let first = cards(&test.store, Currency::USD, None, Some(limit)).await;
        assert_eq!(first.unwrap(), expected, "{limit}");
    }
}

#[tokio::test]
async fn card_shows_the_cheapest_price_and_the_best_stock() {
    let test = TestStore::new().await;
    test.database
        .run("UPDATE variants SET held = 10 WHERE id = 'print-a4'")
        .await;
    let cards = cards(&test.store, Currency::USD, None, None).await.unwrap();
    assert_eq!(
        (cards[1].from, cards[1].has_more_prices),
        (Money::new(2400, Currency::USD), true)
    );
    assert_eq!(cards[1].availability, Availability::InStock);
    assert_eq!(
        (cards[0].from.amount(), cards[0].has_more_prices),
        (1500, false)
    );
    assert_eq!(cards[0].availability, Availability::FewLeft);
}

#[tokio::test]
async fn product_that_is_all_held_is_not_sold_out() {
    let test = TestStore::new().await;
    let availability = async |change: &str| {
        test.database
            .run(&format!("UPDATE variants SET {change}"))
            .await;
        let cards = cards(&test.store, Currency::USD, None, None).await.unwrap();
        let print = product(&test.store, Currency::USD, "print").await.unwrap();
        let variants = print.unwrap().variants;
        (
            cards[1].availability,
            variants[0].availability,
            variants[1].availability,
        )
    };
    use Availability::{FewLeft, InCheckout, SoldOut};
    let all_held = availability("held = on_hand").await;
    assert_eq!(all_held, (InCheckout, InCheckout, InCheckout));
    let one_is_gone = availability("held = 0, on_hand = 0 WHERE id = 'print-a4'").await;
    assert_eq!(one_is_gone, (InCheckout, SoldOut, InCheckout));
    let one_is_free = availability("held = on_hand - 2 WHERE id = 'print-a3'").await;
    assert_eq!(one_is_free, (FewLeft, SoldOut, FewLeft));
    let none_is_there = availability("held = 0, on_hand = 0").await;
    assert_eq!(none_is_there, (SoldOut, SoldOut, SoldOut));
}

#[tokio::test]
async fn product_has_all_that_its_page_shows() {
    let test = TestStore::new().await;
    test.database
        .run("UPDATE variants SET held = on_hand WHERE id = 'print-a3'")
        .await;
    let print = product(&test.store, Currency::USD, "print")
        .await
        .unwrap()
        .unwrap();
    assert_eq!(print.title, "Print \u{1f30a}");
    assert_eq!(print.description, "It's a \"print\"; 100 % of it.");
    assert_eq!(print.option_names, ["Size"]);
    let variants: Vec<_> = print
        .variants
        .iter()
        .map(|variant| {
            (
                variant.sku.as_str(),
                variant.options[0].as_str(),
                variant.availability,
            )
        })
        .collect();
    assert_eq!(
        variants,
        [
            ("PRINT-A4", "A4", Availability::InStock),
            ("PRINT-A3", "A3", Availability::InCheckout)
        ]
    );
    assert_eq!(print.quantity_limit, 99);
    let slugs: Vec<_> = print
        .collections
        .iter()
        .map(|collection| collection.slug.as_str())
        .collect();
    assert_eq!(slugs, ["posters", "prints"]);

    let poster = product(&test.store, Currency::USD, "poster")
        .await
        .unwrap()
        .unwrap();
    assert!(poster.option_names.is_empty() && poster.variants[0].options.is_empty());
}

#[tokio::test]
async fn address_that_is_none_finds_nothing() {
    let test = TestStore::new().await;
    // A zero byte comes out of an address like %00, and PostgreSQL takes none in a text.
    for slug in [
        "",
        "Print",
        "print ",
        "' OR '1'='1",
        "%",
        "_____",
        "\u{1f30a}",
        "\0",
        "print\0",
    ] {
        assert_eq!(
            product(&test.store, Currency::USD, slug).await.unwrap(),
            None,
            "{slug:?}"
        );
        assert_eq!(
            collection(&test.store, slug).await.unwrap(),
            None,
            "{slug:?}"
        );
    }
}

#[tokio::test]
async fn cart_learns_what_can_be_sold_inside_and_outside_a_transaction() {
    let test = TestStore::new().await;
    test.database
        .run("UPDATE variants SET held = 4 WHERE id = 'print-a4'")
        .await;
    let ids = [variant("print-a4"), variant("gone"), variant("poster")];
    let mut tx = test.store.begin().await.unwrap();
    for mut found in [
        buyable(&test.store, Currency::USD, &ids).await.unwrap(),
        buyable_in(&mut tx, Currency::USD, &ids).await.unwrap(),
    ] {
        found.sort_by(|a, b| a.id.cmp(&b.id));
        let facts: Vec<_> = found
            .iter()
            .map(|found| {
                (
                    found.id.as_str(),
                    found.slug.as_str(),
                    found.options.as_str(),
                    found.price.amount(),
                    found.on_hand - found.held,
                    found.quantity_limit,
                )
            })
            .collect();
        assert_eq!(
            facts,
            [
                ("poster", "poster", "", 1500, 3, 99),
                ("print-a4", "print", "A4", 2400, 6, 99)
            ]
        );
    }
    assert!(
        buyable(&test.store, Currency::USD, &[])
            .await
            .unwrap()
            .is_empty()
    );
    let fifty: Vec<_> = (0..50)
        .map(|number| variant(&format!("gone-{number}")))
        .collect();
    assert!(
        buyable(&test.store, Currency::USD, &fifty)
            .await
            .unwrap()
            .is_empty()
    );
}

#[tokio::test]
async fn product_that_is_there_is_never_overwritten() {
    let test = TestStore::new().await;
    let mut tx = test.store.begin().await.unwrap();
    let again = TestProduct::new("print").variant("print-a4", &[], 1, 1);
    assert!(!again.insert(&mut tx).await.unwrap());
    tx.commit().await.unwrap();
    let print = product(&test.store, Currency::USD, "print")
        .await
        .unwrap()
        .unwrap();
    assert_eq!(
        (print.variants.len(), print.variants[0].price.amount()),
        (2, 2400)
    );
}

#[tokio::test]
async fn sku_is_taken_once() {
    let test = TestStore::new().await;
    let mut tx = test.store.begin().await.unwrap();
    let other = TestProduct::new("other")
        .variant("other", &[], 1, 1)
        .sku("PRINT-A4");
    other.insert(&mut tx).await.unwrap_err();
    drop(tx);
    assert_eq!(
        product(&test.store, Currency::USD, "other").await.unwrap(),
        None
    );
}

#[tokio::test]
async fn variant_whose_name_is_none_is_corrupt_and_no_panic() {
    let test = TestStore::new().await;
    test.database
        .run("UPDATE variants SET id = 'print a4' WHERE id = 'print-a4'")
        .await;
    let error = product(&test.store, Currency::USD, "print")
        .await
        .unwrap_err();
    assert!(matches!(error, Error::Corrupt("variants.id")), "{error:?}");
}
