//! The queries that the benchmarks compile.

/// So many conditions over several attributes, side by side.
pub(crate) fn flat(count: usize) -> String {
    let parts: Vec<String> = (0..count)
        .map(|i| match i % 4 {
            0 => format!("id = {}", i + 1),
            1 => format!("mail_subject CONTAINS \"order {i}\""),
            2 => format!("label = topic-{i}"),
            _ => format!("referer != https://shop.example/{i}"),
        })
        .collect();
    parts.join(" OR ")
}

/// One condition in so many parentheses, each with another condition beside it.
pub(crate) fn nested(depth: usize) -> String {
    (0..depth).fold("status = open".to_owned(), |inner, i| format!("(label != topic-{i} AND {inner})"))
}

/// One condition with a list of so many values.
pub(crate) fn list(values: usize) -> String {
    let ids: Vec<String> = (1..=values).map(|id| (id * 7919 % 10_007).to_string()).collect();
    format!("id IN ({})", ids.join(", "))
}

/// So many factors of two alternatives each: without a bound, two to the power of so many conjunctions.
pub(crate) fn alternatives(factors: usize) -> String {
    let factors: Vec<String> = (0..factors).map(|i| format!("(label = a{i} OR referer ~ b{i})")).collect();
    factors.join(" AND ")
}
