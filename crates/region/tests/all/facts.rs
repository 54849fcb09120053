//! DOMAIN.md, "From the guide": each fact that the shipped file holds.

use crate::shipped;
use jiff::civil::{date, time};
use propusk_region::{
    AsOf, CrossingStatus, Direction, Mode, NoPrice, PartOfMonth, PartialDate, Region, Service, Side, Sourced,
    Stop, ZoneId, ZoneMask,
};

#[test]
fn the_shipped_file_is_read_without_a_fault() {
    assert_eq!(Region::faults(propusk_region::DEFAULT_TOML, "region.toml"), []);
}

#[test]
fn there_are_five_zones_with_the_seals_bits() {
    let region = shipped();
    let zones: Vec<_> = region.zones().iter().map(|zone| (zone.id.as_str(), zone.bit)).collect();
    assert_eq!(zones, [("chuy", 0), ("issyk-kul", 1), ("naryn", 2), ("osh", 3), ("batken", 4)]);
}

#[test]
fn the_guides_places_lie_in_the_guides_zones() {
    let region = shipped();
    for (zone, places) in [
        ("chuy", &["Chong-Kemin valley"][..]),
        (
            "issyk-kul",
            &[
                "Karkyra",
                "Sary-Jaz",
                "Engilchek",
                "Khan-Tengri national park",
                "Sarychat-Ertash reserve",
                "Ak-Shyrak",
            ],
        ),
        ("naryn", &["Ak-Say valley", "Kol-Suu lake", "Kok-Kiya canyon", "Chatyr-Kul lake"]),
        ("osh", &["Trans-Alai range", "Lenin peak"]),
        ("batken", &["Kadamjay district", "Leilek district", "Batken district"]),
    ] {
        for name in places {
            let place = region.place(name).unwrap();
            assert_eq!((place.zone.as_str(), place.source()), (zone, "guide"), "{name}");
        }
    }
    for (zone, post) in [("issyk-kul", "Karasay"), ("naryn", "Torugart")] {
        let post = region.post(post).unwrap();
        assert_eq!((post.zone.as_str(), post.source()), (zone, "guide"));
    }
}

#[test]
fn only_posts_that_a_source_names_are_there() {
    let region = shipped();
    let posts: Vec<_> = region.checkpoints().iter().map(|post| post.id.as_str()).collect();
    let named = [
        "karasay",
        "torugart",
        "echkili-tash",
        "chaar-kuduk",
        "karkyra-inner-2024",
        "irkeshtam-inner",
        "bor-dobo",
        "karavshin",
    ];
    assert_eq!(posts, named);
}

#[test]
fn a_price_is_the_guides_and_three_zones_have_none() {
    let region = shipped();
    for (zones, amount) in [(1, 2500), (2, 3500), (4, 5000), (5, 5000)] {
        let price = region.price(zones).unwrap();
        assert_eq!((price.amount, price.currency.as_str(), price.approximate), (amount, "KGS", true));
        assert_eq!((price.source.as_str(), price.as_of), ("guide", AsOf::Dated(PartialDate::Year(2024))));
    }
    for zones in [0, 3, 6, usize::MAX] {
        assert_eq!(region.price(zones), Err(NoPrice { zones }));
    }
    assert!(region.source_title("guide").contains("2024"));
    assert_eq!(region.source_title("https://24.kg/"), "https://24.kg/");
}

#[test]
fn a_permit_lasts_a_month_and_two_in_all_is_a_setting_with_its_doubt() {
    let region = shipped();
    let validity = region.validity();
    assert_eq!((validity.months, validity.max_total_months), (1, 2));
    assert!(validity.ambiguity.as_ref().unwrap().contains("not stated"));
    let weeks: Vec<_> = validity.change.iter().map(|change| change.weeks).collect();
    assert_eq!(weeks, [4, 2]);
}

#[test]
fn the_paper_rules_are_the_guides() {
    let region = shipped();
    let paper = region.permit_paper();
    assert_eq!(paper.error_fields, ["passport number", "dates", "name"]);
    assert!(paper.copies_rule.contains("one copy at each military checkpoint") && paper.ordered_online);
}

#[test]
fn the_stay_rule_is_carried_with_its_contradiction() {
    let region = shipped();
    let rule = region.visa_rules().iter().find(|rule| rule.id == "visa-free-60-guide").unwrap();
    assert_eq!((rule.days_allowed, rule.after_full_days, rule.countries_complete), (60, Some(60), false));
    assert!(rule.reentry_used_part.as_ref().unwrap().contains("60-X days left"));
    assert!(rule.ambiguity.as_ref().unwrap().contains("clashes"));
    let later = region.visa_rules().iter().find(|rule| rule.id == "resolution-855-55-countries").unwrap();
    assert_eq!((later.days_allowed, later.window_days), (30, Some(60)));
    assert!(later.conflicts_with.iter().any(|id| id == "visa-free-60-guide"));
}

