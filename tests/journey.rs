//! One permit's whole journey: issued, printed, scanned back from the page, handed in offline, recorded, receipted,
//! alerted, checked against the passport.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use scenarios::group::{Specimen, csv, specimens, with_number};
use scenarios::instance::wait_for;
use scenarios::{Instance, tools};
use serde_json::Value;

/// What the agency holds in hand after issuing.
struct Issued {
    number: String,
    seals: Vec<String>,
    pdf: PathBuf,
}

fn today() -> propusk_passport::Date {
    propusk_boot::Clock::system().today()
}

fn issue(instance: &Instance, group: &[Specimen]) -> Issued {
    let file = instance.write("group.csv", csv(group));
    let from = today().to_string();
    let order = ["--zones", "naryn,issyk-kul", "--route", "karasay,kol-suu,torugart", "--from", &from];
    let file = file.to_str().unwrap();
    let _ = instance.run(&[&["desk", "check", file], order.as_slice()].concat()).expect(0);
    let out = instance.path("printed");
    let issue = [&["desk", "issue", file, "--out", out.to_str().unwrap()], order.as_slice()].concat();
    let reply = instance.json(&issue);
    assert_eq!(reply["price"]["amount"], 3500, "two zones");
    let copies = reply["copies"].as_array().unwrap();
    assert_eq!(copies.len(), 5, "the original, one for each of two posts, two spares");
    Issued {
        number: reply["permit_number"].as_str().unwrap().to_owned(),
        seals: copies.iter().map(|copy| copy["seal"].as_str().unwrap().to_owned()).collect(),
        pdf: Path::new(reply["pdf"].as_str().unwrap()).to_owned(),
    }
}

fn check_paper(instance: &Instance, issued: &Issued) {
    let pdf = issued.pdf.to_str().unwrap();
    let _ = tools::run("qpdf", &["--check", pdf]);
    for font in tools::run("pdffonts", &[pdf]).lines().skip(2) {
        let flags: Vec<&str> = font.split_whitespace().rev().take(5).collect();
        assert_eq!((flags[4], flags[3]), ("yes", "yes"), "embedded and subset: {font}");
    }
    let text = tools::run("pdftotext", &["-layout", pdf, "-"]);
    for expected in
        ["ERIKSSON", "Müller Jürgen", "Асанов Усөн Жаңыбаевич", "Ңң Өө Үү", "ОРИГИНАЛ", &issued.number]
    {
        assert!(text.contains(expected), "{expected} is not in the PDF's text");
    }
    let pages = instance.path("pages");
    std::fs::create_dir_all(&pages).unwrap();
    assert_eq!(tools::scan_pages(&issued.pdf, &pages), issued.seals, "every page's code reads as its seal");
    let again = instance.path("again");
    let reply = instance.json(&["desk", "print", &issued.number, "--out", again.to_str().unwrap()]);
    let again = std::fs::read(reply["pdf"].as_str().unwrap()).unwrap();
    assert_eq!(std::fs::read(&issued.pdf).unwrap(), again, "the same version prints the same bytes");
}

fn scan(instance: &Instance, post: &str, seal: &str, mrz: &[String], status: i32) -> Value {
    let mrz = mrz.join(",");
    let answer = instance.run(&["handheld", "scan", "--post", post, "--seal", seal, "--mrz", &mrz, "--json"]);
    let answer = answer.expect(status).json();
    assert_eq!(answer["state"], "on-this-device");
    answer
}

fn codes(answer: &Value) -> Vec<&str> {
    answer["reasons"].as_array().unwrap().iter().map(|reason| reason["code"].as_str().unwrap()).collect()
}

