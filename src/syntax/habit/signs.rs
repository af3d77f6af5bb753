//! Slips within words and signs: a missing blank, an apostrophe, a sign that no keyboard here has.

use super::super::age::span_of_time;
use super::super::connective::{leaves_one_out, leaving_out};
use super::super::input::Tokens;
use super::super::lexer::{apostrophized, lex};
use super::super::operator::{affirmations, consumed, operator, phrase, sign};
use super::super::several::{as_one, is_long_text, of_values};
use super::super::spelling::{APOSTROPHES, NEGATION, is_invisible, quote};
use super::super::token::{
    KEYWORDS, Keyword, Symbol, Token, TokenKind, is_blank, is_plain_name, is_smart_quote, is_word_char,
    smart_quote_pairs,
};
use super::super::tree::{Connective, Name, Operator};
use super::super::vocabulary::is_known;
use super::{Habit, Place, connective, is_comparing, is_not, operators, without_closing};
use crate::diagnostic::{Fix, catalogue};
use crate::source::Span;

/// `"status": "open"`: whether a text begins with a name in quotes and a colon.
fn is_pair(text: &str) -> bool {
    let quoted = ['"', '\''].into_iter().find_map(|mark| text.strip_prefix(mark)?.split_once(mark));
    let value = quoted.and_then(|(name, behind)| behind.trim_start().strip_prefix(':').filter(|_| is_plain_name(name)));
    value.is_some_and(|value| !value.trim().is_empty())
}

/// Whether a key with its quotes stands before a colon.
fn has_key(text: &str, key: &str) -> bool {
    text.split_once(key).is_some_and(|(_, behind)| behind.trim_start().starts_with(':'))
}

/// JSON and rows of tables: none of it is a part of a query.
pub(super) fn pasted(place: Place<'_>) -> Option<Habit> {
    if !place.before.is_empty() {
        return None;
    }
    let text = place.source();
    let span = place.at.span().to(place.at.rest.last()?.span);
    let told = match text.trim_start().as_bytes() {
        _ if ["\"attribute_key\"", "\"filter_operator\""].iter().any(|key| has_key(text, key)) => {
            catalogue::pasted_payload(span)
        }
        [b'{' | b'[', ..] if text.contains('"') || text.contains("':") => catalogue::pasted_json(span),
        _ if is_pair(text.trim_start()) => catalogue::pasted_json(span),
        _ if ["select(", "map("].iter().any(|function| text.contains(function))
            && text.trim_start().starts_with(['.', 's', 'm'])
            || text.trim_start().starts_with('.') && text.contains(" | ") =>
        {
            catalogue::pasted(span, "a jq program")
        }
        // Two signs are a connective.
        [b'|', second, ..] if *second != b'|' => catalogue::pasted(span, "a table"),
        _ => return None,
    };
    Habit::told(told, span, "x = x")
}

/// `status = open -- all of them`, `// all`, `/* all */`: the comments of other languages.
pub(super) fn foreign_comment(place: Place<'_>) -> Option<Habit> {
    let (source, input) = (place.source(), place.at);
    let (span, text) = (input.span(), input.text_at(0));
    let spelled = ["/*", "//"].into_iter().find(|sign| text.starts_with(sign)).or((text == "--").then_some("--"))?;
    if input.peek() != Some(TokenKind::Word) || place.previous().is_some_and(is_comparing) {
        return None;
    }
    let behind = source.get(span.start as usize + spelled.len()..)?;
    let line = behind.lines().next().unwrap_or_default();
    let (inner, length) = match spelled {
        "/*" => behind.split_once("*/").map(|(inner, _)| (inner, inner.len() + 2))?,
        _ => (line, line.len()),
    };
    let sign = Span::new(span.start, span.start + spelled.len() as u32);
    let all = Span::new(span.start, sign.end + length as u32);
    // What follows a comment of this language stands on the next line.
    let ends_line = line.get(length..).is_none_or(|rest| rest.trim().is_empty());
    let fixed = format!("# {}{}", inner.trim(), if ends_line { "" } else { "\n" });
    // A value may have such signs in it: `inbox = Shop // EU`.
    let on_line = place.before.last().filter(|last| {
        let gap = source.get(last.span.end as usize..span.start as usize);
        last.kind == TokenKind::Word && gap.is_some_and(|gap| !gap.contains('\n'))
    });
    // A query has more in it than a comment.
    let alone = place.before.is_empty() && source.get(all.end as usize..).is_none_or(|rest| rest.trim().is_empty());
    match on_line {
        None if !alone && !inner.contains('\n') => {
            Habit::mended(catalogue::foreign_comment(sign, spelled).fix(all, fixed))
        }
        _ => Habit::told(catalogue::comment_or_value(sign, spelled), all, "\n"),
    }
}

