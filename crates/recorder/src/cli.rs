//! `propusk recorder …`

mod import;
mod user;

use std::path::PathBuf;

use anyhow::Context;
use clap::{Args, Subcommand};
use propusk_boot::client::{Client, ServerOptions};
use propusk_boot::skeleton::{Options, Setting};
use propusk_boot::{ExitStatus, Failed};
use propusk_permit::PermitNumber;

use crate::api::{AcknowledgeRequest, CodeReply, CodeRequest, Story};
use crate::audit::Audit;
use crate::config::RecorderConfig;
use crate::inside::Inside;
use crate::lookups::{LookUpRow, LookUps};
use crate::purge::{PurgeReply, PurgeRequest};
use crate::questions::{AlertRow, DeviceRow, QuarantineRow, Row};
use crate::service;
use crate::upkeep::{self, BackupReply};

/// The hand-in record.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Run the recorder.
    Run,
    /// A permit's story: every hand-in and alert.
    Show(Show),
    /// The newest hand-ins.
    List(List),
    /// Who went into a zone and has not come out.
    Inside(InZone),
    /// Alerts, oldest first.
    Alerts(Alerts),
    /// Note that somebody has seen to an alert.
    Acknowledge(Acknowledge),
    /// Messages of which no record was made.
    Quarantine(Server),
    /// Record what a driver has brought from handhelds (`propusk handheld export`), and write what goes back to them.
    Import(Import),
    /// Check the hash chains, the indexes and the devices' sequences.
    Audit(Server),
    /// Write a backup of the record into DIR/backups while recording goes on, and read it back.
    Backup(Server),
    /// Erase the bytes of messages that are in quarantine for long enough. Hand-ins and alerts stay: they are evidence, and
    /// name nobody.
    Purge(Purge),
    /// Make the record from a backup. The recorder must not run, and an older record has to be moved aside.
    Restore(Restore),
    /// Make the indexes again from the log. The recorder must not run.
    Rebuild,
    /// The enrolled devices.
    Devices(Server),
    /// Shut a lost or stolen device out, at once and for good.
    RevokeDevice(RevokeDevice),
    /// Make a one-time code with which a device of a post enrols.
    EnrollCode(EnrollCode),
    /// Who may open the duty officer's board.
    #[command(subcommand)]
    User(user::UserCommand),
    /// Who has looked at permits' stories, newest first; says whether the journal is whole.
    #[command(name = "look-ups")]
    Lookups(OfPermit),
}

/// Only where the recorder is.
#[derive(Debug, Args)]
pub struct Server {
    #[command(flatten)]
    server: ServerOptions,
}

/// Arguments of `recorder purge`.
#[derive(Debug, Args)]
pub struct Purge {
    /// Older than this; `keep_quarantine_days` where it is not said.
    #[arg(long, value_name = "DAYS")]
    older_than: Option<u32>,
    /// Only say how much would be erased.
    #[arg(long)]
    dry_run: bool,
    #[command(flatten)]
    server: ServerOptions,
}

/// Arguments of `recorder import`.
#[derive(Debug, Args)]
pub struct Import {
    /// The bundle.
    file: PathBuf,
    /// Where to write the receipts and permit changes; the driver takes it back.
    #[arg(long, value_name = "FILE")]
    out: PathBuf,
    #[command(flatten)]
    server: ServerOptions,
}

/// Arguments of `recorder restore`.
#[derive(Debug, Args)]
pub struct Restore {
    /// The backup.
    file: PathBuf,
}

/// Arguments of `recorder show`.
#[derive(Debug, Args)]
pub struct Show {
    /// The permit number.
    permit: String,
    #[command(flatten)]
    server: ServerOptions,
}

/// Arguments of `recorder look-ups`.
#[derive(Debug, Args)]
pub struct OfPermit {
    /// Only this permit.
    permit: Option<String>,
    #[command(flatten)]
    server: ServerOptions,
}

/// Arguments of `recorder list`.
#[derive(Debug, Args)]
pub struct List {
    /// Only this post.
    #[arg(long, value_name = "ID")]
    post: Option<String>,
    /// How many.
    #[arg(long, default_value_t = 100)]
    limit: usize,
    #[command(flatten)]
    server: ServerOptions,
}

