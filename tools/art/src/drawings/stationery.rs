//! Pictures of things made of paper, each with a small drawing of its own on it.

use std::f64::consts::{PI, TAU};

use crate::geometry::{Point, point};
use crate::palette::{
    BLUSH, CHALK, CLAY, FOREST, INDIGO, INK, LICHEN, MIST, NIGHT, OCHRE, PAPER, PLUM, RUST, SAGE,
    SAND, SEA, STONE, STRAW,
};
use crate::path::Path;
use crate::svg::{Element, Sheet};

use super::sprigs::leaf;

/// A notebook on a table, waves all over its cover, a band round it and a ribbon below.
pub(crate) fn notebook() -> Sheet {
    let mut sheet = Sheet::portrait(SAND);
    sheet.define_clip(
        "cover",
        Element::rect(170.0, 130.0, 470.0, 700.0).with("rx", 14),
    );
    sheet.add(
        Element::rect(184.0, 148.0, 474.0, 704.0)
            .with("rx", 16)
            .fill(STONE),
    );
    let mut ribbon = Path::new();
    ribbon.polygon(&[
        point(520.0, 820.0),
        point(542.0, 820.0),
        point(546.0, 912.0),
        point(533.0, 900.0),
        point(521.0, 914.0),
    ]);
    sheet.add(Element::path(&ribbon).fill(RUST));
    sheet.add(
        Element::rect(178.0, 138.0, 470.0, 700.0)
            .with("rx", 14)
            .fill(CHALK),
    );
    let mut cover = Element::group()
        .clipped("cover")
        .child(Element::rect(170.0, 130.0, 470.0, 700.0).fill(INDIGO));
    let mut waves = Path::new();
    for row in 0..24 {
        let y = 140.0 + 30.0 * f64::from(row);
        let points: Vec<Point> = (0..=16)
            .map(|step| {
                let x = 150.0 + 32.0 * f64::from(step);
                point(
                    x,
                    y + 15.0
                        * (x / 74.0 + f64::from(row) * 0.42).sin()
                        * (0.35 + 0.65 * (f64::from(row) / 24.0 * PI).sin()),
                )
            })
            .collect();
        waves.spline(&points);
    }
    cover.push(Element::path(&waves).stroke(MIST, 3.0));
    cover.push(Element::rect(170.0, 130.0, 46.0, 700.0).fill(NIGHT));
    sheet.add(cover);
    sheet.add(Element::circle(point(430.0, 356.0), 84.0).fill(PAPER));
    sheet.add(Element::circle(point(430.0, 356.0), 70.0).stroke(INDIGO, 2.4));
    sheet.add(
        Element::path(&wheel(point(430.0, 356.0), 48.0))
            .stroke(INDIGO, 5.0)
            .round(),
    );
    sheet.add(Element::rect(584.0, 128.0, 17.0, 706.0).fill(RUST));
    sheet.speckle(3, PAPER, 0.5);
    sheet
}

/// The shop's mark: a cartwheel.
fn wheel(center: Point, radius: f64) -> Path {
    let mut path = Path::new();
    path.circle(center, radius);
    path.circle(center, radius * 0.22);
    for spoke in 0..8 {
        let angle = f64::from(spoke) / 8.0 * TAU;
        path.segment(
            center.towards(angle, radius * 0.22),
            center.towards(angle, radius),
        );
    }
    path
}

