use http::StatusCode;
use leptos::prelude::*;
use shop::admin::{Admin, FormError, MANY_ORDERS, authorize_form};
use shop::digital::{DigitalFile, DigitalProduct, KeysAdded};
use text::DigitalText;
use url::form_urlencoded;

use super::{admin_page, moment, session};
use crate::components::{head, not_found};
use crate::request::{self, shop};
use crate::response;

/// A form of the page, as it was sent.
#[derive(Clone, Default)]
pub struct DigitalForm {
    csrf_token: String,
    product: String,
    /// The button: `digital`, `shipped` or `keys`.
    action: String,
    keys: String,
}

/// The message about a form: good or not, and what it says.
type Notice = (bool, String);

impl DigitalForm {
    /// Reads the body of the form.
    pub fn parse(body: &[u8]) -> Self {
        let mut form = Self::default();
        for (name, value) in form_urlencoded::parse(body) {
            match name.as_ref() {
                "csrf_token" => form.csrf_token = value.into_owned(),
                "product" => form.product = value.into_owned(),
                "action" => form.action = value.into_owned(),
                "keys" => form.keys = value.into_owned(),
                _ => {}
            }
        }
        form
    }
}

/// The products that are delivered as files or license keys, and one of them with `?product=`.
#[component]
pub fn AdminDownloadsPage() -> impl IntoView {
    let shop = request::shop();
    let form = use_context::<DigitalForm>();
    let asked = request::query_param("product");
    admin_page(move |admin| async move {
        let text = request::text().digital();
        head::title(text.downloads());
        let (notice, typed) = match &form {
            Some(form) => change(text, form).await?,
            None => (from_query(text), String::new()),
        };
        let slug = asked.or_else(|| form.map(|form| form.product));
        let products = shop::digital::products(&shop, &admin).await?;
        let Some(slug) = slug.filter(|slug| !slug.is_empty()) else {
            let others = shop::digital::shipped_products(&shop, &admin).await?;
            return Ok(list_view(text, products, others, notice).into_any());
        };
        let product = products.into_iter().find(|product| product.slug == slug);
        match product {
            Some(product) => one(&admin, text, product, notice, &typed).await,
            None if notice.is_some() => {
                let products = shop::digital::products(&shop, &admin).await?;
                let others = shop::digital::shipped_products(&shop, &admin).await?;
                Ok(list_view(text, products, others, notice).into_any())
            }
            None => Ok(not_found()),
        }
    })
}

/// Carries a form out; the notice about it, and the keys to show again.
async fn change(
    text: DigitalText,
    form: &DigitalForm,
) -> Result<(Option<Notice>, String), shop::Error> {
    let shop = shop();
    let bad = |message: &str| {
        response::set_status(StatusCode::UNPROCESSABLE_ENTITY);
        Ok((Some((false, message.to_owned())), form.keys.clone()))
    };
    let Some(session) = session::session() else {
        return bad(text.stale());
    };
    let csrf = match authorize_form(&shop, &session, MANY_ORDERS, &form.csrf_token).await {
        Ok(csrf) => csrf,
        Err(FormError::Failed(error)) => return Err(error),
        Err(FormError::SignedOut | FormError::InvalidToken) => {
            response::set_status(StatusCode::FORBIDDEN);
            return Ok((Some((false, text.stale().to_owned())), form.keys.clone()));
        }
    };
    let slug = form.product.as_str();
    let good = |message: String| Ok((Some((true, message)), String::new()));
    match form.action.as_str() {
        "keys" if form.keys.trim().is_empty() => bad(text.no_keys()),
        "keys" => match shop::digital::add_keys(&shop, &csrf, slug, &form.keys).await? {
            Some(added) => good(counts(text, added)),
            None => bad(text.not_digital()),
        },
        "digital" if shop::digital::set_digital(&shop, &csrf, slug, true).await? => {
            good(text.saved().to_owned())
        }
        "shipped" if shop::digital::set_digital(&shop, &csrf, slug, false).await? => {
            good(text.saved().to_owned())
        }
        "shipped" => bad(text.has_goods()),
        _ => bad(text.not_digital()),
    }
}

