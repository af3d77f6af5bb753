//! Evaluating: threads read blocks, of a stream in turns, and ask the filter of their lines side by side.

use std::ops::Range;
use std::sync::mpsc::{Receiver, Sender, TryRecvError, channel};
use std::sync::{Arc, Mutex};
use std::thread;

use memchr::memchr_iter;
use tokio::runtime::Runtime;
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};

use super::super::Failure;
use super::super::signals::{Signal, Signals};
use super::block::Block;
use super::input::{Input, LONGEST};
use super::pieces::Pieces;
use crate::scan::{BadLine, Found, LineFilter, Reader, Splitter, Taken};

/// More threads would wait for each other's reading, or for the memory.
const MOST_THREADS: usize = 4;

/// How many blocks a thread has: it reads into one while what was found in the other is printed.
const ROOMS: usize = 2;

/// So many blocks of a thread may wait to be printed, those included of which only what was found is kept.
const AHEAD: usize = 16;

/// So many are told of at once, as long as the thread has a block to go on with: to wake the thread that prints takes a
/// tenth of the time that a block takes.
const TOLD_AT_ONCE: usize = 8;

/// A text that is longer is not looked at as a whole, in bytes.
pub(super) const SHORT: usize = 1 << 14;

/// What was found in a block, in its order.
pub(super) enum Event {
    /// A conversation that the filter means.
    Match {
        text: Text,
        id: Option<i64>,
        /// How many line ends stand before it: in the block, or in documents mode in the input.
        line: u64,
    },
    /// The first line that cannot be read.
    Bad(BadLine),
    /// So many others, where they are left out.
    MoreBad(u64),
}

/// What was found so far in a block.
#[derive(Default)]
struct Findings {
    events: Vec<Event>,
    has_bad: bool,
}

impl Findings {
    /// There may be one at every second byte, so that no more is kept of them than is told.
    fn bad(&mut self, bad: BadLine) {
        match self.events.last_mut() {
            _ if !std::mem::replace(&mut self.has_bad, true) => self.events.push(Event::Bad(bad)),
            Some(Event::MoreBad(count)) => *count += 1,
            _ => self.events.push(Event::MoreBad(1)),
        }
    }
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
    /// Which thread it comes from, and goes back to; none from the one that prints.
    thread: Option<usize>,
    /// Whether the thread has kept the block's room.
    kept: bool,
}

impl Done {
    /// Takes the room away, if little is kept of it, for the thread to fill it again: its processor has it at hand.
    fn take_room(&mut self, wanted: Wanted) -> Option<Vec<u8>> {
        if wanted.ids_alone {
            for event in &mut self.events {
                if let Event::Match { text, id: Some(_), .. } = event {
                    *text = Text::InBlock(0..0);
                }
            }
        }
        let kept = |event: &Event| match event {
            Event::Match { text: Text::InBlock(range), .. } => range.len(),
            Event::Match { text: Text::Own(bytes), .. } => bytes.len(),
            Event::Bad(_) | Event::MoreBad(_) => 0,
        };
        let kept: usize = self.events.iter().map(|event| size_of::<Event>() + kept(event)).sum();
        let length = self.block.length();
        if self.block.problem.is_some() || length <= SHORT || kept > length / 8 {
            return None;
        }
        let bytes = self.block.bytes();
        for event in &mut self.events {
            if let Event::Match { text, .. } = event
                && let Text::InBlock(range) = text
            {
                *text = Text::Own(bytes.get(range.clone()).unwrap_or_default().into());
            }
        }
        self.kept = true;
        Some(std::mem::take(&mut self.block.bytes))
    }

    pub(super) fn text<'a>(&'a self, text: &'a Text) -> &'a [u8] {
        match text {
            Text::InBlock(range) => self.block.bytes().get(range.clone()).unwrap_or_default(),
            Text::Own(bytes) => bytes,
        }
    }
}

/// What comes back to a thread when what it found in a block was printed: the room, if it has handed it on.
type Back = Option<Vec<u8>>;

/// The blocks of an input, evaluated: each with its number, in no order.
pub(super) enum Work {
    /// A small one, when it is asked for: to start a thread takes longer.
    Here { input: Box<Input>, filter: Box<LineFilter>, wanted: Wanted, spare: Block },
    Threads {
        done: UnboundedReceiver<Vec<Done>>,
        /// To each thread. As long as nothing comes back, nothing is read.
        back: Vec<Sender<Back>>,
        /// For a line that is too long for a block.
        long: Vec<u8>,
        shared: Arc<Shared>,
        signals: Signals,
        /// What waits for a block and for a signal.
        runtime: Runtime,
    },
}

