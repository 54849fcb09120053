//! `propusk desk …`

use std::path::{Path, PathBuf};

use anyhow::Context;
use clap::{Args, Subcommand};
use propusk_boot::client::{Client, ServerOptions};
use propusk_boot::skeleton::{Options, Setting, run as run_service};
use propusk_boot::{ExitStatus, Failed, Refused, private};
use propusk_permit::PermitNumber;
use propusk_region::{Region, UnknownName};
use serde::Serialize;

use crate::annotate;
use crate::api::{AmendRequest, IssueRequest, PermitReply, PermitView, PrintRequest, RefusedOrder};
use crate::batch::Batch;
use crate::check::{FindingRow, find, line, refuses};
use crate::config::DeskConfig;
use crate::order::{OrderError, OrderFile, ReadOrder, read_order};
use crate::quote::quote;
use crate::report::Report;
use crate::service;
use crate::table::Table;
use crate::template;

/// The agency desk.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Run the desk.
    Run,
    /// The price for a number of zones, and the copies that a route needs. Needs no server.
    Quote(Quote),
    /// Check an order and say everything that is wrong with it. Needs no server.
    Check(Check),
    /// Write an empty table for a group, with its columns explained. Needs no server.
    Template(Template),
    /// Issue a permit and write its PDF.
    Issue(Issue),
    /// Issue a corrected version of a permit.
    Correct(Correct),
    /// Extend a permit's validity, as a new version.
    Extend(Extend),
    /// Withdraw a permit.
    Revoke(Revoke),
    /// Print copies again, or more spares.
    Print(Print),
    /// A permit with its history.
    Show(Show),
    /// The newest permits.
    List(List),
}

/// What an order file may leave open.
#[derive(Debug, Args)]
pub struct OrderOptions {
    /// Zones, comma-separated, by id or any spelling.
    #[arg(long, value_name = "ZONES", value_delimiter = ',')]
    zones: Vec<String>,
    /// Places and checkpoints in order, comma-separated.
    #[arg(long, value_name = "STOPS", value_delimiter = ',')]
    route: Vec<String>,
    /// First valid day.
    #[arg(long, value_name = "DATE")]
    from: Option<String>,
    /// Months of validity.
    #[arg(long)]
    months: Option<u8>,
    /// Copies, where the route should not decide.
    #[arg(long)]
    copies: Option<u8>,
    /// The authority's reference.
    #[arg(long, value_name = "TEXT")]
    reference: Option<String>,
    /// Purpose of the journey.
    #[arg(long, value_name = "TEXT")]
    purpose: Option<String>,
    /// Number plate.
    #[arg(long, value_name = "TEXT")]
    vehicle: Option<String>,
}

/// Arguments of `desk quote`.
#[derive(Debug, Args)]
pub struct Quote {
    /// Zones, comma-separated.
    #[arg(long, value_name = "ZONES", value_delimiter = ',', required = true)]
    zones: Vec<String>,
    /// Places and checkpoints, comma-separated, to count the copies.
    #[arg(long, value_name = "STOPS", value_delimiter = ',')]
    route: Vec<String>,
}

/// Arguments of `desk template`.
#[derive(Debug, Args)]
pub struct Template {
    /// The file: .xlsx, whose cells are texts so that numbers and dates stay as typed, or .csv. It must not exist.
    #[arg(long, value_name = "FILE", default_value = "group.xlsx")]
    out: PathBuf,
}

/// Arguments of `desk check`.
#[derive(Debug, Args)]
pub struct Check {
    /// The order: .json, .toml, or a group as .xlsx, .ods or .csv.
    file: PathBuf,
    /// Write the group's table again, with every finding at its cell.
    #[arg(long, value_name = "OUT.xlsx")]
    annotate: Option<PathBuf>,
    #[command(flatten)]
    order: OrderOptions,
}

