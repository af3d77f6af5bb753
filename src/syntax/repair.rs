//! One typing mistake, one problem: of several errors that one small change would mend, only the nearest is told.
//!
//! A token in a wrong place often leaves two places where the text does not go on: in `status IN (open( team)` a list
//! goes wrong and a parenthesis stays open. Whether that is one mistake or two is found by trying: where a change of
//! one token makes the whole text right, there was one. Mistakes apart from each other are not mended so, and each of
//! them is told.

use std::cell::Cell;

use super::input::connective;
use super::token::{CONTEXTUAL, KEYWORDS, Keyword, Symbol, Token, TokenKind, is_blank, smart_quote_pairs};
use crate::diagnostic::{Code, Diagnostic, Fix, catalogue};
use crate::source::Span;

/// How many bytes are parsed in trying: each of some hundred changes is a text to parse.
const MAX_TRIED_BYTES: usize = 64 << 10;

/// How many tokens after the first error the last one may begin.
const MAX_APART: usize = 6;

/// With more errors than these, something else is wrong than one token.
const MAX_TRIED_ERRORS: usize = 5;

/// How many marks before an unclosed one are tried.
const MAX_TRIED_MARKS: usize = 8;

/// What is tried in the place of a token, and between two; `x` stands for any name or value.
const SPELLINGS: &[&str] = &[
    "=", "AND", "(", ")", ",", "x", "IN", "IS", "NOT", "MISSING", "CONTAINS", "BETWEEN", "STARTS", "WITH", "OLDER",
    "THAN",
];

/// The marks around texts and names.
const MARKS: &[char] = &['"', '\'', '`'];

/// Where closing an unclosed mark does not make the text right, but removing it does, or one like it within a word before it,
/// says so instead.
pub(super) fn judge_mark(text: &str, errors: &mut Vec<Diagnostic>) {
    let Some(error) = errors.iter().find(|error| is_unclosed(error)) else { return };
    // Where the correction is a longer one, it is known what was meant.
    let closes = error.fix.as_ref().is_some_and(|fix| fix.span.len() <= 1);
    if !closes || text.len() > MAX_TRIED_BYTES || fixed(text, error).is_none_or(|text| super::is_right(&text)) {
        return;
    }
    let (last, mark) = (error.span(), error.span().of(text));
    let before = text.get(..last.start as usize).unwrap_or_default();
    let marks = before.rmatch_indices(mark).map(|(at, _)| Span::new(at as u32, (at + mark.len()) as u32));
    let within_words = marks.take(MAX_TRIED_MARKS).filter(|place| is_within_word(text, *place));
    // Else something else is wrong as well.
    let stray = std::iter::once(last).chain(within_words).find(|place| {
        let (before, behind) = (text.get(..place.start as usize), text.get(place.end as usize..));
        before.zip(behind).is_some_and(|(before, behind)| super::is_right(&format!("{before}{behind}")))
    });
    if let Some(place) = stray {
        *errors = vec![catalogue::stray_mark(place, mark)];
    }
}

fn is_unclosed(error: &Diagnostic) -> bool {
    matches!(error.code, Code::UnclosedQuote | Code::UnclosedBacktick)
}

/// `Web"ite`: nobody opens or closes a text there.
fn is_within_word(text: &str, mark: Span) -> bool {
    let (before, behind) = (text.get(..mark.start as usize), text.get(mark.end as usize..));
    before.is_some_and(|before| before.ends_with(char::is_alphanumeric))
        && behind.is_some_and(|behind| behind.starts_with(char::is_alphanumeric))
}

/// Has what is told of an unclosed parenthesis close it at the end of the text, where it says the same wherever it is closed.
pub(super) fn judge_parenthesis(text: &str, tokens: &[Token], errors: &mut [Diagnostic]) {
    let [error] = errors else { return };
    if error.code != Code::UnclosedParenthesis || error.fix.is_some() || text.len() > MAX_TRIED_BYTES {
        return;
    }
    let at = tokens.partition_point(|token| token.span.start < error.span().start);
    let (Some((before, inside)), Some(last)) = (tokens.split_at_checked(at), tokens.last()) else { return };
    let mut joints = inside.iter().filter_map(|token| connective(token.kind));
    let first = joints.next();
    // A NOT speaks of what is inside alone, and a list ends before AND and OR.
    let is_taken = before.last().is_some_and(|token| {
        matches!(token.kind, TokenKind::Keyword(Keyword::Not | Keyword::In) | TokenKind::Symbol(Symbol::Bang))
    });
    if first.is_some() && is_taken || joints.any(|joint| Some(joint) != first) {
        return;
    }
    let end = last.span.end;
    let closed = text.split_at_checked(end as usize).map(|(text, comment)| format!("{text}){comment}"));
    if closed.is_some_and(|closed| super::is_right(&closed)) {
        error.fix = Some(Fix { span: Span::at(end), replacement: ")".to_owned() });
    }
}

