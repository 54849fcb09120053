//! A folder of orders is issued once, however often the command is interrupted and run again.

use std::fs;
use std::path::{Path, PathBuf};

use scenarios::group::{csv, specimens};
use scenarios::instance::wait_for;
use scenarios::{Answer, Instance};

fn today() -> propusk_passport::Date {
    propusk_boot::Clock::system().today()
}

/// A folder of `count` good orders, one traveller each.
fn orders(instance: &Instance, count: usize) -> PathBuf {
    let folder = instance.path("season");
    fs::create_dir(&folder).unwrap();
    let table = csv(&specimens(today())[..1]);
    for number in 0..count {
        fs::write(folder.join(format!("order-{number:02}.csv")), &table).unwrap();
    }
    folder
}

fn batch(instance: &Instance, folder: &Path) -> Answer {
    let from = today().to_string();
    let route = ["--zones", "naryn", "--route", "kol-suu,torugart", "--from", &from];
    let issue = ["desk", "issue", "--json", "--batch", folder.to_str().unwrap()];
    instance.run(&[&issue[..], &route[..]].concat())
}

fn issued(instance: &Instance) -> Vec<String> {
    let permits = instance.run(&["desk", "list", "--json", "--limit", "1000"]).expect(0).json_lines();
    permits.iter().map(|permit| permit["permit_number"].as_str().unwrap().to_owned()).collect()
}

fn pdfs(folder: &Path) -> Vec<String> {
    let files = fs::read_dir(folder.join("issued")).unwrap().map(|file| file.unwrap().file_name());
    files.map(|name| name.into_string().unwrap()).filter(|name| name.ends_with(".pdf")).collect()
}

#[test]
fn orders_that_can_t_be_issued_are_named_and_the_others_are() {
    let instance = Instance::new();
    let _running = instance.up();
    let folder = orders(&instance, 3);
    let mut wrong = specimens(today());
    wrong[0].mrz[1].pop();
    fs::write(folder.join("short.csv"), csv(&wrong[..1])).unwrap();
    fs::write(folder.join("torn.json"), "{").unwrap();
    fs::write(folder.join("letter.txt"), "not an order").unwrap();
    fs::write(folder.join("old.xls"), "a workbook of a kind that is not read").unwrap();

    let first = batch(&instance, &folder).expect(1);
    let mut lines = first.json_lines();
    let summary = lines.pop().unwrap();
    let counts = |name: &str| summary[name].as_u64().unwrap();
    assert_eq!((counts("orders"), counts("issued"), counts("refused"), counts("failed")), (6, 3, 1, 2));
    let error_of = |file: &str| {
        let line = lines.iter().find(|line| line["file"] == file).unwrap();
        line["error"].as_str().unwrap().to_owned()
    };
    assert!(error_of("short.csv").contains("mrz-shape"), "{}", error_of("short.csv"));
    assert!(error_of("torn.json").contains("line 1"), "{}", error_of("torn.json"));
    assert!(error_of("old.xls").contains("old.xls"), "nothing that may be an order is passed over");
    assert_eq!((issued(&instance).len(), pdfs(&folder).len()), (3, 3));

    // Mended, only the two are issued.
    fs::write(folder.join("short.csv"), csv(&specimens(today())[..1])).unwrap();
    fs::remove_file(folder.join("torn.json")).unwrap();
    fs::remove_file(folder.join("old.xls")).unwrap();
    let second = batch(&instance, &folder).expect(0).json_lines().pop().unwrap();
    assert_eq!((second["issued"].as_u64(), second["already"].as_u64()), (Some(1), Some(3)));

    // What was changed after it was issued is not issued again, but said.
    fs::write(folder.join("order-00.csv"), csv(&specimens(today())[1..2])).unwrap();
    let third = batch(&instance, &folder).expect(1);
    assert!(third.stdout.contains("desk correct"), "{}", third.stdout);
    assert_eq!(issued(&instance).len(), 4);
}

#[test]
fn an_interrupted_batch_goes_on() {
    let instance = Instance::new();
    let running = instance.up();
    let folder = orders(&instance, 12);
    std::thread::scope(|scope| {
        let first = scope.spawn(|| batch(&instance, &folder));
        wait_for("the first PDF", || folder.join("issued").exists() && !pdfs(&folder).is_empty());
        running.kill("desk");
        let status = first.join().unwrap().status;
        assert!(status == 3 || status == 0, "a desk that is gone is said with 3: {status}");
    });
    wait_for("the desk to be back", || instance.run(&["desk", "list"]).status == 0);
    // The last note was torn, and its PDF never came to be: the order must not get a second permit.
    let path = folder.join("issued/batch.jsonl");
    let ledger = fs::read_to_string(&path).unwrap();
    let last = ledger.lines().last().unwrap();
    let noted: serde_json::Value = serde_json::from_str(last).unwrap();
    let number = noted["permit_number"].as_str().unwrap().to_owned();
    fs::write(&path, &ledger[..ledger.len() - 20]).unwrap();
    fs::remove_file(folder.join(format!("issued/{number}-v1.pdf"))).unwrap();

    let summary = batch(&instance, &folder).expect(0).json_lines().pop().unwrap();
    assert_eq!(summary["orders"].as_u64(), Some(12));
    let (mut permits, mut printed) = (issued(&instance), pdfs(&folder));
    permits.sort();
    printed.sort();
    assert_eq!(permits.len(), 12, "every order has one permit");
    assert!(permits.contains(&number));
    let named: Vec<String> = permits.iter().map(|number| format!("{number}-v1.pdf")).collect();
    assert_eq!(printed, named);
}
