//! What a search box takes the values behind a colon for: `-vip`, `*refund*`, `(vip AND NOT refund)`, `(>0 AND <5)`.

use super::super::input::{Tokens, connective, is_not};
use super::super::operator::{consumed, negative, sign};
use super::super::several::{grouped, is_labels, is_long_text};
use super::super::spelling::{searched_sign, write_value};
use super::super::token::{Symbol, TokenKind};
use super::super::tree::{Connective, Operator};
use super::values::array;
use super::{Separator, value_of};
use crate::diagnostic::{Diagnostic, catalogue};
use crate::source::Span;

/// The attribute that is asked, and whether the whole condition is excluded: `-label:vip`.
#[derive(Clone, Copy)]
pub(super) struct Asking<'t> {
    pub(super) name: &'t str,
    pub(super) excludes: bool,
}

/// One value and how it is asked for.
struct Asked {
    /// None where no operator takes the value as it is written: `*@acme.com`.
    operator: Option<Operator>,
    text: String,
    /// `-` excludes the value, `+` demands it.
    sign: Option<char>,
    /// Whether NOT stands before it.
    negated: bool,
    span: Span,
}

impl Asked {
    fn is_excluded(&self) -> bool {
        (self.sign == Some('-')) != self.negated
    }

    /// Whether the value is to be there, and neither a sign nor NOT says so.
    fn is_bare(&self) -> bool {
        self.sign.is_none() && !self.negated
    }
}

/// Whether NOT stands here; behind the colon it is a part of a word.
fn negates(input: Tokens<'_>) -> bool {
    let is_sign = input.peek().is_some_and(is_not);
    is_sign || input.is_word(0, "not")
}

/// What is meant, or what is told where that is not known.
type Meant = Result<String, Diagnostic>;

impl<'t> Asking<'t> {
    /// What the values ask for and what stands behind them, unless that is one value, or several, of which the parser tells.
    /// The condition begins at `begin`.
    pub(super) fn values(self, begin: Tokens<'t>, value: Tokens<'t>) -> Option<(Tokens<'t>, Meant)> {
        // `status:NOT(open)`
        if negates(value) && value.peek_at(1) == Some(TokenKind::Symbol(Symbol::Open)) {
            return Self { excludes: !self.excludes, ..self }.values(begin, value.skip(1));
        }
        let (rest, asked, separator) = if let Some((rest, values, separator)) = array(value) {
            let span = consumed(value, rest);
            let asked = values.iter().map(|value| self.asked(value, None, false, span)).collect();
            (rest, Some(asked), Some(separator))
        } else if value.peek() == Some(TokenKind::Symbol(Symbol::Open)) {
            self.in_parentheses(value)?
        } else {
            self.listed(value)?
        };
        let place = consumed(begin, rest);
        let meant = match asked.as_deref() {
            Some(asked) => self.joined(asked, separator).ok_or_else(|| self.unclear(place, asked)),
            None => Err(catalogue::search_values(place, None)),
        };
        Some((rest, meant))
    }

    /// `vip`, `NOT vip`, `>5`, `vip, -refund`
    fn listed(self, value: Tokens<'t>) -> Option<(Tokens<'t>, Option<Vec<Asked>>, Option<Separator>)> {
        let (mut rest, first) = self.one(value)?;
        let (mut asked, mut separator) = (vec![first], None);
        while rest.peek() == Some(TokenKind::Symbol(Symbol::Comma))
            && rest.is_value(1)
            && !rest.begins_condition(1)
            && let Some((after, next)) = self.one(rest.skip(1))
        {
            asked.push(next);
            (rest, separator) = (after, Some(Separator::Comma));
        }
        let plain = |asked: &Asked| asked.is_bare() && asked.operator == Some(Operator::Equal);
        // `=` may stand behind the colon.
        let compared = value.peek().and_then(sign).is_some();
        (compared || !asked.iter().all(plain)).then_some((rest, Some(asked), separator))
    }

