//! Diagnostics of the lexer and the parser.

use super::{alternatives, corrected, quote, ticked, write_value};
use crate::diagnostic::{Code, Diagnostic, Fix};
use crate::source::Span;
use crate::syntax::spelling::{amount_of_time, asks_for_end, length_of_time, searched_sign};

pub(crate) fn empty_query(span: Span) -> Diagnostic {
    Diagnostic::new(Code::EmptyQuery, span, "no condition here", "the query is empty")
        .help("write a condition, such as `status = open`")
}

/// `#163`
pub(crate) fn commented_number(span: Span, number: &str) -> Diagnostic {
    let fixed = format!("id = {number}");
    Diagnostic::new(Code::EmptyQuery, span, "a comment", "the query is empty: `#` begins a comment")
        .perhaps(span, fixed)
}

pub(crate) fn query_too_large(bytes: usize, limit: usize) -> Diagnostic {
    let message = format!("the query has {bytes} bytes; the limit is {limit}");
    Diagnostic::new(Code::QueryTooLarge, Span::at(0), "", message).help("split it into several runs")
}

pub(crate) fn too_deep(span: Span, limit: u8) -> Diagnostic {
    Diagnostic::new(
        Code::TooDeep,
        span,
        "one too many",
        format!("parentheses and NOTs are nested more than {limit} deep"),
    )
    .help("AND and OR take any number of conditions side by side; `NOT NOT` cancels out")
}

/// Of a filter that was built by hand, which has no text.
pub(crate) fn filter_too_deep(text: &str, limit: usize) -> Diagnostic {
    let message = format!("the filter is nested more than {limit} deep");
    Diagnostic::new(Code::TooDeep, Span::new(0, text.len() as u32), "too deep", message)
        .help("AND and OR take any number of conditions side by side")
}

pub(crate) fn too_many_conditions(span: Span, limit: usize) -> Diagnostic {
    Diagnostic::new(
        Code::TooManyConditions,
        span,
        format!("condition number {}", limit + 1),
        format!("the query has more than {limit} conditions"),
    )
    .help("join conditions on one attribute into a list, `id IN (1, 2, 3)`, which counts once")
}

pub(crate) fn too_many_errors(span: Span, limit: usize) -> Diagnostic {
    Diagnostic::new(
        Code::TooManyErrors,
        span,
        "the rest is not shown",
        format!("the query has more than {limit} mistakes; these are the first"),
    )
    .help("is this a query? it may be another file")
}

pub(crate) fn unclosed_quote(span: Span, raw: &str) -> Diagnostic {
    let mark = raw.chars().next().unwrap_or('"');
    let opener = Span::new(span.start, span.start + mark.len_utf8() as u32);
    let diagnostic = Diagnostic::new(
        Code::UnclosedQuote,
        opener,
        "opened here",
        format!("the quote {mark} is not closed on its line"),
    )
    .help(format!("add {mark} where the text ends; a line break inside is written \\n"));
    let written = raw.trim_end();
    // Behind a lone backslash the mark would be escaped and close nothing.
    if (written.len() - written.trim_end_matches('\\').len()) % 2 == 1 {
        return diagnostic;
    }
    diagnostic.fix(Span::at(span.start + written.len() as u32), mark.to_string())
}

pub(crate) fn unclosed_backtick(span: Span, opening: usize) -> Diagnostic {
    let opening = span.start + opening as u32;
    Diagnostic::new(
        Code::UnclosedBacktick,
        Span::new(opening, opening + 1),
        "opened here",
        "the backtick is not closed on its line",
    )
    .help("add a backtick where the name ends")
    .fix(Span::at(span.end), "`")
}

pub(crate) fn smart_quotes(span: Span, inside: &str) -> Diagnostic {
    let quoted = quote(inside);
    Diagnostic::new(
        Code::SmartQuotes,
        span,
        "typographic quotation marks",
        "these quotation marks are not plain quotes",
    )
    .write(span, quoted)
}

