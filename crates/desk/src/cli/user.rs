//! `propusk desk user …`

use std::io::Read;

use clap::{Args, Subcommand};
use propusk_boot::Setting;
use propusk_boot::client::ServerOptions;

use super::connect;
use crate::api::{UserRequest, UserView};

/// Longest password that is read, in bytes.
const MAX_PASSWORD: u64 = 1024;

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
            let mut password = String::new();
            std::io::stdin().lock().take(MAX_PASSWORD).read_to_string(&mut password)?;
            let password = password.trim_end_matches(['\r', '\n']).to_owned();
            let request = UserRequest { name, role, password };
            let user: UserView = connect(&server, setting)?.post("/v1/users", &request)?;
            setting.print(&user, || line(&user))
        }
        UserCommand::List(Everybody { server }) => {
            let users: Vec<UserView> = connect(&server, setting)?.get("/v1/users")?;
            setting.print_each(&users, line)
        }
    }
}
