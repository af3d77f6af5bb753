//! Reading: blocks of whole lines, or of the conversations of a JSON document, from a file or standard input.

use std::fs::File;
use std::io::{self, BufReader, Read, Seek as _};
use std::path::Path;
use std::sync::mpsc::{Receiver, Sender, channel};

use memchr::{memchr, memchr_iter, memrchr};
use serde::de::IgnoredAny;

use super::super::Failure;
use super::super::args::is_dash;
use super::block::{Block, Problem};
use super::gzip::{GZIP, Unpacked};
use super::name_of;
use super::pieces::Pieces;
use crate::scan::{BadLine, Splitter, Taken};
use crate::source::BYTE_ORDER_MARK;

/// Forms that are not read here, by how they begin, which no JSON does, and what makes text of them.
const OTHER_FORMS: &[(&[u8], &str, &str)] = &[
    (&[0x28, 0xb5], "packed by zstd", "zstd -dc"),
    (&[0xfd, b'7'], "packed by xz", "xz -dc"),
    (b"BZ", "packed by bzip2", "bzip2 -dc"),
    (b"PK", "a zip archive", "unzip -p"),
    (&[0x04, 0x22], "packed by lz4", "lz4 -dc"),
    (&[0xff, 0xfe], "text in UTF-16", "iconv -f UTF-16 -t UTF-8"),
    (&[0xfe, 0xff], "text in UTF-16", "iconv -f UTF-16 -t UTF-8"),
];

/// How much is read at once: small enough for a processor's own cache.
pub(super) const BLOCK: usize = 256 * 1024;

/// How much is read at once of a small file: a page.
const SMALLEST: usize = 4096;

/// How long a line or a conversation may be; what bounds the memory.
pub(super) const LONGEST: usize = 4 << 20;

/// Longer lines and conversations are read one at a time.
pub(super) const LONG: usize = 2 * BLOCK;

/// The room for long texts: there is one, and whoever wants it waits until it is given back. Blocks come back in the
/// order of the input, so that the one that has it never waits for what is read after it.
struct Room {
    give: Sender<Vec<u8>>,
    given: Receiver<Vec<u8>>,
}

impl Room {
    fn new() -> Self {
        let (give, given) = channel();
        // The receiver is there.
        let _ = give.send(Vec::new());
        Self { give, given }
    }

    fn wait(&self) -> Long {
        // A sender is there.
        let bytes = self.given.recv().unwrap_or_default();
        Long { bytes, back: self.give.clone() }
    }
}

/// A long text in the room for them.
pub(super) struct Long {
    pub(super) bytes: Vec<u8>,
    back: Sender<Vec<u8>>,
}

impl Drop for Long {
    fn drop(&mut self) {
        self.bytes.clear();
        // The input may be done with.
        let _ = self.back.send(std::mem::take(&mut self.bytes));
    }
}

/// The input, read block by block.
pub(super) struct Input {
    source: Box<dyn Read + Send>,
    /// The file itself, if it is a large regular one of lines.
    regular: Option<File>,
    zipped: bool,
    /// How much is read at once.
    block: usize,
    /// Whether to hand on what is there rather than to wait for more.
    live: bool,
    /// Read, and not handed on.
    rest: Vec<u8>,
    splitter: Option<Splitter>,
    room: Room,
    /// What comes next belongs to a line that is too long.
    passing: bool,
    /// How many line ends of blank lines at the start were passed over.
    pub(super) blank_lines: u64,
    next: u64,
    ended: bool,
}

impl Input {
    /// Opens a file, or standard input for `-`.
    pub(super) fn open(path: &Path) -> Result<Self, Failure> {
        let unreadable = |error: io::Error| Failure::unreadable(name_of(path), &error);
        if is_dash(path) {
            return Self::new(Box::new(io::stdin()), BLOCK, true).map_err(unreadable);
        }
        let file = File::open(path).map_err(unreadable)?;
        let length = length_of(&file);
        // Of a small one no more is read than it has: the system clears each page of a buffer. A byte more, for the end
        // is where nothing can be read.
        let block = length.map_or(BLOCK, |length| length.saturating_add(1).clamp(SMALLEST, BLOCK));
        let regular = if length.is_some() && block == BLOCK { file.try_clone().ok() } else { None };
        let mut input = Self::new(Box::new(file), block, false).map_err(unreadable)?;
        input.regular = regular.filter(|_| !input.zipped && input.splitter.is_none());
        Ok(input)
    }

