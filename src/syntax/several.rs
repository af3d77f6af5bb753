//! Several values of one condition, as one would say them, and the condition or the conditions that are meant.

use std::borrow::Cow;

use super::input::Tokens;
use super::operator::consumed;
use super::tree::{Condition, Connective, Expr, Form, Name, Operator};
use crate::diagnostic::{Diagnostic, catalogue};
use crate::source::{Span, is_digits};

/// The condition before, with the values behind it: `status IN (open, pending)`.
pub(crate) fn with_values(source: &str, previous: &Condition, level: Connective, values: &[&str]) -> String {
    let written = previous.operand.values().map(|value| match value.form {
        Form::Words => Cow::Owned(super::quote(value.span.of(source))),
        _ => Cow::Borrowed(value.span.of(source)),
    });
    let before: Vec<Cow<'_, str>> = written.collect();
    let all: Vec<&str> = before.iter().map(AsRef::as_ref).chain(values.iter().copied()).collect();
    let operator = if previous.operator == Operator::NotIn { Operator::NotEqual } else { previous.operator };
    of_values(source, previous.name, operator, level, &all)
}

/// The range of `created_at > 2026-01-01 and 2026-02-01`.
pub(super) fn range_from(source: &str, previous: &Condition, level: Connective, values: &[&str]) -> Option<String> {
    let first = previous.operand.values().next()?.span.of(source);
    match (previous.operator, level, values) {
        (Operator::Greater | Operator::GreaterEqual, Connective::And, [last]) => {
            Some(format!("{} {} {first} AND {last}", previous.name.span.of(source), Operator::Between.as_str()))
        }
        _ => None,
    }
}

/// One condition on several values where the operator has one for lists, else a condition for each; as it was evidently
/// meant, for no status is two at once, and each is another than one of two.
pub(super) fn of_values(source: &str, name: Name, operator: Operator, level: Connective, values: &[&str]) -> String {
    let labels = is_labels(&name.text(source));
    let operator = match operator {
        Operator::Contains if labels => Operator::Equal,
        Operator::NotContains if labels => Operator::NotEqual,
        operator => operator,
    };
    let name = name.span.of(source);
    let both = labels && operator == Operator::Equal && level == Connective::And;
    if let Some(list) = operator.of_list().filter(|_| !both && values.len() > 1) {
        return format!("{name} {} ({})", list.as_str(), values.join(", "));
    }
    let level = operator.joint().filter(|joint| *joint == Connective::And).unwrap_or(level);
    // A pattern is in quotes.
    let is_bare =
        |value: &str| matches!(operator, Operator::Like | Operator::NotLike) && !value.starts_with(['"', '\'']);
    let each = values.iter().map(|value| {
        let value = if is_bare(value) { super::quote(value).into() } else { Cow::Borrowed(*value) };
        format!("{name} {} {value}", operator.as_str())
    });
    each.collect::<Vec<_>>().join(&format!(" {} ", level.as_str()))
}

/// Whether words are the name of somebody or something, with AND in it perhaps: `Black and White`.
pub(super) fn is_title(words: &str) -> bool {
    let is_joint = |word: &str| word == "&" || word.eq_ignore_ascii_case(Connective::And.as_str());
    words.split_whitespace().all(|word| word.starts_with(char::is_uppercase) || is_joint(word))
}

/// Whether the name is one of those of the attribute that has several values at once: its own, its alias and what
/// others call it.
pub(super) fn is_labels(name: &str) -> bool {
    ["label", "labels", "tag", "tags"].iter().any(|known| name.eq_ignore_ascii_case(known))
}

/// The texts in which search boxes look for a part, by their own names and others.
const LONG_TEXTS: &[&str] = &[
    "mail_subject",
    "subject",
    "message",
    "messages",
    "body",
    "text",
    "content",
    "referer",
    "referrer",
    "page",
    "url",
];

/// Whether a name is one of those.
pub(super) fn is_long_text(name: &str) -> bool {
    LONG_TEXTS.iter().any(|known| name.eq_ignore_ascii_case(known))
}

/// `unread_count = 1000` of `unread_count = 1,000`, and `order_total > 100.50` of `order_total > 100,50` and
/// `order_total > 1.000,50`.
pub(super) fn as_number(source: &str, previous: &Condition, groups: &[&str]) -> Option<String> {
    let first = previous.operand.values().next()?.span;
    let (name, written) = (previous.name.span.of(source), first.of(source));
    // In a list blanks stand behind the commas.
    let joined = groups.iter().fold(written.to_owned(), |joined, group| joined + "," + group);
    let (_, behind) = source.split_at_checked(first.start as usize)?;
    let number = plain_number(joined.trim_end_matches(UNITS)).filter(|_| behind.starts_with(&joined))?;
    Some(format!("{name} {} {number}", previous.operator.as_str()))
}

/// What stands before a number or behind it and says of what it is.
pub(crate) const UNITS: &[char] = &['%', '$', '\u{20AC}', '\u{A3}', '\u{A5}'];

