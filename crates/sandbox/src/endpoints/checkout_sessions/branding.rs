//! The look of the pay page of a new Checkout Session.

use serde_json::{Map, Value, json};

use crate::http::ApiError;
use crate::http::params::Params;
use crate::objects::{CheckoutSession, checkout_session};

const BORDERS: &[&str] = &["pill", "rectangular", "rounded"];

const FONTS: &[&str] = &[
    "be_vietnam_pro",
    "bitter",
    "chakra_petch",
    "default",
    "hahmlet",
    "inconsolata",
    "inter",
    "lato",
    "lora",
    "m_plus_1_code",
    "montserrat",
    "noto_sans",
    "noto_sans_jp",
    "noto_serif",
    "nunito",
    "open_sans",
    "pridi",
    "pt_sans",
    "pt_serif",
    "raleway",
    "roboto",
    "roboto_slab",
    "source_sans_pro",
    "titillium_web",
    "ubuntu_mono",
    "zen_maru_gothic",
];

/// Reads what `branding_settings` gives.
pub(super) fn read(params: &mut Params) -> Result<Option<Map<String, Value>>, ApiError> {
    let Some(mut given) = params.object("branding_settings")? else {
        return Ok(None);
    };
    let mut branding = Map::new();
    for member in ["background_color", "button_color"] {
        if let Some(color) = color(&mut given, member)? {
            branding.insert(member.to_owned(), color.into());
        }
    }
    for (member, choices) in [("border_style", BORDERS), ("font_family", FONTS)] {
        if !given.clears(member)
            && let Some(choice) = given.choice(member, choices)?
        {
            branding.insert(member.to_owned(), choice.into());
        }
    }
    if let Some(name) = given.text("display_name", 5000)? {
        branding.insert("display_name".to_owned(), name.into());
    }
    for member in ["icon", "logo"] {
        if let Some(picture) = picture(&mut given, member)? {
            branding.insert(member.to_owned(), picture);
        }
    }
    given.finish()?;
    Ok(Some(branding))
}

/// Gives a session what was read; the rest is as the account has it. The pay page is our own design
/// but for what was given.
pub(super) fn apply(session: &mut CheckoutSession, given: Map<String, Value>) {
    let mut branding = checkout_session::branding();
    for (member, value) in &given {
        branding[member] = value.clone();
    }
    session.set("branding_settings", branding);
    session.set_private("branding", given);
}

fn color(given: &mut Params, member: &str) -> Result<Option<String>, ApiError> {
    if given.clears(member) {
        return Ok(None);
    }
    let Some(color) = given.text(member, 5000)? else {
        return Ok(None);
    };
    let digits = color.strip_prefix('#').unwrap_or_default();
    if digits.len() == 6 && digits.bytes().all(|digit| digit.is_ascii_hexdigit()) {
        return Ok(Some(color));
    }
    let message = format!("Invalid color: {color}. It must be a hex value such as #0074d4.");
    Err(ApiError::parameter(given.name(member), message))
}

/// Reads where a picture is. Files are not looked up, as the sandbox has none.
fn picture(given: &mut Params, member: &str) -> Result<Option<Value>, ApiError> {
    let Some(mut picture) = given.object(member)? else {
        return Ok(None);
    };
    let kind = picture
        .choice("type", &["file", "url"])?
        .ok_or_else(|| ApiError::missing(&picture.name("type")))?;
    let place = match kind.as_str() {
        "file" => picture.text("file", 5000)?,
        _ => picture.url("url")?,
    };
    let place = place.ok_or_else(|| ApiError::missing(&picture.name(&kind)))?;
    picture.finish()?;
    let mut read = json!({ "type": kind });
    read[&kind] = place.into();
    Ok(Some(read))
}
