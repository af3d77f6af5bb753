//! What is told of a query that is wrong: what the parser found and what the checks found, each judged by the other, so that
//! a mistake is told once and its correction is right.

use super::{beside, mend, stated};
use crate::diagnostic::{Code, Diagnostic, Severity, catalogue};
use crate::schema::Schema;
use crate::source::Span;
use crate::syntax::{Connective, MAX_ERRORS, Parsed, Token, TokenKind};

/// All that is told of a query in which the checks have `found` something, or the parser has; `mistaken` are the places that
/// the parser has mended by guessing.
#[cold]
pub(super) fn told(
    parsed: &Parsed<'_>,
    schema: &Schema,
    mut found: Vec<Diagnostic>,
    mistaken: &[Span],
) -> Vec<Diagnostic> {
    if let Some(told) = stated::told(parsed, schema) {
        return told;
    }
    let mut all = parsed.errors().to_vec();
    all.iter_mut().for_each(|error| judge_by_checks(error, &found));
    let mended = mend::judge(parsed, schema, &mut all);
    found.retain(|found| found.fix.is_none() || !mended.iter().any(|place| place.encloses(found.span())));
    let touches = |span: Span| mistaken.iter().any(|place| place.start <= span.end && span.start <= place.end);
    let is_told = |found: &Diagnostic| found.code == Code::WildcardLiteral && is_behind_mistake(found.span(), parsed);
    all.extend(found.into_iter().filter(|found| !touches(found.span()) && !is_told(found)));
    limit_errors(&mut all);
    mend::doubt_direction(&mut all, parsed.text(), schema);
    settle(&mut all, parsed.text());
    all
}

/// Has each mistake be told once, with a correction that holds beside the others.
pub(super) fn settle(all: &mut Vec<Diagnostic>, text: &str) {
    beside::group(all, text);
    keep_outermost(all);
    beside::doubt_but(all, text);
}

/// Has an error of the parser say what the checks know better, where they tell of the same place.
fn judge_by_checks(error: &mut Diagnostic, found: &[Diagnostic]) {
    let Some(other) = found.iter().find(|other| other.span() == error.span()) else { return };
    let quotes = error.fix.as_ref().is_none_or(|fix| fix.replacement.starts_with('"'));
    match (error.code, other.code) {
        // What is written for an operator that is none must go with the attribute; a longer correction mends the values behind
        // the condition as well.
        (Code::UnknownOperator, Code::OperatorNotAllowed) if !is_longer(error, other) => {
            (error.help, error.fix) = (other.help.clone(), other.fix.clone());
            error.in_program = other.in_program;
        }
        // Words that are no value in quotes either need none.
        (Code::UnquotedBlank, _) if other.severity() == Severity::Error && quotes => *error = other.clone(),
        _ => {}
    }
}

/// Whether an operator that is none stands right before a place: what a wildcard was meant for is told with that.
fn is_behind_mistake(span: Span, parsed: &Parsed<'_>) -> bool {
    let gap = |error: &Diagnostic| parsed.text().get(error.span().end as usize..span.start as usize);
    parsed.errors().iter().filter_map(gap).any(|gap| gap.trim().is_empty())
}

/// Whether both errors have a correction and that of the first one ends behind that of the second.
fn is_longer(error: &Diagnostic, other: &Diagnostic) -> bool {
    error.fix.as_ref().zip(other.fix.as_ref()).is_some_and(|(long, short)| long.span.end > short.span.end)
}