pub(crate) fn bad_escape(span: Span, raw: &str) -> Diagnostic {
    if raw == "\\u" {
        return Diagnostic::new(Code::BadEscape, span, "no character's number behind it", "`\\u` takes a character's number")
            .help(
                "write it in hexadecimal and in braces, as in `\\u{1F600}`: at most 10FFFF, and not D800 to DFFF, which are \
                 halves of characters; for a backslash itself write `\\\\`",
            )
            .fix(Span::at(span.start), "\\");
    }
    Diagnostic::new(Code::BadEscape, span, "no such escape", format!("{} is no escape", ticked(raw)))
        .help("for a backslash itself write `\\\\`; the escapes are `\\\"`, `\\'`, `\\\\`, `\\n`, `\\t`, `\\u{1F600}`")
        .fix(Span::at(span.start), "\\")
}

pub(crate) fn unclosed_parenthesis(open: Span) -> Diagnostic {
    Diagnostic::new(Code::UnclosedParenthesis, open, "opened here", "the parenthesis is not closed").help("add `)`")
}

pub(crate) fn unmatched_parenthesis(close: Span) -> Diagnostic {
    Diagnostic::new(Code::UnmatchedParenthesis, close, "nothing to close", "this parenthesis was never opened")
        .help("remove it, or add `(` where the group begins")
        .fix(close, "")
}

pub(crate) fn empty_parentheses(span: Span) -> Diagnostic {
    Diagnostic::new(Code::EmptyParentheses, span, "no condition inside", "these parentheses hold no condition")
        .help("put a condition between them or remove them")
}

pub(crate) fn expected_connective(span: Span, text: &str) -> Diagnostic {
    Diagnostic::new(
        Code::UnexpectedToken,
        span,
        "not here",
        format!("expected AND, OR or the end, found {}", ticked(text)),
    )
    .help("join conditions with AND or OR; quote a value that has blanks or signs in it")
}

pub(crate) fn expected_condition(span: Span, text: &str) -> Diagnostic {
    Diagnostic::new(
        Code::UnexpectedToken,
        span,
        "expected a condition",
        format!("expected a condition, found {}", ticked(text)),
    )
    .help("a condition is an attribute, an operator and a value: `status = open`")
}

pub(crate) fn expected_operator(span: Span, text: &str, name: &str) -> Diagnostic {
    Diagnostic::new(
        Code::UnexpectedToken,
        span,
        "expected an operator",
        format!("expected an operator after {}, found {}", ticked(name), ticked(text)),
    )
    .help(OPERATORS)
}

const OPERATORS: &str = "the operators are =, !=, <, <=, >, >=, ~, !~, IN, CONTAINS, STARTS WITH, LIKE, BETWEEN, OLDER THAN, IS PRESENT, IS MISSING";

pub(crate) fn expected_in_list(span: Span, text: &str) -> Diagnostic {
    Diagnostic::new(
        Code::UnexpectedToken,
        span,
        "expected `,` or `)`",
        format!("expected `,` or `)` in the list, found {}", ticked(text)),
    )
    .help("the values of a list are separated by commas: `status IN (open, pending)`")
}

pub(crate) fn starts_without_with(span: Span) -> Diagnostic {
    Diagnostic::new(Code::UnexpectedToken, span, "expected WITH after this", "STARTS is followed by WITH")
        .help("write `STARTS WITH`")
        .fix(span, "STARTS WITH")
}

pub(crate) fn two_operators(first: Span, second: Span) -> Diagnostic {
    Diagnostic::new(Code::UnexpectedToken, second, "a second operator", "two operators stand side by side")
        .and(first, "the first one")
        .help("keep one of them")
}

pub(crate) fn backticked_value(span: Span, text: &str) -> Diagnostic {
    let quoted = write_value(text);
    Diagnostic::new(Code::UnexpectedToken, span, "backticks hold names", "a value cannot stand in backticks")
        .write(span, quoted)
}

pub(crate) fn missing_condition_after(span: Span, spelled: &str) -> Diagnostic {
    Diagnostic::new(
        Code::MissingCondition,
        span,
        "expected a condition after this",
        format!("a condition is missing after {}", ticked(spelled)),
    )
    .help("write a condition such as `status = open`, or remove the word")
}

pub(crate) fn missing_condition_before(span: Span, spelled: &str) -> Diagnostic {
    Diagnostic::new(
        Code::MissingCondition,
        span,
        "expected a condition before this",
        format!("a condition is missing before {}", ticked(spelled)),
    )
    .help("write a condition such as `status = open`, or remove the word")
    .fix(span, "")
}

