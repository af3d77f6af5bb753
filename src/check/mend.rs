//! Corrections that only a schema can judge: the parser, which offers them, knows no attributes.

use std::borrow::Cow;

use super::errors::mistaken;
use super::listed::{between_commas, is_name, is_unknown, listed, one_value};
use super::stated::has_state;
use super::{Checker, name};
use crate::diagnostic::{Code, Diagnostic, Fix, Severity, catalogue, nearest};
use crate::schema::{Attribute, IdType, Local, PRIORITIES, Schema, ValueType};
use crate::source::{Span, is_digits};
use crate::syntax::spelling::{write_name_value, write_value};
use crate::syntax::{
    Condition, Connective, Expr, Keyword, Operand, Operator, Parsed, Symbol, Token, TokenKind, as_it_stands, as_one,
    connective, is_plain_name, joined_name, lex, quote, state_called, with_values, write_name,
};

/// How many corrections of one text are tried.
pub(super) const MOST: usize = 8;

/// How often what was mended in a correction is looked at again: of `staus:opn` first the name, then the value.
const MOST_ROUNDS: usize = 2;

/// How many bytes such a text has at most.
pub(super) const MOST_BYTES: usize = 16 << 10;

/// Takes back corrections that would compare what is no attribute, such as `open = conversations`, and mends those whose
/// attribute, or whose values, are nearly right. Returns the places of the latter: what is wrong within them is told.
#[cold]
pub(super) fn judge(parsed: &Parsed<'_>, schema: &Schema, errors: &mut Vec<Diagnostic>) -> Vec<Span> {
    let text = parsed.text();
    let mut mended = Vec::new();
    if errors.len() > MOST || text.len() > MOST_BYTES {
        return mended;
    }
    let mut leaves = Vec::new();
    parsed.tree().into_iter().for_each(|tree| collect(tree, &mut leaves));
    rejoin(&leaves, text, schema, errors);
    let mut whole = Vec::new();
    let several = errors.iter().filter(|error| error.code == Code::UnquotedBlank);
    let several: Vec<Span> = several.map(Diagnostic::span).collect();
    for error in errors.iter_mut() {
        state(error, &leaves, text, schema);
        divided_name(error, text, schema);
        let compared = compare(error, &several, &leaves, text, schema);
        let Some(fix) = error.fix.clone() else { continue };
        if error.code == Code::CommaForOr && has_state(&fix, schema) {
            let sign = if error.span().of(text).starts_with(';') { "semicolon" } else { "comma" };
            *error = catalogue::sign_for_connective(error.span(), sign);
            continue;
        }
        let one = one_value(error, &fix, text);
        if let Some(named) = one.as_ref().filter(|one| is_name(one, &leaves, text, schema)) {
            catalogue::write_instead(error, named.clone());
            continue;
        }
        if let Some(parted) = between_commas(error, &fix, &leaves, text, schema) {
            catalogue::write_instead(error, parted);
            continue;
        }
        if one.as_ref().is_some_and(|one| is_unknown(one, &leaves, text, schema)) {
            error.fix = None;
            continue;
        }
        let is_guess = error.code == Code::MissingOperator;
        let tried_fix = tried(&fix, is_guess, text, schema);
        if let Ok(better) = &tried_fix
            && let Some(condition) = never_missing(&better.fix.replacement, schema).filter(|_| is_guess)
        {
            let said = catalogue::said_condition(error.span(), error.span().of(text), &condition);
            // What is nearly called so may be something else: `no reply`.
            let certain = better.fix.replacement == fix.replacement;
            *error = if certain { said } else { Diagnostic { fix: None, ..said } };
            continue;
        }
        match tried_fix {
            Err(told) => {
                match one.or_else(|| listed(error, &fix)).and_then(|one| tried(&one, false, text, schema).ok()) {
                    Some(better) => better.write(error),
                    None => {
                        catalogue::take_back(error, &told);
                        owned(error, &leaves, text, schema);
                    }
                }
            }
            Ok(better) if better.fix.replacement != fix.replacement => {
                mended.push(better.fix.span);
                if wrong_within(text, &better.fix, schema).is_empty() {
                    whole.extend(compared);
                }
                better.write(error);
            }
            Ok(_) => {}
        }
    }
    // What is wrong with the value is mended there.
    errors.retain(|error| error.code == Code::ColonOperator || !whole.iter().any(|place| place.encloses(error.span())));
    mended
}

