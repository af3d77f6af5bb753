//! Diagnostics of what is written in the way of another language, a search box or a chat.

use super::{corrected, missing_operator, ticked, write_value};
use crate::diagnostic::{Code, Diagnostic, InProgram, Label};
use crate::source::Span;
use crate::syntax::spelling::{quote, searched_sign, write_name};

/// `created:>2026-06-01`, `label:vip -label:spam`
pub(crate) fn search_condition(place: Span, fixed: &str) -> Diagnostic {
    no_search(place).write(place, fixed)
}

/// `label:(vip OR -refund)`: what joins the values is not known; `each` would be a condition for each of them.
pub(crate) fn search_values(place: Span, each: Option<&str>) -> Diagnostic {
    let example = each.map_or_else(String::new, |each| format!(", such as {}", corrected(each)));
    no_search(place).help(format!("write a condition for each value, with AND or OR between them{example}"))
}

/// `contact.email:*@acme.com`; `anywhere` is the condition that finds the text.
pub(crate) fn search_wildcard(place: Span, anywhere: Option<&str>) -> Diagnostic {
    let help = match anywhere {
        Some(anywhere) => format!("there are no wildcards: {} finds the text anywhere", corrected(anywhere)),
        None => WILDCARDS.to_owned(),
    };
    no_search(place).help(help)
}

/// `label:vip*`
pub(crate) fn search_label_part(place: Span, name: &str) -> Diagnostic {
    no_search(place).help(format!("there are no wildcards: {} compares with whole labels", ticked(name)))
}

/// `in:anywhere`
pub(crate) fn every_inbox(place: Span) -> Diagnostic {
    no_search(place).help("leave it out: conversations are found in every inbox unless a condition names one")
}

fn no_search(place: Span) -> Diagnostic {
    Diagnostic::new(Code::ColonOperator, place, "no condition", "a colon does not compare")
}

/// `unassigned`, `assigned to me`, `no label`
pub(crate) fn said_condition(place: Span, spelled: &str, fixed: &str) -> Diagnostic {
    Diagnostic::new(Code::MissingOperator, place, "no operator in it", format!("{} is no condition", ticked(spelled)))
        .perhaps(place, fixed)
}

/// `?page=2`: what an address says of pages asks for no conversations.
pub(crate) fn of_pages(span: Span, spelled: &str) -> Diagnostic {
    let message = format!("{} is no condition", ticked(spelled));
    Diagnostic::new(Code::UnexpectedToken, span, "no condition", message)
        .help("a query means conversations on whatever page")
        .in_program(InProgram::Limit)
}

/// `mentions`: what the program `lists` is meant.
pub(crate) fn listed_elsewhere(span: Span, word: &str, lists: InProgram) -> Diagnostic {
    let message = format!("{} is no condition", ticked(word));
    Diagnostic::new(Code::UnexpectedToken, span, "no condition", message)
        .help("the dashboard's list has them; the filter has no such condition")
        .in_program(lists)
}

/// `vip`: in a search box a word alone is looked for in the messages, or names a label, if it can be one.
pub(crate) fn word_alone(place: Span, spelled: &str, label: Option<&str>, text: &str) -> Diagnostic {
    let label = label
        .map_or_else(String::new, |label| format!("{}, or ", corrected(&format!("label = {}", write_value(label)))));
    missing_operator(place, spelled).help(format!("perhaps {label}{}", in_messages(text))).in_program(InProgram::Search)
}

/// As [`word_alone`], of several words that were taken for a condition.
pub(crate) fn words_alone(told: &mut Diagnostic, text: &str) {
    let help = told.help.take().map_or_else(String::new, |help| format!("{help}; "));
    told.help = Some(format!("{help}perhaps {}", in_messages(text)));
    told.in_program = Some(InProgram::Search);
}

/// What looks for a text in messages.
fn in_messages(text: &str) -> String {
    let contains = corrected(&format!("message CONTAINS {}", write_value(text)));
    format!("{contains} for a text in the last message")
}

