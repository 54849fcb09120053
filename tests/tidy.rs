//! The house's own order: the arrows between crates, the shipped configuration, the documents.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use cargo_metadata::MetadataCommand;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().to_owned()
}

fn read(name: &str) -> String {
    std::fs::read_to_string(root().join(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
}

/// Every crate with the crates of this house that it uses, development dependencies aside.
fn uses() -> BTreeMap<String, BTreeSet<String>> {
    let metadata = MetadataCommand::new().manifest_path(root().join("Cargo.toml")).no_deps().exec().unwrap();
    let own: BTreeSet<String> = metadata.packages.iter().map(|package| package.name.to_string()).collect();
    let packages = metadata.packages.iter().map(|package| {
        let normal = package.dependencies.iter().filter(|d| d.kind == cargo_metadata::DependencyKind::Normal);
        let used = normal.map(|d| d.name.clone()).filter(|name| own.contains(name));
        (package.name.to_string(), used.map(|name| name.replace("propusk-", "")).collect())
    });
    packages.map(|(name, used)| (name.replace("propusk-", ""), used)).collect()
}

/// DESIGN: `passport, region → permit → proto → courier → rooms`; `seal → rooms`; `store → rooms`; `boot → rooms`;
/// `rooms → propusk`. Rooms never depend on each other.
#[test]
fn arrows_point_one_way() {
    let pure = ["passport", "region", "permit"];
    let below = [
        "passport-browser",
        "handheld-browser",
        "codes-browser",
        "proto",
        "courier",
        "seal",
        "store",
        "boot",
        "staff",
        "webhook",
        "judge",
    ];
    let rooms: Vec<&str> = [&pure[..], &below].concat();
    let mut allowed: BTreeMap<&str, Vec<&str>> = BTreeMap::from([
        ("passport", vec![]),
        ("passport-browser", vec!["passport"]),
        // For a browser only: whoever serves its files takes nothing of a handheld into the program.
        ("handheld-browser", vec!["handheld"]),
        ("codes-browser", vec![]),
        ("region", vec![]),
        ("permit", vec!["passport", "region"]),
        ("proto", pure.to_vec()),
        ("courier", vec!["proto"]),
        ("seal", vec![]),
        ("judge", vec!["passport", "permit", "proto", "seal"]),
        ("store", vec![]),
        ("boot", vec![]),
        ("staff", vec!["boot", "store"]),
        ("webhook", vec!["boot", "store"]),
        ("propusk", [&rooms[..], &["desk", "handheld", "recorder", "verify"]].concat()),
    ]);
    for room in ["desk", "handheld", "recorder", "verify"] {
        allowed.insert(room, rooms.clone());
    }
    for (name, used) in uses().into_iter().filter(|(name, _)| name != "scenarios") {
        let allowed =
            allowed.get(name.as_str()).unwrap_or_else(|| panic!("{name} has no place among the arrows"));
        for other in used {
            assert!(allowed.contains(&other.as_str()), "{name} must not use {other}");
        }
    }
}

#[test]
fn async_nats_and_sled_are_each_named_by_one_crate() {
    for (dependency, owner) in [("async-nats", "courier"), ("sled", "store")] {
        for member in [
            "passport", "region", "permit", "seal", "courier", "store", "boot", "desk", "handheld",
            "recorder", "verify", "propusk",
        ] {
            let manifest = read(&format!("crates/{member}/Cargo.toml"));
            let names = manifest.lines().any(|line| {
                line.starts_with(&format!("{dependency}.")) || line.starts_with(&format!("{dependency} "))
            });
            assert_eq!(names, member == owner, "{member} and {dependency}");
        }
    }
}

#[test]
fn every_shipped_configuration_parses() {
    propusk_boot::config::Config::load(None).unwrap();
    propusk_region::Region::from_toml(&read("config/region.toml"), "config/region.toml").unwrap();
    propusk_courier::Streams::parse(&read("config/streams.toml")).unwrap();
    assert_eq!(
        propusk_boot::Locales::discrepancies(),
        Vec::<String>::new(),
        "the languages say different things"
    );
}

#[test]
fn documents_name_what_there_is() {
    let architecture = read("ARCHITECTURE.md");
    for name in uses().keys().filter(|name| *name != "scenarios") {
        assert!(architecture.contains(&format!("`{name}")), "ARCHITECTURE.md does not name {name}");
    }
    let readme = read("README.md");
    for script in ["ops/up", "ops/test"] {
        assert!(readme.contains(script) && root().join(script).exists(), "{script}");
    }
    for document in [&readme, &architecture] {
        for link in document.split("](").skip(1).filter_map(|rest| rest.split(')').next()) {
            let path = link.split('#').next().unwrap_or_default();
            let outside = path.is_empty() || path.contains("://");
            assert!(outside || root().join(path).exists(), "a link leads to {path}, which is not there");
        }
    }
    for message in ["hand-in", "receipt", "alert", "permit-event", "sync-request", "sync-reply"] {
        assert!(read("proto/PROTOCOL.md").contains(message), "PROTOCOL.md does not describe {message}");
    }
}

#[test]
fn the_ci_runs_the_readme_s_test_command_and_nothing_else() {
    let commands: Vec<String> = read(".ci/run")
        .lines()
        .map(|line| line.trim().to_owned())
        .filter(|line| {
            !line.is_empty()
                && !line.starts_with('#')
                && !line.starts_with("set ")
                && !line.starts_with("cd ")
        })
        .collect();
    assert_eq!(commands.len(), 1, "{commands:?}");
    assert!(commands[0].contains("ops/test"), "{commands:?}");
}
