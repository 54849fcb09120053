//! `propusk verify …`

use std::path::{Path, PathBuf};

use clap::{Args, Subcommand};
use jiff::civil::Date;
use propusk_boot::client::ServerOptions;
use propusk_boot::skeleton::{Options, Setting};
use propusk_boot::{ExitStatus, Failed};
use propusk_passport::split_documents;
use propusk_permit::PermitNumber;
use propusk_region::{DEFAULT_FILE_NAME, Region};
use propusk_seal::PinnedSigner;

use crate::api::PermitQuestion;
use crate::lookups::LookUps;
use crate::passports::PassportReport;
use crate::permits::{self, PermitReport};
use crate::region_file::{self, FaultRow};
use crate::seals::{self, SealReport};
use crate::trip::TripReport;
use crate::trip_calendar::calendar;
use crate::trip_map;
use crate::trust::{self, Trust, TrustReport};
use crate::{VerifyError, input, paper, service};

/// Checks that change nothing.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Run the service behind the traveller's page.
    Run,
    /// Check the MRZ of passports, identity cards and visas.
    Passport(PassportArgs),
    /// Check a permit against a passport.
    Permit(PermitArgs),
    /// Check a seal: its text, its bytes, a picture or a PDF.
    Seal(SealArgs),
    /// Check a trip: zones, crossings, stay, vehicle; each answer with its source.
    Trip(TripArgs),
    /// Check a region file, and show which version of each rule is in force.
    Region(RegionArgs),
    /// Show whose seals are trusted.
    Trust,
    /// When travellers were told about their permit, and whether that journal is whole.
    #[command(name = "look-ups")]
    LookUps(LookUpsArgs),
}

/// Arguments of `verify look-ups`.
#[derive(Debug, Args)]
pub struct LookUpsArgs {
    /// Only those of this permit.
    #[arg(long, value_name = "NUMBER")]
    permit: Option<PermitNumber>,
    /// How many.
    #[arg(long, default_value_t = 100)]
    limit: usize,
    #[command(flatten)]
    server: ServerOptions,
}

/// Arguments of `verify passport`.
#[derive(Debug, Args)]
pub struct PassportArgs {
    /// A file with MRZ lines, a blank line between documents; - for standard input.
    #[arg(default_value = "-")]
    file: String,
    /// Compare with the visual zone's fields in this TOML or JSON file.
    #[arg(long, value_name = "FILE")]
    visual: Option<String>,
}

/// Arguments of `verify permit`.
#[derive(Debug, Args)]
pub struct PermitArgs {
    /// The permit number; the service is asked.
    #[arg(conflicts_with_all = ["seal", "typed"])]
    number: Option<String>,
    /// The passport's MRZ, its lines separated by commas; - for standard input.
    #[arg(long, value_name = "L1,L2")]
    mrz: String,
    /// A copy's seal instead, checked offline: its text, a picture or a PDF.
    #[arg(long, value_name = "TEXT|FILE", conflicts_with = "typed")]
    seal: Option<String>,
    /// A paper permit's typed fields instead, in this TOML or JSON file; no record is needed.
    #[arg(long, value_name = "FILE")]
    typed: Option<String>,
    /// The version printed on the sheet, to hear whether it is superseded.
    #[arg(long, requires = "number")]
    version: Option<u8>,
    /// With --seal: trust one more key, for this call.
    #[arg(long = "signer", value_name = "NAME=POINT_HEX")]
    signers: Vec<String>,
    #[command(flatten)]
    server: ServerOptions,
}

/// Arguments of `verify seal`.
#[derive(Debug, Args)]
pub struct SealArgs {
    /// The seal's text (KGBZ…), a file with its text or bytes, a PNG, a JPEG, a PDF; - for standard input.
    #[arg(required_unless_present = "hex", conflicts_with = "hex")]
    seal: Option<String>,
    /// The seal's bytes in hexadecimal.
    #[arg(long)]
    hex: Option<String>,
    /// Trust one more key, for this call: signer and reference, and an uncompressed point.
    #[arg(long = "signer", value_name = "NAME=POINT_HEX")]
    signers: Vec<String>,
}

/// Arguments of `verify trip`.
#[derive(Debug, Args)]
pub struct TripArgs {
    /// The trip, as TOML or JSON; - for standard input.
    file: String,
    /// Write the deadlines as a calendar (iCalendar).
    #[arg(long, value_name = "OUT.ics")]
    calendar: Option<PathBuf>,
    /// Draw the trip's map (SVG).
    #[arg(long, value_name = "OUT.svg")]
    map: Option<PathBuf>,
}

