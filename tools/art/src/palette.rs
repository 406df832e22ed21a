//! One drawer of inks for the whole shop, so that any two prints can hang side by side.

pub(crate) const PAPER: &str = "#f5f0e6";
pub(crate) const SAND: &str = "#e9dfcb";
pub(crate) const STONE: &str = "#cfc6b4";
pub(crate) const CHALK: &str = "#fbf8f1";
pub(crate) const INK: &str = "#26313a";
pub(crate) const NIGHT: &str = "#1b2638";
pub(crate) const INDIGO: &str = "#2f4668";
pub(crate) const SEA: &str = "#4f7d8c";
pub(crate) const MIST: &str = "#a9c3c3";
pub(crate) const ICE: &str = "#d5e0dc";
pub(crate) const FOREST: &str = "#33513f";
pub(crate) const SAGE: &str = "#869a76";
pub(crate) const LICHEN: &str = "#bcc5a0";
pub(crate) const OCHRE: &str = "#d9a441";
pub(crate) const STRAW: &str = "#ecd08f";
pub(crate) const CLAY: &str = "#cc7a54";
pub(crate) const RUST: &str = "#b04f37";
pub(crate) const BLUSH: &str = "#e8bfa8";
pub(crate) const PLUM: &str = "#5b3a4e";
pub(crate) const MAUVE: &str = "#a98793";

/// The color of one ink printed over another, as on a press: light that passes both.
pub(crate) fn overprint(under: &str, over: &str) -> String {
    combine(under, over, |a, b| a * b / 255.0)
}

/// The color a part of the way from one ink to another.
pub(crate) fn between(from: &str, to: &str, t: f64) -> String {
    combine(from, to, |a, b| a + (b - a) * t)
}

fn combine(first: &str, second: &str, channel: impl Fn(f64, f64) -> f64) -> String {
    let mixed =
        [0, 1, 2].map(|index| channel(part(first, index), part(second, index)).round() as u8);
    format!("#{:02x}{:02x}{:02x}", mixed[0], mixed[1], mixed[2])
}

/// One channel of a color written as `#rrggbb`.
fn part(color: &str, index: usize) -> f64 {
    let digits = color.get(1 + index * 2..3 + index * 2).unwrap_or("0");
    f64::from(u8::from_str_radix(digits, 16).unwrap_or(0))
}
