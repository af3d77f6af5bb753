//! Operators, and what other languages, habits and slips put in their place.

use nom::Parser;
use nom::branch::alt;
use nom::combinator::{opt, value as yields};
use nom::sequence::pair;

use super::age::{length, span_of_time};
use super::condition::value;
use super::connective::goes_on;
use super::input::{Context, Errors, NoMatch, Recovered, Step, Tokens, is_not, keyword, symbol, word};
use super::parser::skip_to_boundary;
use super::pattern::foreign_like;
use super::spelling::{NEGATION, NONE_WORDS, asks_for_end, is_contraction, may_be_negated, quote, without_negation};
use super::token::{KEYWORDS, Keyword, Symbol, Token, TokenKind};
use super::tree::Operator;
use super::vocabulary::{
    AUXILIARIES, BEFORE_AMOUNTS, BEFORE_NAMES, BEING, DAYS, FOREIGN, NEGATIONS, PERIODS, PHRASES, RELATIVE,
    WITHOUT_LIKE, WITHOUT_LIKE_BEFORE_AMOUNTS,
};
use crate::diagnostic::{Diagnostic, catalogue, nearest, nearest_within};
use crate::source::{Span, as_pattern, has_any};

/// An operator and where it stands.
#[derive(Clone, Copy)]
pub(super) struct Found {
    pub(super) operator: Operator,
    pub(super) span: Span,
}

