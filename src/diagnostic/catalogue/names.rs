//! Diagnostics of the names of attributes, agents, inboxes, teams, labels and campaigns.

use super::{DASHES, one, plural, ticked, write_name_value, write_value};
use crate::diagnostic::{Code, Diagnostic, InProgram, longer, nearest};
use crate::schema::NameList;
use crate::source::Span;
use crate::syntax::spelling::{ME, ME_WORDS, NONE, NONE_WORDS, write_name};

pub(crate) fn unknown_attribute(span: Span, name: &str, candidates: &[&str], account_known: bool) -> Diagnostic {
    let diagnostic = Diagnostic::new(
        Code::UnknownAttribute,
        span,
        "no such attribute",
        format!("there is no attribute {}", ticked(name)),
    )
    .judged_by(NameList::Custom);
    if name.starts_with("--") {
        return diagnostic.help(DASHES);
    }
    let custom = format!("custom.{name}");
    match candidates {
        [] if account_known || name.contains('.') => diagnostic
            .help("a custom attribute is written `custom.key`, one of contacts `contact.custom.key`")
            .in_program(InProgram::Attributes),
        [] => diagnostic
            .help(format!("a custom attribute is written {}", ticked(&custom)))
            .in_program(InProgram::OtherAttributes),
        [first, rest @ ..] => {
            let first = write_name(first);
            let list: Vec<String> = rest.iter().map(|name| ticked(&write_name(name))).collect();
            let others = if list.is_empty() { String::new() } else { format!(" or {}", list.join(" or ")) };
            let custom = if name.contains('.') || account_known {
                String::new()
            } else {
                format!("; a custom attribute is written {}", ticked(&custom))
            };
            diagnostic.help(format!("perhaps {}{others}{custom}", ticked(&first))).fix(span, first)
        }
    }
}

/// `snoozed = true`, where `condition` says what is meant; `unknown` is what is told of the attribute.
pub(crate) fn state_as_attribute(unknown: Diagnostic, name: &str, condition: Span, fixed: &str) -> Diagnostic {
    let custom = format!("custom.{name}");
    unknown
        .help(format!("perhaps {}; a custom attribute is written {}", ticked(fixed), ticked(&custom)))
        .fix(condition, fixed)
}

pub(crate) fn empty_key(span: Span, prefix: &str) -> Diagnostic {
    Diagnostic::new(
        Code::UnknownAttribute,
        span,
        "the key is missing",
        format!("a key is missing after {}", ticked(prefix)),
    )
    .help(format!("write {}", ticked(&format!("{prefix}key"))))
}

pub(crate) fn wrong_attribute_kind(span: Span, name: &str, right: &str) -> Diagnostic {
    Diagnostic::new(
        Code::WrongAttributeKind,
        span,
        "belongs to contacts",
        format!("{} is an attribute of contacts", ticked(name)),
    )
    .help(format!("write {}", ticked(&write_name(right))))
    .fix(span, write_name(right))
}

pub(crate) fn attribute_not_in_version(span: Span, name: &str, version: &str, instead: &str) -> Diagnostic {
    Diagnostic::new(
        Code::NotInVersion,
        span,
        "not in this version",
        format!("server {version} does not filter by {}", ticked(name)),
    )
    .help(format!("{} reads it from the returned conversations", ticked(instead)))
    .fix(span, instead)
}

/// As [`unknown_name`], where many were told of already.
pub(crate) fn another_unknown_name(span: Span, name: &str, noun: &str) -> Diagnostic {
    let message = format!("there is no {noun} {}", ticked(name));
    Diagnostic::new(Code::UnknownName, span, format!("no such {noun}"), message).help("an id always works")
}

pub(crate) fn unknown_name(span: Span, name: &str, noun: &str, known: &[(i64, &str)]) -> Diagnostic {
    let diagnostic = Diagnostic::new(
        Code::UnknownName,
        span,
        format!("no such {noun}"),
        format!("there is no {noun} {}", ticked(name)),
    );
    // Without quotes it is found, or another error tells of it.
    if noun == "agent" && name == "@me" {
        return diagnostic.help("`@me`, the token's own user, is written without quotes").fix(span, name);
    }
    if let Some((help, fixed)) = meant(name, noun) {
        return diagnostic.help(help).fix(span, fixed);
    }
    let names = || known.iter().map(|(_, name)| *name);
    let longer = longer(name, names());
    // Names of one record are one candidate.
    let mut candidates: Vec<(i64, &str)> = known.iter().copied().filter(|(_, name)| longer.contains(name)).collect();
    candidates.dedup_by_key(|(id, _)| *id);
    let near = match candidates.as_slice() {
        [] => nearest(name, names()).first().copied(),
        [(_, only)] => Some(*only),
        [first @ .., (_, last)] => {
            let first: Vec<String> = first.iter().map(|(_, name)| ticked(&write_name_value(name))).collect();
            let last = ticked(&write_name_value(last));
            return diagnostic.help(format!("perhaps {} or {last}", first.join(", ")));
        }
    };
    match near {
        Some(near) => {
            let fixed = write_name_value(near);
            diagnostic.perhaps(span, fixed)
        }
        None if known.is_empty() => {
            diagnostic.help(format!("the account has no {} that the token's user may see", plural(noun)))
        }
        None => {
            let shown = first_of(&shown_names(known), |(_, name)| write_name_value(name));
            diagnostic.help(format!("the account's {} are {shown}", plural(noun)))
        }
    }
}

