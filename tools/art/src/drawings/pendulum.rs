use std::f64::consts::{PI, TAU};

use crate::geometry::{Point, point};
use crate::path::Path;
use crate::svg::{Element, Sheet};

/// A swing of the pen: how often, from where, and how wide.
#[derive(Clone, Copy)]
pub(crate) struct Swing {
    pub(crate) pace: f64,
    pub(crate) phase: f64,
    pub(crate) reach: f64,
}

/// A harmonograph: the pen hangs from two pendulums across and two along, all of which slowly run down.
pub(crate) struct Pendulum {
    pub(crate) ground: &'static str,
    pub(crate) ink: &'static str,
    pub(crate) second: &'static str,
    pub(crate) across: [Swing; 2],
    pub(crate) along: [Swing; 2],
    pub(crate) decay: f64,
    pub(crate) swings: f64,
}

const PIECES: f64 = 9.0;

pub(crate) fn draw(pendulum: &Pendulum) -> Sheet {
    let mut sheet = Sheet::portrait(pendulum.ground);
    let (first, last) = (trace(pendulum, 0.0, 0.55), trace(pendulum, 0.55, 1.0));
    sheet.add(Element::path(&first).stroke(pendulum.ink, 1.1));
    sheet.add(Element::path(&last).stroke(pendulum.second, 1.1));
    sheet
}

/// A part of the trace as cubic pieces whose ends and directions lie exactly on it.
fn trace(pendulum: &Pendulum, from: f64, to: f64) -> Path {
    let total = pendulum.swings * PIECES;
    let (first, last) = ((total * from) as u32, (total * to) as u32);
    let step = TAU / PIECES;
    let mut path = Path::new();
    path.move_to(place(pendulum, f64::from(first) * step));
    for piece in first..last {
        let (start, end) = (f64::from(piece) * step, f64::from(piece + 1) * step);
        let (here, there) = (place(pendulum, start), place(pendulum, end));
        path.curve_to(
            here + speed(pendulum, start) * (step / 3.0),
            there - speed(pendulum, end) * (step / 3.0),
            there,
        );
    }
    path
}

fn place(pendulum: &Pendulum, time: f64) -> Point {
    let sum = |swings: &[Swing; 2]| {
        swings
            .iter()
            .map(|swing| swing.reach * (swing.pace * time + swing.phase * PI).sin())
            .sum::<f64>()
    };
    let fade = (-pendulum.decay * time).exp();
    point(
        400.0 + fade * sum(&pendulum.across),
        500.0 + fade * sum(&pendulum.along),
    )
}

/// The speed of the pen, measured over a moment short enough to count as none.
fn speed(pendulum: &Pendulum, time: f64) -> Point {
    let moment = 1e-4;
    (place(pendulum, time + moment) - place(pendulum, time - moment)) * (0.5 / moment)
}
