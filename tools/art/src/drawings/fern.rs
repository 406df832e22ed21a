use crate::geometry::{Point, point};
use crate::palette::{CHALK, FOREST, ICE, INK, LICHEN, SAGE, between};
use crate::path::Path;
use crate::svg::{Element, Sheet};

/// Three fronds, each a curved stem with pairs of leaflets that grow and shrink again towards the tip. All
/// leaflets are one drawing, turned and scaled.
pub(crate) fn draw(seed: u64) -> Sheet {
    let mut sheet = Sheet::portrait(ICE);
    sheet.define(leaflet());
    let root = point(392.0, 930.0);
    let fronds = [
        (point(180.0, 600.0), point(96.0, 330.0), LICHEN, 0.78),
        (point(600.0, 640.0), point(716.0, 400.0), SAGE, 0.8),
        (point(350.0, 560.0), point(492.0, 84.0), FOREST, 1.15),
    ];
    for (control, tip, ink, size) in fronds {
        sheet.add(frond(root, control, tip, ink, size));
    }
    sheet.speckle(seed, CHALK, 0.6);
    sheet
}

/// A pinna pointing to the right: a thin rib with lobes on both sides, 100 long.
fn leaflet() -> Element {
    let mut lobes = Path::new();
    for lobe in 0..9 {
        let x = 4.0 + 10.2 * f64::from(lobe);
        let length = 17.5 - 1.5 * f64::from(lobe);
        for side in [-1.0, 1.0] {
            lobes.move_to(point(x, 0.0));
            lobes.bend_to(
                point(x - 3.0, side * length * 0.8),
                point(x + 6.5, side * length),
            );
            lobes.bend_to(point(x + 13.0, side * length * 0.7), point(x + 11.0, 0.0));
            lobes.close();
        }
    }
    lobes.move_to(point(90.0, -3.0));
    lobes.bend_to(point(100.0, -1.5), point(108.0, 0.0));
    lobes.bend_to(point(100.0, 1.5), point(90.0, 3.0));
    lobes.close();
    Element::path(&lobes).with("id", "leaf")
}

fn frond(root: Point, control: Point, tip: Point, ink: &str, size: f64) -> Element {
    let along = |t: f64| root.mix(control, t).mix(control.mix(tip, t), t);
    let mut stem = Path::new();
    stem.move_to(root);
    stem.bend_to(control, tip);
    let mut leaves = Element::group();
    for pair in 0..24 {
        let t = 0.2 + 0.79 * f64::from(pair) / 23.0;
        let place = along(t);
        let ahead = along((t + 0.01).min(1.0)) - along(t - 0.01);
        let heading = ahead.y.atan2(ahead.x).to_degrees();
        // Leaflets are longest a third of the way up and lie closer to the stem towards the tip.
        let share = (t - 0.2) / 0.79;
        let length = size * 1.5 * (0.42 + share * 2.3).min(1.0) * (1.04 - share).powf(0.8);
        let spread = 78.0 - 40.0 * share;
        for side in [-1.0, 1.0] {
            leaves.push(Element::turned_copy_of(
                "leaf",
                place,
                heading + side * spread,
                length,
            ));
        }
    }
    Element::group()
        .child(
            Element::path(&stem)
                .stroke(&between(ink, INK, 0.35), 4.0 * size)
                .round(),
        )
        .child(leaves.fill(ink))
}
