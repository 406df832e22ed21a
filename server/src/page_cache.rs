use std::collections::HashSet;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use axum::body::Body;
use axum::extract::{MatchedPath, Request, State};
use axum::http::{HeaderMap, header};
use axum::middleware::Next;
use axum::response::Response;
use quick_cache::Weighter;
use quick_cache::sync::Cache;
use shop::Shop;

/// The addresses of store pages.
mod address;
/// Renderings under way.
mod flights;
/// A rendered page, as it is sent.
mod page;

use crate::encoding::Encoding;
use address::Address;
use app::document::StorePage;
use flights::Flights;
use page::{Page, Rendered};

/// The store's rendered pages, in memory: each is rendered once for a version of the catalog and
/// compressed once for an encoding.
///
/// A page is rendered from its address alone. No cookie, no other header and no parameter that is
/// not the page's own reaches it, so that nothing of a shopper can be in it. Errors are not kept,
/// and neither is a page that no page links to, as `?after=…` with invented values would be.
#[derive(Clone, Debug)]
pub(crate) struct PageCache {
    shop: Shop,
    pages: Arc<Pages>,
}

/// The kept pages, whoever renders them.
#[derive(Debug)]
struct Pages {
    kept: Cache<Key, Arc<Page>, Weight>,
    flights: Flights<Key, Rendered>,
    current: Mutex<Current>,
}

/// The state of the version of the catalog that was last asked for.
#[derive(Debug, Default)]
struct Current {
    version: i64,
    /// The addresses with a parameter that kept pages lead to.
    linked: HashSet<Address>,
}

/// The key of a kept page. The language becomes a part of it with the second one.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct Key {
    address: Address,
    version: i64,
    encoding: Encoding,
}

/// Weighs a page in bytes.
#[derive(Clone, Copy, Debug)]
struct Weight;

/// The most that all pages together weigh, in bytes.
const CAPACITY: u64 = 12 * 1024 * 1024;

/// The weight of a page beside its body and its address: headers and tables. It also bounds the number
/// of pages.
const OVERHEAD: usize = 1024;

/// The most addresses with a parameter that are known to be linked.
const LINKED: usize = 4096;

/// Answers with a page that is kept. Any other request, of this or another page, goes on.
pub(crate) async fn answer(
    State(cache): State<PageCache>,
    mut request: Request,
    next: Next,
) -> Response {
    let Some(address) = Address::of(request.method(), request.uri()) else {
        return next.run(request).await;
    };
    // Without a version nobody knows what is still so; rendering says what is wrong.
    let Some(version) = shop::catalog::version(&cache.shop).await else {
        return next.run(request).await;
    };
    let key = Key {
        address,
        version,
        encoding: Encoding::accepted(request.headers()),
    };
    if let Some(page) = cache.pages.get(&key) {
        return page.respond(request.headers());
    }
    request.extensions_mut().insert(key);
    next.run(request).await
}

/// Renders and keeps a page that [`answer`] did not have, once for all that wait for it.
pub(crate) async fn render(
    State(cache): State<PageCache>,
    mut request: Request,
    next: Next,
) -> Response {
    let Some(key) = request.extensions_mut().remove::<Key>() else {
        return next.run(request).await;
    };
    let impersonal = impersonal(&key, &request);
    let rendering = async move { next.run(impersonal).await };
    let rendered = cache.pages.rendered(&key, rendering).await;
    rendered.respond(request.headers())
}

/// The request that a page is rendered for: its address and nothing of whoever asked.
fn impersonal(key: &Key, request: &Request) -> Request {
    let mut impersonal = Request::new(Body::empty());
    *impersonal.uri_mut() = key.address.uri();
    let extensions = impersonal.extensions_mut();
    extensions.insert(StorePage);
    if let Some(route) = request.extensions().get::<MatchedPath>() {
        extensions.insert(route.clone());
    }
    impersonal
}

impl PageCache {
    pub(crate) fn new(shop: Shop) -> Self {
        Self {
            shop,
            pages: Arc::default(),
        }
    }
}

impl Pages {
    fn get(&self, key: &Key) -> Option<Arc<Page>> {
        self.enter(key.version);
        self.kept.get(key)
    }

    /// The page as `rendering` makes it, or as somebody else just did.
    async fn rendered(&self, key: &Key, rendering: impl Future<Output = Response>) -> Rendered {
        let flight = self.flights.join(key);
        let rendering = async {
            // The one before may have ended between the look and the joining.
            if let Some(page) = self.kept.get(key) {
                return Rendered::Page(page);
            }
            let response = rendering.await;
            let links = links(response.headers());
            match Page::of(response, key.encoding).await {
                Ok(page) => Rendered::Page(self.keep(key, page, links)),
                Err(uncached) => Rendered::Uncached(uncached),
            }
        };
        flight.get_or_init(rendering).await
    }

    /// Keeps a page if it has no parameter or a kept page leads to it.
    fn keep(&self, key: &Key, page: Page, links: Vec<Address>) -> Arc<Page> {
        let page = Arc::new(page);
        let mut current = self.current();
        if key.address.has_parameter() && !current.linked.contains(&key.address) {
            return page;
        }
        if current.version == key.version {
            let room = LINKED.saturating_sub(current.linked.len());
            current.linked.extend(links.into_iter().take(room));
        }
        drop(current);
        self.kept.insert(key.clone(), Arc::clone(&page));
        page
    }

    /// Forgets everything when the catalog has another version than before.
    fn enter(&self, version: i64) {
        let mut current = self.current();
        if current.version != version {
            current.version = version;
            current.linked.clear();
            self.kept.clear();
        }
    }

    fn current(&self) -> MutexGuard<'_, Current> {
        self.current.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Default for Pages {
    fn default() -> Self {
        let estimate = usize::try_from(CAPACITY).unwrap_or(usize::MAX) / (8 * OVERHEAD);
        Self {
            kept: Cache::with_weighter(estimate, CAPACITY, Weight),
            flights: Flights::default(),
            current: Mutex::default(),
        }
    }
}

impl Weighter<Key, Arc<Page>> for Weight {
    fn weight(&self, key: &Key, page: &Arc<Page>) -> u64 {
        let bytes = page.len().saturating_add(key.address.len());
        u64::try_from(bytes.saturating_add(OVERHEAD)).unwrap_or(u64::MAX)
    }
}

/// The pages before and after this one in a list.
///
/// Source: RFC 8288, section 3
fn links(headers: &HeaderMap) -> Vec<Address> {
    let lines = headers.get_all(header::LINK).iter();
    lines
        .filter_map(|line| line.to_str().ok())
        .filter_map(|line| line.strip_prefix('<')?.split_once('>'))
        .filter_map(|(target, _)| Address::of_link(target))
        .collect()
}

#[cfg(test)]
mod tests;
