//! `cwql config`

use std::ffi::OsStr;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use toml_edit::Value;

use super::keys::{DEFAULT_PROFILE, KEYRING, KEYS, TOKENS, all, key, settable};
use super::{Config, asked_for, edit};
use crate::cli::args::{ConfigArgs, ConfigCommand, ProfileArgs, variable};
use crate::cli::context::Context;
use crate::cli::files::{config_path, lock, replace};
use crate::cli::names::perhaps;
use crate::cli::output::no_room;
use crate::cli::table::Table;
use crate::cli::token::{Source, forget_keyring};
use crate::cli::{Exit, Failure};
use crate::client::shown_address;

/// `cwql config`
pub(in crate::cli) fn run(args: &ConfigArgs, context: &Context) -> Result<Exit, Failure> {
    match &args.command {
        ConfigCommand::Path => {
            writeln!(io::stdout(), "{}", path()?.display())?;
            Ok(Exit::Found)
        }
        ConfigCommand::Show { profile } => show(profile, context),
        ConfigCommand::Set { key, value, profile } => set(key, value.as_deref(), profile, context),
        ConfigCommand::Unset { key, profile } => unset(key, profile, context),
    }
}

fn path() -> Result<PathBuf, Failure> {
    config_path().ok_or_else(|| {
        Failure::Usage("there is no home folder to keep a configuration in\n  set CWQL_CONFIG".to_owned())
    })
}

/// A change of the configuration file.
struct Change {
    /// What it will hold.
    text: String,
    /// The profile that is changed.
    profile: String,
    /// The keys that it has no more.
    gone: Vec<&'static str>,
}

/// Changes the file by what it holds; none if there is nothing to change. No other change comes between the reading and
/// the writing, where it would be lost.
fn change(to: impl Fn(&Config) -> Result<Option<Change>, Failure>) -> Result<Option<Change>, Failure> {
    // What cannot be done, or is done already, makes no folder.
    if to(&Config::read()?)?.is_none() {
        return Ok(None);
    }
    let path = path()?;
    let failed = |error: io::Error| Failure::Io(format!("{} cannot be written: {error}", path.display()));
    let _lock = lock(&path).map_err(failed)?;
    let Some(change) = to(&Config::read()?)? else { return Ok(None) };
    replace(&path, change.text.as_bytes()).map_err(failed)?;
    Ok(Some(change))
}

/// What is in effect, and where it comes from.
fn show(args: &ProfileArgs, context: &Context) -> Result<Exit, Failure> {
    let config = Config::read()?;
    let profile = config.profile(args)?;
    let from_profile = profile.name.as_ref().map_or_else(String::new, |name| format!("profile {name}"));
    let chosen = match asked_for(args)? {
        Some((_, from)) => from,
        None if config.default_profile.is_some() => DEFAULT_PROFILE,
        None if profile.name.is_some() => "the file",
        None => "",
    };
    let mut rows: Vec<[String; 3]> = Vec::new();
    let mut row = |key: &str, value: Option<String>, from: &str| {
        rows.push([key.to_owned(), value.unwrap_or_else(|| "-".to_owned()), from.to_owned()]);
    };
    row("profile", profile.name.clone(), chosen);
    for key in KEYS.iter().filter(|key| !TOKENS.contains(&key.name)) {
        let variable = match key.name {
            "url" => Some("CHATWOOT_BASE_URL"),
            "account_id" => Some("CHATWOOT_ACCOUNT_ID"),
            _ => None,
        };
        let set = match variable {
            Some(name) => self::variable(name)?.map(|value| (value, name)),
            None => None,
        };
        // An address may have a password in it.
        let shown = |value: String| if key.name == "url" { shown_address(&value) } else { value };
        match (set.map(|(value, name)| (shown(value), name)), profile.written(key.name).map(shown)) {
            (Some((value, name)), _) => row(key.name, Some(value), name),
            (None, Some(value)) => row(key.name, Some(value), &from_profile),
            (None, None) if variable.is_some() => row(key.name, None, "not set"),
            (None, None) => {}
        }
    }
    match Source::from_environment()?.or_else(|| profile.token()) {
        Some(source) => row("token", Some("(not shown)".to_owned()), &source.to_string()),
        None => row("token", None, "not set"),
    }
    let mut out = io::stdout().lock();
    let mut table = Table::new(["KEY", "VALUE", "FROM"], &[0], &[2], context);
    write!(out, "{}", table.next(&rows))?;
    write!(out, "{}", no_room(&table.left_out()))?;
    let names = config.names();
    if names.len() > 1 {
        writeln!(out, "\nprofiles: {}", names.join(", "))?;
    }
    Ok(Exit::Found)
}