/// Arguments of `recorder inside`.
#[derive(Debug, Args)]
pub struct InZone {
    /// Only this zone.
    zone: Option<String>,
    #[command(flatten)]
    server: ServerOptions,
}

/// Arguments of `recorder revoke-device`.
#[derive(Debug, Args)]
pub struct RevokeDevice {
    /// The device's id.
    device: String,
    #[command(flatten)]
    server: ServerOptions,
}

/// Arguments of `recorder alerts`.
#[derive(Debug, Args)]
pub struct Alerts {
    /// Only those to which nobody has seen.
    #[arg(long)]
    open: bool,
    /// Only of this kind, such as `copy-handed-in-twice`.
    #[arg(long)]
    kind: Option<String>,
    #[command(flatten)]
    server: ServerOptions,
}

/// Arguments of `recorder acknowledge`.
#[derive(Debug, Args)]
pub struct Acknowledge {
    /// The alert's id, as `alerts` prints it.
    alert: String,
    /// Who has seen to it.
    #[arg(long, value_name = "NAME")]
    by: String,
    /// What came of it; no traveller's data.
    #[arg(long, value_name = "TEXT", default_value = "")]
    note: String,
    #[command(flatten)]
    server: ServerOptions,
}

/// Arguments of `recorder enroll-code`.
#[derive(Debug, Args)]
pub struct EnrollCode {
    /// The post that the device will stand at.
    #[arg(long, value_name = "ID")]
    post: String,
    #[command(flatten)]
    server: ServerOptions,
}

/// Runs one command.
///
/// # Errors
/// Whatever kept the command from doing its work, in words for the person at the terminal.
pub fn run(command: Command, options: &Options) -> Result<ExitStatus, Failed> {
    if matches!(command, Command::Run) {
        propusk_boot::skeleton::run("recorder", options, service::run)?;
        return Ok(ExitStatus::Yes);
    }
    Ok(ask(command, &Setting::prepare(options)?)?)
}

/// A sentence without arguments.
const NONE: [(&str, String); 0] = [];

