//! Warnings: contradictions, tautologies, duplicates, and missing values that are silently left out.

use std::slice;

use smol_str::SmolStr;

use super::filter::{Condition, Filter, Test, Values};
use super::print::to_text;
use crate::diagnostic::{Diagnostic, catalogue};
use crate::schema::{Attribute, OperatorGroup, Standard};
use crate::syntax::{Expr, Operator, parse, write_name, write_value};

/// How many neighbours a condition is compared with; more would make long queries quadratic.
const WINDOW: usize = 32;

/// Puts the warnings of a filter in negation normal form into `found`. `source` is the text of the query, empty if it has
/// none.
pub(crate) fn lint(filter: &Filter, source: &str, found: &mut Vec<Diagnostic>) {
    visit(filter, &[], source, found);
}

/// `around` are the conditions of the disjunction that this stands in.
fn visit<'a>(filter: &'a Filter, around: &[&'a Condition], source: &str, found: &mut Vec<Diagnostic>) {
    match filter {
        Filter::Condition(condition) => single(condition, around, source, found),
        Filter::All(parts) => {
            pairs(parts, true, found);
            let siblings = conditions(parts);
            for part in parts {
                match part {
                    // `x != a AND x IS PRESENT` says what it leaves out.
                    Filter::Condition(condition)
                        if siblings
                            .iter()
                            .any(|other| other.attribute == condition.attribute && other.test == Test::Present) => {}
                    Filter::Condition(condition) => single(condition, around, source, found),
                    _ => visit(part, &[], source, found),
                }
            }
        }
        Filter::Any(parts) => {
            pairs(parts, false, found);
            let siblings = conditions(parts);
            for part in parts {
                visit(part, &siblings, source, found);
            }
        }
        // Negation normal form has none.
        Filter::Not(inner) => visit(inner, &[], source, found),
    }
}

fn conditions(parts: &[Filter]) -> Vec<&Condition> {
    parts
        .iter()
        .take(WINDOW)
        .filter_map(|part| match part {
            Filter::Condition(condition) => Some(condition),
            _ => None,
        })
        .collect()
}

/// Compares the conditions of a chain with each other.
fn pairs(parts: &[Filter], all: bool, found: &mut Vec<Diagnostic>) {
    for (i, part) in parts.iter().enumerate() {
        let Filter::Condition(second) = part else { continue };
        let earlier = parts.get(i.saturating_sub(WINDOW)..i).unwrap_or_default();
        for part in earlier {
            let Filter::Condition(first) = part else { continue };
            // The two halves of one BETWEEN are one place.
            let (a, b) = (first.span, second.span);
            if first.attribute != second.attribute {
                continue;
            }
            if first.test == second.test {
                found.push(catalogue::duplicate(a, b));
            } else if all && first.excludes(second) {
                found.push(if a == b { catalogue::never_holds(b) } else { catalogue::contradiction(a, b) });
            } else if !all && first.completes(second) {
                found.push(if a == b { catalogue::always_holds(b) } else { catalogue::tautology(a, b) });
            } else {
                continue;
            }
            break;
        }
    }
}

fn single(condition: &Condition, around: &[&Condition], source: &str, found: &mut Vec<Diagnostic>) {
    found.extend(wildcard(condition, source));
    if condition.test == Test::Missing && !condition.attribute.nullable() {
        found.push(catalogue::never_missing(condition.span, &condition.attribute.to_string()));
    } else if condition.is_contradiction() {
        found.push(catalogue::never_holds(condition.span));
    } else if condition.is_tautology() {
        found.push(catalogue::always_holds(condition.span));
    } else if drops_missing(condition)
        && !around.iter().any(|other| other.attribute == condition.attribute && other.matches_missing())
    {
        let help = match with_missing(condition, source) {
            (text, false) => format!("with them it is `{text}`"),
            (text, true) => format!("with them, under the NOT, it is `{text}`"),
        };
        found.push(catalogue::null_dropped(condition.span, &condition.attribute.to_string(), help));
    }
}

