//! Words side by side in the place of a value or a list: several values, or one of several words.

use super::mend::{collect, has_blanks};
use super::name;
use crate::diagnostic::{Code, Diagnostic, Fix};
use crate::schema::{IdType, Schema, ValueType};
use crate::source::{Span, is_digits};
use crate::syntax::{Condition, Expr, Form, Operand, Operator, Value, as_it_stands, quote};

/// The correction of a list that has all of its words as one value: `("last week")` of `last week`.
pub(super) fn one_value(error: &Diagnostic, fix: &Fix, text: &str) -> Option<Fix> {
    let words = fix.span.of(text);
    // A longer correction is of the whole condition.
    let is_whole = error.code == Code::ListExpected && fix.span != error.span();
    let is_one = !is_whole && words.contains(char::is_whitespace) && !words.contains([',', '(', '"', '\'', '#', '\n']);
    let replacement = match error.code {
        Code::ListExpected if is_one => format!("({})", quote(words)),
        Code::UnquotedBlank if is_one && fix.replacement.contains(',') => quote(words),
        _ => return None,
    };
    Some(Fix { span: fix.span, replacement })
}

/// The list that is meant by conditions on parts of a text, one for each value, where the attribute has no parts:
/// `team IN (a, b)` of `team CONTAINS a OR team CONTAINS b`, for which `team has (a or b)` was taken.
pub(super) fn listed(error: &Diagnostic, fix: &Fix) -> Option<Fix> {
    if !matches!(error.code, Code::ListNotAllowed | Code::ListExpected) {
        return None;
    }
    let parsed = as_it_stands(&fix.replacement);
    let mut leaves = Vec::new();
    parsed.tree().into_iter().for_each(|tree| collect(tree, &mut leaves));
    let (mut name, mut operator, mut values) = (None, None, Vec::new());
    for leaf in leaves {
        let Expr::Condition(Condition { name: own, operator: asked, operand: Operand::One(value), .. }) = leaf else {
            return None;
        };
        let list = match asked {
            Operator::Contains => Operator::In,
            Operator::NotContains => Operator::NotIn,
            _ => return None,
        };
        let own = own.span.of(&fix.replacement);
        if *name.get_or_insert(own) != own || *operator.get_or_insert(list) != list {
            return None;
        }
        values.push(value.span.of(&fix.replacement));
    }
    let replacement = format!("{} {} ({})", name?, operator?.as_str(), values.join(", "));
    Some(Fix { span: fix.span, replacement })
}

/// The condition that a correction of its value, or of its list, stands in.
fn condition_at<'e>(place: Span, leaves: &[&'e Expr]) -> Option<&'e Condition> {
    leaves.iter().find_map(|leaf| match leaf {
        Expr::Condition(condition) if condition.span.encloses(place) => Some(condition),
        _ => None,
    })
}

/// What the attribute of such a condition has.
pub(super) fn value_type(condition: &Condition, text: &str, schema: &Schema) -> Option<ValueType> {
    let named = name::resolve(&condition.name.text(text), None, condition.name.span, schema);
    named.ok().map(|named| named.attribute.value_type())
}

fn is_title(words: &str) -> bool {
    words.split_whitespace().all(|word| word.starts_with(|c: char| c.is_uppercase() || c.is_ascii_digit()))
}

/// Whether such a value is a name that the account has, or looks like one where the account is not known.
pub(super) fn is_name(one: &Fix, leaves: &[&Expr], text: &str, schema: &Schema) -> bool {
    let words = one.span.of(text);
    match condition_at(one.span, leaves).and_then(|condition| value_type(condition, text, schema)) {
        // Two names in the place of one are rarely of one word each.
        Some(ValueType::Id(kind @ (IdType::Agent | IdType::Inbox | IdType::Team))) => {
            schema.account.as_ref().map_or_else(|| is_title(words), |account| account.find(kind, words).len() == 1)
        }
        Some(ValueType::Text(_)) => is_title(words),
        Some(ValueType::Labels) => is_known(words, &ValueType::Labels, schema) == Some(true),
        _ => false,
    }
}

/// Whether a text is a value of labels, or a name of records, that the account has; none where it is not known.
fn is_known(word: &str, of: &ValueType, schema: &Schema) -> Option<bool> {
    let account = schema.account.as_ref()?;
    match of {
        ValueType::Labels => Some(account.labels.as_ref()?.iter().any(|label| label.eq_ignore_ascii_case(word))),
        ValueType::Id(kind) => Some(!account.find(*kind, word).is_empty()),
        _ => None,
    }
}

/// Whether of words in the place of a label neither all of them nor each is one that the account has.
pub(super) fn is_unknown(one: &Fix, leaves: &[&Expr], text: &str, schema: &Schema) -> bool {
    let is_labels = condition_at(one.span, leaves).and_then(|condition| value_type(condition, text, schema))
        == Some(ValueType::Labels);
    let known = |word| is_known(word, &ValueType::Labels, schema);
    is_labels && one.span.of(text).split_whitespace().all(|word| known(word) == Some(false))
}

/// The values of a list that has commas, with the words between two of them as one: `("billing issue", vip)` of
/// `(billing issue, vip)`; none where each of the words may be a value.
pub(super) fn between_commas(
    error: &Diagnostic,
    fix: &Fix,
    leaves: &[&Expr],
    text: &str,
    schema: &Schema,
) -> Option<Fix> {
    let condition = condition_at(fix.span, leaves).filter(|_| error.code == Code::UnquotedBlank)?;
    let Operand::List(values) = &condition.operand else { return None };
    let of = value_type(condition, text, schema).filter(|_| has_blanks(condition, text, schema))?;
    let parts = |left: &Value, right: &Value| Span::new(left.span.end, right.span.start).of(text).contains(',');
    if !values.windows(2).any(|pair| matches!(pair, [left, right] if parts(left, right))) {
        return None;
    }
    let inside: Vec<Value> = values.iter().filter(|value| fix.span.encloses(value.span)).copied().collect();
    let mut written = Vec::new();
    for piece in inside.chunk_by(|left, right| !parts(left, right)) {
        let ([first, ..], [.., last]) = (piece, piece) else { continue };
        let words = first.span.to(last.span).of(text);
        let is_value =
            |value: &Value| is_known(value.span.of(text), &of, schema) == Some(true) || is_digits(value.span.of(text));
        let is_words = piece.iter().all(|value| value.form == Form::Word);
        match piece {
            [only] => written.push(only.span.of(text).to_owned()),
            _ if is_words && !piece.iter().all(is_value) => written.push(quote(words)),
            _ => return None,
        }
    }
    Some(Fix { span: fix.span, replacement: written.join(", ") })
}
