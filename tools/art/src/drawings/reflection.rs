use crate::geometry::point;
use crate::palette::{CHALK, CLAY, INDIGO, OCHRE, RUST, SEA, STRAW, between, overprint};
use crate::path::Path;
use crate::random::Random;
use crate::svg::{Element, Sheet};

/// A low sun over still water. The reflection is a stack of bars that widen and loosen towards the viewer.
pub(crate) fn draw(seed: u64) -> Sheet {
    let mut random = Random::seeded(seed);
    let mut sheet = Sheet::portrait("#f3e3c8");
    sheet.define_clip("sky", Element::rect(0.0, 0.0, 800.0, 560.0));
    for band in 0..7 {
        let top = f64::from(band) * 80.0;
        let color = between("#f3e3c8", "#eab98f", f64::from(band) / 6.0);
        sheet.add(Element::rect(0.0, top, 800.0, 81.0).fill(&color));
    }
    sheet.add(Element::rect(0.0, 560.0, 800.0, 440.0).fill(SEA));
    let sun = point(400.0, 470.0);
    sheet.add(
        Element::group()
            .clipped("sky")
            .child(Element::circle(sun, 232.0).fill(STRAW).opacity(0.55))
            .child(Element::circle(sun, 170.0).fill(RUST)),
    );
    let (mut light, mut dark, mut gold) = (Path::new(), Path::new(), Path::new());
    let mut y = 574.0;
    let mut thickness = 4.0;
    while y < 985.0 {
        let near = (y - 560.0) / 440.0;
        let half = 178.0 - 118.0 * near + 26.0 * random.bell();
        let drift = random.bell() * 26.0 * near;
        bar(&mut gold, 400.0 + drift, y, half.max(18.0), thickness);
        for _ in 0..3 {
            let side = random.between(-400.0, 400.0);
            let path = if random.chance(0.45) {
                &mut light
            } else {
                &mut dark
            };
            bar(
                path,
                400.0 + side,
                y + random.between(2.0, 12.0),
                random.between(20.0, 110.0),
                thickness * 0.45,
            );
        }
        y += thickness * 2.1 + 3.0;
        thickness += 0.9;
    }
    sheet.add(
        Element::path(&dark)
            .fill(&overprint(SEA, INDIGO))
            .opacity(0.35),
    );
    sheet.add(Element::path(&light).fill(CHALK).opacity(0.32));
    sheet.add(Element::path(&gold).fill(&between(CLAY, OCHRE, 0.35)));
    sheet.add(
        Element::rect(0.0, 557.0, 800.0, 4.0)
            .fill(INDIGO)
            .opacity(0.55),
    );
    sheet.speckle(seed, CHALK, 0.5);
    sheet
}

/// A flat bar with round ends.
fn bar(path: &mut Path, middle: f64, y: f64, half: f64, thickness: f64) {
    let radius = thickness / 2.0;
    path.move_to(point(middle - half, y));
    path.line_to(point(middle + half, y));
    path.arc_to(radius, true, point(middle + half, y + thickness));
    path.line_to(point(middle - half, y + thickness));
    path.arc_to(radius, true, point(middle - half, y));
    path.close();
}
