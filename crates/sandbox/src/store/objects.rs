//! Objects: saved, found, and listed newest first.

use serde_json::Value;
use sqlx::{QueryBuilder, Row, Sqlite, SqliteConnection, sqlite::SqliteRow};

use crate::objects::{CheckoutSession, Object, ObjectType};

/// The part of a list that is wanted.
#[derive(Debug, Default)]
pub(crate) struct Selection {
    /// The `object` member of what is listed.
    pub(crate) kind: &'static str,
    /// Members that must have one of these texts.
    pub(crate) members: Vec<(&'static str, Vec<String>)>,
    /// Events alone: whether every delivery succeeded.
    pub(crate) delivered: Option<bool>,
    /// Members that must be true or false.
    pub(crate) flags: Vec<(&'static str, bool)>,
    /// A member that must fit this text, in which `*` stands for anything.
    pub(crate) pattern: Option<(&'static str, String)>,
    /// A member that must be this text in any mixture of cases.
    pub(crate) folded: Option<(&'static str, String)>,
    /// Comparisons of the creation time with Unix seconds.
    pub(crate) created: Vec<(Comparison, i64)>,
    pub(crate) cursor: Cursor,
    pub(crate) limit: i64,
}

/// The beginning of a page of a list.
#[derive(Debug, Default)]
pub(crate) enum Cursor {
    #[default]
    Newest,
    /// The page after, that is older than, this id.
    After(String),
    /// The page before, that is newer than, this id.
    Before(String),
}

/// The comparison of a time.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Comparison {
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
    Equal,
}

/// The kind under which an object is kept that can be read by its id and is in no list.
const UNLISTED: &str = "unlisted";

/// The kind of what was deleted and is kept for those that refer to it.
const DELETED: &str = "deleted";

/// Adds a new object.
pub(crate) async fn insert(db: &mut SqliteConnection, object: &Object) -> sqlx::Result<()> {
    insert_as(db, object, object.kind()).await
}

/// Adds a new object that no list shows, such as the product that comes with a line item.
pub(crate) async fn insert_unlisted(
    db: &mut SqliteConnection,
    object: &Object,
) -> sqlx::Result<()> {
    insert_as(db, object, UNLISTED).await
}

/// Takes an object out of every list and keeps its last form for those that refer to it.
pub(crate) async fn delete(db: &mut SqliteConnection, object: &Object) -> sqlx::Result<()> {
    update(db, object).await?;
    sqlx::query("UPDATE objects SET kind = ? WHERE id = ?")
        .bind(DELETED)
        .bind(key(object.kind(), object.id()))
        .execute(db)
        .await?;
    Ok(())
}

/// Forgets what was deleted under an id, so that the id can be used again.
pub(crate) async fn forget_deleted(
    db: &mut SqliteConnection,
    kind: &str,
    id: &str,
) -> sqlx::Result<()> {
    sqlx::query("DELETE FROM objects WHERE id = ? AND kind = ?")
        .bind(key(kind, id))
        .bind(DELETED)
        .execute(db)
        .await?;
    Ok(())
}

async fn insert_as(db: &mut SqliteConnection, object: &Object, kind: &str) -> sqlx::Result<()> {
    sqlx::query("INSERT INTO objects (id, kind, created, body, private) VALUES (?, ?, ?, ?, ?)")
        .bind(key(object.kind(), object.id()))
        .bind(kind)
        .bind(object.integer("created"))
        .bind(object.body().to_string())
        .bind(object.private().to_string())
        .execute(db)
        .await?;
    Ok(())
}

/// Writes an object that was inserted before.
pub(crate) async fn update(db: &mut SqliteConnection, object: &Object) -> sqlx::Result<()> {
    sqlx::query("UPDATE objects SET body = ?, private = ? WHERE id = ?")
        .bind(object.body().to_string())
        .bind(object.private().to_string())
        .bind(key(object.kind(), object.id()))
        .execute(db)
        .await?;
    Ok(())
}

/// The object with this id, whatever its kind.
pub(crate) async fn find(db: &mut SqliteConnection, id: &str) -> sqlx::Result<Option<Object>> {
    let row = sqlx::query("SELECT body, private FROM objects WHERE id = ?")
        .bind(id)
        .fetch_optional(db)
        .await?;
    row.map(|row| read(&row)).transpose()
}

/// The object with this id, if it is of this kind.
pub(crate) async fn find_kind(
    db: &mut SqliteConnection,
    kind: &str,
    id: &str,
) -> sqlx::Result<Option<Object>> {
    let row = sqlx::query("SELECT body, private FROM objects WHERE id = ? AND kind <> ?")
        .bind(key(kind, id))
        .bind(DELETED)
        .fetch_optional(db)
        .await?;
    let object = row.map(|row| read(&row)).transpose()?;
    Ok(object.filter(|object| object.kind() == kind))
}

/// As [`find_kind`], as the type of its kind.
pub(crate) async fn get<T: ObjectType>(
    db: &mut SqliteConnection,
    id: &str,
) -> sqlx::Result<Option<T>> {
    Ok(find_kind(db, T::KIND, id).await?.and_then(T::from_object))
}

/// An object as the type of its kind, which must be that one.
pub(crate) fn typed<T: ObjectType>(object: Object) -> sqlx::Result<T> {
    T::from_object(object).ok_or(sqlx::Error::RowNotFound)
}

/// As [`get`], for an id that another object holds, so that a missing one is an error.
pub(crate) async fn get_one<T: ObjectType>(db: &mut SqliteConnection, id: &str) -> sqlx::Result<T> {
    get(db, id).await?.ok_or(sqlx::Error::RowNotFound)
}

/// As [`find_kind`], whether it was deleted or not.
pub(crate) async fn find_deleted_too(
    db: &mut SqliteConnection,
    kind: &str,
    id: &str,
) -> sqlx::Result<Option<Object>> {
    Ok(find(db, &key(kind, id))
        .await?
        .filter(|object| object.kind() == kind))
}

/// Every object of a kind of which there are few, oldest first.
pub(crate) async fn all<T: ObjectType>(db: &mut SqliteConnection) -> sqlx::Result<Vec<T>> {
    let rows = sqlx::query("SELECT body, private FROM objects WHERE kind = ? ORDER BY seq")
        .bind(T::KIND)
        .fetch_all(db)
        .await?;
    rows.iter().map(|row| typed(read(row)?)).collect()
}

/// Takes an object away for good.
pub(crate) async fn remove(db: &mut SqliteConnection, id: &str) -> sqlx::Result<()> {
    sqlx::query("DELETE FROM objects WHERE id = ?")
        .bind(id)
        .execute(db)
        .await?;
    Ok(())
}

/// A page of objects, newest first, and whether the list goes on beyond it in the direction of
/// reading.
pub(crate) async fn page(
    db: &mut SqliteConnection,
    selection: &Selection,
) -> sqlx::Result<(Vec<Object>, bool)> {
    let mut rows = query(selection).build().fetch_all(db).await?;
    let wanted = usize::try_from(selection.limit).unwrap_or(usize::MAX);
    let more = rows.len() > wanted;
    rows.truncate(wanted);
    if matches!(selection.cursor, Cursor::Before(_)) {
        rows.reverse();
    }
    let objects = rows.iter().map(read).collect::<sqlx::Result<_>>()?;
    Ok((objects, more))
}

/// The open sessions whose time was up at `now`, oldest first. The index is named, because SQLite
/// would rather look through all sessions than trust it.
pub(crate) async fn sessions_due(
    db: &mut SqliteConnection,
    now: i64,
) -> sqlx::Result<Vec<CheckoutSession>> {
    let rows = sqlx::query(
        "SELECT body, private FROM objects INDEXED BY open_sessions
         WHERE kind = 'checkout.session' AND json_extract(body, '$.status') = 'open'
           AND json_extract(body, '$.expires_at') <= ?
         ORDER BY json_extract(body, '$.expires_at'), seq",
    )
    .bind(now)
    .fetch_all(db)
    .await?;
    rows.iter().map(|row| typed(read(row)?)).collect()
}

/// True if something is due at `now`: a session to expire or a planned step to take.
pub(crate) async fn anything_due(db: &mut SqliteConnection, now: i64) -> sqlx::Result<bool> {
    sqlx::query_scalar(
        "SELECT EXISTS (
             SELECT 1 FROM objects INDEXED BY open_sessions
             WHERE kind = 'checkout.session' AND json_extract(body, '$.status') = 'open'
               AND json_extract(body, '$.expires_at') <= ?)
           OR EXISTS (
             SELECT 1 FROM objects
             WHERE json_extract(private, '$.due_at') IS NOT NULL AND json_extract(private, '$.due_at') <= ?)",
    )
    .bind(now)
    .bind(now)
    .fetch_one(db)
    .await
}

/// The object whose planned step is the longest overdue at `now`.
pub(crate) async fn next_due(db: &mut SqliteConnection, now: i64) -> sqlx::Result<Option<Object>> {
    let row = sqlx::query(
        "SELECT body, private FROM objects
         WHERE json_extract(private, '$.due_at') IS NOT NULL AND json_extract(private, '$.due_at') <= ?
         ORDER BY json_extract(private, '$.due_at'), seq LIMIT 1",
    )
    .bind(now)
    .fetch_optional(db)
    .await?;
    row.map(|row| read(&row)).transpose()
}

/// Moves every planned step by this many seconds, when the clock is set back.
pub(crate) async fn shift_due(db: &mut SqliteConnection, seconds: i64) -> sqlx::Result<()> {
    sqlx::query(
        "UPDATE objects SET private = json_set(private, '$.due_at', json_extract(private, '$.due_at') + ?)
         WHERE json_extract(private, '$.due_at') IS NOT NULL",
    )
    .bind(seconds)
    .execute(db)
    .await?;
    Ok(())
}

/// The first object of a kind with this text as this member.
pub(crate) async fn find_by<T: ObjectType>(
    db: &mut SqliteConnection,
    member: &'static str,
    text: &str,
) -> sqlx::Result<Option<T>> {
    let selection = Selection {
        kind: T::KIND,
        members: vec![(member, vec![text.to_owned()])],
        limit: 1,
        ..Selection::default()
    };
    Ok(page(db, &selection).await?.0.pop().and_then(T::from_object))
}

fn query(selection: &Selection) -> QueryBuilder<Sqlite> {
    let mut query = QueryBuilder::new("SELECT body, private FROM objects WHERE kind = ");
    query.push_bind(selection.kind);
    for (member, texts) in &selection.members {
        query.push(format_args!(" AND json_extract(body, '$.{member}') IN ("));
        let mut list = query.separated(", ");
        for text in texts {
            list.push_bind(text.clone());
        }
        query.push(")");
    }
    if let Some(delivered) = selection.delivered {
        let not = if delivered { "NOT" } else { "" };
        query.push(format_args!(
            " AND {not} EXISTS (SELECT 1 FROM deliveries WHERE event = objects.id AND state <> 'delivered')"
        ));
    }
    for (member, flag) in &selection.flags {
        query
            .push(format_args!(" AND json_extract(body, '$.{member}') = "))
            .push_bind(*flag);
    }
    if let Some((member, pattern)) = &selection.pattern {
        query
            .push(format_args!(" AND json_extract(body, '$.{member}') GLOB "))
            .push_bind(glob(pattern));
    }
    if let Some((member, text)) = &selection.folded {
        query
            .push(format_args!(
                " AND json_extract(body, '$.{member}') COLLATE NOCASE = "
            ))
            .push_bind(text.clone());
    }
    for (comparison, seconds) in &selection.created {
        query
            .push(" AND created ")
            .push(comparison.operator())
            .push_bind(*seconds);
    }
    let order = match &selection.cursor {
        Cursor::Newest => " ORDER BY seq DESC LIMIT ",
        Cursor::After(id) => {
            query
                .push(" AND seq < (SELECT seq FROM objects WHERE id = ")
                .push_bind(key(selection.kind, id))
                .push(")");
            " ORDER BY seq DESC LIMIT "
        }
        Cursor::Before(id) => {
            query
                .push(" AND seq > (SELECT seq FROM objects WHERE id = ")
                .push_bind(key(selection.kind, id))
                .push(")");
            " ORDER BY seq LIMIT "
        }
    };
    query
        .push(order)
        .push_bind(selection.limit.saturating_add(1));
    query
}

/// A pattern for SQLite, to which other characters than `*` mean something, too.
fn glob(pattern: &str) -> String {
    pattern.replace('[', "[[]").replace('?', "[?]")
}

/// The key under which an object is kept: its id, which is unique by its prefix. Merchants choose
/// the ids of coupons, and may well choose one that something else has.
fn key(kind: &str, id: &str) -> String {
    match kind {
        "coupon" => format!("coupon/{id}"),
        _ => id.to_owned(),
    }
}

fn read(row: &SqliteRow) -> sqlx::Result<Object> {
    let json = |column: &str| -> sqlx::Result<Value> {
        serde_json::from_str(row.try_get(column)?)
            .map_err(|error| sqlx::Error::Decode(Box::new(error)))
    };
    Ok(Object::stored(json("body")?, json("private")?))
}

impl Comparison {
    fn operator(self) -> &'static str {
        match self {
            Self::Less => "< ",
            Self::LessOrEqual => "<= ",
            Self::Greater => "> ",
            Self::GreaterOrEqual => ">= ",
            Self::Equal => "= ",
        }
    }
}
