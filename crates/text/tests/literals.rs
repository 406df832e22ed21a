//! Finds texts that are written where they are shown, instead of in this crate.
#![allow(clippy::unwrap_used, clippy::panic)]

use std::fs;
use std::path::{Path, PathBuf};

/// The sources that write pages, e-mails and answers to requests.
const CHECKED: [&str; 7] = [
    "app/src",
    "ui/src",
    "crates/shop/src/mail",
    "server/src/guard",
    "server/src/guard.rs",
    "server/src/forms.rs",
    "server/src/listener.rs",
];

/// The beginnings of literals that read like a text and are none: values of headers and cookies,
/// CSS, and what a log says of a recipient.
const ALLOWED: [&str; 8] = [
    "Lax",
    "Strict",
    "private, ",
    "default-src ",
    "@media ",
    "font-family: ",
    "Shopper",
    "Admin",
];

/// Attributes whose values are read to people. Those of others are for programs.
const READ_ATTRIBUTES: [&str; 6] = [
    "aria-label",
    "aria-description",
    "alt",
    "inner_html",
    "placeholder",
    "title",
];

/// A string literal of a source, and the code before it.
struct Literal {
    line: usize,
    before: String,
    text: String,
    is_pattern: bool,
}

#[test]
fn pages_and_emails_take_their_texts_from_this_crate() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let mut files = Vec::new();
    for checked in CHECKED {
        collect(&root.join(checked), &mut files);
    }
    assert!(files.len() > 50, "{} files", files.len());
    let mut found = Vec::new();
    for file in files {
        let source = fs::read_to_string(&file).unwrap();
        for literal in literals(&source).into_iter().filter(is_text) {
            let path = file.strip_prefix(&root).unwrap().display();
            found.push(format!("{path}:{}: {:?}", literal.line, literal.text));
        }
    }
    assert!(
        found.is_empty(),
        "these texts belong into crates/text:\n{}",
        found.join("\n")
    );
}

#[test]
fn text_is_recognized() {
    let texts = [
        r#"view! { <h1>"Orders"</h1> }"#,
        r#"view! { <dt>"paid"</dt> }"#,
        r#"view! { {how}" Tracking number: "<a href=url> }"#,
        r#"view! { <nav aria-label="Main"> }"#,
        r#"view! { <button inner_html="Add to cart"></button> }"#,
        r#"head::title("Cart");"#,
        r#"format!("order {number}")"#,
        r#"format!("{price} each")"#,
        r#"(StatusCode::FORBIDDEN, "This form was sent from another site.")"#,
        r#"let label = if is_shipped { "Save" } else { "Mark as shipped" };"#,
    ];
    for source in texts {
        assert!(literals(source).iter().any(is_text), "{source}");
    }
    let others = [
        r#"view! { <p class="notice is-good" role="status">{text}</p> }"#,
        r#"("notice is-good", text.sending())"#,
        r#"view! { <code>"storefront admin set-password"</code> }"#,
        r#"view! { <meta name="viewport" content="width=device-width, initial-scale=1"/> }"#,
        r#"td.soft style={ (SANS) " color: #625d52; padding: 0 4px 12px;" }"#,
        r#"tracing::error!(order.id = 1, "outbox delivery failed");"#,
        r#"#[error("the mail server refused it (code {0})")]"#,
        r#"format!("/admin/orders/{number}?{query}#result")"#,
        r#"match self { Self::Sending => "sending" }"#,
        r#"match code { "Forbidden" => Some(Self::Forbidden) }"#,
        "// \"This is a comment.\"",
        "#[cfg(test)]\nmod tests { const A: &str = \"This is a test.\"; }",
    ];
    for source in others {
        assert!(!literals(source).iter().any(is_text), "{source}");
    }
}

fn collect(path: &Path, files: &mut Vec<PathBuf>) {
    if path.is_dir() {
        for entry in fs::read_dir(path).unwrap() {
            collect(&entry.unwrap().path(), files);
        }
    } else if path.extension().is_some_and(|extension| extension == "rs")
        && !path.ends_with("tests.rs")
    {
        files.push(path.to_owned());
    }
}

