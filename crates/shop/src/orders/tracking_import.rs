use std::collections::BTreeMap;

use domain::id::ParcelId;
use domain::order::{Effect, Order, ParcelError, ParcelPieces, ParcelRequest};
use store::{Commit, Rollback, Tx};

use super::apply::finish;
use super::parcels::new_parcel_id;
use crate::admin::{Admin, CsrfProof};
use crate::{Error, Shop, csv};

/// The most rows of one import.
pub const MOST_ROWS: usize = 500;

/// The longest carrier or tracking number, in characters.
const LONGEST: usize = 80;

/// The outcome of an import, or what it would be.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TrackingImport {
    /// The number of parcels that are sent.
    pub sent: usize,
    /// The number of parcels that get the number that they lacked.
    pub completed: usize,
    /// The number of parcels that are known already.
    pub known: usize,
    /// The number of rows without a tracking number.
    pub empty: usize,
    /// The problems, by line. With any of them nothing is imported.
    pub problems: Vec<RowProblem>,
}

/// A problem of a row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RowProblem {
    /// The line of the file, from 1.
    pub line: usize,
    /// The problem.
    pub kind: RowProblemKind,
}

/// The kinds of problems of a row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RowProblemKind {
    /// The first line does not name the columns for order and tracking number.
    NoHeader,
    /// There are more rows than one import takes.
    TooManyRows,
    /// The cell for the order's number holds no number.
    NotANumber(String),
    /// There is no such order.
    NoOrder(i64),
    /// The order is one of test mode in a live shop.
    TestOrder(i64),
    /// A flag, a fraud dispute or an early fraud warning is against shipping it.
    Blocked(i64),
    /// Nothing is left to ship of it.
    NothingToShip(i64),
    /// The quantity is no whole number above zero.
    NotAQuantity(String),
    /// The order has no line with this SKU.
    NoSku(String),
    /// More pieces than are left to ship.
    TooMany {
        /// The SKU.
        sku: String,
        /// The number that is left.
        left: u32,
    },
    /// The carrier or the tracking number is too long.
    TooLong,
}

/// The rows of one parcel: they have the order and the tracking number in common.
#[derive(Clone, Debug)]
struct ParcelRows {
    line: usize,
    carrier: Option<String>,
    tracking_number: String,
    /// SKU, and quantity if one is given.
    pieces: Vec<(String, Option<u32>)>,
}

#[derive(Debug, Default)]
struct Parsed {
    /// By order and in the order of the file, so that orders are locked in one order by all.
    parcels: BTreeMap<i64, Vec<ParcelRows>>,
    empty: usize,
    problems: Vec<RowProblem>,
}

/// The step that a parcel of the file means for its order.
enum Step {
    Sent(Vec<Effect>),
    Completed,
    Known,
}

/// The text of an uploaded file.
pub fn text_of_file(bytes: &[u8]) -> String {
    csv::decode(bytes)
}

/// The outcome that importing would have now. Nothing is written.
pub async fn preview_tracking(shop: &Shop, _: &Admin, file: &str) -> Result<TrackingImport, Error> {
    let parsed = parse(file);
    let mut import = TrackingImport::of(&parsed);
    for (number, parcels) in &parsed.parcels {
        let order = store::orders::by_number(&shop.store, *number).await?;
        apply(shop, &mut import, *number, order, parcels);
    }
    Ok(import.sorted())
}

/// Imports tracking numbers: all of them, or with any problem none. Parcels that the shop knows by
/// their number change nothing, so the same file again does nothing.
pub async fn import_tracking(
    shop: &Shop,
    _: &CsrfProof,
    file: &str,
) -> Result<TrackingImport, Error> {
    let parsed = parse(file);
    if !parsed.problems.is_empty() {
        return Ok(TrackingImport::of(&parsed).sorted());
    }
    let import = shop
        .store
        .transaction(async |mut tx| {
            let mut import = TrackingImport::of(&parsed);
            for (number, parcels) in &parsed.parcels {
                import_order(shop, &mut tx, &mut import, *number, parcels).await?;
            }
            if import.problems.is_empty() {
                Ok(Commit(tx, import))
            } else {
                Ok(Rollback(import))
            }
        })
        .await?;
    shop.wake_worker();
    Ok(import.sorted())
}

