//! cwql beside other query languages, in one run: the same conditions in each language's own words.
//!
//! cwql goes from text to checked, planned payload bytes; wirefilter parses, checks and compiles to closures; cel, cql2
//! and sqlparser parse to a tree. Rounds of the languages alternate, so that a busy machine slows each alike.
//!
//! `cargo run --release --manifest-path tests/benches/peers/Cargo.toml`

#[path = "../../work.rs"]
#[expect(dead_code, reason = "the peers compile flat conditions only")]
mod work;

use std::hint::black_box;
use std::time::{Duration, Instant};

use sqlparser::dialect::GenericDialect;

/// Alternating rounds; the fastest of each language counts.
const ROUNDS: usize = 40;
/// How long a round lasts about.
const ROUND: Duration = Duration::from_millis(10);

struct Words {
    or: &'static str,
    equal: &'static str,
    unequal: &'static str,
    /// Before and behind the text that is contained.
    contains: (&'static str, &'static str),
    quote: &'static str,
}

/// The conditions of [`work::flat`] in other words.
fn flat(words: &Words, count: usize) -> String {
    let Words { equal, unequal, contains: (before, behind), quote, .. } = words;
    let parts: Vec<String> = (0..count)
        .map(|i| match i % 4 {
            0 => format!("id {equal} {}", i + 1),
            1 => format!("mail_subject{before}order {i}{behind}"),
            2 => format!("label {equal} {quote}topic-{i}{quote}"),
            _ => format!("referer {unequal} {quote}https://shop.example/{i}{quote}"),
        })
        .collect();
    parts.join(words.or)
}

type Compile<'a> = Box<dyn Fn() -> usize + 'a>;

fn time(compile: &Compile<'_>, times: u32) -> Duration {
    let start = Instant::now();
    for _ in 0..times {
        black_box(compile());
    }
    start.elapsed()
}

fn row(count: usize) {
    let schema = cwql::Schema { max_conditions: 10_000, ..cwql::Schema::default() };
    let scheme = wirefilter::Scheme! { id: Int, mail_subject: Bytes, label: Bytes, referer: Bytes };
    let own = work::flat(count);
    let filter =
        flat(&Words { or: " or ", equal: "==", unequal: "!=", contains: (" contains \"", "\""), quote: "\"" }, count);
    let cel =
        flat(&Words { or: " || ", equal: "==", unequal: "!=", contains: (".contains(\"", "\")"), quote: "\"" }, count);
    let sql = flat(&Words { or: " OR ", equal: "=", unequal: "<>", contains: (" LIKE '%", "%'"), quote: "'" }, count);
    let dialect = GenericDialect {};
    let languages: Vec<(&str, Compile<'_>)> = vec![
        ("cwql", Box::new(|| cwql::compile(black_box(&own), &schema).map_or(0, |payload| payload.to_body().len()))),
        (
            "wirefilter",
            Box::new(|| {
                let filter = scheme.parse(black_box(&filter)).map(|ast| ast.compile());
                usize::from(filter.is_ok())
            }),
        ),
        ("cql2", Box::new(|| usize::from(cql2::parse_text(black_box(&sql)).is_ok()))),
        ("cel", Box::new(|| usize::from(cel::Program::compile(black_box(&cel)).is_ok()))),
        (
            "sqlparser",
            Box::new(|| {
                let parser = sqlparser::parser::Parser::new(&dialect).try_with_sql(black_box(&sql));
                usize::from(parser.and_then(|mut parser| parser.parse_expr()).is_ok())
            }),
        ),
    ];
    for (name, compile) in &languages {
        assert!(compile() > 0, "{name} refuses {count} conditions");
    }
    let times: Vec<u32> = languages
        .iter()
        .map(|(_, compile)| (ROUND.as_nanos() / time(compile, 1).as_nanos().max(1)).clamp(1, 100_000) as u32)
        .collect();
    let mut best = vec![Duration::MAX; languages.len()];
    for _ in 0..ROUNDS {
        for ((best, (_, compile)), times) in best.iter_mut().zip(&languages).zip(&times) {
            *best = (*best).min(time(compile, *times) / *times);
        }
    }
    let own = best[0].as_nanos() as f64;
    print!("| {count} |");
    for best in &best {
        print!(" {:.2} µs ({:.2} ×) |", best.as_nanos() as f64 / 1000.0, best.as_nanos() as f64 / own);
    }
    println!();
}

fn main() {
    // Some of the peers recurse once for each condition.
    let rows = std::thread::Builder::new().stack_size(256 << 20).spawn(|| {
        println!("| conditions | cwql | wirefilter | cql2 | cel | sqlparser |");
        println!("| --- | --- | --- | --- | --- | --- |");
        [2, 8, 256].into_iter().for_each(row);
    });
    if rows.is_ok_and(|rows| rows.join().is_err()) {
        std::process::exit(1);
    }
}