/// Six postcards laid out in a loose grid, each a landscape of three shapes.
pub(crate) fn postcards() -> Sheet {
    let mut sheet = Sheet::portrait("#e4d6c3");
    let cards = [
        (MIST, CHALK, SEA, INDIGO, -5.0),
        (BLUSH, RUST, CLAY, PLUM, 4.0),
        (STRAW, OCHRE, SAGE, FOREST, 3.0),
        (INDIGO, STRAW, SEA, NIGHT, -4.0),
        (SAND, CLAY, LICHEN, SAGE, -3.0),
        (PLUM, BLUSH, RUST, INK, 5.0),
    ];
    for (index, (sky, disc, far, near, tilt)) in cards.into_iter().enumerate() {
        let (column, row) = ((index % 2) as f64, (index / 2) as f64);
        let center = point(222.0 + 356.0 * column, 196.0 + 304.0 * row);
        let id = format!("c{index}");
        sheet.define_clip(&id, Element::rect(-144.0, -98.0, 288.0, 196.0));
        let lean = if index % 2 == 0 { 1.0 } else { -1.0 };
        let (mut hill, mut field) = (Path::new(), Path::new());
        hill.spline(&[
            point(-160.0, 60.0),
            point(-110.0, 10.0 - 30.0 * lean),
            point(-20.0, 40.0 + 20.0 * lean),
            point(70.0, -10.0 + 40.0 * lean),
            point(160.0, 20.0),
            point(160.0, 130.0),
            point(-160.0, 130.0),
        ]);
        field.spline(&[
            point(-160.0, 60.0 + 24.0 * lean),
            point(-40.0, 30.0 + 10.0 * lean),
            point(60.0, 80.0),
            point(160.0, 50.0 - 24.0 * lean),
            point(170.0, 140.0),
            point(-170.0, 140.0),
        ]);
        let view = Element::group()
            .clipped(&id)
            .child(Element::rect(-144.0, -98.0, 288.0, 196.0).fill(sky))
            .child(Element::circle(point(60.0 * lean, -30.0), 36.0).fill(disc))
            .child(Element::path(&hill).fill(far))
            .child(Element::path(&field).fill(near));
        let place = format!("translate({} {})rotate({tilt})", center.x, center.y);
        sheet.add(
            Element::group()
                .with("transform", place)
                .child(
                    Element::rect(-152.0, -103.0, 316.0, 224.0)
                        .fill(INK)
                        .opacity(0.16),
                )
                .child(Element::rect(-158.0, -112.0, 316.0, 224.0).fill(CHALK))
                .child(view),
        );
    }
    sheet.speckle(5, CHALK, 0.5);
    sheet
}

/// Five bookmarks side by side, each with a pattern of its own and a tassel.
pub(crate) fn bookmarks() -> Sheet {
    let mut sheet = Sheet::portrait(PAPER);
    let inks = [
        (INDIGO, MIST),
        (RUST, BLUSH),
        (FOREST, LICHEN),
        (OCHRE, PAPER),
        (PLUM, STRAW),
    ];
    for (index, (ground, ink)) in inks.into_iter().enumerate() {
        let left = 82.0 + 132.0 * index as f64;
        let top = if index % 2 == 0 { 132.0 } else { 168.0 };
        sheet.add(
            Element::rect(left + 7.0, top + 8.0, 108.0, 660.0)
                .fill(INK)
                .opacity(0.14),
        );
        sheet.add(Element::rect(left, top, 108.0, 660.0).fill(ground));
        sheet
            .add(motif(index, left, top).with(if index % 2 == 0 { "stroke" } else { "fill" }, ink));
        let mut tassel = Path::new();
        let eye = point(left + 54.0, top + 26.0);
        tassel.move_to(eye);
        tassel.bend_to(eye + point(30.0, -60.0), eye + point(6.0, -92.0));
        sheet.add(Element::path(&tassel).stroke(ground, 3.0).round());
        sheet.add(Element::circle(eye, 7.0).fill(PAPER));
    }
    sheet.speckle(8, PAPER, 0.5);
    sheet
}

/// The pattern of one bookmark; the caller gives it its ink.
fn motif(index: usize, left: f64, top: f64) -> Element {
    let mut path = Path::new();
    let middle = left + 54.0;
    for step in 0_i32..10 {
        let y = top + 72.0 + 60.0 * f64::from(step);
        match index {
            0 => [12.0, 24.0, 36.0]
                .iter()
                .for_each(|&radius| path.circle(point(middle, y.min(top + 616.0)), radius * 0.8)),
            1 => path.polygon(&[
                point(left + 16.0, y),
                point(left + 92.0, y),
                point(middle, y + 46.0),
            ]),
            2 => path.spline(
                &(0..=8)
                    .map(|bend| {
                        point(
                            left + 14.0 + 10.0 * f64::from(bend),
                            y + if bend % 2 == 0 { 18.0 } else { -18.0 },
                        )
                    })
                    .collect::<Vec<_>>(),
            ),
            3 => {
                leaf(&mut path, point(middle, y + 44.0), -0.9, 52.0, 18.0);
                leaf(&mut path, point(middle, y + 44.0), -PI + 0.9, 52.0, 18.0);
            }
            _ => (-1..=1).for_each(|side| {
                let arm = 10.0 + 10.0 * f64::from((step + side).rem_euclid(3));
                path.segment(
                    point(middle + 30.0 * f64::from(side), y - arm),
                    point(middle + 30.0 * f64::from(side), y + arm),
                );
            }),
        }
    }
    let shape = Element::path(&path);
    if index.is_multiple_of(2) {
        shape.with("fill", "none").with("stroke-width", 4).round()
    } else {
        shape
    }
}
