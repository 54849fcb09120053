//! What needs no server: a quote, a check, a template.

use std::path::Path;

use anyhow::Context;
use propusk_boot::skeleton::Setting;
use propusk_boot::{ExitStatus, Refused};
use propusk_permit::CopyPlan;
use propusk_permit::order::Order;
use propusk_region::{Region, UnknownName, posts_on};
use serde::Serialize;

use super::{Check, Quote, Template};
use crate::check::{find, refuses};
use crate::config::DeskConfig;
use crate::order::{OrderError, OrderFile, ReadOrder, read_order};
use crate::quote::quote;
use crate::report::Report;
use crate::table::Table;
use crate::{annotate, template};

/// What `desk quote --json` prints.
#[derive(Serialize)]
struct QuoteReply {
    zones: Vec<String>,
    copies: u8,
    #[serde(flatten)]
    price: crate::quote::Quote,
}

/// What `desk template --json` prints.
#[derive(Serialize)]
struct TemplateReply {
    file: String,
}

/// What an order is understood by.
pub(super) struct Rules<'a> {
    region: Region,
    config: DeskConfig,
    setting: &'a Setting,
}

impl<'a> Rules<'a> {
    pub(super) fn read(setting: &'a Setting) -> anyhow::Result<Self> {
        let region = Region::own_or_shipped(setting.region_file()?)?;
        Ok(Self { region, config: setting.config.section("desk")?, setting })
    }

    /// Refuses an order that means nothing before anybody is asked.
    pub(super) fn understand(&self, order: &OrderFile) -> anyhow::Result<Order> {
        let today = self.setting.clock.today();
        order.resolve(&self.region, self.config.max_total_months, today).map_err(|error| match error {
            OrderError::Unknown(unknown) => anyhow::anyhow!(unknown_name(&unknown, self.setting)),
            OrderError::Desk(error) => error.into(),
        })
    }
}

fn unknown_name(unknown: &UnknownName, setting: &Setting) -> String {
    let args = [("typed", unknown.typed.clone()), ("nearest", unknown.nearest_argument())];
    setting.say(unknown.code(), &args)
}

pub(super) fn show_quote(args: &Quote, setting: &Setting) -> anyhow::Result<ExitStatus> {
    let region = Region::own_or_shipped(setting.region_file()?)?;
    let config: DeskConfig = setting.config.section("desk")?;
    let explain = |unknown: UnknownName| anyhow::anyhow!(unknown_name(&unknown, setting));
    let zones: Vec<String> = args
        .zones
        .iter()
        .map(|typed| region.zone(typed).map(|zone| zone.id.to_string()))
        .collect::<Result<_, _>>()
        .map_err(explain)?;
    let route = region.resolve_route(&args.route).map_err(explain)?;
    let plan = CopyPlan::new(posts_on(&route), config.spares, None);
    let price = quote(&region, zones.len())
        .map_err(|error| Refused(setting.say("no-price-for-zones", &[("zones", error.zones.to_string())])))?;
    let reply = QuoteReply { zones, copies: plan.count(), price };
    setting.print(&reply, || {
        let price = &reply.price;
        let args = [
            ("amount", price.amount.to_string()),
            ("currency", price.currency.clone()),
            ("copies", reply.copies.to_string()),
            ("source", price.source.clone()),
            ("as_of", price.as_of.clone()),
        ];
        setting.say("quote", &args)
    })?;
    Ok(ExitStatus::Yes)
}

/// Reads an order; what is wrong with a table is said in the language of the command, and what was not read is named.
pub(super) fn read_file(path: &Path, setting: &Setting) -> anyhow::Result<ReadOrder> {
    let read = read_order(path).map_err(|error| anyhow::anyhow!(error.tell(setting.language)))?;
    let unread = read.table.as_ref().map(Table::unread).unwrap_or_default();
    if !unread.is_empty() {
        eprintln!("{}", setting.say("report-unread", &[("columns", unread.join(", "))]));
    }
    Ok(read)
}

pub(super) fn check_file(args: &Check, setting: &Setting) -> anyhow::Result<ExitStatus> {
    if let Some(out) = &args.annotate {
        annotate::may_write(out, &args.file, setting)?;
    }
    let rules = Rules::read(setting)?;
    let ReadOrder { order: file, table } = read_file(&args.file, setting)?;
    let travellers = file.travellers.clone();
    let order = rules.understand(&args.order.complete(file))?;
    let region = rules.region;
    let mut found = find(&order, &region, setting);
    let refused = found.iter().any(|found| refuses(&found.shown, &[]));
    if setting.json {
        found.iter().try_for_each(|found| setting.print(&found.shown, String::new))?;
    }
    let report = Report { table: table.as_ref(), travellers: &travellers, region: &region, setting };
    for found in &mut found {
        found.shown.message = report.message(found);
    }
    if !setting.json {
        let id = if refused { "check-refused" } else { "check-good" };
        let mut lines = report.lines(&found);
        lines.push(setting.say(id, &[("travellers", order.applicants.len().to_string())]));
        setting.print(&(), || lines.join("\n"))?;
    }
    if let Some(out) = &args.annotate {
        let table = table.as_ref().context(annotate::no_table(&args.file, setting))?;
        annotate::write(out, table, &found, setting)?;
    }
    Ok(ExitStatus::from_answer(!refused))
}

pub(super) fn write_template(args: &Template, setting: &Setting) -> anyhow::Result<ExitStatus> {
    template::write(&args.out, setting)?;
    let file = args.out.display().to_string();
    setting.print(&TemplateReply { file: file.clone() }, || {
        setting.say("template-written", &[("file", file.clone())])
    })?;
    Ok(ExitStatus::Yes)
}