/// `--status:open`: an option, which nothing tells from a condition that is excluded twice.
pub(super) fn dashes(place: Place<'_>) -> Option<Habit> {
    let (input, text) = (place.at, place.at.text_at(0));
    let (name, value) = text.strip_prefix("--")?.split_once(':')?;
    let is_name = name.starts_with(char::is_alphabetic) && is_plain_name(name);
    if input.peek() != Some(TokenKind::Word) || !is_name || !place.begins() {
        return None;
    }
    let span = input.span();
    let sign = Span::new(span.start, span.start + 2);
    let trial = if value.is_empty() { "x =" } else { "x = x" };
    Habit::told(catalogue::dashes(sign, &format!("--{name}")), span, trial)
}

/// What stands in a chat or a list before a line: emoji, bullets, dashes, arrows.
fn is_ornament(c: char) -> bool {
    !c.is_ascii() && !c.is_alphanumeric() && !is_full_width(&c) && c != NEGATION
}

/// `¬ status = open`, `¬status = open`, `never status = open`, `never (status = open)`, `all except status = open`
pub(super) fn negation(place: Place<'_>) -> Option<Habit> {
    let (input, text) = (place.at, place.at.text_at(0));
    let all = ["all", "everything"].iter().find_map(|word| phrase(input, word)).unwrap_or(input);
    if place.begins()
        && let Some(rest) = leaving_out(all).filter(|rest| rest.begins_group(0))
    {
        let span = consumed(input, rest);
        let error = catalogue::misspelt_not(span, span.of(place.source()));
        return if leaves_one_out(input, rest) { Habit::mended(error) } else { None };
    }
    let is_sign = text.strip_prefix(NEGATION) == Some("");
    let compared = || operator(input.skip(2)).is_ok() || input.begins_group(1);
    let is_operand = || input.is_value(1) || input.peek_at(1) == Some(TokenKind::Symbol(Symbol::Open));
    let is_word = ["never", "isnt"].iter().any(|word| input.is_word(0, word)) && is_operand() && compared();
    let negates = place.begins() && (is_sign || is_word);
    negates.then(|| Habit::mended(catalogue::misspelt_not(input.span(), text)))?
}

/// Whether an ornament may say NOT: a cross, and a dash that stands at a name.
fn may_negate(spelled: &str, at_name: bool) -> bool {
    spelled.chars().any(|c| "❌🚫⛔✗✘✖✕×❎❗❕‼⁉≠⊘⊗∼￢∉🛑👎🙅✋".contains(c) || at_name && "−–—".contains(c))
}

