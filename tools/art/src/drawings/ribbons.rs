use std::f64::consts::TAU;

use crate::geometry::{Point, point};
use crate::noise::Noise;
use crate::palette::PAPER;
use crate::path::Path;
use crate::random::Random;
use crate::svg::{Element, Sheet};

/// The parameters that tell one picture of ribbons from another.
pub(crate) struct Ribbons {
    pub(crate) seed: u64,
    pub(crate) ground: &'static str,
    /// Inks, repeated to make one more frequent.
    pub(crate) inks: &'static [&'static str],
    /// Widths from broad to fine; broad ones are laid first, and fine ones fill the gaps.
    pub(crate) widths: &'static [f64],
    /// The main direction, and how far the current strays from it, in turns.
    pub(crate) heading: f64,
    pub(crate) stray: f64,
    /// True if the ribbons fill a disc instead of the page.
    pub(crate) disc: bool,
}

const STEP: f64 = 6.0;
const CELL: f64 = 4.0;
const GAP: f64 = 3.2;

/// Ribbons laid along a current, none touching another: a flow field with a memory of where ink lies.
pub(crate) fn draw(look: &Ribbons) -> Sheet {
    let mut random = Random::seeded(look.seed);
    let noise = Noise::seeded(look.seed);
    let mut taken = Taken::new();
    let mut sheet = Sheet::portrait(look.ground);
    for (index, &width) in look.widths.iter().enumerate() {
        let mut paths: Vec<(&str, Path)> = Vec::new();
        let attempts = 500 + index * index * 700;
        for _ in 0..attempts {
            let start = point(random.between(70.0, 730.0), random.between(70.0, 930.0));
            let most = random.between(200.0, 900.0);
            let ribbon = follow(look, &noise, &taken, start, width, most);
            if STEP * (ribbon.len() as f64) < 40.0 + width * 1.6 {
                continue;
            }
            ribbon
                .iter()
                .for_each(|&place| taken.mark(place, width / 2.0));
            let ink = random.pick(look.inks);
            let slot = paths
                .iter()
                .position(|(used, _)| *used == ink)
                .unwrap_or_else(|| {
                    paths.push((ink, Path::new()));
                    paths.len() - 1
                });
            paths[slot].1.spline(&thinned(&ribbon));
        }
        for (ink, path) in &paths {
            sheet.add(Element::path(path).stroke(ink, width));
        }
    }
    sheet.speckle(look.seed, PAPER, 0.35);
    sheet
}

fn follow(
    look: &Ribbons,
    noise: &Noise,
    taken: &Taken,
    start: Point,
    width: f64,
    most: f64,
) -> Vec<Point> {
    let mut ribbon = Vec::new();
    let mut place = start;
    while inside(look, place, width / 2.0)
        && taken.free(place, width / 2.0 + GAP)
        && STEP * (ribbon.len() as f64) < most
    {
        ribbon.push(place);
        let turn = noise.layered(place.x / 420.0, place.y / 420.0, 2) * look.stray;
        place = place.towards((look.heading + turn) * TAU, STEP);
    }
    ribbon
}

fn inside(look: &Ribbons, place: Point, reach: f64) -> bool {
    if look.disc {
        place.distance(point(400.0, 480.0)) < 310.0 - reach
    } else {
        (place.x - 400.0).abs() < 325.0 - reach && (place.y - 500.0).abs() < 425.0 - reach
    }
}

/// Every fourth place is enough for a smooth line.
fn thinned(ribbon: &[Point]) -> Vec<Point> {
    let last = ribbon.len() - 1;
    ribbon
        .iter()
        .enumerate()
        .filter(|(index, _)| index % 5 == 0 || *index == last)
        .map(|(_, &place)| place)
        .collect()
}

/// A coarse map of the page that remembers where ribbons lie.
struct Taken {
    cells: Vec<bool>,
}

const COLUMNS: usize = 200;
const ROWS: usize = 250;

impl Taken {
    fn new() -> Self {
        Self {
            cells: vec![false; COLUMNS * ROWS],
        }
    }

    fn mark(&mut self, place: Point, reach: f64) {
        for cell in around(place, reach) {
            self.cells[cell] = true;
        }
    }

    fn free(&self, place: Point, reach: f64) -> bool {
        around(place, reach).all(|cell| !self.cells[cell])
    }
}

fn around(place: Point, reach: f64) -> impl Iterator<Item = usize> {
    let low = |value: f64| ((value - reach) / CELL).floor().max(0.0) as usize;
    let high = |value: f64, limit: usize| {
        (((value + reach) / CELL).ceil().max(0.0) as usize).min(limit - 1)
    };
    let (left, right) = (low(place.x), high(place.x, COLUMNS));
    (low(place.y)..=high(place.y, ROWS))
        .flat_map(move |row| (left..=right).map(move |column| (column, row)))
        .filter(move |&(column, row)| {
            place.distance(point(column as f64 * CELL, row as f64 * CELL)) <= reach
        })
        .map(|(column, row)| row * COLUMNS + column)
}
