//! A group's table, dropped onto an order: its travellers follow those that are there.

use axum::extract::{Multipart, Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use propusk_boot::pages::Frame;
use tokio::task::block_in_place;
use uuid::Uuid;

use super::order::find;
use super::trouble::{refused, said};
use super::{Clerk, Shared, missing};
use crate::order::OrderFile;
use crate::table;

pub(crate) async fn table(
    State(desk): Shared,
    frame: Frame,
    clerk: Clerk,
    Path(id): Path<Uuid>,
    mut form: Multipart,
) -> Response {
    let here = format!("/orders/{id}");
    let title = || frame.say("import-refused");
    let mut uploaded = None;
    while let Ok(Some(field)) = form.next_field().await {
        let name = field.file_name().unwrap_or_default().to_lowercase();
        match field.bytes().await {
            Ok(bytes) if !bytes.is_empty() => uploaded = Some((name, bytes)),
            Ok(_) => {}
            Err(error) => {
                let status = error.status();
                return said(frame.clone(), clerk, (status, title(), frame.say("refusal-413-todo")), &here);
            }
        }
    }
    let Some((name, bytes)) = uploaded else {
        let text = frame.say("import-no-file");
        return said(frame.clone(), clerk, (StatusCode::UNPROCESSABLE_ENTITY, title(), text), &here);
    };
    let is_text = [".csv", ".tsv", ".txt"].iter().any(|kind| name.ends_with(kind));
    let table = match block_in_place(|| table::read(&bytes, is_text)) {
        Ok(table) => table,
        Err(why) => {
            let text = why.tell(frame.language);
            return said(frame.clone(), clerk, (StatusCode::UNPROCESSABLE_ENTITY, title(), text), &here);
        }
    };
    match find(&desk, &clerk, id) {
        Ok(Some(draft)) => {
            let order = joined(draft.order, table.order);
            let changed = block_in_place(|| desk.drafts.change(id, draft.revision, desk.now_ms(), order));
            match changed {
                Ok(_) => Redirect::to(&format!("{here}#travellers")).into_response(),
                Err(error) => refused(frame, clerk, error, &here),
            }
        }
        Ok(None) => missing(),
        Err(error) => refused(frame, clerk, error, &here),
    }
}

/// The order with the table's travellers; what the table says of the whole fills up what was not typed.
fn joined(mut order: OrderFile, table: OrderFile) -> OrderFile {
    order.travellers.extend(table.travellers);
    if order.zones.is_empty() {
        order.zones = table.zones;
    }
    if order.route.is_empty() {
        order.route = table.route;
    }
    OrderFile {
        valid_from: order.valid_from.or(table.valid_from),
        months: order.months.or(table.months),
        copies: order.copies.or(table.copies),
        authority_reference: order.authority_reference.or(table.authority_reference),
        purpose: order.purpose.or(table.purpose),
        vehicle: order.vehicle.or(table.vehicle),
        ..order
    }
}
