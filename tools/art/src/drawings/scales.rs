use crate::geometry::point;
use crate::noise::Noise;
use crate::palette::{CHALK, CLAY, ICE, INDIGO, MIST, PAPER, SAND, SEA};
use crate::svg::{Element, Sheet};

const RADIUS: f64 = 55.0;

/// Seigaiha, the pattern of blue sea waves: rows of nested rings, each row laid over the one behind. Noise
/// decides where the sea is light or deep; a few scales catch the sun.
pub(crate) fn draw(seed: u64) -> Sheet {
    let noise = Noise::seeded(seed);
    let mut sheet = Sheet::portrait(PAPER);
    sheet.define_clip("frame", Element::rect(70.0, 70.0, 660.0, 860.0));
    for (id, rings) in [
        ("pale", [CHALK, MIST, CHALK, ICE, CHALK]),
        ("sea", [CHALK, SEA, ICE, SEA, MIST]),
        ("deep", [CHALK, INDIGO, MIST, INDIGO, SEA]),
        ("sun", [CHALK, CLAY, SAND, CLAY, CHALK]),
    ] {
        let mut scale = Element::group().with("id", id);
        for (ring, color) in rings.into_iter().enumerate() {
            let radius = RADIUS * [1.0, 0.94, 0.7, 0.5, 0.26][ring];
            scale.push(Element::circle(point(0.0, 0.0), radius).fill(color));
        }
        sheet.define(scale);
    }
    let mut sea = Element::group().clipped("frame");
    for row in 0..33 {
        let y = 70.0 + f64::from(row) * RADIUS * 0.5;
        for column in 0..7 {
            let x =
                70.0 + f64::from(column) * RADIUS * 2.0 + if row % 2 == 0 { 0.0 } else { RADIUS };
            let depth = noise.layered(x / 300.0, y / 260.0, 2) + (y - 500.0) / 900.0;
            let glint = noise.at(x / 50.0 + 9.0, y / 50.0) > 0.71;
            let id = match depth {
                _ if glint => "sun",
                d if d < -0.16 => "pale",
                d if d < 0.17 => "sea",
                _ => "deep",
            };
            sea.push(Element::copy_of(id, point(x, y)));
        }
    }
    sheet.add(sea);
    sheet.speckle(seed, PAPER, 0.4);
    sheet
}