    fn new(mut source: Box<dyn Read + Send>, block: usize, live: bool) -> io::Result<Self> {
        let mut rest = Vec::new();
        // On a terminal the end is told once.
        let mut ended = false;
        while !ended && rest.len() < GZIP.len() {
            ended = !more(&mut source, block, &mut rest)?;
        }
        if let Some((_, form, tool)) = OTHER_FORMS.iter().find(|(start, ..)| rest.starts_with(start)) {
            let reason = format!("it is {form}\n  to read it: {tool} FILE | cwql --data - …");
            return Err(io::Error::new(io::ErrorKind::InvalidData, reason));
        }
        let zipped = rest.starts_with(&GZIP);
        let live = live && !zipped;
        let mut input = Self {
            source,
            regular: None,
            zipped,
            block,
            live,
            rest,
            splitter: None,
            room: Room::new(),
            passing: false,
            blank_lines: 0,
            next: 0,
            ended: ended && !zipped,
        };
        if zipped {
            let start = io::Cursor::new(std::mem::take(&mut input.rest));
            input.source = Box::new(Unpacked::new(BufReader::with_capacity(BLOCK / 4, start.chain(input.source))));
            // The file's length does not tell how much is in it.
            input.block = BLOCK;
        }
        let documents = loop {
            input.pass_blank_lines();
            if let Some(documents) = holds_documents(&input.rest, input.ended) {
                break documents;
            }
            input.ended = input.ended || !more(&mut input.source, input.block, &mut input.rest)?;
        };
        if input.rest.starts_with(BYTE_ORDER_MARK.as_bytes()) {
            input.rest.drain(..BYTE_ORDER_MARK.len());
        }
        input.splitter = documents.then(|| Splitter::new(LONGEST));
        Ok(input)
    }

    /// Leaves out the blank lines at the start: there may be any number of them.
    fn pass_blank_lines(&mut self) {
        let text = self.rest.strip_prefix(BYTE_ORDER_MARK.as_bytes()).unwrap_or(&self.rest);
        let blanks = text.get(..text.len() - text.trim_ascii_start().len()).unwrap_or_default();
        if let Some(last) = memrchr(b'\n', blanks) {
            self.blank_lines += memchr_iter(b'\n', blanks).count() as u64;
            self.rest.drain(..self.rest.len() - text.len() + last + 1);
        }
    }

    /// The same text as pieces, as long as nothing was handed on of it, if it is in a large regular file of lines.
    pub(super) fn pieces(&self) -> Option<Pieces> {
        // Both handles are at one place of the file.
        let mut file = self.regular.as_ref()?.try_clone().ok()?;
        let read = file.stream_position().ok()?;
        Some(Pieces::new(file, read.checked_sub(self.rest.len() as u64)?))
    }

    /// Whether all of it is thought to be a block.
    pub(super) fn is_small(&self) -> bool {
        self.block < BLOCK
    }

    /// Fills a block; `false` if there was nothing left.
    pub(super) fn fill(&mut self, block: &mut Block) -> bool {
        *block = std::mem::take(block).emptied();
        if self.ended && self.rest.is_empty() && self.next > 0 {
            return false;
        }
        block.number = self.next;
        self.next += 1;
        let result = match self.splitter.take() {
            None => self.lines(block),
            Some(mut splitter) => {
                let result = self.documents(&mut splitter, block);
                self.splitter = Some(splitter);
                result
            }
        };
        block.problem = result.err();
        if block.problem.is_some() {
            self.ended = true;
            self.rest.clear();
        }
        block.last = self.ended && self.rest.is_empty();
        true
    }

    /// Whole lines, the last of the input perhaps without its end.
    fn lines(&mut self, block: &mut Block) -> Result<(), Problem> {
        if self.passing {
            self.pass_line()?;
        }
        let least = self.block.max(self.rest.len());
        if block.bytes.len() < least {
            block.bytes.resize(least, 0);
        }
        if let Some(start) = block.bytes.get_mut(..self.rest.len()) {
            start.copy_from_slice(&self.rest);
        }
        let mut filled = self.rest.len();
        let mut end = memrchr(b'\n', &self.rest);
        self.rest.clear();
        loop {
            if self.ended {
                block.text = 0..filled;
                return Ok(());
            }
            if self.live && end.is_some() {
                break;
            }
            if filled == block.bytes.len() {
                if end.is_some() {
                    break;
                }
                if filled >= LONG {
                    return self.long_line(block);
                }
                block.bytes.resize((2 * filled).min(LONG), 0);
            }
            let free = block.bytes.get_mut(filled..).unwrap_or_default();
            let read = match self.source.read(free) {
                Ok(read) => read,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                Err(error) => {
                    // What is complete before it is not lost.
                    block.text = 0..end.map_or(0, |end| end + 1);
                    return Err(Problem::Io(error));
                }
            };
            end = memrchr(b'\n', free.get(..read).unwrap_or_default()).map(|at| filled + at).or(end);
            filled += read;
            self.ended = read == 0;
        }
        let end = end.map_or(0, |end| end + 1);
        self.rest.extend_from_slice(block.bytes.get(end..filled).unwrap_or_default());
        block.text = 0..end;
        Ok(())
    }

