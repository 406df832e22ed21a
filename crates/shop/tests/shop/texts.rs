use shop::texts::{SetTextError, ShopText, ShopTexts, reset, set};

use crate::test_shop::TestShop;

#[tokio::test]
async fn text_of_the_shop_is_a_setting_with_a_default() {
    let shop = TestShop::open().await;
    let texts = || async { ShopTexts::load(&shop.store).await.unwrap() };
    let defaults = texts().await;
    assert_eq!(defaults.display_name(), "Plotter & Press");
    assert_eq!(defaults.goods, "prints");
    assert_eq!(defaults.name, None);

    set(&shop.store, ShopText::Name, "  Kettle & Co ")
        .await
        .unwrap();
    set(&shop.store, ShopText::Goods, "teapots").await.unwrap();
    let now = texts().await;
    assert_eq!(now.display_name(), "Kettle & Co");
    assert_eq!(now.goods, "teapots");
    assert_eq!(now.hero_title, defaults.hero_title);

    for text in ShopText::ALL {
        assert_eq!(ShopText::parse(text.as_str()), Some(text));
        reset(&shop.store, text).await.unwrap();
    }
    assert_eq!(texts().await, defaults);
}

#[tokio::test]
async fn text_that_cannot_be_shown_is_refused() {
    let shop = TestShop::open().await;
    let refused = async |value: &str| set(&shop.store, ShopText::HeroText, value).await;
    assert!(matches!(refused(" ").await, Err(SetTextError::Empty)));
    assert!(matches!(
        refused(&"x".repeat(301)).await,
        Err(SetTextError::TooLong)
    ));
    assert!(matches!(
        refused("two\nlines").await,
        Err(SetTextError::NotOneLine)
    ));
    assert!(refused(&"ü".repeat(300)).await.is_ok());
}