async fn import_order(
    shop: &Shop,
    tx: &mut Tx,
    import: &mut TrackingImport,
    number: i64,
    parcels: &[ParcelRows],
) -> Result<(), store::Error> {
    let order = store::orders::lock_by_number(tx, number).await?;
    if let Some((before, next, effects)) = apply(shop, import, number, order, parcels) {
        finish(tx, &before, next, effects.into(), shop.now()).await?;
    }
    Ok(())
}

/// Applies the parcels of the file to their order. Counts what they mean, and notes problems.
fn apply(
    shop: &Shop,
    import: &mut TrackingImport,
    number: i64,
    order: Option<Order>,
    parcels: &[ParcelRows],
) -> Option<(Order, Order, Vec<Effect>)> {
    let Some(before) = order else {
        let line = parcels.first().map_or(1, |rows| rows.line);
        import.note(line, RowProblemKind::NoOrder(number));
        return None;
    };
    let mut next = before.clone();
    let mut effects = Vec::new();
    for rows in parcels {
        match step(shop, &mut next, rows) {
            Ok(Step::Sent(more)) => {
                import.sent += 1;
                effects.extend(more);
            }
            Ok(Step::Completed) => import.completed += 1,
            Ok(Step::Known) => import.known += 1,
            Err(kind) => import.note(rows.line, kind),
        }
    }
    Some((before, next, effects))
}

fn step(shop: &Shop, order: &mut Order, rows: &ParcelRows) -> Result<Step, RowProblemKind> {
    let number = order.number;
    let is_same = |known: &Option<String>| {
        let known = known.as_deref().map(normal);
        known.as_deref() == Some(normal(&rows.tracking_number).as_str())
    };
    let mut parcels = order.parcels.iter();
    if parcels.any(|parcel| is_same(&parcel.tracking_number)) {
        return Ok(Step::Known);
    }
    if shop.is_test_order(order) {
        return Err(RowProblemKind::TestOrder(number));
    }
    if order.left_to_ship().is_empty() {
        let id = without_number(order).ok_or(RowProblemKind::NothingToShip(number))?;
        let carrier = rows.carrier.clone();
        let carrier = carrier.or_else(|| order.parcel(&id)?.carrier.clone());
        return order
            .correct_parcel(&id, carrier, Some(rows.tracking_number.clone()))
            .map(|()| Step::Completed)
            .map_err(|_| RowProblemKind::NothingToShip(number));
    }
    if order.shipment_block().is_some() {
        return Err(RowProblemKind::Blocked(number));
    }
    let request = ParcelRequest {
        id: new_parcel_id(),
        carrier: rows.carrier.clone(),
        tracking_number: Some(rows.tracking_number.clone()),
        pieces: pieces(order, rows)?,
    };
    match order.ship(request, shop.now()) {
        Ok(effects) => Ok(Step::Sent(effects)),
        Err(ParcelError::TooManyPieces { sku, left }) => Err(RowProblemKind::TooMany { sku, left }),
        Err(ParcelError::NothingToShip | ParcelError::NoPieces | ParcelError::NotFound) => {
            Err(RowProblemKind::NothingToShip(number))
        }
    }
}

/// The only parcel of an order that has no tracking number.
fn without_number(order: &Order) -> Option<ParcelId> {
    let mut parcels = order.parcels.iter();
    let mut open = parcels
        .by_ref()
        .filter(|parcel| parcel.tracking_number.is_none());
    let first = open.next()?;
    open.next().is_none().then(|| first.id.clone())
}

/// The pieces that the rows name; all that is left when they name none.
fn pieces(order: &Order, rows: &ParcelRows) -> Result<Option<Vec<ParcelPieces>>, RowProblemKind> {
    let mut pieces: Vec<ParcelPieces> = Vec::new();
    for (sku, quantity) in &rows.pieces {
        let mut lines = order.lines.iter();
        let line = lines
            .find(|line| line.sku.eq_ignore_ascii_case(sku))
            .ok_or_else(|| RowProblemKind::NoSku(sku.clone()))?;
        let left = order.pieces_to_ship(&line.variant);
        let quantity = quantity.unwrap_or(left);
        match pieces
            .iter_mut()
            .find(|known| known.variant == line.variant)
        {
            Some(known) => known.quantity = known.quantity.saturating_add(quantity),
            None => pieces.push(ParcelPieces {
                variant: line.variant.clone(),
                quantity,
            }),
        }
    }
    Ok(Some(pieces).filter(|pieces| !pieces.is_empty()))
}

