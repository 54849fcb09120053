//! A permit as lines on a terminal.

use crate::api::PermitView;

/// A permit in one line.
pub(super) fn view_line(view: &PermitView) -> String {
    let lead = view.travellers.first().map(|lead| format!("{} {}", lead.surname, lead.given_names));
    format!(
        "{}  v{}  {:<8} {} – {}  {}  {} (+{})",
        view.permit_number,
        view.version,
        view.state,
        view.valid_from,
        view.valid_to,
        view.zones.join(", "),
        lead.unwrap_or_default(),
        view.travellers.len().saturating_sub(1),
    )
}

/// A permit with its travellers and history.
pub(super) fn view_lines(view: &PermitView) -> String {
    let mut lines = vec![view_line(view), format!("  {}", view.route.join(" → "))];
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
