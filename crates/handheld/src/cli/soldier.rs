//! `propusk handheld soldier …`: who may work on this device.

use std::path::PathBuf;

use anyhow::Context;
use clap::{Args, Subcommand};
use propusk_boot::{ExitStatus, Setting, private, random};

use super::{NONE, OfPost, open};
use crate::device::Device;
use crate::duty::{Duty, Listed, Refusal, Unlocked};
use crate::keyboard::hidden_line;
use crate::pin::PinError;
use crate::scan::uptime_ms;

/// Who may work on this device.
#[derive(Debug, Subcommand)]
pub enum Soldier {
    /// Give a soldier a PIN; from the first one on, nobody works here without. PINs are read from the terminal, or one a
    /// line from standard input: first that of the senior soldier who adds, then the new one.
    Add(Add),
    /// Take a soldier off the list.
    Remove(Remove),
    /// Who has a PIN.
    List(OfPost),
}

/// Arguments of `handheld soldier add`.
#[derive(Debug, Args)]
pub struct Add {
    /// Name or number, as it stands in every hand-in.
    name: String,
    /// The senior soldier who adds; the first soldier needs nobody.
    #[arg(long, value_name = "NAME")]
    by: Option<String>,
    /// May add and remove others. The first one may.
    #[arg(long)]
    senior: bool,
    #[command(flatten)]
    of: OfPost,
}

/// Arguments of `handheld soldier remove`.
#[derive(Debug, Args)]
pub struct Remove {
    /// Name or number.
    name: String,
    /// The senior soldier who removes.
    #[arg(long, value_name = "NAME")]
    by: Option<String>,
    #[command(flatten)]
    of: OfPost,
}

/// Who records, where soldiers have PINs.
#[derive(Debug, Args)]
pub(crate) struct OnDuty {
    /// Who is on duty.
    #[arg(long, value_name = "NAME", default_value = "")]
    pub(crate) soldier: String,
    /// File with the soldier's PIN, where soldiers have one; the terminal otherwise.
    #[arg(long, value_name = "FILE")]
    pin_file: Option<PathBuf>,
}

impl OnDuty {
    /// Lets nobody record under a name without its PIN, where soldiers have PINs.
    pub(crate) fn check(&self, device: &Device, setting: &Setting) -> anyhow::Result<()> {
        let duty = Duty::of(device)?;
        if !duty.is_guarded()? {
            return Ok(());
        }
        let pin = match &self.pin_file {
            Some(path) => private::read_secret(path)?,
            None => hidden_line(&setting.say("pin-ask", &[("soldier", self.soldier.clone())]))?,
        };
        unlocked(&duty, &self.soldier, &pin, setting).map(drop)
    }
}

pub(super) fn run(command: &Soldier, setting: &Setting) -> anyhow::Result<ExitStatus> {
    match command {
        Soldier::Add(args) => {
            let duty = Duty::of(&open(args.of.post.as_deref(), setting)?)?;
            let name = args.name.trim();
            may_change(&duty, args.by.as_deref(), setting)?;
            let pin = hidden_line(&setting.say("pin-new", &[("soldier", name.to_owned())]))?;
            say_refusal(duty.add(name, &pin, args.senior, random::bytes()?), setting)?;
            say(name, "soldier-added", setting)
        }
        Soldier::Remove(args) => {
            let duty = Duty::of(&open(args.of.post.as_deref(), setting)?)?;
            may_change(&duty, args.by.as_deref(), setting)?;
            say_refusal(duty.remove(args.name.trim()), setting)?;
            say(args.name.trim(), "soldier-removed", setting)
        }
        Soldier::List(of) => {
            let listed = Duty::of(&open(of.post.as_deref(), setting)?)?.list()?;
            setting.print_each(&listed, |row: &Listed| {
                let senior = if row.senior { setting.say("soldier-senior", &NONE) } else { String::new() };
                format!("{}  {senior}", row.soldier).trim_end().to_owned()
            })?;
            Ok(ExitStatus::Yes)
        }
    }
}

fn say(soldier: &str, sentence: &str, setting: &Setting) -> anyhow::Result<ExitStatus> {
    let done = serde_json::json!({ "soldier": soldier });
    setting.print(&done, || setting.say(sentence, &[("soldier", soldier.to_owned())]))?;
    Ok(ExitStatus::Yes)
}

/// Once somebody has a PIN, only a senior soldier changes the list.
fn may_change(duty: &Duty, by: Option<&str>, setting: &Setting) -> anyhow::Result<()> {
    if !duty.is_guarded()? {
        return Ok(());
    }
    let by = by.with_context(|| setting.say("soldier-by", &NONE))?;
    let pin = hidden_line(&setting.say("pin-ask", &[("soldier", by.to_owned())]))?;
    anyhow::ensure!(unlocked(duty, by, &pin, setting)?, setting.say("soldier-not-senior", &NONE));
    Ok(())
}

/// Whether the soldier, whose PIN this is, is senior.
fn unlocked(duty: &Duty, name: &str, pin: &str, setting: &Setting) -> anyhow::Result<bool> {
    match duty.unlock(name, pin, uptime_ms())? {
        Unlocked::Yes { senior } => Ok(senior),
        Unlocked::No => anyhow::bail!(setting.say("lock-wrong", &NONE)),
        Unlocked::Paused { seconds } => {
            anyhow::bail!(setting.say("lock-paused", &[("seconds", seconds.to_string())]))
        }
    }
}

/// Says a refusal in the soldier's language.
fn say_refusal(result: anyhow::Result<()>, setting: &Setting) -> anyhow::Result<()> {
    result.map_err(|error| {
        let refused = error.downcast_ref::<Refusal>().map(|it| format!("duty-{}", it.as_str()));
        let digits = error.downcast_ref::<PinError>().map(|it| format!("pin-{}", it.as_str()));
        match refused.or(digits) {
            Some(id) => anyhow::anyhow!(setting.say(&id, &NONE)),
            None => error,
        }
    })
}