/// A tracking number without what people group it by.
fn normal(number: &str) -> String {
    let letters = number.chars().filter(char::is_ascii_alphanumeric);
    let short: String = letters.map(|each| each.to_ascii_uppercase()).collect();
    if short.is_empty() {
        number.to_owned()
    } else {
        short
    }
}

fn parse(file: &str) -> Parsed {
    let mut parsed = Parsed::default();
    let mut rows = csv::parse(file).into_iter();
    let Some((line, header)) = rows.next() else {
        parsed.note(1, RowProblemKind::NoHeader);
        return parsed;
    };
    let column = |names: &[&str]| {
        let is_it =
            |cell: &String| names.contains(&cell.to_lowercase().replace([' ', '-'], "_").as_str());
        header.iter().position(is_it)
    };
    let order = column(&[
        "order_number",
        "order",
        "order_no",
        "order_id",
        "reference",
        "name",
    ]);
    let tracking = column(&[
        "tracking_number",
        "tracking",
        "tracking_no",
        "tracking_code",
        "tracking_id",
        "shipment_number",
    ]);
    let (Some(order), Some(tracking)) = (order, tracking) else {
        parsed.note(line, RowProblemKind::NoHeader);
        return parsed;
    };
    let carrier = column(&[
        "carrier",
        "carrier_name",
        "tracking_company",
        "shipping_carrier",
    ]);
    let (sku, quantity) = (
        column(&["sku", "lineitem_sku"]),
        column(&["quantity", "qty"]),
    );
    for (index, (line, cells)) in rows.enumerate() {
        if index == MOST_ROWS {
            parsed.note(line, RowProblemKind::TooManyRows);
            return parsed;
        }
        let cell = |column: Option<usize>| {
            let cell = column.and_then(|column| cells.get(column));
            cell.map(|cell| cell.trim()).unwrap_or_default()
        };
        if cell(Some(tracking)).is_empty() {
            parsed.empty += 1;
            continue;
        }
        let typed = cell(Some(order));
        let Ok(number) = typed.trim_start_matches('#').parse() else {
            parsed.note(line, RowProblemKind::NotANumber(short(typed)));
            continue;
        };
        let is_long = |text: &str| text.chars().count() > LONGEST;
        if is_long(cell(Some(tracking))) || is_long(cell(carrier)) {
            parsed.note(line, RowProblemKind::TooLong);
            continue;
        }
        let count = match cell(quantity) {
            "" => None,
            typed => match typed.parse().ok().filter(|count| *count > 0_u32) {
                Some(count) => Some(count),
                None => {
                    parsed.note(line, RowProblemKind::NotAQuantity(short(typed)));
                    continue;
                }
            },
        };
        let sku = Some(cell(sku)).filter(|sku| !sku.is_empty());
        parsed.add(
            number,
            ParcelRows {
                line,
                carrier: Some(cell(carrier).to_owned()).filter(|carrier| !carrier.is_empty()),
                tracking_number: cell(Some(tracking)).to_owned(),
                pieces: sku.map(|sku| (sku.to_owned(), count)).into_iter().collect(),
            },
        );
    }
    parsed
}

/// A typed text, short enough to be shown.
fn short(text: &str) -> String {
    text.chars().take(LONGEST).collect()
}

impl Parsed {
    fn note(&mut self, line: usize, kind: RowProblemKind) {
        self.problems.push(RowProblem { line, kind });
    }

    /// Adds a row to its parcel.
    fn add(&mut self, number: i64, rows: ParcelRows) {
        let parcels = self.parcels.entry(number).or_default();
        let is_same = |known: &&mut ParcelRows| {
            normal(&known.tracking_number) == normal(&rows.tracking_number)
        };
        match parcels.iter_mut().find(is_same) {
            Some(known) => {
                known.pieces.extend(rows.pieces);
                known.carrier = known.carrier.take().or(rows.carrier);
            }
            None => parcels.push(rows),
        }
    }
}

impl TrackingImport {
    fn of(parsed: &Parsed) -> Self {
        Self {
            empty: parsed.empty,
            problems: parsed.problems.clone(),
            ..Self::default()
        }
    }

    fn note(&mut self, line: usize, kind: RowProblemKind) {
        self.problems.push(RowProblem { line, kind });
    }

    fn sorted(mut self) -> Self {
        self.problems.sort_by_key(|problem| problem.line);
        self
    }
}
