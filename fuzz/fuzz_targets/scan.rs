//! The law is `cwql_fuzz::scan`.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| cwql_fuzz::scan(data));
