use payments::{KeyError, Mode, RetryPolicy, SecretKey, Stripe};

#[test]
fn secret_and_restricted_keys_of_both_modes_are_taken() {
    for (text, mode) in [
        ("sk_test_a1", Mode::Test),
        ("rk_test_a1", Mode::Test),
        ("sk_live_a1", Mode::Live),
        ("rk_live_a1", Mode::Live),
        ("  sk_test_a1\n", Mode::Test),
    ] {
        assert_eq!(SecretKey::parse(text).map(|key| key.mode()), Ok(mode));
    }
}

#[test]
fn invalid_secret_key_is_refused() {
    for text in [
        "",
        "pk_test_a1",
        "pk_live_a1",
        "whsec_a1",
        "SK_TEST_a1",
        "sk_test",
        "test_sk_test_a1",
        "sk_test_a 1",
        "sk_test_a\r\nHost: evil.example",
        "sk_test_\u{fc}",
    ] {
        assert_eq!(SecretKey::parse(text), Err(KeyError), "{text:?}");
    }
}

#[test]
fn key_is_never_printed() {
    let key = SecretKey::parse("sk_live_hush").unwrap();
    let stripe = Stripe::new(&key, None, RetryPolicy::default()).unwrap();
    for text in [
        format!("{key:?}"),
        format!("{key:#?}"),
        format!("{stripe:?}"),
    ] {
        assert!(!text.contains("hush"), "{text}");
    }
}
