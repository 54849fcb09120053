//! An order on its way to the desk, and the PDF on its way back.

use std::path::Path;

use anyhow::Context;
use propusk_boot::client::Client;
use propusk_boot::skeleton::Setting;
use propusk_boot::{ExitStatus, private};
use propusk_permit::PermitNumber;

use super::parse;
use crate::api::{IssueRequest, PermitReply, RefusedOrder};
use crate::check::{FindingRow, line};
use crate::paper::Languages;

/// How a command gets its PDF.
pub(super) struct Delivery<'a> {
    pub(super) client: &'a Client,
    /// The sheets' languages, where they are not the configured ones.
    pub(super) languages: Option<Languages>,
    /// The folder for the PDF.
    pub(super) out: &'a Path,
    pub(super) setting: &'a Setting,
}

impl Delivery<'_> {
    /// Sends an order; a refusal shows its findings and writes nothing.
    pub(super) fn send_order(&self, path: &str, request: &IssueRequest) -> anyhow::Result<ExitStatus> {
        match self.client.post_or_refusal::<_, PermitReply, RefusedOrder>(path, request, None)? {
            Ok(reply) => self.deliver(reply, ""),
            Err(refused) => {
                self.setting.print(&refused, || {
                    let show = |finding: &FindingRow| line(finding, self.setting);
                    let mut lines: Vec<String> = refused.findings.iter().map(show).collect();
                    lines.push(refused.problem.detail.clone());
                    lines.join("\n")
                })?;
                Ok(ExitStatus::No)
            }
        }
    }

    /// Fetches the PDF, writes it whole or not at all, and prints the answer.
    pub(super) fn deliver(&self, mut reply: PermitReply, copies: &str) -> anyhow::Result<ExitStatus> {
        let (out, setting) = (self.out, self.setting);
        let number = parse(&reply.permit_number)?;
        let issued = || {
            format!(
                "permit {number} is on record, but its PDF was not written; mend this and use `propusk desk print {number}`"
            )
        };
        let bytes =
            self.client.get_bytes(&sheets_path(&number, copies, self.languages)).with_context(issued)?;
        let suffix = match copies.split(',').collect::<Vec<_>>().as_slice() {
            [] | [""] => String::new(),
            [only] => format!("-copy-{only}"),
            [first, .., last] => format!("-copies-{first}-{last}"),
        };
        let path = out.join(format!("{number}-v{}{suffix}.pdf", reply.version));
        std::fs::create_dir_all(out)
            .with_context(|| format!("the folder {} can't be made", out.display()))
            .and_then(|()| Ok(private::write(&path, &bytes)?))
            .with_context(issued)?;
        reply.pdf = Some(path.display().to_string());
        setting.print(&reply, || reply_lines(&reply, setting))?;
        Ok(ExitStatus::Yes)
    }
}

/// Where the desk's API has the PDF of these copies.
pub(crate) fn sheets_path(number: &PermitNumber, copies: &str, languages: Option<Languages>) -> String {
    let languages = languages.map(|languages| format!("&languages={languages}")).unwrap_or_default();
    format!("/v1/permits/{}/sheets.pdf?copies={copies}{languages}", number.compact())
}

fn reply_lines(reply: &PermitReply, setting: &Setting) -> String {
    let mut lines: Vec<String> = reply.findings.iter().map(|finding| line(finding, setting)).collect();
    let args = [
        ("permit", reply.permit_number.clone()),
        ("version", reply.version.to_string()),
        ("valid_from", reply.valid_from.clone()),
        ("valid_to", reply.valid_to.clone()),
        ("copies", reply.copies.len().saturating_sub(1).to_string()),
        ("pdf", reply.pdf.clone().unwrap_or_default()),
    ];
    lines.push(setting.say("permit-issued", &args));
    if let Some(price) = &reply.price {
        let args = [("amount", price.amount.to_string()), ("currency", price.currency.clone())];
        lines.push(setting.say("permit-price", &args));
    }
    lines.join("\n")
}
