//! Tokens → tree. The parser always returns a tree; errors ride in its output.
//!
//! Expressions live here, conditions in [`condition`]. Each function has its production of `grammar/cwql.ebnf` above it.

use nom::Parser;
use nom::branch::alt;
use nom::combinator::{map, opt};

use super::condition::{PLAIN, condition, plain};
use super::connective::{is_but, is_nor, joins, mistaken, negates_on, sets_against};
use super::input::{Context, Errors, NoMatch, Recovered, Step, Tokens, connective, keyword, symbol};
use super::operator::consumed;
use super::several::{as_number, as_one, is_labels, is_title, range_from, signs_between, with_values};
use super::token::{Keyword, Symbol, Token, TokenKind};
use super::tree::{Condition, Connective, Expr, Operand, Operator};
use crate::diagnostic::{Code, Diagnostic, Fix, catalogue, nearest_within};
use crate::source::Span;

/// How deep parentheses and NOTs may be nested.
///
/// Every stage walks the tree recursively, so this bounds the stack that a query can make it use: at the
/// limit a debug build stays within 2 MiB and a release build within 512 KiB (tests/limits.rs).
pub const MAX_DEPTH: u8 = 64;

/// How many conditions a query may have; a list counts once.
pub const MAX_CONDITIONS: usize = 10_000;

/// How many problems of one text are told: a text of garbage has one at every byte.
pub const MAX_ERRORS: usize = 100;

/// Keeps a problem, unless there are more already than will be told.
pub(super) fn note(errors: &mut Vec<Diagnostic>, error: Diagnostic) {
    if errors.len() <= MAX_ERRORS {
        errors.push(error);
    }
}

pub(super) fn note_all(errors: &mut Vec<Diagnostic>, more: impl IntoIterator<Item = Diagnostic>) {
    let room = (MAX_ERRORS + 1).saturating_sub(errors.len());
    errors.extend(more.into_iter().take(room));
}

/// Parses the tokens of `text` into a tree; no tree if there is no token. Whether there are parentheses, the lexer knows.
pub(super) fn parse_tokens(
    text: &str,
    tokens: &[Token],
    parentheses: bool,
    errors: &mut Vec<Diagnostic>,
) -> Option<Expr> {
    let lexical = errors.iter().any(|error| error.code == Code::UnclosedQuote);
    let broken: Vec<Span> = broken_tokens(tokens, errors);
    let (unclosed, unmatched) = if parentheses { unbalanced(tokens) } else { Default::default() };
    let all = tokens;
    let kept: Vec<Token>;
    let tokens = if unmatched.is_empty() {
        tokens
    } else {
        kept = tokens.iter().copied().filter(|token| unmatched.binary_search(&token.span).is_err()).collect();
        &kept
    };
    if tokens.is_empty() {
        note_all(errors, unmatched.iter().map(|&close| catalogue::unmatched_parenthesis(close)));
        return None;
    }
    let context = Context { unclosed, ..Context::of(text) };
    let input = Tokens { rest: tokens, context: &context, depth: 0 };
    // Productions succeed once they have begun, and `expression` begins anywhere.
    let (_, (tree, found)) = expression(input).ok()?;
    if found.is_empty() && unmatched.is_empty() && context.unclosed.is_empty() {
        return Some(tree);
    }
    // A parenthesis that opens at the end is not a second condition besides.
    let dangling = tokens.last().filter(|last| last.kind == TokenKind::Symbol(Symbol::Open)).map(|last| last.span);
    let mut found = found.into_vec();
    found.retain(|error| {
        let doubled = error.code == Code::MissingConnective && Some(error.span()) == dangling;
        !doubled && !is_consequence(error, &broken)
    });
    let mut balance = Vec::new();
    let alone = unmatched.iter().filter(|&&close| !told_beside(close, all, &mut found));
    note_all(&mut balance, alone.map(|&close| catalogue::unmatched_parenthesis(close)));
    // An unclosed quote has most likely swallowed the parenthesis; behind a nesting too deep nothing was read.
    if !lexical {
        let stopped =
            found.iter().find(|error| error.code == Code::TooDeep).map_or(u32::MAX, |error| error.span().start);
        let open = context.unclosed.iter().take_while(|open| open.start < stopped);
        let alone = open.filter(|&&open| !told_beside(open, all, &mut found));
        note_all(&mut balance, alone.map(|&open| catalogue::unclosed_parenthesis(open)));
    }
    errors.extend(balance);
    errors.extend(found);
    Some(tree)
}

