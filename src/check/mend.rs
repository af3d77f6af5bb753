//! Corrections that only a schema can judge: the parser, which offers them, knows no attributes.

use super::{Checker, mistaken, name};
use crate::diagnostic::{Code, Diagnostic, Fix, Severity, catalogue};
use crate::schema::{IdType, Schema, ValueType};
use crate::source::Span;
use crate::syntax::{
    Condition, Connective, Expr, Form, Operand, Parsed, as_it_stands, as_one, mirrored, quote, with_values,
};

/// How many corrections of one text are tried.
const MOST: usize = 8;

/// How many bytes such a text has at most.
const MOST_BYTES: usize = 16 << 10;

/// Takes back corrections that would compare what is no attribute, such as `open = conversations`, and mends those whose
/// attribute, or whose values, are nearly right. Returns the places of the latter: what is wrong within them is told.
#[cold]
pub(super) fn judge(parsed: &Parsed<'_>, schema: &Schema, errors: &mut Vec<Diagnostic>) -> Vec<Span> {
    let text = parsed.text();
    let mut mended = Vec::new();
    if errors.len() > MOST || text.len() > MOST_BYTES {
        return mended;
    }
    rejoin(parsed, schema, errors);
    for error in errors {
        let Some(fix) = &error.fix else { continue };
        let wrong = wrong_within(text, fix, schema);
        // Where two words are taken for a condition, both must be right.
        let guessed = error.code == Code::MissingOperator;
        let hopeless = |wrong: &&Wrong| wrong.fix.is_none() && (guessed || wrong.told.code == Code::UnknownAttribute);
        if let Some(wrong) = wrong.iter().find(hopeless) {
            catalogue::take_back(error, &wrong.told);
            continue;
        }
        let mut replacement = fix.replacement.clone();
        // From the end, so that places before it stay.
        for right in wrong.iter().rev().filter_map(|wrong| wrong.fix.as_ref()) {
            if let Some(right) = replaced(&replacement, right.span, &right.replacement) {
                replacement = right;
            }
        }
        let better = Fix { span: fix.span, replacement };
        if let Some(first) = wrong.first().filter(|_| guessed && !wrong_within(text, &better, schema).is_empty()) {
            catalogue::take_back(error, &first.told);
            continue;
        }
        if better.replacement != fix.replacement {
            mended.push(better.span);
            catalogue::write_instead(error, better);
        }
    }
    mended
}

/// Makes one error of those in `assignee = jonas feld or priya raman`: what stands behind the connective is no condition
/// that lacks its operator, for no attribute is called so.
fn rejoin(parsed: &Parsed<'_>, schema: &Schema, errors: &mut Vec<Diagnostic>) {
    let text = parsed.text();
    let mut leaves = Vec::new();
    parsed.tree().into_iter().for_each(|tree| collect(tree, &mut leaves));
    let mut leaves = leaves.into_iter().peekable();
    while let Some(leaf) = leaves.next() {
        let Expr::Condition(condition) = leaf else { continue };
        let Operand::One(value) = &condition.operand else { continue };
        if !has_blanks(condition, text, schema) {
            continue;
        }
        let (mut joint, mut end, mut values) = (None, condition.span, Vec::new());
        while let Some(Expr::Error(span)) = leaves.peek()
            && let Some(level) = connective_between(text, end, *span)
            && joint.is_none_or(|joint| joint == level)
            && errors.iter().any(|error| is_value(error, *span, text, schema))
        {
            (joint, end) = (Some(level), *span);
            values.push(quote(span.of(text)));
            leaves.next();
        }
        let Some(level) = joint else { continue };
        let (place, told) = (condition.span.to(end), value.span.to(end));
        let values: Vec<&str> = values.iter().map(String::as_str).collect();
        let fixed = as_one(text, place, with_values(text, condition, level, &values));
        errors.retain(|error| !told.encloses(error.span()));
        errors.push(catalogue::unquoted_words(told, place, &fixed));
    }
}

/// The conditions of a tree, and what stands in the place of one, from left to right.
fn collect<'e>(expr: &'e Expr, leaves: &mut Vec<&'e Expr>) {
    match expr {
        Expr::Chain { operands, .. } => operands.iter().for_each(|operand| collect(operand, leaves)),
        Expr::Not { operand, .. } => collect(operand, leaves),
        Expr::Paren { inner, .. } => collect(inner, leaves),
        Expr::Condition(_) | Expr::Error(_) => leaves.push(expr),
    }
}

