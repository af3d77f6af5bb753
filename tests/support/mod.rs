//! The conformance data: what a real server answered, and what queries mean.
#![allow(dead_code, reason = "each test file uses a part of it")]

use std::collections::BTreeSet;
use std::io::Read;

use cwql::schema::{Account, Schema};
use serde_json::Value;

/// Decompresses a file of `tests/data`.
pub(crate) fn read(name: &str) -> String {
    let path = format!("{}/tests/data/{name}.gz", env!("CARGO_MANIFEST_DIR"));
    let file = std::fs::File::open(&path).unwrap_or_else(|error| panic!("{path}: {error}"));
    let mut text = String::new();
    flate2::read::GzDecoder::new(file).read_to_string(&mut text).unwrap_or_else(|error| panic!("{path}: {error}"));
    text
}

/// The lines of a compressed NDJSON file.
pub(crate) fn lines(name: &str) -> Vec<Value> {
    read(name).lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

/// Reads ids written as ranges: `2-4,9`.
pub(crate) fn ids(ranges: &str) -> BTreeSet<i64> {
    let mut ids = BTreeSet::new();
    for range in ranges.split(',').filter(|range| !range.is_empty()) {
        let (first, last) = range.split_once('-').unwrap_or((range, range));
        ids.extend(first.parse::<i64>().unwrap()..=last.parse().unwrap());
    }
    ids
}

/// The moment the recorded server's clock stood at.
pub(crate) const NOW: &str = "2026-06-15T12:00:00Z";

/// The recorded account, at that moment, on the newest server.
pub(crate) fn schema() -> Schema {
    Schema {
        account: Some(Account::from_json(read("account.json").as_bytes()).unwrap()),
        now: Some(NOW.parse().unwrap()),
        ..Schema::default()
    }
}

/// A server of a version with the recorded conversations.
#[cfg(feature = "sandbox")]
pub(crate) fn sandbox(version: cwql::schema::ServerVersion) -> cwql::sandbox::Sandbox {
    let now = NOW.parse().unwrap();
    cwql::sandbox::Sandbox::new(&read("account.json"), &read("dataset.ndjson"), now, version).unwrap()
}
