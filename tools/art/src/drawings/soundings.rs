use crate::geometry::point;
use crate::isoline::Relief;
use crate::noise::Noise;
use crate::palette::{CHALK, ICE, INDIGO, INK, LICHEN, NIGHT, PAPER, SAND, SEA, between};
use crate::path::Path;
use crate::svg::{Element, Sheet};

const LEVELS: usize = 9;

/// A chart of a coast that does not exist: lines of equal depth through a noise landscape, each layer
/// filled a little lighter as the sea floor rises, until it breaks the surface as an island.
pub(crate) fn draw(seed: u64) -> Sheet {
    let noise = Noise::seeded(seed);
    let relief = Relief::sample(point(60.0, 60.0), point(740.0, 940.0), 26.0, |place| {
        let slope = (place.y - 500.0) / 1900.0 - (place.x - 400.0) / 1500.0;
        noise.layered(place.x / 400.0, place.y / 400.0, 2) + slope
    });
    let mut sheet = Sheet::portrait(PAPER);
    sheet.define_clip("frame", Element::rect(70.0, 70.0, 660.0, 860.0));
    let mut chart = Element::group()
        .clipped("frame")
        .with("fill-rule", "evenodd");
    chart.push(Element::rect(60.0, 60.0, 680.0, 880.0).fill(&between(INDIGO, NIGHT, 0.35)));
    for level in 0..LEVELS {
        let share = level as f64 / (LEVELS - 1) as f64;
        let mut area = Path::new();
        for line in relief.lines_at(-0.42 + 0.84 * share) {
            area.blob(&line);
        }
        let layer = Element::path(&area);
        chart.push(match level {
            0..=6 => {
                let t = share / 0.75;
                let water = if t < 0.5 {
                    between(INDIGO, SEA, t * 2.0)
                } else {
                    between(SEA, ICE, t * 2.0 - 1.0)
                };
                layer.fill(&water)
            }
            7 => layer
                .fill(SAND)
                .with("stroke", INK)
                .with("stroke-width", 1.2),
            _ => layer.fill(LICHEN),
        });
    }
    sheet.add(chart);
    sheet.add(Element::rect(70.0, 70.0, 660.0, 860.0).stroke(INK, 1.5));
    sheet.add(graticule());
    sheet.speckle(seed, CHALK, 0.3);
    sheet
}

/// The fine grid and the ticks in the margin that make a drawing a chart.
fn graticule() -> Element {
    let (mut grid, mut ticks) = (Path::new(), Path::new());
    for step in 1..4 {
        let x = 70.0 + 165.0 * f64::from(step);
        grid.segment(point(x, 70.0), point(x, 930.0));
    }
    for step in 1..5 {
        let y = 70.0 + 172.0 * f64::from(step);
        grid.segment(point(70.0, y), point(730.0, y));
    }
    for step in 0..=20 {
        let (x, y) = (70.0 + 33.0 * f64::from(step), 70.0 + 43.0 * f64::from(step));
        let length = if step % 5 == 0 { 12.0 } else { 6.0 };
        ticks.segment(point(x, 58.0), point(x, 58.0 - length));
        ticks.segment(point(x, 942.0), point(x, 942.0 + length));
        ticks.segment(point(58.0, y), point(58.0 - length, y));
        ticks.segment(point(742.0, y), point(742.0 + length, y));
    }
    Element::group()
        .child(Element::path(&grid).stroke(CHALK, 0.8).opacity(0.35))
        .child(Element::path(&ticks).stroke(INK, 1.2))
        .child(Element::rect(58.0, 58.0, 684.0, 884.0).stroke(INK, 0.8))
}
