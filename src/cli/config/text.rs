//! The configuration file as text: what it says, and how one value of it is changed. Nothing is read or written here.

use std::collections::BTreeMap;
use std::path::PathBuf;

use super::{Config, KEYS, edit, key, perhaps};

/// The values of a configuration file, by profile and key. A token is among them if the file holds it.
pub type Values = BTreeMap<(String, &'static str), String>;

/// Reads the text of a configuration file.
///
/// # Errors
///
/// What is wrong, with its line and column. No message quotes a value, which may be a token.
///
/// # Example
///
/// ```
/// let values = cwql::cli::config::values("[profile.work]\naccount_id = 7\n")?;
/// assert_eq!(values[&("work".to_owned(), "account_id")], "7");
/// # Ok::<(), String>(())
/// ```
pub fn values(text: &str) -> Result<Values, String> {
    let path = PathBuf::from("config.toml");
    let config = Config::parse(path, text.to_owned()).map_err(|failure| failure.to_string())?;
    let mut values = Values::new();
    for profile in &config.profiles {
        for key in profile.values.keys() {
            if let (Some(name), Some(value)) = (&profile.name, profile.written(key)) {
                values.insert((name.clone(), key), value);
            }
        }
    }
    Ok(values)
}

/// Sets a key of a profile, as `cwql config set` does, and returns the text after it: comments and order stay. A
/// profile that is not there is made; one way to say where the token is replaces another.
///
/// # Errors
///
/// There is no such key, or the value is none of the key's; or the text is no configuration.
pub fn set(text: &str, profile: &str, name: &str, value: &str) -> Result<String, String> {
    let key = key(name).ok_or_else(|| {
        let known: Vec<&str> = KEYS.iter().map(|key| key.name).collect();
        format!("there is no key `{name}`\n  {}", perhaps(name, "keys", &known))
    })?;
    Ok(edit::set(text, profile, key.name, key.value(value)?)?.0)
}

/// Removes a key of a profile, as `cwql config unset` does; none if it is not there.
///
/// # Errors
///
/// The text is no configuration.
pub fn unset(text: &str, profile: &str, name: &str) -> Result<Option<String>, String> {
    edit::unset(text, profile, name)
}