/// Arguments of `verify region`.
#[derive(Debug, Args)]
pub struct RegionArgs {
    /// The region file; without it the configured or the shipped one.
    file: Option<String>,
    /// Show which version of each rule is in force on this day.
    #[arg(long, value_name = "DATE")]
    as_of: Option<Date>,
}

/// Runs one command.
///
/// # Errors
/// Whatever kept the command from doing its work, in words for the person at the terminal.
pub fn run(command: Command, options: &Options) -> Result<ExitStatus, Failed> {
    if matches!(command, Command::Run) {
        propusk_boot::skeleton::run("verify", options, |service| async { service::run(service).await })?;
        return Ok(ExitStatus::Yes);
    }
    let setting = Setting::prepare(options)?;
    Ok(match command {
        Command::Run => ExitStatus::Yes,
        Command::Passport(args) => passport(&args, &setting)?,
        Command::Permit(args) => permit(&args, &setting)?,
        Command::Seal(args) => seal(&args, &setting)?,
        Command::Trip(args) => trip(&args, &setting)?,
        Command::Region(args) => region(&args, &setting)?,
        Command::LookUps(args) => look_ups(&args, &setting)?,
        Command::Trust => {
            let report = TrustReport::of(&setting)?;
            setting.print(&report, || report.text(setting.clock.now(), setting.language))?;
            ExitStatus::Yes
        }
    })
}

fn passport(args: &PassportArgs, setting: &Setting) -> anyhow::Result<ExitStatus> {
    let (today, language) = (setting.clock.today(), setting.language);
    if args.file == input::STANDARD_INPUT && args.visual.as_deref() == Some(input::STANDARD_INPUT) {
        return Err(VerifyError::StandardInputTwice.into());
    }
    let visual = args.visual.as_deref().map(|file| paper::read_visual(file, today)).transpose()?;
    let documents = split_documents(&input::text(&args.file, "the lines of an MRZ")?);
    if visual.is_some() && documents.len() != 1 {
        return Err(VerifyError::OneDocument(documents.len()).into());
    }
    let mut good = !documents.is_empty();
    for (index, lines) in documents.iter().enumerate() {
        let second = visual.as_ref().map(|(person, unread)| (person, unread.as_slice()));
        let report = PassportReport::of(lines, second, today, language);
        good &= report.is_good();
        let gap = if index > 0 { "\n" } else { "" };
        setting.print(&report, || format!("{gap}{}", report.text(language)))?;
    }
    Ok(ExitStatus::from_answer(good))
}

fn seal(args: &SealArgs, setting: &Setting) -> anyhow::Result<ExitStatus> {
    let (trust, stale) = trusted(&args.signers, setting)?;
    let today = setting.clock.today();
    let reports: Vec<SealReport> = match (&args.hex, &args.seal) {
        (Some(hex), _) => vec![seals::check_bytes(&seals::read_hex(hex)?, &trust, today)],
        (None, Some(seal)) => {
            let codes = seals::read(seal)?;
            if codes.is_empty() {
                vec![SealReport::no_code(seal)]
            } else {
                codes.iter().map(|code| seals::check_scan(code, &trust, today)).collect()
            }
        }
        (None, None) => Vec::new(),
    };
    let mut good = !reports.is_empty();
    for mut report in reports {
        if stale {
            report.remark_stale_list();
        }
        good &= report.is_valid();
        setting.print(&report, || report.text(setting.language))?;
    }
    Ok(ExitStatus::from_answer(good))
}

fn permit(args: &PermitArgs, setting: &Setting) -> anyhow::Result<ExitStatus> {
    let sources = [Some(args.mrz.as_str()), args.seal.as_deref(), args.typed.as_deref()];
    if sources.iter().filter(|source| **source == Some(input::STANDARD_INPUT)).count() > 1 {
        return Err(VerifyError::StandardInputTwice.into());
    }
    let mrz = input::mrz_lines(&args.mrz)?;
    let (today, language) = (setting.clock.today(), setting.language);
    let reports: Vec<PermitReport> = if let Some(seal) = &args.seal {
        let (trust, stale) = trusted(&args.signers, setting)?;
        let region = Region::own_or_shipped(setting.region_file()?)?;
        let codes = seals::read(seal)?;
        let check = |code: &Vec<u8>| permits::check_sealed(code, &trust, &mrz, &region, today, language);
        let mut reports: Vec<PermitReport> = codes.iter().map(check).collect();
        if stale {
            reports.iter_mut().for_each(|report| report.warn_stale_list(language));
        }
        reports
    } else if let Some(typed) = &args.typed {
        let permit = paper::read_permit(typed, &Region::own_or_shipped(setting.region_file()?)?, today)?;
        vec![permits::check_paper(&permit, &mrz, today, language)]
    } else {
        vec![ask(args, mrz, setting)?]
    };
    let mut good = !reports.is_empty();
    for report in reports {
        good &= report.is_good();
        setting.print(&report, || report.text(language))?;
    }
    Ok(ExitStatus::from_answer(good))
}

