//! `propusk desk user …`

use clap::{Args, Subcommand};
use propusk_boot::Setting;
use propusk_boot::client::ServerOptions;
use propusk_staff::{UserRequest, UserView};

use super::connect;

/// Who works at the desk.
#[derive(Debug, Subcommand)]
pub enum UserCommand {
    /// Add a user; the password is read from standard input.
    Add(Add),
    /// Everybody.
    List(Everybody),
}

/// Arguments of `desk user add`.
#[derive(Debug, Args)]
pub struct Add {
    /// The name to sign in with.
    name: String,
    /// clerk, manager or auditor.
    #[arg(long)]
    role: String,
    #[command(flatten)]
    server: ServerOptions,
}

/// Arguments of `desk user list`.
#[derive(Debug, Args)]
pub struct Everybody {
    #[command(flatten)]
    server: ServerOptions,
}

pub(super) fn run(command: UserCommand, setting: &Setting) -> anyhow::Result<()> {
    let line = |user: &UserView| format!("{:<24} {}", user.name, user.role);
    match command {
        UserCommand::Add(Add { name, role, server }) => {
            let request = UserRequest::read(name, role)?;
            let user: UserView = connect(&server, setting)?.post("/v1/users", &request)?;
            setting.print(&user, || line(&user))
        }
        UserCommand::List(Everybody { server }) => {
            let users: Vec<UserView> = connect(&server, setting)?.get("/v1/users")?;
            setting.print_each(&users, line)
        }
    }
}
