//! Conditions that are read, and whose operator, attribute or value is none for the others: what they mean.

use std::borrow::Cow;

use super::meant::without_wildcards;
use super::mend::owner;
use super::time::{Moment, Period, moment, period};
use super::value::OTHER_WORDS;
use super::wildcard::Pattern;
use super::{Checker, group_of, name, spellings};
use crate::diagnostic::{Diagnostic, catalogue};
use crate::eval::text::{LikeMeaning, LikePattern};
use crate::schema::{Account, Attribute, Case, NameList, OperatorGroup, PRIORITIES, Schema, Standard, ValueType};
use crate::source::{has_any, is_digits};
use crate::syntax::spelling::{length_of_time, searched_sign, truth, write_name_value};
use crate::syntax::{Condition, Form, Name, Operand, Operator, Value, mirrored, state_called, write_value};

/// What is told of the attribute of a condition that is meant otherwise, where it is none.
#[cold]
pub(super) fn meant(error: &Diagnostic, condition: &Condition, source: &str, schema: &Schema) -> Option<Diagnostic> {
    let meant = aged(error, condition, source).or_else(|| true_state(error, condition, source, schema));
    meant.or_else(|| reversed(condition, source, schema))
}

/// Has what is told of `age > 7d` offer the condition that is meant: the older a conversation is, the earlier it was begun.
fn aged(error: &Diagnostic, condition: &Condition, source: &str) -> Option<Diagnostic> {
    let name = condition.name.text(source);
    if !name.eq_ignore_ascii_case("age") {
        return None;
    }
    let length = |value: &Value| length_of_time(&value.text(source));
    let compared = match (&condition.operand, condition.operator) {
        (Operand::One(value), operator @ Operator::OlderThan) => format!("{} {}", operator.as_str(), length(value)?),
        (Operand::One(value), operator) => format!("{} -{}", mirrored(operator)?.as_str(), length(value)?),
        // The longer ago, the earlier.
        (Operand::Range(low, high), operator) => {
            format!("{} -{} AND -{}", operator.as_str(), length(high)?, length(low)?)
        }
        _ => return None,
    };
    let fixed = format!("created_at {compared}");
    Some(catalogue::state_as_attribute(error.clone(), &name, condition.span, &fixed))
}

/// What is told of `3 < unread_count`, where the value stands in the attribute's place.
fn reversed(condition: &Condition, source: &str, schema: &Schema) -> Option<Diagnostic> {
    let Operand::One(value) = &condition.operand else { return None };
    let attribute = value.span.of(source);
    let known = value.form == Form::Word && name::resolve(attribute, None, value.span, schema).is_ok();
    let operator = mirrored(condition.operator).filter(|_| known)?;
    let span = condition.span;
    let fixed = format!("{attribute} {} {}", operator.as_str(), condition.name.span.of(source));
    Some(catalogue::reversed_condition(span, span.of(source), &fixed))
}

/// Has what is told of the attribute of `snoozed = true` and `is_urgent = no`, where a state has an attribute's place, offer
/// the condition that is meant.
fn true_state(error: &Diagnostic, condition: &Condition, source: &str, schema: &Schema) -> Option<Diagnostic> {
    let Operand::One(value) = &condition.operand else { return None };
    let negative = match condition.operator {
        Operator::Equal => false,
        Operator::NotEqual => true,
        _ => return None,
    };
    let holds = truth(value.span.of(source))? != negative;
    let name = condition.name.text(source);
    let word = name.strip_prefix("is_").unwrap_or(&name).to_ascii_lowercase();
    // An attribute that is called almost so is meant rather than a label.
    let is_certain = error.fix.is_none() || state_called(&word).is_some() || PRIORITIES.contains(&&*word);
    let meant = owner(&word, schema).filter(|_| is_certain)?;
    let fixed = if holds { meant } else { format!("NOT {meant}") };
    Some(catalogue::state_as_attribute(error.clone(), &name, condition.span, &fixed))
}

/// Whether a word has a text in it, or begins with it, as operators of a group ask.
fn has(group: OperatorGroup, word: &str, text: &str) -> bool {
    match group {
        OperatorGroup::Containment => word.contains(text),
        OperatorGroup::Prefix => word.starts_with(text),
        _ => false,
    }
}

