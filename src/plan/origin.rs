//! From a payload back to the query: which condition of the text asked for each condition that was sent.
//!
//! A payload does not carry this, for it is made for every run and asked for only when a server refuses it.

use std::collections::HashMap;

use super::pushdown::{Literal, Nature, Pushdown, Wire};
use crate::check::{Condition, Filter};
use crate::payload::{self, Payload};
use crate::schema::Schema;

/// How well a way to send a condition fits one that was sent.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Fit {
    /// The attribute is the same.
    Key,
    /// The operator is the same too.
    Operator,
    /// Some of the values are the same too: conditions on one attribute are merged and split.
    Values,
    /// All of it is the same.
    Whole,
}

/// For each condition of a payload the condition of the filter that it comes from, in negation normal form; its span
/// is the place in the query's text. `None` where the payload was not made of this filter.
///
/// ```
/// use cwql::{Query, Schema, plan};
///
/// let (text, schema) = ("status = open AND NOT label = vip", Schema::default());
/// let query = Query::new(text, &schema)?;
/// let origins = plan::origins(query.filter(), &schema, &query.plan().scans[0].payload);
/// let places: Vec<&str> = origins.iter().flatten().map(|condition| condition.span.of(text)).collect();
/// assert_eq!(places, ["status = open", "label = vip"]);
/// # Ok::<(), cwql::Diagnostics>(())
/// ```
#[must_use]
pub fn origins(filter: &Filter, schema: &Schema, payload: &Payload) -> Vec<Option<Condition>> {
    let normal = filter.negation_normal();
    let conditions: Vec<&Condition> = normal.conditions().collect();
    let mut sent: HashMap<String, Vec<(Literal, usize)>> = HashMap::new();
    for (i, condition) in conditions.iter().enumerate() {
        each_literal(Pushdown::of(condition, schema).wire, &mut |literal| {
            sent.entry(literal.key.to_string()).or_default().push((literal, i));
        });
    }
    let origin = |wanted: &payload::Condition| {
        let candidates = sent.get(&*wanted.attribute_key)?;
        let mut best: Option<(Fit, usize)> = None;
        for (literal, i) in candidates {
            let fit = fit(literal, wanted);
            // Of equal ones the first in the text.
            if best.is_none_or(|(other, at)| (fit, std::cmp::Reverse(*i)) > (other, std::cmp::Reverse(at))) {
                best = Some((fit, *i));
            }
        }
        best.and_then(|(_, i)| conditions.get(i)).map(|&condition| condition.clone())
    };
    payload.conditions.iter().map(origin).collect()
}

fn each_literal(wire: Wire, found: &mut dyn FnMut(Literal)) {
    let literals: Vec<Literal> = match wire {
        Wire::One(literal) => vec![literal],
        Wire::Any(ways) => ways.into_iter().flatten().collect(),
    };
    for literal in literals {
        if let Nature::CustomUnequal(alternatives) = &literal.nature {
            alternatives.iter().flatten().cloned().for_each(&mut *found);
        }
        found(literal);
    }
}

fn fit(literal: &Literal, wanted: &payload::Condition) -> Fit {
    if literal.operator != wanted.filter_operator {
        return Fit::Key;
    }
    if literal.values == wanted.values {
        return Fit::Whole;
    }
    if literal.values.iter().any(|value| wanted.values.contains(value)) { Fit::Values } else { Fit::Operator }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Query;

    /// The places in the text, scan by scan.
    fn places(text: &str) -> Vec<Vec<&str>> {
        let schema = Schema { now: "2026-06-15T12:00:00Z".parse().ok(), ..Schema::default() };
        let query = Query::new(text, &schema).unwrap();
        let scans = query.plan().scans.iter();
        let of_scan = |payload| origins(query.filter(), &schema, payload);
        scans.map(|scan| of_scan(&scan.payload).iter().flatten().map(|c| c.span.of(text)).collect()).collect()
    }

    #[test]
    fn each_sent_condition_has_its_place() {
        let cases: &[(&str, &[&str])] = &[
            ("created_at = today AND status = open", &["created_at = today", "created_at = today", "status = open"]),
            ("id = 4 OR id = 7", &["id = 4"]),
            ("custom.a = x AND custom.b = y", &["custom.a = x", "custom.b = y"]),
            ("custom.n > 5 AND custom.n < 9", &["custom.n > 5", "custom.n < 9"]),
            ("NOT (status = open OR priority = low)", &["status = open", "priority = low"]),
            ("unread_count > 0 AND label = vip", &["label = vip"]),
            // The wider one is sent, wherever it stands.
            ("custom.n > 6 OR custom.n > 5", &["custom.n > 5"]),
            ("custom.n > 5 OR custom.n > 6", &["custom.n > 5"]),
            ("custom.n > 5 OR custom.n < 5", &["custom.n > 5", "custom.n < 5"]),
            ("referer ~ x OR referer !~ y OR id = 5", &["referer ~ x", "referer !~ y", "id = 5"]),
        ];
        for (text, expected) in cases {
            let mut found = places(text);
            assert_eq!(found.len(), 1, "{text}");
            let mut found = found.remove(0);
            let mut expected = expected.to_vec();
            if !text.contains("AND") {
                assert_eq!(found, expected, "{text}");
            }
            // The order within a payload is the planner's business.
            found.sort_unstable();
            expected.sort_unstable();
            assert_eq!(found, expected, "{text}");
        }
    }

    #[test]
    fn every_condition_of_every_scan_has_a_place() {
        for text in [
            "custom.tier != Gold AND status = open OR custom.seats != 5",
            "(custom.a = x OR label = VIP) AND (custom.b IN (1, 2) OR browser_language != EN)",
            "custom.due BETWEEN 2026-01-01 AND 2026-02-01 AND NOT custom.vip = true",
            "priority IS PRESENT AND mail_subject NOT CONTAINS \" x \"",
        ] {
            let schema = Schema::default();
            let query = Query::new(text, &schema).unwrap();
            for scan in &query.plan().scans {
                let found = origins(query.filter(), &schema, &scan.payload);
                assert_eq!(found.len(), scan.payload.conditions.len());
                assert!(found.iter().all(Option::is_some), "{text}: {}", scan.payload.to_json());
            }
        }
    }

    #[test]
    fn a_payload_of_another_query_has_no_place() {
        let schema = Schema::default();
        let payload = crate::compile("status = open", &schema).unwrap();
        let query = Query::new("label = vip", &schema).unwrap();
        assert_eq!(origins(query.filter(), &schema, &payload), [None]);
    }
}
