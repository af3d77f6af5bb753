//! Conditions that are read, and whose operator, attribute or value is none for the others: what they mean.

use super::mend::owner;
use super::value::OTHER_WORDS;
use super::{Checker, group_of, name, spellings};
use crate::diagnostic::{Diagnostic, catalogue};
use crate::schema::{Attribute, OperatorGroup, PRIORITIES, Schema, Standard, ValueType};
use crate::syntax::spelling::{length_of_time, truth, write_name_value};
use crate::syntax::{Condition, Form, Operand, Operator, Value, mirrored, state_called};

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

/// Whether a word has a text in it, or begins with it, as the operator asks.
fn has(operator: Operator, word: &str, text: &str) -> bool {
    match group_of(operator).0 {
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
                let fixed = self.label(condition, attribute).or_else(|| self.words_with(condition, attribute));
                match fixed.or_else(|| self.names_with(condition, attribute)) {
                    Some(fixed) => catalogue::another_operator(diagnostic, condition.span, fixed),
                    None => diagnostic,
                }
            }
        }
    }

    /// What `label CONTAINS vip` means: a conversation has several labels, and is asked for one of them by `=`.
    fn label(&self, condition: &Condition, attribute: &Attribute) -> Option<String> {
        let Operand::One(value) = &condition.operand else { return None };
        let sign = match condition.operator {
            Operator::Contains => "=",
            Operator::NotContains => "!=",
            _ => return None,
        };
        let (name, value) = (condition.name.span.of(self.source), value.span.of(self.source));
        (*attribute == Attribute::Standard(Standard::Labels)).then(|| format!("{name} {sign} {value}"))
    }

    /// What `status CONTAINS open` and `priority STARTS WITH h` mean: the words of the attribute that have it in them.
    fn words_with(&self, condition: &Condition, attribute: &Attribute) -> Option<String> {
        let (Operand::One(value), ValueType::Word(of)) = (&condition.operand, attribute.value_type()) else {
            return None;
        };
        let text = value.text(self.source).to_lowercase();
        let words: Vec<&str> = of.iter().filter(|word| has(condition.operator, word, &text)).copied().collect();
        if words.len() == of.len() { None } else { self.one_of(condition, &words) }
    }

    /// What `assignee ~ Jonas` means: those of the account's agents whose name has it in it.
    fn names_with(&self, condition: &Condition, attribute: &Attribute) -> Option<String> {
        const MOST: usize = 6;
        let (Operand::One(value), ValueType::Id(kind)) = (&condition.operand, attribute.value_type()) else {
            return None;
        };
        let account = self.schema.account.as_ref()?;
        let (text, names) = (value.text(self.source).to_lowercase(), account.names(kind));
        let is_meant = |(_, name): &(i64, &str)| has(condition.operator, &name.to_lowercase(), &text);
        // The names of one record stand side by side.
        let records = || names.chunk_by(|a, b| a.0 == b.0);
        let meant = records().filter(|record| record.iter().any(is_meant)).filter_map(|record| record.first());
        let written = meant.map(|(id, name)| match account.find(kind, name).len() {
            1 => write_name_value(name),
            _ => id.to_string(),
        });
        let written: Vec<String> = written.collect();
        let written: Vec<&str> = written.iter().map(String::as_str).collect();
        let is_part = written.len() <= MOST && written.len() < records().count();
        if is_part { self.one_of(condition, &written) } else { None }
    }

    /// The condition that an attribute has one of some values, or none of them where the operator excludes.
    fn one_of(&self, condition: &Condition, values: &[&str]) -> Option<String> {
        let name = condition.name.span.of(self.source);
        let (_, negative) = group_of(condition.operator);
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
