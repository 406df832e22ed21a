use crate::geometry::{Point, point};
use crate::palette::{
    BLUSH, CHALK, CLAY, INDIGO, MIST, OCHRE, PLUM, RUST, SAND, SEA, STRAW, overprint,
};
use crate::path::Path;
use crate::random::Random;
use crate::svg::{Element, Sheet};

/// A bow of bands: its foot in the middle, its outer radius, and inks from the outside in.
struct Arch {
    foot: Point,
    radius: f64,
    inks: [&'static str; 4],
}

/// Arches within arches, standing behind each other; a moon where two of them leave room.
pub(crate) fn draw(seed: u64) -> Sheet {
    let mut random = Random::seeded(seed);
    let mut sheet = Sheet::portrait("#f1e4d3");
    sheet.add(Element::circle(point(566.0, 236.0), 88.0).fill(OCHRE));
    sheet.add(Element::circle(point(566.0, 236.0), 58.0).fill(&overprint(OCHRE, STRAW)));
    let arches = [
        Arch {
            foot: point(330.0, 900.0),
            radius: 250.0,
            inks: [RUST, BLUSH, CLAY, SAND],
        },
        Arch {
            foot: point(560.0, 900.0),
            radius: 160.0,
            inks: [INDIGO, MIST, SEA, CHALK],
        },
        Arch {
            foot: point(196.0, 900.0),
            radius: 116.0,
            inks: [PLUM, STRAW, OCHRE, PLUM],
        },
    ];
    for (arch, rise) in arches.into_iter().zip([300.0, 190.0, 120.0]) {
        let mut radius = arch.radius;
        for (band, ink) in arch.inks.into_iter().enumerate() {
            sheet.add(Element::path(&bow(arch.foot, radius, rise)).fill(ink));
            if band < 3 {
                let inner = radius - arch.radius / 4.6;
                sheet.add(Element::path(&bow(arch.foot, inner + 5.0, rise)).fill("#f1e4d3"));
                radius = inner;
            }
        }
    }
    let mut pebbles = Path::new();
    for step in 0..15 {
        pebbles.dot(
            110.0 + 41.5 * f64::from(step) + random.bell() * 4.0,
            930.0 + random.bell() * 3.0,
        );
    }
    sheet.add(Element::rect(70.0, 897.0, 660.0, 6.0).fill(PLUM));
    sheet.add(Element::path(&pebbles).stroke(CLAY, 9.0).round());
    sheet.speckle(seed, CHALK, 0.6);
    sheet
}

fn bow(foot: Point, radius: f64, rise: f64) -> Path {
    let mut path = Path::new();
    path.move_to(foot - point(radius, 0.0));
    path.line_to(foot - point(radius, rise));
    path.arc_to(radius, true, foot + point(radius, -rise));
    path.line_to(foot + point(radius, 0.0));
    path.close();
    path
}