fn trip(args: &TripArgs, setting: &Setting) -> anyhow::Result<ExitStatus> {
    let language = setting.language;
    let region = Region::own_or_shipped(setting.region_file()?)?;
    let report = TripReport::of(&args.file, &region, setting.clock.today(), language)?;
    if let Some(file) = &args.calendar {
        write(file, &calendar(&report, language))?;
    }
    if let Some(file) = &args.map {
        write(file, &trip_map::map(&report, language))?;
    }
    if setting.json {
        setting.print_each(&report.rows(language), |_| String::new())?;
    } else {
        setting.print(&(), || report.text(language))?;
    }
    Ok(ExitStatus::from_answer(report.assessment.is_yes()))
}

fn region(args: &RegionArgs, setting: &Setting) -> anyhow::Result<ExitStatus> {
    let own = match &args.file {
        Some(file) => Some((input::text(file, "a region file")?, file.clone())),
        None => setting.region_file()?,
    };
    let faults = region_file::faults(own.as_ref());
    setting.print_each(&faults, FaultRow::text)?;
    let name = own.as_ref().map_or(DEFAULT_FILE_NAME, |(_, name)| name).to_owned();
    if !faults.is_empty() {
        if !setting.json {
            let count = ("count", faults.len().to_string());
            setting.print(&(), || setting.say("region-faults", &[("file", name), count]))?;
        }
        return Ok(ExitStatus::No);
    }
    if let Some(day) = args.as_of {
        let versions = region_file::versions(&Region::own_or_shipped(own)?, day);
        setting.print_each(&versions, |version| version.text(setting.language))?;
    } else if !setting.json {
        setting.print(&(), || setting.say("region-good", &[("file", name)]))?;
    }
    Ok(ExitStatus::Yes)
}

fn write(file: &Path, text: &str) -> Result<(), VerifyError> {
    let failed = |source| VerifyError::Write { name: file.display().to_string(), source };
    std::fs::write(file, text).map_err(failed)
}

/// Asks the service about a permit by its number.
fn ask(args: &PermitArgs, mrz: Vec<String>, setting: &Setting) -> anyhow::Result<PermitReport> {
    let number: PermitNumber = args.number.as_deref().ok_or(VerifyError::NoPermit)?.parse()?;
    let question = PermitQuestion {
        permit_number: number.to_string(),
        version: args.version,
        mrz: Some(mrz),
        language: Some(setting.language.code().to_owned()),
        ..PermitQuestion::default()
    };
    let client = args.server.connect(&setting.instance()?, "verify")?;
    Ok(client.post("/v1/permit-checks", &question)?)
}

/// Lists look-ups; the answer is no where the chain does not hold.
fn look_ups(args: &LookUpsArgs, setting: &Setting) -> anyhow::Result<ExitStatus> {
    let permit = args.permit.map(|number| format!("&permit={}", number.compact())).unwrap_or_default();
    let client = args.server.connect(&setting.instance()?, "verify")?;
    let found: LookUps = client.get(&format!("/v1/look-ups?limit={}{permit}", args.limit))?;
    setting.print_each(&found.look_ups, |row| format!("{:>6}  {}  {}", row.index, row.at, row.permit))?;
    if let Some(index) = found.broken_at {
        eprintln!("{}", setting.say("look-ups-broken", &[("index", index.to_string())]));
    } else if !setting.json {
        let args = [("entries", found.entries.to_string()), ("head", found.head.clone())];
        setting.print(&(), || setting.say("look-ups-whole", &args))?;
    }
    Ok(ExitStatus::from_answer(found.broken_at.is_none()))
}

/// Whom this call trusts, and whether the data folder's list is too old to rely on.
fn trusted(signers: &[String], setting: &Setting) -> anyhow::Result<(Trust, bool)> {
    let pinned = signers.iter().map(|signer| PinnedSigner::parse(signer)).collect::<Result<_, _>>()?;
    let list = trust::load(&setting.data)?;
    let stale = match &list {
        Some(list) => trust::is_stale(list, setting)?,
        None => false,
    };
    Ok((Trust { list, pinned }, stale))
}
