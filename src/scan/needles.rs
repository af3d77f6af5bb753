//! What a line must contain if the filter holds for a conversation in it: most lines need no other look.
//!
//! JSON can write each character of a string as `\u` and its number. A line that does so with a character of what is
//! looked for is never ruled out.

use std::collections::HashSet;

use memchr::memmem;

use super::bytes::{Caseless, has_exponent, two_cases};
use crate::check::{Condition, Filter, Test, Values};
use crate::eval::text::LikePattern;
use crate::schema::{Attribute, Case, ValueType};

/// How many texts are looked for at most for one reason; each is a pass over the line.
const MOST: usize = 4;

/// How many reasons are tried: those that rule out most come first.
const REASONS: usize = 3;

/// A text of fewer bytes is met in most lines.
const SHORTEST: usize = 3;

/// What a line must contain: of each reason one text at least.
#[derive(Debug)]
pub(super) struct Needles {
    reasons: Vec<Reason>,
    /// The UTF-16 units of all texts, in both cases where case does not matter.
    units: HashSet<u16>,
    escape: memmem::Finder<'static>,
}

/// One of these must be in the line.
#[derive(Debug)]
struct Reason {
    texts: Vec<Needle>,
    /// Whether one of them is a number, which JSON can write with an exponent too.
    number: bool,
    /// How many lines it is thought to rule out.
    rank: Rank,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Rank {
    /// A value among many.
    Value,
    /// A word of an enumeration.
    Word,
    /// A key that only some conversations have.
    Key,
}

#[derive(Debug)]
enum Needle {
    Exact(Box<memmem::Finder<'static>>),
    Caseless(Box<Caseless>, Box<str>),
}

impl Needle {
    fn exact(text: &str) -> Self {
        Self::Exact(Box::new(memmem::Finder::new(text.as_bytes()).into_owned()))
    }

    fn is_in(&self, line: &[u8]) -> bool {
        match self {
            Self::Exact(finder) => finder.find(line).is_some(),
            Self::Caseless(text, _) => text.is_in(line),
        }
    }
}

impl Needles {
    /// What a filter in negation normal form asks of a line.
    pub(super) fn of(filter: &Filter) -> Self {
        let mut reasons = Vec::new();
        collect(filter, &mut reasons);
        reasons.sort_by_key(|reason| reason.rank);
        reasons.truncate(REASONS);
        let mut units = HashSet::new();
        for needle in reasons.iter().flat_map(|reason| &reason.texts) {
            match needle {
                Needle::Exact(finder) => units.extend(String::from_utf8_lossy(finder.needle()).encode_utf16()),
                Needle::Caseless(_, text) => {
                    units.extend(text.to_lowercase().encode_utf16());
                    units.extend(text.to_uppercase().encode_utf16());
                }
            }
        }
        Self { reasons, units, escape: memmem::Finder::new(b"\\u") }
    }

    /// Whether the filter can hold for no conversation in the line, be it JSON at all.
    pub(super) fn rule_out(&self, line: &[u8]) -> bool {
        let lacks = |reason: &Reason| {
            !(reason.texts.iter().any(|text| text.is_in(line)) || reason.number && has_exponent(line))
        };
        self.reasons.iter().any(lacks) && !self.escaped(line)
    }

