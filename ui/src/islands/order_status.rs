use std::time::Duration;

use domain::order::OrderStatus;
use leptos::ev;
use leptos::leptos_dom::helpers::{TimeoutHandle, set_timeout_with_handle};
use leptos::prelude::*;
use leptos::task::spawn_local;
use web_sys::VisibilityState;

use super::cart_provider::CartContext;
use super::language::text;
use super::page_data;
use super::text::translated;
use crate::server_functions::order_progress;

/// The pauses between questions, in milliseconds; the last one goes on.
const PAUSES: [u64; 7] = [700, 1000, 1500, 2500, 4000, 7000, 10_000];

/// The status of an order. Asks until it rests, and only while somebody is looking. The page's data
/// is the key to the order's page, where the money is as `OrderStatus` writes it, and
/// `shipped` if the goods have left.
#[island]
pub fn OrderStatusPanel() -> impl IntoView {
    let cart = expect_context::<CartContext>();
    let text = text().order();
    let data = page_data();
    let mut data = data.split(' ');
    let token = StoredValue::new(data.next().unwrap_or_default().to_owned());
    let status = data.next().and_then(OrderStatus::parse);
    let status = RwSignal::new(status.unwrap_or(OrderStatus::Pending));
    let is_shipped = data.next().is_some();
    let poll = Poll {
        asked: StoredValue::new(0),
        waiting: StoredValue::new(None),
    };
    Effect::new(move |_| {
        poll.go_on(status, token, cart);
        window_event_listener(ev::visibilitychange, move |_| {
            poll.asked.set_value(0);
            poll.stop();
            // Money may have gone back since an order that is over was last looked at.
            if document().visibility_state() == VisibilityState::Visible {
                poll.ask(status, token, cart);
            }
        });
    });
    view! {
        <p
            class="order-status"
            role="status"
            translate="no"
            data-status=Signal::derive(move || status.get().to_string())
            inner_html=Signal::derive(move || text.status(status.get()).to_owned())
        ></p>
        <p class="order-explained">
            {translated(Signal::derive(move || text.status_explained(status.get(), is_shipped).to_owned()))}
        </p>
    }
}

#[derive(Clone, Copy)]
struct Poll {
    /// The number of questions since somebody last began to look.
    asked: StoredValue<usize>,
    waiting: StoredValue<Option<TimeoutHandle>>,
}

impl Poll {
    /// Asks again after a pause, unless there is nothing to wait for or nobody looks.
    fn go_on(self, status: RwSignal<OrderStatus>, token: StoredValue<String>, cart: CartContext) {
        self.stop();
        if status.get_untracked().is_final()
            || document().visibility_state() == VisibilityState::Hidden
        {
            return;
        }
        let asked = self.asked.get_value();
        let pause = PAUSES[asked.min(PAUSES.len() - 1)];
        self.asked.set_value(asked.saturating_add(1));
        let ask = move || self.ask(status, token, cart);
        let handle = set_timeout_with_handle(ask, Duration::from_millis(pause)).ok();
        self.waiting.set_value(handle);
    }

    /// Asks, and again until there is nothing to wait for.
    fn ask(self, status: RwSignal<OrderStatus>, token: StoredValue<String>, cart: CartContext) {
        spawn_local(async move {
            // A question without an answer is asked again like any other.
            let now = order_progress(token.get_value()).await.unwrap_or_default();
            if let Some(now) = OrderStatus::parse(&now) {
                status.set(now);
                // With a payment the server empties the cart's cookie.
                cart.look();
            }
            self.go_on(status, token, cart);
        });
    }

    fn stop(self) {
        if let Some(Some(handle)) = self.waiting.try_update_value(Option::take) {
            handle.clear();
        }
    }
}
