//! A permit as lines on a terminal.

use propusk_boot::skeleton::Setting;

use crate::api::{PermitView, PurgeView};

/// A permit in one line.
pub(super) fn view_line(view: &PermitView, setting: &Setting) -> String {
    let lead = view.travellers.first().map(|lead| format!("{} {}", lead.surname, lead.given_names));
    let erased = || setting.say("permit-purged-line", &[("date", day_of(&view.purged))]);
    let lead = lead.or_else(|| view.purged.is_some().then(erased));
    format!(
        "{}  v{}  {:<8} {} – {}  {}  {} (+{})",
        view.permit_number,
        view.version,
        view.state,
        view.valid_from,
        view.valid_to,
        view.zones.join(", "),
        lead.unwrap_or_default(),
        view.group.saturating_sub(1),
    )
}

/// A permit with its travellers and history.
pub(super) fn view_lines(view: &PermitView, setting: &Setting) -> String {
    let mut lines = vec![view_line(view, setting), format!("  {}", view.route.join(" → "))];
    if let Some(purged) = &view.purged {
        let args =
            [("date", day_of(&view.purged)), ("by", purged.by.clone()), ("reason", purged.reason.clone())];
        lines.push(format!("  {}", setting.say("permit-purged", &args)));
    }
    for traveller in &view.travellers {
        let name = format!("{} {}", traveller.surname, traveller.given_names);
        lines.push(format!("  {name}  {} {}", traveller.nationality, traveller.document_number));
    }
    for entry in &view.history {
        let note = entry.note.as_deref().unwrap_or_default();
        lines.push(format!("  {}  v{}  {}  {note}", entry.at, entry.version, entry.what));
    }
    lines.join("\n")
}

/// The day of a purge.
fn day_of(purged: &Option<PurgeView>) -> String {
    purged.as_ref().map(|purged| purged.at.chars().take(10).collect()).unwrap_or_default()
}
