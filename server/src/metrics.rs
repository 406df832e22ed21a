use std::fmt::Write as _;
use std::time::Duration;

use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use payments::OperationStats;
use sha2::{Digest, Sha256};
use shop::Shop;

/// The state of the route: what it answers with, and who may read the answer.
#[derive(Clone, Debug)]
pub(crate) struct Metrics {
    shop: Shop,
    /// The SHA-256 of the token. Without a token nobody may read.
    token: Option<[u8; 32]>,
}

/// The content type of the text format.
///
/// Source: <https://prometheus.io/docs/instrumenting/exposition_formats/>
const TEXT_FORMAT: &str = "text/plain; version=0.0.4; charset=utf-8";

/// Writes one sample: the end of its name, its labels beside the operation, and its value.
type Sample<'a> = dyn FnMut(&str, &str, &dyn std::fmt::Display) + 'a;

impl Metrics {
    pub(crate) fn new(shop: Shop, token: Option<&str>) -> Self {
        let token = token.map(|token| Sha256::digest(token).into());
        Self { shop, token }
    }

    /// Compares digests, whose difference tells nothing about the token.
    fn is_allowed(&self, headers: &HeaderMap) -> bool {
        let given = headers
            .get(header::AUTHORIZATION)
            .and_then(|value| value.to_str().ok())
            .and_then(|value| value.strip_prefix("Bearer "));
        given.is_some_and(|given| self.token == Some(Sha256::digest(given).into()))
    }
}

/// Tells a Prometheus server how the calls to Stripe went. How busy a shop is, is its own business,
/// so without a token in the configuration there is no such address.
pub(crate) async fn read(State(metrics): State<Metrics>, headers: HeaderMap) -> Response {
    if metrics.token.is_none() {
        return (StatusCode::NOT_FOUND, "set METRICS_TOKEN to read metrics").into_response();
    }
    if !metrics.is_allowed(&headers) {
        let challenge = [(header::WWW_AUTHENTICATE, "Bearer")];
        return (
            StatusCode::UNAUTHORIZED,
            challenge,
            "send METRICS_TOKEN as a bearer token",
        )
            .into_response();
    }
    let headers = [
        (header::CONTENT_TYPE, TEXT_FORMAT),
        (header::CACHE_CONTROL, "no-store"),
    ];
    (headers, text(&metrics.shop.stripe_stats())).into_response()
}

fn text(stats: &[OperationStats]) -> String {
    let mut text = String::new();
    let mut family = |name, kind, help, samples: &dyn Fn(&OperationStats, &mut Sample<'_>)| {
        // Writing to a string cannot fail.
        let _ = writeln!(
            text,
            "# HELP storefront_stripe_{name} {help}\n# TYPE storefront_stripe_{name} {kind}"
        );
        for stats in stats {
            let operation = stats.operation.as_str();
            samples(stats, &mut |end, labels, value| {
                let _ = writeln!(
                    text,
                    "storefront_stripe_{name}{end}{{operation=\"{operation}\"{labels}}} {value}"
                );
            });
        }
    };
    family(
        "calls_total",
        "counter",
        "Calls to Stripe that were begun.",
        &|stats, sample| sample("", "", &stats.calls),
    );
    family(
        "retries_total",
        "counter",
        "Attempts beside the first one of each call.",
        &|stats, sample| sample("", "", &stats.retries),
    );
    family(
        "failures_total",
        "counter",
        "Calls that failed: refused by Stripe, without an answer, or because of the configuration.",
        &|stats, sample| {
            sample("", ",kind=\"refused\"", &stats.refused);
            sample("", ",kind=\"unreachable\"", &stats.unreachable);
            sample("", ",kind=\"misconfigured\"", &stats.misconfigured);
        },
    );
    family(
        "call_duration_seconds",
        "histogram",
        "How long calls took, with all their attempts.",
        &|stats, sample| {
            for (bound, count) in OperationStats::BOUNDS.iter().zip(stats.at_most) {
                sample("_bucket", &format!(",le=\"{}\"", seconds(*bound)), &count);
            }
            sample("_bucket", ",le=\"+Inf\"", &stats.ended);
            sample("_sum", "", &seconds(stats.total));
            sample("_count", "", &stats.ended);
        },
    );
    text
}

/// Seconds with six decimals.
fn seconds(time: Duration) -> String {
    format!("{}.{:06}", time.as_secs(), time.subsec_micros())
}
