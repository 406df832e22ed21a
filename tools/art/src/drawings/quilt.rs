use crate::geometry::{Point, point};
use crate::palette::{CLAY, INDIGO, MIST, OCHRE, PAPER, RUST, SAND, SEA, STRAW};
use crate::path::Path;
use crate::random::Random;
use crate::svg::{Element, Sheet};

const PATCH: f64 = 41.0;

/// A patchwork of sixteen-patch stars: every block is one quarter of half-square triangles, drawn by lot
/// and then turned three times, so chance gives the figure and symmetry gives the star.
pub(crate) fn draw(seed: u64) -> Sheet {
    let mut random = Random::seeded(seed);
    let mut sheet = Sheet::portrait(PAPER);
    sheet.add(Element::rect(72.0, 90.0, 656.0, 820.0).fill(SAND));
    let pairs = [
        (INDIGO, MIST),
        (RUST, STRAW),
        (SEA, PAPER),
        (CLAY, PAPER),
        (OCHRE, INDIGO),
    ];
    for row in 0..5 {
        for column in 0..4 {
            let corner = point(
                72.0 + 164.0 * f64::from(column),
                90.0 + 164.0 * f64::from(row),
            );
            // The diagonal order keeps blocks of one color from touching.
            let (dark, light) = pairs[((column + row * 2) % 5) as usize];
            block(&mut sheet, &mut random, corner, dark, light);
        }
    }
    sheet.add(
        Element::path(&stitches())
            .stroke(PAPER, 1.6)
            .with("stroke-dasharray", "7 5")
            .opacity(0.75),
    );
    sheet.speckle(seed, PAPER, 0.4);
    sheet
}

fn block(sheet: &mut Sheet, random: &mut Random, corner: Point, dark: &str, light: &str) {
    let middle = corner + point(PATCH * 2.0, PATCH * 2.0);
    let (mut first, mut second) = (Path::new(), Path::new());
    for (x, y) in [(0.0, 0.0), (1.0, 0.0), (0.0, 1.0), (1.0, 1.0)] {
        let rising = random.chance(0.5);
        let shows = random.chance(0.5);
        let lighter = random.chance(0.42);
        for turn in 0..4 {
            let place =
                |px: f64, py: f64| middle + turned(point((x + px) * PATCH, (y + py) * PATCH), turn);
            let path = if lighter { &mut second } else { &mut first };
            let third = match (rising, shows) {
                (true, true) => place(0.0, 0.0),
                (true, false) => place(1.0, 1.0),
                (false, true) => place(1.0, 0.0),
                (false, false) => place(0.0, 1.0),
            };
            let (from, to) = if rising {
                (place(1.0, 0.0), place(0.0, 1.0))
            } else {
                (place(0.0, 0.0), place(1.0, 1.0))
            };
            path.polygon(&[from, to, third]);
        }
    }
    sheet.add(Element::path(&first).fill(dark));
    sheet.add(Element::path(&second).fill(light));
}

fn turned(place: Point, quarters: u32) -> Point {
    (0..quarters).fold(place, |place, _| point(-place.y, place.x))
}

fn stitches() -> Path {
    let mut path = Path::new();
    for column in 1..4 {
        let x = 72.0 + 164.0 * f64::from(column);
        path.segment(point(x, 90.0), point(x, 910.0));
    }
    for row in 1..5 {
        let y = 90.0 + 164.0 * f64::from(row);
        path.segment(point(72.0, y), point(728.0, y));
    }
    path
}
