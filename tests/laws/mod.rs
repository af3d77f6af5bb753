//! The laws that hold for every text, and trees in the form of `grammar/cases`.
#![cfg_attr(test, allow(dead_code, reason = "each test uses a part of this"))]

use cwql::syntax::{Condition, Connective, Expr, Form, Operand, Operator, Value};
use cwql::{Diagnostic, Parsed, Span};
use serde_json::{Value as Json, json};

/// The tree as `grammar/README.md` writes it.
pub(crate) fn tree(expr: &Expr, text: &str) -> Json {
    match expr {
        Expr::Chain { connective, operands } => {
            let operands: Vec<Json> = operands.iter().map(|operand| tree(operand, text)).collect();
            match connective {
                Connective::And => json!({ "and": operands }),
                Connective::Or => json!({ "or": operands }),
            }
        }
        Expr::Not { operand, .. } => json!({ "not": tree(operand, text) }),
        Expr::Paren { inner, .. } => json!({ "paren": tree(inner, text) }),
        Expr::Condition(condition) => {
            let values: Vec<Json> = condition.operand.values().map(|one| value(one, text)).collect();
            json!({ "condition": written(condition, condition.operator, values, text) })
        }
        Expr::Error(span) => json!({ "error": span.of(text) }),
    }
}

fn written(condition: &Condition, operator: Operator, values: Vec<Json>, text: &str) -> Json {
    let (name, operator) = (condition.name.text(text), operator.as_str());
    if values.is_empty() {
        json!({ "name": name, "operator": operator })
    } else {
        json!({ "name": name, "operator": operator, "values": values })
    }
}

fn value(value: &Value, text: &str) -> Json {
    match value.form {
        Form::Word => json!(value.text(text)),
        Form::Quoted => json!({ "quoted": value.text(text) }),
        Form::Ago => json!({ "ago": value.text(text) }),
        Form::Words => json!({ "words": value.text(text) }),
    }
}

/// The tree without what the canonical text spells in one way only: doubled parentheses, `7d ago` and `OLDER THAN 7d`
/// for `-7d`, quotes where a word would be a comment.
pub(crate) fn meaning(expr: &Expr, text: &str) -> Json {
    match expr {
        Expr::Chain { connective, operands } => {
            json!([connective.as_str(), operands.iter().map(|operand| meaning(operand, text)).collect::<Vec<_>>()])
        }
        Expr::Not { operand, .. } => json!(["NOT", meaning(operand, text)]),
        Expr::Paren { inner, .. } if matches!(**inner, Expr::Paren { .. }) => meaning(inner, text),
        Expr::Paren { inner, .. } => json!(["()", meaning(inner, text)]),
        Expr::Condition(condition) => {
            let amount = |one: &Value| one.text(text).starts_with(|c: char| c.is_ascii_digit());
            let plain = |one: &Value| match one.form {
                Form::Ago if amount(one) => json!(format!("-{}", one.text(text))),
                Form::Word if one.text(text).starts_with('#') => json!({ "quoted": one.text(text) }),
                _ => value(one, text),
            };
            let (operator, values) = match (condition.operator, &condition.operand) {
                (Operator::OlderThan, Operand::One(one)) if one.form != Form::Quoted && amount(one) => {
                    (Operator::Less, vec![json!(format!("-{}", one.text(text)))])
                }
                (operator, operand) => (operator, operand.values().map(plain).collect()),
            };
            written(condition, operator, values, text)
        }
        Expr::Error(span) => json!({ "error": span.of(text) }),
    }
}

/// The spans of a text's tree, tokens, comments and diagnostics lie in the text, on borders of characters, and inside
/// of each other as the nodes do. In a valid text a node begins and ends where tokens do.
pub(crate) fn spans_hold(parsed: &Parsed<'_>) {
    let text = parsed.text();
    let mut end = 0;
    for token in parsed.tokens() {
        in_bounds(token.span, text);
        assert!(token.span.start >= end && !token.span.is_empty(), "tokens overlap in {text:?}");
        end = token.span.end;
    }
    for comment in parsed.comments() {
        in_bounds(*comment, text);
        assert!(comment.of(text).starts_with('#') && !comment.of(text).contains('\n'), "comment in {text:?}");
    }
    for diagnostic in &parsed.diagnostics() {
        assert!(!diagnostic.labels.is_empty());
        for label in &diagnostic.labels {
            in_bounds(label.span, text);
        }
        if let Some(fix) = &diagnostic.fix {
            in_bounds(fix.span, text);
        }
    }
    if let Some(tree) = parsed.tree() {
        node_holds(tree, parsed);
    }
    assert_eq!(parsed.is_valid(), parsed.diagnostics().is_empty(), "every diagnostic of this stage is an error");
    assert!(parsed.tree().is_some() || !parsed.is_valid());
}

