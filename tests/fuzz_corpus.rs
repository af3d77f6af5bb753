//! Every target's corpus holds its law, on the stable toolchain too.
#![cfg(feature = "sandbox")]
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
    assert!(replayed >= 50, "only {replayed} inputs");
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
