//! The stable codes, each with its severity and the text of `--explain`.

use std::fmt;
use std::str::FromStr;

use serde::{Serialize, Serializer};

/// How bad a problem is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// The query works, but perhaps not as meant.
    Warning,
    /// The query does not run.
    Error,
}

impl fmt::Display for Severity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Warning => "warning",
            Self::Error => "error",
        })
    }
}

macro_rules! codes {
    ($( $variant:ident $name:literal $severity:ident $explanation:literal )*) => {
        /// The stable code of a diagnostic: `cwql::unknown_attribute` and so on.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[non_exhaustive]
        pub enum Code {
            $( #[doc = $explanation] $variant, )*
        }

        impl Code {
            /// Every code, in the order of the catalogue.
            pub const ALL: &'static [Code] = &[$( Code::$variant, )*];

            /// The code as it is printed, such as `cwql::unknown_attribute`.
            #[must_use]
            pub fn as_str(self) -> &'static str {
                match self { $( Code::$variant => concat!("cwql::", $name), )* }
            }

            /// Whether a diagnostic with this code stops the query.
            #[must_use]
            pub fn severity(self) -> Severity {
                match self { $( Code::$variant => Severity::$severity, )* }
            }

            /// What the code means, why it is reported and what to do, in a few sentences.
            #[must_use]
            pub fn explanation(self) -> &'static str {
                match self { $( Code::$variant => $explanation, )* }
            }
        }
    };
}