fn in_bounds(span: Span, text: &str) {
    assert!(span.start <= span.end, "{span:?} in {text:?}");
    assert!(text.get(span.start as usize..span.end as usize).is_some(), "{span:?} in {text:?}");
}

fn node_holds(expr: &Expr, parsed: &Parsed<'_>) {
    let (text, span) = (parsed.text(), expr.span());
    in_bounds(span, text);
    on_tokens(span, parsed);
    let children: Vec<&Expr> = match expr {
        Expr::Chain { operands, .. } => {
            assert!(operands.len() >= 2, "a chain of one in {text:?}");
            operands.iter().collect()
        }
        Expr::Not { operand, .. } => vec![operand],
        Expr::Paren { inner, .. } => vec![inner],
        Expr::Condition(condition) => {
            in_order(span, [condition.name.span, condition.operator_span], text);
            in_order(span, condition.operand.values().map(|value| value.span), text);
            for value in condition.operand.values() {
                assert!(condition.operator_span.end <= value.span.start, "operator behind value in {text:?}");
                on_tokens(value.span, parsed);
            }
            on_tokens(condition.name.span, parsed);
            on_tokens(condition.operator_span, parsed);
            Vec::new()
        }
        Expr::Error(_) => {
            assert!(!parsed.is_valid(), "an error in the valid {text:?}");
            Vec::new()
        }
    };
    in_order(span, children.iter().map(|child| child.span()), text);
    for child in children {
        node_holds(child, parsed);
    }
}

fn in_order(parent: Span, children: impl IntoIterator<Item = Span>, text: &str) {
    let mut end = parent.start;
    for child in children {
        assert!(parent.encloses(child), "{parent:?} does not enclose {child:?} in {text:?}");
        assert!(end <= child.start, "{child:?} begins before {end} in {text:?}");
        end = child.end;
    }
}

fn on_tokens(span: Span, parsed: &Parsed<'_>) {
    if !parsed.is_valid() {
        return;
    }
    let tokens = parsed.tokens();
    let first = tokens.binary_search_by_key(&span.start, |token| token.span.start);
    let last = tokens.binary_search_by_key(&span.end, |token| token.span.end);
    assert!(first.is_ok() && last.is_ok() && first <= last, "{span:?} is cut out of a token in {:?}", parsed.text());
}

/// Formatting a valid text gives a valid one that means the same, keeps the comments, and is formatted already.
pub(crate) fn format_holds(parsed: &Parsed<'_>) {
    let Some(once) = cwql::format(parsed) else {
        assert!(!parsed.is_valid());
        return;
    };
    let text = parsed.text();
    let again = cwql::parse(&once);
    assert!(again.is_valid(), "{text:?}\nbecomes {once:?}\nwith {}", again.diagnostics());
    let (before, after) = (parsed.tree().expect("a tree"), again.tree().expect("a tree"));
    assert_eq!(meaning(before, text), meaning(after, &once), "{text:?}\nbecomes {once:?}");
    assert_eq!(comments(parsed), comments(&again), "{text:?}\nbecomes {once:?}");
    assert_eq!(cwql::format(&again).as_deref(), Some(once.as_str()), "from {text:?}");
}

/// The texts of the comments, sorted.
pub(crate) fn comments(parsed: &Parsed<'_>) -> Vec<String> {
    let mut texts: Vec<String> =
        parsed.comments().iter().map(|comment| comment.of(parsed.text()).trim_end().to_owned()).collect();
    texts.sort();
    texts
}

/// Makes the correction that a diagnostic offers.
pub(crate) fn fixed(text: &str, diagnostic: &Diagnostic) -> Option<String> {
    let fix = diagnostic.fix.as_ref()?;
    let (start, end) = (fix.span.start as usize, fix.span.end as usize);
    Some(format!("{}{}{}", &text[..start], fix.replacement, &text[end..]))
}

/// A correction takes away the mistake that offers it. Afterwards the text has one mistake less of its code, or what
/// is left of that code stands behind it: a mistake that the first one had hidden.
pub(crate) fn fixes_hold(parsed: &Parsed<'_>) {
    let problems = parsed.diagnostics();
    for diagnostic in &problems {
        let Some(after) = fixed(parsed.text(), diagnostic) else { continue };
        let same = |problems: &cwql::Diagnostics| -> Vec<u32> {
            problems.iter().filter(|d| d.code == diagnostic.code).map(|d| d.span().start).collect()
        };
        let (before, left) = (same(&problems), same(&cwql::parse(&after).diagnostics()));
        let place = diagnostic.span().start;
        assert!(
            left.len() < before.len()
                || before.iter().filter(|at| **at <= place).count() > left.iter().filter(|at| **at <= place).count(),
            "the correction of {} in {:?} is {after:?}, which has it still",
            diagnostic.code,
            parsed.text()
        );
    }
}
