//! What is written as a search box has it becomes the condition that it means there; nothing is offered where that is not
//! known, and what is excluded stays excluded.
#![cfg_attr(
    test,
    allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, clippy::string_slice)
)]

use cwql::{Diagnostics, Schema, check, parse};

/// What is told of a text without an account, and the text with all corrections; none if one of the errors has none.
fn told(text: &str) -> (Diagnostics, Option<String>) {
    let found = check(&parse(text), &Schema::default()).expect_err(text);
    let mut fixes: Vec<_> = found.iter().map(|problem| problem.fix.clone()).collect();
    fixes.sort_by_key(|fix| fix.as_ref().map(|fix| fix.span));
    let mended = fixes.into_iter().rev().try_fold(text.to_owned(), |mut out, fix| {
        let fix = fix?;
        out.replace_range(fix.span.start as usize..fix.span.end as usize, &fix.replacement);
        Some(out)
    });
    (found, mended)
}

/// Texts with one mistake and what they become.
fn becomes(table: &[(&str, &str)]) {
    for &(text, meant) in table {
        let (found, mended) = told(text);
        assert_eq!(mended.as_deref(), Some(meant), "{text}: {found}");
        assert_eq!(found.len(), 1, "{text}: {found}");
        assert!(parse(meant).is_valid(), "{meant}: {}", parse(meant).diagnostics());
    }
}

/// Texts with one mistake that has no correction, and a part of what is told.
fn has_no_correction(table: &[(&str, &str)]) {
    for &(text, part) in table {
        let (found, _) = told(text);
        let problem = found.iter().next().unwrap();
        assert_eq!((found.len(), problem.fix.as_ref()), (1, None), "{text}: {found}");
        let help = format!("{}; {}", problem.message, problem.help.as_deref().unwrap_or_default());
        assert!(help.contains(part), "{text}: {help}");
    }
}

#[test]
fn a_sign_before_a_value_excludes_or_demands_it() {
    becomes(&[
        ("label:(vip -refund)", "(label = vip AND label != refund)"),
        ("label:(vip gold -refund)", "(label IN (vip, gold) AND label != refund)"),
        ("label:(-vip -refund)", "label NOT IN (vip, refund)"),
        ("label:(-vip)", "label != vip"),
        ("label:-vip", "label != vip"),
        ("label: -vip", "label != vip"),
        ("label : -vip", "label != vip"),
        ("label:-\"big deal\"", "label != \"big deal\""),
        ("label:!vip", "label != vip"),
        ("label:NOT vip", "label != vip"),
        ("-label:-vip", "label = vip"),
        ("status = open label:-vip", "status = open AND label != vip"),
        ("status:-open", "status != open"),
        ("assignee:-@me", "assignee != @me"),
        ("label:(+vip +refund)", "(label = vip AND label = refund)"),
        ("label:(+vip -refund)", "(label = vip AND label != refund)"),
        ("-label:(vip -refund)", "NOT (label = vip AND label != refund)"),
        ("-label:(vip AND refund)", "NOT (label = vip AND label = refund)"),
        ("-label:(vip OR refund)", "label NOT IN (vip, refund)"),
        ("label:+vip", "label = vip"),
        ("mail_subject:-refund", "mail_subject NOT CONTAINS refund"),
        // In quotes a sign is a part of the text, and before a digit a part of the number.
        ("label:\"-vip\"", "label =\"-vip\""),
        ("created_at:-7d", "created_at =-7d"),
        ("unread_count:(-5 3)", "unread_count IN (-5, 3)"),
        ("contact.phone_number:+4915112345678", "contact.phone_number =+4915112345678"),
    ]);
    has_no_correction(&[
        ("label:vip,-refund", "such as `label = vip AND label != refund`"),
        ("label:[vip, -refund]", "such as `label = vip AND label != refund`"),
        ("label:(vip OR -refund)", "a condition for each value"),
        ("label:(vip +refund)", "a condition for each value"),
        ("priority = -low", "perhaps `priority != low`"),
        ("status = -opn", "perhaps `status != open`"),
    ]);
    for text in ["label:vip -refund", "contact.name:Ada -refund"] {
        assert!(
            !told(text).0.iter().any(|problem| problem.fix.as_ref().is_some_and(|fix| fix.replacement.contains('"')))
        );
    }
}

/// Elsewhere such a sign is a part of the value, and nobody knows whether that was meant.
#[test]
fn no_correction_compares_with_what_may_be_excluded() {
    has_no_correction(&[
        ("label:vip OR -refund", "what `-` excludes is a condition with `!=`"),
        ("label = vip AND -refund", "what `-` excludes is a condition with `!=`"),
        ("label = vip OR -refund", "what `-` excludes is a condition with `!=`"),
        ("label = vip, -refund", "what `-` excludes is a condition with `!=`"),
        ("label IN (vip -refund)", "what `-` excludes is a condition with `!=`"),
        ("label IN vip, -refund", "what `-` excludes is a condition with `!=`"),
        ("label = (vip AND -refund)", "what `-` excludes is a condition with `!=`"),
        ("label = [vip, -refund]", "what `-` excludes is a condition with `!=`"),
        ("label = vip|-refund", "what `-` excludes is a condition with `!=`"),
        ("contact.name = \"Ada Lovelace\" or -Bob", "what `-` excludes is a condition with `!=`"),
        ("-older_than:7d", "write `created_at >= -7d`"),
    ]);
    becomes(&[
        ("label = “-vip”", "label = \"-vip\""),
        ("label = vip, \"-refund\"", "label IN (vip, \"-refund\")"),
        ("created_at = -7d, -8d", "created_at IN (-7d, -8d)"),
        ("-label vip", "NOT label = vip"),
    ]);
}

