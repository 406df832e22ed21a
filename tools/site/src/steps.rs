use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, bail};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use wasm_bindgen_cli_support::Bindgen;

use crate::compressed;

/// The effort that is put into the result.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Profile {
    /// Quick to build.
    Dev,
    /// Quick to load.
    Release,
    /// Quick to load, or else no result: over the budget the build fails.
    Budgeted,
}

/// The most that a store page may make a browser fetch of WASM and script together, in bytes after brotli.
const BUDGET: usize = 110_000;

/// The folder of the result, from the root of the repository.
const SITE: &str = "target/site";

/// The folder for what is between the steps.
const WORK: &str = "target/site-work";

const WASM_OPT: &str = "frontend/node_modules/.bin/wasm-opt";
const ESBUILD: &str = "frontend/node_modules/.bin/esbuild";

/// The features of WASM that wasm-bindgen and rustc use, and every browser with WASM islands
/// understands.
const WASM_FEATURES: [&str; 6] = [
    "--enable-bulk-memory",
    "--enable-nontrapping-float-to-int",
    "--enable-sign-ext",
    "--enable-mutable-globals",
    "--enable-reference-types",
    "--enable-multivalue",
];

/// Builds the site. Steps whose input did not change since the last build are skipped.
pub(crate) fn build(profile: Profile) -> anyhow::Result<()> {
    let wasm = compile(profile)?;
    let inputs = fingerprint(&wasm, profile)?;
    let manifest = Path::new(SITE).join("build-manifest.json");
    let built = fs::read_to_string(&manifest)
        .ok()
        .and_then(|text| serde_json::from_str::<Value>(&text).ok());
    if let Some(built) = built
        && built["inputs"] == json!(inputs)
    {
        return report(&built, profile);
    }
    for tool in [WASM_OPT, ESBUILD] {
        if !Path::new(tool).exists() {
            bail!("{tool} is missing; run `make setup`");
        }
    }
    let next = PathBuf::from(format!("{SITE}.next"));
    reset(&next)?;
    reset(Path::new(WORK))?;
    fs::create_dir(next.join("pkg"))?;

    say("2/5", "binding the WASM to JavaScript");
    let mut bindgen = Bindgen::new();
    bindgen
        .input_path(&wasm)
        .out_name("cartwright")
        .typescript(false);
    bindgen.web(true)?;
    bindgen.generate(WORK).context("wasm-bindgen failed")?;

    let bound = Path::new(WORK).join("cartwright_bg.wasm");
    let wasm = match profile {
        Profile::Dev => bound,
        Profile::Release | Profile::Budgeted => {
            say("3/5", "shrinking the WASM");
            let small = Path::new(WORK).join("small.wasm");
            let mut shrink = Command::new(WASM_OPT);
            shrink
                .arg("-Oz")
                .args(WASM_FEATURES)
                .arg(&bound)
                .arg("-o")
                .arg(&small);
            run(shrink, "wasm-opt")?;
            small
        }
    };
    let wasm = publish(&next, &wasm, "wasm")?;

    say("4/5", "bundling script and style");
    let script = Path::new(WORK).join("start.min.js");
    let mut bundle = Command::new(ESBUILD);
    bundle
        .arg("frontend/start.js")
        .args([
            "--bundle",
            "--format=esm",
            "--target=es2022",
            "--minify",
            "--log-level=warning",
        ])
        .arg(format!("--alias:cartwright=./{WORK}/cartwright.js"))
        .arg(format!("--define:WASM_URL={}", json!(wasm)))
        .arg(format!("--outfile={}", script.display()));
    run(bundle, "esbuild")?;
    let script = publish(&next, &script, "js")?;
    let checkout = Path::new(WORK).join("checkout.min.js");
    let mut bundle = Command::new(ESBUILD);
    bundle
        .arg("frontend/checkout.js")
        .args([
            "--format=esm",
            "--target=es2022",
            "--minify",
            "--log-level=warning",
        ])
        .arg(format!("--outfile={}", checkout.display()));
    run(bundle, "esbuild")?;
    let checkout = publish(&next, &checkout, "js")?;
    let style = Path::new(WORK).join("main.min.css");
    let mut bundle = Command::new(ESBUILD);
    bundle
        .arg("style/main.css")
        .args([
            "--bundle",
            "--target=chrome111,firefox113,safari16.4",
            "--minify",
            "--log-level=warning",
        ])
        .arg(format!("--outfile={}", style.display()));
    run(bundle, "esbuild")?;
    let style = publish(&next, &style, "css")?;

    say("5/5", "compressing");
    compressed::copy_folder(Path::new("public"), &next)?;
    let sizes = compressed::compress_folder(&next, profile != Profile::Dev)?;
    let size = |address: &str| {
        sizes
            .get(&next.join(&address[1..]))
            .copied()
            .unwrap_or_default()
    };
    let built = json!({
        "inputs": inputs,
        "script": script,
        "checkout": checkout,
        "wasm": wasm,
        "style": style,
        "bytes": { "script": size(&script), "checkout": size(&checkout), "wasm": size(&wasm), "style": size(&style) },
    });
    fs::write(next.join("build-manifest.json"), built.to_string())?;
    replace(&next, Path::new(SITE))?;
    report(&built, profile)
}

