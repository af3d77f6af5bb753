//! The laws of the semantic stages, over random queries and random conversations.
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

mod conversations;

use std::collections::BTreeSet;

use conversations::{Dice, VERSIONS, checked, meant, returned, run, sandbox, scanned, schema, version};
use cwql::check::Filter;
use cwql::check::{depends_on_version, to_text};
use cwql::eval::{Row, matches};
use cwql::payload::QueryOperator;
use cwql::plan::{Plan, plan};
use cwql::sandbox::User;
use cwql::schema::Schema;
use cwql::{Code, Query, check, parse};
use proptest::prelude::*;

/// Conversations in a data set.
const ROWS: usize = 12;
/// Queries put to one data set.
const QUERIES: usize = 8;

/// `PROPTEST_CASES` replaces the number of data sets.
fn config(cases: u32) -> ProptestConfig {
    let cases = std::env::var("PROPTEST_CASES").ok().and_then(|cases| cases.parse().ok()).unwrap_or(cases);
    ProptestConfig { cases, failure_persistence: None, max_shrink_iters: 300, ..ProptestConfig::default() }
}

fn data() -> impl Strategy<Value = conversations::Data> {
    any::<u64>().prop_map(|seed| conversations::Data::new(seed, ROWS)).no_shrink()
}

fn bytes() -> impl Strategy<Value = Vec<Vec<u8>>> {
    prop::collection::vec(prop::collection::vec(any::<u8>(), 100), QUERIES)
}

/// The texts of queries.
fn texts(bytes: &[Vec<u8>], schema: &Schema) -> Vec<String> {
    bytes.iter().map(|bytes| conversations::expression(bytes, 4, schema).text()).collect()
}

/// The plan of a filter, unless none is possible; that is so only where a response does not carry what is compared.
fn planned(filter: &Filter, text: &str, schema: &Schema) -> Option<Plan> {
    match plan(filter, text, schema) {
        Ok(plan) => Some(plan),
        Err(problems) => {
            assert!(problems.has(Code::Impossible), "{text}\n{problems}");
            assert!(conversations::may_be_impossible(filter), "{text}\n{problems}");
            None
        }
    }
}

proptest! {
    #![proptest_config(config(300))]

    #[test]
    fn a_plan_finds_exactly_the_rows_that_the_query_means(rows in data(), bytes in bytes()) {
        let schema = schema();
        let (sandbox, shown) = (sandbox(&rows, &schema), returned(&rows));
        for text in texts(&bytes, &schema) {
            let filter = checked(&text, &schema).filter;
            let Some(plan) = planned(&filter, &text, &schema) else { continue };
            let expected = meant(&filter, &rows, &schema);
            let found = run(&plan, &sandbox, &shown, &schema);
            let row = conversations::shown(&rows, &found, &expected);
            prop_assert_eq!(found, expected, "{}\n{}{}", text, plan.to_tree(&[]), row);
        }
    }
}

