//! Text → tokens. The lexer always reaches the end: what it cannot read becomes a word, with an error beside it.

use std::borrow::Cow;

use nom::branch::alt;
use nom::bytes::complete::{take_till, take_while, take_while1};
use nom::character::complete::{anychar, char, one_of};
use nom::combinator::{map, recognize, value, verify};
use nom::multi::many0_count;
use nom::sequence::{pair, preceded};
use nom::{IResult, Parser};

use super::operator::sign;
use super::parser::note;
use super::token::{
    self, Keyword, Symbol, Token, TokenKind, class, is_blank, is_smart_quote, is_word_char, keyword, smart_quote_pairs,
    word_length,
};
use crate::diagnostic::{Diagnostic, catalogue};
use crate::source::Span;

/// The tokens of a text, its comments, and what is wrong inside of single tokens.
#[derive(Debug, Default)]
pub struct Lexed {
    /// Tokens in order, comments left out.
    pub tokens: Vec<Token>,
    /// Comments in order, each from its `#` to its line's end.
    pub comments: Vec<Span>,
    /// Unclosed and typographic quotes, bad escapes.
    pub errors: Vec<Diagnostic>,
    /// Whether there are tokens that are not as nearly all are: with an escape, a backtick, an unclosed or typographic
    /// quotation mark, a NUL or a character beyond ASCII in a word.
    pub(super) unusual: bool,
    /// Whether there are parentheses.
    pub(super) parentheses: bool,
}

type Step<'a, T> = IResult<&'a str, T, ()>;

/// What one step of the lexer found.
#[derive(Clone, Copy)]
enum Piece {
    Token(TokenKind),
    /// A quoted text or a name whose closing mark is missing.
    Unclosed(TokenKind),
    Smart,
}

/// Splits a text into tokens.
#[must_use]
pub fn lex(text: &str) -> Lexed {
    // A token and the blank after it take about six bytes, those of a list three.
    let room = (text.len() / 3).min(1024).max(text.len() / 6) + 2;
    let mut lexed = Lexed { tokens: Vec::with_capacity(room), ..Lexed::default() };
    let mut at = 0;
    loop {
        at = plain_tokens(text.as_bytes(), at, &mut lexed);
        let rest = text.get(at..).unwrap_or_default();
        if rest.is_empty() {
            break;
        }
        let trimmed = blanks(rest);
        if trimmed.len() < rest.len() {
            at = text.len() - trimmed.len();
            continue;
        }
        let start = offset(text, rest);
        // A comment begins where no token ends.
        if rest.starts_with('#')
            && lexed.tokens.last().is_none_or(|token| token.span.end != start)
            && let Ok((after, _)) = comment(rest)
        {
            lexed.comments.push(Span::new(start, offset(text, after)));
            at = text.len() - after.len();
            continue;
        }
        lexed.unusual = true;
        let Ok((after, piece)) = piece(rest) else { break };
        let span = Span::new(start, offset(text, after));
        let kind = match piece {
            Piece::Token(kind) => kind,
            Piece::Unclosed(kind) => {
                let error = match kind {
                    TokenKind::Backticked => catalogue::unclosed_backtick(span, opening_backtick(span.of(text))),
                    _ => glued_mark(text, &lexed.tokens, span)
                        .or_else(|| other_mark(text, span))
                        .unwrap_or_else(|| catalogue::unclosed_quote(span, span.of(text))),
                };
                note(&mut lexed.errors, error);
                kind
            }
            Piece::Smart => {
                note(&mut lexed.errors, catalogue::smart_quotes(span, &unquote(span.of(text))));
                TokenKind::Quoted
            }
        };
        // Between typographic marks a backslash is no escape: the correction doubles it.
        if kind == TokenKind::Quoted && !matches!(piece, Piece::Smart) {
            escapes(text, span, &mut lexed.errors);
        }
        lexed.tokens.push(Token { kind, span });
        at = text.len() - after.len();
    }
    lexed
}