/// Leaves out what a longer correction mends as well, so that it is told once and all of them can be made at once; of two of
/// one place the later, which knows the attribute, is kept. No warning hides an error.
pub(crate) fn keep_outermost(all: &mut Vec<Diagnostic>) {
    let place = |told: &Diagnostic| told.fix.as_ref().map(|fix| (fix.span, told.severity()));
    let places: Vec<Option<(Span, Severity)>> = all.iter().map(place).collect();
    let mut at = 0;
    all.retain(|told| {
        at += 1;
        let Some((own, severity)) = place(told).filter(|(own, _)| !own.is_empty()) else { return true };
        let instead = |(other, place): (usize, &Option<(Span, Severity)>)| {
            place.is_some_and(|(place, of)| match severity == of {
                true => place.encloses(own) && (place != own || other >= at),
                false => severity == Severity::Warning && (place.encloses(own) || own.encloses(place)),
            })
        };
        !places.iter().enumerate().any(instead)
    });
}

/// Keeps the first errors where there are too many to read, and then no warnings.
pub(super) fn limit_errors(all: &mut Vec<Diagnostic>) {
    if all.len() <= MAX_ERRORS {
        return;
    }
    // The parser may have found too many by itself.
    let told = all.iter().any(|problem| problem.code == Code::TooManyErrors);
    all.retain(|problem| problem.severity() == Severity::Error && problem.code != Code::TooManyErrors);
    if told || all.len() > MAX_ERRORS {
        all.sort_by_key(|problem| (problem.span(), problem.code));
        all.truncate(MAX_ERRORS);
        let last = all.last().map_or(Span::default(), Diagnostic::span);
        all.push(catalogue::too_many_errors(Span::at(last.end), MAX_ERRORS));
    }
}

/// Whether what touches the place of a syntax error may have been torn by it. Some stand where one writes no blank, and so
/// beside what is whole: `(staus = open` has two mistakes, where `sta(us = open` has one.
fn tears(error: &Diagnostic, parsed: &Parsed<'_>) -> bool {
    let (tokens, span) = (parsed.tokens(), error.span());
    let is_word = |token: &Token| matches!(token.kind, TokenKind::Word | TokenKind::Quoted);
    let behind_word = || tokens.iter().any(|token| token.span.end == span.start && is_word(token));
    let before_word = || tokens.iter().any(|token| token.span.start == span.end && is_word(token));
    // The semicolon of `status = open; id = 5`.
    let is_within_word = || tokens.iter().any(|token| token.span.encloses(span) && is_word(token));
    match error.code {
        Code::UnclosedParenthesis => behind_word(),
        Code::UnmatchedParenthesis | Code::CommaForOr => before_word() || is_within_word(),
        // Its place is the name behind it, which may be what is left of an AND: `an<d priority = low`, `orlabel = vip`.
        Code::MissingConnective => {
            behind_word()
                || [Connective::And, Connective::Or]
                    .iter()
                    .any(|level| begin_alike(span.of(parsed.text()), level.as_str()))
        }
        Code::MisplacedNot => false,
        _ => true,
    }
}

/// Whether one of two words begins with the other one, in any case.
fn begin_alike(word: &str, other: &str) -> bool {
    word.bytes().zip(other.bytes()).all(|(a, b)| a.eq_ignore_ascii_case(&b))
}

/// The places of syntax errors from which a condition beside them may have been torn: `refer>er CONTAINS pricing` has
/// no attribute `refer`, but what is wrong is the sign. Where a token stands that nothing explains, its neighbours are
/// doubtful too; else only what touches the place.
pub(super) fn mistaken(parsed: &Parsed<'_>) -> Vec<Span> {
    let tokens = parsed.tokens();
    let reach = |error: &Diagnostic| {
        let span = error.span();
        if error.code != Code::UnexpectedToken {
            return span;
        }
        // Of which it is known what was meant, that explains it.
        if let Some(fix) = &error.fix {
            return span.to(fix.span);
        }
        let before = tokens.partition_point(|token| token.span.end <= span.start).checked_sub(1);
        let behind = tokens.partition_point(|token| token.span.start < span.end);
        let start = before.and_then(|at| tokens.get(at)).map_or(span.start, |token| token.span.end);
        Span::new(start, tokens.get(behind).map_or(span.end, |token| token.span.start))
    };
    parsed.errors().iter().filter(|error| tears(error, parsed)).map(reach).collect()
}
