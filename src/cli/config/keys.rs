//! The keys of the configuration file: the one table behind its checks, `config set` and `config show`.

use clap::ValueEnum as _;
use toml_edit::Value;

use crate::cli::args::{MOST_CONCURRENT, Output, no_page};
use crate::cli::names::perhaps;
use crate::cli::option_values::{self, zone};
use crate::client::{ClientError, address, covered, shown_address};

/// What the value of a key is written as.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// A text in quotes.
    Text,
    /// A whole number that is not negative.
    Number,
    /// `true` or `false`.
    Flag,
}

impl Kind {
    pub(super) fn noun(self) -> &'static str {
        match self {
            Self::Text => "a text in quotes",
            Self::Number => "a whole number",
            Self::Flag => "true or false",
        }
    }
}

/// A key of a profile.
#[derive(Debug)]
pub(super) struct Key {
    pub(super) name: &'static str,
    pub(super) kind: Kind,
    /// What is wrong with a value, given as text.
    pub(super) check: fn(&str) -> Result<(), String>,
}

impl Key {
    /// What the file holds for a value given as text, or why there is no such value.
    pub(super) fn value(&self, text: &str) -> Result<Value, String> {
        let wrong = || format!("`{text}` is not {}", self.kind.noun());
        // The check sees a value as the file will hold it: `00` is 0.
        let (value, written) = match self.kind {
            Kind::Text => (text.into(), text.to_owned()),
            // TOML's numbers have 63 bits and a sign.
            Kind::Number => {
                let number = text.parse::<u64>().ok().and_then(|number| i64::try_from(number).ok());
                let number = number.ok_or_else(wrong)?;
                (number.into(), number.to_string())
            }
            Kind::Flag => (text.parse::<bool>().map_err(|_| wrong())?.into(), text.to_owned()),
        };
        // What is no address may have a password in it all the same.
        let shown = if self.name == "url" { covered(&shown_address(text)) } else { text.to_owned() };
        (self.check)(&written).map_err(|reason| format!("`{shown}` {reason}"))?;
        Ok(value)
    }
}

/// What `config unset` knows, in the order of the table.
pub(in crate::cli) fn all() -> impl Iterator<Item = &'static str> {
    KEYS.iter().map(|key| key.name).chain([DEFAULT_PROFILE])
}

/// What `config set` knows: whether a token is in the keyring follows from where it was put, and is nobody's to say.
pub(in crate::cli) fn settable() -> impl Iterator<Item = &'static str> {
    all().filter(|name| *name != KEYRING)
}

/// The key that says that the token is in the system's keyring.
pub(super) const KEYRING: &str = "keyring";

/// The keys of a profile.
pub(super) const KEYS: &[Key] = &[
    Key { name: "url", kind: Kind::Text, check: url },
    Key { name: "account_id", kind: Kind::Number, check: id },
    Key { name: "token", kind: Kind::Text, check: any },
    Key { name: "token_file", kind: Kind::Text, check: any },
    Key { name: KEYRING, kind: Kind::Flag, check: any },
    Key { name: "output", kind: Kind::Text, check: output },
    Key { name: "tz", kind: Kind::Text, check: tz },
    Key { name: "server_version", kind: Kind::Text, check: server_version },
    Key { name: "insecure_http", kind: Kind::Flag, check: any },
    Key { name: "concurrency", kind: Kind::Number, check: concurrency },
    Key { name: "max_rate", kind: Kind::Number, check: max_rate },
];

/// The keys that say where the token is; a profile has one of them.
pub(super) const TOKENS: [&str; 3] = ["token", "token_file", KEYRING];

/// The key of the whole file.
pub(super) const DEFAULT_PROFILE: &str = "default_profile";

/// The table of the profiles.
pub(super) const PROFILES: &str = "profile";

/// The key with this name.
pub(super) fn key(name: &str) -> Option<&'static Key> {
    KEYS.iter().find(|key| key.name == name)
}

fn any(_: &str) -> Result<(), String> {
    Ok(())
}

fn concurrency(text: &str) -> Result<(), String> {
    within(text, MOST_CONCURRENT.into())
}

fn max_rate(text: &str) -> Result<(), String> {
    within(text, u32::MAX)
}

fn within(text: &str, most: u32) -> Result<(), String> {
    match text.parse::<u32>() {
        Ok(number) if (1..=most).contains(&number) => Ok(()),
        _ => Err(format!("is not from 1 to {most}")),
    }
}

fn id(text: &str) -> Result<(), String> {
    if text == "0" { Err("is no account's id: they begin at 1".to_owned()) } else { Ok(()) }
}

fn url(text: &str) -> Result<(), String> {
    no_page(text)?;
    match address(text) {
        Err(ClientError::Address { reason, .. }) => Err(format!("is no server address: {reason}")),
        _ => Ok(()),
    }
}

fn output(text: &str) -> Result<(), String> {
    let names: Vec<String> = Output::value_variants()
        .iter()
        .filter_map(|output| Some(output.to_possible_value()?.get_name().to_owned()))
        .collect();
    if Output::from_str(text, false).is_ok() {
        return Ok(());
    }
    let known: Vec<&str> = names.iter().map(String::as_str).collect();
    Err(format!("is no output format\n  {}", perhaps(text, "formats", &known)))
}

fn tz(text: &str) -> Result<(), String> {
    zone(text).map(drop).map_err(|reason| format!("is no time zone{reason}"))
}

fn server_version(text: &str) -> Result<(), String> {
    option_values::server_version(text).map(drop).map_err(|reason| format!("is no version of a server{reason}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_key_stands_once_and_each_token_key_is_one() {
        for (i, key) in KEYS.iter().enumerate() {
            assert!(KEYS[..i].iter().all(|other| other.name != key.name), "{}", key.name);
        }
        assert!(TOKENS.iter().all(|name| key(name).is_some()));
    }

    #[test]
    fn values_are_checked() {
        for (name, good, bad) in [
            ("url", "https://x.example/chat", "x.example"),
            ("url", "http://127.0.0.1:3000", "https://"),
            ("output", "csv", "cvs"),
            ("tz", "Europe/Berlin", "Mars"),
            ("server_version", "4.15.1", "four"),
            ("concurrency", "4", "0"),
            ("concurrency", "32", "33"),
            ("max_rate", "4294967295", "4294967296"),
            ("max_rate", "1", "99999999999999999999"),
            ("url", "https://x.example:3000", "https://x.example:99999"),
            ("url", "https://ä.example", "ftp://x.example"),
        ] {
            let check = key(name).unwrap().check;
            assert!(check(good).is_ok() && check(bad).is_err(), "{name}");
        }
        assert!((key("output").unwrap().check)("cvs").unwrap_err().contains("perhaps `csv`"));
        for (url, reason) in [
            ("ftp://u:s3cret@x.example", "no server address"),
            ("https://u:s3cret@x.example:99999", "no server address"),
            ("u:s3cret@x", "no server address"),
            ("https://u:s3cret@x.example/app/accounts/4/dashboard", "address is https://"),
            ("https://x.example/app/accounts/4", "address is https://x.example"),
        ] {
            let refused = key("url").unwrap().value(url).unwrap_err();
            assert!(refused.contains(reason) && !refused.contains("s3cret"), "{refused}");
        }
    }
}
