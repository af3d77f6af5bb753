//! Diagnostics of payloads that are read back. Their places are places of the JSON text.

use super::{alternatives, ticked};
use crate::diagnostic::{Code, Diagnostic, InProgram, nearest};
use crate::source::Span;

pub(crate) fn payload_syntax(span: Span, reason: &str) -> Diagnostic {
    Diagnostic::new(Code::PayloadSyntax, span, "the reader stopped here", format!("this is no JSON: {reason}"))
        .help("a payload is `[{…}]`, `{\"payload\": [{…}]}` or `{\"query\": {\"payload\": [{…}]}}`")
}

pub(crate) fn payload_of_another_view(span: Span) -> Diagnostic {
    let message = "this is a saved view of something else than conversations";
    Diagnostic::new(Code::PayloadRefused, span, "not `conversation`", message)
        .help("its attributes are others; views whose `filter_type` is `conversation` are read")
}

pub(crate) fn payload_of_views(span: Span) -> Diagnostic {
    Diagnostic::new(Code::PayloadRefused, span, "a view", "this is a list of saved views, not of conditions")
        .help("read one of them at a time")
        .in_program(InProgram::FirstOfList)
}

pub(crate) fn payload_without_conditions(span: Span) -> Diagnostic {
    Diagnostic::new(
        Code::PayloadRefused,
        span,
        "no array of conditions",
        "the server answers 500: there is no array `payload`",
    )
    .help("a payload is `[{…}]`, `{\"payload\": [{…}]}` or `{\"query\": {\"payload\": [{…}]}}`")
}

/// `near` are known spellings of what was refused.
pub(crate) fn payload_refused(
    span: Span,
    label: &str,
    status: u16,
    message: &str,
    near: &[&str],
    help: &str,
) -> Diagnostic {
    let what = message.trim_end_matches('.');
    let diagnostic = Diagnostic::new(Code::PayloadRefused, span, label, format!("the server answers {status}: {what}"));
    match near {
        [] => diagnostic.help(help),
        near => diagnostic.help(format!("perhaps {}", alternatives(near))),
    }
}

pub(crate) fn payload_no_operator_between(span: Span, next: Span) -> Diagnostic {
    Diagnostic::new(
        Code::PayloadRefused,
        span,
        "no `query_operator`",
        "the server answers 500: a condition in the middle has no operator",
    )
    .and(next, "to be joined with this one")
    .help("add `\"query_operator\": \"AND\"` or `\"OR\"` to the first of the two")
}

pub(crate) fn payload_misplaced_not_equal(span: Span, key: &str) -> Diagnostic {
    Diagnostic::new(
        Code::PayloadRefused,
        span,
        "not the last condition",
        format!("the server answers 500: `not_equal_to` on the custom attribute {} comes too early", ticked(key)),
    )
    .help("the server appends `OR … IS NULL` behind the query operator, which is legal in the last condition alone")
}

pub(crate) fn payload_not_sayable(span: Span, label: &str, message: impl Into<String>, help: &str) -> Diagnostic {
    Diagnostic::new(Code::PayloadNotSayable, span, label, message).help(help)
}

/// `status` is the server's answer to it.
pub(crate) fn payload_trailing_operator(span: Span, status: u16) -> Diagnostic {
    Diagnostic::new(
        Code::PayloadTrailingOperator,
        span,
        "joins nothing",
        format!("the last condition has a `query_operator`: sent as it is, the server answers {status}"),
    )
    .help("make it `null`, as the dashboard does when it sends the view; it is read so here")
}

/// `sent` is the array that the dashboard makes of them.
pub(crate) fn payload_values_made_array(span: Span, sent: &str) -> Diagnostic {
    Diagnostic::new(
        Code::PayloadValuesNotArray,
        span,
        "not an array of plain values",
        "`values` is read as the dashboard sends it: sent as it is, the server answers with an error",
    )
    .help(format!("make it an array of plain values: {}", ticked(&format!("\"values\": {sent}"))))
}

pub(crate) fn payload_values_taken_apart(span: Span, used: &str) -> Diagnostic {
    Diagnostic::new(
        Code::PayloadValuesNotArray,
        span,
        format!("read as {used}"),
        format!("`values` is no array, and the server takes it apart: it is read as {used}"),
    )
    .help("put the value into an array")
}

pub(crate) fn payload_first_value_only(span: Span, first: Span, key: &str, excludes: bool) -> Diagnostic {
    Diagnostic::new(
        Code::PayloadFirstValueOnly,
        span,
        "ignored",
        format!("of these values for {} the server uses the first alone", ticked(key)),
    )
    .and(first, "used")
    .help(if excludes {
        "the server cannot exclude several in one payload; a query with NOT IN does"
    } else {
        "write one condition for each value, joined by `OR`"
    })
}

pub(crate) fn payload_leak(span: Span, custom: Span, key: &str, used: &str) -> Diagnostic {
    Diagnostic::new(
        Code::PayloadLeak,
        span,
        format!("read as {}", ticked(used)),
        format!(
            "behind a custom attribute the server reads {} as if it were one too: first value, lower case",
            ticked(key)
        ),
    )
    .and(custom, "the custom attribute")
    .help("put the conditions on custom attributes last; ids may also be sent as numbers")
}

