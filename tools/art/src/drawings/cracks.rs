use crate::geometry::{Point, cut, middle, point, rectangle};
use crate::noise::Noise;
use crate::palette::{BLUSH, CHALK, CLAY, INK, OCHRE, PAPER, RUST, SAND, STONE};
use crate::path::Path;
use crate::random::Random;
use crate::svg::{Element, Sheet};

const GAP: f64 = 5.5;

/// The floor of a dried lake: Voronoi cells, evened out a little, with rounded corners. The crack between
/// two cells is left by cutting each on its own side of the line halfway.
pub(crate) fn draw(seed: u64) -> Sheet {
    let mut random = Random::seeded(seed);
    let noise = Noise::seeded(seed);
    let mut seeds: Vec<Point> = (0..132)
        .map(|_| {
            // More and smaller cells towards the bottom.
            let depth = random.unit().powf(0.62);
            point(random.between(70.0, 730.0), 70.0 + 860.0 * depth)
        })
        .collect();
    for _ in 0..2 {
        seeds = (0..seeds.len())
            .map(|index| middle(&cell(&seeds, index, 0.0)))
            .collect();
    }
    let mut sheet = Sheet::portrait(PAPER);
    sheet.add(Element::rect(62.0, 62.0, 676.0, 876.0).fill(INK));
    let inks = [SAND, BLUSH, STONE, SAND, CLAY, BLUSH, OCHRE, RUST];
    let tones: Vec<usize> = seeds
        .iter()
        .map(|place| {
            let drift = noise.layered(place.x / 260.0, place.y / 260.0, 2) * 4.2;
            (3.0 + drift + random.bell()).clamp(0.0, 7.0).round() as usize
        })
        .collect();
    for (number, ink) in inks.into_iter().enumerate() {
        let mut cells = Path::new();
        for (index, &tone) in tones.iter().enumerate() {
            if tone == number {
                cells.blob(&eased(&cell(&seeds, index, GAP)));
            }
        }
        if !cells.is_empty() {
            sheet.add(Element::path(&cells).fill(ink));
        }
    }
    sheet.speckle(seed, CHALK, 0.5);
    sheet
}

/// The cell of a seed: what is nearer to it than to any other, less half a gap all round.
fn cell(seeds: &[Point], index: usize, gap: f64) -> Vec<Point> {
    let here = seeds[index];
    let inset = 66.0 + gap;
    let mut polygon = rectangle(inset, inset, 800.0 - 2.0 * inset, 1000.0 - 2.0 * inset);
    for &other in seeds.iter().filter(|&&other| other != here) {
        let away = other - here;
        if away.length() < 520.0 {
            let edge = here.mix(other, 0.5) - away * (gap / 2.0 / away.length());
            polygon = cut(&polygon, edge, away);
        }
    }
    polygon
}

/// Adds a point near both ends of every side, so that rounding stays close to the corners.
fn eased(polygon: &[Point]) -> Vec<Point> {
    (0..polygon.len())
        .flat_map(|index| {
            let (here, next) = (polygon[index], polygon[(index + 1) % polygon.len()]);
            let length = here.distance(next).max(1.0);
            if length < 16.0 {
                vec![here.mix(next, 0.5)]
            } else {
                vec![
                    here.mix(next, 6.0 / length),
                    here.mix(next, 1.0 - 6.0 / length),
                ]
            }
        })
        .collect()
}