/// `🔥 status = open`, `🔥status = open`, `• status = open`, `1. status = open`
pub(super) fn ornament(place: Place<'_>) -> Option<Habit> {
    let (source, input) = (place.source(), place.at);
    let (span, text) = (input.span(), input.text_at(0));
    let before = place.before.last().map_or(0, |token| token.span.end);
    let begins_line = source.get(before as usize..span.start as usize)?.contains('\n');
    let is_first = place.before.is_empty();
    if input.peek() != Some(TokenKind::Word) || !(place.begins() || begins_line) {
        return None;
    }
    let rest = text.trim_start_matches(is_ornament);
    let spelled = text.strip_suffix(rest)?;
    let numbered = rest.strip_suffix('.').is_some_and(|number| number.bytes().all(|byte| byte.is_ascii_digit()));
    let marks_item = spelled.is_empty() && (numbered || ["*", "-", "+"].contains(&rest));
    if marks_item || rest.is_empty() {
        let place = Span::new(span.start, input.rest.get(1)?.span.start);
        let begins = input.begins_condition(1);
        // Behind another condition no item begins but with its line.
        // Nor does one stand before a parenthesis.
        let is_group = input.peek_at(1) == Some(TokenKind::Symbol(Symbol::Open));
        let excludes = text == "-" && (is_group || !begins_line && !is_first);
        return match excludes || may_negate(text, false) {
            _ if !begins => None,
            true => Habit::told(catalogue::cross(span, text), place, ""),
            false => Habit::mended(catalogue::ornament(span, place, text)),
        };
    }
    // What is not seen is told of by its number.
    if spelled.chars().all(is_invisible) || !is_plain_name(rest) && !rest.contains(':') || !input.begins_condition(0) {
        return None;
    }
    let place = Span::new(span.start, span.start + spelled.len() as u32);
    if may_negate(spelled, true) {
        return Habit::told(catalogue::cross(place, spelled), place, "");
    }
    Habit::mended(catalogue::ornament(place, place, spelled))
}

/// `“status = open”`, `"status = open"`, `` `status = open` ``: quotation marks around a condition, or around the query.
pub(super) fn quoted_condition(place: Place<'_>) -> Option<Habit> {
    let (source, input) = (place.source(), place.at);
    let (span, raw) = (input.span(), input.text_at(0));
    let quoted = matches!(input.peek()?, TokenKind::Quoted | TokenKind::Backticked);
    if !quoted || !place.begins() || !input.is_boundary(1) {
        return None;
    }
    let mut inside = raw.chars();
    let (first, last) = (inside.next()?, inside.next_back()?);
    let inside = inside.as_str().trim();
    if first != last && !smart_quote_pairs(first, last) {
        return None;
    }
    let (tokens, context) = (lex(inside).tokens, super::Context::of(inside));
    let begins = Tokens { rest: &tokens, context: &context, depth: 0 }.begins_group(0);
    begins.then(|| Habit::mended(catalogue::quoted_condition(span, &as_one(source, span, inside.to_owned()))))?
}

/// `sta\u{AD}tus = open`
pub(super) fn invisible(place: Place<'_>) -> Option<Habit> {
    let text = place.at.text_at(0);
    if place.at.peek() != Some(TokenKind::Word) {
        return None;
    }
    let (at, character) = text.char_indices().find(|(_, c)| is_invisible(*c))?;
    let start = place.at.span().start + at as u32;
    let visible: String = text.chars().filter(|c| !is_invisible(*c)).collect();
    let place = place.at.span();
    Habit::mended(catalogue::invisible_character(
        Span::new(start, start + character.len_utf8() as u32),
        character,
        place,
        visible,
    ))
}

/// Signs of another width, which stand 0xFEE0 behind those of ASCII.
fn is_full_width(c: &char) -> bool {
    "＝＜＞！（），：～＂＇＆｜".contains(*c)
}

/// `status＝open`
pub(super) fn full_width(place: Place<'_>) -> Option<Habit> {
    let (span, text) = (place.at.span(), place.at.text_at(0));
    if place.at.peek() != Some(TokenKind::Word) || !text.chars().any(|c| is_full_width(&c)) {
        return None;
    }
    let narrow = |c: char| char::from_u32(u32::from(c) - 0xFEE0).unwrap_or(c);
    let fixed: String = text.chars().map(|c| if is_full_width(&c) { narrow(c) } else { c }).collect();
    let fixed = fixed.strip_suffix(':').map_or_else(|| fixed.clone(), |name| format!("{name} ="));
    Habit::mended(catalogue::full_width_signs(span, &fixed))
}