/// The connective that is all that stands between two places.
fn connective_between(text: &str, before: Span, behind: Span) -> Option<Connective> {
    let between = text.get(before.end as usize..behind.start as usize)?.trim();
    [Connective::And, Connective::Or].into_iter().find(|level| between.eq_ignore_ascii_case(level.as_str()))
}

/// Whether values of the condition's attribute may well be of several words.
fn has_blanks(condition: &Condition, text: &str, schema: &Schema) -> bool {
    let named = name::resolve(&condition.name.text(text), None, condition.name.span, schema);
    named.is_ok_and(|named| {
        matches!(
            named.attribute.value_type(),
            ValueType::Text(_) | ValueType::Labels | ValueType::Id(IdType::Agent | IdType::Inbox | IdType::Team)
        )
    })
}

/// Whether an error tells of two words at a place that an operator is missing between them, and the first one is no
/// attribute, nor nearly one.
fn is_value(error: &Diagnostic, place: Span, text: &str, schema: &Schema) -> bool {
    let name = place.of(text).split_whitespace().next().unwrap_or_default();
    let compared = |fix: &Fix| fix.replacement.starts_with(name);
    error.code == Code::MissingOperator
        && error.span() == place
        && error.fix.as_ref().is_some_and(compared)
        && name::resolve(name, None, place, schema).is_err_and(|unknown| unknown.fix.is_none())
}

fn replaced(text: &str, place: Span, replacement: &str) -> Option<String> {
    let (before, behind) = (text.get(..place.start as usize)?, text.get(place.end as usize..)?);
    Some(format!("{before}{replacement}{behind}"))
}

/// Something that is wrong in a correction.
struct Wrong {
    told: Diagnostic,
    /// What mends it, by its place in the correction.
    fix: Option<Fix>,
}

/// Names that cannot be found in the account, or without one: they are told of by themselves.
const LOOKUPS: &[Code] = &[Code::UnknownName, Code::NameWithoutAccount, Code::AmbiguousName];

/// What is wrong in a correction of a text, from left to right; of names that are not found, what can be mended.
fn wrong_within(text: &str, correction: &Fix, schema: &Schema) -> Vec<Wrong> {
    let start = correction.span.start;
    let place = Span::new(start, start + correction.replacement.len() as u32);
    let Some(text) = replaced(text, correction.span, &correction.replacement) else { return Vec::new() };
    let parsed = as_it_stands(&text);
    let Some(tree) = parsed.tree() else { return Vec::new() };
    let mut checker = Checker {
        source: &text,
        schema,
        mistaken: mistaken(&parsed),
        unusual: parsed.is_unusual(),
        found: Vec::new(),
        guessed: None,
    };
    checker.expr(tree, false);
    let mut found = checker.found;
    found.retain(|found| found.severity() == Severity::Error && place.encloses(found.span()));
    found.sort_by_key(Diagnostic::span);
    let within = |fix: &Fix| Span::new(fix.span.start - start, fix.span.end - start);
    let wrong = found.into_iter().map(|told| {
        let fix = told.fix.as_ref().filter(|fix| place.encloses(fix.span));
        let fix = fix.map(|fix| Fix { span: within(fix), replacement: fix.replacement.clone() });
        Wrong { told, fix }
    });
    wrong.filter(|wrong| wrong.fix.is_some() || !LOOKUPS.contains(&wrong.told.code)).collect()
}

/// What is told of `3 < unread_count`, where the value stands in the attribute's place.
#[cold]
pub(super) fn reversed(condition: &Condition, source: &str, schema: &Schema) -> Option<Diagnostic> {
    let Operand::One(value) = &condition.operand else { return None };
    let attribute = value.span.of(source);
    let known = value.form == Form::Word && name::resolve(attribute, None, value.span, schema).is_ok();
    let operator = mirrored(condition.operator).filter(|_| known)?;
    let span = condition.span;
    let fixed = format!("{attribute} {} {}", operator.as_str(), condition.name.span.of(source));
    Some(catalogue::reversed_condition(span, span.of(source), &fixed))
}