/// Arguments of `desk issue`.
#[derive(Debug, Args)]
pub struct Issue {
    /// The order: .json, .toml, or a group as .xlsx, .ods or .csv.
    #[arg(required_unless_present = "batch")]
    file: Option<PathBuf>,
    /// Issue every order of this folder instead; run again, it goes on where it was interrupted.
    #[arg(long, value_name = "FOLDER", conflicts_with = "file")]
    batch: Option<PathBuf>,
    /// Folder for the PDF; for a batch its own folder `issued`.
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
    #[command(flatten)]
    order: OrderOptions,
    /// Issue despite this error finding; may be repeated. Recorded with the reason.
    #[arg(long = "override", value_name = "CODE", requires = "reason")]
    overrides: Vec<String>,
    /// Why.
    #[arg(long, value_name = "TEXT")]
    reason: Option<String>,
    #[command(flatten)]
    server: ServerOptions,
}

/// Arguments of `desk correct`.
#[derive(Debug, Args)]
pub struct Correct {
    /// The permit number.
    permit: String,
    /// The corrected order.
    file: PathBuf,
    /// Folder for the PDF.
    #[arg(long, value_name = "DIR", default_value = ".")]
    out: PathBuf,
    #[command(flatten)]
    order: OrderOptions,
    /// What was corrected.
    #[arg(long, value_name = "TEXT")]
    reason: String,
    /// Issue despite this error finding; may be repeated.
    #[arg(long = "override", value_name = "CODE")]
    overrides: Vec<String>,
    /// The version on which this was decided; another one by now is a conflict.
    #[arg(long, value_name = "N")]
    seen_version: Option<u8>,
    #[command(flatten)]
    server: ServerOptions,
}

/// Arguments of `desk extend`.
#[derive(Debug, Args)]
pub struct Extend {
    /// The permit number.
    permit: String,
    /// Months of validity in total, counted from the first day.
    #[arg(long)]
    months: u8,
    /// Why.
    #[arg(long, value_name = "TEXT", default_value = "")]
    reason: String,
    /// Folder for the PDF.
    #[arg(long, value_name = "DIR", default_value = ".")]
    out: PathBuf,
    /// The version on which this was decided; another one by now is a conflict.
    #[arg(long, value_name = "N")]
    seen_version: Option<u8>,
    #[command(flatten)]
    server: ServerOptions,
}

/// Arguments of `desk revoke`.
#[derive(Debug, Args)]
pub struct Revoke {
    /// The permit number.
    permit: String,
    /// Why.
    #[arg(long, value_name = "TEXT")]
    reason: String,
    /// The version on which this was decided; another one by now is a conflict.
    #[arg(long, value_name = "N")]
    seen_version: Option<u8>,
    #[command(flatten)]
    server: ServerOptions,
}

/// Arguments of `desk print`.
#[derive(Debug, Args)]
pub struct Print {
    /// The permit number.
    permit: String,
    /// Which copies: 0 is the original; 3, 3-5 or 3-; all where it is not said.
    #[arg(long, value_name = "COPIES", default_value = "")]
    copies: String,
    /// Every copy, but not the original.
    #[arg(long, conflicts_with_all = ["copies", "more"])]
    only_copies: bool,
    /// Print so many spares beyond the copies there are.
    #[arg(long, value_name = "N", default_value_t = 0)]
    more: u8,
    /// Folder for the PDF.
    #[arg(long, value_name = "DIR", default_value = ".")]
    out: PathBuf,
    #[command(flatten)]
    server: ServerOptions,
}

/// Arguments of `desk show`.
#[derive(Debug, Args)]
pub struct Show {
    /// The permit number.
    permit: String,
    #[command(flatten)]
    server: ServerOptions,
}

/// Arguments of `desk list`.
#[derive(Debug, Args)]
pub struct List {
    /// How many.
    #[arg(long, default_value_t = 100)]
    limit: usize,
    #[command(flatten)]
    server: ServerOptions,
}

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

/// Runs one command.
///
/// # Errors
/// Whatever kept the command from doing its work, in words for the person at the terminal.
pub fn run(command: Command, options: &Options) -> Result<ExitStatus, Failed> {
    if matches!(command, Command::Run) {
        run_service("desk", options, service::run)?;
        return Ok(ExitStatus::Yes);
    }
    Ok(perform(command, &Setting::prepare(options)?)?)
}