/// The name of each record that the dashboard shows: the first of those that it has, which stand side by side.
fn shown_names<'a>(known: &[(i64, &'a str)]) -> Vec<(i64, &'a str)> {
    known.chunk_by(|a, b| a.0 == b.0).filter_map(|names| names.first()).copied().collect()
}

/// An id that none of the account's records has.
pub(crate) fn unknown_id(span: Span, id: i64, noun: &str, known: &[(i64, &str)]) -> Diagnostic {
    let reach = if noun == "inbox" { " that the token's user may see" } else { "" };
    let message = format!("the account has no {noun} with the id {id}{reach}");
    let diagnostic = Diagnostic::new(Code::UnknownId, span, format!("no such {noun}"), message);
    if known.is_empty() {
        return diagnostic;
    }
    let shown = first_of(&shown_names(known), |(id, name)| format!("{id} ({name})"));
    diagnostic.help(format!("the {} are {shown}", plural(noun)))
}

pub(crate) fn ambiguous_name(span: Span, name: &str, noun: &str, candidates: &[(i64, &str)]) -> Diagnostic {
    let list = first_of(candidates, |(id, name)| format!("{id} ({name})"));
    Diagnostic::new(
        Code::AmbiguousName,
        span,
        format!("{} {}", candidates.len(), plural(noun)),
        format!("several {} are called {}", plural(noun), ticked(name)),
    )
    .help(format!("use an id: {list}"))
}

/// The first of a list as a help line has room for them.
fn first_of<T>(all: &[T], written: impl Fn(&T) -> String) -> String {
    const SHOWN: usize = 6;
    let shown: Vec<String> = all.iter().take(SHOWN).map(written).collect();
    let more = if all.len() > SHOWN { ", …" } else { "" };
    format!("{}{more}", shown.join(", "))
}

/// What a word means that is most likely no name: a help line, and the right word.
fn meant(name: &str, noun: &str) -> Option<(&'static str, &'static str)> {
    let is = |word: &&str| name.eq_ignore_ascii_case(word);
    if noun == "agent" && (ME_WORDS.iter().any(is) || name != ME && is(&ME)) {
        Some(("perhaps `@me`, the token's own user", ME))
    } else if NONE_WORDS.iter().chain(&["", "null"]).any(is) {
        Some(("perhaps `none`: no value at all", NONE))
    } else {
        None
    }
}

pub(crate) fn name_without_account(span: Span, name: &str, noun: &str) -> Diagnostic {
    let diagnostic = Diagnostic::new(
        Code::NameWithoutAccount,
        span,
        "a name, not an id",
        format!("the id of the {noun} {} is not known", ticked(name)),
    );
    match meant(name, noun) {
        Some((help, fixed)) => diagnostic.help(help).fix(span, fixed),
        None => diagnostic
            .help(format!("write {}'s id; names are known where the account is", one(noun)))
            .in_program(InProgram::Names),
    }
}

pub(crate) fn campaign_name(span: Span, name: &str) -> Diagnostic {
    Diagnostic::new(
        Code::CampaignName,
        span,
        "a campaign's name",
        format!("the campaign {} cannot be found by its name", ticked(name)),
    )
    .help(
        "the filter compares the campaign's primary key, which the API does not list; it stands in \
             `additional_attributes.campaign_id` of a message that the campaign sent",
    )
}

pub(crate) fn me_not_an_agent(span: Span, noun: &str) -> Diagnostic {
    Diagnostic::new(Code::WrongType, span, "an agent", format!("`@me` is an agent, not {}", one(noun)))
        .help("`@me` goes with `assignee`")
}