/// `1000` of `1,000`, `100.50` of `100,50`, `1000.50` of both `1.000,50` and `1,000.50`, and `1000000` of `1.000.000`: a
/// number as it is written elsewhere, with a comma in it or several points.
pub(crate) fn plain_number(written: &str) -> Option<String> {
    let thousands = |text: &str, mark: char| {
        let mut groups = text.split(mark);
        let first = groups.next().filter(|first| is_digits(first) && first.len() <= 3)?;
        let all =
            groups.try_fold(first.to_owned(), |all, group| (group.len() == 3 && is_digits(group)).then(|| all + group));
        all.filter(|_| text.contains(mark))
    };
    let (before, fraction) = written.rsplit_once([',', '.']).filter(|(_, fraction)| is_digits(fraction))?;
    let has_comma = written.strip_suffix(fraction).is_some_and(|rest| rest.ends_with(','));
    let whole = match (written.contains('.'), has_comma) {
        (false, _) if fraction.len() > 2 => return thousands(written, ','),
        (false, _) => Some(before.to_owned()).filter(|before| is_digits(before)),
        (true, true) => thousands(before, '.'),
        (true, false) if !before.contains(',') => return thousands(written, '.').filter(|_| before.contains('.')),
        (true, false) => thousands(before, ','),
    };
    whole.map(|whole| format!("{whole}.{fraction}"))
}

/// Conditions that stand in the place of one among others: in parentheses, where their connective would not hold.
pub(crate) fn as_one(source: &str, place: Span, conditions: String) -> String {
    let before = source.get(..place.start as usize).unwrap_or_default().trim_end().to_ascii_uppercase();
    let behind = source.get(place.end as usize..).unwrap_or_default().trim_start();
    let alone = before.is_empty() && behind.is_empty();
    let negated = before.ends_with('!') || before.ends_with("NOT");
    // AND holds among others, whatever those are joined with.
    match outermost(&conditions) {
        Some(level) if negated || (level == Connective::Or && !alone) => format!("({conditions})"),
        _ => conditions,
    }
}

/// Conditions as one operand, whatever is around them.
pub(super) fn grouped(conditions: String) -> String {
    if outermost(&conditions).is_some() { format!("({conditions})") } else { conditions }
}

/// What conditions are joined with outside of all parentheses.
fn outermost(conditions: &str) -> Option<Connective> {
    match super::as_it_stands(conditions).tree()? {
        Expr::Chain { connective, .. } => Some(*connective),
        _ => None,
    }
}

/// `status = open|pending`, `R&D`: single signs between words without blanks; the input begins at the first sign.
#[cold]
pub(super) fn signs_between<'t>(
    level: Connective,
    previous: &Condition,
    first: Span,
    input: Tokens<'t>,
) -> (Tokens<'t>, Diagnostic) {
    let source = input.context.text;
    let (mut rest, mut values) = (input, Vec::new());
    while rest.peek() == input.peek() && rest.is_value(1) && rest.is_boundary(2) {
        values.push(rest.text_at(1));
        rest = rest.skip(2);
    }
    let span = first.to(consumed(input, rest));
    // A name may well have `&` in it, a label does not.
    let error = if level == Connective::Or || is_labels(&previous.name.text(source)) {
        let place = previous.span.to(span);
        // `message ~ /refund|return/`
        let pattern = span.of(source).strip_prefix('/').and_then(|text| text.strip_suffix('/'));
        let conditions = match (pattern, values.is_empty()) {
            (Some(pattern), false) if level == Connective::Or => {
                let values: Vec<&str> = pattern.split('|').collect();
                of_values(source, previous.name, previous.operator, level, &values)
            }
            _ => with_values(source, previous, level, &values),
        };
        let fixed = as_one(source, place, conditions);
        catalogue::signs_for_connective(span, span.of(source), place, &fixed)
    } else {
        catalogue::unquoted_sign(span, span.of(source))
    };
    (rest, error)
}

#[cfg(test)]
mod tests {
    use super::plain_number;

    #[test]
    fn numbers_are_read_as_they_are_written_elsewhere() {
        for (written, plain) in [
            ("1,000", Some("1000")),
            ("1,000,000", Some("1000000")),
            ("100,50", Some("100.50")),
            ("1000,5", Some("1000.5")),
            ("1.000,50", Some("1000.50")),
            ("1.000.000,5", Some("1000000.5")),
            ("1,000.50", Some("1000.50")),
            ("1,000,000.125", Some("1000000.125")),
            ("1.000.000", Some("1000000")),
            ("1.000", None),
            ("1.000.00", None),
            ("0,5", Some("0.5")),
            ("1000", None),
            ("1.5", None),
            ("1.50,000.5", None),
            ("1,2,3", None),
            ("1000,000", None),
            ("10,00,000", None),
            ("1.00,5", None),
            ("a,5", None),
            (",5", None),
            ("5,", None),
        ] {
            assert_eq!(plain_number(written).as_deref(), plain, "{written}");
        }
    }
}
