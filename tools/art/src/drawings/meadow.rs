use std::f64::consts::{FRAC_PI_2, TAU};

use crate::geometry::{Point, point};
use crate::palette::{BLUSH, CHALK, CLAY, FOREST, INDIGO, LICHEN, MAUVE, OCHRE, RUST, SAGE, STRAW};
use crate::path::Path;
use crate::random::Random;
use crate::svg::{Element, Sheet};

use super::sprigs::leaf;

/// A strip of meadow in June, drawn from the back to the front: pale grass, then stalks with flowers of
/// four kinds, then the darkest blades.
pub(crate) fn draw(seed: u64) -> Sheet {
    let mut random = Random::seeded(seed);
    let mut sheet = Sheet::portrait("#f3e9d2");
    sheet.add(Element::circle(point(560.0, 250.0), 92.0).fill(STRAW));
    for (ink, count, tall) in [(LICHEN, 40, 430.0), (SAGE, 28, 330.0)] {
        sheet.add(grass(&mut random, ink, count, tall));
    }
    let inks = [RUST, CLAY, OCHRE, INDIGO, MAUVE, BLUSH, CHALK, OCHRE, RUST];
    for (index, ink) in inks.into_iter().cycle().take(19).enumerate() {
        let foot = point(60.0 + 36.0 * index as f64 + random.bell() * 10.0, 1010.0);
        let head = point(foot.x + random.bell() * 36.0, random.between(350.0, 780.0));
        let mut stalk = Path::new();
        stalk.move_to(foot);
        stalk.bend_to(
            point(
                foot.x + (foot.x - head.x) * 0.3,
                f64::midpoint(foot.y, head.y),
            ),
            head,
        );
        sheet.add(Element::path(&stalk).stroke(FOREST, 2.6).round());
        sheet.add(flower(&mut random, head, index % 4, ink));
    }
    sheet.add(grass(&mut random, FOREST, 34, 210.0));
    sheet.speckle(seed, CHALK, 0.5);
    sheet
}

fn grass(random: &mut Random, ink: &str, count: u32, tall: f64) -> Element {
    let mut blades = Path::new();
    for blade in 0..count {
        let foot = point(
            -20.0 + 840.0 * f64::from(blade) / f64::from(count) + random.bell() * 8.0,
            1010.0,
        );
        let tip = foot + point(random.bell() * 60.0, -tall * random.between(0.55, 1.15));
        let control = point(
            foot.x + (tip.x - foot.x) * 0.1,
            tip.y + (foot.y - tip.y) * 0.4,
        );
        blades.move_to(foot - point(5.0, 0.0));
        blades.bend_to(control - point(4.0, 0.0), tip);
        blades.bend_to(control + point(5.0, 0.0), foot + point(6.0, 0.0));
        blades.close();
    }
    Element::path(&blades).fill(ink)
}

fn flower(random: &mut Random, head: Point, kind: usize, ink: &str) -> Element {
    let size = random.between(0.85, 1.2);
    let mut path = Path::new();
    match kind {
        // A poppy: three overlapping discs.
        0 => {
            for petal in 0..3 {
                path.circle(
                    head.towards(-FRAC_PI_2 + (f64::from(petal) - 1.0) * 1.1, 17.0 * size),
                    23.0 * size,
                );
            }
            Element::group()
                .child(Element::path(&path).fill(ink).with("fill-opacity", 0.9))
                .child(Element::circle(head - point(0.0, 10.0), 8.0 * size).fill(FOREST))
        }
        // A daisy: twelve petals and an eye.
        1 => {
            for petal in 0..12 {
                leaf(
                    &mut path,
                    head,
                    f64::from(petal) / 12.0 * TAU,
                    34.0 * size,
                    9.0 * size,
                );
            }
            Element::group()
                .child(Element::path(&path).fill(ink))
                .child(Element::circle(head, 9.0 * size).fill(OCHRE))
        }
        // A spike, as of lavender: pairs of buds that shrink upwards.
        2 => {
            for bud in 0..9 {
                let place = head - point(0.0, 11.0 * size * f64::from(bud) - 34.0);
                for side in [-1.0, 1.0] {
                    leaf(
                        &mut path,
                        place,
                        -FRAC_PI_2 + side * 0.8,
                        (25.0 - 1.7 * f64::from(bud)) * size,
                        7.0 * size,
                    );
                }
            }
            Element::path(&path).fill(ink)
        }
        // A dandelion clock: threads with seeds at their ends.
        _ => {
            let mut seeds = Path::new();
            for ray in 0..16 {
                let end = head.towards(
                    f64::from(ray) / 16.0 * TAU,
                    34.0 * size * random.between(0.85, 1.05),
                );
                path.segment(head, end);
                seeds.dot(end.x, end.y);
            }
            Element::group()
                .round()
                .child(Element::path(&path).stroke(FOREST, 1.0))
                .child(Element::path(&seeds).stroke(ink, 6.5))
        }
    }
}
