//! The floors of this crate: which modules may import which, and no circle of files beyond one
//! folder's own.

#![allow(clippy::unwrap_used, clippy::panic)]

mod imports;

use std::collections::BTreeSet;
use std::path::Path;

use imports::Graph;

/// The modules from the ground up. A file imports what its own module has and what lies on lower
/// floors; modules of one floor do not know each other.
const FLOORS: &[&[&str]] = &[
    &[
        "api_version",
        "body",
        "clock",
        "countries",
        "currency",
        "faults",
        "ids",
        "percent",
        "wire",
    ],
    &["cards", "config", "recorder"],
    &["debits"],
    // Stripe's objects, which know neither the state file nor HTTP.
    &["objects"],
    &["store"],
    // The shared state of a running sandbox.
    &["app"],
    &["webhooks"],
    &["events"],
    // The protocol kernel, which knows no endpoint.
    &["http"],
    &["checkout", "forms", "hosts"],
    &["payments"],
    &["control", "endpoints", "pages"],
    &["api", "dashboard"],
    &["server"],
    &["lib"],
];

/// The folders in which files import each other in a circle, and how many of them. No other circle
/// is allowed, and none larger; one that was cut is taken off this list.
const CIRCLES: &[(&str, usize)] = &[
    ("pages/pay", 10),
    ("control", 6),
    ("dashboard", 6),
    ("cards", 3),
    ("debits", 3),
    ("objects", 3),
    ("objects", 2),
    ("objects/checkout_session", 3),
    ("objects/invoice", 3),
    ("pages", 3),
    ("faults", 2),
    ("payments", 2),
];

#[test]
fn modules_import_from_lower_floors_alone() {
    let graph = sources();
    let violations: Vec<String> = violations(&graph).collect();
    assert!(violations.is_empty(), "\n{}", violations.join("\n"));
}

#[test]
fn every_module_has_a_floor_and_every_floor_its_modules() {
    let placed: BTreeSet<&str> = FLOORS.iter().copied().flatten().copied().collect();
    let graph = sources();
    let found: BTreeSet<&str> = graph.keys().map(|file| top(file)).collect();
    assert_eq!(placed, found);
}

#[test]
fn circles_of_files_stay_in_one_folder_and_do_not_grow() {
    let circles = imports::circles(&sources());
    let mut found: Vec<(String, usize)> = circles
        .iter()
        .map(|circle| {
            let folder = folder(circle);
            let folder = folder.unwrap_or_else(|| panic!("a circle over folders: {circle:?}"));
            (folder, circle.len())
        })
        .collect();
    found.sort();
    let mut allowed: Vec<(String, usize)> = CIRCLES
        .iter()
        .map(|(folder, files)| ((*folder).to_owned(), *files))
        .collect();
    allowed.sort();
    assert_eq!(found, allowed, "{circles:#?}");
}

#[test]
fn an_import_from_a_higher_floor_is_found() {
    for (file, target) in [
        ("objects/refund", "http/error"),
        ("http/call", "endpoints/refunds"),
        ("endpoints/refunds", "pages"),
        ("payments/refunds", "lib"),
    ] {
        let graph = Graph::from([
            (file.to_owned(), BTreeSet::from([target.to_owned()])),
            (target.to_owned(), BTreeSet::new()),
        ]);
        assert_eq!(violations(&graph).count(), 1, "{file} -> {target}");
    }
}

#[test]
fn a_circle_over_folders_is_in_no_folder() {
    let of = |files: &[&str]| files.iter().map(|file| (*file).to_owned()).collect();
    for (files, expected) in [
        (&["pages/pay/form", "pages/pay/view"][..], Some("pages/pay")),
        (&["control", "control/faults"], Some("control")),
        (&["pages", "pages/pay/view"], None),
        (&["http/error", "objects/refund"], None),
    ] {
        assert_eq!(folder(&of(files)).as_deref(), expected, "{files:?}");
    }
}

fn sources() -> Graph {
    imports::read(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"))
}

/// Every import that is not from a lower floor or the file's own module.
fn violations(graph: &Graph) -> impl Iterator<Item = String> {
    let imports = graph
        .iter()
        .flat_map(|(file, targets)| targets.iter().map(move |target| (file, target)));
    imports
        .filter(|(file, target)| top(file) != top(target) && floor(target) >= floor(file))
        .map(|(file, target)| format!("src/{file}.rs must not import {target}"))
}

fn floor(file: &str) -> usize {
    let module = top(file);
    FLOORS
        .iter()
        .position(|floor| floor.contains(&module))
        .unwrap_or_else(|| panic!("{module} has no floor"))
}

/// The module right below the crate that a file belongs to.
fn top(file: &str) -> &str {
    file.split('/').next().unwrap_or(file)
}

/// The folder in which all files of a circle lie. `control.rs` belongs to the folder `control` as
/// well.
fn folder(circle: &BTreeSet<String>) -> Option<String> {
    let first = circle.first()?;
    let parent = first.rsplit_once('/').map_or("", |(parent, _)| parent);
    [first.as_str(), parent]
        .into_iter()
        .filter(|folder| !folder.is_empty())
        .find(|folder| {
            circle.iter().all(|file| {
                let inside = file.rsplit_once('/').map_or("", |(parent, _)| parent);
                file == folder || inside == *folder
            })
        })
        .map(ToOwned::to_owned)
}