    /// Whether the line writes a character in another way that the texts, or what is made of them, may have.
    fn escaped(&self, line: &[u8]) -> bool {
        // A value that is no string is compared as PostgreSQL prints it, with escapes of its own.
        spells(&self.escape, line, |unit| unit < 0x20 || self.units.contains(&unit))
    }
}

/// Whether a text has an escape, which `escape` finds, of a UTF-16 unit that counts; or one that is none.
pub(super) fn spells(escape: &memmem::Finder<'_>, text: &[u8], counts: impl Fn(u16) -> bool) -> bool {
    escape.find_iter(text).any(|at| {
        let digits = text.get(at + 2..at + 6).and_then(|digits| std::str::from_utf8(digits).ok());
        let unit = digits.and_then(|digits| u16::from_str_radix(digits, 16).ok());
        unit.is_none_or(&counts)
    })
}

/// Adds the reasons for which a line can be ruled out.
fn collect(filter: &Filter, reasons: &mut Vec<Reason>) {
    match filter {
        Filter::All(parts) => parts.iter().for_each(|part| collect(part, reasons)),
        Filter::Any(parts) => reasons.extend(one_of(parts)),
        Filter::Condition(condition) => reasons.extend(of_condition(condition)),
        Filter::Not(_) => {}
    }
}

/// One reason for all alternatives together: each must give one.
fn one_of(parts: &[Filter]) -> Option<Reason> {
    let mut all = Reason { texts: Vec::new(), number: false, rank: Rank::Value };
    for part in parts {
        let mut reasons = Vec::new();
        collect(part, &mut reasons);
        let best = reasons.into_iter().min_by_key(|reason| (reason.rank, reason.texts.len()))?;
        all.rank = all.rank.max(best.rank);
        all.number |= best.number;
        all.texts.extend(best.texts);
        if all.texts.len() > MOST {
            return None;
        }
    }
    Some(all)
}

fn of_condition(condition: &Condition) -> Option<Reason> {
    let value = match (&condition.test, condition.attribute.value_type()) {
        (Test::AnyOf(values), kind) => of_values(values, kind),
        (Test::Contains(text), ValueType::Text(_)) => {
            with_case(text, condition.attribute.containment_case()).map(|needle| (vec![needle], Rank::Value))
        }
        (Test::Like(pattern), ValueType::Text(_)) => {
            let text = LikePattern::new(pattern).longest_text();
            with_case(&text, condition.attribute.containment_case()).map(|needle| (vec![needle], Rank::Value))
        }
        (Test::StartsWith(text), ValueType::Text(case)) => {
            with_case(text, case).map(|needle| (vec![needle], Rank::Value))
        }
        _ => None,
    };
    let (texts, rank) = match value {
        Some(value) => value,
        None if !condition.matches_missing() => (vec![key(&condition.attribute)?], Rank::Key),
        None => return None,
    };
    let number = rank != Rank::Key && matches!(condition.test, Test::AnyOf(Values::Ids(_)));
    Some(Reason { texts, number, rank })
}

fn of_values(values: &Values, kind: ValueType) -> Option<(Vec<Needle>, Rank)> {
    if values.len() > MOST {
        return None;
    }
    // Words and labels are compared with strings alone, so that the quotes belong to what is looked for.
    let quoted = |text: &str| plain(text).then(|| Needle::exact(&format!("\"{text}\"")));
    let (texts, rank): (Option<Vec<Needle>>, Rank) = match (values, kind) {
        (Values::Words(words), _) => (words.iter().map(|word| quoted(word)).collect(), Rank::Word),
        (Values::Texts(labels), ValueType::Labels) => (labels.iter().map(|label| quoted(label)).collect(), Rank::Value),
        (Values::Texts(texts), ValueType::Text(case)) => {
            (texts.iter().map(|text| with_case(text, case)).collect(), Rank::Value)
        }
        (Values::Ids(ids), _) => {
            let digits = |id: &i64| Some(id.to_string()).filter(|id| id.len() > SHORTEST);
            (ids.iter().map(|id| digits(id).map(|id| Needle::exact(&id))).collect(), Rank::Value)
        }
        _ => (None, Rank::Value),
    };
    texts.map(|texts| (texts, rank))
}

/// The name under which an attribute stands, where some conversations do not have it.
fn key(attribute: &Attribute) -> Option<Needle> {
    let key = match attribute {
        Attribute::Custom(custom) => &custom.key,
        Attribute::ContactCustom(key) => key,
        // Its parts may be names of their own.
        Attribute::Additional(key) if !key.contains('.') => key,
        Attribute::Standard(standard) if matches!(attribute.value_type(), ValueType::Text(_)) => standard.info().key,
        _ => return None,
    };
    plain(key).then(|| Needle::exact(&format!("\"{key}\"")))
}

/// Whether JSON can write each of these characters as itself or as `\u` alone.
fn plain(text: &str) -> bool {
    !text.contains(escapable)
}

fn escapable(c: char) -> bool {
    c < ' ' || matches!(c, '"' | '\\' | '/')
}

/// As [`escapable`], and what stands between the values of arrays and objects: a text is compared with how those are
/// printed too.
fn breaks(c: char) -> bool {
    escapable(c) || matches!(c, ',' | ':' | '[' | ']' | '{' | '}')
}

fn with_case(text: &str, case: Case) -> Option<Needle> {
    match case {
        Case::Sensitive => longest(text, breaks).map(Needle::exact),
        Case::Ignored => caseless(text),
    }
}

/// Texts are compared in lower case as PostgreSQL or Ruby makes it.
fn caseless(text: &str) -> Option<Needle> {
    let run = longest(text, |c| !two_cases(c) || breaks(c))?;
    Some(Needle::Caseless(Box::new(Caseless::new(run)), run.into()))
}

/// The longest part of a text without such characters, if it can be looked for: a number has more than one spelling.
fn longest(text: &str, between: impl Fn(char) -> bool) -> Option<&str> {
    let number = |c| matches!(c, '0'..='9' | '+' | '-' | '.' | 'e' | 'E');
    // A blank at an end may be one between printed values.
    let runs = text.split(between).map(|run| run.trim_matches(' '));
    runs.filter(|run| run.len() >= SHORTEST && !run.chars().all(number)).max_by_key(|run| run.len())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::eval::text::{pg_lower, ruby_downcase};

    #[test]
    fn what_becomes_a_letter_of_two_cases_is_found_by_it() {
        let mut letters = 0;
        for c in char::MIN..=char::MAX {
            for lower in pg_lower(&c.to_string()).chars().chain(ruby_downcase(&c.to_string()).chars()) {
                if two_cases(lower) {
                    let (c, lower) = (c.to_string(), lower.to_string());
                    assert!(Caseless::new(&lower).is_in(c.as_bytes()), "{c} becomes {lower}");
                    letters += 1;
                }
            }
        }
        // ASCII but for k and i, and of Latin-1 the letters of two cases but for å; each by two ways.
        assert_eq!(letters, 2 * (128 - 4 + 2 * (31 - 1 - 1)));
    }

    #[test]
    fn escapes_of_other_characters_rule_out_all_the_same() {
        let condition = Filter::Condition(Condition {
            attribute: Attribute::Standard(crate::schema::Standard::Status),
            test: Test::AnyOf(Values::Words("pending".into())),
            span: crate::Span::new(0, 0),
        });
        let needles = Needles::of(&condition);
        let ruled_out = |line: &str| needles.rule_out(line.as_bytes());
        assert!(!ruled_out(r#"{"status":"pending"}"#));
        assert!(ruled_out(r#"{"status":"open","content":"pending \u003cb\u003e"}"#));
        assert!(!ruled_out(r#"{"status":"\u0070ending"}"#));
        assert!(!ruled_out(r#"{"status":"\u0"}"#), "what is no escape is for the parser to refuse");
    }
}
