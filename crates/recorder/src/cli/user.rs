//! `propusk recorder user …`

use clap::{Args, Subcommand};
use propusk_boot::Setting;
use propusk_boot::client::{Client, ServerOptions};
use propusk_staff::{UserRequest, UserView};

use super::encoded;
use crate::users::UserChange;

/// Who may open the board.
#[derive(Debug, Subcommand)]
pub enum UserCommand {
    /// Add a user; the password is read from standard input.
    Add(Add),
    /// Give a user another role, or bar them from signing in.
    Change(Change),
    /// Everybody.
    List(Everybody),
}

/// Arguments of `recorder user add`.
#[derive(Debug, Args)]
pub struct Add {
    /// The name to sign in with.
    name: String,
    /// clerk (a duty officer), manager (who also decides who may open the board) or auditor (only looks).
    #[arg(long)]
    role: String,
    #[command(flatten)]
    server: ServerOptions,
}

/// Arguments of `recorder user change`.
#[derive(Debug, Args)]
pub struct Change {
    /// Whom.
    name: String,
    /// clerk, manager or auditor.
    #[arg(long)]
    role: String,
    /// They may not sign in; all their sessions are over.
    #[arg(long)]
    barred: bool,
    #[command(flatten)]
    server: ServerOptions,
}

/// Arguments of `recorder user list`.
#[derive(Debug, Args)]
pub struct Everybody {
    #[command(flatten)]
    server: ServerOptions,
}

pub(super) fn run(command: UserCommand, setting: &Setting) -> anyhow::Result<()> {
    let connect = |server: &ServerOptions| -> anyhow::Result<Client> {
        Ok(server.connect(&setting.instance()?, "recorder")?)
    };
    match command {
        UserCommand::Add(Add { name, role, server }) => {
            let request = UserRequest::read(name, role)?;
            let user: UserView = connect(&server)?.post("/v1/users", &request)?;
            setting.print(&user, || line(&user))
        }
        UserCommand::Change(Change { name, role, barred, server }) => {
            let path = format!("/v1/users/{}", encoded(&name));
            let user: UserView = connect(&server)?.post(&path, &UserChange { role, barred })?;
            setting.print(&user, || line(&user))
        }
        UserCommand::List(Everybody { server }) => {
            let users: Vec<UserView> = connect(&server)?.get("/v1/users")?;
            setting.print_each(&users, line)
        }
    }
}

fn line(user: &UserView) -> String {
    format!("{:<24} {}{}", user.name, user.role, if user.barred { "  barred" } else { "" })
}
