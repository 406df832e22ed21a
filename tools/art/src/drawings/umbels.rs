use std::f64::consts::{FRAC_PI_2, TAU};

use crate::geometry::{Point, point};
use crate::palette::{FOREST, LICHEN, OCHRE, PAPER, RUST, SAGE, STRAW};
use crate::path::Path;
use crate::random::Random;
use crate::svg::{Element, Sheet};

/// Fennel gone to seed: stems that end in a fan of rays, each of which ends in a smaller fan of seeds. The
/// same step twice, which is all a plant knows.
pub(crate) fn draw(seed: u64) -> Sheet {
    let mut random = Random::seeded(seed);
    let mut sheet = Sheet::portrait(PAPER);
    let root = point(400.0, 936.0);
    let heads = [
        (point(236.0, 404.0), 122.0, SAGE),
        (point(590.0, 480.0), 98.0, LICHEN),
        (point(418.0, 262.0), 150.0, FOREST),
        (point(668.0, 690.0), 60.0, SAGE),
        (point(168.0, 676.0), 66.0, LICHEN),
    ];
    let mut stems = Path::new();
    let mut plants = Vec::new();
    for (index, (head, reach, ink)) in heads.into_iter().enumerate() {
        // The two small heads branch off the stem halfway up instead of leaving the ground.
        let from = if index < 3 {
            root + point((head.x - 400.0) * 0.06, 0.0)
        } else {
            point(402.0, 830.0)
        };
        stems.move_to(from);
        if index < 3 {
            stems.curve_to(
                from - point(0.0, 195.0),
                head + point((400.0 - head.x) * 0.22, 195.0),
                head,
            );
        } else {
            stems.curve_to(
                from.mix(head, 0.2) - point(0.0, 40.0),
                head + point((400.0 - head.x) * 0.1, 84.0),
                head,
            );
        }
        plants.push(umbel(&mut random, head, reach, ink));
    }
    sheet.add(
        Element::circle(point(418.0, 300.0), 218.0)
            .fill(STRAW)
            .opacity(0.42),
    );
    sheet.add(Element::path(&stems).stroke(FOREST, 4.5).round());
    plants.into_iter().for_each(|plant| sheet.add(plant));
    sheet.speckle(seed, PAPER, 0.5);
    sheet
}

fn umbel(random: &mut Random, head: Point, reach: f64, ink: &str) -> Element {
    let (mut rays, mut threads, mut seeds, mut ripe) =
        (Path::new(), Path::new(), Path::new(), Path::new());
    for ray in 0..15 {
        let lean = (f64::from(ray) - 7.0) / 7.0;
        let angle = -FRAC_PI_2 + lean * 1.32;
        let tip = head.towards(
            angle,
            reach * (1.0 + 0.08 * random.bell()) * (1.0 - 0.16 * lean.abs()),
        );
        rays.move_to(head);
        rays.bend_to(head.towards(-FRAC_PI_2 + lean * 0.8, reach * 0.5), tip);
        for thread in 0..7 {
            let spread = angle + (f64::from(thread) - 3.0) / 7.0 * TAU * 0.52;
            let end = tip.towards(spread, reach * 0.16 * random.between(0.7, 1.15));
            threads.segment(tip, end);
            if random.chance(0.3) {
                &mut ripe
            } else {
                &mut seeds
            }
            .dot(end.x, end.y);
        }
    }
    let size = 3.2 + reach * 0.032;
    Element::group()
        .with("stroke-linecap", "round")
        .child(Element::path(&rays).stroke(FOREST, 2.2))
        .child(Element::path(&threads).stroke(FOREST, 1.0))
        .child(Element::path(&seeds).stroke(if ink == LICHEN { OCHRE } else { ink }, size))
        .child(Element::path(&ripe).stroke(RUST, size))
}
