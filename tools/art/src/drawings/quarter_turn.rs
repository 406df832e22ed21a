use crate::geometry::point;
use crate::palette::{BLUSH, CHALK, CLAY, FOREST, INDIGO, MIST, OCHRE, PAPER, RUST, SAND, SEA};
use crate::random::Random;
use crate::svg::{Element, Sheet};

const SIDE: f64 = 110.0;

/// Six columns of tiles, eight motifs made of quarter circles, each turned by some quarters. The tiles are
/// dealt, not drawn freely: no two neighbors share a ground, and no motif follows itself.
pub(crate) fn draw(seed: u64) -> Sheet {
    let mut random = Random::seeded(seed);
    let mut sheet = Sheet::portrait(PAPER);
    for (id, data) in [
        ("fan", "M-55-55h110a110 110 0 0 1-110 110z"),
        (
            "leaf",
            "M-55-55a110 110 0 0 1 110 110a110 110 0 0 1-110-110z",
        ),
        ("arch", "M-55 55v-55a55 55 0 0 1 110 0v55z"),
        (
            "twins",
            "M-55-55h55a55 55 0 0 1-55 55zM0 0h55a55 55 0 0 1-55 55z",
        ),
        ("hours", "M-55-55h110l-55 55zM-55 55h110l-55-55z"),
        (
            "bow",
            "M-55-55a55 55 0 0 0 110 0zM-55 55a55 55 0 0 1 110 0z",
        ),
        (
            "ring",
            "M-55-55h110a110 110 0 0 1-110 110v-37a73 73 0 0 0 73-73h-37a36 36 0 0 1-36 36z",
        ),
        ("disc", "M-36 0a36 36 0 1 0 72 0a36 36 0 1 0-72 0z"),
    ] {
        sheet.define(Element::new("path").with("id", id).with("d", data));
    }
    let motifs = [
        "fan", "leaf", "arch", "twins", "hours", "bow", "ring", "disc",
    ];
    let inks = [
        (INDIGO, BLUSH),
        (SAND, RUST),
        (OCHRE, FOREST),
        (CHALK, SEA),
        (CLAY, CHALK),
        (FOREST, MIST),
        (MIST, INDIGO),
        (BLUSH, CLAY),
        (RUST, OCHRE),
        (SEA, SAND),
    ];
    let mut dealt: Vec<(usize, usize)> = Vec::new();
    for index in 0_usize..42 {
        let (column, row) = (index % 6, index / 6);
        let near = [index.checked_sub(1), index.checked_sub(6)]
            .map(|at| at.and_then(|at| dealt.get(at).copied()));
        let (mut motif, mut pair) = (random.below(8), random.below(10));
        while near
            .iter()
            .flatten()
            .any(|&(other, colors)| other == motif || colors == pair)
        {
            motif = (motif + 1) % 8;
            pair = (pair + 3) % 10;
        }
        dealt.push((motif, pair));
        let center = point(125.0 + SIDE * column as f64, 170.0 + SIDE * row as f64);
        let (ground, ink) = inks[pair];
        sheet.add(Element::rect(center.x - 55.0, center.y - 55.0, SIDE, SIDE).fill(ground));
        let turn = 90.0 * random.below(4) as f64;
        sheet.add(Element::turned_copy_of(motifs[motif], center, turn, 1.0).fill(ink));
    }
    sheet.speckle(seed, PAPER, 0.5);
    sheet
}
