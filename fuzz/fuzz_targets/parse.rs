//! The law is `cwql_fuzz::parse`.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| cwql_fuzz::parse(data));
