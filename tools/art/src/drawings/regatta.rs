use crate::geometry::{Point, point};
use crate::palette::{CHALK, CLAY, ICE, INDIGO, INK, MIST, OCHRE, PAPER, RUST, SEA};
use crate::path::Path;
use crate::random::Random;
use crate::svg::{Element, Sheet};

/// Boats on a grey-blue sea, rows of them, seen through each other: every sail is a translucent triangle
/// with one bellied side, so where sails cross the inks mix.
pub(crate) fn draw(seed: u64) -> Sheet {
    let mut random = Random::seeded(seed);
    let mut sheet = Sheet::portrait(PAPER);
    sheet.add(
        Element::circle(point(590.0, 205.0), 62.0)
            .fill(OCHRE)
            .opacity(0.9),
    );
    for row in 0..5 {
        let near = f64::from(row) / 4.0;
        let y = 372.0 + 130.0 * f64::from(row) - 8.0 * near;
        let size = 120.0 + 130.0 * near;
        sheet.add(water(&mut random, y, near));
        let boats = 6 - row;
        for boat in 0..boats {
            let pitch = 640.0 / f64::from(boats);
            let x = 80.0 + pitch * (f64::from(boat) + 0.5) + random.bell() * pitch * 0.16;
            let tall = size * random.between(0.78, 1.15);
            draw_boat(&mut sheet, &mut random, point(x, y), tall);
        }
    }
    sheet.speckle(seed, CHALK, 0.4);
    sheet
}

fn draw_boat(sheet: &mut Sheet, random: &mut Random, keel: Point, tall: f64) {
    let inks = [INDIGO, RUST, SEA, CLAY, OCHRE, INDIGO, SEA, MIST];
    let lean = random.between(0.02, 0.14) * tall;
    let foot = keel - point(0.0, tall * 0.07);
    let top = foot + point(lean, -tall);
    let main = sail(
        foot,
        top,
        foot + point(-tall * 0.46, -tall * 0.02),
        tall * 0.1,
    );
    let jib = sail(
        foot + point(tall * 0.05, 0.0),
        top + point(-lean * 0.2, tall * 0.14),
        foot + point(tall * 0.4, 0.0),
        -tall * 0.06,
    );
    sheet.add(
        Element::path(&main)
            .fill(random.pick(&inks))
            .with("fill-opacity", 0.82),
    );
    sheet.add(
        Element::path(&jib)
            .fill(random.pick(&inks))
            .with("fill-opacity", 0.82),
    );
    let mut hull = Path::new();
    hull.move_to(keel + point(-tall * 0.36, -tall * 0.045));
    hull.line_to(keel + point(tall * 0.34, -tall * 0.045));
    hull.bend_to(
        keel + point(tall * 0.22, tall * 0.05),
        keel + point(0.0, tall * 0.045),
    );
    hull.bend_to(
        keel + point(-tall * 0.28, tall * 0.05),
        keel + point(-tall * 0.36, -tall * 0.045),
    );
    hull.close();
    sheet.add(Element::path(&hull).fill(INK));
    let mut mast = Path::new();
    mast.segment(keel, top - point(0.0, 8.0));
    sheet.add(Element::path(&mast).stroke(INK, 1.6));
}

fn sail(foot: Point, top: Point, corner: Point, belly: f64) -> Path {
    let mut path = Path::new();
    path.move_to(foot);
    path.line_to(top);
    path.bend_to(
        top.mix(corner, 0.55) - point(belly, belly.abs() * 0.4),
        corner,
    );
    path.close();
    path
}

/// A band of sea below a row of boats, with short dashes of light on it.
fn water(random: &mut Random, y: f64, near: f64) -> Element {
    let mut dashes = Path::new();
    for _ in 0..16 {
        let start = point(
            random.between(80.0, 690.0),
            y + random.between(14.0, f64::min(116.0, 916.0 - y)),
        );
        dashes.segment(start, start + point(random.between(14.0, 60.0), 0.0));
    }
    Element::group()
        .child(
            Element::rect(70.0, y - 4.0, 660.0, 934.0 - y)
                .fill(if near > 0.4 { MIST } else { ICE })
                .opacity(0.55),
        )
        .child(Element::path(&dashes).stroke(CHALK, 2.4).round())
}
