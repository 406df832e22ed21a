use crate::geometry::point;
use crate::noise::Noise;
use crate::palette::{CHALK, CLAY, INDIGO, NIGHT, OCHRE, RUST, STRAW, between};
use crate::path::Path;
use crate::random::Random;
use crate::svg::{Element, Sheet};

const SKY: &str = "#f4e6cf";

/// The wide picture at the top of the shop: a cartwheel of a sun, rising on the right over ridges in mist;
/// the left is kept calm for words.
pub(crate) fn draw(seed: u64) -> Sheet {
    let noise = Noise::seeded(seed);
    let mut random = Random::seeded(seed);
    let mut sheet = Sheet::sized(1600, 900, SKY);
    let sun = point(1120.0, 430.0);
    for (radius, ink) in [
        (330.0, "#f2d9b4"),
        (262.0, "#efc795"),
        (196.0, OCHRE),
        (134.0, CLAY),
        (74.0, RUST),
    ] {
        sheet.add(Element::circle(sun, radius).fill(ink));
    }
    let mut spokes = Path::new();
    for spoke in 0..24 {
        let angle = f64::from(spoke) / 24.0 * std::f64::consts::TAU;
        spokes.segment(sun.towards(angle, 90.0), sun.towards(angle, 318.0));
    }
    sheet.add(
        Element::path(&spokes)
            .stroke(STRAW, 3.0)
            .round()
            .opacity(0.8),
    );
    for layer in 0..7 {
        let near = f64::from(layer) / 6.0;
        let color = if near < 0.5 {
            between("#d9b9a0", "#7f8f96", near * 2.0)
        } else {
            between("#5d7686", NIGHT, near * 2.0 - 1.0)
        };
        let id = format!("h{layer}");
        sheet.define(
            Element::new("linearGradient")
                .with("id", &id)
                .with("x2", 0)
                .with("y2", 1)
                .child(Element::new("stop").with("stop-color", &color))
                .child(
                    Element::new("stop")
                        .with("offset", 0.9)
                        .with("stop-color", between(&color, SKY, 0.55 - 0.45 * near)),
                ),
        );
        let base = 500.0 + 330.0 * near.powf(1.1);
        let mut ridge = Path::new();
        ridge.move_to(point(0.0, 900.0));
        for step in 0..=100 {
            let x = f64::from(step) * 16.0;
            let wide = noise.layered(x / 420.0 + near * 11.0, near * 23.0, 2);
            let rough = noise.layered(x / 70.0, near * 41.0 + 5.0, 3);
            ridge.line_to(point(x, base - (118.0 - 50.0 * near) * wide - 17.0 * rough));
        }
        ridge.line_to(point(1600.0, 900.0));
        ridge.close();
        sheet.add(Element::path(&ridge).fill(&format!("url(#{id})")));
    }
    let mut birds = Path::new();
    for _ in 0..9 {
        let place = point(620.0 + random.bell() * 110.0, 250.0 + random.bell() * 50.0);
        let span = random.between(9.0, 17.0);
        birds.move_to(place - point(span, span * 0.35));
        birds.bend_to(place - point(span * 0.4, span * 0.6), place);
        birds.bend_to(
            place + point(span * 0.4, -span * 0.6),
            place + point(span, -span * 0.3),
        );
    }
    sheet.add(Element::path(&birds).stroke(INDIGO, 2.2).round());
    sheet.speckle(seed, CHALK, 0.45);
    sheet
}
