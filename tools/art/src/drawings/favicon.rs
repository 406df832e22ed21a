use std::f64::consts::TAU;

use crate::geometry::point;
use crate::palette::{CHALK, RUST};
use crate::path::Path;
use crate::svg::{Element, Sheet};

/// The mark of the house: a cartwheel of six spokes, light on a rust disc, so that it stands out on light
/// and dark tabs alike and survives being sixteen pixels wide.
pub(crate) fn draw() -> Sheet {
    let center = point(32.0, 32.0);
    let mut sheet = Sheet::mark(64);
    let mut spokes = Path::new();
    for spoke in 0..3 {
        let angle = (f64::from(spoke) + 0.5) / 6.0 * TAU;
        spokes.segment(center.towards(angle, 21.0), center.towards(angle, -21.0));
    }
    sheet.add(Element::circle(center, 32.0).fill(RUST));
    sheet.add(Element::circle(center, 21.0).stroke(CHALK, 6.0));
    sheet.add(Element::path(&spokes).stroke(CHALK, 4.4));
    sheet.add(Element::circle(center, 7.0).fill(CHALK));
    sheet
}
