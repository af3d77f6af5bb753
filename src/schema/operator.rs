//! The operators of the API.

/// The operators of the API.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum WireOperator {
    /// `equal_to`
    EqualTo,
    /// `not_equal_to`
    NotEqualTo,
    /// `contains`
    Contains,
    /// `does_not_contain`
    DoesNotContain,
    /// `is_present`
    IsPresent,
    /// `is_not_present`
    IsNotPresent,
    /// `is_greater_than`
    IsGreaterThan,
    /// `is_less_than`
    IsLessThan,
    /// `days_before`
    DaysBefore,
}

impl WireOperator {
    /// Every operator with its name on the wire.
    pub const NAMES: &'static [(&'static str, Self)] = &[
        ("equal_to", Self::EqualTo),
        ("not_equal_to", Self::NotEqualTo),
        ("contains", Self::Contains),
        ("does_not_contain", Self::DoesNotContain),
        ("is_present", Self::IsPresent),
        ("is_not_present", Self::IsNotPresent),
        ("is_greater_than", Self::IsGreaterThan),
        ("is_less_than", Self::IsLessThan),
        ("days_before", Self::DaysBefore),
    ];

    /// The name on the wire.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::EqualTo => "equal_to",
            Self::NotEqualTo => "not_equal_to",
            Self::Contains => "contains",
            Self::DoesNotContain => "does_not_contain",
            Self::IsPresent => "is_present",
            Self::IsNotPresent => "is_not_present",
            Self::IsGreaterThan => "is_greater_than",
            Self::IsLessThan => "is_less_than",
            Self::DaysBefore => "days_before",
        }
    }

    /// The operator with this name on the wire.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::NAMES.iter().find(|(known, _)| *known == name).map(|&(_, operator)| operator)
    }
}

/// A set of operators of the API.
///
/// ```
/// use cwql::schema::{Standard, WireOperator};
///
/// let accepted = Standard::Labels.info().wire;
/// assert!(accepted.contains(WireOperator::IsPresent) && !accepted.contains(WireOperator::Contains));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct WireOperators(u16);

impl WireOperators {
    /// The set of these.
    pub(super) const fn of(operators: &[WireOperator]) -> Self {
        let (mut bits, mut rest) = (0, operators);
        while let [operator, others @ ..] = rest {
            bits |= 1 << *operator as u16;
            rest = others;
        }
        Self(bits)
    }

    /// Whether it is one of them.
    #[must_use]
    pub const fn contains(self, operator: WireOperator) -> bool {
        self.0 & (1 << operator as u16) != 0
    }
}
