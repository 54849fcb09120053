//! `propusk handheld …`

mod carry;
mod soldier;
mod train;

use std::io::{IsTerminal, Read};
use std::path::PathBuf;
use std::time::Duration;

use anyhow::Context;
use clap::{Args, Subcommand, ValueEnum};
use propusk_boot::client::{Client, ServerOptions};
use propusk_boot::clock::{BISHKEK, local_in_bishkek};
use propusk_boot::skeleton::Options;
use propusk_boot::{ExitStatus, Failed, Setting, shutdown};
use propusk_permit::PermitNumber;
use propusk_proto::{Kind, Verdict};
use propusk_region::Region;
use tokio_util::sync::CancellationToken;

use crate::command::written;
use crate::config::HandheldConfig;
use crate::device::Device;
use crate::exchange::Pace;
use crate::folder;
use crate::lane::{Held, Scan};
use crate::present::{Look, age};
use crate::prompt::End;
use crate::scan::Post;
use crate::sync::Patience;
use crate::{enroll, prompt, status, sync};

/// The checkpoint client.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Prompt for a keyboard-wedge scanner; hand-ins are sent in the background.
    Run(Run),
    /// Join with a one-time code from the operator (read from standard input or a file, never an argument).
    Enroll(Enroll),
    /// Judge and record one copy.
    Scan(ScanOnce),
    /// Enter a line of the post's paper list.
    Late(Late),
    /// Send what waits and take receipts.
    Sync(Sync),
    /// Show what is on this device.
    Status(OfPost),
    /// Write what waits into a file for a driver: to the recorder (`propusk recorder import`), or to a neighbouring post.
    Export(carry::Export),
    /// Take a file that a driver has brought: from the recorder, or from a neighbouring post.
    Import(carry::Import),
    /// Who may work on this device, each with a PIN.
    #[command(subcommand)]
    Soldier(soldier::Soldier),
    /// Practise with specimen permits; nothing of it can reach the record.
    Train(train::Train),
}

/// Which of several handhelds on this machine.
#[derive(Debug, Args)]
pub struct OfPost {
    /// The post; needed only where handhelds of several posts are enrolled on this machine.
    #[arg(long, value_name = "ID")]
    post: Option<String>,
}

/// Arguments of `handheld run`.
#[derive(Debug, Args)]
pub struct Run {
    #[command(flatten)]
    of: OfPost,
    /// Who is on duty, where nobody has a PIN.
    #[arg(long, value_name = "NAME", default_value = "")]
    soldier: String,
    /// No colours, shapes or bell, words first: for screen readers.
    #[arg(long)]
    plain: bool,
}

/// Arguments of `handheld enroll`.
#[derive(Debug, Args)]
pub struct Enroll {
    #[command(flatten)]
    server: ServerOptions,
    /// File with the one-time code; standard input otherwise.
    #[arg(long, value_name = "FILE")]
    code_file: Option<PathBuf>,
}

/// Arguments of `handheld scan`.
#[derive(Debug, Args)]
pub struct ScanOnce {
    #[command(flatten)]
    of: OfPost,
    /// The seal's text as the scanner gives it; `-` reads it from standard input.
    #[arg(long, value_name = "TEXT", required_unless_present = "number")]
    seal: Option<String>,
    /// The permit number typed from the sheet, where the code can't be read.
    #[arg(long, value_name = "NUMBER", conflicts_with = "seal")]
    number: Option<String>,
    /// The passport's MRZ lines, comma-separated; `-` reads them from standard input, one a line.
    #[arg(long, value_name = "L1,L2")]
    mrz: Option<String>,
    /// What happens at the barrier.
    #[arg(long, value_enum, default_value = "entry")]
    kind: KindName,
    #[command(flatten)]
    duty: soldier::OnDuty,
}

/// What happens at the barrier.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub enum KindName {
    /// A copy is handed in on the way into the zone.
    Entry,
    /// The group leaves the zone.
    Exit,
    /// Only looked at.
    Shown,
}

