//! Signs that stand for any text in a shell, in SQL or in a regular expression, and for themselves here: what is one, and what
//! is meant by a text that has one. Amounts and addresses have such signs too.

use std::borrow::Cow;

use smol_str::SmolStr;

use super::filter::Test;
use super::group_of;
use super::value::{Reader, Typed, has_outer_blank};
use crate::diagnostic::{Diagnostic, catalogue};
use crate::eval::text::{LikeMeaning, LikePattern};
use crate::schema::{Attribute, OperatorGroup, Standard, ValueType};
use crate::source::{Span, as_pattern, has_any};
use crate::syntax::{Connective, Operator, Value, quote, write_value};

/// A text with signs at its ends that stand for any text, or for an end, elsewhere.
pub(super) struct Pattern<'t> {
    /// The first of them.
    sign: &'static str,
    /// The text that is looked for, if it is one.
    pub plain: Option<Cow<'t, str>>,
    /// The pattern of LIKE that says the same, where there are several texts.
    like: Option<String>,
    /// Where it is looked for; none where only a sign behind it tells, as in `re*`.
    place: Option<OperatorGroup>,
}

impl<'t> Pattern<'t> {
    /// Reads a text; a path has slashes.
    pub(super) fn of(text: &'t str, is_path: bool) -> Option<Self> {
        const SIGNS: &[&str] = &[".*", "*", "%"];
        if !has_ends(text) {
            return None;
        }
        // `/refund/i`
        let between = text.strip_prefix('/').and_then(|text| text.trim_end_matches(['i', 'g', 'm']).strip_suffix('/'));
        let between = between.filter(|inner| !is_path && inner.contains(is_word) && !inner.contains('/'));
        let mut inner = between.unwrap_or(text);
        let led = inner.strip_prefix('^').filter(|inner| inner.starts_with(|c| is_word(c) || c == '.'));
        inner = led.unwrap_or(inner);
        let begins = |inner: &str| {
            let sign = SIGNS.iter().copied().find(|sign| inner.starts_with(sign))?;
            (sign != "%" || is_any("", inner.get(1..)?)).then_some(sign)
        };
        let ends = |inner: &str| {
            let sign = SIGNS.iter().copied().find(|sign| inner.ends_with(sign))?;
            (sign != "%" || is_any(inner.trim_end_matches('%'), "")).then_some(sign)
        };
        let begun = begins(inner);
        // `100$` and `US$` are amounts.
        let stopped = inner.strip_suffix('$').filter(|inner| inner.ends_with(char::is_lowercase));
        inner = stopped.unwrap_or(inner);
        let sign = between.map(|_| "/").or(led.map(|_| "^")).or(begun).or_else(|| ends(inner));
        let sign = sign.or(stopped.map(|_| "$"))?;
        while let Some(sign) = begins(inner) {
            inner = inner.get(sign.len()..)?;
        }
        while let Some(sign) = ends(inner) {
            inner = inner.get(..inner.len() - sign.len())?;
        }
        // `**important**` and `* item` are marks of a text.
        if inner.is_empty() || text.contains("**") || inner.starts_with(' ') {
            return None;
        }
        let place = match (begun, led) {
            (None, Some(_)) => Some(OperatorGroup::Prefix),
            (None, None) if between.is_none() && stopped.is_none() => None,
            _ => Some(OperatorGroup::Containment),
        };
        let is_shell = matches!(sign, "*" | "%");
        let plain = if is_shell { unsigned(inner) } else { unescaped(inner) };
        let any = if is_shell { "*" } else { ".*" };
        let like = if plain.is_none() && stopped.is_none() { pieces(inner, any) } else { None };
        let like = like.map(|like| if place == Some(OperatorGroup::Prefix) { like } else { format!("%{like}") });
        Some(Self { sign, plain, like, place })
    }

    /// Reads a text in which a sign of regular expressions stands between others: `refund.*order`.
    fn within(text: &'t str) -> Option<Self> {
        let like = Some(format!("%{}", pieces(text, ".*")?));
        Some(Self { sign: ".*", plain: None, like, place: Some(OperatorGroup::Containment) })
    }

