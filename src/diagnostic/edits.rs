//! Texts in which several places were replaced, and where what is told of them belongs in the text as it was written.

use super::{Diagnostic, Fix};
use crate::source::Span;

/// The text with replacements, which stand in order and apart.
pub(crate) fn applied<'f>(text: &str, fixes: impl IntoIterator<Item = &'f Fix>) -> String {
    let (mut out, mut at) = (String::with_capacity(text.len() + 32), 0);
    for Fix { span, replacement } in fixes {
        out.push_str(text.get(at..span.start as usize).unwrap_or_default());
        out.push_str(replacement);
        at = span.end as usize;
    }
    out.push_str(text.get(at..).unwrap_or_default());
    out
}

/// Where the replacement that stands behind others is in the text with all of them.
pub(crate) fn replaced_at(before: &[Fix], fix: &Fix) -> Span {
    let grown: i64 = before.iter().map(grown_by).sum();
    let start = u32::try_from(i64::from(fix.span.start) + grown).unwrap_or_default();
    Span::new(start, start + fix.replacement.len() as u32)
}

/// Moves what is told of the text with replacements to its place in the text before; none where there is no such place.
pub(crate) fn moved_back(told: &mut Diagnostic, fixes: &[Fix]) -> bool {
    let moved = |span: Span| Some(Span::new(place(span.start, fixes)?, place(span.end, fixes)?));
    for label in &mut told.labels {
        let Some(span) = moved(label.span) else { return false };
        label.span = span;
    }
    told.fix = told.fix.take().and_then(|fix| Some(Fix { span: moved(fix.span)?, ..fix }));
    true
}

/// An offset in the text before; none within a replacement.
fn place(at: u32, fixes: &[Fix]) -> Option<u32> {
    let mut grown = 0i64;
    for fix in fixes {
        let start = i64::from(fix.span.start) + grown;
        if i64::from(at) <= start {
            break;
        }
        if i64::from(at) < start + fix.replacement.len() as i64 {
            return None;
        }
        grown += grown_by(fix);
    }
    u32::try_from(i64::from(at) - grown).ok()
}

fn grown_by(fix: &Fix) -> i64 {
    fix.replacement.len() as i64 - fix.span.len() as i64
}
