//! Numbers as PostgreSQL's `numeric` and Ruby's `BigDecimal` read and order them.

use std::borrow::Cow;
use std::cmp::Ordering;
use std::str::FromStr;

use bigdecimal::BigDecimal;
use bigdecimal::num_bigint::BigInt;

use super::boolean::trim_c_space;

/// PostgreSQL allows this many digits before the decimal point ...
const MAX_INTEGER_DIGITS: i64 = 131_072;
/// ... and this many after it.
const MAX_FRACTION_DIGITS: i64 = 16_383;
/// What `numeric_in` of PostgreSQL takes as an exponent, however many zeros stand before it.
const MAX_EXPONENT: u64 = i32::MAX as u64 / 2;
/// The last exponent that Ruby's `BigDecimal` multiplies by its nine digits a word without an overflow.
const MAX_RUBY_EXPONENT: u64 = i64::MAX as u64 / 9;

/// A `numeric`: by value (`5` is `5.0`), at any length.
#[derive(Debug, Clone)]
pub(crate) enum PgNumeric {
    /// `-Infinity`, below every number.
    NegInfinity,
    /// A small whole number, which most are: it needs no memory of its own.
    Integer(i64),
    /// Any other number.
    Finite(BigDecimal),
    /// `Infinity`, above every number.
    Infinity,
    /// `NaN`: equal to itself and above everything, unlike in IEEE arithmetic.
    NaN,
}

impl PgNumeric {
    /// The number, unless it is `NaN` or an infinity.
    pub(crate) fn finite(&self) -> Option<Cow<'_, BigDecimal>> {
        match self {
            Self::Integer(number) => Some(Cow::Owned(BigDecimal::from(*number))),
            Self::Finite(number) => Some(Cow::Borrowed(number)),
            Self::NegInfinity | Self::Infinity | Self::NaN => None,
        }
    }

    fn rank(&self) -> u8 {
        match self {
            Self::NegInfinity => 0,
            Self::Integer(_) | Self::Finite(_) => 1,
            Self::Infinity => 2,
            Self::NaN => 3,
        }
    }
}

impl Ord for PgNumeric {
    fn cmp(&self, other: &Self) -> Ordering {
        match (self, other) {
            (Self::Integer(a), Self::Integer(b)) => a.cmp(b),
            (Self::Finite(a), Self::Finite(b)) => a.cmp(b),
            (Self::Integer(a), Self::Finite(b)) => BigDecimal::from(*a).cmp(b),
            (Self::Finite(a), Self::Integer(b)) => a.cmp(&BigDecimal::from(*b)),
            _ => self.rank().cmp(&other.rank()),
        }
    }
}

