//! How the program is linked.

use std::env;

fn main() {
    println!("cargo:rerun-if-changed=build.rs");
    println!("cargo:rerun-if-env-changed=CWQL_PIE");
    let is = |name: &str, value: &str| env::var(name).is_ok_and(|found| found == value);
    // At a fixed address the loader has nothing to relocate: 11,000 places in 40 pages, which takes longer than most
    // commands do themselves. What is lost is the random address of the program's own code; its libraries, its heap and
    // its stack keep theirs. `CWQL_PIE=1 cargo build --release` is for whom that matters more.
    if is("CARGO_CFG_TARGET_OS", "linux") && is("CARGO_CFG_TARGET_ENV", "gnu") && env::var_os("CWQL_PIE").is_none() {
        println!("cargo:rustc-link-arg-bins=-no-pie");
    }
}
