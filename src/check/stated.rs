//! Words behind AND and OR that are conditions by themselves: `muted` of `label = vip OR muted`.
//!
//! The parser knows no attributes, and takes such a word for one more value of the condition before. Here the whole text is
//! read once more with the condition in the place of the word, so that whatever else is wrong with the text, in whichever
//! form it was written, is mended as if nothing but that condition had stood there.

use std::borrow::Cow;

use super::errors::{limit_errors, settle};
use super::listed::value_type;
use super::mend::{MOST, MOST_BYTES, collect, owner, without_contractions};
use super::{name, read};
use crate::diagnostic::{Diagnostic, Fix, applied, catalogue, moved_back};
use crate::schema::{PRIORITIES, Schema, ValueType};
use crate::source::Span;
use crate::syntax::{
    Connective, Expr, Keyword, Operator, Parsed, Symbol, Token, TokenKind, as_it_stands, connective, is_not, lex,
    parse, state_called,
};

/// What is wrong with a text in which there are such words; none where there are none.
#[cold]
pub(super) fn told(parsed: &Parsed<'_>, schema: &Schema) -> Option<Vec<Diagnostic>> {
    let text = parsed.text();
    if text.len() > MOST_BYTES || parsed.errors().len() > MOST {
        return None;
    }
    let mut leaves = Vec::new();
    parsed.tree().into_iter().for_each(|tree| collect(tree, &mut leaves));
    // The apostrophe of `isn't` opens no text.
    let tokens = match without_contractions(text) {
        Cow::Owned(text) => lex(&text).tokens,
        Cow::Borrowed(_) => parsed.tokens().to_vec(),
    };
    let reader = Words { text, tokens: &tokens, leaves: &leaves, schema };
    let words = (1..tokens.len()).filter_map(|at| reader.word(at));
    let (conditions, mut words): (Vec<Fix>, Vec<Diagnostic>) = words.unzip();
    if conditions.is_empty() {
        return None;
    }
    let stated = applied(text, &conditions);
    let parsed_so = parse(&stated);
    // A list may have hidden one.
    if parsed_so.errors().len() > parsed.errors().len() + 1 {
        return None;
    }
    let mut all = match read(&parsed_so, schema) {
        Ok((_, warnings)) => warnings,
        Err(told) => told,
    };
    // What is told within a condition is told of what nobody has written.
    all.retain_mut(|told| moved_back(told, &conditions));
    all.append(&mut words);
    limit_errors(&mut all);
    settle(&mut all, text);
    Some(all)
}

/// A text in which such words are looked for.
struct Words<'a> {
    text: &'a str,
    tokens: &'a [Token],
    leaves: &'a [&'a Expr],
    schema: &'a Schema,
}

impl Words<'_> {
    /// The condition to be read in the place of a token, if that is such a word, and what is told of it.
    fn word(&self, at: usize) -> Option<(Fix, Diagnostic)> {
        let kind = |at: usize| self.tokens.get(at).map(|token| token.kind);
        let place = self.tokens.get(at).filter(|token| token.kind == TokenKind::Word)?.span;
        let closes = |next| connective(next).is_some() || next == TokenKind::Symbol(Symbol::Close);
        if kind(at + 1).is_some_and(|next| !closes(next)) {
            return None;
        }
        // `and not muted`
        let before = at.checked_sub(1)?;
        let negates = kind(before).is_some_and(is_not);
        let level = connective(kind(before.checked_sub(usize::from(negates))?)?)?;
        let word = place.of(self.text);
        let condition = called(word, place, self.schema)?;
        let is_value = is_value(word, self.asked_before(place)?.as_ref(), level, self.schema);
        (!is_value).then_some(condition)
    }

    /// What the condition before a word asks of, as far as it is known; none where the word belongs to it for sure: in the
    /// same parentheses, behind a comma, or as the second one of BETWEEN.
    fn asked_before(&self, word: Span) -> Option<Option<ValueType>> {
        let mut asked = None;
        for leaf in self.leaves.iter().rev() {
            let (name, start) = match leaf {
                Expr::Condition(condition) if condition.span.start < word.start => {
                    (condition.name.text(self.text), condition.name.span.start)
                }
                Expr::Error(span) if span.start < word.start => {
                    let first = self.tokens.iter().find(|token| token.span.end > span.start)?;
                    (name_in(first.span.of(self.text)).into(), first.span.start)
                }
                _ => continue,
            };
            let known = self.value_type(&name, Span::new(start, start + name.len() as u32));
            let is_read = known.is_some() || matches!(leaf, Expr::Condition(_));
            asked = Some((start, known));
            // Each of several values may have been taken for a condition.
            if is_read {
                break;
            }
        }
        let (start, known) = asked?;
        let between = |token: &&Token| start <= token.span.start && token.span.start < word.start;
        let mut open = 0i32;
        for token in self.tokens.iter().filter(between) {
            match token.kind {
                TokenKind::Symbol(Symbol::Open) => open += 1,
                TokenKind::Symbol(Symbol::Close) => open -= 1,
                TokenKind::Symbol(Symbol::Comma) if open == 0 => return None,
                TokenKind::Keyword(Keyword::Between) => return None,
                _ => {}
            }
        }
        (open <= 0).then_some(known)
    }

    /// What an attribute has, whose name may be nearly right.
    fn value_type(&self, name: &str, place: Span) -> Option<ValueType> {
        let resolved = name::resolve(name, None, place, self.schema);
        let named = resolved.or_else(|unknown| {
            let right = unknown.fix.as_ref().map_or(name, |fix| &fix.replacement);
            name::resolve(right, None, place, self.schema)
        });
        named.ok().map(|named| named.attribute.value_type())
    }
}

