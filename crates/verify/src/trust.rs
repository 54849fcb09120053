//! `verify trust`, and the keys that a seal is checked with: the data folder's signed list and keys given by hand.

use std::fmt::Write as _;
use std::path::Path;

use anyhow::Context;
use jiff::Timestamp;
use jiff::civil::Date;
use propusk_boot::{Language, Locales, Refused, Setting};
use propusk_seal::{PinnedSigner, PublicKey, TrustList, TrustSource, TrustedSigner, open_trust_list};
use serde::{Deserialize, Serialize};

use crate::VerifyError;

/// The signed list within the data folder.
const LIST: &str = "trust/trust.list";
/// The root's public key within the data folder.
const ROOT: &str = "trust/root.pem";

/// Whom this call trusts.
#[derive(Clone, Debug, Default)]
pub struct Trust {
    /// The data folder's list, its root's signature checked.
    pub list: Option<TrustList>,
    /// Keys given by `--signer`, which go first.
    pub pinned: Vec<PinnedSigner>,
}

impl TrustSource for Trust {
    fn find(&self, signer: &str, certificate_reference: &str) -> Option<TrustedSigner> {
        let pinned = self.pinned.find(signer, certificate_reference);
        pinned.or_else(|| self.list.as_ref()?.find(signer, certificate_reference))
    }
}

/// The root's public key; `None` where there is none.
///
/// # Errors
/// A file that can't be read or is no key.
pub fn root(data: &Path) -> anyhow::Result<Option<PublicKey>> {
    let path = data.join(ROOT);
    if !path.exists() {
        return Ok(None);
    }
    let pem = std::fs::read_to_string(&path).with_context(|| format!("{} can't be read", path.display()))?;
    Ok(Some(PublicKey::from_pem(&pem).with_context(|| format!("{}", path.display()))?))
}

/// The list of the data folder; `None` where there is none.
///
/// # Errors
/// A list or a root key that can't be read; [`Refused`] for a list that the root has not signed.
pub fn load(data: &Path) -> anyhow::Result<Option<TrustList>> {
    let list = data.join(LIST);
    let Some(key) = root(data)?.filter(|_| list.exists()) else { return Ok(None) };
    let bytes = std::fs::read(&list).with_context(|| format!("{} can't be read", list.display()))?;
    match open_trust_list(&bytes, &key) {
        Ok(list) => Ok(Some(list)),
        Err(error) => Err(Refused(format!("{}: {error}", list.display())).into()),
    }
}

/// How old the list may be: the same days that a handheld allows.
#[derive(Deserialize)]
struct Handheld {
    trust_stale_days: i64,
}

/// Whether the list is older than the configuration allows, or its successor overdue.
///
/// # Errors
/// The configuration can't be used.
pub fn is_stale(list: &TrustList, setting: &Setting) -> anyhow::Result<bool> {
    let section: Handheld = setting.config.section("handheld")?;
    Ok(list.is_stale(setting.clock.now().as_second(), section.trust_stale_days.saturating_mul(24 * 60 * 60)))
}

/// The answer of `verify trust`.
#[derive(Clone, Serialize, Deserialize)]
pub struct TrustReport {
    /// The signers, in the list's order.
    pub signers: Vec<SignerRow>,
    /// When the operator signed the list.
    pub issued_at: Option<Timestamp>,
    /// When the next list is due at the latest.
    pub next_update: Option<Timestamp>,
    /// Older than the configuration allows, or its successor overdue.
    pub stale: bool,
}

/// One signer.
#[derive(Clone, Serialize, Deserialize)]
pub struct SignerRow {
    /// Four characters, `KGBP`.
    pub signer: String,
    /// Hexadecimal.
    pub certificate_reference: String,
    /// The first day on which it may sign.
    pub valid_from: Date,
    /// The last day of its certificate.
    pub valid_to: Date,
    /// Withdrawn.
    pub revoked: bool,
    /// Since when.
    pub revoked_at: Option<Timestamp>,
    /// The zones it may grant, as the bitmask of feature 05.
    pub zones: u32,
    /// The most days one of its permits may hold.
    pub max_days: u16,
    /// SubjectPublicKeyInfo.
    pub public_key_pem: String,
}

impl TrustReport {
    /// Reads the data folder's list.
    ///
    /// # Errors
    /// There is none, or it can't be used.
    pub fn of(setting: &Setting) -> anyhow::Result<Self> {
        let missing = || VerifyError::NoTrustList(setting.data.join(LIST).display().to_string());
        let list = load(&setting.data)?.ok_or_else(missing)?;
        let moment = |seconds: i64| Timestamp::from_second(seconds).ok();
        let row = |signer: &propusk_seal::Signer| {
            Ok(SignerRow {
                signer: signer.id.signer.clone(),
                certificate_reference: signer.id.certificate_reference.clone(),
                valid_from: signer.valid_from,
                valid_to: signer.valid_to,
                revoked: signer.revoked_at.is_some(),
                revoked_at: signer.revoked_at.and_then(moment),
                zones: signer.zones.0,
                max_days: signer.max_days,
                public_key_pem: signer.public_key.to_pem()?,
            })
        };
        let signers = list.signers.iter().map(row).collect::<anyhow::Result<_>>()?;
        let stale = is_stale(&list, setting)?;
        Ok(Self { signers, issued_at: moment(list.issued_at), next_update: moment(list.next_update), stale })
    }

    /// For a terminal.
    #[must_use]
    pub fn text(&self, now: Timestamp, language: Language) -> String {
        let say = |id: &str, args: &[(&str, String)]| {
            let args: Vec<_> = args.iter().map(|(name, value)| (*name, value.as_str().into())).collect();
            Locales::embedded().text(language, id, &args)
        };
        let day = |at: Option<Timestamp>| at.map(|at| propusk_boot::clock::date_in_bishkek(at).to_string());
        let days = self.issued_at.map_or(0, |at| now.duration_since(at).as_hours() / 24);
        let args = [
            ("issued", day(self.issued_at).unwrap_or_default()),
            ("days", days.to_string()),
            ("due", day(self.next_update).unwrap_or_default()),
        ];
        let mut text = say("trust-age", &args);
        if self.stale {
            let _ = write!(text, "\n{}", say("trust-stale", &[]));
        }
        for row in &self.signers {
            let state = if row.revoked { say("trust-revoked", &[]) } else { String::new() };
            let (signer, reference) = (&row.signer, &row.certificate_reference);
            let _ = write!(text, "\n{signer} {reference}  {} – {}  {state}", row.valid_from, row.valid_to);
        }
        text
    }
}
