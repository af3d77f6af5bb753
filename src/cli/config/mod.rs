//! The configuration file: profiles, each a server, an account and a token.

mod commands;
mod edit;
mod keys;
mod text;

use std::collections::BTreeMap;
use std::fmt;
use std::fs::File;
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};

use clap::ValueEnum as _;
use jiff::tz::TimeZone;
use toml_edit::{Document, Item, TableLike};

pub(super) use commands::run;
use keys::{DEFAULT_PROFILE, KEYS, Kind, PROFILES, TOKENS, key};
pub(super) use keys::{all, settable};
pub use text::{Values, set, unset, values};

use super::Failure;
use super::args::{Output, ProfileArgs, variable};
use super::files::{Others, config_path, others, shell_path, shell_word};
use super::names::perhaps;
use super::option_values::zone;
use super::token::{Secret, Source};
use crate::LineIndex;

/// A longer file is no configuration.
const LONGEST: u64 = 1 << 20;

/// A value of a profile.
#[derive(Clone)]
enum Value {
    Text(String),
    Number(u64),
    Flag(bool),
}

impl fmt::Display for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Text(text) => f.write_str(text),
            Self::Number(number) => number.fmt(f),
            Self::Flag(flag) => flag.fmt(f),
        }
    }
}

/// A part of the configuration file, or the empty one where there is none. Not `Debug`, for it may hold a token.
#[derive(Clone, Default)]
pub(super) struct Profile {
    /// Its name; none where the file has no profile that would be meant.
    pub(super) name: Option<String>,
    /// The file it stands in.
    path: PathBuf,
    values: BTreeMap<&'static str, Value>,
}

impl Profile {
    /// A text, by its key.
    pub(super) fn text(&self, key: &str) -> Option<&str> {
        match self.values.get(key)? {
            Value::Text(text) => Some(text),
            _ => None,
        }
    }

    /// A number, by its key.
    pub(super) fn number(&self, key: &str) -> Option<u64> {
        match self.values.get(key)? {
            Value::Number(number) => Some(*number),
            _ => None,
        }
    }

    /// Whether a flag is set, by its key.
    pub(super) fn flag(&self, key: &str) -> bool {
        matches!(self.values.get(key), Some(Value::Flag(true)))
    }

    /// A value as text, by its key.
    fn written(&self, key: &str) -> Option<String> {
        self.values.get(key).map(Value::to_string)
    }

    /// How conversations are printed.
    pub(super) fn output(&self) -> Option<Output> {
        Output::from_str(self.text("output")?, false).ok()
    }

    /// The zone whose days are meant.
    pub(super) fn zone(&self) -> Option<TimeZone> {
        zone(self.text("tz")?).ok()
    }

    /// Where the profile's token is.
    pub(super) fn token(&self) -> Option<Source> {
        if let Some(secret) = self.text("token").and_then(Secret::new) {
            return Some(Source::Config(self.path.clone(), secret));
        }
        if let Some(file) = self.text("token_file") {
            let home = file.strip_prefix("~/").and_then(|rest| Some(etcetera::home_dir().ok()?.join(rest)));
            let folder = self.path.parent().unwrap_or(Path::new(""));
            return Some(Source::File(home.unwrap_or_else(|| folder.join(file))));
        }
        self.flag("keyring").then(|| Source::Keyring(self.name.clone().unwrap_or_default()))
    }
}

/// The configuration file, read and checked.
pub(super) struct Config {
    path: PathBuf,
    text: String,
    default_profile: Option<String>,
    profiles: Vec<Profile>,
}