/// A correction that was tried.
struct Tried {
    fix: Fix,
    /// What is told of it, where something that was wrong in the first one was its whole condition.
    help: Option<String>,
}

impl Tried {
    fn write(self, error: &mut Diagnostic) {
        catalogue::write_instead(error, self.fix);
        error.help = self.help.or(error.help.take());
    }
}

/// The condition that is meant by one that asks whether an attribute is there which is true or false and always there:
/// `muted = false` of `no muted`.
fn never_missing(condition: &str, schema: &Schema) -> Option<String> {
    let parsed = as_it_stands(condition);
    let Expr::Condition(Condition { name, operator, .. }) = parsed.tree()? else { return None };
    let holds = match operator {
        Operator::IsPresent => true,
        Operator::IsMissing => false,
        _ => return None,
    };
    let attribute = name::resolve(&name.text(condition), None, name.span, schema).ok()?.attribute;
    let is_there = matches!(attribute, Attribute::Local(_)) && attribute.value_type() == ValueType::Boolean;
    is_there.then(|| format!("{} = {holds}", name.span.of(condition)))
}

/// A correction in which names and values are mended that are nearly right; what is wrong where it is none. Where two words
/// are taken for a condition, it is `guessed`, and both must be right.
fn tried(fix: &Fix, guessed: bool, text: &str, schema: &Schema) -> Result<Tried, Diagnostic> {
    let mut better = fix.clone();
    let mut help = None;
    let mut first = None;
    let most = if guessed { 1 } else { MOST_ROUNDS };
    for round in 0..=most {
        let wrong = wrong_in(text, &better, schema, guessed);
        if let Some(hopeless) = wrong.iter().find(|wrong| wrong.fix.is_none() || round == most) {
            return Err(first.filter(|_| guessed).unwrap_or_else(|| hopeless.clone()));
        }
        if wrong.is_empty() {
            break;
        }
        first = first.or_else(|| wrong.first().cloned());
        let place = written(&better);
        if let [only] = wrong.as_slice()
            && only.fix.as_ref().is_some_and(|fix| fix.span.encloses(place))
        {
            help.clone_from(&only.help);
        }
        better = with_others(text, better, wrong);
    }
    Ok(Tried { fix: better, help })
}

/// Where a correction stands in the text that it makes.
pub(super) fn written(fix: &Fix) -> Span {
    Span::new(fix.span.start, fix.span.start + fix.replacement.len() as u32)
}

/// A correction with those of what is `wrong` in the text that it makes, told from left to right: all in one.
pub(super) fn with_others(text: &str, fix: Fix, wrong: Vec<Diagnostic>) -> Fix {
    let (mut all, mut end) = (fix, u32::MAX);
    // From the end, so that places before it stay.
    for right in wrong.into_iter().rev().filter_map(|wrong| wrong.fix) {
        if right.span.end <= end
            && let Some(both) = with_another(text, &all, &right)
        {
            (all, end) = (both, right.span.start);
        }
    }
    all
}

/// A correction and another one of the text that it makes, whose place is not outside of the first one's: both in one.
fn with_another(text: &str, fix: &Fix, other: &Fix) -> Option<Fix> {
    let mended = replaced(text, fix.span, &fix.replacement)?;
    let behind = fix.span.start + fix.replacement.len() as u32;
    let (start, end) = (fix.span.start.min(other.span.start), behind.max(other.span.end));
    let (before, rest) = (Span::new(start, other.span.start), Span::new(other.span.end, end));
    let replacement = format!("{}{}{}", before.of(&mended), other.replacement, rest.of(&mended));
    Some(Fix { span: Span::new(start, fix.span.end + (end - behind)), replacement })
}

