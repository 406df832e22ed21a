use domain::catalog::{ListStart, Place, ProductCard};
use domain::money::{Currency, Money};
use domain::stock::Availability;
use store::Error;
use store::catalog::{
    List, Side, buyable, buyable_in, cards, collection, collections, count_beside, count_cards,
    product,
};
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
        (Some("a\0b"), vec![]),
        (Some(""), vec![]),
    ] {
        // A collection is read in one way when it is small and in another when it is large.
        for size in [0, 10_000] {
            let list = of.map_or(List::All, |slug| List::Collection { slug, size });
            let cards = first_cards(&test, list, 99).await;
            let slugs: Vec<_> = cards.iter().map(|card| card.slug.as_str()).collect();
            assert_eq!(slugs, expected, "{of:?}");
            let count = count_cards(&test.store, list).await.unwrap();
            assert_eq!(usize::try_from(count).unwrap(), expected.len(), "{of:?}");
        }
    }
}

async fn first_cards(test: &TestStore, list: List<'_>, limit: u32) -> Vec<ProductCard> {
    let cards = cards(&test.store, Currency::USD, list, &ListStart::First, limit).await;
    cards.unwrap()
}

#[tokio::test]
async fn list_is_walked_forward_and_back_over_equal_positions_and_deleted_places() {
    let test = TestStore::new().await;
    let mut tx = test.store.begin().await.unwrap();
    for number in 0..20 {
        let slug = format!("extra-{number:02}");
        let product = TestProduct::new(&slug)
            .in_collection("bare")
            // Five of them at each place.
            .position(number / 5)
            .variant(&slug, &[], 100, 1);
        assert!(product.insert(&mut tx).await.unwrap());
    }
    let without_variants = TestProduct::new("empty").in_collection("bare").position(2);
    assert!(without_variants.insert(&mut tx).await.unwrap());
    tx.commit().await.unwrap();
    for size in [0, 10_000] {
        for list in [List::All, List::Collection { slug: "bare", size }] {
            let all = first_cards(&test, list, 99).await;
            assert_eq!(
                all.len(),
                usize::try_from(count_cards(&test.store, list).await.unwrap()).unwrap()
            );
            assert!(all.is_sorted_by_key(|card| &card.place));
            assert!(all.iter().all(|card| card.slug != "empty"));
            for (at, card) in all.iter().enumerate() {
                let page = async |start: ListStart| {
                    let page = cards(&test.store, Currency::USD, list, &start, 3).await;
                    page.unwrap()
                };
                let place = card.place.clone();
                let after = page(ListStart::After(place.clone())).await;
                assert_eq!(after, all[at + 1..][..after.len()], "after {at}");
                assert_eq!(after.len(), (all.len() - at - 1).min(3));
                let before = page(ListStart::Before(place.clone())).await;
                assert_eq!(before, all[at.saturating_sub(3)..at], "before {at}");
                for (side, most, expected) in [
                    (Side::Before, 99, at),
                    (Side::After, 99, all.len() - at - 1),
                    (Side::Before, 2, at.min(2)),
                    (Side::After, 2, (all.len() - at - 1).min(2)),
                ] {
                    let count = count_beside(&test.store, list, side, &place, most).await;
                    assert_eq!(usize::try_from(count.unwrap()).unwrap(), expected);
                }
            }
        }
    }
    // A product that is gone leads to those that were beside it.
    let list = List::Collection {
        slug: "bare",
        size: 20,
    };
    test.database
        .run("DELETE FROM variants WHERE product_slug = 'extra-07'")
        .await;
    let gone = Place {
        position: 1,
        slug: "extra-07".to_owned(),
    };
    for (start, expected) in [
        (ListStart::After(gone.clone()), "extra-08"),
        (ListStart::Before(gone), "extra-06"),
    ] {
        let page = cards(&test.store, Currency::USD, list, &start, 1).await;
        assert_eq!(page.unwrap()[0].slug, expected);
    }
    for slug in ["\0", "", "~", "'"] {
        for position in [i64::MIN, 0, i64::MAX] {
            let slug = slug.to_owned();
            let start = ListStart::After(Place { position, slug });
            let page = cards(&test.store, Currency::USD, list, &start, 1).await;
            assert!(page.is_ok(), "{start:?}");
        }
    }
}

#[tokio::test]
async fn limited_cards_are_the_first_ones_with_all_their_variants() {
    let test = TestStore::new().await;
    let all = first_cards(&test, List::All, 99).await;
    for (limit, expected) in [
        (0, &all[..0]),
        (1, &all[..1]),
        (2, &all[..]),
        (99, &all[..]),
    ] {
        let first = first_cards(&test, List::All, limit).await;
        assert_eq!(first, expected, "{limit}");
    }
}

#[tokio::test]
async fn card_shows_the_cheapest_price_and_the_best_stock() {
    let test = TestStore::new().await;
    test.database
        .run("UPDATE variants SET held = 10 WHERE id = 'print-a4'")
        .await;
    let cards = first_cards(&test, List::All, 99).await;
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
        let cards = first_cards(&test, List::All, 99).await;
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
