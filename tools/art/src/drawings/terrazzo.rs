use crate::geometry::{Point, point};
use crate::palette::{BLUSH, CHALK, CLAY, FOREST, INDIGO, LICHEN, OCHRE, PLUM, STONE};
use crate::path::Path;
use crate::random::Random;
use crate::svg::{Element, Sheet};

/// Chips of stone in plaster: irregular polygons from coarse to fine, none touching, over the whole sheet.
pub(crate) fn draw(seed: u64) -> Sheet {
    let mut random = Random::seeded(seed);
    let mut sheet = Sheet::portrait("#f6ebe2");
    let inks = [
        CLAY, INDIGO, OCHRE, FOREST, BLUSH, PLUM, STONE, LICHEN, CLAY, BLUSH,
    ];
    let mut chips: Vec<Path> = inks.iter().map(|_| Path::new()).collect();
    let mut placed: Vec<(Point, f64)> = Vec::new();
    for (size, attempts) in [(60.0, 90), (36.0, 240), (19.0, 700), (9.0, 1400)] {
        for _ in 0..attempts {
            let place = point(random.between(-20.0, 820.0), random.between(-20.0, 1020.0));
            let radius = size * random.between(0.75, 1.1);
            if placed
                .iter()
                .all(|(other, reach)| other.distance(place) > reach + radius + 3.0)
            {
                placed.push((place, radius));
                let slot = random.below(inks.len());
                chips[slot].polygon(&chip(&mut random, place, radius));
            }
        }
    }
    for (ink, path) in inks.iter().zip(&chips) {
        sheet.add(Element::path(path).fill(ink));
    }
    sheet.speckle(seed, CHALK, 0.7);
    sheet
}

fn chip(random: &mut Random, center: Point, radius: f64) -> Vec<Point> {
    let corners = 4 + random.below(3);
    let start = random.between(0.0, std::f64::consts::TAU);
    (0..corners)
        .map(|corner| {
            let angle = start
                + (corner as f64 + random.between(-0.28, 0.28)) / corners as f64
                    * std::f64::consts::TAU;
            center.towards(angle, radius * random.between(0.72, 1.0))
        })
        .collect()
}