/// `created_at≥2026-06-01`
pub(super) fn glued_sign(place: Place<'_>) -> Option<Habit> {
    let (span, text) = (place.at.span(), place.at.text_at(0));
    let (at, sign) = text.char_indices().find(|(_, c)| matches!(c, '≠' | '≤' | '≥'))?;
    // Between blanks the parser knows it.
    if place.at.peek() != Some(TokenKind::Word) || at == 0 && text.len() == sign.len_utf8() {
        return None;
    }
    let right = match sign {
        '≠' => "!=",
        '≤' => "<=",
        _ => ">=",
    };
    let start = span.start + at as u32;
    let sign = Span::new(start, start + sign.len_utf8() as u32);
    Habit::mended(catalogue::unknown_operator(sign, sign.of(place.source()), right))
}

/// `openOR status = pending`, `assignee ISMISSING`: a keyword in capitals that runs into what is beside it, or several.
pub(super) fn glued_keyword(place: Place<'_>) -> Option<Habit> {
    let (span, text) = (place.at.span(), place.at.text_at(0));
    if place.at.peek() != Some(TokenKind::Word) || is_known(text) {
        return None;
    }
    let fixed = negated_keyword(text).or_else(|| divided_keywords(text)).or_else(|| parted(text))?;
    Habit::mended(catalogue::missing_blank(span, text, &fixed))
}

/// `NOT IN` of `nonIN`; `NNULL` is a slip.
fn negated_keyword(text: &str) -> Option<String> {
    let joins = |word: &str| ["AND", "OR", "NOT", "WITH", "NULL"].contains(&word);
    let is_keyword = |word: &&str| KEYWORDS.iter().any(|(spelling, _)| spelling == word) && !joins(word);
    affirmations(text).find(is_keyword).map(|keyword| format!("NOT {keyword}"))
}

/// `IS MISSING` of `ISMISSING`: two keywords or three, in any case.
fn divided_keywords(text: &str) -> Option<String> {
    // `NOT STARTS WITH`
    const LONGEST: usize = 13;
    if text.len() > LONGEST {
        return None;
    }
    let begun = KEYWORDS.iter().filter_map(|(spelling, _)| {
        let (first, rest) = text.split_at_checked(spelling.len()).filter(|(_, rest)| !rest.is_empty())?;
        first.eq_ignore_ascii_case(spelling).then_some((first, rest))
    });
    let is_keyword = |word: &str| KEYWORDS.iter().any(|(spelling, _)| word.eq_ignore_ascii_case(spelling));
    begun.into_iter().find_map(|(first, rest)| match is_keyword(rest) {
        true => Some(format!("{first} {rest}")),
        false => Some(format!("{first} {}", divided_keywords(rest)?)),
    })
}

/// `open OR status` of `openORstatus`; the letters beside the keyword are small ones.
pub(crate) fn parted(text: &str) -> Option<String> {
    let spellings = KEYWORDS.iter().map(|(spelling, _)| *spelling).chain(["OLDER"]);
    let places = spellings.flat_map(|spelling| text.match_indices(spelling));
    // Of `NOTIN`, the longer one.
    let ends = |c: Option<char>| c.is_none_or(|c| !c.is_ascii_uppercase());
    let (at, spelling) = places
        .filter(|(at, spelling)| {
            let (before, behind) = (text.get(..*at), text.get(at + spelling.len()..));
            let before = before.and_then(|before| before.chars().next_back());
            let behind = behind.and_then(|behind| behind.chars().next());
            ends(before) && ends(behind) && (before.is_some() || behind.is_some())
        })
        .max_by_key(|(_, spelling)| spelling.len())?;
    let (before, behind) = (text.get(..at)?, text.get(at + spelling.len()..)?);
    // `not_IN`
    let (before, behind) = (before.trim_end_matches(['_', '-']), behind.trim_start_matches(['_', '-']));
    Some(format!("{before} {spelling} {behind}").trim().to_owned())
}

