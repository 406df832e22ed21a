use std::path::Path;
use std::sync::Arc;

use anyhow::Context;
use app::document::{Site, Style};
use serde::Deserialize;

/// The build's record of its files.
#[derive(Deserialize)]
struct Manifest {
    script: Arc<str>,
    #[serde(default)]
    checkout: Option<Arc<str>>,
    wasm: Arc<str>,
    style: Arc<str>,
}

/// Reads what the site at `root` consists of. A site that was not built serves pages without style
/// and islands, as tests of the server want it.
///
/// # Errors
/// When there is a site that cannot be read.
pub(crate) fn load(root: &Path) -> anyhow::Result<Site> {
    let path = root.join("build-manifest.json");
    if !path.exists() {
        tracing::warn!(site.root = %root.display(), "the site is not built; run `make build`");
        return Ok(Site {
            script: None,
            checkout: None,
            wasm: None,
            style: None,
        });
    }
    let text = std::fs::read_to_string(&path)
        .with_context(|| format!("{} cannot be read", path.display()))?;
    let manifest: Manifest = serde_json::from_str(&text)
        .with_context(|| format!("{} is damaged; run `make build`", path.display()))?;
    Ok(Site {
        script: Some(manifest.script),
        checkout: manifest.checkout,
        wasm: Some(manifest.wasm),
        style: Some(Style {
            text: style_text(root, &manifest.style),
            address: manifest.style,
        }),
    })
}

/// The text of the style sheet, if it may stand in a page as it is.
fn style_text(root: &Path, address: &str) -> Option<Arc<str>> {
    let path = root.join(address.trim_start_matches('/'));
    let text = std::fs::read_to_string(path).ok()?;
    (!text.contains("</")).then(|| text.into())
}
