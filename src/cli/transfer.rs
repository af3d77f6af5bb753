//! How the server is asked: the settings of the client, and what `--verbose` shows of its requests.

use std::fs;
use std::time::Duration;

use super::Failure;
use super::args::{ErrorFormat, GlobalArgs, ServerArgs, TransferArgs};
use super::config::Profile;
use super::remark::{self, About};
use crate::client::{Event, Observer, Settings};

/// A longer wait is announced even without `--verbose`: a program that stands still says why.
const LONG_WAIT: Duration = Duration::from_secs(2);

/// The settings that the options describe.
pub(super) fn settings(args: &ServerArgs, global: &GlobalArgs, profile: &Profile) -> Result<Settings, Failure> {
    let observer = (!global.quiet).then(|| observer(global.verbose, global.error_format));
    let insecure_http = args.insecure_http || profile.flag("insecure_http");
    let mut settings = Settings { insecure_http, observer, ..args.transfer.settings()? };
    // An option goes before the profile.
    if args.transfer.concurrency.is_none()
        && let Some(pages) = profile.number("concurrency").and_then(|pages| usize::try_from(pages).ok())
    {
        settings.concurrency = pages;
    }
    if args.transfer.max_rate.is_none() {
        settings.max_rate = profile.number("max_rate").and_then(|rate| u32::try_from(rate).ok());
    }
    Ok(settings)
}

impl TransferArgs {
    /// The settings that the options describe, and the usual ones for the others.
    pub(super) fn settings(&self) -> Result<Settings, Failure> {
        let usual = Settings::default();
        let certificates = self
            .ca_file
            .as_ref()
            .map(|path| fs::read(path).map_err(|error| Failure::unreadable(path.display(), &error)));
        Ok(Settings {
            run_timeout: self.timeout,
            connect_timeout: self.connect_timeout.unwrap_or(usual.connect_timeout),
            read_timeout: self.read_timeout.unwrap_or(usual.read_timeout),
            retries: self.retries.unwrap_or(usual.retries),
            max_rate: self.max_rate,
            concurrency: self.concurrency.map_or(usual.concurrency, usize::from),
            root_certificates: certificates.transpose()?.into_iter().collect(),
            ..usual
        })
    }
}

/// Prints what happens to requests on standard error.
fn observer(verbose: bool, format: ErrorFormat) -> Observer {
    Observer::new(move |event| {
        let line = match event {
            Event::Answered { method, path, attempt, status, bytes, elapsed } if verbose => {
                let again = if *attempt > 1 { format!(", attempt {attempt}") } else { String::new() };
                format!("{method} {path} → {status}, {}, {} ms{again}", size(*bytes), elapsed.as_millis())
            }
            Event::Retrying { reason, wait } if verbose || *wait >= LONG_WAIT => {
                let reason = reason.to_string();
                let reason = reason.lines().next().unwrap_or_default();
                format!("{reason}; tries again in {:.1} s", wait.as_secs_f64())
            }
            Event::Hint(text) => (*text).to_owned(),
            _ => return,
        };
        remark::say(About::Note, &line, format);
    })
}

/// A number of bytes as a person reads it.
fn size(bytes: usize) -> String {
    match bytes {
        0..1_000 => format!("{bytes} bytes"),
        1_000..1_000_000 => format!("{} kB", bytes.div_ceil(1_000)),
        _ => format!("{:.1} MB", bytes as f64 / 1e6),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_written_for_people() {
        for (bytes, text) in
            [(0, "0 bytes"), (999, "999 bytes"), (1_000, "1 kB"), (41_200, "42 kB"), (3_000_000, "3.0 MB")]
        {
            assert_eq!(size(bytes), text);
        }
    }
}
