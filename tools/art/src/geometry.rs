use std::ops::{Add, Mul, Sub};

/// A place or a direction on the sheet; y grows downwards, as in SVG.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Point {
    pub(crate) x: f64,
    pub(crate) y: f64,
}

pub(crate) const fn point(x: f64, y: f64) -> Point {
    Point { x, y }
}

impl Point {
    /// The place at a distance and an angle from here; the angle is in radians, clockwise from the right.
    pub(crate) fn towards(self, angle: f64, distance: f64) -> Self {
        point(
            self.x + angle.cos() * distance,
            self.y + angle.sin() * distance,
        )
    }

    pub(crate) fn mix(self, other: Self, t: f64) -> Self {
        self + (other - self) * t
    }

    pub(crate) fn dot(self, other: Self) -> f64 {
        self.x * other.x + self.y * other.y
    }

    pub(crate) fn length(self) -> f64 {
        self.dot(self).sqrt()
    }

    pub(crate) fn distance(self, other: Self) -> f64 {
        (other - self).length()
    }
}

impl Add for Point {
    type Output = Self;
    fn add(self, other: Self) -> Self {
        point(self.x + other.x, self.y + other.y)
    }
}

impl Sub for Point {
    type Output = Self;
    fn sub(self, other: Self) -> Self {
        point(self.x - other.x, self.y - other.y)
    }
}

impl Mul<f64> for Point {
    type Output = Self;
    fn mul(self, factor: f64) -> Self {
        point(self.x * factor, self.y * factor)
    }
}

/// The corners of a rectangle, clockwise from the upper left.
pub(crate) fn rectangle(left: f64, top: f64, width: f64, height: f64) -> Vec<Point> {
    let (right, bottom) = (left + width, top + height);
    vec![
        point(left, top),
        point(right, top),
        point(right, bottom),
        point(left, bottom),
    ]
}

/// The part of a convex polygon that lies behind a line: where `(p - on).dot(normal)` is not positive.
pub(crate) fn cut(polygon: &[Point], on: Point, normal: Point) -> Vec<Point> {
    let mut kept = Vec::with_capacity(polygon.len() + 1);
    for (index, &here) in polygon.iter().enumerate() {
        let next = polygon[(index + 1) % polygon.len()];
        let (side, side_next) = ((here - on).dot(normal), (next - on).dot(normal));
        if side <= 0.0 {
            kept.push(here);
        }
        if (side < 0.0 && side_next > 0.0) || (side > 0.0 && side_next < 0.0) {
            kept.push(here.mix(next, side / (side - side_next)));
        }
    }
    kept
}

/// The mean of the corners, which is near enough to the center of a small polygon.
pub(crate) fn middle(polygon: &[Point]) -> Point {
    let sum = polygon
        .iter()
        .fold(point(0.0, 0.0), |sum, &corner| sum + corner);
    sum * (1.0 / polygon.len().max(1) as f64)
}
