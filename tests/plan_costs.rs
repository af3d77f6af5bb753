//! What plans cost: requests, conditions that are sent, and conditions that the client looks at.
//!
//! Each number is what follows from the rules of the server (`max` conditions in a payload; what a custom attribute does to
//! its neighbours), said beside it.
#![cfg(feature = "sandbox")]
#![cfg_attr(
    test,
    allow(
        clippy::unwrap_used,
        clippy::expect_used,
        clippy::panic,
        clippy::indexing_slicing,
        clippy::string_slice,
        reason = "tests may fail"
    )
)]

mod conversations;

use conversations::{checked, meant, returned, run, sandbox, schema, version};
use cwql::plan::{Plan, Reason, plan, plan_leaving};
use cwql::schema::Schema;
use cwql::{Code, check, parse};

fn planned(text: &str, schema: &Schema) -> Plan {
    plan(&checked(text, schema).filter, text, schema).unwrap_or_else(|problems| panic!("{text}\n{problems}"))
}

/// `requests x conditions + conditions left to the client`; with a star where a request asks for every conversation.
fn cost(plan: &Plan) -> String {
    let sent: usize = plan.scans.iter().map(|scan| scan.payload.conditions.len()).sum();
    let mut left = 0;
    for residual in plan.scans.iter().filter_map(|scan| scan.residual.as_ref()) {
        left += residual.filter.conditions().count();
    }
    let everything = plan.scans.iter().any(|scan| scan.payload.conditions.is_empty());
    format!("{}x{sent}+{left}{}", plan.scans.len(), if everything { "*" } else { "" })
}

/// Compares costs at bounds of a payload, and the rows that are found with what the query means.
#[track_caller]
fn costs(cases: &[(&str, usize, &str)]) {
    let rows: Vec<_> = conversations::Data::of(5, 40, conversations::FEW_TEXTS).iter().cloned().collect();
    let (sandbox, shown) = (sandbox(&rows, &schema()), returned(&rows));
    let mut wrong = String::new();
    for &(text, max_conditions, expected) in cases {
        let schema = Schema { max_conditions, ..schema() };
        let plan = planned(text, &schema);
        if cost(&plan) != expected {
            wrong +=
                &format!("{text}, at most {max_conditions}: {} for {expected}\n{}", cost(&plan), plan.to_tree(&[]));
        }
        let filter = checked(text, &schema).filter;
        assert_eq!(run(&plan, &sandbox, &shown, &schema), meant(&filter, &rows, &schema), "{text}");
    }
    assert!(wrong.is_empty(), "{wrong}");
}

/// Where everything fits into one payload, it is one request, and nothing is sent that another condition says.
#[test]
fn what_the_server_can_say_is_one_request() {
    costs(&[
        ("referer IS PRESENT", 500, "1x1+0"),
        ("priority IS PRESENT AND n >= 5", 500, "1x4+0"),
        // A bound that includes its number is two alternatives; numbers in a list are one condition.
        ("id IN (1, 2) AND n <= 5", 500, "1x4+0"),
        ("note !~ x OR n < 5", 500, "1x2+0"),
        ("due = -7d", 500, "1x1+0"),
        // Both are the same text, for the server compares custom ones in lower case.
        ("n > 6 OR note NOT IN (x, X)", 500, "1x2+0"),
        ("note != X OR note NOT IN (x, X)", 500, "1x1+0"),
        // Of an array that begins with a text the first value alone would count: below, between and above, or missing.
        ("n NOT IN (0.12345678901234567, 5)", 500, "1x5+0"),
        // Each bound is two alternatives, and both have `n = 5`.
        ("n <= 5 OR n >= 5", 500, "1x3+0"),
        ("n <= 5 AND (n < 5 OR n = 5 OR n < 5)", 500, "1x2+0"),
        // One list of the days that both allow.
        ("due IN (2026-06-15, 2026-06-16) AND due != 2026-06-15", 500, "1x1+0"),
        ("team IN (3, 8) OR team NOT IN (8, 50)", 500, "1x2+0"),
        ("label IN (vip, bug) AND label NOT IN (bug, x)", 500, "1x2+0"),
        // What is equal in another case has no list of what both allow.
        ("note IN (X, y) AND note IN (x, z)", 500, "1x3+0"),
        ("team != 3 OR team = 8", 500, "1x1+0"),
        // What is greater is not equal.
        ("n > 5 AND n != 5", 500, "1x1+0"),
        ("n != 5 AND n > 6", 500, "1x1+0"),
        ("n > 5 OR n != 5", 500, "1x1+0"),
        ("created_at > 2026-06-15 AND created_at != 2026-06-15", 500, "1x1+0"),
        ("due NOT IN (2026-06-15, 2026-06-16) AND due < 2026-06-10", 500, "1x1+0"),
        // As one list they are the second of the alternatives too.
        ("content = x OR (content = x AND contact.name ~ x) OR content = x", 500, "1x1+1"),
        // The instant's day is the day itself, and stands there once.
        (
            "created_at = 2026-06-15T10:00:00Z OR created_at = 2026-06-15 OR content = x OR created_at = 2026-06-15T10:00:00Z",
            500,
            "1x3+3",
        ),
        ("created_at = 2026-06-15T10:30:00+02:00", 500, "1x2+1"),
        // In an alternative too: twice three conditions, and twice two.
        (
            "(created_at = 2026-06-15T10:00:00Z AND created_at = 2026-06-15 OR label = x) AND (referer = y OR team = 3)",
            500,
            "1x10+3",
        ),
        // The presence that stands in for both is asked once.
        ("status = open AND (referer NOT STARTS WITH a AND referer NOT STARTS WITH b OR label = x)", 500, "1x4+3"),
    ]);
}

