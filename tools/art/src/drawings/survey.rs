use crate::geometry::{Point, point};
use crate::isoline::Relief;
use crate::noise::Noise;
use crate::palette::{CLAY, INK, PAPER, RUST, SAGE};
use crate::path::Path;
use crate::svg::{Element, Sheet};

/// A hill country in lines of equal height, as a surveyor would draw it: every fourth line heavier, the
/// summits marked by a triangle, one path across.
pub(crate) fn draw(seed: u64) -> Sheet {
    let noise = Noise::seeded(seed);
    let height = |place: Point| {
        let hill =
            |x: f64, y: f64, reach: f64| (1.0 - place.distance(point(x, y)) / reach).max(-0.4);
        hill(300.0, 380.0, 380.0).max(0.0)
            + 0.8 * hill(560.0, 700.0, 300.0).max(0.0)
            + 0.42 * noise.layered(place.x / 210.0, place.y / 210.0, 2)
    };
    let relief = Relief::sample(point(60.0, 60.0), point(740.0, 940.0), 24.0, height);
    let mut sheet = Sheet::portrait(PAPER);
    sheet.define_clip("frame", Element::rect(72.0, 72.0, 656.0, 856.0));
    let (mut thin, mut heavy, mut high) = (Path::new(), Path::new(), Path::new());
    for step in 0..17 {
        let level = -0.28 + 0.085 * f64::from(step);
        for line in relief.lines_at(level) {
            let path = if step % 4 == 2 { &mut heavy } else { &mut thin };
            path.blob(&line);
            if step == 9 {
                high.blob(&line);
            }
        }
    }
    let mut map = Element::group().clipped("frame");
    map.push(
        Element::path(&high)
            .fill(CLAY)
            .with("fill-rule", "evenodd")
            .opacity(0.22),
    );
    map.push(Element::path(&thin).stroke(RUST, 1.1));
    map.push(Element::path(&heavy).stroke(RUST, 2.4));
    map.push(
        Element::path(&trail(&height))
            .stroke(SAGE, 4.0)
            .with("stroke-dasharray", "11 8")
            .round(),
    );
    for start in [point(300.0, 380.0), point(560.0, 700.0)] {
        let top = summit(start, &height);
        let mut mark = Path::new();
        mark.polygon(&[
            top + point(0.0, -12.0),
            top + point(10.5, 6.0),
            top + point(-10.5, 6.0),
        ]);
        map.push(Element::path(&mark).fill(INK));
    }
    sheet.add(map);
    sheet.add(Element::rect(72.0, 72.0, 656.0, 856.0).stroke(INK, 1.6));
    sheet.speckle(seed, PAPER, 0.4);
    sheet
}

/// The highest place nearby, found by climbing.
fn summit(start: Point, height: &impl Fn(Point) -> f64) -> Point {
    let mut here = start;
    for _ in 0..60 {
        for step in [
            point(3.0, 0.0),
            point(-3.0, 0.0),
            point(0.0, 3.0),
            point(0.0, -3.0),
        ] {
            if height(here + step) > height(here) {
                here = here + step;
            }
        }
    }
    here
}

/// A walk from the top of the sheet to the bottom that turns aside from steep ground.
fn trail(height: &impl Fn(Point) -> f64) -> Path {
    let mut here = point(640.0, 60.0);
    let mut walk = vec![here];
    while here.y < 950.0 {
        let ahead = (-6..=6).map(|turn| {
            let angle = std::f64::consts::FRAC_PI_2 + f64::from(turn) * 0.14;
            let next = here.towards(angle, 34.0);
            let toil = (height(next) - 0.12).abs() * 2.0
                + f64::from(turn).abs() * 0.015
                + (next.x - 400.0).abs() / 1300.0;
            (next, toil)
        });
        here = ahead
            .min_by(|a, b| a.1.total_cmp(&b.1))
            .map_or(here + point(0.0, 34.0), |(next, _)| next);
        walk.push(here);
    }
    let mut path = Path::new();
    path.spline(&walk);
    path
}
