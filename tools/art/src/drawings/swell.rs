use crate::geometry::{Point, point};
use crate::palette::{CHALK, CLAY, ICE, INDIGO, PAPER, SAND, between};
use crate::path::Path;
use crate::random::Random;
use crate::svg::{Element, Sheet};

const LEFT: f64 = 70.0;
const RIGHT: f64 = 730.0;
const BOTTOM: f64 = 930.0;

/// Rows of waves with pointed crests and round troughs, nearer ones larger and darker, each with its own
/// foam lines inside: the curve is that of water in deep swell, a trochoid.
pub(crate) fn draw(seed: u64) -> Sheet {
    let mut random = Random::seeded(seed);
    let mut sheet = Sheet::portrait(PAPER);
    sheet.define_clip(
        "frame",
        Element::rect(LEFT, 70.0, RIGHT - LEFT, BOTTOM - 70.0),
    );
    let mut view = Element::group().clipped("frame");
    view.push(Element::rect(LEFT, 70.0, RIGHT - LEFT, BOTTOM - 70.0).fill(SAND));
    view.push(Element::circle(point(530.0, 268.0), 104.0).fill(CLAY));
    for row in 0..9 {
        let depth = f64::from(row) / 8.0;
        let length = 92.0 + 215.0 * depth;
        let height = 7.0 + 30.0 * depth;
        let level = 320.0 + 500.0 * depth.powf(1.25);
        let shift = random.between(0.0, length);
        let crest = crest(level, length, height, shift);
        let water = if depth < 0.5 {
            between(ICE, "#6f9ca6", depth * 2.0)
        } else {
            between("#6f9ca6", INDIGO, depth * 2.0 - 1.0)
        };
        let mut surface = Path::new();
        surface.spline(&crest);
        surface.line_to(point(RIGHT + 24.0, BOTTOM + 10.0));
        surface.line_to(point(LEFT - 24.0, BOTTOM + 10.0));
        surface.close();
        // The color is the group's, so that the same outline can be used again as a line of foam; its sides
        // lie outside the frame.
        let id = format!("w{row}");
        view.push(
            Element::group()
                .fill(&water)
                .child(Element::path(&surface).with("id", &id)),
        );
        view.push(foam(&id, 1.0 + 2.2 * depth, depth));
    }
    sheet.add(view);
    sheet.speckle(seed, CHALK, 0.4);
    sheet
}

/// The line of a wave's surface: points on rolling circles, drawn upside down.
fn crest(level: f64, length: f64, height: f64, shift: f64) -> Vec<Point> {
    let start = LEFT - 40.0 - shift;
    let count = ((RIGHT + 60.0 - start) / length * 10.0) as usize;
    (0..=count)
        .map(|step| {
            let phase = step as f64 / 10.0 * std::f64::consts::TAU;
            let lean = 0.92 * length / std::f64::consts::TAU;
            point(
                start + step as f64 / 10.0 * length + lean * phase.sin(),
                level + height * phase.cos(),
            )
        })
        .filter(|place| place.x > LEFT - 30.0 && place.x < RIGHT + 30.0)
        .collect()
}

/// Thin echoes of the crest below it, fading with depth.
fn foam(id: &str, width: f64, depth: f64) -> Element {
    let mut lines = Element::group().stroke(CHALK, width);
    for echo in 0..4 {
        let below = f64::from(echo) * (7.0 + 13.0 * depth);
        let line = Element::copy_of(id, point(f64::from(echo) * 5.0 * depth, below));
        lines.push(line.opacity(0.85 - 0.2 * f64::from(echo)));
    }
    lines
}