impl Config {
    /// Reads the file; where there is none, or no home folder, the configuration is empty.
    pub(super) fn read() -> Result<Self, Failure> {
        let Some(path) = config_path() else { return Ok(Self::empty(PathBuf::new())) };
        let unreadable = |error: io::Error| Failure::unreadable(path.display(), &error);
        let mut file = match File::open(&path) {
            Ok(file) => file,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Self::empty(path)),
            Err(error) => return Err(unreadable(error)),
        };
        let others = others(&file).map_err(unreadable)?;
        let mut text = String::new();
        // Read in part, it would be written back in part.
        if file.by_ref().take(LONGEST + 1).read_to_string(&mut text).map_err(unreadable)? as u64 > LONGEST {
            return Err(Failure::Usage(format!("{} is longer than {} KiB", path.display(), LONGEST >> 10)));
        }
        let refused =
            |what: &str| Failure::Usage(format!("{} {what}\n  chmod 600 {}", path.display(), shell_path(&path)));
        if others == Others::Write {
            return Err(refused("may be written by everybody, who could send your token elsewhere"));
        }
        let config = Self::parse(path.clone(), text)?;
        if others != Others::Nothing && config.profiles.iter().any(|profile| profile.text("token").is_some()) {
            return Err(refused("holds a token and may be read or written by others"));
        }
        Ok(config)
    }

    /// The profiles' names.
    pub(super) fn names(&self) -> Vec<&str> {
        self.profiles.iter().filter_map(|profile| profile.name.as_deref()).collect()
    }

    /// The configuration of who has none.
    fn empty(path: PathBuf) -> Self {
        Self { path, text: String::new(), default_profile: None, profiles: Vec::new() }
    }

    /// Checks the text of a file. No message quotes a line of it, which may hold a token.
    fn parse(path: PathBuf, text: String) -> Result<Self, Failure> {
        let wrong = |offset: usize, what: &str| {
            let position = LineIndex::new(&text).position(u32::try_from(offset).unwrap_or(u32::MAX));
            Failure::Usage(format!("{}:{}:{}: {what}", path.display(), position.line, position.column))
        };
        let document = Document::parse(text.as_str())
            .map_err(|error| wrong(error.span().map_or(0, |span| span.start), error.message()))?;
        let root: &dyn TableLike = document.as_table();
        let mut default_profile = None;
        let mut profiles = Vec::new();
        for (name, item) in root.iter() {
            match name {
                DEFAULT_PROFILE => {
                    let name = item
                        .as_str()
                        .ok_or_else(|| wrong(at(root, name, item), "`default_profile` is a text in quotes"))?;
                    default_profile = Some(name.to_owned());
                }
                PROFILES => {
                    let tables = item
                        .as_table_like()
                        .ok_or_else(|| wrong(at(root, name, item), "profiles are written [profile.name]"))?;
                    for (name, item) in tables.iter() {
                        let here = at(tables, name, item);
                        let table = item.as_table_like().ok_or_else(|| {
                            wrong(here, &format!("a profile is a table of its own\n  [profile.{name}]"))
                        })?;
                        let values = read_profile(table, here).map_err(|(offset, what)| wrong(offset, &what))?;
                        profiles.push(Profile { name: Some(name.to_owned()), path: path.clone(), values });
                    }
                }
                other => {
                    let hint = match key(other) {
                        Some(_) => "it belongs below a profile's name, as in [profile.default]".to_owned(),
                        None => perhaps(other, "keys here", &[DEFAULT_PROFILE, PROFILES]),
                    };
                    return Err(wrong(at(root, other, item), &format!("there is no key `{other}` here\n  {hint}")));
                }
            }
        }
        if let Some(name) = &default_profile
            && !profiles.iter().any(|profile| profile.name.as_ref() == Some(name))
        {
            let names: Vec<&str> = profiles.iter().filter_map(|profile| profile.name.as_deref()).collect();
            let hint = perhaps_profile(name, &names);
            return Err(wrong(0, &format!("`default_profile` names `{name}`, and there is no such profile\n  {hint}")));
        }
        Ok(Self { default_profile, profiles, text, path })
    }

    /// The profile that is meant: by `--profile`, by `CWQL_PROFILE`, by the file's `default_profile`; else the one
    /// called `default`, else the only one.
    pub(super) fn profile(&self, args: &ProfileArgs) -> Result<Profile, Failure> {
        let named = |name: &str| self.profiles.iter().find(|profile| profile.name.as_deref() == Some(name)).cloned();
        if let Some((name, from)) = asked_for(args)? {
            return named(&name).ok_or_else(|| {
                Failure::Usage(format!(
                    "there is no profile `{name}`, which {from} asks for\n  {}",
                    perhaps_profile(&name, &self.names())
                ))
            });
        }
        let default = self.default_profile.as_deref().unwrap_or("default");
        Ok(named(default)
            .or_else(|| match self.profiles.as_slice() {
                [only] => Some(only.clone()),
                _ => None,
            })
            .unwrap_or_default())
    }
}

/// The profile that `--profile` or the environment names, and which of them.
pub(super) fn asked_for(args: &ProfileArgs) -> Result<Option<(String, &'static str)>, Failure> {
    Ok(match &args.profile {
        Some(name) if name.is_empty() => {
            return Err(Failure::Usage(
                "--profile wants the name of a profile\n  without it the default one is taken".to_owned(),
            ));
        }
        Some(name) => Some((name.clone(), "--profile")),
        None => variable("CWQL_PROFILE")?.map(|name| (name, "CWQL_PROFILE")),
    })
}

fn perhaps_profile(name: &str, names: &[&str]) -> String {
    match names {
        [] => format!(
            "there are no profiles; make it: cwql config set --profile {} url https://chat.example.com",
            shell_word(name)
        ),
        names => perhaps(name, "profiles", names),
    }
}

/// Where a key stands.
fn at(table: &dyn TableLike, name: &str, item: &Item) -> usize {
    let key = table.key(name).and_then(toml_edit::Key::span);
    key.or_else(|| item.span()).map_or(0, |span| span.start)
}