codes! {
    EmptyQuery "empty_query" Error
        "The text holds no condition. A query is at least one condition, such as `status = open`; an empty query is refused rather than read as \"every conversation\"."
    QueryTooLarge "query_too_large" Error
        "The query's text is longer than 16 MiB. Put long lists of ids into several runs."
    TooDeep "too_deep" Error
        "Parentheses and NOTs are nested more than 64 deep. Rewrite the query flatter: NOT NOT cancels out, and AND and OR take any number of conditions side by side. A filter that a program built may be nested 200 deep."
    TooManyConditions "too_many_conditions" Error
        "The query has more than 10,000 conditions. Join conditions on one attribute into a list, `id IN (1, 2, 3)`, which counts once, or split the run."
    TooManyErrors "too_many_errors" Error
        "The text has more than 100 mistakes in its syntax; the first ones are shown. Most likely it is no query but another file."
    UnclosedQuote "unclosed_quote" Error
        "A quoted text has no closing quote on its line. A quoted text ends on the line where it begins; write a line break inside it as `\\n` and the quote itself as `\\\"` or `\\'`."
    UnclosedBacktick "unclosed_backtick" Error
        "A name in backticks has no closing backtick on its line."
    SmartQuotes "smart_quotes" Error
        "The text is quoted with typographic quotation marks, as word processors, chats and web pages put them. cwql's quotes are the plain `\"` and `'`; a typographic mark inside a plainly quoted text is an ordinary character."
    BadEscape "bad_escape" Error
        "In a quoted text a backslash begins an escape: `\\\"`, `\\'`, `\\\\`, `\\n`, `\\t` or `\\u{1F600}` with a Unicode scalar value in hexadecimal. For a backslash itself write two."
    UnclosedParenthesis "unclosed_parenthesis" Error
        "An opening parenthesis has no closing one. The label shows the opening one."
    UnmatchedParenthesis "unmatched_parenthesis" Error
        "A closing parenthesis has no opening one."
    EmptyParentheses "empty_parentheses" Error
        "Parentheses group conditions; there is none between these."
    UnexpectedToken "unexpected_token" Error
        "The text cannot go on with this. The message says what could stand here."
    MissingCondition "missing_condition" Error
        "AND, OR and NOT are followed by a condition, such as `status = open`, or by an opening parenthesis."
    MissingOperator "missing_operator" Error
        "An attribute's name is followed by an operator: `=`, `!=`, `<`, `<=`, `>`, `>=`, `~`, `!~`, IN, CONTAINS, STARTS WITH, LIKE, BETWEEN, OLDER THAN, IS PRESENT, IS MISSING. A word alone is no condition."
    MissingValue "missing_value" Error
        "The operator is followed by a value: a word, a number, a date, or a quoted text. To ask for a missing value write `IS MISSING`, for an empty text `\"\"`."
    MissingConnective "missing_connective" Error
        "Two conditions stand side by side. There is no implicit AND: write AND or OR between them."
    DoubledConnective "doubled_connective" Error
        "Two connectives stand side by side, as in `AND AND` or `AND OR`. Keep one; negation is `AND NOT`."
    CommaForOr "comma_for_or" Error
        "A comma separates the values of a list in parentheses and nothing else. Write OR or AND between conditions, or `IN (a, b)` for one of several values."
    BareValue "bare_value" Error
        "After AND or OR stands a value without an attribute and an operator, as one would say it in English. Each condition is complete in itself: `status = open OR status = pending`, shorter `status IN (open, pending)`."
    UnquotedBlank "unquoted_blank" Error
        "A bare word ends at a blank. A value of several words is quoted: `assignee = \"Ada Lovelace\"`."
    ReversedOperator "reversed_operator" Error
        "The operator's characters are in the wrong order: at least is `>=`, at most is `<=`."
    UnknownOperator "unknown_operator" Error
        "This is an operator of another language. The help line shows cwql's; `cwql fields` lists the operators of each attribute."
    ColonOperator "colon_operator" Error
        "cwql compares with `=`; a colon is an ordinary character of a word."
    IsValue "is_value" Error
        "IS asks for presence alone: `IS PRESENT`, `IS MISSING`. To compare with a value use `=` or `!=`."
    MisplacedNot "misplaced_not" Error
        "NOT stands before a condition (`NOT status = open`) or before IN, CONTAINS, STARTS WITH and BETWEEN. For a single value write `!=`."
    KeywordValue "keyword_value" Error
        "A reserved word as a value is quoted, so that a query reads in one way only: `label = \"and\"`. The reserved words are AND, OR, NOT, IN, IS, CONTAINS, STARTS, WITH, BETWEEN, PRESENT, SET, MISSING, EMPTY, NULL."
    KeywordName "keyword_name" Error
        "A reserved word as an attribute's name stands in backticks."
    QuotedName "quoted_name" Error
        "Quotes hold values. An attribute's name is written bare, or in backticks if it has blanks or signs in it."
    InvalidName "invalid_name" Error
        "An attribute's name is made of letters of any script, digits, `_`, `-` and `.`. A name with other characters stands in backticks: `` custom.`Signed up at` ``."
    EmptyList "empty_list" Error
        "IN takes at least one value."
    ListNotAllowed "list_not_allowed" Error
        "Only IN and NOT IN take a list of values."
    ListExpected "list_expected" Error
        "IN takes a list in parentheses: `status IN (open, pending)`."
    RangeExpected "range_expected" Error
        "BETWEEN takes two values joined by AND, both of them included: `created_at BETWEEN 2026-06-01 AND 2026-06-30`."
    UnknownAttribute "unknown_attribute" Error
        "No attribute has this name. `cwql fields` lists the attributes. A custom attribute is written `custom.key`; its bare name works when the account's definitions are known (`--account FILE`, or a server)."
    WrongAttributeKind "wrong_attribute_kind" Error
        "The attribute belongs to another model: a contact's custom attribute is `contact.custom.key`, a conversation's `custom.key`."
    OperatorNotAllowed "operator_not_allowed" Error
        "The attribute cannot be compared in this way. `cwql fields` lists the operators of each attribute."
    UnknownValue "unknown_value" Error
        "The attribute has a fixed set of values, and this is none of them. The server would answer nothing at all, or everything, without an error; cwql refuses."
    WrongType "wrong_type" Error
        "The value is not of the attribute's type. The server would answer with an internal error, or compare something else."
    OutOfRange "out_of_range" Error
        "The number is outside of what the attribute can hold, or too long to be compared: no conversation has it. Sent as a string it would be an internal error of the server's."
    InvalidDate "invalid_date" Error
        "A date is `2026-06-15`, `today`, `yesterday`, `tomorrow` or so many days, weeks, months or years back: `-7d`, `2w ago`, `-3mo`, `-1y`. An instant is `2026-06-15T10:30:00+02:00`, `now`, `-24h`, `now-90m`."
    DateOutOfRange "date_out_of_range" Error
        "The date lies outside of the years 1583 to 9998, or a relative date leads there. Before 1583 the calendars of the server's language and of its database differ."
    UnknownName "unknown_name" Error
        "The account has no agent, inbox or team of this name. Names are compared without regard to case; an id always works."
    AmbiguousName "ambiguous_name" Error
        "Several agents, inboxes or teams have this name. Use the id of the one that is meant."
    NameWithoutAccount "name_without_account" Error
        "To find the id of a name, cwql needs to know the account: from a server (`--url`, `--account-id` and a token) or from a file (`--account FILE`). A server may also refuse the list that the name would be in. An id works without."
    CampaignName "campaign_name" Error
        "The filter compares a campaign's primary key, and no endpoint of the API returns it: the id in `GET campaigns` is another number (the dashboard filters by it, and finds the wrong campaign). The key shows only in `additional_attributes.campaign_id` of messages that the campaign sent."
    NotInVersion "not_in_version" Error
        "The server of this version has no such filter. `--server-version` sets the version; without it cwql asks the server or takes the newest that it knows."
    FrozenDate "frozen_date" Warning
        "With `--rolling`, a view that is saved moves on with the days: `created_at < -7d` is sent as `days_before`, which the server counts anew each time. It has that for whole days and `<`, `<=` or OLDER THAN alone, on its own attributes and custom ones, and in UTC, from version 4.16 on for 1 to 998 days; any other relative date is computed once, and stays."
    ClockChange "clock_change" Warning
        "Where clocks are put forward, an hour of the day does not exist; where they are put back, one is there twice. A local time within it is read as the instant that a clock which was not changed would show. `2026-10-25T02:30:00+01:00`, with an offset, says which instant is meant."
    ThousandsPoint "thousands_point" Warning
        "A point stands before a number's fraction: `1.000` is one, and `1.500` one and a half. A thousand is `1000`. To say that the fraction is meant, write it with other digits: `1.5`."
    OneSecond "one_second" Warning
        "`-24h`, `now` and the like are instants: to be equal to one is to have happened in that very second, and a moment later it is another one. `created_at > -24h` is what happened in the 24 hours before now; `created_at = -1d` is a whole day."
    Contradiction "contradiction" Warning
        "These conditions exclude each other: together they match no conversation."
    Tautology "tautology" Warning
        "One of these conditions always holds: together they match every conversation, and restrict nothing."
    Duplicate "duplicate" Warning
        "The same condition stands here twice."
    NullDropped "null_dropped" Warning
        "On this attribute the server's `!=`, `NOT IN` and `NOT CONTAINS` do not match conversations in which the value is missing: `assignee != 12` leaves out unassigned conversations. `(assignee != 12 OR assignee IS MISSING)` includes them."
    WildcardLiteral "wildcard_literal" Warning
        "In the API `%` and `_` are wildcards. cwql escapes them, so that CONTAINS finds the text as it is written, anywhere in the value, and STARTS WITH at its beginning. LIKE alone has these two wildcards; `*` is none. Nor does a comma in quotes part two labels."
    EmptyText "empty_text" Warning
        "`= \"\"` compares with a text that has no characters; no label is such a text, and hardly any other that is stored. What is not there at all is found by IS MISSING, and what is there by IS PRESENT."
    NoWildcard "no_wildcard" Warning
        "LIKE compares the whole text with its pattern, in which `%` stands for any text and `_` for one character. A pattern without either matches that text alone, in any case of letters. CONTAINS finds a text anywhere."
    OuterBlank "outer_blank" Warning
        "The server strips blanks from both ends of a CONTAINS value. cwql sends the stripped text and compares the blanks itself in the conversations that come back."
    UnknownLabel "unknown_label" Warning
        "The account has no such label. It may still be on a conversation (a label set over the API, or deleted since), so this is no error."
    UnknownId "unknown_id" Warning
        "The account has no agent, inbox or team with this id, so no conversation is with it. The token's user may not see all inboxes, so this is no error."
    UnlistedValue "unlisted_value" Warning
        "The custom attribute is a list, and this value is not in it. It may still be stored: the server takes any text, and a list can change. So this is no error. Of `channel` the values are the names of the server's classes, such as `Channel::Email`; a server that was added to may have others."
    TelephoneForm "telephone_form" Warning
        "Contacts' telephone numbers are stored as `+`, the country's code and digits alone, at most 15: `+4915112345678`. A number that is written otherwise equals none of them."
    AddressForm "address_form" Warning
        "`=` compares a contact's e-mail address as a whole, and this is a part of one: it equals nobody's. CONTAINS finds a part, such as the domain behind the `@`."
    UndefinedKey "undefined_key" Warning
        "The account defines no custom attribute of contacts with this key. Contacts may have it all the same (the API and the widget store any key), so this is no error."
    CaseMismatch "case_mismatch" Warning
        "The attribute is compared with regard to case, and the account knows the name in another case."
    ManyPages "many_pages" Warning
        "The server cannot say part of this query, so the run reads many more conversations than it keeps. `cwql explain` shows which part."
    GuessedType "guessed_type" Warning
        "The type of the custom attribute is not known, because the account's definitions are not; it was taken from the value's form. `--account FILE` or a server supplies the definitions."
    NotExact "not_exact" Error
        "The server cannot say this query in one payload. `cwql run` sends a payload that matches more and evaluates the rest itself; `cwql explain` shows both. `compile --superset` prints the wider payload."
    Impossible "impossible" Error
        "Part of the query can be evaluated neither by the server nor from the conversations that it returns."
    ServerRefused "server_refused" Error
        "The server answered 422: one of its checks refuses a condition that was sent. Most often it is of another version than the query was compiled for (`--server-version`), or a custom attribute is not defined as it was when its definition was read (`--account`). The condition is the one that the server's message names; where it names none, fewer and fewer conditions were sent until it was found."
    ServerFailed "server_failed" Error
        "The server answered 500: Ruby or PostgreSQL failed on what was sent. Most often one stored value of a custom number, date or checkbox is not of the attribute's type, which breaks every condition on it; or the query took longer than the server allows (14 seconds). To find the condition, each was sent alone."
    PayloadSyntax "payload_syntax" Error
        "The text is no JSON. A payload is the array of conditions, a request's body `{\"payload\": […]}` or a saved view `{\"query\": {\"payload\": […]}}`."
    PayloadRefused "payload_refused" Error
        "The server does not answer this payload with conversations: 422 means that one of its checks refuses it, 500 that Ruby or PostgreSQL fails on it, 400 that it is no JSON. The message says what the server objects to, as far as it says so itself."
    PayloadNotSayable "payload_not_sayable" Error
        "The server reads the payload, and the language has no words for what it then means: a wildcard inside the text of `contains`, numbers of more than 250 characters, `NaN` and infinities, days of a custom attribute outside of the years 1583 to 9998, texts compared with `<` by servers before 4.11.2. Rather than something nearly the same, nothing is printed."
    PayloadTrailingOperator "payload_trailing_operator" Warning
        "The last condition has a `query_operator`. The dashboard saves it so and removes it before it sends; sent as it is, the server answers 500, or 422 if it is neither AND nor OR. It is read as if it were absent."
    PayloadValuesNotArray "payload_values_not_array" Warning
        "`values` is no array. The dashboard makes one of it before it sends. The server itself takes the text apart in some places: of a text `is_greater_than` and `is_less_than` use the first character, of a number the lowest bit, and a status that merely contains `all` means every status."
    PayloadFirstValueOnly "payload_first_value_only" Warning
        "Of several values the server uses the first alone: on a custom attribute where the first is a text, and with `is_greater_than`, `is_less_than` and `days_before`. Write one condition for each value, joined by OR; several values of a custom attribute no payload can exclude, a query with NOT IN can."
    PayloadLeak "payload_leak" Warning
        "Behind a condition on a custom attribute the server treats later `equal_to` and `not_equal_to` conditions on ids, labels and additional attributes as if they were custom ones too: of texts only the first counts, in lower case. Put custom attributes last, or send ids as numbers."
    PayloadCustomNotEqual "payload_custom_not_equal" Warning
        "`not_equal_to` on a custom attribute appends `OR … IS NULL` to the whole payload: after `A AND` it lets in every conversation without the attribute, whatever A says."
    PayloadUnknownWord "payload_unknown_word" Warning
        "The attribute has a fixed set of words in lower case, and this is none of them. The server raises no error: `equal_to` ignores the word, `not_equal_to` with it matches no conversation at all. The word `all` means the four statuses, next to others too."
    PayloadNoMatch "payload_no_match" Warning
        "No conversation can have this value: a number with a fraction as an id, an id beyond the column's range, a time beyond the year 9998, a text with capital letters where the server compares in lower case."
    PayloadWildcard "payload_wildcard" Warning
        "In `contains` and `does_not_contain`, `%` and `_` are wildcards and `\\` escapes the next character. The value does not mean what it looks like. To find the characters themselves send `\\%`, `\\_` and `\\\\`; CONTAINS in a query is compiled so."
    PayloadStripped "payload_stripped" Warning
        "The server strips white space from both ends of a `contains` value. What is left of a blank value matches every text."
    PayloadTimeIgnored "payload_time_ignored" Warning
        "The server compares whole days: of a timestamp only the written date counts; the time of day and the offset are dropped without conversion. A query with an instant, such as `created_at > 2026-06-15T10:30:00+02:00`, is finished to the second by `cwql run`."
    PayloadDateForm "payload_date_form" Warning
        "The value is no date of the form `2026-06-15`; the server reads it as the day that is shown: week dates, days of a year, two-digit years, and what is left out is filled in."
    PayloadNullDropped "payload_null_dropped" Warning
        "`not_equal_to` and `does_not_contain` do not match conversations in which the value is missing: `assignee_id not_equal_to [12]` leaves out unassigned conversations. An alternative `is_not_present` includes them, for attributes that have this operator (ids, teams, labels, custom ones); for the others the query `priority != low OR priority IS MISSING` finds them."
    PayloadNullRemoved "payload_null_removed" Warning
        "Rails removes `null` from every array before the server looks at it: `[\"open\", null]` is `[\"open\"]`, and a condition that is `null` vanishes."
    PayloadUnknownOperator "payload_unknown_operator" Warning
        "The operator is none of the server's, and for custom attributes the server does not say so: whatever it does not know (also an upper-case or missing operator) means \"equals the first value\"."
    PayloadPrecedence "payload_precedence" Warning
        "The payload mixes OR and AND, and the server joins AND before OR, as SQL does: `A OR B AND C` is `A OR (B AND C)`. To mean `(A OR B) AND C`, send `A AND C OR B AND C`."
    PayloadEverything "payload_everything" Warning
        "A payload without a condition is no error: it matches every conversation of the account."
    PayloadCampaignId "payload_campaign_id" Warning
        "`campaign_id` compares a campaign's primary key, and the dashboard fills in the number that `GET campaigns` returns, which is another one: the view finds the conversations of a wrong campaign, or none."
}

impl Serialize for Code {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A text that is no code of a diagnostic.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ParseCodeError(String);

impl fmt::Display for ParseCodeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{}` is not the code of a diagnostic like `{}`", self.0, Code::UnknownAttribute.as_str())
    }
}

impl std::error::Error for ParseCodeError {}

impl FromStr for Code {
    type Err = ParseCodeError;

    /// Accepts the code with and without its `cwql::` prefix.
    fn from_str(text: &str) -> Result<Self, ParseCodeError> {
        let name = text.strip_prefix("cwql::").unwrap_or(text);
        Self::ALL
            .iter()
            .copied()
            .find(|code| code.as_str().strip_prefix("cwql::") == Some(name))
            .ok_or_else(|| ParseCodeError(text.to_owned()))
    }
}
