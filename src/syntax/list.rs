//! Lists of values: `(open, pending)`, and what is mistakenly written in the place of one.

use nom::Parser;
use nom::combinator::opt;
use nom::sequence::preceded;

use super::age::span_of_time;
use super::condition::{form, value};
use super::connective::goes_on;
use super::input::{Errors, NoMatch, Tokens, connective, symbol};
use super::lexer::lex;
use super::operator::{Found, consumed};
use super::parser::skip_to_boundary;
use super::quote;
use super::token::{Keyword, Symbol, Token, TokenKind};
use super::tree::{Form, Operand, Operator, Value};
use crate::diagnostic::{Diagnostic, catalogue};
use crate::source::Span;
// list = "(" value { "," value } ")" ;
pub(super) fn list<'t>(
    found: Found,
    input: Tokens<'t>,
    errors: &mut Errors,
) -> Result<(Tokens<'t>, Option<Operand>), nom::Err<NoMatch>> {
    let Ok((mut rest, open)) = symbol(Symbol::Open).parse(input) else {
        return bare_list(found, input, errors);
    };
    let closed = input.context.unclosed.binary_search(&open.span).is_err();
    let close = |token: &Token| token.kind == TokenKind::Symbol(Symbol::Close);
    // Only how much room is taken: what a list within lists looks through, those around it look through as well.
    let end = rest.rest.iter().take(1 << 10).position(close).filter(|_| closed).unwrap_or_default();
    let mut values: Vec<Value> = Vec::with_capacity(end / 2 + 1);
    let mut comma: Option<Span> = None;
    // Nearly every list is made of values with a comma behind each, and one more.
    while let [value, separator, after @ ..] = rest.rest
        && separator.kind == TokenKind::Symbol(Symbol::Comma)
        && let Some(form) = form(*value)
    {
        values.push(Value { span: value.span, form });
        comma = Some(separator.span);
        rest.rest = after;
    }
    let filled = !values.is_empty();
    let (uncommaed, excused) = (false, false);
    ListReader { rest, open: open.span, closed, values, uncommaed, comma, filled, excused, inner: 0, errors }.read()
}

/// Reads a list of which there may be something to tell, behind its parenthesis and the values that are plain.
struct ListReader<'t, 'e> {
    rest: Tokens<'t>,
    /// The parenthesis that opens it.
    open: Span,
    /// Whether another one closes it.
    closed: bool,
    values: Vec<Value>,
    /// Whether there are two values without a comma between them.
    uncommaed: bool,
    /// The comma behind what was read last.
    comma: Option<Span>,
    /// Whether anything stands in the list.
    filled: bool,
    /// Whether something stood here that was told of already and may have been meant as a comma or a value.
    excused: bool,
    /// How many parentheses are open inside of the list.
    inner: usize,
    errors: &'e mut Errors,
}

