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

/// Whether these are the ids that an answer is recorded with: as ranges, or as the CRC-32 of their list where the ranges
/// would be long. `None` where no ids are recorded.
pub(crate) fn are_recorded(ids: &BTreeSet<i64>, expect: &Value) -> Option<bool> {
    if let Some(crc) = expect.get("crc") {
        let list = ids.iter().map(i64::to_string).collect::<Vec<_>>().join(",");
        let mut sum = flate2::Crc::new();
        sum.update(list.as_bytes());
        return Some(crc.as_u64() == Some(sum.sum().into()));
    }
    Some(*ids == self::ids(expect.get("matches")?.as_str().unwrap()))
}

/// What an implementation of its own answers as a version: the filter service and the list, written from the documented
/// semantics with Ruby 3.1's own methods on PostgreSQL 15, on 2026-06-15. Nothing of it is taken from the sandbox.
///
/// The requests are made at random of keys, operators and values, and chosen so that each kind comes once before any
/// comes twice. Those marked `beyond_latin_1` compare texts by letters whose order the sandbox approximates.
pub(crate) fn implementation(version: &str) -> Vec<Value> {
    lines("oracle.ndjson").into_iter().filter(|request| request["version"] == version).collect()
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
