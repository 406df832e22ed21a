use std::f64::consts::TAU;

use crate::geometry::{Point, point};
use crate::noise::Noise;
use crate::palette::{CHALK, INDIGO, MIST, NIGHT, OCHRE, STRAW, between};
use crate::path::Path;
use crate::random::Random;
use crate::svg::{Element, Sheet};

const CENTER: Point = point(400.0, 480.0);
const RADIUS: f64 = 318.0;

/// A star chart of nobody's sky: a graticule, a milky way of fine dust, stars in four magnitudes, and
/// figures made by joining each bright star to its near neighbors.
pub(crate) fn draw(seed: u64) -> Sheet {
    let mut random = Random::seeded(seed);
    let mut sheet = Sheet::portrait(NIGHT);
    sheet.add(Element::circle(CENTER, RADIUS).fill(&between(NIGHT, INDIGO, 0.55)));
    sheet.add(dust(&mut random, seed));
    sheet.add(graticule());
    let bright = scatter(&mut random, 34, 52.0);
    sheet.add(
        Element::path(&figures(&bright))
            .stroke(STRAW, 1.5)
            .opacity(0.75),
    );
    for (count, size) in [(150, 2.4), (70, 4.2)] {
        let mut stars = Path::new();
        scatter(&mut random, count, 12.0)
            .into_iter()
            .for_each(|star| stars.dot(star.x, star.y));
        sheet.add(Element::path(&stars).stroke(CHALK, size).round());
    }
    let (mut large, mut largest) = (Path::new(), Path::new());
    for (index, star) in bright.into_iter().enumerate() {
        if index % 4 == 0 {
            &mut largest
        } else {
            &mut large
        }
        .dot(star.x, star.y);
    }
    sheet.add(Element::path(&large).stroke(CHALK, 8.5).round());
    sheet.add(Element::path(&largest).stroke(OCHRE, 14.0).round());
    sheet
}

/// Places in the disc, none nearer to another than `apart`.
fn scatter(random: &mut Random, count: usize, apart: f64) -> Vec<Point> {
    let mut places: Vec<Point> = Vec::new();
    for _ in 0..count * 30 {
        let place = CENTER.towards(
            random.between(0.0, TAU),
            (RADIUS - 22.0) * random.unit().sqrt(),
        );
        if places.len() < count && places.iter().all(|other| other.distance(place) > apart) {
            places.push(place);
        }
    }
    places
}

fn figures(stars: &[Point]) -> Path {
    let mut path = Path::new();
    for (index, &star) in stars.iter().enumerate() {
        let nearest = stars[..index]
            .iter()
            .filter(|other| other.distance(star) < 112.0);
        if let Some(&other) = nearest.min_by(|a, b| a.distance(star).total_cmp(&b.distance(star))) {
            // Lines stop short of the stars they join, as on an engraved chart.
            let gap = 10.0 / star.distance(other);
            path.segment(star.mix(other, gap), other.mix(star, gap));
        }
    }
    path
}

/// Fine dots along a bent band across the disc, thinned by noise.
fn dust(random: &mut Random, seed: u64) -> Element {
    let noise = Noise::seeded(seed);
    let mut dots = Path::new();
    for _ in 0..900 {
        let along = random.between(-1.0, 1.0);
        let place = CENTER
            + point(
                along * 300.0 + random.bell() * 34.0,
                -along * 190.0 + 60.0 * along * along + random.bell() * 40.0,
            );
        if place.distance(CENTER) < RADIUS - 6.0 && noise.at(place.x / 60.0, place.y / 60.0) > -0.1
        {
            dots.dot(place.x.round(), place.y.round());
        }
    }
    Element::path(&dots).stroke(MIST, 1.7).round().opacity(0.6)
}

fn graticule() -> Element {
    let (mut lines, mut ticks) = (Path::new(), Path::new());
    for hour in 0..12 {
        let angle = f64::from(hour) / 12.0 * TAU;
        lines.segment(CENTER.towards(angle, 36.0), CENTER.towards(angle, RADIUS));
    }
    for radius in [106.0, 212.0] {
        lines.circle(CENTER, radius);
    }
    lines.circle(CENTER + point(38.0, -24.0), 236.0);
    for degree in 0..72 {
        let angle = f64::from(degree) / 72.0 * TAU;
        let length = if degree % 6 == 0 { 16.0 } else { 8.0 };
        ticks.segment(
            CENTER.towards(angle, RADIUS + 10.0),
            CENTER.towards(angle, RADIUS + 10.0 + length),
        );
    }
    Element::group()
        .child(Element::path(&lines).stroke(MIST, 0.8).opacity(0.4))
        .child(Element::path(&ticks).stroke(STRAW, 1.2))
        .child(Element::circle(CENTER, RADIUS).stroke(STRAW, 2.0))
        .child(Element::circle(CENTER, RADIUS + 34.0).stroke(STRAW, 1.0))
}
