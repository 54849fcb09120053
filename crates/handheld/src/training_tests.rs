//! Each lesson comes to the verdict that it teaches, on the real rules.

use propusk_boot::config::Config;
use propusk_boot::{Clock, Language, Setting};
use propusk_region::Region;

use super::fixtures::training;
use crate::config::HandheldConfig;
use crate::lane::{Lane, Step};
use crate::scan::{Post, zone_bit};

#[test]
fn every_lesson_comes_to_the_verdict_that_it_teaches() {
    let folder = tempfile::tempdir().unwrap();
    let (config, clock, data) = (Config::load(None).unwrap(), Clock::system(), folder.path().to_owned());
    let setting = Setting { config, clock, language: Language::En, data, json: false };
    let config: HandheldConfig = setting.config.section("handheld").unwrap();
    let region = Region::default_region().unwrap();
    let (bit, id) = zone_bit(&region, "karasay").unwrap();
    let training = training(folder.path(), &id, bit, clock.now());
    let post = Post { device: &training.device, config: &config, region: &region, setting: &setting };
    let mut lane = Lane::default();
    let mut scan = |key: &str, further: &[&str]| {
        let texts = training.lesson(key).unwrap().iter().map(String::as_str).chain(further.iter().copied());
        let steps: Vec<Step> = texts.flat_map(|text| lane.take(text)).collect();
        let scans: Vec<_> = steps
            .iter()
            .filter_map(|step| if let Step::Judge(scan) = step { Some(scan) } else { None })
            .collect();
        assert_eq!(scans.len(), 1, "{key}: {steps:?}");
        let (answer, _) = post.scan(scans[0], "").unwrap();
        let reasons: Vec<&str> = answer.reasons.iter().map(|reason| reason.code).collect();
        (answer.verdict(), reasons)
    };
    assert_eq!(scan("=1", &[]), ("accept", vec![]));
    assert_eq!(scan("=1", &[]), ("attention", vec!["copy-already-handed-in"]));
    assert_eq!(scan("=2", &["1 2", "3"]), ("accept", vec![]));
    assert_eq!(scan("=3", &[""]), ("refuse", vec!["expired"]));
    assert_eq!(scan("=4", &[""]), ("refuse", vec!["wrong-zone"]));
    assert_eq!(scan("=5", &[""]), ("refuse", vec!["revoked"]));
    assert_eq!(scan("=6", &[""]), ("refuse", vec!["bad-signature"]));
    assert_eq!(scan("=7", &[]), ("refuse", vec!["passport-mismatch"]));
    assert_eq!(scan("=8", &[]), ("refuse", vec!["not-a-permit"]));
    assert_eq!(training.lessons().count(), 8);
    assert!(training.lesson("=9").is_none() && training.lesson("1").is_none());
}
