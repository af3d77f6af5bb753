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
    /// What `numeric_in` of PostgreSQL takes, however many zeros stand before it.
    const LARGEST: u64 = i32::MAX as u64 / 2;
    let number = Literal::split(text, &['e', 'E'])?;
    let no_digits = number.integer.is_empty() && number.fraction.unwrap_or("").is_empty();
    if no_digits || number.exponent.unsigned_abs() > LARGEST {
        return None;
    }
    number.value()
}

/// What Ruby's `BigDecimal` has read, as PostgreSQL takes it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum RubyDecimal {
    /// A `numeric`.
    Number(PgNumeric),
    /// A number of more digits than `numeric` has room for.
    TooLong,
}

/// Reads what Ruby's `BigDecimal(text)` accepts; `None` is its `ArgumentError`.
///
/// Unlike PostgreSQL: `1_000` is legal, `5.` is not, and the three special words must be spelt so.
pub(crate) fn parse_ruby_decimal(text: &str) -> Option<RubyDecimal> {
    /// Exponents beyond it, which Ruby multiplies by the nine digits of a word, are infinity, or nothing.
    const LARGEST: u64 = i64::MAX as u64 / 9;
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
        exponent if exponent.unsigned_abs() <= LARGEST || number.is_zero() => number.value(),
        ..0 => Some(PgNumeric::from(0)),
        _ if number.negative => Some(PgNumeric::NegInfinity),
        _ => Some(PgNumeric::Infinity),
    };
    Some(value.map_or(RubyDecimal::TooLong, RubyDecimal::Number))
}

/// Takes out `_` between two digits, and the one that ends a whole number; anywhere else it is an error.
fn without_separators(text: &str) -> Option<String> {
    let mut plain = String::with_capacity(text.len());
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        if c != '_' {
            plain.push(c);
            continue;
        }
        let after_digit = plain.ends_with(|c: char| c.is_ascii_digit());
        let before_digit = match chars.peek() {
            Some(next) => next.is_ascii_digit(),
            None => plain.trim_start_matches(['+', '-']).bytes().all(|b| b.is_ascii_digit()),
        };
        (after_digit && before_digit).then_some(())?;
    }
    Some(plain)
}

/// The parts of a decimal literal.
struct Literal<'a> {
    negative: bool,
    integer: &'a str,
    /// The digits after the point; `None` without a point.
    fraction: Option<&'a str>,
    exponent: i64,
}

impl<'a> Literal<'a> {
    fn split(text: &'a str, exponent_marks: &[char]) -> Option<Self> {
        let (mantissa, exponent) = match text.split_once(exponent_marks) {
            Some((mantissa, exponent)) => (mantissa, parse_exponent(exponent)?),
            None => (text, 0),
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
        let zeros = |digits: &str| digits.bytes().all(|digit| digit == b'0');
        zeros(self.integer) && zeros(self.fraction.unwrap_or(""))
    }

    /// The value, unless it is too long for `numeric`.
    fn value(&self) -> Option<PgNumeric> {
        let fraction = self.fraction.unwrap_or("");
        let mut digits = format!("{}{fraction}", self.integer);
        let significant = digits.trim_start_matches('0').len();
        if self.is_zero() {
            return Some(PgNumeric::from(0));
        }
        let scale = i64::try_from(fraction.len()).ok()?.checked_sub(self.exponent)?;
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

/// The exponent; one beyond 64 bits is as good as the last of them.
fn parse_exponent(text: &str) -> Option<i64> {
    let digits = text.strip_prefix(['+', '-']).unwrap_or(text);
    let last = if text.starts_with('-') { i64::MIN } else { i64::MAX };
    let whole = !digits.is_empty() && digits.bytes().all(|digit| digit.is_ascii_digit());
    whole.then(|| text.parse().unwrap_or(last))
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
        // As many digits as there may be on either side of the point.
        assert!(pg("9e131071") > pg("1e131071") && pg("1e-16383") > pg("0"));
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
        let ruby = |text| match parse_ruby_decimal(text) {
            Some(RubyDecimal::Number(number)) => number,
            other => panic!("{text:?} is {other:?}"),
        };
        for (text, value) in [
            ("1_000", "1000"),
            (" .5 ", "0.5"),
            ("1_ ", "1"),
            ("-1_0_", "-10"),
            ("1_0.5_5e1_0", "1055e8"),
            ("NaN", "nan"),
            ("Infinity", "inf"),
            ("+Infinity", "inf"),
            ("-Infinity", "-inf"),
        ] {
            assert_eq!(ruby(text), pg(value), "{text:?}");
        }
        for bad in [
            "5.",
            "1__0",
            "_1",
            "1__",
            "1_e5",
            "1.5_",
            "1e5_",
            "1e_1",
            "1_.5",
            "_",
            "nan",
            "-infinity",
            "0x10",
            "",
            "  ",
            "5abc",
            "1e",
        ] {
            assert_eq!(parse_ruby_decimal(bad), None, "{bad:?}");
        }
    }

    #[test]
    fn what_ruby_reads_may_be_too_long_for_postgresql() {
        for long in ["1e131072", "-1e131072", "1e-16384", "1e999999999999", "1e1024819115206086200"] {
            assert_eq!(parse_ruby_decimal(long), Some(RubyDecimal::TooLong), "{long:?}");
        }
        for (text, value) in [
            ("0e999999999999", PgNumeric::from(0)),
            ("0e99999999999999999999", PgNumeric::from(0)),
            ("1e1024819115206086201", PgNumeric::Infinity),
            ("1e99999999999999999999", PgNumeric::Infinity),
            ("-1e99999999999999999999", PgNumeric::NegInfinity),
            ("1e-99999999999999999999", PgNumeric::from(0)),
        ] {
            assert_eq!(parse_ruby_decimal(text), Some(RubyDecimal::Number(value)), "{text:?}");
        }
        assert!(matches!(parse_ruby_decimal("1e131071"), Some(RubyDecimal::Number(_))));
    }
}