    /// `(high OR urgent)`, `(vip -refund)`: no values where they are not known.
    fn in_parentheses(self, value: Tokens<'t>) -> Option<(Tokens<'t>, Option<Vec<Asked>>, Option<Separator>)> {
        let close = value.closing()?;
        let inside = Tokens { rest: value.rest.get(1..close)?, ..value };
        // The value of `>0 <5` is no name.
        let compared = |at: usize| at.checked_sub(1).and_then(|at| inside.peek_at(at)).and_then(sign).is_some();
        let names = |at: usize| inside.is_value(at) && inside.begins_condition(at) && !compared(at);
        if inside.rest.is_empty() || (0..inside.rest.len()).any(names) {
            return None;
        }
        let (asked, separator) = self.divided(inside).unzip();
        Some((value.skip(close + 1), asked, separator.flatten()))
    }

    /// The values that stand in parentheses, and what joins them.
    fn divided(self, inside: Tokens<'t>) -> Option<(Vec<Asked>, Option<Separator>)> {
        let (mut rest, mut groups, mut separator) = (inside, vec![Vec::new()], None);
        while let Some(kind) = rest.peek() {
            let next = match kind {
                TokenKind::Symbol(Symbol::Comma) => Some(Separator::Comma),
                kind => connective(kind).map(Separator::Connective),
            };
            if next.is_some() {
                if separator.is_some() && separator != next {
                    return None;
                }
                separator = next;
                groups.push(Vec::new());
                rest = rest.skip(1);
                continue;
            }
            let (after, asked) = self.one(rest)?;
            groups.last_mut()?.push(asked);
            rest = after;
        }
        // Words that nothing joins are found one by one; else those between two connectives belong together.
        if separator.is_none() {
            return Some((groups.pop()?, separator));
        }
        let one = |mut words: Vec<Asked>| {
            if words.len() > 1 && words.iter().all(|word| word.is_bare() && word.operator == Some(self.operator())) {
                let spans: Vec<Span> = words.iter().map(|word| word.span).collect();
                words.truncate(1);
                words.first_mut()?.text = value_of(inside.context.text, &spans);
            }
            words.pop().filter(|_| words.is_empty())
        };
        groups.into_iter().map(one).collect::<Option<Vec<Asked>>>().map(|asked| (asked, separator))
    }

    /// One value, with what stands before it.
    fn one(self, input: Tokens<'t>) -> Option<(Tokens<'t>, Asked)> {
        let negated = negates(input) && (input.peek() != Some(TokenKind::Word) || input.is_value(1));
        let value = input.skip(usize::from(negated));
        let compared = value.peek().and_then(sign);
        let value = value.skip(usize::from(compared.is_some()));
        // `-"big deal"`
        let parted = ["-", "+"].contains(&value.text_at(0))
            && value.peek_at(1) == Some(TokenKind::Quoted)
            && value.skip(1).span().start == value.span().end;
        let rest = value.skip(1 + usize::from(parted));
        let span = consumed(value, rest);
        value.is_value(0).then(|| (rest, self.asked(span.of(value.context.text), compared, negated, span)))
    }

    fn asked(self, written: &str, compared: Option<Operator>, negated: bool, span: Span) -> Asked {
        let (sign, text) = match searched_sign(written).filter(|_| compared.is_none()) {
            Some((sign, text)) => (Some(sign), text),
            None => (None, written),
        };
        let (operator, text) = match compared {
            Some(operator) => (Some(operator), text.to_owned()),
            None => self.without_wildcards(text),
        };
        Asked { operator, text, sign, negated, span }
    }

    /// What is asked of the attribute where there are no wildcards.
    fn operator(self) -> Operator {
        if is_long_text(self.name) { Operator::Contains } else { Operator::Equal }
    }

    /// `CONTAINS refund` of `*refund*`. In a long text a word may well begin so, and labels have no parts.
    fn without_wildcards(self, text: &str) -> (Option<Operator>, String) {
        // In an address it begins a query.
        let is_sign = |c: char| c == '*' || c == '?' && !text.contains("://");
        if text == "*" || text.starts_with(['"', '\'']) || !text.contains(is_sign) {
            return (Some(self.operator()), text.to_owned());
        }
        let inner = text.trim_matches('*');
        let operator = match (text.starts_with('*'), text.ends_with('*')) {
            _ if inner.is_empty() || inner.contains(is_sign) || is_labels(self.name) => None,
            (true, true) => Some(Operator::Contains),
            (false, true) if self.operator() == Operator::Equal => Some(Operator::StartsWith),
            _ => None,
        };
        (operator, operator.map_or_else(|| text.to_owned(), |_| write_value(inner)))
    }