fn ask(command: Command, setting: &Setting) -> anyhow::Result<ExitStatus> {
    let connect = |server: &ServerOptions| -> anyhow::Result<Client> {
        Ok(server.connect(&setting.instance()?, "recorder")?)
    };
    match command {
        Command::Run => Ok(ExitStatus::Yes),
        Command::Show(args) => {
            let number: PermitNumber = args.permit.parse().context("the permit number")?;
            let story: Story = connect(&args.server)?.get(&format!("/v1/permits/{}", number.compact()))?;
            setting.print(&story, || story_lines(&story, setting))?;
            Ok(ExitStatus::from_answer(!story.hand_ins.is_empty()))
        }
        Command::List(args) => {
            let post = args.post.map(|post| format!("&post={}", encoded(&post))).unwrap_or_default();
            let rows: Vec<Row> =
                connect(&args.server)?.get(&format!("/v1/hand-ins?limit={}{post}", args.limit))?;
            setting.print_each(&rows, row_line)?;
            Ok(ExitStatus::Yes)
        }
        Command::Inside(args) => {
            let zone = args.zone.map(|zone| format!("?zone={}", encoded(&zone))).unwrap_or_default();
            let rows: Vec<Inside> = connect(&args.server)?.get(&format!("/v1/inside{zone}"))?;
            setting.print_each(&rows, inside_line)?;
            Ok(ExitStatus::Yes)
        }
        Command::Alerts(args) => {
            let kind = args.kind.map(|kind| format!("&kind={}", encoded(&kind))).unwrap_or_default();
            let path = format!("/v1/alerts?open={}{kind}", args.open);
            let rows: Vec<AlertRow> = connect(&args.server)?.get(&path)?;
            setting.print_each(&rows, |row| alert_line(row, setting))?;
            Ok(ExitStatus::Yes)
        }
        Command::Acknowledge(args) => {
            let path = format!("/v1/alerts/{}/acknowledgements", encoded(&args.alert));
            let request = AcknowledgeRequest { by: args.by, note: args.note };
            let row: AlertRow = connect(&args.server)?.post(&path, &request)?;
            setting.print(&row, || alert_line(&row, setting))?;
            Ok(ExitStatus::Yes)
        }
        Command::Quarantine(args) => {
            let rows: Vec<QuarantineRow> = connect(&args.server)?.get("/v1/quarantine")?;
            setting.print_each(&rows, |row| format!("{}  {}  {}", row.at, row.subject, row.reason))?;
            Ok(ExitStatus::Yes)
        }
        Command::Audit(args) => {
            let audit: Audit = connect(&args.server)?.get("/v1/audit")?;
            setting.print(&audit, || audit_lines(&audit, setting))?;
            Ok(ExitStatus::from_answer(audit.is_whole()))
        }
        Command::Backup(args) => {
            let reply: BackupReply = connect(&args.server)?.post("/v1/backups", &serde_json::json!({}))?;
            setting.print(&reply, || setting.say("backup-written", &backup_arguments(&reply)))?;
            Ok(ExitStatus::Yes)
        }
        Command::Purge(args) => {
            let request = PurgeRequest { older_than_days: args.older_than, dry_run: args.dry_run };
            let reply: PurgeReply = connect(&args.server)?.post("/v1/purges", &request)?;
            let what = if reply.dry_run { "quarantine-purge-would" } else { "quarantine-purged" };
            let args = [("messages", reply.messages.to_string()), ("bytes", reply.bytes.to_string())];
            setting.print(&reply, || setting.say(what, &args))?;
            Ok(ExitStatus::Yes)
        }
        Command::Import(args) => import::run(&args.file, &args.out, &connect(&args.server)?, setting),
        Command::Restore(args) => {
            let config: RecorderConfig = setting.config.section("recorder")?;
            let reply = upkeep::restore(&args.file, &setting.instance()?, config.store_options())?;
            setting.print(&reply, || setting.say("backup-restored", &backup_arguments(&reply)))?;
            Ok(ExitStatus::Yes)
        }
        Command::Rebuild => {
            let config: RecorderConfig = setting.config.section("recorder")?;
            let rebuilt = upkeep::rebuild_indexes(&setting.instance()?, config.store_options())?;
            let args = [("records", rebuilt.records.to_string()), ("made", rebuilt.made.to_string())];
            setting.print(&rebuilt, || setting.say("indexes-rebuilt", &args))?;
            Ok(ExitStatus::Yes)
        }
        Command::Devices(args) => {
            let rows: Vec<DeviceRow> = connect(&args.server)?.get("/v1/devices")?;
            setting.print_each(&rows, device_line)?;
            Ok(ExitStatus::Yes)
        }
        Command::RevokeDevice(args) => {
            propusk_proto::device::check_token(&args.device).context("the device's id")?;
            let path = format!("/v1/devices/{}/revocations", args.device);
            let row: DeviceRow = connect(&args.server)?.post(&path, &serde_json::json!({}))?;
            setting.print(&row, || setting.say("device-revoked", &[("device", row.device.clone())]))?;
            Ok(ExitStatus::Yes)
        }
        Command::User(command) => {
            user::run(command, setting)?;
            Ok(ExitStatus::Yes)
        }
        Command::Lookups(args) => {
            let number: Option<PermitNumber> =
                args.permit.map(|typed| typed.parse()).transpose().context("the permit number")?;
            let query = number.map(|number| format!("?permit={}", number.compact())).unwrap_or_default();
            let list: LookUps = connect(&args.server)?.get(&format!("/v1/look-ups{query}"))?;
            setting.print(&list, || look_up_lines(&list, setting))?;
            Ok(ExitStatus::from_answer(list.broken_at.is_none()))
        }
        Command::EnrollCode(args) => {
            let request = CodeRequest { post: args.post };
            let reply: CodeReply = connect(&args.server)?.post("/v1/enrolment-codes", &request)?;
            setting.print(&reply, || reply.code.clone())?;
            Ok(ExitStatus::Yes)
        }
    }
}