/// Whether the tokens of `text` are a query without a mistake.
pub(super) fn is_right(text: &str, tokens: &[Token]) -> bool {
    let (unclosed, unmatched) = unbalanced(tokens);
    if !unclosed.is_empty() || !unmatched.is_empty() {
        return false;
    }
    let context = Context { strict: true, ..Context::of(text) };
    let read = expression(Tokens { rest: tokens, context: &context, depth: 0 });
    read.is_ok_and(|(_, (_, found))| found.is_empty())
}

/// Whether a mistake was found right beside a parenthesis without partner. Both are one typing mistake then:
/// `status ) open` lacks an operator, and mending that mends the parenthesis.
fn told_beside(parenthesis: Span, tokens: &[Token], found: &mut [Diagnostic]) -> bool {
    let Ok(at) = tokens.binary_search_by_key(&parenthesis.start, |token| token.span.start) else { return false };
    let closes = tokens.get(at).is_some_and(|token| token.kind == TokenKind::Symbol(Symbol::Close));
    let before = at.checked_sub(1).and_then(|at| tokens.get(at)).map(|token| token.span.end);
    let behind = tokens.get(at + 1).map(|token| token.span.start);
    found.iter_mut().any(|error| {
        let span = error.span();
        if span.encloses(parenthesis) || span.start == parenthesis.start {
            return true;
        }
        let lacks = matches!(
            error.code,
            Code::MissingValue
                | Code::MissingOperator
                | Code::ListExpected
                | Code::ListNotAllowed
                | Code::RangeExpected
        );
        let told = (closes || lacks) && before == Some(span.end)
            || (closes || error.code == Code::UnexpectedToken) && behind == Some(span.start);
        // `IN 1, 2)`: the list gets its opening parenthesis, and has the closing one.
        if told
            && error.code == Code::ListExpected
            && let Some(fix) = &mut error.fix
        {
            fix.span = fix.span.to(parenthesis);
        }
        told
    })
}

/// The tokens whose closing mark is missing.
fn broken_tokens(tokens: &[Token], errors: &[Diagnostic]) -> Vec<Span> {
    let unclosed = errors.iter().filter(|error| matches!(error.code, Code::UnclosedQuote | Code::UnclosedBacktick));
    unclosed
        .filter_map(|error| {
            let after = tokens.partition_point(|token| token.span.start <= error.span().start);
            tokens.get(after.checked_sub(1)?).map(|token| token.span)
        })
        .collect()
}

/// Whether an error only says that a text without its closing mark stands in the wrong place: the mark's place is
/// not known, so that nothing is known of what follows the text either.
fn is_consequence(error: &Diagnostic, broken: &[Span]) -> bool {
    let span = error.span();
    // `NO' IN (…)`: the mark has slipped into what stands before it.
    broken.iter().any(|token| span.start <= token.end && token.start <= span.end)
}

/// The places of opening parentheses without a closing one, and the other way round; both in order.
fn unbalanced(tokens: &[Token]) -> (Vec<Span>, Vec<Span>) {
    let (mut open, mut unmatched) = (Vec::new(), Vec::new());
    for token in tokens {
        match token.kind {
            TokenKind::Symbol(Symbol::Open) => open.push(token.span),
            TokenKind::Symbol(Symbol::Close) if open.pop().is_none() => unmatched.push(token.span),
            _ => {}
        }
    }
    (open, unmatched)
}

