use crate::geometry::{Point, point};
use crate::palette::{CLAY, INDIGO, INK, OCHRE, PAPER, RUST, SEA, STRAW};
use crate::path::Path;
use crate::random::Random;
use crate::svg::{Element, Sheet};

/// A hanging mobile that would really balance: every rod is hung from the point that divides it in the
/// inverse ratio of what hangs from its ends, all the way down to single leaves of sheet metal.
pub(crate) fn draw(seed: u64) -> Sheet {
    let mut random = Random::seeded(seed);
    let mut sheet = Sheet::portrait(PAPER);
    sheet.add(
        Element::circle(point(250.0, 690.0), 150.0)
            .fill(STRAW)
            .opacity(0.5),
    );
    let (mut rods, mut plates) = (Path::new(), Vec::new());
    let weights = [9.0, 3.0, 5.0, 2.0, 4.0, 1.6, 2.6, 1.2];
    let mut hook = point(380.0, 190.0);
    rods.segment(point(380.0, 0.0), hook);
    let mut side = -1.0;
    for (index, &weight) in weights.iter().enumerate() {
        let rest: f64 = weights[index + 1..].iter().sum();
        if rest == 0.0 {
            plates.push((hook + point(0.0, 26.0), weight));
            rods.segment(hook, hook + point(0.0, 26.0));
            break;
        }
        let length = 282.0 - 26.0 * index as f64;
        // The lever: the plate's arm is to the rod as the rest is to the whole.
        let arm = length * rest / (rest + weight);
        let plate = hook + point(side * arm, random.between(12.0, 34.0));
        let onward = hook + point(-side * (length - arm), random.between(16.0, 40.0));
        rods.move_to(plate);
        let slope = (onward - plate) * (0.45 / onward.distance(plate));
        rods.bend_to(hook - slope * arm, hook);
        rods.bend_to(hook + slope * (length - arm), onward);
        let drop = random.between(20.0, 48.0);
        rods.segment(plate, plate + point(0.0, drop));
        plates.push((plate + point(0.0, drop), weight));
        let next = onward + point(0.0, 66.0);
        rods.segment(onward, next);
        hook = next;
        side = -side;
    }
    sheet.add(Element::path(&rods).stroke(INK, 2.4).round());
    let inks = [RUST, INDIGO, OCHRE, INK, SEA, CLAY, INDIGO, RUST];
    for (index, (top, weight)) in plates.into_iter().enumerate() {
        let lean = if index % 2 == 0 { 1.0 } else { -1.0 };
        sheet.add(Element::path(&plate(top, weight, lean)).fill(inks[index % inks.len()]));
    }
    sheet.speckle(seed, PAPER, 0.5);
    sheet
}

/// A leaf of sheet metal hung by its upper tip; its area goes with its weight.
fn plate(top: Point, weight: f64, lean: f64) -> Path {
    let size = 30.0 * weight.sqrt();
    let at = |x: f64, y: f64| top + point(lean * size * x, size * y);
    let mut path = Path::new();
    path.move_to(at(0.0, -0.12));
    path.curve_to(at(0.75, -0.1), at(1.12, 0.75), at(0.35, 1.15));
    path.curve_to(at(-0.1, 1.42), at(-0.95, 1.3), at(-0.8, 0.78));
    path.curve_to(at(-0.7, 0.4), at(-0.5, -0.1), at(0.0, -0.12));
    path.close();
    path
}
