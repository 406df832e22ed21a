use domain::id::{OrderId, OrderToken};
use domain::order::{DisputeStatus, Notification, Order, OrderStatus};
use store::digital::Access;
use store::{Commit, Rollback};

use crate::admin::{Admin, CsrfProof};
use crate::{Error, Purpose, Shop, random};

pub use store::digital::{AccessFile, DigitalFile, DigitalProduct};

/// The downloads of a file that an order may begin.
pub const DOWNLOADS: i64 = 10;

/// The life of a link on the order's page, in seconds.
const PAGE_LINK: i64 = 24 * 60 * 60;

/// The life of a link in an e-mail, in seconds.
const EMAIL_LINK: i64 = 7 * 24 * 60 * 60;

/// The most products that are listed.
const MOST_PRODUCTS: i64 = 500;

/// The most license keys that are added at once.
const MOST_KEYS: usize = 2000;

/// The longest license key, in characters.
const LONGEST_KEY: usize = 200;

/// The most orders that get their keys when some are added.
const MOST_WAITING: i64 = 1000;

/// The digital goods of an order, for its buyer.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Delivery {
    /// Its files.
    pub files: Vec<DeliveredFile>,
    /// Its license keys: the product's title and the key.
    pub keys: Vec<(String, String)>,
    /// The number of keys that it waits for.
    pub missing_keys: i64,
}

/// A file of an order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeliveredFile {
    /// Its name.
    pub name: String,
    /// Its size in bytes.
    pub size: i64,
    /// The path and query of the link; none when the limit is reached.
    pub link: Option<String>,
    /// The number of downloads that are left.
    pub left: i64,
}

/// The reason why a file is not sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// The link is none of the shop's, or there is no such file.
    NotFound,
    /// The link is too old.
    Expired,
    /// The money went back.
    Withdrawn,
    /// The file was downloaded as often as it may be.
    LimitReached,
}

/// A link to a file, as it was followed.
#[derive(Clone, Debug)]
pub struct Link<'a> {
    /// The order's token.
    pub token: &'a str,
    /// The file's id.
    pub file: &'a str,
    /// The end of the link's life, in Unix seconds.
    pub expires: &'a str,
    /// The message authentication code.
    pub code: &'a str,
}

/// The counts of license keys that were pasted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct KeysAdded {
    /// The number of new keys.
    pub added: usize,
    /// The number of keys that were pasted twice or known before.
    pub duplicates: usize,
    /// The number of empty lines.
    pub empty: usize,
    /// The number of lines that are too long to be keys.
    pub too_long: usize,
    /// The number of waiting orders that have their keys now.
    pub completed: usize,
}

/// An unguessable name for a file that is uploaded.
pub fn new_file_id() -> String {
    random::token()
}

/// True if an order's buyer may have what it bought: paid, and the money is not back.
pub fn is_granted(shop: &Shop, order: &Order) -> bool {
    let mut disputes = order.disputes.iter();
    order.can_be_shipped()
        && order.status != OrderStatus::Refunded
        && !shop.is_test_order(order)
        && !disputes.any(|dispute| dispute.status == DisputeStatus::Lost)
}

/// The digital goods of an order, with fresh links for its page.
pub async fn delivery(shop: &Shop, order: &Order) -> Result<Delivery, Error> {
    links(shop, order, PAGE_LINK).await
}

/// The same with links for an e-mail.
pub(crate) async fn delivery_for_email(shop: &Shop, order: &Order) -> Result<Delivery, Error> {
    links(shop, order, EMAIL_LINK).await
}

async fn links(shop: &Shop, order: &Order, seconds: i64) -> Result<Delivery, Error> {
    if !is_granted(shop, order) {
        return Ok(Delivery::default());
    }
    let Access {
        files,
        keys,
        missing_keys,
    } = store::digital::access_of(&shop.store, &order.id).await?;
    // To the minute, so that a page that is loaded again has the same links.
    let expires = shop
        .now()
        .saturating_add(seconds)
        .div_euclid(60)
        .saturating_mul(60);
    let file = |file: AccessFile| {
        let left = DOWNLOADS.saturating_sub(file.downloads).max(0);
        DeliveredFile {
            link: (left > 0).then(|| link(shop, order, &file.id, expires)),
            name: file.name,
            size: file.size,
            left,
        }
    };
    Ok(Delivery {
        files: files.into_iter().map(file).collect(),
        keys,
        missing_keys,
    })
}

fn link(shop: &Shop, order: &Order, file: &str, expires: i64) -> String {
    let expires = expires.to_string();
    let code = shop.mac(Purpose::Download, &[order.id.as_str(), file, &expires]);
    let token = &order.token;
    format!("/orders/{token}/files/{file}?expires={expires}&code={code}")
}

/// The digital goods of an order, for the admin: no keys are named.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Given {
    /// Its files.
    pub files: Vec<AccessFile>,
    /// The number of license keys that it took.
    pub keys: usize,
    /// The number of keys that it waits for.
    pub missing_keys: i64,
    /// True if its buyer may have them.
    pub is_granted: bool,
}

/// The digital goods of an order, for the admin.
pub async fn given(shop: &Shop, _: &Admin, order: &Order) -> Result<Given, Error> {
    let access = store::digital::access_of(&shop.store, &order.id).await?;
    Ok(Given {
        files: access.files,
        keys: access.keys.len(),
        missing_keys: access.missing_keys,
        is_granted: is_granted(shop, order),
    })
}

