//! The form of an order, which clerks and travellers share: what it shows, and what its buttons change.

use propusk_region::Region;

use super::findings::Findings;
use super::order_fields::pasted;
use crate::draft::Draft;
use crate::order::OrderFile;
use crate::service::Desk;
use propusk_boot::pages::{Fields, Frame};

/// So many empty rows can be asked for.
pub(crate) const MOST_BLANK: usize = 20;

/// What `travellers.html` and `journey.html` show.
pub(crate) struct OrderForm {
    pub draft: Draft,
    pub findings: Findings,
    pub zones: Vec<ZoneChoice>,
    pub stops: Vec<String>,
    /// Empty rows to type in.
    pub blank: usize,
    pub columns: &'static [&'static str],
    /// With what only the agency fills in.
    pub official: bool,
    pub max_months: u8,
}

/// A zone with its box.
pub(crate) struct ZoneChoice {
    pub id: String,
    pub name: String,
    pub chosen: bool,
    /// The route leads through it.
    pub needed: bool,
}

impl OrderForm {
    /// The form of a draft as it stands, with its findings.
    pub(crate) fn of(
        draft: Draft,
        columns: &'static [&'static str],
        rows: usize,
        desk: &Desk,
        frame: &Frame,
    ) -> Self {
        let findings = Findings::of(&draft.order, draft.revision, desk, frame.clone());
        let region = &desk.office.region;
        let lang = frame.language.code();
        let route = region.resolve_route(&draft.order.route).unwrap_or_default();
        let needed = region.zones_on(&route);
        let typed = draft.order.zones.iter();
        let chosen: Vec<_> = typed.filter_map(|zone| region.zone(zone).ok()).map(|zone| &zone.id).collect();
        let zone = |zone: &propusk_region::Zone| ZoneChoice {
            id: zone.id.to_string(),
            name: zone.name.get(lang).to_owned(),
            chosen: chosen.contains(&&zone.id),
            needed: needed.contains(&zone.id),
        };
        let zones = region.zones().iter().map(zone).collect();
        let places = region.places().iter().map(|place| place.name.get(lang).to_owned());
        let posts = region.checkpoints().iter().map(|post| post.name.get(lang).to_owned());
        let mut stops: Vec<String> = posts.chain(places).collect();
        stops.sort();
        stops.dedup();
        let blank = rows.max(usize::from(draft.order.travellers.is_empty()));
        let max_months = desk.office.config.max_total_months;
        let official = columns.contains(&"role");
        Self { draft, findings, zones, stops, blank, columns, official, max_months }
    }
}

/// Does what a button of the form asks of the order; returns what leads back to the part of the page, behind its address.
pub(crate) fn edit(order: &mut OrderFile, action: &str, fields: &Fields, region: &Region) -> &'static str {
    match action {
        "add-row" => return "?rows=1#travellers",
        "paste" => {
            order.travellers.extend(pasted(fields.get("paste")));
            return "#travellers";
        }
        "zones" => add_needed_zones(region, order),
        other => {
            let removed = other.strip_prefix("remove-").and_then(|row| row.parse::<usize>().ok());
            if let Some(row) = removed.filter(|row| *row < order.travellers.len()) {
                order.travellers.remove(row);
                return "#travellers";
            }
        }
    }
    ""
}

/// Ticks the zones that the route leads through.
fn add_needed_zones(region: &Region, order: &mut OrderFile) {
    let needed = region.zones_on(&region.resolve_route(&order.route).unwrap_or_default());
    for zone in needed.iter().map(ToString::to_string) {
        if !order.zones.contains(&zone) {
            order.zones.push(zone);
        }
    }
}
