use crate::geometry::point;
use crate::palette::{CHALK, CLAY, INDIGO, INK, MIST, OCHRE, PAPER, RUST, SAND, SEA};
use crate::path::Path;
use crate::random::Random;
use crate::svg::{Element, Sheet};

const THREAD: f64 = 20.0;
const ACROSS: i32 = 30;
const ALONG: i32 = 40;

/// A cloth with a twill weave: the warp is laid down in stripes of color, and each weft thread is seen where it passes
/// over two and hidden where it passes under two, one step further on in every row. The fringe is the warp.
pub(crate) fn draw(seed: u64) -> Sheet {
    let mut random = Random::seeded(seed);
    let mut sheet = Sheet::portrait(PAPER);
    let warp = stripes(&mut random, ACROSS, &[INDIGO, INDIGO, SEA, SAND, MIST, INK]);
    let weft = stripes(&mut random, ALONG, &[SAND, SAND, CHALK, RUST, CLAY, OCHRE]);
    let mut inks: Vec<&str> = warp.iter().chain(&weft).copied().collect();
    inks.sort_unstable();
    inks.dedup();
    for ink in &inks {
        let mut threads = Path::new();
        for column in (0..ACROSS).filter(|&column| warp[column as usize] == *ink) {
            let x = 100.0 + THREAD * (f64::from(column) + 0.5);
            threads.segment(
                point(x, 70.0 + random.between(0.0, 12.0)),
                point(x, 930.0 - random.between(0.0, 12.0)),
            );
        }
        if !threads.is_empty() {
            sheet.add(Element::path(&threads).stroke(ink, THREAD - 3.0));
        }
    }
    for ink in &inks {
        let mut threads = Path::new();
        for row in (0..ALONG).filter(|&row| weft[row as usize] == *ink) {
            let y = 100.0 + THREAD * (f64::from(row) + 0.5);
            // The twill turns back at every tenth row, which draws a zigzag.
            let turn = if (row / 10) % 2 == 0 { row } else { -row };
            for column in 0..ACROSS {
                if (column + turn).rem_euclid(4) == 0 {
                    let from = (100.0 + THREAD * f64::from(column) + 1.0).max(96.0);
                    let to = (from + THREAD * 2.0 - 2.0).min(704.0);
                    threads.segment(point(from, y), point(to, y));
                }
            }
        }
        if !threads.is_empty() {
            sheet.add(Element::path(&threads).stroke(ink, THREAD - 3.0));
        }
    }
    sheet.speckle(seed, CHALK, 0.45);
    sheet
}

/// Colors for so many threads, in bands that mirror round the middle.
fn stripes(random: &mut Random, count: i32, inks: &[&'static str]) -> Vec<&'static str> {
    let half = (count as usize).div_ceil(2);
    let mut colors = Vec::new();
    while colors.len() < half {
        let ink = random.pick(inks);
        let width = random.pick(&[1, 2, 2, 4, 5]);
        colors.extend(std::iter::repeat_n(ink, width));
    }
    colors.truncate(half);
    let mirrored: Vec<&str> = colors
        .iter()
        .rev()
        .skip(count as usize % 2)
        .copied()
        .collect();
    colors.extend(mirrored);
    colors
}
