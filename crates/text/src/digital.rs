messages! {
    /// Digital goods: files and license keys.
    DigitalText {
        fn downloads() -> &'static str { En => "Downloads" }
        fn explained() -> &'static str {
            En => "A digital product is delivered as files, as license keys, or both, when its order is paid. It is not shipped.",
        }
        fn none() -> &'static str { En => "No product is digital yet." }
        fn product() -> &'static str { En => "Product" }
        fn files() -> &'static str { En => "Files" }
        fn free_keys() -> &'static str { En => "Keys left" }
        fn taken_keys() -> &'static str { En => "Keys taken" }
        fn waiting() -> &'static str { En => "Keys that orders wait for" }
        fn make_digital() -> &'static str { En => "Make it digital" }
        fn make_shipped() -> &'static str { En => "Ship it in parcels again" }
        fn nothing_to_deliver() -> &'static str {
            En => "Nothing is delivered yet: upload a file or add license keys before you sell it.",
        }
        fn file() -> &'static str { En => "File" }
        fn upload() -> &'static str { En => "Upload" }
        fn upload_explained() -> &'static str {
            En => "Files of any size. Orders that are paid from now on get it; earlier ones keep what they have.",
        }
        fn no_files() -> &'static str { En => "There are no files yet." }
        fn size(bytes: i64) -> String {
            En => match bytes {
                0..=999 => format!("{bytes} bytes"),
                1_000..=999_999 => format!("{} kB", bytes / 1_000),
                1_000_000..=999_999_999 => format!("{}.{} MB", bytes / 1_000_000, bytes / 100_000 % 10),
                _ => format!("{}.{} GB", bytes / 1_000_000_000, bytes / 100_000_000 % 10),
            },
        }
        fn type_name() -> &'static str { En => "Type" }
        fn size_name() -> &'static str { En => "Size" }
        fn checksum() -> &'static str { En => "SHA-256" }
        fn uploaded_at() -> &'static str { En => "Uploaded" }
        fn license_keys() -> &'static str { En => "License keys" }
        fn keys() -> &'static str { En => "Keys, one a line" }
        fn keys_explained() -> &'static str {
            En => "Each bought piece takes one key, for ever. With the first key the product needs keys from then on; an order \
                   that finds none waits and gets its keys as soon as you add some.",
        }
        fn add_keys() -> &'static str { En => "Add keys" }
        fn back() -> &'static str { En => "All downloads" }

        fn saved() -> &'static str { En => "Saved." }
        fn uploaded() -> &'static str { En => "The file is uploaded." }
        fn has_goods() -> &'static str {
            En => "It stays digital: it has files or license keys that were sold or may be.",
        }
        fn no_file() -> &'static str { En => "Choose a file." }
        fn broken() -> &'static str {
            En => "The file was not taken in: it is empty, or the connection broke off. Upload it again.",
        }
        fn not_digital() -> &'static str { En => "The product is not digital, or there is no such product." }
        fn stale() -> &'static str {
            En => "Nothing was saved: the form was from before you signed in. Send it again.",
        }
        fn no_keys() -> &'static str { En => "Paste at least one key." }
        fn keys_added(added: usize) -> String { En => format!("Keys added: {added}.") }
        fn duplicates(count: usize) -> String { En => format!("Left out because known: {count}.") }
        fn empty_lines(count: usize) -> String { En => format!("Empty lines: {count}.") }
        fn too_long(count: usize) -> String { En => format!("Left out because longer than 200 characters: {count}.") }
        fn completed(orders: usize) -> String { En => format!("Waiting orders that have their keys now: {orders}.") }

        /// The shopper's side.
        fn download(name: &str) -> String { En => format!("Download {name}") }
        fn left(downloads: i64) -> String {
            En => match downloads {
                0 => "It was downloaded as often as it may be. Write to us if you need it again.".to_owned(),
                1 => "1 download left".to_owned(),
                _ => format!("{downloads} downloads left"),
            },
        }
        fn links_end() -> &'static str {
            En => "These links work for a day; this page has new ones whenever you open it.",
        }
        fn keys_follow() -> &'static str {
            En => "A license key is not there yet. We send it as soon as we have it; nothing more is needed from you.",
        }
        fn expired() -> &'static str { En => "That link was too old. Use a link on this page." }
        fn withdrawn() -> &'static str { En => "The payment was returned, so the files can no longer be downloaded." }
        fn limit() -> &'static str {
            En => "This file was downloaded as often as it may be. Write to us if you need it again.",
        }

        /// The order's page under `/admin`.
        fn delivered_digitally() -> &'static str { En => "Digital goods" }
        fn downloaded(downloads: i64) -> String { En => format!("downloads: {downloads}") }
        fn keys_given(keys: usize) -> String { En => format!("License keys given: {keys}.") }
        fn keys_missing(keys: i64) -> String { En => format!("License keys missing: {keys}.") }
        fn access_withdrawn() -> &'static str { En => "Access is withdrawn." }
    }
}