#[test]
fn one_permit_from_order_to_record() {
    let instance = Instance::new();
    let group = specimens(today());
    let running = instance.up();
    let issued = issue(&instance, &group);
    check_paper(&instance, &issued);
    instance.enroll("karasay");
    instance.enroll("torugart");
    wait_for("the handhelds to know the permit", || {
        instance.sync("karasay");
        instance.sync("torugart");
        let known = |post| instance.json(&["handheld", "status", "--post", post])["permits_known"] == 1;
        known("karasay") && known("torugart")
    });
    running.stop();

    // Nothing runs: the checkpoint is on its own.
    let anna = &group[0].mrz;
    for (copy, seal) in issued.seals.iter().enumerate() {
        let answer = scan(&instance, "karasay", seal, anna, 0);
        assert_eq!(answer["verdict"], "accept", "{answer}");
        assert_eq!((answer["copy"].as_u64(), answer["copies"].as_u64()), (Some(copy as u64), Some(4)));
    }
    let mistyped = with_number(&group[0], "L898903C3");
    let refused = scan(&instance, "karasay", &issued.seals[2], &mistyped, 1);
    assert_eq!(refused["verdict"], "refuse");
    assert_eq!(codes(&refused), ["passport-mismatch", "copy-already-handed-in"], "the worst reason first");
    let message =
        refused["reasons"].as_array().unwrap().iter().find(|r| r["code"] == "passport-mismatch").unwrap();
    assert!(message["message"].as_str().unwrap().contains("Character 7"), "{message}");
    let twice = scan(&instance, "karasay", &issued.seals[1], anna, 0);
    assert_eq!(
        (twice["verdict"].as_str(), codes(&twice)),
        (Some("attention"), vec!["copy-already-handed-in"])
    );
    let waiting = instance.json(&["handheld", "status", "--post", "karasay"]);
    assert_eq!(waiting["on_this_device"], 7);

    // The signal comes back; the recorder dies in the middle.
    let running = instance.up();
    let mut sync =
        instance.command(&["handheld", "sync", "--post", "karasay", "--wait", "15"]).spawn().unwrap();
    running.kill("recorder");
    let _ = sync.wait().unwrap();
    running.wait_until_ready();
    instance.sync("karasay");
    let after = instance.sync("karasay");
    assert_eq!((after["on_this_device"].as_u64(), after["recorded"].as_u64()), (Some(0), Some(7)));
    let story = instance.json(&["recorder", "show", &issued.number]);
    let rows = story["hand_ins"].as_array().unwrap();
    let ids: BTreeSet<&str> = rows.iter().map(|row| row["id"].as_str().unwrap()).collect();
    assert_eq!((rows.len(), ids.len()), (7, 7), "each hand-in exactly once");
    assert_eq!(instance.json(&["recorder", "audit"])["records"], 7);

    // The same copy at a second post.
    let answer = scan(&instance, "torugart", &issued.seals[1], anna, 0);
    assert_eq!(answer["verdict"], "accept", "torugart can't know what karasay saw");
    instance.sync("torugart");
    let alerts = instance.run(&["recorder", "alerts", "--json"]).expect(0).json_lines();
    let twice = |alert: &&Value| alert["kind"] == "copy-handed-in-twice" && alert["post"] == "torugart";
    let alert = alerts.iter().find(twice).unwrap_or_else(|| panic!("no alert in {alerts:?}"));
    assert_eq!(
        (alert["permit_number"].as_str(), alert["copy"].as_u64()),
        (Some(issued.number.as_str()), Some(1))
    );
    let inside = instance.run(&["recorder", "inside", "--json"]).expect(0).json_lines();
    assert!(inside.iter().any(|row| row["permit_number"] == issued.number.as_str()), "{inside:?}");
    check_traveller(&instance, &issued, &group);
    running.stop();
}

/// The traveller's own question, the evening before.
fn check_traveller(instance: &Instance, issued: &Issued, group: &[Specimen]) {
    let mrz = group[0].mrz.join(",");
    wait_for("verify to know the permit", || {
        instance.run(&["verify", "permit", &issued.number, "--mrz", &mrz, "--json"]).status == 0
    });
    let mistyped = with_number(&group[0], "L898903C3").join(",");
    let answer = instance.run(&["verify", "permit", &issued.number, "--mrz", &mistyped, "--json"]).expect(1);
    assert!(answer.stdout.contains("document_number"), "{}", answer.stdout);
    let seal =
        instance.run(&["verify", "seal", issued.pdf.to_str().unwrap(), "--json"]).expect(0).json_lines();
    assert_eq!(seal.len(), issued.seals.len());
    assert!(seal.iter().all(|seal| seal["status"] == "VALID"));
    let offline =
        instance.run(&["verify", "permit", "--seal", &issued.seals[0], "--mrz", &mistyped, "--json"]);
    assert_eq!(offline.status, 1);
}
