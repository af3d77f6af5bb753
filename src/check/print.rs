//! Filter → query text: what `explain` shows of residuals, and what `decompile` prints.

use std::fmt::Write as _;

use super::filter::{Comparison, Condition, Filter, Scalar, Test, Values};
use crate::schema::Attribute;
use crate::syntax::{Connective, quote, write_name, write_value};

/// The canonical text of a filter. Parsing and checking it gives the same meaning, in UTC.
///
/// What holds for every conversation, or for none, without a condition that says so has no text in the language; it is
/// written as a comment. Nor have tests that no query asks, as of a list without values: what is written of them is refused.
///
/// ```
/// # use cwql::{Schema, check, parse};
/// use cwql::Filter;
/// use cwql::check::to_text;
///
/// let checked = check(&parse("NOT (status = open OR NOT (team IN (8, 9) AND label = 'VIP'))"), &Schema::default())?;
/// assert_eq!(to_text(&checked.filter), "status != open AND team IN (8, 9) AND label = VIP");
/// assert_eq!(to_text(&Filter::NOTHING), "# nothing");
/// # Ok::<(), cwql::Diagnostics>(())
/// ```
#[must_use]
pub fn to_text(filter: &Filter) -> String {
    let mut out = String::new();
    match filter {
        // A comment would hide what stands behind it.
        Filter::All(_) | Filter::Any(_) | Filter::Not(_) if has_constant(filter) => {
            write_filter(&without_constants(filter), 0, &mut out);
        }
        _ => write_filter(filter, 0, &mut out),
    }
    out
}

/// Whether there is a chain without parts.
fn has_constant(filter: &Filter) -> bool {
    match filter {
        Filter::All(parts) | Filter::Any(parts) => parts.is_empty() || parts.iter().any(has_constant),
        Filter::Not(inner) => has_constant(inner),
        Filter::Condition(_) => false,
    }
}

/// The same meaning, in which at most the whole is a chain without parts.
fn without_constants(filter: &Filter) -> Filter {
    let chain = |parts: &[Filter], all: bool| {
        let (neutral, absorbing) =
            if all { (Filter::EVERYTHING, Filter::NOTHING) } else { (Filter::NOTHING, Filter::EVERYTHING) };
        let mut kept: Vec<Filter> = parts.iter().map(without_constants).filter(|part| *part != neutral).collect();
        match kept.len() {
            _ if kept.contains(&absorbing) => absorbing,
            0 => neutral,
            1 => kept.swap_remove(0),
            _ if all => Filter::All(kept),
            _ => Filter::Any(kept),
        }
    };
    match filter {
        Filter::All(parts) => chain(parts, true),
        Filter::Any(parts) => chain(parts, false),
        Filter::Condition(condition) => Filter::Condition(condition.clone()),
        Filter::Not(inner) => match without_constants(inner) {
            Filter::All(parts) if parts.is_empty() => Filter::NOTHING,
            Filter::Any(parts) if parts.is_empty() => Filter::EVERYTHING,
            inner => Filter::Not(Box::new(inner)),
        },
    }
}

fn write_filter(filter: &Filter, around: u8, out: &mut String) {
    match filter {
        Filter::Condition(condition) => write_condition(condition, out),
        Filter::Not(inner) => {
            out.push_str("NOT ");
            write_filter(inner, u8::MAX, out);
        }
        Filter::All(parts) => write_chain(parts, Connective::And, "# everything", around, out),
        Filter::Any(parts) => write_chain(parts, Connective::Or, "# nothing", around, out),
    }
}

fn write_chain(parts: &[Filter], connective: Connective, empty: &str, around: u8, out: &mut String) {
    if parts.is_empty() {
        out.push_str(empty);
        return;
    }
    if let [only] = parts {
        return write_filter(only, around, out);
    }
    let parentheses = connective.precedence() < around;
    if parentheses {
        out.push('(');
    }
    for (i, part) in parts.iter().enumerate() {
        if i > 0 {
            let _ = write!(out, " {} ", connective.as_str());
        }
        write_filter(part, connective.precedence(), out);
    }
    if parentheses {
        out.push(')');
    }
}

fn write_condition(condition: &Condition, out: &mut String) {
    out.push_str(&write_name(&condition.attribute.to_string()));
    match &condition.test {
        Test::AnyOf(values) => write_values(values, "=", "IN", &condition.attribute, out),
        Test::NoneOf(values) => write_values(values, "!=", "NOT IN", &condition.attribute, out),
        Test::Contains(text) => write_operand("CONTAINS", &write_value(text), out),
        Test::NotContains(text) => write_operand("NOT CONTAINS", &write_value(text), out),
        Test::StartsWith(text) => write_operand("STARTS WITH", &write_value(text), out),
        Test::NotStartsWith(text) => write_operand("NOT STARTS WITH", &write_value(text), out),
        Test::Like(pattern) => write_operand("LIKE", &quote(pattern), out),
        Test::NotLike(pattern) => write_operand("NOT LIKE", &quote(pattern), out),
        Test::Compare(comparison, scalar) => write_comparison(*comparison, scalar, out),
        Test::Present => out.push_str(" IS PRESENT"),
        Test::Missing => out.push_str(" IS MISSING"),
    }
}

