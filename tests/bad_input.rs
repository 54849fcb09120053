//! Bad input gets a message that says what and where, the right exit status, and nothing is written.

use std::net::TcpListener;

use scenarios::group::{csv, specimens};
use scenarios::{Answer, Instance};

fn today() -> propusk_passport::Date {
    propusk_boot::Clock::system().today()
}

/// Checks an order file with the usual zones and dates.
fn check(instance: &Instance, name: &str, text: impl AsRef<[u8]>) -> Answer {
    let file = instance.write(name, text);
    let from = today().to_string();
    instance.run(&["desk", "check", file.to_str().unwrap(), "--zones", "naryn", "--from", &from])
}

/// Everything the command said mentions every one of `words`.
fn says(answer: &Answer, status: i32, words: &[&str]) {
    let said = format!("{}{}", answer.stdout, answer.stderr);
    assert_eq!(answer.status, status, "{said}");
    for word in words {
        assert!(said.contains(word), "“{word}” is not in: {said}");
    }
}

#[test]
fn order_files() {
    let instance = Instance::new();
    says(&check(&instance, "empty.csv", ""), 2, &["empty.csv", "empty"]);
    let header = "surname,given_names,nationality,birth_date,expiry_date\nA,B,UTO,1974-08-12,2031-01-01\n";
    says(&check(&instance, "columns.csv", header), 2, &["columns.csv", "document_number"]);
    says(&check(&instance, "not.json", "{"), 2, &["not.json", "line 1"]);
    says(&check(&instance, "typo.json", r#"{"zone":["naryn"]}"#), 2, &["typo.json", "zone"]);
    says(&check(&instance, "order.doc", "hello"), 2, &["order.doc", ".csv", ".xlsx"]);
    says(&check(&instance, "order.txt", "hello"), 2, &["order.txt", "header", "desk template"]);
    says(&check(&instance, "latin1.csv", b"surname\nM\xfcller\n"), 2, &["latin1.csv", "UTF-8"]);
    says(&instance.run(&["desk", "check", "nowhere.csv"]), 2, &["nowhere.csv"]);

    let mut group = specimens(today());
    group[1].mrz[1].pop();
    says(&check(&instance, "short.csv", csv(&group)), 1, &["Traveller 2, row 3", "43", "44", "mrz-shape"]);
    let table = csv(&specimens(today())).replace("1988-02-03", "31.02.2026");
    says(&check(&instance, "date.csv", table), 1, &["row 5", "birth_date", "31.02.2026"]);
    assert!(!instance.data().join("desk").exists(), "a check writes nothing");
}

#[test]
fn tables() {
    let instance = Instance::new();
    says(&check(&instance, "really.xlsx", "%PDF-1.7"), 2, &["really.xlsx", "PDF"]);
    says(&check(&instance, "cut.xlsx", "PK\u{3}\u{4}"), 2, &["cut.xlsx", "damaged"]);
    says(&check(&instance, "text.ods", "surname;given_names"), 2, &["text.ods", "save it as .xlsx"]);
    let lost = csv(&specimens(today())).replace("Усөн", "Ус?н");
    let answer = check(&instance, "lost.csv", lost);
    says(&answer, 2, &["row 3, column J (“visual_name”)", "a letter was lost"]);
    assert!(!answer.stderr.contains("Ус?н"), "an error names the cell, not what it holds");

    let beside = instance.write("beside.txt", "");
    let folder = beside.parent().unwrap();
    for language in ["en", "ru", "ky"] {
        let template = folder.join(format!("{language}.xlsx"));
        let template = template.to_str().unwrap();
        let write = || instance.run(&["desk", "template", "--out", template, "--lang", language]);
        let before = write().expect(0).stdout;
        assert!(before.contains(template));
        assert_eq!(write().status, 2, "a template is not overwritten");
        let from = today().to_string();
        let check = |more: &[&str]| {
            let order = ["desk", "check", template, "--zones", "naryn", "--from", &from];
            instance.run(&[&order, more].concat())
        };
        says(&check(&["--lang", "en"]), 0, &["Traveller 1, row 2", "Ready to issue"]);
        says(&check(&["--annotate", template]), 2, &[template, "itself"]);
        let copy = folder.join(format!("{language}-copy.xlsx"));
        says(&check(&["--annotate", copy.to_str().unwrap()]), 0, &["copy.xlsx"]);
        let mode = std::os::unix::fs::PermissionsExt::mode(&std::fs::metadata(&copy).unwrap().permissions());
        assert_eq!(mode & 0o777, 0o600, "the copy holds personal data");
    }
}

#[test]
fn what_no_mrz_can_be_made_of_is_found_by_the_check() {
    let instance = Instance::new();
    let table = csv(&specimens(today())).replace("Йылмаз,Гүлзат", "王,Гүлзат");
    says(&check(&instance, "typed.csv", table), 1, &["mrz-not-generated", "王", "Traveller 4, row 5"]);
}

#[test]
fn options() {
    let instance = Instance::new();
    let file = instance.write("group.csv", csv(&specimens(today())));
    let file = file.to_str().unwrap();
    let from = today().to_string();
    let check =
        |zone: &str, from: &str| instance.run(&["desk", "check", file, "--zones", zone, "--from", from]);
    says(&check("narin", &from), 2, &["narin", "naryn"]);
    says(&check("naryn", "31.02.2026"), 2, &["valid_from", "31.02.2026"]);
    says(&instance.run(&["desk", "check", file, "--zones", "naryn"]), 2, &["--from"]);
    says(&instance.run(&["desk", "quote", "--zones", "naryn,osh,batken"]), 1, &["3"]);
    says(&instance.run(&["desk", "nonsense"]), 2, &["nonsense"]);
    says(&instance.run(&["desk", "list"]), 3, &["desk"]);
}

#[test]
fn permit_numbers_and_seals() {
    let instance = Instance::new();
    let number = propusk_permit::PermitNumber::draw(|| [1; 8]).to_string();
    let mut swapped: Vec<char> = number.chars().collect();
    let at = (0..3).find(|at| swapped[*at] != swapped[*at + 1]).unwrap();
    swapped.swap(at, at + 1);
    let swapped: String = swapped.into_iter().collect();
    let mrz = specimens(today())[0].mrz.join(",");
    says(&instance.run(&["verify", "permit", &swapped, "--mrz", &mrz]), 2, &["check character"]);
    let v1 = "dc03d9c5d9cac8a73a995d913a7d9c575e030230bab3d2b3c549cd1da93c5bd458135c6f57fc133c133c133c6b38208a4d0d4a32b0c11ae6268427153f7c453c133c1345ff4039034e85da183c1cc0d3ac16732d7ee2c20d7aef7b381c0ae509f10a97890d511c3c47b94807a4d0f67ce9083a7f206f04fb35afdb8ab9658a93327a4e0ee6ed";
    let key = "UTTS5B=0408132a7243b3ccc29c271097081c96a729eefb8eb93630e536498e9b7ce1ced25d68a789d93bef39c04715c5ad3915d281c0754ecc08508bf66687efc630df88";
    says(
        &instance.run(&["verify", "seal", "--hex", v1, "--signer", key, "--json"]),
        0,
        &["VALID", "ERIKSSON"],
    );
    says(
        &instance.run(&["verify", "seal", "--hex", &v1[..v1.len() - 8], "--signer", key, "--json"]),
        1,
        &["WRONG_FORMAT"],
    );
    says(
        &instance.run(&["verify", "seal", "--hex", "dc03d9cac8a73a99105b99105b99fb06", "--json"]),
        1,
        &["status"],
    );
    let big = instance.write("big.bin", [b"KGBZ".as_slice(), &vec![b'A'; 10_000_000]].concat());
    let answer = instance.run(&["verify", "seal", big.to_str().unwrap(), "--json"]);
    assert!(answer.status == 1 || answer.status == 2, "{}{}", answer.stdout, answer.stderr);
    assert!(!answer.stdout.contains("VALID\""), "{}", answer.stdout);
}

#[test]
fn data_folders_ports_and_configuration() {
    let instance = Instance::new();
    let config = instance.write("config.toml", "[desk]\nspare = 3\n");
    let config = config.to_str().unwrap();
    says(
        &instance.run(&["desk", "quote", "--zones", "naryn", "--config", config]),
        2,
        &["config.toml", "spare", "spares"],
    );

    let mut no_broker = instance.command(&["up"]);
    let own = instance.write("no-broker.toml", "[nats]\nserver = \"no-such-nats-server\"\n");
    let output = no_broker.env("PROPUSK_CONFIG", own).output().unwrap();
    let said =
        String::from_utf8_lossy(&output.stderr).into_owned() + &String::from_utf8_lossy(&output.stdout);
    assert_eq!(output.status.code(), Some(2), "{said}");
    assert!(said.contains("no-such-nats-server") && said.contains("install"), "{said}");

    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = taken.local_addr().unwrap().port();
    let own = instance.write("port.toml", format!("[nats]\nport = {port}\n"));
    let output = instance.command(&["up"]).env("PROPUSK_CONFIG", own).output().unwrap();
    let said =
        String::from_utf8_lossy(&output.stderr).into_owned() + &String::from_utf8_lossy(&output.stdout);
    assert_eq!(output.status.code(), Some(2), "{said}");
    assert!(said.contains(&port.to_string()), "{said}");

    let running = instance.up();
    let second = instance.run(&["up"]);
    says(&second, 2, &["in use"]);
    running.stop();
}