pub(crate) fn unlisted_value(span: Span, value: &str, attribute: &str, listed: &[String]) -> Diagnostic {
    let diagnostic = Diagnostic::new(
        Code::UnlistedValue,
        span,
        "not in the attribute's list",
        format!("{} does not list {}", ticked(attribute), ticked(value)),
    );
    match nearest(value, listed.iter().map(String::as_str)).first() {
        Some(near) => {
            let fixed = write_value(near);
            diagnostic.perhaps(span, fixed)
        }
        None => {
            let shown = first_of(listed, |value| write_value(value));
            diagnostic.help(format!("the list has {shown}; another value may be stored all the same"))
        }
    }
}

/// `channel = email`; `near` is the one that may be meant.
pub(crate) fn unknown_channel(span: Span, value: &str, near: Option<&str>, known: &[&str]) -> Diagnostic {
    let diagnostic = Diagnostic::new(
        Code::UnlistedValue,
        span,
        "none of Chatwoot's channels",
        format!("Chatwoot has no channel {}", ticked(value)),
    );
    match near {
        Some(near) => {
            let fixed = write_value(near);
            diagnostic.perhaps(span, fixed)
        }
        None => diagnostic.help(format!("the channels are {}", known.join(", "))),
    }
}

/// `channel STARTS WITH email`; else it `contains` the text.
pub(crate) fn part_of_no_channel(
    span: Span,
    value: &str,
    contains: bool,
    near: Option<&str>,
    known: &[&str],
) -> Diagnostic {
    let verb = if contains { "contains" } else { "begins with" };
    let message = format!("no channel of Chatwoot's {verb} {}", ticked(value));
    let told = unknown_channel(span, value, near, known);
    Diagnostic { message, ..told }
}

/// `contact.phone_number = "+49 151 12345678"`
pub(crate) fn telephone_form(span: Span, value: &str, meant: Option<&str>) -> Diagnostic {
    let diagnostic = Diagnostic::new(
        Code::TelephoneForm,
        span,
        "not as numbers are stored",
        format!("no telephone number is stored as {}", ticked(value)),
    );
    match meant {
        Some(meant) => diagnostic.perhaps(span, meant),
        None => diagnostic.help("one is `+`, the country's code and digits alone, as `+4915112345678`"),
    }
}

/// `contact.email = @acme.com`
pub(crate) fn part_of_address(span: Span, value: &str) -> Diagnostic {
    let message = format!("{} is no e-mail address", ticked(value));
    Diagnostic::new(Code::AddressForm, span, "compared with whole addresses", message)
        .help("for a part of the address write `CONTAINS`")
}

/// `contact.custom.teir`, where the account's definitions are known.
pub(crate) fn undefined_key(span: Span, name: &str, meant: Option<&str>) -> Diagnostic {
    let diagnostic = Diagnostic::new(
        Code::UndefinedKey,
        span,
        "not among the account's definitions",
        format!("the account does not define {}", ticked(name)),
    );
    match meant {
        Some(meant) => {
            let fixed = write_name(meant);
            diagnostic.perhaps(span, fixed)
        }
        None => diagnostic.help("contacts may have it all the same, set over the API or by the widget"),
    }
}

/// `label = "vip, refund"`, of which no account says that it is a label.
pub(crate) fn comma_in_label(span: Span, text: &str) -> Diagnostic {
    let message = format!("{} is one label, with the comma", ticked(text));
    Diagnostic::new(Code::WildcardLiteral, span, "has a sign that means itself", message)
        .help("several labels are a list, `label IN (vip, refund)`")
}

/// `mail_subject ~ refund;`
pub(crate) fn ends_in_semicolon(span: Span, text: &str) -> Diagnostic {
    let message = format!("{} is looked for with its semicolon", ticked(text));
    let meant = text.trim_end_matches(';');
    Diagnostic::new(Code::WildcardLiteral, span, "has a sign that means itself", message)
        .help(format!("no query ends with one; perhaps `{meant}`"))
        .fix(span, meant)
}

pub(crate) fn unknown_label(span: Span, name: &str, known: &[&str]) -> Diagnostic {
    if let Some(label) = known.iter().find(|label| label.to_lowercase() == name.to_lowercase()) {
        let fixed = write_value(label);
        return Diagnostic::new(
            Code::CaseMismatch,
            span,
            "in another case",
            format!("the account has no label {}, but {}", ticked(name), ticked(label)),
        )
        .help(format!("labels are compared with regard to case; perhaps {}", ticked(&fixed)))
        .fix(span, fixed);
    }
    let diagnostic = Diagnostic::new(
        Code::UnknownLabel,
        span,
        "not among the account's labels",
        format!("the account has no label {}", ticked(name)),
    );
    match nearest(name, known.iter().copied()).first() {
        Some(near) => {
            let fixed = write_value(near);
            diagnostic.perhaps(span, fixed)
        }
        None => diagnostic.help("a label that was set over the API or deleted may still be on conversations"),
    }
}