impl Work {
    /// The next blocks that are ready, unless a signal comes; `None` behind the last, or if a thread has panicked.
    pub(super) fn next(&mut self) -> Result<Option<Vec<Done>>, Signal> {
        match self {
            Self::Here { input, filter, wanted, spare } => {
                let mut block = std::mem::take(spare);
                Ok(input.fill(&mut block).then(|| vec![evaluate(block, &mut filter.reader(), *wanted)]))
            }
            Self::Threads { done, signals, runtime, .. } => {
                let ready = runtime.block_on(signals.or(done.recv()))?;
                Ok(ready.filter(|ready| !ready.is_empty()))
            }
        }
    }

    /// The line behind a block that is too long for one: read when it comes to be printed, so that there is one at a
    /// time.
    pub(super) fn behind(&mut self, block: &Block) -> Option<Done> {
        let Self::Threads { shared, long, .. } = self else { return None };
        let Source::Pieces(pieces) = &shared.source else { return None };
        let line = pieces.long_line(block.long_at?, std::mem::take(long));
        Some(evaluate(line, &mut shared.filter.reader(), shared.wanted))
    }

    /// Whether [`Work::next`] waits.
    pub(super) fn is_waiting(&self) -> bool {
        match self {
            Self::Here { .. } => false,
            Self::Threads { done, .. } => done.is_empty(),
        }
    }

    /// Takes back a block that is done with.
    pub(super) fn take_back(&mut self, done: Done) {
        let Block { bytes, .. } = done.block;
        match self {
            Self::Here { spare, .. } => spare.bytes = bytes,
            Self::Threads { back, long, .. } => match done.thread.and_then(|thread| back.get(thread)) {
                // The thread may be done with reading.
                Some(back) => drop(back.send((!done.kept).then_some(bytes))),
                None => *long = bytes,
            },
        }
    }
}

/// What threads read.
enum Source {
    /// One after the other: blocks are numbered in the order of the input.
    Stream(Box<Mutex<Input>>),
    /// Side by side.
    Pieces(Pieces),
}

impl Source {
    /// Fills a block; `false` if there was nothing left.
    fn fill(&self, block: &mut Block) -> bool {
        match self {
            // Another thread's panic ends this one too; the main thread misses the last block.
            Self::Stream(input) => input.lock().is_ok_and(|mut input| input.fill(block)),
            Self::Pieces(pieces) => {
                pieces.fill(block);
                true
            }
        }
    }

    /// So many blocks are told of at once. To read on in a stream may take any time.
    fn told_at_once(&self) -> usize {
        match self {
            Self::Stream(_) => 1,
            Self::Pieces(_) => TOLD_AT_ONCE,
        }
    }
}

/// What is wanted of what is found.
#[derive(Clone, Copy)]
pub(super) struct Wanted {
    /// Of a conversation with an id no more than that.
    pub(super) ids_alone: bool,
    /// What stands behind a malformed line too.
    pub(super) skip_bad: bool,
}

pub(super) struct Shared {
    source: Source,
    filter: LineFilter,
    wanted: Wanted,
}

/// Starts the threads. They end with the input, or when the receiver is gone. From here on a signal ends the reading in
/// good order; a small input is read before one could come.
pub(super) fn start(input: Input, filter: LineFilter, wanted: Wanted) -> Result<Work, Failure> {
    if input.is_small() {
        return Ok(Work::Here { input: Box::new(input), filter: Box::new(filter), wanted, spare: Block::default() });
    }
    let signals = Signals::listen()?;
    let runtime = tokio::runtime::Builder::new_current_thread().build()?;
    let threads = thread::available_parallelism().map_or(1, usize::from).min(MOST_THREADS);
    let source = match input.pieces() {
        Some(pieces) => Source::Pieces(pieces),
        None => Source::Stream(Box::new(Mutex::new(input))),
    };
    let shared = Arc::new(Shared { source, filter, wanted });
    let (sender, done) = unbounded_channel();
    let mut back = Vec::with_capacity(threads);
    for number in 0..threads {
        let (returns, returned) = channel();
        back.push(returns);
        let (shared, told) = (Arc::clone(&shared), sender.clone());
        // They are not waited for: one may read standard input when nobody wants more of it.
        thread::spawn(move || {
            let rooms = vec![Vec::new(); ROOMS];
            // Where it ends early, whoever prints is gone.
            let _ = Thread { number, rooms, ahead: 0, ready: Vec::new(), told, returned }.work(&shared);
        });
    }
    Ok(Work::Threads { done, back, long: Vec::new(), shared, signals, runtime })
}

/// A thread that evaluates.
struct Thread {
    number: usize,
    /// Those that can be filled.
    rooms: Vec<Vec<u8>>,
    /// How many blocks were not printed yet.
    ahead: usize,
    /// What was found, and not told yet.
    ready: Vec<Done>,
    told: UnboundedSender<Vec<Done>>,
    returned: Receiver<Back>,
}