pub(crate) fn missing_operator(span: Span, name: &str) -> Diagnostic {
    Diagnostic::new(
        Code::MissingOperator,
        span,
        "expected an operator after this",
        format!("{} is no condition by itself", ticked(name)),
    )
    .help("a condition is an attribute, an operator and a value: `status = open`, `assignee IS MISSING`")
}

pub(crate) fn missing_equal(span: Span, name: &str, value: &str) -> Diagnostic {
    let fixed = format!("{name} = {value}");
    Diagnostic::new(
        Code::MissingOperator,
        span,
        "no operator between these",
        format!("an operator is missing between {} and {}", ticked(name), ticked(value)),
    )
    .perhaps(span, fixed)
}

pub(crate) fn missing_value(operator: Span, spelled: &str) -> Diagnostic {
    Diagnostic::new(
        Code::MissingValue,
        operator,
        "expected a value after this",
        format!("a value is missing after {}", ticked(spelled)),
    )
    .help("for a missing value write `IS MISSING`, for an empty text `\"\"`")
}

pub(crate) fn missing_list_value(comma: Span) -> Diagnostic {
    Diagnostic::new(Code::MissingValue, comma, "no value beside this comma", "a value of the list is missing")
        .help("remove the comma or add a value")
}

pub(crate) fn missing_connective(span: Span) -> Diagnostic {
    Diagnostic::new(
        Code::MissingConnective,
        span,
        "a new condition begins here",
        "AND or OR is missing between two conditions",
    )
    .help("write `AND` here if both must hold, `OR` if one is enough")
    .fix(Span::at(span.start), "AND ")
}

pub(crate) fn doubled_connective(both: Span, second: Span, spelled: &str) -> Diagnostic {
    Diagnostic::new(Code::DoubledConnective, second, "one too many", "two connectives stand side by side")
        .help(format!("keep one of them, {} for example", ticked(spelled)))
        .fix(both, spelled)
}

pub(crate) fn single_sign(span: Span, spelled: &str, word: &str) -> Diagnostic {
    Diagnostic::new(Code::UnknownOperator, span, "no operator", format!("{} joins nothing", ticked(spelled)))
        .help(format!("write `{word}` or `{spelled}{spelled}`"))
        .fix(span, word)
}

/// `number` is the condition with what may be a number in groups of three digits as one value, and whether it most likely
/// is one.
pub(crate) fn comma_list(span: Span, is_list: bool, fixed: &str, number: Option<(&str, bool)>) -> Diagnostic {
    let message =
        if is_list { "several values are a list in parentheses" } else { "each value has a condition of its own" };
    let diagnostic = Diagnostic::new(Code::CommaForOr, span, "a comma joins nothing here", message);
    diagnostic.help(match number {
        None => format!("write {}", corrected(fixed)),
        Some((number, true)) => format!("write {}, or {}", corrected(number), corrected(fixed)),
        Some((number, false)) => format!("write {}, or {} if it is one number", corrected(fixed), corrected(number)),
    })
}

/// `unread_count > 1,000`
pub(crate) fn grouped_number(span: Span, fixed: &str) -> Diagnostic {
    Diagnostic::new(Code::CommaForOr, span, "a comma joins nothing here", "a number has no commas in it")
        .help(format!("write {}", corrected(fixed)))
}

/// A correction that mends another mistake behind the one that was told.
pub(crate) fn write_instead(told: &mut Diagnostic, fix: Fix) {
    let choice = if told.code == Code::MissingConnective { ", or OR where one of them is enough" } else { "" };
    told.help = Some(format!("write {}{choice}", corrected(fix.replacement.trim())));
    told.in_program = None;
    told.fix = Some(fix);
}

pub(crate) fn bare_value(span: Span, values: &[&str], connective: &str, fixed: &str) -> Diagnostic {
    Diagnostic::new(
        Code::BareValue,
        span,
        "a value without an attribute",
        format!("{} after {connective} is no condition", alternatives(values)),
    )
    .help(format!("perhaps {}", corrected(fixed)))
}

