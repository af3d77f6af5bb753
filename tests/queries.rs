//! Every recorded query means what it should: by the reference evaluator, and by its plan against the sandbox.
#![cfg(feature = "sandbox")]
#![cfg_attr(
    test,
    allow(
        clippy::unwrap_used,
        clippy::expect_used,
        clippy::panic,
        clippy::indexing_slicing,
        clippy::string_slice,
        reason = "tests may fail"
    )
)]

mod support;

use std::collections::BTreeSet;

use cwql::eval::{Row, matches};
use cwql::plan::{Plan, Scan};
use cwql::sandbox::{Sandbox, User};
use cwql::schema::{Schema, ServerVersion};
use cwql::{Query, check, parse};
use serde_json::Value;

#[test]
fn the_reference_evaluator_finds_what_each_query_means() {
    let (schema, rows) = (support::schema(), support::lines("dataset.ndjson"));
    let now = schema.now();
    let (mut compared, mut wrong) = (0, Vec::new());
    for line in support::lines("queries.ndjson") {
        let text = line["query"].as_str().unwrap();
        let checked = match check(&parse(text), &schema) {
            Ok(checked) => checked,
            Err(problems) => {
                wrong.push(format!("{text}\n{problems}"));
                continue;
            }
        };
        let found: BTreeSet<i64> = rows
            .iter()
            .filter(|row| matches(&checked.filter, &Row::new(row, now).with_columns(&row["_columns"])))
            .map(|row| row["id"].as_i64().unwrap())
            .collect();
        compared += 1;
        if found != support::ids(line["matches"].as_str().unwrap()) {
            wrong.push(format!("{text}: found {}, expected {}", found.len(), line["count"]));
        }
    }
    assert!(wrong.is_empty(), "{} wrong:\n{}", wrong.len(), wrong.join("\n"));
    assert_eq!(compared, 1600);
}

/// Runs a plan against the sandbox as the client does, without HTTP.
fn run(
    plan: &Plan,
    sandbox: &Sandbox,
    rows: &std::collections::BTreeMap<i64, Value>,
    schema: &Schema,
) -> Result<(BTreeSet<i64>, usize), String> {
    let now = schema.now();
    let mut found = BTreeSet::new();
    let mut read = 0;
    for Scan { payload, residual, .. } in &plan.scans {
        let answer = sandbox.filter(User::Admin, payload.to_body().as_bytes(), None);
        if answer.status != 200 {
            return Err(format!("{} {}: {}", answer.status, answer.body, payload.to_json()));
        }
        read += answer.matches.len().div_ceil(25).max(1);
        let kept = answer
            .matches
            .iter()
            .filter(|id| residual.as_ref().is_none_or(|residual| matches(&residual.filter, &Row::new(&rows[id], now))));
        found.extend(kept.copied());
    }
    Ok((found, read))
}

#[test]
fn each_plan_returns_exactly_what_its_query_means() {
    let schema = support::schema();
    let sandbox = support::sandbox(ServerVersion::LATEST);
    let mut rows = std::collections::BTreeMap::new();
    for mut row in support::lines("dataset.ndjson") {
        row.as_object_mut().unwrap().remove("_columns");
        rows.insert(row["id"].as_i64().unwrap(), row);
    }
    let (mut compared, mut wrong) = (0, Vec::new());
    let mut custom = (0, 0);
    let mut ratios: std::collections::BTreeMap<String, Vec<f64>> = std::collections::BTreeMap::new();
    for line in support::lines("queries.ndjson") {
        let (text, category) = (line["query"].as_str().unwrap(), line["category"].as_str().unwrap());
        let query = match Query::new(text, &schema) {
            Ok(query) => query,
            Err(problems) => {
                wrong.push(format!("{text}\n{problems}"));
                continue;
            }
        };
        let plan = query.plan();
        let expected = support::ids(line["matches"].as_str().unwrap());
        compared += 1;
        if line["exact"] == true && !plan.is_exact() {
            wrong.push(format!("not exact: {text}\n{}", plan.to_tree(&[])));
        }
        if category == "mixed/custom" {
            custom.0 += 1;
            custom.1 += usize::from(plan.scans.iter().all(|scan| scan.residual.is_none()));
            if std::env::var("SHOW").is_ok() && plan.scans.iter().any(|scan| scan.residual.is_some()) {
                println!("{text}\n{}", plan.to_tree(&[]));
            }
        }
        match run(plan, &sandbox, &rows, &schema) {
            Err(error) => wrong.push(format!("{text}: {error}")),
            Ok((found, _)) if found != expected => {
                wrong.push(format!(
                    "{text}: found {}, expected {}\n{}",
                    found.len(),
                    expected.len(),
                    plan.to_tree(&[])
                ));
            }
            Ok((_, read)) => ratios
                .entry(category.to_owned())
                .or_default()
                .push(read as f64 / expected.len().div_ceil(25).max(1) as f64),
        }
    }
    for (category, list) in &mut ratios {
        list.sort_by(f64::total_cmp);
        println!(
            "{category}: {} queries, median pages ratio {:.2}, worst {:.1}",
            list.len(),
            list[list.len() / 2],
            list[list.len() - 1]
        );
    }
    println!("mixed/custom without residual: {} of {}", custom.1, custom.0);
    assert!(wrong.is_empty(), "{} wrong:\n{}", wrong.len(), wrong[..wrong.len().min(20)].join("\n"));
    assert_eq!(compared, 1600);
}
