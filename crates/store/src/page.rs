use crate::{Error, Result};

/// The number of rows to ask for: one more than a page has tells whether there are more.
pub(crate) const fn limit(per_page: i64) -> i64 {
    per_page.saturating_add(1)
}

/// Makes a page of the rows that were asked for with [`limit`], and tells whether there are more.
pub(crate) fn cut<Row, T>(mut rows: Vec<Row>, per_page: i64) -> Result<(Vec<T>, bool)>
where
    T: TryFrom<Row, Error = Error>,
{
    let most = usize::try_from(per_page).unwrap_or(usize::MAX);
    let has_more = rows.len() > most;
    rows.truncate(most);
    let page = rows.into_iter().map(T::try_from).collect::<Result<_>>()?;
    Ok((page, has_more))
}