/// What stands before the apostrophe of a verb with a NOT in it, and what is read in the place of the verb.
const CONTRACTED: &[(&str, &str)] = &[
    ("isn", "is"),
    ("aren", "is"),
    ("wasn", "is"),
    ("weren", "is"),
    ("ain", "is"),
    ("hasn", "is"),
    ("haven", "is"),
    ("doesn", "does"),
    ("don", "does"),
    ("didn", "does"),
    ("can", "does"),
    ("won", "does"),
    ("couldn", "does"),
    ("shouldn", "does"),
    ("wouldn", "does"),
    ("mustn", "does"),
];

/// What is read in the place of a verb, and the text behind its NOT: `isn't`, `is'nt`.
fn contracted<'s>(word: &str, behind: &'s str) -> Option<(&'static str, &'s str)> {
    let rest = behind.strip_prefix(APOSTROPHES)?;
    CONTRACTED.iter().find_map(|(begun, verb)| {
        let is = |spelled: &str| word.eq_ignore_ascii_case(spelled);
        let rest = match begun.strip_suffix('n') {
            Some(short) if is(short) => rest.strip_prefix("nt"),
            _ if is(begun) => rest.strip_prefix('t'),
            _ => None,
        };
        rest.filter(|rest| !rest.starts_with(char::is_alphanumeric)).map(|rest| (*verb, rest))
    })
}

/// `status isn't open`, `mail_subject doesn't contain x`, and the same behind a connective: `AND isn't muted`.
pub(super) fn contraction(place: Place<'_>) -> Option<Habit> {
    let (source, input) = (place.source(), place.at);
    let word = input.span();
    let (verb, rest) = contracted(input.text_at(0), source.get(word.end as usize..)?)?;
    let start = (source.len() - rest.len()) as u32;
    let read = |begun: &str, rule: &dyn Fn(Place<'_>) -> Option<Fix>| {
        let long = begun.to_owned() + rest;
        let (tokens, context) = (lex(&long).tokens, super::Context::of(&long));
        let fix = rule(Place { before: &[], at: Tokens { rest: &tokens, context: &context, depth: 0 } })?;
        Some(Fix { span: Span::new(fix.span.start, start + fix.span.end.saturating_sub(begun.len() as u32)), ..fix })
    };
    // `referer ~ I don't know` is a text.
    let name = named_before(place)?;
    let is_apart = place.begins();
    // `AND isn't muted`
    if is_apart && let Some(fix) = read("isnt", &|spoken| super::search::stated(spoken).map(|habit| habit.trial)) {
        let span = Span::new(word.start, fix.span.end);
        return Habit::mended(catalogue::said_condition(span, span.of(source), &fix.replacement));
    }
    // `isn't blank` is what `is not blank` is, `doesn't contain` what `does not contain`.
    let spelled = name.of(source);
    let Fix { span, replacement } = read(&format!("{spelled} {verb} not"), &|spoken| {
        let known = OF_OPERATORS.iter().find_map(|rule| rule(spoken)).map(|habit| habit.trial);
        known.or_else(|| spoken_operator(spoken.at.skip(1)))
    })?;
    // Where it stands in the text: what is spoken of may begin with the name.
    let is_whole = span.start < spelled.len() as u32;
    let first = if is_whole && !is_apart { name.start } else { word.start };
    let replacement = if is_apart && !is_whole { format!("{spelled} {replacement}") } else { replacement };
    let (place, told) = (Span::new(first, span.end), Span::new(word.start, span.end));
    Habit::mended(catalogue::operator_and_value(told, told.of(source), place, &replacement))
}

/// The name that an operator belongs to, which stands right before it, or in the condition before a connective.
fn named_before(place: Place<'_>) -> Option<Span> {
    let (last, mut before) = place.before.split_last()?;
    let mut name = *last;
    let ends = |token: &Token| place.joins(token) || token.kind == TokenKind::Symbol(Symbol::Open);
    let is_verb =
        |token: &Token| CONTRACTED.iter().any(|(word, _)| word.eq_ignore_ascii_case(token.span.of(place.source())));
    // The one before may have no name either.
    while place.begins() && (name.span == last.span || is_verb(&name)) {
        let at = before.iter().rposition(ends).map_or(0, |at| at + 1);
        let at = at + before.iter().skip(at).take_while(|token| is_not(token.kind)).count();
        name = *before.get(at)?;
        before = before.get(..at)?;
        if is_verb(&name) {
            before = before.split_last()?.1;
        }
    }
    let named = Place { before, at: Tokens { rest: std::slice::from_ref(&name), ..place.at } };
    (named.begins() && named.name().is_some()).then_some(name.span)
}