/// Takes back corrections that count back from now, where the time that they are compared with may as well lie ahead: of
/// `snoozed_until < 7d` nobody knows which was meant. What says by itself that it lies back keeps its correction, and of a
/// long text, which would be parsed for each of them, nothing is taken back.
#[cold]
pub(super) fn doubt_direction(errors: &mut [Diagnostic], text: &str, schema: &Schema) {
    const BACK: &[&str] = &["-", "\u{2212}", "\u{2013}", "ago", "last", "past", "before", "old", "previous"];
    if text.len() > MOST_BYTES {
        return;
    }
    for error in errors {
        let Some(fix) = &error.fix else { continue };
        let written = error.span().to(fix.span).of(text).to_ascii_lowercase();
        if BACK.iter().any(|word| written.contains(word)) {
            continue;
        }
        let is_back = |token: &Token| {
            let word = token.span.of(&fix.replacement);
            let length = word.strip_prefix('-').filter(|length| length.starts_with(|c: char| c.is_ascii_digit()))?;
            length.ends_with(|c: char| c.is_ascii_alphabetic()).then(|| length.to_owned())
        };
        let Some(length) = lex(&fix.replacement).tokens.iter().find_map(is_back) else { continue };
        let Some(mended) = replaced(text, fix.span, &fix.replacement) else { continue };
        let parsed = as_it_stands(&mended);
        let mut leaves = Vec::new();
        parsed.tree().into_iter().for_each(|tree| collect(tree, &mut leaves));
        let end = fix.span.start + fix.replacement.len() as u32;
        // A correction of the operator as well knows which of them is meant.
        let of_value = lex(&fix.replacement).tokens.len() == 1;
        let mut longer = false;
        let compared = leaves.iter().any(|leaf| match leaf {
            Expr::Condition(condition) if condition.span.start <= end && fix.span.start <= condition.span.end => {
                let name = condition.name;
                let named = name::resolve(&name.text(&mended), None, name.span, schema);
                // `more than 2 hours` is longer ago, where `> -2h` is not.
                let than = condition.operator_span.of(&mended).to_ascii_lowercase().ends_with("than");
                longer |= of_value && than && condition.operator != Operator::OlderThan;
                match named {
                    Ok(named) => {
                        longer |= of_value && named.attribute == Attribute::Local(Local::WaitingSince);
                        longer || named.guess || may_lie_ahead(&named.attribute)
                    }
                    // It may be a date of the account's own.
                    Err(unknown) => unknown.fix.is_none(),
                }
            }
            _ => false,
        });
        match (compared, longer) {
            (true, true) => catalogue::either_side(error, &length),
            (true, false) => catalogue::either_way(error, &length),
            (false, _) => {}
        }
    }
}

/// Whether the attribute's times may be later than now: the others tell of what has happened.
pub(super) fn may_lie_ahead(attribute: &Attribute) -> bool {
    match attribute {
        Attribute::Local(Local::SnoozedUntil) => true,
        Attribute::Custom(custom) => custom.kind.value_type() == ValueType::Date,
        _ => false,
    }
}

/// Offers the attribute that is meant by a name with blanks, `Browser language` or `Team name`; the account may have one that
/// is called as it was written.
fn divided_name(error: &mut Diagnostic, text: &str, schema: &Schema) {
    let place = error.span();
    let spelled = place.of(text);
    if error.code != Code::InvalidName || !spelled.contains(char::is_whitespace) || spelled.contains('[') {
        return;
    }
    let own = schema.account.as_ref().and_then(|account| account.custom(spelled)).map(|_| write_name(spelled));
    let joined = joined_name(spelled);
    let near = || match name::resolve(&joined, None, place, schema) {
        Ok(_) => Some(joined.clone()),
        Err(unknown) => unknown.fix.map(|fix| fix.replacement),
    };
    let Some(meant) = own.or_else(near) else { return };
    let (first, rest) = spelled.split_once(char::is_whitespace).unwrap_or((spelled, ""));
    let behind = Span::new(place.end - rest.len() as u32, place.end);
    let is = |words: &str| meant.eq_ignore_ascii_case(&joined_name(words)) && !name::is_called(&joined);
    let before = lex(text.get(..place.start as usize).unwrap_or_default()).tokens;
    let joins = before.last().is_some_and(|token| connective(token.kind).is_some());
    *error = match () {
        // `created_at nowhere`: a word that the name does without may negate what stands behind it.
        () if is(first) => catalogue::expected_operator(behind, rest, first),
        // `label = vip or bug created_at > -7d`: or be a value.
        () if joins && is(rest) => catalogue::missing_connective(behind),
        () => catalogue::divided_name(place, spelled, &meant),
    };
}

