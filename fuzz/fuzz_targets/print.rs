//! The law is `cwql_fuzz::print`.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| cwql_fuzz::print(data));
