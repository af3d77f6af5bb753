//! Values as SQL, spreadsheets and trackers compute them: `CURRENT_DATE - INTERVAL '7 days'`, `startOfDay(-7d)`,
//! `DATE_SUB(NOW(), INTERVAL 7 DAY)`. A query has no functions; here is what such a text stands for.

use super::age::from_today;
use super::spelling::length_of_time;
use super::tree::Operator;
use crate::source::is_digits;

/// What functions without arguments and constants stand for; case and `_` are no matter. A constant is one without
/// parentheses too.
const KNOWN: &[(&str, &str)] = &[
    ("me", "@me"),
    ("currentuser", "@me"),
    ("now", NOW),
    ("getdate", NOW),
    ("sysdate", NOW),
    ("localtimestamp", NOW),
    ("currenttimestamp", NOW),
    ("today", TODAY),
    ("startofday", TODAY),
    ("currentdate", TODAY),
    ("curdate", TODAY),
    ("yesterday", "yesterday"),
    ("tomorrow", "tomorrow"),
];

const NOW: &str = "now";
const TODAY: &str = "today";

/// Words of [`KNOWN`] that have no parentheses where they come from.
const CONSTANTS: &[&str] = &["currentdate", "currenttimestamp", "localtimestamp", "sysdate"];

/// Functions and types that make a date of a text.
const TO_DATE: &[&str] = &["date", "todate", "datetime", "timestamp", "timestamptz", "strtotime"];

/// The types that a cast names.
const CASTS: &[&str] = &["::date", "::timestamp", "::timestamptz", "::interval"];

/// A value as it is written here.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Computed {
    /// A word or a date.
    pub(crate) value: String,
    /// Whether a day is the instant at which it begins, as in SQL: what is greater than that has happened on the day itself.
    pub(crate) begins: bool,
}

impl Computed {
    fn of(value: impl Into<String>) -> Self {
        let value = value.into();
        let begins = value != NOW && value != "@me" && !value.contains(['T', ' ']);
        Self { value, begins }
    }

    /// The sign that asks here what `sign` asks there.
    pub(crate) fn sign(&self, sign: Operator) -> Operator {
        match sign {
            Operator::Greater if self.begins => Operator::GreaterEqual,
            Operator::LessEqual if self.begins => Operator::Less,
            _ => sign,
        }
    }
}

/// What a text stands for, if it is such a value.
pub(crate) fn computed(text: &str) -> Option<Computed> {
    let text = text.trim();
    term(text).or_else(|| {
        // From the end: what is taken away first stands last.
        let mut signs = text.char_indices().rev().filter(|(_, c)| matches!(c, '+' | '-'));
        signs.find_map(|(at, sign)| {
            let (base, amount) = (text.get(..at)?.trim_end(), text.get(at + 1..)?);
            let plain = [NOW, TODAY].into_iter().find(|word| base.eq_ignore_ascii_case(word));
            let plain = plain.map(|word| Computed { value: word.to_owned(), begins: false });
            shifted(&plain.or_else(|| term(base))?, sign, amount)
        })
    })
}

/// Whether a word is a value by itself where it comes from, as `CURRENT_DATE` is.
pub(super) fn is_constant(word: &str) -> bool {
    CONSTANTS.contains(&folded(word).as_str())
}

/// A function with its arguments, a constant, or a type with its text.
fn term(text: &str) -> Option<Computed> {
    let plain = uncast(text);
    let day = || plain.len() < text.len() && text.trim_end().to_ascii_lowercase().ends_with("::date");
    uncast_term(plain).map(|term| if term.value == NOW && day() { Computed::of(TODAY) } else { term })
}

fn uncast_term(text: &str) -> Option<Computed> {
    if let Some((name, inside)) = text.strip_suffix(')').and_then(|text| text.split_once('(')) {
        return called(&folded(name), inside.trim());
    }
    if is_constant(text) {
        return called(&folded(text), "");
    }
    let (name, quoted) = text.split_once(['\'', '"'])?;
    let quoted = quoted.strip_suffix(['\'', '"'])?;
    TO_DATE.contains(&folded(name).as_str()).then(|| date(quoted))?
}

fn called(name: &str, inside: &str) -> Option<Computed> {
    let known = KNOWN.iter().find(|(function, _)| *function == name).map(|(_, value)| *value);
    let (first, second) = match inside.split_once(',') {
        Some((first, second)) => (first.trim(), Some(second.trim())),
        None => (inside, None),
    };
    match (known, second) {
        (Some(known), None) if first.is_empty() => Some(Computed::of(known)),
        // `startOfDay(-1)`, `now(-7d)`
        (Some(known @ (NOW | TODAY)), None) => {
            let (sign, amount) =
                ['-', '+'].into_iter().find_map(|sign| Some((sign, unquoted(first).strip_prefix(sign)?)))?;
            shifted(&Computed::of(known), sign, amount)
        }
        (None, None) if name == "ago" => shifted(&Computed::of(NOW), '-', first).map(|now| without_now(&now)),
        // `date(now())`
        (None, None) if TO_DATE.contains(&name) && term(first).is_some_and(|term| term.value == NOW) => {
            Some(Computed::of(if name == "date" { TODAY } else { NOW }))
        }
        (None, None) if TO_DATE.contains(&name) => date(unquoted(first)),
        (None, Some(moment)) if name == "datetrunc" && unquoted(first) == "day" => {
            term(moment).filter(|term| term.value == NOW).map(|_| Computed::of(TODAY))
        }
        // `date('now', '-7 days')` of SQLite.
        (None, Some(amount)) if matches!(name, "date" | "datetime") && unquoted(first) == NOW => {
            let base = if name == "date" { TODAY } else { NOW };
            let amount = unquoted(amount);
            let sign = amount.chars().next().filter(|sign| matches!(sign, '+' | '-'))?;
            shifted(&Computed::of(base), sign, amount.get(1..)?)
        }
        (None, Some(amount)) => {
            let sign = match name {
                "datesub" | "subdate" => '-',
                "dateadd" | "adddate" => '+',
                _ => return None,
            };
            shifted(&term(first)?, sign, amount)
        }
        _ => None,
    }
}

