use domain::address::Country;
use domain::catalog::{ListStart, Place};
use http::request::Parts;
use http::{HeaderMap, header};
use leptos::prelude::{WithUntracked, expect_context, use_context};
use leptos_router::hooks::use_params_map;
use leptos_router::location::Url;
use shop::{Client, Shop};
use text::{Language, Text};

use crate::document::StorePage;

/// The most languages of a request that are looked at.
const MOST_LANGUAGES: usize = 16;

/// The shop.
pub(crate) fn shop() -> Shop {
    expect_context::<Shop>()
}

/// The texts in the language of the request; there is one language yet.
pub(crate) fn text() -> Text {
    Text::new(Language::default())
}

/// True if the request is for `path`.
pub(crate) fn is_path(path: &str) -> bool {
    use_context::<Parts>().is_some_and(|parts| parts.uri.path() == path)
}

/// True for a page that is the same for everybody.
pub(crate) fn is_store_page() -> bool {
    use_context::<Parts>().is_some_and(|parts| parts.extensions.get::<StorePage>().is_some())
}

/// True if the browser comes from a form whose action failed; the framework then leaves a note in
/// the address.
pub(crate) fn has_failed() -> bool {
    use_context::<Parts>()
        .and_then(|parts| parts.uri.query().map(|query| query.contains("__err=")))
        .unwrap_or(false)
}

/// A named part of the page's address; empty when the address has none.
pub(crate) fn path_param(name: &str) -> String {
    use_params_map()
        .with_untracked(|params| params.get(name))
        .unwrap_or_default()
}

/// A parameter behind the question mark of the page's address, decoded once; the router's own map
/// decodes it twice.
pub(crate) fn query_param(name: &str) -> Option<String> {
    let decode = |text: &str| Url::unescape(&text.replace('+', " "));
    let parts = use_context::<Parts>()?;
    parts.uri.query()?.split('&').find_map(|pair| {
        let (key, value) = pair.split_once('=').unwrap_or((pair, ""));
        (decode(key) == name).then(|| decode(value))
    })
}

/// The start of the page of a list that the address asks for. What is no place of a list is the
/// start.
pub(crate) fn list_start() -> ListStart {
    let place = |name| query_param(name).and_then(|text| Place::parse(&text));
    if let Some(place) = place("before") {
        ListStart::Before(place)
    } else if let Some(place) = place("after") {
        ListStart::After(place)
    } else {
        ListStart::First
    }
}

/// The country that the browser's languages name first, such as that of `en-GB`: where the shopper
/// most likely is, before they say so.
pub(crate) fn country() -> Option<Country> {
    let parts = use_context::<Parts>()?;
    let languages = parts.headers.get(header::ACCEPT_LANGUAGE)?.to_str().ok()?;
    country_of(languages)
}

fn country_of(languages: &str) -> Option<Country> {
    languages
        .split(',')
        .take(MOST_LANGUAGES)
        .find_map(|language| {
            let tag = language.split(';').next().unwrap_or_default().trim();
            tag.split('-')
                .skip(1)
                .find_map(|part| Country::parse(part).ok())
        })
}

/// The client that the request comes from; the server gives each request one, as an extension.
pub(crate) fn client() -> Client {
    use_context::<Parts>()
        .and_then(|parts| parts.extensions.get::<Client>().copied())
        .unwrap_or(Client::UNKNOWN)
}

/// The value of a cookie, if the browser sent one; of several with the name, the first.
pub(crate) fn cookie(name: &str) -> Option<String> {
    cookie_of(&cookies(), name).map(str::to_owned)
}

/// All cookies, as the browser sent them.
pub(crate) fn cookies() -> String {
    use_context::<Parts>().map_or_else(String::new, |parts| cookies_of(&parts.headers))
}

/// All cookies of a request. A foreign one may hold any bytes; it must not hide ours.
pub fn cookies_of(headers: &HeaderMap) -> String {
    let lines: Vec<_> = headers
        .get_all(header::COOKIE)
        .iter()
        .map(|value| String::from_utf8_lossy(value.as_bytes()))
        .collect();
    lines.join("; ")
}

/// The value of a cookie among `cookies`; of several with the name, the first.
pub fn cookie_of<'a>(cookies: &'a str, name: &str) -> Option<&'a str> {
    cookies
        .split(';')
        .filter_map(|pair| pair.trim().split_once('='))
        .find(|(found, _)| *found == name)
        .map(|(_, value)| value)
}

/// The name that a cookie of the server alone has. Over https it begins with `__Host-`: then
/// browsers take it from this very host and over TLS alone, so that no neighboring host can plant
/// one. Over plain http they would refuse the prefix.
pub(crate) fn host_cookie(shop: &Shop, name: &str) -> String {
    let prefix = if shop.is_https() { "__Host-" } else { "" };
    format!("{prefix}{name}")
}

#[cfg(test)]
mod tests {
    use super::country_of;

    #[test]
    fn country_is_the_first_that_the_languages_name() {
        for (languages, country) in [
            ("en-GB,en;q=0.9,de-DE;q=0.8", Some("GB")),
            ("de, fr-CH;q=0.5", Some("CH")),
            ("zh-Hant-TW", Some("TW")),
            ("es-419,en;q=0.5", None),
            ("en", None),
            ("-,;=,*", None),
        ] {
            let found = country_of(languages).map(|country| country.to_string());
            assert_eq!(found.as_deref(), country, "{languages}");
        }
    }
}
