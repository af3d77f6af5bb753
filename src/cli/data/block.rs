//! A part of the input: whole lines, or conversations of a JSON document.

use std::io;
use std::ops::Range;

use super::input::Long;
use crate::scan::BadLine;

/// The places of conversations, or what is wrong with them, and how many line ends stand before each in the whole input.
pub(super) type Rows = Vec<(Result<Range<usize>, BadLine>, u64)>;

/// A part of the input.
#[derive(Default)]
pub(super) struct Block {
    /// Its place among the others.
    pub(super) number: u64,
    /// The room for the text. In lines mode longer than what is there, so that it need not be cleared each time.
    pub(super) bytes: Vec<u8>,
    /// Where the text begins and ends in its room.
    pub(super) text: Range<usize>,
    /// What is there instead, if it is long.
    pub(super) long: Option<Long>,
    /// In documents mode: where the conversations are.
    pub(super) rows: Option<Rows>,
    /// In lines mode: behind what is there stands a line that is too long.
    pub(super) too_long: Option<BadLine>,
    /// Of a piece: where in the file the line begins that stands behind what is there, if it is too long for a piece.
    pub(super) long_at: Option<u64>,
    /// Why the input cannot be read on.
    pub(super) problem: Option<Problem>,
    /// Nothing follows.
    pub(super) last: bool,
}

/// Why reading ends.
pub(super) enum Problem {
    /// What is there cannot be read as lines or JSON; the lines are counted from the block's first, or in documents
    /// mode from the first of all.
    Bad(BadLine),
    /// The system says so.
    Io(io::Error),
}

impl Block {
    pub(super) fn bytes(&self) -> &[u8] {
        match &self.long {
            Some(long) => &long.bytes,
            None => self.bytes.get(self.text.clone()).unwrap_or_default(),
        }
    }

    /// How long the text is, whether its room is still there or not.
    pub(super) fn length(&self) -> usize {
        self.long.as_ref().map_or(self.text.len(), |long| long.bytes.len())
    }

    /// A block with room for as much, and nothing in it; the long text goes back to the input.
    pub(super) fn emptied(self) -> Self {
        Self { bytes: self.bytes, ..Self::default() }
    }
}
