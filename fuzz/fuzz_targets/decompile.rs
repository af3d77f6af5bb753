//! The law is `cwql_fuzz::decompile`.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| cwql_fuzz::decompile(data));
