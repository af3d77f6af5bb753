//! How a text is written as a value or a name: what reads a query, what prints one and what corrects one agree on it here.

use super::token::{is_bare_word, is_plain_name};
use crate::source::is_digits;

/// Prefixes behind which a name is a key of the account's own.
pub(super) const PREFIXES: &[&str] = &["contact.custom.", "custom.", "additional.", "contact."];

/// The bare word for a missing value.
pub(crate) const NONE: &str = "none";
/// What others write for no value at all, in any case.
pub(crate) const NONE_WORDS: &[&str] = &["unassigned", "nobody", "blank", "nil", "unset", "undefined", "absent"];
/// The bare word for the agent whose token it is.
pub(crate) const ME: &str = "@me";
/// What others write for oneself, in any case.
pub(crate) const ME_WORDS: &[&str] = &["me", "myself", "mine", "currentUser"];

/// What a word for true or false says, as others write them too, in any case.
pub(crate) fn truth(word: &str) -> Option<bool> {
    match word.to_ascii_lowercase().as_str() {
        "true" | "yes" | "y" | "1" | "on" | "t" => Some(true),
        "false" | "no" | "n" | "0" | "off" | "f" => Some(false),
        _ => None,
    }
}

/// Whether a text stands for itself as a bare word: it is one word, and none that means something else.
pub(crate) fn is_bare_value(text: &str) -> bool {
    is_bare_word(text) && text != ME && !text.eq_ignore_ascii_case(NONE)
}

/// As [`is_bare_value`], where a number is an id.
pub(crate) fn is_bare_name(text: &str) -> bool {
    let digits = text.strip_prefix('-').unwrap_or(text);
    is_bare_value(text) && !digits.bytes().all(|byte| byte.is_ascii_digit())
}

/// A text as a value that means it: bare where a reader takes it for nothing else, else in quotes.
pub(crate) fn write_value(text: &str) -> String {
    let plain = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-' | '.' | '@' | '+' | '/');
    if is_bare_value(text) && !text.starts_with('@') && text.chars().all(plain) { text.to_owned() } else { quote(text) }
}

/// A name as a value that means it: a number would be an id.
pub(crate) fn write_name_value(name: &str) -> String {
    if is_bare_name(name) { write_value(name) } else { quote(name) }
}

/// A name as it is written: bare if it can be, with backticks around the account's own part otherwise.
pub(crate) fn write_name(name: &str) -> String {
    if is_plain_name(name) {
        return name.to_owned();
    }
    let prefix = PREFIXES.iter().find(|prefix| name.starts_with(**prefix)).copied().unwrap_or("");
    let rest = name.get(prefix.len()..).unwrap_or_default();
    format!("{prefix}`{}`", rest.replace('`', "``"))
}

/// The text that a quoted value is written as: double quotes, escapes where needed.
#[must_use]
pub fn quote(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    out.push('"');
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\t' => out.push_str("\\t"),
            // They would be lost on the screen, or break the line.
            c if c.is_control() || is_invisible(c) || matches!(c, '\u{2028}' | '\u{2029}') => {
                out.push_str(&format!("\\u{{{:X}}}", u32::from(c)));
            }
            c => out.push(c),
        }
    }
    out.push('"');
    out
}

/// Whether a character has no width, as those that are pasted along with a text.
pub(crate) const fn is_invisible(c: char) -> bool {
    matches!(
        c,
        '\u{AD}' | '\u{FEFF}' | '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{2064}' | '\u{2066}'..='\u{2069}'
    )
}

/// `7d ago` of `7 days ago`, `-24h` of `-24 hours`, `now-90m` of `now - 90m`.
pub(crate) fn amount_of_time(text: &str) -> Option<String> {
    let joined: String = text.split_whitespace().collect();
    if let Some((now, amount)) = joined.split_once(['-', '+'])
        && now.eq_ignore_ascii_case("now")
        && amount.starts_with(|c: char| c.is_ascii_digit())
        && amount.bytes().all(|byte| byte.is_ascii_alphanumeric())
    {
        let sign = joined.get(now.len()..=now.len())?;
        return Some(length_of_time(amount).map_or_else(|| joined.clone(), |length| format!("{now}{sign}{length}")));
    }
    let (amount, ago) = match text.rsplit_once(' ') {
        Some((amount, ago)) if ago.eq_ignore_ascii_case("ago") => (amount, true),
        _ => (text, false),
    };
    let meant = match amount.strip_prefix('-') {
        Some(amount) if !ago => format!("-{}", length_of_time(amount)?),
        None if ago => format!("{} ago", length_of_time(amount)?),
        _ => return None,
    };
    (meant != text).then_some(meant)
}

/// `7d` of `7 days`, `7days`, `7 d`: a length of time as the language writes it. A capital M alone is none: it may be a
/// month or a minute.
pub(crate) fn length_of_time(text: &str) -> Option<String> {
    one_length(text).or_else(|| lengths_together(text))
}

