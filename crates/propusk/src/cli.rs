//! The command line's first word.

use std::process::ExitCode;

use clap::{Parser, Subcommand};
use propusk_boot::exit::report;
use propusk_boot::skeleton::Options;
use propusk_boot::{ExitStatus, Failed};

use crate::{lifeline, nats, up};

/// Border-zone permits: issued with sealed copies, handed in at checkpoints offline, checked against passports
#[derive(Debug, Parser)]
#[command(name = "propusk", version)]
struct Arguments {
    #[command(flatten)]
    options: Options,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// The agency's desk: orders, permits, printing
    #[command(subcommand)]
    Desk(propusk_desk::cli::Command),
    /// The checkpoint's handheld: scan, judge offline, queue, send
    #[command(subcommand)]
    Handheld(propusk_handheld::cli::Command),
    /// The hand-in record
    #[command(subcommand)]
    Recorder(propusk_recorder::cli::Command),
    /// The checks: passports, permits, seals, the trust list
    #[command(subcommand)]
    Verify(propusk_verify::cli::Command),
    /// All rooms and a private nats-server on this machine, until Ctrl-C
    Up(up::Arguments),
    /// Becomes the broker (for `up` only)
    #[command(hide = true)]
    Broker(nats::Become),
}

/// Parses the arguments, runs one command, and gives its exit status. Arguments that can't be parsed end with 2.
pub(crate) fn main() -> ExitCode {
    let Arguments { options, command } = Arguments::parse();
    report(run(command, &options))
}

fn run(command: Command, options: &Options) -> Result<ExitStatus, Failed> {
    lifeline::hold()?;
    match command {
        Command::Desk(command) => propusk_desk::cli::run(command, options),
        Command::Handheld(command) => propusk_handheld::cli::run(command, options),
        Command::Recorder(command) => propusk_recorder::cli::run(command, options),
        Command::Verify(command) => propusk_verify::cli::run(command, options),
        Command::Up(arguments) => up::run(&arguments, options),
        Command::Broker(program) => Err(program.start().into()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory as _;

    #[test]
    fn the_arguments_are_well_formed() {
        Arguments::command().debug_assert();
        let arguments = Arguments::parse_from(["propusk", "up", "--data", "d", "--demo", "--once"]);
        assert!(matches!(arguments.command, Command::Up(_)));
        assert!(Arguments::try_parse_from(["propusk", "up", "--once"]).is_err(), "--once needs --demo");
    }
}
