use std::fs;
use std::path::Path;

/// All Rust sources below a folder, in one text.
fn sources(folder: &Path, text: &mut String) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.ends_with("node_modules") {
            continue;
        }
        if path.is_dir() {
            sources(&path, text);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            text.push_str(&fs::read_to_string(&path).unwrap());
        }
    }
}

#[test]
fn security_document_names_existing_tests() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    let document = fs::read_to_string(root.join("SECURITY.md")).unwrap();
    let mut text = String::new();
    for folder in ["app/src", "crates", "server/src", "server/tests"] {
        sources(&root.join(folder), &mut text);
    }
    let rows = document.lines().filter(|line| line.starts_with("| V"));
    let mut names = 0;
    for row in rows {
        let cells: Vec<_> = row.split('|').map(str::trim).collect();
        let tests: Vec<_> = cells[3].split(", ").collect();
        assert!(!tests.is_empty(), "{row}");
        for test in tests {
            let name = test.trim_matches('`');
            assert!(
                text.contains(&format!("fn {name}()")),
                "{} names {name}, which is no test",
                cells[1]
            );
            names += 1;
        }
    }
    assert!(names > 40, "{names}");
}