    /// Where the text is looked for by an operator.
    pub(super) fn group(&self, operator: Operator) -> OperatorGroup {
        let own = group_of(operator).0;
        let other = if own == OperatorGroup::Containment { own } else { OperatorGroup::Prefix };
        self.place.unwrap_or(other)
    }
}

/// Whether a text begins or ends as one with such signs does; nearly every text does not.
#[inline]
fn has_ends(text: &str) -> bool {
    let (first, last) = (text.as_bytes().first(), text.as_bytes().last());
    matches!(first, Some(b'*' | b'%' | b'.' | b'^' | b'/')) || matches!(last, Some(b'*' | b'%' | b'$' | b';'))
}

/// Whether no more of a query follows.
fn ends_here(behind: &str) -> bool {
    behind.trim_start().is_empty()
}

fn is_word(c: char) -> bool {
    c.is_alphanumeric()
}

/// Whether a percent sign is one of SQL's between these texts: none of an amount, `100%`, and of an address, `%20`.
fn is_any(before: &str, behind: &str) -> bool {
    let escapes = behind.get(..2).is_some_and(|two| two.bytes().all(|byte| byte.is_ascii_hexdigit()));
    !escapes && !before.ends_with(|c: char| c.is_ascii_digit())
}

/// Whether there is a percent sign of SQL within a text.
fn is_any_within(text: &str) -> bool {
    text.match_indices('%').any(|(at, sign)| {
        let ends = text.get(..at).zip(text.get(at + sign.len()..));
        ends.is_some_and(|(before, behind)| is_any(before, behind))
    })
}

/// The texts between signs for any text as a pattern of LIKE that begins with the first of them, if all of them are texts.
fn pieces(text: &str, any: &str) -> Option<String> {
    let read = |piece| if any == "*" { unsigned(piece) } else { unescaped(piece) };
    let all: Vec<String> =
        text.split(any).map(|piece| Some(as_pattern(&read(piece)?).into_owned())).collect::<Option<_>>()?;
    (all.len() > 1 && all.iter().all(|piece| piece.contains(is_word))).then(|| all.join("%") + "%")
}

/// The alternatives of `refund|return`, a regular expression; a bar between blanks is one of a title.
fn alternatives(text: &str) -> Option<Vec<&str>> {
    let all: Vec<&str> = text.split('|').collect();
    let is_text = |part: &&str| {
        part.contains(is_word) && part.trim() == *part && matches!(unescaped(part), Some(Cow::Borrowed(_)))
    };
    (all.len() > 1 && all.iter().all(is_text)).then_some(all)
}

/// A text between stars that has no more of them.
fn unsigned(text: &str) -> Option<Cow<'_, str>> {
    (!text.contains('*') && !is_any_within(text)).then_some(text.into())
}

/// The text that a regular expression says, if it says one: `a.com` of `a\.com`.
fn unescaped(text: &str) -> Option<Cow<'_, str>> {
    let is_plain = |text: &str| !text.contains(['*', '+', '?', '|', '[', '(', '{', '^', '$']);
    let mut parts = text.split('\\');
    let mut plain = Cow::Borrowed(parts.next().filter(|part| is_plain(part))?);
    for part in parts {
        let mut rest = part.chars();
        // `\d` is any digit.
        rest.next().filter(|escaped| !is_word(*escaped)).filter(|_| is_plain(rest.as_str()))?;
        plain.to_mut().push_str(part);
    }
    Some(plain)
}

impl Reader<'_, '_> {
    /// Warns of such a sign in a text; whether it has one.
    #[inline]
    pub(super) fn has_wildcard(&mut self, text: &str, span: Span) -> bool {
        let is_whole = group_of(self.operator).0 == OperatorGroup::Equality;
        (has_ends(text) || !is_whole && has_any(text, [b'%', b'*', b'|']))
            && self.told_of_wildcard(text, is_whole, span)
    }

