//! The words of a query that may stand where it ends.

use super::stands_within;
use crate::check::attribute_called;
use crate::schema::{Attribute, CHANNELS, Case, IdType, LOCAL, Local, OperatorGroup, STANDARD, Schema, ValueType};
use crate::syntax::{
    KEYWORDS, Keyword, Name, Symbol, Token, TokenKind, is_bare_name, is_bare_value, is_bare_word, lex, quote, sign,
    write_name,
};

/// A query's text with one more word, or a word of it finished.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Candidate {
    pub(super) text: String,
    pub(super) about: Option<&'static str>,
}

/// What may stand behind some words of a query.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Expected {
    /// A condition: an attribute, NOT or a parenthesis.
    Condition,
    /// An operator, behind an attribute.
    Operator,
    /// What NOT negates, behind an attribute.
    Negated,
    /// PRESENT or MISSING, perhaps behind NOT.
    Presence {
        negated: bool,
    },
    /// One certain word.
    Word(&'static str),
    /// The value of a comparison.
    Value,
    /// How long ago.
    Amount,
    /// The parenthesis of a list.
    List,
    /// A value of a list.
    Item,
    /// The list's next value, or its end.
    ItemEnd,
    /// The lower bound of BETWEEN, and what follows it.
    Low,
    BetweenAnd,
    /// The pattern of LIKE, which is in quotes and of no list.
    Pattern,
    /// What joins conditions.
    End,
}

/// The queries that a text may become, in the order in which they are offered. `mark` is the quotation mark that the
/// shell's word stands in: what is offered says the same behind it, and ends it nowhere.
///
/// A shell that has one answer closes the quotation and goes on to the next argument. So where one word is possible
/// with which no query ends, it comes with each word that may follow: the shell writes what they have in common.
///
/// Where a shell `reads_on`, it writes of several words what they share and shows them, and takes none of them.
pub(super) fn candidates(text: &str, schema: &Schema, mark: Option<char>, reads_on: bool) -> Vec<Candidate> {
    let found = next_words(text, schema, mark, reads_on);
    let [only] = found.as_slice() else { return found };
    let further = match expected(&lex(&only.text).tokens, &only.text) {
        None | Some((Expected::End, _)) => Vec::new(),
        Some((Expected::ItemEnd, _)) => {
            [",", ")"].map(|end| Candidate { text: format!("{}{end}", only.text), about: None }).to_vec()
        }
        Some((Expected::Item, _)) => candidates(&only.text, schema, mark, reads_on),
        Some(_) => candidates(&format!("{} ", only.text), schema, mark, reads_on),
    };
    if further.is_empty() { found } else { further }
}

/// The queries that a text may become by one word.
fn next_words(text: &str, schema: &Schema, mark: Option<char>, reads_on: bool) -> Vec<Candidate> {
    let lexed = lex(text);
    // The word at the cursor is what is completed, unless a blank ended it.
    let (before, word) = match lexed.tokens.split_last() {
        Some((last, before)) if last.span.end as usize == text.len() && !matches!(last.kind, TokenKind::Symbol(_)) => {
            (before, last.span.of(text))
        }
        _ => (lexed.tokens.as_slice(), ""),
    };
    let Some((expected, attribute)) = expected(before, text) else { return Vec::new() };
    let typed = word.trim_start_matches(['"', '\'']).to_lowercase();
    let kept = text.get(..text.len() - word.len()).unwrap_or_default();
    // Words that a blank must part from what is there: `status` and `=` need none.
    let parted = !kept.ends_with(|c: char| c.is_alphanumeric() || "\"'`)".contains(c));
    let gap = if !word.is_empty() || parted || expected == Expected::ItemEnd { "" } else { " " };
    let mut words = words(expected, attribute.as_deref(), schema, mark, &typed);
    words.retain(|(word, _)| unquoted(word).to_lowercase().starts_with(&typed));
    if !agree(&words, &typed) {
        let named = matches!(expected, Expected::Value | Expected::Item)
            && attribute.and_then(|name| attribute_called(&name, schema)).is_some_and(|attribute| {
                matches!(attribute.value_type(), ValueType::Id(_) | ValueType::Text(Case::Ignored))
            });
        make_agree(&mut words, unquoted(word), |word| named || word == keyword(Keyword::Not), reads_on);
    }
    words.into_iter().map(|(word, about)| Candidate { text: format!("{kept}{gap}{word}"), about }).collect()
}