/// Tells of an attribute that stands where a condition should, `muted` or `status = open and muted`, what it can be asked
/// for: where it is true or false, whether it is.
fn state(error: &mut Diagnostic, leaves: &[&Expr], text: &str, schema: &Schema) {
    let offered = error.fix.as_ref();
    let is_name = match error.code {
        Code::MissingOperator => offered.is_none(),
        // As one more value of the condition before, it may be right.
        Code::BareValue => offered.is_some_and(|fix| tried(fix, false, text, schema).is_err()),
        _ => false,
    };
    if is_name {
        alone(error, leaves, text, schema);
    }
}

/// Tells of a word that stands in the place of a condition which condition it is.
fn alone(error: &mut Diagnostic, leaves: &[&Expr], text: &str, schema: &Schema) {
    let place = error.span();
    let name = place.of(text);
    let resolved = name::resolve(name, None, place, schema);
    let near = resolved.as_ref().err().and_then(|unknown| unknown.fix.as_ref());
    let right = near.map_or(name, |fix| fix.replacement.as_str()).to_owned();
    let is_boolean = |attribute: &Attribute| attribute.value_type() == ValueType::Boolean;
    let named = match resolved {
        Ok(named) => Some(named),
        // `unassigned` is no misspelt assignee.
        Err(_) if state_called(name).is_some() => None,
        Err(_) => name::resolve(&right, None, place, schema).ok(),
    };
    match named {
        Some(named) if is_boolean(&named.attribute) => {
            *error = catalogue::said_condition(place, name, &format!("{right} = true"));
        }
        None => owned(error, leaves, text, schema),
        // `status = open without label`
        Some(_) if text.get(..place.start as usize).is_some_and(|before| ends_with(before, "without")) => {
            *error = catalogue::said_condition(place, name, &format!("{right} {}", Operator::IsPresent.as_str()));
        }
        _ => {}
    }
}

/// Whether a word is the last one of a text, in any case.
fn ends_with(text: &str, word: &str) -> bool {
    text.split_whitespace().next_back().is_some_and(|last| last.eq_ignore_ascii_case(word))
}

/// Tells of a value that stands alone whose it is: `urgent`, `is urgent`, `Jonas Feld`; or what words alone ask for in a
/// search box, where it is not known.
fn owned(error: &mut Diagnostic, leaves: &[&Expr], text: &str, schema: &Schema) {
    let place = error.span();
    let spelled = place.of(text);
    let is = |verb: &str, known: &[&str]| known.iter().any(|known| verb.eq_ignore_ascii_case(known));
    let said = spelled.rsplit_once(' ').filter(|(verb, _)| is(verb, &["is"]) || is(verb, NEGATED));
    let (is_not, value) = said.map_or((false, spelled), |(verb, value)| (is(verb, NEGATED), value));
    let is_one = lex(value).tokens.len() == 1;
    if !(error.code == Code::MissingOperator || error.code == Code::BareValue && is_one) {
        return;
    }
    let of_another = numbered(value, place, leaves, text, schema);
    if of_another == Some(None) {
        return;
    }
    let of_same = || of_previous(value, said.is_some(), place, leaves, text, schema);
    // A text in quotes, and a word behind one that is looked for, are looked for in the same place; a state is none.
    let asked = of_same().filter(|fixed| {
        let is_part = fixed.contains(Operator::Contains.as_str()) && state_called(value).is_none();
        value.starts_with(['"', '\'']) || is_part
    });
    let owned = of_another.flatten().or(asked).or_else(|| owner(value, schema));
    match owned.or_else(of_same) {
        Some(fixed) if is_not => *error = catalogue::said_condition(place, spelled, &format!("NOT {fixed}")),
        Some(fixed) => *error = catalogue::said_condition(place, spelled, &fixed),
        None if is_one && !is_not => {
            let labels = schema.account.as_ref().is_none_or(|account| account.labels.is_none());
            let text = value.trim_matches(['"', '\'']);
            let label = Some(text).filter(|text| labels && is_plain_name(text));
            *error = catalogue::word_alone(place, spelled, label, text);
        }
        None => catalogue::words_alone(error, spelled),
    }
}