    #[cold]
    fn told_of_wildcard(&mut self, text: &str, is_whole: bool, span: Span) -> bool {
        let is_path = *self.attribute == Attribute::Standard(Standard::Referer);
        let source = self.checker.source;
        // A word at the query's end; in quotes it is longer than the text.
        if text.ends_with(';') && span.len() == text.len() && source.get(span.end as usize..).is_some_and(ends_here) {
            self.checker.found.push(catalogue::ends_in_semicolon(span, text));
            return true;
        }
        let told = match Pattern::of(text, is_path) {
            Some(_) if self.lists(text) => return false,
            Some(pattern) => {
                let told = catalogue::wildcard(span, pattern.sign);
                match self.value_type {
                    ValueType::Labels => catalogue::whole_label(told),
                    _ => self.part_of_text(told, &pattern, span),
                }
            }
            None if is_whole => return false,
            None => match (Pattern::within(text), alternatives(text)) {
                (Some(pattern), _) => self.part_of_text(catalogue::wildcard(span, ".*"), &pattern, span),
                (_, Some(texts)) => self.one_of_texts(&texts, span),
                _ if is_any_within(text) => catalogue::wildcard(span, "%"),
                _ => return false,
            },
        };
        self.checker.found.push(told);
        true
    }

    /// Reads the pattern of LIKE. What another operator asks too is that operator's.
    pub(super) fn like(&mut self, value: Value) -> Option<Test> {
        let text = value.text(self.checker.source);
        if text.contains('\0') {
            self.checker.found.push(catalogue::nul_character(value.span));
            return None;
        }
        let digits = |byte: u8| byte.is_ascii_digit() || matches!(byte, b'%' | b'_');
        if matches!(*self.value_type, ValueType::Id(_)) && !text.bytes().all(digits) {
            let told = catalogue::wrong_type(value.span, &text, &self.name(), "digits, `%` and `_`");
            self.checker.found.push(told);
            return None;
        }
        let pattern = LikePattern::new(&text);
        if !has_any(&text, [b'%', b'_']) && !self.has_wildcard(&text, value.span) {
            let told = catalogue::no_wildcard(value.span);
            let told = self.in_text(told, &text, OperatorGroup::Containment, value.span);
            self.checker.found.push(told);
        }
        let is_sent = matches!(self.attribute, Attribute::Standard(_) | Attribute::Custom(_));
        match pattern.meaning() {
            LikeMeaning::Contains(text) => {
                if is_sent && has_outer_blank(&text) {
                    self.checker.found.push(catalogue::outer_blank(value.span));
                }
                Some(Test::Contains(text.into()))
            }
            LikeMeaning::Anything => Some(Test::Contains(SmolStr::default())),
            LikeMeaning::NotEmpty | LikeMeaning::Other => Some(Test::Like(pattern.written().into())),
        }
    }

    /// Reads the star of `assignee = *`, which asks for any value, and the `""` of `priority = ""`, which asks for none; each is
    /// a text at most.
    #[cold]
    pub(super) fn presence(&mut self, text: &str, span: Span) -> Option<Typed> {
        let is_text = matches!(self.value_type, ValueType::Text(_) | ValueType::Labels);
        let is_any = !text.is_empty();
        let told = match *self.value_type {
            _ if is_text && is_any => catalogue::wildcard(span, "*"),
            _ if is_text => catalogue::empty_text(span),
            ValueType::Word(words) => catalogue::unknown_word(span, text, &self.name(), words, None),
            _ => catalogue::wrong_type(span, text, &self.name(), self.value_type.noun()),
        };
        let presence = match group_of(self.operator) {
            (OperatorGroup::Equality, negative) if is_any != negative => Some(Operator::IsPresent),
            (OperatorGroup::Equality, _) => Some(Operator::IsMissing),
            _ => None,
        };
        let presence = presence.filter(|_| is_any || self.attribute.nullable());
        let name = self.name.span.of(self.checker.source);
        let told = match self.place(span).zip(presence) {
            Some((place, presence)) => {
                catalogue::another_condition(told, place, format!("{name} {}", presence.as_str()))
            }
            None => told,
        };
        self.checker.found.push(told);
        is_text.then(|| Typed::Text(text.into()))
    }

