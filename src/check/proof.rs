//! Corrections put to the proof: each is made in the text, which is then read once more as a whole.
//!
//! Whoever offers a correction sees no more than its own place. Here the law is kept that a correction which is made leaves
//! fewer mistakes: where the next one stands in the same condition, both are mended at once, and a correction behind which
//! nothing can be read is not offered.

use super::mend::{LOOKUPS, MOST, collect, replaced, with_others, written};
use super::read;
use crate::diagnostic::{Code, Diagnostic, Fix, Severity, catalogue, moved_back};
use crate::schema::Schema;
use crate::source::Span;
use crate::syntax::{Expr, as_it_stands, connective, lex, parse};

/// How many bytes are read in trying.
const MOST_BYTES: usize = 64 << 10;

/// What is told of words that would be a value in quotes.
const VALUES: &[Code] = &[Code::KeywordValue, Code::UnquotedBlank];

/// How many mistakes are mended by one correction.
const MOST_ROUNDS: usize = 3;

/// Proves the correction of each error.
#[cold]
pub(super) fn prove(all: &mut [Diagnostic], text: &str, schema: &Schema) {
    let is_error = |told: &&Diagnostic| told.severity() == Severity::Error;
    let errors: Vec<Diagnostic> = all.iter().filter(is_error).cloned().collect();
    if errors.len() > MOST || (errors.len() * MOST_ROUNDS) * text.len() > MOST_BYTES {
        return;
    }
    for error in all.iter_mut().filter(|told| told.severity() == Severity::Error) {
        let Some(fix) = &error.fix else { continue };
        let others: Vec<&Diagnostic> = errors.iter().filter(|other| *other != error).collect();
        match proven(fix, VALUES.contains(&error.code), &others, text, schema) {
            Ok(better) if better != *fix => catalogue::write_instead(error, as_condition(better, text)),
            Ok(_) => {}
            Err(told) => catalogue::take_back(error, &told),
        }
    }
}

/// The correction that leaves fewer mistakes than there are with the `others`; what cannot be read behind it, if there is
/// none. `is_value` where the correction says which words are one value.
fn proven(fix: &Fix, is_value: bool, others: &[&Diagnostic], text: &str, schema: &Schema) -> Result<Fix, Diagnostic> {
    let mut better = fix.clone();
    for _ in 0..MOST_ROUNDS {
        let Some(made) = replaced(text, better.span, &better.replacement) else { break };
        let left = errors_of(&made, schema);
        let made_by = std::slice::from_ref(&better);
        let is_known = |told: &Diagnostic| {
            // Its place may be within the correction, and so have none in the text as it was.
            let offered = |told: &Diagnostic| told.fix.as_ref().map(|fix| fix.replacement.clone());
            let offer = offered(told);
            let mut told = told.clone();
            let is_placed = moved_back(&mut told, made_by);
            others
                .iter()
                .filter(|other| other.code == told.code)
                .any(|other| is_placed && other.span() == told.span() || offer.is_some() && offered(other) == offer)
        };
        let place = written(&better);
        let are_fewer = left.len() <= others.len();
        let mut new: Vec<Diagnostic> = left.into_iter().filter(|told| !is_known(told)).collect();
        if are_fewer && !new.iter().any(|told| place.encloses(told.span())) {
            return Ok(better);
        }
        let is_written = |told: &Diagnostic| text.contains(told.span().of(&made).trim_matches(['"', '\'']));
        let is_made = |told: &Diagnostic| is_value && place.encloses(told.span()) || !is_written(told);
        // A parenthesis may be open for another reason. Names that are not found are told of by themselves, but for those that
        // the correction itself writes.
        new.retain(|told| match told.code {
            Code::UnclosedParenthesis => told.fix.is_some(),
            // It is told beside this one, or is another mistake.
            Code::MissingConnective => false,
            Code::UnknownName => told.fix.is_some() || is_made(told),
            code => told.fix.is_some() || !LOOKUPS.contains(&code),
        });
        new.retain(|told| is_beside(&made, place, told.fix.as_ref().map_or(told.span(), |fix| fix.span)));
        if new.is_empty() {
            // What it uncovers elsewhere is another mistake.
            return Ok(better);
        }
        if let Some(hopeless) = new.iter().find(|told| told.fix.is_none()) {
            return Err(hopeless.clone());
        }
        new.sort_by_key(Diagnostic::span);
        better = with_others(text, better, new);
    }
    Ok(fix.clone())
}

/// A correction of a part of a condition as that of the whole one, which is easier to read.
fn as_condition(fix: Fix, text: &str) -> Fix {
    let Some(made) = replaced(text, fix.span, &fix.replacement) else { return fix };
    let (parsed, place) = (as_it_stands(&made), written(&fix));
    let mut leaves = Vec::new();
    parsed.tree().into_iter().for_each(|tree| collect(tree, &mut leaves));
    let whole = leaves.into_iter().find_map(|leaf| match leaf {
        Expr::Condition(condition) if condition.span.encloses(place) => Some(condition.span),
        _ => None,
    });
    let Some(whole) = whole else { return fix };
    let behind = whole.end - place.end;
    Fix { span: Span::new(whole.start, fix.span.end + behind), replacement: whole.of(&made).to_owned() }
}

fn errors_of(text: &str, schema: &Schema) -> Vec<Diagnostic> {
    let Err(mut found) = read(&parse(text), schema) else { return Vec::new() };
    found.retain(|told| told.severity() == Severity::Error);
    found.sort_by_key(|told| (told.span(), told.code));
    found.dedup_by(|a, b| a.code == b.code && a.span() == b.span());
    found
}

/// Whether no connective stands between two places.
fn is_beside(text: &str, one: Span, other: Span) -> bool {
    let (start, end) = (one.end.min(other.end), one.start.max(other.start));
    let between = |place: Span| start <= place.start && place.end <= end;
    !lex(text).tokens.iter().any(|token| connective(token.kind).is_some() && between(token.span))
}
