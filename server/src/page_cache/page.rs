use std::io::Write;
use std::sync::Arc;

use axum::body::{Body, Bytes, to_bytes};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::Response;
use brotli::CompressorWriter;
use flate2::Compression;
use flate2::write::GzEncoder;
use sha2::{Digest, Sha256};

use crate::encoding::{self, Encoding};
use crate::guard::Content;

/// The result of a rendering.
#[derive(Clone, Debug)]
pub(super) enum Rendered {
    /// A page that may be kept.
    Page(Arc<Page>),
    /// An error, or anything else that may not.
    Uncached(Arc<Uncached>),
}

/// A rendered page in one encoding.
#[derive(Debug)]
pub(super) struct Page {
    body: Bytes,
    etag: String,
    /// Those of the answer with the body, and of the answer that says that it is known.
    headers: HeaderMap,
    known: HeaderMap,
}

/// An answer that is given to those who wait for it, and forgotten.
#[derive(Debug)]
pub(super) struct Uncached {
    status: StatusCode,
    headers: HeaderMap,
    body: Bytes,
}

/// The largest page that is sent, in bytes. Lists have pages, so none comes near it.
const LARGEST: usize = 4 * 1024 * 1024;

/// Better ones take milliseconds and save a few bytes.
const BROTLI_QUALITY: u32 = 6;
const BROTLI_WINDOW: u32 = 18;

impl Rendered {
    pub(super) fn respond(&self, request: &HeaderMap) -> Response {
        match self {
            Self::Page(page) => page.respond(request),
            Self::Uncached(uncached) => uncached.respond(),
        }
    }
}

impl Page {
    /// Compresses what was rendered. An error, and what sets a cookie, is no page to keep.
    pub(super) async fn of(response: Response, encoding: Encoding) -> Result<Self, Arc<Uncached>> {
        let (mut parts, body) = response.into_parts();
        let Ok(body) = to_bytes(body, LARGEST).await else {
            tracing::error!("a store page has no end");
            return Err(Arc::new(Uncached {
                status: StatusCode::INTERNAL_SERVER_ERROR,
                headers: HeaderMap::new(),
                body: Bytes::new(),
            }));
        };
        // It goes to everybody, and a cookie would be everybody's.
        let sets_cookie = parts.headers.remove(header::SET_COOKIE).is_some();
        if sets_cookie {
            tracing::error!("a store page sets a cookie, which was left out");
        }
        if parts.status != StatusCode::OK || sets_cookie {
            return Err(Arc::new(Uncached {
                status: parts.status,
                headers: parts.headers,
                body,
            }));
        }
        let digest = hex::encode(&Sha256::digest(&body)[..12]);
        let etag = format!("\"{digest}{}\"", encoding.etag_suffix());
        let mut known = HeaderMap::new();
        known.insert(
            header::VARY,
            HeaderValue::from_static(header::ACCEPT_ENCODING.as_str()),
        );
        if let Ok(etag) = HeaderValue::from_str(&etag) {
            known.insert(header::ETAG, etag);
        }
        let body = compressed(body, encoding);
        let mut headers = parts.headers;
        headers.extend(known.clone());
        headers.insert(header::CONTENT_LENGTH, body.len().into());
        if let Some(encoding) = encoding.header() {
            headers.insert(header::CONTENT_ENCODING, encoding);
        }
        Ok(Self {
            body,
            etag,
            headers,
            known,
        })
    }

    /// The bytes of its body.
    pub(super) const fn len(&self) -> usize {
        self.body.len()
    }

    /// Answers with the page, or that the client has it already. Whoever sends it leaves out the
    /// body when only the head was asked for.
    pub(super) fn respond(&self, request: &HeaderMap) -> Response {
        let mut response = if encoding::is_known(request, &self.etag) {
            let mut response = Response::new(Body::empty());
            *response.status_mut() = StatusCode::NOT_MODIFIED;
            *response.headers_mut() = self.known.clone();
            response
        } else {
            let mut response = Response::new(Body::from(self.body.clone()));
            *response.headers_mut() = self.headers.clone();
            response
        };
        response.extensions_mut().insert(Content::StorePage);
        response
    }
}

impl Uncached {
    fn respond(&self) -> Response {
        let mut response = Response::new(Body::from(self.body.clone()));
        *response.status_mut() = self.status;
        *response.headers_mut() = self.headers.clone();
        response.extensions_mut().insert(Content::StorePage);
        response
    }
}

fn compressed(body: Bytes, encoding: Encoding) -> Bytes {
    let done = match encoding {
        Encoding::Identity => return body,
        Encoding::Brotli => {
            let size = body.len().max(1024);
            let mut writer = CompressorWriter::new(Vec::new(), size, BROTLI_QUALITY, BROTLI_WINDOW);
            writer.write_all(&body).map(|()| writer.into_inner())
        }
        Encoding::Gzip => {
            let mut writer = GzEncoder::new(Vec::new(), Compression::default());
            writer.write_all(&body).and_then(|()| writer.finish())
        }
    };
    // Writing to memory does not fail. Without the spare capacity of a growing vector.
    done.unwrap_or_default().into_boxed_slice().into()
}