impl<'t> ListReader<'t, '_> {
    fn read(mut self) -> Result<(Tokens<'t>, Option<Operand>), nom::Err<NoMatch>> {
        while let Some(kind) = self.rest.peek() {
            match kind {
                TokenKind::Symbol(Symbol::Close) if self.inner > 0 => {
                    self.inner -= 1;
                    self.rest = self.rest.skip(1);
                }
                TokenKind::Symbol(Symbol::Close) => {
                    self.close();
                    break;
                }
                TokenKind::Symbol(Symbol::Comma) => self.comma(),
                TokenKind::Word | TokenKind::Quoted => self.value()?,
                kind if connective(kind).is_some() && self.joins_values() => self.connective(),
                // The list was not closed: what follows are conditions again.
                kind if connective(kind).is_some() && !self.closed && self.inner == 0 => break,
                kind if connective(kind).is_some() && self.rest.is_operand(1) => {
                    self.errors.note(catalogue::expected_in_list(self.rest.span(), self.rest.text_at(0)));
                    self.rest = skip_inside(self.rest).0;
                }
                TokenKind::Keyword(keyword) if connective(kind).is_none() => self.keyword(keyword),
                _ => self.stray(kind),
            }
        }
        if self.uncommaed {
            self.missing_commas();
        }
        let operand = (!self.values.is_empty()).then_some(Operand::List(self.values));
        Ok((self.rest, operand))
    }

    /// The parenthesis that ends it.
    fn close(&mut self) {
        let close = self.rest.span();
        self.rest = self.rest.skip(1);
        match self.comma {
            _ if self.excused => {}
            Some(comma) if self.filled => self.errors.note(catalogue::missing_list_value(comma).fix(comma, "")),
            Some(comma) => self.errors.note(catalogue::missing_list_value(comma)),
            None if !self.filled => self.errors.note(catalogue::empty_list(self.open.to(close))),
            None => {}
        }
    }

    fn comma(&mut self) {
        let span = self.rest.span();
        if !self.excused && (self.comma.is_some() || !self.filled) {
            self.errors.note(catalogue::missing_list_value(span));
            self.excused = true;
        }
        self.comma = Some(span);
        self.rest = self.rest.skip(1);
    }

    fn value(&mut self) -> Result<(), nom::Err<NoMatch>> {
        self.uncommaed |= self.comma.is_none() && !self.excused && !self.values.is_empty();
        let (after, value) = value(self.rest)?;
        self.values.push(value);
        self.rest = after;
        self.settle();
        Ok(())
    }

    /// Tells of commas that are missing, wherever they are, at the first place: they are one mistake.
    #[cold]
    fn missing_commas(&mut self) {
        let source = self.rest.context.text;
        // As spreadsheets have it where numbers have decimal commas.
        let is_semicolon = |span: Span| span.of(source).bytes().all(|byte| byte == b';');
        // Between them there are blanks and comments, or a reserved word that a mistake was told of at.
        let tokens = |gap: Span| lex(gap.of(source)).tokens;
        let passed = |gap: Span| {
            tokens(gap).iter().all(|token| match token.kind {
                TokenKind::Keyword(keyword) => keyword != Keyword::Not && connective(token.kind).is_none(),
                TokenKind::Word => token.span.of(gap.of(source)).bytes().all(|byte| byte == b';'),
                _ => false,
            })
        };
        let mut spans: Vec<Span> = self.values.iter().map(|value| value.span).collect();
        // Those alone are values, for want of others.
        if spans.iter().filter(|span| !is_semicolon(**span)).count() > 1 {
            spans.retain(|span| !is_semicolon(*span));
        }
        let pairs = || {
            let pairs = spans.iter().copied().zip(spans.iter().copied().skip(1));
            pairs.filter(|(left, right)| passed(Span::new(left.end, right.start)))
        };
        let (Some((left, right)), Some((_, last))) = (pairs().next(), pairs().next_back()) else { return };
        let parted = |span: Span| {
            let text = span.of(source);
            let bare = tokens(span).last().is_some_and(|token| token.kind == TokenKind::Word);
            let kept = text.trim_end_matches(';');
            if bare && !kept.is_empty() { kept } else { text }
        };
        let (mut fixed, mut end) = (String::new(), left.start);
        for (left, right) in pairs() {
            let gap = Span::new(left.end, right.start);
            let blank = if gap.is_empty() || !tokens(gap).is_empty() { " " } else { gap.of(source) };
            fixed += &format!("{},{blank}", parted(Span::new(end, left.end)));
            end = right.start;
        }
        fixed += parted(Span::new(end, last.end));
        let error = catalogue::missing_comma(left.to(right), left.to(last), left.to(last).of(source), &fixed);
        // `(vip', gold')`: what stands between two marks is what separates values.
        let is_torn = |span: &Span| {
            let text = span.of(source);
            let inside = text.trim_matches(['"', '\'']);
            inside.len() < text.len() && (inside.starts_with([',', ' ']) || inside.ends_with([',', ' ']))
        };
        self.errors.note(match spans.iter().any(is_torn) {
            true => Diagnostic { fix: None, ..error }.help("a quotation mark is missing, or one is too many"),
            false => error,
        });
    }

    /// Whether a connective stands in the place of a comma: `IN (open OR pending)`.
    fn joins_values(&self) -> bool {
        let behind_value = self.filled && self.comma.is_none() && !self.excused;
        self.closed && behind_value && self.rest.is_value(1) && !self.rest.is_operand(1)
    }

    fn connective(&mut self) {
        self.errors.note(catalogue::connective_in_list(self.rest.span(), self.rest.text_at(0)));
        self.excuse();
    }

    /// A reserved word, which was meant as a value.
    fn keyword(&mut self, keyword: Keyword) {
        self.errors.note(match keyword {
            Keyword::Missing => catalogue::missing_in_list(self.rest.span(), self.rest.text_at(0)),
            Keyword::Not if self.rest.is_value(1) => catalogue::not_in_list(self.rest.span(), self.rest.text_at(0)),
            _ => catalogue::keyword_value(self.rest.span(), self.rest.text_at(0)),
        });
        self.rest = self.rest.skip(1);
        self.settle();
    }

    /// What has no place in a list.
    fn stray(&mut self, kind: TokenKind) {
        let opens = kind == TokenKind::Symbol(Symbol::Open);
        if opens && self.rest.context.unclosed.binary_search(&self.rest.span()).is_err() {
            self.inner += 1;
        }
        self.errors.note(catalogue::expected_in_list(self.rest.span(), self.rest.text_at(0)));
        self.excuse();
    }

    /// Behind a value, or what was meant as one.
    fn settle(&mut self) {
        (self.comma, self.filled, self.excused) = (None, true, false);
    }

    /// Behind what was told of, and may have been meant as a comma or a value.
    fn excuse(&mut self) {
        (self.comma, self.excused) = (None, true);
        self.rest = self.rest.skip(1);
    }
}