/// Reads a profile; what is wrong comes with its place. `here` is the profile's own.
fn read_profile(table: &dyn TableLike, here: usize) -> Result<BTreeMap<&'static str, Value>, (usize, String)> {
    let mut values = BTreeMap::new();
    for (name, item) in table.iter() {
        let offset = at(table, name, item);
        let Some(key) = key(name) else {
            let known: Vec<&str> = KEYS.iter().map(|key| key.name).collect();
            return Err((offset, format!("there is no key `{name}`\n  {}", perhaps(name, "keys", &known))));
        };
        let value = match key.kind {
            Kind::Text => item.as_str().map(|text| Value::Text(text.to_owned())),
            Kind::Number => item.as_integer().and_then(|number| u64::try_from(number).ok()).map(Value::Number),
            Kind::Flag => item.as_bool().map(Value::Flag),
        };
        let value = value.ok_or_else(|| (offset, format!("`{name}` is {}", key.kind.noun())))?;
        // A token's check says nothing of the token.
        (key.check)(&value.to_string()).map_err(|reason| (offset, format!("`{name}` {reason}")))?;
        values.insert(key.name, value);
    }
    let tokens: Vec<&str> = TOKENS.into_iter().filter(|name| values.contains_key(name)).collect();
    if let [first, second, ..] = tokens.as_slice() {
        return Err((here, format!("`{first}` and `{second}` both say where the token is\n  keep one of them")));
    }
    Ok(values)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &str) -> Result<Config, String> {
        Config::parse(PathBuf::from("/c.toml"), text.to_owned()).map_err(|failure| failure.to_string())
    }

    fn chosen(text: &str, name: Option<&str>) -> Result<Option<String>, String> {
        let args = ProfileArgs { profile: name.map(str::to_owned) };
        parse(text)?.profile(&args).map(|profile| profile.name).map_err(|failure| failure.to_string())
    }

    const TWO: &str = "[profile.work]\nurl = \"https://w.example\"\n[profile.home]\naccount_id = 2\n";

    #[test]
    fn mistakes_have_a_place_and_a_correction() {
        for (text, message) in [
            ("x = 1", "/c.toml:1:1: there is no key `x` here"),
            ("url = \"https://x\"", "belongs below a profile's name"),
            ("[profile.a]\nulr = \"x\"", "/c.toml:2:1: there is no key `ulr`\n  perhaps `url`"),
            ("[profile.a]\n  account_id = \"1\"", "/c.toml:2:3: `account_id` is a whole number"),
            ("[profile.a]\naccount_id = -1", "a whole number"),
            ("profile = 1", "/c.toml:1:1: profiles are written [profile.name]"),
            ("[profile]\na = 1", "/c.toml:2:1: a profile is a table"),
            ("default_profile = 1", "a text in quotes"),
            ("default_profile = \"wrok\"\n[profile.work]", "perhaps `work`"),
            ("[profile.a]\ntoken = \"s3cret\"\ntoken_file = \"t\"", "`token` and `token_file`"),
            ("[profile.a]\noutput = \"cvs\"", "perhaps `csv`"),
            ("[profile.'ä']\n\"ä\" = 1", "/c.toml:2:1:"),
        ] {
            let error = parse(text).err().unwrap_or_else(|| panic!("{text}"));
            assert!(error.contains(message), "{text}: {error}");
        }
    }

    #[test]
    fn no_message_quotes_a_token() {
        for text in [
            "[profile.a]\ntoken = s3cret",
            "[profile.a]\ntoken = \"s3cret",
            "[profile.a]\ntoken = 's3cret' x",
            "[profile.a]\ntoken \"s3cret\"",
            "[profile.a]\ntoken = [\"s3cret\"]",
            "[profile.a]\ntoken = \"s3cret\"\ntoken = \"s3cret\"",
            "[profile.a]\ntoken = \"s3cret\\q\"",
        ] {
            let error = parse(text).err().unwrap_or_else(|| panic!("{text}"));
            assert!(!error.contains("s3cret") && error.starts_with("/c.toml:"), "{text}: {error}");
        }
    }

    #[test]
    fn a_profile_is_chosen_by_name_by_default_or_because_it_is_the_only_one() {
        assert_eq!(chosen(TWO, Some("home")), Ok(Some("home".to_owned())));
        assert_eq!(chosen(TWO, None), Ok(None));
        assert_eq!(chosen("[profile.only]", None), Ok(Some("only".to_owned())));
        assert_eq!(chosen(&format!("default_profile = \"work\"\n{TWO}"), None), Ok(Some("work".to_owned())));
        assert_eq!(chosen(&format!("{TWO}[profile.default]"), None), Ok(Some("default".to_owned())));
        assert!(chosen(TWO, Some("wrk")).unwrap_err().contains("perhaps `work`"));
        assert!(chosen("", Some("work")).unwrap_err().contains("cwql config set --profile work"));
        assert_eq!(chosen("", None), Ok(None));
    }

    #[test]
    fn each_way_of_writing_a_table_is_read() {
        for text in [
            "profile = { a = { account_id = 7 } }",
            "profile.a.account_id = 7",
            "[profile]\na.account_id = 7",
            "[profile.a]\naccount_id = 7",
        ] {
            let profile = parse(text).unwrap().profile(&ProfileArgs { profile: Some("a".to_owned()) }).unwrap();
            assert_eq!(profile.number("account_id"), Some(7), "{text}");
        }
    }
}
