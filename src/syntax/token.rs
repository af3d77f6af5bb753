//! Tokens and the one table of their spellings.

use crate::source::Span;

/// A piece of the query's text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Token {
    /// What it is.
    pub kind: TokenKind,
    /// Where it stands.
    pub span: Span,
}

/// The kinds of token.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum TokenKind {
    /// A bare word: an attribute's name or a value.
    Word,
    /// A name with a part in backticks.
    Backticked,
    /// A quoted text, closed or not.
    Quoted,
    /// A reserved word.
    Keyword(Keyword),
    /// An operator or a piece of punctuation.
    Symbol(Symbol),
}

/// The reserved words. As a value, each must be quoted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Keyword {
    /// `AND`
    And,
    /// `OR`
    Or,
    /// `NOT`
    Not,
    /// `IN`
    In,
    /// `IS`
    Is,
    /// `CONTAINS`
    Contains,
    /// `STARTS`
    Starts,
    /// `WITH`
    With,
    /// `BETWEEN`
    Between,
    /// `PRESENT`, `SET`
    Present,
    /// `MISSING`, `EMPTY`, `NULL`
    Missing,
}

/// Operators and punctuation, the mistaken ones that have a diagnostic of their own included.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Symbol {
    /// `=`, `==`
    Equal,
    /// `!=`, `<>`
    NotEqual,
    /// `<`
    Less,
    /// `<=`
    LessEqual,
    /// `>`
    Greater,
    /// `>=`
    GreaterEqual,
    /// `~`
    Tilde,
    /// `!~`
    NotTilde,
    /// `&&`
    AndAnd,
    /// `||`
    OrOr,
    /// `!`
    Bang,
    /// `(`
    Open,
    /// `)`
    Close,
    /// `,`
    Comma,
    /// `=>`, meant as `>=`
    ReversedGreater,
    /// `=<`, meant as `<=`
    ReversedLess,
    /// `=~` or `~=`, meant as `~`
    Match,
    /// `===`, meant as `=`
    TripleEqual,
    /// `!==`, meant as `!=`
    NotDoubleEqual,
    /// `&`, meant as `AND`
    Ampersand,
    /// `|`, meant as `OR`
    Bar,
}

/// Every reserved word, in its canonical spelling first.
pub const KEYWORDS: &[(&str, Keyword)] = &[
    ("AND", Keyword::And),
    ("OR", Keyword::Or),
    ("NOT", Keyword::Not),
    ("IN", Keyword::In),
    ("IS", Keyword::Is),
    ("CONTAINS", Keyword::Contains),
    ("STARTS", Keyword::Starts),
    ("WITH", Keyword::With),
    ("BETWEEN", Keyword::Between),
    ("PRESENT", Keyword::Present),
    ("SET", Keyword::Present),
    ("MISSING", Keyword::Missing),
    ("EMPTY", Keyword::Missing),
    ("NULL", Keyword::Missing),
];

/// Every symbol, longest first where one begins another.
pub const SYMBOLS: &[(&str, Symbol)] = &[
    ("===", Symbol::TripleEqual),
    ("!==", Symbol::NotDoubleEqual),
    ("==", Symbol::Equal),
    ("!=", Symbol::NotEqual),
    ("<>", Symbol::NotEqual),
    ("<=", Symbol::LessEqual),
    (">=", Symbol::GreaterEqual),
    ("!~", Symbol::NotTilde),
    ("=>", Symbol::ReversedGreater),
    ("=<", Symbol::ReversedLess),
    ("=~", Symbol::Match),
    ("~=", Symbol::Match),
    ("&&", Symbol::AndAnd),
    ("||", Symbol::OrOr),
    ("=", Symbol::Equal),
    ("<", Symbol::Less),
    (">", Symbol::Greater),
    ("~", Symbol::Tilde),
    ("!", Symbol::Bang),
    ("(", Symbol::Open),
    (")", Symbol::Close),
    (",", Symbol::Comma),
    ("&", Symbol::Ampersand),
    ("|", Symbol::Bar),
];

/// The symbols of one byte, each at its byte.
const SINGLE: [Option<Symbol>; 128] = {
    let mut table = [None; 128];
    let mut place = 0;
    while place < SYMBOLS.len() {
        #[expect(clippy::indexing_slicing, reason = "a place or byte beyond its table does not compile")]
        if let (&[byte], symbol) = (SYMBOLS[place].0.as_bytes(), SYMBOLS[place].1) {
            table[byte as usize] = Some(symbol);
        }
        place += 1;
    }
    table
};

