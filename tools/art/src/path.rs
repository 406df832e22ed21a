use crate::geometry::{Point, point};

/// The outline of a shape, written in relative commands and tenths of a unit: the fewest bytes that still
/// look smooth. Every position is rounded before the next is measured from it, so errors do not add up.
pub(crate) struct Path {
    data: String,
    at: Tenths,
    start: Tenths,
    command: char,
}

/// A position in tenths of a unit.
type Tenths = (i64, i64);

impl Path {
    pub(crate) fn new() -> Self {
        Self {
            data: String::new(),
            at: (0, 0),
            start: (0, 0),
            command: ' ',
        }
    }

    pub(crate) fn data(&self) -> &str {
        &self.data
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.data.is_empty()
    }

    pub(crate) fn move_to(&mut self, to: Point) {
        let to = tenths(to);
        let step = self.step(to);
        self.write('m', &step);
        // Pairs that follow a move are lines, even without a letter.
        self.command = 'l';
        self.at = to;
        self.start = to;
    }

    pub(crate) fn line_to(&mut self, to: Point) {
        let to = tenths(to);
        let [x, y] = self.step(to);
        match (x, y) {
            (0, 0) => {}
            (0, _) => self.write('v', &[y]),
            (_, 0) => self.write('h', &[x]),
            _ => self.write('l', &[x, y]),
        }
        self.at = to;
    }

    pub(crate) fn curve_to(&mut self, first: Point, second: Point, to: Point) {
        let [ax, ay] = self.step(tenths(first));
        let [bx, by] = self.step(tenths(second));
        let to = tenths(to);
        let [x, y] = self.step(to);
        self.write('c', &[ax, ay, bx, by, x, y]);
        self.at = to;
    }

    pub(crate) fn bend_to(&mut self, control: Point, to: Point) {
        let [cx, cy] = self.step(tenths(control));
        let to = tenths(to);
        let [x, y] = self.step(to);
        self.write('q', &[cx, cy, x, y]);
        self.at = to;
    }

    /// Follows a circle the shorter way round to a place; clockwise or not.
    pub(crate) fn arc_to(&mut self, radius: f64, clockwise: bool, to: Point) {
        let to = tenths(to);
        let [x, y] = self.step(to);
        let radius = (radius * 10.0).round() as i64;
        self.write(
            'a',
            &[radius, radius, 0, 0, i64::from(clockwise) * 10, x, y],
        );
        self.at = to;
    }

    pub(crate) fn close(&mut self) {
        self.data.push('z');
        self.command = 'z';
        self.at = self.start;
    }

    /// A line of no length, which a round cap turns into a dot.
    pub(crate) fn dot(&mut self, x: f64, y: f64) {
        self.move_to(point(x, y));
        self.write('h', &[0]);
    }

    pub(crate) fn segment(&mut self, from: Point, to: Point) {
        self.move_to(from);
        self.line_to(to);
    }

    pub(crate) fn polygon(&mut self, corners: &[Point]) {
        if let Some((&first, rest)) = corners.split_first() {
            self.move_to(first);
            rest.iter().for_each(|&corner| self.line_to(corner));
            self.close();
        }
    }

    pub(crate) fn polyline(&mut self, points: &[Point]) {
        if let Some((&first, rest)) = points.split_first() {
            self.move_to(first);
            rest.iter().for_each(|&next| self.line_to(next));
        }
    }

    /// A smooth line that starts at the first point, ends at the last and is drawn to those in between.
    pub(crate) fn spline(&mut self, points: &[Point]) {
        if points.len() < 3 {
            return self.polyline(points);
        }
        self.move_to(points[0]);
        self.spline_on(&points[1..]);
    }

    /// As `spline`, from where the path already is.
    pub(crate) fn spline_on(&mut self, points: &[Point]) {
        let mut reflected = None;
        for (index, &control) in points
            .iter()
            .enumerate()
            .take(points.len().saturating_sub(1))
        {
            let next = points[index + 1];
            let last = index + 2 == points.len();
            let end = if last { next } else { control.mix(next, 0.5) };
            reflected = Some(self.smooth(control, end, reflected));
        }
    }

    /// A smooth closed shape with rounded corners towards the points.
    pub(crate) fn blob(&mut self, points: &[Point]) {
        let count = points.len();
        if count < 3 {
            return;
        }
        self.move_to(points[count - 1].mix(points[0], 0.5));
        let mut reflected = None;
        for (index, &control) in points.iter().enumerate() {
            let end = control.mix(points[(index + 1) % count], 0.5);
            reflected = Some(self.smooth(control, end, reflected));
        }
        self.close();
    }

    pub(crate) fn circle(&mut self, center: Point, radius: f64) {
        self.move_to(center - point(radius, 0.0));
        self.arc_to(radius, true, center + point(radius, 0.0));
        self.arc_to(radius, true, center - point(radius, 0.0));
        self.close();
    }

    /// One quadratic piece. Where the piece before ends halfway between two controls, its control mirrored
    /// in that end is the wanted one, and the short `t` command says so with two numbers instead of four;
    /// rounding makes the mirrored control drift, so it is written out again when half a unit off.
    /// Returns the control that the next piece would mirror to.
    fn smooth(&mut self, control: Point, end: Point, reflected: Option<Tenths>) -> Tenths {
        let (wanted, end) = (tenths(control), tenths(end));
        let step = self.step(end);
        let used = match reflected {
            Some(mirrored)
                if (mirrored.0 - wanted.0).abs() <= 5 && (mirrored.1 - wanted.1).abs() <= 5 =>
            {
                self.write('t', &step);
                mirrored
            }
            _ => {
                let [cx, cy] = self.step(wanted);
                self.write('q', &[cx, cy, step[0], step[1]]);
                wanted
            }
        };
        self.at = end;
        (2 * end.0 - used.0, 2 * end.1 - used.1)
    }

    fn step(&self, to: Tenths) -> [i64; 2] {
        [to.0 - self.at.0, to.1 - self.at.1]
    }

    fn write(&mut self, command: char, numbers: &[i64]) {
        if command != self.command || command == 'm' {
            self.data.push(command);
            self.command = command;
        }
        for &value in numbers {
            let text = written(value);
            let before = self
                .data
                .rsplit(|c: char| c.is_ascii_alphabetic() || c == '-' || c == ' ')
                .next();
            let before = before.unwrap_or("");
            let apart = before.is_empty()
                || text.starts_with('-')
                || (text.starts_with('.') && before.contains('.'));
            if !apart {
                self.data.push(' ');
            }
            self.data.push_str(&text);
        }
    }
}

/// A number with at most one decimal, as short as SVG allows.
pub(crate) fn number(value: f64) -> String {
    written((value * 10.0).round() as i64)
}

fn tenths(place: Point) -> Tenths {
    (
        (place.x * 10.0).round() as i64,
        (place.y * 10.0).round() as i64,
    )
}

fn written(tenths: i64) -> String {
    let sign = if tenths < 0 { "-" } else { "" };
    let (whole, rest) = (tenths.abs() / 10, tenths.abs() % 10);
    match (whole, rest) {
        (_, 0) => format!("{sign}{whole}"),
        (0, _) => format!("{sign}.{rest}"),
        _ => format!("{sign}{whole}.{rest}"),
    }
}