/// The order and the file that a link leads to. Nothing is counted yet.
///
/// # Errors
/// When the database fails.
pub async fn follow(
    shop: &Shop,
    link: &Link<'_>,
) -> Result<Result<(OrderId, AccessFile), Refusal>, Error> {
    let Ok(token) = OrderToken::parse(link.token) else {
        return Ok(Err(Refusal::NotFound));
    };
    let Some(order) = store::orders::by_token(&shop.store, &token).await? else {
        return Ok(Err(Refusal::NotFound));
    };
    let parts = [order.id.as_str(), link.file, link.expires];
    if !shop.is_mac(Purpose::Download, &parts, link.code) {
        return Ok(Err(Refusal::NotFound));
    }
    if link.expires.parse().unwrap_or(0) < shop.now() {
        return Ok(Err(Refusal::Expired));
    }
    if !is_granted(shop, &order) {
        return Ok(Err(Refusal::Withdrawn));
    }
    let access = store::digital::access_of(&shop.store, &order.id).await?;
    let mut files = access.files.into_iter();
    let file = files.find(|file| file.id == link.file);
    Ok(file.map_or(Err(Refusal::NotFound), |file| Ok((order.id, file))))
}

/// Counts a part of a file that is about to be sent, and answers whether it may be. What begins
/// the file counts as a download; the rest of a broken one does not.
pub async fn count(
    shop: &Shop,
    order: &OrderId,
    file: &str,
    bytes: i64,
    begins: bool,
) -> Result<bool, Error> {
    let counted = shop.store.transaction(async |mut tx| {
        let counted =
            store::digital::count_download(&mut tx, order, file, bytes, begins, DOWNLOADS).await?;
        Ok(Commit(tx, counted))
    });
    Ok(counted.await?)
}

/// The digital products.
pub async fn products(shop: &Shop, _: &Admin) -> Result<Vec<DigitalProduct>, Error> {
    Ok(store::digital::products(&shop.store, MOST_PRODUCTS).await?)
}

/// The products that are not digital: slugs and titles.
pub async fn shipped_products(shop: &Shop, _: &Admin) -> Result<Vec<(String, String)>, Error> {
    Ok(store::digital::shipped_products(&shop.store, MOST_PRODUCTS).await?)
}

/// The files of a product.
pub async fn files_of(shop: &Shop, _: &Admin, slug: &str) -> Result<Vec<DigitalFile>, Error> {
    Ok(store::digital::files_of(&shop.store, slug).await?)
}

/// Makes a product digital, or shipped again, and answers whether that is possible: one with files
/// or keys stays digital.
pub async fn set_digital(
    shop: &Shop,
    _: &CsrfProof,
    slug: &str,
    is_digital: bool,
) -> Result<bool, Error> {
    let set = shop.store.transaction(async |mut tx| {
        let set = if is_digital {
            store::digital::make_digital(&mut tx, slug).await?
        } else {
            store::digital::make_shipped(&mut tx, slug).await?
        };
        Ok(Commit(tx, set))
    });
    Ok(set.await?)
}

/// Writes down a file that was uploaded for a product, and answers whether the product is digital.
pub async fn add_file(
    shop: &Shop,
    _: &CsrfProof,
    slug: &str,
    file: &DigitalFile,
) -> Result<bool, Error> {
    if !is_digital(shop, slug).await? {
        return Ok(false);
    }
    let added = shop.store.transaction(async |mut tx| {
        store::digital::insert_file(&mut tx, slug, file).await?;
        Ok(Commit(tx, true))
    });
    Ok(added.await?)
}

/// True if a product is digital.
pub async fn is_digital(shop: &Shop, slug: &str) -> Result<bool, Error> {
    Ok(store::digital::is_digital(&shop.store, slug).await?)
}

/// Adds license keys, one a line, and gives them to the orders that wait, those that were paid first
/// first. `None` when the product is not digital.
pub async fn add_keys(
    shop: &Shop,
    _: &CsrfProof,
    slug: &str,
    pasted: &str,
) -> Result<Option<KeysAdded>, Error> {
    if !is_digital(shop, slug).await? {
        return Ok(None);
    }
    let (keys, counts) = parse_keys(pasted);
    if keys.is_empty() {
        return Ok(Some(counts));
    }
    let now = shop.now();
    let counts = shop
        .store
        .transaction(async |mut tx| {
            let mut counts = counts;
            counts.added = store::digital::insert_keys(&mut tx, slug, &keys).await?;
            counts.duplicates += keys.len().saturating_sub(counts.added);
            if counts.added == 0 {
                return Ok(Rollback(counts));
            }
            for order in store::digital::waiting_orders(&mut tx, slug, MOST_WAITING).await? {
                if store::digital::allot_waiting(&mut tx, &order, now).await? {
                    counts.completed += 1;
                    let ready = [Notification::KeysReady];
                    store::outbox::insert(&mut tx, &order, &ready, now).await?;
                }
            }
            Ok(Commit(tx, counts))
        })
        .await?;
    shop.wake_worker();
    Ok(Some(counts))
}

/// The keys of a pasted list, each once, and counts of the other lines.
fn parse_keys(pasted: &str) -> (Vec<String>, KeysAdded) {
    let mut counts = KeysAdded::default();
    let mut keys: Vec<String> = Vec::new();
    let mut known = std::collections::HashSet::new();
    for line in pasted.trim_end().lines().take(MOST_KEYS) {
        let key = line.trim();
        if key.is_empty() {
            counts.empty += 1;
        } else if key.chars().count() > LONGEST_KEY {
            counts.too_long += 1;
        } else if known.insert(key.to_owned()) {
            keys.push(key.to_owned());
        } else {
            counts.duplicates += 1;
        }
    }
    (keys, counts)
}
