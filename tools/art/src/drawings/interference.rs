use crate::geometry::point;
use crate::palette::{INDIGO, PAPER, RUST};
use crate::path::Path;
use crate::svg::{Element, Sheet};

/// Two sets of rings, one in each ink, a hand's breadth apart. The third figure, between them, is printed
/// by nobody: it is where the lines of one fall into the gaps of the other.
pub(crate) fn draw() -> Sheet {
    let mut sheet = Sheet::portrait(PAPER);
    for (center, ink) in [(point(400.0, 412.0), INDIGO), (point(400.0, 588.0), RUST)] {
        let mut rings = Path::new();
        for ring in 1..=27 {
            rings.circle(center, f64::from(ring) * 11.0);
        }
        sheet.add(
            Element::path(&rings)
                .stroke(ink, 4.2)
                .with("stroke-opacity", 0.86),
        );
        sheet.add(Element::circle(center, 5.5).fill(ink));
    }
    sheet
}
