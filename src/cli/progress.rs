//! The bar that shows how far a long run is.

use std::future::Future;
use std::io::{self, IsTerminal as _, Write as _};
use std::pin::pin;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use indicatif::{HumanCount, ProgressBar, ProgressDrawTarget, ProgressStyle, TermLike};

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
    drawn: Option<ProgressBar>,
}

impl Bar {
    /// `most` is how many conversations the run reads at most, if that is known.
    pub(super) fn new(progress: Progress, most: Option<u64>, output: Output, context: &Context) -> Self {
        let wanted = io::stderr().is_terminal()
            && !context.quiet
            // What is said of each request would stand in its way.
            && !context.verbose
            && variable("TERM").is_none_or(|terminal| terminal != "dumb")
            // A table is printed when the bar is gone; what is printed as it comes must not share the screen with it.
            && (output == Output::Table || !may_share_the_screen());
        Self { progress, most: most.unwrap_or(u64::MAX), since: Instant::now(), wanted, drawn: None }
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

    /// Lets something else be printed on standard error.
    pub(super) fn aside(&self, print: impl FnOnce()) {
        match &self.drawn {
            Some(bar) => bar.suspend(print),
            None => print(),
        }
    }

    fn draw(&mut self) {
        let elapsed = self.since.elapsed();
        if elapsed < DELAY {
            return;
        }
        let read = self.progress.read();
        let total = self.progress.total().map(|total| total.min(self.most).max(read));
        let bar = self.drawn.get_or_insert_with(|| {
            let bar = ProgressBar::with_draw_target(Some(0), ProgressDrawTarget::term_like(Box::<Screen>::default()));
            // The template is a constant; were it wrong, indicatif's own bar would do.
            bar.set_style(
                ProgressStyle::with_template("{msg} {wide_bar}")
                    .unwrap_or_else(|_| ProgressStyle::default_bar())
                    .progress_chars("━╸ "),
            );
            bar
        });
        bar.set_length(total.unwrap_or_default());
        bar.set_position(if total.is_some() { read } else { 0 });
        // A line that wraps could not be cleared; the bar itself takes what is left.
        let room = width().saturating_sub(KEPT_FREE + 1);
        bar.set_message(message(read, total, elapsed).chars().take(room).collect::<String>());
        bar.tick();
    }
}

impl Drop for Bar {
    fn drop(&mut self) {
        if let Some(bar) = &self.drawn {
            bar.finish_and_clear();
        }
    }
}

/// Standard error but for its last columns. indicatif leaves the cursor at the end of the line; the terminal shows
/// Ctrl-C there, and at the very end that would break the line, so that the bar could not be cleared.
#[derive(Debug, Default)]
struct Screen(Mutex<String>);

/// How many columns `^C` takes, and the cursor.
const KEPT_FREE: usize = 4;

impl Screen {
    fn add(&self, text: &str) -> io::Result<()> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).push_str(text);
        Ok(())
    }
}

impl TermLike for Screen {
    fn width(&self) -> u16 {
        u16::try_from(width().saturating_sub(KEPT_FREE).max(1)).unwrap_or(u16::MAX)
    }

    fn move_cursor_up(&self, n: usize) -> io::Result<()> {
        if n > 0 { self.add(&format!("\u{1b}[{n}A")) } else { Ok(()) }
    }

    fn move_cursor_down(&self, n: usize) -> io::Result<()> {
        if n > 0 { self.add(&format!("\u{1b}[{n}B")) } else { Ok(()) }
    }

    fn move_cursor_right(&self, n: usize) -> io::Result<()> {
        if n > 0 { self.add(&format!("\u{1b}[{n}C")) } else { Ok(()) }
    }

    fn move_cursor_left(&self, n: usize) -> io::Result<()> {
        if n > 0 { self.add(&format!("\u{1b}[{n}D")) } else { Ok(()) }
    }

    fn write_line(&self, text: &str) -> io::Result<()> {
        self.add(text)?;
        self.add("\n")
    }

    fn write_str(&self, text: &str) -> io::Result<()> {
        self.add(text)
    }

    fn clear_line(&self) -> io::Result<()> {
        self.add("\r\u{1b}[2K")
    }

    fn flush(&self) -> io::Result<()> {
        let text = std::mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner));
        let mut stderr = io::stderr().lock();
        stderr.write_all(text.as_bytes())?;
        stderr.flush()
    }
}

/// Count, rate and how long it will take, from the mean rate so far.
fn message(read: u64, total: Option<u64>, elapsed: Duration) -> String {
    let Some(total) = total else { return format!("waiting for the server, {} s", elapsed.as_secs()) };
    let rate = read as f64 / elapsed.as_secs_f64();
    let left = match rate > 0.0 {
        true => format!(", {} left", duration((total.saturating_sub(read) as f64 / rate).ceil() as u64)),
        false => String::new(),
    };
    format!("{} of {} conversations, {rate:.0}/s{left}", HumanCount(read), HumanCount(total))
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
    }

    #[test]
    fn long_times_are_in_minutes_and_hours() {
        for (seconds, text) in [(0, "0 s"), (59, "59 s"), (60, "1 min 0 s"), (3599, "59 min 59 s"), (7320, "2 h 2 min")]
        {
            assert_eq!(duration(seconds), text);
        }
    }
}