/// `| status | open |`, and what else it may be.
pub(crate) fn pasted(place: Span, what: &str) -> Diagnostic {
    Diagnostic::new(Code::UnexpectedToken, place, "no condition", format!("{what} is no query"))
        .help("a query is conditions, such as `status = open`, that AND and OR join")
}

/// `[{"attribute_key": …}]`: a payload can be read back.
pub(crate) fn pasted_payload(place: Span) -> Diagnostic {
    Diagnostic::new(Code::UnexpectedToken, place, "no condition", "JSON is no query")
        .help("a payload of the API, or a saved view, is decompiled to one")
        .in_program(InProgram::DecompileThis)
}

/// `{"status": "open"}`
pub(crate) fn pasted_json(place: Span) -> Diagnostic {
    pasted(place, "JSON").in_program(InProgram::Decompile)
}

/// `contact.phone_number = +1 (555) 010-2407`
pub(crate) fn telephone(place: Span, fixed: &str) -> Diagnostic {
    let message = "a telephone number is written without blanks and signs, as it is stored";
    Diagnostic::new(Code::UnquotedBlank, place, "bare words end at blanks", message).write(place, fixed)
}

/// `older_than:7d`
pub(crate) fn unnamed_time(span: Span, word: &str, compared: &str) -> Diagnostic {
    let (created, active) = (format!("created_at {compared}"), format!("last_activity_at {compared}"));
    let message = format!("{} does not say which time is meant", ticked(word));
    Diagnostic::new(Code::ColonOperator, span, "no attribute", message).help(format!(
        "write {} or {}",
        corrected(&created),
        corrected(&active)
    ))
}

/// `label = vip -spam`
pub(crate) fn excluded_value(span: Span, spelled: &str, fixed: &str) -> Diagnostic {
    Diagnostic::new(Code::MisplacedNot, span, "excludes nothing", format!("{} is no condition", ticked(spelled)))
        .write(span, fixed)
}

/// `ORDER BY created_at`, `LIMIT 10`
pub(crate) fn order_of_rows(span: Span, word: &str) -> Diagnostic {
    let message = format!("{} is no part of a query", ticked(word));
    Diagnostic::new(Code::UnexpectedToken, span, "no condition", message)
        .help("a query says which conversations are meant")
        .in_program(InProgram::Order)
}

/// `status = open -- all of them`, `// all`, `/* all */`
pub(crate) fn foreign_comment(span: Span, spelled: &str) -> Diagnostic {
    let message = format!("{} begins no comment", ticked(spelled));
    Diagnostic::new(Code::UnexpectedToken, span, "no comment", message)
        .help("a comment begins with `#` and ends with its line")
}

/// The same, where it may be a part of a value: `inbox = Shop // EU`.
pub(crate) fn comment_or_value(span: Span, spelled: &str) -> Diagnostic {
    foreign_comment(span, spelled)
        .help("a comment begins with `#` and ends with its line; a value that has such signs in it is quoted")
}

/// `--status:open`
pub(crate) fn dashes(span: Span, spelled: &str) -> Diagnostic {
    Diagnostic::new(Code::UnexpectedToken, span, "begins no condition", format!("{} is no name", ticked(spelled)))
        .help(format!("{DASHES}; `NOT` negates a condition"))
}

/// What two dashes are elsewhere.
pub(super) const DASHES: &str = "options of the command line stand before the query, and a comment begins with `#`";

/// `🔥 status = open`; `place` is what there is to remove.
pub(crate) fn ornament(span: Span, place: Span, spelled: &str) -> Diagnostic {
    let message = format!("{} is no part of a query", ticked(spelled));
    Diagnostic::new(Code::UnexpectedToken, span, "begins no condition", message).help("remove it").fix(place, "")
}

