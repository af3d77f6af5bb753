//! `--dry-run`: requests as they would be sent, in the form of an `.http` file.

use std::io::{self, Write as _};

use super::Failure;
use crate::client::shown_address;

/// Prints a request. Neither the token nor a password is shown, and a body is printed as it is given.
pub(super) fn print(method: &str, url: &str, body: Option<&str>) -> Result<(), Failure> {
    let mut out = io::stdout().lock();
    let shown = shown_address(url);
    writeln!(out, "{method} {shown}\nAccept: application/json\napi_access_token: …")?;
    if shown != url {
        // The user and the password of the address.
        writeln!(out, "Authorization: Basic …")?;
    }
    if let Some(body) = body {
        writeln!(out, "Content-Type: application/json\n\n{body}")?;
    }
    writeln!(out)?;
    out.flush()?;
    Ok(())
}

/// Prints what is to be known of the requests that follow, or went before.
pub(super) fn remark(text: &str) -> Result<(), Failure> {
    let mut out = io::stdout().lock();
    for line in text.lines() {
        writeln!(out, "# {line}")?;
    }
    Ok(())
}
