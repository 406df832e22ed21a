use crate::geometry::point;
use crate::palette::{CHALK, INDIGO, INK, OCHRE, PAPER, RUST, SAND, STONE};
use crate::path::Path;
use crate::random::Random;
use crate::svg::{Element, Sheet};

const LINE: f64 = 9.0;

/// A room in the plan: left, top, width, height.
type Room = (f64, f64, f64, f64);

/// A rectangle divided again and again, always across its longer side and never in the middle. Few rooms
/// get a color; the rest stay paper, which is what makes the colors ring.
pub(crate) fn draw(seed: u64) -> Sheet {
    let mut random = Random::seeded(seed);
    let mut sheet = Sheet::portrait(PAPER);
    let mut rooms = Vec::new();
    divide(&mut random, (90.0, 90.0, 620.0, 820.0), 0, &mut rooms);
    let mut walls = Path::new();
    for (index, &(left, top, width, height)) in rooms.iter().enumerate() {
        let ink = match index % 9 {
            1 => RUST,
            4 => OCHRE,
            6 => INDIGO,
            2 => SAND,
            7 => STONE,
            _ => CHALK,
        };
        sheet.add(Element::rect(left, top, width, height).fill(ink));
        walls.polygon(&[
            point(left, top),
            point(left + width, top),
            point(left + width, top + height),
            point(left, top + height),
        ]);
    }
    sheet.add(Element::path(&walls).stroke(INK, LINE));
    // One disc, for the tree in the courtyard: it sits in the largest room that has no color.
    let plain = rooms
        .iter()
        .enumerate()
        .filter(|(index, _)| matches!(index % 9, 0 | 3 | 5 | 8))
        .map(|(_, room)| room);
    if let Some(&(left, top, width, height)) =
        plain.max_by(|a, b| a.2.min(a.3).total_cmp(&b.2.min(b.3)))
    {
        let center = point(left + width / 2.0, top + height / 2.0);
        sheet.add(Element::circle(center, width.min(height) * 0.31).fill(INK));
    }
    sheet.speckle(seed, PAPER, 0.5);
    sheet
}

fn divide(random: &mut Random, room: Room, depth: u32, rooms: &mut Vec<Room>) {
    let (left, top, width, height) = room;
    let longer = width.max(height);
    if longer < 120.0 || depth > 5 || (depth > 2 && random.chance(0.3)) {
        rooms.push(room);
        return;
    }
    let share = random.pick(&[0.28, 0.36, 0.62, 0.7]);
    if width > height {
        divide(random, (left, top, width * share, height), depth + 1, rooms);
        divide(
            random,
            (left + width * share, top, width * (1.0 - share), height),
            depth + 1,
            rooms,
        );
    } else {
        divide(random, (left, top, width, height * share), depth + 1, rooms);
        divide(
            random,
            (left, top + height * share, width, height * (1.0 - share)),
            depth + 1,
            rooms,
        );
    }
}
