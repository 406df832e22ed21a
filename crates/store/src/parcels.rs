use domain::id::{OrderId, ParcelId, VariantId};
use domain::order::{Parcel, ParcelPieces};

use crate::connection::Connection;
use crate::{Error, Result, Tx};

/// The parcels of an order, the oldest first.
pub(crate) async fn of_order(connection: &mut Connection, order_id: &str) -> Result<Vec<Parcel>> {
    let rows: Vec<ParcelRow> = sqlx::query_as(
        "SELECT id, carrier, tracking_number, shipped_at, delivered_at FROM parcels \
         WHERE order_id = $1 ORDER BY position, id",
    )
    .bind(order_id.to_owned())
    .fetch_all(&mut *connection)
    .await?;
    if rows.is_empty() {
        return Ok(Vec::new());
    }
    let lines: Vec<LineRow> = sqlx::query_as(
        "SELECT l.parcel_id, l.variant_id, l.quantity FROM parcel_lines l \
         WHERE l.order_id = $1 \
         ORDER BY (SELECT MIN(o.position) FROM order_lines o \
                   WHERE o.order_id = l.order_id AND o.variant_id = l.variant_id)",
    )
    .bind(order_id.to_owned())
    .fetch_all(&mut *connection)
    .await?;
    let mut parcels = rows
        .into_iter()
        .map(ParcelRow::into_parcel)
        .collect::<Result<Vec<_>>>()?;
    for line in lines {
        let mut own = parcels.iter_mut();
        if let Some(parcel) = own.find(|parcel| parcel.id.as_str() == line.parcel_id) {
            parcel.pieces.push(line.into_pieces()?);
        }
    }
    Ok(parcels)
}

/// Writes a parcel of an order as it is now. What is in it never changes.
pub(crate) async fn save(
    tx: &mut Tx,
    order: &OrderId,
    position: i64,
    parcel: &Parcel,
) -> Result<()> {
    let query = sqlx::query(
        "INSERT INTO parcels (order_id, id, position, carrier, tracking_number, shipped_at, delivered_at) \
         VALUES ($1, $2, $3, $4, $5, $6, $7) \
         ON CONFLICT (order_id, id) DO UPDATE SET carrier = excluded.carrier, \
             tracking_number = excluded.tracking_number, delivered_at = excluded.delivered_at",
    )
    .bind(order.as_str().to_owned())
    .bind(parcel.id.as_str().to_owned())
    .bind(position)
    .bind(parcel.carrier.clone())
    .bind(parcel.tracking_number.clone())
    .bind(parcel.shipped_at)
    .bind(parcel.delivered_at);
    tx.execute(query).await?;
    for pieces in &parcel.pieces {
        let query = sqlx::query(
            "INSERT INTO parcel_lines (order_id, parcel_id, variant_id, quantity) \
             VALUES ($1, $2, $3, $4) ON CONFLICT (order_id, parcel_id, variant_id) DO NOTHING",
        )
        .bind(order.as_str().to_owned())
        .bind(parcel.id.as_str().to_owned())
        .bind(pieces.variant.as_str().to_owned())
        .bind(i64::from(pieces.quantity));
        tx.execute(query).await?;
    }
    Ok(())
}

row! {
    struct ParcelRow {
        id: String,
        carrier: Option<String>,
        tracking_number: Option<String>,
        shipped_at: i64,
        delivered_at: Option<i64>,
    }
}

row! {
    struct LineRow {
        parcel_id: String,
        variant_id: String,
        quantity: i64,
    }
}

impl ParcelRow {
    fn into_parcel(self) -> Result<Parcel> {
        Ok(Parcel {
            id: ParcelId::parse(&self.id).map_err(|_| Error::Corrupt("parcels.id"))?,
            carrier: self.carrier,
            tracking_number: self.tracking_number,
            shipped_at: self.shipped_at,
            delivered_at: self.delivered_at,
            pieces: Vec::new(),
        })
    }
}

impl LineRow {
    fn into_pieces(self) -> Result<ParcelPieces> {
        Ok(ParcelPieces {
            variant: VariantId::parse(&self.variant_id)
                .map_err(|_| Error::Corrupt("parcel_lines.variant_id"))?,
            quantity: u32::try_from(self.quantity)
                .map_err(|_| Error::Corrupt("parcel_lines.quantity"))?,
        })
    }
}