/// So much before or after now or today.
fn shifted(base: &Computed, sign: char, amount: &str) -> Option<Computed> {
    let amount = uncast(amount.trim());
    let amount = match amount.split_once(char::is_whitespace) {
        Some((word, amount)) if word.eq_ignore_ascii_case("interval") => amount,
        _ => amount,
    };
    let amount = unquoted(amount.trim());
    let days = || (base.value == TODAY && is_digits(amount)).then(|| format!("{amount}d"));
    let length = length_of_time(amount).or_else(days)?;
    match base.value.as_str() {
        NOW => Some(Computed { value: format!("{NOW}{sign}{length}"), begins: false }),
        // What is shifted by hours is no day.
        TODAY if from_today(&length) == TODAY => {
            Some(Computed { value: format!("{sign}{length}"), begins: base.begins })
        }
        _ => None,
    }
}

/// `ago(7d)` is the day so long ago.
fn without_now(computed: &Computed) -> Computed {
    Computed { value: computed.value.trim_start_matches(NOW).to_owned(), begins: false }
}

fn date(text: &str) -> Option<Computed> {
    let text = text.trim();
    text.starts_with(|c: char| c.is_ascii_digit()).then(|| Computed::of(text.replacen(' ', "T", 1)))
}

/// A text without the type that it is cast to.
pub(super) fn uncast(text: &str) -> &str {
    let cast = CASTS.iter().find_map(|cast| {
        let at = text.len().checked_sub(cast.len())?;
        let (text, end) = text.split_at_checked(at)?;
        end.eq_ignore_ascii_case(cast).then_some(text)
    });
    cast.unwrap_or(text).trim()
}

fn unquoted(text: &str) -> &str {
    let inside = |mark| text.strip_prefix(mark).and_then(|text| text.strip_suffix(mark));
    inside('\'').or_else(|| inside('"')).unwrap_or(text)
}

fn folded(name: &str) -> String {
    name.trim().chars().filter(|c| *c != '_').flat_map(char::to_lowercase).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_computed_is_a_value() {
        for (text, value, begins) in [
            ("currentUser()", "@me", false),
            ("NOW()", "now", false),
            ("now() - interval '7 days'", "now-7d", false),
            ("now() - '7 days'::interval", "now-7d", false),
            ("NOW() - INTERVAL 7 DAY", "now-7d", false),
            ("CURRENT_TIMESTAMP - interval '90 minutes'", "now-90m", false),
            ("CURRENT_DATE", "today", true),
            ("current_date - 7", "-7d", true),
            ("CURRENT_DATE + interval '2 weeks'", "+2w", true),
            ("curdate() - INTERVAL 7 DAY", "-7d", true),
            ("startOfDay(-1)", "-1d", true),
            ("startOfDay(\"-1d\")", "-1d", true),
            ("ago(7d)", "-7d", false),
            ("ago(2h)", "-2h", false),
            ("date('2026-06-01')", "2026-06-01", true),
            ("date '2026-06-01'", "2026-06-01", true),
            ("timestamp '2026-06-01 10:30:00'", "2026-06-01T10:30:00", false),
            ("date('now', '-7 days')", "-7d", true),
            ("datetime('now', '-7 days')", "now-7d", false),
            ("DATE_SUB(NOW(), INTERVAL 7 DAY)", "now-7d", false),
            ("date_add(curdate(), interval 1 week)", "+1w", true),
            ("NOW()::date", "today", true),
            ("date(now())", "today", true),
            ("date_trunc('day', now())", "today", true),
            ("now()::date - 7", "-7d", true),
            ("today + 3 days", "+3d", false),
            ("today - 7", "-7d", false),
            ("now - 2 hours", "now-2h", false),
        ] {
            assert_eq!(computed(text), Some(Computed { value: value.to_owned(), begins }), "{text}");
        }
        for text in [
            "now - 7",
            "today",
            "open",
            "f()",
            "now()-",
            "-7d",
            "2026-06-01",
            "today - 3 hours",
            "yesterday() - 1",
            "x - 7 days",
            "date('soon')",
            "date_sub(now())",
            "'x'",
            "date 'soon'",
            "(",
            ")",
            "now(",
            "startOfDay(-x)",
            "startOfDay(7)",
            "é - é",
        ] {
            assert_eq!(computed(text), None, "{text}");
        }
    }
}
