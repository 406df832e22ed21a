use std::fs::{self, File};
use std::io::{Read, Seek, SeekFrom, Write};
use std::path::PathBuf;
use std::sync::Arc;

use app::admin::session_token;
use app::request::cookies_of;
use axum::body::{Body, Bytes};
use axum::extract::{Multipart, Path, Query, State};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use serde::Deserialize;
use sha2::{Digest, Sha256};
use shop::Shop;
use shop::admin::{CsrfProof, MANY_ORDERS, authorize_form};
use shop::digital::{AccessFile, DigitalFile, Link, Refusal};
use tokio::sync::Semaphore;

use crate::stream;

/// A part of a file that is asked for.
mod range;

use range::{Part, part};

/// The folder below `DATA_DIR` that holds files for download.
const FOLDER: &str = "downloads";

/// The files that are sent at a time.
const AT_A_TIME: usize = 64;

/// The bytes that are read from disk at once.
const CHUNK: usize = 64 * 1024;

/// The longest name of a file, in characters.
const LONGEST_NAME: usize = 120;

/// Files for download, and who may have them.
#[derive(Clone)]
pub(crate) struct Downloads {
    shop: Shop,
    folder: PathBuf,
    turns: Arc<Semaphore>,
}

/// The end of a link's life, and its message authentication code.
#[derive(Deserialize)]
pub(crate) struct Signature {
    #[serde(default)]
    expires: String,
    #[serde(default)]
    code: String,
}

