//! How the server is asked: the settings of the client, and what `--verbose` shows of its requests.

use std::fs;
use std::io::{self, Write as _};
use std::time::Duration;

use super::Failure;
use super::args::{GlobalArgs, ServerArgs, TransferArgs};
use crate::client::{Event, Observer, Settings};

/// A longer wait is announced even without `--verbose`: a program that stands still says why.
const LONG_WAIT: Duration = Duration::from_secs(2);

/// The settings that the options describe.
pub(super) fn settings(args: &ServerArgs, global: &GlobalArgs) -> Result<Settings, Failure> {
    let observer = (!global.quiet).then(|| observer(global.verbose));
    Ok(Settings { insecure_http: args.insecure_http, observer, ..args.transfer.settings()? })
}

impl TransferArgs {
    /// The settings that the options describe, and the usual ones for the others.
    pub(super) fn settings(&self) -> Result<Settings, Failure> {
        let usual = Settings::default();
        let certificates = self.ca_file.as_ref().map(|path| {
            fs::read(path).map_err(|error| Failure::Usage(format!("{} cannot be read: {error}", path.display())))
        });
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
fn observer(verbose: bool) -> Observer {
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
        // Nothing can be done if it cannot be printed.
        let _ = writeln!(io::stderr(), "cwql: {line}");
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
