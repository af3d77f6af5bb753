//! Compiles one of the benchmarks' queries a number of times, for `tests/benches/instructions.sh` to count the
//! instructions: `instructions flat 8 11`; or one from standard input, which may need a residual: `instructions text 0 1`.

#[path = "work.rs"]
mod work;

use std::hint::black_box;

use cwql::{Query, Schema, compile};

/// What is counted: from the text to the payload's bytes.
#[inline(never)]
fn once(text: &str, schema: &Schema) -> usize {
    compile(text, schema).map_or(0, |payload| payload.to_body().len())
}

/// The same where the client has to look at what the payload returns.
#[inline(never)]
fn once_planned(text: &str, schema: &Schema) -> usize {
    Query::new(text, schema).map_or(0, |query| query.plan().superset().to_body().len())
}

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [kind, size, times] = arguments.as_slice() else { return eprintln!("instructions KIND SIZE TIMES") };
    let (Ok(size), Ok(times)) = (size.parse(), times.parse::<usize>()) else { return eprintln!("no number") };
    let (text, planned) = match kind.as_str() {
        "example" => ("status = pending AND browser_language != en".to_owned(), false),
        "flat" => (work::flat(size), false),
        "nested" => (work::nested(size), false),
        "list" => (work::list(size), false),
        "alternatives" => (work::alternatives(size), true),
        "text" => (std::io::read_to_string(std::io::stdin()).unwrap_or_default(), true),
        _ => return eprintln!("example, flat, nested, list, alternatives or text"),
    };
    let schema = if planned { Schema::default() } else { Schema { max_conditions: 10_000, ..Schema::default() } };
    let work = if planned { once_planned } else { once };
    let bytes: usize = (0..times).map(|_| work(black_box(&text), &schema)).sum();
    println!("{bytes}");
}