/// Arguments of `handheld late`.
#[derive(Debug, Args)]
pub struct Late {
    #[command(flatten)]
    of: OfPost,
    /// The permit number on the list.
    #[arg(long, value_name = "NUMBER")]
    number: String,
    /// The copy's number on the list.
    #[arg(long, value_name = "K", value_parser = clap::value_parser!(u8).range(1..))]
    copy: u8,
    /// The time on the list: 14:30 (today or last night) or 2026-06-01 14:30, Kyrgyz time.
    #[arg(long, value_name = "TIME")]
    at: String,
    #[command(flatten)]
    duty: soldier::OnDuty,
}

/// Arguments of `handheld sync`.
#[derive(Debug, Args)]
pub struct Sync {
    #[command(flatten)]
    of: OfPost,
    /// Longest time to wait for receipts, in seconds.
    #[arg(long, value_name = "SECONDS", default_value_t = 20)]
    wait: u64,
}

/// Runs one command.
///
/// # Errors
/// Whatever kept the command from doing its work, in words for the person at the terminal.
pub fn run(command: Command, options: &Options) -> Result<ExitStatus, Failed> {
    let setting = Setting::prepare(options)?;
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    Ok(runtime.block_on(perform(command, &setting))?)
}

async fn perform(command: Command, setting: &Setting) -> anyhow::Result<ExitStatus> {
    let config: HandheldConfig = setting.config.section("handheld")?;
    match command {
        Command::Enroll(args) => enroll_here(&args, setting),
        Command::Scan(args) => scan_once(&args, &config, setting),
        Command::Run(args) => {
            let (device, region) =
                (open(args.of.post.as_deref(), setting)?, Region::own_or_shipped(setting.region_file()?)?);
            let stop = shutdown::on_signals()?;
            let post = Post { device: &device, config: &config, region: &region, setting };
            match prompt::run(post, &args.soldier, args.plain, stop).await? {
                End::Quit => Ok(ExitStatus::Yes),
                End::Revoked => carry::wipe(device, args.of.post.as_deref(), setting),
            }
        }
        Command::Export(args) => carry::export(&args, setting),
        Command::Import(args) => carry::import(&args, setting),
        Command::Soldier(command) => soldier::run(&command, setting),
        Command::Train(args) => train::run(&args, &config, setting).await,
        Command::Late(args) => enter_late(&args, &config, setting),
        Command::Sync(args) => sync_once(&args, &config, setting).await,
        Command::Status(of) => {
            let device = open(of.post.as_deref(), setting)?;
            let status = status::status(&device, setting.clock.now())?;
            setting.print(&status, || {
                let number = |n: u64| n.to_string();
                let args = [
                    ("device", status.device.clone()),
                    ("post", status.post.clone()),
                    ("waiting", number(status.counts.on_this_device)),
                    ("sent", number(status.counts.sent)),
                    ("recorded", number(status.counts.recorded)),
                    ("refused", number(status.counts.refused)),
                    ("permits", status.permits_known.to_string()),
                    ("signers", age(status.trust_list_minutes, setting)),
                    ("age", age(status.permits_age_minutes, setting)),
                ];
                setting.say("handheld-status", &args)
            })?;
            Ok(ExitStatus::Yes)
        }
    }
}

/// A sentence without arguments.
const NONE: [(&str, String); 0] = [];

fn open(post: Option<&str>, setting: &Setting) -> anyhow::Result<Device> {
    let dir = folder::find(&setting.data, post)?;
    folder::open(&dir, setting.clock.now().as_millisecond())
}

fn enroll_here(args: &Enroll, setting: &Setting) -> anyhow::Result<ExitStatus> {
    let recorder: Client = args.server.connect(&setting.instance()?, "recorder")?;
    let code = match &args.code_file {
        Some(path) => {
            std::fs::read_to_string(path).with_context(|| format!("{} can't be read", path.display()))?
        }
        None => {
            if std::io::stdin().is_terminal() {
                eprintln!("{}", setting.say("enroll-ask-code", &NONE));
            }
            let mut line = String::new();
            std::io::stdin().read_line(&mut line)?;
            line
        }
    };
    let profile = enroll::enroll(&setting.data, &recorder, &code, setting.clock.now().as_millisecond())?;
    setting.print(&profile, || {
        setting.say("enrolled", &[("device", profile.device.to_string()), ("post", profile.post.clone())])
    })?;
    Ok(ExitStatus::Yes)
}

