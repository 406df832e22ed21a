use crate::geometry::{Point, point};
use crate::palette::{CHALK, CLAY, INK, MIST, PAPER, SEA};
use crate::path::Path;
use crate::random::Random;
use crate::svg::{Element, Sheet};

const TILE: f64 = 132.0;

/// Truchet tiles in three sizes: each tile joins the middles of its sides by arcs, one way or the other, and
/// some tiles are four smaller ones. Small tiles are drawn over large ones with the inks exchanged, which
/// keeps every line whole across the seam.
pub(crate) fn draw(seed: u64) -> Sheet {
    let mut random = Random::seeded(seed);
    let mut sheet = Sheet::portrait(PAPER);
    let mut sizes: [Vec<Point>; 3] = Default::default();
    for row in 0..6 {
        for column in 0..5 {
            let corner = point(
                70.0 + TILE * f64::from(column),
                104.0 + TILE * f64::from(row),
            );
            split(&mut random, corner, 0, &mut sizes);
        }
    }
    for (level, corners) in sizes.into_iter().enumerate() {
        let size = TILE / f64::from(1 << level);
        let (ground, ink) = if level % 2 == 0 {
            (SEA, CHALK)
        } else {
            (CHALK, SEA)
        };
        sheet.define(tile(&format!("t{level}"), size, ground, ink));
        for corner in corners {
            let turn = if random.chance(0.5) { 90.0 } else { 0.0 };
            let middle = corner + point(size / 2.0, size / 2.0);
            sheet.add(if turn > 0.0 {
                Element::turned_copy_of(&format!("t{level}"), middle, turn, 1.0)
            } else {
                Element::copy_of(&format!("t{level}"), middle)
            });
        }
    }
    for (x, y, ink) in [
        (70.0, 104.0, CLAY),
        (730.0, 896.0, CLAY),
        (70.0, 896.0, INK),
        (730.0, 104.0, MIST),
    ] {
        sheet.add(Element::circle(point(x, y), TILE / 6.0).fill(ink));
    }
    sheet.speckle(seed, PAPER, 0.4);
    sheet
}

fn split(random: &mut Random, corner: Point, level: usize, sizes: &mut [Vec<Point>; 3]) {
    if level == 2 || !random.chance([0.55, 0.35][level]) {
        sizes[level].push(corner);
        return;
    }
    let half = TILE / f64::from(2 << level);
    for (right, down) in [(0.0, 0.0), (half, 0.0), (0.0, half), (half, half)] {
        split(random, corner + point(right, down), level + 1, sizes);
    }
}

/// A tile around its middle: the ground, wings on the corners, and two broad arcs with dots on the sides.
fn tile(id: &str, size: f64, ground: &str, ink: &str) -> Element {
    let (half, third) = (size / 2.0, size / 3.0);
    let mut tile = Element::group()
        .with("id", id)
        .child(Element::rect(-half, -half, size, size).fill(ground));
    let mut dots = Element::group().fill(ground);
    for (x, y) in [(-half, -half), (half, -half), (half, half), (-half, half)] {
        dots.push(Element::circle(point(x, y), third));
    }
    let mut arcs = Path::new();
    for side in [-1.0, 1.0] {
        arcs.move_to(point(side * half, 0.0));
        arcs.arc_to(half, true, point(0.0, side * half));
    }
    let mut ends = Path::new();
    for (x, y) in [(half, 0.0), (-half, 0.0), (0.0, half), (0.0, -half)] {
        ends.dot(x, y);
    }
    tile.push(dots);
    tile.push(Element::path(&arcs).stroke(ink, third));
    tile.child(Element::path(&ends).stroke(ink, third).round())
}
