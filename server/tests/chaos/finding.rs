use std::collections::HashMap;

use crate::books::{Books, Event};

/// Something that should not be, and the order that it is about.
#[derive(Clone, Debug)]
pub(crate) struct Finding {
    order: Option<String>,
    what: String,
}

impl Finding {
    pub(crate) fn of(order: &str, what: String) -> Self {
        Self {
            order: Some(order.to_owned()),
            what,
        }
    }

    pub(crate) const fn of_nobody(what: String) -> Self {
        Self { order: None, what }
    }

    /// A finding with everything that is known about its order.
    pub(crate) fn explain(&self, books: &Books) -> String {
        let mut text = format!("LOST (CHAOS_SEED={}): {}\n", books.seed, self.what);
        let Some(order) = self.order.as_ref().and_then(|id| books.orders.get(id)) else {
            return text;
        };
        let mut say = |line: String| text += &format!("    {line}\n");
        say(format!("{order:?}"));
        for line in books.lines.iter().filter(|line| line.order_id == order.id) {
            say(format!("{line:?}"));
        }
        for refund in books.refunds_of(order) {
            say(format!("{refund:?}"));
        }
        for dispute in books.disputes_of(order) {
            say(format!("{dispute:?}"));
        }
        for email in books.emails.iter().filter(|it| it.order_id == order.id) {
            say(format!("{email:?}"));
        }
        let heard: HashMap<&str, &Event> =
            books.events.iter().map(|it| (it.id.as_str(), it)).collect();
        // What Stripe told about the order, the oldest first, and what the shop made of it.
        for event in books.stripe.events.iter().rev() {
            let object = &event["data"]["object"];
            let is_own = object["client_reference_id"] == order.id
                || [&object["payment_intent"], &object["id"]]
                    .iter()
                    .any(|id| id.is_string() && id.as_str() == order.payment_reference.as_deref());
            if is_own {
                let id = event["id"].as_str().unwrap();
                let outcome = heard.get(id).map(|event| event.outcome.as_str());
                let outcome = outcome.unwrap_or("not heard of");
                let (kind, status) = (&event["type"], &object["status"]);
                say(format!("{id} {kind} {} {status}: {outcome}", object["id"]));
            }
        }
        text
    }
}