/// `status = open pending`; `list` is the operator for several values, if there is one.
pub(crate) fn unlisted_values(span: Span, text: &str, list: Option<&str>) -> Diagnostic {
    let words: Vec<&str> = text.split_whitespace().collect();
    let number = grouped_digits(&words);
    let Some(list) = list else {
        let diagnostic =
            Diagnostic::new(Code::UnquotedBlank, span, "a bare word ends at a blank", "several values stand here");
        return match number {
            Some(number) => diagnostic.perhaps(span, number),
            None => diagnostic.help("this operator compares with one value: keep one of them"),
        };
    };
    let diagnostic =
        Diagnostic::new(Code::UnquotedBlank, span, "a bare word ends at a blank", "several values are a list");
    if excludes(&words) {
        return diagnostic.help(EXCLUDED);
    }
    let meant = number.map_or_else(String::new, |number| format!("{}, or ", ticked(&number)));
    diagnostic.help(format!("write {meant}`{list} ({})`", words.join(", ")))
}

/// Whether a sign before a word behind the first one may exclude it: `vip -refund`.
fn excludes(words: &[&str]) -> bool {
    words.iter().skip(1).any(|word| searched_sign(word).is_some())
}

/// What is told of such words.
const EXCLUDED: &str = "quote the text; what is excluded is a condition of its own, with `!=` or `NOT CONTAINS`";

/// `1000` of `1 000`: a number in groups of three digits.
fn grouped_digits(words: &[&str]) -> Option<String> {
    let digits = |word: &str| word.bytes().all(|byte| byte.is_ascii_digit());
    let (first, groups) = words.split_first()?;
    let grouped =
        first.len() <= 3 && groups.iter().all(|group| group.len() == 3) && words.iter().all(|word| digits(word));
    grouped.then(|| words.concat())
}

pub(crate) fn unquoted_blank(span: Span, text: &str, list: Option<&str>) -> Diagnostic {
    if let Some(amount) = amount_of_time(text) {
        return one_word(span, amount);
    }
    let diagnostic =
        Diagnostic::new(Code::UnquotedBlank, span, "a bare word ends at a blank", "a value of several words is quoted");
    let words: Vec<&str> = text.split_whitespace().collect();
    if words.iter().all(|word| word.bytes().all(|byte| byte.is_ascii_digit())) {
        return unlisted_values(span, text, list);
    }
    if matches!(words.get(1), Some(&("--" | "//"))) {
        return diagnostic.help("a comment begins with `#`");
    }
    if excludes(&words) {
        return diagnostic.help(EXCLUDED);
    }
    let quoted = write_value(text);
    diagnostic.write(span, quoted)
}

/// `OLDER THAN 7 days`
pub(crate) fn unquoted_age(span: Span, text: &str) -> Diagnostic {
    match length_of_time(text) {
        Some(length) => one_word(span, length),
        None => unquoted_blank(span, text, None),
    }
}

fn one_word(span: Span, amount: String) -> Diagnostic {
    Diagnostic::new(Code::UnquotedBlank, span, "a bare word ends at a blank", "a time span is one word")
        .write(span, amount)
}

/// `R&D`
pub(crate) fn unquoted_sign(span: Span, text: &str) -> Diagnostic {
    let quoted = write_value(text);
    Diagnostic::new(Code::UnexpectedToken, span, "has a sign in it", "a value with signs in it is quoted")
        .write(span, quoted)
}

/// `id IN (1 2 3)`: `span` is the first pair without a comma; `place`, as it is `spelled`, is `fixed` with all of them.
pub(crate) fn missing_comma(span: Span, place: Span, spelled: &str, fixed: &str) -> Diagnostic {
    // What has quotes or commas in it is no single value, nor are numbers.
    let several = spelled.contains(['"', '\'', ',', '#', '\n']);
    let numbers = spelled.chars().all(|c| c.is_ascii_digit() || c.is_whitespace());
    let one = if several || numbers {
        String::new()
    } else {
        format!(", or {} if it is one value", ticked(&write_value(spelled)))
    };
    Diagnostic::new(Code::UnquotedBlank, span, "no comma between these", "the values of a list are separated by commas")
        .help(format!("write {}{one}", corrected(fixed)))
        .fix(place, fixed)
}

pub(crate) fn reversed_operator(span: Span, spelled: &str, right: &str) -> Diagnostic {
    Diagnostic::new(Code::ReversedOperator, span, "the wrong way round", format!("{} is no operator", ticked(spelled)))
        .help(format!("write `{right}`"))
        .fix(span, right)
}