/// What says that a state is none.
const NEGATED: &[&str] = &["is not", "isnt", "isn't", "isn\u{2019}t", "no"];

/// The condition on the attribute of the one before, where that may have such a value and a condition was meant, for a NOT
/// stands before it, or it `is_said` with an IS: `label = bug` of `label = vip AND NOT bug`.
fn of_previous(
    value: &str,
    is_said: bool,
    place: Span,
    leaves: &[&Expr],
    text: &str,
    schema: &Schema,
) -> Option<String> {
    let previous = leaves.iter().rev().find_map(|leaf| match leaf {
        Expr::Condition(condition) if condition.span.end <= place.start => Some(condition),
        _ => None,
    })?;
    let operators: &[Operator] = match previous.operator {
        Operator::Equal | Operator::NotEqual | Operator::In | Operator::NotIn => &[Operator::Equal],
        // Labels have no parts.
        Operator::Contains | Operator::NotContains => &[Operator::Contains, Operator::Equal],
        _ => return None,
    };
    let gap = lex(text.get(previous.span.end as usize..place.start as usize)?).tokens;
    let is_but = |joint: &Token| {
        let start = previous.span.end;
        Span::new(start + joint.span.start, start + joint.span.end).of(text).eq_ignore_ascii_case("but")
    };
    let joins = match gap.as_slice() {
        // What `but` sets against a value without negating it, nobody knows.
        [joint] => is_said || joint.kind == TokenKind::Word && !is_but(joint),
        [_, not] => !is_said && not.kind == TokenKind::Keyword(Keyword::Not),
        _ => false,
    };
    let is_bare = value.contains(char::is_whitespace) && !value.starts_with(['"', '\'']);
    let value = if is_bare { quote(value) } else { value.to_owned() };
    let asked = |operator: &Operator| format!("{} {} {value}", previous.name.span.of(text), operator.as_str());
    let is_right =
        |fixed: &String| wrong_within(text, &Fix { span: place, replacement: fixed.clone() }, schema).is_empty();
    if joins { operators.iter().map(asked).find(is_right) } else { None }
}

/// The condition that a number alone means behind one on an attribute that has numbers, and so is none of an id:
/// `team = 5` of `team IS MISSING OR 5`; none where that is not certain.
fn numbered(value: &str, place: Span, leaves: &[&Expr], text: &str, schema: &Schema) -> Option<Option<String>> {
    if !value.starts_with(|c: char| c.is_ascii_digit()) {
        return None;
    }
    let (name, span, asks) = leaves.iter().rev().find_map(|leaf| match leaf {
        Expr::Condition(condition) if condition.span.end <= place.start => {
            let asks = [Operator::Equal, Operator::In, Operator::Between, Operator::IsMissing];
            Some((condition.name.span, condition.span, asks.contains(&condition.operator)))
        }
        // `team = null`
        Expr::Error(span) if span.end <= place.start => {
            let tokens = lex(span.of(text)).tokens;
            let [name, operator, ..] = tokens.as_slice() else { return None };
            let name = Span::new(span.start + name.span.start, span.start + name.span.end);
            Some((name, *span, operator.kind == TokenKind::Symbol(Symbol::Equal)))
        }
        _ => None,
    })?;
    match name::resolve(name.of(text), None, name, schema).map(|named| named.attribute.value_type()) {
        Ok(ValueType::Id(_) | ValueType::Number) => {}
        Ok(_) => return None,
        Err(_) => return Some(None),
    }
    let led = text.get(..span.start as usize)?.trim_end_matches(|c: char| c == '(' || c.is_whitespace());
    let negated = led.ends_with('!') || led.to_ascii_lowercase().ends_with("not");
    let closed = Span::at(span.end + closing(text.get(span.end as usize..)?));
    let level = connective_between(text, closed, place);
    let certain = asks && !negated && level == Some(Connective::Or);
    Some(certain.then(|| format!("{} = {value}", name.of(text))))
}

/// How many bytes the parentheses take that close behind a condition.
fn closing(behind: &str) -> u32 {
    let rest = behind.trim_start_matches(|c: char| c == ')' || c.is_whitespace());
    (behind.len() - rest.len()) as u32
}

