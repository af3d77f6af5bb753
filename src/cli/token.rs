//! Where the access token comes from. It is never shown: neither in a message nor in `Debug`.

use std::fmt;
use std::fs::File;
use std::io::{self, BufRead as _, IsTerminal as _, Read as _};
use std::path::{Path, PathBuf};

use super::Failure;
use super::args::variable;
use super::files::{Others, others, shell_path};
use crate::client::Token;
use crate::source::BYTE_ORDER_MARK;

/// The variables that a token is read from; the second and third are what other clients use.
const VARIABLES: [&str; 3] = ["CHATWOOT_API_ACCESS_TOKEN", "CHATWOOT_API_TOKEN", "CHATWOOT_ACCESS_TOKEN"];

/// A longer file holds something else.
const LONGEST: u64 = 4096;

/// What the keyring calls the entries of this program.
#[cfg(feature = "keyring")]
const SERVICE: &str = "cwql";

/// A token's text.
#[derive(Clone, PartialEq, Eq)]
pub(super) struct Secret(String);

impl Secret {
    /// The token in a text without the blanks around it; none if nothing is left.
    pub(super) fn new(text: &str) -> Option<Self> {
        // Some programs put a byte order mark before a text.
        let text = text.trim_start_matches(BYTE_ORDER_MARK).trim();
        (!text.is_empty()).then(|| Self(text.to_owned()))
    }

    /// The text, to be sent or stored, never to be shown.
    pub(super) fn expose(&self) -> &str {
        &self.0
    }

    pub(super) fn token(&self) -> Token {
        Token::new(self.0.clone())
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(…)")
    }
}

/// Where a token is, before it is read.
#[derive(Clone, Debug)]
pub(super) enum Source {
    /// The first line of standard input.
    StandardInput,
    /// A file that only its owner may read.
    File(PathBuf),
    /// A variable of the environment.
    Variable(&'static str, Secret),
    /// The configuration file itself.
    Config(PathBuf, Secret),
    /// The system's keyring, under the name of a profile.
    Keyring(String),
}

impl fmt::Display for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::StandardInput => f.write_str("standard input"),
            Self::File(path) | Self::Config(path, _) => path.display().fmt(f),
            Self::Variable(name, _) => f.write_str(name),
            Self::Keyring(_) => f.write_str("the system's keyring"),
        }
    }
}

impl Source {
    /// The first variable that is set to something.
    pub(super) fn from_environment() -> Result<Option<Self>, Failure> {
        for name in VARIABLES {
            if let Some(secret) = variable(name)?.as_deref().and_then(Secret::new) {
                return Ok(Some(Self::Variable(name, secret)));
            }
        }
        Ok(None)
    }

    /// Reads the token.
    pub(super) fn read(&self) -> Result<Secret, Failure> {
        match self {
            Self::StandardInput => from_standard_input(),
            Self::File(path) => from_file(path),
            Self::Variable(_, secret) | Self::Config(_, secret) => Ok(secret.clone()),
            Self::Keyring(profile) => from_keyring(profile),
        }
    }
}

/// The first line of standard input; a terminal is asked without echo.
pub(super) fn from_standard_input() -> Result<Secret, Failure> {
    let unreadable = |error: io::Error| Failure::Usage(format!("standard input cannot be read: {error}"));
    let mut line = Vec::new();
    if io::stdin().is_terminal() {
        line = rpassword::prompt_password("access token: ")
            .map_err(|error| match error.kind() {
                io::ErrorKind::Interrupted => Failure::Interrupted,
                _ => unreadable(error),
            })?
            .into_bytes();
    } else {
        io::stdin().lock().take(LONGEST).read_until(b'\n', &mut line).map_err(unreadable)?;
    }
    let secret = std::str::from_utf8(&line).ok().and_then(Secret::new);
    secret.ok_or_else(|| {
        Failure::Usage(
            "no access token on standard input\n  its first line should be the token, and nothing else can be read \
             from it"
                .to_owned(),
        )
    })
}

