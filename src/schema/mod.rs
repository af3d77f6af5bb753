//! Attributes, types and operators; what each server version can do with them; and what an account knows.

mod account;
mod attribute;
mod local;
mod operator;
mod version;

use jiff::Timestamp;
use jiff::tz::TimeZone;

#[cfg(feature = "cli")]
pub(crate) use account::INBOXES;
pub(crate) use account::NameIndex;
pub use account::{Account, Agent, CustomDefinition, NameList, Named};
#[cfg(feature = "client")]
pub(crate) use account::{LISTS, SetList, id_in};
pub(crate) use attribute::Hindrance;
pub use attribute::{
    Attribute, Case, Custom, CustomKind, IdType, OperatorGroup, PRIORITIES, STANDARD, STATUSES, Standard, StandardInfo,
    ValueType,
};
pub use local::{CHANNELS, LOCAL, Local, LocalInfo};
pub use operator::{WireOperator, WireOperators};
pub use version::{ParseVersionError, ServerVersion};

/// What a query is checked and compiled against: a server's version, an account's names, a clock and a zone.
///
/// ```
/// let schema = cwql::Schema::default();
/// assert_eq!(schema.version, cwql::schema::ServerVersion::LATEST);
/// ```
#[derive(Clone, Debug)]
pub struct Schema {
    /// The server's version.
    pub version: ServerVersion,
    /// The account's names and custom attributes, where they are known.
    pub account: Option<Account>,
    /// The time that relative dates count from; `None` is the system's clock, which is read for each of them anew: who
    /// compares `yesterday` with `today` sets it.
    pub now: Option<Timestamp>,
    /// The zone whose days are meant. In UTC, the server's own, whole days are compared by the server.
    pub zone: TimeZone,
    /// Whether relative days are sent as `days_before`, so that a saved view moves with the time, where the
    /// server's version has it working.
    pub rolling: bool,
    /// How many conditions a payload may have; beyond it, alternatives are evaluated by the client, or sent in a few
    /// payloads where the client would have to look at every conversation. Conditions that are all to hold are one
    /// payload, however many they are.
    pub max_conditions: usize,
}

/// The default of [`Schema::max_conditions`].
pub const MAX_PAYLOAD_CONDITIONS: usize = 500;

impl Default for Schema {
    fn default() -> Self {
        Self {
            version: ServerVersion::LATEST,
            account: None,
            now: None,
            zone: TimeZone::UTC,
            rolling: false,
            max_conditions: MAX_PAYLOAD_CONDITIONS,
        }
    }
}

impl Schema {
    /// The definitions of the account's custom attributes, as far as they are known.
    #[must_use]
    pub fn definitions(&self) -> &[CustomDefinition] {
        self.account.as_ref().map(Account::definitions).unwrap_or_default()
    }

    /// Whether they are known: an account whose definitions could not be read may have any.
    #[must_use]
    pub fn knows_custom(&self) -> bool {
        self.account.as_ref().is_some_and(|account| account.custom.is_some())
    }

    /// The time that relative dates count from; the clock's is taken to the second, as the server keeps times.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        self.now.unwrap_or_else(|| {
            let now = Timestamp::now();
            Timestamp::from_second(now.as_second()).unwrap_or(now)
        })
    }
}