// The operators of `comparison`, `membership`, `between` and `presence`, and what is mistaken for one.
pub(super) fn operator(input: Tokens<'_>) -> Step<'_, Recovered<Found>> {
    if input.context.strict {
        return alt((comparison, exact, like, older_than)).parse(input);
    }
    match input.peek() {
        Some(TokenKind::Symbol(_)) => alt((comparison, mistaken_comparison, foreign)).parse(input),
        Some(TokenKind::Keyword(_)) => alt((like, misspelt, exact, misplaced_not, foreign, bare_presence)).parse(input),
        Some(TokenKind::Word) => alt((like, older_than, newer_than, foreign, misplaced_not, misspelt)).parse(input),
        _ => Err(nom::Err::Error(NoMatch)),
    }
}

/// An operator that was written otherwise, from `begin` up to `after`.
fn instead<'t>(begin: Tokens<'t>, after: Tokens<'t>, operator: Operator) -> Step<'t, Recovered<Found>> {
    let span = consumed(begin, after);
    let error = catalogue::unknown_operator(span, span.of(begin.context.text), operator.as_str());
    Ok((after, (Found { operator, span }, error.into())))
}

/// An operator that begins with a keyword.
fn exact(input: Tokens<'_>) -> Step<'_, Recovered<Found>> {
    if input.peek() == Some(TokenKind::Keyword(Keyword::Is)) { presence(input) } else { word_operator(input) }
}

/// How many words an operator has at most: `IS NOT PRESENT`, `NOT STARTS WITH`.
const LONGEST: usize = 3;

/// An operator with a word in it that is nearly a keyword, if it is one with that keyword in its place, and something
/// that it can be asked of follows: `mail_subject CONATINS foo`, `team IS MISISNG`, `label NTO IN (vip)`.
fn misspelt(input: Tokens<'_>) -> Step<'_, Recovered<Found>> {
    let no_match = || nom::Err::Error(NoMatch);
    let is_spelled = |token: &&Token| matches!(token.kind, TokenKind::Word | TokenKind::Keyword(_));
    let words = input.rest.iter().take_while(is_spelled).take(LONGEST).count();
    let Some(first) = input.rest.iter().take(words).position(|token| token.kind == TokenKind::Word) else {
        return Err(no_match());
    };
    // One token more shows what follows.
    let mut mended: Vec<Token> = input.rest.iter().take(words + 1).copied().collect();
    for (place, token) in mended.iter_mut().enumerate().skip(first).take(words - first) {
        if token.kind == TokenKind::Word
            && let Some(keyword) = near_keyword(input.text_at(place))
        {
            token.kind = TokenKind::Keyword(keyword);
        }
    }
    let (after, (found, errors)) = exact(Tokens { rest: &mended, ..input }).map_err(|_| no_match())?;
    let count = mended.len() - after.rest.len();
    let follows = match found.operator {
        Operator::IsPresent | Operator::IsMissing => input.is_boundary(count),
        Operator::In | Operator::NotIn => input.peek_at(count) == Some(TokenKind::Symbol(Symbol::Open)),
        _ => after.is_value(0),
    };
    if !errors.is_empty() || count <= first || !follows {
        return Err(no_match());
    }
    let rest = input.skip(count);
    let span = consumed(input, rest);
    let error = catalogue::unknown_operator(span, span.of(input.context.text), found.operator.as_str());
    Ok((rest, (Found { operator: found.operator, span }, error.into())))
}

/// The keyword that a word nearly is. One letter too many, too few, wrong or in the wrong place is allowed in the short
/// ones as well.
fn near_keyword(word: &str) -> Option<Keyword> {
    const SHORT: usize = 3;
    let near = nearest_within(word, KEYWORDS.iter().map(|(spelling, _)| *spelling), |length| match length {
        0..=SHORT => 1,
        _ => length / 3,
    });
    let spelling = near.first()?;
    let is_negated = is_negated(word, spelling);
    KEYWORDS.iter().find(|(known, _)| known == spelling).filter(|_| !is_negated).map(|(_, keyword)| *keyword)
}

/// The operator that a word nearly spells: `inculdes`, or the `nto` of `label nto vip`.
pub(super) fn near_operator(word: &str) -> Option<Operator> {
    const SHORTEST: usize = 5;
    if near_keyword(word) == Some(Keyword::Not) {
        return Some(Operator::NotEqual);
    }
    let spellings = FOREIGN.iter().map(|(spelling, _)| *spelling).filter(|spelling| spelling.len() >= SHORTEST);
    let near = nearest_within(word, spellings, |length| length / 4).first().copied()?;
    let known = FOREIGN.iter().find(|(spelling, _)| *spelling == near).map(|(_, operator)| *operator);
    known.filter(|operator| !is_negated(word, near) && !matches!(operator, Operator::IsPresent | Operator::IsMissing))
}

/// Whether a word near to another one means the opposite of it: `ncontains`.
fn is_negated(word: &str, spelling: &str) -> bool {
    let distance = |word: &str| (0..=word.len()).find(|limit| !nearest_within(word, [spelling], |_| *limit).is_empty());
    if may_be_negated(word) && !word.starts_with('-') {
        return true;
    }
    // `nnull` is a slip.
    !spelling.starts_with('N') && affirmations(word).any(|rest| distance(rest) < distance(word))
}

/// What is left of an operator without a syllable that negates it: `nonempty`, `ncontains`.
pub(super) fn affirmations(word: &str) -> impl Iterator<Item = &str> {
    let initial = word.strip_prefix(['n', 'N', NEGATION]).map(|rest| rest.trim_start_matches(['_', '-']));
    without_negation(word).chain(initial)
}

// comparison = equal | not_equal | less | less_equal | greater | greater_equal | contains | not_contains | …
fn comparison(input: Tokens<'_>) -> Step<'_, Recovered<Found>> {
    let Some(operator) = input.peek().and_then(sign) else { return Err(nom::Err::Error(NoMatch)) };
    Ok((input.skip(1), (Found { operator, span: input.span() }, Errors::NONE)))
}

/// The comparison that a sign alone means.
pub(crate) fn sign(kind: TokenKind) -> Option<Operator> {
    let TokenKind::Symbol(sign) = kind else { return None };
    Some(match sign {
        Symbol::Equal => Operator::Equal,
        Symbol::NotEqual => Operator::NotEqual,
        Symbol::Less => Operator::Less,
        Symbol::LessEqual => Operator::LessEqual,
        Symbol::Greater => Operator::Greater,
        Symbol::GreaterEqual => Operator::GreaterEqual,
        Symbol::Tilde => Operator::Contains,
        Symbol::NotTilde => Operator::NotContains,
        _ => return None,
    })
}

fn mistaken_comparison(input: Tokens<'_>) -> Step<'_, Recovered<Found>> {
    let Some(TokenKind::Symbol(sign)) = input.peek() else { return Err(nom::Err::Error(NoMatch)) };
    let (span, text) = (input.span(), input.text_at(0));
    // `team !exists`
    if sign == Symbol::Bang
        && let Some((after, operator @ (Operator::IsPresent | Operator::IsMissing))) = affirmed(input.skip(1))
        && after.is_boundary(0)
    {
        return instead(input, after, negative(operator));
    }
    let (operator, error) = match sign {
        Symbol::ReversedGreater => (Operator::GreaterEqual, catalogue::reversed_operator(span, text, ">=")),
        Symbol::ReversedLess => (Operator::LessEqual, catalogue::reversed_operator(span, text, "<=")),
        Symbol::Match => (Operator::Contains, catalogue::unknown_operator(span, text, Operator::Contains.as_str())),
        Symbol::TripleEqual => (Operator::Equal, catalogue::unknown_operator(span, text, "=")),
        Symbol::NotDoubleEqual => (Operator::NotEqual, catalogue::unknown_operator(span, text, "!=")),
        // `status ! open`
        Symbol::Bang if input.is_value(1) && input.is_boundary(2) => {
            (Operator::NotEqual, catalogue::misplaced_not(span))
        }
        _ => return Err(nom::Err::Error(NoMatch)),
    };
    Ok((input.skip(1), (Found { operator, span }, error.into())))
}

// membership = [ "NOT" ] "IN" ;  between = [ "NOT" ] "BETWEEN" ;
// contains = "~" | "CONTAINS" ;  not_contains = "!~" | "NOT" "CONTAINS" ;  starts_with = [ "NOT" ] "STARTS" "WITH" ;
fn word_operator(input: Tokens<'_>) -> Step<'_, Recovered<Found>> {
    let (rest, negated) = opt(keyword(Keyword::Not)).parse(input)?;
    let (after, (positive, negative)) = alt((
        yields((Operator::In, Operator::NotIn), keyword(Keyword::In)),
        yields((Operator::Contains, Operator::NotContains), keyword(Keyword::Contains)),
        yields((Operator::Between, Operator::NotBetween), keyword(Keyword::Between)),
        yields((Operator::StartsWith, Operator::NotStartsWith), keyword(Keyword::Starts)),
    ))
    .parse(rest)?;
    let (after, errors) = if positive == Operator::StartsWith {
        match keyword(Keyword::With).parse(after) {
            Ok((after, _)) => (after, Errors::NONE),
            // Two operators, which is told of behind this one.
            Err(_) if after.is_operator(0) => (after, Errors::NONE),
            Err(_) => (after, catalogue::starts_without_with(rest.span()).into()),
        }
    } else {
        (after, Errors::NONE)
    };
    let operator = if negated.is_some() { negative } else { positive };
    Ok((after, (Found { operator, span: consumed(input, after) }, errors)))
}

// like = [ "NOT" ] ( "LIKE" | "ILIKE" ) ; its pattern is in quotes.
fn like(input: Tokens<'_>) -> Step<'_, Recovered<Found>> {
    let (rest, negated) = opt(keyword(Keyword::Not)).parse(input)?;
    if !rest.is_like(0) {
        return Err(nom::Err::Error(NoMatch));
    }
    let after = rest.skip(1);
    let operator = if negated.is_some() { Operator::NotLike } else { Operator::Like };
    Ok((after, (Found { operator, span: consumed(input, after) }, Errors::NONE)))
}

// presence = "IS" [ "NOT" ] ( present | missing ) ;
fn presence(input: Tokens<'_>) -> Step<'_, Recovered<Found>> {
    let (rest, _) = keyword(Keyword::Is).parse(input)?;
    // `status IS NOT IN (open)`, `team IS = 8`
    if rest.is_operator(0)
        && rest.peek() != Some(TokenKind::Keyword(Keyword::Is))
        && let Ok((after, (found, _))) = operator(rest)
    {
        return instead(input, after, found.operator);
    }
    // `created_at IS AFTER 2026-06-01`, `unread_count IS NOT MORE THAN 2`
    let negated = rest.peek() == Some(TokenKind::Keyword(Keyword::Not));
    let is_presence = matches!(rest.peek_at(1), Some(TokenKind::Keyword(Keyword::Present | Keyword::Missing)));
    if (rest.peek() == Some(TokenKind::Word) || negated && !is_presence)
        && let Ok(found) = foreign_behind(input, rest)
    {
        return Ok(found);
    }
    let (rest, not) = opt(keyword(Keyword::Not)).parse(rest)?;
    let present = alt((yields(true, keyword(Keyword::Present)), yields(false, keyword(Keyword::Missing)))).parse(rest);
    if let Ok((after, present)) = present {
        let operator = if present != not.is_some() { Operator::IsPresent } else { Operator::IsMissing };
        return Ok((after, (Found { operator, span: consumed(input, after) }, Errors::NONE)));
    }
    let absent = NONE_WORDS.iter().any(|word| rest.is_word(0, word));
    if (absent || rest.is_word(0, "assigned")) && rest.is_boundary(1) {
        let operator = if absent == not.is_some() { Operator::IsPresent } else { Operator::IsMissing };
        let after = rest.skip(1);
        return instead(input, after, operator);
    }
    // `status is open`; the word `none` is a value of `=` too.
    let operator = if not.is_some() { Operator::NotEqual } else { Operator::Equal };
    let span = consumed(input, rest);
    let error = if rest.is_boundary(0) {
        catalogue::is_without_presence(span)
    } else {
        catalogue::is_value(span, operator.as_str(), rest.text_at(0))
    };
    Ok((rest, (Found { operator, span }, error.into())))
}

// older_than = "OLDER" "THAN" ;
fn older_than(input: Tokens<'_>) -> Step<'_, Recovered<Found>> {
    let operator = Operator::OlderThan;
    if let Ok((rest, (older, than))) = pair(word("older"), word("than")).parse(input) {
        return Ok((rest, (Found { operator, span: older.span.to(than.span) }, Errors::NONE)));
    }
    // `created_at OLDER 7d`, `created_at OLDR THAN 7d`
    let is_near = |place: usize, word: &str| {
        let text = input.text_at(place);
        input.peek_at(place) == Some(TokenKind::Word) && !nearest(text, [word]).is_empty() && !is_negated(text, word)
    };
    let rest = match !input.context.strict && is_near(0, "older") {
        true if is_near(1, "than") => input.skip(2),
        true => input.skip(1),
        false => return Err(nom::Err::Error(NoMatch)),
    };
    if !is_age(rest) {
        return Err(nom::Err::Error(NoMatch));
    }
    instead(input, rest, operator)
}

/// Whether a length of time comes next, such as `7d`.
fn is_age(input: Tokens<'_>) -> bool {
    let word = input.text_at(0);
    input.peek() == Some(TokenKind::Word)
        && word.starts_with(|c: char| c.is_ascii_digit())
        && word.bytes().all(|byte| byte.is_ascii_alphanumeric())
}

/// `created_at NEWER THAN 7d`, `created_at NEWER 7d`, `created_at LATER THAN 2026-06-01`
fn newer_than(input: Tokens<'_>) -> Step<'_, Recovered<Found>> {
    let newer = alt((word("newer"), word("younger"), word("later")));
    let (rest, (newer, than)) = pair(newer, opt(word("than"))).parse(input)?;
    // `NEWER THAN 7 days` is told of with its value.
    let is_length = rest.is_boundary(2) && length(rest).is_some();
    if !rest.is_value(0) || than.is_none() && !is_age(rest) || !rest.is_boundary(1) && is_length {
        return Err(nom::Err::Error(NoMatch));
    }
    let (span, value) = (than.map_or(newer.span, |than| newer.span.to(than.span)), rest.text_at(0));
    // `7 days ago` is a date in three words, of which its reader tells.
    if rest.is_word(2, "ago") {
        let error = catalogue::unknown_operator(span, span.of(input.context.text), ">");
        return Ok((rest, (Found { operator: Operator::Greater, span }, error.into())));
    }
    let back = if is_age(rest) { "-" } else { "" };
    // The value is underlined too: by itself it may be no date.
    let after = if rest.is_word(1, "ago") { rest.skip(2) } else { rest.skip(1) };
    let error =
        catalogue::unknown_operator(consumed(input, after), span.of(input.context.text), &format!("> {back}{value}"));
    Ok((rest, (Found { operator: Operator::Greater, span }, error.into())))
}

/// `status NOT open`, `status NOT = open`, `status never open`
fn misplaced_not(input: Tokens<'_>) -> Step<'_, Recovered<Found>> {
    // A text may begin with `no`.
    let Some(rest) = negation(input).filter(|_| !input.is_word(0, "no")) else { return Err(nom::Err::Error(NoMatch)) };
    if let Ok((after, _)) = symbol(Symbol::Equal).parse(rest) {
        let span = consumed(input, after);
        return Ok((after, (Found { operator: Operator::NotEqual, span }, catalogue::misplaced_not(span).into())));
    }
    // `mail_subject not blank`
    if NONE_WORDS.iter().any(|word| rest.is_word(0, word)) && rest.is_boundary(1) {
        let (after, operator) = (rest.skip(1), Operator::IsPresent);
        return instead(input, after, operator);
    }
    // `team NOT EXISTS`
    let asks_for_presence =
        named(rest).is_some_and(|(_, operator)| matches!(operator, Operator::IsPresent | Operator::IsMissing));
    // Of `was not Ada Lovelace` the verb tells that no text begins there.
    let is_told = is_contraction(input.text_at(0)) || BEING.iter().any(|word| input.is_word(0, word));
    if rest.is_value(0) && (rest.is_boundary(1) || is_told) && !asks_for_presence {
        let span = consumed(input, rest);
        let error = catalogue::misplaced_not(span);
        return Ok((rest, (Found { operator: Operator::NotEqual, span }, error.into())));
    }
    Err(nom::Err::Error(NoMatch))
}

/// `assignee NOT NULL`, `assignee MISSING`: what IS stands before.
fn bare_presence(input: Tokens<'_>) -> Step<'_, Recovered<Found>> {
    let (rest, not) = opt(keyword(Keyword::Not)).parse(input)?;
    let words = (yields(true, keyword(Keyword::Present)), yields(false, keyword(Keyword::Missing)));
    let (after, present) = alt(words).parse(rest)?;
    if !after.is_boundary(0) {
        return Err(nom::Err::Error(NoMatch));
    }
    let operator = if present == not.is_some() { Operator::IsMissing } else { Operator::IsPresent };
    instead(input, after, operator)
}

// `referer LIKE pricing`, `referer NOT LIKE pricing`, `unread_count AT LEAST 5`
pub(super) fn foreign(input: Tokens<'_>) -> Step<'_, Recovered<Found>> {
    foreign_behind(input, input)
}

/// As [`foreign`], where the operator begins before it, with an `IS`.
fn foreign_behind<'t>(begin: Tokens<'t>, input: Tokens<'t>) -> Step<'t, Recovered<Found>> {
    let no_match = || nom::Err::Error(NoMatch);
    let (after, operator) = named(input).ok_or_else(no_match)?;
    let takes_value = !matches!(operator, Operator::IsPresent | Operator::IsMissing);
    if takes_value == after.is_boundary(0) {
        return Err(no_match());
    }
    let span = consumed(begin, after);
    let spelled = span.of(input.context.text);
    if spelled.to_ascii_lowercase().ends_with("like") && after.is_value(0) {
        let (operator, error) = foreign_like(span, spelled, operator, after);
        return Ok((after, (Found { operator, span }, error.into())));
    }
    let error = catalogue::unknown_operator(span, spelled, operator.as_str());
    Ok((after, (Found { operator, span }, error.into())))
}

/// The operator that words of another language are, negated or not, and the rest behind them.
pub(super) fn named(input: Tokens<'_>) -> Option<(Tokens<'_>, Operator)> {
    let Some(rest) = negation(input) else { return affirmed(input) };
    // `not in the last 7 days` is told of with its value.
    if span_of_time(input, false).is_some() {
        return None;
    }
    let known = match rest.peek()? {
        TokenKind::Symbol(_) => alt((comparison, mistaken_comparison)).parse(rest),
        TokenKind::Keyword(Keyword::Present | Keyword::Missing) => bare_presence(rest),
        TokenKind::Keyword(_) => word_operator(rest),
        TokenKind::Word => older_than(rest),
        _ => return None,
    };
    let compared = || {
        let newer = ["newer than", "younger than", "later than"].iter().find_map(|words| phrase(rest, words));
        let absent = || NONE_WORDS.iter().any(|word| rest.is_word(0, word)) && rest.is_boundary(1);
        let absent = || absent().then(|| (rest.skip(1), Operator::IsMissing));
        newer.map(|after| (after, Operator::Greater)).or_else(absent)
    };
    let known = known.ok().map(|(after, (found, _))| (after, found.operator));
    match known.or_else(|| affirmed(rest)).or_else(compared) {
        Some((after, operator)) => Some((after, negative(operator))),
        // `has no`
        None => affirmed(input),
    }
}

/// The rest behind what negates an operator: `not`, `!`, `never`, `does not`.
pub(super) fn negation(input: Tokens<'_>) -> Option<Tokens<'_>> {
    let is_auxiliary = AUXILIARIES.iter().any(|word| input.is_word(0, word));
    let rest = input.skip(usize::from(is_auxiliary));
    let negates = || {
        let word = rest.text_at(0);
        let is_known = is_contraction(word) || NEGATIONS.iter().any(|known| known.eq_ignore_ascii_case(word));
        rest.peek() == Some(TokenKind::Word) && is_known
    };
    (rest.peek().is_some_and(is_not) || negates()).then(|| rest.skip(1))
}

/// The operator that words of another language are, if nothing stands before them that negates it.
fn affirmed(input: Tokens<'_>) -> Option<(Tokens<'_>, Operator)> {
    if input.peek() != Some(TokenKind::Word) {
        return None;
    }
    let text = input.text_at(0);
    if let Some(found) = PHRASES.iter().find_map(|(words, operator)| Some((phrase(input, words)?, *operator))) {
        return Some(found);
    }
    if let Some((_, operator)) = FOREIGN.iter().find(|(spelling, _)| spelling.eq_ignore_ascii_case(text)) {
        return Some((input.skip(1), *operator));
    }
    let rest = input.skip(1);
    if let Some(found) = plural(input) {
        return Some(found);
    }
    let before_amount = BEFORE_AMOUNTS.iter().find(|(spelling, _)| spelling.eq_ignore_ascii_case(text));
    if let Some((_, operator)) = before_amount.filter(|_| is_amount(rest)) {
        return Some((rest, *operator));
    }
    let before_name = BEFORE_NAMES.iter().any(|spelling| spelling.eq_ignore_ascii_case(text));
    if before_name && rest.is_value(0) && rest.is_boundary(1) {
        return Some((rest, Operator::Equal));
    }
    // `not_starts with`
    let with = rest.peek() == Some(TokenKind::Keyword(Keyword::With));
    let divided = input.context.divided;
    let in_two = || in_one_word(text, " with", divided).map(|operator| (rest.skip(1), operator));
    if with { in_two() } else { in_one_word(text, "", divided).map(|operator| (rest, operator)) }
}

/// `are open`, `were missing`, `was after 2026-06-01`: what IS would say there.
fn plural(input: Tokens<'_>) -> Option<(Tokens<'_>, Operator)> {
    fn verb<'t>(input: Tokens<'t>) -> Option<Tokens<'t>> {
        BEING.iter().find_map(|verb| phrase(input, verb))
    }
    fn is_question(input: Tokens<'_>, rest: Tokens<'_>) -> bool {
        let is_name = rest.text_at(0).starts_with(|c: char| "([{".contains(c) || c.is_uppercase());
        input.is_word(0, "are") && !is_name
    }
    // Of verbs side by side each would look at those behind it.
    let rest = verb(input).filter(|rest| verb(*rest).is_none())?;
    let is_none = || NONE_WORDS.iter().any(|word| rest.is_word(0, word));
    match rest.peek()? {
        TokenKind::Keyword(Keyword::Present) if rest.is_boundary(1) => Some((rest.skip(1), Operator::IsPresent)),
        TokenKind::Keyword(Keyword::Missing) if rest.is_boundary(1) => Some((rest.skip(1), Operator::IsMissing)),
        TokenKind::Word if rest.is_boundary(1) && is_none() => Some((rest.skip(1), Operator::IsMissing)),
        TokenKind::Word | TokenKind::Quoted if rest.is_boundary(1) || goes_on(rest.skip(1)) => {
            Some((rest, Operator::Equal))
        }
        // `are [vip, bug]`, `are Support Desk`; a text is a question that begins with `are`, and none with the others.
        TokenKind::Word | TokenKind::Symbol(Symbol::Open) if !is_question(input, rest) => {
            Some(affirmed(rest).unwrap_or((rest, Operator::Equal)))
        }
        TokenKind::Keyword(_) => word_operator(rest).ok().map(|(after, (found, _))| (after, found.operator)),
        _ => affirmed(rest),
    }
}

/// The operator of several words that are written as one, `not_contains` and `does-not-contain`, of one with a negation
/// before it, `ncontains`, or of a shell, `-notlike`; `more` stands behind it, and so often it `was_divided` before.
fn in_one_word(whole: &str, more: &str, was_divided: u8) -> Option<Operator> {
    /// As long as any is: `is_greater_than_or_equal_to`.
    const LONGEST: usize = 32;
    /// Of `-notlike` the sign and the NOT. Each way to divide what is left is tried, so that more would be too many.
    const TIMES: u8 = 2;
    if whole.len() > LONGEST || was_divided == TIMES {
        return None;
    }
    let read = |text: &str| read(text, was_divided + 1);
    let text = whole.strip_prefix('-').unwrap_or(whole);
    let divided = text.replace(['_', '-'], " ");
    let in_words = divided != text || text.len() < whole.len();
    let known = if in_words { read(&(divided + more)) } else { None };
    known.or_else(|| affirmations(text).find_map(|rest| read(&format!("not {rest}{more}"))))
}

/// The operator that a text is, from its beginning to its end.
fn read(text: &str, divided: u8) -> Option<Operator> {
    let (context, tokens) = (Context { divided, ..Context::of(text) }, super::lexer::lex(text).tokens);
    let input = Tokens { rest: &tokens, context: &context, depth: 0 };
    let is = input.peek() == Some(TokenKind::Keyword(Keyword::Is));
    let (after, operator) = match exact(input) {
        Ok((after, (found, errors))) if errors.is_empty() => (after, found.operator),
        _ => named(input.skip(usize::from(is)))?,
    };
    after.rest.is_empty().then_some(operator)
}

/// The rest behind words that stand in this order.
pub(super) fn phrase<'t>(input: Tokens<'t>, words: &str) -> Option<Tokens<'t>> {
    let mut rest = input;
    for word in words.split(' ') {
        let spelled = matches!(rest.peek(), Some(TokenKind::Word | TokenKind::Keyword(_)));
        if !spelled || !rest.text_at(0).eq_ignore_ascii_case(word) {
            return None;
        }
        rest = rest.skip(1);
    }
    Some(rest)
}

/// Whether a number or a date comes next.
pub(super) fn is_amount(input: Tokens<'_>) -> bool {
    let text = input.text_at(0);
    let begins = text.trim_start_matches(['"', '\'', '-', '+']).starts_with(|c: char| c.is_ascii_digit());
    let is_day = |at: usize| DAYS.split(' ').any(|day| input.is_word(at, day));
    let is_period = || {
        RELATIVE.iter().any(|word| input.is_word(0, word))
            && (is_day(1) || PERIODS.iter().any(|word| input.is_word(1, word)))
    };
    input.is_value(0) && (begins || is_day(0) || is_period())
}

/// The opposite of an operator.
pub(super) fn negative(operator: Operator) -> Operator {
    match operator {
        Operator::Contains => Operator::NotContains,
        Operator::NotContains => Operator::Contains,
        Operator::StartsWith => Operator::NotStartsWith,
        Operator::NotStartsWith => Operator::StartsWith,
        Operator::Like => Operator::NotLike,
        Operator::NotLike => Operator::Like,
        Operator::Equal => Operator::NotEqual,
        Operator::NotEqual => Operator::Equal,
        Operator::Greater => Operator::LessEqual,
        Operator::GreaterEqual => Operator::Less,
        Operator::Less | Operator::OlderThan => Operator::GreaterEqual,
        Operator::LessEqual => Operator::Greater,
        Operator::In => Operator::NotIn,
        Operator::NotIn => Operator::In,
        Operator::Between => Operator::NotBetween,
        Operator::NotBetween => Operator::Between,
        Operator::IsPresent => Operator::IsMissing,
        Operator::IsMissing => Operator::IsPresent,
    }
}

/// What was put behind a name in the place of an operator, and is none: `created_at WITHIN 7d`, `referer REGEXP x`. The
/// rest is behind what was meant as the value.
#[cold]
pub(super) fn meant_operator(input: Tokens<'_>) -> Step<'_, Diagnostic> {
    let source = input.context.text;
    if let Some((rest, right)) = span_of_time(input, false) {
        let span = consumed(input, rest);
        return Ok((rest, catalogue::operator_and_value(span, span.of(source), span, &right)));
    }
    let words = negation(input).unwrap_or(input);
    let rest_behind = |spellings: &[&str]| spellings.iter().find_map(|spelling| phrase(words, spelling));
    let before_amounts = || rest_behind(WITHOUT_LIKE_BEFORE_AMOUNTS).filter(|rest| is_amount(*rest));
    match rest_behind(WITHOUT_LIKE).or_else(before_amounts).filter(|rest| rest.is_value(0)) {
        Some(rest) => {
            let span = consumed(input, rest);
            let (after, _) = skip_to_boundary(rest);
            if let Some(like) = at_end(span.of(source), rest) {
                let not = if words.rest.len() < input.rest.len() { "NOT " } else { "" };
                let place = consumed(input, after);
                return Ok((
                    after,
                    catalogue::operator_and_value(span, span.of(source), place, &format!("{not}{like}")),
                ));
            }
            Ok((after, catalogue::no_such_operator(span, span.of(source))))
        }
        None => Err(nom::Err::Error(NoMatch)),
    }
}

/// `LIKE "%x"` of `ENDS WITH x`: what asks for the end of a text.
fn at_end(spelled: &str, input: Tokens<'_>) -> Option<String> {
    let is_plain = !has_any(input.text_at(0), [b'*', b'%', b'$']);
    let (rest, value) = value(input).ok().filter(|_| asks_for_end(spelled) && is_plain)?;
    let text = value.text(input.context.text);
    rest.is_boundary(0).then(|| format!("{} {}", Operator::Like.as_str(), quote(&format!("%{}", as_pattern(&text)))))
}

/// The place of the tokens between two inputs.
pub(super) fn consumed(from: Tokens<'_>, to: Tokens<'_>) -> Span {
    let count = from.rest.len() - to.rest.len();
    let last = from.rest.get(count.saturating_sub(1)).map_or(from.span(), |last| last.span);
    from.span().to(last)
}