/// The condition that a value alone means, by whose it is: `urgent`, `vip`, `"Jonas Feld"`, `163`.
pub(super) fn owner(spelled: &str, schema: &Schema) -> Option<String> {
    let text = spelled.trim_matches(['"', '\'']);
    let is = |name: &str, value: &str| Some(format!("{name} = {value}"));
    if let Some(state) = state_called(text) {
        return Some(state.to_owned());
    }
    if PRIORITIES.contains(&text) {
        return is("priority", text);
    }
    if is_digits(text) {
        return is("id", text);
    }
    let account = schema.account.as_ref();
    let kinds = [(IdType::Agent, "assignee"), (IdType::Team, "team"), (IdType::Inbox, "inbox")];
    let named = kinds.into_iter().find(|(kind, _)| account.is_some_and(|account| account.find(*kind, text).len() == 1));
    if let Some((_, name)) = named {
        return is(name, &write_name_value(text));
    }
    let labels = || account.into_iter().flat_map(|account| account.labels()).map(String::as_str);
    if let Some(label) = labels().find(|label| *label == text).or_else(|| nearest(text, labels()).first().copied()) {
        return is("label", &write_value(label));
    }
    let is_address = text.split_once('@').is_some_and(|(user, host)| !user.is_empty() && host.contains('.'));
    if is_address { is("contact.email", &write_value(text)) } else { None }
}

/// Has the correction of a colon be the whole condition, where its name or its value is wrong as well. Returns its place.
/// Values of `several` words are told of by themselves.
fn compare(error: &mut Diagnostic, several: &[Span], leaves: &[&Expr], text: &str, schema: &Schema) -> Option<Span> {
    let fix = error.fix.as_ref().filter(|fix| error.code == Code::ColonOperator && fix.replacement.ends_with('='))?;
    let compared = leaves.iter().find_map(|leaf| match leaf {
        Expr::Condition(condition) if condition.operator_span.start == error.span().start => Some(condition.span),
        _ => None,
    })?;
    let value = several
        .iter()
        .find(|value| text.get(fix.span.end as usize..value.start as usize).is_some_and(|gap| gap.trim().is_empty()));
    let place = compared.to(fix.span).to(value.copied().unwrap_or(compared));
    let before = text.get(place.start as usize..fix.span.start as usize)?.trim();
    let behind = text.get(fix.span.end as usize..place.end as usize)?.trim();
    let fixed = format!("{before} {} {behind}", fix.replacement.trim());
    let whole = Fix { span: place, replacement: fixed.trim_start().to_owned() };
    if wrong_within(text, &whole, schema).is_empty() {
        return None;
    }
    error.fix = Some(whole);
    Some(place)
}

/// Makes one error of those in `assignee = jonas feld or priya raman`: what stands behind the connective is no condition
/// that lacks its operator, for no attribute is called so.
fn rejoin(leaves: &[&Expr], text: &str, schema: &Schema, errors: &mut Vec<Diagnostic>) {
    let mut leaves = leaves.iter().peekable();
    while let Some(leaf) = leaves.next() {
        let Expr::Condition(condition) = leaf else { continue };
        let Operand::One(value) = &condition.operand else { continue };
        if !has_blanks(condition, text, schema) {
            continue;
        }
        let (mut joint, mut end, mut values) = (None, condition.span, Vec::new());
        while let Some(Expr::Error(span)) = leaves.peek()
            && let Some(level) = connective_between(text, end, *span)
            && joint.is_none_or(|joint| joint == level)
            && errors.iter().any(|error| is_value(error, *span, value.span, text, schema))
        {
            (joint, end) = (Some(level), *span);
            values.push(quote(span.of(text)));
            leaves.next();
        }
        let Some(level) = joint else { continue };
        let (place, told) = (condition.span.to(end), value.span.to(end));
        let values: Vec<&str> = values.iter().map(String::as_str).collect();
        let fixed = as_one(text, place, with_values(text, condition, level, &values));
        errors.retain(|error| !told.encloses(error.span()));
        errors.push(catalogue::unquoted_words(told, place, &fixed));
    }
}