/// The outcome of an upload, as the page's address says it.
enum Upload {
    Done,
    Failed(&'static str),
}

impl Downloads {
    /// Files in a folder of `data_dir`.
    pub(crate) fn new(shop: Shop, data_dir: &std::path::Path) -> Self {
        Self {
            shop,
            folder: data_dir.join(FOLDER),
            turns: Arc::new(Semaphore::new(AT_A_TIME)),
        }
    }
}

/// Sends a file of an order, or the part of it that is asked for, to who has its link.
pub(crate) async fn download(
    State(downloads): State<Downloads>,
    Path((token, id)): Path<(String, String)>,
    Query(signature): Query<Signature>,
    method: Method,
    headers: HeaderMap,
) -> Response {
    let link = Link {
        token: &token,
        file: &id,
        expires: &signature.expires,
        code: &signature.code,
    };
    let (order, file) = match shop::digital::follow(&downloads.shop, &link).await {
        Ok(Ok(found)) => found,
        Ok(Err(refusal)) => return refused(&token, &refusal, &headers),
        Err(error) => return failed(&error),
    };
    let etag = format!("\"{}\"", file.sha256);
    let size = u64::try_from(file.size).unwrap_or(0);
    let Part { start, end, status } = match part(&headers, size, &etag) {
        Ok(part) => part,
        Err(range) => {
            let headers = [(header::CONTENT_RANGE, range)];
            return (StatusCode::RANGE_NOT_SATISFIABLE, headers).into_response();
        }
    };
    let length = end.saturating_sub(start);
    let mut response = Response::new(Body::empty());
    *response.status_mut() = status;
    describe(&mut response, &file, &etag, length);
    if status == StatusCode::PARTIAL_CONTENT {
        let range = format!("bytes {start}-{}/{size}", end.saturating_sub(1));
        insert(&mut response, header::CONTENT_RANGE, &range);
    }
    if method == Method::HEAD {
        return response;
    }
    let Ok(turn) = Arc::clone(&downloads.turns).try_acquire_owned() else {
        let retry = [(header::RETRY_AFTER, "30")];
        return (StatusCode::SERVICE_UNAVAILABLE, retry).into_response();
    };
    let path = downloads.folder.join(&file.id);
    let opened = tokio::task::spawn_blocking(move || {
        let mut file = File::open(path)?;
        file.seek(SeekFrom::Start(start))?;
        Ok::<_, std::io::Error>(file)
    });
    let mut opened = match opened.await {
        Ok(Ok(opened)) => opened,
        _ => {
            tracing::error!(file.id = %file.id, "a file for download cannot be read");
            return StatusCode::SERVICE_UNAVAILABLE.into_response();
        }
    };
    let bytes = i64::try_from(length).unwrap_or(i64::MAX);
    match shop::digital::count(&downloads.shop, &order, &file.id, bytes, start == 0).await {
        Ok(true) => {}
        Ok(false) => return refused(&token, &Refusal::LimitReached, &headers),
        Err(error) => return failed(&error),
    }
    let (parts, body) = stream::channel();
    tokio::spawn(async move {
        let _turn = turn;
        let mut left = length;
        while left > 0 {
            let read = tokio::task::spawn_blocking(move || {
                let wanted = usize::try_from(left).unwrap_or(CHUNK).min(CHUNK);
                let mut chunk = vec![0; wanted];
                let read = opened.read(&mut chunk);
                (
                    opened,
                    read.map(|count| {
                        chunk.truncate(count);
                        chunk
                    }),
                )
            });
            let Ok((file, chunk)) = read.await else {
                return;
            };
            opened = file;
            let chunk = match chunk {
                Ok(chunk) if chunk.is_empty() => Err("the file is shorter than it was".into()),
                Ok(chunk) => Ok(Bytes::from(chunk)),
                Err(error) => Err(error.into()),
            };
            let count = chunk.as_ref().map_or(0, Bytes::len);
            left = left.saturating_sub(u64::try_from(count).unwrap_or(u64::MAX));
            // Nobody reads any more when it cannot be sent.
            if parts.send(chunk).await.is_err() || count == 0 {
                return;
            }
        }
    });
    *response.body_mut() = body;
    response
}

/// Says what a file is, so that no browser shows it as a page of the shop's.
fn describe(response: &mut Response, file: &AccessFile, etag: &str, length: u64) {
    insert(
        response,
        header::CONTENT_TYPE,
        safe_type(&file.content_type),
    );
    insert(response, header::CONTENT_LENGTH, &length.to_string());
    insert(response, header::ACCEPT_RANGES, "bytes");
    insert(response, header::ETAG, etag);
    insert(
        response,
        header::CONTENT_DISPOSITION,
        &disposition(&file.name),
    );
}

fn insert(response: &mut Response, name: header::HeaderName, value: &str) {
    if let Ok(value) = HeaderValue::from_str(value) {
        response.headers_mut().insert(name, value);
    }
}

/// A media type that runs nothing in a browser.
fn safe_type(content_type: &str) -> &str {
    let is_active = ["html", "xml", "svg", "script", "css"];
    if is_active.iter().any(|each| content_type.contains(each)) {
        "application/octet-stream"
    } else {
        content_type
    }
}

/// `attachment` with the name twice: in ASCII for old programs, and as it is (RFC 6266).
fn disposition(name: &str) -> String {
    let plain: String = name
        .chars()
        .map(|each| match each {
            'a'..='z' | 'A'..='Z' | '0'..='9' | '.' | '-' | '_' | ' ' => each,
            _ => '_',
        })
        .collect();
    let mut encoded = String::new();
    for byte in name.bytes() {
        if byte.is_ascii_alphanumeric() || b".-_".contains(&byte) {
            encoded.push(char::from(byte));
        } else {
            encoded.push_str(&format!("%{byte:02X}"));
        }
    }
    format!("attachment; filename=\"{plain}\"; filename*=UTF-8''{encoded}")
}

/// Leads a browser to the order's page, which says why; tells a program that resumes a download.
fn refused(token: &str, refusal: &Refusal, headers: &HeaderMap) -> Response {
    let why = match refusal {
        Refusal::NotFound => return StatusCode::NOT_FOUND.into_response(),
        Refusal::Expired => "expired",
        Refusal::Withdrawn => "withdrawn",
        Refusal::LimitReached => "limit",
    };
    if headers.contains_key(header::RANGE) {
        return StatusCode::GONE.into_response();
    }
    Redirect::to(&format!("/orders/{token}?download={why}#downloads")).into_response()
}

fn failed(error: &shop::Error) -> Response {
    tracing::error!(error = error as &dyn std::error::Error, "a download failed");
    StatusCode::SERVICE_UNAVAILABLE.into_response()
}

/// Takes in a file for a product, as it comes, and shows the product. Form fields before it say whose
/// form it is.
pub(crate) async fn upload(
    State(downloads): State<Downloads>,
    Path(slug): Path<String>,
    headers: HeaderMap,
    form: Multipart,
) -> Response {
    let page = |notice: &str| {
        let slug: String = url::form_urlencoded::byte_serialize(slug.as_bytes()).collect();
        Redirect::to(&format!(
            "/admin/downloads?product={slug}&notice={notice}#result"
        ))
    };
    match receive(&downloads, &slug, &headers, form).await {
        Upload::Done => page("uploaded").into_response(),
        Upload::Failed(notice) => page(notice).into_response(),
    }
}

async fn receive(
    downloads: &Downloads,
    slug: &str,
    headers: &HeaderMap,
    mut form: Multipart,
) -> Upload {
    let mut csrf: Option<CsrfProof> = None;
    loop {
        let mut field = match form.next_field().await {
            Ok(Some(field)) => field,
            Ok(None) => return Upload::Failed("no_file"),
            Err(_) => return Upload::Failed("broken"),
        };
        match field.name() {
            Some("csrf_token") => {
                let Ok(Some(token)) = field.chunk().await else {
                    return Upload::Failed("stale");
                };
                let token = String::from_utf8_lossy(&token).into_owned();
                let Some(session) = session_token(&downloads.shop, &cookies_of(headers)) else {
                    return Upload::Failed("stale");
                };
                match authorize_form(&downloads.shop, &session, MANY_ORDERS, &token).await {
                    Ok(proof) => csrf = Some(proof),
                    Err(_) => return Upload::Failed("stale"),
                }
            }
            Some("file") => {
                let Some(csrf) = &csrf else {
                    return Upload::Failed("stale");
                };
                let name = clean_name(field.file_name().unwrap_or_default());
                if name.is_empty() {
                    return Upload::Failed("no_file");
                }
                match shop::digital::is_digital(&downloads.shop, slug).await {
                    Ok(true) => {}
                    Ok(false) => return Upload::Failed("not_digital"),
                    Err(_) => return Upload::Failed("broken"),
                }
                let id = shop::digital::new_file_id();
                let partial = downloads.folder.join(format!("{id}.part"));
                let outcome = store_file(downloads, &id, &name, &mut field).await;
                let _ = fs::remove_file(partial);
                let file = match outcome {
                    Ok(file) => file,
                    Err(error) => {
                        tracing::warn!(error = &*error, "an upload was not taken in");
                        return Upload::Failed("broken");
                    }
                };
                return match shop::digital::add_file(&downloads.shop, csrf, slug, &file).await {
                    Ok(true) => Upload::Done,
                    Ok(false) | Err(_) => {
                        let _ = fs::remove_file(downloads.folder.join(&file.id));
                        Upload::Failed("broken")
                    }
                };
            }
            _ => {}
        }
    }
}

/// Writes a file piece by piece, so that its size does not matter, and moves it to its place when it
/// is whole.
async fn store_file(
    downloads: &Downloads,
    id: &str,
    name: &str,
    field: &mut axum::extract::multipart::Field<'_>,
) -> Result<DigitalFile, axum::BoxError> {
    crate::private::make_own_folder(&downloads.folder)?;
    let partial = downloads.folder.join(format!("{id}.part"));
    let path = partial.clone();
    let mut file = tokio::task::spawn_blocking(move || File::create_new(path)).await??;
    let mut hash = Sha256::new();
    let mut size = 0_i64;
    while let Some(chunk) = field.chunk().await? {
        size = size.saturating_add(i64::try_from(chunk.len())?);
        (file, hash) = tokio::task::spawn_blocking(move || {
            file.write_all(&chunk)?;
            hash.update(&chunk);
            Ok::<_, std::io::Error>((file, hash))
        })
        .await??;
    }
    if size == 0 {
        return Err("the file is empty".into());
    }
    let place = downloads.folder.join(id);
    tokio::task::spawn_blocking(move || {
        file.sync_all()?;
        fs::rename(partial, place)
    })
    .await??;
    let content_type = mime_guess::from_path(name).first_or_octet_stream();
    Ok(DigitalFile {
        id: id.to_owned(),
        name: name.to_owned(),
        content_type: content_type.essence_str().to_owned(),
        size,
        sha256: hex::encode(hash.finalize()),
        created_at: downloads.shop.now(),
    })
}

/// A file's name without folders and what would start another header line.
fn clean_name(name: &str) -> String {
    let name = name.rsplit(['/', '\\']).next().unwrap_or_default();
    let plain = name.chars().filter(|each| !each.is_control());
    let name: String = plain.take(LONGEST_NAME).collect();
    name.trim().trim_start_matches('.').to_owned()
}

#[cfg(test)]
mod tests {
    use super::{clean_name, disposition, safe_type};

    #[test]
    fn name_of_a_file_is_only_a_name() {
        assert_eq!(clean_name("../../etc/pass\r\nwd"), "passwd");
        assert_eq!(clean_name("C:\\x\\..hidden.pdf"), "hidden.pdf");
        assert_eq!(clean_name("  "), "");
        assert_eq!(
            disposition("M\u{fc}ller \"1\".pdf"),
            "attachment; filename=\"M_ller _1_.pdf\"; filename*=UTF-8''M%C3%BCller%20%221%22.pdf"
        );
        assert_eq!(safe_type("image/svg+xml"), "application/octet-stream");
        assert_eq!(safe_type("application/pdf"), "application/pdf");
    }
}
