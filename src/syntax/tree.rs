//! The tree as it was written: parentheses, spelling and places kept.

use std::borrow::Cow;

use super::lexer::{unbacktick, unquote};
use super::token::is_smart_quote;
use crate::source::Span;

/// An expression as written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Expr {
    /// Two or more operands side by side: `a AND b AND c` is one node, so that its depth is one.
    Chain {
        /// AND or OR.
        connective: Connective,
        /// The operands in order.
        operands: Vec<Expr>,
    },
    /// `NOT operand`
    Not {
        /// From the NOT to the operand's end.
        span: Span,
        /// What is negated.
        operand: Box<Expr>,
    },
    /// `( inner )`
    Paren {
        /// The parentheses included.
        span: Span,
        /// What is inside.
        inner: Box<Expr>,
    },
    /// One condition.
    Condition(Condition),
    /// A place where no expression could be read; an error tells of it.
    Error(Span),
}

/// AND or OR.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Connective {
    /// All operands hold.
    And,
    /// At least one operand holds.
    Or,
}

impl Connective {
    /// The canonical spelling.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::And => "AND",
            Self::Or => "OR",
        }
    }

    /// How tightly it binds. NOT and comparison bind tighter still.
    #[must_use]
    pub const fn precedence(self) -> u8 {
        match self {
            Self::Or => 1,
            Self::And => 2,
        }
    }
}

/// `name operator operand`
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Condition {
    /// The whole condition.
    pub span: Span,
    /// The attribute's name.
    pub name: Name,
    /// The comparison.
    pub operator: Operator,
    /// Where the operator stands.
    pub operator_span: Span,
    /// What is compared with.
    pub operand: Operand,
}

/// An attribute's name as written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Name {
    /// Its place, backticks included.
    pub span: Span,
}

impl Name {
    /// The name without backticks.
    #[must_use]
    pub fn text<'a>(&self, source: &'a str) -> Cow<'a, str> {
        let raw = self.span.of(source);
        // A name mistakenly in quotes is read as what is inside them.
        if raw.starts_with(|c| matches!(c, '"' | '\'') || is_smart_quote(c)) { unquote(raw) } else { unbacktick(raw) }
    }
}

/// The comparison operators, whatever their spelling was.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Operator {
    /// `=`
    Equal,
    /// `!=`
    NotEqual,
    /// `<`
    Less,
    /// `<=`
    LessEqual,
    /// `>`
    Greater,
    /// `>=`
    GreaterEqual,
    /// `IN (…)`
    In,
    /// `NOT IN (…)`
    NotIn,
    /// `CONTAINS`, `~`
    Contains,
    /// `NOT CONTAINS`, `!~`
    NotContains,
    /// `STARTS WITH`
    StartsWith,
    /// `NOT STARTS WITH`
    NotStartsWith,
    /// `LIKE`, `ILIKE`
    Like,
    /// `NOT LIKE`
    NotLike,
    /// `BETWEEN a AND b`
    Between,
    /// `NOT BETWEEN a AND b`
    NotBetween,
    /// `IS PRESENT`
    IsPresent,
    /// `IS MISSING`
    IsMissing,
    /// `OLDER THAN`
    OlderThan,
}