fn perform(command: Command, setting: &Setting) -> anyhow::Result<ExitStatus> {
    match command {
        Command::Run => Ok(ExitStatus::Yes),
        Command::Quote(args) => show_quote(&args, setting),
        Command::Check(args) => check_file(&args, setting),
        Command::Template(args) => write_template(&args, setting),
        Command::Issue(args) => issue(&args, setting),
        Command::Correct(args) => {
            let number = parse(&args.permit)?;
            let order = args.order.complete(read_file(&args.file, setting)?.order);
            Rules::read(setting)?.understand(&order)?;
            let request = IssueRequest {
                order,
                overrides: args.overrides,
                reason: args.reason,
                version: args.seen_version,
                order_id: None,
            };
            let client = connect(&args.server, setting)?;
            let path = format!("/v1/permits/{}/corrections", number.compact());
            send_order(&client, &path, &request, &args.out, setting)
        }
        Command::Extend(args) => {
            let number = parse(&args.permit)?;
            let client = connect(&args.server, setting)?;
            let request =
                AmendRequest { months: args.months, reason: args.reason, version: args.seen_version };
            let reply: PermitReply =
                client.post(&format!("/v1/permits/{}/extensions", number.compact()), &request)?;
            deliver(reply, "", &client, &args.out, setting)
        }
        Command::Revoke(args) => {
            let number = parse(&args.permit)?;
            let request = AmendRequest { months: 0, reason: args.reason, version: args.seen_version };
            let path = format!("/v1/permits/{}/revocations", number.compact());
            let reply: PermitReply = connect(&args.server, setting)?.post(&path, &request)?;
            setting.print(&reply, || {
                setting.say("permit-revoked", &[("permit", reply.permit_number.clone())])
            })?;
            Ok(ExitStatus::Yes)
        }
        Command::Print(args) => {
            let number = parse(&args.permit)?;
            let client = connect(&args.server, setting)?;
            let copies = if args.only_copies { "1-".to_owned() } else { args.copies };
            let request = PrintRequest { copies, more: args.more };
            let reply: PermitReply =
                client.post(&format!("/v1/permits/{}/prints", number.compact()), &request)?;
            let copies: Vec<String> = reply.copies.iter().map(|copy| copy.copy.to_string()).collect();
            deliver(reply, &copies.join(","), &client, &args.out, setting)
        }
        Command::Show(args) => {
            let number = parse(&args.permit)?;
            let path = format!("/v1/permits/{}", number.compact());
            let view: PermitView = connect(&args.server, setting)?.get(&path)?;
            setting.print(&view, || view_lines(&view))?;
            Ok(ExitStatus::Yes)
        }
        Command::List(args) => {
            let path = format!("/v1/permits?limit={}", args.limit);
            let views: Vec<PermitView> = connect(&args.server, setting)?.get(&path)?;
            setting.print_each(&views, view_line)?;
            Ok(ExitStatus::Yes)
        }
    }
}

impl OrderOptions {
    /// The file's order with what the command line says in place of it.
    fn complete(&self, file: OrderFile) -> OrderFile {
        let list = |given: &Vec<String>, own: Vec<String>| if given.is_empty() { own } else { given.clone() };
        OrderFile {
            zones: list(&self.zones, file.zones),
            route: list(&self.route, file.route),
            valid_from: self.from.clone().or(file.valid_from),
            months: self.months.or(file.months),
            copies: self.copies.or(file.copies),
            authority_reference: self.reference.clone().or(file.authority_reference),
            purpose: self.purpose.clone().or(file.purpose),
            vehicle: self.vehicle.clone().or(file.vehicle),
            travellers: file.travellers,
        }
    }
}

fn parse(number: &str) -> anyhow::Result<PermitNumber> {
    number.parse().context("the permit number")
}

fn connect(server: &ServerOptions, setting: &Setting) -> anyhow::Result<Client> {
    Ok(server.connect(&setting.instance()?, "desk")?)
}

