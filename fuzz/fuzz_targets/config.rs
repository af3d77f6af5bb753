//! The law is `cwql_fuzz::config`.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| cwql_fuzz::config(data));
