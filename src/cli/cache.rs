//! The names of accounts, kept for a day.
//!
//! Each file belongs to one server, one account and one token, for `@me` is another with each token. Its name has
//! digests of these; neither the token, nor anything that it could be found from, nor a password in the server's address
//! is stored.

use std::fs;
use std::io;
use std::path::PathBuf;

use jiff::{SignedDuration, Timestamp};
use ring::digest::{SHA256, digest};
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use super::files::{cache_folder, replace, replaced_by};
use super::token::Secret;
use crate::client::shown_address;
use crate::schema::{Account, ServerVersion};

/// The form of the files. One of another form is read by nobody.
const FORMAT: u32 = 1;

/// How old names may be that are used unasked.
const FRESH: SignedDuration = SignedDuration::from_hours(24);

/// The largest file that is read, in bytes: some hundred thousand names.
const LONGEST: u64 = 64 << 20;

/// What is known of an account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Known {
    /// Its names.
    pub account: Account,
    /// The server's version, if it told.
    pub version: Option<ServerVersion>,
    /// The lists that the server refused.
    pub refused: Vec<String>,
    /// When it was read from the server.
    pub fetched_at: Timestamp,
}

impl Known {
    /// Whether it is young enough to be used unasked. A time to come means that the clock was moved.
    pub(super) fn is_fresh(&self, now: Timestamp) -> bool {
        let age = now.duration_since(self.fetched_at);
        !age.is_negative() && age < FRESH
    }

    /// Reads the bytes of a file.
    ///
    /// # Errors
    ///
    /// Why they are of no use: they are damaged, of another form, or of another account than this one.
    pub fn decode(bytes: &[u8], url: &str, account_id: u64) -> Result<Self, String> {
        let stored: Stored = serde_json::from_slice(bytes).map_err(|error| format!("it is damaged: {error}"))?;
        if stored.format != FORMAT {
            return Err(format!("it has the form {} of another version", stored.format));
        }
        if stored.url != shown_address(url) || stored.account_id != account_id {
            return Err("it is of another account".to_owned());
        }
        let account =
            Account::from_json(stored.account.get().as_bytes()).map_err(|error| format!("it is damaged: {error}"))?;
        let version = match stored.version.as_deref().map(str::parse) {
            None => None,
            Some(version) => Some(version.map_err(|_| "it is damaged: no version".to_owned())?),
        };
        let fetched_at = stored.fetched_at.parse().map_err(|_| "it is damaged: no time".to_owned())?;
        Ok(Self { account, version, refused: stored.refused, fetched_at })
    }

    /// The bytes of the file of an account.
    ///
    /// # Errors
    ///
    /// None are known: an account can always be written.
    pub fn encode(&self, url: &str, account_id: u64) -> io::Result<Vec<u8>> {
        let stored = Stored {
            format: FORMAT,
            url: shown_address(url),
            account_id,
            fetched_at: self.fetched_at.to_string(),
            version: self.version.map(|version| version.to_string()),
            refused: self.refused.clone(),
            account: RawValue::from_string(self.account.to_json())?,
        };
        Ok(serde_json::to_vec(&stored)?)
    }
}

/// A file as it is written.
#[derive(Serialize, Deserialize)]
struct Stored {
    format: u32,
    url: String,
    account_id: u64,
    fetched_at: String,
    version: Option<String>,
    #[serde(default)]
    refused: Vec<String>,
    account: Box<RawValue>,
}

/// The file of one account as one token sees it.
#[derive(Clone, Debug)]
pub(super) struct Cache {
    url: String,
    account_id: u64,
    path: PathBuf,
}

impl Cache {
    /// The file of an account; none where there is no place for caches.
    pub(super) fn new(url: &str, account_id: u64, secret: &Secret) -> Option<Self> {
        let place = place(url, account_id);
        let user = hex(&["user", url, &account_id.to_string(), secret.expose()]);
        let path = cache_folder()?.join(format!("{place}-{user}.json"));
        Some(Self { url: url.to_owned(), account_id, path })
    }

    pub(super) fn path(&self) -> &std::path::Path {
        &self.path
    }

    /// Reads the file; none where there is none, and why not where it is of no use.
    pub(super) fn read(&self) -> Result<Option<Known>, String> {
        read(&self.path, &self.url, self.account_id)
    }