/// Reads ASCII blanks, words, addresses, quoted texts without escapes and symbols from `at` on, which is nearly all of any
/// query; the offset of what is anything else, and perhaps one of these too. It is no part of its caller, so that what
/// it counts with stays in registers.
#[inline(never)]
fn plain_tokens(bytes: &[u8], at: usize, lexed: &mut Lexed) -> usize {
    let Lexed { tokens, parentheses, .. } = lexed;
    let begun = tokens.len();
    let (mut at, mut seen) = (at, 0);
    while let Some(&first) = bytes.get(at) {
        let classes = token::classes(first);
        if classes & class::BLANK != 0 {
            at += 1;
            continue;
        }
        seen |= classes;
        let rest = bytes.get(at..).unwrap_or_default();
        let (kind, length) = if classes & class::START != 0 {
            plain_word(rest, first)
        } else if let Some((symbol, length)) = token::symbol(rest) {
            (TokenKind::Symbol(symbol), length)
        } else if let (b'"' | b'\'', [_, body @ ..]) = (first, rest) {
            let length = token::run(body, if first == b'"' { class::DOUBLE } else { class::SINGLE });
            if body.get(length) != Some(&first) {
                break;
            }
            (TokenKind::Quoted, length + 2)
        } else {
            // A backtick, a NUL or a character beyond ASCII may go on with the word before it, which is then read anew.
            // One that was there before ends here.
            let goes_on = |token: &mut Token| {
                matches!(token.kind, TokenKind::Word | TokenKind::Keyword(_)) && token.span.end == at as u32
            };
            let word = if tokens.len() > begun { tokens.pop_if(goes_on) } else { None };
            at = word.map_or(at, |word| word.span.start as usize);
            break;
        };
        let end = at + length;
        tokens.push(Token { kind, span: Span::new(at as u32, end as u32) });
        // Nearly always one blank.
        at = end + usize::from(bytes.get(end) == Some(&b' '));
    }
    *parentheses |= seen & class::PARENTHESIS != 0;
    at
}

/// The kind and the length of the word or address that ASCII bytes begin with, as far as its characters are ASCII.
fn plain_word(bytes: &[u8], first: u8) -> (TokenKind, usize) {
    if first == b'h' && is_address(bytes) {
        return (TokenKind::Word, token::run(bytes, class::URL));
    }
    // What may begin a word may go on with it.
    let length = token::run(bytes, class::WORD);
    let keyword = if token::begins_keyword(first) { keyword(bytes.get(..length).unwrap_or_default()) } else { None };
    (keyword.map_or(TokenKind::Word, TokenKind::Keyword), length)
}

fn is_address(bytes: &[u8]) -> bool {
    bytes.starts_with(b"http") && (bytes.starts_with(b"http://") || bytes.starts_with(b"https://"))
}

/// Where a rest of the text begins.
fn offset(text: &str, rest: &str) -> u32 {
    // The parser refuses longer texts before it comes here.
    u32::try_from(text.len() - rest.len()).unwrap_or(u32::MAX)
}

fn blanks(input: &str) -> &str {
    let rest = input.trim_ascii_start();
    // Nearly every blank is a space; a character that is a blank beyond ASCII begins with one of these bytes, and the
    // vertical tab is no blank to ASCII's rule.
    match rest.as_bytes().first() {
        Some(0x0B | 0x80..) => rest.trim_start_matches(is_blank),
        _ => rest,
    }
}

// comment = "#" { comment_character } ;
fn comment(input: &str) -> Step<'_, &str> {
    recognize(pair(char('#'), take_till(|c| c == '\n'))).parse(input)
}

// token = word | quoted | backticked | keyword | symbol ;
// Symbols, most words and most quoted texts were read by `plain_tokens`.
fn piece(input: &str) -> Step<'_, Piece> {
    match input.as_bytes().first() {
        Some(b'"') => quoted('"', input),
        Some(b'\'') => quoted('\'', input),
        Some(b'`') => backticked(input),
        Some(0x80..) => alt((smart, word)).parse(input),
        _ => word(input),
    }
}