proptest! {
    #![proptest_config(config(40))]

    #[test]
    fn every_version_accepts_every_payload_and_finds_the_same(rows in data(), bytes in bytes(), rolling in any::<bool>()) {
        let shown = returned(&rows);
        for &number in VERSIONS {
            let schema = Schema { version: version(number), rolling, ..schema() };
            let sandbox = sandbox(&rows, &schema);
            for text in texts(&bytes, &schema) {
                let filter = match check(&parse(&text), &schema) {
                    Ok(checked) => checked.filter,
                    // `days_before` is refused where the server has it not working.
                    Err(problems) if rolling && problems.has(Code::NotInVersion) => continue,
                    Err(problems) => panic!("{text}\n{problems}"),
                };
                let Some(plan) = planned(&filter, &text, &schema) else { continue };
                let expected = meant(&filter, &rows, &schema);
                let found = run(&plan, &sandbox, &shown, &schema);
                prop_assert_eq!(found, expected, "{} {}\n{}", schema.version, text, plan.to_tree(&[]));
            }
        }
    }

    #[test]
    fn the_order_within_a_payload_changes_no_row(
        seed in any::<u64>(),
        bytes in prop::collection::vec(prop::collection::vec(any::<u8>(), 80), 40),
    ) {
        let rows = conversations::Data::of(seed, 30, conversations::FEW_TEXTS);
        for max_conditions in [4, 500] {
            let schema = Schema { max_conditions, ..schema() };
            let (sandbox, shown) = (sandbox(&rows, &schema), returned(&rows));
            for bytes in &bytes {
                let text = conversations::alternatives(bytes).text();
                let filter = checked(&text, &schema).filter;
                let Some(plan) = planned(&filter, &text, &schema) else { continue };
                let expected = meant(&filter, &rows, &schema);
                let found = run(&plan, &sandbox, &shown, &schema);
                let row = conversations::shown(&rows, &found, &expected);
                prop_assert_eq!(found, expected, "{}\n{}{}", text, plan.to_tree(&[]), row);
            }
        }
    }

    #[test]
    fn payloads_match_a_superset_and_exact_ones_nothing_more(rows in data(), bytes in bytes()) {
        let schema = schema();
        let (sandbox, shown) = (sandbox(&rows, &schema), returned(&rows));
        for text in texts(&bytes, &schema) {
            let filter = checked(&text, &schema).filter;
            let Some(plan) = planned(&filter, &text, &schema) else { continue };
            let expected = meant(&filter, &rows, &schema);
            let mut all = BTreeSet::new();
            for scan in &plan.scans {
                let (matched, kept) = scanned(scan, &sandbox, &shown, &schema);
                prop_assert!(kept.is_subset(&expected), "{}\n{}", text, plan.to_tree(&[]));
                if scan.residual.is_none() {
                    prop_assert!(matched.is_subset(&expected), "{}\n{}", text, plan.to_tree(&[]));
                }
                all.extend(matched);
            }
            prop_assert!(expected.is_subset(&all), "{}\n{}", text, plan.to_tree(&[]));
            let answer = sandbox.filter(User::Admin, plan.superset().to_body().as_bytes(), None);
            prop_assert_eq!(answer.status, 200, "{}\n{}", text, plan.superset().to_json());
            prop_assert!(expected.is_subset(&answer.matches.into_iter().collect()), "{}", text);
            prop_assert_eq!(plan.is_exact(), plan.kind() != "split");
            if plan.is_exact() {
                prop_assert_eq!(plan.scans.len(), usize::from(!plan.is_never()));
                prop_assert!(plan.scans.iter().all(|scan| scan.residual.is_none()));
                prop_assert_eq!(&all, &expected, "{}\n{}", text, plan.to_tree(&[]));
            }
            prop_assert!(!plan.is_never() || expected.is_empty(), "{}", text);
        }
    }

    /// Where no narrower warning is given, one is given of the whole, and it is right for every row.
    #[test]
    fn what_is_said_to_hold_never_or_always_does(rows in data(), bytes in bytes()) {
        let schema = schema();
        for text in texts(&bytes, &schema) {
            let Ok(query) = Query::new(&text, &schema) else { continue };
            let before = checked(&text, &schema).warnings;
            let found = meant(query.filter(), &rows, &schema);
            for (code, count) in [(Code::Contradiction, 0), (Code::Tautology, rows.len())] {
                if query.warnings().has(code) && !before.has(code) {
                    prop_assert_eq!(found.len(), count, "{}\n{}", text, query.warnings());
                }
            }
            let told = query.warnings().has(Code::Contradiction);
            prop_assert!(told || !query.plan().is_never(), "{}", text);
        }
    }

    #[test]
    fn plans_are_the_same_each_time(bytes in bytes()) {
        let schema = schema();
        for text in texts(&bytes, &schema) {
            let once = |()| Query::new(&text, &schema).map(|query| query.plan().to_json() + &query.plan().to_tree(&[]));
            prop_assert_eq!(once(()), once(()), "{}", text);
        }
    }

    #[test]
    fn small_payloads_find_the_same_rows(rows in data(), bytes in bytes()) {
        for max_conditions in [1, 2, 5, 20] {
            let schema = Schema { max_conditions, ..schema() };
            let (sandbox, shown) = (sandbox(&rows, &schema), returned(&rows));
            for text in texts(&bytes, &schema) {
                let filter = checked(&text, &schema).filter;
                let Some(plan) = planned(&filter, &text, &schema) else { continue };
                let expected = meant(&filter, &rows, &schema);
                let found = run(&plan, &sandbox, &shown, &schema);
            let row = conversations::shown(&rows, &found, &expected);
            prop_assert_eq!(found, expected, "{}\n{}{}", text, plan.to_tree(&[]), row);
                for scan in &plan.scans {
                    // One alternative cannot be cut; several can, unless the client cannot evaluate what is left out.
                    let conditions = &scan.payload.conditions;
                    let several = conditions.iter().any(|condition| condition.query_operator == Some(QueryOperator::Or));
                    prop_assert!(
                        conditions.len() <= max_conditions || !several || conversations::may_be_impossible(&filter),
                        "{} conditions, at most {}: {}\n{}", conditions.len(), max_conditions, text, plan.to_tree(&[])
                    );
                }
            }
        }
    }

    #[test]
    fn a_double_negation_plans_to_the_same(bytes in bytes()) {
        let schema = schema();
        let not = |filter: Filter| Filter::Not(Box::new(filter));
        for text in texts(&bytes, &schema) {
            let filter = checked(&text, &schema).filter;
            let (once, twice) = (planned(&filter, &text, &schema), planned(&not(not(filter)), &text, &schema));
            prop_assert_eq!(once, twice, "{}", text);
        }
    }

    #[test]
    fn de_morgan_holds(rows in data(), left in bytes(), right in bytes()) {
        let schema = schema();
        let (sandbox, shown) = (sandbox(&rows, &schema), returned(&rows));
        let not = |filter: &Filter| Filter::Not(Box::new(filter.clone()));
        for (left, right) in texts(&left, &schema).into_iter().zip(texts(&right, &schema)) {
            let (a, b) = (checked(&left, &schema).filter, checked(&right, &schema).filter);
            for (outside, inside) in [
                (not(&Filter::All(vec![a.clone(), b.clone()])), Filter::Any(vec![not(&a), not(&b)])),
                (not(&Filter::Any(vec![a.clone(), b.clone()])), Filter::All(vec![not(&a), not(&b)])),
            ] {
                let expected = meant(&outside, &rows, &schema);
                prop_assert_eq!(&meant(&inside, &rows, &schema), &expected, "{} | {}", left, right);
                let (Some(outside), Some(inside)) = (planned(&outside, "", &schema), planned(&inside, "", &schema)) else {
                    continue;
                };
                prop_assert_eq!(&outside, &inside, "{} | {}", left, right);
                prop_assert_eq!(run(&inside, &sandbox, &shown, &schema), expected, "{} | {}", left, right);
            }
        }
    }

    #[test]
    fn the_order_of_operands_changes_no_row(rows in data(), bytes in bytes()) {
        let schema = schema();
        let (sandbox, shown) = (sandbox(&rows, &schema), returned(&rows));
        for bytes in bytes {
            let ast = conversations::expression(&bytes, 4, &schema);
            let [one, other] = [ast.text(), ast.reversed().text()].map(|text| {
                let filter = checked(&text, &schema).filter;
                (meant(&filter, &rows, &schema), planned(&filter, &text, &schema), text)
            });
            prop_assert_eq!(&one.0, &other.0, "{}", one.2);
            if let (Some(a), Some(b)) = (one.1, other.1) {
                let rows = [a, b].map(|plan| run(&plan, &sandbox, &shown, &schema));
                prop_assert_eq!(&rows[0], &rows[1], "{}", one.2);
            }
        }
    }

    #[test]
    fn grouping_changes_no_row_and_saying_it_twice_neither(rows in data(), bytes in bytes()) {
        let schema = schema();
        let (sandbox, shown) = (sandbox(&rows, &schema), returned(&rows));
        for three in texts(&bytes, &schema).windows(3) {
            let parts: Vec<Filter> = three.iter().map(|text| checked(text, &schema).filter).collect();
            let [a, b, c] = [0, 1, 2].map(|i| parts[i].clone());
            let both = |join: fn(Vec<Filter>) -> Filter, x: &Filter, y: &Filter| join(vec![x.clone(), y.clone()]);
            for join in [Filter::All as fn(Vec<Filter>) -> Filter, Filter::Any] {
                let flat = join(parts.clone());
                let left = both(join, &both(join, &a, &b), &c);
                let right = both(join, &a, &both(join, &b, &c));
                let again = both(join, &flat, &flat);
                let expected = meant(&flat, &rows, &schema);
                for grouped in [flat, left, right, again] {
                    prop_assert_eq!(&meant(&grouped, &rows, &schema), &expected, "{:?}", three);
                    // Which of two conditions joins the other is a matter of their order, so the plans may differ.
                    if let Some(plan) = planned(&grouped, "", &schema) {
                        prop_assert_eq!(&run(&plan, &sandbox, &shown, &schema), &expected, "{:?}", three);
                    }
                }
            }
        }
    }

    #[test]
    fn servers_that_answer_alike_get_the_same_plan(bytes in bytes()) {
        // From each of these on, servers answer the same until the next.
        let alike = [&[(3, 8, 0), (4, 3, 0), (4, 9, 2)][..], &[(4, 10, 0), (4, 11, 1)], &[(4, 14, 2), (4, 15, 0), (4, 15, 1)]];
        for text in texts(&bytes, &schema()) {
            let filter = checked(&text, &schema()).filter;
            let plan_for = |number| planned(&filter, &text, &Schema { version: version(number), ..schema() });
            for versions in alike {
                let plans: Vec<Option<Plan>> = versions.iter().map(|number| plan_for(*number)).collect();
                prop_assert!(plans.windows(2).all(|two| two[0] == two[1]), "{}", text);
            }
            if !depends_on_version(&filter) {
                let newest = plan_for(*VERSIONS.last().unwrap());
                for number in VERSIONS {
                    prop_assert_eq!(&plan_for(*number), &newest, "{:?}: {}", number, text);
                }
            }
        }
    }

    #[test]
    fn the_text_of_a_filter_means_the_filter(rows in data(), bytes in bytes()) {
        let schema = schema();
        for text in texts(&bytes, &schema) {
            let filter = checked(&text, &schema).filter;
            let plan = planned(&filter, &text, &schema);
            let residuals = plan.into_iter().flat_map(|plan| plan.scans).filter_map(|scan| scan.residual);
            for filter in [filter.clone(), filter.negation_normal()].into_iter().chain(residuals.map(|r| r.filter)) {
                let written = to_text(&filter);
                if written.contains('#') && !parse(&written).is_valid() {
                    // Neither "everything" nor "nothing" can be written.
                    continue;
                }
                let again = checked(&written, &schema).filter;
                let (found, expected) = (meant(&again, &rows, &schema), meant(&filter, &rows, &schema));
                let row = conversations::shown(&rows, &found, &expected);
                prop_assert_eq!(found, expected, "{}\n{}\n{}", text, written, row);
                prop_assert_eq!(to_text(&again), written);
            }
        }
    }

    #[test]
    fn conditions_on_one_attribute_exclude_and_complete_each_other_only_where_rows_agree(
        rows in data(),
        pairs in prop::collection::vec(prop::collection::vec(any::<u8>(), 24), 60),
    ) {
        let schema = schema();
        let names = conversations::names(schema.version);
        for bytes in pairs {
            let mut dice = Dice::new(&bytes);
            let name = dice.pick(&names);
            let texts = [conversations::condition_on(name, &mut dice), conversations::condition_on(name, &mut dice)];
            let mut conditions = Vec::new();
            for text in &texts {
                let filter = checked(text, &schema).filter;
                conditions.extend(filter.conditions().cloned());
                filter.negation_normal().conditions().for_each(|condition| {
                    let test = condition.test.opposite();
                    conditions.push(cwql::check::Condition { test, ..condition.clone() });
                });
            }
            for row in rows.iter() {
                let row = Row::new(row, schema.now()).with_columns(&row["_columns"]);
                let holds: Vec<bool> =
                    conditions.iter().map(|condition| matches(&Filter::Condition(condition.clone()), &row)).collect();
                for (a, &a_holds) in conditions.iter().zip(&holds) {
                    prop_assert!(!a.is_tautology() || a_holds, "{:?}", a);
                    prop_assert!(!a.is_contradiction() || !a_holds, "{:?}", a);
                    for (b, &b_holds) in conditions.iter().zip(&holds) {
                        prop_assert!(!(a.excludes(b) && a_holds && b_holds), "{:?}\n{:?}\n{:?}", a, b, row);
                        prop_assert!(!a.completes(b) || a_holds || b_holds, "{:?}\n{:?}\n{:?}", a, b, row);
                    }
                }
            }
        }
    }

    #[test]
    fn conditions_on_one_attribute_are_joined_only_where_rows_agree(
        rows in data(),
        pairs in prop::collection::vec(prop::collection::vec(any::<u8>(), 40), 30),
    ) {
        let schema = schema();
        let (sandbox, shown) = (sandbox(&rows, &schema), returned(&rows));
        let names = conversations::names(schema.version);
        for bytes in pairs {
            let mut dice = Dice::new(&bytes);
            let name = dice.pick(&names);
            let [a, b, c] = [(); 3].map(|()| conversations::condition_on(name, &mut dice));
            let other = conversations::condition_on(dice.pick(&names), &mut dice);
            for text in [
                format!("{a} AND {b}"),
                format!("{a} OR {b}"),
                format!("NOT {a} AND {b}"),
                format!("{a} AND {b} AND {c}"),
                format!("{a} OR {b} OR {c}"),
                format!("({a} OR {other}) AND ({b} OR {other}) AND {c}"),
                format!("({a} AND {other} OR {b}) AND ({c} OR status = open)"),
            ] {
                let filter = checked(&text, &schema).filter;
                let Some(plan) = planned(&filter, &text, &schema) else { continue };
                let expected = meant(&filter, &rows, &schema);
                let found = run(&plan, &sandbox, &shown, &schema);
            let row = conversations::shown(&rows, &found, &expected);
            prop_assert_eq!(found, expected, "{}\n{}{}", text, plan.to_tree(&[]), row);
            }
        }
    }
}