/// The condition that a word says by itself, that an attribute is true or one of those of a search box, and what is told of
/// it; any condition on another attribute, which lacks an operator.
fn called(word: &str, place: Span, schema: &Schema) -> Option<(Fix, Diagnostic)> {
    let lower = word.to_lowercase();
    let named = |name| name::resolve(name, None, place, schema).ok().map(|named| (name, named));
    let said = |condition: String| (catalogue::said_condition(place, word, &condition), condition);
    let (told, replacement) = match named(word).or_else(|| named(&lower)) {
        Some((name, named)) if named.attribute.value_type() == ValueType::Boolean => said(format!("{name} = true")),
        Some((name, _)) => {
            (catalogue::missing_operator(place, name), format!("{name} {}", Operator::IsPresent.as_str()))
        }
        None => said(owner(word, schema).filter(|_| is_state(word))?),
    };
    Some((Fix { span: place, replacement }, told))
}

/// Whether one of several values behind the first one is a condition by itself: `open` of `label IN (vip, open)`, for which
/// `label = vip, open` was taken.
pub(super) fn has_state(fix: &Fix, schema: &Schema) -> bool {
    let source = &fix.replacement;
    let parsed = as_it_stands(source);
    let mut leaves = Vec::new();
    parsed.tree().into_iter().for_each(|tree| collect(tree, &mut leaves));
    let mut values = leaves.into_iter().flat_map(|leaf| match leaf {
        Expr::Condition(condition) => condition.operand.values().map(|value| (condition, value)).collect(),
        _ => Vec::new(),
    });
    values.next();
    values.any(|(condition, value)| {
        let word = value.span.of(source);
        let asked = value_type(condition, source, schema);
        is_state(word) && !is_value(word, asked.as_ref(), Connective::Or, schema)
    })
}

fn is_state(word: &str) -> bool {
    state_called(word).is_some() || PRIORITIES.contains(&word)
}

/// The name in a word that a mistake begins with: `label` of `-label:vip`.
fn name_in(word: &str) -> &str {
    let word = word.trim_start_matches('-');
    word.split(':').next().unwrap_or(word)
}

/// Whether such a word is rather one more value of the condition before it: the account may have a label or a name that is
/// called so, and of texts one may look for any word.
fn is_value(word: &str, asked: Option<&ValueType>, level: Connective, schema: &Schema) -> bool {
    let account = schema.account.as_ref();
    match asked {
        Some(ValueType::Labels) => account.is_some_and(|account| account.labels().iter().any(|label| label == word)),
        Some(ValueType::Id(kind)) => account.is_some_and(|account| !account.find(*kind, word).is_empty()),
        Some(ValueType::Text(_)) | None => level == Connective::Or && is_state(word),
        Some(ValueType::Word(words)) => words.contains(&word),
        Some(_) => false,
    }
}
