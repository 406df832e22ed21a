//! The clock, when webhooks go out, the fault switchboard, and starting afresh.

use axum::extract::State;
use axum::response::Response;

use super::html::{form, hidden, section, time};
use super::{View, page};
use crate::app::deliveries::Mode;
use crate::app::{App, Shared};
use crate::faults::Fault;
use crate::pages::PageError;

/// The steps by which the buttons move the clock, in seconds.
const STEPS: [(&str, &str); 5] = [
    ("60", "+ 1 minute"),
    ("3600", "+ 1 hour"),
    ("86400", "+ 1 day"),
    ("604800", "+ 1 week"),
    ("2592000", "+ 30 days"),
];

const MODES: [(Mode, &str, &str); 3] = [
    (Mode::Immediate, "immediate", "at once"),
    (
        Mode::BeforeRedirect,
        "before_redirect",
        "before the shopper is sent back",
    ),
    (Mode::Held, "held", "not at all: hold them"),
];

pub(super) async fn show(State(app): State<Shared>, view: View) -> Result<Response, PageError> {
    let main = [clock(&app), modes(&app), faults(&app), reset()].concat();
    Ok(page(&app, &view, "/controls", "Controls", &main))
}

fn clock(app: &App) -> String {
    let mut forms: String = STEPS
        .iter()
        .map(|(seconds, label)| form("/sandbox/clock", &hidden("advance", seconds), label))
        .collect();
    let state = match app.clock.offset_seconds() {
        0 => "the machine's time".to_owned(),
        ahead => {
            forms += &form("/sandbox/clock", &hidden("reset", "true"), "Set it right");
            format!("{} ahead of the machine", span(ahead))
        }
    };
    let content = format!(
        "<p>{} UTC, {state}. When it moves, sessions expire, retries become due and whatever waits for its time \
         happens.</p>\n<div class=\"actions\">{forms}</div>",
        time(app.clock.now())
    );
    section("Clock", &content).replacen("<section>", "<section id=\"clock\">", 1)
}

/// A number of seconds in words, such as `1 day, 2 hours`.
fn span(seconds: i64) -> String {
    let units = [
        ("day", 86_400),
        ("hour", 3_600),
        ("minute", 60),
        ("second", 1),
    ];
    let mut left = seconds;
    let mut parts = Vec::new();
    for (unit, length) in units {
        let count = left.div_euclid(length);
        left = left.rem_euclid(length);
        if count != 0 {
            let plural = if count == 1 { "" } else { "s" };
            parts.push(format!("{count} {unit}{plural}"));
        }
    }
    parts.join(", ")
}

fn modes(app: &App) -> String {
    let choices: String = MODES
        .iter()
        .map(|(mode, name, label)| {
            let checked = if app.deliveries.mode() == *mode { " checked" } else { "" };
            format!(
                "<label class=\"choice-line\"><input type=\"radio\" name=\"delivery\" value=\"{name}\"{checked}> {label}</label>\n"
            )
        })
        .collect();
    let fields = format!("<fieldset><legend>Webhooks go out</legend>\n{choices}</fieldset>\n");
    section("Webhooks", &form("/sandbox/webhooks", &fields, "Set"))
}

fn faults(app: &App) -> String {
    let faults = app.faults.faults();
    let injected = app.faults.injected();
    let inputs: String = Fault::ALL
        .into_iter()
        .zip(injected)
        .map(|(fault, count)| {
            let unit = if fault.most() == 100 { "%" } else { "ms" };
            format!(
                "<label><span>{label} <small>{does} ({unit}, happened {count}×)</small></span>\n<input type=\"number\" \
                 inputmode=\"numeric\" name=\"{name}\" min=\"0\" max=\"{most}\" value=\"{value}\" required></label>\n",
                label = fault
                    .name()
                    .trim_end_matches("_ms")
                    .replace('_', " ")
                    .replace("api", "API"),
                does = does(fault),
                name = fault.name(),
                most = fault.most(),
                value = faults.get(fault),
            )
        })
        .collect();
    let seed = format!(
        "<label><span>seed <small>of the dice</small></span>\n<input type=\"text\" inputmode=\"numeric\" \
         pattern=\"[0-9]+\" name=\"seed\" value=\"{}\" required></label>\n",
        faults.seed()
    );
    let content = format!(
        "<p>What goes wrong on purpose, in percent of the deliveries or API requests. The pay page and this dashboard \
         are never broken.</p>\n{}{}",
        form(
            "/sandbox/faults",
            &format!("<div class=\"switches\">{inputs}{seed}</div>"),
            "Set the switches"
        ),
        form("/sandbox/faults", &hidden("reset", "true"), "Turn all off")
    );
    section("Faults", &content).replacen("<section>", "<section id=\"faults\">", 1)
}

/// The description of a fault.
fn does(fault: Fault) -> &'static str {
    match fault {
        Fault::WebhookDuplicate => "an event comes twice",
        Fault::WebhookDrop => "an event never comes",
        Fault::WebhookReorder => "an event comes after a later one",
        Fault::WebhookDelayMs => "events come late by up to",
        Fault::ApiRateLimit => "429, and nothing is done",
        Fault::ApiLockTimeout => "429 for a locked object, and nothing is done",
        Fault::ApiError => "500, and nothing is done",
        Fault::ApiErrorAfter => "500 after the work was done",
        Fault::ApiGarbage => "502 with a web page, and nothing is done",
        Fault::ApiLoseAnswer => "no answer after the work was done",
        Fault::ApiSlowMs => "answers come late by up to",
    }
}

fn reset() -> String {
    let confirm = "<label class=\"choice-line\"><input type=\"checkbox\" required> Yes, delete everything</label>";
    let content = format!(
        "<p>Deletes every object, event and delivery, sets the clock right and turns all faults off.</p>\n{}",
        form("/sandbox/reset", confirm, "Reset the sandbox")
    );
    section("Start afresh", &content)
}
