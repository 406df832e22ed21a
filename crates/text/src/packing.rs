messages! {
    /// Orders that are to be packed: their files for other programs, and the packing slip.
    PackingText {
        fn to_ship() -> &'static str { En => "To ship" }
        fn waiting(orders: i64) -> String {
            En => match orders {
                0 => "Nothing is to be packed.".to_owned(),
                1 => "1 order is to be packed.".to_owned(),
                _ => format!("{orders} orders are to be packed."),
            },
        }
        fn export() -> &'static str { En => "Download what is to ship (CSV)" }
        fn export_explained() -> &'static str {
            En => "One row for each line of an order. Orders that must not be shipped are left out. Fill in carrier \
                   and tracking number, or use the file of your carrier, and bring it back here.",
        }
        fn import() -> &'static str { En => "Tracking numbers" }
        fn import_explained(rows: usize) -> String {
            En => format!(
                "A CSV file with a column for the order's number (order_number) and one for the tracking number \
                 (tracking_number); carrier, sku and quantity may be given. A row without a sku ships all that is left \
                 of its order. Up to {rows} rows at a time."
            ),
        }
        fn file() -> &'static str { En => "CSV file" }
        fn or_paste() -> &'static str { En => "Or paste the rows here" }
        fn check() -> &'static str { En => "Check" }
        fn nothing_given() -> &'static str { En => "Choose a file, or paste its rows." }
        fn import_parcels(parcels: usize) -> String {
            En => match parcels {
                1 => "Import 1 parcel".to_owned(),
                _ => format!("Import {parcels} parcels"),
            },
        }
        /// Counts of an import, before or after it.
        fn would_send(parcels: usize) -> String { En => format!("Parcels to send: {parcels}.") }
        fn would_complete(parcels: usize) -> String {
            En => format!("Shipped parcels that get their number: {parcels}."),
        }
        fn known(parcels: usize) -> String { En => format!("Known already: {parcels}.") }
        fn empty_rows(rows: usize) -> String { En => format!("Rows without a tracking number: {rows}.") }
        fn nothing_to_import() -> &'static str { En => "There is nothing to import." }
        fn not_imported(problems: usize) -> String {
            En => match problems {
                1 => "Nothing is imported: 1 row has to be corrected.".to_owned(),
                _ => format!("Nothing is imported: {problems} rows have to be corrected."),
            },
        }
        fn imported(sent: usize, completed: usize, known: usize) -> String {
            En => format!("Imported. Parcels sent: {sent}. Numbers added: {completed}. Known already: {known}."),
        }
        fn stale() -> &'static str {
            En => "Nothing was imported: the form was from before you signed in. Check it and send it again.",
        }
        fn line(line: usize) -> String { En => format!("Line {line}") }
        fn no_header() -> &'static str {
            En => "The first line has to name the columns order_number and tracking_number.",
        }
        fn too_many_rows(most: usize) -> String {
            En => format!("There are more than {most} rows. Import them in several files."),
        }
        fn not_a_number(typed: &str) -> String { En => format!("“{typed}” is not an order number.") }
        fn no_order(order: i64) -> String { En => format!("There is no order {order}.") }
        fn test_order(order: i64) -> String {
            En => format!("Order {order} is a test order, for which nothing was paid."),
        }
        fn blocked(order: i64) -> String {
            En => format!("Order {order} must not be shipped; its page says why."),
        }
        fn nothing_to_ship(order: i64) -> String {
            En => format!("Nothing is left to ship of order {order}."),
        }
        fn not_a_quantity(typed: &str) -> String {
            En => format!("“{typed}” is not a whole number above zero."),
        }
        fn no_sku(sku: &str) -> String { En => format!("The order has nothing with the SKU “{sku}”.") }
        fn too_many(sku: &str, left: u32) -> String {
            En => format!("Of {sku}, {left} can still be shipped."),
        }
        fn too_long() -> &'static str {
            En => "Carrier and tracking number have at most 80 characters.",
        }

        /// The packing slip of an order.
        fn slip() -> &'static str { En => "Packing slip" }
        fn slip_of(order: i64) -> String { En => format!("Packing slip for order {order}") }
        fn print_hint() -> &'static str {
            En => "Print this page with your browser: the menus are not printed.",
        }
        fn nothing_packed() -> &'static str { En => "Nothing is left to pack of this order." }
        fn back_to_order() -> &'static str { En => "Back to the order" }
        fn ship_to() -> &'static str { En => "Ship to" }
        fn packed() -> &'static str { En => "Packed" }
    }
}
