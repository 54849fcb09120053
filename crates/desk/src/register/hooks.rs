//! What programs elsewhere are told of a permit: which, and what was done to it; nothing about its people.

use propusk_permit::PermitNumber;
use propusk_proto::{Change, PermitEvent};
use propusk_store::Draft;
use propusk_webhook::{Event, Webhooks};
use serde_json::json;

/// Notes an event of a permit in the batch that makes it.
pub(super) fn note(
    webhooks: &Webhooks,
    draft: &mut Draft,
    event: &PermitEvent,
    number: &PermitNumber,
    version: u8,
) -> anyhow::Result<()> {
    let mut data = json!({
        "permit_number": number.to_string(),
        "permit_id": event.permit_id,
        "version": version,
        "sequence": event.sequence,
    });
    if let (Change::Printed { copies, .. }, Some(data)) = (&event.change, data.as_object_mut()) {
        data.insert("copies".to_owned(), json!(copies));
    }
    // With the time: a register that was restored counts its changes again from where the backup ends.
    let id = format!("permit_{}_{}_{}", event.permit_id, event.sequence, event.at_ms);
    let kind = format!("permit.{}", event.change.as_str());
    webhooks.note(draft, &Event { id: &id, kind: &kind, at_ms: event.at_ms, data }, event.at_ms)
}