// expression = disjunction ;
// disjunction = conjunction { or conjunction } ;
// conjunction = negation { and negation } ;
fn expression(input: Tokens<'_>) -> Step<'_, Recovered<Expr>> {
    // Nearly every one begins with a condition of which there is nothing to tell, and has a second one.
    if let Some(condition) = plain(input)
        && let rest = input.skip(PLAIN)
        && let Some(level) = rest.peek().and_then(connective)
    {
        let operands = operands(Expr::Condition(condition), rest);
        if level == Connective::Or {
            return chain_of(level, operands, Errors::NONE, rest);
        }
        let (rest, first) = chain_of(level, operands, Errors::NONE, rest)?;
        return chain_from(Connective::Or, first, rest);
    }
    let (rest, first) = operand(Connective::Or, input)?;
    chain_from(Connective::Or, first, rest)
}

/// A chain whose first operand has been read.
fn chain_from(level: Connective, (first, errors): Recovered<Expr>, input: Tokens<'_>) -> Step<'_, Recovered<Expr>> {
    let ends = match input.peek() {
        None | Some(TokenKind::Symbol(Symbol::Close)) => true,
        Some(kind) => level == Connective::And && connective(kind) == Some(Connective::Or),
    };
    if ends {
        return Ok((input, (first, errors)));
    }
    chain_of(level, operands(first, input), errors, input)
}

/// The first operand of a chain, with room for more: a condition and what joins it are four tokens; a short chain must
/// not take the room of a long one.
fn operands(first: Expr, rest: Tokens<'_>) -> Vec<Expr> {
    let mut operands = Vec::with_capacity((rest.rest.len() / 4 + 2).min(8));
    operands.push(first);
    operands
}

/// A chain of which some operands have been read.
fn chain_of(
    level: Connective,
    mut operands: Vec<Expr>,
    mut errors: Errors,
    mut input: Tokens<'_>,
) -> Step<'_, Recovered<Expr>> {
    loop {
        while let Some(condition) = plain_link(level, input) {
            operands.push(Expr::Condition(condition));
            input = input.skip(1 + PLAIN);
        }
        let Some(last) = operands.last() else { break };
        let Ok((rest, link)) = link(level, last, input) else { break };
        let mistake = match link {
            Link::Operand => None,
            Link::Mistake(error) => Some(*error),
            Link::Broken(error, tree) => {
                errors.note(*error);
                operands.push(tree);
                input = rest;
                continue;
            }
            Link::Unnamed(values) => {
                operands.push(note_unnamed(*values, &mut errors));
                input = rest;
                continue;
            }
        };
        let (rest, (operand, mut found)) = operand(level, rest)?;
        if let Some(mistake) = mistake {
            found.insert_first(mistake);
        }
        errors.note_all(found);
        operands.push(operand);
        input = rest;
    }
    let chain = match operands.len() {
        1 => operands.swap_remove(0),
        _ => Expr::Chain { connective: level, operands },
    };
    Ok((input, (chain, errors)))
}

fn operand(level: Connective, input: Tokens<'_>) -> Step<'_, Recovered<Expr>> {
    match level {
        Connective::And => negation(input),
        Connective::Or => {
            let (rest, first) = negation(input)?;
            match rest.peek() {
                // No chain of ANDs goes on here.
                None | Some(TokenKind::Keyword(Keyword::Or) | TokenKind::Symbol(Symbol::Close)) => Ok((rest, first)),
                _ => chain_from(Connective::And, first, rest),
            }
        }
    }
}

/// A connective and a condition of which there is nothing to tell: how most chains go on.
#[inline]
fn plain_link(level: Connective, input: Tokens<'_>) -> Option<Condition> {
    let sign = input.peek().filter(|kind| is_sign(*kind))?;
    // In a chain of ORs, a chain of ANDs may begin with the condition.
    let begins = level == Connective::Or && input.peek_at(1 + PLAIN).and_then(connective) == Some(Connective::And);
    if connective(sign) == Some(level) && !begins { plain(input.skip(1)) } else { None }
}

/// Whether a token is none of the mistaken signs, if it is a connective.
fn is_sign(kind: TokenKind) -> bool {
    matches!(kind, TokenKind::Keyword(_) | TokenKind::Symbol(Symbol::AndAnd | Symbol::OrOr))
}

/// How a chain goes on behind an operand.
enum Link {
    /// With an operand.
    Operand,
    /// With an operand, and something is wrong before it.
    Mistake(Box<Diagnostic>),
    /// With something that is no operand, already skipped.
    Broken(Box<Diagnostic>, Expr),
    /// With values of the condition before it.
    Unnamed(Box<Unnamed>),
}

/// Values that no attribute and no operator stands before: `open` of `status != pending OR open`.
struct Unnamed {
    error: Diagnostic,
    /// Where they stand.
    span: Span,
    /// The operator before them, which they were meant for.
    operator: Span,
    /// The condition before them with all of the values.
    fix: Fix,
}

/// Tells of values without an attribute. Where the operator before them was told of already, as in `status is open or
/// pending`, one correction mends both: they are one mistake.
#[cold]
fn note_unnamed(values: Unnamed, errors: &mut Errors) -> Expr {
    let Unnamed { error, span, operator, fix } = values;
    match errors.last_mut() {
        Some(told) if told.span() == operator && told.fix.is_some() => catalogue::write_instead(told, fix),
        _ => errors.note(error),
    }
    Expr::Error(span)
}

fn link<'t>(level: Connective, last: &Expr, input: Tokens<'t>) -> Step<'t, Link> {
    match input.peek() {
        // Nearly always a name and an operator stand behind the connective, or a parenthesis.
        Some(kind)
            if is_sign(kind)
                && connective(kind) == Some(level)
                && (input.peek_at(1) == Some(TokenKind::Symbol(Symbol::Open))
                    || input.peek_at(1) == Some(TokenKind::Word) && input.is_operator(2)) =>
        {
            Ok((input.skip(1), Link::Operand))
        }
        Some(kind) if connective(kind) == Some(level) => joined(level, last, input),
        // An AND can only stand behind an OR's operand if that operand was a mistake.
        Some(kind) if level == Connective::Or && connective(kind).is_some() => joined(Connective::And, last, input),
        Some(TokenKind::Symbol(Symbol::Comma)) if level == Connective::Or => comma(last, input),
        None | Some(TokenKind::Symbol(Symbol::Close | Symbol::Comma)) => Err(nom::Err::Error(NoMatch)),
        Some(kind) if connective(kind).is_some() => Err(nom::Err::Error(NoMatch)),
        // Two conditions side by side are read as AND, as in most search boxes. In a chain of ORs nothing comes here: its
        // operands are chains of ANDs, and what is told of between them ends where a condition does.
        Some(_) if input.begins_condition(0) && !is_but(input) => {
            Ok((input, Link::Mistake(catalogue::missing_connective(input.span()).into())))
        }
        Some(_) if negates_on(last, input) => joined(Connective::And, last, input),
        // One word between two conditions was meant to join them.
        Some(_) if joins(input) => {
            let (rest, error) = mistaken(input);
            Ok((rest, Link::Mistake(error.into())))
        }
        Some(_) => {
            let (rest, span) = skip_to_boundary(input);
            let error = catalogue::expected_connective(input.span(), input.text_at(0));
            Ok((rest, Link::Broken(error.into(), Expr::Error(span))))
        }
    }
}