/// The string literals of Rust source, without those of comments, attributes, logs and tests.
fn literals(source: &str) -> Vec<Literal> {
    let source = source.split("#[cfg(test)]").next().unwrap_or_default();
    let mut found = Vec::new();
    let mut code = String::new();
    // How many brackets are open of an attribute or a log macro, whose literals are left out.
    let mut skipped = 0_usize;
    let mut line = 1;
    let mut letters = source.chars().peekable();
    while let Some(letter) = letters.next() {
        match letter {
            '/' if letters.peek() == Some(&'/') => {
                while letters.next_if(|next| *next != '\n').is_some() {}
            }
            '\'' => {
                // A character, or a lifetime.
                code.push(letter);
                let next = letters.next();
                if next == Some('\\') {
                    letters.next();
                    letters.next_if_eq(&'\'');
                } else {
                    letters.next_if_eq(&'\'');
                }
            }
            '"' => {
                let (begin, mut text) = (line, String::new());
                while let Some(letter) = letters.next() {
                    match letter {
                        '"' => break,
                        '\\' => match letters.next() {
                            Some('\n') => line += 1,
                            Some(_) | None => text.push(' '),
                        },
                        letter => {
                            line += usize::from(letter == '\n');
                            text.push(letter);
                        }
                    }
                }
                if skipped == 0 {
                    found.push(Literal {
                        line: begin,
                        before: code.trim_end().to_owned(),
                        text,
                        is_pattern: is_pattern(letters.clone()),
                    });
                }
                code.clear();
            }
            '(' | '[' | '{' => {
                let is_log = letter == '(' && code.contains("tracing::") && code.ends_with('!');
                let is_attribute = letter == '[' && code.ends_with('#');
                if skipped > 0 || is_log || is_attribute {
                    skipped += 1;
                }
                code.push(letter);
            }
            ')' | ']' | '}' => {
                skipped = skipped.saturating_sub(1);
                code.push(letter);
            }
            letter => {
                if letter == '\n' {
                    line += 1;
                }
                if letter == ';' {
                    code.clear();
                }
                code.push(letter);
            }
        }
    }
    found
}

/// True if `rest` of the source makes what stands before it a pattern.
fn is_pattern(rest: impl Iterator<Item = char>) -> bool {
    let rest: String = rest
        .skip_while(|each| each.is_whitespace())
        .take(2)
        .collect();
    rest == "=>" || rest.starts_with('|')
}

/// True if people read it.
fn is_text(literal: &Literal) -> bool {
    let Literal { before, text, .. } = literal;
    if literal.is_pattern
        || ALLOWED.iter().any(|allowed| text.starts_with(allowed))
        || before.ends_with("<code>")
    {
        return false;
    }
    let name = before.strip_suffix('=').map(|before| {
        let begin = before.rfind(|each: char| !each.is_alphanumeric() && !"-_:#".contains(each));
        &before[begin.map_or(0, |begin| begin + 1)..]
    });
    if name.is_some_and(|name| !name.is_empty() && !READ_ATTRIBUTES.contains(&name)) {
        return false;
    }
    let is_node = before.ends_with('>') && !before.ends_with("=>") && !before.ends_with("->");
    let is_attribute = name.is_some_and(|name| !name.is_empty());
    let words = without_tags(text);
    let is_word = |word: &str| {
        let letters = word.chars().filter(|each| each.is_alphabetic()).count();
        letters > 1 && !word.contains(['_', '/', '=', '<', '>', '{', '['])
    };
    if is_node || is_attribute {
        return words.split_whitespace().any(is_word);
    }
    is_title(&words) || is_phrase(&words, is_word)
}

/// True for one word with a capital: a heading or a button.
fn is_title(text: &str) -> bool {
    let mut letters = text.trim().chars();
    letters.next().is_some_and(char::is_uppercase)
        && letters.clone().count() > 1
        && letters.all(|each| each.is_lowercase() || each == '.')
}

/// True for several words, or one beside something that is filled in.
fn is_phrase(text: &str, is_word: impl Fn(&str) -> bool) -> bool {
    let is_style = text.contains(": ") && text.trim_end().ends_with(';');
    let is_filled = |word: &str| word.starts_with('{') && word.ends_with(['}', '.', ',', ':']);
    let parts: Vec<&str> = text.split_whitespace().collect();
    let is_class = |word: &str| word.starts_with("is-") || word.starts_with("has-");
    !is_style
        && parts.windows(2).any(|pair| {
            let [first, second] = pair else { return false };
            !is_class(second)
                && (is_word(first) || is_word(second))
                && (is_word(first) || is_filled(first))
                && (is_word(second) || is_filled(second))
        })
}

fn without_tags(text: &str) -> String {
    let mut plain = String::new();
    let mut is_tag = false;
    for letter in text.chars() {
        match letter {
            '<' => is_tag = true,
            '>' if is_tag => is_tag = false,
            letter if !is_tag => plain.push(letter),
            _ => {}
        }
    }
    plain
}
