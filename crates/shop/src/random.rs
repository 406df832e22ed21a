use rand::Rng;

/// 160 bits from the operating system's generator, as text of letters and digits.
pub(crate) fn token() -> String {
    let mut bytes = [0_u8; 20];
    rand::rng().fill(&mut bytes);
    hex::encode(bytes)
}
