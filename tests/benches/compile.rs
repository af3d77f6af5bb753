//! How long a query takes from its text to the payload's JSON bytes, all stages included.
//!
//! `cargo bench --bench compile`; instruction counts: `tests/benches/instructions.sh`; beside other languages:
//! `cargo run --release --manifest-path tests/benches/peers/Cargo.toml`.

mod work;

use cwql::{Query, Schema, compile};
use divan::Bencher;
use divan::counter::ItemsCount;

fn main() {
    divan::main();
}

fn bench(bencher: Bencher, text: &str, conditions: usize) {
    let schema = Schema { max_conditions: 10_000, ..Schema::default() };
    bencher
        .counter(ItemsCount::new(conditions))
        .bench(|| compile(divan::black_box(text), &schema).map(|payload| payload.to_body()));
}

#[divan::bench]
fn documented_example(bencher: Bencher) {
    bench(bencher, "status = pending AND browser_language != en", 2);
}

#[divan::bench(args = [2, 8, 64, 256, 4096])]
fn flat(bencher: Bencher, conditions: usize) {
    bench(bencher, &work::flat(conditions), conditions);
}

#[divan::bench(args = [10, 20, 40])]
fn nested(bencher: Bencher, depth: usize) {
    bench(bencher, &work::nested(depth), depth + 1);
}

#[divan::bench]
fn list_of_100(bencher: Bencher) {
    bench(bencher, &work::list(100), 1);
}

/// The plan is a residual where the alternatives multiply beyond the bound on the payload's conditions.
#[divan::bench(args = [4, 8, 16, 64])]
fn alternatives(bencher: Bencher, factors: usize) {
    let (schema, text) = (Schema::default(), work::alternatives(factors));
    bencher.bench(|| Query::new(divan::black_box(&text), &schema).map(|query| query.plan().superset().to_body()));
}