/// Behind AND or OR: an operand, or one of the known mistakes.
fn joined<'t>(level: Connective, last: &Expr, input: Tokens<'t>) -> Step<'t, Link> {
    let behind = input.skip(1);
    let (connective_span, spelled) = (input.span(), input.text_at(0));
    let wrong_sign = matches!(input.peek(), Some(TokenKind::Symbol(Symbol::Ampersand | Symbol::Bar)));
    if wrong_sign
        && let Some(previous) = last_condition(last)
        && let Some(value) = previous.operand.values().last()
        && let span = value.span.to(behind.span())
        && span.of(input.context.text).bytes().all(|byte| !byte.is_ascii_whitespace())
        && behind.is_value(0)
        && behind.is_boundary(1)
    {
        let (rest, error) = signs_between(level, previous, value.span, input);
        return Ok((rest, Link::Broken(error.into(), Expr::Error(connective_span.to(consumed(input, rest))))));
    }
    let mut rest = behind;
    // `AND AND`, `AND OR`: the first one counts.
    let (after, more) = connectives(rest);
    rest = after;
    let mistake = if wrong_sign {
        Some(catalogue::single_sign(connective_span, spelled, level.as_str()))
    } else {
        more.map(|more| catalogue::doubled_connective(connective_span.to(more), more, spelled))
    };
    if rest.peek().is_none() || rest.peek() == Some(TokenKind::Symbol(Symbol::Close)) {
        let error = mistake.unwrap_or_else(|| catalogue::missing_condition_after(connective_span, spelled));
        return Ok((rest, Link::Broken(error.into(), Expr::Error(Span::at(connective_span.end)))));
    }
    if rest.is_operator(0)
        && let Some(error) = mistake
    {
        // `AND AND = open`: the second one stands where a name should.
        let (rest, span) = skip_to_boundary(rest);
        return Ok((rest, Link::Broken(error.into(), Expr::Error(span))));
    }
    let nor = |rest: Tokens<'_>| is_nor(input) && is_nor(rest);
    let ends = |rest: Tokens<'_>| rest.is_boundary(1) || nor(rest.skip(1)) || sets_against(rest.skip(1));
    if rest.is_value(0)
        && ends(rest)
        && !rest.begins_condition(0)
        && let Some(previous) = last_asked(last, |condition| is_one(condition) || condition.operator == Operator::NotIn)
    {
        let from = rest.span();
        let mut to = from;
        let mut values = vec![rest.text_at(0)];
        rest = rest.skip(1);
        // `status = open or pending or snoozed` is one mistake.
        while (rest.peek().and_then(connective) == Some(level) || nor(rest)) && rest.is_value(1) && ends(rest.skip(1)) {
            values.push(rest.text_at(1));
            to = rest.skip(1).span();
            rest = rest.skip(2);
        }
        let span = from.to(to);
        let source = input.context.text;
        let place = previous.span.to(span);
        // `> 5 and 10` is a range, and what else is ordered is no alternative to it.
        let range = range_from(source, previous, level, &values);
        let is_sure = range.is_some() || !previous.operator.is_ordered();
        let replacement = range.unwrap_or_else(|| as_one(source, place, with_values(source, previous, level, &values)));
        let written = input.peek().and_then(connective).map_or(spelled, |level| level.as_str());
        let error = catalogue::bare_value(span, &values, written, &replacement);
        let one = previous.operand.values().next().map_or(span, |first| first.span.to(span)).of(input.context.text);
        let is_one = level == Connective::And && is_title(one) && !is_labels(&previous.name.text(input.context.text));
        let error = if is_one { catalogue::or_one_value(error, one) } else { error };
        let fix = Fix { span: place, replacement };
        return Ok((rest, unnamed(error, span, previous, fix, is_sure)));
    }
    Ok((rest, mistake.map_or(Link::Operand, |mistake| Link::Mistake(mistake.into()))))
}

