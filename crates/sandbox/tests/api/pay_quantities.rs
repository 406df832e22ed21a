//! Quantities on the pay page, and what shoppers add to the order.

use serde_json::Value;

use crate::api_client::{ApiClient, PAID, Page, id, order};

/// A session for one to three prints at 21 dollars, with two spoons for 5 dollars to add.
struct Shop {
    client: ApiClient,
    session: Value,
    /// The id of the price of a spoon.
    spoon: String,
}

impl Shop {
    async fn new() -> Self {
        let client = ApiClient::new().await;
        let spoon = [
            ("name", "Spoon"),
            ("description", "Carved by hand"),
            ("images[0]", "https://shop.example/spoon.jpg"),
            ("default_price_data[currency]", "usd"),
            ("default_price_data[unit_amount]", "250"),
        ];
        let spoon = client.make("/v1/products", &spoon).await;
        let spoon = spoon["default_price"].as_str().unwrap().to_owned();
        let more = [
            ("line_items[0][adjustable_quantity][enabled]", "true"),
            ("line_items[0][adjustable_quantity][maximum]", "3"),
            ("optional_items[0][price]", &spoon),
            ("optional_items[0][quantity]", "2"),
            ("expand[]", "line_items"),
        ];
        let form = [&order()[..], &more].concat();
        let session = client.make("/v1/checkout/sessions", &form).await;
        Self {
            client,
            session,
            spoon,
        }
    }

    /// The name of the field for the quantity.
    fn field(&self) -> String {
        format!("quantity_{}", id(&self.session["line_items"]["data"][0]))
    }

    /// Presses a button of the page, with a quantity in the field.
    async fn press(&self, quantity: &str, button: (&str, &str)) -> Page {
        let path = format!("/c/pay/{}", id(&self.session));
        let field = self.field();
        let form = [(field.as_str(), quantity), button];
        self.client.submit(&path, &form).await
    }

    async fn total(&self) -> Value {
        self.client.retrieve(&self.session).await["amount_total"].clone()
    }
}

const UPDATE: (&str, &str) = ("action", "updateQuantities");

#[track_caller]
fn assert_shows(page: &Page, parts: &[&str]) {
    for part in parts {
        assert!(page.html.contains(part), "{part} in {}", page.html);
    }
    assert!(page.html.matches("autofocus").count() <= 1);
}

#[tokio::test]
async fn quantities_are_adjusted_on_the_page() {
    let shop = Shop::new().await;
    let field = shop.field();
    let path = format!("/c/pay/{}", id(&shop.session));
    let page = shop.client.open(&path).await;
    let input = format!("name=\"{field}\" value=\"1\" min=\"1\" max=\"3\"");
    let label = format!(
        "<label for=\"{field}\">Qty<span class=\"unseen\"> of Print &lt;A3&gt;</span></label>"
    );
    assert_shows(&page, &[&input, &label]);

    let page = shop.press("2", UPDATE).await;
    assert_shows(&page, &["<p class=\"total\">$42.00</p>", "$21.00 each"]);
    let button = "id=\"updateQuantities\" name=\"action\" value=\"updateQuantities\" autofocus";
    assert_shows(&page, &[button]);

    let unseen = [(field.as_str(), "3"), ("expectedAmount", "4200")];
    let page = shop.client.pay_with(&shop.session, &unseen).await;
    assert_shows(&page, &["The total is $63.00 now."]);
    assert_eq!(shop.client.pay(&shop.session, PAID).await.status, 303);
    assert_eq!(shop.total().await, 6300);
}

#[tokio::test]
async fn wrong_quantity_is_kept_with_an_error_at_its_field() {
    let shop = Shop::new().await;
    let field = shop.field();
    for (typed, message) in [
        ("4", "The quantity of this item must be from 1 to 3."),
        ("0", "The quantity of this item must be from 1 to 3."),
        ("1.5", "1.5 is not a whole number."),
        ("", "Required"),
    ] {
        let page = shop.press(typed, UPDATE).await;
        let input = format!(
            "value=\"{typed}\" min=\"1\" max=\"3\" autocomplete=\"off\" required aria-invalid=\"true\" \
             aria-describedby=\"{field}-error\" autofocus>"
        );
        assert_shows(&page, &[&input, &format!("id=\"{field}-error\""), message]);
        assert_eq!(shop.total().await, 2100);
    }

    // Among other mistakes it is in the list of all of them, in the order of the page.
    let form = [(field.as_str(), "4"), ("cardCvc", "1")];
    let page = shop.client.pay_with(&shop.session, &form).await;
    let list = page.html.split("role=\"alert\"").nth(1).unwrap();
    let links: Vec<_> = list.split("href=\"#").skip(1).take(2).collect();
    let first =
        format!("{field}\">Quantity of Print &lt;A3&gt;</a>: The quantity of this item must be");
    assert!(links[0].starts_with(&first), "{list}");
    assert!(
        links[1].starts_with("cardCvc\">Security code</a>"),
        "{list}"
    );
    assert_shows(&page, &["value=\"4\" min=\"1\""]);
}

#[tokio::test]
async fn optional_items_are_added_and_left_out_and_keep_the_focus() {
    let shop = Shop::new().await;
    let button = |name: &str, verb: &str| {
        format!(
            "id=\"item_{0}\" name=\"{name}\" value=\"{0}\" autofocus>{verb}<span class=\"unseen\"> Spoon</span>",
            shop.spoon
        )
    };
    let path = format!("/c/pay/{}", id(&shop.session));
    let picture = "<img src=\"https://shop.example/spoon.jpg\" alt=\"\"";
    let page = shop.client.open(&path).await;
    assert_shows(&page, &["Add to your order", picture, "Carved by hand"]);

    let page = shop.press("1", ("addItem", &shop.spoon)).await;
    let total = "<p class=\"total\">$26.00</p>";
    assert_shows(&page, &[total, &button("leaveOutItem", "Remove")]);
    let page = shop.press("1", ("leaveOutItem", &shop.spoon)).await;
    let total = "<p class=\"total\">$21.00</p>";
    assert_shows(&page, &[total, &button("addItem", "Add")]);
}
