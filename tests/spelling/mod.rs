//! The same JSON value, written in the ways in which JSON can write it.
#![allow(dead_code, reason = "each test file uses a part of it")]

use std::fmt::Write as _;

use serde_json::Value;

/// How a value is written.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Spelling {
    /// Every character of every string and key as `\u` and its number, in digits of either case.
    pub(crate) escaped: bool,
    /// Members of an object in another order: each starts so many further on.
    pub(crate) turned: usize,
    /// Each member is written once before with another value.
    pub(crate) twice: bool,
    /// White space wherever it may be.
    pub(crate) spaced: bool,
}

/// All of them one by one, and together.
pub(crate) const SPELLINGS: [Spelling; 6] = [
    Spelling { escaped: false, turned: 0, twice: false, spaced: false },
    Spelling { escaped: true, turned: 0, twice: false, spaced: false },
    Spelling { escaped: false, turned: 3, twice: false, spaced: false },
    Spelling { escaped: false, turned: 0, twice: true, spaced: false },
    Spelling { escaped: false, turned: 0, twice: false, spaced: true },
    Spelling { escaped: true, turned: 5, twice: true, spaced: true },
];

/// Values that stand where another follows under the same name.
const DECOYS: [&str; 6] =
    ["null", "{\"id\":1,\"name\":\"en\"}", "[\"en\"]", "\"pending\"", "-12.5e1", "{\"id\":{\"id\":[]}}"];

impl Spelling {
    pub(crate) fn write(self, value: &Value) -> String {
        let mut out = String::new();
        self.value(value, &mut out);
        out
    }

    fn blank(self, out: &mut String) {
        if self.spaced {
            out.push_str(" \t");
        }
    }

    fn value(self, value: &Value, out: &mut String) {
        self.blank(out);
        match value {
            Value::String(text) => self.text(text, out),
            Value::Array(items) => {
                out.push('[');
                for (i, item) in items.iter().enumerate() {
                    out.push_str(if i > 0 { "," } else { "" });
                    self.value(item, out);
                }
                self.blank(out);
                out.push(']');
            }
            Value::Object(members) => {
                let mut members: Vec<_> = members.iter().collect();
                if !members.is_empty() {
                    let turned = self.turned % members.len();
                    members.rotate_left(turned);
                }
                out.push('{');
                for (i, (key, value)) in members.iter().enumerate() {
                    out.push_str(if i > 0 { "," } else { "" });
                    if self.twice {
                        self.text(key, out);
                        write!(out, ":{},", DECOYS[(key.len() + i) % DECOYS.len()]).unwrap();
                    }
                    self.blank(out);
                    self.text(key, out);
                    self.blank(out);
                    out.push(':');
                    self.value(value, out);
                }
                self.blank(out);
                out.push('}');
            }
            other => out.push_str(&other.to_string()),
        }
        self.blank(out);
    }

    fn text(self, text: &str, out: &mut String) {
        if !self.escaped {
            out.push_str(&Value::from(text).to_string());
            return;
        }
        out.push('"');
        for (i, unit) in text.encode_utf16().enumerate() {
            if i % 2 == 0 { write!(out, "\\u{unit:04x}") } else { write!(out, "\\u{unit:04X}") }.unwrap();
        }
        out.push('"');
    }
}
