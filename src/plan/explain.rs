//! Plans as people and programs read them.

use std::fmt::Write as _;

use serde::Serialize;

use super::Plan;
use crate::check::to_text;
use crate::payload::{Payload, QueryOperator, Value};

#[derive(Serialize)]
struct JsonPlan<'a> {
    plan: &'static str,
    scans: Vec<JsonScan<'a>>,
}

#[derive(Serialize)]
struct JsonScan<'a> {
    payload: &'a Payload,
    residual: Option<String>,
}

impl Plan {
    /// `"exact"` or `"split"`.
    #[must_use]
    pub fn kind(&self) -> &'static str {
        if self.is_exact() { "exact" } else { "split" }
    }

    /// `{"plan": "exact" or "split", "scans": [{"payload": […], "residual": null or text}]}`
    #[must_use]
    pub fn to_json(&self) -> String {
        let scans = self.scans.iter().map(|scan| JsonScan {
            payload: &scan.payload,
            residual: scan.residual.as_ref().map(|residual| to_text(&residual.filter)),
        });
        serde_json::to_string(&JsonPlan { plan: self.kind(), scans: scans.collect() }).unwrap_or_default()
    }

    /// The plan as a tree. `pages` is how many pages each scan will read, where that is known.
    #[must_use]
    pub fn to_tree(&self, pages: &[Option<u64>]) -> String {
        let mut out = String::new();
        let _ = match (self.never, self.scans.len(), self.is_exact()) {
            (true, ..) => writeln!(out, "plan: nothing to ask, the query matches no conversation"),
            (_, _, true) => writeln!(out, "plan: exact, one payload says it all"),
            (_, 1, _) => writeln!(out, "plan: split, the client finishes what the server cannot say"),
            (_, count, _) => writeln!(out, "plan: split, {count} scans, merged by id"),
        };
        for (i, scan) in self.scans.iter().enumerate() {
            let last = i + 1 == self.scans.len();
            let (branch, trunk) = if last { ("└─", "  ") } else { ("├─", "│ ") };
            let read = match pages.get(i).copied().flatten() {
                Some(1) => ", 1 page".to_owned(),
                Some(pages) => format!(", {pages} pages"),
                None => String::new(),
            };
            let _ = writeln!(out, "{branch} scan {}{read}", i + 1);
            let more = if scan.residual.is_some() { ("├─", "│ ") } else { ("└─", "  ") };
            let _ = writeln!(out, "{trunk} {} the server is asked", more.0);
            for line in payload_lines(&scan.payload) {
                let _ = writeln!(out, "{trunk} {}    {line}", more.1);
            }
            if let Some(residual) = &scan.residual {
                let _ = writeln!(out, "{trunk} └─ the client keeps");
                let _ = writeln!(out, "{trunk}       {}", to_text(&residual.filter));
                for (part, reason) in &residual.reasons {
                    let _ = writeln!(out, "{trunk}       because of {part}: {}", reason.as_str());
                }
            }
        }
        out
    }
}

/// A payload as the server reads it: each alternative on a line.
fn payload_lines(payload: &Payload) -> Vec<String> {
    if payload.conditions.is_empty() {
        return vec!["for every conversation".to_owned()];
    }
    let mut lines = vec![String::new()];
    let mut before = None;
    for condition in &payload.conditions {
        match before {
            Some(QueryOperator::Or) => lines.push("or ".to_owned()),
            Some(QueryOperator::And) => {
                if let Some(line) = lines.last_mut() {
                    line.push_str(" and ");
                }
            }
            None => {}
        }
        if let Some(line) = lines.last_mut() {
            let _ = write!(line, "{} {}", condition.attribute_key, condition.filter_operator.as_str());
            let values: Vec<String> = condition.values.iter().map(shown).collect();
            if !values.is_empty() {
                let _ = write!(line, " [{}]", values.join(", "));
            }
        }
        before = condition.query_operator;
    }
    lines
}

fn shown(value: &Value) -> String {
    match value {
        Value::Text(text) => format!("{text:?}"),
        other => serde_json::to_string(other).unwrap_or_default(),
    }
}