fn unquoted(word: &str) -> &str {
    word.trim_start_matches(['"', '\''])
}

/// Whether what the words share at their beginnings is at least what was typed: of several words a shell writes that,
/// and takes the rest away.
fn agree(words: &Words, typed: &str) -> bool {
    let [(first, _), others @ ..] = words.as_slice() else { return true };
    let begin = first.get(..first.len() - unquoted(first).len() + typed.len());
    typed.is_empty() || begin.is_none_or(|begin| others.iter().all(|(word, _)| word.starts_with(begin)))
}

/// Has words begin alike, as far as one was typed: all stand in quotation marks if one must, and those that are found
/// in `any_case` are spelled as they were typed. Of the others those are left that begin as the best one does.
fn make_agree(words: &mut Words, typed: &str, any_case: impl Fn(&str) -> bool, reads_on: bool) {
    let mark = words.iter().find_map(|(word, _)| word.chars().next().filter(|first| matches!(first, '"' | '\'')));
    // `none` in quotation marks is a name, and so is `@me`.
    let special: Vec<String> =
        words.iter().filter(|(_, about)| about.is_some()).map(|(word, _)| word.to_lowercase()).collect();
    if let Some(mark) = mark {
        for (word, about) in words.iter_mut() {
            match word.strip_prefix(mark).and_then(|word| word.strip_suffix(mark)) {
                // None of several words is written yet: the marks come with the name that is left alone.
                Some(bare) if reads_on && !special.is_empty() && !special.contains(&bare.to_lowercase()) => {
                    *word = bare.to_owned();
                }
                None if special.is_empty() && about.is_none() => *word = format!("{mark}{word}{mark}"),
                _ => {}
            }
        }
    }
    for (word, _) in words.iter_mut().filter(|(word, _)| any_case(word)) {
        let own = unquoted(word);
        let end = own.char_indices().nth(typed.chars().count()).map_or(own.len(), |(at, _)| at);
        let opening = word.strip_suffix(own).unwrap_or_default();
        let mut rest = own.get(end..).unwrap_or_default().to_owned();
        // NOT goes on as it was begun.
        if own == own.to_uppercase() && typed == typed.to_lowercase() {
            rest = rest.to_lowercase();
        }
        if own.get(..end).is_some_and(|begin| begin.to_lowercase() == typed.to_lowercase()) {
            *word = format!("{opening}{typed}{rest}");
        }
    }
    let begins = |word: &str, begin: &str| unquoted(word).starts_with(begin);
    let first = || words.first().and_then(|(word, _)| unquoted(word).get(..typed.len())).unwrap_or_default().to_owned();
    let begin = if words.iter().any(|(word, _)| begins(word, typed)) { typed.to_owned() } else { first() };
    words.retain(|(word, _)| begins(word, &begin));
}

