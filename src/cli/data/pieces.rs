//! A regular file of lines: its pieces are read side by side, each by the thread that looks at it.

use std::fs::File;
use std::io;
use std::ops::Range;
use std::sync::atomic::{AtomicU64, Ordering};

use memchr::{memchr, memrchr};

use super::block::{Block, Problem};
use super::input::{BLOCK, LONG, LONGEST};
use crate::scan::{BadLine, too_long};

/// How much is read with a piece of what stands behind it: few lines are longer, so that its last one is whole.
const TAIL: usize = 4096;

/// How much is read on at once where one is.
const MORE: usize = 64 * 1024;

/// Text is read to a place that lies in its line of the cache as it does in the file: where it lies some bytes further
/// on (an allocation of this size begins 16 bytes into a page), some processors copy a third as fast, as they take what
/// was just written for what is read next.
const CACHE_LINE: usize = 64;

/// A file's text from some place on, in pieces of [`BLOCK`] bytes. To a piece belong the lines that stand behind the
/// first line end in it, the last one up to the first line end in a later piece. So each line belongs to one piece,
/// whichever is read first.
pub(super) struct Pieces {
    file: File,
    /// Where the text begins.
    start: u64,
    /// The first piece that nobody has asked for.
    next: AtomicU64,
}

impl Pieces {
    pub(super) fn new(file: File, start: u64) -> Self {
        Self { file, start, next: AtomicU64::new(0) }
    }

    /// Fills a block with the lines of the next piece. There may be none: in the middle of a long line, and behind the
    /// last one, where every further piece says that it is the last.
    pub(super) fn fill(&self, block: &mut Block) {
        *block = std::mem::take(block).emptied();
        block.number = self.next.fetch_add(1, Ordering::Relaxed);
        let from = self.start.saturating_add(block.number.saturating_mul(BLOCK as u64));
        let mut piece = Reading::new(&self.file, from, &mut block.bytes);
        let mut failed = piece.fill(BLOCK + TAIL).err();
        let own = piece.text(0).get(..BLOCK).unwrap_or(piece.text(0));
        let begin = if block.number == 0 { Some(0) } else { memchr(b'\n', own).map(|end| end + 1) };
        let Some(begin) = begin else {
            block.last = piece.ended && piece.filled <= BLOCK;
            block.problem = failed.map(Problem::Io);
            return;
        };
        // It may begin where the next piece does.
        let last_line = memrchr(b'\n', own).map_or(0, |end| end + 1);
        let mut looked = BLOCK;
        let end = loop {
            if let Some(end) = memchr(b'\n', piece.text(looked)) {
                break looked + end + 1;
            }
            looked = piece.filled.max(BLOCK);
            if piece.ended {
                break piece.filled;
            }
            if let Some(error) = failed {
                // What is complete before it is not lost.
                block.problem = Some(Problem::Io(error));
                break last_line;
            }
            if piece.filled >= LONG {
                block.long_at = Some(from + last_line as u64);
                break last_line;
            }
            failed = piece.fill(LONG.min(piece.filled + MORE)).err();
        };
        block.last = piece.ended && end == piece.filled;
        block.text = piece.place(begin..end);
    }

    /// Reads a line that is too long for a piece, into a room for it.
    pub(super) fn long_line(&self, at: u64, room: Vec<u8>) -> Block {
        let mut block = Block { bytes: room, ..Block::default() };
        let mut line = Reading::new(&self.file, at, &mut block.bytes);
        let mut looked = 0;
        let end = loop {
            let failed = line.fill((2 * looked).clamp(2 * LONG, LONGEST + 1)).err();
            if let Some(end) = memchr(b'\n', line.text(looked)) {
                break looked + end + 1;
            }
            looked = line.filled;
            if let Some(error) = failed {
                block.problem = Some(Problem::Io(error));
                break 0;
            }
            if line.ended {
                break looked;
            }
            if looked > LONGEST {
                block.too_long = Some(BadLine::new(too_long(LONGEST)));
                break 0;
            }
        };
        block.text = line.place(0..end);
        block
    }
}

/// What is being read of a file.
struct Reading<'a> {
    file: &'a File,
    /// Where it begins.
    from: u64,
    bytes: &'a mut Vec<u8>,
    /// How many bytes of the room are left free before it; see [`CACHE_LINE`].
    free: usize,
    filled: usize,
    /// Nothing follows.
    ended: bool,
}

impl<'a> Reading<'a> {
    fn new(file: &'a File, from: u64, bytes: &'a mut Vec<u8>) -> Self {
        // Before the room's place is asked for: to grow it may move it.
        if bytes.len() < CACHE_LINE + BLOCK + TAIL {
            bytes.resize(CACHE_LINE + BLOCK + TAIL, 0);
        }
        let in_file = usize::try_from(from % CACHE_LINE as u64).unwrap_or(0);
        let free = (bytes.as_ptr().align_offset(CACHE_LINE) % CACHE_LINE + in_file) % CACHE_LINE;
        Self { file, from, bytes, free, filled: 0, ended: false }
    }

