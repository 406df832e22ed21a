use crate::geometry::{Point, point};
use crate::noise::Noise;
use crate::palette::{BLUSH, CHALK, CLAY, INK, OCHRE, PAPER, PLUM, RUST, SAND, SEA, STONE, STRAW};
use crate::path::Path;
use crate::random::Random;
use crate::svg::{Element, Sheet};

/// A cut through the ground: folded layers of rock, each with the hatching a geologist gives it, broken by
/// one fault along which the right half has slipped.
pub(crate) fn draw(seed: u64) -> Sheet {
    let mut random = Random::seeded(seed);
    let noise = Noise::seeded(seed);
    let mut sheet = Sheet::portrait(PAPER);
    define_hatchings(&mut sheet);
    let mut left = Path::new();
    left.polygon(&[
        point(80.0, 80.0),
        point(556.0, 80.0),
        point(420.0, 920.0),
        point(80.0, 920.0),
    ]);
    let mut right = Path::new();
    right.polygon(&[
        point(564.0, 80.0),
        point(720.0, 80.0),
        point(720.0, 920.0),
        point(428.0, 920.0),
    ]);
    sheet.define_clip("left", Element::path(&left));
    sheet.define_clip("right", Element::path(&right));

    let mut layers = Element::group().with("id", "layers");
    let colors = [
        SAND, OCHRE, CLAY, CHALK, SEA, STRAW, RUST, STONE, PLUM, BLUSH, OCHRE, INK, CLAY, SEA,
    ];
    let hatchings = [
        "dots", "", "lines", "bricks", "", "waves", "dots", "", "lines",
    ];
    let mut top = 170.0;
    for (index, color) in colors.into_iter().enumerate() {
        let fold = 0.4 + index as f64 * 0.04;
        let mut layer = Path::new();
        let surface: Vec<Point> = (-1..=15)
            .map(|step| {
                let x = 60.0 + 48.0 * f64::from(step);
                let bend = (x / 150.0 + 0.4).sin() * 62.0 * fold;
                point(
                    x,
                    top + bend + 26.0 * noise.at(x / 170.0, index as f64 * 0.7),
                )
            })
            .collect();
        layer.spline(&surface);
        layer.line_to(point(800.0, 1080.0));
        layer.line_to(point(12.0, 1080.0));
        layer.close();
        layers.push(Element::path(&layer).fill(color));
        let hatching = hatchings[index % hatchings.len()];
        if !hatching.is_empty() {
            layers.push(
                Element::path(&layer)
                    .fill(&format!("url(#{hatching})"))
                    .opacity(0.5),
            );
        }
        top += random.pick(&[34.0, 48.0, 58.0, 78.0, 92.0]);
    }
    sheet.define(layers);
    sheet.add(
        Element::group()
            .clipped("left")
            .child(Element::copy_of("layers", point(0.0, 0.0))),
    );
    sheet.add(
        Element::group()
            .clipped("right")
            .child(Element::copy_of("layers", point(0.0, 66.0))),
    );
    sheet.speckle(seed, CHALK, 0.5);
    sheet
}

fn define_hatchings(sheet: &mut Sheet) {
    let tile = |id: &str, width: u32, height: u32, data: &str, stroke: f64| {
        Element::new("pattern")
            .with("id", id)
            .with("width", width)
            .with("height", height)
            .with("patternUnits", "userSpaceOnUse")
            .child(
                Element::new("path")
                    .with("d", data)
                    .stroke(INK, stroke)
                    .round(),
            )
    };
    sheet.define(tile("dots", 22, 20, "M5 5h0M16 15h0", 3.2));
    sheet.define(tile("lines", 9, 9, "M0 4.5h9", 1.2).with("patternTransform", "rotate(-14)"));
    sheet.define(tile(
        "bricks",
        44,
        28,
        "M0 .5h44M0 14.5h44M11 0v14M33 14v14",
        1.2,
    ));
    sheet.define(tile("waves", 36, 14, "M0 7q9-8 18 0t18 0", 1.4));
}
