use crate::geometry::{Point, point};
use crate::palette::{CHALK, INDIGO, NIGHT, STRAW, between};
use crate::path::Path;
use crate::svg::{Element, Sheet};

/// One month of moons, five by six. The lit part of each is bounded by half a circle and half an ellipse,
/// the ellipse being the day's edge seen at an angle.
pub(crate) fn draw() -> Sheet {
    let mut sheet = Sheet::portrait(NIGHT);
    let mut dark = Element::group().fill(&between(NIGHT, INDIGO, 0.6));
    let mut lit = Path::new();
    for day in 0..30 {
        let center = point(
            148.0 + 126.0 * f64::from(day % 5),
            172.0 + 131.0 * f64::from(day / 5),
        );
        let radius = 47.0;
        dark.push(Element::circle(center, radius));
        add_phase(&mut lit, center, radius, (f64::from(day) + 0.5) / 30.0);
    }
    sheet.add(dark);
    sheet.add(Element::path(&lit).fill(STRAW));
    sheet.speckle(7, NIGHT, 0.5);
    sheet.add(
        Element::rect(60.0, 60.0, 680.0, 880.0)
            .stroke(CHALK, 1.2)
            .opacity(0.5),
    );
    sheet
}

/// Adds the lit part at a share of the month; the light comes from the right, then goes to the left.
fn add_phase(path: &mut Path, center: Point, radius: f64, share: f64) {
    let waxing = share < 0.5;
    let side = if waxing { 1.0 } else { -1.0 };
    let edge = side * radius * (share * std::f64::consts::TAU).cos();
    // Four cubic pieces come within a thousandth of a true half circle and half ellipse.
    let bow = 0.5523;
    let (top, bottom) = (center - point(0.0, radius), center + point(0.0, radius));
    path.move_to(top);
    for (width, from, to) in [(side * radius, top, bottom), (edge, bottom, top)] {
        let away = if from.y < to.y { 1.0 } else { -1.0 };
        let middle = center + point(width, 0.0);
        path.curve_to(
            from + point(width * bow, 0.0),
            middle - point(0.0, away * radius * bow),
            middle,
        );
        path.curve_to(
            middle + point(0.0, away * radius * bow),
            to + point(width * bow, 0.0),
            to,
        );
    }
    path.close();
}
