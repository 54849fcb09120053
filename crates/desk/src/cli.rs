//! `propusk desk …`

use std::path::{Path, PathBuf};

use anyhow::Context;
use clap::{Args, Subcommand};
use propusk_boot::client::{Client, ServerOptions};
use propusk_boot::skeleton::{Options, Setting, run as run_service};
use propusk_boot::{ExitStatus, Failed};
use propusk_permit::PermitNumber;

use crate::api::{AmendRequest, IssueRequest, PermitReply, PermitView, PrintRequest};
use crate::batch::Batch;
use crate::order::OrderFile;
use crate::paper::Languages;
use crate::service;

mod deliver;
mod offline;
mod retention;
mod token;
mod user;
mod view;

use deliver::Delivery;
pub(crate) use deliver::sheets_path;
use offline::{Rules, check_file, read_file, show_quote, write_template};
use retention::{lookups, purge};
pub use token::TokenCommand;
pub use user::UserCommand;
use view::{view_line, view_lines};

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
    /// Who works at the desk, in a browser.
    #[command(subcommand)]
    User(user::UserCommand),
    /// Tokens with which programs use the desk's API.
    #[command(subcommand)]
    Token(token::TokenCommand),
    /// Erase personal data for good, of single permits or of all that are old enough. Zones, days and copies stay.
    Purge(Purge),
    /// Who looked personal data up, newest first.
    #[command(name = "look-ups")]
    Lookups(Lookups),
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

/// How sheets are printed.
#[derive(Debug, Args)]
pub struct PaperOptions {
    /// The sheets' languages, such as ky,en; the configured ones where it is not said.
    #[arg(long, value_name = "FIRST,SECOND")]
    languages: Option<Languages>,
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
    paper: PaperOptions,
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
    paper: PaperOptions,
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
    paper: PaperOptions,
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
    paper: PaperOptions,
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

/// Arguments of `desk purge`.
#[derive(Debug, Args)]
pub struct Purge {
    /// The permit numbers.
    #[arg(required_unless_present_any = ["older_than", "expired"])]
    permits: Vec<String>,
    /// All permits that were kept for longer than `keep_personal_days` after their last valid day.
    #[arg(long)]
    expired: bool,
    /// All permits whose last valid day is longer ago than this.
    #[arg(long, value_name = "DAYS")]
    older_than: Option<u32>,
    /// Only say which permits would be purged.
    #[arg(long)]
    dry_run: bool,
    /// Why. It is kept: no names here.
    #[arg(long, value_name = "TEXT", required_unless_present = "dry_run", default_value = "")]
    reason: String,
    /// Who decided it; it is kept.
    #[arg(long, value_name = "NAME", default_value = "")]
    by: String,
    #[command(flatten)]
    server: ServerOptions,
}

/// Arguments of `desk lookups`.
#[derive(Debug, Args)]
pub struct Lookups {
    /// Only those of this permit.
    #[arg(long, value_name = "NUMBER")]
    permit: Option<String>,
    /// How many.
    #[arg(long, default_value_t = 100)]
    limit: usize,
    #[command(flatten)]
    server: ServerOptions,
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
            };
            let client = connect(&args.server, setting)?;
            let path = format!("/v1/permits/{}/corrections", number.compact());
            Delivery { client: &client, languages: args.paper.languages, out: &args.out, setting }
                .send_order(&path, &request)
        }
        Command::Extend(args) => {
            let number = parse(&args.permit)?;
            let client = connect(&args.server, setting)?;
            let request =
                AmendRequest { months: args.months, reason: args.reason, version: args.seen_version };
            let reply: PermitReply =
                client.post(&format!("/v1/permits/{}/extensions", number.compact()), &request)?;
            Delivery { client: &client, languages: args.paper.languages, out: &args.out, setting }
                .deliver(reply, "")
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
            Delivery { client: &client, languages: args.paper.languages, out: &args.out, setting }
                .deliver(reply, &copies.join(","))
        }
        Command::Show(args) => {
            let number = parse(&args.permit)?;
            let path = format!("/v1/permits/{}", number.compact());
            let view: PermitView = connect(&args.server, setting)?.get(&path)?;
            setting.print(&view, || view_lines(&view, setting))?;
            Ok(ExitStatus::Yes)
        }
        Command::List(args) => {
            let path = format!("/v1/permits?limit={}", args.limit);
            let views: Vec<PermitView> = connect(&args.server, setting)?.get(&path)?;
            setting.print_each(&views, |view| view_line(view, setting))?;
            Ok(ExitStatus::Yes)
        }
        Command::User(command) => user::run(command, setting).map(|()| ExitStatus::Yes),
        Command::Token(command) => token::run(command, setting).map(|()| ExitStatus::Yes),
        Command::Purge(args) => purge(args, setting),
        Command::Lookups(args) => lookups(&args, setting),
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
    let (overrides, languages) = (&args.overrides, args.paper.languages);
    let reason = args.reason.clone().unwrap_or_default();
    if let Some(orders) = &args.batch {
        let client = &connect(&args.server, setting)?;
        let out = &args.out.clone().unwrap_or_else(|| orders.join("issued"));
        return Batch { orders, out, overrides, reason: &reason, languages, client, setting }.issue(read);
    }
    let order = read(args.file.as_ref().context("an order's file is needed")?)?;
    let request = IssueRequest { order, overrides: overrides.clone(), reason, version: None };
    let (client, out) = (&connect(&args.server, setting)?, args.out.as_deref().unwrap_or(Path::new(".")));
    Delivery { client, languages, out, setting }.send_order("/v1/permits", &request)
}
