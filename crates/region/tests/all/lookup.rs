//! Names in three languages, routes, and the nearest known name.

use crate::shipped;
use propusk_region::{CheckpointId, NameKind, PlaceId, Stop, ZoneId, posts_on};

#[test]
fn a_place_is_found_by_every_spelling_in_every_language() {
    let region = shipped();
    for spelling in
        ["kol-suu", "kol_suu", "Kel-Suu", "KÖL SUU", "Көл-Суу", "озеро Кёль-Суу", "кель суу", "Кел-Суу"]
    {
        assert_eq!(region.place(spelling).unwrap().id.as_str(), "kol-suu", "{spelling}");
    }
    for spelling in ["Engilchek", "Inylchek", "Enilchek", "Энильчек", "Эңилчек", "ЭНИЛЬЧЕК"]
    {
        assert_eq!(region.place(spelling).unwrap().id.as_str(), "engilchek", "{spelling}");
    }
    for spelling in ["issyk-kul", "issyk_kul", "Ысык-Көл", "Иссык-Кульская область", "ысык көл облусу"]
    {
        assert_eq!(region.zone(spelling).unwrap().id.as_str(), "issyk-kul", "{spelling}");
    }
    assert_eq!(region.post("Торугарт").unwrap().id.as_str(), "torugart");
    assert_eq!(region.post("torugart_inner").unwrap().id.as_str(), "torugart");
    assert_eq!(region.post("Бордобо").unwrap().id.as_str(), "bor-dobo");
    assert_eq!(region.crossing("Кордай-автодорожный").unwrap().id.as_str(), "korday");
    assert_eq!(region.crossing("Каркыра").unwrap().id.as_str(), "karkyra");
}

#[test]
fn every_name_of_the_file_is_found_again_and_has_three_languages() {
    let region = shipped();
    for zone in region.zones() {
        for spelling in zone.name.all().chain(zone.spellings.iter().map(String::as_str)) {
            assert_eq!(region.zone(spelling).unwrap().id, zone.id);
        }
    }
    for place in region.places() {
        for spelling in place.name.all().chain(place.spellings.iter().map(String::as_str)) {
            assert_eq!(region.place(spelling).unwrap().id, place.id);
        }
    }
    for post in region.checkpoints() {
        for spelling in post.name.all().chain(post.spellings.iter().map(String::as_str)) {
            assert_eq!(region.post(spelling).unwrap().id, post.id);
            assert_eq!(region.resolve_route(&[spelling]).unwrap(), [Stop::Checkpoint(post.id.clone())]);
        }
    }
    let names =
        region.zones().iter().map(|zone| &zone.name).chain(region.places().iter().map(|place| &place.name));
    for name in names.chain(region.checkpoints().iter().map(|post| &post.name)) {
        assert!(name.ru.is_some() && name.ky.is_some(), "{}", name.en);
    }
}

#[test]
fn a_stop_is_a_place_a_post_or_a_whole_route() {
    let region = shipped();
    let route = region.resolve_route(&["torugart", "kol-suu"]).unwrap();
    assert_eq!(
        route,
        [Stop::Checkpoint(CheckpointId::new("torugart")), Stop::Place(PlaceId::new("kol-suu"))]
    );
    let whole = region.resolve_route(&["tash-rabat-kol-suu", "Torugart"]).unwrap();
    let ids: Vec<_> = whole.iter().map(Stop::as_str).collect();
    assert_eq!(ids, ["torugart", "ak-say", "kol-suu", "torugart"]);
    assert_eq!(posts_on(&whole), [CheckpointId::new("torugart")]);
    assert_eq!(region.resolve_route(&ids).unwrap(), whole);
    assert_eq!(region.names_of(&whole[2]).unwrap().get("ky"), "Көл-Суу көлү");
    assert!(region.resolve_route(&[] as &[&str]).unwrap().is_empty());
}

#[test]
fn every_route_expands_to_all_its_stops() {
    let region = shipped();
    for route in region.routes() {
        let stops = region.resolve_route(&[&route.name.en]).unwrap();
        assert!(stops.iter().map(Stop::as_str).eq(route.stops.iter().map(String::as_str)), "{}", route.id);
        assert!(!posts_on(&stops).is_empty(), "{}", route.id);
        assert_eq!(region.route(route.id.as_str()).unwrap().id, route.id);
    }
}

#[test]
fn an_unknown_name_comes_with_the_nearest_known_ones() {
    let region = shipped();
    let zone = region.zone("Isyk Kul").unwrap_err();
    assert_eq!(
        (zone.kind, zone.typed.as_str(), zone.nearest[0].as_str()),
        (NameKind::Zone, "Isyk Kul", "issyk-kul")
    );
    assert_eq!((zone.code(), zone.nearest_argument().as_str()), ("unknown-zone", "issyk-kul"));
    assert_eq!(region.post("Torugrat").unwrap_err().nearest[0], "torugart");
    assert_eq!(region.crossing("Irkeshtem").unwrap_err().nearest[0], "irkeshtam");
    let stop = region.resolve_route(&["karasay", "Көл-Су"]).unwrap_err();
    assert_eq!(
        (stop.kind, stop.typed.as_str(), stop.nearest[0].as_str()),
        (NameKind::Place, "Көл-Су", "Көл-Суу")
    );
    assert_eq!(region.zone("qqqqqqqqqq").unwrap_err().nearest_argument(), "none");
    assert!(region.place("kol").unwrap_err().nearest.len() <= 3);
}

#[test]
fn a_stop_that_the_file_does_not_know_is_never_covered() {
    let region = shipped();
    let stranger = Stop::Place(PlaceId::new("atlantis"));
    let all: Vec<ZoneId> = region.zones().iter().map(|zone| zone.id.clone()).collect();
    let missing = region.uncovered(&[stranger.clone(), stranger.clone()], &all);
    assert_eq!((missing.len(), &missing[0].stop, &missing[0].zone), (1, &stranger, &None));
}

#[test]
fn a_route_past_unnamed_posts_tells_so() {
    let region = shipped();
    let route = region.resolve_route(&["kol-suu"]).unwrap();
    let gaps = region.gaps_on(&route);
    assert_eq!(gaps.iter().filter_map(|gap| gap.posts_reported).max(), Some(3));
    assert!(region.gaps_on(&region.resolve_route(&["karasay"]).unwrap()).is_empty());
}
