//! The API's tokens for programs: each with a name, what it may do, and an end.
//!
//! Rows of the desk's store of work: `T` + SHA-256 of the secret → [`Token`]. The secret itself, 256 random bits, is stored
//! nowhere; it is looked up by its hash, so that how long that takes tells nothing of it. A revoked token keeps its row and
//! its name: the journal of look-ups names it for ever.

use std::fmt;
use std::str::FromStr;

use jiff::Timestamp;
use propusk_boot::clock::date_in_bishkek;
use propusk_boot::random;
use propusk_store::{Draft, Store};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::DeskError;

/// What a secret begins with: whoever finds it lying about knows what it is.
const MARK: &str = "desk_";
/// The most tokens, revoked ones counted.
const MOST: usize = 1000;
/// The longest name, in characters.
const LONGEST_NAME: usize = 40;
/// The longest life, in days.
const LONGEST_LIFE: u32 = 3650;
const DAY_MS: i64 = 24 * 3_600_000;

/// What a route of the API asks of a token.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Scope {
    /// To look permits up, with their people.
    Read,
    /// To issue permits.
    Issue,
    /// To correct, extend and revoke them.
    Change,
    /// To print them and fetch their sheets.
    Print,
    /// To decide who works here and what is erased: the operator's own token, and no other.
    Admin,
}

impl Scope {
    /// Those that a token can be given.
    pub(crate) const GRANTED: [Self; 4] = [Self::Read, Self::Issue, Self::Change, Self::Print];

    /// The word that commands and descriptions write.
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Read => "read",
            Self::Issue => "issue",
            Self::Change => "change",
            Self::Print => "print",
            Self::Admin => "admin",
        }
    }
}

impl fmt::Display for Scope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for Scope {
    type Err = TokenError;

    fn from_str(text: &str) -> Result<Self, TokenError> {
        let named = Self::GRANTED.into_iter().find(|scope| scope.as_str() == text.trim());
        named.ok_or_else(|| TokenError::Scope(text.to_owned()))
    }
}

/// Why a token can't be made or changed.
#[derive(Debug, thiserror::Error)]
pub(crate) enum TokenError {
    /// A scope that a token can't have.
    #[error("`{0}` is no scope of a token; there are read, issue, change and print")]
    Scope(String),
    /// No scope at all.
    #[error("a token without a scope opens nothing; there are read, issue, change and print")]
    NoScope,
    /// A name that can't be one.
    #[error("a token's name has 2 to {LONGEST_NAME} letters, digits, dots and hyphens")]
    Name,
    /// There is, or was, one of this name.
    #[error("there is a token of this name, or was: the journal of look-ups knows it; take another name")]
    Taken,
    /// A life that can't be one.
    #[error("a token lives 1 to {LONGEST_LIFE} days")]
    Life,
    /// Too many.
    #[error("there are {MOST} tokens, which is the most")]
    Many,
    /// There is none of this name.
    #[error("there is no token `{name}`; propusk desk token list names them")]
    Unknown {
        /// The name.
        name: String,
    },
}

/// A token, without its secret.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Token {
    pub name: String,
    pub scopes: Vec<Scope>,
    /// When it was made (Unix milliseconds), when it ends, when it was revoked.
    pub since_ms: i64,
    pub until_ms: Option<i64>,
    pub revoked_ms: Option<i64>,
    /// The last day (in Bishkek) on which it was used.
    pub last_used: Option<String>,
}

impl Token {
    fn is_good(&self, now_ms: i64) -> bool {
        self.revoked_ms.is_none() && self.until_ms.is_none_or(|until| now_ms < until)
    }
}

/// All tokens.
pub(crate) struct Tokens {
    store: Store,
}

impl Tokens {
    pub(crate) fn new(store: &Store) -> Self {
        Self { store: store.clone() }
    }

    /// Makes a token and gives its secret, which nobody can ask for again.
    pub(crate) fn add(
        &self,
        name: &str,
        scopes: &[Scope],
        days: Option<u32>,
        now_ms: i64,
    ) -> anyhow::Result<(String, Token)> {
        let name = checked_name(name)?.to_owned();
        let scopes = checked_scopes(scopes)?;
        if days.is_some_and(|days| !(1..=LONGEST_LIFE).contains(&days)) {
            return Err(TokenError::Life.into());
        }
        let until_ms = days.map(|days| now_ms + i64::from(days) * DAY_MS);
        let token = Token { name, scopes, since_ms: now_ms, until_ms, revoked_ms: None, last_used: None };
        let secret = format!("{MARK}{}", random::token()?);
        self.store.write(|draft| {
            let all = self.all()?;
            if all.iter().any(|other| same(&other.name, &token.name)) {
                return Err(TokenError::Taken.into());
            }
            if all.len() >= MOST {
                return Err(TokenError::Many.into());
            }
            put(draft, key(secret.as_bytes()), &token)
        })?;
        Ok((secret, token))
    }

    /// Every token, by name.
    pub(crate) fn all(&self) -> anyhow::Result<Vec<Token>> {
        let mut tokens: Vec<Token> =
            self.store.scan(b"T").map(|row| parse(&row?.1)).collect::<anyhow::Result<_>>()?;
        tokens.sort_by(|one, other| one.name.cmp(&other.name));
        Ok(tokens)
    }

