//! The bar that shows how far a long run is.

use std::future::Future;
use std::io::{self, IsTerminal as _, Write as _};
use std::pin::pin;
use std::time::{Duration, Instant};

use super::args::{Output, variable};
use super::context::{Context, width};
use crate::client::Progress;

/// A run that is done before this shows nothing.
const DELAY: Duration = Duration::from_millis(500);

/// How often it is drawn.
const TICK: Duration = Duration::from_millis(100);

/// A bar on standard error while a run waits for the server; gone when it is dropped.
pub(super) struct Bar {
    progress: Progress,
    /// How many conversations are read at most.
    most: u64,
    since: Instant,
    wanted: bool,
    /// Whether what is printed on standard output may appear on the same screen.
    shares: bool,
    drawn: bool,
}

impl Bar {
    /// `most` is how many conversations the run reads at most, if that is known.
    pub(super) fn new(progress: Progress, most: Option<u64>, output: Output, context: &Context) -> Self {
        let shares = may_share_the_screen();
        let wanted = io::stderr().is_terminal()
            && !context.quiet
            // What is said of each request would stand in its way.
            && !context.verbose
            && variable("TERM").is_ok_and(|terminal| terminal.as_deref() != Some("dumb"))
            // What is printed as it comes must not share the screen with it; the first rows of a table come late.
            && (output == Output::Table || !shares);
        Self { progress, most: most.unwrap_or(u64::MAX), since: Instant::now(), wanted, shares, drawn: false }
    }

    /// None, where nobody can tell how far the run is.
    pub(super) fn hidden() -> Self {
        let progress = Progress::default();
        Self { progress, most: u64::MAX, since: Instant::now(), wanted: false, shares: false, drawn: false }
    }

    /// Does the work, and shows meanwhile how far the run is.
    pub(super) async fn during<T>(&mut self, work: impl Future<Output = T>) -> T {
        if !self.wanted {
            return work.await;
        }
        let mut work = pin!(work);
        let mut tick = tokio::time::interval(TICK);
        loop {
            tokio::select! {
                biased;
                done = &mut work => return done,
                _ = tick.tick() => self.draw(),
            }
        }
    }

    /// Ends the bar, if what is printed now may appear on its screen.
    pub(super) fn make_way(&mut self) {
        if self.wanted && self.shares {
            self.clear();
            self.wanted = false;
        }
    }

    /// Lets something else be printed on standard error, where the bar stood until it is drawn again.
    pub(super) fn aside(&mut self, print: impl FnOnce()) {
        self.clear();
        print();
    }

    fn draw(&mut self) {
        let elapsed = self.since.elapsed();
        if elapsed < DELAY {
            return;
        }
        let read = self.progress.read();
        let total = self.progress.total().map(|total| total.min(self.most).max(read));
        self.drawn = true;
        let columns = width().saturating_sub(KEPT_FREE);
        show(&match self.progress.is_checking() {
            true => checking(read, columns),
            false => line(read, total, elapsed, columns),
        });
    }

    fn clear(&mut self) {
        if std::mem::take(&mut self.drawn) {
            show("");
        }
    }
}

impl Drop for Bar {
    fn drop(&mut self) {
        self.clear();
    }
}

/// How many columns at the line's end stay free: the cursor is left there, and the terminal shows `^C` where it
/// stands. At the very end that would break the line, and a line that is broken could not be cleared.
const KEPT_FREE: usize = 4;

/// Writes a line of standard error in the place of what is there.
fn show(line: &str) {
    let mut stderr = io::stderr().lock();
    // Nothing can be done if it cannot be shown.
    let _ = write!(stderr, "\r\x1b[2K{line}").and_then(|()| stderr.flush());
}

/// What is said once all is read: of the requests that are left nobody knows how many there are.
fn checking(read: u64, columns: usize) -> String {
    format!("{} conversations read, checking that none moved", grouped(read)).chars().take(columns).collect()
}

/// The message, and the bar in what it leaves of some columns.
fn line(read: u64, total: Option<u64>, elapsed: Duration, columns: usize) -> String {
    let mut line: String = message(read, total, elapsed).chars().take(columns).collect();
    let room = columns.saturating_sub(line.chars().count() + 1);
    let Some(total) = total.filter(|total| *total > 0 && room > 0) else { return line };
    let full = (room as u128 * u128::from(read) / u128::from(total)) as usize;
    line.push(' ');
    line.extend(std::iter::repeat_n('━', full));
    if read > 0 && full < room {
        line.push('╸');
    }
    line
}