fn write_comparison(comparison: Comparison, scalar: &Scalar, out: &mut String) {
    let value = match scalar {
        Scalar::Day(day) => day.to_string(),
        Scalar::DaysAgo(days, _) if *days >= 0 => format!("-{days}d"),
        Scalar::DaysAgo(days, _) => format!("+{}d", days.unsigned_abs()),
        Scalar::Instant(instant) => instant.to_string(),
        Scalar::Number(number) => number.to_plain_string(),
    };
    write_operand(comparison.as_str(), &value, out);
}

fn write_operand(operator: &str, value: &str, out: &mut String) {
    let _ = write!(out, " {operator} {value}");
}

fn write_values(values: &Values, one: &str, many: &str, attribute: &Attribute, out: &mut String) {
    let written: Vec<String> = match values {
        Values::Words(words) => words.iter().map(|word| (*word).to_owned()).collect(),
        Values::Ids(ids) => ids.iter().map(i64::to_string).collect(),
        // Without the account's definitions the type of a custom attribute is taken from the form of its values.
        Values::Texts(texts) if matches!(attribute, Attribute::Custom(_)) => {
            texts.iter().map(|text| if may_be_typed(text) { quote(text) } else { write_value(text) }).collect()
        }
        Values::Texts(texts) => texts.iter().map(|text| write_value(text)).collect(),
        Values::Numbers(numbers) => numbers.iter().map(bigdecimal::BigDecimal::to_plain_string).collect(),
        Values::Days(days) => days.iter().map(ToString::to_string).collect(),
        Values::Instants(instants) => instants.iter().map(ToString::to_string).collect(),
        Values::Booleans(booleans) => booleans.iter().map(ToString::to_string).collect(),
    };
    match written.as_slice() {
        [only] => write_operand(one, only, out),
        several => write_operand(many, &format!("({})", several.join(", ")), out),
    }
}

/// Whether a bare word might be read as a number, a date or a boolean: these begin with a digit or a sign, or are words.
fn may_be_typed(text: &str) -> bool {
    const WORDS: &[&str] = &["true", "false", "today", "yesterday", "tomorrow"];
    !text.starts_with(char::is_alphabetic)
        || WORDS.iter().any(|word| text.eq_ignore_ascii_case(word))
        || text.get(..3).is_some_and(|start| start.eq_ignore_ascii_case("now"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::check;
    use crate::schema::Schema;
    use crate::source::Span;
    use crate::syntax::parse;

    /// Parentheses stand where the meaning needs them, however the parts are nested: chains within chains of a filter
    /// that comes from no query as well.
    #[test]
    fn parentheses_stand_where_they_are_needed() {
        use crate::schema::{Attribute, Standard};
        let a = |id: i64| {
            let test = Test::AnyOf(Values::Ids(id.into()));
            Filter::Condition(Condition {
                attribute: Attribute::Standard(Standard::DisplayId),
                test,
                span: Span::default(),
            })
        };
        let not = |filter| Filter::Not(Box::new(filter));
        for (filter, text) in [
            (Filter::All(vec![Filter::All(vec![a(1), a(2)]), a(3)]), "id = 1 AND id = 2 AND id = 3"),
            (Filter::Any(vec![a(1), Filter::Any(vec![a(2), a(3)])]), "id = 1 OR id = 2 OR id = 3"),
            (Filter::Any(vec![Filter::All(vec![a(1), a(2)]), a(3)]), "id = 1 AND id = 2 OR id = 3"),
            (Filter::All(vec![Filter::Any(vec![a(1), a(2)]), a(3)]), "(id = 1 OR id = 2) AND id = 3"),
            (Filter::All(vec![Filter::Any(vec![a(1)]), a(3)]), "id = 1 AND id = 3"),
            (Filter::All(vec![not(a(1)), a(2)]), "NOT id = 1 AND id = 2"),
            (not(Filter::All(vec![a(1), a(2)])), "NOT (id = 1 AND id = 2)"),
            (not(Filter::Any(vec![a(1)])), "NOT id = 1"),
            (Filter::All(vec![Filter::EVERYTHING, a(1), not(Filter::NOTHING)]), "id = 1"),
            (Filter::Any(vec![a(1), Filter::All(vec![a(2), Filter::NOTHING]), a(3)]), "id = 1 OR id = 3"),
            (not(Filter::All(vec![a(1), not(Filter::EVERYTHING)])), "# everything"),
            (Filter::Any(vec![a(1), Filter::EVERYTHING]), "# everything"),
            (Filter::All(vec![a(1), Filter::Any(vec![Filter::NOTHING])]), "# nothing"),
        ] {
            let written = to_text(&filter);
            assert_eq!(written, text);
            if text.starts_with('#') {
                continue;
            }
            let schema = Schema::default();
            let read = check(&parse(&written), &schema).unwrap_or_else(|problems| panic!("{text}\n{problems}")).filter;
            assert_eq!(to_text(&read), to_text(&filter.negation_normal()), "{filter:?}");
        }
    }
}
