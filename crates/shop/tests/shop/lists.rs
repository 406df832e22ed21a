use domain::catalog::ListStart;
use shop::catalog::{PER_PAGE, ProductList, products};
use testkit::products::TestProduct;

use crate::test_shop::TestShop;

async fn add(test: &TestShop, count: usize) {
    let mut tx = test.store.begin().await.unwrap();
    for number in 0..count {
        let slug = format!("more-{number:03}");
        let position = i64::try_from(number).unwrap() + 10;
        let product = TestProduct::new(&slug)
            .position(position)
            .variant(&slug, &[], 100, 1);
        assert!(product.insert(&mut tx).await.unwrap());
    }
    tx.commit().await.unwrap();
}

fn slugs(list: &ProductList) -> Vec<String> {
    list.products.iter().map(|card| card.slug.clone()).collect()
}

#[tokio::test]
async fn list_leads_to_each_page_and_back_to_the_first() {
    let test = TestShop::open().await;
    add(&test, 70).await;
    let mut pages = Vec::new();
    let mut start = Some(ListStart::First);
    while let Some(from) = start {
        let page = products(&test.shop, &from).await.unwrap();
        assert!(page.products.len() <= usize::try_from(PER_PAGE).unwrap());
        start = page.next.clone();
        pages.push(page);
    }
    let count: usize = pages.iter().map(|page| page.products.len()).sum();
    assert!(pages.len() >= 3 && count >= 70, "{count}");
    assert!(
        pages
            .iter()
            .all(|page| usize::try_from(page.count).unwrap() == count)
    );
    // Back again, and at the end the first page's own address.
    assert_eq!(pages[0].previous, None);
    assert_eq!(pages[1].previous, Some(ListStart::First));
    for pair in pages.windows(2) {
        let back = pair[1].previous.clone().unwrap();
        let back = products(&test.shop, &back).await.unwrap();
        assert_eq!(slugs(&back), slugs(&pair[0]));
        assert_eq!(back.next, pair[0].next);
    }
}

#[tokio::test]
async fn list_of_exactly_one_page_leads_nowhere() {
    let test = TestShop::open().await;
    let there = products(&test.shop, &ListStart::First).await.unwrap().count;
    let room = usize::try_from(i64::from(PER_PAGE) - there).unwrap();
    add(&test, room).await;
    let page = products(&test.shop, &ListStart::First).await.unwrap();
    assert_eq!((page.previous, page.next), (None, None));
    assert_eq!(page.count, i64::from(PER_PAGE));
    // Behind the last product there is nothing.
    let last = page.products.last().unwrap().place.clone();
    let beyond = products(&test.shop, &ListStart::After(last)).await.unwrap();
    assert_eq!((beyond.products.len(), beyond.next), (0, None));
}
