use std::collections::HashSet;
use std::sync::Arc;

use serde_json::Value;

use crate::SeededRng;
use crate::shopper;
use crate::stripe::Stripe;
use crate::world::{Moment, World};

/// An action of banks, time or whoever sits at the Stripe Dashboard, past the shop.
#[derive(Clone, Copy)]
enum Act {
    SettleDebit,
    SettleRefund,
    LetRefundComeBack,
    Dispute,
    DecideDispute,
    RefundInDashboard,
    ExpireSession,
}

/// Moves money at Stripe, all day long.
pub(crate) async fn act(world: Arc<World>) {
    let mut rng = world.rng("bank");
    while world.goes_on() {
        rng.pause(50..=350).await;
        let act = rng.weighted(&[
            (25, Act::SettleDebit),
            (15, Act::SettleRefund),
            (4, Act::LetRefundComeBack),
            (8, Act::Dispute),
            (12, Act::DecideDispute),
            (12, Act::RefundInDashboard),
            (20, Act::ExpireSession),
        ]);
        if act.happen(&world.stripe, &mut rng).await.is_some() {
            world.happens(Moment::Bank);
        }
    }
}

impl Act {
    async fn happen(self, stripe: &Stripe, rng: &mut SeededRng) -> Option<Value> {
        match self {
            Self::SettleDebit => {
                let intents = stripe.recent("payment_intents").await;
                let id = one(rng, &intents, |it| it["status"] == "processing")?;
                let outcome = if rng.percent(60) { "succeed" } else { "fail" };
                let path = format!("payment_intents/{id}/settle");
                stripe.control(&path, &[("outcome", outcome)]).await
            }
            Self::SettleRefund => {
                let refunds = stripe.recent("refunds").await;
                let id = one(rng, &refunds, |it| it["status"] == "pending")?;
                let result = if rng.percent(70) { "succeed" } else { "fail" };
                stripe.control(&format!("refunds/{id}/{result}"), &[]).await
            }
            Self::LetRefundComeBack => {
                let refunds = stripe.recent("refunds").await;
                let id = one(rng, &refunds, |it| it["status"] == "succeeded")?;
                stripe.control(&format!("refunds/{id}/fail"), &[]).await
            }
            Self::Dispute => {
                let charges = stripe.recent("charges").await;
                let id = one(rng, &charges, |it| {
                    it["status"] == "succeeded" && it["disputed"] == false
                })?;
                let kinds = ["chargeback", "chargeback", "inquiry"];
                let kind = *rng.pick(&kinds)?;
                let path = format!("charges/{id}/dispute");
                stripe.control(&path, &[("kind", kind)]).await
            }
            Self::DecideDispute => {
                let disputes = stripe.recent("disputes").await;
                let id = one(rng, &disputes, |_| true)?;
                let decision = *rng.pick(&["win", "lose", "escalate"])?;
                stripe
                    .control(&format!("disputes/{id}/{decision}"), &[])
                    .await
            }
            Self::RefundInDashboard => {
                let charges = stripe.recent("charges").await;
                let id = one(rng, &charges, |it| {
                    it["status"] == "succeeded" && it["refunded"] == false
                })?;
                let cents = rng.number(1..=99);
                let amount = format!("{}.{cents:02}", rng.number(0..=40));
                let everything = rng.percent(30);
                let form = [("amount", amount.as_str())];
                let form = if everything { &[][..] } else { &form[..] };
                stripe.control(&format!("charges/{id}/refund"), form).await
            }
            Self::ExpireSession => {
                let sessions = stripe.recent("checkout/sessions").await;
                let id = one(rng, &sessions, |it| it["status"] == "open")?;
                stripe.control(&format!("sessions/{id}/expire"), &[]).await
            }
        }
    }
}

/// Brings everything to an end that waits for a bank, a shopper or the time. Answers whether
/// anything did.
pub(crate) async fn finish(stripe: &Stripe) -> bool {
    let mut any = false;
    for (kind, status, path, form) in [
        ("checkout/sessions", "open", "sessions/ID/expire", None),
        (
            "payment_intents",
            "processing",
            "payment_intents/ID/settle",
            Some(("outcome", "succeed")),
        ),
        ("refunds", "pending", "refunds/ID/succeed", None),
    ] {
        for object in stripe.all(kind).await {
            if object["status"] == status {
                let id = object["id"].as_str().unwrap();
                let form: Vec<_> = form.into_iter().collect();
                stripe.control(&path.replace("ID", id), &form).await;
                any = true;
            }
        }
    }
    for id in refunds_to_come_back(stripe).await {
        stripe.control(&format!("refunds/{id}/fail"), &[]).await;
        any = true;
    }
    any
}

/// The refunds that have succeeded and fail a minute later by themselves, as those to
/// [`shopper::REFUND_FAILS`] do.
async fn refunds_to_come_back(stripe: &Stripe) -> Vec<String> {
    let last4 = &shopper::REFUND_FAILS[shopper::REFUND_FAILS.len() - 4..];
    let charges = stripe.all("charges").await;
    let charges: HashSet<_> = charges
        .iter()
        .filter(|charge| charge["payment_method_details"]["card"]["last4"] == last4)
        .filter_map(|charge| charge["id"].as_str())
        .collect();
    let refunds = stripe.all("refunds").await;
    refunds
        .iter()
        .filter(|refund| refund["status"] == "succeeded")
        .filter(|refund| {
            refund["charge"]
                .as_str()
                .is_some_and(|id| charges.contains(id))
        })
        .filter_map(|refund| refund["id"].as_str().map(str::to_owned))
        .collect()
}

fn one(rng: &mut SeededRng, among: &[Value], fits: impl Fn(&Value) -> bool) -> Option<String> {
    let fitting: Vec<_> = among.iter().filter(|object| fits(object)).collect();
    let object = rng.pick(&fitting)?;
    object["id"].as_str().map(str::to_owned)
}
