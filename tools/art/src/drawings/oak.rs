use crate::geometry::{Point, point};
use crate::palette::{CLAY, INK, MIST, OCHRE, PAPER, SAND, STONE};
use crate::path::Path;
use crate::random::Random;
use crate::svg::{Element, Sheet};

const REACH: f64 = 90.0;
const STEP: f64 = 9.0;

/// A joint of the tree: where it is, what it grew from, and how thick it is there.
struct Joint {
    place: Point,
    parent: usize,
    girth: f64,
}

/// An oak in winter, grown by space colonization: points of light fill the crown, every twig grows towards
/// the light nearest to it, and light that is reached goes out.
pub(crate) fn draw(seed: u64) -> Sheet {
    let mut random = Random::seeded(seed);
    let mut sheet = Sheet::portrait(PAPER);
    sheet.add(Element::circle(point(400.0, 430.0), 318.0).fill(SAND));
    sheet.add(
        Element::circle(point(545.0, 300.0), 84.0)
            .fill(CLAY)
            .opacity(0.85),
    );
    let joints = grow(light(&mut random));
    let classes = [1.01, 1.5, 2.0, 2.6, 3.3, 4.2, 5.3, 6.7, 8.4, 10.5, 99.0];
    let mut thinner = 0.0;
    for girth in classes {
        // A line has one width, so girths are drawn in steps, small enough not to show at a fork.
        let width = 1.25 * f64::min(girth, 10.0).powf(1.25);
        let twigs = twigs(&joints, thinner, girth);
        sheet.add(Element::path(&twigs).stroke(INK, width).round());
        thinner = girth;
    }
    sheet.add(ground(&mut random));
    sheet.speckle(seed, PAPER, 0.4);
    sheet
}

/// Points spread over the crown: a broad ellipse, flat below.
fn light(random: &mut Random) -> Vec<Point> {
    let mut points = Vec::new();
    while points.len() < 900 {
        let spot = point(random.between(-1.0, 1.0), random.between(-1.0, 1.0));
        if spot.length() < 1.0 && spot.y < 0.72 {
            points.push(point(400.0 + spot.x * 292.0, 425.0 + spot.y * 265.0));
        }
    }
    points
}

fn grow(mut light: Vec<Point>) -> Vec<Joint> {
    let mut joints = vec![Joint {
        place: point(404.0, 872.0),
        parent: 0,
        girth: 0.0,
    }];
    while joints.last().is_some_and(|top| top.place.y > 655.0) {
        let parent = joints.len() - 1;
        let place =
            joints[parent].place + point((joints[parent].place.y / 60.0).sin() * 1.4, -STEP);
        joints.push(Joint {
            place,
            parent,
            girth: 0.0,
        });
    }
    for _ in 0..130 {
        let mut pulls = vec![point(0.0, 0.0); joints.len()];
        for &spot in &light {
            let nearest = (0..joints.len()).min_by(|&a, &b| {
                joints[a]
                    .place
                    .distance(spot)
                    .total_cmp(&joints[b].place.distance(spot))
            });
            if let Some(nearest) = nearest {
                let way = spot - joints[nearest].place;
                if way.length() < REACH || joints.len() < 60 {
                    pulls[nearest] = pulls[nearest] + way * (1.0 / way.length().max(0.1));
                }
            }
        }
        for (parent, pull) in pulls
            .into_iter()
            .enumerate()
            .filter(|(_, pull)| pull.length() > 0.2)
        {
            // Light from two sides at once would pull a joint to the same place again and again; where
            // there is a twig already, the next one goes a little to the side.
            let heading = pull.y.atan2(pull.x);
            let choices =
                [0.0, 0.9, -0.9].map(|turn| joints[parent].place.towards(heading + turn, STEP));
            let free = choices.into_iter().find(|place| {
                joints
                    .iter()
                    .all(|joint| joint.place.distance(*place) > STEP * 0.75)
            });
            if let Some(place) = free {
                joints.push(Joint {
                    place,
                    parent,
                    girth: 0.0,
                });
            }
        }
        light.retain(|&spot| {
            joints
                .iter()
                .all(|joint| joint.place.distance(spot) > STEP * 1.15)
        });
    }
    thicken(&mut joints);
    joints
}

/// A branch carries what all its twigs carry: their cross sections add up. Joints follow their parents.
fn thicken(joints: &mut [Joint]) {
    for index in (1..joints.len()).rev() {
        let girth = joints[index].girth.max(1.0);
        joints[index].girth = girth;
        let parent = joints[index].parent;
        joints[parent].girth = (joints[parent].girth.powf(2.3) + girth.powf(2.3)).powf(1.0 / 2.3);
    }
}

/// Runs of joints within a range of girth, each drawn as one line that begins at its parent.
fn twigs(joints: &[Joint], from: f64, to: f64) -> Path {
    let fits = |index: usize| joints[index].girth > from && joints[index].girth <= to;
    let mut drawn = vec![false; joints.len()];
    let mut path = Path::new();
    for tip in (1..joints.len()).rev().filter(|&index| fits(index)) {
        let (mut run, mut index) = (vec![joints[tip].place], tip);
        if drawn[tip] {
            continue;
        }
        while index != 0 && fits(index) && !drawn[index] {
            drawn[index] = true;
            index = joints[index].parent;
            run.push(joints[index].place);
        }
        let last = run.len() - 1;
        let sparse: Vec<Point> = run
            .iter()
            .enumerate()
            .filter(|(at, _)| at % 2 == 0 || *at == last)
            .map(|(_, &place)| place)
            .collect();
        path.spline(&sparse);
    }
    path
}

/// Snow, a shadow, and a few last leaves.
fn ground(random: &mut Random) -> Element {
    let mut leaves = Path::new();
    for _ in 0..26 {
        leaves.dot(400.0 + random.bell() * 130.0, random.between(880.0, 912.0));
    }
    let mut hill = Path::new();
    hill.move_to(point(150.0, 876.0));
    hill.bend_to(point(400.0, 858.0), point(650.0, 876.0));
    Element::group()
        .child(Element::path(&hill).stroke(INK, 2.0).round())
        .child(Element::rect(300.0, 884.0, 260.0, 5.0).fill(STONE))
        .child(Element::rect(350.0, 897.0, 130.0, 4.0).fill(MIST))
        .child(Element::path(&leaves).stroke(OCHRE, 5.0).round())
}