/// Skips to the parenthesis that closes the list.
fn skip_inside(input: Tokens<'_>) -> (Tokens<'_>, Span) {
    let mut rest = input;
    loop {
        let (after, span) = skip_to_boundary(rest);
        if after.peek().is_none() || after.peek() == Some(TokenKind::Symbol(Symbol::Close)) {
            return (after, span);
        }
        rest = after;
    }
}

/// `status IN open, pending`
fn bare_list<'t>(
    found: Found,
    input: Tokens<'t>,
    errors: &mut Errors,
) -> Result<(Tokens<'t>, Option<Operand>), nom::Err<NoMatch>> {
    // `created_at IN the last 7 days`
    if let Some((rest, right)) = span_of_time(input, found.operator == Operator::NotIn) {
        let place = found.span.to(consumed(input, rest));
        errors.push(catalogue::operator_and_value(place, place.of(input.context.text), place, &right));
        return Ok((rest, None));
    }
    let Ok((mut rest, first)) = value(input) else {
        errors.push(catalogue::missing_list(found.span, found.operator.as_str()));
        let rest = if input.is_boundary(0) { input } else { skip_to_boundary(input).0 };
        return Ok((rest, None));
    };
    let mut values = vec![first];
    // `IN vip, bug but not muted`
    while !rest.begins_condition(0)
        && !goes_on(rest)
        && let Ok((after, next)) = preceded(opt(symbol(Symbol::Comma)), value).parse(rest)
    {
        if after.is_operator(0) {
            break;
        }
        values.push(next);
        rest = after;
    }
    errors.push(catalogue::list_expected(consumed(input, rest), &listed(&values, input.context.text)));
    Ok((rest, Some(Operand::List(values))))
}

/// The values as a list has them; where words stand side by side, those with capital letters and those that commas part from
/// others are one value: `in New York`, `in Jonas Feld, 3`.
fn listed(values: &[Value], source: &str) -> String {
    let spelled = |value: &Value| value.span.of(source);
    let is_title = |value: &Value| spelled(value).starts_with(char::is_uppercase);
    let parts = |left: &Value, right: &Value| Span::new(left.span.end, right.span.start).of(source).contains(',');
    let pieces: Vec<&[Value]> = values.chunk_by(|left, right| !parts(left, right)).collect();
    let is_plain = |piece: &&[Value]| piece.len() == 1 || piece.iter().all(|value| value.form == Form::Word);
    let is_known = pieces.len() > 1 || values.iter().all(is_title);
    if !is_known || !pieces.iter().all(is_plain) {
        return values.iter().map(spelled).collect::<Vec<_>>().join(", ");
    }
    let one = |piece: &&[Value]| match piece {
        [only] => spelled(only).to_owned(),
        words => quote(&words.iter().map(spelled).collect::<Vec<_>>().join(" ")),
    };
    pieces.iter().map(one).collect::<Vec<_>>().join(", ")
}