/// The key of a command line, which may have been misspelt.
fn key_among(name: &str, known: impl Iterator<Item = &'static str>) -> Result<&'static super::keys::Key, Failure> {
    key(name).ok_or_else(|| {
        let known: Vec<&str> = known.collect();
        Failure::Usage(format!("there is no key `{name}`\n  {}", perhaps(name, "keys", &known)))
    })
}

/// The name of the profile that is changed.
fn target(config: &Config, args: &ProfileArgs) -> Result<String, Failure> {
    // A profile that is named may be a new one.
    let named = asked_for(args)?.map(|(name, _)| name);
    let only = || match config.profiles.as_slice() {
        [only] => only.name.clone(),
        _ => None,
    };
    let present = |name: &str| config.profiles.iter().any(|profile| profile.name.as_deref() == Some(name));
    let usual = || config.default_profile.clone().or_else(|| only().filter(|_| !present("default")));
    Ok(named.or_else(usual).unwrap_or_else(|| "default".to_owned()))
}

fn set(name: &str, value: Option<&OsStr>, args: &ProfileArgs, context: &Context) -> Result<Exit, Failure> {
    let given = || {
        let value =
            value.ok_or_else(|| Failure::Usage(format!("`{name}` needs a value\n  cwql config set {name} VALUE")))?;
        value.to_str().ok_or_else(|| Failure::Usage(format!("the value of `{name}` is not UTF-8 text")))
    };
    if name == DEFAULT_PROFILE {
        let value = given()?;
        let changed = change(|config| {
            if !config.names().contains(&value) {
                let hint = super::perhaps_profile(value, &config.names());
                return Err(Failure::Usage(format!("there is no profile `{value}`\n  {hint}")));
            }
            let text = edit::set_default(&config.text, value).map_err(|reason| refused(config, &reason))?;
            Ok(Some(Change { text, profile: value.to_owned(), gone: Vec::new() }))
        });
        return done(changed?, context);
    }
    let key = key_among(name, settable())?;
    if key.name == "token" {
        if value.is_some_and(|value| value != "-") {
            return Err(Failure::Usage(
                "a token is not an argument: other programs can see those, and shells remember them\n  \
                 cwql config set token    reads it from standard input, without echo"
                    .to_owned(),
            ));
        }
        return set_token(args, context);
    }
    let text = given()?;
    let value = key.value(text).map_err(Failure::Usage)?;
    if key.name == KEYRING {
        // Where the token is it would be forgotten, for one that may not be in the keyring.
        return Err(Failure::Usage(
            "where the token is kept follows from how it is set\n  cwql config set token    keeps one, in the keyring \
             where this cwql was built with it"
                .to_owned(),
        ));
    }
    let value = match key.name {
        "token_file" => from_here(&path()?, text).map_or(value, Into::into),
        _ => value,
    };
    done(change(|config| with(config, &target(config, args)?, key.name, &value))?, context)
}

/// Sets a key of a profile.
fn with(config: &Config, profile: &str, key: &str, value: &Value) -> Result<Option<Change>, Failure> {
    let (text, gone) =
        edit::set(&config.text, profile, key, value.clone()).map_err(|reason| refused(config, &reason))?;
    Ok(Some(Change { text, profile: profile.to_owned(), gone }))
}

/// The file is no configuration.
fn refused(config: &Config, reason: &str) -> Failure {
    Failure::Usage(format!("{}: {reason}", config.path.display()))
}

/// The whole path of a file that was named from the working folder: a profile's is looked for beside the configuration.
fn from_here(configuration: &Path, file: &str) -> Option<String> {
    let beside = configuration.parent()?.join(file);
    let here = std::path::absolute(file).ok()?;
    if beside.exists() || !here.exists() { None } else { here.to_str().map(str::to_owned) }
}

/// Reads a token and keeps it: in the keyring if this program has one, else in the file.
fn set_token(args: &ProfileArgs, context: &Context) -> Result<Exit, Failure> {
    // Nobody is asked for what cannot be kept.
    path()?;
    let profile = target(&Config::read()?, args)?;
    let secret = Source::StandardInput.read()?;
    #[cfg(feature = "keyring")]
    let (key, value, place) = {
        crate::cli::token::to_keyring(&profile, &secret)?;
        ("keyring", true.into(), "the system's keyring".to_owned())
    };
    #[cfg(not(feature = "keyring"))]
    let (key, value, place) = ("token", secret.expose().into(), path()?.display().to_string());
    let changed = change(|config| with(config, &profile, key, &value))?;
    context.note(&format!("the token of the profile `{profile}` is in {place}"));
    done(changed, context)
}

fn unset(name: &str, args: &ProfileArgs, context: &Context) -> Result<Exit, Failure> {
    if name == DEFAULT_PROFILE {
        let changed = change(|config| {
            let text = edit::unset_default(&config.text).map_err(|reason| refused(config, &reason))?;
            Ok(text.map(|text| Change { text, profile: String::new(), gone: Vec::new() }))
        });
        return done(changed?, context);
    }
    let key = key_among(name, all())?;
    // Wherever the token is, it is `the token` to who wants to be rid of it.
    let keys = if key.name == "token" { TOKENS.to_vec() } else { vec![key.name] };
    let changed = change(|config| {
        let Some(profile) = config.profile(args)?.name else { return Ok(None) };
        let (mut text, mut gone) = (config.text.clone(), Vec::new());
        for key in &keys {
            let without = edit::unset(&text, &profile, key).map_err(|reason| refused(config, &reason))?;
            if let Some(without) = without {
                text = without;
                gone.push(*key);
            }
        }
        Ok((!gone.is_empty()).then_some(Change { text, profile, gone }))
    });
    let changed = changed?;
    if changed.is_none() {
        context.note(&format!("there is no {} to remove", key.name));
    }
    done(changed, context)
}

/// Says of the keys that a profile has lost where the token is no more, and where it stays; whether anything was
/// changed. What only they led to is removed now: before the file was written, a failure would have left a profile that
/// points at nothing.
fn done(changed: Option<Change>, context: &Context) -> Result<Exit, Failure> {
    let Some(Change { profile, gone, .. }) = changed else { return Ok(Exit::Nothing) };
    for key in gone {
        match key {
            "token" => context.note(&format!("the token of `{profile}` is in {} no more", path()?.display())),
            "token_file" => context.note(&format!("`{profile}` names no token file any more; the file itself stays")),
            "keyring" if forget_keyring(&profile)? => {
                context.note(&format!("the token of `{profile}` is in the system's keyring no more"));
            }
            "keyring" => context.note(&format!(
                "`{profile}` asks the system's keyring no more; a token in it stays, for this cwql was built without it"
            )),
            _ => {}
        }
    }
    Ok(Exit::Found)
}