/// Reads the words before the cursor: what may follow, and the attribute that it is about.
fn expected(tokens: &[Token], text: &str) -> Option<(Expected, Option<String>)> {
    let mut expected = Expected::Condition;
    let mut attribute = None;
    for token in tokens {
        let word = token.span.of(text);
        expected = match (expected, token.kind) {
            (
                Expected::Condition,
                TokenKind::Symbol(Symbol::Open | Symbol::Bang) | TokenKind::Keyword(Keyword::Not),
            ) => Expected::Condition,
            (Expected::Condition, TokenKind::Word | TokenKind::Backticked) => {
                attribute = Some(Name { span: token.span }.text(text).into_owned());
                Expected::Operator
            }
            (Expected::Operator, TokenKind::Keyword(Keyword::Not)) => Expected::Negated,
            (Expected::Operator, TokenKind::Keyword(Keyword::Is)) => Expected::Presence { negated: false },
            (Expected::Operator | Expected::Negated, TokenKind::Keyword(Keyword::In)) => Expected::List,
            (Expected::Operator | Expected::Negated, TokenKind::Keyword(Keyword::Contains)) => Expected::Value,
            (Expected::Operator | Expected::Negated, TokenKind::Keyword(Keyword::Starts)) => Expected::Word("WITH"),
            (Expected::Operator | Expected::Negated, TokenKind::Keyword(Keyword::Between)) => Expected::Low,
            (Expected::Operator, TokenKind::Word) if word.eq_ignore_ascii_case("older") => Expected::Word("THAN"),
            (Expected::Operator | Expected::Negated, TokenKind::Word)
                if ["like", "ilike"].iter().any(|like| word.eq_ignore_ascii_case(like)) =>
            {
                Expected::Pattern
            }
            (Expected::Pattern, TokenKind::Quoted) => Expected::End,
            (Expected::Word("WITH"), TokenKind::Keyword(Keyword::With)) => Expected::Value,
            (Expected::Word("THAN"), TokenKind::Word) => Expected::Amount,
            (Expected::Amount, TokenKind::Word) => Expected::End,
            (Expected::Operator, kind) if sign(kind).is_some() => Expected::Value,
            (Expected::Presence { negated: false }, TokenKind::Keyword(Keyword::Not)) => {
                Expected::Presence { negated: true }
            }
            (Expected::Presence { .. }, TokenKind::Keyword(Keyword::Present | Keyword::Missing)) => Expected::End,
            (Expected::Value, TokenKind::Word | TokenKind::Quoted) => Expected::End,
            (Expected::List, TokenKind::Symbol(Symbol::Open)) => Expected::Item,
            (Expected::Item, TokenKind::Word | TokenKind::Quoted) => Expected::ItemEnd,
            (Expected::ItemEnd, TokenKind::Symbol(Symbol::Comma)) => Expected::Item,
            (Expected::ItemEnd, TokenKind::Symbol(Symbol::Close)) => Expected::End,
            (Expected::Low, TokenKind::Word | TokenKind::Quoted) => Expected::BetweenAnd,
            (Expected::BetweenAnd, TokenKind::Keyword(Keyword::And)) => Expected::Value,
            (Expected::End, TokenKind::Symbol(Symbol::Close)) => Expected::End,
            (
                Expected::End,
                TokenKind::Keyword(Keyword::And | Keyword::Or) | TokenKind::Symbol(Symbol::AndAnd | Symbol::OrOr),
            ) => Expected::Condition,
            // What is wrong, or unusual, is left to who writes it.
            _ => return None,
        };
    }
    Some((expected, attribute))
}

