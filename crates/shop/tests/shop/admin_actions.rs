use domain::id::RefundId;
use domain::money::{Currency, Money};
use domain::order::{Order, RefundRequest, RefundSource};
use payments::event::Event;
use serde_json::Value;
use shop::Client;
use shop::admin::{
    Admin, CsrfProof, MANY_ORDERS, SessionToken, authorize_form, csrf_token, set_password, sign_in,
};
use shop::refunds::{IssueError, Issued, issue, new_id};

use crate::test_shop::TestShop;

/// Actions of the admin, the bank and somebody in the Stripe Dashboard, and what the shop hears and
/// tells of it.
impl TestShop {
    /// The admin's session.
    pub(crate) async fn admin(&self) -> SessionToken {
        let password = "correct horse battery";
        set_password(&self.store, password).await.unwrap();
        let signed_in = sign_in(&self.shop, password, Client::UNKNOWN, None);
        signed_in.await.unwrap().token
    }

    /// The admin sends a form of the order's page.
    pub(crate) async fn csrf(&self, admin: &SessionToken, order: &Order) -> CsrfProof {
        let token = csrf_token(&self.shop, admin, order.number);
        authorize_form(&self.shop, admin, order.number, &token)
            .await
            .unwrap()
    }

    /// The admin, signed in anew.
    pub(crate) async fn admin_of_shop(&self) -> Admin {
        let session = self.admin().await;
        let admin = shop::admin::authorize(&self.shop, &session).await;
        admin.unwrap().unwrap()
    }

    /// The admin sends a form that changes many orders.
    pub(crate) async fn csrf_of_many(&self) -> CsrfProof {
        let session = self.admin().await;
        let token = csrf_token(&self.shop, &session, MANY_ORDERS);
        let csrf = authorize_form(&self.shop, &session, MANY_ORDERS, &token).await;
        csrf.unwrap()
    }

    /// An order that was paid with one of Stripe's cards for testing, and the shop knows.
    pub(crate) async fn paid_with(&self, cart: &str, card: &str) -> Order {
        let (order, url) = self.order(&crate::test_shop::cart(cart)).await;
        self.pay_with(&url, card).await;
        self.tell("checkout.session.completed").await;
        self.again(&order).await
    }

    /// Delivers every event of a type, oldest first.
    pub(crate) async fn tell(&self, kind: &str) {
        for event in self.events(kind).await {
            self.deliver(&event).await;
        }
    }

    pub(crate) async fn deliver(&self, event: &Event) {
        shop::webhooks::receive(&self.shop, event).await.unwrap();
    }

    /// Every event that can move an order, oldest first.
    pub(crate) async fn all_events(&self) -> Vec<Event> {
        let list = self.ask_stripe("/v1/events?limit=100").await;
        let mut events: Vec<Event> = list["data"]
            .as_array()
            .unwrap()
            .iter()
            .map(|event| Event::parse(event.to_string().as_bytes()).unwrap())
            .filter(|event| event.payload.is_some())
            .collect();
        events.reverse();
        events
    }

    /// The e-mails that the shop has to send about an order: one word for each, in alphabetical
    /// order.
    pub(crate) async fn emails(&self, order: &Order) -> Vec<String> {
        let sql = format!(
            "SELECT kind FROM outbox WHERE order_id = '{}' ORDER BY kind, subject",
            order.id
        );
        self.database.texts(&sql).await
    }

    /// The refunds of an order's payment that Stripe knows, newest first: amount and status.
    pub(crate) async fn refunds_at_stripe(&self, order: &Order) -> Vec<(i64, String)> {
        let payment = order.payments[0].payment_reference.as_deref().unwrap();
        let list = self
            .ask_stripe(&format!("/v1/refunds?payment_intent={payment}&limit=100"))
            .await;
        let refunds = list["data"].as_array().unwrap().iter();
        refunds
            .map(|refund| {
                (
                    refund["amount"].as_i64().unwrap(),
                    refund["status"].as_str().unwrap().to_owned(),
                )
            })
            .collect()
    }

    /// Somebody gives money back in the Stripe Dashboard.
    pub(crate) async fn refund_in_dashboard(&self, order: &Order, amount: i64) -> Value {
        let payment = order.payments[0].payment_reference.as_deref().unwrap();
        let amount = amount.to_string();
        let form = [("payment_intent", payment), ("amount", amount.as_str())];
        self.control("/v1/refunds", &form).await
    }

    /// The cardholder's bank takes an order's payment back. Answers the dispute (`du_…`).
    pub(crate) async fn charge_back(&self, order: &Order) -> String {
        let payment = order.payments[0].payment_reference.as_deref().unwrap();
        let intent = self
            .ask_stripe(&format!("/v1/payment_intents/{payment}"))
            .await;
        let charge = intent["latest_charge"].as_str().unwrap();
        let path = format!("/sandbox/charges/{charge}/dispute");
        let dispute = self
            .control(&path, &[("reason", "product_not_received")])
            .await;
        dispute["id"].as_str().unwrap().to_owned()
    }

    /// The admin gives a part of an order's money back, in a decision of its own.
    pub(crate) async fn refund(
        &self,
        admin: &SessionToken,
        order: &Order,
        amount: i64,
    ) -> Result<Issued, IssueError> {
        let request = decision(new_id(), amount);
        let csrf = self.csrf(admin, order).await;
        issue(&self.shop, &csrf, &request).await
    }
}

/// The admin's decision to give cents back.
pub(crate) fn decision(id: RefundId, amount: i64) -> RefundRequest {
    RefundRequest {
        id,
        amount: Some(Money::new(amount, Currency::USD)),
        lines: Vec::new(),
        with_shipping: false,
        source: RefundSource::Admin,
        reason: None,
        note: None,
    }
}