pub(crate) fn misspelt_not(span: Span, text: &str) -> Diagnostic {
    Diagnostic::new(Code::UnexpectedToken, span, "begins nothing", format!("{} begins no condition", ticked(text)))
        .help("perhaps `NOT`")
        .fix(span, "NOT")
}

pub(crate) fn misspelt_connective(span: Span, text: &str, right: &str) -> Diagnostic {
    Diagnostic::new(Code::UnexpectedToken, span, "joins nothing", format!("{} does not join conditions", ticked(text)))
        .perhaps(span, right)
}

pub(crate) fn unknown_operator(span: Span, spelled: &str, right: &str) -> Diagnostic {
    Diagnostic::new(Code::UnknownOperator, span, "no operator of cwql", format!("{} is no operator", ticked(spelled)))
        .write(span, right)
}

/// `referer REGEXP x`
pub(crate) fn no_such_operator(span: Span, spelled: &str) -> Diagnostic {
    Diagnostic::new(Code::UnknownOperator, span, "no operator of cwql", format!("{} is no operator", ticked(spelled)))
        .help(if asks_for_end(spelled) {
            "a text's end is asked for by a pattern, `LIKE \"%end\"`; CONTAINS finds a text anywhere"
        } else {
            OPERATORS
        })
}

/// `created_at WITHIN 7d`, `referer LIKE '%pricing%'`: the operator's correction changes what stands behind it.
pub(crate) fn operator_and_value(span: Span, spelled: &str, place: Span, right: &str) -> Diagnostic {
    unknown_operator(span, spelled, right).fix(place, right)
}

pub(crate) fn is_value(span: Span, right: &str, value: &str) -> Diagnostic {
    Diagnostic::new(
        Code::IsValue,
        span,
        "asks for presence alone",
        format!("IS does not compare with {}", ticked(value)),
    )
    .help(format!("write `{right}`; IS goes with PRESENT and MISSING"))
    .fix(span, right)
}

pub(crate) fn is_without_presence(span: Span) -> Diagnostic {
    Diagnostic::new(
        Code::MissingValue,
        span,
        "expected PRESENT or MISSING after this",
        "IS is followed by PRESENT or MISSING",
    )
    .help("write `IS PRESENT` or `IS MISSING`")
}

pub(crate) fn misplaced_not(span: Span) -> Diagnostic {
    Diagnostic::new(Code::MisplacedNot, span, "NOT before a value", "NOT does not stand before a value")
        .help("write `!=`")
        .fix(span, "!=")
}

pub(crate) fn keyword_value(span: Span, spelled: &str) -> Diagnostic {
    let quoted = format!("\"{spelled}\"");
    reserved_word(span, spelled).help(format!("as a value it is quoted: {}", ticked(&quoted))).fix(span, quoted)
}

/// `label IN (vip, NOT refund)`
pub(crate) fn not_in_list(span: Span, spelled: &str) -> Diagnostic {
    reserved_word(span, spelled).help("what a list leaves out is a condition of its own, with `!=` or NOT IN")
}

fn reserved_word(span: Span, spelled: &str) -> Diagnostic {
    Diagnostic::new(Code::KeywordValue, span, "a reserved word", format!("{} is a reserved word", ticked(spelled)))
}

/// `priority = null`: `right` is what asks for it, and `place` where it stands with its operator.
pub(crate) fn presence_value(span: Span, spelled: &str, place: Span, right: &str) -> Diagnostic {
    let diagnostic =
        reserved_word(span, spelled).help(format!("write `{right}`; as a value the word is quoted: `\"{spelled}\"`"));
    // A label may well be called so.
    if spelled.eq_ignore_ascii_case("set") { diagnostic } else { diagnostic.fix(place, right) }
}

/// `unread_count > null`: a number or a date is compared, which no word is.
pub(crate) fn ordered_keyword(span: Span, spelled: &str) -> Diagnostic {
    reserved_word(span, spelled).help("to ask for a missing value write `IS MISSING`, for any value `IS PRESENT`")
}

/// `priority IN (high, null)`
pub(crate) fn missing_in_list(span: Span, spelled: &str) -> Diagnostic {
    reserved_word(span, spelled)
        .help(format!("for a missing value write `none`; as a value the word is quoted: `\"{spelled}\"`"))
        .fix(span, "none")
}