type Words = Vec<(String, Option<&'static str>)>;

fn plain<const N: usize>(words: [&str; N]) -> Words {
    words.map(|word| (word.to_owned(), None)).to_vec()
}

/// The words that are expected.
fn words(expected: Expected, attribute: Option<&str>, schema: &Schema, mark: Option<char>, typed: &str) -> Words {
    let attribute = attribute.and_then(|name| attribute_called(name, schema));
    let groups = || match &attribute {
        Some(attribute) => attribute.operators(),
        None => &[OperatorGroup::Equality, OperatorGroup::Presence],
    };
    match expected {
        Expected::Condition => {
            let mut words = attributes(schema, mark, typed);
            words.push((keyword(Keyword::Not), None));
            words
        }
        Expected::Operator => groups()
            .iter()
            .flat_map(|group| crate::check::spellings(*group))
            .map(|name| (name.to_owned(), None))
            .collect(),
        Expected::Negated => {
            let names = groups().iter().flat_map(|group| crate::check::spellings(*group));
            names.filter_map(|name| name.strip_prefix("NOT ")).map(|name| (name.to_owned(), None)).collect()
        }
        Expected::Presence { negated } => {
            let mut words = plain(["PRESENT", "MISSING"]);
            if !negated {
                words.push((keyword(Keyword::Not), None));
            }
            words
        }
        Expected::Word(word) => plain([word]),
        Expected::Pattern => Words::new(),
        Expected::Amount => plain(["1d", "7d", "24h"]),
        Expected::List => plain(["("]),
        Expected::ItemEnd => plain([",", ")"]),
        Expected::BetweenAnd => plain(["AND"]),
        Expected::End => plain(["AND", "OR"]),
        Expected::Value | Expected::Item | Expected::Low => {
            let none = expected == Expected::Value && groups().contains(&OperatorGroup::Equality);
            attribute.as_ref().map_or_else(Vec::new, |attribute| values(attribute, schema, mark, none))
        }
    }
}

fn keyword(keyword: Keyword) -> String {
    KEYWORDS
        .iter()
        .find(|(_, known)| *known == keyword)
        .map_or_else(String::new, |(spelling, _)| (*spelling).to_owned())
}

/// The names of attributes: the short ones, and the server's own keys, and those of custom attributes without their
/// prefix, where their beginning is written.
fn attributes(schema: &Schema, mark: Option<char>, typed: &str) -> Words {
    let mut words = Words::new();
    for info in STANDARD.iter().filter(|info| info.until.is_none()) {
        let short = info.aliases.first().copied().unwrap_or(info.key);
        words.push((short.to_owned(), Some(info.about)));
        let others = info.aliases.iter().skip(1).copied().chain([info.key]).filter(|name| *name != short);
        // `assignee` is what is meant by `assig`; `assignee_` leaves only the key.
        for name in others.filter(|name| !short.starts_with(typed) && name.starts_with(typed)) {
            words.push((name.to_owned(), Some(info.about)));
        }
    }
    words.extend(LOCAL.iter().map(|info| (info.name.to_owned(), Some(info.about))));
    if let Some(account) = &schema.account {
        let bare = account.definitions().iter().map(|custom| custom.key.clone()).filter(|key| {
            // A name that means something else is that, whatever the account has.
            let free = is_bare_word(key)
                && matches!(attribute_called(key, schema), Some(Attribute::Custom(_)))
                && !key.contains('.');
            free && !typed.is_empty() && key.to_lowercase().starts_with(typed)
        });
        let custom = account.definitions().iter().map(|custom| format!("custom.{}", custom.key));
        let contact = account.contact_custom.iter().map(|key| format!("contact.custom.{key}"));
        let names =
            bare.chain(custom).chain(contact).map(|name| write_name(&name)).filter(|name| stands_within(name, mark));
        words.extend(names.map(|name| (name, Some("a custom attribute"))));
    }
    words
}

/// The values that an attribute is known to have.
fn values(attribute: &Attribute, schema: &Schema, mark: Option<char>, none: bool) -> Words {
    let account = schema.account.as_ref();
    let none = none.then(|| ("none".to_owned(), Some("is missing")));
    let written = |text: &str| value(text, is_bare_value(text), mark).map(|written| (written, None));
    let name_written = |text: &str| value(text, is_bare_name(text), mark).map(|written| (written, None));
    match attribute.value_type() {
        ValueType::Word(words) => {
            let nullable = words.iter().map(|word| ((*word).to_owned(), None));
            nullable.chain(none.filter(|_| words != crate::schema::STATUSES)).collect()
        }
        ValueType::Id(kind @ (IdType::Agent | IdType::Inbox | IdType::Team)) => {
            let me = (kind == IdType::Agent).then(|| ("@me".to_owned(), Some("you")));
            let names =
                account.into_iter().flat_map(|account| account.names(kind)).filter_map(|(_, name)| name_written(name));
            me.into_iter().chain(names).chain(none.filter(|_| kind != IdType::Inbox)).collect()
        }
        ValueType::Labels => {
            let labels = account.into_iter().flat_map(|account| account.labels());
            labels.filter_map(|label| written(label)).chain(none).collect()
        }
        ValueType::Boolean => plain(["true", "false"]),
        ValueType::Time => plain(["today", "yesterday", "-1d", "-7d", "-24h"]),
        ValueType::Date => plain(["today", "yesterday", "-1d", "-7d"]),
        _ if *attribute == Attribute::Local(Local::Channel) => {
            CHANNELS.iter().filter_map(|name| written(name)).collect()
        }
        _ => {
            let Attribute::Custom(custom) = attribute else { return Words::new() };
            let list = account.and_then(|account| account.custom(&custom.key)).map(|definition| &definition.values);
            list.into_iter().flatten().filter_map(|value| written(value)).collect()
        }
    }
}

/// A value as it is written: bare if it may be, also to the shell, else in the quotation marks that the shell's own
/// leave free. None where it cannot be written so.
fn value(text: &str, is_bare: bool, mark: Option<char>) -> Option<String> {
    if is_bare && !text.contains(['\\', '"']) && stands_within(text, mark) {
        return Some(text.to_owned());
    }
    let own = match mark? {
        '"' => '\'',
        _ => '"',
    };
    let quoted = quote(text).replace("\\\\", "\\u{5c}").replace("\\\"", "\\u{22}");
    let mut out = String::from(own);
    for c in quoted.get(1..quoted.len() - 1)?.chars() {
        match c {
            '\\' => out.push(c),
            c if c != '\'' && stands_within(c.encode_utf8(&mut [0; 4]), mark) => out.push(c),
            c => out.push_str(&format!("\\u{{{:x}}}", u32::from(c))),
        }
    }
    out.push(own);
    Some(out)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::schema::Account;

    fn knowing(account: Account) -> Schema {
        Schema { account: Some(account), ..Schema::default() }
    }

    fn account() -> Account {
        Account::from_json(
            br#"{"agents":[{"id":3,"name":"Ada"}],"inboxes":[{"id":1,"name":"Shop website"},{"id":2,"name":"Mail"},{"id":4,"name":"Bob's \"own\""}],
            "teams":[{"id":8,"name":"tier 2"}],"labels":[{"title":"vip"},{"title":"refund"}],
            "custom_attribute_definitions":[
            {"attribute_key":"plan","attribute_model":"conversation_attribute","attribute_display_type":"list","attribute_values":["Pro","Free tier"]},
            {"attribute_key":"signed up at","attribute_model":"conversation_attribute","attribute_display_type":"date"},
            {"attribute_key":"tier","attribute_model":"contact_attribute","attribute_display_type":"text"}]}"#,
        )
        .unwrap()
    }

    fn offered(text: &str) -> Vec<String> {
        candidates(text, &knowing(account()), Some('\''), true).into_iter().map(|candidate| candidate.text).collect()
    }

    #[test]
    fn the_word_at_the_end_is_finished() {
        for (text, expected) in [
            (
                "stat",
                &["status =", "status !=", "status IN", "status NOT IN", "status IS PRESENT", "status IS MISSING"][..],
            ),
            ("status = pe", &["status = pending"]),
            ("status=PE", &["status=pending"]),
            // No attribute is called so.
            ("STATUS=pe", &[]),
            (
                "(status = open OR NOT prio",
                &[
                    "(status = open OR NOT priority =",
                    "(status = open OR NOT priority !=",
                    "(status = open OR NOT priority IN",
                    "(status = open OR NOT priority NOT IN",
                    "(status = open OR NOT priority IS PRESENT",
                    "(status = open OR NOT priority IS MISSING",
                ],
            ),
            (
                "assignee_",
                &[
                    "assignee_id =",
                    "assignee_id !=",
                    "assignee_id IN",
                    "assignee_id NOT IN",
                    "assignee_id IS PRESENT",
                    "assignee_id IS MISSING",
                ],
            ),
            ("inbox = sho", &["inbox = \"Shop website\""]),
            ("inbox = \"sho", &["inbox = \"Shop website\""]),
            ("label IN (vip, re", &["label IN (vip, refund,", "label IN (vip, refund)"]),
            ("custom.plan = pr", &["custom.plan = Pro"]),
            ("plan = fr", &["plan = \"Free tier\""]),
            ("referer STARTS W", &["referer STARTS WITH"]),
            (
                "created_at OLDER t",
                &["created_at OLDER THAN 1d", "created_at OLDER THAN 7d", "created_at OLDER THAN 24h"],
            ),
            ("assignee NOT I", &["assignee NOT IN (@me", "assignee NOT IN (Ada"]),
            ("id BETWEEN 1 an", &["id BETWEEN 1 AND"]),
        ] {
            assert_eq!(offered(text), expected, "{text}");
        }
    }

    #[test]
    fn what_may_follow_is_offered() {
        for (text, expected) in [
            ("status = ", &["status = open", "status = resolved", "status = pending", "status = snoozed"][..]),
            ("status =", &["status =open", "status =resolved", "status =pending", "status =snoozed"]),
            ("team = ", &["team = \"tier 2\"", "team = none"]),
            ("assignee = ", &["assignee = @me", "assignee = Ada", "assignee = none"]),
            ("assignee IS ", &["assignee IS PRESENT", "assignee IS MISSING", "assignee IS NOT"]),
            ("label IN (vip ", &["label IN (vip ,", "label IN (vip )"]),
            ("label IN", &["label IN (vip", "label IN (refund"]),
            ("label IN (vip)", &["label IN (vip) AND", "label IN (vip) OR"]),
            ("status = open ", &["status = open AND", "status = open OR"]),
            ("id BETWEEN 1 ", &["id BETWEEN 1 AND"]),
            ("muted = ", &["muted = true", "muted = false"]),
            (
                "created_at < ",
                &[
                    "created_at < today",
                    "created_at < yesterday",
                    "created_at < -1d",
                    "created_at < -7d",
                    "created_at < -24h",
                ],
            ),
        ] {
            assert_eq!(offered(text), expected, "{text}");
        }
        let first = offered("");
        for name in
            ["status", "assignee", "unread_count", "custom.plan", "custom.`signed up at`", "contact.custom.tier", "NOT"]
        {
            assert!(first.iter().any(|text| text == name), "no {name} in {first:?}");
        }
        assert!(!first.contains(&"assignee_id".to_owned()));
    }

    /// Of several words a shell writes what they share, in the place of what was typed.
    #[test]
    fn what_was_typed_is_not_taken_away() {
        let json =
            br#"{"agents":[{"id":3,"name":"Jonas Feld","email":"jonas@shop.example"},{"id":4,"name":"Nora Berg"}],
            "labels":[{"title":"vip"},{"title":"VIP2"},{"title":"vip list"}],
            "custom_attribute_definitions":[
            {"attribute_key":"notes","attribute_model":"conversation_attribute","attribute_display_type":"text"}]}"#;
        let schema = knowing(Account::from_json(json).unwrap());
        for (text, offered) in [
            ("assignee = Jo", &["assignee = \"Jonas Feld\"", "assignee = \"Jonas@shop.example\""][..]),
            ("assignee = jo", &["assignee = \"jonas Feld\"", "assignee = \"jonas@shop.example\""]),
            ("assignee = \"JON", &["assignee = \"JONas Feld\"", "assignee = \"JONas@shop.example\""]),
            ("assignee = jonas@", &["assignee = jonas@shop.example"]),
            ("assignee = n", &["assignee = \"nora Berg\"", "assignee = none"]),
            ("assignee = non", &["assignee = none"]),
            ("label = v", &["label = \"vip\"", "label = \"vip list\""]),
            ("label = V", &["label = \"VIP2\""]),
            ("no", &["notes", "not"]),
            ("id = 1 AND NO", &["id = 1 AND NOT"]),
        ] {
            let found = next_words(text, &schema, Some('\''), false);
            assert_eq!(found.iter().map(|found| found.text.as_str()).collect::<Vec<_>>(), offered, "{text}");
            for found in found.iter().filter(|found| !found.text.ends_with("NOT") && found.text.contains('=')) {
                assert!(crate::Query::new(&found.text, &schema).is_ok(), "{}", found.text);
            }
        }
    }

    /// A name must stand in quotation marks, and `none` in none: what bash writes of both is what they share.
    #[test]
    fn a_missing_value_is_offered_beside_names() {
        let json = br#"{"agents":[{"id":3,"name":"Jonas Feld"},{"id":4,"name":"Nora Berg"}],"labels":[{"title":"none left"}]}"#;
        let schema = knowing(Account::from_json(json).unwrap());
        for (text, reads_on, offered) in [
            ("assignee = n", true, &["assignee = nora Berg", "assignee = none"][..]),
            ("assignee = no", true, &["assignee = nora Berg", "assignee = none"]),
            ("assignee = n", false, &["assignee = \"nora Berg\"", "assignee = none"]),
            ("assignee = nor", true, &["assignee = \"Nora Berg\""]),
            ("assignee = non", true, &["assignee = none"]),
            ("label = n", false, &["label = \"none left\"", "label = none"]),
        ] {
            let found = next_words(text, &schema, Some('\''), reads_on);
            assert_eq!(found.iter().map(|found| found.text.as_str()).collect::<Vec<_>>(), offered, "{text}");
            // Each begins as it was typed where the shell writes what they share.
            assert!(!reads_on || found.len() == 1 || found.iter().all(|found| found.text.starts_with(text)), "{text}");
        }
    }

    #[test]
    fn what_is_wrong_or_free_text_is_left_alone() {
        for text in
            ["status open ", "AND ", "status = = ", "referer = ", "contact.name = a", "status IS NOT IN ", "id = 1 2 "]
        {
            assert_eq!(offered(text), [""; 0], "{text}");
        }
        assert!(candidates("inbox = ", &Schema::default(), None, true).is_empty());
    }

    const EVIL: [&str; 12] = [
        "zed $(touch pwned)",
        "`id`",
        "$HOME",
        "a$HOME",
        "wow!x",
        "wow !!",
        "back\\slash",
        "back \\\" slash",
        "'; id; '",
        "x\"; id; \"",
        "Bob's \"own\"",
        "a;id>b&c|d*{e,f}",
    ];

    fn evil() -> Account {
        let json = |list: Vec<serde_json::Value>| serde_json::Value::from(list);
        let agents = EVIL.iter().enumerate().map(|(i, name)| serde_json::json!({"id": i + 1, "name": name})).collect();
        let labels = EVIL.iter().map(|title| serde_json::json!({"title": title})).collect();
        let keys = EVIL.iter().chain(&["plan"]).map(|key| {
            serde_json::json!({"attribute_key": key, "attribute_model": "conversation_attribute",
                "attribute_display_type": "list", "attribute_values": EVIL})
        });
        let account = serde_json::json!({"agents": json(agents), "labels": json(labels),
            "custom_attribute_definitions": json(keys.collect())});
        Account::from_json(account.to_string().as_bytes()).unwrap()
    }

    /// What is offered says what it should as it stands, and nothing in it is read by the shell.
    #[test]
    fn names_never_end_the_quotation_of_the_shell_nor_are_read_by_it() {
        for account in [account(), evil()] {
            let schema = crate::Schema { account: Some(account.clone()), ..crate::Schema::default() };
            for (mark, read) in [(Some('\''), "'"), (Some('"'), "\"$`!"), (None, "'\"$`!;&|<>(){}*?[]\\ #~")] {
                let mut offered = 0;
                for start in ["inbox=", "assignee=", "label=", "plan="] {
                    for candidate in next_words(start, &schema, mark, false) {
                        let value = candidate.text.strip_prefix(start).unwrap();
                        assert!(!value.contains(|c| read.contains(c)), "{mark:?} {value}");
                        let query = crate::Query::new(&candidate.text.replace("@me", "none"), &schema);
                        assert!(query.is_ok(), "{} is no query", candidate.text);
                        // Without quotation marks in between, as the shell hands it over, nothing is lost of it.
                        assert!(mark != Some('"') || !value.contains("\\\\"), "{value}");
                        offered += 1;
                    }
                }
                assert!(offered > 2, "{mark:?} {offered}");
                for candidate in next_words("custom.", &schema, mark, false) {
                    let name = candidate.text;
                    let opens = mark.is_none() && name.contains('`');
                    assert!(!opens && !name.contains(|c| c != '!' && read.contains(c)), "{mark:?} {name}");
                }
            }
        }
        assert!(
            next_words("custom.", &knowing(evil()), Some('\''), false)
                .iter()
                .any(|known| known.text.contains("$(touch"))
        );
    }

    #[test]
    fn a_name_is_the_same_in_every_quotation() {
        for name in EVIL {
            for mark in ['\'', '"'] {
                let text = format!("custom.x = {}", value(name, is_bare_value(name), Some(mark)).unwrap());
                let payload = crate::compile(&text, &crate::Schema::default()).unwrap();
                let sent: serde_json::Value = serde_json::from_str(&payload.to_body()).unwrap();
                assert_eq!(sent["payload"][0]["values"][0], *name, "{text}");
            }
        }
    }

    #[test]
    fn a_custom_attribute_is_offered_without_its_prefix_where_it_begins() {
        for (text, first) in [("pl", "plan ="), ("status = open AND PL", "status = open AND plan =")] {
            assert_eq!(offered(text)[0], first, "{text}");
        }
        assert!(!offered("").contains(&"plan".to_owned()));
        // `tier` is an attribute of contacts, which only its prefix says.
        assert_eq!(offered("ti"), [""; 0]);
        let json = br#"{"custom_attribute_definitions":[
            {"attribute_key":"status_id","attribute_model":"conversation_attribute","attribute_display_type":"text"},
            {"attribute_key":"status","attribute_model":"conversation_attribute","attribute_display_type":"text"}]}"#;
        let schema = knowing(Account::from_json(json).unwrap());
        let found = next_words("stat", &schema, Some('\''), false);
        assert_eq!(found.iter().map(|found| found.text.as_str()).collect::<Vec<_>>(), ["status", "status_id"]);
    }

    /// A name means what the check of a query takes it for, and a value stands for itself.
    #[test]
    fn what_is_offered_is_what_is_checked() {
        assert_eq!(offered("additional.status = "), [""; 0], "a text that the server does not filter by");
        assert!(offered("additional.browser_language ").iter().any(|text| text.ends_with("STARTS WITH")));
        assert!(offered("custom.`signed up at` = ").iter().any(|text| text.ends_with("= today")));
        assert!(!offered("custom.`signed up at` = ").iter().any(|text| text.ends_with("24h")), "it holds whole days");
        let json = br#"{"labels":[{"title":"set"},{"title":"none"}],"inboxes":[{"id":3,"name":"12"}]}"#;
        let schema = knowing(Account::from_json(json).unwrap());
        for (text, values) in [("label=", &["\"set\"", "\"none\"", "none"][..]), ("inbox=", &["\"12\""])] {
            let found = next_words(text, &schema, Some('\''), false);
            let found: Vec<&str> = found.iter().filter_map(|found| found.text.strip_prefix(text)).collect();
            assert_eq!(found, values);
        }
    }

    /// Each query that is offered where none can end is the start of one that parses.
    #[test]
    fn every_way_leads_to_a_query() {
        let schema = knowing(account());
        let mut open = vec![(String::new(), 0)];
        let mut ended = 0;
        while let Some((text, depth)) = open.pop() {
            let found = next_words(&text, &schema, Some('\''), false);
            for Candidate { text, .. } in found {
                if matches!(expected(&lex(&text).tokens, &text), Some((Expected::End, _))) {
                    assert!(crate::parse(&text).is_valid(), "{text}");
                    ended += 1;
                } else if depth < 3 {
                    open.push((format!("{text} "), depth + 1));
                }
            }
        }
        assert!(ended > 300, "{ended}");
    }
}
