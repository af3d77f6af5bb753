//! How the program is linked on Linux, so that it starts soon: half of what starting takes beyond an empty program is
//! the loader's work.

use std::env::var;
use std::path::Path;
use std::process::Command;

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    let is = |name: &str, value: &str| var(name).is_ok_and(|text| text.split(',').any(|part| part == value));
    let gnu_linux = is("CARGO_CFG_TARGET_OS", "linux") && is("CARGO_CFG_TARGET_ENV", "gnu");
    // With crt-static rustc chooses the start files itself, and there is nothing to load.
    if !gnu_linux || is("CARGO_CFG_TARGET_FEATURE", "crt-static") || var("CARGO_FEATURE_CLI").is_err() {
        return;
    }
    // At a fixed address nothing has to be relocated: there are 11,000 pointers on 46 pages, each of which the kernel
    // would copy first, and packing them (-z pack-relative-relocs) spares no page. What is lost is that the program's
    // own code lies at a random address; libraries, stack and heap still do. No code here is `unsafe`.
    println!("cargo::rustc-link-arg-bins=-no-pie");
    // One library less to load: what walks the stack comes with the program.
    if has_static("libgcc_eh.a") {
        println!("cargo::rustc-link-lib=static:-bundle=gcc_eh");
    }
}

/// Whether the linker knows a static library.
fn has_static(library: &str) -> bool {
    println!("cargo::rerun-if-env-changed=RUSTC_LINKER");
    let linker = var("RUSTC_LINKER").unwrap_or_else(|_| "cc".to_owned());
    let found = Command::new(linker).arg(format!("-print-file-name={library}")).output();
    // What it does not know it prints as it is.
    found.is_ok_and(|found| String::from_utf8(found.stdout).is_ok_and(|path| Path::new(path.trim()).is_absolute()))
}
