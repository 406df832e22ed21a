messages! {
    /// Above, below and around every page.
    LayoutText {
        fn skip_to_content() -> &'static str { En => "Skip to content" }
        /// The name of the navigation at the top, for those who hear the page.
        fn main_navigation() -> &'static str { En => "Main" }
        /// The name of the way from the store to the page, for those who hear the page.
        fn breadcrumb() -> &'static str { En => "Breadcrumb" }
        /// The name of the way through a long list, for those who hear the page.
        fn pages() -> &'static str { En => "Pages" }
        fn previous_page() -> &'static str { En => "Previous page" }
        fn next_page() -> &'static str { En => "Next page" }

        /// At the foot of the demo, whose name is `shop`.
        fn demo(shop: &str) -> String {
            En => format!("{shop} is the demo of Cartwright, a storefront in one Rust binary."),
        }
        fn test_mode() -> &'static str {
            En => "This shop is in test mode. Nothing is charged and nothing is shipped.",
        }
        fn find_order() -> &'static str { En => "Find your order" }
        /// The link to the admin's pages, and the name of their navigation.
        fn admin() -> &'static str { En => "Shop owner" }

        fn page_not_found() -> &'static str { En => "Page not found" }
        fn nothing_at_address() -> &'static str {
            En => "There is nothing at this address. It may have moved, or the link may be incomplete.",
        }
        fn browse_store() -> &'static str { En => "Browse the store" }

        fn something_went_wrong() -> &'static str { En => "Something went wrong" }
        fn try_again() -> &'static str { En => "Try again" }
    }
}