/// `❌ status = open`: it may mark a line, or negate it.
pub(crate) fn cross(span: Span, spelled: &str) -> Diagnostic {
    Diagnostic { fix: None, ..ornament(span, span, spelled) }.help("remove it; where it negates, write `NOT`")
}

/// `“status = open”`
pub(crate) fn quoted_condition(span: Span, fixed: &str) -> Diagnostic {
    Diagnostic::new(Code::QuotedName, span, "quotes hold values", "a condition is not quoted").write(span, fixed)
}

/// `[status = open or status = pending] and muted = true`
pub(crate) fn grouped_in_brackets(span: Span, fixed: &str) -> Diagnostic {
    Diagnostic::new(Code::UnexpectedToken, span, "not in parentheses", "brackets group no conditions")
        .write(span, fixed)
}

/// `assignee is me`
pub(crate) fn is_me(span: Span, spelled: &str, fixed: &str) -> Diagnostic {
    let message = format!("IS does not compare with {}", ticked(spelled));
    Diagnostic::new(Code::IsValue, span, "asks for presence alone", message).write(span, fixed)
}

/// `visible` is the text at `place` without such characters.
pub(crate) fn invisible_character(span: Span, character: char, place: Span, visible: String) -> Diagnostic {
    let message = format!("an invisible character, U+{:04X}, stands here", u32::from(character));
    Diagnostic::new(Code::InvalidName, span, "invisible", message)
        .help(format!("remove it: {}", ticked(&visible)))
        .fix(place, visible)
}

/// `status＝open`
pub(crate) fn full_width_signs(span: Span, fixed: &str) -> Diagnostic {
    Diagnostic::new(Code::UnknownOperator, span, "full-width signs", "full-width signs are characters of a word")
        .write(span, fixed)
}

/// `openOR`
pub(crate) fn missing_blank(span: Span, spelled: &str, fixed: &str) -> Diagnostic {
    Diagnostic::new(Code::UnexpectedToken, span, "one word", format!("a blank is missing in {}", ticked(spelled)))
        .write(span, fixed)
}

/// What is to be done where a quoted text evidently ends before its line does.
pub(crate) fn close_where_it_ends(quoted: &str) -> String {
    format!("write {}; a line break inside is written \\n", corrected(quoted))
}

/// `id = #163`
pub(crate) fn comment_for_value(sign: Span, place: Span, fixed: &str) -> Diagnostic {
    Diagnostic::new(Code::MissingValue, sign, "begins a comment", "behind a blank `#` begins a comment")
        .write(place, fixed)
}

/// `status = open, team = 8`, `status = open; team = 8`: which of the two was meant is not known.
pub(crate) fn sign_for_connective(span: Span, sign: &str) -> Diagnostic {
    Diagnostic::new(Code::CommaForOr, span, "not between conditions", format!("a {sign} does not join conditions"))
        .help("write `OR` if one of the conditions is enough, `AND` if all must hold")
}

/// `unread_count > 3 and < 10`
pub(crate) fn shared_name(span: Span, spelled: &str, connective: &str, place: Span, fixed: &str) -> Diagnostic {
    let message = format!("{} after {connective} names no attribute", ticked(spelled));
    Diagnostic::new(Code::BareValue, span, "a condition without an attribute", message).write(place, fixed)
}

/// `contact name = x`
pub(crate) fn divided_name(span: Span, spelled: &str, fixed: &str) -> Diagnostic {
    let message = format!("{} is no attribute's name", ticked(spelled));
    let diagnostic = Diagnostic::new(Code::InvalidName, span, "a name ends at a blank", message);
    let ticked_name = write_name(spelled);
    let help = if fixed == ticked_name {
        format!("a name with blanks stands in backticks: {fixed}")
    } else {
        format!("perhaps {}; a name with blanks stands in backticks: {ticked_name}", ticked(fixed))
    };
    diagnostic.help(help).fix(span, fixed)
}