/// The rules for operators that a verb begins.
const OF_OPERATORS: &[super::Rule] =
    &[operators::age, operators::within, operators::from_to, operators::is_me, operators::quantified];

/// The operator that begins here, or what is to be written for it and its value.
fn spoken_operator(input: Tokens<'_>) -> Option<Fix> {
    if let Some((after, replacement)) = span_of_time(input, false) {
        return Some(Fix { span: consumed(input, after), replacement });
    }
    // `isn't (1, 2)`
    if input.peek() == Some(TokenKind::Keyword(Keyword::Is))
        && input.peek_at(2) == Some(TokenKind::Symbol(Symbol::Open))
    {
        return Some(Fix { span: consumed(input, input.skip(2)), replacement: Operator::NotIn.as_str().to_owned() });
    }
    let equal = || Fix { span: consumed(input, input.skip(2)), replacement: "!=".to_owned() };
    let Ok((_, (found, errors))) = operator(input) else { return Some(equal()) };
    let told = errors.into_vec().into_iter().next();
    let written = || Fix { span: found.span, replacement: found.operator.as_str().to_owned() };
    Some(told.map_or_else(|| Some(written()), |error| error.fix).unwrap_or_else(equal))
}

/// `'O'Neil'`, and `'O''Neil'` as SQL has it: a text in quotes with an apostrophe; and `"say ""hi"""`, as tables have it.
pub(super) fn apostrophe(place: Place<'_>) -> Option<Habit> {
    let (source, input) = (place.source(), place.at);
    let start = input.span().start;
    let body = source.get(start as usize..)?;
    let (quote, body) = ['\'', '"'].into_iter().find_map(|quote| Some((quote, body.strip_prefix(quote)?)))?;
    // In a list two texts side by side may lack a comma.
    let in_list = matches!(place.previous(), Some(TokenKind::Symbol(Symbol::Open | Symbol::Comma)));
    if input.peek() != Some(TokenKind::Quoted)
        || input.rest.get(1).is_none_or(|next| next.span.start != input.span().end)
        || quote == '"' && in_list
    {
        return None;
    }
    let (mut text, mut mark): (_, Option<usize>) = (String::new(), None);
    let mut characters = body.char_indices().peekable();
    while let Some((at, c)) = characters.next() {
        match c {
            '\n' | '\\' => return None,
            c if c == quote => {
                let next = characters.peek().map(|(_, next)| *next);
                if next.is_none_or(|next| is_blank(next) || matches!(next, ')' | ',')) {
                    let first = start + 1 + mark? as u32;
                    let place = Span::new(start, start + 2 + at as u32);
                    return Habit::mended(catalogue::apostrophe(Span::new(first, first + 1), place, &text));
                }
                mark = mark.or(Some(at));
                match next == Some(quote) {
                    true => characters.next(),
                    // Between two texts a blank or a connective may be missing.
                    false if quote == '"' => return None,
                    false => None,
                };
                text.push(quote);
            }
            c => text.push(c),
        }
    }
    None
}

