//! A training at a real post, beside a real handheld: everything works, and nothing of it reaches the record.

use propusk_courier::{ConnectOptions, Courier, Credentials};
use scenarios::Instance;
use tokio_util::sync::CancellationToken;

#[test]
fn a_training_never_reaches_the_record() {
    let instance = Instance::new();
    let running = instance.up();
    instance.enroll("karasay");
    let typed = "=1\n=1\n=2\n1 2 3\n=3\n=6\nu\n\n=8\ns\nq\n";
    let answer = instance.run_with_input(&["handheld", "train", "--post", "karasay", "--plain"], typed);
    let said = answer.expect(0).stdout;
    for expected in
        ["LET THROUGH", "LOOK CLOSER", "DO NOT LET THROUGH", "handed in before", "expired", "altered"]
    {
        assert!(said.contains(expected), "“{expected}” is not in:\n{said}");
    }
    // Before every verdict, and nowhere a word of sending.
    let banners = said.matches("TRAINING").count();
    let verdicts =
        said.lines().filter(|line| line.ends_with("LET THROUGH") || *line == "LOOK CLOSER").count();
    assert!(verdicts == 6 && banners > verdicts, "{banners} banners, {verdicts} verdicts:\n{said}");
    assert!(!said.contains("waiting to be recorded"), "{said}");

    let sync = instance.sync("karasay");
    assert_eq!(sync["published"], 0, "the real handheld has nothing of it: {sync}");
    assert_eq!(instance.records(), 0);
    let devices = instance.run(&["recorder", "devices", "--json"]).expect(0).json_lines();
    assert_eq!(devices.len(), 1, "{devices:?}");
    assert!(!instance.data().join("training").exists(), "its folder is gone");
    running.stop();
}

#[test]
fn a_key_that_was_never_enrolled_can_t_even_connect() {
    let instance = Instance::new();
    let running = instance.up();
    let announced = std::fs::read(instance.data().join("run/nats.json")).unwrap();
    let announced: serde_json::Value = serde_json::from_slice(&announced).unwrap();
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    let credentials = Credentials::generate([7; 32]).unwrap();
    let options = ConnectOptions::new(announced["url"].as_str().unwrap(), credentials, "training");
    let courier = runtime.block_on(Courier::connect(options, CancellationToken::new())).unwrap();
    assert!(!courier.is_connected());
    running.stop();
}