    /// What several values ask for together; none where it is not known what joins them.
    fn joined(self, asked: &[Asked], separator: Option<Separator>) -> Option<String> {
        let (without, with): (Vec<&Asked>, Vec<&Asked>) = asked.iter().partition(|asked| asked.is_excluded());
        let signed = asked.iter().any(|asked| asked.sign.is_some());
        let demands = |asked: &&Asked| asked.sign == Some('+');
        let level = match separator {
            _ if asked.len() == 1 => Connective::And,
            Some(Separator::Connective(level)) if !signed || level == Connective::And => level,
            Some(Separator::Comma) if asked.iter().all(Asked::is_bare) => Connective::Or,
            // Side by side what is demanded, and what is excluded, holds together; of the others one is enough.
            None if signed && with.iter().all(demands) => Connective::And,
            None if !with.iter().any(demands) && asked.iter().all(|asked| !self.is_compared(asked)) => Connective::Or,
            _ => return None,
        };
        let meant = match (with.as_slice(), without.as_slice()) {
            (with, []) if self.excludes && (level == Connective::Or || with.len() == 1) => {
                return self.each(with, true, Connective::And);
            }
            (with, []) => self.each(with, false, level)?,
            ([], without) if level == Connective::And || separator.is_none() => {
                if self.excludes && without.len() == 1 {
                    return self.each(without, false, level);
                }
                self.each(without, true, Connective::And)?
            }
            // `vip OR NOT refund`
            _ if level == Connective::Or && separator.is_some() => {
                let each = asked.iter().map(|asked| self.condition(asked, asked.is_excluded()));
                grouped(each.collect::<Option<Vec<_>>>()?.join(" OR "))
            }
            (with, without) => {
                let (with, without) = (self.each(with, false, level)?, self.each(without, true, Connective::And)?);
                grouped(format!("{with} AND {without}"))
            }
        };
        Some(if self.excludes { format!("NOT {meant}") } else { meant })
    }

    /// Whether an operator stands before the value.
    fn is_compared(self, asked: &Asked) -> bool {
        let of_texts = [Operator::Equal, Operator::Contains, Operator::StartsWith];
        asked.operator.is_some_and(|operator| !of_texts.contains(&operator))
    }

    /// Conditions on values as one operand, or one condition on all of them.
    fn each(self, asked: &[&Asked], negated: bool, level: Connective) -> Option<String> {
        let both = is_labels(self.name) && !negated && level == Connective::And;
        if asked.len() > 1 && !both && asked.iter().all(|asked| asked.operator == Some(Operator::Equal)) {
            let list = if negated { Operator::NotIn } else { Operator::In };
            let values: Vec<&str> = asked.iter().map(|asked| asked.text.as_str()).collect();
            return Some(format!("{} {} ({})", self.name, list.as_str(), values.join(", ")));
        }
        let each = asked.iter().map(|asked| self.condition(asked, negated)).collect::<Option<Vec<_>>>()?;
        Some(grouped(each.join(&format!(" {} ", level.as_str()))))
    }

    fn condition(self, asked: &Asked, negated: bool) -> Option<String> {
        let operator = if negated { negative(asked.operator?) } else { asked.operator? };
        Some(format!("{} {} {}", self.name, operator.as_str(), asked.text))
    }

    /// What is told of values that have no correction.
    fn unclear(self, place: Span, asked: &[Asked]) -> Diagnostic {
        let each = || {
            let each = asked.iter().map(|asked| self.condition(asked, asked.is_excluded() != self.excludes));
            each.collect::<Option<Vec<_>>>()
        };
        match (asked, each()) {
            (_, Some(each)) => catalogue::search_values(place, Some(&each.join(" AND "))),
            _ if is_labels(self.name) => catalogue::search_label_part(place, self.name),
            ([one], None) => catalogue::search_wildcard(place, self.anywhere(one).as_deref()),
            _ => catalogue::search_wildcard(place, None),
        }
    }

    /// What finds the text of `*@acme.com` anywhere.
    fn anywhere(self, asked: &Asked) -> Option<String> {
        let inner = asked.text.trim_matches('*');
        let operator = if asked.is_excluded() != self.excludes { Operator::NotContains } else { Operator::Contains };
        let is_text = !inner.is_empty() && !inner.contains(['*', '?']);
        is_text.then(|| format!("{} {} {}", self.name, operator.as_str(), write_value(inner)))
    }
}