impl PartialOrd for PgNumeric {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for PgNumeric {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for PgNumeric {}

impl From<i64> for PgNumeric {
    fn from(value: i64) -> Self {
        Self::Integer(value)
    }
}

/// Reads what PostgreSQL 15's `numeric` accepts; `None` is its error.
///
/// White space around the number, `.5`, `5.`, `1e3`, `NaN` and `Infinity` are legal;
/// `1_000` and `0x10` only from PostgreSQL 16 on, and `1,000` never.
pub(crate) fn parse_pg_numeric(text: &str) -> Option<PgNumeric> {
    let text = trim_c_space(text);
    match text.to_ascii_lowercase().as_str() {
        "nan" => return Some(PgNumeric::NaN),
        "infinity" | "+infinity" | "inf" | "+inf" => return Some(PgNumeric::Infinity),
        "-infinity" | "-inf" => return Some(PgNumeric::NegInfinity),
        _ => {}
    }
    if let Ok(small) = text.parse::<i64>() {
        return Some(PgNumeric::Integer(small));
    }
    let number = Literal::split(text, &['e', 'E'])?;
    if number.integer.is_empty() && number.fraction.unwrap_or("").is_empty() {
        return None;
    }
    match number.exponent {
        Exponent::Small(exponent) if exponent.unsigned_abs() <= MAX_EXPONENT => number.value(exponent),
        _ => None,
    }
}

/// A number as Ruby has read it, which it writes into SQL.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum RubyDecimal {
    Number(PgNumeric),
    /// A number with more digits than `numeric` holds: the database refuses it.
    TooLong,
}

/// Reads what Ruby's `BigDecimal(text)` accepts; `None` is its `ArgumentError`.
///
/// Unlike PostgreSQL: `1_000` is legal, `5.` is not, the three special words must be spelt so, and an exponent that
/// does not fit in a word of the machine is an infinity, or zero.
pub(crate) fn parse_ruby_decimal(text: &str) -> Option<RubyDecimal> {
    let text = trim_c_space(text);
    match text {
        "NaN" => return Some(RubyDecimal::Number(PgNumeric::NaN)),
        "Infinity" | "+Infinity" => return Some(RubyDecimal::Number(PgNumeric::Infinity)),
        "-Infinity" => return Some(RubyDecimal::Number(PgNumeric::NegInfinity)),
        _ => {}
    }
    let plain = without_separators(text)?;
    let number = Literal::split(&plain, &['e', 'E', 'd', 'D'])?;
    let no_digits = number.integer.is_empty() && number.fraction.is_none();
    if no_digits || number.fraction.is_some_and(str::is_empty) {
        return None;
    }
    let value = match number.exponent {
        _ if number.is_zero() => PgNumeric::from(0),
        Exponent::Huge { negative: true } => PgNumeric::from(0),
        Exponent::Huge { negative: false } if number.negative => PgNumeric::NegInfinity,
        Exponent::Huge { negative: false } => PgNumeric::Infinity,
        Exponent::Small(exponent) => match number.value(exponent) {
            Some(value) => value,
            None => return Some(RubyDecimal::TooLong),
        },
    };
    Some(RubyDecimal::Number(value))
}

/// Takes out `_` between two digits; anywhere else it is an error.
fn without_separators(text: &str) -> Option<String> {
    let chars: Vec<char> = text.chars().collect();
    let is_digit = |i: Option<usize>| i.and_then(|i| chars.get(i)).is_some_and(char::is_ascii_digit);
    let mut plain = String::new();
    for (i, &c) in chars.iter().enumerate() {
        if c != '_' {
            plain.push(c);
        } else if !is_digit(i.checked_sub(1)) || !is_digit(Some(i + 1)) {
            return None;
        }
    }
    Some(plain)
}

/// The parts of a decimal literal.
struct Literal<'a> {
    negative: bool,
    integer: &'a str,
    /// The digits after the point; `None` without a point.
    fraction: Option<&'a str>,
    exponent: Exponent,
}

#[derive(Debug, Clone, Copy)]
enum Exponent {
    Small(i64),
    /// Beyond [`MAX_RUBY_EXPONENT`].
    Huge {
        negative: bool,
    },
}

impl<'a> Literal<'a> {
    fn split(text: &'a str, exponent_marks: &[char]) -> Option<Self> {
        let (mantissa, exponent) = match text.split_once(exponent_marks) {
            Some((mantissa, exponent)) => (mantissa, parse_exponent(exponent)?),
            None => (text, Exponent::Small(0)),
        };
        let unsigned = mantissa.strip_prefix(['+', '-']).unwrap_or(mantissa);
        let (integer, fraction) = match unsigned.split_once('.') {
            Some((integer, fraction)) => (integer, Some(fraction)),
            None => (unsigned, None),
        };
        let digits = |part: &str| part.bytes().all(|b| b.is_ascii_digit());
        (digits(integer) && digits(fraction.unwrap_or(""))).then_some(Self {
            negative: mantissa.starts_with('-'),
            integer,
            fraction,
            exponent,
        })
    }

    fn is_zero(&self) -> bool {
        [self.integer, self.fraction.unwrap_or("")].iter().all(|digits| digits.bytes().all(|digit| digit == b'0'))
    }

    /// The value with such an exponent, unless it is too long for `numeric`.
    fn value(&self, exponent: i64) -> Option<PgNumeric> {
        let fraction = self.fraction.unwrap_or("");
        let mut digits = format!("{}{fraction}", self.integer);
        let significant = digits.trim_start_matches('0').len();
        let scale = i64::try_from(fraction.len()).ok()?.checked_sub(exponent)?;
        if self.is_zero() {
            return Some(PgNumeric::from(0));
        }
        // Checked before the number is built: an exponent is a few characters that ask for much memory.
        if i64::try_from(significant).ok()?.checked_sub(scale)? > MAX_INTEGER_DIGITS {
            return None;
        }
        if scale > MAX_FRACTION_DIGITS {
            return None;
        }
        if self.negative {
            digits.insert(0, '-');
        }
        let value = BigDecimal::new(BigInt::from_str(&digits).ok()?, scale);
        Some(PgNumeric::Finite(value))
    }
}

