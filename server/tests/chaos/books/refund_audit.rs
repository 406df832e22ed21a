use std::collections::HashMap;

use serde_json::Value;

use super::{Books, Dispute, Refund, integer};
use crate::finding::Finding;

impl Books {
    /// Every refund of Stripe's is in the database once, and says the same.
    pub(super) fn check_refunds(&self, findings: &mut Vec<Finding>) {
        let mut known: HashMap<&str, Vec<&Refund>> = HashMap::new();
        for refund in &self.refunds {
            let order = refund.order_id.as_deref().unwrap_or_default();
            match refund.stripe_id.as_deref() {
                Some(id) => known.entry(id).or_default().push(refund),
                None if refund.status == "refused" => {}
                None => {
                    let what = format!("the refund {} never came to Stripe", refund.id);
                    findings.push(Finding::of(order, what));
                }
            }
        }
        let mut decisions: HashMap<&str, &str> = HashMap::new();
        for reported in &self.stripe.refunds {
            let id = reported["id"].as_str().unwrap();
            let ours = known.remove(id).unwrap_or_default();
            let order = ours.first().and_then(|it| it.order_id.as_deref());
            let mut fails =
                |what: String| findings.push(Finding::of(order.unwrap_or_default(), what));
            let [refund] = ours[..] else {
                fails(format!(
                    "Stripe's refund {reported} is there {} times",
                    ours.len()
                ));
                continue;
            };
            let same = integer(reported, "amount") == refund.amount
                && reported["currency"] == refund.currency
                && reported["status"] == refund.status;
            if !same {
                fails(format!(
                    "the shop has {refund:?}, and Stripe has {reported}"
                ));
            }
            let is_of_order = order
                .and_then(|id| self.orders.get(id))
                .is_some_and(|order| {
                    order.payment_reference.as_deref() == reported["payment_intent"].as_str()
                });
            if !is_of_order {
                fails(format!("the refund {id} is on another payment's order"));
            }
            if let Some(decision) = reported["metadata"]["refund_id"].as_str() {
                if decision != refund.id || refund.source == "dashboard" {
                    fails(format!(
                        "the shop has {refund:?}, and Stripe has {reported}"
                    ));
                }
                if let Some(other) = decisions.insert(decision, id) {
                    fails(format!("{decision} was refunded by {id} and by {other}"));
                }
            }
        }
        for (id, ours) in known {
            let order = ours[0].order_id.as_deref().unwrap_or_default();
            let what = format!("Stripe has no refund {id}");
            findings.push(Finding::of(order, what));
        }
    }

    /// The same for disputes.
    pub(super) fn check_disputes(&self, findings: &mut Vec<Finding>) {
        let mut known: HashMap<&str, &Dispute> = self
            .disputes
            .iter()
            .map(|it| (it.id.as_str(), it))
            .collect();
        for reported in &self.stripe.disputes {
            let id = reported["id"].as_str().unwrap();
            let intent = reported["payment_intent"].as_str();
            let order = self
                .orders
                .values()
                .find(|order| order.payment_reference.as_deref() == intent);
            let order = order.map(|order| order.id.as_str());
            let mut fails =
                |what: String| findings.push(Finding::of(order.unwrap_or_default(), what));
            let Some(dispute) = known.remove(id) else {
                fails(format!("nobody told the owner of the dispute {reported}"));
                continue;
            };
            let moves = reported["balance_transactions"].as_array().unwrap().len();
            let funds = ["kept", "withdrawn", "reinstated"][moves.min(2)];
            let same = integer(reported, "amount") == dispute.amount
                && reported["status"] == dispute.status
                && dispute.funds == funds
                && dispute.order_id.as_deref() == order;
            if !same {
                fails(format!(
                    "the shop has {dispute:?}, and Stripe has {reported}"
                ));
            }
        }
        for dispute in known.values() {
            let what = format!("Stripe has no dispute {}", dispute.id);
            findings.push(Finding::of(
                dispute.order_id.as_deref().unwrap_or_default(),
                what,
            ));
        }
    }

    /// Checks that Stripe told what the shop heard, and that nothing is still waited for.
    pub(super) fn check_events(&self, findings: &mut Vec<Finding>) {
        let reported: HashMap<&str, &Value> = self
            .stripe
            .events
            .iter()
            .map(|event| (event["id"].as_str().unwrap(), event))
            .collect();
        for event in &self.events {
            if reported
                .get(event.id.as_str())
                .is_none_or(|reported| reported["type"] != event.kind)
            {
                let what = format!("Stripe never told {event:?}");
                findings.push(Finding::of(
                    event.order_id.as_deref().unwrap_or_default(),
                    what,
                ));
            }
        }
    }
}