fn issue(args: &Issue, setting: &Setting) -> anyhow::Result<ExitStatus> {
    let rules = Rules::read(setting)?;
    let read = |file: &Path| {
        let order = args.order.complete(read_file(file, setting)?.order);
        rules.understand(&order).map(|_| order)
    };
    let overrides = &args.overrides;
    let reason = args.reason.clone().unwrap_or_default();
    if let Some(orders) = &args.batch {
        let client = &connect(&args.server, setting)?;
        let out = &args.out.clone().unwrap_or_else(|| orders.join("issued"));
        return Batch { orders, out, overrides, reason: &reason, client, setting }.issue(read);
    }
    let order = read(args.file.as_ref().context("an order's file is needed")?)?;
    let request = IssueRequest { order, overrides: overrides.clone(), reason, version: None, order_id: None };
    let out = args.out.as_deref().unwrap_or(Path::new("."));
    send_order(&connect(&args.server, setting)?, "/v1/permits", &request, out, setting)
}

/// What an order is understood by.
struct Rules<'a> {
    region: Region,
    config: DeskConfig,
    setting: &'a Setting,
}

impl<'a> Rules<'a> {
    fn read(setting: &'a Setting) -> anyhow::Result<Self> {
        let region = Region::own_or_shipped(setting.region_file()?)?;
        Ok(Self { region, config: setting.config.section("desk")?, setting })
    }

    /// Refuses an order that means nothing before anybody is asked.
    fn understand(&self, order: &OrderFile) -> anyhow::Result<propusk_permit::order::Order> {
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

fn show_quote(args: &Quote, setting: &Setting) -> anyhow::Result<ExitStatus> {
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
    let plan = propusk_permit::CopyPlan::new(propusk_region::posts_on(&route), config.spares, None);
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
fn read_file(path: &Path, setting: &Setting) -> anyhow::Result<ReadOrder> {
    let read = read_order(path).map_err(|error| anyhow::anyhow!(error.tell(setting.language)))?;
    let unread = read.table.as_ref().map(Table::unread).unwrap_or_default();
    if !unread.is_empty() {
        eprintln!("{}", setting.say("report-unread", &[("columns", unread.join(", "))]));
    }
    Ok(read)
}

fn check_file(args: &Check, setting: &Setting) -> anyhow::Result<ExitStatus> {
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

fn write_template(args: &Template, setting: &Setting) -> anyhow::Result<ExitStatus> {
    template::write(&args.out, setting)?;
    let file = args.out.display().to_string();
    setting.print(&TemplateReply { file: file.clone() }, || {
        setting.say("template-written", &[("file", file.clone())])
    })?;
    Ok(ExitStatus::Yes)
}

/// Sends an order; a refusal shows its findings and writes nothing.
fn send_order(
    client: &Client,
    path: &str,
    request: &IssueRequest,
    out: &Path,
    setting: &Setting,
) -> anyhow::Result<ExitStatus> {
    match client.post_or_refusal::<_, PermitReply, RefusedOrder>(path, request)? {
        Ok(reply) => deliver(reply, "", client, out, setting),
        Err(refused) => {
            setting.print(&refused, || {
                let mut lines: Vec<String> =
                    refused.findings.iter().map(|finding: &FindingRow| line(finding, setting)).collect();
                lines.push(refused.error.clone());
                lines.join("\n")
            })?;
            Ok(ExitStatus::No)
        }
    }
}

/// Fetches the PDF, writes it whole or not at all, and prints the answer.
fn deliver(
    mut reply: PermitReply,
    copies: &str,
    client: &Client,
    out: &Path,
    setting: &Setting,
) -> anyhow::Result<ExitStatus> {
    let number = parse(&reply.permit_number)?;
    let issued = || {
        format!(
            "permit {number} is on record, but its PDF was not written; mend this and use `propusk desk print {number}`"
        )
    };
    let bytes = client
        .get_bytes(&format!("/v1/permits/{}/sheets.pdf?copies={copies}", number.compact()))
        .with_context(issued)?;
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

fn view_line(view: &PermitView) -> String {
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

fn view_lines(view: &PermitView) -> String {
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