/// A text without what stands at its ends for any text, or for an end, in a shell, in SQL or in a regular expression: what
/// of that comes first, and whether the pattern is one of beginnings. Where the text is `searched`, each percent sign is told
/// of already; a path has slashes.
fn without_wildcards(text: &str, searched: bool, is_path: bool) -> Option<(&str, &'static str, bool)> {
    const SIGNS: &[&str] = &[".*", "*", "%"];
    let is_word = |c: char| c.is_alphanumeric();
    // `/refund/i`
    let between = text.strip_prefix('/').and_then(|text| text.trim_end_matches(['i', 'g', 'm']).strip_suffix('/'));
    if let Some(inner) = between.filter(|inner| !is_path && inner.contains(is_word) && !inner.contains('/')) {
        return Some((inner, "/", false));
    }
    let signs = || SIGNS.iter().copied().filter(|sign| *sign != "%" || !searched);
    let led = text.strip_prefix('^').filter(|text| text.starts_with(|c: char| is_word(c) || c == '.'));
    let mut inner = led.unwrap_or(text);
    let begun = signs().find(|sign| inner.starts_with(sign));
    let is_digit = |c: char| c.is_ascii_digit();
    // `100$`, `US$` and `100%` are amounts.
    let ends = inner.strip_suffix('$').filter(|inner| inner.ends_with(char::is_lowercase));
    inner = ends.unwrap_or(inner);
    let ended = signs()
        .find(|sign| inner.ends_with(sign) && (*sign != "%" || !inner.trim_end_matches('%').ends_with(is_digit)));
    let sign = led.map(|_| "^").or(begun).or(ended).or(ends.map(|_| "$"))?;
    while let Some(shorter) = signs().find_map(|sign| inner.strip_prefix(sign).or_else(|| inner.strip_suffix(sign))) {
        inner = shorter;
    }
    let prefix = led.is_some() || !searched && begun.is_none() && ends.is_none();
    // `**important**` and `* item` are marks of a text.
    let is_marked = text.contains("**") || inner.starts_with(' ');
    (!inner.is_empty() && !is_marked).then_some((inner, sign, prefix && begun.is_none()))
}

/// What is told of a star or a percent sign at an end of a text: elsewhere it stands for any text, here for itself.
fn wildcard(condition: &Condition, source: &str) -> Option<Diagnostic> {
    let (texts, negative): (&[SmolStr], _) = match &condition.test {
        Test::AnyOf(Values::Texts(texts)) => (texts, false),
        Test::NoneOf(Values::Texts(texts)) => (texts, true),
        Test::StartsWith(text) | Test::Contains(text) => (slice::from_ref(text), false),
        Test::NotStartsWith(text) | Test::NotContains(text) => (slice::from_ref(text), true),
        _ => return None,
    };
    // Each percent sign in what the server searches is told of already.
    let contains = matches!(condition.test, Test::Contains(_) | Test::NotContains(_));
    let is_path = condition.attribute == Attribute::Standard(Standard::Referer);
    let (inner, sign, prefix) = texts.iter().find_map(|text| without_wildcards(text, contains, is_path))?;
    let (group, operator) = match prefix && condition.attribute.allows(OperatorGroup::Prefix) {
        true => (OperatorGroup::Prefix, Operator::StartsWith),
        false => (OperatorGroup::Containment, Operator::Contains),
    };
    if !condition.attribute.allows(group) {
        return None;
    }
    let not = if written_negative(condition, source).unwrap_or(negative) { "NOT " } else { "" };
    let name = write_name(&condition.attribute.to_string());
    // A list has more values than this one.
    let meant = if texts.len() == 1 {
        format!("{name} {not}{} {}", operator.as_str(), write_value(inner))
    } else {
        operator.as_str().to_owned()
    };
    Some(catalogue::wildcard_at_end(condition.span, sign, &meant))
}

/// What stands in the place of a negative condition that takes in what it leaves out, in the words of the query's text
/// where they can be taken; and whether that place is under a NOT, where the opposite stands.
fn with_missing(condition: &Condition, source: &str) -> (String, bool) {
    /// A longer condition is not written out.
    const LONGEST: usize = 60;
    let own = condition.span.of(source);
    let under_not = written_negative(condition, source) == Some(false);
    let text = if !own.is_empty() && !own.contains(['\n', '#']) {
        own.to_owned()
    } else {
        let test = if under_not { condition.test.opposite() } else { condition.test.clone() };
        to_text(&Filter::Condition(Condition { test, ..condition.clone() }))
    };
    let text = if text.len() > LONGEST { "…" } else { &text };
    let name = write_name(&condition.attribute.to_string());
    let text =
        if under_not { format!("({text} AND {name} IS PRESENT)") } else { format!("({text} OR {name} IS MISSING)") };
    (text, under_not)
}

/// Whether the text says a condition by a negative operator; under a NOT that is the opposite of what it means.
fn written_negative(condition: &Condition, source: &str) -> Option<bool> {
    match parse(condition.span.of(source)).tree() {
        Some(Expr::Condition(condition)) => Some(super::group_of(condition.operator).1),
        _ => None,
    }
}

/// Whether the condition is a negative one that leaves out conversations without the value.
fn drops_missing(condition: &Condition) -> bool {
    let negative = match condition.test {
        Test::NoneOf(_) => !Condition::unequal_matches_missing(&condition.attribute),
        Test::NotContains(_) | Test::NotStartsWith(_) => {
            condition.attribute != Attribute::Standard(Standard::DisplayId)
        }
        _ => false,
    };
    negative && condition.attribute.nullable()
}
