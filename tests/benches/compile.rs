//! How long a query takes from its text to the payload's JSON bytes, all stages included.
//!
//! `cargo bench --bench compile`; instruction counts: `valgrind --tool=callgrind` on `examples/compile`.

use cwql::{Schema, compile};
use divan::Bencher;
use divan::counter::ItemsCount;

fn main() {
    divan::main();
}

/// So many conditions over several attributes, flat, joined by AND and OR in turn.
fn flat(count: usize) -> String {
    let parts: Vec<String> = (0..count)
        .map(|i| match i % 4 {
            0 => format!("id = {}", i + 1),
            1 => format!("mail_subject CONTAINS \"order {i}\""),
            2 => format!("label = topic-{i}"),
            _ => format!("referer != https://shop.example/{i}"),
        })
        .collect();
    parts.join(" OR ")
}

#[divan::bench]
fn documented_example(bencher: Bencher) {
    let schema = Schema::default();
    bencher.counter(ItemsCount::new(2usize)).bench(|| {
        compile(divan::black_box("status = pending AND browser_language != en"), &schema).map(|p| p.to_json())
    });
}

#[divan::bench(args = [2, 8, 64, 256])]
fn flat_conditions(bencher: Bencher, count: usize) {
    let (schema, text) = (Schema::default(), flat(count));
    bencher.counter(ItemsCount::new(count)).bench(|| compile(divan::black_box(&text), &schema).map(|p| p.to_json()));
}

#[divan::bench]
fn list_of_100(bencher: Bencher) {
    let schema = Schema::default();
    let ids: Vec<String> = (1..=100).map(|id| id.to_string()).collect();
    let text = format!("id IN ({})", ids.join(", "));
    bencher.bench(|| compile(divan::black_box(&text), &schema).map(|p| p.to_json()));
}
