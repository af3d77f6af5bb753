//! The law is `cwql_fuzz::compile`.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| cwql_fuzz::compile(data));
