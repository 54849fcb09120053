//! What the duty officer is told: a permit used after its revocation and before anybody at the post could know of it, and
//! travellers who were in two places.

use scenarios::Instance;
use scenarios::group::{csv, specimens};
use scenarios::instance::wait_for;
use serde_json::Value;

fn alerts(instance: &Instance, which: &[&str]) -> Vec<Value> {
    let rows = instance.run(&[&["recorder", "alerts", "--json"], which].concat()).expect(0);
    rows.json_lines()
}

#[test]
fn what_no_soldier_could_know_reaches_the_duty_officer_who_sees_to_it() {
    let instance = Instance::new();
    let running = instance.up();
    let today = propusk_boot::Clock::system().today();
    let (group, from) = (specimens(today), today.to_string());
    let (file, out) = (instance.write("group.csv", csv(&group)), instance.path("printed"));
    let order = ["--zones", "naryn,issyk-kul", "--route", "karasay,torugart", "--from", &from];
    let issue = ["desk", "issue", file.to_str().unwrap(), "--out", out.to_str().unwrap()];
    let issued = instance.json(&[issue.as_slice(), order.as_slice()].concat());
    let number = issued["permit_number"].as_str().unwrap();
    let posts = ["karasay", "torugart"];
    for post in posts {
        instance.enroll(post);
        wait_for("the handheld to know the permit", || {
            instance.sync(post);
            instance.json(&["handheld", "status", "--post", post])["permits_known"] == 1
        });
    }
    let _ = instance.run(&["desk", "revoke", number, "--reason", "other"]).expect(0);
    for (post, copy) in posts.into_iter().zip(1..) {
        let seal = issued["copies"][copy]["seal"].as_str().unwrap();
        let scan = instance.json(&["handheld", "scan", "--post", post, "--seal", seal]);
        assert_ne!(scan["verdict"], "refuse", "{post} has had no signal since: {scan}");
        instance.sync(post);
    }

    let travel = alerts(&instance, &["--kind", "impossible-travel"]);
    let [travel] = travel.as_slice() else { panic!("one alert: {travel:?}") };
    assert_eq!((travel["permit_number"].as_str(), travel["post"].as_str()), (Some(number), Some("torugart")));
    assert_eq!(travel["evidence"].as_array().unwrap().len(), 2, "both hand-ins");
    // The desk's word may come after the hand-ins.
    wait_for("both uses of the revoked permit", || {
        alerts(&instance, &["--kind", "permit-revoked"]).len() == 2
    });

    let id = travel["id"].as_str().unwrap();
    let note = ["--by", "Асанов", "--note", "часы поста отстали"];
    let _ = instance.run(&[&["recorder", "acknowledge", id], note.as_slice()].concat()).expect(0);
    let again = instance.json(&["recorder", "acknowledge", id, "--by", "somebody else"]);
    assert_eq!(again["acknowledged"]["by"], "Асанов", "who saw to it first");
    assert!(alerts(&instance, &["--open"]).iter().all(|alert| alert["id"] != id));
    let said = instance.run(&["recorder", "alerts", "--kind", "travel"]).expect(2).stderr;
    assert!(said.contains("impossible-travel"), "it names the kinds there are: {said}");
    running.stop();
}
