use std::f64::consts::TAU;

use crate::geometry::point;
use crate::noise::Noise;
use crate::palette::{CHALK, CLAY, INK, OCHRE, STRAW};
use crate::path::Path;
use crate::random::Random;
use crate::svg::{Element, Sheet};

/// A total eclipse: rays of uneven length round a black disc, in three inks, with a bead of light where
/// the sun is about to come out.
pub(crate) fn draw(seed: u64) -> Sheet {
    let mut random = Random::seeded(seed);
    let noise = Noise::seeded(seed);
    let center = point(400.0, 490.0);
    let mut sheet = Sheet::portrait("#181c24");
    for (ink, width, reach, count) in [
        (CLAY, 1.6, 205.0, 170),
        (OCHRE, 1.6, 150.0, 170),
        (STRAW, 2.0, 84.0, 150),
    ] {
        let mut rays = Path::new();
        for ray in 0..count {
            let angle = (f64::from(ray) + random.between(-0.25, 0.25)) / f64::from(count) * TAU;
            let (x, y) = (angle.cos() * 1.6, angle.sin() * 1.6);
            let flare = (0.55
                + 0.75 * noise.layered(x + 4.0, y + reach, 2)
                + 0.3 * (2.0 * angle - 0.6).cos())
            .max(0.12);
            let length = reach * flare * random.between(0.72, 1.12);
            rays.segment(
                center.towards(angle, 160.0),
                center.towards(angle, 160.0 + length),
            );
        }
        sheet.add(Element::path(&rays).stroke(ink, width).round());
    }
    sheet.add(Element::circle(center, 162.0).fill(INK));
    sheet.add(Element::circle(center, 162.0).stroke(CHALK, 2.4));
    let bead = center.towards(-0.86, 162.0);
    sheet.add(Element::circle(bead, 25.0).fill(STRAW).opacity(0.35));
    sheet.add(Element::circle(bead, 12.0).fill(CHALK));
    let mut stars = Path::new();
    for _ in 0..60 {
        let star = point(random.between(50.0, 750.0), random.between(50.0, 950.0));
        if star.distance(center) > 330.0 {
            stars.dot(star.x, star.y);
        }
    }
    sheet.add(
        Element::path(&stars)
            .stroke(CHALK, 2.2)
            .round()
            .opacity(0.8),
    );
    sheet
}