/// Keeps one of several errors if one change beside it mends them all.
pub(super) fn keep_one(text: &str, tokens: &[Token], errors: &mut Vec<Diagnostic>) {
    if !(2..=MAX_TRIED_ERRORS).contains(&errors.len()) {
        return;
    }
    // Bad escapes and whole texts in typographic marks are told one by one, whatever is around them; the others are no
    // matter of one token.
    let alone = |error: &Diagnostic| match error.code {
        Code::BadEscape | Code::TooDeep | Code::TooManyConditions => true,
        // `open AND muted`: the connective is right.
        Code::MissingOperator => {
            let next = tokens.get(tokens.partition_point(|token| token.span.start < error.span().end));
            let joins = next.is_some_and(|next| connective(next.kind).is_some());
            joins && super::state_called(error.span().of(text)).is_some()
        }
        // A name between such marks needs none.
        Code::SmartQuotes => {
            let told = |other: &Diagnostic| other.code != Code::SmartQuotes && other.span() == error.span();
            is_closed(error.span().of(text)) && !errors.iter().any(told)
        }
        _ => false,
    };
    if errors.iter().any(alone) || are_apart(errors, tokens) {
        return;
    }
    errors.sort_by_key(|error| (error.span(), error.code));
    let left = Cell::new(MAX_TRIED_BYTES / text.len().max(1));
    let is_right = |text: &str| {
        left.set(left.get().saturating_sub(1));
        left.get() > 0 && super::is_right(text)
    };
    let mends = |error: &Diagnostic| fixed(text, error).is_some_and(|text| is_right(&text));
    let beside = |error: &Diagnostic, reach, changes: Changes| {
        let mended = |at| left.get() > 0 && changes(text, tokens, at).iter().any(|text| is_right(text));
        touched(error.span(), tokens, reach).into_iter().any(mended)
    };
    // An error that knows the correction, then one at the place of it, then one beside that place; the more of the text
    // a change replaces, the later it is tried.
    let tries: [(usize, Changes); 4] = [(0, at_token), (1, at_token), (0, at_row), (1, at_row)];
    let found = errors.iter().position(mends).or_else(|| {
        tries.iter().find_map(|&(reach, changes)| errors.iter().position(|error| beside(error, reach, changes)))
    });
    if let Some(found) = found {
        errors.swap(0, found);
        errors.truncate(1);
        for error in errors {
            // Its correction was made in the belief that the other errors stay.
            if !mends(error) {
                error.fix = None;
            }
        }
    }
}

/// Whether a text that a typographic mark begins ends with one of its kind.
fn is_closed(quoted: &str) -> bool {
    let mut chars = quoted.chars();
    chars.next().zip(chars.next_back()).is_some_and(|(opening, closing)| smart_quote_pairs(opening, closing))
}

/// Whether errors stand too far from each other to come from one token; a mark without its partner may be far away.
fn are_apart(errors: &[Diagnostic], tokens: &[Token]) -> bool {
    let lonely = [Code::UnclosedParenthesis, Code::UnmatchedParenthesis, Code::UnclosedQuote, Code::UnclosedBacktick];
    let places = || {
        let spans = errors.iter().filter(|error| !lonely.contains(&error.code)).map(Diagnostic::span);
        spans.map(|span| tokens.partition_point(|token| token.span.end <= span.start))
    };
    places().max().unwrap_or(0) - places().min().unwrap_or(0) > MAX_APART
}

/// The text after the correction that an error offers.
fn fixed(text: &str, error: &Diagnostic) -> Option<String> {
    let fix = error.fix.as_ref()?;
    let (before, after) = (text.get(..fix.span.start as usize)?, text.get(fix.span.end as usize..)?);
    Some(format!("{before} {} {after}", fix.replacement))
}

/// The tokens that a span touches, or those that stand so far beside them; of a long span only the first and the last.
fn touched(span: Span, tokens: &[Token], reach: usize) -> Vec<usize> {
    let first = tokens.partition_point(|token| token.span.end <= span.start);
    let last = tokens.partition_point(|token| token.span.start < span.end).saturating_sub(1).max(first);
    let mut touched = vec![first.saturating_sub(reach), first + reach, last.saturating_sub(reach), last + reach];
    touched.sort_unstable();
    touched.dedup();
    touched
}

