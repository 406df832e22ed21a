use std::collections::BTreeMap;

use crate::geometry::{Point, point};

/// Heights sampled on a square grid, from which lines of equal height are read.
pub(crate) struct Relief {
    origin: Point,
    spacing: f64,
    columns: usize,
    rows: usize,
    heights: Vec<f64>,
}

/// A side of a grid cell: the column and row of its first corner, and whether it runs downwards.
type Side = (usize, usize, bool);

impl Relief {
    /// Samples `height` over a rectangle. The outermost ring is sunk far below everything, so that every line
    /// closes; drawings clip it off.
    pub(crate) fn sample(
        from: Point,
        to: Point,
        spacing: f64,
        height: impl Fn(Point) -> f64,
    ) -> Self {
        let columns = ((to.x - from.x) / spacing).ceil() as usize + 3;
        let rows = ((to.y - from.y) / spacing).ceil() as usize + 3;
        let origin = from - point(spacing, spacing);
        let mut heights = Vec::with_capacity(columns * rows);
        for row in 0..rows {
            for column in 0..columns {
                let rim = row == 0 || column == 0 || row == rows - 1 || column == columns - 1;
                let place = origin + point(column as f64, row as f64) * spacing;
                heights.push(if rim { -99.0 } else { height(place) });
            }
        }
        Self {
            origin,
            spacing,
            columns,
            rows,
            heights,
        }
    }

    /// The closed lines at a height, by marching squares: each cell says which of its sides a line leaves by
    /// and which it comes in by, and following those from cell to cell goes once round each line.
    pub(crate) fn lines_at(&self, level: f64) -> Vec<Vec<Point>> {
        let mut next = BTreeMap::new();
        for row in 0..self.rows - 1 {
            for column in 0..self.columns - 1 {
                self.march(column, row, level, &mut next);
            }
        }
        let mut lines = Vec::new();
        while let Some((&first, _)) = next.first_key_value() {
            let (mut side, mut line) = (first, Vec::new());
            while let Some(following) = next.remove(&side) {
                line.push(self.crossing(side, level));
                side = following;
            }
            lines.push(line);
        }
        lines
    }

    fn march(&self, column: usize, row: usize, level: f64, next: &mut BTreeMap<Side, Side>) {
        let corners = [
            (column, row),
            (column + 1, row),
            (column + 1, row + 1),
            (column, row + 1),
        ];
        let above = corners.map(|(x, y)| self.height(x, y) > level);
        let sides = [
            (column, row, false),
            (column + 1, row, true),
            (column, row + 1, false),
            (column, row, true),
        ];
        for leave in 0..4 {
            if above[leave] && !above[(leave + 1) % 4] {
                let enter = (1..4)
                    .map(|step| (leave + step) % 4)
                    .find(|&side| !above[side] && above[(side + 1) % 4]);
                if let Some(enter) = enter {
                    next.insert(sides[leave], sides[enter]);
                }
            }
        }
    }

    fn crossing(&self, (column, row, down): Side, level: f64) -> Point {
        let (other_column, other_row) = if down {
            (column, row + 1)
        } else {
            (column + 1, row)
        };
        let (here, there) = (
            self.height(column, row),
            self.height(other_column, other_row),
        );
        self.place(column, row).mix(
            self.place(other_column, other_row),
            (level - here) / (there - here),
        )
    }

    fn height(&self, column: usize, row: usize) -> f64 {
        self.heights[row * self.columns + column]
    }

    fn place(&self, column: usize, row: usize) -> Point {
        self.origin + point(column as f64, row as f64) * self.spacing
    }
}