    /// Replaces the file.
    pub(super) fn write(&self, known: &Known) -> io::Result<()> {
        replace(&self.path, &known.encode(&self.url, self.account_id)?)
    }
}

fn read(path: &std::path::Path, url: &str, account_id: u64) -> Result<Option<Known>, String> {
    match fs::metadata(path) {
        Ok(metadata) if metadata.len() > LONGEST => return Err("it is too large".to_owned()),
        Ok(_) => {}
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(error.to_string()),
    }
    let bytes = fs::read(path).map_err(|error| error.to_string())?;
    Known::decode(&bytes, url, account_id).map(Some)
}

/// Files of an account, whoever's token they belong to.
fn files(url: &str, account_id: u64) -> Vec<PathBuf> {
    let prefix = format!("{}-", place(url, account_id));
    all_files().into_iter().filter(|path| name(path).starts_with(&prefix)).collect()
}

/// Every file of this cache, those too that were being written when a run was killed: they hold the same names.
fn all_files() -> Vec<PathBuf> {
    let Some(entries) = cache_folder().and_then(|folder| fs::read_dir(folder).ok()) else { return Vec::new() };
    let paths = entries.flatten().map(|entry| entry.path());
    // Nothing else is touched, should the folder be used for something else too.
    paths.filter(|path| is_ours(replaced_by(name(path)).unwrap_or(name(path)))).collect()
}

/// Whether a file has such a name as those of this cache: two digests.
fn is_ours(name: &str) -> bool {
    let digest =
        |text: &str| text.len() == DIGITS && text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'));
    let digests = name.strip_suffix(".json").and_then(|name| name.split_once('-'));
    digests.is_some_and(|(place, user)| digest(place) && digest(user))
}

fn name(path: &std::path::Path) -> &str {
    path.file_name().and_then(|name| name.to_str()).unwrap_or_default()
}

/// The names last read of an account, whoever asked: good enough to be offered, not to be sent.
pub(super) fn newest(url: &str, account_id: u64) -> Option<Account> {
    let known = files(url, account_id).into_iter().filter_map(|path| read(&path, url, account_id).ok().flatten());
    known.max_by_key(|known| known.fetched_at).map(|known| known.account)
}

/// Forgets the names of one account, or of all; how many files that were.
pub(super) fn clear(of: Option<(&str, u64)>) -> io::Result<usize> {
    let files = of.map_or_else(all_files, |(url, account_id)| files(url, account_id));
    for path in &files {
        fs::remove_file(path)?;
    }
    Ok(files.len())
}

/// How many digits of a digest are kept: 64 bits.
const DIGITS: usize = 16;

fn place(url: &str, account_id: u64) -> String {
    hex(&["account", url, &account_id.to_string()])
}

/// The start of the digest of some texts. A token has more than a hundred random bits: it cannot be guessed from it.
fn hex(parts: &[&str]) -> String {
    let digest = digest(&SHA256, parts.join("\0").as_bytes());
    digest.as_ref().iter().take(DIGITS / 2).map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_fresh_for_a_day_and_not_before_they_were_read() {
        let known = |fetched_at| Known { account: Account::default(), version: None, refused: Vec::new(), fetched_at };
        let now = Timestamp::from_second(1_800_000_000).unwrap();
        let ago = |seconds| now - SignedDuration::from_secs(seconds);
        assert!(known(now).is_fresh(now) && known(ago(86_399)).is_fresh(now));
        assert!(!known(ago(86_400)).is_fresh(now) && !known(ago(-1)).is_fresh(now));
    }

    #[test]
    fn digests_tell_servers_accounts_and_tokens_apart_and_hide_them() {
        let digests = [
            hex(&["user", "https://a", "1", "s3cret"]),
            hex(&["user", "https://a", "1", "s3cret2"]),
            hex(&["user", "https://a", "2", "s3cret"]),
            hex(&["user", "https://b", "1", "s3cret"]),
            place("https://a", 1),
        ];
        for (i, digest) in digests.iter().enumerate() {
            assert_eq!(digest.len(), DIGITS);
            assert!(!digests[..i].contains(digest));
        }
    }
}