    /// The rest of a line that has filled a block.
    fn long_line(&mut self, block: &mut Block) -> Result<(), Problem> {
        let mut long = self.room.wait();
        let line = &mut long.bytes;
        line.extend_from_slice(&block.bytes);
        let mut length = line.len();
        while !self.ended && length <= LONGEST {
            self.ended = !more(&mut self.source, self.block, line).map_err(Problem::Io)?;
            let end = memchr(b'\n', line.get(length..).unwrap_or_default());
            length = end.map_or(line.len(), |end| length + end);
            if end.is_some() {
                self.rest.extend(line.drain(length + 1..));
                break;
            }
        }
        if length > LONGEST {
            self.passing = length == line.len() && !self.ended;
            block.too_long = Some(BadLine::new(crate::scan::too_long(LONGEST)));
            return Ok(());
        }
        block.long = Some(long);
        Ok(())
    }

    /// Passes over what is left of a line.
    fn pass_line(&mut self) -> Result<(), Problem> {
        while !self.ended {
            if let Some(end) = memchr(b'\n', &self.rest) {
                self.rest.drain(..=end);
                break;
            }
            self.rest.clear();
            self.ended = !more(&mut self.source, self.block, &mut self.rest).map_err(Problem::Io)?;
        }
        self.passing = false;
        Ok(())
    }

    /// Conversations of a document.
    fn documents(&mut self, splitter: &mut Splitter, block: &mut Block) -> Result<(), Problem> {
        let mut rows = Vec::new();
        block.bytes.clear();
        let result = loop {
            let mut keep = |line: u64, row: Taken<'_>| {
                let place = row.map(|row| {
                    if row.len() > LONG && block.long.is_none() {
                        let mut long = self.room.wait();
                        long.bytes.append(&mut block.bytes);
                        block.long = Some(long);
                    }
                    let bytes = block.long.as_mut().map_or(&mut block.bytes, |long| &mut long.bytes);
                    let from = bytes.len();
                    bytes.extend_from_slice(row);
                    from..bytes.len()
                });
                rows.push((place, line));
            };
            if let Err(bad) = splitter.feed(&self.rest, &mut keep) {
                break Err(Problem::Bad(bad));
            }
            self.rest.clear();
            if block.long.is_some() || block.bytes.len() >= BLOCK / 2 || self.live && !rows.is_empty() {
                break Ok(());
            }
            match more(&mut self.source, self.block, &mut self.rest) {
                Ok(true) => {}
                Ok(false) => {
                    self.ended = true;
                    break splitter.end().map_err(Problem::Bad);
                }
                Err(error) => break Err(Problem::Io(error)),
            }
        };
        block.text = 0..block.bytes.len();
        block.rows = Some(rows);
        result
    }
}

/// How long a regular file is, in bytes. Where the system makes a file's text when it is read, it has no length.
fn length_of(file: &File) -> Option<usize> {
    let length = file.metadata().ok().filter(|file| file.is_file()).map(|file| file.len());
    length.filter(|length| *length > 0).and_then(|length| usize::try_from(length).ok())
}

/// Reads a piece more, of a quarter of a large block; `false` at the end.
fn more(source: &mut dyn Read, block: usize, into: &mut Vec<u8>) -> io::Result<bool> {
    let old = into.len();
    into.resize(old + block.min(BLOCK / 4), 0);
    let read = loop {
        match source.read(into.get_mut(old..).unwrap_or_default()) {
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            read => break read,
        }
    };
    into.truncate(old + *read.as_ref().unwrap_or(&0));
    read.map(|read| read > 0)
}