fn scan_once(args: &ScanOnce, config: &HandheldConfig, setting: &Setting) -> anyhow::Result<ExitStatus> {
    let held = match (&args.seal, &args.number) {
        (_, Some(number)) => Held::Number(number.parse::<PermitNumber>().context("the permit number")?),
        (Some(text), None) if text == "-" => Held::Seal(read_stdin()?),
        (Some(text), None) => Held::Seal(text.clone()),
        (None, None) => Held::Seal(String::new()),
    };
    let mrz = match args.mrz.as_deref() {
        Some("-") => Some(read_stdin()?.lines().map(|line| line.trim_end().to_owned()).collect()),
        Some(lines) => Some(lines.split(',').map(str::to_owned).collect()),
        None => None,
    };
    let kind = match args.kind {
        KindName::Entry => Kind::Entry,
        KindName::Exit => Kind::Exit,
        KindName::Shown => Kind::Shown,
    };
    let device = open(args.of.post.as_deref(), setting)?;
    let region: Region = Region::own_or_shipped(setting.region_file()?)?;
    let scan = Scan { held, sheets: vec![], mrz: mrz.unwrap_or_default(), rows: 0, kind };
    args.duty.check(&device, setting)?;
    let post = Post { device: &device, config, region: &region, setting };
    let (answer, _) = post.scan(&scan, &args.duty.soldier)?;
    setting.print(&answer, || answer.lines(setting, Look::of_output()).join("\n"))?;
    Ok(if answer.verdict == Verdict::Refuse.as_str() { ExitStatus::No } else { ExitStatus::Yes })
}

fn enter_late(args: &Late, config: &HandheldConfig, setting: &Setting) -> anyhow::Result<ExitStatus> {
    let number = args.number.parse::<PermitNumber>().context("the permit number")?;
    let wanted = "--at is not a time that has passed; write 14:30 or 2026-06-01 14:30";
    let written = written(&args.at, local_in_bishkek(setting.clock.now())).context(wanted)?;
    let device = open(args.of.post.as_deref(), setting)?;
    let region = Region::own_or_shipped(setting.region_file()?)?;
    args.duty.check(&device, setting)?;
    let post = Post { device: &device, config, region: &region, setting };
    let (answer, _) = post.late(&number, args.copy, BISHKEK.to_timestamp(written)?, &args.duty.soldier)?;
    setting.print(&answer, || answer.lines(setting, Look::of_output()).join("\n"))?;
    Ok(ExitStatus::from_answer(answer.verdict != Verdict::Refuse.as_str()))
}

/// Longest text taken from standard input: no seal or MRZ comes near it.
const MAX_INPUT: u64 = 64 * 1024;

fn read_stdin() -> anyhow::Result<String> {
    let mut text = String::new();
    std::io::stdin().take(MAX_INPUT).read_to_string(&mut text).context("standard input is not text")?;
    Ok(text)
}

async fn sync_once(args: &Sync, config: &HandheldConfig, setting: &Setting) -> anyhow::Result<ExitStatus> {
    let device = open(args.of.post.as_deref(), setting)?;
    let stop = CancellationToken::new();
    let courier = sync::connect(&device, stop.clone()).await?;
    let patience = Patience { longest: Duration::from_secs(args.wait), wants_acks: false };
    let pace = Pace::new(config);
    let outcome = sync::sync(&device, &courier, pace, &setting.clock, patience).await;
    stop.cancel();
    let outcome = match outcome {
        Err(error) if sync::is_revocation(&error) => {
            drop(courier);
            return carry::wipe(device, args.of.post.as_deref(), setting);
        }
        outcome => outcome?,
    };
    let waiting = outcome.counts.on_this_device + outcome.counts.sent;
    setting.print(&outcome, || {
        let args = [
            ("sent", outcome.published.to_string()),
            ("settled", outcome.settled.to_string()),
            ("waiting", waiting.to_string()),
            ("refused", outcome.counts.refused.to_string()),
        ];
        setting.say("synced", &args)
    })?;
    Ok(match (waiting, outcome.reached) {
        (0, true) if outcome.counts.refused == 0 => ExitStatus::Yes,
        (_, false) => ExitStatus::Unreachable,
        _ => ExitStatus::No,
    })
}