/// Count, rate and how long it will take, from the mean rate so far.
fn message(read: u64, total: Option<u64>, elapsed: Duration) -> String {
    let rate = read as f64 / elapsed.as_secs_f64();
    let Some(total) = total else {
        return match read {
            0 => format!("waiting for the server, {} s", elapsed.as_secs()),
            _ => format!("{} conversations, {rate:.0}/s", grouped(read)),
        };
    };
    let left = match rate > 0.0 {
        true => format!(", {} left", duration((total.saturating_sub(read) as f64 / rate).ceil() as u64)),
        false => String::new(),
    };
    format!("{} of {} conversations, {rate:.0}/s{left}", grouped(read), grouped(total))
}

/// A number with its thousands apart.
fn grouped(number: u64) -> String {
    match number {
        0..1000 => number.to_string(),
        _ => format!("{},{:03}", grouped(number / 1000), number % 1000),
    }
}

fn duration(seconds: u64) -> String {
    match (seconds / 3600, seconds / 60 % 60, seconds % 60) {
        (0, 0, seconds) => format!("{seconds} s"),
        (0, minutes, seconds) => format!("{minutes} min {seconds} s"),
        (hours, minutes, _) => format!("{hours} h {minutes} min"),
    }
}

/// Whether what is printed on standard output may appear on the screen that the bar is drawn on: there directly, or
/// by a program at the other end of a pipe.
fn may_share_the_screen() -> bool {
    io::stdout().is_terminal() || is_pipe()
}

#[cfg(unix)]
fn is_pipe() -> bool {
    use std::os::fd::AsFd as _;
    use std::os::unix::fs::FileTypeExt as _;
    let file = io::stdout().as_fd().try_clone_to_owned().map(std::fs::File::from);
    let kind = file.and_then(|file| file.metadata()).map(|metadata| metadata.file_type());
    kind.is_ok_and(|kind| kind.is_fifo() || kind.is_socket())
}

#[cfg(not(unix))]
fn is_pipe() -> bool {
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_message_has_count_rate_and_time_left() {
        let ten = Duration::from_secs(10);
        assert_eq!(message(2500, Some(10_000), ten), "2,500 of 10,000 conversations, 250/s, 30 s left");
        assert_eq!(message(0, Some(60), ten), "0 of 60 conversations, 0/s");
        assert_eq!(message(60, Some(60), ten), "60 of 60 conversations, 6/s, 0 s left");
        assert_eq!(message(0, None, ten), "waiting for the server, 10 s");
        assert_eq!(message(2500, None, ten), "2,500 conversations, 250/s");
    }

    #[test]
    fn numbers_are_grouped_by_thousands() {
        for (number, text) in [(999, "999"), (1000, "1,000"), (1_020_003, "1,020,003")] {
            assert_eq!(grouped(number), text);
        }
        assert_eq!(grouped(u64::MAX), "18,446,744,073,709,551,615");
    }

    #[test]
    fn the_bar_takes_what_the_message_leaves() {
        let ten = Duration::from_secs(10);
        let message = "30 of 60 conversations, 3/s, 10 s left";
        assert_eq!(line(30, Some(60), ten, 49), format!("{message} ━━━━━╸"));
        assert_eq!(line(30, Some(60), ten, 39), message);
        assert_eq!(line(30, Some(60), ten, 5), "30 of");
        assert_eq!(line(60, Some(60), ten, 44), "60 of 60 conversations, 6/s, 0 s left ━━━━━━");
        assert_eq!(line(0, Some(60), ten, 40), "0 of 60 conversations, 0/s ");
        assert_eq!(line(0, None, ten, 60), "waiting for the server, 10 s");
        for columns in 0..80 {
            assert!(line(30, Some(61), ten, columns).chars().count() <= columns, "{columns}");
        }
    }

    /// Nothing is left to read then, and yet requests are sent.
    #[test]
    fn at_the_end_it_is_said_what_is_still_done() {
        assert_eq!(checking(10_000, 80), "10,000 conversations read, checking that none moved");
        assert_eq!(checking(10_000, 6), "10,000");
    }

    #[test]
    fn long_times_are_in_minutes_and_hours() {
        for (seconds, text) in [(0, "0 s"), (59, "59 s"), (60, "1 min 0 s"), (3599, "59 min 59 s"), (7320, "2 h 2 min")]
        {
            assert_eq!(duration(seconds), text);
        }
    }
}