#[test]
fn a_state_that_is_missing_is_one_that_does_not_hold() {
    becomes(&[
        ("no:unread", "NOT unread_count > 0"),
        ("-no:unread", "unread_count > 0"),
        ("has:unread", "unread_count > 0"),
        ("no:assignee", "assignee IS MISSING"),
        ("_missing_:assignee", "assignee IS MISSING"),
        ("-_missing_:assignee", "assignee IS PRESENT"),
        ("_exists_:assignee", "assignee IS PRESENT"),
    ]);
    has_no_correction(&[("in:anywhere", "leave it out"), ("is:issue", "there is no attribute `issue`")]);
}

#[test]
fn a_wildcard_becomes_the_operator_that_finds_the_part() {
    becomes(&[
        ("contact.name: A*", "contact.name STARTS WITH A"),
        ("-contact.name:A*", "contact.name NOT STARTS WITH A"),
        ("contact.name:*none*", "contact.name CONTAINS \"none\""),
        ("subject:*refund*", "mail_subject CONTAINS refund"),
        ("contact.name:(Ada* OR *Bob*)", "(contact.name STARTS WITH Ada OR contact.name CONTAINS Bob)"),
        ("status:op*", "status = open"),
        ("contact.name:*", "contact.name IS PRESENT"),
    ]);
    has_no_correction(&[
        ("contact.email: *@acme.com", "`contact.email CONTAINS \"@acme.com\"` finds the text anywhere"),
        ("-contact.email:*@acme.com", "`contact.email NOT CONTAINS \"@acme.com\"`"),
        ("subject:refund*", "`subject CONTAINS refund`"),
        ("contact.name:A*b", "STARTS WITH at the beginning"),
        ("contact.name:(A? OR b)", "STARTS WITH at the beginning"),
        ("label:vip*", "compares with whole labels"),
        ("label:*vip*", "compares with whole labels"),
        ("label:v?p", "compares with whole labels"),
        ("assignee:jo*", "`STARTS WITH` does not go with `assignee`"),
    ]);
}

#[test]
fn a_search_of_a_long_text_finds_a_part_of_it() {
    becomes(&[
        ("subject:\"invoice 12\"", "mail_subject CONTAINS \"invoice 12\""),
        ("mail_subject:invoice", "mail_subject CONTAINS invoice"),
        ("-message:refund", "message NOT CONTAINS refund"),
        ("url:https://acme.com/?a", "referer CONTAINS https://acme.com/?a"),
        ("message:(refund OR invoice)", "(message CONTAINS refund OR message CONTAINS invoice)"),
        ("-message:(refund AND invoice)", "NOT (message CONTAINS refund AND message CONTAINS invoice)"),
        ("message:refund,invoice", "(message CONTAINS refund OR message CONTAINS invoice)"),
        ("contact.name:Ada", "contact.name =Ada"),
    ]);
}

#[test]
fn what_stands_in_parentheses_has_operators_and_connectives() {
    becomes(&[
        ("label:(vip AND NOT refund)", "(label = vip AND label != refund)"),
        ("label:(vip OR NOT refund)", "(label = vip OR label != refund)"),
        ("label:(NOT vip)", "label != vip"),
        ("-label:(NOT vip)", "label = vip"),
        ("created_at:(>2026-06-01 AND <2026-06-30)", "(created_at > 2026-06-01 AND created_at < 2026-06-30)"),
        ("unread_count:(>0 AND <5)", "(unread_count > 0 AND unread_count < 5)"),
        ("assignee:(\"Ada Lovelace\" OR Bob)", "assignee IN (\"Ada Lovelace\", Bob)"),
        ("assignee:(Ada Lovelace OR Bob)", "assignee IN (\"Ada Lovelace\", Bob)"),
        ("status = open OR label:(vip refund)", "status = open OR label IN (vip, refund)"),
        ("created:*..2026-06-01", "created_at <= 2026-06-01"),
        ("created:2026-06-01..*", "created_at >= 2026-06-01"),
        ("-created:2026-06-01..*", "NOT created_at >= 2026-06-01"),
    ]);
    has_no_correction(&[
        ("unread_count:(>0 <5)", "such as `unread_count > 0 AND unread_count < 5`"),
        ("label:(vip AND (a OR b))", "a condition for each value"),
        ("label:(a AND b OR c)", "a condition for each value"),
    ]);
}

#[test]
fn a_comment_of_another_language_is_one_of_this_where_it_is_no_value() {
    becomes(&[
        ("status = \"open\" -- it's all", "status = \"open\" # it's all"),
        ("label IN (vip, gold) // c: d = 5", "label IN (vip, gold) # c: d = 5"),
        ("assignee IS MISSING /* c */ AND id = 1", "assignee IS MISSING # c\n AND id = 1"),
        ("-- all of them\nstatus = open", "# all of them\nstatus = open"),
        ("status = open AND // the rest\nlabel = vip", "status = open AND # the rest\nlabel = vip"),
        ("status = open\n// the rest\nAND label = vip", "status = open\n# the rest\nAND label = vip"),
    ]);
    has_no_correction(&[
        ("status = open -- c", "a comment begins with `#`"),
        ("status = open /* c */ AND label = vip", "a comment begins with `#`"),
        ("-- all of them", "a comment begins with `#`"),
        ("inbox = Shop // EU", "such signs in it is quoted"),
        ("/* a\nb */ status = open", "a comment begins with `#`"),
    ]);
}

/// An option that stands where the query does negates nothing.
#[test]
fn two_dashes_negate_nothing() {
    has_no_correction(&[
        ("--status = open", "options of the command line stand before the query"),
        ("--status:open", "options of the command line stand before the query"),
        ("--status: open AND label = vip", "`NOT` negates a condition"),
    ]);
}
