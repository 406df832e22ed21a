use domain::cart::{Cart, MAX_LINES, MAX_QUANTITY, parse_quantity};
use domain::id::VariantId;
use proptest::prelude::*;

fn variant(text: &str) -> VariantId {
    VariantId::parse(text).unwrap()
}

#[test]
fn cookie_is_read_line_by_line() {
    let cart =
        Cart::from_cookie("low-a4.2~nonsense~.3~x.0~x.-1~x.abc~a b.1~high-a3.1000000000~low-a4.1");
    assert_eq!(cart.to_string(), "low-a4.3~high-a3.99");
    assert_eq!(cart.count(), 102);
}

#[test]
fn foreign_cookie_of_the_same_name_does_not_hide_ours() {
    let header = "session=abc; cart=eyJpZCI6MX0=; theme=dark; cart=low-a4.2";
    assert_eq!(Cart::from_cookie_header(header).to_string(), "low-a4.2");
    assert!(Cart::from_cookie_header("cart=%7B%22id%22%3A1%7D").is_empty());
    assert!(Cart::from_cookie_header("").is_empty());
}

#[test]
fn quantities_are_whole_and_bounded() {
    let cases = [
        ("1", Some(1)),
        (" 7 ", Some(7)),
        ("+3", Some(3)),
        ("0", Some(0)),
        ("-1", Some(0)),
        ("99999999999999999999999", Some(MAX_QUANTITY)),
        ("1e9", None),
        ("1.5", None),
        ("abc", None),
        ("", None),
        ("-", None),
        ("٣", None),
    ];
    for (text, quantity) in cases {
        assert_eq!(parse_quantity(text), quantity, "{text:?}");
    }
}

#[test]
fn adding_stops_at_the_bounds() {
    let mut cart = Cart::default();
    assert!(cart.add(variant("a"), MAX_QUANTITY));
    assert!(!cart.add(variant("a"), 1));
    for line in 1..MAX_LINES {
        assert!(cart.add(variant(&format!("v{line}")), 1));
    }
    assert!(!cart.add(variant("one-too-many"), 1));
    assert_eq!(cart.items().len(), MAX_LINES);
}

proptest! {
    #[test]
    fn cart_parses_any_cookie(header in "\\PC{0,400}") {
        let cart = Cart::from_cookie_header(&header);
        prop_assert!(cart.items().len() <= MAX_LINES);
        prop_assert!(cart.items().iter().all(|item| (1..=MAX_QUANTITY).contains(&item.quantity)));
    }

    #[test]
    fn cart_survives_its_cookie(lines in prop::collection::vec(("[a-zA-Z0-9-]{1,40}", 1..=200_u32), 0..60)) {
        let mut cart = Cart::default();
        for (id, quantity) in lines {
            cart.add(variant(&id), quantity);
        }
        prop_assert_eq!(Cart::from_cookie(&cart.to_string()), cart.clone());
        prop_assert!(cart.to_string().bytes().all(|byte| byte.is_ascii_graphic() && !b";,\"\\".contains(&byte)));
    }
}

#[test]
fn cart_is_bounded_in_bytes_with_ids_of_any_length() {
    for length in 1..=64 {
        let mut cart = Cart::default();
        for number in 0..200 {
            let id: String = format!("{number:0>length$}").chars().take(length).collect();
            cart.add(VariantId::parse(&id).unwrap(), 99);
        }
        let value = cart.to_string();
        assert!(
            value.len() <= domain::cart::MAX_COOKIE_BYTES,
            "{length}: {}",
            value.len()
        );
        assert_eq!(Cart::from_cookie(&value), cart);
    }
}
