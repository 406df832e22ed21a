//! The branding of the merchant's pages: its name, its colors, its icon. What the account has stays
//! our own design.

use axum::extract::Query;
use axum::extract::rejection::QueryRejection;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use serde_json::Value;

use super::{escape, host};
use crate::http::ApiError;
use crate::objects::CheckoutSession;

/// The border below which white is better to read than black, as relative luminance in millionths.
const DARK: u64 = 179_129;

const WRONG_COLORS: &str = "Invalid colors: button and background are each one color of six hexadecimal digits, such as 0074d4.";

/// A color of sRGB, as six hexadecimal digits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
struct Color([u8; 3]);

/// The colors that a merchant chose.
#[derive(Debug, Default, Deserialize)]
pub(crate) struct Colors {
    button: Option<Color>,
    background: Option<Color>,
}

/// The seller: the name that the merchant gave the page, or else the host of its address.
pub(super) fn shop(session: &CheckoutSession) -> String {
    match chosen(session, "display_name").and_then(Value::as_str) {
        Some(name) if !name.trim().is_empty() => name.to_owned(),
        _ => host(session.text("success_url")).to_owned(),
    }
}

/// The address of the merchant's icon.
pub(super) fn icon(session: &CheckoutSession) -> Option<&str> {
    let pictures = ["icon", "logo"].into_iter();
    // A file has no address: the sandbox has none of the merchant's files.
    pictures
        .filter_map(|member| chosen(session, member))
        .find_map(|picture| picture["url"].as_str())
}

/// The corners of the page.
pub(super) fn class(session: &CheckoutSession) -> &'static str {
    match chosen(session, "border_style").and_then(Value::as_str) {
        Some("pill") => "pill",
        Some("rectangular") => "rectangular",
        _ => "",
    }
}

/// The link to the style with the merchant's colors, as HTML for the head. Inline styles are not
/// allowed.
pub(super) fn link(session: &CheckoutSession) -> String {
    let color = |name: &str, member: &str| {
        let color = chosen(session, member)?.as_str()?.strip_prefix('#')?;
        Some(format!("{name}={color}"))
    };
    let query: Vec<String> = [
        color("button", "button_color"),
        color("background", "background_color"),
    ]
    .into_iter()
    .flatten()
    .collect();
    match query.is_empty() {
        true => String::new(),
        false => format!(
            "<link rel=\"stylesheet\" href=\"/assets/brand.css?{}\">\n",
            escape(&query.join("&"))
        ),
    }
}

/// Serves that style.
pub(crate) async fn serve(
    colors: Result<Query<Colors>, QueryRejection>,
) -> Result<Response, ApiError> {
    let Query(colors) = colors.map_err(|_| ApiError::invalid(WRONG_COLORS))?;
    let headers = [
        (header::CONTENT_TYPE, "text/css; charset=utf-8"),
        (header::CACHE_CONTROL, "max-age=86400"),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    ];
    Ok((headers, css(&colors)).into_response())
}

/// A member of `branding_settings`, if the merchant gave it. What is the account's stays our own
/// design.
fn chosen<'a>(session: &'a CheckoutSession, member: &str) -> Option<&'a Value> {
    session.private()["branding"].get(member)
}

/// The button and what is behind the order in these colors, with whatever is written on them black
/// or white.
fn css(colors: &Colors) -> String {
    let mut css = String::new();
    if let Some(color) = colors.button {
        let (button, ink) = (color.text(), color.ink());
        css += &format!(".finish .button {{ --accent: {button}; --accent-ink: {ink}; }}\n");
    }
    if let Some(color) = colors.background {
        let (ground, ink) = (color.text(), color.ink());
        let scheme = match ink {
            "#ffffff" => "dark",
            _ => "light",
        };
        css += &format!(
            ".summary {{ color-scheme: {scheme}; background: {ground}; color: {ink}; --ink: {ink}; --soft: {ink}; --accent: {ink}; \
             --wrong: {ink}; --focus: {ink}; --edge: {ink}; --line: color-mix(in srgb, {ink} 25%, transparent); }}\n"
        );
    }
    css
}

impl Color {
    fn text(self) -> String {
        let [red, green, blue] = self.0;
        format!("#{red:02x}{green:02x}{blue:02x}")
    }

    /// Black or white, whichever has the higher contrast: 4.5 to 1 at least.
    fn ink(self) -> &'static str {
        let [red, green, blue] = self.0.map(linear);
        match (2126 * red + 7152 * green + 722 * blue) / 10_000 < DARK {
            true => "#ffffff",
            false => "#000000",
        }
    }
}

/// A part of a color in millionths of its light. A polynomial stands for sRGB's curve, close to it
/// everywhere.
fn linear(part: u8) -> u64 {
    let part = u64::from(part);
    part * (part * (part * 305_306 + 682_171 * 255) + 12_523 * 255 * 255) / (255 * 255 * 255)
}

impl TryFrom<String> for Color {
    type Error = &'static str;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        let is_hex = text.len() == 6 && text.bytes().all(|digit| digit.is_ascii_hexdigit());
        let number = u32::from_str_radix(&text, 16).ok().filter(|_| is_hex);
        let [_, red, green, blue] = number.ok_or("six hexadecimal digits")?.to_be_bytes();
        Ok(Self([red, green, blue]))
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::{Color, linear};

    #[test]
    fn text_on_a_color_has_contrast() {
        for (color, ink) in [
            ("000000", "#ffffff"),
            ("0074d4", "#ffffff"),
            ("c00000", "#ffffff"),
            ("747474", "#ffffff"),
            ("777777", "#000000"),
            ("ffcc00", "#000000"),
            ("FFFFFF", "#000000"),
        ] {
            assert_eq!(
                Color::try_from(color.to_owned()).unwrap().ink(),
                ink,
                "{color}"
            );
        }
        for text in ["", "fff", "+12345", "12345g", "éfff", "1234567"] {
            assert!(Color::try_from(text.to_owned()).is_err(), "{text}");
        }
    }

    #[test]
    fn light_grows_with_a_color_from_nothing_to_all() {
        assert_eq!((linear(0), linear(255)), (0, 1_000_000));
        assert!((0..255).all(|part| linear(part) < linear(part + 1)));
    }
}