/// Nobody wants more of it.
struct Unwanted;

impl Thread {
    fn work(mut self, shared: &Shared) -> Result<(), Unwanted> {
        let mut reader = shared.filter.reader();
        let mut last = false;
        while !last {
            // Before its number: a block that waits for room keeps nobody waiting for what is read into it.
            let mut block = Block { bytes: self.room()?, ..Block::default() };
            if !shared.source.fill(&mut block) {
                break;
            }
            last = block.last;
            let mut done = evaluate(block, &mut reader, shared.wanted);
            done.thread = Some(self.number);
            let room = done.take_room(shared.wanted);
            let told = room.is_none() || self.ready.len() + 1 >= shared.source.told_at_once();
            self.rooms.extend(room);
            self.ready.push(done);
            self.ahead += 1;
            if told {
                self.tell()?;
            }
        }
        self.tell()
    }

    /// Room for a block, when there is some.
    fn room(&mut self) -> Result<Vec<u8>, Unwanted> {
        loop {
            if self.ahead < AHEAD
                && let Some(room) = self.rooms.pop()
            {
                return Ok(room);
            }
            let back = match self.returned.try_recv() {
                Ok(back) => back,
                Err(TryRecvError::Disconnected) => return Err(Unwanted),
                Err(TryRecvError::Empty) => {
                    // It may be this that is waited for.
                    self.tell()?;
                    self.returned.recv().map_err(|_| Unwanted)?
                }
            };
            self.ahead -= 1;
            self.rooms.extend(back);
        }
    }

    fn tell(&mut self) -> Result<(), Unwanted> {
        let ready = std::mem::take(&mut self.ready);
        if ready.is_empty() { Ok(()) } else { self.told.send(ready).map_err(|_| Unwanted) }
    }
}

impl Drop for Thread {
    fn drop(&mut self) {
        // The others would wait for its block to be printed.
        if thread::panicking() {
            let _ = self.told.send(Vec::new());
        }
    }
}

fn evaluate(mut block: Block, reader: &mut Reader<'_>, wanted: Wanted) -> Done {
    let mut found = Findings::default();
    let mut lines = 0;
    let ends = |found: &Findings| found.has_bad && !wanted.skip_bad;
    match block.rows.take() {
        Some(rows) => {
            for (place, line) in rows {
                match place {
                    Ok(range) => row(block.bytes(), range, line, reader, &mut found),
                    Err(bad) => found.bad(BadLine { lines: line, ..bad }),
                }
                if ends(&found) {
                    break;
                }
            }
        }
        None => {
            let bytes = block.bytes();
            let mut from = 0;
            for end in memchr_iter(b'\n', bytes) {
                row(bytes, from..end, lines, reader, &mut found);
                from = end + 1;
                lines += 1;
                if ends(&found) {
                    break;
                }
            }
            if from < bytes.len() && !ends(&found) {
                row(bytes, from..bytes.len(), lines, reader, &mut found);
            }
            if let Some(bad) = block.too_long.take() {
                found.bad(BadLine { lines, ..bad });
                lines += 1;
            }
        }
    }
    Done { block, events: found.events, lines, thread: None, kept: false }
}

fn row(bytes: &[u8], range: Range<usize>, line: u64, reader: &mut Reader<'_>, found: &mut Findings) {
    let text = bytes.get(range.clone()).unwrap_or_default();
    match reader.read(text) {
        Ok(Found::Nothing) => {}
        Ok(Found::Match { id }) => found.events.push(Event::Match { text: Text::InBlock(range), id, line }),
        Ok(Found::List) => list(text, line, reader, found),
        Err(bad) => found.bad(BadLine { lines: line + bad.lines, ..bad }),
    }
}

/// The conversations of a line that holds several.
fn list(text: &[u8], line: u64, reader: &mut Reader<'_>, found: &mut Findings) {
    let mut splitter = Splitter::new(LONGEST);
    let mut keep = |_: u64, text: Taken<'_>| match text.and_then(|text| Ok((text, reader.read(text)?))) {
        Ok((_, Found::Nothing)) => {}
        Ok((text, Found::Match { id })) => {
            found.events.push(Event::Match { text: Text::Own(text.into()), id, line });
        }
        Ok((_, Found::List)) => found.bad(BadLine { lines: line, ..BadLine::new("a list within a list") }),
        Err(bad) => found.bad(BadLine { lines: line, ..bad }),
    };
    if let Err(bad) = splitter.feed(text, &mut keep).and_then(|()| splitter.end()) {
        found.bad(BadLine { lines: line, ..bad });
    }
}
