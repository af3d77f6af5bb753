//! Evaluating: threads take turns to read a block, and ask the filter of its lines side by side.

use std::ops::Range;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex};
use std::thread;

use memchr::memchr_iter;
use tokio::runtime::Runtime;
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};

use super::super::Failure;
use super::super::signals::{Signal, Signals};
use super::input::{Block, Input, LONGEST};
use crate::scan::{BadLine, Found, Reader, Scan, Splitter, Taken};

/// More threads would wait for each other's reading.
const MOST_THREADS: usize = 4;

/// What was found in a block, in its order.
pub(super) enum Event {
    /// A conversation that the filter means.
    Match {
        text: Text,
        id: Option<i64>,
        /// How many line ends stand before it: in the block, or in documents mode in the input.
        line: u64,
    },
    /// A line that cannot be read.
    Bad(BadLine),
}

/// Where a conversation's text is.
pub(super) enum Text {
    InBlock(Range<usize>),
    Own(Box<[u8]>),
}

/// A block and what was found in it.
pub(super) struct Done {
    pub(super) block: Block,
    pub(super) events: Vec<Event>,
    /// How many lines it has.
    pub(super) lines: u64,
}

impl Done {
    pub(super) fn text<'a>(&'a self, text: &'a Text) -> &'a [u8] {
        match text {
            Text::InBlock(range) => self.block.bytes().get(range.clone()).unwrap_or_default(),
            Text::Own(bytes) => bytes,
        }
    }
}

/// The blocks of an input, evaluated: each with its number, in no order.
pub(super) enum Work {
    /// A small one, when it is asked for: to start a thread takes longer.
    Here { input: Box<Input>, scan: Box<Scan>, spare: Block },
    Threads {
        done: UnboundedReceiver<Done>,
        /// Where blocks go to be filled again. As long as none comes back, none is read.
        spare: Sender<Block>,
        signals: Signals,
        /// What waits for a block and for a signal.
        runtime: Runtime,
    },
}

impl Work {
    /// The next block that is ready, unless a signal comes; `None` behind the last, or if a thread has panicked.
    pub(super) fn next(&mut self) -> Result<Option<Done>, Signal> {
        match self {
            Self::Here { input, scan, spare } => {
                let mut block = std::mem::take(spare);
                Ok(input.fill(&mut block).then(|| evaluate(block, &mut scan.reader())))
            }
            Self::Threads { done, signals, runtime, .. } => runtime.block_on(signals.or(done.recv())),
        }
    }

    /// Takes back a block that is done with.
    pub(super) fn take_back(&mut self, block: Block) {
        match self {
            Self::Here { spare, .. } => *spare = block.emptied(),
            // The threads may be done with reading.
            Self::Threads { spare, .. } => drop(spare.send(block.emptied())),
        }
    }
}

struct Shared {
    /// Whoever reads holds the blocks that can be filled, so that the blocks are numbered in the order of the input.
    input: Mutex<(Input, Receiver<Block>)>,
    scan: Scan,
}

/// Starts the threads. They end with the input, or when the receiver is gone. From here on a signal ends the reading in
/// good order; a small input is read before one could come.
pub(super) fn start(input: Input, scan: Scan) -> Result<Work, Failure> {
    if input.is_small() {
        return Ok(Work::Here { input: Box::new(input), scan: Box::new(scan), spare: Block::default() });
    }
    let signals = Signals::listen()?;
    let runtime = tokio::runtime::Builder::new_current_thread().build()?;
    let threads = thread::available_parallelism().map_or(1, usize::from).min(MOST_THREADS);
    let (spare, to_fill) = channel();
    // Each thread works on one; one waits to be read into, and one to be printed.
    for _ in 0..threads + 2 {
        // The receiver is there.
        let _ = spare.send(Block::default());
    }
    let shared = Arc::new(Shared { input: Mutex::new((input, to_fill)), scan });
    let (sender, done) = unbounded_channel();
    for _ in 0..threads {
        let (shared, sender) = (Arc::clone(&shared), sender.clone());
        // They are not waited for: one may read standard input when nobody wants more of it.
        thread::spawn(move || work(&shared, &sender));
    }
    Ok(Work::Threads { done, spare, signals, runtime })
}

fn work(shared: &Shared, done: &UnboundedSender<Done>) {
    let mut reader = shared.scan.reader();
    loop {
        let block = {
            // Another thread's panic ends this one too; the main thread misses the last block.
            let Ok(mut guard) = shared.input.lock() else { return };
            let (input, spare) = &mut *guard;
            let Ok(mut block) = spare.recv() else { return };
            if !input.fill(&mut block) {
                return;
            }
            block
        };
        if done.send(evaluate(block, &mut reader)).is_err() {
            return;
        }
    }
}

fn evaluate(mut block: Block, reader: &mut Reader<'_>) -> Done {
    let mut events = Vec::new();
    let mut lines = 0;
    match block.rows.take() {
        Some(rows) => {
            for (place, line) in rows {
                match place {
                    Ok(range) => row(block.bytes(), range, line, reader, &mut events),
                    Err(bad) => events.push(Event::Bad(BadLine { lines: line, ..bad })),
                }
            }
        }
        None => {
            let bytes = block.bytes();
            let mut from = 0;
            for end in memchr_iter(b'\n', bytes) {
                row(bytes, from..end, lines, reader, &mut events);
                from = end + 1;
                lines += 1;
            }
            if from < bytes.len() {
                row(bytes, from..bytes.len(), lines, reader, &mut events);
            }
            if let Some(bad) = block.too_long.take() {
                events.push(Event::Bad(BadLine { lines, ..bad }));
                lines += 1;
            }
        }
    }
    Done { block, events, lines }
}

fn row(bytes: &[u8], range: Range<usize>, line: u64, reader: &mut Reader<'_>, events: &mut Vec<Event>) {
    let text = bytes.get(range.clone()).unwrap_or_default();
    match reader.read(text) {
        Ok(Found::Nothing) => {}
        Ok(Found::Match { id }) => events.push(Event::Match { text: Text::InBlock(range), id, line }),
        Ok(Found::List) => list(text, line, reader, events),
        Err(bad) => events.push(Event::Bad(BadLine { lines: line + bad.lines, ..bad })),
    }
}

/// The conversations of a line that holds several.
fn list(text: &[u8], line: u64, reader: &mut Reader<'_>, events: &mut Vec<Event>) {
    let mut splitter = Splitter::new(LONGEST);
    let mut keep = |_: u64, text: Taken<'_>| {
        let (text, found) = match text.and_then(|text| Ok((text, reader.read(text)?))) {
            Ok(found) => found,
            Err(bad) => return events.push(Event::Bad(BadLine { lines: line, ..bad })),
        };
        match found {
            Found::Nothing => {}
            Found::Match { id } => events.push(Event::Match { text: Text::Own(text.into()), id, line }),
            Found::List => events.push(Event::Bad(BadLine { lines: line, ..BadLine::new("a list within a list") })),
        }
    };
    if let Err(bad) = splitter.feed(text, &mut keep).and_then(|()| splitter.end()) {
        events.push(Event::Bad(BadLine { lines: line, ..bad }));
    }
}