/// The token that is all there is in a file.
fn from_file(path: &Path) -> Result<Secret, Failure> {
    let shown = path.display();
    let unreadable = |error: io::Error| Failure::Usage(format!("the token file {shown} cannot be read: {error}"));
    let file = File::open(path).map_err(unreadable)?;
    if others(&file).map_err(unreadable)? != Others::Nothing {
        return Err(Failure::Usage(format!(
            "the token file {shown} may be read or written by others\n  chmod 600 {}",
            shell_path(path)
        )));
    }
    let mut text = String::new();
    let length = file.take(LONGEST + 1).read_to_string(&mut text).map_err(unreadable)?;
    let wrong = |what: &str| {
        Failure::Usage(format!("the token file {shown} {what}\n  the token, on one line, is all that belongs there"))
    };
    if length as u64 > LONGEST {
        return Err(wrong("is too long"));
    }
    let secret = Secret::new(&text).ok_or_else(|| wrong("is empty"))?;
    if secret.expose().contains(char::is_whitespace) {
        return Err(wrong("holds more than a token"));
    }
    Ok(secret)
}

#[cfg(feature = "keyring")]
fn keyring_failed(error: &keyring::v1::Error) -> Failure {
    // That there is none is said by what came of the search for one.
    let error = match (error, keyring::v1::Entry::store_status()) {
        (keyring::v1::Error::NoDefaultStore, Err(reason)) => reason,
        _ => error,
    };
    Failure::Usage(format!(
        "the system's keyring cannot be used: {error}\n  \
         a token file works too: cwql config set token_file FILE, or --token-file FILE"
    ))
}

#[cfg(feature = "keyring")]
fn from_keyring(profile: &str) -> Result<Secret, Failure> {
    let password = keyring::v1::Entry::new(SERVICE, profile).and_then(|entry| entry.get_password());
    let secret = match password {
        Ok(password) => Secret::new(&password),
        Err(keyring::v1::Error::NoEntry) => None,
        Err(error) => return Err(keyring_failed(&error)),
    };
    secret.ok_or_else(|| {
        Failure::Usage(format!(
            "the system's keyring has no token for the profile `{profile}`\n  cwql config set token --profile {profile}"
        ))
    })
}

#[cfg(not(feature = "keyring"))]
fn from_keyring(profile: &str) -> Result<Secret, Failure> {
    Err(Failure::Usage(format!(
        "the profile `{profile}` keeps its token in the system's keyring, which this cwql was built without\n  \
         build one that can: cargo install cwql --features keyring\n  \
         or keep the token in the configuration file: cwql config set token --profile {profile}"
    )))
}

/// Puts a token into the system's keyring.
#[cfg(feature = "keyring")]
pub(super) fn to_keyring(profile: &str, secret: &Secret) -> Result<(), Failure> {
    keyring::v1::Entry::new(SERVICE, profile)
        .and_then(|entry| entry.set_password(secret.expose()))
        .map_err(|error| keyring_failed(&error))
}

/// Removes a token from the system's keyring; one that is not there is removed already.
pub(super) fn forget_keyring(profile: &str) -> Result<(), Failure> {
    #[cfg(feature = "keyring")]
    match keyring::v1::Entry::new(SERVICE, profile).and_then(|entry| entry.delete_credential()) {
        Ok(()) | Err(keyring::v1::Error::NoEntry) => {}
        Err(error) => return Err(keyring_failed(&error)),
    }
    let _ = profile;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_is_never_shown() {
        let secret = Secret::new(" s3cret\n").unwrap();
        assert_eq!(secret.expose(), "s3cret");
        assert_eq!(Secret::new(" \n"), None);
        let sources = [
            Source::Variable("CHATWOOT_API_TOKEN", secret.clone()),
            Source::Config(PathBuf::from("/config.toml"), secret.clone()),
        ];
        for source in sources {
            assert!(!format!("{source:?} {source} {secret:?}").contains("s3cret"));
        }
    }
}