// word = url | word_start { word_character } ;
// url = ( "http://" | "https://" ) { url_character } ;
fn word(input: &str) -> Step<'_, Piece> {
    if is_address(input.as_bytes()) {
        return map(take_while(|c| !is_blank(c) && c != ',' && c != ')'), |_| Piece::Token(TokenKind::Word))
            .parse(input);
    }
    let Some((word, rest)) = input.split_at_checked(word_length(input)).filter(|(word, _)| !word.is_empty()) else {
        return Err(nom::Err::Error(()));
    };
    if rest.as_bytes().first() == Some(&b'`') && word.ends_with('.') {
        return backticked(rest);
    }
    let kind = keyword(word.as_bytes()).map_or(TokenKind::Word, TokenKind::Keyword);
    Ok((rest, Piece::Token(kind)))
}

// backticked = [ prefix ] part { dotted part } [ tail ] ;
fn backticked(input: &str) -> Step<'_, Piece> {
    let mut input = input;
    // A loop: a text can hold a million such parts, and a recursion over them would overflow the stack.
    loop {
        let (rest, _) = preceded(char('`'), backtick_body).parse(input)?;
        let Ok((rest, _)) = char::<_, ()>('`').parse(rest) else {
            return Ok((rest, Piece::Unclosed(TokenKind::Backticked)));
        };
        let (rest, tail) = take_while(is_word_char).parse(rest)?;
        if !(rest.starts_with('`') && tail.ends_with('.')) {
            return Ok((rest, Piece::Token(TokenKind::Backticked)));
        }
        input = rest;
    }
}

// part = "`" { part_character | "``" } "`" ;
fn backtick_body(input: &str) -> Step<'_, &str> {
    recognize(many0_count(alt((nom::bytes::complete::tag("``"), take_while1(|c| c != '`' && c != '\n'))))).parse(input)
}

// quoted = '"' { double_character | escape } '"' | "'" { single_character | escape } "'" ;
fn quoted(mark: char, input: &str) -> Step<'_, Piece> {
    let plain = take_while1(move |c| c != mark && c != '\\' && c != '\n');
    let escape = recognize(pair(char('\\'), verify(anychar, |&c| c != '\n')));
    let lone = recognize(char('\\'));
    let (rest, _) = preceded(char(mark), many0_count(alt((plain, escape, lone)))).parse(input)?;
    match char::<_, ()>(mark).parse(rest) {
        Ok((rest, _)) => Ok((rest, Piece::Token(TokenKind::Quoted))),
        Err(_) => Ok((rest, Piece::Unclosed(TokenKind::Quoted))),
    }
}

// A typographic quotation mark, and the text up to the next one of its kind (so that `“it’s”` is one text; one between
// two letters is an apostrophe, so that `‘it’s’` is one too) or, without one on the line, the next blank.
fn smart(input: &str) -> Step<'_, Piece> {
    let (after_mark, mark) = verify(anychar, |&c| is_smart_quote(c)).parse(input)?;
    let closes = |(at, c): (usize, char)| {
        let (before, behind) = after_mark.split_at_checked(at).unwrap_or_default();
        let apostrophe = c == '\u{2019}'
            && before.ends_with(char::is_alphabetic)
            && behind.chars().nth(1).is_some_and(char::is_alphabetic);
        (smart_quote_pairs(mark, c) && !apostrophe).then_some(at + c.len_utf8())
    };
    let closing = after_mark.char_indices().take_while(|&(_, c)| c != '\n').find_map(closes);
    let length = closing.unwrap_or_else(|| word_length(after_mark));
    Ok((after_mark.get(length..).unwrap_or_default(), Piece::Smart))
}