fn counts(text: DigitalText, added: KeysAdded) -> String {
    let parts = [
        Some(text.keys_added(added.added)),
        (added.duplicates > 0).then(|| text.duplicates(added.duplicates)),
        (added.empty > 0).then(|| text.empty_lines(added.empty)),
        (added.too_long > 0).then(|| text.too_long(added.too_long)),
        (added.completed > 0).then(|| text.completed(added.completed)),
    ];
    parts.into_iter().flatten().collect::<Vec<_>>().join(" ")
}

/// The notice about an upload, which redirects.
fn from_query(text: DigitalText) -> Option<Notice> {
    let message = match request::query_param("notice")?.as_str() {
        "uploaded" => return Some((true, text.uploaded().to_owned())),
        "no_file" => text.no_file(),
        "not_digital" => text.not_digital(),
        "stale" => text.stale(),
        _ => text.broken(),
    };
    Some((false, message.to_owned()))
}

fn notice_view(notice: Option<Notice>) -> Option<AnyView> {
    let (is_good, message) = notice?;
    let (role, class) = if is_good {
        ("status", "notice is-good")
    } else {
        ("alert", "notice")
    };
    Some(view! { <p id="result" class=class role=role tabindex="-1">{message}</p> }.into_any())
}

fn address_of(slug: &str) -> String {
    let slug: String = form_urlencoded::byte_serialize(slug.as_bytes()).collect();
    format!("/admin/downloads?product={slug}")
}

fn list_view(
    text: DigitalText,
    products: Vec<DigitalProduct>,
    others: Vec<(String, String)>,
    notice: Option<Notice>,
) -> impl IntoView {
    let is_empty = products.is_empty();
    let rows = products.into_iter().map(|product| {
        let missing = (product.missing_keys > 0).then(|| {
            view! { <span class="status is-flag">{product.missing_keys}</span> }
        });
        view! {
            <tr>
                <th scope="row"><a href=address_of(&product.slug)><bdi>{product.title}</bdi></a></th>
                <td class="amount">{product.files}</td>
                <td class="amount">{product.needs_keys.then_some(product.free_keys)}</td>
                <td class="amount">{product.needs_keys.then_some(product.taken_keys)}</td>
                <td class="amount">{missing}</td>
            </tr>
        }
    });
    let rows = rows.collect_view();
    let options = others.into_iter();
    let options = options.map(|(slug, title)| view! { <option value=slug>{title}</option> });
    let token = session::csrf_token(MANY_ORDERS);
    view! {
        <h1>{text.downloads()}</h1>
        {notice_view(notice)}
        <p class="hint">{text.explained()}</p>
        {if is_empty {
            view! { <p class="empty">{text.none()}</p> }.into_any()
        } else {
            view! {
                <div class="table-scroll" tabindex="0" role="region" aria-label=text.downloads()>
                    <table class="orders">
                        <thead>
                            <tr>
                                <th scope="col">{text.product()}</th>
                                <th scope="col" class="amount">{text.files()}</th>
                                <th scope="col" class="amount">{text.free_keys()}</th>
                                <th scope="col" class="amount">{text.taken_keys()}</th>
                                <th scope="col" class="amount">{text.waiting()}</th>
                            </tr>
                        </thead>
                        <tbody>{rows}</tbody>
                    </table>
                </div>
            }.into_any()
        }}
        <form class="admin-form" action="/admin/downloads#result" method="post">
            <input type="hidden" name="csrf_token" value=token/>
            <input type="hidden" name="action" value="digital"/>
            <label class="field">
                <span>{text.product()}</span>
                <select name="product">{options.collect_view()}</select>
            </label>
            <button class="button is-quiet">{text.make_digital()}</button>
        </form>
    }
}