    /// Reads on until so much is there, or the file ends.
    fn fill(&mut self, wanted: usize) -> io::Result<()> {
        if self.bytes.len() < self.free + wanted {
            self.bytes.resize(self.free + wanted, 0);
        }
        while self.filled < wanted && !self.ended {
            let free = self.bytes.get_mut(self.free + self.filled..self.free + wanted).unwrap_or_default();
            match read_at(self.file, free, self.from.saturating_add(self.filled as u64)) {
                Ok(read) => {
                    self.ended = read == 0;
                    self.filled += read;
                }
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
        Ok(())
    }

    /// What was read from a place on.
    fn text(&self, from: usize) -> &[u8] {
        self.bytes.get(self.place(from..self.filled)).unwrap_or_default()
    }

    /// Where in the room a part of it is.
    fn place(&self, part: Range<usize>) -> Range<usize> {
        self.free + part.start..self.free + part.end
    }
}

#[cfg(unix)]
fn read_at(file: &File, into: &mut [u8], at: u64) -> io::Result<usize> {
    std::os::unix::fs::FileExt::read_at(file, into, at)
}

#[cfg(windows)]
fn read_at(file: &File, into: &mut [u8], at: u64) -> io::Result<usize> {
    std::os::windows::fs::FileExt::seek_read(file, into, at)
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    /// A file that is gone when it is closed.
    fn file(text: &[u8]) -> File {
        static FILES: AtomicU64 = AtomicU64::new(0);
        let number = FILES.fetch_add(1, Ordering::Relaxed);
        let path = std::env::temp_dir().join(format!("cwql-pieces-{}-{number}", std::process::id()));
        fs::write(&path, text).unwrap();
        let file = File::open(&path).unwrap();
        fs::remove_file(path).unwrap();
        file
    }

    /// All lines, as the pieces tell them one after the other; a line that is too long is left out.
    fn lines(text: &[u8], start: u64) -> Vec<u8> {
        let pieces = Pieces::new(file(text), start);
        let (mut all, mut block) = (Vec::new(), Block::default());
        for number in 0.. {
            pieces.fill(&mut block);
            assert_eq!(block.number, number);
            assert!(block.problem.is_none() && block.bytes.len() <= CACHE_LINE + LONG);
            all.extend_from_slice(block.bytes());
            if block.last {
                break;
            }
            assert!(matches!(block.bytes().last(), None | Some(b'\n')));
            if let Some(at) = block.long_at {
                let line = pieces.long_line(at, Vec::new());
                assert!(line.problem.is_none() && line.bytes().len() <= LONGEST + 1);
                assert_eq!(line.too_long.is_some(), line.bytes().is_empty());
                all.extend_from_slice(line.bytes());
            }
        }
        // Whoever asks on is told the same.
        pieces.fill(&mut block);
        assert!(block.last && block.bytes().is_empty());
        all
    }

    #[test]
    fn pieces_hold_each_line_once() {
        // Line ends in every place beside the ends of pieces, and of what is read with them and behind.
        let edges = [1, 2, BLOCK - 1, BLOCK, BLOCK + 1, BLOCK + TAIL - 1, BLOCK + TAIL, BLOCK + TAIL + 1];
        let further = [2 * BLOCK - 1, 2 * BLOCK, LONG + 1, LONG + BLOCK, LONG + 2 * BLOCK + 1, LONGEST, LONGEST + 1];
        let lengths: Vec<usize> = edges.into_iter().chain(further).collect();
        let mut compared = 0;
        for &first in &lengths {
            for second in [1, 1800, BLOCK - 2, BLOCK, LONG, LONGEST + 2] {
                for (count, closed) in [(1, true), (3, false)] {
                    let line = |length: usize, letter: u8| [vec![letter; length - 1], vec![b'\n']].concat();
                    let mut text = b"start".to_vec();
                    let mut expected = Vec::new();
                    for part in [line(first, b'a'), line(second, b'b').repeat(count), line(9, b'c')] {
                        text.extend_from_slice(&part);
                        for line in part.split_inclusive(|byte| *byte == b'\n').filter(|line| line.len() <= LONGEST + 1)
                        {
                            expected.extend_from_slice(line);
                        }
                    }
                    if !closed {
                        text.pop();
                        expected.pop();
                    }
                    assert!(lines(&text, 5) == expected, "{first} {count} x {second}, {closed}");
                    compared += 1;
                }
            }
        }
        assert_eq!(compared, 15 * 6 * 2);
        for length in [0, 1, BLOCK - 1, BLOCK, BLOCK + 1, 2 * BLOCK] {
            let blank = vec![b'\n'; length];
            assert!(lines(&blank, 0) == blank, "{length}");
        }
    }
    #[test]
    fn text_lies_in_its_line_of_the_cache_as_it_does_in_the_file() {
        let file = file(&b"0123456789".repeat(BLOCK));
        for from in [0, 1, 3, 31, 63, 64, 100, BLOCK as u64] {
            for room in [Vec::new(), vec![0; 7], vec![0; LONG]] {
                let mut bytes = room;
                let mut reading = Reading::new(&file, from, &mut bytes);
                reading.fill(BLOCK + TAIL).unwrap();
                let text = reading.text(0);
                assert_eq!((text.as_ptr().addr() as u64).wrapping_sub(from) % CACHE_LINE as u64, 0, "{from}");
                assert_eq!((text[0], text.len()), (b'0' + (from % 10) as u8, BLOCK + TAIL), "{from}");
            }
        }
    }
}
