use std::f64::consts::PI;

use crate::geometry::point;
use crate::palette::{BLUSH, CLAY, INK, OCHRE, PAPER, PLUM, RUST, SAND, STRAW};
use crate::path::Path;
use crate::svg::{Element, Sheet};

/// A sunflower's seeds: each one turned from the last by the golden angle and a little further out. Size
/// and ink depend on the distance alone; the spirals are the eye's own doing.
pub(crate) fn draw(seed: u64) -> Sheet {
    let golden = PI * (3.0 - 5.0_f64.sqrt());
    let center = point(400.0, 470.0);
    let mut sheet = Sheet::portrait(SAND);
    sheet.add(Element::circle(center, 332.0).fill(PAPER));
    let rings = [
        (0, 60, PLUM),
        (60, 150, INK),
        (150, 260, RUST),
        (260, 380, CLAY),
        (380, 500, OCHRE),
        (500, 610, STRAW),
        (610, 690, BLUSH),
    ];
    for (from, to, ink) in rings {
        // Within a ring the dots grow in three steps, each its own path: a path has one width.
        for third in 0..3 {
            let step = (to - from + 2) / 3;
            let (first, last) = (from + third * step, (from + (third + 1) * step).min(to));
            let mut dots = Path::new();
            for index in first..last {
                let place = center.towards(
                    f64::from(index) * golden,
                    11.9 * (f64::from(index) + 0.6).sqrt(),
                );
                dots.dot(place.x, place.y);
            }
            let share = f64::from(first) / 690.0;
            let size = 6.0 + 13.5 * (PI * (0.12 + 0.8 * share)).sin();
            sheet.add(Element::path(&dots).stroke(ink, size).round());
        }
    }
    // A short row of plain seeds below the flower, as on a seed merchant's card.
    for index in 0..7 {
        let place = point(400.0 + 44.0 * (f64::from(index) - 3.0), 894.0);
        let ink = [PLUM, INK, RUST, CLAY, OCHRE, STRAW, BLUSH][index as usize];
        sheet.add(Element::circle(place, 11.0).fill(ink));
    }
    sheet.speckle(seed, PAPER, 0.5);
    sheet
}