impl Operator {
    /// The canonical spelling.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Equal => "=",
            Self::NotEqual => "!=",
            Self::Less => "<",
            Self::LessEqual => "<=",
            Self::Greater => ">",
            Self::GreaterEqual => ">=",
            Self::In => "IN",
            Self::NotIn => "NOT IN",
            Self::Contains => "CONTAINS",
            Self::NotContains => "NOT CONTAINS",
            Self::StartsWith => "STARTS WITH",
            Self::NotStartsWith => "NOT STARTS WITH",
            Self::Like => "LIKE",
            Self::NotLike => "NOT LIKE",
            Self::Between => "BETWEEN",
            Self::NotBetween => "NOT BETWEEN",
            Self::IsPresent => "IS PRESENT",
            Self::IsMissing => "IS MISSING",
            Self::OlderThan => "OLDER THAN",
        }
    }

    /// All of them, in the order in which they are listed.
    pub const ALL: [Self; 19] = [
        Self::Equal,
        Self::NotEqual,
        Self::In,
        Self::NotIn,
        Self::Less,
        Self::LessEqual,
        Self::Greater,
        Self::GreaterEqual,
        Self::Between,
        Self::NotBetween,
        Self::OlderThan,
        Self::Contains,
        Self::NotContains,
        Self::StartsWith,
        Self::NotStartsWith,
        Self::Like,
        Self::NotLike,
        Self::IsPresent,
        Self::IsMissing,
    ];

    /// The operator that asks of a list what this one asks of one value.
    pub(crate) const fn of_list(self) -> Option<Self> {
        match self {
            Self::Equal => Some(Self::In),
            Self::NotEqual => Some(Self::NotIn),
            _ => None,
        }
    }

    /// Whether it asks for more or less.
    pub(crate) const fn is_ordered(self) -> bool {
        matches!(self, Self::Less | Self::LessEqual | Self::Greater | Self::GreaterEqual)
    }

    /// What joins conditions that ask this of several texts, one each: each is another than one of two.
    pub(crate) const fn joint(self) -> Option<Connective> {
        match self {
            Self::Contains | Self::StartsWith | Self::Like => Some(Connective::Or),
            Self::NotContains | Self::NotStartsWith | Self::NotLike => Some(Connective::And),
            _ => None,
        }
    }
}

/// What stands behind the operator.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Operand {
    /// Nothing: IS PRESENT, IS MISSING, or a missing value that an error tells of.
    None,
    /// One value.
    One(Value),
    /// The values of IN.
    List(Vec<Value>),
    /// The two ends of BETWEEN.
    Range(Value, Value),
}

impl Operand {
    /// The values in order.
    pub fn values(&self) -> impl Iterator<Item = &Value> {
        let (one, two, list) = match self {
            Self::None => (None, None, &[][..]),
            Self::One(value) => (Some(value), None, &[][..]),
            Self::Range(low, high) => (Some(low), Some(high), &[][..]),
            Self::List(values) => (None, None, values.as_slice()),
        };
        one.into_iter().chain(two).chain(list)
    }
}

/// A value as written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Value {
    /// Its place, quotes included.
    pub span: Span,
    /// How it is written.
    pub form: Form,
}

/// How a value is written. What it is, the attribute decides.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Form {
    /// A bare word.
    Word,
    /// A quoted text.
    Quoted,
    /// A word followed by `ago`.
    Ago,
    /// Several bare words that should have been quoted; an error tells of it.
    Words,
}

impl Value {
    /// The text that is meant; of `7d ago` it is `7d`.
    #[must_use]
    pub fn text<'a>(&self, source: &'a str) -> Cow<'a, str> {
        let raw = self.span.of(source);
        match self.form {
            Form::Word | Form::Words => Cow::Borrowed(raw),
            Form::Quoted => unquote(raw),
            Form::Ago => Cow::Borrowed(raw.split(super::token::is_blank).next().unwrap_or(raw)),
        }
    }
}

impl Expr {
    /// The place of the whole expression.
    #[must_use]
    pub fn span(&self) -> Span {
        match self {
            Self::Chain { operands, .. } => match (operands.first(), operands.last()) {
                (Some(first), Some(last)) => first.span().to(last.span()),
                _ => Span::default(),
            },
            Self::Not { span, .. } | Self::Paren { span, .. } | Self::Error(span) => *span,
            Self::Condition(condition) => condition.span,
        }
    }

    /// The number of conditions; a list counts once.
    #[must_use]
    pub fn conditions(&self) -> usize {
        match self {
            Self::Chain { operands, .. } => operands.iter().map(Self::conditions).sum(),
            Self::Not { operand, .. } => operand.conditions(),
            Self::Paren { inner, .. } => inner.conditions(),
            Self::Condition(_) => 1,
            Self::Error(_) => 0,
        }
    }
}
