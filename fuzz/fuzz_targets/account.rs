//! The law is `cwql_fuzz::account`.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| cwql_fuzz::account(data));
