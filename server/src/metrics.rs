use std::fmt::Write as _;
use std::time::Duration;

use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use payments::OperationStats;
use sha2::{Digest, Sha256};
use shop::Shop;

/// What the route needs to answer, and to know who may read the answer.
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

/// Tells a Prometheus server how the calls to Stripe went. How busy a shop is, is its own business, so without a token in
/// the configuration there is no such address.
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
    let mut line = |line: std::fmt::Arguments<'_>| {
        // Writing to a string cannot fail.
        let _ = writeln!(text, "{line}");
    };
    line(format_args!(
        "# HELP storefront_stripe_calls_total Calls to Stripe that were begun.\n\
         # TYPE storefront_stripe_calls_total counter"
    ));
    for stats in stats {
        line(format_args!(
            "storefront_stripe_calls_total{{operation=\"{}\"}} {}",
            stats.operation.as_str(),
            stats.calls
        ));
    }
    line(format_args!(
        "# HELP storefront_stripe_retries_total Attempts beside the first one of each call.\n\
         # TYPE storefront_stripe_retries_total counter"
    ));
    for stats in stats {
        line(format_args!(
            "storefront_stripe_retries_total{{operation=\"{}\"}} {}",
            stats.operation.as_str(),
            stats.retries
        ));
    }
    line(format_args!(
        "# HELP storefront_stripe_failures_total Calls that failed: refused by Stripe, without an answer, or because of \
         the configuration.\n\
         # TYPE storefront_stripe_failures_total counter"
    ));
    for stats in stats {
        for (kind, count) in [
            ("refused", stats.refused),
            ("unreachable", stats.unreachable),
            ("misconfigured", stats.misconfigured),
        ] {
            line(format_args!(
                "storefront_stripe_failures_total{{operation=\"{}\",kind=\"{kind}\"}} {count}",
                stats.operation.as_str()
            ));
        }
    }
    line(format_args!(
        "# HELP storefront_stripe_call_duration_seconds How long calls took, with all their attempts.\n\
         # TYPE storefront_stripe_call_duration_seconds histogram"
    ));
    for stats in stats {
        let operation = stats.operation.as_str();
        for (bound, count) in OperationStats::BOUNDS.iter().zip(stats.at_most) {
            line(format_args!(
                "storefront_stripe_call_duration_seconds_bucket{{operation=\"{operation}\",le=\"{}\"}} {count}",
                seconds(*bound)
            ));
        }
        line(format_args!(
            "storefront_stripe_call_duration_seconds_bucket{{operation=\"{operation}\",le=\"+Inf\"}} {ended}\n\
             storefront_stripe_call_duration_seconds_sum{{operation=\"{operation}\"}} {}\n\
             storefront_stripe_call_duration_seconds_count{{operation=\"{operation}\"}} {ended}",
            seconds(stats.total),
            ended = stats.ended,
        ));
    }
    text
}

/// Seconds with six decimals.
fn seconds(time: Duration) -> String {
    format!("{}.{:06}", time.as_secs(), time.subsec_micros())
}
