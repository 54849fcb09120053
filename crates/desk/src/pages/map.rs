//! The map of an order's zones and route, a picture beside the form. Its address names zones and stops, and nobody.

use axum::extract::{Query, State};
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Response};
use propusk_boot::{Language, Locales};
use propusk_region::{MapWords, Region, Stop, ZoneId};
use serde::Deserialize;

use super::Shared;

const ADDRESS: &str = "/map.svg";

/// What is drawn: ids with commas between them. What the region does not know is left out.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(crate) struct Drawn {
    words: String,
    zones: String,
    route: String,
}

/// Where the map of these lies; empty where there is nothing to show.
pub(super) fn address(zones: &[ZoneId], route: &[Stop], language: Language) -> String {
    if zones.is_empty() && route.is_empty() {
        return String::new();
    }
    let zones = zones.iter().map(ZoneId::as_str).collect::<Vec<_>>().join(",");
    let route = route.iter().map(Stop::as_str).collect::<Vec<_>>().join(",");
    format!("{ADDRESS}?words={language}&zones={zones}&route={route}")
}

/// The map.
pub(crate) async fn show(State(desk): Shared, Query(drawn): Query<Drawn>) -> Response {
    let svg = draw(&drawn, &desk.office.region);
    ([(CONTENT_TYPE, "image/svg+xml")], svg).into_response()
}

fn draw(drawn: &Drawn, region: &Region) -> String {
    let language = drawn.words.parse().unwrap_or(Language::En);
    let ids = |list: &str| list.split(',').map(str::to_owned).collect::<Vec<_>>();
    let zones: Vec<ZoneId> =
        ids(&drawn.zones).iter().filter_map(|id| region.zone(id).ok()).map(|zone| zone.id.clone()).collect();
    let route: Vec<Stop> =
        ids(&drawn.route).iter().filter_map(|id| region.resolve_route(&[id]).ok()).flatten().collect();
    region.order_map(&route, &zones, &words(language))
}

fn words(language: Language) -> MapWords {
    let word = |id: &str| Locales::embedded().text(language, id, &[]);
    MapWords {
        lang: language.code().to_owned(),
        title: word("order-map"),
        schematic: word("map-schematic"),
        open: word("map-open"),
        warned: word("map-warned"),
        blocked: word("map-blocked"),
        other: word("order-map-crossing"),
        place: word("map-place"),
        zone: word("map-zone"),
        no_position: word("map-no-position"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_draws_what_it_was_made_of_and_nothing_unknown() {
        let region = Region::default_region().unwrap();
        let zones = region.zones_on(&region.resolve_route(&["kol-suu"]).unwrap());
        let route = region.resolve_route(&["torugart", "kol-suu"]).unwrap();
        assert_eq!(
            address(&zones, &route, Language::Ky),
            "/map.svg?words=ky&zones=naryn&route=torugart,kol-suu"
        );
        assert_eq!(address(&[], &[], Language::En), "");
        let drawn = |zones: &str, route: &str| Drawn {
            words: "ky".to_owned(),
            zones: zones.to_owned(),
            route: route.to_owned(),
        };
        let map = draw(&drawn("naryn", "kol-suu"), &region);
        assert!(map.contains("Көл-Суу көлү") && map.contains("fill-opacity=\"0.2\""), "{map}");
        let nothing = draw(&drawn("", ""), &region);
        assert!(!nothing.contains("fill-opacity=\"0.2\"") && !nothing.contains("Көл-Суу көлү"));
        assert_eq!(draw(&drawn("<script>,,", "</svg>"), &region), nothing);
    }
}
