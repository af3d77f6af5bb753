//! Where the access token comes from. It is never shown: neither in a message nor in `Debug`.

use std::fmt;
use std::fs::File;
use std::io::{self, BufRead as _, IsTerminal as _, Read as _, Write as _};
use std::path::{Path, PathBuf};

use tokio::sync::oneshot;

use super::Failure;
use super::args::variable;
use super::files::{Others, others, shell_path};
use super::run::runtime;
use super::signals::Signals;
use crate::client::Token;
use crate::source::BYTE_ORDER_MARK;

/// The variables that a token is read from; the second and third are what other clients use.
const VARIABLES: [&str; 3] = ["CHATWOOT_API_ACCESS_TOKEN", "CHATWOOT_API_TOKEN", "CHATWOOT_ACCESS_TOKEN"];

/// What is longer is no token, in bytes.
const LONGEST: usize = 4096;

/// As much is read: enough to see that it is too long.
const READ: u64 = LONGEST as u64 + 1;

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

    /// The token in what was read, or what is wrong with it: it is sent in a header, which takes no other characters.
    fn read(bytes: &[u8]) -> Result<Self, &'static str> {
        if bytes.len() > LONGEST {
            return Err("is too long for a token");
        }
        let foreign = "has characters that no token has";
        let secret = Self::new(std::str::from_utf8(bytes).map_err(|_| foreign)?).ok_or("is empty")?;
        match secret.expose() {
            text if text.contains(char::is_whitespace) => Err("holds more than a token"),
            text if !text.bytes().all(|byte| byte.is_ascii_graphic()) => Err(foreign),
            _ => Ok(secret),
        }
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
        let (place, bytes) = match self {
            Self::StandardInput => ("the first line of standard input".to_owned(), first_line()?),
            Self::File(path) => (format!("the token file {}", path.display()), content(path)?),
            Self::Variable(name, secret) => ((*name).to_owned(), secret.0.clone().into_bytes()),
            Self::Config(path, secret) => (format!("the token in {}", path.display()), secret.0.clone().into_bytes()),
            Self::Keyring(profile) => {
                (format!("the token of `{profile}` in the system's keyring"), from_keyring(profile)?.into_bytes())
            }
        };
        Secret::read(&bytes).map_err(|wrong| {
            Failure::Usage(format!("{place} {wrong}\n  the access token, and nothing else, belongs there"))
        })
    }
}

/// The first line of standard input; a terminal is asked without echo.
fn first_line() -> Result<Vec<u8>, Failure> {
    let unreadable = |error: io::Error| Failure::unreadable("standard input", &error);
    if io::stdin().is_terminal() {
        // Whoever asks a server for something has a runtime already, and one within another is none.
        let asked = std::thread::scope(|scope| scope.spawn(answer).join());
        let answer = asked.unwrap_or_else(|_| Ok(Err(io::ErrorKind::UnexpectedEof.into())))?;
        return answer.map(String::into_bytes).map_err(unreadable);
    }
    let mut line = Vec::new();
    io::stdin().lock().take(READ).read_until(b'\n', &mut line).map_err(unreadable)?;
    Ok(line)
}

/// Asks a terminal without echo. A signal ends the question, and leaves the terminal as it was.
fn answer() -> Result<io::Result<String>, Failure> {
    let terminal = Terminal::now();
    let mut signals = Signals::listen()?;
    let (tell, told) = oneshot::channel();
    let ask = move || drop(tell.send(rpassword::prompt_password("access token: ")));
    std::thread::Builder::new().name("question".to_owned()).spawn(ask)?;
    match runtime()?.block_on(signals.or(told)) {
        Ok(answer) => Ok(answer.unwrap_or_else(|_| Err(io::ErrorKind::UnexpectedEof.into()))),
        Err(signal) => {
            terminal.restore();
            // The question's line has no end.
            let _ = writeln!(io::stderr());
            Err(Failure::Told(signal))
        }
    }
}

/// How the terminal was set before something was asked.
#[cfg(unix)]
struct Terminal(Option<(File, rustix::termios::Termios)>);

