//! Plans as people and programs read them.

use std::fmt::Write as _;

use serde::{Serialize, Serializer};

use super::{Plan, Residual};
use crate::check::to_text;
use crate::payload::{Payload, QueryOperator, Value};
use crate::source::wrapped;

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

impl Serialize for Plan {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let scan = |payload, residual: Option<&Residual>| JsonScan {
            payload,
            residual: residual.map(|residual| to_text(&residual.filter)),
        };
        let scans = match self.is_never() {
            true => vec![scan(self.superset(), None)],
            false => self.scans.iter().map(|each| scan(&each.payload, each.residual.as_ref())).collect(),
        };
        JsonPlan { plan: self.kind(), scans }.serialize(serializer)
    }
}

impl Plan {
    /// `"exact"` if one payload says it all, be it that no conversation matches; `"split"` if the client finishes what the
    /// server cannot say.
    #[must_use]
    pub fn kind(&self) -> &'static str {
        if self.is_exact() { "exact" } else { "split" }
    }

    /// `{"plan": "exact" or "split", "scans": [{"payload": […], "residual": null or text}]}`. A plan that never matches has
    /// the payload that says so, which a run does not send.
    #[must_use]
    pub fn to_json(&self) -> String {
        serde_json::to_string(self).unwrap_or_default()
    }

    /// The plan as a tree. `pages` is how many pages each scan will read, where that is known.
    #[must_use]
    pub fn to_tree(&self, pages: &[Option<u64>]) -> String {
        self.to_tree_within(pages, usize::MAX)
    }

    /// As [`Plan::to_tree`], lines of more than `width` columns broken between words.
    #[must_use]
    pub(crate) fn to_tree_within(&self, pages: &[Option<u64>], width: usize) -> String {
        let mut out = String::new();
        let mut line = |first: &str, rest: &str, text: &str| {
            for (i, part) in
                wrapped(text, width.saturating_sub(first.chars().count().max(rest.chars().count()))).enumerate()
            {
                let _ = writeln!(out, "{}{part}", if i == 0 { first } else { rest });
            }
        };
        match (self.is_never(), self.scans.len(), self.is_exact()) {
            (true, ..) => line("", "", "plan: exact, no conversation can match, so no request is sent"),
            (_, _, true) => line("", "", "plan: exact, one payload says it all"),
            (_, 1, _) => line("", "", "plan: split, the client finishes what the server cannot say"),
            (_, count, _) => line("", "", &format!("plan: split, {count} scans, merged by id")),
        }
        for (i, scan) in self.scans.iter().enumerate() {
            let last = i + 1 == self.scans.len();
            let (branch, trunk) = if last { ("└─", "  ") } else { ("├─", "│ ") };
            let read = match pages.get(i).copied().flatten() {
                Some(1) => ", 1 page".to_owned(),
                Some(pages) => format!(", {pages} pages"),
                None => String::new(),
            };
            line(&format!("{branch} "), &format!("{trunk} "), &format!("scan {}{read}", i + 1));
            let more = if scan.residual.is_some() { ("├─", "│ ") } else { ("└─", "  ") };
            line(&format!("{trunk} {} ", more.0), &format!("{trunk} {} ", more.1), "the server is asked");
            for text in payload_lines(&scan.payload) {
                // What continues stands further right than what begins.
                line(&format!("{trunk} {}    ", more.1), &format!("{trunk} {}      ", more.1), &text);
            }
            if let Some(residual) = &scan.residual {
                line(&format!("{trunk} └─ "), &format!("{trunk}    "), "the client keeps");
                let mut below = |indent: usize, text: &str| {
                    let lead = |more: usize| format!("{trunk}{}", " ".repeat(indent + more));
                    line(&lead(0), &lead(2), text);
                };
                below(7, &to_text(&residual.filter));
                for (part, reason) in &residual.reasons {
                    below(7, &format!("because {}:", reason.as_str()));
                    below(10, part);
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

#[cfg(test)]
mod tests {
    use crate::{Query, Schema};

    #[test]
    fn a_payload_is_shown_condition_by_condition() {
        let query = Query::new("assignee IS MISSING AND label = vip OR id IN (1, 2)", &Schema::default()).unwrap();
        let tree = query.plan().to_tree(&[]);
        let lines: Vec<&str> = tree.lines().map(str::trim).collect();
        assert!(lines.contains(&r#"assignee_id is_not_present and labels equal_to ["vip"]"#), "{tree}");
        assert!(lines.contains(&"or display_id equal_to [1, 2]"), "{tree}");
        let json: serde_json::Value = serde_json::from_str(&query.plan().to_json()).unwrap();
        assert_eq!(json["plan"], "exact");
        let payload: serde_json::Value = serde_json::from_str(&query.payload().unwrap().to_json()).unwrap();
        assert_eq!(json["scans"][0]["payload"], payload);
        assert!(json["scans"][0]["residual"].is_null());
    }

    #[test]
    fn lines_break_between_words_and_keep_every_word() {
        let text = "status = open AND custom.tier != Gold AND unread_count > 0 AND (label = vip OR label IN (a, b, c) AND priority = high)";
        let plan = Query::new(text, &Schema::default()).unwrap().plan().clone();
        let whole = plan.to_tree(&[Some(3)]);
        for width in [40, 60, 80] {
            let broken = plan.to_tree_within(&[Some(3)], width);
            assert!(broken.lines().all(|line| line.chars().count() <= width), "{broken}");
            let words = |text: &str| text.split([' ', '\n', '│']).filter(|word| !word.is_empty()).collect::<String>();
            assert_eq!(words(&broken), words(&whole));
        }
        assert_eq!(plan.to_tree_within(&[Some(3)], 1000), whole);
        // A screen too narrow for words is the terminal's business.
        assert_eq!(plan.to_tree_within(&[Some(3)], 12), whole);
    }
}
