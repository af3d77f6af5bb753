//! Filter → query text: what `explain` shows of residuals, and what `decompile` prints.

use std::fmt::Write as _;

use super::filter::{Comparison, Condition, Filter, Scalar, Test, Values};
use crate::schema::Attribute;
use crate::syntax::{Connective, quote, write_name, write_value};

/// The canonical text of a filter. Parsing and checking it gives the same meaning.
///
/// A filter without a condition has no text in the language; it is written as a comment.
#[must_use]
pub fn to_text(filter: &Filter) -> String {
    let mut out = String::new();
    write_filter(filter, 0, &mut out);
    out
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
    debug_assert!(!written.is_empty(), "no value for {attribute}");
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
        ] {
            let written = to_text(&filter);
            assert_eq!(written, text);
            let schema = Schema::default();
            let read = check(&parse(&written), &schema).unwrap_or_else(|problems| panic!("{text}\n{problems}")).filter;
            assert_eq!(to_text(&read), to_text(&filter.negation_normal()));
        }
    }
}
