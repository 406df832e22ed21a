use std::fmt::{self, Display, Write as _};

use crate::geometry::Point;
use crate::path::{Path, number};
use crate::random::Random;

/// One picture: a ground, things to refer to, and what is drawn.
pub(crate) struct Sheet {
    width: u32,
    height: u32,
    definitions: String,
    body: String,
}

impl Sheet {
    /// The format of every print, 4 by 5 upright.
    pub(crate) fn portrait(ground: &str) -> Self {
        Self::sized(800, 1000, ground)
    }

    pub(crate) fn sized(width: u32, height: u32, ground: &str) -> Self {
        let mut sheet = Self {
            width,
            height,
            definitions: String::new(),
            body: String::new(),
        };
        sheet.add(
            Element::new("path")
                .with("fill", ground)
                .with("d", format!("M0 0h{width}v{height}H0z")),
        );
        sheet
    }

    /// A transparent square, for a mark rather than a print.
    pub(crate) fn mark(size: u32) -> Self {
        Self {
            width: size,
            height: size,
            definitions: String::new(),
            body: String::new(),
        }
    }

    pub(crate) fn add(&mut self, element: Element) {
        let _ = write!(self.body, "{element}");
    }

    /// Keeps an element that is not drawn itself but referred to by its id.
    pub(crate) fn define(&mut self, element: Element) {
        let _ = write!(self.definitions, "{element}");
    }

    /// Defines a clip of the given shape; `clip-path="url(#id)"` then confines a group to it.
    pub(crate) fn define_clip(&mut self, id: &str, shape: Element) {
        self.define(Element::new("clipPath").with("id", id).child(shape));
    }

    /// Scatters fine specks of the paper's color over everything, as where ink did not take. A repeating
    /// tile keeps it small; its odd size keeps the eye from finding the repeat.
    pub(crate) fn speckle(&mut self, seed: u64, color: &str, opacity: f64) {
        let mut random = Random::seeded(seed);
        let mut dots = Path::new();
        for _ in 0..70 {
            dots.dot(random.between(2.0, 187.0), random.between(2.0, 221.0));
        }
        let tile = Element::new("pattern")
            .with("id", "speckle")
            .with("width", 189)
            .with("height", 223)
            .with("patternUnits", "userSpaceOnUse");
        self.define(tile.child(Element::path(&dots).stroke(color, 1.4).round()));
        let (width, height) = (self.width, self.height);
        let cover = Element::new("path").with("d", format!("M0 0h{width}v{height}H0z"));
        self.add(cover.fill("url(#speckle)").opacity(opacity));
    }

    pub(crate) fn finish(self) -> String {
        let (width, height) = (self.width, self.height);
        let mut text = format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width}\" height=\"{height}\" viewBox=\"0 0 {width} {height}\">"
        );
        if !self.definitions.is_empty() {
            let _ = write!(text, "<defs>{}</defs>", self.definitions);
        }
        text.push_str(&self.body);
        text.push_str("</svg>\n");
        text
    }
}

/// One SVG element. Values are colors, ids and numbers of our own, so nothing needs escaping.
#[derive(Clone)]
pub(crate) struct Element {
    name: &'static str,
    attributes: String,
    children: String,
}

impl Element {
    pub(crate) fn new(name: &'static str) -> Self {
        Self {
            name,
            attributes: String::new(),
            children: String::new(),
        }
    }

    pub(crate) fn group() -> Self {
        Self::new("g")
    }

    pub(crate) fn path(path: &Path) -> Self {
        Self::new("path").with("d", path.data())
    }

    pub(crate) fn circle(center: Point, radius: f64) -> Self {
        Self::new("circle")
            .number("cx", center.x)
            .number("cy", center.y)
            .number("r", radius)
    }

    pub(crate) fn rect(left: f64, top: f64, width: f64, height: f64) -> Self {
        Self::new("rect")
            .number("x", left)
            .number("y", top)
            .number("width", width)
            .number("height", height)
    }

    /// A copy of the element with this id, moved so that its origin lies at a place.
    pub(crate) fn copy_of(id: &str, place: Point) -> Self {
        Self::new("use")
            .with("href", format!("#{id}"))
            .number("x", place.x)
            .number("y", place.y)
    }

    /// A copy of the element with this id: moved, then turned by degrees, then scaled.
    pub(crate) fn turned_copy_of(id: &str, place: Point, degrees: f64, scale: f64) -> Self {
        let (x, y, turn) = (number(place.x), number(place.y), number(degrees));
        let size = format!("{}", (scale * 100.0).round() / 100.0);
        Self::new("use").with("href", format!("#{id}")).with(
            "transform",
            format!("translate({x} {y})rotate({turn})scale({size})"),
        )
    }

    pub(crate) fn with(mut self, name: &str, value: impl Display) -> Self {
        let _ = write!(self.attributes, " {name}=\"{value}\"");
        self
    }

    pub(crate) fn number(self, name: &str, value: f64) -> Self {
        self.with(name, number(value))
    }

    pub(crate) fn fill(self, color: &str) -> Self {
        self.with("fill", color)
    }

    /// Draws the outline only.
    pub(crate) fn stroke(self, color: &str, width: f64) -> Self {
        self.fill("none")
            .with("stroke", color)
            .number("stroke-width", width)
    }

    /// Rounds the ends and corners of lines; dots need it to be seen at all.
    pub(crate) fn round(self) -> Self {
        self.with("stroke-linecap", "round")
            .with("stroke-linejoin", "round")
    }

    pub(crate) fn opacity(self, opacity: f64) -> Self {
        self.with("opacity", (opacity * 100.0).round() / 100.0)
    }

    pub(crate) fn clipped(self, id: &str) -> Self {
        self.with("clip-path", format!("url(#{id})"))
    }

    pub(crate) fn child(mut self, child: Self) -> Self {
        self.push(child);
        self
    }

    pub(crate) fn push(&mut self, child: Self) {
        let _ = write!(self.children, "{child}");
    }
}

impl Display for Element {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (name, attributes) = (self.name, &self.attributes);
        if self.children.is_empty() {
            write!(out, "<{name}{attributes}/>")
        } else {
            write!(out, "<{name}{attributes}>{}</{name}>", self.children)
        }
    }
}
