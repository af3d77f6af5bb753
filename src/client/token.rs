//! The access token, which is never shown.

use std::fmt;

/// An access token. `Debug` does not show it, and there is no `Display`.
#[derive(Clone)]
pub struct Token(pub(super) String);

impl Token {
    /// A token as the dashboard's profile page shows it.
    #[must_use]
    pub fn new(token: impl Into<String>) -> Self {
        Self(token.into())
    }
}

impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Token(…)")
    }
}