fn backup_arguments(reply: &BackupReply) -> [(&'static str, String); 3] {
    [("file", reply.file.clone()), ("rows", reply.rows.to_string()), ("bytes", reply.bytes.to_string())]
}

/// A text as it may stand in a query.
fn encoded(text: &str) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~".contains(&byte);
    text.bytes()
        .map(|byte| if plain(byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") })
        .collect()
}

fn story_lines(story: &Story, setting: &Setting) -> String {
    let mut lines = vec![story.permit_number.clone()];
    if story.hand_ins.is_empty() {
        lines.push(setting.say("record-nothing", &NONE));
    }
    lines.extend(story.hand_ins.iter().map(row_line));
    lines.extend(story.alerts.iter().map(|alert| alert_line(alert, setting)));
    lines.join("\n")
}

fn look_up_lines(list: &LookUps, setting: &Setting) -> String {
    let line = |row: &LookUpRow| format!("{:>6}  {}  {:<24} {}", row.index, row.at, row.who, row.permit);
    let mut lines: Vec<String> = list.look_ups.iter().map(line).collect();
    lines.push(match list.broken_at {
        None => {
            let args = [("entries", list.entries.to_string()), ("head", list.head.clone())];
            setting.say("look-ups-whole", &args)
        }
        Some(index) => setting.say("look-ups-broken", &[("index", index.to_string())]),
    });
    lines.join("\n")
}

fn row_line(row: &Row) -> String {
    let number = row.permit_number.as_deref().unwrap_or("-");
    let copy = row.copy.map_or("-".to_owned(), |copy| copy.to_string());
    let reasons = row.reasons.join(", ");
    format!(
        "{}  {:<14} {:<9} {number}  v{} copy {copy}  {:<9} {reasons}",
        row.scanned_at,
        row.post,
        row.kind,
        row.version.unwrap_or(0),
        row.verdict,
    )
}

fn device_line(row: &DeviceRow) -> String {
    let revoked = row.revoked_at.as_ref().map(|at| format!("  revoked {at}")).unwrap_or_default();
    format!("{}  {:<14} since {}{revoked}", row.device, row.post, row.enrolled_at)
}

fn inside_line(row: &Inside) -> String {
    let people = match (row.rows.as_slice(), row.travellers) {
        ([], Some(group)) => format!("{group}"),
        ([], None) => "?".to_owned(),
        (rows, _) => format!("{} ({rows:?})", rows.len()),
    };
    let overdue = if row.overdue { "  OVERDUE" } else { "" };
    format!("{:<10} {}  {people}  {}  {}{overdue}", row.zone, row.permit_number, row.post, row.since)
}

fn alert_line(row: &AlertRow, setting: &Setting) -> String {
    let number = row.permit_number.clone().unwrap_or_default();
    let copy = row.copy.map(|copy| copy.to_string()).unwrap_or_default();
    let device = row.device.clone().unwrap_or_default();
    let args = [("permit", number), ("copy", copy), ("device", device), ("post", row.post.clone())];
    let sentence = setting.say(&format!("alert-{}", row.kind), &args);
    let seen = row.acknowledged.as_ref().map(|seen| {
        let args = [("by", seen.by.clone()), ("at", seen.at.clone()), ("note", seen.note.clone())];
        format!("  {}", setting.say("alert-acknowledged", &args))
    });
    format!("{}  {}  {:<14} {sentence}{}", row.id, row.raised_at, row.post, seen.unwrap_or_default())
}

fn audit_lines(audit: &Audit, setting: &Setting) -> String {
    let args = [("records", audit.records.to_string()), ("shards", audit.shards.to_string())];
    let mut lines = vec![setting.say("audit-read", &args)];
    lines.extend(audit.broken.iter().map(|what| format!("- {what}")));
    lines.extend(audit.missing.iter().map(|gap| {
        let range = format!("{}–{}", gap.first, gap.last);
        setting.say("audit-missing", &[("device", gap.device.clone()), ("range", range)])
    }));
    lines.push(setting.say(if audit.is_whole() { "audit-whole" } else { "audit-broken" }, &NONE));
    lines.join("\n")
}
