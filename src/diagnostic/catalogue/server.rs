//! What a server says of a query that was sent.

use super::super::{Code, Diagnostic};
use crate::source::Span;

/// How sure it is that a condition is the one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Certainty {
    /// The server's message names it, or the answer depends on it alone.
    Certain,
    /// It is the most likely one.
    Guess,
}

/// The server refuses what was sent; the places are those of the conditions that may be meant.
pub(crate) fn server_refused(spans: &[Span], certainty: Certainty, said: &str, help: String) -> Diagnostic {
    let label = match certainty {
        Certainty::Certain => "the server refuses this condition",
        Certainty::Guess => "perhaps this condition",
    };
    placed(Code::ServerRefused, spans, label, format!("the server answers 422: {}", one_line(said))).help(help)
}

/// The server fails on what was sent; the places are those of the conditions that may be the cause.
pub(crate) fn server_failed(spans: &[Span], label: &str, said: &str, help: String) -> Diagnostic {
    placed(Code::ServerFailed, spans, label, format!("the server answers 500: {}", one_line(said))).help(help)
}

fn placed(code: Code, spans: &[Span], label: &str, message: String) -> Diagnostic {
    let (first, rest) = spans.split_first().map_or((Span::default(), spans), |(first, rest)| (*first, rest));
    rest.iter().fold(Diagnostic::new(code, first, label, message), |diagnostic, span| diagnostic.and(*span, label))
}

/// What a server says may hold line ends, and characters that would move the cursor.
fn one_line(said: &str) -> String {
    said.split_whitespace()
        .map(|word| word.chars().filter(|c| !c.is_control()).collect())
        .collect::<Vec<String>>()
        .join(" ")
}
