//! Conversations in JSON that is not one object a line: arrays, answers of the API, and objects over several lines.

use super::BadLine;
use super::bytes::behind_plain;

/// How deep objects and arrays may nest around a conversation and in it.
const DEPTH: usize = 128;

/// Names that matter, in both spellings, are short.
const LONGEST_KEY: usize = 64;

/// Takes conversations out of JSON texts that come in pieces.
///
/// Conversations are the objects of an array, of the `payload` of an answer (`{"payload": […]}`) or of its `data`
/// (`{"data": {"payload": […]}}`), and objects on their own. Each is handed on as it is written, unchecked but for
/// its brackets; a [`Reader`](super::Reader) checks it. Of what stands around them the brackets are checked, and the
/// commas between conversations. One that is too long is not kept, and those behind it are found all the same.
///
/// ```
/// let mut found = Vec::new();
/// let mut splitter = cwql::scan::Splitter::new(1 << 20);
/// let mut keep = |line: u64, row: cwql::scan::Taken<'_>| found.push((line, row.map(<[u8]>::to_vec)));
/// splitter.feed(b"{\"meta\": {},\n \"payload\": [{\"id\":", &mut keep)?;
/// splitter.feed(b" 1}]}", &mut keep)?;
/// splitter.end()?;
/// assert_eq!(found, [(1, Ok(b"{\"id\": 1}".to_vec()))]);
/// # Ok::<(), cwql::scan::BadLine>(())
/// ```
#[derive(Debug)]
pub struct Splitter {
    levels: Vec<Level>,
    string: Option<Quoted>,
    /// The raw text of the last string at a place where names matter.
    key: Vec<u8>,
    row: Vec<u8>,
    /// The conversation that is being read is too long, and not kept.
    too_long: bool,
    /// At which level the conversation that is being read stands, and the line of its brace.
    reading: Option<(usize, u64)>,
    line: u64,
    longest: usize,
}

/// The text of a conversation, or that it is too long.
pub type Taken<'a> = Result<&'a [u8], BadLine>;

/// Where in a string the text stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Quoted {
    Inside,
    /// Behind a backslash.
    Escape,
}

/// An object or array that is open.
#[derive(Clone, Copy, Debug)]
struct Level {
    object: bool,
    /// The name of the member that is being read.
    name: Name,
    /// Its objects are conversations.
    list: bool,
    /// What stood last in it, if they are.
    last: Last,
}

/// What stands before a place in a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Last {
    Bracket,
    Conversation,
    Comma,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Name {
    Payload,
    Data,
    Other,
}

impl Splitter {
    /// For conversations of at most `longest` bytes.
    #[must_use]
    pub fn new(longest: usize) -> Self {
        Self {
            levels: Vec::new(),
            string: None,
            key: Vec::new(),
            row: Vec::new(),
            too_long: false,
            reading: None,
            line: 0,
            longest,
        }
    }

