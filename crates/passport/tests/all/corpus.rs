//! The fuzz target's seeds, replayed on the stable compiler.

#[path = "../../fuzz/exercise.rs"]
mod exercise;

#[test]
fn every_seed_of_the_corpus_runs() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/fuzz/corpus/passport");
    let mut seeds = 0;
    for entry in std::fs::read_dir(folder).unwrap() {
        let bytes = std::fs::read(entry.unwrap().path()).unwrap();
        exercise::exercise(&bytes);
        // Cut and doubled, each seed is several.
        exercise::exercise(&bytes[..bytes.len() / 2]);
        exercise::exercise(&[bytes.as_slice(), bytes.as_slice()].concat());
        seeds += 1;
    }
    assert!(seeds > 10);
}

/// Rounds of mutation; `cargo fuzz` does the same without an end.
const ROUNDS: usize = 1_000;

#[test]
fn seeds_with_bytes_changed_run() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/fuzz/corpus/passport");
    let mut files: Vec<_> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    let seeds: Vec<Vec<u8>> = files.iter().map(|path| std::fs::read(path).unwrap()).collect();
    let mut state = 7u64;
    let mut below = |end: usize| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(state >> 33).unwrap() % end.max(1)
    };
    for _ in 0..ROUNDS {
        let mut bytes = seeds[below(seeds.len())].clone();
        for _ in 0..=below(4) {
            let at = below(bytes.len());
            let byte = b"<<<0O1I5SABKZ9 \n\xD0\xFF"[below(18)];
            match below(5) {
                0 => bytes.insert(at, byte),
                1 => drop(bytes.remove(at)),
                2 => bytes.swap(at, at.saturating_sub(1)),
                _ => bytes[at] = byte,
            }
        }
        exercise::exercise(&bytes);
    }
}
