//! The law is `cwql_fuzz::eval`.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| cwql_fuzz::eval(data));
