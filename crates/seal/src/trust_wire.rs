//! The trust list as it travels: version byte ‖ postcard body ‖ r‖s of the root key (64 bytes).
//!
//! The signature covers a fixed label and then the version and body exactly as received, never a
//! re-encoding: postcard accepts more than one way to write a number.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::key::{PublicKey, SigningKey};
use crate::signer::SignerId;
use crate::trust::{Signer, TrustError, TrustList};
use crate::zones::ZoneMask;

/// The version that is written, and so far the only one that is read.
pub const TRUST_LIST_VERSION: u8 = 1;
/// The most bytes that are looked at; [`crate::MAX_SIGNERS`] signers take less than half.
pub const MAX_TRUST_LIST_BYTES: usize = 1 << 20;

const SIGNATURE_BYTES: usize = 64;
/// Keeps a signature over a trust list from being taken for one over anything else, and the reverse.
const LABEL: &[u8] = b"propusk trust list\n";

/// Version 1 of the body. Never changed: a change is a new version with a struct of its own.
#[derive(Serialize, Deserialize)]
struct ListV1 {
    issued_at: i64,
    next_update: i64,
    signers: Vec<SignerV1>,
}

#[derive(Serialize, Deserialize)]
struct SignerV1 {
    signer: String,
    certificate_reference: String,
    valid_from: DateV1,
    valid_to: DateV1,
    /// An uncompressed point, 65 bytes.
    public_key: Vec<u8>,
    zones: u32,
    max_days: u16,
    revoked_at: Option<i64>,
}

/// Year, month, day.
type DateV1 = (i16, i8, i8);

/// Writes and signs a list; the same list gives the same bytes.
///
/// # Errors
/// A [`TrustError`] for whatever [`open_trust_list`] would reject.
pub fn sign_trust_list(list: &TrustList, root: &SigningKey) -> Result<Vec<u8>, TrustError> {
    list.check()?;
    let signers = list.signers.iter().map(to_wire).collect();
    let body = ListV1 { issued_at: list.issued_at, next_update: list.next_update, signers };
    let mut bytes = vec![TRUST_LIST_VERSION];
    bytes.extend(postcard::to_allocvec(&body).map_err(|_| TrustError::Body)?);
    bytes.extend(root.sign(&labelled(&bytes)));
    if bytes.len() > MAX_TRUST_LIST_BYTES {
        return Err(TrustError::TooLong { len: bytes.len() });
    }
    Ok(bytes)
}

/// Checks the root's signature over the bytes as received and reads the list.
///
/// # Errors
/// A [`TrustError`]; before [`TrustError::Signature`] is ruled out nothing of the body is read.
pub fn open_trust_list(bytes: &[u8], root: &PublicKey) -> Result<TrustList, TrustError> {
    if bytes.len() > MAX_TRUST_LIST_BYTES {
        return Err(TrustError::TooLong { len: bytes.len() });
    }
    let cut = TrustError::Cut { len: bytes.len() };
    let (signed, signature) = bytes.split_last_chunk::<SIGNATURE_BYTES>().ok_or(cut.clone())?;
    let (&version, body) = signed.split_first().ok_or(cut)?;
    if !root.verifies(&labelled(signed), signature) {
        return Err(TrustError::Signature);
    }
    if version != TRUST_LIST_VERSION {
        return Err(TrustError::Version { found: version });
    }
    let (body, leftover) = postcard::take_from_bytes::<ListV1>(body).map_err(|_| TrustError::Body)?;
    if !leftover.is_empty() {
        return Err(TrustError::Leftover { count: leftover.len() });
    }
    let signers = body.signers.into_iter().map(from_wire).collect::<Result<_, _>>()?;
    let list = TrustList { issued_at: body.issued_at, next_update: body.next_update, signers };
    list.check()?;
    Ok(list)
}

fn labelled(signed: &[u8]) -> Vec<u8> {
    [LABEL, signed].concat()
}

fn to_wire(signer: &Signer) -> SignerV1 {
    let date = |date: Date| (date.year(), date.month(), date.day());
    SignerV1 {
        signer: signer.id.signer.clone(),
        certificate_reference: signer.id.certificate_reference.clone(),
        valid_from: date(signer.valid_from),
        valid_to: date(signer.valid_to),
        public_key: signer.public_key.to_sec1(),
        zones: signer.zones.0,
        max_days: signer.max_days,
        revoked_at: signer.revoked_at,
    }
}

fn from_wire(wire: SignerV1) -> Result<Signer, TrustError> {
    let reference = wire.certificate_reference;
    let date = |(year, month, day)| {
        Date::new(year, month, day).map_err(|_| TrustError::Dates { reference: reference.clone() })
    };
    Ok(Signer {
        valid_from: date(wire.valid_from)?,
        valid_to: date(wire.valid_to)?,
        public_key: PublicKey::from_sec1(&wire.public_key)
            .map_err(|_| TrustError::Key { reference: reference.clone() })?,
        zones: ZoneMask(wire.zones),
        max_days: wire.max_days,
        revoked_at: wire.revoked_at,
        id: SignerId { signer: wire.signer, certificate_reference: reference },
    })
}
