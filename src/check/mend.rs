//! Corrections that only a schema can judge: the parser, which offers them, knows no attributes.

use super::{Checker, mistaken, name};
use crate::diagnostic::{Code, Diagnostic, Fix, catalogue};
use crate::schema::Schema;
use crate::source::Span;
use crate::syntax::{Condition, Form, Operand, Parsed, as_it_stands, mirrored};

/// How many corrections of one text are tried.
const MOST: usize = 8;

/// How many bytes such a text has at most.
const MOST_BYTES: usize = 16 << 10;

/// Takes back corrections that would compare what is no attribute, such as `open = conversations`, and mends those whose
/// attribute is nearly one.
#[cold]
pub(super) fn judge(parsed: &Parsed<'_>, schema: &Schema, errors: &mut [Diagnostic]) {
    let text = parsed.text();
    if errors.len() > MOST || text.len() > MOST_BYTES {
        return;
    }
    for error in errors {
        let Some(fix) = &error.fix else { continue };
        let Some(fixed) = replaced(text, fix.span, &fix.replacement) else { continue };
        let place = Span::new(fix.span.start, fix.span.start + fix.replacement.len() as u32);
        let Some(unknown) = unknown_within(&fixed, place, schema) else { continue };
        let right = unknown.fix.as_ref().filter(|right| place.encloses(right.span));
        let mended = right.and_then(|right| {
            let within = Span::new(right.span.start - place.start, right.span.end - place.start);
            replaced(&fix.replacement, within, &right.replacement)
        });
        match mended {
            Some(replacement) => {
                let fix = Fix { span: fix.span, replacement };
                catalogue::write_instead(error, fix);
            }
            None => catalogue::take_back(error, &unknown),
        }
    }
}

fn replaced(text: &str, place: Span, replacement: &str) -> Option<String> {
    let (before, behind) = (text.get(..place.start as usize)?, text.get(place.end as usize..)?);
    Some(format!("{before}{replacement}{behind}"))
}

/// What is told of an attribute at a place that there is none of.
fn unknown_within(text: &str, place: Span, schema: &Schema) -> Option<Diagnostic> {
    let parsed = as_it_stands(text);
    let mut checker = Checker {
        source: text,
        schema,
        mistaken: mistaken(&parsed),
        unusual: parsed.is_unusual(),
        found: Vec::new(),
        guessed: None,
    };
    checker.expr(parsed.tree()?, false);
    checker.found.into_iter().find(|found| found.code == Code::UnknownAttribute && place.encloses(found.span()))
}

/// What is told of `3 < unread_count`, where the value stands in the attribute's place.
#[cold]
pub(super) fn reversed(condition: &Condition, source: &str, schema: &Schema) -> Option<Diagnostic> {
    let Operand::One(value) = &condition.operand else { return None };
    let attribute = value.span.of(source);
    let known = value.form == Form::Word && name::resolve(attribute, None, value.span, schema).is_ok();
    let operator = mirrored(condition.operator).filter(|_| known)?;
    let span = condition.span;
    let fixed = format!("{attribute} {} {}", operator.as_str(), condition.name.span.of(source));
    Some(catalogue::reversed_condition(span, span.of(source), &fixed))
}
