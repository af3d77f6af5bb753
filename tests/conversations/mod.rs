//! Random data sets and random queries, both made of bytes, so that what fails becomes small.
#![allow(dead_code, unused_imports, reason = "each test file uses a part of it")]

mod queries;
mod rows;

use std::collections::BTreeSet;

use cwql::check::{Condition, Filter, Test, Values};
use cwql::eval::{Row, matches};
use cwql::plan::{Plan, Scan};
use cwql::sandbox::{Sandbox, User};
use cwql::schema::{Account, Attribute, Schema, ServerVersion, Standard};
use cwql::{Checked, check, parse};
use serde_json::Value;

pub(crate) use queries::{alternatives, condition_on, conditions, expression, names};
pub(crate) use rows::{Data, EPOCHS, TEXTS, account, row};

/// The moment at which the server's clock stands.
pub(crate) const NOW: &str = "2026-06-15T12:00:00Z";

/// The servers that the plans are tried on.
pub(crate) const VERSIONS: &[(u16, u16, u16)] =
    &[(3, 8, 0), (4, 3, 0), (4, 9, 2), (4, 11, 1), (4, 15, 0), (4, 15, 1), (4, 15, 2), (4, 16, 0)];

/// Takes choices from bytes; where they end, the first choice is taken.
pub(crate) struct Dice<'a> {
    bytes: std::slice::Iter<'a, u8>,
    /// The texts of values, in queries and in rows.
    texts: &'static [&'static str],
}

/// So few texts that most conditions on them hold for some rows.
pub(crate) const FEW_TEXTS: &[&str] = &["en", "EN", "Gold"];

impl<'a> Dice<'a> {
    pub(crate) fn new(bytes: &'a [u8]) -> Self {
        Self { bytes: bytes.iter(), texts: TEXTS }
    }

    pub(crate) fn with_texts(self, texts: &'static [&'static str]) -> Self {
        Self { texts, ..self }
    }

    /// A number below `sides`.
    pub(crate) fn roll(&mut self, sides: usize) -> usize {
        self.bytes.next().map_or(0, |&byte| usize::from(byte) % sides)
    }

    pub(crate) fn pick<T: Clone>(&mut self, choices: &[T]) -> T {
        choices[self.roll(choices.len())].clone()
    }
}

/// A schema that knows the account of the random data.
pub(crate) fn schema() -> Schema {
    Schema {
        account: Some(Account::from_json(account().as_bytes()).unwrap()),
        now: Some(NOW.parse().unwrap()),
        ..Schema::default()
    }
}

pub(crate) fn version((major, minor, patch): (u16, u16, u16)) -> ServerVersion {
    ServerVersion::new(major, minor, patch)
}

pub(crate) fn sandbox(rows: &[Value], schema: &Schema) -> Sandbox {
    let lines: Vec<String> = rows.iter().map(Value::to_string).collect();
    Sandbox::new(&account(), &lines.join("\n"), schema.now(), schema.version).unwrap()
}

/// The rows as the API returns them.
pub(crate) fn returned(rows: &[Value]) -> Vec<Value> {
    let mut rows = rows.to_vec();
    rows.iter_mut().for_each(|row| {
        row.as_object_mut().unwrap().remove("_columns");
    });
    rows
}

pub(crate) fn checked(text: &str, schema: &Schema) -> Checked {
    check(&parse(text), schema).unwrap_or_else(|problems| panic!("{text}\n{problems}"))
}

/// What a filter means, by the reference evaluation.
pub(crate) fn meant(filter: &Filter, rows: &[Value], schema: &Schema) -> BTreeSet<i64> {
    let holds = |row: &&Value| matches(filter, &Row::new(row, schema.now()).with_columns(&row["_columns"]));
    rows.iter().filter(holds).map(id).collect()
}

pub(crate) fn id(row: &Value) -> i64 {
    row["id"].as_i64().unwrap()
}

/// What a scan's payload matches, and what its residual keeps of it.
pub(crate) fn scanned(
    scan: &Scan,
    sandbox: &Sandbox,
    returned: &[Value],
    schema: &Schema,
) -> (BTreeSet<i64>, BTreeSet<i64>) {
    let answer = sandbox.filter(User::Admin, scan.payload.to_body().as_bytes(), None);
    assert_eq!(answer.status, 200, "server {}: {}\n{}", schema.version, answer.body, scan.payload.to_json());
    let matched: BTreeSet<i64> = answer.matches.into_iter().collect();
    let keeps = |row: &Value| {
        scan.residual.as_ref().is_none_or(|residual| matches(&residual.filter, &Row::new(row, schema.now())))
    };
    let kept = returned.iter().filter(|row| matched.contains(&id(row)) && keeps(row)).map(id).collect();
    (matched, kept)
}

/// The rows that a plan finds.
pub(crate) fn run(plan: &Plan, sandbox: &Sandbox, returned: &[Value], schema: &Schema) -> BTreeSet<i64> {
    plan.scans.iter().flat_map(|scan| scanned(scan, sandbox, returned, schema).1).collect()
}

/// The custom attributes and the texts of the rows in which two answers differ.
pub(crate) fn shown(rows: &[Value], ids: &BTreeSet<i64>, others: &BTreeSet<i64>) -> String {
    let differing: Vec<i64> = ids.symmetric_difference(others).copied().collect();
    rows.iter().filter(|row| differing.first() == Some(&id(row))).map(Value::to_string).collect()
}

/// Whether a plan may be impossible: a condition compares what no response carries.
pub(crate) fn may_be_impossible(filter: &Filter) -> bool {
    let mut found = false;
    filter.conditions().for_each(|Condition { attribute, test, .. }| {
        found |= match attribute {
            Attribute::Standard(Standard::CampaignId | Standard::AssigneeId) => true,
            Attribute::Standard(Standard::Labels) => match test {
                Test::AnyOf(Values::Texts(labels)) | Test::NoneOf(Values::Texts(labels)) => {
                    labels.iter().any(|label| label.contains(','))
                }
                _ => false,
            },
            _ => false,
        };
    });
    found
}