/// Every pair of conditions with one value on one attribute, against rows that have every value.
#[test]
fn no_two_conditions_are_wrongly_said_to_exclude_or_complete_each_other() {
    let schema = schema();
    let rows = conversations::Data::new(7, 300);
    // One of each way to compare texts; their code is the same for the others.
    let whole = ["referer", "note", "contact.name", "additional.foo"];
    let (mut excluded, mut completed) = (0, 0);
    for name in conversations::names(schema.version) {
        let texts = if whole.contains(&name) { conversations::TEXTS } else { &conversations::TEXTS[..4] };
        let mut conditions = Vec::new();
        for text in conversations::conditions(name, texts) {
            checked(&text, &schema).filter.conditions().for_each(|condition| {
                let filter = Filter::Condition(condition.clone());
                let holds: Vec<bool> = rows
                    .iter()
                    .map(|row| matches(&filter, &Row::new(row, schema.now()).with_columns(&row["_columns"])))
                    .collect();
                assert!(!condition.is_tautology() || holds.iter().all(|&holds| holds), "{text}");
                assert!(!condition.is_contradiction() || !holds.contains(&true), "{text}");
                conditions.push((text.clone(), condition.clone(), holds));
            });
        }
        for (a, first, a_holds) in &conditions {
            for (b, second, b_holds) in &conditions {
                if first.excludes(second) {
                    excluded += 1;
                    assert!(!a_holds.iter().zip(b_holds).any(|(&a, &b)| a && b), "{a} does not exclude {b}");
                }
                if first.completes(second) {
                    completed += 1;
                    assert!(a_holds.iter().zip(b_holds).all(|(&a, &b)| a || b), "{a} does not complete {b}");
                }
            }
        }
    }
    assert!(excluded > 10_000 && completed > 1_000, "{excluded} {completed}");
}

/// What simplification joins and drops, on the texts whose case is not one to one.
#[test]
fn any_two_conditions_on_texts_plan_to_what_they_mean() {
    let schema = schema();
    let rows = conversations::Data::new(11, 40);
    let (sandbox, shown) = (sandbox(&rows, &schema), returned(&rows));
    let texts = ["İ", "i\u{307}", "i", "Σ", "ς", "ΑΣ", "ας", "ασ"];
    for name in ["note", "contact.name", "referer"] {
        let conditions = conversations::conditions(name, &texts);
        for a in &conditions {
            for b in &conditions {
                for text in [format!("{a} AND {b}"), format!("{a} OR {b}")] {
                    let query = Query::new(&text, &schema).unwrap();
                    let found = run(query.plan(), &sandbox, &shown, &schema);
                    assert_eq!(found, meant(query.filter(), &rows, &schema), "{text}");
                }
            }
        }
    }
}
