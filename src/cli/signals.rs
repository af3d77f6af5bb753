//! Ctrl-C, SIGTERM and SIGHUP: the first ends a command in good order, the second at once.

use std::future::Future;
#[cfg(unix)]
use std::io::{self, IsTerminal as _};
use std::sync::mpsc::sync_channel;
use std::sync::{Mutex, OnceLock, PoisonError};
use std::time::{Duration, Instant};

use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};

use super::run::runtime;
use super::{Exit, Failure};

/// What asked the program to end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Signal {
    /// Ctrl-C.
    Interrupt,
    /// SIGTERM, as `kill` and service managers send it.
    #[cfg(unix)]
    Terminate,
    /// SIGHUP, as it comes when the terminal is closed.
    #[cfg(unix)]
    HangUp,
}

impl Signal {
    /// The exit code that shells give to a program ended by the signal.
    pub(super) fn exit(self) -> Exit {
        match self {
            Self::Interrupt => Exit::Interrupted,
            #[cfg(unix)]
            Self::Terminate => Exit::Terminated,
            #[cfg(unix)]
            Self::HangUp => Exit::HungUp,
        }
    }

    /// What happened, as a person reads it.
    pub(super) fn as_str(self) -> &'static str {
        match self {
            Self::Interrupt => "interrupted",
            #[cfg(unix)]
            Self::Terminate => "terminated",
            #[cfg(unix)]
            Self::HangUp => "hung up",
        }
    }
}

/// Who is told of the next signal.
static LISTENER: Mutex<Option<UnboundedSender<Signal>>> = Mutex::new(None);

/// Whether signals are heard, or why not.
static HEARD: OnceLock<Result<(), String>> = OnceLock::new();

/// Listens until it is dropped; from then on the first signal ends the program at once.
pub(super) struct Signals(UnboundedReceiver<Signal>);

impl Signals {
    /// Listens in a thread of its own, so that a second signal is heard even while output blocks.
    pub(super) fn listen() -> Result<Self, Failure> {
        HEARD.get_or_init(hear).clone().map_err(Failure::Io)?;
        let (tell, told) = unbounded_channel();
        *LISTENER.lock().unwrap_or_else(PoisonError::into_inner) = Some(tell);
        Ok(Self(told))
    }

    /// Does the work, unless a signal comes before it is done.
    pub(super) async fn or<T>(&mut self, work: impl Future<Output = T>) -> Result<T, Signal> {
        tokio::select! {
            biased;
            Some(signal) = self.0.recv() => Err(signal),
            done = work => Ok(done),
        }
    }
}

/// Signals that come together are one: `timeout` sends its signal to the program, and then to the program's group.
const TOGETHER: Duration = Duration::from_millis(100);

/// Starts the thread that hears signals, as long as the program runs.
fn hear() -> Result<(), String> {
    let failed = |error: std::io::Error| error.to_string();
    let (listening, ready) = sync_channel(1);
    let runtime = runtime().map_err(|failure| failure.to_string())?;
    let hearing = async move {
        match Heard::new() {
            Ok(heard) => {
                let _ = listening.send(Ok(()));
                pass_on(heard).await;
            }
            Err(error) => drop(listening.send(Err(failed(error)))),
        }
    };
    std::thread::Builder::new().name("signals".to_owned()).spawn(move || runtime.block_on(hearing)).map_err(failed)?;
    // Without the thread signals end the program as they always do.
    ready.recv().unwrap_or(Ok(()))
}

/// Passes a signal on to who listens, and each only one; ends the program at one that nobody takes.
async fn pass_on(mut heard: Heard) {
    let mut passed: Option<Instant> = None;
    loop {
        let signal = heard.next().await;
        if passed.is_some_and(|at| at.elapsed() < TOGETHER) {
            continue;
        }
        let listener = LISTENER.lock().unwrap_or_else(PoisonError::into_inner).take();
        if listener.is_none_or(|listener| listener.send(signal).is_err()) {
            std::process::exit((signal.exit() as u8).into());
        }
        passed = Some(Instant::now());
    }
}

/// What the system tells.
#[cfg(unix)]
struct Heard {
    interrupt: tokio::signal::unix::Signal,
    terminate: tokio::signal::unix::Signal,
    /// None where it is ignored, as `nohup` has it: to listen would undo that.
    hang_up: Option<tokio::signal::unix::Signal>,
}

#[cfg(unix)]
impl Heard {
    fn new() -> std::io::Result<Self> {
        use tokio::signal::unix::{SignalKind, signal};
        let hang_up = if ignores_hang_up() { None } else { Some(signal(SignalKind::hangup())?) };
        Ok(Self { interrupt: signal(SignalKind::interrupt())?, terminate: signal(SignalKind::terminate())?, hang_up })
    }

    async fn next(&mut self) -> Signal {
        let hung_up = async {
            match &mut self.hang_up {
                Some(hang_up) => hang_up.recv().await,
                None => std::future::pending().await,
            }
        };
        tokio::select! {
            _ = self.interrupt.recv() => Signal::Interrupt,
            _ = self.terminate.recv() => Signal::Terminate,
            _ = hung_up => Signal::HangUp,
        }
    }
}

/// Whether who started the program had it ignore SIGHUP. Where the system does not tell, it is taken to be so where no
/// stream is the terminal's: `nohup` takes them all off it.
#[cfg(unix)]
fn ignores_hang_up() -> bool {
    let told = std::fs::read_to_string("/proc/self/status").ok().and_then(|status| {
        let mask = status.lines().find_map(|line| line.strip_prefix("SigIgn:"))?;
        u64::from_str_radix(mask.trim(), 16).ok()
    });
    // Its number is 1, which is the lowest bit.
    told.map_or_else(
        || !(io::stdin().is_terminal() || io::stdout().is_terminal() || io::stderr().is_terminal()),
        |mask| mask & 1 != 0,
    )
}

/// What the system tells.
#[cfg(not(unix))]
struct Heard;

#[cfg(not(unix))]
impl Heard {
    fn new() -> std::io::Result<Self> {
        Ok(Self)
    }

    async fn next(&mut self) -> Signal {
        let _ = tokio::signal::ctrl_c().await;
        Signal::Interrupt
    }
}
