//! The law is `cwql_fuzz::sandbox_payload`.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| cwql_fuzz::sandbox_payload(data));
