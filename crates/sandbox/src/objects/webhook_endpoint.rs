//! Webhook endpoints: where events go, which ones, and the secrets that sign them.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::event::Event;
use super::object::Object;
use crate::api_version::ENDIVE;
use crate::config::Webhook;
use crate::ids;

object_type! {
    /// A webhook endpoint: where events go.
    WebhookEndpoint = "webhook_endpoint";
}

/// Stands for every type of event.
const EVERYTHING: &str = "*";

/// The members that came with endive: the kind of object, the place in it, and the name. Source:
/// the difference of Stripe's OpenAPI descriptions of the two versions.
const NEW_IN_ENDIVE: [(&str, &str, &str); 8] = [
    ("checkout.session", "", "allowed_payment_method_types"),
    ("dispute", "", "intended_submission_method"),
    ("dispute", "/evidence", "appeal"),
    ("dispute", "/evidence_details", "submission_method"),
    ("payment_intent", "", "payment_record"),
    ("charge", CARD, "electronic_commerce_indicator"),
    ("charge", CARD, "setup_credential_usage"),
    ("charge", CARD, "stored_credential_usage"),
];

const CARD: &str = "/payment_method_details/card";

/// The most secrets that sign at the same time, while others are being replaced.
const MOST_SECRETS: usize = 4;

/// The parameters of a new endpoint.
#[derive(Debug)]
pub(crate) struct New {
    pub(crate) url: String,
    pub(crate) enabled_events: Vec<String>,
    /// The version in which events are written for it; the sandbox's own unless given.
    pub(crate) api_version: Option<String>,
    pub(crate) description: Value,
    pub(crate) metadata: Value,
}

/// A secret, and until which Unix second it signs beside its successor.
#[derive(Debug, Serialize, Deserialize)]
struct Secret {
    secret: String,
    expires_at: Option<i64>,
}

impl WebhookEndpoint {
    /// A new endpoint with a secret of its own.
    pub(crate) fn create(new: New, now: i64) -> Self {
        let mut endpoint = Self(Object::new(json!({
            "id": ids::object("we"),
            "object": "webhook_endpoint",
            "api_version": new.api_version,
            "application": null,
            "created": now,
            "description": new.description,
            "enabled_events": new.enabled_events,
            "livemode": false,
            "metadata": new.metadata,
            "status": "enabled",
            "url": new.url,
        })));
        endpoint.set_secrets(vec![Secret::lasting(ids::webhook_secret())]);
        endpoint
    }

    /// The endpoint of the configuration's `webhook`, which receives everything.
    pub(crate) fn configured(webhook: &Webhook, now: i64) -> Self {
        let new = New {
            url: webhook.url.clone(),
            enabled_events: vec![EVERYTHING.to_owned()],
            api_version: None,
            description: json!("From the sandbox's configuration"),
            metadata: json!({}),
        };
        let mut endpoint = Self::create(new, now);
        endpoint.configure(webhook);
        endpoint
    }

    /// Gives an endpoint the secrets of the configuration, unless it has had these before: then
    /// they may have been rolled since.
    pub(crate) fn configure(&mut self, webhook: &Webhook) {
        if self.private()["configured"] != webhook.secret {
            let secrets = webhook
                .secrets()
                .map(|text| Secret::lasting(text.to_owned()));
            self.set_secrets(secrets.collect());
            self.set_private("configured", webhook.secret.as_str());
        }
    }

    /// True for an endpoint of the configuration.
    pub(crate) fn is_configured(&self) -> bool {
        self.private()["configured"].is_string()
    }

    /// True if an endpoint is enabled for events of this type.
    pub(crate) fn wants(&self, kind: &str) -> bool {
        let listed = |wanted: &Value| wanted == EVERYTHING || wanted == kind;
        let mut events = self.get("enabled_events").as_array().into_iter().flatten();
        self.text("status") == "enabled" && events.any(listed)
    }

    /// The secrets that sign at the Unix second `now`, the newest first.
    pub(crate) fn signing_secrets(&self, now: i64) -> Vec<String> {
        let secrets = self.secrets().into_iter();
        secrets
            .filter(|secret| secret.expires_at.is_none_or(|at| at > now))
            .map(|secret| secret.secret)
            .collect()
    }

    /// Replaces the secret. Those of before go on signing until the Unix second `until`. Returns
    /// the new one.
    pub(crate) fn roll(&mut self, now: i64, until: i64) -> String {
        let new = ids::webhook_secret();
        let old = self.secrets().into_iter().map(|old| Secret {
            expires_at: Some(old.expires_at.map_or(until, |at| at.min(until))),
            ..old
        });
        let still_good = old.filter(|old| old.expires_at.is_none_or(|at| at > now));
        let all = std::iter::once(Secret::lasting(new.clone())).chain(still_good);
        self.set_secrets(all.take(MOST_SECRETS).collect());
        new
    }

    /// The answer to a creation, the only one that shows the secret.
    pub(crate) fn with_secret(&self) -> Value {
        let mut body = self.body().clone();
        body["secret"] = json!(self.secrets().into_iter().next().map(|first| first.secret));
        body
    }

    /// An event as it is sent to an endpoint: in the endpoint's version.
    pub(crate) fn render(&self, event: &Event) -> String {
        let version = self.text("api_version");
        if version.is_empty() {
            return format!("{:#}", event.body());
        }
        let mut body = event.body().clone();
        body["api_version"] = json!(version);
        if version < ENDIVE {
            age(&mut body["data"]);
        }
        format!("{body:#}")
    }

    fn secrets(&self) -> Vec<Secret> {
        serde_json::from_value(self.private()["secrets"].clone()).unwrap_or_default()
    }

    fn set_secrets(&mut self, secrets: Vec<Secret>) {
        self.set_private("secrets", json!(secrets));
    }
}

/// Takes away what came with endive.
fn age(data: &mut Value) {
    let kind = data["object"]["object"]
        .as_str()
        .unwrap_or_default()
        .to_owned();
    let new = NEW_IN_ENDIVE.iter().filter(|(of, ..)| *of == kind);
    for (_, place, member) in new {
        for part in ["/object", "/previous_attributes"] {
            let place = data.pointer_mut(&format!("{part}{place}"));
            if let Some(place) = place.and_then(Value::as_object_mut) {
                place.remove(*member);
            }
        }
    }
}

impl Secret {
    fn lasting(secret: String) -> Self {
        Self {
            secret,
            expires_at: None,
        }
    }
}
