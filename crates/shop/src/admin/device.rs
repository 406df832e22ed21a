use crate::{Purpose, Shop, random};

/// The time for which a device is known after the admin last signed in from it, in seconds: a year.
pub const DEVICE_SECONDS: i64 = 365 * 24 * 60 * 60;

/// A browser that the admin has signed in from: 32 hexadecimal digits.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct DeviceId(String);

/// The number of digits of an id.
const ID_DIGITS: usize = 32;

/// Reads a device's cookie, `ID.ISSUED.CODE`; `None` for one that this installation did not make,
/// or that is too old.
pub(super) fn parse(shop: &Shop, cookie: &str) -> Option<DeviceId> {
    let mut parts = cookie.split('.');
    let (id, issued, mac) = (parts.next()?, parts.next()?, parts.next()?);
    let is_ours = parts.next().is_none()
        && shop
            .secret
            .is_short_mac(Purpose::AdminDevice, &[id, issued], mac);
    let age = shop.now().saturating_sub(issued.parse().ok()?);
    (is_ours && age < DEVICE_SECONDS).then(|| DeviceId(id.to_owned()))
}

/// The cookie of a device that the admin signs in from now, which may be known already.
pub(super) fn issue(shop: &Shop, known: Option<DeviceId>) -> String {
    let id = known.map_or_else(|| random::token()[..ID_DIGITS].to_owned(), |known| known.0);
    let issued = shop.now().to_string();
    let mac = shop.secret.short_mac(Purpose::AdminDevice, &[&id, &issued]);
    format!("{id}.{issued}.{mac}")
}
