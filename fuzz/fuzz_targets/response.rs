//! The law is `cwql_fuzz::response`.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| cwql_fuzz::response(data));