/// Compiles the islands and answers where the WASM is.
fn compile(profile: Profile) -> anyhow::Result<PathBuf> {
    say("1/5", "compiling the islands to WASM");
    let (profile, folder) = match profile {
        Profile::Dev => ("dev", "debug"),
        Profile::Release | Profile::Budgeted => ("wasm-release", "wasm-release"),
    };
    let mut cargo = Command::new("cargo");
    cargo.args(["build", "--locked", "--package", "frontend", "--lib"]);
    cargo.args(["--target", "wasm32-unknown-unknown", "--profile", profile]);
    // Set where the target comes from another toolchain than the one that builds the server.
    if let Some(toolchain) = std::env::var_os("WASM_TOOLCHAIN").filter(|name| !name.is_empty()) {
        cargo.env("RUSTUP_TOOLCHAIN", toolchain);
        cargo.env_remove("CARGO").env_remove("RUSTC");
    }
    run(cargo, "cargo")?;
    let target = std::env::var_os("CARGO_TARGET_DIR").unwrap_or_else(|| "target".into());
    Ok(Path::new(&target)
        .join("wasm32-unknown-unknown")
        .join(folder)
        .join("frontend.wasm"))
}

/// Tells two builds apart whose result would differ.
fn fingerprint(wasm: &Path, profile: Profile) -> anyhow::Result<String> {
    let mut hash = Sha256::new();
    hash.update([u8::from(profile != Profile::Dev)]);
    hash.update(fs::read(wasm).with_context(|| format!("{} is missing", wasm.display()))?);
    // The steps themselves, with all their options.
    hash.update(fs::read(std::env::current_exe()?)?);
    hash.update(fs::read("frontend/start.js")?);
    hash.update(fs::read("frontend/checkout.js")?);
    hash.update(fs::read("frontend/package-lock.json")?);
    for folder in ["style", "public"] {
        for file in compressed::files(Path::new(folder))? {
            hash.update(file.to_string_lossy().as_bytes());
            hash.update(fs::read(&file)?);
        }
    }
    Ok(hex::encode(hash.finalize()))
}

/// Copies a file under a name that changes with its content, and answers its address.
fn publish(site: &Path, file: &Path, extension: &str) -> anyhow::Result<String> {
    let content = fs::read(file).with_context(|| format!("{} is missing", file.display()))?;
    let hash = hex::encode(&Sha256::digest(&content)[..6]);
    let name = format!("cartwright.{hash}.{extension}");
    fs::write(site.join("pkg").join(&name), content)?;
    Ok(format!("/pkg/{name}"))
}

/// Says how large the result is, and fails when it is larger than the budget and that matters.
fn report(built: &Value, profile: Profile) -> anyhow::Result<()> {
    if profile == Profile::Dev {
        return Ok(());
    }
    let bytes = |name: &str| {
        built["bytes"][name]
            .as_u64()
            .and_then(|bytes| usize::try_from(bytes).ok())
            .unwrap_or_default()
    };
    let (wasm, script, style) = (bytes("wasm"), bytes("script"), bytes("style"));
    let checkout = bytes("checkout");
    let together = wasm.saturating_add(script);
    println!(
        "site: WASM {wasm} + script {script} = {together} bytes of {BUDGET} (brotli); style {style} bytes; the checkout's own script {checkout} bytes"
    );
    match profile {
        Profile::Budgeted if together > BUDGET => {
            bail!("WASM and script are over the budget of {BUDGET} bytes")
        }
        _ => Ok(()),
    }
}

fn run(mut command: Command, name: impl AsRef<OsStr>) -> anyhow::Result<()> {
    let name = name.as_ref().to_string_lossy().into_owned();
    let status = command
        .status()
        .with_context(|| format!("{name} cannot be started"))?;
    if !status.success() {
        bail!("{name} failed");
    }
    Ok(())
}

fn reset(folder: &Path) -> anyhow::Result<()> {
    if folder.exists() {
        fs::remove_dir_all(folder)?;
    }
    fs::create_dir_all(folder)?;
    Ok(())
}

/// Puts the new site in the old one's place.
fn replace(next: &Path, site: &Path) -> anyhow::Result<()> {
    if site.exists() {
        fs::remove_dir_all(site)?;
    }
    fs::rename(next, site)?;
    Ok(())
}

fn say(step: &str, what: &str) {
    println!("site {step}: {what}");
}
