//! Posts where there is never a signal: a driver carries hand-ins, receipts and permit changes.

use scenarios::Instance;
use scenarios::group::{csv, specimens};
use scenarios::instance::wait_for;
use serde_json::Value;

/// Issues a permit and returns its number and the seals of its copies.
fn issue(instance: &Instance) -> (String, Vec<String>) {
    let today = propusk_boot::Clock::system().today();
    let file = instance.write("group.csv", csv(&specimens(today)));
    let (from, out) = (today.to_string(), instance.path("printed"));
    let order =
        ["--zones", "issyk-kul", "--route", "karasay", "--from", &from, "--out", out.to_str().unwrap()];
    let issued = instance.json(&[&["desk", "issue", file.to_str().unwrap()], order.as_slice()].concat());
    let seal = |copy: &Value| copy["seal"].as_str().unwrap().to_owned();
    let seals = issued["copies"].as_array().unwrap().iter().map(seal).collect();
    (issued["permit_number"].as_str().unwrap().to_owned(), seals)
}

fn codes(verdict: &Value) -> Vec<String> {
    let reasons = verdict["reasons"].as_array().unwrap().iter();
    reasons.map(|reason| reason["code"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn a_driver_carries_everything_both_ways() {
    let instance = Instance::new();
    let running = instance.up();
    instance.enroll("karasay");
    instance.enroll("echkili-tash");
    // One exchange at the depot; never again.
    for post in ["karasay", "echkili-tash"] {
        instance.sync(post);
    }
    let (number, seals) = issue(&instance);
    let file = |name: &str| instance.path(name).to_str().unwrap().to_owned();
    let scan = |post: &str, seal: &str| {
        let answer = instance.run(&["handheld", "scan", "--post", post, "--seal", seal, "--json"]);
        assert!(answer.status <= 1, "{}", answer.stderr);
        codes(&answer.json())
    };
    // The permit is younger than what the posts know.
    assert_eq!(scan("karasay", &seals[1]), ["unknown-permit"]);
    assert_eq!(scan("karasay", "https://example.org/ticket"), ["not-a-permit"]);

    // Karasay's bundle passes the neighbour, who then knows the copy, and goes on with the neighbour's own.
    let (to_neighbour, to_recorder, home) = (file("1.bundle"), file("2.bundle"), file("3.bundle"));
    let exported = instance.json(&["handheld", "export", "--post", "karasay", &to_neighbour]);
    assert_eq!(exported["hand_ins"], 2);
    let read = instance.json(&["handheld", "import", "--post", "echkili-tash", &to_neighbour]);
    assert!(read["parcels"] == 1 && read["copies_elsewhere"] == 1, "{read}");
    let twice = scan("echkili-tash", &seals[1]);
    assert!(twice.contains(&"copy-already-handed-in".to_owned()), "{twice:?}");
    let exported = instance.json(&["handheld", "export", "--post", "echkili-tash", &to_recorder]);
    assert!(exported["hand_ins"] == 1 && exported["pieces"] == 2, "{exported}");
    assert_eq!(instance.records(), 0);

    // Whatever the recorder gets twice is recorded once.
    for _ in 0..2 {
        let taken = instance.json(&["recorder", "import", &to_recorder, "--out", &home]);
        assert!(taken["parcels"] == 2 && taken["hand_ins"] == 3, "{taken}");
        assert_eq!(instance.records(), 3);
    }
    let story = instance.json(&["recorder", "show", &number]);
    assert!(story["alerts"].to_string().contains("copy-handed-in-twice"), "{story}");

    // Back at the posts: receipts, and the permit.
    for (post, settled) in [("echkili-tash", 1), ("karasay", 2)] {
        let back = instance.json(&["handheld", "import", "--post", post, &home]);
        assert_eq!(
            (&back["settled"], &back["permits_learnt"]),
            (&settled.into(), &1.into()),
            "{post}: {back}"
        );
        let status = instance.json(&["handheld", "status", "--post", post]);
        let all = (&status["recorded"], &status["on_this_device"], &status["permits_known"]);
        assert!(*all.0 == settled && *all.1 == 0 && *all.2 == 1, "{post}: {status}");
    }
    assert_eq!(scan("karasay", &seals[2]), Vec::<String>::new());
    let exported = instance.json(&["handheld", "export", "--post", "echkili-tash", &to_recorder]);
    assert_eq!(exported["pieces"], 1, "the neighbour's parcel has arrived and is carried no more");
    // A signal after all: nothing is doubled.
    instance.sync("karasay");
    assert_eq!(instance.records(), 4);
    assert_eq!(instance.json(&["handheld", "status", "--post", "karasay"])["recorded"], 3);
    running.stop();
}

#[test]
fn a_bundle_that_somebody_has_changed_or_made_is_refused() {
    let instance = Instance::new();
    let running = instance.up();
    instance.enroll("karasay");
    instance.scan_foreign_code();
    let (file, out) = (instance.path("1.bundle"), instance.path("2.bundle"));
    let paths = (file.to_str().unwrap(), out.to_str().unwrap());
    let _ = instance.json(&["handheld", "export", "--post", "karasay", paths.0]);
    let whole = std::fs::read(&file).unwrap();
    let mut refused = 0;
    for at in (0..whole.len()).step_by(7) {
        let mut changed = whole.clone();
        changed[at] ^= 0x20;
        std::fs::write(&file, changed).unwrap();
        let answer = instance.run(&["recorder", "import", paths.0, "--out", paths.1, "--json"]);
        refused += usize::from(answer.status != 0);
    }
    assert_eq!(refused, whole.len().div_ceil(7), "each flipped bit is noticed");
    assert_eq!(instance.records(), 0);
    std::fs::write(&file, &whole).unwrap();
    let _ = instance.json(&["recorder", "import", paths.0, "--out", paths.1]);
    assert_eq!(instance.records(), 1);
    // What goes to the recorder is nothing for the one that made it.
    let _ = instance.run(&["handheld", "import", "--post", "karasay", paths.0]).expect(1);
    wait_for("the receipt", || {
        instance.json(&["handheld", "import", "--post", "karasay", paths.1])["refused"]
            == Value::Array(vec![])
    });
    instance.settled("karasay", 1);
    running.stop();
}
