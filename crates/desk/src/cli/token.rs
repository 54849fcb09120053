//! `propusk desk token …`

use clap::{Args, Subcommand};
use propusk_boot::Setting;
use propusk_boot::client::ServerOptions;

use super::connect;
use crate::api::{NewToken, TokenRequest, TokenView};
use crate::tokens::Scope;

/// Tokens with which programs use the desk's API.
#[derive(Debug, Subcommand)]
pub enum TokenCommand {
    /// Make a token; it is printed this once.
    Add(Add),
    /// All tokens, revoked ones too.
    List(All),
    /// Shut a token out for good.
    Revoke(Revoke),
}

/// Arguments of `desk token add`.
#[derive(Debug, Args)]
pub struct Add {
    /// Its name, under which the journal of look-ups notes it.
    name: String,
    /// What it may do, comma-separated: read, issue, change, print.
    #[arg(long, value_name = "SCOPES", value_delimiter = ',', required = true)]
    scopes: Vec<String>,
    /// Good for so many days; until it is revoked where it is not said.
    #[arg(long, value_name = "DAYS")]
    expires: Option<u32>,
    #[command(flatten)]
    server: ServerOptions,
}

/// Arguments of `desk token list`.
#[derive(Debug, Args)]
pub struct All {
    #[command(flatten)]
    server: ServerOptions,
}

/// Arguments of `desk token revoke`.
#[derive(Debug, Args)]
pub struct Revoke {
    /// Its name.
    name: String,
    #[command(flatten)]
    server: ServerOptions,
}

pub(super) fn run(command: TokenCommand, setting: &Setting) -> anyhow::Result<()> {
    match command {
        TokenCommand::Add(Add { name, scopes, expires, server }) => {
            let scopes = scopes.iter().map(|scope| scope.parse()).collect::<Result<Vec<Scope>, _>>()?;
            let request = TokenRequest { name, scopes, expires_days: expires };
            let new: NewToken = connect(&server, setting)?.post("/v1/tokens", &request)?;
            setting.print(&new, || {
                let said = setting.say("token-added", &[("name", new.view.name.clone())]);
                format!("{}\n{said}", new.token)
            })
        }
        TokenCommand::List(All { server }) => {
            let tokens: Vec<TokenView> = connect(&server, setting)?.get("/v1/tokens")?;
            setting.print_each(&tokens, |token| line(token, setting))
        }
        TokenCommand::Revoke(Revoke { name, server }) => {
            let path = format!("/v1/tokens/{}/revocations", escaped(&name));
            let token: TokenView = connect(&server, setting)?.post(&path, &())?;
            setting.print(&token, || setting.say("token-revoked", &[("name", token.name.clone())]))
        }
    }
}

fn line(token: &TokenView, setting: &Setting) -> String {
    let scopes: Vec<&str> = token.scopes.iter().map(|scope| scope.as_str()).collect();
    let state = match (&token.revoked, &token.until) {
        (Some(at), _) => setting.say("token-is-revoked", &[("at", at.clone())]),
        (None, Some(at)) => setting.say("token-is-good-until", &[("at", at.clone())]),
        (None, None) => setting.say("token-is-good", &NONE),
    };
    let used = match &token.last_used {
        Some(day) => setting.say("token-used", &[("day", day.clone())]),
        None => setting.say("token-unused", &NONE),
    };
    format!("{:<24} {:<24} {state} {used}", token.name, scopes.join(","))
}

/// A sentence without arguments.
const NONE: [(&str, String); 0] = [];

/// A name as a part of a path.
fn escaped(name: &str) -> String {
    let keep = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-');
    let part = |byte| if keep(byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") };
    name.bytes().map(part).collect()
}
