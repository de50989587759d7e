//! Tells the linker which functions run at the start, so that they lie side by side in the binary.

use std::env;
use std::path::PathBuf;
use std::process::{Command, Stdio};

/// The functions that run from the start until the service is ready, one name in a line, as `tests/start-order --write` found them.
const ORDER: &str = "start.order";

fn main() {
    println!("cargo:rerun-if-changed={ORDER}");
    println!("cargo:rerun-if-changed=build.rs");
    let Some(directory) = env::var_os("CARGO_MANIFEST_DIR").map(PathBuf::from) else { return };
    let option = format!("-Wl,--symbol-ordering-file={},--no-warn-symbol-ordering", directory.join(ORDER).display());
    // Without it the kernel brings in most of the binary around five thousand small functions. Of a debug build nobody asks that.
    if env::var("PROFILE").is_ok_and(|profile| profile == "release") && takes(&option) {
        println!("cargo:rustc-link-arg-bins={option}");
    }
}

/// Whether the linker knows an option. Rust brings its own for some targets; others, or one that somebody has set, may not: it is asked.
fn takes(option: &str) -> bool {
    let Some(out) = env::var_os("OUT_DIR").map(PathBuf::from) else { return false };
    let source = out.join("probe.rs");
    if std::fs::write(&source, "fn main() {}\n").is_err() {
        return false;
    }
    let mut probe = Command::new(env::var_os("RUSTC").unwrap_or_else(|| "rustc".into()));
    probe.args(["--crate-type", "bin", "--target"]).arg(env::var_os("TARGET").unwrap_or_default());
    probe.arg("-o").arg(out.join("probe")).arg(&source).arg("-C").arg(format!("link-arg={option}"));
    if let Some(linker) = env::var_os("RUSTC_LINKER") {
        let mut chosen = std::ffi::OsString::from("linker=");
        chosen.push(linker);
        probe.arg("-C").arg(chosen);
    }
    let flags = env::var("CARGO_ENCODED_RUSTFLAGS").unwrap_or_default();
    probe.args(flags.split('\u{1f}').filter(|flag| !flag.is_empty()));
    probe.stdout(Stdio::null()).stderr(Stdio::null()).status().is_ok_and(|status| status.success())
}
