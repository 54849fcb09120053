//! A device that soldiers share: each with a PIN, who did what, the lock.

use std::io::{BufRead, BufReader, Read, Write};
use std::process::Stdio;

use scenarios::Instance;

const FOREIGN: &str = "https://example.org/ticket";

/// An instance with a handheld of two soldiers: 41, who is senior, and 42.
fn shared() -> (Instance, scenarios::Running) {
    let instance = Instance::new();
    instance.configure("[handheld]\nlock_after_s = 3\n");
    let running = instance.up();
    instance.enroll("karasay");
    let _ = instance.run_with_input(&["handheld", "soldier", "add", "41"], "270418\n").expect(0);
    let add = ["handheld", "soldier", "add", "42", "--by", "41"];
    let _ = instance.run_with_input(&add, "270418\n918273\n").expect(0);
    (instance, running)
}

fn soldiers_of_the_record(instance: &Instance) -> Vec<String> {
    let rows = instance.run(&["recorder", "list", "--json"]).expect(0).json_lines();
    let mut soldiers: Vec<String> =
        rows.iter().map(|row| row["soldier"].as_str().unwrap().to_owned()).collect();
    soldiers.sort();
    soldiers
}

#[test]
fn nobody_works_without_a_pin_and_who_did_what_is_recorded() {
    let (instance, running) = shared();
    let typed = [
        // A scan while it is locked is no hand-in.
        FOREIGN, "41", "270418", FOREIGN, "k", FOREIGN, "42", "111111", "42", "918273", FOREIGN, FOREIGN, "q",
    ];
    let answer = instance.run_with_input(&["handheld", "run", "--plain"], &(typed.join("\n") + "\n"));
    let said = answer.expect(0).stdout;
    for expected in ["Locked", "On duty: 41", "Not the right name and PIN", "On duty: 42"] {
        assert!(said.contains(expected), "“{expected}” is not in:\n{said}");
    }
    assert!(!said.contains("270418") && !said.contains("918273"), "{said}");
    // Commands need the PIN too.
    let scan = ["handheld", "scan", "--soldier", "42", "--seal", FOREIGN, "--json"];
    assert_eq!(instance.run(&scan).status, 2);
    let pin = instance.write("pin", "918273\n");
    std::fs::set_permissions(&pin, std::os::unix::fs::PermissionsExt::from_mode(0o600)).unwrap();
    let _ = instance.run(&[&scan[..], &["--pin-file", pin.to_str().unwrap()]].concat()).expect(1);
    // Nobody but a senior soldier changes the list.
    let add = ["handheld", "soldier", "add", "43", "--by", "42"];
    let refused = instance.run_with_input(&add, "918273\n555123\n").expect(2);
    assert!(refused.stderr.contains("Only a senior"), "{}", refused.stderr);
    assert_eq!(instance.run_with_input(&["handheld", "soldier", "remove", "42"], "").status, 2);
    instance.settled("karasay", 4);
    assert_eq!(soldiers_of_the_record(&instance), ["41", "42", "42", "42"]);
    running.stop();
}

#[test]
fn a_device_that_nobody_touches_locks_itself() {
    let (instance, running) = shared();
    let mut command = instance.command(&["handheld", "run", "--plain"]);
    let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    let mut keyboard = child.stdin.take().unwrap();
    keyboard.write_all(format!("41\n270418\n{FOREIGN}\n").as_bytes()).unwrap();
    let mut screen = BufReader::new(child.stdout.take().unwrap());
    let mut said = String::new();
    while said.matches("Locked").count() < 2 {
        assert!(screen.read_line(&mut said).unwrap() > 0, "it ended:\n{said}");
    }
    keyboard.write_all(format!("{FOREIGN}\n42\n918273\n{FOREIGN}\nq\n").as_bytes()).unwrap();
    screen.read_to_string(&mut said).unwrap();
    assert!(child.wait().unwrap().success());
    assert_eq!(said.matches("Locked").count(), 3, "at the start, after three seconds, at the scan:\n{said}");
    instance.settled("karasay", 2);
    assert_eq!(soldiers_of_the_record(&instance), ["41", "42"]);
    running.stop();
}

#[test]
fn guessing_is_stopped_for_one_soldier_and_neither_killing_nor_waiting_at_the_clock_helps() {
    let (instance, running) = shared();
    for _ in 0..5 {
        let said =
            instance.run_with_input(&["handheld", "run", "--plain"], "41\n000001\nq\n").expect(0).stdout;
        assert!(said.contains("Not the right name and PIN"), "{said}");
    }
    let tomorrow = propusk_boot::Clock::system().today().tomorrow().unwrap().to_string();
    for today in [&[][..], &["--today", tomorrow.as_str()]] {
        let run = [today, &["handheld", "run", "--plain"]].concat();
        let said = instance.run_with_input(&run, "41\n270418\nq\n").expect(0).stdout;
        assert!(said.contains("Too many wrong PINs"), "{said}");
    }
    let said = instance.run_with_input(&["handheld", "run", "--plain"], "42\n918273\nq\n").expect(0).stdout;
    assert!(said.contains("On duty: 42"), "{said}");
    running.stop();
}