pub(crate) fn keyword_name(span: Span, spelled: &str) -> Diagnostic {
    let fixed = format!("`{spelled}`");
    Diagnostic::new(Code::KeywordName, span, "a reserved word", format!("{} is a reserved word", ticked(spelled)))
        .help(format!("as a name it stands in backticks: {fixed}"))
        .fix(span, fixed)
}

pub(crate) fn quoted_name(span: Span, fixed: String) -> Diagnostic {
    Diagnostic::new(Code::QuotedName, span, "quotes hold values", "an attribute's name is not quoted")
        .help(format!("write {fixed}"))
        .fix(span, fixed)
}

pub(crate) fn invalid_name(span: Span, name: &str) -> Diagnostic {
    let fixed = format!("`{name}`");
    Diagnostic::new(
        Code::InvalidName,
        span,
        "not letters, digits, `_`, `-`, `.` alone",
        format!("{} is no attribute's name", ticked(name)),
    )
    .help(format!("a name with other characters stands in backticks: {fixed}"))
    .fix(span, fixed)
}

pub(crate) fn empty_list(span: Span) -> Diagnostic {
    Diagnostic::new(Code::EmptyList, span, "no value inside", "the list is empty")
        .help("IN takes at least one value: `status IN (open, pending)`")
}

/// `instead` is the operator that takes a list; else `joint` joins conditions on each of the values, if they can be.
pub(crate) fn list_not_allowed(
    span: Span,
    operator_span: Span,
    operator: &str,
    instead: Option<&str>,
    joint: Option<&str>,
) -> Diagnostic {
    let diagnostic = Diagnostic::new(
        Code::ListNotAllowed,
        operator_span,
        "takes one value",
        format!("{} does not take a list", ticked(operator)),
    )
    .and(span, "a list");
    match (instead, joint) {
        (Some(instead), _) => diagnostic.help(format!("write `{instead}`")).fix(operator_span, instead),
        (None, Some(joint)) => {
            diagnostic.help(format!("write one condition for each value and join them with {joint}"))
        }
        (None, None) => diagnostic.help("write the one value that is meant"),
    }
}

/// Of an operator with nothing behind it.
pub(crate) fn missing_list(span: Span, operator: &str) -> Diagnostic {
    bare_list(span).help(format!("write `{operator} (open, pending)`"))
}

pub(crate) fn list_expected(span: Span, values: &str) -> Diagnostic {
    match values.trim_matches(['[', ']', '{', '}']) {
        "" => empty_list(span),
        // `[[vip], [bug]]`; in quotes they are a part of a value.
        values if values.contains(['[', ']']) && !values.contains(['"', '\'']) => {
            bare_list(span).help("write the values side by side: `(open, pending)`")
        }
        values => bare_list(span).write(span, format!("({values})")),
    }
}

fn bare_list(span: Span) -> Diagnostic {
    Diagnostic::new(Code::ListExpected, span, "not in parentheses", "IN takes a list in parentheses")
}

pub(crate) fn range_without_and(span: Span, from: &str, to: &str) -> Diagnostic {
    let joined = format!("{from} AND {to}");
    Diagnostic::new(Code::RangeExpected, span, "expected `AND` between them", "BETWEEN takes two values joined by AND")
        .help(format!("write `BETWEEN {joined}`; both ends are included"))
        .fix(span, joined)
}

/// `status = (open or pending)`
pub(crate) fn joined_in_parentheses(span: Span, condition: Span, operator: &str, fixed: &str) -> Diagnostic {
    let message = format!("{} does not take several values", ticked(operator));
    Diagnostic::new(Code::ListNotAllowed, span, "several values", message).write(condition, fixed)
}

/// `status IN (open or pending)`
pub(crate) fn connective_in_list(span: Span, text: &str) -> Diagnostic {
    expected_in_list(span, text).help("write a comma between the values of a list").fix(span, ",")
}

/// `low` is the value that there is.
pub(crate) fn range_expected(span: Span, low: Option<&str>) -> Diagnostic {
    let example = low.map_or_else(|| "2026-06-01 AND 2026-06-30".to_owned(), |low| format!("{low} AND …"));
    Diagnostic::new(
        Code::RangeExpected,
        span,
        "expected `AND` and a second value",
        "BETWEEN takes two values joined by AND",
    )
    .help(format!("write {}; both ends are included", ticked(&format!("BETWEEN {example}"))))
}
