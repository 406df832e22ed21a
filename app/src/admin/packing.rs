use http::StatusCode;
use leptos::prelude::*;
use shop::admin::{FormError, MANY_ORDERS, authorize_form};
use shop::orders::{
    MOST_ROWS, RowProblem, RowProblemKind, TrackingImport, import_tracking, preview_tracking,
    text_of_file,
};
use text::PackingText;
use url::form_urlencoded;

use super::{admin_page, session};
use crate::components::head;
use crate::request::{self, shop};
use crate::response;

/// The form that imports tracking numbers, as it was sent.
#[derive(Clone, Default)]
pub struct TrackingForm {
    csrf_token: String,
    /// The rows, from the file or as pasted.
    rows: String,
    /// True if the admin has seen what would be imported.
    is_confirmed: bool,
}

/// The state of the form.
#[derive(Default)]
struct Checked {
    form: TrackingForm,
    /// The outcome, or what it would be.
    import: Option<TrackingImport>,
    is_done: bool,
    notice: Option<&'static str>,
}

impl TrackingForm {
    /// Reads the body of the form, which has a file in it when the browser sends one.
    pub fn parse(body: &[u8]) -> Self {
        let mut form = Self::default();
        let mut file = String::new();
        let mut set = |name: &str, value: &[u8]| match name {
            "csrf_token" => form.csrf_token = text_of_file(value),
            "rows" => form.rows = text_of_file(value),
            "confirmed" => form.is_confirmed = value == b"yes",
            "file" => file = text_of_file(value),
            _ => {}
        };
        if body.starts_with(b"--") {
            for (name, value) in parts(body) {
                set(&name, value);
            }
        } else {
            for (name, value) in form_urlencoded::parse(body) {
                set(&name, value.as_bytes());
            }
        }
        if !file.trim().is_empty() {
            form.rows = file;
        }
        form
    }
}

/// The parts of a form with a file: names and contents. The first line is the boundary between them.
fn parts(body: &[u8]) -> Vec<(String, &[u8])> {
    let Some(end) = find(body, b"\r\n") else {
        return Vec::new();
    };
    let boundary = [b"\r\n", &body[..end]].concat();
    let mut rest = &body[end..];
    let mut parts = Vec::new();
    while let Some(headers_end) = find(rest, b"\r\n\r\n") {
        let headers = String::from_utf8_lossy(&rest[..headers_end]).into_owned();
        let content = &rest[headers_end.saturating_add(4)..];
        let Some(length) = find(content, &boundary) else {
            break;
        };
        let name = headers
            .split(" name=\"")
            .nth(1)
            .and_then(|name| name.split('"').next());
        parts.push((name.unwrap_or_default().to_owned(), &content[..length]));
        rest = &content[length.saturating_add(boundary.len())..];
    }
    parts
}

fn find(bytes: &[u8], wanted: &[u8]) -> Option<usize> {
    bytes.windows(wanted.len()).position(|each| each == wanted)
}

/// The page that gives orders to pack to other programs as a file, and takes tracking numbers back.
#[component]
pub fn AdminPackingPage() -> impl IntoView {
    let shop = request::shop();
    let form = use_context::<TrackingForm>();
    admin_page(move |admin| async move {
        let text = request::text().packing();
        head::title(text.to_ship());
        let waiting = shop::orders::count_to_ship(&shop, &admin).await?;
        let mut checked = Checked {
            notice: None,
            form: form.clone().unwrap_or_default(),
            ..Checked::default()
        };
        if form.is_some() {
            check(&admin, text, &mut checked).await?;
        }
        Ok(packing_view(text, waiting, checked).into_any())
    })
}

/// Imports what was confirmed, or says what importing it would do.
async fn check(
    admin: &shop::admin::Admin,
    text: PackingText,
    checked: &mut Checked,
) -> Result<(), shop::Error> {
    let shop = shop();
    let form = &checked.form;
    let Some(session) = session::session() else {
        return Ok(());
    };
    let csrf = match authorize_form(&shop, &session, MANY_ORDERS, &form.csrf_token).await {
        Ok(csrf) => csrf,
        Err(FormError::Failed(error)) => return Err(error),
        Err(FormError::SignedOut | FormError::InvalidToken) => {
            response::set_status(StatusCode::FORBIDDEN);
            checked.notice = Some(text.stale());
            return Ok(());
        }
    };
    if form.rows.trim().is_empty() {
        response::set_status(StatusCode::UNPROCESSABLE_ENTITY);
        checked.notice = Some(text.nothing_given());
        return Ok(());
    }
    let import = if form.is_confirmed {
        import_tracking(&shop, &csrf, &form.rows).await?
    } else {
        preview_tracking(&shop, admin, &form.rows).await?
    };
    checked.is_done = form.is_confirmed && import.problems.is_empty();
    if !import.problems.is_empty() {
        response::set_status(StatusCode::UNPROCESSABLE_ENTITY);
    }
    checked.import = Some(import);
    Ok(())
}