/// `custom['tier'] = gold`
pub(crate) fn key_in_brackets(span: Span, spelled: &str, fixed: String) -> Diagnostic {
    let message = format!("{} is no attribute's name", ticked(spelled));
    Diagnostic::new(Code::InvalidName, span, "a key in brackets", message).write(span, fixed)
}

/// `@me = assignee`
pub(crate) fn reversed_condition(span: Span, spelled: &str, fixed: &str) -> Diagnostic {
    Diagnostic::new(
        Code::ReversedOperator,
        span,
        "the wrong way round",
        format!("{} begins with its value", ticked(spelled)),
    )
    .write(span, fixed)
}

/// `assignee = currentUser()`; `meant` is the value that it stands for, where that is known.
pub(crate) fn no_functions(span: Span, spelled: &str, meant: Option<(Span, &str)>) -> Diagnostic {
    let message = format!("{} is no value: there are no functions", ticked(spelled));
    let diagnostic = Diagnostic::new(Code::UnexpectedToken, span, "a function", message);
    match meant {
        Some((place, meant)) => diagnostic.write(place, meant),
        None => diagnostic
            .help("a value is a word, a number, a date such as `2026-06-01`, `today` or `-7d`, or a text in quotes"),
    }
}

/// `lower(mail_subject) = refund`
pub(crate) fn converted_name(span: Span, spelled: &str, name: &str) -> Diagnostic {
    let message = format!("{} is no attribute: there are no functions", ticked(spelled));
    Diagnostic::new(Code::UnexpectedToken, span, "a function", message).write(span, name)
}

/// Takes a correction back that names an attribute which there is not, and says so.
pub(crate) fn take_back(told: &mut Diagnostic, unknown: &Diagnostic) {
    let help = unknown.help.as_ref().map_or_else(String::new, |help| format!("; {help}"));
    told.help = Some(format!("{}{help}", unknown.message));
    told.in_program = unknown.in_program;
    told.fix = None;
}

/// `snoozed_until < 7d`: back from now or ahead, so that there is no correction.
pub(crate) fn either_way(told: &mut Diagnostic, length: &str) {
    let (back, ahead) = (format!("-{length}"), format!("+{length}"));
    told.help = Some(format!("{} is so long ago, {} so far ahead", ticked(&back), ticked(&ahead)));
    told.fix = None;
}

/// `waiting_since > 2h`: for longer, or since later, so that there is no correction.
pub(crate) fn either_side(told: &mut Diagnostic, length: &str) {
    let (longer, shorter) = (format!("< -{length}"), format!("> -{length}"));
    told.help = Some(format!("{} is longer ago than that, {} less long", ticked(&longer), ticked(&shorter)));
    told.fix = None;
}

/// Takes a correction back in which `-refund` is a value: it may be one that was excluded.
pub(crate) fn take_back_sign(told: &mut Diagnostic) {
    let help = told.help.take().map_or_else(String::new, |help| format!("{help}; "));
    told.help =
        Some(format!("{help}a sign before a value is a part of it: what `-` excludes is a condition with `!=`"));
    told.fix = None;
}

/// `status = [open, pending]`
pub(crate) fn array_value(span: Span, place: Span, fixed: &str) -> Diagnostic {
    let message = "several values are a list in parentheses";
    Diagnostic::new(Code::ListExpected, span, "not in parentheses", message).write(place, fixed)
}

/// `label = [vip bug]`: `fixed` has the words as a list, of which nobody knows whether they are one value.
pub(crate) fn list_of_words(span: Span, place: Span, fixed: &str, words: &str) -> Diagnostic {
    let message = "several values are a list in parentheses";
    let told = Diagnostic::new(Code::ListExpected, span, "not in parentheses", message).write(place, fixed);
    // What has quotes or commas in it is no single value, nor are numbers.
    let numbers = words.chars().all(|c| c.is_ascii_digit() || c.is_whitespace());
    if numbers || words.contains(['"', '\'', ',', ';']) { told } else { or_one_value(told, words) }
}