/// Skips connectives side by side, `AND but NOT`; an attribute may be called `but`.
fn connectives(input: Tokens<'_>) -> (Tokens<'_>, Option<Span>) {
    let mut rest = input;
    let mut span: Option<Span> = None;
    while rest.peek().and_then(connective).is_some() || is_but(rest) && !rest.is_operator(1) {
        span = Some(span.map_or(rest.span(), |span| span.to(rest.span())));
        rest = rest.skip(1);
    }
    (rest, span)
}

/// `status = open, pending` and `status = open, team = 8`.
fn comma<'t>(last: &Expr, input: Tokens<'t>) -> Step<'t, Link> {
    let span = input.span();
    let mut rest = input;
    let mut values = Vec::new();
    while rest.peek() == Some(TokenKind::Symbol(Symbol::Comma)) && rest.is_value(1) && rest.is_boundary(2) {
        values.push(rest.text_at(1));
        rest = rest.skip(2);
    }
    if values.is_empty() {
        rest = input.skip(1);
        // With nothing behind it, or `AND`, the comma is too many.
        if rest.is_boundary(0) {
            let error = catalogue::sign_for_connective(span, "comma").fix(span, "");
            return Ok((rest, Link::Broken(error.into(), Expr::Error(span))));
        }
        let error = catalogue::sign_for_connective(span, "comma");
        // `status = open, but not muted`
        if is_but(rest) {
            return Ok((rest.skip(1), Link::Mistake(error.fix(span.to(rest.span()), " AND").into())));
        }
        return Ok((rest, Link::Mistake(error.into())));
    }
    let Some(previous) = last_condition(last) else {
        let error = catalogue::sign_for_connective(span, "comma");
        return Ok((rest, Link::Broken(error.into(), Expr::Error(span))));
    };
    let source = input.context.text;
    let place = previous.span.to(consumed(input, rest));
    let several = as_one(source, place, with_values(source, previous, Connective::Or, &values));
    let (error, replacement, is_sure) = match (as_number(source, previous, &values), previous.operator.of_list()) {
        (Some(number), None) => (catalogue::grouped_number(span, &number), number, true),
        (number, list) => {
            // `163,164` may just as well be two ids.
            let first = previous.operand.values().next().map_or(0, |value| value.span.len());
            let number = number.as_deref().map(|number| (number, values.len() > 1 || first < 3));
            (catalogue::comma_list(span, list.is_some(), &several, number), several, number.is_none())
        }
    };
    Ok((rest, unnamed(error, span, previous, Fix { span: place, replacement }, is_sure)))
}

