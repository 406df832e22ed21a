//! The import graph of the crate's source files, read from their `use` declarations and paths.
//!
//! A path leads to the file of the deepest module in it: `crate::http::ApiError` to `http.rs`,
//! although that only exports the name again. Re-exporting is importing; declaring a module (`mod
//! x;`) is not. Unit tests do not count.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

/// The files that each file imports, all named by module path: `http/error`, and `lib` for the
/// crate itself.
pub(crate) type Graph = BTreeMap<String, BTreeSet<String>>;

/// Reads the graph of all modules below a `src` folder. `main.rs` is another crate.
pub(crate) fn read(src: &Path) -> Graph {
    let mut sources = BTreeMap::new();
    collect(src, "", &mut sources);
    sources.remove("main");
    let modules: BTreeSet<String> = sources.keys().cloned().collect();
    let edges = |(module, source): (&String, &String)| {
        let mut targets = targets(module, source, &modules);
        targets.remove(module);
        targets.remove("lib");
        (module.clone(), targets)
    };
    sources.iter().map(edges).collect()
}

/// Every group of files that import each other in a circle, the largest first. (Tarjan's strongly
/// connected components of more than one file.)
pub(crate) fn circles(graph: &Graph) -> Vec<BTreeSet<String>> {
    let reached: BTreeMap<&str, BTreeSet<&str>> = graph
        .keys()
        .map(|start| (start.as_str(), reachable(graph, start)))
        .collect();
    let mut circles = BTreeSet::new();
    for (start, targets) in &reached {
        let circle: BTreeSet<String> = targets
            .iter()
            .filter(|target| reached[**target].contains(start))
            .map(|target| (*target).to_owned())
            .collect();
        if circle.len() > 1 {
            circles.insert(circle);
        }
    }
    let mut circles: Vec<_> = circles.into_iter().collect();
    circles.sort_by_key(|circle| std::cmp::Reverse(circle.len()));
    circles
}

fn reachable<'a>(graph: &'a Graph, start: &'a str) -> BTreeSet<&'a str> {
    let mut reached = BTreeSet::new();
    let mut open = vec![start];
    while let Some(module) = open.pop() {
        for target in &graph[module] {
            if reached.insert(target.as_str()) {
                open.push(target);
            }
        }
    }
    reached
}

fn collect(folder: &Path, prefix: &str, sources: &mut BTreeMap<String, String>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let stem = path.file_stem().unwrap().to_string_lossy().into_owned();
        if path.is_dir() {
            collect(&path, &format!("{prefix}{stem}/"), sources);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            let name = match stem.as_str() {
                "mod" => prefix.trim_end_matches('/').to_owned(),
                stem => format!("{prefix}{stem}"),
            };
            sources.insert(name, std::fs::read_to_string(&path).unwrap());
        }
    }
}

/// The modules that one source names.
fn targets(module: &str, source: &str, modules: &BTreeSet<String>) -> BTreeSet<String> {
    let source = without_tests(&code(source));
    let (uses, rest) = split_uses(&source);
    let mut aliases: BTreeMap<String, Vec<String>> = BTreeMap::new();
    let mut found = BTreeSet::new();
    for tree in &uses {
        let mut paths = Vec::new();
        expand(tree, &mut Vec::new(), &mut paths);
        for (path, alias) in paths {
            let Some(absolute) = absolute(module, &path, modules) else {
                continue;
            };
            found.insert(deepest(&absolute, modules));
            aliases.insert(alias, absolute);
        }
    }
    for path in paths(&rest) {
        let path = match aliases.get(&path[0]) {
            Some(start) => [&start[..], &path[1..]].concat(),
            None => match absolute(module, &path, modules) {
                Some(path) => path,
                None => continue,
            },
        };
        found.insert(deepest(&path, modules));
    }
    found
}

/// A path from the crate's root; none for what lies in other crates or is no module.
fn absolute(module: &str, path: &[String], modules: &BTreeSet<String>) -> Option<Vec<String>> {
    let own: Vec<String> = match module {
        "lib" => Vec::new(),
        module => module.split('/').map(ToOwned::to_owned).collect(),
    };
    let (first, rest) = path.split_first()?;
    let child = |name: &str| [&own[..], &[name.to_owned()]].concat();
    match first.as_str() {
        "crate" => Some(rest.to_vec()),
        "self" => Some([&own[..], rest].concat()),
        "super" => {
            let mut start = own[..own.len().checked_sub(1)?].to_vec();
            let mut rest = rest;
            while rest.first().is_some_and(|name| name == "super") {
                start.pop()?;
                rest = &rest[1..];
            }
            Some([&start[..], rest].concat())
        }
        name if modules.contains(&child(name).join("/")) => Some([&own[..], path].concat()),
        _ => None,
    }
}

