//! What is kept of people: purging it, and who looked it up.

use propusk_boot::ExitStatus;
use propusk_boot::skeleton::Setting;

use super::{Lookups, Purge, connect, parse};
use crate::lookups::{LookUpRow, LookUps};
use crate::purge::{PurgeReply, PurgeRequest};

pub(super) fn purge(args: Purge, setting: &Setting) -> anyhow::Result<ExitStatus> {
    let permits = args.permits.iter().map(|number| Ok(parse(number)?.compact().to_owned()));
    let request = PurgeRequest {
        permits: permits.collect::<anyhow::Result<_>>()?,
        older_than_days: args.older_than,
        expired: args.expired,
        dry_run: args.dry_run,
        reason: args.reason,
        by: args.by,
    };
    let reply: PurgeReply = connect(&args.server, setting)?.post("/v1/purges", &request)?;
    setting.print(&reply, || {
        let mut lines: Vec<String> = reply.purged.clone();
        let args = [("purged", reply.purged.len().to_string()), ("already", reply.already.len().to_string())];
        lines.push(setting.say(if reply.dry_run { "purge-would" } else { "purge-done" }, &args));
        lines.join("\n")
    })?;
    Ok(ExitStatus::Yes)
}

/// Lists look-ups; the answer is no where the chain does not hold.
pub(super) fn lookups(args: &Lookups, setting: &Setting) -> anyhow::Result<ExitStatus> {
    let permit = match &args.permit {
        Some(number) => format!("&permit={}", parse(number)?.compact()),
        None => String::new(),
    };
    let path = format!("/v1/look-ups?limit={}{permit}", args.limit);
    let found: LookUps = connect(&args.server, setting)?.get(&path)?;
    setting.print_each(&found.look_ups, line)?;
    if let Some(index) = found.broken_at {
        eprintln!("{}", setting.say("look-ups-broken", &[("index", index.to_string())]));
    } else if !setting.json {
        let args = [("entries", found.entries.to_string()), ("head", found.head.clone())];
        setting.print(&(), || setting.say("look-ups-whole", &args))?;
    }
    Ok(ExitStatus::from_answer(found.broken_at.is_none()))
}

fn line(row: &LookUpRow) -> String {
    let why = row.why.as_deref().unwrap_or_default();
    let permits = match row.permits.as_slice() {
        [one] => one.clone(),
        several => several.len().to_string(),
    };
    format!("{:>6}  {}  {:<12} {:<14} {permits}  {why}", row.index, row.at, row.who, row.what)
}