    /// The token of this secret, where it is good. The day of its use is noted, once a day.
    pub(crate) fn find(&self, secret: &[u8], now_ms: i64) -> anyhow::Result<Option<Token>> {
        let row = key(secret);
        let Some(bytes) = self.store.get(&row)? else { return Ok(None) };
        let token: Token = parse(&bytes)?;
        if !token.is_good(now_ms) {
            return Ok(None);
        }
        let today = date_in_bishkek(Timestamp::from_millisecond(now_ms)?).to_string();
        if token.last_used.as_ref() != Some(&today) {
            self.change(row, |token| token.last_used = Some(today))?;
        }
        Ok(Some(token))
    }

    /// Revokes a token; one that was revoked before stays so since then.
    pub(crate) fn revoke(&self, name: &str, now_ms: i64) -> anyhow::Result<Token> {
        let unknown = || TokenError::Unknown { name: name.to_owned() };
        for row in self.store.scan(b"T") {
            let (row, bytes) = row?;
            if same(&parse(&bytes)?.name, name) {
                let revoked = self.change(row, |token| {
                    token.revoked_ms.get_or_insert(now_ms);
                })?;
                return Ok(revoked.ok_or_else(unknown)?);
            }
        }
        Err(unknown().into())
    }

    fn change(&self, row: Vec<u8>, change: impl FnOnce(&mut Token)) -> anyhow::Result<Option<Token>> {
        self.store.write(|draft| {
            let Some(bytes) = draft.get(&row)? else { return Ok(None) };
            let mut token = parse(&bytes)?;
            change(&mut token);
            put(draft, row, &token)?;
            Ok(Some(token))
        })
    }
}

fn checked_name(name: &str) -> Result<&str, TokenError> {
    let name = name.trim();
    let right = name.chars().all(|c| c.is_alphanumeric() || c == '.' || c == '-');
    if right && (2..=LONGEST_NAME).contains(&name.chars().count()) { Ok(name) } else { Err(TokenError::Name) }
}

/// Each once, in their own order.
fn checked_scopes(scopes: &[Scope]) -> Result<Vec<Scope>, TokenError> {
    if scopes.contains(&Scope::Admin) {
        return Err(TokenError::Scope(Scope::Admin.to_string()));
    }
    let scopes: Vec<Scope> = Scope::GRANTED.into_iter().filter(|scope| scopes.contains(scope)).collect();
    if scopes.is_empty() { Err(TokenError::NoScope) } else { Ok(scopes) }
}

fn same(one: &str, other: &str) -> bool {
    one.to_lowercase() == other.trim().to_lowercase()
}

fn put(draft: &mut Draft, row: Vec<u8>, token: &Token) -> anyhow::Result<()> {
    draft.put(row, postcard::to_allocvec(token)?);
    Ok(())
}

fn parse(bytes: &[u8]) -> anyhow::Result<Token> {
    let damaged = |error: postcard::Error| DeskError::Damaged { what: "token", why: error.to_string() };
    Ok(postcard::from_bytes(bytes).map_err(damaged)?)
}

fn key(secret: &[u8]) -> Vec<u8> {
    [b"T".as_slice(), &Sha256::digest(secret)].concat()
}

#[cfg(test)]
mod tests {
    use propusk_store::Options;

    use super::*;

    const NOW: i64 = 1_790_000_000_000;

    #[test]
    fn a_token_opens_until_it_ends_and_its_secret_is_in_no_file() {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(&folder.path().join("work"), Options::default()).unwrap();
        let tokens = Tokens::new(&store);
        let (secret, made) =
            tokens.add("crm", &[Scope::Issue, Scope::Read, Scope::Read], Some(30), NOW).unwrap();
        assert_eq!(made.scopes, [Scope::Read, Scope::Issue]);
        let find = |now_ms| tokens.find(secret.as_bytes(), now_ms).unwrap();
        assert_eq!(find(NOW).unwrap().last_used, None);
        assert_eq!(find(NOW + 1).unwrap().last_used.as_deref(), Some("2026-09-21"));
        assert!(find(NOW + 30 * DAY_MS - 1).is_some() && find(NOW + 30 * DAY_MS).is_none(), "it ends");
        let (other, _) = tokens.add("printer", &[Scope::Print], None, NOW).unwrap();
        let revoked = tokens.revoke("PRINTER", NOW + 5).unwrap();
        assert!(tokens.find(other.as_bytes(), NOW + 5).unwrap().is_none());
        assert_eq!(tokens.revoke("printer", NOW + 9).unwrap(), revoked);
        let refused = |name: &str, scopes: &[Scope], days| tokens.add(name, scopes, days, NOW).is_err();
        assert!(refused("Printer", &[Scope::Print], None), "a name is never given twice");
        assert!(refused("x", &[Scope::Print], None) && refused("a b", &[Scope::Print], None));
        assert!(refused("all", &[], None) && refused("all", &[Scope::Admin, Scope::Read], None));
        assert!(refused("all", &[Scope::Read], Some(0)) && refused("all", &[Scope::Read], Some(3651)));
        assert!(tokens.revoke("nobody", NOW).is_err());
        drop((tokens, store));
        let secret = secret.strip_prefix(MARK).unwrap().as_bytes();
        for file in std::fs::read_dir(folder.path().join("work")).unwrap() {
            let bytes = std::fs::read(file.unwrap().path()).unwrap_or_default();
            assert!(!bytes.windows(secret.len()).any(|window| window == secret));
        }
    }
}
