messages! {
    /// The admin's pages, without the page of one order.
    AdminText {
        fn orders() -> &'static str { En => "Orders" }
        fn open_checkouts() -> &'static str { En => "Open checkouts" }
        fn events() -> &'static str { En => "Events" }
        fn emails() -> &'static str { En => "E-mails" }
        fn sign_out() -> &'static str { En => "Sign out" }
        /// To the page of a list before this one, and after it.
        fn newer() -> &'static str { En => "Newer" }
        fn older() -> &'static str { En => "Older" }

        fn sign_in() -> &'static str { En => "Sign in" }
        fn password() -> &'static str { En => "Password" }
        /// Before and after the command that sets another password.
        fn forgotten() -> [&'static str; 2] { En => ["Forgotten? ", " sets another."] }
        fn wrong_password() -> &'static str { En => "That is not the password." }
        fn too_many_passwords() -> &'static str {
            En => "Too many wrong passwords. Wait a quarter of an hour and try again.",
        }
        fn too_many_passwords_everywhere() -> &'static str {
            En => "Wrong passwords are coming in from many places, so sign-ins are slowed down. Try again \
                   in ten seconds, or in a browser that you have signed in with before.",
        }

        /// The columns of the lists.
        fn order() -> &'static str { En => "Order" }
        fn status() -> &'static str { En => "Status" }
        fn shipping() -> &'static str { En => "Shipping" }
        fn amount() -> &'static str { En => "Amount" }
        fn time() -> &'static str { En => "Time" }
        fn email() -> &'static str { En => "E-mail" }

        fn no_orders_on_page() -> &'static str { En => "There are no orders on this page." }
        fn no_orders_yet() -> &'static str {
            En => "No paid orders yet. They appear here the moment they are paid.",
        }
        fn test_order() -> &'static str { En => "Test order" }
        fn needs_review() -> &'static str { En => "Needs review" }
        fn disputed() -> &'static str { En => "Disputed: answer" }
        fn do_not_ship() -> &'static str { En => "Do not ship" }
        fn shipped() -> &'static str { En => "Shipped" }

        fn stale_form() -> &'static str {
            En => "Nothing was saved: the form was from before you signed in. Check it and send it again.",
        }
        fn no_such_order() -> &'static str { En => "There is no such order." }
    }
}

messages! {
    /// Orders that are being paid for, and what they hold.
    HoldsText {
        fn explained() -> &'static str {
            En => "What is being paid for is held for the shopper, and free again when the payment page ends. \
                   Orders with the same client code come from one network.",
        }
        fn nothing_held() -> &'static str { En => "Nothing is held." }
        fn held(pieces: i64, orders: usize) -> String {
            En => format!("Pieces held: {pieces}. Orders: {orders}."),
        }
        /// Below a list that leaves older ones out.
        fn newest(count: i64) -> String { En => format!("These are the newest {count}.") }

        fn holds() -> &'static str { En => "Holds" }
        fn since() -> &'static str { En => "Since" }
        fn until() -> &'static str { En => "Until" }
        fn client() -> &'static str { En => "Client" }
        fn end_it() -> &'static str { En => "End it" }
        fn release() -> &'static str { En => "Release" }
        fn release_order(number: i64) -> String { En => format!("Release order {number}") }
        fn payment_processing() -> &'static str { En => "Payment is on its way" }

        fn released() -> &'static str { En => "The order has ended, and its pieces are free." }
        fn not_open() -> &'static str { En => "That order is not open any more." }
        fn stale_form() -> &'static str {
            En => "Nothing was changed: the form was from before you signed in. Try again.",
        }
        fn failed() -> &'static str {
            En => "Stripe or the database did not answer, so the order goes on. Try again in a moment.",
        }
    }
}

messages! {
    /// The webhook events that Stripe delivered.
    EventsText {
        fn none_older() -> &'static str { En => "Stripe has sent nothing here that is older." }
        fn none_yet() -> &'static str {
            En => "Stripe has sent nothing here. Its webhooks appear as they arrive.",
        }
        fn kind() -> &'static str { En => "Type" }
        fn outcome() -> &'static str { En => "Outcome" }
        fn id() -> &'static str { En => "Id" }

        fn applied() -> &'static str { En => "Changed the order" }
        fn unchanged() -> &'static str { En => "Nothing new" }
        fn flagged() -> &'static str { En => "Needs review" }
        fn unmatched() -> &'static str { En => "Waiting for its payment" }
        fn ignored() -> &'static str { En => "Not about an order" }
        fn wrong_mode() -> &'static str { En => "Wrong mode, not applied" }
    }
}