/// Reads `[+-]` and digits.
fn parse_exponent(text: &str) -> Option<Exponent> {
    let digits = text.strip_prefix(['+', '-']).unwrap_or(text);
    if digits.is_empty() || !digits.bytes().all(|digit| digit.is_ascii_digit()) {
        return None;
    }
    let small = text.parse().ok().filter(|exponent: &i64| exponent.unsigned_abs() <= MAX_RUBY_EXPONENT);
    Some(small.map_or(Exponent::Huge { negative: text.starts_with('-') }, Exponent::Small))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pg(text: &str) -> PgNumeric {
        parse_pg_numeric(text).unwrap()
    }

    #[test]
    fn equality_is_by_value() {
        for same in
            ["5", "05", " 5 ", "5.0", "5.", "50e-1", "+5", "0.5E1", "0.5e000000001", "0.5e0000000000000000000000001"]
        {
            assert_eq!(pg(same), pg("5"), "{same:?}");
        }
        assert_ne!(pg("0.1"), pg("0.10000000000000001"));
        assert_eq!(pg("-0"), pg("0"));
    }

    #[test]
    fn nan_is_above_infinity_and_equal_to_itself() {
        assert!(pg("nan") > pg("inf"));
        assert!(pg("inf") > pg("1e131000"));
        assert!(pg("-Infinity") < pg("-1e131000"));
        assert_eq!(pg("NaN"), pg("nan"));
    }

    #[test]
    fn what_is_not_a_number() {
        for bad in ["", " ", ".", "abc", "1,000", "1_000", "0x10", "1/2", "5abc", "1e", "--1", "1.2.3", "+NaN", "1 2"] {
            assert_eq!(parse_pg_numeric(bad), None, "{bad:?}");
        }
        assert_eq!(parse_pg_numeric("1e131072"), None);
        assert_eq!(parse_pg_numeric("1e999999999"), None);
        assert_eq!(parse_pg_numeric("0e1073741823"), Some(PgNumeric::from(0)));
        assert_eq!(parse_pg_numeric("0e-1073741824"), None);
        assert_eq!(parse_pg_numeric("0e99999999999999999999"), None);
        assert!(["5e1x", "5e+-1", "5e 1", "5e+"].iter().all(|bad| parse_pg_numeric(bad).is_none()));
        assert_eq!(parse_pg_numeric("1e-16384"), None);
    }

    #[test]
    fn ruby_reads_separators_but_no_trailing_point() {
        let ruby = |text| parse_ruby_decimal(text);
        assert_eq!(ruby("1_000"), Some(RubyDecimal::Number(PgNumeric::from(1000))));
        assert_eq!(ruby(" .5 "), Some(RubyDecimal::Number(pg("0.5"))));
        for bad in ["5.", "1__0", "_1", "1_", "nan", "0x10", "", "  ", "5abc"] {
            assert_eq!(parse_ruby_decimal(bad), None, "{bad:?}");
        }
    }

    #[test]
    fn exponents_of_ruby_overflow_to_infinity_and_underflow_to_zero() {
        let number = |value| Some(RubyDecimal::Number(value));
        for (text, read) in [
            ("1e99999999999999999999", number(PgNumeric::Infinity)),
            ("-0.5E+99999999999999999999", number(PgNumeric::NegInfinity)),
            ("1e-99999999999999999999", number(PgNumeric::from(0))),
            ("0e99999999999999999999", number(PgNumeric::from(0))),
            // As `BigDecimal` counts on a machine of 64 bits.
            ("1e1024819115206086200", Some(RubyDecimal::TooLong)),
            ("1e1024819115206086201", number(PgNumeric::Infinity)),
            ("1e131072", Some(RubyDecimal::TooLong)),
            ("1e131071", number(pg("1e131071"))),
            ("1e-16384", Some(RubyDecimal::TooLong)),
            ("0e1073741824", number(PgNumeric::from(0))),
        ] {
            assert_eq!(parse_ruby_decimal(text), read, "{text}");
        }
    }
}