/// The symbol that a text begins with, and its length in bytes.
pub(crate) fn symbol(bytes: &[u8]) -> Option<(Symbol, usize)> {
    let single = |byte: Option<&u8>| SINGLE.get(usize::from(*byte?)).copied().flatten();
    let first = single(bytes.first())?;
    // Longer ones are made of signs that are symbols themselves; these three begin none.
    if matches!(first, Symbol::Open | Symbol::Close | Symbol::Comma) || single(bytes.get(1)).is_none() {
        return Some((first, 1));
    }
    // The one that is by far the most frequent.
    if let [b'!', b'=', third, ..] = bytes
        && single(Some(third)).is_none()
    {
        return Some((Symbol::NotEqual, 2));
    }
    let found = SYMBOLS.iter().find(|(spelling, _)| bytes.starts_with(spelling.as_bytes()));
    found.map(|&(spelling, symbol)| (symbol, spelling.len()))
}

/// Words that are special in one place only and need no quotes elsewhere: `OLDER THAN 7d`, `7d ago`, `LIKE "a%b"`.
pub const CONTEXTUAL: &[&str] = &["OLDER", "THAN", "AGO", "LIKE", "ILIKE"];

/// The reserved word that `word` spells, in any case.
#[must_use]
pub(crate) fn keyword(word: &[u8]) -> Option<Keyword> {
    let &(length, letters, keyword) = BY_LENGTH_AND_ENDS.get(usize::from(slot(word)?))?;
    (usize::from(length) == word.len() && letters == packed(word)).then_some(keyword)
}

/// Whether a keyword may begin with this byte: one bit for each letter, the same in either case.
pub(crate) const fn begins_keyword(first: u8) -> bool {
    const INITIALS: u32 = {
        let (mut letters, mut place) = (0, 0);
        while place < KEYWORDS.len() {
            #[expect(clippy::indexing_slicing, reason = "a place beyond its table does not compile")]
            if let [first, ..] = KEYWORDS[place].0.as_bytes() {
                letters |= 1 << (*first & 31);
            }
            place += 1;
        }
        letters
    };
    first >= b'A' && INITIALS >> (first & 31) & 1 != 0
}

/// The letters of a word of at most eight bytes as one number, the same in any case; no byte but the two cases of a
/// capital letter becomes that letter. Of words of one length, those that differ have different numbers.
const fn packed(word: &[u8]) -> u64 {
    let bytes = match (word.first_chunk(), word.last_chunk(), word) {
        // The two may overlap.
        (Some(first), Some(last), _) => (u32::from_le_bytes(*first) as u64) << 32 | u32::from_le_bytes(*last) as u64,
        (.., &[first, second]) => u16::from_le_bytes([first, second]) as u64,
        (.., &[first, second, third]) => u32::from_le_bytes([first, second, third, 0]) as u64,
        _ => 0,
    };
    bytes & 0xDFDF_DFDF_DFDF_DFDF
}

/// The place in [`BY_LENGTH_AND_ENDS`] of a word, in any case: nearly every word is told from the keywords by its
/// length, its first letter and its last.
const fn slot(word: &[u8]) -> Option<u8> {
    match word {
        [first, .., last] if word.len() <= 8 => {
            Some(((*first & 31) << 2).wrapping_add(*last & 31).wrapping_add(word.len() as u8) & 63)
        }
        _ => None,
    }
}

/// The keyword for each slot, with its length and its letters; the length is 0 where there is none.
const BY_LENGTH_AND_ENDS: [(u8, u64, Keyword); 64] = {
    let mut table = [(0, 0, Keyword::And); 64];
    let mut place = 0;
    while place < KEYWORDS.len() {
        #[expect(clippy::indexing_slicing, reason = "a place or slot beyond its table does not compile")]
        if let Some(slot) = slot(KEYWORDS[place].0.as_bytes()) {
            let (spelling, keyword) = (KEYWORDS[place].0.as_bytes(), KEYWORDS[place].1);
            assert!(table[slot as usize].0 == 0, "two keywords have one slot");
            table[slot as usize] = (spelling.len() as u8, packed(spelling), keyword);
        }
        place += 1;
    }
    table
};

/// Whether a bare word may hold this character.
#[must_use]
pub(crate) const fn is_word_char(c: char) -> bool {
    match c {
        '(' | ')' | ',' | '"' | '\'' | '`' | '=' | '!' | '<' | '>' | '~' | '&' | '|' => false,
        _ => !is_blank(c),
    }
}