/// Values behind a condition, and the condition that was meant; whether it surely was.
fn unnamed(error: Diagnostic, span: Span, previous: &Condition, fix: Fix, is_sure: bool) -> Link {
    let error = if is_sure { error.fix(fix.span, fix.replacement.clone()) } else { error };
    Link::Unnamed(Unnamed { error, span, operator: previous.operator_span, fix }.into())
}

/// The condition that was written last, if it compares with a value.
pub(super) fn last_condition(expr: &Expr) -> Option<&Condition> {
    last_asked(expr, is_one)
}

fn is_one(condition: &Condition) -> bool {
    matches!(condition.operand, Operand::One(_))
}

/// The condition that was written last, if it asks what is looked for.
fn last_asked(expr: &Expr, asks: impl Fn(&Condition) -> bool) -> Option<&Condition> {
    let mut last = expr;
    loop {
        last = match last {
            Expr::Chain { operands, .. } => operands.last()?,
            Expr::Not { operand, .. } => operand,
            Expr::Condition(condition) => return Some(condition).filter(|condition| asks(condition)),
            _ => return None,
        };
    }
}

// negation = not negation | group | condition ;
fn negation(input: Tokens<'_>) -> Step<'_, Recovered<Expr>> {
    match input.peek() {
        Some(TokenKind::Keyword(Keyword::Not) | TokenKind::Symbol(Symbol::Bang)) => not(input),
        Some(TokenKind::Symbol(Symbol::Open)) => parenthesized(input),
        _ => match plain(input) {
            Some(condition) => Ok((input.skip(PLAIN), (Expr::Condition(condition), Errors::NONE))),
            None => alt((misspelt_not, condition, stray)).parse(input),
        },
    }
}

// not = "NOT" | "!" ;
fn not(input: Tokens<'_>) -> Step<'_, Recovered<Expr>> {
    let (rest, sign) = alt((keyword(Keyword::Not), symbol(Symbol::Bang))).parse(input)?;
    if input.depth >= MAX_DEPTH {
        return too_deep(input, sign.span);
    }
    if rest.is_boundary(0) {
        let error = catalogue::missing_condition_after(sign.span, input.text_at(0));
        return Ok((rest, (Expr::Error(sign.span), error.into())));
    }
    let (rest, (operand, errors)) = negation(rest.deeper())?;
    let span = sign.span.to(operand.span());
    Ok((rest.at_depth(input.depth), (Expr::Not { span, operand: Box::new(operand) }, errors)))
}

/// `NTO status = open`, `noot (status = open)`
fn misspelt_not(input: Tokens<'_>) -> Step<'_, Recovered<Expr>> {
    let (span, text) = (input.span(), input.text_at(0));
    let is_near = || !nearest_within(text, ["NOT"], |_| 1).is_empty();
    let operand = matches!(input.peek_at(1), Some(TokenKind::Word | TokenKind::Symbol(Symbol::Open)));
    // `note NOT IN (5)`: an attribute may have such a name.
    let begins = input.peek() == Some(TokenKind::Word) && operand && !input.is_operator(1) && input.begins_group(1);
    if !begins || !is_near() {
        return Err(nom::Err::Error(NoMatch));
    }
    if input.depth >= MAX_DEPTH {
        return too_deep(input, span);
    }
    let (rest, (operand, mut errors)) = negation(input.skip(1).deeper())?;
    errors.insert_first(catalogue::misspelt_not(span, text));
    let span = span.to(operand.span());
    Ok((rest.at_depth(input.depth), (Expr::Not { span, operand: Box::new(operand) }, errors)))
}

// group = "(" expression ")" ;
fn parenthesized(input: Tokens<'_>) -> Step<'_, Recovered<Expr>> {
    let (rest, open) = symbol(Symbol::Open).parse(input)?;
    if input.depth >= MAX_DEPTH {
        return too_deep(input, open.span);
    }
    if let Ok((rest, close)) = symbol(Symbol::Close).parse(rest) {
        let span = open.span.to(close.span);
        return Ok((rest, (Expr::Error(span), catalogue::empty_parentheses(span).into())));
    }
    if rest.rest.is_empty() {
        // Reported as unclosed already.
        return Ok((rest, (Expr::Error(open.span), Errors::NONE)));
    }
    let (rest, (inner, errors)) = expression(rest.deeper())?;
    let (rest, close) = opt(map(symbol(Symbol::Close), |close| close.span)).parse(rest.at_depth(input.depth))?;
    let span = open.span.to(close.unwrap_or(inner.span()));
    Ok((rest, (Expr::Paren { span, inner: Box::new(inner) }, errors)))
}

/// Beyond the depth limit nothing more is read: whatever followed would be a consequence.
fn too_deep(input: Tokens<'_>, span: Span) -> Step<'_, Recovered<Expr>> {
    let rest = input.skip(input.rest.len());
    Ok((rest, (Expr::Error(span), catalogue::too_deep(span, MAX_DEPTH).into())))
}

/// Where an operand should stand and none does.
fn stray(input: Tokens<'_>) -> Step<'_, Recovered<Expr>> {
    let Some(kind) = input.peek() else { return Err(nom::Err::Error(NoMatch)) };
    if connective(kind).is_some() {
        // `AND status = open`: the operand behind it is read all the same.
        let (rest, span) = connectives(input);
        let span = span.unwrap_or(input.span());
        let error = catalogue::missing_condition_before(span, span.of(input.context.text));
        return after_stray(rest, span, error);
    }
    let span = input.span();
    let error = catalogue::expected_condition(span, input.text_at(0));
    match kind {
        TokenKind::Symbol(Symbol::Comma) => after_stray(input.skip(1), span, error),
        _ => {
            let (rest, span) = skip_to_boundary(input);
            Ok((rest, (Expr::Error(span), error.into())))
        }
    }
}

/// Behind something that stood before the operand, or in the place of its name.
fn after_stray(rest: Tokens<'_>, span: Span, error: Diagnostic) -> Step<'_, Recovered<Expr>> {
    if rest.is_boundary(0) {
        return Ok((rest, (Expr::Error(span), error.into())));
    }
    if rest.is_operator(0) {
        let (rest, skipped) = skip_to_boundary(rest);
        return Ok((rest, (Expr::Error(span.to(skipped)), error.into())));
    }
    let (rest, (tree, mut errors)) = negation(rest)?;
    errors.insert_first(error);
    Ok((rest, (tree, errors)))
}

/// Skips at least one token, whole parentheses at a time, to where a person would go on reading.
pub(super) fn skip_to_boundary(input: Tokens<'_>) -> (Tokens<'_>, Span) {
    let mut span = input.span();
    let mut rest = input;
    let mut depth = 0u32;
    while let Some(kind) = rest.peek() {
        match kind {
            TokenKind::Symbol(Symbol::Open) => depth += 1,
            TokenKind::Symbol(Symbol::Close) if depth == 0 => break,
            TokenKind::Symbol(Symbol::Close) => depth -= 1,
            _ if depth == 0 && rest.rest.len() < input.rest.len() && rest.is_boundary(0) => break,
            _ => {}
        }
        span = span.to(rest.span());
        rest = rest.skip(1);
    }
    (rest, span)
}
