//! Warnings: contradictions, tautologies, duplicates, and missing values that are silently left out.

use super::filter::{Condition, Filter, Test, Values};
use super::print::to_text;
use crate::diagnostic::{Diagnostic, catalogue};
use crate::schema::{Attribute, Local, Standard};
use crate::source::Span;
use crate::syntax::{self, Expr, Operand, Operator, parse};

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
            pairs(parts, true, source, found);
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
            pairs(parts, false, source, found);
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
fn pairs(parts: &[Filter], all: bool, source: &str, found: &mut Vec<Diagnostic>) {
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
                found.push(if a == b {
                    turned(catalogue::never_holds(b), source)
                } else {
                    catalogue::contradiction(a, b)
                });
            } else if !all && first.completes(second) {
                found.push(if a == b {
                    turned(catalogue::always_holds(b), source)
                } else {
                    catalogue::tautology(a, b)
                });
            } else if !all && a != b && first.completes_values(second) {
                found.push(catalogue::tautology_of_values(a, b, &first.attribute.to_string()));
            } else {
                continue;
            }
            break;
        }
    }
}

/// Has what is told of a BETWEEN offer it with the other value first.
fn turned(told: Diagnostic, source: &str) -> Diagnostic {
    let place = told.span();
    let own = place.of(source);
    let parsed = parse(own);
    let Some(Expr::Condition(condition)) = parsed.tree() else { return told };
    let Operand::Range(low, high) = &condition.operand else { return told };
    let parts = (own.get(..low.span.start as usize), own.get(low.span.end as usize..high.span.start as usize));
    let (Some(before), Some(between)) = parts else { return told };
    let turned = format!("{before}{}{between}{}", high.span.of(own), low.span.of(own));
    catalogue::smaller_first(told, place, turned)
}

fn single(condition: &Condition, around: &[&Condition], source: &str, found: &mut Vec<Diagnostic>) {
    if condition.test == Test::Missing && !condition.attribute.nullable() {
        found.push(catalogue::never_missing(condition.span, &condition.attribute.to_string()));
    } else if condition.is_contradiction() {
        found.push(catalogue::never_holds(condition.span));
    } else if condition.is_tautology() {
        found.push(catalogue::always_holds(condition.span));
    } else if drops_missing(condition)
        && !around.iter().any(|other| other.attribute == condition.attribute && other.matches_missing())
    {
        found.push(dropped(condition, source));
    }
}

/// What is told of a negative condition that leaves out what has no value. In the place that is underlined the help takes it in,
/// in the words of the query's text where they can be taken.
fn dropped(condition: &Condition, source: &str) -> Diagnostic {
    let own = condition.span.of(source);
    let parsed = parse(own);
    let written = match parsed.tree() {
        Some(Expr::Condition(written)) => Some(written),
        _ => None,
    };
    let negated = written.filter(|written| !super::group_of(written.operator).1);
    let place = negated.and_then(|_| with_not(condition.span, source));
    let words = written.filter(|_| !own.contains(['\n', '#']));
    let text = match (words, place) {
        (Some(words), Some(_)) => opposite(words, own),
        (Some(_), None) => own.to_owned(),
        (None, _) => {
            let is_other = negated.is_some() && place.is_none();
            let test = if is_other { condition.test.opposite() } else { condition.test.clone() };
            to_text(&Filter::Condition(Condition { test, ..condition.clone() }))
        }
    };
    let attribute = condition.attribute.to_string();
    let missing = negated.is_none() || place.is_some();
    catalogue::null_dropped(place.unwrap_or(condition.span), &attribute, &text, missing)
}

/// A condition in its own words with the opposite operator: there is NOT before each but `=`.
fn opposite(condition: &syntax::Condition, own: &str) -> String {
    let Span { start, end } = condition.operator_span;
    let (before, behind) = (own.get(..start as usize).unwrap_or_default(), own.get(end as usize..).unwrap_or_default());
    match condition.operator {
        Operator::Equal => format!("{before}!={behind}"),
        other => format!("{before}NOT {}{behind}", other.as_str()),
    }
}

/// The place of a condition and the NOT that stands right before it, in parentheses of its own or not.
fn with_not(condition: Span, source: &str) -> Option<Span> {
    let (mut before, mut behind) = (source.get(..condition.start as usize)?, source.get(condition.end as usize..)?);
    // A comment ends with its line.
    let blank = |c: char| c == ' ' || c == '\t';
    while let Some(outer) = before.trim_end_matches(blank).strip_suffix('(') {
        (before, behind) = (outer, behind.trim_start_matches(blank).strip_prefix(')')?);
    }
    let before = before.trim_end_matches(blank);
    let keyword = before.len().saturating_sub("not".len());
    let is_glued = |before: &str| before.ends_with(|c: char| !(c.is_whitespace() || c == '('));
    let start = match before.strip_suffix('!') {
        Some(before) => before.len(),
        None if before.get(keyword..)?.eq_ignore_ascii_case("not") && !is_glued(before.get(..keyword)?) => keyword,
        None => return None,
    };
    Some(Span::new(start as u32, (source.len() - behind.len()) as u32))
}

/// Whether the condition is a negative one that leaves out conversations without the value.
fn drops_missing(condition: &Condition) -> bool {
    let negative = match &condition.test {
        // It is told of otherwise.
        Test::NoneOf(Values::Texts(texts)) if texts.iter().all(|text| text.is_empty()) => false,
        Test::NoneOf(_) => !Condition::unequal_matches_missing(&condition.attribute),
        Test::NotContains(_) | Test::NotStartsWith(_) | Test::NotLike(_) => {
            condition.attribute != Attribute::Standard(Standard::DisplayId)
        }
        _ => false,
    };
    // Each answer of the server has these.
    let is_given = matches!(condition.attribute, Attribute::Local(Local::Muted | Local::CanReply | Local::UnreadCount));
    negative && condition.attribute.nullable() && !is_given
}