/// What a byte of a query can be part of; several of these together. A NUL, which no value may hold, is of none.
pub(crate) mod class {
    /// A blank between tokens. Those beyond ASCII, and the rarer ones of ASCII, are not told by one byte.
    pub(crate) const BLANK: u8 = 1;
    /// The beginning of a bare word; `#` may begin a comment instead.
    pub(crate) const START: u8 = 2;
    /// The rest of a bare word. Of the bytes beyond ASCII, which are parts of characters, none.
    pub(crate) const WORD: u8 = 4;
    /// The rest of an address.
    pub(crate) const URL: u8 = 8;
    /// A text between `"`, without escapes.
    pub(crate) const DOUBLE: u8 = 16;
    /// A text between `'`, without escapes.
    pub(crate) const SINGLE: u8 = 32;
    /// An ASCII character of a name without backticks.
    pub(crate) const NAME: u8 = 64;
    /// A parenthesis.
    pub(crate) const PARENTHESIS: u8 = 128;
}

/// The classes of each byte.
const CLASSES: [u8; 256] = {
    let mut table = [0; 256];
    let mut byte = 0u8;
    loop {
        let mut classes = 0;
        if matches!(byte, b' ' | b'\n' | b'\t' | b'\r') {
            classes |= class::BLANK;
        }
        if matches!(byte, 1..=0x7F) && is_word_char(byte as char) {
            classes |= if byte == b'#' { class::WORD } else { class::WORD | class::START };
        }
        if matches!(byte, 1..=0x7F) && !is_blank(byte as char) && !matches!(byte, b',' | b')') {
            classes |= class::URL;
        }
        if !matches!(byte, 0 | b'"' | b'\\' | b'\n') {
            classes |= class::DOUBLE;
        }
        if !matches!(byte, 0 | b'\'' | b'\\' | b'\n') {
            classes |= class::SINGLE;
        }
        if byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.') {
            classes |= class::NAME;
        }
        if matches!(byte, b'(' | b')') {
            classes |= class::PARENTHESIS;
        }
        #[expect(clippy::indexing_slicing, reason = "the table has a place for each byte")]
        {
            table[byte as usize] = classes;
        }
        if byte == u8::MAX {
            break table;
        }
        byte += 1;
    }
};

/// The classes of a byte.
pub(crate) fn classes(byte: u8) -> u8 {
    CLASSES.get(usize::from(byte)).copied().unwrap_or_default()
}

/// Whether all bytes are of a class.
pub(crate) fn all(bytes: &[u8], class: u8) -> bool {
    bytes.iter().fold(class, |all, byte| all & classes(*byte)) != 0
}

/// How many bytes from the first one on are of a class.
pub(crate) fn run(bytes: &[u8], class: u8) -> usize {
    let ends = |byte: u8| classes(byte) & class == 0;
    let mut rest = bytes;
    // Four at a time: the places of the bytes are then counted, and the end of the text looked for, once in four.
    let last = loop {
        let [first, second, third, fourth, behind @ ..] = rest else {
            break rest.iter().position(|byte| ends(*byte)).unwrap_or(rest.len());
        };
        if ends(*first) {
            break 0;
        }
        if ends(*second) {
            break 1;
        }
        if ends(*third) {
            break 2;
        }
        if ends(*fourth) {
            break 3;
        }
        rest = behind;
    };
    bytes.len() - rest.len() + last
}

/// The length in bytes of the bare word that a text begins with. Nearly all characters are ASCII: a table decides them.
pub(crate) fn word_length(text: &str) -> usize {
    let end = run(text.as_bytes(), class::WORD);
    match text.as_bytes().get(end) {
        Some(0 | 0x80..) => {
            let rest = text.get(end..).unwrap_or_default();
            end + rest.find(|c| !is_word_char(c)).unwrap_or(rest.len())
        }
        _ => end,
    }
}

/// Whether the character separates tokens: Unicode white space, and the byte order mark that files begin with.
#[must_use]
pub(crate) const fn is_blank(c: char) -> bool {
    c.is_whitespace() || c == '\u{FEFF}'
}

/// Whether the character is a typographic quotation mark, as word processors and chats put them.
#[must_use]
pub(crate) fn is_smart_quote(c: char) -> bool {
    matches!(
        c,
        '\u{201C}'
            | '\u{201D}'
            | '\u{201E}'
            | '\u{201F}'
            | '\u{2018}'
            | '\u{2019}'
            | '\u{201A}'
            | '\u{201B}'
            | '\u{00AB}'
            | '\u{00BB}'
    )
}

/// Whether the second typographic mark can close what the first one opened: both double or both single.
#[must_use]
pub(crate) fn smart_quote_pairs(opening: char, closing: char) -> bool {
    let single = |c| matches!(c, '\u{2018}'..='\u{201B}');
    is_smart_quote(closing) && single(opening) == single(closing)
}