#[test]
fn vehicles_need_a_tip_an_ecotax_and_insurance_but_no_carnet() {
    let region = shipped();
    let vehicle = region.vehicle();
    assert_eq!((vehicle.tip.months_min, vehicle.tip.months_max, vehicle.tip.cpd_needed), (6, 12, false));
    assert_eq!(vehicle.tip.union, ["AM", "RU", "KZ", "BY", "KG"]);
    let tax = &vehicle.ecotax;
    assert_eq!((tax.motorcycle, tax.car, tax.truck, tax.currency.as_str()), (500, 1000, 2500, "KGS"));
    assert_eq!(
        (tax.amounts_as_of, tax.not_due_via.as_slice()),
        (PartialDate::Year(2020), &["KZ".to_owned()][..])
    );
    assert_eq!(vehicle.insurance.compulsory_since, PartialDate::Year(2018));
}

#[test]
fn crossings_say_who_may_pass_and_when() {
    let region = shipped();
    assert_eq!(region.crossing("Ak-Tilek").unwrap().modes, [Mode::Truck]);
    assert_eq!(region.crossing("Izboskan").unwrap().modes, [Mode::Pedestrian, Mode::Bicycle]);
    let art = region.crossing("Kyzyl-Art").unwrap();
    let needs: Vec<_> = art.needs.iter().map(|need| (need.what.as_str(), need.direction)).collect();
    assert_eq!(
        needs,
        [("tourism-department-permission", Direction::Either), ("gbao-permit", Direction::Leaving)]
    );
    assert!(art.change.iter().any(|change| change.conflict));
    let irkeshtam = region.crossing("Irkeshtam").unwrap();
    let lunch: Vec<_> =
        irkeshtam.lunch.iter().map(|l| (l.side, l.from, l.to, l.time_zone.as_str())).collect();
    let (kg, cn) = ((time(11, 0, 0, 0), time(14, 0, 0, 0)), (time(13, 0, 0, 0), time(16, 0, 0, 0)));
    assert_eq!(lunch, [(Side::Kg, kg.0, kg.1, "Asia/Bishkek"), (Side::Other, cn.0, cn.1, "Asia/Bishkek")]);
    assert!(irkeshtam.scarce.contains(&Service::Fuel));
    let season = region.crossing("Torugart").unwrap().season.clone().unwrap();
    let (from, to) = (season.open_from.unwrap(), season.open_to.unwrap());
    assert_eq!(
        (from.month, from.part, to.month, to.part),
        (5, Some(PartOfMonth::Late), 9, Some(PartOfMonth::Late))
    );
    assert_eq!(
        region.crossing("Kamyshanovka").unwrap().status,
        Some(CrossingStatus::PlannedInternational24h)
    );
    let drones = region.country_rules().iter().find(|rule| rule.country == "UZ").unwrap();
    assert_eq!(drones.forbids, ["drone"]);
    assert!(region.country_rules().iter().any(|rule| rule.country == "TJ" && rule.text.contains("closed")));
}

#[test]
fn a_later_closure_stands_beside_the_notice_that_it_replaces() {
    let region = shipped();
    let closure = region.closures().iter().find(|closure| closure.id == "spring-festival-2026").unwrap();
    assert_eq!(closure.from.as_start(), date(2026, 2, 16).at(22, 0, 0, 0));
    assert_eq!(closure.to.as_end(), date(2026, 2, 20).at(8, 0, 0, 0));
    assert_eq!(closure.supersedes.len(), 2);
    for id in &closure.supersedes {
        assert!(region.closures().iter().any(|older| older.id == *id));
    }
}

#[test]
fn zones_and_mask_bits_agree_both_ways() {
    let region = shipped();
    let zones = [ZoneId::new("osh"), ZoneId::new("issyk-kul")];
    let mask = region.mask(&zones).unwrap();
    assert_eq!((mask, mask.len(), mask.is_empty()), (ZoneMask(0b01010), 2, false));
    assert_eq!(region.zones_of(mask), [ZoneId::new("issyk-kul"), ZoneId::new("osh")]);
    assert_eq!(region.zones_of(ZoneMask(u32::MAX)).len(), 5);
    assert_eq!(region.unknown_bits(ZoneMask(0x8000_0011)), ZoneMask(0x8000_0000));
    assert!(region.mask(&[ZoneId::new("talas")]).is_err());
    assert_eq!(ZoneMask(0).with_bit(32), ZoneMask(0));
}

#[test]
fn the_demo_route_has_two_posts_and_needs_two_zones() {
    let region = shipped();
    let route = region.resolve_route(&["Karasay", "Kol-Suu", "Torugart"]).unwrap();
    let posts: Vec<_> = propusk_region::posts_on(&route).iter().map(ToString::to_string).collect();
    assert_eq!(posts, ["karasay", "torugart"]);
    assert_eq!(region.zones_on(&route), [ZoneId::new("issyk-kul"), ZoneId::new("naryn")]);
    let missing = region.uncovered(&route, &[ZoneId::new("naryn")]);
    assert_eq!(missing.len(), 1);
    assert_eq!(missing[0].zone, Some(ZoneId::new("issyk-kul")));
    assert!(matches!(&missing[0].stop, Stop::Checkpoint(id) if id.as_str() == "karasay"));
    assert!(region.uncovered(&route, &region.zones_on(&route)).is_empty());
}