    /// Reads a piece, and calls `found` with each conversation that ends in it: how many line ends stand before it
    /// since the first piece, and its text, or that it is too long.
    ///
    /// # Errors
    /// The brackets do not match, or something else stands where a conversation is expected. Nothing can be read after
    /// that.
    pub fn feed(&mut self, bytes: &[u8], found: &mut dyn FnMut(u64, Taken<'_>)) -> Result<(), BadLine> {
        let mut at = 0;
        // Where the part of the conversation begins that is not in `row` yet.
        let mut from = 0;
        while let Some(&byte) = bytes.get(at) {
            if let Some(string) = self.string {
                at = self.in_string(string, bytes, at);
                continue;
            }
            match byte {
                b'"' if !self.at_place() => {
                    self.string = Some(Quoted::Inside);
                    self.key.clear();
                }
                b'{' | b'[' => from = if self.open(byte == b'{')? { at } else { from },
                b'}' | b']' => {
                    self.close(byte == b'}')?;
                    if let Some((level, line)) = self.reading
                        && level == self.levels.len()
                    {
                        self.keep(bytes.get(from..=at));
                        let row = if self.too_long {
                            Err(BadLine::new(too_long(self.longest)))
                        } else {
                            Ok(self.row.as_slice())
                        };
                        found(line, row);
                        self.forget();
                        if let Some(list) = self.levels.last_mut() {
                            list.last = Last::Conversation;
                        }
                    }
                }
                b':' => {
                    let name = self.name();
                    if let Some(level) = self.levels.last_mut() {
                        level.name = name;
                    }
                }
                b'\n' => self.line += 1,
                b' ' | b'\t' | b'\r' => {}
                b',' if !self.levels.is_empty() => self.comma()?,
                _ if self.at_place() => {
                    return Err(self.bad("a conversation, a JSON object, is expected"));
                }
                _ => {}
            }
            at += 1;
        }
        if self.reading.is_some() {
            self.keep(bytes.get(from..));
        }
        Ok(())
    }

    /// Whether the pieces so far end between two texts.
    ///
    /// # Errors
    /// They do not.
    pub fn end(&self) -> Result<(), BadLine> {
        if self.levels.is_empty() && self.string.is_none() {
            Ok(())
        } else {
            Err(self.bad("the text ends within an object or an array"))
        }
    }

    fn bad(&self, message: &str) -> BadLine {
        BadLine { lines: self.line, ..BadLine::new(message) }
    }

    /// Passes the next part of a string; where it ends is returned.
    fn in_string(&mut self, string: Quoted, bytes: &[u8], at: usize) -> usize {
        let end = match string {
            Quoted::Escape => at,
            Quoted::Inside => bytes.len() - behind_plain(bytes.get(at..).unwrap_or_default()).len(),
        };
        // At these levels the names of the lists stand.
        if self.levels.len() <= 2 && self.key.len() <= LONGEST_KEY {
            self.key.extend_from_slice(bytes.get(at..(end + 1).min(bytes.len())).unwrap_or_default());
        }
        self.string = match (bytes.get(end), string) {
            (None, _) => return end,
            (Some(_), Quoted::Escape) => Some(Quoted::Inside),
            (Some(b'"'), _) => None,
            (Some(b'\\'), _) => Some(Quoted::Escape),
            (Some(_), _) => Some(Quoted::Inside),
        };
        // A bare line end in a string is an error, which the reader finds.
        self.line += u64::from(bytes.get(end) == Some(&b'\n'));
        end + 1
    }

    /// Opens an object or array; whether a conversation begins.
    fn open(&mut self, object: bool) -> Result<bool, BadLine> {
        if self.levels.len() >= DEPTH {
            return Err(self.bad("objects and arrays nest too deep"));
        }
        let conversations = !object && self.is_list();
        if conversations {
            // What was taken for a conversation is an answer.
            self.forget();
        }
        let place = self.at_place();
        if place && !object && !self.levels.is_empty() {
            return Err(self.bad("a conversation, a JSON object, is expected"));
        }
        if self.levels.last().is_some_and(|level| level.list && level.last == Last::Conversation) {
            return Err(self.bad("a comma is missing between two conversations"));
        }
        let begins = object && place && self.reading.is_none();
        if begins {
            self.reading = Some((self.levels.len(), self.line));
        }
        self.levels.push(Level { object, name: Name::Other, list: conversations, last: Last::Bracket });
        Ok(begins)
    }

    /// Whether a conversation is what stands here.
    fn at_place(&self) -> bool {
        self.levels.last().is_none_or(|level| level.list)
    }

    /// Whether an array that opens here holds conversations.
    fn is_list(&self) -> bool {
        let within = |level: &Level, name: Name| level.object && level.name == name;
        match self.levels.as_slice() {
            [] => true,
            [outer] => within(outer, Name::Payload),
            [outer, inner] => within(outer, Name::Data) && within(inner, Name::Payload),
            _ => false,
        }
    }

    fn comma(&mut self) -> Result<(), BadLine> {
        match self.levels.last_mut() {
            Some(level) if !level.list => Ok(()),
            Some(level) if level.last == Last::Conversation => {
                level.last = Last::Comma;
                Ok(())
            }
            _ => Err(self.bad("a conversation, a JSON object, is expected before the comma")),
        }
    }

    fn close(&mut self, object: bool) -> Result<(), BadLine> {
        match self.levels.pop() {
            Some(Level { object: false, list: true, last: Last::Comma, .. }) if !object => {
                Err(self.bad("a conversation, a JSON object, is expected behind the comma"))
            }
            Some(level) if level.object == object => Ok(()),
            _ => Err(self.bad(&format!("`{}` closes nothing", if object { '}' } else { ']' }))),
        }
    }

    fn name(&self) -> Name {
        if self.levels.len() > 2 {
            return Name::Other;
        }
        // It ends with its quote.
        let name: Option<String> = serde_json::from_slice(&[b"\"", self.key.as_slice()].concat()).ok();
        match name.as_deref() {
            Some("payload") => Name::Payload,
            Some("data") => Name::Data,
            _ => Name::Other,
        }
    }

    fn keep(&mut self, bytes: Option<&[u8]>) {
        let bytes = bytes.unwrap_or_default();
        self.too_long |= self.row.len() + bytes.len() > self.longest;
        if !self.too_long {
            self.row.extend_from_slice(bytes);
        }
    }

    /// Gives up what is kept of a conversation.
    fn forget(&mut self) {
        self.reading = None;
        self.too_long = false;
        self.row.clear();
    }

    /// Whether the start of a text is of a document: several conversations, or a list in which they may stand.
    #[cfg(feature = "cli")]
    pub(crate) fn has_list(start: &[u8]) -> bool {
        let mut splitter = Self::new(0);
        let mut found = 0;
        let fed = splitter.feed(start, &mut |_, _| found += 1);
        fed.is_ok() && (found > 1 || splitter.levels.iter().any(|level| level.list))
    }
}

/// What is said of a conversation that is too long.
pub(crate) fn too_long(longest: usize) -> String {
    format!("a conversation of more than {} MiB", longest >> 20)
}

#[cfg(test)]
mod tests {
    use super::Splitter;

