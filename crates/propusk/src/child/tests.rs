use super::*;
use propusk_boot::Language;
use propusk_boot::Setting;
use propusk_boot::skeleton::Options;

fn reporter(dir: &Path) -> Reporter {
    let options =
        Options { data: dir.to_owned(), config: None, today: None, lang: Some(Language::En), json: false };
    Reporter::new(Setting::prepare(&options).unwrap())
}

fn keeper(dir: &Path, script: &str) -> Keeper {
    let program = Program {
        name: "desk",
        path: "/bin/sh".into(),
        arguments: vec!["-c".into(), script.into()],
        log: dir.join("desk.log"),
    };
    Keeper::start(program, reporter(dir))
}

async fn until(keeper: &Keeper, wanted: impl FnMut(&State) -> bool) -> State {
    *keeper.state.clone().wait_for(wanted).await.unwrap()
}

fn soon() -> Instant {
    Instant::now() + Duration::from_secs(30)
}

#[tokio::test]
async fn a_killed_child_comes_back_and_an_ended_one_does_not() {
    let dir = tempfile::tempdir().unwrap();
    let keeper = keeper(dir.path(), "exec sleep 1000");
    let first = until(&keeper, |state| state.pid.is_some()).await.pid.unwrap();
    keeper.signal(Signal::KILL);
    let second = until(&keeper, |state| state.pid.is_some_and(|pid| pid != first)).await;
    assert_eq!(second.deaths, 1);
    keeper.ask_to_end(soon());
    keeper.stopped().await;
    assert_eq!(keeper.state().pid, None);
    keeper.release();
    tokio::task::yield_now().await;
    assert_eq!(keeper.state().pid, None);
}

#[tokio::test]
async fn a_held_child_stays_down_until_it_is_released() {
    let dir = tempfile::tempdir().unwrap();
    let keeper = keeper(dir.path(), "exec sleep 1000");
    until(&keeper, |state| state.pid.is_some()).await;
    keeper.hold(soon()).await;
    assert_eq!(keeper.state().pid, None);
    assert_eq!(keeper.state().deaths, 0, "it was stopped on purpose");
    keeper.release();
    until(&keeper, |state| state.pid.is_some()).await;
}

#[tokio::test]
async fn a_child_that_ignores_sigterm_is_killed() {
    let dir = tempfile::tempdir().unwrap();
    let keeper = keeper(dir.path(), "trap '' TERM; echo deaf; while :; do sleep 1; done");
    while keeper.last_words() != "deaf" {
        sleep(Duration::from_millis(10)).await;
    }
    keeper.ask_to_end(Instant::now() + Duration::from_millis(50));
    keeper.stopped().await;
    assert_eq!(keeper.state().pid, None);
}

#[tokio::test]
async fn deaths_are_counted_and_last_words_kept() {
    let dir = tempfile::tempdir().unwrap();
    let keeper = keeper(dir.path(), "echo first; echo 'propusk: the port is in use' >&2; exit 2");
    until(&keeper, |state| state.deaths >= 2).await;
    assert_eq!(keeper.last_words(), "the port is in use");
    let status = ExitStatus::from_raw(2 << 8);
    assert_eq!(describe(Ok(status), keeper.log()), "status 2: the port is in use");
    assert_eq!(describe(Ok(ExitStatus::from_raw(9)), keeper.log()), "signal 9");
}

#[test]
fn a_log_that_grew_too_long_is_begun_anew() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("nats.log");
    let file = File::create(&path).unwrap();
    file.set_len(MAX_LOG_BYTES).unwrap();
    open_log(&path).unwrap();
    assert_eq!(fs::metadata(&path).unwrap().len(), MAX_LOG_BYTES);
    file.set_len(MAX_LOG_BYTES + 1).unwrap();
    open_log(&path).unwrap();
    assert_eq!(fs::metadata(&path).unwrap().len(), 0);
}
