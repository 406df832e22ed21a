messages! {
    /// The errors that are answered instead of doing what was asked.
    ErrorText {
        fn bad_request() -> &'static str {
            En => "That request could not be understood. Reload the page and try again.",
        }
        fn forbidden() -> &'static str {
            En => "This form did not come from this shop's own page, so nothing was done. Open the page again and send it from there.",
        }
        /// Answered before the app, as plain text.
        fn other_site() -> &'static str { En => "This form was sent from another site." }
        fn no_host() -> &'static str {
            En => "A request needs one Host header, with a name or address and perhaps a port.",
        }
        fn nothing_at_address() -> &'static str { En => "There is nothing at this address." }
        fn too_many_requests() -> &'static str {
            En => "Too many requests of yours are under way. Try again in a few seconds.",
        }
        fn form_too_large() -> &'static str { En => "A form of this shop is never that large." }
        fn form_too_long() -> &'static str {
            En => "The form is too long. Go back, make it shorter and send it again.",
        }
        fn too_slow() -> &'static str {
            En => "The request took too long to arrive. Send it again.",
        }
        fn too_many_large_requests() -> &'static str {
            En => "Too many large requests are arriving. Send it again in a few seconds.",
        }

        fn not_found() -> &'static str { En => "There is nothing here." }
        fn busy() -> &'static str {
            En => "Too many people are doing this at the same time. Wait a few seconds, go back and try again.",
        }
        fn unavailable() -> &'static str {
            En => "Something went wrong on our side. Try again in a moment.",
        }
    }
}
