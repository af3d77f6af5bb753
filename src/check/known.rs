//! Texts of which it is known what the account and the server have: one that is none of it, or in none of it, only warns.

use super::value::Reader;
use crate::diagnostic::{catalogue, nearest, nearest_or_longer, nearest_within};
use crate::schema::{CHANNELS, IdType, OperatorGroup, ValueType};
use crate::source::Span;

impl Reader<'_, '_> {
    /// An id that none of the account's agents, inboxes or teams has only warns: the token's user may not see all of them.
    pub(super) fn known_id(&mut self, id: i64, span: Span) {
        let ValueType::Id(kind) = *self.value_type else { return };
        let Some(account) = &self.checker.schema.account else { return };
        let is_known = match kind.list() {
            Some(list) => !account.knows(list) || account.name_of(kind, id).is_some(),
            None => true,
        };
        if is_known || kind == IdType::Agent && account.me == Some(id) {
            return;
        }
        let names = if self.has_told_enough() { Vec::new() } else { account.names(kind) };
        self.checker.found.push(catalogue::unknown_id(span, id, kind.noun(), &names));
    }

    /// A value that the list of a custom attribute does not have only warns: it may still be stored. Case makes no
    /// difference.
    pub(super) fn listed(&mut self, key: &str, text: &str, span: Span) {
        self.in_list(key, text, span, |value, text| value == text);
    }

    /// A channel that Chatwoot does not have only warns: somebody may have added it to the server. Nobody is told of one
    /// that has the form of a class and is near to no other.
    pub(super) fn channel(&mut self, text: &str, span: Span) {
        if CHANNELS.contains(&text) {
            return;
        }
        let near = if self.has_told_enough() { None } else { near_channel(text) };
        if near.is_some() || !text.starts_with(CLASSES) {
            self.checker.found.push(catalogue::unknown_channel(span, text, near, CHANNELS));
        }
    }

    /// A text that none of the channels has in it, or begins with, only warns too. A class of the server's own may.
    pub(super) fn part_of_channel(&mut self, text: &str, span: Span, contains: bool) {
        let has = |channel: &&str| match contains {
            true => channel.to_lowercase().contains(&text.to_lowercase()),
            false => channel.starts_with(text),
        };
        if text.starts_with(CLASSES) || CHANNELS.iter().any(has) {
            return;
        }
        let near = if self.has_told_enough() { None } else { near_channel(text) };
        self.checker.found.push(catalogue::part_of_no_channel(span, text, contains, near, CHANNELS));
    }

    /// A text that no value in the list of a custom attribute has in it, or begins with, only warns too; in any case.
    pub(super) fn part_of_listed(&mut self, key: &str, text: &str, span: Span, contains: bool) {
        let has = |value: &str, part: &str| if contains { value.contains(part) } else { value.starts_with(part) };
        self.in_list(key, text, span, has);
    }

    /// Warns where the list of a custom attribute has no value that is `meant` by the text, both in lower case.
    fn in_list(&mut self, key: &str, text: &str, span: Span, meant: impl Fn(&str, &str) -> bool) {
        let definition = self.checker.schema.account.as_ref().and_then(|account| account.custom(key));
        let listed = definition.map(|definition| definition.values.as_slice()).unwrap_or_default();
        if listed.is_empty() {
            return;
        }
        let wanted = text.to_lowercase();
        if !listed.iter().any(|value| meant(&value.to_lowercase(), &wanted)) {
            let listed = if self.has_told_enough() { &[] } else { listed };
            self.checker.found.push(catalogue::unlisted_value(span, text, &self.name(), listed));
        }
    }

    /// A telephone number that is written as the server stores none (`+` and up to 15 digits) matches nobody's.
    pub(super) fn telephone(&mut self, text: &str, span: Span) {
        let is_number = |text: &str| {
            let digits = text.strip_prefix('+').unwrap_or_default();
            (2..=15).contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_digit())
        };
        let parts = |c: char| c.is_ascii_digit() || matches!(c, '+' | ' ' | '(' | ')' | '-' | '.' | '/');
        if is_number(text) || !text.starts_with(['+', '0', '(']) || !text.chars().all(parts) {
            return;
        }
        let digits: String = text.chars().filter(char::is_ascii_digit).collect();
        let abroad = if text.starts_with('+') { Some(digits.as_str()) } else { digits.strip_prefix("00") };
        let meant = abroad.map(|digits| format!("+{digits}")).filter(|meant| is_number(meant));
        self.checker.found.push(catalogue::telephone_form(span, text, meant.as_deref()));
    }

    /// A part of an e-mail address is nobody's whole one.
    pub(super) fn address(&mut self, text: &str, span: Span) {
        if text.is_empty() || text.find('@').is_some_and(|at| at > 0) && !text.ends_with('@') {
            return;
        }
        let told = catalogue::part_of_address(span, text);
        self.checker.found.push(self.in_text(told, text, OperatorGroup::Containment, span));
    }

    /// An unknown label only warns: it may still be on conversations. Whether the labels are known, and tell all of it.
    pub(super) fn label(&mut self, text: &str, span: Span) -> bool {
        let labels = self.checker.schema.account.as_ref().and_then(|account| account.labels.as_ref());
        let Some(labels) = labels else {
            // A word has no commas.
            if span.len() > text.len() && text.contains(',') {
                let told = catalogue::comma_in_label(span, text);
                self.checker.found.push(self.matched(told, text, span));
            }
            return false;
        };
        if !labels.iter().any(|label| label == text) {
            let known = if self.has_told_enough() { &[] } else { labels.as_slice() };
            let known: Vec<&str> = known.iter().map(String::as_str).collect();
            let told = catalogue::unknown_label(span, text, &known);
            self.checker.found.push(self.matched(told, text, span));
        }
        true
    }
}

/// What the names of channels begin with.
const CLASSES: &str = "Channel::";

/// What else people call a channel, which is near to no part of its name.
const OTHER_CHANNELS: &[(&str, &str)] = &[
    ("website", "WebWidget"),
    ("live chat", "WebWidget"),
    ("livechat", "WebWidget"),
    ("messenger", "FacebookPage"),
    ("meta", "FacebookPage"),
    ("x", "TwitterProfile"),
    ("phone", "Voice"),
];

/// The channel that may be meant by a text that is none: `email`, `channel::email`, `Channel::Emial`.
#[cold]
fn near_channel(text: &str) -> Option<&'static str> {
    let classes = || CHANNELS.iter().filter_map(|channel| channel.strip_prefix(CLASSES));
    let near = match text.get(..CLASSES.len()) {
        // A class that somebody has added may well be called like one of these, with a word more.
        Some(CLASSES) => nearest_within(text.get(CLASSES.len()..)?, classes(), |length| length / 5),
        Some(prefix) if prefix.eq_ignore_ascii_case(CLASSES) => nearest(text.get(CLASSES.len()..)?, classes()),
        _ => match OTHER_CHANNELS.iter().find(|(other, _)| text.eq_ignore_ascii_case(other)) {
            Some((_, class)) => vec![*class],
            None => nearest_or_longer(text, classes()),
        },
    };
    CHANNELS.iter().copied().find(|channel| channel.strip_prefix(CLASSES) == near.first().copied())
}
