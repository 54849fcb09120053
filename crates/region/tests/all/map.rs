//! The map: what is drawn, and that it loads nothing.

use crate::shipped;
use jiff::civil::date;
use propusk_region::{Count, MapWords, Trip, WatchWords};

fn words(lang: &str) -> MapWords {
    let word = |word: &str| format!("{word}-{lang}");
    MapWords {
        lang: lang.to_owned(),
        title: "A <trip> & \"more\"".to_owned(),
        schematic: word("schematic"),
        open: word("open"),
        warned: word("warned"),
        blocked: word("blocked"),
        other: word("other"),
        place: word("place"),
        zone: word("zone"),
        no_position: word("unknown"),
    }
}

fn draw(lang: &str, more: &str) -> String {
    let region = shipped();
    let trip = Trip::from_toml(&format!("nationality = \"FR\"\n{more}")).unwrap();
    let journey = region.understand(&trip).unwrap();
    region.map(&journey, &region.assess(&journey, date(2026, 5, 1)), &words(lang))
}

const TRIP: &str = "[[crossing]]\nat = \"Irkeshtam\"\ndirection = \"entering\"\ndate = \"2026-01-01\"\ntime = \"10:00\"\n\
                    [[stop]]\ndate = \"2026-06-02\"\nplaces = [\"Kol-Suu\", \"Leilek\"]\n";

#[test]
fn the_route_its_crossings_and_what_has_no_position_are_drawn() {
    let svg = draw("en", TRIP);
    // Closed on New Year's Day.
    assert!(svg.contains("2026-01-01  → KG  Irkeshtam: blocked-en"), "{svg}");
    assert!(
        svg.contains("unknown-en Leilek district")
            && svg.contains(">Kol-Suu lake<")
            && svg.contains("zone-en: Naryn")
    );
    assert!(svg.contains("A &lt;trip&gt; &amp; &quot;more&quot;") && !svg.contains("<trip>"));
    assert!(draw("ru", TRIP).contains(">озеро Кёль-Суу<") && draw("ky", TRIP).contains(">Көл-Суу көлү<"));
    assert_eq!(svg, draw("en", TRIP), "the same trip gives the same bytes");
}

#[test]
fn it_loads_nothing_and_is_small() {
    let svg = draw("ky", TRIP);
    for word in ["href", "<script", "<style", "style=", "<image", "@import"] {
        assert!(!svg.contains(word), "{word}");
    }
    assert_eq!(svg.matches("http").count(), 1, "only the name space");
    assert!(svg.len() < 30_000 && svg.matches("<svg").count() == 1 && svg.trim_end().ends_with("</svg>"));
    assert!(!svg.contains("NaN") && !svg.contains("inf"));
}

#[test]
fn every_zone_of_the_guide_is_on_the_map_with_its_name() {
    let svg = draw("en", TRIP);
    for zone in ["Chuy", "Issyk-Kul", "Naryn", "Osh", "Batken"] {
        assert!(svg.contains(&format!(">zone-en: {zone}<")), "{zone}");
    }
    // Touched by the trip (Naryn and Batken), and not.
    assert_eq!(
        (svg.matches("fill-opacity=\"0.2\"").count(), svg.matches("fill-opacity=\"0.08\"").count()),
        (2, 3)
    );
}

#[test]
fn a_trip_without_anything_has_a_map_too() {
    assert!(draw("en", "").contains("<svg"));
}

#[test]
fn who_is_inside_is_drawn_with_its_counts_and_loads_nothing() {
    let word = |word: &str| word.to_owned();
    let words = WatchWords {
        lang: word("ru"),
        title: word("A <board>"),
        zone: word("in-zone"),
        post: word("at-post"),
        overdue: word("over"),
    };
    let count = |id: &str, people, overdue| Count { id: id.to_owned(), people, overdue };
    let draw = |zones: &[Count], posts: &[Count]| shipped().watch_map(zones, posts, &words);
    let svg = draw(&[count("naryn", 12_345, 0), count("osh", 7, 2)], &[count("torugart", 33, 0)]);
    for text in [">12345<", ">7<", ">33<", ">Торугарт<", ">Ошская область<", "A &lt;board&gt;"]
    {
        assert!(svg.contains(text), "{text}: {svg}");
    }
    // Osh, and the sign in the legend.
    assert_eq!(svg.matches("#a31d1d").count(), 2);
    for word in ["href", "<script", "style=", "<image", "NaN"] {
        assert!(!svg.contains(word), "{word}");
    }
    assert!(svg.len() < 30_000 && svg.trim_end().ends_with("</svg>"));
    assert_eq!(draw(&[], &[]).matches(">0<").count(), 8, "five zones and three posts with a position");
}