/// A custom text's `!=` has no other way to be said than at the end, once; one is sent there, and the client keeps the others.
#[test]
fn one_of_several_unequal_texts_is_sent() {
    costs(&[
        ("note != x AND tier != x", 500, "1x1+1"),
        ("tier NOT IN (x, y)", 500, "1x1+1"),
        ("tier NOT IN (x, y)", 1, "1x1+1"),
        // Not empty has two alternatives, so that the other text is the one that is left; so it is where they just fit.
        ("tier NOT IN (x, \"\")", 2, "1x2+1"),
        ("note != x OR is_vip != true", 500, "1x3+0"),
    ]);
    // Up to 64 texts those that are alike are found: these are all one word.
    let words = |count: u32| -> String {
        let cased = |word: u32| -> String {
            "abcdefg"
                .chars()
                .enumerate()
                .map(|(i, c)| if word >> i & 1 == 1 { c.to_ascii_uppercase() } else { c })
                .collect()
        };
        (0..count).map(cased).collect::<Vec<_>>().join(", ")
    };
    assert_eq!(cost(&planned(&format!("tier NOT IN ({})", words(64)), &schema())), "1x1+0");
}

/// `!=` of a number is said by three alternatives (below, above, missing), of a switch by two (the other, missing), each
/// with all that stands beside it, if they fit.
#[test]
fn alternatives_of_unequal_are_written_out_up_to_the_bound() {
    costs(&[
        // Three times two.
        ("label = b AND n != 5", 6, "1x6+0"),
        ("label = b AND n != 5", 5, "1x1+1"),
        ("referer IN (X, y) AND n != 5", 5, "1x1+1"),
        // At the end it needs no alternatives.
        ("n != 5", 1, "1x1+0"),
        ("n != 5 OR label = b", 2, "1x2+0"),
        // Three times three alternatives of two are eighteen; of one of them alone there are three of one.
        ("due != 2026-06-15 AND n != 5", 18, "1x18+0"),
        ("due != 2026-06-15 AND n != 5", 17, "1x3+1"),
        ("due != 2026-06-15 AND n != 5", 8, "1x3+1"),
        ("due != 2026-06-15 AND n != 5", 3, "1x3+1"),
        // Neither fits: one of the two is said at the end.
        ("due != 2026-06-15 AND n != 5", 2, "1x1+1"),
        ("n != 5 AND is_vip != true", 3, "1x3+1"),
        // Only one of the two fits: a text, which needs no alternatives.
        ("note != X AND is_vip != true", 1, "1x1+1"),
        ("tier != x AND note != \"\"", 1, "1x1+1"),
        // Twice four conditions as they stand; with the alternatives of the switch they would be sixteen.
        ("n <= 5 AND browser_language = de AND referer ~ x AND is_vip != true", 10, "1x6+1"),
        // One text is all that fits beside nothing; the second says more than the third, and goes without saying.
        ("note = x AND n >= 5 AND note IN (x, y)", 1, "1x1+1"),
    ]);
}

