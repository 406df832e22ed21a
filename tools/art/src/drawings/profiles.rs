use crate::geometry::point;
use crate::noise::Noise;
use crate::palette::{CHALK, NIGHT, STRAW, between};
use crate::path::Path;
use crate::svg::{Element, Sheet};

/// Forty profiles of one mountain, stacked from back to front. Each is filled with the ground, so that a
/// nearer line hides what lies behind it.
pub(crate) fn draw(seed: u64) -> Sheet {
    let noise = Noise::seeded(seed);
    let mut sheet = Sheet::portrait(NIGHT);
    let mut lines = Element::group()
        .with("stroke-width", 2)
        .with("stroke-linejoin", "round")
        .fill(NIGHT);
    for row in 0..40 {
        let depth = f64::from(row) / 39.0;
        let base = 250.0 + 570.0 * depth;
        let points: Vec<_> = (0..=36)
            .map(|step| {
                let across = f64::from(step) / 36.0;
                let bump = |middle: f64, spread: f64| (-((across - middle) / spread).powi(2)).exp();
                let ridge = bump(0.46 + 0.1 * (depth * 4.0).sin(), 0.16)
                    + 0.55 * bump(0.64 - 0.12 * depth, 0.09);
                let rough = 0.5 + noise.layered(across * 11.0, depth * 7.0, 3).abs() * 1.5;
                let calm = 4.0 * noise.at(across * 30.0, depth * 60.0);
                let swell = 0.35 + 0.65 * (std::f64::consts::PI * depth).sin();
                point(
                    130.0 + 540.0 * across,
                    base - 118.0 * ridge * rough * swell - calm,
                )
            })
            .collect();
        let mut line = Path::new();
        line.spline(&points);
        let color = between(STRAW, CHALK, (depth * 1.6).min(1.0));
        lines.push(Element::path(&line).with("stroke", color));
    }
    sheet.add(lines);
    sheet
}