/// `90m` of `1h30m` and `1 hour 30 minutes`: lengths side by side, each in a smaller unit than the one before.
fn lengths_together(text: &str) -> Option<String> {
    /// Months are of several lengths.
    const UNITS: &[(&str, u8, u32)] =
        &[("y", 1, 12), ("mo", 1, 1), ("w", 0, 604_800), ("d", 0, 86_400), ("h", 0, 3600), ("m", 0, 60), ("s", 0, 1)];
    let (mut rest, mut total, mut last) = (text.trim(), 0u32, None);
    while !rest.is_empty() {
        let number = rest.find(|c: char| !c.is_ascii_digit())?;
        let end = rest.get(number..)?.find(|c: char| c.is_ascii_digit()).map_or(rest.len(), |behind| number + behind);
        let (one, behind) = rest.split_at_checked(end)?;
        let one = one_length(one.trim_end_matches(|c: char| c == ',' || c.is_whitespace()))?;
        let (spelling, kind, size) =
            UNITS.iter().find(|(unit, ..)| one.trim_start_matches(|c: char| c.is_ascii_digit()) == *unit)?;
        if last.is_some_and(|(before, larger)| before != kind || larger <= size) {
            return None;
        }
        total = one.strip_suffix(spelling)?.parse::<u32>().ok()?.checked_mul(*size)?.checked_add(total)?;
        (rest, last) = (behind, Some((kind, size)));
    }
    let (kind, size) = last?;
    let (unit, ..) = UNITS.iter().find(|(_, of, unit)| of == kind && unit == size)?;
    Some(format!("{}{unit}", total / size))
}

fn one_length(text: &str) -> Option<String> {
    let unit = text.trim_start_matches(|c: char| c.is_ascii_digit());
    let (number, unit) = match text.split_once(' ') {
        Some((one, unit)) if ["a", "an", "one"].iter().any(|word| one.eq_ignore_ascii_case(word)) => ("1", unit),
        _ => (text.strip_suffix(unit).filter(|number| !number.is_empty())?, unit),
    };
    let unit = match unit.trim().to_ascii_lowercase().as_str() {
        "m" if unit.ends_with('M') => return None,
        "d" | "day" | "days" => "d",
        "w" | "wk" | "week" | "weeks" => "w",
        "mo" | "month" | "months" => "mo",
        "y" | "yr" | "year" | "years" => "y",
        "h" | "hr" | "hrs" | "hour" | "hours" => "h",
        "m" | "min" | "mins" | "minute" | "minutes" => "m",
        "s" | "sec" | "secs" | "second" | "seconds" => "s",
        _ => return None,
    };
    Some(format!("{number}{unit}"))
}

/// The number of the conversation that an address is of: `42` of `https://app.chatwoot.com/app/accounts/1/conversations/42`.
pub(crate) fn conversation_at(address: &str) -> Option<&str> {
    let (_, behind) = address
        .split_once("://")
        .filter(|(scheme, _)| ["https", "http"].contains(scheme))?
        .1
        .rsplit_once("/conversations/")?;
    let number = behind.split(['/', '?', '#']).next()?;
    is_digits(number).then_some(number)
}

/// The sign that logicians have for NOT.
pub(crate) const NEGATION: char = '\u{AC}';

/// What is left of a word without a syllable that negates it, the longer ones first: `nonempty`, `not_status`.
pub(crate) fn without_negation(word: &str) -> impl Iterator<Item = &str> {
    const SYLLABLES: &[&str] = &["doesnot", "isnot", "never", "not", "non", "dis", "no", "un"];
    SYLLABLES.iter().filter_map(move |syllable| {
        let (before, rest) = word.split_at_checked(syllable.len())?;
        before.eq_ignore_ascii_case(syllable).then(|| rest.trim_start_matches(['_', '-']))
    })
}

/// Whether a word begins with a sign that may negate it: `-label`, `🚫label`. What it is near to means the opposite then.
pub(crate) fn may_be_negated(word: &str) -> bool {
    word.starts_with(|c: char| !c.is_ascii() && !c.is_alphanumeric() || matches!(c, '-' | '!' | '~' | '^'))
}

/// The sign by which a search box excludes or demands the value behind it, `-vip` and `+vip`, and the value. `-7d` and
/// `+4915` are values themselves.
pub(crate) fn searched_sign(text: &str) -> Option<(char, &str)> {
    let begins =
        |rest: &str| rest.starts_with(|c: char| c.is_alphabetic() || matches!(c, '"' | '\'' | '@' | '*' | '_'));
    ['-', '+'].into_iter().find_map(|sign| Some((sign, text.strip_prefix(sign).filter(|rest| begins(rest))?)))
}

/// What is put for the apostrophe of a verb with a NOT in it: that of a keyboard, of print, and the accents beside them.
pub(super) const APOSTROPHES: [char; 4] = ['\'', '\u{2019}', '\u{B4}', '`'];

/// Whether a word is a verb that has its NOT in it: `isnt`, `doesn’t`. No value begins so.
pub(super) fn is_contraction(word: &str) -> bool {
    const WORDS: &[&str] = &["isnt", "arent", "wasnt", "werent", "aint", "doesnt", "dont", "didnt", "hasnt", "havent"];
    /// Without their apostrophe they may be other words.
    const MARKED: &[&str] = &["cant", "wont", "couldnt", "shouldnt", "wouldnt", "mustnt"];
    let spelled = word.replace(APOSTROPHES, "");
    let is = |words: &[&str]| words.iter().any(|known| known.eq_ignore_ascii_case(&spelled));
    is(WORDS) || spelled.len() < word.len() && is(MARKED)
}

/// Whether an operator that the language does not have asks for the end of a text: `ends with`, `not_ends_with`, `endsWith`.
pub(crate) fn asks_for_end(operator: &str) -> bool {
    let letters: String = operator.chars().filter(|c| c.is_alphabetic()).map(|c| c.to_ascii_lowercase()).collect();
    ["endswith", "endwith", "endsin"].iter().any(|words| letters.ends_with(words))
}