/// The file of the deepest module that a path goes through.
fn deepest(path: &[String], modules: &BTreeSet<String>) -> String {
    (1..=path.len())
        .rev()
        .map(|length| path[..length].join("/"))
        .find(|name| modules.contains(name))
        .unwrap_or_else(|| "lib".to_owned())
}

/// The source without comments and texts, in which anything may stand.
fn code(source: &str) -> String {
    let mut code = String::with_capacity(source.len());
    let mut rest = source;
    while let Some(letter) = rest.chars().next() {
        let skipped = if rest.starts_with("//") {
            rest.find('\n').unwrap_or(rest.len())
        } else if rest.starts_with("r#\"") {
            rest.find("\"#").map_or(rest.len(), |end| end + 2)
        } else if letter == '"' {
            text_length(rest)
        } else if rest.starts_with("'\"'") {
            3
        } else if let Some(escaped) = rest.strip_prefix("'\\") {
            escaped.find('\'').map_or(rest.len(), |end| end + 3)
        } else {
            code.push(letter);
            letter.len_utf8()
        };
        rest = &rest[skipped..];
    }
    code
}

/// The length of the text in quotes that `source` begins with.
fn text_length(source: &str) -> usize {
    let mut escaped = false;
    for (at, letter) in source.char_indices().skip(1) {
        match letter {
            '"' if !escaped => return at + 1,
            _ => escaped = letter == '\\' && !escaped,
        }
    }
    source.len()
}

/// The source up to its unit tests, which stand at the end.
fn without_tests(source: &str) -> String {
    let end = source.find("#[cfg(test)]").unwrap_or(source.len());
    source[..end].to_owned()
}

/// The trees of all `use` declarations, and everything else.
fn split_uses(source: &str) -> (Vec<String>, String) {
    let (mut uses, mut rest) = (Vec::new(), String::new());
    let mut tree: Option<String> = None;
    for line in source.lines() {
        let begun = line.trim_start();
        let declared = begun
            .strip_prefix("pub(crate) ")
            .or_else(|| begun.strip_prefix("pub(super) "))
            .or_else(|| begun.strip_prefix("pub "))
            .unwrap_or(begun);
        match &mut tree {
            Some(tree) => tree.push_str(line),
            None => match declared.strip_prefix("use ") {
                Some(first) => tree = Some(first.to_owned()),
                None => {
                    rest.push_str(line);
                    rest.push('\n');
                }
            },
        }
        if let Some(whole) = tree.take_if(|tree| tree.contains(';')) {
            uses.push(whole.replace([' ', ';'], " "));
        }
    }
    (uses, rest)
}

/// The paths of a tree such as `a::{self, b as c}`, each with the name that it gets.
fn expand(tree: &str, prefix: &mut Vec<String>, paths: &mut Vec<(Vec<String>, String)>) {
    let tree = tree.trim();
    if let Some((head, inner)) = tree.split_once('{') {
        let before = prefix.len();
        let names = head.split("::").map(str::trim);
        prefix.extend(names.filter(|name| !name.is_empty()).map(ToOwned::to_owned));
        let inner = inner.rsplit_once('}').map_or(inner, |(inner, _)| inner);
        let (mut depth, mut start) = (0, 0);
        for (at, letter) in inner.char_indices() {
            match letter {
                '{' => depth += 1,
                '}' => depth -= 1,
                ',' if depth == 0 => {
                    expand(&inner[start..at], prefix, paths);
                    start = at + 1;
                }
                _ => {}
            }
        }
        expand(&inner[start..], prefix, paths);
        prefix.truncate(before);
    } else if !tree.is_empty() {
        let (path, alias) = match tree.split_once(" as ") {
            Some((path, alias)) => (path, Some(alias.trim().to_owned())),
            None => (tree, None),
        };
        let mut whole = prefix.clone();
        whole.extend(path.split("::").map(|name| name.trim().to_owned()));
        if whole.len() > 1 && whole.last().is_some_and(|name| name == "self") {
            whole.pop();
        }
        let alias = alias.unwrap_or_else(|| whole.last().cloned().unwrap_or_default());
        paths.push((whole, alias));
    }
}

/// Every `a::b` in a source.
fn paths(source: &str) -> Vec<Vec<String>> {
    let part = |letter: char| letter.is_alphanumeric() || letter == '_' || letter == ':';
    source
        .split(|letter: char| !part(letter))
        .filter(|word| word.contains("::"))
        .map(|word| {
            let names = word.split("::").map(ToOwned::to_owned);
            names.filter(|name| !name.is_empty()).collect()
        })
        .filter(|path: &Vec<String>| path.len() > 1)
        .collect()
}