    fn read(text: &str) -> Result<usize, String> {
        let mut splitter = Splitter::new(1 << 20);
        let mut rows = 0;
        // In pieces of one byte, as in one.
        for byte in text.bytes() {
            splitter.feed(&[byte], &mut |_, _| rows += 1).map_err(|bad| bad.message)?;
        }
        splitter.end().map_err(|bad| bad.message)?;
        Ok(rows)
    }

    #[test]
    fn conversations_of_a_list_have_a_comma_between_them() {
        for (text, rows) in [
            (r#"[]"#, 0),
            (r#"[{"id":1}]"#, 1),
            (r#"[{"a":[1,2,],"b":{}} , {}]"#, 2),
            (r#"{"payload":[{},{}],"meta":{}}"#, 2),
            (r#"{"data":{"payload":[{},{}]}}"#, 2),
            ("{}\n{}{}", 3),
            ("[{}]\n[{},{}]", 3),
        ] {
            assert_eq!(read(text), Ok(rows), "{text}");
        }
        for (text, said) in [
            ("[{} {}]", "a comma is missing"),
            ("[{},]", "behind the comma"),
            ("[,{}]", "before the comma"),
            ("[{},,{}]", "before the comma"),
            (r#"{"payload":[{"id":1}{"id":2}]}"#, "a comma is missing"),
            (r#"{"data":{"payload":[{},]}}"#, "behind the comma"),
            ("{},{}", "is expected"),
        ] {
            let problem = read(text).unwrap_err();
            assert!(problem.contains(said), "{text}: {problem}");
        }
    }
}
