//! Every target's corpus holds its law, on the stable toolchain too.
#![cfg(feature = "cli")]
#![cfg_attr(
    test,
    allow(
        clippy::unwrap_used,
        clippy::expect_used,
        clippy::panic,
        clippy::indexing_slicing,
        clippy::string_slice,
        clippy::allow_attributes,
        clippy::duplicated_attributes,
        unreachable_pub,
        reason = "the laws are a crate of their own, included here; tests may fail"
    )
)]

#[path = "../fuzz/src/lib.rs"]
mod laws;

#[test]
fn each_corpus_holds_the_law_of_its_target() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/fuzz/corpus");
    let mut replayed = 0;
    let mut targets = 0;
    for target in std::fs::read_dir(folder).unwrap() {
        let target = target.unwrap();
        let name = target.file_name().into_string().unwrap();
        let (_, law) = laws::LAWS.iter().find(|(known, _)| *known == name).unwrap_or_else(|| panic!("no law {name}"));
        for input in std::fs::read_dir(target.path()).unwrap() {
            let input = input.unwrap();
            println!("{name}/{}", input.file_name().display());
            law(&std::fs::read(input.path()).unwrap());
            replayed += 1;
        }
        targets += 1;
    }
    assert_eq!(targets, laws::LAWS.len(), "a target without a corpus");
    assert!(replayed >= 300, "only {replayed} inputs");
}

#[test]
fn each_law_holds_for_nothing() {
    for (_, law) in laws::LAWS {
        law(b"");
    }
}

#[test]
fn each_law_has_a_target() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/fuzz/fuzz_targets");
    let mut targets: Vec<String> = std::fs::read_dir(folder)
        .unwrap()
        .map(|file| file.unwrap().path().file_stem().unwrap().to_str().unwrap().to_owned())
        .collect();
    let mut known: Vec<&str> = laws::LAWS.iter().map(|(name, _)| *name).collect();
    targets.sort();
    known.sort_unstable();
    assert_eq!(targets, known);
}

/// The inputs of these are made of bytes, whatever they are.
#[test]
fn structured_laws_hold_for_random_bytes() {
    let rounds: u64 = std::env::var("FUZZ_ROUNDS").ok().and_then(|rounds| rounds.parse().ok()).unwrap_or(60);
    for (name, law) in laws::LAWS.iter().filter(|(name, _)| ["plan", "decompile", "response", "scan"].contains(name)) {
        for round in 0..rounds {
            let mut state = round.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1;
            let bytes: Vec<u8> = (0..2000)
                .map(|_| {
                    state ^= state << 13;
                    state ^= state >> 7;
                    state ^= state << 17;
                    (state >> 32) as u8
                })
                .collect();
            println!("{name}, round {round}");
            law(&bytes);
        }
    }
}
