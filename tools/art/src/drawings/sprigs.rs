use std::f64::consts::FRAC_PI_2;

use crate::geometry::{Point, point};
use crate::palette::{CHALK, CLAY, FOREST, LICHEN, OCHRE, PAPER, PLUM, RUST, SAGE, SEA};
use crate::path::Path;
use crate::random::Random;
use crate::svg::{Element, Sheet};

/// The growth along a stem.
#[derive(Clone, Copy)]
enum Habit {
    Paired {
        length: f64,
        breadth: f64,
        angle: f64,
    },
    Berries,
    Needles,
    Fans,
}

/// A page of a herbarium: nine sprigs, each by its own rule for what sits along the stem.
pub(crate) fn draw(seed: u64) -> Sheet {
    let mut random = Random::seeded(seed);
    let mut sheet = Sheet::portrait(PAPER);
    let habits = [
        (
            Habit::Paired {
                length: 54.0,
                breadth: 15.0,
                angle: 0.75,
            },
            FOREST,
        ),
        (Habit::Berries, RUST),
        (
            Habit::Paired {
                length: 30.0,
                breadth: 24.0,
                angle: 1.15,
            },
            SAGE,
        ),
        (Habit::Needles, SEA),
        (
            Habit::Paired {
                length: 70.0,
                breadth: 9.0,
                angle: 0.5,
            },
            LICHEN,
        ),
        (Habit::Fans, OCHRE),
        (Habit::Fans, CLAY),
        (
            Habit::Paired {
                length: 44.0,
                breadth: 20.0,
                angle: 0.95,
            },
            PLUM,
        ),
        (Habit::Berries, OCHRE),
    ];
    for (index, (habit, ink)) in habits.into_iter().enumerate() {
        let (column, row) = ((index % 3) as f64, (index / 3) as f64);
        let foot = point(192.0 + 208.0 * column, 330.0 + 284.0 * row);
        let card = Element::rect(foot.x - 94.0, foot.y - 250.0, 188.0, 264.0);
        sheet.add(card.fill(CHALK));
        sheet.add(sprig(&mut random, foot, habit, ink));
    }
    sheet.speckle(seed, PAPER, 0.6);
    sheet
}

fn sprig(random: &mut Random, foot: Point, habit: Habit, ink: &str) -> Element {
    let bend = random.pick(&[-34.0, -22.0, 24.0, 36.0]);
    let (control, tip) = (
        foot + point(bend, -120.0),
        foot + point(-bend * 0.3, -214.0),
    );
    let along = |t: f64| foot.mix(control, t).mix(control.mix(tip, t), t);
    let (mut stem, mut leaves, mut dots) = (Path::new(), Path::new(), Path::new());
    stem.move_to(foot);
    stem.bend_to(control, tip);
    let count = match habit {
        Habit::Paired { breadth, .. } => (150.0 / breadth.max(12.0)) as usize,
        Habit::Berries => 9,
        Habit::Needles => 22,
        Habit::Fans => 6,
    };
    for step in 0..count {
        let t = 0.24 + 0.74 * step as f64 / count as f64;
        let place = along(t);
        let ahead = along(t + 0.01) - place;
        let heading = ahead.y.atan2(ahead.x);
        let size = 1.12 - 0.62 * t;
        for side in [-1.0, 1.0] {
            match habit {
                Habit::Paired {
                    length,
                    breadth,
                    angle,
                } => leaf(
                    &mut leaves,
                    place,
                    heading + side * angle,
                    length * size,
                    breadth * size,
                ),
                Habit::Berries => {
                    let end = place.towards(
                        heading + side * random.between(0.6, 1.0),
                        random.between(26.0, 46.0) * size,
                    );
                    stem.segment(place, end);
                    dots.dot(end.x, end.y);
                }
                Habit::Needles => {
                    stem.segment(place, place.towards(heading + side * 0.62, 52.0 * size))
                }
                Habit::Fans => {
                    let end = place.towards(heading + side * 0.85, 26.0 * size);
                    stem.segment(place, end);
                    for blade in [-0.7, 0.0, 0.7] {
                        leaf(
                            &mut leaves,
                            end,
                            heading + side * 0.85 + blade,
                            32.0 * size,
                            12.0 * size,
                        );
                    }
                }
            }
        }
    }
    if !matches!(habit, Habit::Berries | Habit::Needles) {
        leaf(&mut leaves, tip, -FRAC_PI_2 - bend / 160.0, 30.0, 11.0);
    }
    let stem_ink = if matches!(habit, Habit::Needles) {
        ink
    } else {
        FOREST
    };
    let mut plant = Element::group()
        .round()
        .child(Element::path(&stem).stroke(stem_ink, 2.2));
    if !leaves.is_empty() {
        plant.push(Element::path(&leaves).fill(ink).with("fill-opacity", 0.92));
    }
    if !dots.is_empty() {
        plant.push(Element::path(&dots).stroke(ink, 14.0));
    }
    plant
}

/// A pointed oval from its base outwards.
pub(crate) fn leaf(path: &mut Path, base: Point, angle: f64, length: f64, breadth: f64) {
    let tip = base.towards(angle, length);
    let middle = base.mix(tip, 0.45);
    path.move_to(base);
    path.bend_to(middle.towards(angle + FRAC_PI_2, breadth), tip);
    path.bend_to(middle.towards(angle - FRAC_PI_2, breadth), base);
    path.close();
}
