//! The tests without HTTP in one program, which `cargo mutants` builds for every mutant: one link instead of many.
#![allow(clippy::duplicate_mod, reason = "each file brings its own helpers")]

#[path = "../decompile.rs"]
mod decompile;
#[path = "../decompile_traps.rs"]
mod decompile_traps;
#[path = "../diagnostics_check.rs"]
mod diagnostics_check;
#[path = "../diagnostics_corrections.rs"]
mod diagnostics_corrections;
#[path = "../diagnostics_habits.rs"]
mod diagnostics_habits;
#[path = "../diagnostics_search.rs"]
mod diagnostics_search;
#[path = "../diagnostics_syntax.rs"]
mod diagnostics_syntax;
#[path = "../diagnostics_typos.rs"]
mod diagnostics_typos;
#[path = "../eval_cases.rs"]
mod eval_cases;
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
#[path = "../plan_costs.rs"]
mod plan_costs;
#[path = "../plan_laws.rs"]
mod plan_laws;
#[path = "../plan_limits.rs"]
mod plan_limits;
#[path = "../queries.rs"]
mod queries;
#[path = "../sandbox_vectors.rs"]
mod sandbox_vectors;
#[path = "../syntax_laws.rs"]
mod syntax_laws;
#[path = "../words.rs"]
mod words;

/// A mutant is caught by its first failure: what is left need not run. Tests begin in the order of their names.
#[test]
fn a_failure_ends_the_program() {
    std::panic::set_hook(Box::new(|failure| {
        eprintln!("{failure}");
        std::process::exit(101)
    }));
}
