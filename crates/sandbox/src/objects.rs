//! Stripe's objects, each as the JSON that goes over the wire.
//!
//! Every member that Stripe sends is there, null where it is empty, because typed clients miss
//! absent ones.

/// Declares an object of Stripe's as a type of its own over the stored JSON, so that a `Dispute`
/// does not compile where a `Refund` is meant. Either can be used where any [`Object`] will do.
macro_rules! object_type {
    ($(#[$doc:meta])* $name:ident = $kind:literal;) => {
        $(#[$doc])*
        #[derive(Debug, Clone)]
        pub(crate) struct $name($crate::objects::object::Object);

        impl $crate::objects::object::ObjectType for $name {
            const KIND: &'static str = $kind;

            fn from_object(object: $crate::objects::object::Object) -> Option<Self> {
                (object.kind() == $kind).then_some(Self(object))
            }

            fn into_object(self) -> $crate::objects::object::Object {
                self.0
            }
        }

        impl std::ops::Deref for $name {
            type Target = $crate::objects::object::Object;

            fn deref(&self) -> &Self::Target {
                &self.0
            }
        }

        impl std::ops::DerefMut for $name {
            fn deref_mut(&mut self) -> &mut Self::Target {
                &mut self.0
            }
        }
    };
}

pub(crate) mod balance_transaction;
pub(crate) mod changes;
pub(crate) mod charge;
pub(crate) mod charge_attempt;
mod charge_details;
pub(crate) mod checkout_session;
pub(crate) mod coupon;
pub(crate) mod currency_options;
pub(crate) mod customer;
pub(crate) mod dispute;
pub(crate) mod early_fraud_warning;
pub(crate) mod event;
pub(crate) mod invoice;
pub(crate) mod line_item;
pub(crate) mod object;
pub(crate) mod payment_intent;
pub(crate) mod payment_method;
pub(crate) mod payment_method_options;
pub(crate) mod price;
pub(crate) mod product;
pub(crate) mod promotion_code;
pub(crate) mod redemption;
pub(crate) mod refund;
pub(crate) mod setup_attempt;
pub(crate) mod setup_intent;
pub(crate) mod shipping_rate;
pub(crate) mod webhook_endpoint;

pub(crate) use self::balance_transaction::BalanceTransaction;
pub(crate) use self::charge::Charge;
pub(crate) use self::checkout_session::CheckoutSession;
pub(crate) use self::coupon::Coupon;
pub(crate) use self::customer::Customer;
pub(crate) use self::dispute::Dispute;
pub(crate) use self::early_fraud_warning::EarlyFraudWarning;
pub(crate) use self::event::Event;
pub(crate) use self::invoice::{Invoice, InvoicePayment};
pub(crate) use self::object::{Object, ObjectType};
pub(crate) use self::payment_intent::PaymentIntent;
pub(crate) use self::payment_method::PaymentMethod;
pub(crate) use self::price::Price;
pub(crate) use self::product::Product;
pub(crate) use self::promotion_code::PromotionCode;
pub(crate) use self::refund::Refund;
pub(crate) use self::setup_attempt::SetupAttempt;
pub(crate) use self::setup_intent::SetupIntent;
pub(crate) use self::shipping_rate::ShippingRate;
pub(crate) use self::webhook_endpoint::WebhookEndpoint;