/// One escape sequence, its backslash already read.
fn escape(input: &str) -> Step<'_, char> {
    let unicode = preceded(
        char('u'),
        nom::sequence::delimited(char('{'), take_while1(|c: char| c.is_ascii_hexdigit()), char('}')),
    );
    alt((
        map(one_of("\"'\\"), |c| c),
        value('\n', char('n')),
        value('\t', char('t')),
        nom::combinator::map_opt(unicode, |hex| u32::from_str_radix(hex, 16).ok().and_then(char::from_u32)),
    ))
    .parse(input)
}

/// What is told of a mark right behind a text that is a value: it is a part of it, as in `O'Neil` and `dogs' food`, or
/// closes what none opens, as in `label = vip'`. The text that was meant begins behind an operator and ends before AND,
/// OR, a parenthesis, a comma or with the line.
#[cold]
fn glued_mark(text: &str, before: &[Token], span: Span) -> Option<Diagnostic> {
    let start = glued_text(before, span)?;
    let mark = Span::new(span.start, span.start + 1);
    let rest = span.of(text).get(1..)?;
    if ends_value(rest) {
        let place = Span::new(start, span.start);
        return Some(catalogue::unopened_quote(mark, place, place.of(text)));
    }
    let place = Span::new(start, mark.end + apostrophized(rest) as u32);
    let goes_on = rest.trim_start_matches(is_blank).starts_with(is_word_char);
    goes_on.then(|| catalogue::apostrophe(mark, place, place.of(text)))
}

/// Whether a value ends before this text: with the line, before AND, OR, a parenthesis or a comma.
fn ends_value(rest: &str) -> bool {
    let next = rest.trim_start_matches(is_blank);
    let (word, _) = next.split_at_checked(word_length(next)).unwrap_or_default();
    let joined = next.len() < rest.len() && matches!(keyword(word.as_bytes()), Some(Keyword::And | Keyword::Or));
    joined || next.is_empty() || next.starts_with([')', ','])
}

/// What is told of a text that another mark closes: `label = "vip' AND status = open`, `label = "vip”`.
#[cold]
fn other_mark(text: &str, span: Span) -> Option<Diagnostic> {
    let raw = span.of(text);
    let (mark, other) = if raw.starts_with('"') { ('"', '\'') } else { ('\'', '"') };
    let is_mark = |c: char| c == other || is_smart_quote(c);
    let closes = |at: &usize| {
        let (before, behind) = raw.split_at_checked(*at).unwrap_or_default();
        // Neither an empty text nor one mark alone.
        let behind = behind.strip_prefix(is_mark).unwrap_or_default();
        at > &1 && !before.ends_with(is_blank) && ends_value(behind)
    };
    let (at, closing) = raw.match_indices(is_mark).find(|(at, _)| closes(at))?;
    let start = span.start + at as u32;
    let closing = Span::new(start, start + closing.len() as u32);
    Some(catalogue::other_mark(Span::new(span.start, span.start + 1), closing, mark))
}

/// Where the text begins that a mark is joined to, if it is a value.
fn glued_text(before: &[Token], mark: Span) -> Option<u32> {
    before.last().filter(|last| last.span.end == mark.start)?;
    let first = before.iter().rposition(|token| token.kind != TokenKind::Word)? + 1;
    let mut operator = before.get(first.checked_sub(1)?)?.kind;
    // The first value of a list.
    if operator == TokenKind::Symbol(Symbol::Open) {
        operator = before.get(first.checked_sub(2)?)?.kind;
    }
    let takes_value = sign(operator).is_some()
        || matches!(
            operator,
            TokenKind::Symbol(Symbol::Comma) | TokenKind::Keyword(Keyword::Contains | Keyword::With | Keyword::In)
        );
    before.get(first).filter(|_| takes_value).map(|first| first.span.start)
}

