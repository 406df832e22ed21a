use std::collections::HashMap;
use std::fs;
use std::io;
use std::path::Path;
use std::sync::Arc;

use axum::body::{Body, Bytes};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use axum::response::{IntoResponse, Response};
use sha2::{Digest, Sha256};

use crate::encoding::{self, Encoding};
use crate::percent;

/// The files of the built site, in memory: what is answered is what was there at the start, and no
/// request touches the disk.
#[derive(Clone, Debug, Default)]
pub(crate) struct Files(Arc<HashMap<String, File>>);

#[derive(Debug)]
struct File {
    plain: Bytes,
    brotli: Option<Bytes>,
    gzip: Option<Bytes>,
    content_type: HeaderValue,
    /// The beginning of the entity tag of all its encodings.
    digest: String,
}

impl Files {
    /// Reads all files below `root`. A file beside which lies one with `.br` or `.gz` behind its name
    /// has that as its compressed form.
    ///
    /// # Errors
    /// When a file or folder cannot be read. A `root` that is not there has no files.
    pub(crate) fn load(root: &Path) -> io::Result<Self> {
        let mut contents = HashMap::new();
        if root.exists() {
            read_folder(root, "", &mut contents)?;
        }
        let files = contents.iter().map(|(path, plain)| {
            let file = File {
                plain: plain.clone(),
                brotli: contents.get(&format!("{path}.br")).cloned(),
                gzip: contents.get(&format!("{path}.gz")).cloned(),
                content_type: content_type(path),
                digest: hex::encode(&Sha256::digest(plain)[..12]),
            };
            (path.clone(), file)
        });
        Ok(Self(Arc::new(files.collect())))
    }

    /// Answers with the file at a path as browsers write it; `None` when there is none.
    pub(crate) fn respond(
        &self,
        method: &Method,
        path: &str,
        headers: &HeaderMap,
    ) -> Option<Response> {
        if !matches!(*method, Method::GET | Method::HEAD) {
            let allowed = [(header::ALLOW, "GET,HEAD")];
            return Some((StatusCode::METHOD_NOT_ALLOWED, allowed).into_response());
        }
        let path = String::from_utf8(percent::decode(path.as_bytes())).ok()?;
        Some(self.0.get(&path)?.respond(headers))
    }
}

impl File {
    fn respond(&self, headers: &HeaderMap) -> Response {
        let (encoding, bytes) = match (Encoding::accepted(headers), &self.brotli, &self.gzip) {
            (Encoding::Brotli, Some(bytes), _) => (Encoding::Brotli, bytes),
            (Encoding::Brotli | Encoding::Gzip, _, Some(bytes)) => (Encoding::Gzip, bytes),
            _ => (Encoding::Identity, &self.plain),
        };
        let etag = format!("\"{}{}\"", self.digest, encoding.etag_suffix());
        let mut response = if encoding::is_known(headers, &etag) {
            StatusCode::NOT_MODIFIED.into_response()
        } else {
            Body::from(bytes.clone()).into_response()
        };
        let out = response.headers_mut();
        out.insert(header::CONTENT_TYPE, self.content_type.clone());
        if let Ok(etag) = HeaderValue::from_str(&etag) {
            out.insert(header::ETAG, etag);
        }
        if let Some(encoding) = encoding.header() {
            out.insert(header::CONTENT_ENCODING, encoding);
        }
        if self.brotli.is_some() || self.gzip.is_some() {
            let vary = HeaderValue::from_static("accept-encoding");
            out.insert(header::VARY, vary);
        }
        response
    }
}

fn read_folder(
    folder: &Path,
    prefix: &str,
    contents: &mut HashMap<String, Bytes>,
) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        // No address leads to a name that is no text.
        let Ok(name) = entry.file_name().into_string() else {
            continue;
        };
        let path = format!("{prefix}/{name}");
        // Follows links, as the entry's own type would not.
        if fs::metadata(entry.path())?.is_dir() {
            read_folder(&entry.path(), &path, contents)?;
        } else {
            contents.insert(path, fs::read(entry.path())?.into());
        }
    }
    Ok(())
}

fn content_type(path: &str) -> HeaderValue {
    let guess = mime_guess::from_path(path).first_or_octet_stream();
    HeaderValue::from_str(guess.as_ref())
        .unwrap_or(HeaderValue::from_static("application/octet-stream"))
}