async fn one(
    admin: &Admin,
    text: DigitalText,
    product: DigitalProduct,
    notice: Option<Notice>,
    typed: &str,
) -> Result<AnyView, shop::Error> {
    let files = shop::digital::files_of(&shop(), admin, &product.slug).await?;
    let token = session::csrf_token(MANY_ORDERS);
    let upload: String = form_urlencoded::byte_serialize(product.slug.as_bytes()).collect();
    let upload = format!("/admin/downloads/{upload}/files");
    let has_nothing = files.is_empty() && !product.needs_keys;
    let shipped = has_nothing.then(|| {
        view! {
            <p class="notice">{text.nothing_to_deliver()}</p>
            <form class="admin-form" action="/admin/downloads#result" method="post">
                <input type="hidden" name="csrf_token" value=token.clone()/>
                <input type="hidden" name="product" value=product.slug.clone()/>
                <input type="hidden" name="action" value="shipped"/>
                <button class="link">{text.make_shipped()}</button>
            </form>
        }
    });
    let list = if files.is_empty() {
        view! { <p class="hint">{text.no_files()}</p> }.into_any()
    } else {
        files
            .into_iter()
            .map(|file| file_view(text, file))
            .collect_view()
            .into_any()
    };
    let counts = product.needs_keys.then(|| {
        view! {
            <dl class="facts">
                <dt>{text.free_keys()}</dt><dd>{product.free_keys}</dd>
                <dt>{text.taken_keys()}</dt><dd>{product.taken_keys}</dd>
                <dt>{text.waiting()}</dt><dd>{product.missing_keys}</dd>
            </dl>
        }
    });
    // The framework writes the text of a text area as it is.
    let typed = head::escape(typed);
    Ok(view! {
        <h1><bdi>{product.title.clone()}</bdi></h1>
        <p><a href="/admin/downloads">{text.back()}</a></p>
        {notice_view(notice)}
        {shipped}
        <section class="admin-part" aria-labelledby="files">
            <h2 id="files">{text.files()}</h2>
            {list}
            <form class="admin-form" action=upload method="post" enctype="multipart/form-data">
                <input type="hidden" name="csrf_token" value=token.clone()/>
                <label class="field">
                    <span>{text.file()}</span>
                    <input type="file" name="file" required aria-describedby="upload-explained"/>
                </label>
                <p class="hint" id="upload-explained">{text.upload_explained()}</p>
                <button class="button is-quiet">{text.upload()}</button>
            </form>
        </section>
        <section class="admin-part" aria-labelledby="keys">
            <h2 id="keys">{text.license_keys()}</h2>
            {counts}
            <form class="admin-form" action="/admin/downloads#result" method="post">
                <input type="hidden" name="csrf_token" value=token/>
                <input type="hidden" name="product" value=product.slug/>
                <input type="hidden" name="action" value="keys"/>
                <label class="field">
                    <span>{text.keys()}</span>
                    <textarea name="keys" rows="6" spellcheck="false" autocomplete="off" aria-describedby="keys-explained">{typed}</textarea>
                </label>
                <p class="hint" id="keys-explained">{text.keys_explained()}</p>
                <button class="button is-quiet">{text.add_keys()}</button>
            </form>
        </section>
    }
    .into_any())
}

fn file_view(text: DigitalText, file: DigitalFile) -> impl IntoView {
    view! {
        <dl class="facts">
            <dt>{text.file()}</dt>
            <dd><bdi>{file.name}</bdi></dd>
            <dt>{text.type_name()}</dt>
            <dd>{file.content_type}</dd>
            <dt>{text.size_name()}</dt>
            <dd>{text.size(file.size)}</dd>
            <dt>{text.checksum()}</dt>
            <dd><code>{file.sha256}</code></dd>
            <dt>{text.uploaded_at()}</dt>
            <dd>{moment(file.created_at)}</dd>
        </dl>
    }
}
