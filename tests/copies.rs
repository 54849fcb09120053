//! Copies on demand: which ones, in which languages, and numbered beyond the earlier ones.

use std::path::Path;
use std::process::Command;

use scenarios::Instance;
use scenarios::group::{csv, specimens};

/// The text of every page of a PDF.
fn pages(pdf: &str) -> Vec<String> {
    assert!(Path::new(pdf).exists(), "{pdf}");
    let output = Command::new("pdftotext").args(["-layout", pdf, "-"]).output().unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    text.split('\u{c}').filter(|page| !page.trim().is_empty()).map(str::to_owned).collect()
}

#[test]
fn copies_are_printed_as_they_are_asked_for() {
    let instance = Instance::new();
    let _running = instance.up();
    let today = propusk_boot::Clock::system().today();
    let file = instance.write("group.csv", csv(&specimens(today)));
    let (file, from, out) = (file.to_str().unwrap(), today.to_string(), instance.path("out"));
    let out = out.to_str().unwrap();
    let issue = ["desk", "issue", file, "--zones", "naryn", "--route", "kol-suu,torugart", "--from", &from];
    let issued = instance.json(&[&issue[..], &["--copies", "3", "--out", out]].concat());
    let number = issued["permit_number"].as_str().unwrap();
    let print = |options: &[&str]| {
        let answer = instance.json(&[&["desk", "print", number, "--out", out], options].concat());
        let copies: Vec<u64> =
            answer["copies"].as_array().unwrap().iter().map(|copy| copy["copy"].as_u64().unwrap()).collect();
        (copies, pages(answer["pdf"].as_str().unwrap()))
    };
    assert_eq!(pages(issued["pdf"].as_str().unwrap()).len(), 4);

    let (copies, sheets) = print(&["--only-copies"]);
    assert_eq!((copies, sheets.len()), (vec![1, 2, 3], 3));
    assert!(sheets[0].contains("КОПИЯ 1/3") && !sheets[0].contains("ОРИГИНАЛ"), "{}", sheets[0]);

    let (copies, sheets) = print(&["--more", "2"]);
    assert_eq!(copies, [4, 5], "spares are numbered beyond the earlier ones");
    assert!(sheets[1].contains("КОПИЯ 5/5"), "{}", sheets[1]);

    let (copies, sheets) = print(&["--copies", "2-3", "--languages", "ky,en"]);
    assert_eq!(copies, [2, 3]);
    assert!(sheets[0].contains("КӨЧҮРМӨ 2/3") && !sheets[0].contains("КОПИЯ"), "{}", sheets[0]);

    let wrong = instance.run(&["desk", "print", number, "--languages", "ky"]);
    assert!(wrong.status == 2 && wrong.stderr.contains("ky,en"), "{}", wrong.stderr);
    let history = instance.run(&["desk", "show", number]).expect(0).stdout;
    assert!(history.contains("printed  4, 5"), "{history}");
}
