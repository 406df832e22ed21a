use std::f64::consts::TAU;

use crate::geometry::{Point, point};
use crate::palette::{CHALK, CLAY, INDIGO, INK, MIST, OCHRE, PAPER, SAND, SEA, STONE};
use crate::random::Random;
use crate::svg::{Element, Sheet};

const CENTER: Point = point(400.0, 500.0);

/// Pebbles packed into a circle: each is put down at random and grows until it touches another. Some carry
/// rings, as pebbles from one beach do.
pub(crate) fn draw(seed: u64) -> Sheet {
    let mut random = Random::seeded(seed);
    let mut sheet = Sheet::portrait(SAND);
    sheet.add(Element::circle(CENTER, 342.0).fill(PAPER));
    let mut placed: Vec<(Point, f64)> = Vec::new();
    for attempt in 0..9000 {
        let place = CENTER.towards(random.between(0.0, TAU), 330.0 * random.unit().sqrt());
        let gap = 4.0;
        let room = placed
            .iter()
            .map(|(other, radius)| other.distance(place) - radius - gap);
        let free = room.fold(330.0 - place.distance(CENTER), f64::min);
        let largest = if attempt < 60 {
            74.0
        } else if attempt < 700 {
            36.0
        } else {
            17.0
        };
        if free > 6.5 && placed.len() < 150 {
            placed.push((place, free.min(largest)));
        }
    }
    let inks = [
        INK, SEA, MIST, STONE, SAND, CLAY, INDIGO, STONE, MIST, OCHRE,
    ];
    for &(place, radius) in &placed {
        let ink = random.pick(&inks);
        sheet.add(Element::circle(place, radius).fill(ink));
        if radius > 22.0 && random.chance(0.72) {
            let line = if matches!(ink, SAND | STONE | MIST) {
                INK
            } else {
                CHALK
            };
            let mut rings = Element::group().stroke(line, 1.6).opacity(0.75);
            let count = random.below(4) + 2;
            for ring in 1..=count {
                let share = 1.0 - 0.17 * ring as f64;
                let slip = point(radius * 0.05 * ring as f64, -radius * 0.03 * ring as f64);
                rings.push(Element::circle(place + slip, radius * share));
            }
            sheet.add(rings);
        }
    }
    sheet.speckle(seed, CHALK, 0.6);
    sheet
}
