/// Declares a group of messages. Each is a method with a text for every [`Language`](crate::Language),
/// which takes what the text tells of:
///
/// ```ignore
/// messages! {
///     /// The cart.
///     CartText {
///         fn title() -> &'static str { En => "Cart" }
///         fn items(count: u32) -> String {
///             En => match count {
///                 1 => "Cart, 1 item".to_owned(),
///                 count => format!("Cart, {count} items"),
///             },
///         }
///     }
/// }
/// ```
macro_rules! messages {
    (
        $(#[$group_doc:meta])*
        $group:ident {
            $(
                $(#[$doc:meta])*
                fn $name:ident($($argument:ident: $type:ty),* $(,)?) -> $out:ty {
                    $($language:ident => $message:expr),+ $(,)?
                }
            )*
        }
    ) => {
        $(#[$group_doc])*
        #[derive(Clone, Copy, Debug)]
        pub struct $group(pub(crate) $crate::Language);

        impl $group {
            $(
                $(#[$doc])*
                pub fn $name(self $(, $argument: $type)*) -> $out {
                    match self.0 {
                        $($crate::Language::$language => $message,)+
                    }
                }
            )*
        }
    };
}
