use std::f64::consts::TAU;

use crate::random::{fraction, scramble};

/// Smooth gradient noise over the plane: a random slope at every crossing of a lattice, blended in between.
/// Random heights would be simpler, but their hills line up with the lattice and the eye sees it.
pub(crate) struct Noise {
    seed: u64,
}

impl Noise {
    pub(crate) fn seeded(seed: u64) -> Self {
        Self {
            seed: scramble(seed.wrapping_add(1)),
        }
    }

    /// The height at a place, mostly within `-1.0..1.0`; it changes over a distance of about one.
    pub(crate) fn at(&self, x: f64, y: f64) -> f64 {
        let (column, row) = (x.floor(), y.floor());
        let (across, down) = (ease(x - column), ease(y - row));
        let (column, row) = (column as i64, row as i64);
        let height = |right: i64, lower: i64| {
            let (slope_x, slope_y) = self.slope(column + right, row + lower);
            slope_x * (x - (column + right) as f64) + slope_y * (y - (row + lower) as f64)
        };
        let upper = blend(height(0, 0), height(1, 0), across);
        let lower = blend(height(0, 1), height(1, 1), across);
        1.5 * blend(upper, lower, down)
    }

    /// The sum of `octaves` layers, each twice as fine and half as high as the one before.
    pub(crate) fn layered(&self, x: f64, y: f64, octaves: u32) -> f64 {
        let (mut sum, mut height, mut scale) = (0.0, 0.5, 1.0);
        for octave in 0..octaves {
            let shift = f64::from(octave) * 17.3;
            sum += height * self.at(x * scale + shift, y * scale - shift);
            height *= 0.5;
            scale *= 2.0;
        }
        sum / (1.0 - height * 2.0)
    }

    fn slope(&self, column: i64, row: i64) -> (f64, f64) {
        let place = (column as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15)
            ^ (row as u64).wrapping_mul(0xc2b2_ae3d_27d4_eb4f);
        let angle = fraction(scramble(scramble(place) ^ self.seed)) * TAU;
        (angle.cos(), angle.sin())
    }
}

fn ease(t: f64) -> f64 {
    t * t * t * (t * (t * 6.0 - 15.0) + 10.0)
}

fn blend(from: f64, to: f64, t: f64) -> f64 {
    from + (to - from) * t
}
