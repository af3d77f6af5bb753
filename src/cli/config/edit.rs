//! Changes of the configuration file's text that keep its comments and its order.

use toml_edit::{DocumentMut, Item, Table, TableLike, Value};

use super::keys::{DEFAULT_PROFILE, PROFILES, TOKENS};

/// A change that cannot be made, for the text is no configuration. The texts given here have been checked before.
type Changed<T> = Result<T, String>;

/// Sets a key of a profile, which is made if there is none; one way to say where the token is replaces another. Returns
/// the text, and which of those ways it has no more.
pub(super) fn set(text: &str, profile: &str, key: &str, value: Value) -> Changed<(String, Vec<&'static str>)> {
    let mut document = document(text)?;
    let profiles = table(document.as_table_mut(), PROFILES, true)?;
    let table = table(profiles, profile, false)?;
    let mut replaced = Vec::new();
    if TOKENS.contains(&key) {
        replaced.extend(TOKENS.into_iter().filter(|other| *other != key && table.remove(other).is_some()));
    }
    put(table, key, value);
    Ok((document.to_string(), replaced))
}

/// Removes a key of a profile, and a profile with its last key; none if it is not there.
pub(super) fn unset(text: &str, profile: &str, key: &str) -> Changed<Option<String>> {
    let mut document = document(text)?;
    let Some(profiles) = document.get_mut(PROFILES).and_then(Item::as_table_like_mut) else { return Ok(None) };
    let Some(table) = profiles.get_mut(profile).and_then(Item::as_table_like_mut) else { return Ok(None) };
    if table.remove(key).is_none() {
        return Ok(None);
    }
    if table.is_empty() {
        profiles.remove(profile);
        // There would be no such profile.
        if document.get(DEFAULT_PROFILE).and_then(Item::as_str) == Some(profile) {
            document.remove(DEFAULT_PROFILE);
        }
    }
    Ok(Some(document.to_string()))
}

/// Sets the profile that is taken where none is named.
pub(super) fn set_default(text: &str, profile: &str) -> Changed<String> {
    let mut document = document(text)?;
    put(document.as_table_mut(), DEFAULT_PROFILE, profile.into());
    Ok(document.to_string())
}

/// Removes the profile that is taken where none is named; none if it is not there.
pub(super) fn unset_default(text: &str) -> Changed<Option<String>> {
    let mut document = document(text)?;
    Ok(document.remove(DEFAULT_PROFILE).map(|_| document.to_string()))
}

fn document(text: &str) -> Changed<DocumentMut> {
    text.parse().map_err(|error: toml_edit::TomlError| error.message().to_owned())
}

/// The table below a key, made if there is none; `implicit` tables have no header of their own.
fn table<'a>(parent: &'a mut dyn TableLike, key: &str, implicit: bool) -> Changed<&'a mut dyn TableLike> {
    if parent.get(key).is_none() {
        let mut table = Table::new();
        table.set_implicit(implicit);
        // In a table within braces it becomes one of those itself, which an entry's value does not.
        parent.insert(key, Item::Table(table));
    }
    let item = parent.get_mut(key).and_then(Item::as_table_like_mut);
    item.ok_or_else(|| format!("`{key}` is no table"))
}

/// Sets a value; a comment behind the old one stays.
fn put(table: &mut dyn TableLike, key: &str, mut value: Value) {
    match table.get_mut(key).and_then(Item::as_value_mut) {
        Some(old) => {
            *value.decor_mut() = old.decor().clone();
            *old = value;
        }
        None => {
            table.insert(key, Item::Value(value));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn comments_and_order_stay() {
        let text = "# mine\n[profile.work] # the shop\nurl = \"https://a\" # old\n\n# the other\n[profile.home]\naccount_id = 2\n";
        let (set_url, _) = set(text, "work", "url", "https://b".into()).unwrap();
        assert_eq!(set_url, text.replace("https://a", "https://b"));
        let (added, _) = set(text, "work", "account_id", 7.into()).unwrap();
        assert_eq!(added, text.replace("# old\n", "# old\naccount_id = 7\n"));
        assert_eq!(unset(&added, "work", "account_id").unwrap().as_deref(), Some(text));
        assert_eq!(unset(text, "work", "tz").unwrap(), None);
        assert_eq!(unset(text, "wrok", "url").unwrap(), None);
    }

    #[test]
    fn the_first_value_makes_the_file() {
        let (text, _) = set("", "work", "url", "https://a".into()).unwrap();
        assert_eq!(text, "[profile.work]\nurl = \"https://a\"\n");
        let text = set_default(&text, "work").unwrap();
        assert_eq!(text, "default_profile = \"work\"\n[profile.work]\nurl = \"https://a\"\n");
        assert_eq!(unset_default(&text).unwrap().as_deref(), Some("[profile.work]\nurl = \"https://a\"\n"));
    }

    #[test]
    fn one_place_of_the_token_replaces_another() {
        let (text, replaced) = set("", "a", "token", "t".into()).unwrap();
        assert!(replaced.is_empty());
        let (text, replaced) = set(&text, "a", "token_file", "f".into()).unwrap();
        assert_eq!((text.as_str(), replaced), ("[profile.a]\ntoken_file = \"f\"\n", vec!["token"]));
        let (text, replaced) = set(&text, "a", "url", "https://a".into()).unwrap();
        assert!(text.contains("token_file") && replaced.is_empty());
    }

    #[test]
    fn a_profile_is_added_within_braces_too() {
        let (text, _) = set("profile = { a = { account_id = 7 } }\n", "b", "account_id", 8.into()).unwrap();
        assert_eq!(text, "profile = { a = { account_id = 7 } , b = { account_id = 8 } }\n");
    }

    #[test]
    fn names_that_need_quotes_get_them() {
        let (text, _) = set("", "my shop", "url", "https://\"".into()).unwrap();
        assert_eq!(text, "[profile.\"my shop\"]\nurl = 'https://\"'\n");
    }
}