#[cfg(unix)]
impl Terminal {
    fn now() -> Self {
        let terminal = File::open("/dev/tty").ok();
        Self(terminal.and_then(|terminal| rustix::termios::tcgetattr(&terminal).ok().map(|how| (terminal, how))))
    }

    fn restore(self) {
        if let Some((terminal, how)) = self.0 {
            // There is nothing else to be done for it.
            let _ = rustix::termios::tcsetattr(terminal, rustix::termios::OptionalActions::Now, &how);
        }
    }
}

/// Elsewhere the terminal is set by who asks.
#[cfg(not(unix))]
struct Terminal;

#[cfg(not(unix))]
impl Terminal {
    fn now() -> Self {
        Self
    }

    fn restore(self) {}
}

/// What is in a file that only its owner may read.
fn content(path: &Path) -> Result<Vec<u8>, Failure> {
    let shown = path.display();
    let unreadable = |error: io::Error| Failure::unreadable(format_args!("the token file {shown}"), &error);
    let file = File::open(path).map_err(|error| match error.kind() {
        io::ErrorKind::NotFound if may_be_a_token(path) => Failure::Usage(
            "there is no such token file; its name is not shown, since it may be the token itself\n  \
             `--token -` reads the token from standard input"
                .to_owned(),
        ),
        _ => unreadable(error),
    })?;
    if others(&file).map_err(unreadable)? != Others::Nothing {
        return Err(Failure::Usage(format!(
            "the token file {shown} may be read or written by others\n  chmod 600 {}",
            shell_path(path)
        )));
    }
    let mut content = Vec::new();
    file.take(READ).read_to_end(&mut content).map_err(unreadable)?;
    Ok(content)
}

/// Whether the name of a file looks like what the server makes for a token: letters and digits, 24 of them.
fn may_be_a_token(path: &Path) -> bool {
    path.to_str().is_some_and(|name| name.len() >= 20 && name.bytes().all(|byte| byte.is_ascii_alphanumeric()))
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
fn from_keyring(profile: &str) -> Result<String, Failure> {
    let password = keyring::v1::Entry::new(SERVICE, profile).and_then(|entry| entry.get_password());
    password.map_err(|error| match error {
        keyring::v1::Error::NoEntry => Failure::Usage(format!(
            "the system's keyring has no token for the profile `{profile}`\n  cwql config set token --profile {profile}"
        )),
        error => keyring_failed(&error),
    })
}

#[cfg(not(feature = "keyring"))]
fn from_keyring(profile: &str) -> Result<String, Failure> {
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

/// Removes a token from the system's keyring, where one that is not there is removed already. Whether this program can
/// do so.
#[cfg(feature = "keyring")]
pub(super) fn forget_keyring(profile: &str) -> Result<bool, Failure> {
    match keyring::v1::Entry::new(SERVICE, profile).and_then(|entry| entry.delete_credential()) {
        Ok(()) | Err(keyring::v1::Error::NoEntry) => Ok(true),
        Err(error) => {
            Err(Failure::Usage(format!("the token of `{profile}` stays in the system's keyring, which fails: {error}")))
        }
    }
}

/// Removes a token from the system's keyring. Whether this program can do so.
#[cfg(not(feature = "keyring"))]
#[expect(clippy::unnecessary_wraps, reason = "with the keyring it may fail")]
pub(super) fn forget_keyring(_profile: &str) -> Result<bool, Failure> {
    Ok(false)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_cannot_be_sent_as_a_token_is_refused_wherever_it_was_read() {
        let longest = "x".repeat(LONGEST);
        assert_eq!(Secret::read(longest.as_bytes()).unwrap().expose(), longest);
        assert_eq!(Secret::read("\u{feff} s3cret\r\n".as_bytes()).unwrap().expose(), "s3cret");
        for (bytes, wrong) in [
            (format!("{longest}x").as_bytes(), "too long"),
            (b"a b", "more than a token"),
            (b"a\nb", "more than a token"),
            ("schl\u{fc}ssel".as_bytes(), "characters"),
            (b"a\0b", "characters"),
            (b"a\xffb", "characters"),
            (b" \n", "empty"),
        ] {
            assert!(Secret::read(bytes).unwrap_err().contains(wrong), "{wrong}");
        }
    }

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