/// `O'Neil` without quotes, where another apostrophe closes what this one opens.
pub(super) fn apostrophe_in_words(place: Place<'_>) -> Option<Habit> {
    let (source, input) = (place.source(), place.at);
    let (word, mark) = (input.span(), input.skip(1).span());
    let rest = source.get(mark.start as usize..)?.strip_prefix('\'')?;
    let compared = place.previous().is_some_and(|kind| is_comparing(kind) || kind == TokenKind::Symbol(Symbol::Comma));
    let adjacent = input.peek_at(1) == Some(TokenKind::Quoted) && mark.start == word.end;
    // Of one alone the lexer tells.
    let closed = input.text_at(1).len() > 1 && input.text_at(1).ends_with('\'');
    let lonely = !closed && !source.get(..mark.start as usize)?.contains('\'');
    if input.peek() != Some(TokenKind::Word)
        || !compared
        || !adjacent
        || lonely
        || !rest.starts_with(char::is_alphanumeric)
    {
        return None;
    }
    let place = Span::new(word.start, mark.start + 1 + apostrophized(rest) as u32);
    Habit::mended(catalogue::apostrophe(Span::new(mark.start, mark.start + 1), place, place.of(source)))
}

/// `label = "vip AND priority = high`: the text ends before the condition that follows, or where its list does.
pub(super) fn unclosed(place: Place<'_>) -> Option<Habit> {
    let (source, input) = (place.source(), place.at);
    let (span, raw) = (input.span(), input.text_at(0));
    let mark = raw.chars().next().filter(|mark| matches!(mark, '"' | '\''))?;
    let inner = raw.get(1..)?;
    if input.peek() != Some(TokenKind::Quoted) || inner.contains(mark) {
        return None;
    }
    let lexed = lex(inner);
    let tokens = |at: usize| lexed.tokens.get(at..).unwrap_or_default();
    let context = super::Context::of(inner);
    let follows = |at: &usize| {
        let rest = Tokens { rest: tokens(*at), context: &context, depth: 0 };
        rest.peek().is_some_and(|kind| connective(kind).is_some()) && rest.begins_group(1)
    };
    let is = |kind: TokenKind, symbol: Symbol| kind == TokenKind::Symbol(symbol);
    let in_list = || {
        let outside = place.before.iter().rev().find(|token| !is(token.kind, Symbol::Comma) && !is_value(token.kind));
        outside.is_some_and(|token| is(token.kind, Symbol::Open))
    };
    let ends = |at: &usize| {
        tokens(*at).first().is_some_and(|token| is(token.kind, Symbol::Close) || is(token.kind, Symbol::Comma))
    };
    let count = lexed.tokens.len();
    let listed = in_list().then(|| (0..count).find(ends)).flatten();
    let at = listed.or_else(|| (0..count).find(follows))?;
    let end = inner.get(..tokens(at).first()?.span.start as usize)?.trim_end().len();
    // A text with nothing in it was hardly meant; one that a typographic mark ends is known.
    if end == 0 || inner.get(..end)?.ends_with(is_smart_quote) {
        return None;
    }
    let mut error = catalogue::unclosed_quote(span, span.of(source));
    let text = raw.get(..=end)?;
    error.help = Some(catalogue::close_where_it_ends(&format!("{text}{mark}")));
    Habit::mended(error.fix(Span::at(span.start + 1 + end as u32), mark.to_string()))
}

fn is_value(kind: TokenKind) -> bool {
    matches!(kind, TokenKind::Word | TokenKind::Quoted)
}

/// `https://shop.example/?a=1,b=2`: an address with signs in it that end one.
pub(super) fn address(place: Place<'_>) -> Option<Habit> {
    let (source, input) = (place.source(), place.at);
    let (span, text) = (input.span(), input.text_at(0));
    if input.peek() != Some(TokenKind::Word) || !(text.starts_with("https://") || text.starts_with("http://")) {
        return None;
    }
    let behind = source.get(span.end as usize..)?;
    let length = behind.find(is_blank).unwrap_or(behind.len());
    // Several addresses are a list.
    if behind.get(..length)?.contains("://") {
        return None;
    }
    let whole = source.get(span.start as usize..span.end as usize + length)?;
    let end = without_closing(whole);
    let place = Span::new(span.start, span.start + end.len() as u32);
    (end.len() > text.len()).then(|| Habit::mended(catalogue::unquoted_sign(place, end)))?
}