/// `mail_subject ~ ".*@acme\.com"`: `fixed` is the condition on the text that the pattern finds, where there is one.
pub(crate) fn pattern_text(span: Span, place: Span, fixed: Option<&str>) -> Diagnostic {
    let told = Diagnostic::new(Code::BadEscape, span, "a regular expression", "a regular expression is read as a text");
    match fixed {
        Some(fixed) => {
            told.help(format!("there are no regular expressions; write {}", corrected(fixed))).fix(place, fixed)
        }
        None => told.help(WILDCARDS),
    }
}

/// `label IN (vip AND refund)`
pub(crate) fn and_in_list(joint: Span, spelled: &str, place: Span, fixed: &str) -> Diagnostic {
    super::connective_in_list(joint, spelled).write(place, fixed)
}

/// `assignee = Marit Solberg or Jonas Feld`: `place` is what the correction replaces.
pub(crate) fn unquoted_words(span: Span, place: Span, fixed: &str) -> Diagnostic {
    Diagnostic::new(Code::UnquotedBlank, span, "bare words end at blanks", "a value of several words is quoted")
        .write(place, fixed)
}

/// `status = open|pending`: `place` is the condition with its values, `spelled` the values.
pub(crate) fn signs_for_connective(span: Span, spelled: &str, place: Span, fixed: &str) -> Diagnostic {
    let quoted = write_value(spelled);
    Diagnostic::new(Code::UnexpectedToken, span, "has a sign in it", format!("{} is no value", ticked(spelled)))
        .help(format!("write {}; one value with signs in it is quoted: {}", corrected(fixed), ticked(&quoted)))
        .fix(place, fixed)
}

/// `contact.name = O'Neil`: the mark stands inside of what was meant as one text, which `place` is the place of.
pub(crate) fn apostrophe(mark: Span, place: Span, text: &str) -> Diagnostic {
    let quoted = write_value(text);
    let (sign, called) = match text.contains('\'') {
        true => ('\'', "an apostrophe"),
        false => ('"', "a quotation mark"),
    };
    let message = format!("the quote {sign} is not closed on its line");
    Diagnostic::new(Code::UnclosedQuote, mark, "begins a quoted text", message)
        .help(format!("a text with {called} is quoted: {}", ticked(&quoted)))
        .fix(place, quoted)
}

/// `label = vip'`: the mark stands behind what was meant as one text.
pub(crate) fn unopened_quote(mark: Span, place: Span, text: &str) -> Diagnostic {
    let value = write_value(text);
    Diagnostic::new(Code::UnclosedQuote, mark, "closes nothing", "the quote is not opened")
        .help(format!("write {}", ticked(&value)))
        .fix(Span::new(place.start, mark.end), value)
}

/// `label = "vip'`: another mark stands where the text ends.
pub(crate) fn other_mark(opener: Span, other: Span, mark: char) -> Diagnostic {
    Diagnostic::new(Code::UnclosedQuote, opener, "opened here", format!("the quote {mark} is not closed on its line"))
        .and(other, "another mark")
        .help(format!("close it with {mark}"))
        .fix(other, mark.to_string())
}

/// `status' = open`: there is no text that it could open.
pub(crate) fn stray_mark(mark: Span, spelled: &str) -> Diagnostic {
    let (code, name) = match spelled {
        "`" => (Code::UnclosedBacktick, "the backtick"),
        _ => (Code::UnclosedQuote, "the quote"),
    };
    let spelled = if code == Code::UnclosedQuote { format!(" {spelled}") } else { String::new() };
    Diagnostic::new(code, mark, "opens nothing", format!("{name}{spelled} is not closed on its line"))
        .help("remove it")
        .fix(mark, "")
}

