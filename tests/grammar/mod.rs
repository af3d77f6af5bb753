//! `grammar/cwql.ebnf` as a program reads it: its productions, its tokens, sentences of it and a recogniser for it.
#![allow(dead_code, reason = "each test file uses a part of it")]

pub(crate) mod ebnf;
pub(crate) mod sentences;
pub(crate) mod syntactic;
pub(crate) mod tokens;
