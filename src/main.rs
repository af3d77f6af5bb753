//! The `cwql` program.
fn main() {}