/// Whether the input is one JSON text, or several, over any number of lines; otherwise each line is one. `None` if
/// its start does not tell.
fn holds_documents(start: &[u8], ended: bool) -> Option<bool> {
    let text = start.strip_prefix(BYTE_ORDER_MARK.as_bytes()).unwrap_or(start);
    let mut lines = Lines { rest: text, ended }.filter(|line| !line.is_empty());
    let mut whole = || match lines.next() {
        Some(line) => Ok(line.first() == Some(&b'{') && serde_json::from_slice::<IgnoredAny>(line).is_ok()),
        None => Err((ended || text.len() >= BLOCK).then_some(())),
    };
    match text.trim_ascii_start().first() {
        // A line of blanks may be too long as any other.
        None => return (ended || text.len() >= BLOCK).then_some(false),
        Some(b'[') => return Some(true),
        Some(b'{') => {}
        Some(_) => return Some(false),
    }
    match whole() {
        Ok(true) => Some(false),
        // A line that is cut off, or the first of an object over several.
        Ok(false) if cut_off(text) => match whole() {
            Ok(next_is_whole) => Some(!next_is_whole),
            Err(known) => known.map(|()| true),
        },
        Ok(false) => Some(false),
        // Whole answers are long lines, and so are long conversations.
        Err(known) => known.map(|()| ended || Splitter::has_list(text)),
    }
}

/// Whether the first line that is not blank is the beginning of JSON.
fn cut_off(text: &[u8]) -> bool {
    let text = text.trim_ascii_start();
    let line = text.get(..memchr(b'\n', text).unwrap_or(text.len())).unwrap_or_default();
    serde_json::from_slice::<IgnoredAny>(line).is_err_and(|error| error.is_eof())
}

/// The complete lines of a text, without blanks at their ends.
struct Lines<'a> {
    rest: &'a [u8],
    /// Whether the last line is complete without its end.
    ended: bool,
}

impl<'a> Iterator for Lines<'a> {
    type Item = &'a [u8];

    fn next(&mut self) -> Option<&'a [u8]> {
        let end = match memchr(b'\n', self.rest) {
            Some(end) => end,
            None if self.ended && !self.rest.is_empty() => self.rest.len(),
            None => return None,
        };
        let line = self.rest.get(..end)?;
        self.rest = self.rest.get(end + 1..).unwrap_or_default();
        Some(line.trim_ascii())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blank_lines_at_the_start_are_not_kept() {
        let blank = io::repeat(b'\n').take(64 << 20);
        let input = Input::new(Box::new(blank.chain(&b"{\"id\":1}\n"[..])), BLOCK, false).unwrap();
        assert_eq!((input.blank_lines, input.splitter.is_none()), (64 << 20, true));
        assert!(input.rest.capacity() <= 2 * BLOCK, "{}", input.rest.capacity());
    }

    #[test]
    fn a_first_line_of_any_length_is_a_line() {
        for length in [BLOCK - 1, BLOCK, BLOCK + 1, 2 * BLOCK, LONGEST - 20] {
            let line = format!("{{\"id\":1,\"text\":\"{}\"}}\n", "x".repeat(length - 20));
            for (text, documents) in [
                (format!("{line}{{\"id\":2,}}\n"), false),
                (line.replace(',', ",,"), false),
                (line.replacen(',', ",\n", 1), true),
                (line.replacen("1,", "1\n,", 1), true),
                (format!("[{line}]"), true),
            ] {
                let input = Input::new(Box::new(io::Cursor::new(text)), BLOCK, false).unwrap();
                assert_eq!(input.splitter.is_some(), documents, "{length}");
                assert!(input.rest.capacity() <= 2 * LONGEST, "{}", input.rest.capacity());
            }
        }
        let endless = io::repeat(b' ').take(64 << 20);
        let input = Input::new(Box::new(b"{".chain(endless)), BLOCK, false).unwrap();
        assert!(input.rest.capacity() <= 2 * LONGEST, "{}", input.rest.capacity());
    }

    #[test]
    fn the_start_tells_lines_from_documents() {
        let cases = [
            ("", false),
            ("\n\n", false),
            ("{\"id\":1}\n{\"id\":2}\n", false),
            ("{\"id\":1}", false),
            ("\u{feff}{\"id\":1}\r\n", false),
            ("{\"payload\":[{\"id\":1}]}\n", false),
            ("not json\n", false),
            ("{\"id\":1,}\n{\"id\":2}\n", false),
            ("{\"id\":1,\n{\"id\":2}\n", false),
            ("{\"id\":1,", true),
            ("{\n  \"id\": 1\n}\n", true),
            ("{\"payload\": [\n{\"id\": 1},\n{\"id\": 2}\n]}", true),
            ("[{\"id\":1}]\n", true),
            ("\n [\n", true),
        ];
        for (text, documents) in cases {
            assert_eq!(holds_documents(text.as_bytes(), true), Some(documents), "{text:?}");
        }
        for unknown in ["", " ", "{\"id\":1", "{\"id\":1,\n", "{\n  \"id\": "] {
            assert_eq!(holds_documents(unknown.as_bytes(), false), None, "{unknown:?}");
        }
    }
}