/// How much of a text behind an apostrophe belongs to the same words.
pub(super) fn apostrophized(text: &str) -> usize {
    let word = |text: &str| text.find(|c| !is_word_char(c) && c != '\'').unwrap_or(text.len());
    let first = word(text);
    let mut end = first;
    loop {
        let rest = text.get(end..).unwrap_or_default();
        let next = rest.trim_start_matches(is_blank);
        let (next_word, _) = next.split_at_checked(word(next)).unwrap_or_default();
        let ends = next.is_empty() || next.starts_with([')', ',', '#']);
        match keyword(next_word.as_bytes()) {
            _ if ends => return end,
            Some(Keyword::And | Keyword::Or) => return end,
            // Something else begins here, and where is not known.
            _ if next_word.is_empty() || keyword(next_word.as_bytes()).is_some() => return first,
            _ => end = text.len() - next.len() + next_word.len(),
        }
    }
}

/// Reports the backslashes of a quoted text that begin no escape.
fn escapes(text: &str, span: Span, errors: &mut Vec<Diagnostic>) {
    let raw = span.of(text);
    let mut rest = raw;
    while let Some((before, after)) = rest.split_once('\\') {
        let start = span.start + (raw.len() - rest.len() + before.len()) as u32;
        match escape(after) {
            Ok((tail, _)) => rest = tail,
            Err(_) => {
                let next = after.chars().next().map_or(0, char::len_utf8);
                let bad = Span::new(start, start + 1 + next as u32);
                note(errors, catalogue::bad_escape(bad, bad.of(text)));
                rest = after.get(next..).unwrap_or_default();
            }
        }
    }
}

/// The text that a quoted token means; a bad escape means itself.
#[must_use]
pub(crate) fn unquote(raw: &str) -> Cow<'_, str> {
    // Nearly every text is closed and holds no escape.
    if let [mark @ (b'"' | b'\''), body @ ..] = raw.as_bytes() {
        let length = token::run(body, if *mark == b'"' { class::DOUBLE } else { class::SINGLE });
        if body.get(length) == Some(mark) {
            return Cow::Borrowed(raw.get(1..=length).unwrap_or_default());
        }
    }
    let Some(mark) = raw.chars().next() else { return Cow::Borrowed(raw) };
    if is_smart_quote(mark) {
        let body = raw.get(mark.len_utf8()..).unwrap_or_default();
        return Cow::Borrowed(body.strip_suffix(|c| smart_quote_pairs(mark, c)).unwrap_or(body));
    }
    let body = raw.get(mark.len_utf8()..).unwrap_or_default();
    if !body.contains('\\') {
        return Cow::Borrowed(body.split_once(mark).map_or(body, |(before, _)| before));
    }
    let mut at = body.find(['\\', mark]).unwrap_or(body.len());
    let mut out = String::with_capacity(body.len());
    let mut rest = body;
    loop {
        let (plain, tail) = rest.split_at_checked(at).unwrap_or((rest, ""));
        out.push_str(plain);
        let Some(after) = tail.strip_prefix('\\') else { return Cow::Owned(out) };
        rest = match escape(after) {
            Ok((after, c)) => {
                out.push(c);
                after
            }
            Err(_) => {
                out.push('\\');
                after
            }
        };
        at = rest.find(['\\', mark]).unwrap_or(rest.len());
    }
}

/// Where the backtick stands that was opened last.
fn opening_backtick(raw: &str) -> usize {
    let (mut inside, mut opening) = (false, 0);
    let mut chars = raw.char_indices().peekable();
    while let Some((at, c)) = chars.next() {
        if c != '`' {
            continue;
        }
        if inside && chars.next_if(|&(_, next)| next == '`').is_some() {
            continue;
        }
        inside = !inside;
        if inside {
            opening = at;
        }
    }
    opening
}

