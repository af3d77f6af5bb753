//! What was meant by several values where a condition has room for one.

use super::quote;
use super::tree::{Condition, Connective, Form, Name, Operator};

/// The condition before, with the values behind it: `status IN (open, pending)`.
pub(super) fn with_values(source: &str, previous: &Condition, level: Connective, values: &[&str]) -> String {
    let quoted;
    let first = match previous.operand.values().next() {
        Some(value) if value.form == Form::Words => {
            quoted = quote(value.span.of(source));
            &quoted
        }
        first => first.map_or("", |value| value.span.of(source)),
    };
    let mut all: Vec<&str> = std::iter::once(first).chain(values.iter().copied()).collect();
    // `[open, pending]`
    if let [first, .., last] = all.as_mut_slice()
        && let (Some(inner), Some(end)) = (first.strip_prefix(['[', '{']), last.strip_suffix([']', '}']))
    {
        (*first, *last) = (inner, end);
    }
    of_values(source, previous.name, previous.operator, level, &all)
}

/// One condition on several values where the operator has one for lists, else a condition for each; as it was evidently
/// meant, for no status is two at once, and each is another than one of two.
pub(super) fn of_values(source: &str, name: Name, operator: Operator, level: Connective, values: &[&str]) -> String {
    let labels = name.text(source) == LABELS;
    let operator = match operator {
        Operator::Contains if labels => Operator::Equal,
        Operator::NotContains if labels => Operator::NotEqual,
        operator => operator,
    };
    let name = name.span.of(source);
    let both = labels && operator == Operator::Equal && level == Connective::And;
    if let Some(list) = operator.of_list().filter(|_| !both) {
        return format!("{name} {} ({})", list.as_str(), values.join(", "));
    }
    let level = match operator {
        Operator::NotContains | Operator::NotStartsWith => Connective::And,
        _ => level,
    };
    let each = values.iter().map(|value| format!("{name} {} {value}", operator.as_str()));
    each.collect::<Vec<_>>().join(&format!(" {} ", level.as_str()))
}

/// The attribute that has several values at once.
const LABELS: &str = "label";

/// `unread_count = 1000` of `unread_count = 1,000`.
pub(super) fn as_number(source: &str, previous: &Condition, groups: &[&str]) -> Option<String> {
    let first = previous.operand.values().next()?.span;
    let (name, written) = (previous.name.span.of(source), first.of(source));
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let grouped = written.len() <= 3 && digits(written) && groups.iter().all(|group| group.len() == 3 && digits(group));
    // In a list blanks stand behind the commas.
    let joined = groups.iter().fold(written.to_owned(), |joined, group| joined + "," + group);
    let (_, behind) = source.split_at_checked(first.start as usize)?;
    (grouped && behind.starts_with(&joined))
        .then(|| format!("{name} {} {written}{}", previous.operator.as_str(), groups.concat()))
}