pub(crate) fn payload_custom_not_equal(span: Span, key: &str) -> Diagnostic {
    Diagnostic::new(
        Code::PayloadCustomNotEqual,
        span,
        "lets in every conversation without it",
        format!("conversations without {} match whatever the conditions before say", ticked(key)),
    )
    .help("the server appends `OR … IS NULL` to the whole payload")
    .in_program(InProgram::Run)
}

pub(crate) fn payload_unknown_word(span: Span, word: &str, key: &str, words: &[&str], negated: bool) -> Diagnostic {
    let effect = if negated { "with it `not_equal_to` matches nothing" } else { "`equal_to` ignores it" };
    let diagnostic = Diagnostic::new(
        Code::PayloadUnknownWord,
        span,
        effect,
        format!("{} is no {key}; the server raises no error", ticked(word)),
    );
    match nearest(word, words.iter().copied()).first() {
        Some(near) => diagnostic.help(format!("perhaps `{near}`; the words are {}", words.join(", "))),
        None => diagnostic.help(format!("the words are {}", words.join(", "))),
    }
}

pub(crate) fn payload_all_among_others(span: Span) -> Diagnostic {
    Diagnostic::new(
        Code::PayloadUnknownWord,
        span,
        "means every status",
        "`all` means the four statuses, and the other values are ignored",
    )
    .help("leave either `all` or the others out")
}

pub(crate) fn payload_no_match(span: Span, value: &str, key: &str, reason: &str) -> Diagnostic {
    Diagnostic::new(
        Code::PayloadNoMatch,
        span,
        "no such value",
        format!("no conversation has {} as {}: {reason}", ticked(value), ticked(key)),
    )
    .help("remove or correct the value")
}

pub(crate) fn payload_wildcard(span: Span, written: &str, read: &str) -> Diagnostic {
    let read = if read.is_empty() { "any text at all".to_owned() } else { ticked(read) };
    Diagnostic::new(
        Code::PayloadWildcard,
        span,
        "holds a wildcard or an escape",
        format!("{} is a pattern for {read}", ticked(written)),
    )
    .help("`\\%`, `\\_` and `\\\\` mean the characters themselves; CONTAINS needs no wildcards")
}

pub(crate) fn payload_stripped(span: Span, blank: bool) -> Diagnostic {
    let message = if blank {
        "the server strips the blank value, and an empty one matches every text"
    } else {
        "the server strips white space from both ends of the value"
    };
    Diagnostic::new(Code::PayloadStripped, span, "begins or ends with white space", message)
        .help("the server cannot search for outer blanks; of a query the client compares them itself")
}

pub(crate) fn payload_time_ignored(span: Span, date: &str) -> Diagnostic {
    Diagnostic::new(
        Code::PayloadTimeIgnored,
        span,
        format!("read as {date}"),
        format!("the server compares whole days: of this only the written date, {date}, counts"),
    )
    .help("in a query an instant is compared to the second")
}

pub(crate) fn payload_date_form(span: Span, value: &str, date: &str) -> Diagnostic {
    Diagnostic::new(
        Code::PayloadDateForm,
        span,
        format!("read as {date}"),
        format!("the server reads {} as {date}", ticked(value)),
    )
    .help(format!("write `\"{date}\"` if that is meant"))
}

pub(crate) fn payload_null_dropped(span: Span, attribute: &str, with_missing: &str) -> Diagnostic {
    Diagnostic::new(
        Code::PayloadNullDropped,
        span,
        "leaves them out",
        format!("conversations without {} do not match this", ticked(attribute)),
    )
    .help(format!("with them the query says `{with_missing}`"))
}

pub(crate) fn payload_null_removed(span: Span) -> Diagnostic {
    Diagnostic::new(Code::PayloadNullRemoved, span, "removed", "the server removes `null` from every array")
        .help("remove it; a missing value is asked for by `is_not_present`")
}

pub(crate) fn payload_unknown_operator(span: Span, key: &str) -> Diagnostic {
    Diagnostic::new(
        Code::PayloadUnknownOperator,
        span,
        "means `equal_to`",
        format!("the server does not know the operator, and compares {} with the first value", ticked(key)),
    )
    .help("write `equal_to` if that is meant")
}

pub(crate) fn payload_precedence(and: Span, or: Span) -> Diagnostic {
    Diagnostic::new(
        Code::PayloadPrecedence,
        and,
        "binds tighter",
        "AND binds tighter than the OR before it: `A OR B AND C` is `A OR (B AND C)`",
    )
    .and(or, "is joined later")
    .help("to mean `(A OR B) AND C`, send `A AND C OR B AND C`")
}

pub(crate) fn payload_everything(span: Span) -> Diagnostic {
    Diagnostic::new(
        Code::PayloadEverything,
        span,
        "no condition",
        "a payload without a condition matches every conversation",
    )
    .help("if nothing is meant to match, send nothing")
}

pub(crate) fn payload_campaign_id(span: Span) -> Diagnostic {
    Diagnostic::new(
        Code::PayloadCampaignId,
        span,
        "the primary key of a campaign",
        "the dashboard saves another number of the campaign than the one that the server compares",
    )
    .help("the primary key stands in `additional_attributes.campaign_id` of messages that the campaign sent")
}