/// The name that a word or a name in backticks means.
#[must_use]
pub(crate) fn unbacktick(raw: &str) -> Cow<'_, str> {
    if !raw.contains('`') {
        return Cow::Borrowed(raw);
    }
    let mut out = String::with_capacity(raw.len());
    let mut inside = false;
    let mut chars = raw.chars().peekable();
    while let Some(c) = chars.next() {
        if c != '`' {
            out.push(c);
        } else if inside && chars.peek() == Some(&'`') {
            chars.next();
            out.push('`');
        } else {
            inside = !inside;
        }
    }
    Cow::Owned(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(text: &str) -> Vec<&str> {
        lex(text).tokens.iter().map(|t| t.span.of(text)).collect()
    }

    #[test]
    fn words_end_at_blanks_quotes_and_operators() {
        assert_eq!(
            texts("status=pending AND created_at>-7d"),
            ["status", "=", "pending", "AND", "created_at", ">", "-7d"]
        );
        assert_eq!(texts("a IN(x,y)"), ["a", "IN", "(", "x", ",", "y", ")"]);
        assert_eq!(texts("t!=10:30&&!b~c"), ["t", "!=", "10:30", "&&", "!", "b", "~", "c"]);
    }

    #[test]
    fn parts_in_backticks_are_one_name_where_a_point_stands_between_them() {
        assert_eq!(texts("custom.`a b`.`c` = 1"), ["custom.`a b`.`c`", "=", "1"]);
        assert_eq!(texts("custom.`a`x`b`.c`d`"), ["custom.`a`x", "`b`.c", "`d`"]);
        assert_eq!(texts("`a`. = 1"), ["`a`.", "=", "1"]);
    }

    #[test]
    fn urls_hold_operators() {
        assert_eq!(texts("r=https://a.b/?x=1&y='2',z"), ["r", "=", "https://a.b/?x=1&y='2'", ",", "z"]);
        assert_eq!(texts("r IN (http://a/(b, c)"), ["r", "IN", "(", "http://a/(b", ",", "c", ")"]);
    }

    #[test]
    fn comments_begin_after_a_blank() {
        let text = "a = b#c # d\n# e\nf#g";
        assert_eq!(texts(text), ["a", "=", "b#c", "f#g"]);
        let comments: Vec<_> = lex(text).comments.iter().map(|c| c.of(text)).collect();
        assert_eq!(comments, ["# d", "# e"]);
    }

    #[test]
    fn backticks_hold_anything() {
        assert_eq!(texts("custom.`Signed up at` = 1"), ["custom.`Signed up at`", "=", "1"]);
        assert_eq!(unbacktick("custom.`a``b`"), "custom.a`b");
    }

    #[test]
    fn escapes_are_read_and_bad_ones_reported() {
        assert_eq!(unquote(r#""a\"\'\\\n\t\u{1F600}b""#), "a\"'\\\n\t😀b");
        let lexed = lex(r#"a = "x\qy" AND b = "\u{110000}""#);
        assert_eq!(lexed.errors.len(), 2);
    }

    #[test]
    fn unquote_undoes_quote() {
        for text in ["", "a", "a\"b", "\\", "\n\t\u{0}\u{200B}", "it's", "\\u{41}"] {
            assert_eq!(unquote(&crate::syntax::quote(text)), text);
        }
    }

    #[test]
    fn an_unclosed_quote_ends_with_its_line() {
        let lexed = lex("a = \"b AND\nc = d");
        assert_eq!(lexed.errors.len(), 1);
        assert_eq!(lexed.tokens.len(), 6);
        assert_eq!(unquote("\"b AND"), "b AND");
    }

    #[test]
    fn keywords_are_known_in_any_case() {
        let kinds: Vec<_> = lex("and Or nOT <>").tokens.iter().map(|t| t.kind).collect();
        assert_eq!(
            kinds,
            [
                TokenKind::Keyword(Keyword::And),
                TokenKind::Keyword(Keyword::Or),
                TokenKind::Keyword(Keyword::Not),
                TokenKind::Symbol(Symbol::NotEqual)
            ]
        );
    }
}
