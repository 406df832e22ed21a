use crate::geometry::point;
use crate::noise::Noise;
use crate::palette::{CHALK, between};
use crate::path::Path;
use crate::svg::{Element, Sheet};

/// The light of one hour: what is far, what is near, and the disc in the sky.
pub(crate) struct Light {
    pub(crate) seed: u64,
    pub(crate) sky: &'static str,
    pub(crate) far: &'static str,
    pub(crate) middle: &'static str,
    pub(crate) near: &'static str,
    pub(crate) disc: &'static str,
    pub(crate) disc_at: (f64, f64, f64),
}

const LAYERS: u32 = 8;

/// Ridge behind ridge, each fading into mist at its foot: the near ones are darker, and rougher.
pub(crate) fn draw(light: &Light) -> Sheet {
    let noise = Noise::seeded(light.seed);
    let mut sheet = Sheet::portrait(light.sky);
    let (x, y, radius) = light.disc_at;
    sheet.add(Element::circle(point(x, y), radius).fill(light.disc));
    for layer in 0..LAYERS {
        let near = f64::from(layer) / f64::from(LAYERS - 1);
        let color = if near < 0.5 {
            between(light.far, light.middle, near * 2.0)
        } else {
            between(light.middle, light.near, near * 2.0 - 1.0)
        };
        let id = format!("m{layer}");
        sheet.define(
            Element::new("linearGradient")
                .with("id", &id)
                .with("x2", 0)
                .with("y2", 1)
                .child(Element::new("stop").with("stop-color", &color))
                .child(
                    Element::new("stop")
                        .with("offset", 0.75)
                        .with("stop-color", between(&color, light.sky, 0.72 - 0.5 * near)),
                ),
        );
        let base = 360.0 + 540.0 * near.powf(1.15);
        let height = 150.0 - 40.0 * near;
        let mut ridge = Path::new();
        ridge.move_to(point(0.0, base + 260.0));
        for step in 0..=64 {
            let x = f64::from(step) * 12.5;
            let wide = noise.layered(x / 330.0 + near * 9.0, near * 31.0, 2);
            let rough = noise.layered(x / 60.0, near * 57.0 + 3.0, 3);
            ridge.line_to(point(x, base - height * wide - 26.0 * rough));
        }
        ridge.line_to(point(800.0, base + 260.0));
        ridge.close();
        sheet.add(Element::path(&ridge).fill(&format!("url(#{id})")));
    }
    sheet.speckle(light.seed, CHALK, 0.35);
    sheet
}