/// A kind of change: the text, its tokens and the place of one → the texts with each change there.
type Changes = fn(&str, &[Token], usize) -> Vec<String>;

/// The text without a token, with another in its place or before it, or with a mark at either end more or less.
fn at_token(text: &str, tokens: &[Token], at: usize) -> Vec<String> {
    let Some(token) = tokens.get(at) else { return Vec::new() };
    let (start, end) = (token.span.start as usize, token.span.end as usize);
    let (Some(before), Some(after)) = (text.get(..start), text.get(end..)) else { return Vec::new() };
    let own = token.span.of(text);
    let joins = |at: Option<usize>| at.and_then(|at| tokens.get(at)).is_some_and(|t| connective(t.kind).is_some());
    let is_value = matches!(token.kind, TokenKind::Word | TokenKind::Quoted);
    let mut changes = Vec::new();
    // A lone connective has not slipped in by itself: in `status = AND team` a value and an operator are missing.
    if !joins(Some(at)) || joins(at.checked_sub(1)) || joins(at.checked_add(1)) {
        changes.push(format!("{before} {after}"));
    }
    for &spelling in SPELLINGS {
        // In `(a b c)` two commas are missing.
        if spelling != "," || !is_value {
            changes.push(format!("{before} {spelling} {after}"));
        }
        changes.push(format!("{before} {spelling} {own}{after}"));
    }
    if is_value {
        // `AND:team = 8`, `:team = 8)`
        changes.extend(["AND x", "x AND", "( x", "x )"].map(|two| format!("{before} {two} {after}")));
    }
    for &mark in MARKS {
        changes.push(format!("{before}{mark}{own}{after}"));
        changes.push(format!("{before}{own}{mark}{after}"));
        changes.extend(own.strip_prefix(mark).map(|own| format!("{before}{own}{after}")));
        changes.extend(own.strip_suffix(mark).map(|own| format!("{before}{own}{after}")));
    }
    if let (TokenKind::Symbol(_), Some(shorter)) = (token.kind, own.get(1..)) {
        changes.push(format!("{before}{shorter}{after}"));
    }
    // A text that is broken over two lines.
    changes.extend(after.strip_prefix('\n').map(|after| format!("{before}{own}{after}")));
    changes
}

/// The text with another token in the place of a row of tokens, or of two words.
fn at_row(text: &str, tokens: &[Token], at: usize) -> Vec<String> {
    let Some(token) = tokens.get(at) else { return Vec::new() };
    let mut changes = Vec::new();
    for (start, end) in rows(text, *token) {
        let (before, after) = (text.get(..start).unwrap_or_default(), text.get(end..).unwrap_or_default());
        changes.extend(SPELLINGS.iter().map(|spelling| format!("{before} {spelling} {after}")));
    }
    changes.extend(tokens.get(at + 1).and_then(|next| undivided(text, *token, *next)));
    changes
}

/// The text with a keyword in the place of two words, if a blank divides the keyword or has taken the place of a letter.
fn undivided(text: &str, first: Token, second: Token) -> Option<String> {
    let (from, to) = (first.span.of(text).to_ascii_uppercase(), second.span.of(text).to_ascii_uppercase());
    let is_it = |spelling: &&str| {
        let missing = (spelling.len() + 1).checked_sub(from.len() + to.len());
        matches!(missing, Some(1 | 2)) && spelling.starts_with(&from) && spelling.ends_with(&to)
    };
    let spelling = KEYWORDS.iter().map(|(spelling, _)| *spelling).chain(CONTEXTUAL.iter().copied()).find(is_it)?;
    let (before, after) = (text.get(..first.span.start as usize)?, text.get(second.span.end as usize..)?);
    Some(format!("{before} {spelling} {after}"))
}

/// The places of what stands from blank to blank around the beginning of a token, without the parentheses at its ends
/// and with one of them: `A>D`, `MISS(ING`, `(ND`. None where that is the token alone.
fn rows(text: &str, token: Token) -> Vec<(usize, usize)> {
    let at = token.span.start as usize;
    let (before, behind) = text.split_at_checked(at).unwrap_or((text, ""));
    let start = before.trim_end_matches(|c| !is_blank(c)).len();
    let end = at + behind.len() - behind.trim_start_matches(|c| !is_blank(c)).len();
    let inner = text.get(start..end).unwrap_or_default().trim_start_matches(['(', '!']);
    let from = end - inner.len();
    let to = from + inner.trim_end_matches([')', ',']).len();
    let mut rows = vec![(from, to)];
    if (end - start) == (to - from) + 1 {
        rows.push((start, end));
    }
    rows.retain(|&row| row.0 < row.1 && row != (at, token.span.end as usize));
    rows
}