/// Behind a custom attribute the server reads the first value, in lower case: lists are written out, and what has upper case
/// stands in the first alternative, before all custom attributes.
#[test]
fn what_leaks_stands_first_or_is_written_out() {
    costs(&[
        ("note = EN OR note IS MISSING AND mail_subject != Gold", 10, "1x3+0"),
        // Two alternatives of two conditions, and the first.
        ("n = 5 AND referer IN (x, y) OR tier = a AND referer = X", 10, "1x6+0"),
        // No response tells a label with a comma from two, so that the client cannot look: there are as many alternatives
        // as conditions may be sent, or each is a request.
        ("note = x AND label IN (\"a,b\", b, c) OR tier = y AND label IN (\"a,b\", b, c)", 4, "1x8+0"),
        ("note = x AND label IN (\"a,b\", b, c, d) OR tier = y AND label IN (\"a,b\", b, c, d)", 4, "2x4+0"),
        ("label NOT IN (bug, \"a,b\") AND (n > 5 OR due IS PRESENT)", 4, "1x5+0"),
        // Written out, `!=` has an alternative behind the first: the client looks at it instead.
        ("label != \"A,b\" AND n != 5", 500, "1x1+1"),
        ("is_vip != true AND (label NOT IN (\"a,b\", Bug) OR team = 8 AND note !~ en)", 500, "1x3+1"),
    ]);
}

/// What does not fit is left to the client where something else narrows it, else sent in a few requests.
#[test]
fn what_does_not_fit_is_narrowed_by_what_does() {
    costs(&[
        // Nothing but alternatives.
        ("n > 5 OR n <= 5", 1, "3x3+0"),
        ("n > 5 OR n <= 5", 3, "1x3+0"),
        ("n > 5 OR n <= 5", 2, "2x3+0"),
        ("note IN (x, y) OR (n > 5 AND muted = true)", 2, "2x3+2"),
        // A factor is left out where another one is sent.
        ("status = open AND (label = vip OR team = 3)", 1, "1x1+2"),
        // Left out as a whole, the only factor would be looked for in every conversation: a part of it is enough.
        ("(note != X AND n >= 5) OR n < 5", 2, "1x2+3"),
        ("n BETWEEN 5 AND 5 OR id = 1", 3, "1x3+3"),
        ("(team = 3 AND (label = a OR label = b AND id = 7)) OR status = pending", 2, "1x2+5"),
        ("(team = 3 AND (label = a OR label = b AND id = 7)) OR status = pending", 6, "1x6+0"),
        // Nothing of the second could be sent.
        ("(label = a OR label = b AND id = 7) OR unread_count > 3", 2, "1x0+4*"),
    ]);
}

/// Alternatives that need different requests, because the client cannot evaluate a campaign, share what they can.
#[test]
fn alternatives_share_requests() {
    costs(&[
        // The first two are one payload: `A AND note != x OR note IS MISSING` is what the server makes of `!=` at the end.
        ("note IS MISSING OR status = open AND note != x OR campaign = 71 AND unread_count > 0", 500, "2x3+1"),
        ("campaign = 71 AND unread_count > 0 OR campaign = 74 AND unread_count > 1", 500, "2x2+2"),
    ]);
    // Before the server filtered by contact: what is sent exactly alone, what the client looks at in one request.
    let before = Schema { version: version((4, 9, 2)), ..schema() };
    let text = "(campaign != 71 OR campaign = 71) AND (campaign = 74 OR contact = 1001)";
    assert_eq!(cost(&planned(text, &before)), "2x3+1");
}

/// A larger bound brings no plan that asks for more conversations, in more requests, or leaves more to the client.
#[test]
fn more_room_is_never_dearer() {
    for text in [
        "due != 2026-06-15 AND n != 5",
        "n != 5 AND n != 6.5 AND is_vip != true",
        "label = b AND n != 5 AND is_vip != false",
        "(label = a OR label = b AND id = 7) AND (team = 3 OR team = 8 AND inbox = 4)",
        "(note != X AND n >= 5) OR n < 5",
    ] {
        let mut before = (usize::MAX, usize::MAX, usize::MAX);
        for max_conditions in 1..=60 {
            let plan = planned(text, &Schema { max_conditions, ..schema() });
            let mut left = 0;
            for residual in plan.scans.iter().filter_map(|scan| scan.residual.as_ref()) {
                left += residual.filter.conditions().count();
            }
            let everything = plan.scans.iter().filter(|scan| scan.payload.conditions.is_empty()).count();
            let now = (everything, plan.scans.len(), left);
            assert!(now <= before, "{text}, at most {max_conditions}: {now:?} after {before:?}");
            before = now;
        }
    }
}