    /// Whether a text is one of a custom attribute's values, whatever signs are in it.
    fn lists(&self, text: &str) -> bool {
        let Attribute::Custom(custom) = self.attribute else { return false };
        let definition = self.checker.schema.account.as_ref().and_then(|account| account.custom(&custom.key));
        definition.is_some_and(|definition| definition.values.iter().any(|value| value == text))
    }

    /// Has a warning offer the operator that looks for the text.
    fn part_of_text(&self, told: Diagnostic, pattern: &Pattern<'_>, span: Span) -> Diagnostic {
        match (pattern.plain.as_deref(), &pattern.like) {
            (Some(plain), _) => self.in_text(told, plain, pattern.group(self.operator), span),
            (None, Some(like)) => match self.place(span).filter(|_| self.attribute.allows(OperatorGroup::Pattern)) {
                Some(place) => {
                    let operator = if group_of(self.operator).1 { Operator::NotLike } else { Operator::Like };
                    let name = self.name.span.of(self.checker.source);
                    catalogue::part_of_text(told, place, format!("{name} {} {}", operator.as_str(), quote(like)))
                }
                None => told,
            },
            (None, None) => told,
        }
    }

    /// What is told of the bars of `refund|return`.
    fn one_of_texts(&self, texts: &[&str], span: Span) -> Diagnostic {
        let name = self.name.span.of(self.checker.source);
        let join = if group_of(self.operator).1 { Connective::And } else { Connective::Or };
        // Each is looked for as a part; LIKE would compare it as a whole.
        let operator = match self.operator {
            Operator::Like => Operator::Contains,
            Operator::NotLike => Operator::NotContains,
            other => other,
        };
        let each = texts.iter().map(|text| format!("{name} {} {}", operator.as_str(), write_value(text)));
        let fixed = format!("({})", each.collect::<Vec<_>>().join(&format!(" {} ", join.as_str())));
        let told = catalogue::wildcard(span, "|");
        match self.place(span) {
            Some(place) => catalogue::another_condition(told, place, fixed),
            None => told,
        }
    }

    /// Has a warning offer the operator of a group, or the one that finds a text anywhere, for a text.
    pub(super) fn in_text(&self, told: Diagnostic, text: &str, group: OperatorGroup, span: Span) -> Diagnostic {
        let is_prefix = group == OperatorGroup::Prefix && self.attribute.allows(group);
        let operator = match (is_prefix, group_of(self.operator).1) {
            (true, false) => Operator::StartsWith,
            (true, true) => Operator::NotStartsWith,
            (false, false) => Operator::Contains,
            (false, true) => Operator::NotContains,
        };
        // A list has more values than this one.
        let place = self.place(span).filter(|_| self.attribute.allows(group_of(operator).0));
        let Some(place) = place else { return told };
        let name = self.name.span.of(self.checker.source);
        catalogue::part_of_text(told, place, format!("{name} {} {}", operator.as_str(), write_value(text)))
    }

    /// Has what is told of a value offer those that it means, of which there is a list: `status = op*`, `assignee = Jonas*`,
    /// `label = "vip, refund"`.
    pub(super) fn matched(&self, told: Diagnostic, text: &str, span: Span) -> Diagnostic {
        let those = || self.checker.those_with(self.attribute, self.name, self.operator, text);
        let meant = || match Pattern::of(text, false) {
            Some(_) => those(),
            None => self.checker.those_in(self.attribute, self.name, self.operator, text),
        };
        match self.place(span).and_then(|place| Some((place, meant()?))) {
            Some((place, fixed)) => catalogue::another_condition(told, place, fixed),
            None => told,
        }
    }
}