fn packing_view(text: PackingText, waiting: i64, checked: Checked) -> impl IntoView {
    let Checked {
        form,
        import,
        is_done,
        notice,
    } = checked;
    let token = super::session::csrf_token(MANY_ORDERS);
    let rows = if is_done {
        String::new()
    } else {
        // The framework writes the text of a text area as it is.
        head::escape(&form.rows)
    };
    let outcome = import.map(|import| outcome(text, import, is_done, &token, &rows));
    view! {
        <h1>{text.to_ship()}</h1>
        <p>{text.waiting(waiting)}</p>
        <p><a class="button is-quiet" href="/admin/packing/orders.csv" download>{text.export()}</a></p>
        <p class="hint">{text.export_explained()}</p>
        <section class="admin-part" aria-labelledby="import">
            <h2 id="import">{text.import()}</h2>
            {notice.map(|notice| view! { <p id="result" class="notice" role="alert" tabindex="-1">{notice}</p> })}
            {outcome}
            <form class="admin-form" action="/admin/packing#import" method="post" enctype="multipart/form-data">
                <input type="hidden" name="csrf_token" value=token/>
                <p class="hint" id="import-explained">{text.import_explained(MOST_ROWS)}</p>
                <label class="field">
                    <span>{text.file()}</span>
                    <input type="file" name="file" accept=".csv,.txt,.tsv,text/csv" aria-describedby="import-explained"/>
                </label>
                <label class="field">
                    <span>{text.or_paste()}</span>
                    <textarea name="rows" rows="6" spellcheck="false" aria-describedby="import-explained">{rows}</textarea>
                </label>
                <button class="button is-quiet">{text.check()}</button>
            </form>
        </section>
    }
}

/// The counts and problems of an import, and the button that carries it out.
fn outcome(
    text: PackingText,
    import: TrackingImport,
    is_done: bool,
    token: &str,
    rows: &str,
) -> AnyView {
    if is_done {
        let message = text.imported(import.sent, import.completed, import.known);
        return view! { <p id="result" class="notice is-good" role="status" tabindex="-1">{message}</p> }
            .into_any();
    }
    if !import.problems.is_empty() {
        let count = import.problems.len();
        let problems = import.problems.into_iter().map(|problem| {
            let RowProblem { line, kind } = problem;
            view! { <li><strong>{text.line(line)}</strong>": "<bdi>{problem_text(text, &kind)}</bdi></li> }
        });
        return view! {
            <div id="result" class="notice" role="alert" tabindex="-1">
                <p>{text.not_imported(count)}</p>
                <ul class="row-problems">{problems.collect_view()}</ul>
            </div>
        }
        .into_any();
    }
    let parcels = import.sent.saturating_add(import.completed);
    let counts = [
        Some(text.would_send(import.sent)),
        (import.completed > 0).then(|| text.would_complete(import.completed)),
        (import.known > 0).then(|| text.known(import.known)),
        (import.empty > 0).then(|| text.empty_rows(import.empty)),
    ];
    let counts = counts.into_iter().flatten();
    let counts = counts
        .map(|count| view! { <li>{count}</li> })
        .collect_view();
    let (token, rows) = (token.to_owned(), rows.to_owned());
    let confirm = if parcels == 0 {
        view! { <p>{text.nothing_to_import()}</p> }.into_any()
    } else {
        view! {
            <form class="admin-form" action="/admin/packing#import" method="post">
                <input type="hidden" name="csrf_token" value=token/>
                <input type="hidden" name="confirmed" value="yes"/>
                <textarea name="rows" hidden readonly aria-hidden="true">{rows}</textarea>
                <button class="button">{text.import_parcels(parcels)}</button>
            </form>
        }
        .into_any()
    };
    view! {
        <div id="result" class="import-preview" role="status" tabindex="-1">
            <ul>{counts}</ul>
        </div>
        {confirm}
    }
    .into_any()
}

fn problem_text(text: PackingText, kind: &RowProblemKind) -> String {
    match kind {
        RowProblemKind::NoHeader => text.no_header().to_owned(),
        RowProblemKind::TooManyRows => text.too_many_rows(MOST_ROWS),
        RowProblemKind::NotANumber(typed) => text.not_a_number(typed),
        RowProblemKind::NoOrder(order) => text.no_order(*order),
        RowProblemKind::TestOrder(order) => text.test_order(*order),
        RowProblemKind::Blocked(order) => text.blocked(*order),
        RowProblemKind::NothingToShip(order) => text.nothing_to_ship(*order),
        RowProblemKind::NotAQuantity(typed) => text.not_a_quantity(typed),
        RowProblemKind::NoSku(sku) => text.no_sku(sku),
        RowProblemKind::TooMany { sku, left } => text.too_many(sku, *left),
        RowProblemKind::TooLong => text.too_long().to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::TrackingForm;

    #[test]
    fn form_is_read_with_a_file_and_without() {
        let body = b"--x1\r\nContent-Disposition: form-data; name=\"csrf_token\"\r\n\r\nabc\r\n\
            --x1\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.csv\"\r\n\
            Content-Type: text/csv\r\n\r\norder_number,tracking_number\r\n1001,M\xfc\r\n\r\n\
            --x1\r\nContent-Disposition: form-data; name=\"rows\"\r\n\r\n\r\n--x1--\r\n";
        let form = TrackingForm::parse(body);
        assert_eq!(form.csrf_token, "abc");
        assert_eq!(
            form.rows,
            "order_number,tracking_number\r\n1001,M\u{fc}\r\n"
        );
        let form = TrackingForm::parse(b"csrf_token=abc&confirmed=yes&rows=a%0D%0Ab");
        assert!(form.is_confirmed);
        assert_eq!(form.rows, "a\r\nb");
        for broken in [&b"--"[..], b"--x\r\n", b"--x\r\nno end\r\n\r\nhere", b""] {
            assert_eq!(TrackingForm::parse(broken).rows, "");
        }
    }
}