/// A query that is said in another way costs the same.
#[test]
fn operands_in_another_order_cost_the_same() {
    for (one, other) in [
        ("n > 5 OR n <= 5", "n <= 5 OR n > 5"),
        ("note != x AND tier != y AND label = a", "label = a AND tier != y AND note != x"),
        (
            "note = x AND label IN (A, b) OR tier = y AND team = 3",
            "team = 3 AND tier = y OR label IN (A, b) AND note = x",
        ),
        ("note IS MISSING OR status = open AND note != x", "note != x AND status = open OR note IS MISSING"),
        ("(id = 1 OR label = a) AND (id = 1 OR label = b)", "(label = b OR id = 1) AND (label = a OR id = 1)"),
        ("campaign = 71 AND unread_count > 0 OR status = open", "status = open OR unread_count > 0 AND campaign = 71"),
    ] {
        for max_conditions in [1, 2, 3, 4, 6, 500] {
            let schema = Schema { max_conditions, ..schema() };
            let costs = [one, other].map(|text| cost(&planned(text, &schema)));
            assert_eq!(costs[0], costs[1], "{one}, at most {max_conditions}");
        }
    }
}

/// What a query already asks, asked once more or asked wider, changes nothing of what it costs.
#[test]
fn what_is_said_again_costs_nothing() {
    for text in
        ["n != 5", "n >= 5", "note != x", "label = a", "created_at = 2026-06-15", "campaign = 71", "unread_count > 0"]
    {
        let once = cost(&planned(text, &schema()));
        for more in [
            format!("{text} AND {text}"),
            format!("{text} OR {text}"),
            format!("{text} OR ({text} AND status = open)"),
            format!("{text} AND ({text} OR status = open)"),
            format!("{text} OR {text} OR ({text} AND contact.name = x)"),
        ] {
            assert_eq!(cost(&planned(&more, &schema())), once, "{more}");
        }
    }
}

/// Two ways to ask for a day are one plan, to the last member.
#[test]
fn the_same_payload_is_the_same_plan() {
    let day = planned("created_at = 2026-06-15", &schema());
    assert_eq!(day, planned("created_at > 2026-06-14 AND created_at < 2026-06-16", &schema()));
}

/// However many texts there are, what excludes each other is found: their prints tell kinds apart.
#[test]
fn opposites_are_never_sent() {
    for i in 0..60 {
        for text in [
            format!("note ~ text{i} AND note !~ text{i}"),
            format!("referer STARTS WITH t{i} AND label = a AND referer NOT STARTS WITH t{i}"),
        ] {
            assert!(planned(&text, &schema()).is_never(), "{text}");
        }
    }
}

/// Sixteen factors of two alternatives would be thousands; single conditions elsewhere exclude one of each, whatever their
/// order and however many there are.
#[test]
fn what_is_certain_thins_out_the_factors() {
    let factors: Vec<String> = (40..56).map(|i| format!("(custom.k{i} = 2 OR custom.j{i} = 1)")).collect();
    let certain: Vec<String> = (0..56).map(|i| format!("custom.k{i} = 1")).collect();
    for text in [[factors.clone(), certain.clone()].concat(), [certain, factors].concat()] {
        let text = text.join(" AND ");
        assert_eq!(cost(&planned(&text, &Schema::default())), format!("1x{}+0", 56 + 16));
    }
}

/// What is left to the client on request is not sent, for the reason given.
#[test]
fn what_is_to_be_left_is_left() {
    let text = "status = open AND n > 5";
    let number = |condition: &cwql::check::Condition| {
        (condition.attribute.to_string() == "custom.n").then_some(Reason::BadStoredValue)
    };
    let plan = plan_leaving(&checked(text, &schema()).filter, text, &schema(), &number).unwrap();
    assert_eq!(cost(&plan), "1x1+1");
    let residual = plan.scans[0].residual.as_ref().unwrap();
    assert_eq!(residual.reasons, [("custom.n > 5".to_owned(), Reason::BadStoredValue)]);
    // No answer carries the campaign: nobody can look at what is left of it.
    for text in ["campaign = 71", "status = open AND campaign = 71", "status = open OR campaign != 71"] {
        let campaign = |condition: &cwql::check::Condition| {
            (condition.attribute.to_string() == "campaign").then_some(Reason::BadStoredValue)
        };
        let problems = plan_leaving(&checked(text, &schema()).filter, text, &schema(), &campaign).unwrap_err();
        assert!(problems.has(Code::Impossible), "{text}");
    }
}

