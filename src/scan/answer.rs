//! An answer of the API in one pass: where its conversations stand, and what each is known by.
//!
//! Each function takes what is left of the text, and gives back what is left behind what it read.

use super::walk::{self, Check, Malformed, Rest, blanks, key};

/// Passes one value, word by word.
#[inline]
fn value(rest: &[u8], depth: u32) -> Rest<'_> {
    walk::value(rest, depth, Check::Everything)
}

/// What an answer holds, as it is written.
#[derive(Debug, Default)]
pub(crate) struct Answer<'a> {
    /// The counts.
    pub(crate) meta: Option<&'a str>,
    /// The conversations, if there is a list of them.
    pub(crate) rows: Option<Vec<Row<'a>>>,
}

/// A conversation.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Row<'a> {
    /// Its JSON object.
    pub(crate) text: &'a str,
    /// The value of its `id`.
    pub(crate) id: Option<&'a str>,
    /// The value of its `last_activity_at`.
    pub(crate) last_activity_at: Option<&'a str>,
}

impl<'a> Answer<'a> {
    /// Reads an answer as servers write it, checked in full but for the ranges of numbers; `None` if it is not JSON, or
    /// if anything is unusual: names with escapes, members twice, nesting as deep as none has. Whoever asks reads it
    /// then in another way, which has the words for what is wrong.
    pub(crate) fn read(body: &'a [u8]) -> Option<Self> {
        let text = Text(std::str::from_utf8(body).ok()?);
        let (mut answer, mut inner) = (Self::default(), None);
        let rest = text.answer(blanks(body), 1, &mut answer, Some(&mut inner)).ok()?;
        // The published description puts all of it in `data`.
        blanks(rest).is_empty().then(|| inner.unwrap_or(answer))
    }
}

/// The whole text, from whose end places are counted.
#[derive(Clone, Copy)]
struct Text<'a>(&'a str);

impl<'a> Text<'a> {
    /// Reads an object at `depth` as an answer. Only an outer one has one in its `data`.
    fn answer(
        self,
        rest: &'a [u8],
        depth: u32,
        into: &mut Answer<'a>,
        mut data: Option<&mut Option<Answer<'a>>>,
    ) -> Rest<'a> {
        each_member(rest, |name, at_value| match name {
            b"data" => {
                let mut inner = Answer::default();
                let behind = self.answer(at_value, depth + 1, &mut inner, None)?;
                once(data.as_deref_mut().ok_or(Malformed)?, inner)?;
                Ok(behind)
            }
            b"meta" => {
                let behind = value(at_value, depth)?;
                once(&mut into.meta, self.between(at_value, behind)?)?;
                Ok(behind)
            }
            b"payload" => {
                let mut rows = Vec::new();
                let behind = self.rows(at_value, depth + 1, &mut rows)?;
                once(&mut into.rows, rows)?;
                Ok(behind)
            }
            _ => value(at_value, depth),
        })
    }

    /// Reads an array at `depth` as conversations.
    fn rows(self, rest: &'a [u8], depth: u32, into: &mut Vec<Row<'a>>) -> Rest<'a> {
        let [b'[', rest @ ..] = rest else { return Err(Malformed) };
        let mut rest = blanks(rest);
        if let [b']', rest @ ..] = rest {
            return Ok(rest);
        }
        loop {
            let behind = self.row(rest, depth + 1, into)?;
            rest = match blanks(behind) {
                [b',', rest @ ..] => blanks(rest),
                [b']', rest @ ..] => return Ok(rest),
                _ => return Err(Malformed),
            };
        }
    }

    /// Reads an object at `depth` as a conversation.
    fn row(self, rest: &'a [u8], depth: u32, into: &mut Vec<Row<'a>>) -> Rest<'a> {
        let (mut id, mut last_activity_at) = (None, None);
        let behind = each_member(rest, |name, at_value| {
            let behind = value(at_value, depth)?;
            // Of members with one name the last counts.
            match name {
                b"id" => id = Some(self.between(at_value, behind)?),
                b"last_activity_at" => last_activity_at = Some(self.between(at_value, behind)?),
                _ => {}
            }
            Ok(behind)
        })?;
        into.push(Row { text: self.between(rest, behind)?, id, last_activity_at });
        Ok(behind)
    }

    /// The text from one place to another.
    fn between(self, from: &[u8], to: &[u8]) -> Result<&'a str, Malformed> {
        let place = |rest: &[u8]| self.0.len().checked_sub(rest.len());
        place(from).zip(place(to)).and_then(|(from, to)| self.0.get(from..to)).ok_or(Malformed)
    }
}

/// Reads the object that stands here; `read` is told of each member's name, and passes its value. Names with escapes are
/// refused.
#[inline]
fn each_member<'a>(rest: &'a [u8], mut read: impl FnMut(&'a [u8], &'a [u8]) -> Rest<'a>) -> Rest<'a> {
    let [b'{', rest @ ..] = rest else { return Err(Malformed) };
    let mut rest = blanks(rest);
    if let [b'}', rest @ ..] = rest {
        return Ok(rest);
    }
    loop {
        let (name, at_value) = key(rest)?;
        if name.escaped {
            return Err(Malformed);
        }
        rest = match blanks(read(name.bytes, at_value)?) {
            [b',', rest @ ..] => blanks(rest),
            [b'}', rest @ ..] => return Ok(rest),
            _ => return Err(Malformed),
        };
    }
}

/// A member that stands once.
fn once<T>(place: &mut Option<T>, value: T) -> Result<(), Malformed> {
    if place.replace(value).is_some() { Err(Malformed) } else { Ok(()) }
}
