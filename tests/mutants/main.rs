//! The tests without HTTP in one program, which `cargo mutants` builds for every mutant: one link instead of many.
#![allow(clippy::duplicate_mod, reason = "each file brings its own helpers")]
#[path = "../decompile_traps.rs"]
mod decompile_traps;
#[path = "../diagnostics_check.rs"]
mod diagnostics_check;
#[path = "../grammar_cases.rs"]
mod grammar_cases;
#[path = "../grammar_tables.rs"]
mod grammar_tables;
#[path = "../limits.rs"]
mod limits;
#[path = "../local_scan.rs"]
mod local_scan;
#[path = "../plan_cases.rs"]
mod plan_cases;
#[path = "../plan_laws.rs"]
mod plan_laws;
#[path = "../plan_limits.rs"]
mod plan_limits;
#[path = "../queries.rs"]
mod queries;
#[path = "../sandbox_vectors.rs"]
mod sandbox_vectors;
#[path = "../decompile.rs"]
mod decompile;
#[path = "../diagnostics_typos.rs"]
mod diagnostics_typos;
#[path = "../syntax_laws.rs"]
mod syntax_laws;
#[path = "../diagnostics_syntax.rs"]
mod diagnostics_syntax;