impl Checker<'_> {
    /// What is told of an operator that does not go with the attribute.
    #[cold]
    pub(super) fn not_allowed(&self, condition: &Condition, attribute: &Attribute) -> Diagnostic {
        let name = &*condition.name.text(self.source);
        let allowed: Vec<&str> = attribute.operators().iter().flat_map(|group| spellings(*group)).collect();
        let noun = attribute.value_type().noun();
        let diagnostic = catalogue::operator_not_allowed(
            condition.operator_span,
            condition.operator_span.of(self.source),
            condition.name.span,
            name,
            noun,
            &allowed,
        );
        match self.ordered_words(condition, attribute) {
            Some(words) => catalogue::ordered_words(diagnostic, condition.span, name, words),
            None => {
                let list = match attribute.value_type() {
                    ValueType::Id(kind) => kind.list(),
                    ValueType::Labels => Some(NameList::Labels),
                    _ => None,
                };
                let diagnostic = Diagnostic { judged_by: list, ..diagnostic };
                match self.with_text(condition, attribute) {
                    Some(fixed) => catalogue::another_condition(diagnostic, condition.span, fixed),
                    None => diagnostic,
                }
            }
        }
    }

    /// What a condition that looks for a part of a text means, where values are compared as a whole.
    fn with_text(&self, condition: &Condition, attribute: &Attribute) -> Option<String> {
        let Operand::One(value) = &condition.operand else { return None };
        let group = group_of(condition.operator).0;
        let is_part = matches!(group, OperatorGroup::Containment | OperatorGroup::Prefix | OperatorGroup::Pattern);
        // What a sign may exclude is no part of the text: `label has vip -refund`.
        let words = value.span.of(self.source).split_whitespace().skip(1);
        let excludes = value.form == Form::Words && words.into_iter().any(|word| searched_sign(word).is_some());
        let text = Some(value.text(self.source)).filter(|_| is_part && !excludes)?;
        self.those_with(attribute, condition.name, condition.operator, &text)
    }

    /// What `assignee ~ Jonas`, `status = op*`, `label ~ vip` and `created_at ~ 2026-06` mean: those of the values that are known
    /// which have the text in them, or begin with it.
    pub(super) fn those_with(
        &self,
        attribute: &Attribute,
        name: Name,
        operator: Operator,
        text: &str,
    ) -> Option<String> {
        const MOST: usize = 6;
        if matches!(attribute.value_type(), ValueType::Time | ValueType::Date) {
            return self.within(name, operator, text);
        }
        let like = (group_of(operator).0 == OperatorGroup::Pattern).then(|| LikePattern::new(text));
        let anywhere = like.as_ref().and_then(|like| match like.meaning() {
            LikeMeaning::Contains(text) => Some(text),
            _ if !has_any(text, [b'%', b'_']) => Some(text.to_owned()),
            _ => None,
        });
        let text = anywhere.as_deref().unwrap_or(text);
        let pattern = if like.is_some() { None } else { Pattern::of(text, false) };
        let group = pattern.as_ref().map_or(group_of(operator).0, |pattern| pattern.group(operator));
        let text = pattern.as_ref().map_or(Some(text), |pattern| pattern.plain.as_deref())?;
        let lower = text.to_lowercase();
        let is_meant = |value: &str| match &like {
            Some(like) => like.matches_in(value, Case::Ignored),
            None => has(group, &value.to_lowercase(), &lower),
        };
        let account = self.schema.account.as_ref();
        let (meant, count): (Vec<Cow<'_, str>>, _) = match attribute.value_type() {
            ValueType::Word(of) => {
                (of.iter().filter(|word| is_meant(word)).map(|word| (*word).into()).collect(), of.len())
            }
            ValueType::Id(kind) => {
                let (account, names) = (account?, account?.names(kind));
                // The names of one record stand side by side.
                let records = || names.chunk_by(|a, b| a.0 == b.0);
                let meant = records().filter(|record| record.iter().any(|(_, name)| is_meant(name)));
                let written =
                    meant.filter_map(|record| record.first()).map(|(id, name)| match account.find(kind, name).len() {
                        1 => write_name_value(name).into(),
                        _ => id.to_string().into(),
                    });
                (written.collect(), records().count())
            }
            ValueType::Labels => {
                let labels = account.map(Account::labels).unwrap_or_default();
                let is_one = pattern.is_none() && labels.iter().any(|label| label == text);
                let meant = labels.iter().filter(|label| !is_one && is_meant(label));
                let written: Vec<Cow<'_, str>> = meant.map(|label| write_value(label).into()).collect();
                // A conversation has several labels, and is asked for one of them by `=`; it may have one that no list has.
                let is_asked = group_of(operator).0 == OperatorGroup::Containment || anywhere.is_some();
                match is_one || is_asked && written.is_empty() {
                    true => (vec![write_value(text).into()], usize::MAX),
                    false => (written, labels.len()),
                }
            }
            _ => return None,
        };
        let meant: Vec<&str> = meant.iter().map(AsRef::as_ref).collect();
        let is_part = meant.len() <= MOST && meant.len() < count;
        if is_part { self.one_of(name, operator, &meant) } else { None }
    }

    /// What `created_at LIKE '2026-06-%'` and `created_at CONTAINS 2026-06` mean: the day, month or year that is written there.
    fn within(&self, name: Name, operator: Operator, text: &str) -> Option<String> {
        let text = without_wildcards(text);
        if !matches!(moment(text, false, self.schema), Err(_) | Ok(Moment::Instant(..))) {
            return self.one_of(name, operator, &[text]);
        }
        let Period { first, last, .. } = period(text, self.schema)?;
        let not = if group_of(operator).1 { "NOT " } else { "" };
        Some(format!("{} {not}BETWEEN {first} AND {last}", name.span.of(self.source)))
    }

    /// What `label = "vip, refund"` means: values that are known, with commas between them.
    pub(super) fn those_in(&self, attribute: &Attribute, name: Name, operator: Operator, text: &str) -> Option<String> {
        text.contains(',').then_some(())?;
        let account = self.schema.account.as_ref();
        let is_id = |value: &str| matches!(attribute.value_type(), ValueType::Id(_)) && is_digits(value);
        let is_known = |value: &str| match attribute.value_type() {
            ValueType::Word(of) => of.contains(&value),
            ValueType::Id(_) if is_digits(value) => true,
            ValueType::Id(kind) => account.is_some_and(|account| account.find(kind, value).len() == 1),
            // Where they are not known, each text may be one.
            ValueType::Labels => match account.and_then(|account| account.labels.as_ref()) {
                Some(labels) => labels.iter().any(|label| label == value),
                None => !value.is_empty(),
            },
            _ => false,
        };
        let values: Vec<&str> = text.split(',').map(str::trim).collect();
        let write = |value: &&str| if is_id(value) { (*value).to_owned() } else { write_name_value(value) };
        let written: Vec<String> = values.iter().map(write).collect();
        let written: Vec<&str> = written.iter().map(String::as_str).collect();
        if values.iter().all(|value| is_known(value)) { self.one_of(name, operator, &written) } else { None }
    }

    /// The condition that an attribute has one of some values, or none of them where the operator excludes.
    fn one_of(&self, name: Name, operator: Operator, values: &[&str]) -> Option<String> {
        let name = name.span.of(self.source);
        let (_, negative) = group_of(operator);
        match values {
            [] => None,
            [only] => Some(format!("{name} {} {only}", if negative { "!=" } else { "=" })),
            several => Some(format!("{name} {}IN ({})", if negative { "NOT " } else { "" }, several.join(", "))),
        }
    }

    /// The priorities that `priority > medium` means: the server knows no order of them.
    fn ordered_words(&self, condition: &Condition, attribute: &Attribute) -> Option<&'static [&'static str]> {
        let Operand::One(value) = &condition.operand else { return None };
        if *attribute != Attribute::Standard(Standard::Priority) {
            return None;
        }
        let text = value.text(self.source);
        let other = OTHER_WORDS.iter().find(|(other, _)| text.eq_ignore_ascii_case(other));
        let text = other.map_or(&*text, |(_, meant)| meant);
        let at = PRIORITIES.iter().position(|word| text.eq_ignore_ascii_case(word))?;
        let words = match condition.operator {
            Operator::Less => PRIORITIES.get(..at),
            Operator::LessEqual => PRIORITIES.get(..=at),
            Operator::Greater => PRIORITIES.get(at + 1..),
            Operator::GreaterEqual => PRIORITIES.get(at..),
            _ => None,
        }?;
        (!words.is_empty()).then_some(words)
    }
}