/// Of factors as large the one goes to the client that may become larger: `!=` of a switch is two alternatives.
#[test]
fn what_unequal_may_become_counts() {
    costs(&[
        (
            "(browser_language = Gold OR team != 8) AND (tier STARTS WITH Gold OR is_vip != true) AND (browser_language != Gold OR note = en) AND referer NOT STARTS WITH x",
            12,
            "1x9+3",
        ),
        (
            "(browser_language = Gold OR team != 8) AND (tier STARTS WITH Gold OR is_vip NOT IN (true, true)) AND (browser_language != Gold OR note = en) AND (mail_subject NOT STARTS WITH EN OR status IS PRESENT)",
            12,
            "1x6+2",
        ),
    ]);
}

/// Two parts may rest on one literal, `n = 5` on that of `n <= 5`. It stays where a third part implies one of the two.
#[test]
fn what_is_implied_stays_for_others_that_rest_on_it() {
    // With `n <= 5` as two alternatives twelve of three; six are left, four of three and two of two.
    costs(&[("(n <= 5 OR label = a) AND (n = 5 OR label = b) AND (n < 3 OR label = vip)", 500, "1x16+0")]);
}

/// Values stand in the order in which they were written, whatever list they are joined to.
#[test]
fn values_of_alternatives_keep_their_order() {
    for (text, values) in [
        ("team = 8 OR team IN (3, 8)", "[8,3]"),
        ("team IN (50, 3) OR team IN (8, 3, 50)", "[50,3,8]"),
        ("label = vip OR status = open OR label IN (bug, vip)", "[\"vip\",\"bug\"]"),
    ] {
        let json = planned(text, &schema()).scans[0].payload.to_json();
        assert!(json.contains(&format!("\"values\":{values}")), "{text}: {json}");
    }
}

/// Only what keeps a query from being sent is a reason.
#[test]
fn reasons_name_what_is_not_sent() {
    for (text, reasons) in [
        ("amount != 5 OR note ~ \" x\"", &["custom.amount != 5"][..]),
        ("status = open AND (amount != 5 OR label = a)", &["custom.amount != 5"]),
        ("content != x OR ((is_vip != true OR content != x) AND n BETWEEN 5 AND 5)", &["custom.content != x"]),
        ("(label = a OR amount != 5) AND id CONTAINS 1 OR label = b", &["custom.amount != 5", "id CONTAINS 1"]),
        ("amount != 5 OR unread_count > 0", &["custom.amount != 5", "unread_count > 0"]),
    ] {
        let plan = planned(text, &schema());
        let told: Vec<&str> = plan
            .scans
            .iter()
            .filter_map(|scan| scan.residual.as_ref())
            .flat_map(|residual| residual.reasons.iter().map(|(part, _)| part.as_str()))
            .collect();
        assert_eq!(told, reasons, "{text}");
    }
}

/// Neither sent nor evaluated: what is told is the first condition that the client cannot look at, where it stands.
#[test]
fn what_is_impossible_is_told_at_its_place() {
    let factors: Vec<String> = (1..=16).map(|id| format!("(campaign != {id} OR assignee != {id})")).collect();
    let text = format!("status = open AND {}", factors.join(" AND "));
    let checked = check(&parse(&text), &schema()).unwrap();
    let problems = plan(&checked.filter, &text, &schema()).unwrap_err();
    assert!(problems.has(Code::Impossible));
    let labels: Vec<&str> =
        problems.iter().flat_map(|problem| &problem.labels).map(|label| label.span.of(&text)).collect();
    assert_eq!(labels, ["campaign != 1"]);
}

/// A literal that stands for several parts leaves all of them out with it, and each is looked at.
#[test]
fn parts_that_rest_on_one_literal_are_looked_at() {
    costs(&[(
        "note NOT IN (x, X) AND campaign IS PRESENT AND (unread_count > 0 OR campaign != 71 OR unread_count > 3 OR note != X)",
        500,
        "2x2+2",
    )]);
}