/// Whether a text can stand as a bare word and be read back as the same word.
#[must_use]
pub fn is_bare_word(text: &str) -> bool {
    let mut chars = text.chars();
    match chars.next() {
        None => false,
        // `#` would begin a comment, a typographic quotation mark a mistaken string.
        Some(first) if first == '#' || is_smart_quote(first) => false,
        Some(_) => text.chars().all(is_word_char) && keyword(text.as_bytes()).is_none(),
    }
}

/// Whether an attribute's name needs no backticks: letters of any script, digits, `_`, `-`, `.`, and no reserved word.
#[must_use]
pub fn is_plain_name(text: &str) -> bool {
    !text.is_empty()
        && (all(text.as_bytes(), class::NAME)
            || text.chars().all(|c| c.is_alphanumeric() || is_mark(c) || matches!(c, '_' | '-' | '.')))
        && keyword(text.as_bytes()).is_none()
}

/// Combining marks belong to the letters of many scripts.
fn is_mark(c: char) -> bool {
    matches!(c, '\u{0300}'..='\u{036F}' | '\u{0483}'..='\u{0489}' | '\u{0591}'..='\u{05C7}' | '\u{064B}'..='\u{065F}'
        | '\u{0900}'..='\u{0DFF}' | '\u{0E31}'..='\u{0E4E}' | '\u{1AB0}'..='\u{1AFF}' | '\u{20D0}'..='\u{20FF}' | '\u{3099}' | '\u{309A}')
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What is said to be a bare word is read as one, and what is not is read as something else.
    #[test]
    fn a_bare_word_is_read_back_as_itself() {
        let words = [
            "vip",
            "#vip",
            "#",
            "a#b",
            "“vip”",
            "‘vip",
            "’tis",
            "«vip»",
            "a“b",
            "it’s",
            "größe",
            "-7d",
            "and",
            "an d",
            "a,b",
            "",
            "\u{FEFF}",
        ];
        for word in words {
            let text = format!("label = {word}");
            let lexed = super::super::lex(&text);
            let read = lexed.tokens.get(2).map(|token| (token.kind, token.span.of(&text)));
            let whole = lexed.errors.is_empty() && lexed.tokens.len() == 3 && read == Some((TokenKind::Word, word));
            assert_eq!(is_bare_word(word), whole, "{word}");
        }
    }

    #[test]
    fn no_symbol_hides_behind_a_shorter_one() {
        for (i, (longer, _)) in SYMBOLS.iter().enumerate() {
            for (shorter, _) in &SYMBOLS[..i] {
                assert!(!longer.starts_with(shorter), "{longer} would be read as {shorter}");
            }
        }
    }

    #[test]
    fn a_run_ends_where_its_class_does() {
        for length in 0..12 {
            for at in 0..length {
                let mut word = vec![b'x'; length];
                word[at] = b' ';
                assert_eq!(run(&word, class::WORD), at);
            }
            assert_eq!(run(&vec![b'x'; length], class::WORD), length);
        }
    }

    #[test]
    fn each_symbol_is_read_whole() {
        for &(spelling, meant) in SYMBOLS {
            for text in [spelling.to_owned(), format!("{spelling} x"), format!("{spelling}x"), format!("{spelling}é")]
            {
                assert_eq!(symbol(text.as_bytes()), Some((meant, spelling.len())));
            }
            assert!(spelling.bytes().all(|sign| symbol(&[sign]).is_some()), "{spelling}");
        }
        assert!(["", "x", "é", " ="].iter().all(|text| symbol(text.as_bytes()).is_none()));
    }

    #[test]
    fn keywords_and_nothing_else_are_found() {
        for &(spelling, meant) in KEYWORDS {
            assert_eq!(keyword(spelling.as_bytes()), Some(meant));
            assert_eq!(keyword(spelling.to_lowercase().as_bytes()), Some(meant));
            for other in ["x", &spelling[1..], &format!("{spelling}x"), &format!("x{}", &spelling[1..])] {
                let known = KEYWORDS.iter().any(|(known, _)| *known == other);
                assert_eq!(keyword(other.as_bytes()).is_some(), known, "{other}");
            }
        }
        // A byte that is a letter but for the bit of its case is none of a keyword.
        for byte in 0..=u8::MAX {
            for at in 0..3 {
                let mut word = *b"and";
                word[at] = byte;
                assert_eq!(keyword(&word).is_some(), word.eq_ignore_ascii_case(b"and"), "{word:?}");
            }
        }
        assert!(["", "a", "\u{1}\u{e}d", "Ánd"].iter().all(|word| keyword(word.as_bytes()).is_none()));
    }
}