/// `id = #163`, `label = #vip`: behind a blank `#` begins a comment.
pub(super) fn hash(place: Place<'_>) -> Option<Habit> {
    let (source, input) = (place.source(), place.at);
    let opens = input.peek() == Some(TokenKind::Symbol(Symbol::Open))
        && place.previous() == Some(TokenKind::Keyword(Keyword::In));
    if !input.peek().is_some_and(is_comparing) && !opens {
        return None;
    }
    let end = input.span().end as usize;
    let behind = source.get(end..)?.trim_start_matches([' ', '\t']);
    let rest = behind.strip_prefix('#')?;
    let start = (source.len() - behind.len()) as u32;
    let word = rest.find(|c| !is_word_char(c)).map_or(rest, |length| rest.get(..length).unwrap_or_default());
    if word.is_empty() {
        return None;
    }
    // `mail_subject CONTAINS #47894` looks for the sign as well.
    let of_texts = |kind| {
        matches!(kind, TokenKind::Keyword(Keyword::Contains | Keyword::With) | TokenKind::Symbol(Symbol::Match))
            || matches!(sign(kind), Some(Operator::Contains | Operator::NotContains))
    };
    let is_text = input.peek().is_some_and(of_texts);
    let written = |word: &str| match word.bytes().all(|byte| byte.is_ascii_digit()) && !is_text {
        true => word.to_owned(),
        false => quote(&format!("#{word}")),
    };
    // In a list each of the values has the sign.
    let list = opens.then(|| rest.split_once(')')).flatten().map(|(values, _)| values);
    let (length, fixed) = match list {
        Some(values) => {
            let each = values.split(',').map(|value| written(value.trim().trim_start_matches('#')));
            (values.len(), each.collect::<Vec<_>>().join(", "))
        }
        None => (word.len(), written(word)),
    };
    let place = Span::new(start, start + 1 + length as u32);
    Habit::mended(catalogue::comment_for_value(Span::new(start, start + 1), place, &fixed))
}

/// `status = open; priority = high`, `status=open;priority=high`
pub(super) fn semicolon(place: Place<'_>) -> Option<Habit> {
    let (input, text) = (place.at, place.at.text_at(0));
    let (before, behind) = text.split_once(';')?;
    if input.peek() != Some(TokenKind::Word) || place.begins() {
        return None;
    }
    if let Some(listed) = semicolons(place) {
        return Some(listed);
    }
    let start = input.span().start + before.len() as u32;
    let sign = Span::new(start, start + 1);
    // At the end, where other languages have one.
    if input.rest.len() == 1 && text == ";" {
        return Habit::mended(catalogue::sign_for_connective(sign, "semicolon").help("remove it").fix(sign, ""));
    }
    let follows = match behind {
        "" => input.begins_condition(1),
        name => is_plain_name(name) && input.is_operator(1),
    };
    follows.then(|| Habit::told(catalogue::sign_for_connective(sign, "semicolon"), sign, " AND "))?
}

/// `contact.email = ada@acme.com; bob@acme.com`: several values, as mail programs part them.
fn semicolons(place: Place<'_>) -> Option<Habit> {
    let (source, input) = (place.source(), place.at);
    let ([.., name, _], operator) = (place.before, place.previous().and_then(sign)?) else { return None };
    let called = name.span.of(source);
    operator.of_list().filter(|_| is_plain_name(called) && !is_long_text(called))?;
    let (mut rest, mut values) = (input, Vec::new());
    while let Some(value) = rest.text_at(0).strip_suffix(';').filter(|_| rest.is_value(0)) {
        values.push(value);
        rest = rest.skip(1);
    }
    values.push(rest.text_at(0));
    if values.len() < 2 || values.contains(&"") || !rest.is_value(0) || !rest.is_boundary(1) {
        return None;
    }
    let (end, place) = (input.span().end, name.span.to(rest.span()));
    let fixed = of_values(source, Name { span: name.span }, operator, Connective::Or, &values);
    let mut error = catalogue::sign_for_connective(Span::new(end - 1, end), "semicolon");
    catalogue::write_instead(&mut error, Fix { span: place, replacement: as_one(source, place, fixed) });
    Habit::mended(error)
}
