//! A soldier at the prompt: a scanner in the wrong layout, rows ticked off, an undo, an override, the paper list, and
//! what travellers hold out instead of a permit.

use propusk_handheld::layout::Layout;
use scenarios::Instance;
use scenarios::group::{csv, specimens};
use scenarios::instance::wait_for;

#[test]
fn a_day_at_the_barrier() {
    let instance = Instance::new();
    let today = propusk_boot::Clock::system().today();
    let group = specimens(today);
    let running = instance.up();
    let file = instance.write("group.csv", csv(&group));
    let (from, out) = (today.to_string(), instance.path("printed"));
    let order =
        ["--zones", "issyk-kul", "--route", "karasay", "--from", &from, "--out", out.to_str().unwrap()];
    let issued = instance.json(&[&["desk", "issue", file.to_str().unwrap()], order.as_slice()].concat());
    let number = issued["permit_number"].as_str().unwrap().to_owned();
    let seals: Vec<&str> =
        issued["copies"].as_array().unwrap().iter().map(|copy| copy["seal"].as_str().unwrap()).collect();
    instance.enroll("karasay");
    wait_for("the handheld to know the permit", || {
        instance.sync("karasay");
        instance.json(&["handheld", "status", "--post", "karasay"])["permits_known"] == 1
    });
    running.stop();

    let russian = Layout::Russian.types(seals[1]).unwrap();
    let boarding = "M1DESMARAIS/LUC       EABC123 YULFRAAC 0834 326J001A0025 100";
    let typed = [
        // A Russian keyboard; two rows; Enter; then it is taken back with the key that is u on it.
        russian.as_str(),
        "1 2",
        "",
        "г",
        "",
        // The same copy again is no second one after the undo.
        seals[1],
        "*",
        // What is no permit has a message of its own.
        "https://example.org/ticket",
        "HC1:6BFOXN%TSMAHN-HISCN",
        boarding,
        &seals[1][..80],
        "o офицер разрешил",
        &format!("p {number} 2 00:00"),
        "q",
    ];
    let answer = instance
        .run_with_input(&["handheld", "run", "--plain", "--soldier", "41"], &(typed.join("\n") + "\n"));
    let said = answer.expect(0).stdout;
    for expected in [
        "set to Russian",
        "Now the passports",
        "Taken back",
        "web address",
        "health certificate",
        "boarding pass",
        "Only half",
        "on your word",
        "Entered from the paper list",
        "ERIKSSON",
    ] {
        assert!(said.contains(expected), "“{expected}” is not in:\n{said}");
    }
    assert!(!said.contains("handed in before"), "an undo frees the copy:\n{said}");
    assert!(
        !said.contains('\u{1b}') && !said.contains('●') && !said.contains('\u{7}'),
        "plain is plain:\n{said}"
    );

    let running = instance.up();
    instance.sync("karasay");
    let story = instance.json(&["recorder", "show", &number]);
    let kinds: Vec<&str> =
        story["hand_ins"].as_array().unwrap().iter().map(|row| row["kind"].as_str().unwrap()).collect();
    assert_eq!(kinds, ["entry", "undo", "entry", "late-entry"]);
    // Three foreign codes, and the override of the last of them.
    assert_eq!(instance.records(), 8);
    running.stop();
}