pub(crate) fn colon_operator(sign: Span, name: &str, value: &str) -> Diagnostic {
    let diagnostic = Diagnostic::new(Code::ColonOperator, sign, "no operator", "a colon does not compare");
    match unequal(name, value) {
        // Of the list there is more to tell.
        _ if value == "(" => diagnostic.help(format!("write {}", corrected(&format!("{name} IN (…)")))),
        Some(help) => diagnostic.help(help),
        None => diagnostic.help(format!("write {}", corrected(&format!("{name} = {value}")))).fix(sign, " ="),
    }
}

/// `label:a=b`: `span` is the place of it all.
pub(crate) fn colon_with_sign(sign: Span, name: &str, value: &str, span: Span) -> Diagnostic {
    Diagnostic::new(Code::ColonOperator, sign, "no operator", "a colon does not compare")
        .write(span, format!("{name} = {}", quote(value)))
}

/// What is written where the value of a search is more than what the attribute is equal to: `-vip`, `vip*`.
fn unequal(name: &str, value: &str) -> Option<String> {
    match searched_sign(value) {
        Some(('-', excluded)) => Some(format!("write {}", corrected(&format!("{name} != {excluded}")))),
        Some((_, demanded)) => Some(format!("write {}", corrected(&format!("{name} = {demanded}")))),
        None if value.contains('*') && !value.starts_with(['"', '\'']) => Some(WILDCARDS.to_owned()),
        None => None,
    }
}

/// `-status:open`, as search boxes have it; `place` begins at the `-` and ends with the colon.
pub(crate) fn negated_colon(sign: Span, place: Span, name: &str, value: &str) -> Diagnostic {
    let diagnostic = Diagnostic::new(Code::ColonOperator, sign, "no operator", "a colon does not compare");
    if unequal(name, value).is_some() {
        return diagnostic.help("NOT before a condition excludes what it finds");
    }
    diagnostic.help(format!("write {}", corrected(&format!("{name} != {value}")))).fix(place, format!("{name} !="))
}

/// `referer LIKE 'a%b'`
pub(crate) fn pattern_operator(span: Span, spelled: &str) -> Diagnostic {
    Diagnostic::new(Code::UnknownOperator, span, "no operator of cwql", format!("{} is no operator", ticked(spelled)))
        .help(WILDCARDS)
}

/// `mail_subject LIKE %order%`
pub(crate) fn unquoted_pattern(told: Diagnostic, spelled: &str) -> Diagnostic {
    let message = format!("the pattern of {} is in quotes", ticked(spelled));
    let text = "no text in quotes behind it".to_owned();
    let labels = told.labels.iter().map(|label| Label { text: text.clone(), ..*label }).collect();
    Diagnostic { message, labels, ..told }
}

/// What is to be written where another language has a pattern.
const WILDCARDS: &str = "CONTAINS finds a text anywhere, STARTS WITH at the beginning; in the pattern of LIKE `%` is any text, `_` one character";

/// `label ~ not received`, `label != not vip`; `opposite` is the operator with the NOT in it.
pub(crate) fn not_before_value(span: Span, opposite: &str, value: &str, spelled: &str) -> Diagnostic {
    let (excludes, text) = (format!("{opposite} {}", write_value(value)), format!("{spelled} {value}"));
    let told = Diagnostic::new(Code::MisplacedNot, span, "NOT before a value", "NOT does not stand before a value");
    or_text(told.help(format!("write {}", corrected(&excludes))), &text)
}

/// What is told of words that may as well be one value: `contact.company_name = Black and White`.
pub(crate) fn or_one_value(told: Diagnostic, words: &str) -> Diagnostic {
    let help = told.help.as_deref().unwrap_or_default();
    let help = format!("{help}, or {} if it is one value", ticked(&quote(words)));
    told.help(help)
}

/// What is told of words that may as well be a text: `message contains not working`.
pub(crate) fn or_text(told: Diagnostic, text: &str) -> Diagnostic {
    let help = told.help.as_deref().unwrap_or_default();
    let help = format!("{help}, or {} for the text", ticked(&quote(text)));
    told.help(help)
}