/// The conditions of a tree, and what stands in the place of one, from left to right.
pub(super) fn collect<'e>(expr: &'e Expr, leaves: &mut Vec<&'e Expr>) {
    match expr {
        Expr::Chain { operands, .. } => operands.iter().for_each(|operand| collect(operand, leaves)),
        Expr::Not { operand, .. } => collect(operand, leaves),
        Expr::Paren { inner, .. } => collect(inner, leaves),
        Expr::Condition(_) | Expr::Error(_) => leaves.push(expr),
    }
}

/// The connective that is all that stands between two places.
pub(super) fn connective_between(text: &str, before: Span, behind: Span) -> Option<Connective> {
    match text.get(before.end as usize..behind.start as usize)?.trim() {
        "&&" => Some(Connective::And),
        "||" => Some(Connective::Or),
        word => [Connective::And, Connective::Or].into_iter().find(|level| word.eq_ignore_ascii_case(level.as_str())),
    }
}

/// Whether values of the condition's attribute may well be of several words.
pub(super) fn has_blanks(condition: &Condition, text: &str, schema: &Schema) -> bool {
    let named = name::resolve(&condition.name.text(text), None, condition.name.span, schema);
    named.is_ok_and(|named| {
        matches!(
            named.attribute.value_type(),
            ValueType::Text(_) | ValueType::Labels | ValueType::Id(IdType::Agent | IdType::Inbox | IdType::Team)
        )
    })
}

/// Whether an error tells of two words at a place that an operator is missing between them, and the first one is no
/// attribute, nor nearly one that the first value does not begin with: `Order shipped or Order delayed`.
fn is_value(error: &Diagnostic, place: Span, first: Span, text: &str, schema: &Schema) -> bool {
    let word = |place: Span| place.of(text).split_whitespace().next().unwrap_or_default();
    let name = word(place);
    let compared = |fix: &Fix| fix.replacement.starts_with(name);
    error.code == Code::MissingOperator
        && error.span() == place
        && error.fix.as_ref().is_some_and(compared)
        && name::resolve(name, None, place, schema)
            .is_err_and(|unknown| unknown.fix.is_none() || word(first).eq_ignore_ascii_case(name))
}

/// The text with words of the same length for those whose apostrophe opens no text: `isn_t `.
pub(super) fn without_contractions(text: &str) -> Cow<'_, str> {
    const CONTRACTED: &str = "n't ";
    if text.contains(CONTRACTED) { text.replace(CONTRACTED, "n_t ").into() } else { text.into() }
}

pub(super) fn replaced(text: &str, place: Span, replacement: &str) -> Option<String> {
    let (before, behind) = (text.get(..place.start as usize)?, text.get(place.end as usize..)?);
    Some(format!("{before}{replacement}{behind}"))
}

/// Names that cannot be found in the account, or without one: they are told of by themselves.
pub(super) const LOOKUPS: &[Code] = &[Code::UnknownName, Code::NameWithoutAccount, Code::AmbiguousName];

/// What is wrong in a correction of a text, from left to right, at its place in the text that the correction makes; of
/// names that are not found, what can be mended.
fn wrong_within(text: &str, correction: &Fix, schema: &Schema) -> Vec<Diagnostic> {
    wrong_in(text, correction, schema, false)
}

/// As [`wrong_within`]; where it is `guessed` that a word is a name, it must be one that the account has.
fn wrong_in(text: &str, correction: &Fix, schema: &Schema, guessed: bool) -> Vec<Diagnostic> {
    let start = correction.span.start;
    let place = Span::new(start, start + correction.replacement.len() as u32);
    let Some(text) = replaced(text, correction.span, &correction.replacement) else { return Vec::new() };
    let text = without_contractions(&text);
    let parsed = as_it_stands(&text);
    let Some(tree) = parsed.tree() else { return Vec::new() };
    let mut checker = Checker {
        source: &text,
        schema,
        mistaken: mistaken(&parsed),
        unusual: parsed.is_unusual(),
        found: Vec::new(),
        names: None,
        guessed: None,
    };
    checker.expr(tree, false);
    let mut found = checker.found;
    let is_lookup = |code: Code| LOOKUPS.contains(&code) && !(guessed && code == Code::UnknownName);
    let is_told = |found: &Diagnostic| found.fix.is_some() || !is_lookup(found.code);
    found.retain(|found| found.severity() == Severity::Error && place.encloses(found.span()) && is_told(found));
    found.sort_by_key(Diagnostic::span);
    found
}
