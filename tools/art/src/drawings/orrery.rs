use std::f64::consts::TAU;

use crate::geometry::{Point, point};
use crate::palette::{BLUSH, CLAY, INDIGO, INK, MIST, OCHRE, PAPER, PLUM, RUST, SAND, SEA, STRAW};
use crate::path::Path;
use crate::random::Random;
use crate::svg::{Element, Sheet};

const CENTER: Point = point(400.0, 500.0);

/// A clockwork of planets: rings at growing distances, on each a planet and the arc it has travelled, and
/// rays from the sun in the middle.
pub(crate) fn draw(seed: u64) -> Sheet {
    let mut random = Random::seeded(seed);
    let mut sheet = Sheet::portrait(PAPER);
    sheet.add(Element::circle(CENTER, 338.0).fill(SAND));
    let inks = [RUST, OCHRE, SEA, CLAY, INDIGO, STRAW, PLUM, MIST];
    let mut radius = 86.0;
    for (index, ink) in inks.into_iter().enumerate() {
        let planet = random.between(9.0, 15.0) + 1.9 * index as f64;
        let angle = 2.4 * index as f64 + random.between(-0.3, 0.3);
        let place = CENTER.towards(angle, radius);
        let sweep = random.between(0.25, 0.47) * TAU;
        let mut arc = Path::new();
        arc.move_to(CENTER.towards(angle - sweep, radius));
        arc.arc_to(radius, true, place);
        sheet.add(
            Element::circle(CENTER, radius)
                .stroke(INK, 1.0)
                .opacity(0.6),
        );
        sheet.add(Element::path(&arc).stroke(ink, 6.0).round().opacity(0.85));
        sheet.add(Element::circle(place, planet + 4.0).fill(SAND));
        sheet.add(Element::circle(place, planet).fill(ink));
        if index == 5 {
            sheet.add(
                Element::new("ellipse")
                    .number("cx", place.x)
                    .number("cy", place.y)
                    .number("rx", planet * 1.9)
                    .number("ry", planet * 0.5)
                    .stroke(INK, 2.2)
                    .with(
                        "transform",
                        format!("rotate(-18 {} {})", place.x.round(), place.y.round()),
                    ),
            );
        }
        if index % 3 == 2 {
            let moon = place.towards(angle + 1.1, planet + 11.0);
            sheet.add(Element::circle(moon, 4.5).fill(INK));
        }
        radius += 29.0 + 1.4 * index as f64;
    }
    sheet.add(sun());
    let (mut ticks, mut posts) = (Path::new(), Path::new());
    for degree in 0..120 {
        let angle = f64::from(degree) / 120.0 * TAU;
        let length = if degree % 10 == 0 { 18.0 } else { 8.0 };
        ticks.segment(
            CENTER.towards(angle, 346.0),
            CENTER.towards(angle, 346.0 + length),
        );
    }
    posts.segment(point(400.0, 78.0), point(400.0, 128.0));
    posts.segment(point(400.0, 872.0), point(400.0, 922.0));
    sheet.add(Element::path(&ticks).stroke(INK, 1.2));
    sheet.add(Element::path(&posts).stroke(RUST, 3.0));
    sheet.speckle(seed, PAPER, 0.6);
    sheet
}

fn sun() -> Element {
    let mut rays = Path::new();
    for ray in 0..24 {
        let angle = f64::from(ray) / 24.0 * TAU;
        let (left, right) = (
            CENTER.towards(angle - 0.09, 44.0),
            CENTER.towards(angle + 0.09, 44.0),
        );
        let reach = if ray % 2 == 0 { 72.0 } else { 60.0 };
        rays.polygon(&[left, CENTER.towards(angle, reach), right]);
    }
    Element::group()
        .child(Element::path(&rays).fill(OCHRE))
        .child(Element::circle(CENTER, 44.0).fill(RUST))
        .child(Element::circle(CENTER, 32.0).fill(BLUSH))
        .child(Element::circle(CENTER, 18.0).fill(OCHRE))
}
