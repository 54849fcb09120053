//! The signed 2D code on every copy of a permit: ICAO Doc 9303-13 Visible Digital Seals.
//!
//! In scope: reading and writing any seal of Doc 9303-13 (header versions `02` and `03`), its text form
//! (`KGBZ` + Base32), ECDSA on P-256 and, for reading only, brainpoolP256r1; the permit's own profile
//! (document type `01B0`); the signed list of trusted signers; the status words of Doc 9303-13 appendix D
//! and Doc 9303-7 §9.4.
//!
//! Out of scope: I/O, the clock and randomness (dates, times and key bytes are parameters); drawing or
//! scanning QR codes; check digits and the comparison of names (`propusk-passport`); the check character
//! of a permit number and what a copy may do (`propusk-permit`); X.509 certificates: being on the newest
//! trust list is what makes a signer valid.
//!
//! ```
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! use propusk_seal::{PinnedSigner, Status, read_scan, verify};
//! let today = jiff::civil::date(2026, 7, 1);
//! let trusted = vec![PinnedSigner::parse(
//!     "UTTS5B=0408132a7243b3ccc29c271097081c96a729eefb8eb93630e536498e9b7ce1ced2\
//!      5d68a789d93bef39c04715c5ad3915d281c0754ecc08508bf66687efc630df88",
//! )?];
//! assert!(read_scan(b"KGBZ0").is_err(), "0 is not a letter of Base32");
//! assert_eq!(verify(b"\xdc\x03", &trusted, today).status, Status::WrongFormat);
//! # Ok(())
//! # }
//! ```

pub mod c40;
pub mod date;

mod error;
mod header;
mod key;
mod lead_mrz;
mod profile;
mod profile_error;
mod reader;
mod render;
mod seal;
mod signer;
mod statement;
mod status;
mod text;
mod traveller;
mod trust;
mod trust_wire;
mod verify;
mod zones;

pub use error::SealError;
pub use header::{Header, Version};
pub use key::{Curve, KeyError, PublicKey, SigningKey};
pub use lead_mrz::{LeadMrz, MrzFormat};
pub use profile::{
    COUNTRY, DOCUMENT_TYPE_CATEGORY, FEATURE_DEFINITION_REFERENCE, MAX_GROUP_SIZE, MAX_OFFICE_CHARS,
    MAX_OTHERS, PERMIT_NUMBER_CHARS, PermitSeal,
};
pub use profile_error::ProfileError;
pub use render::RenderedFeature;
pub use seal::{Feature, MAX_SEAL_BYTES, Seal, parse, sign};
pub use signer::{Overreach, PinnedSigner, PinnedSignerError, SignerId, TrustSource, TrustedSigner};
pub use statement::{Statement, StatementError};
pub use status::{Remark, Status};
pub use text::{Extent, MAX_TEXT_BYTES, TEXT_PREFIX, extent, from_text, read_scan, to_text};
pub use traveller::{SealedTraveller, name_digest};
pub use trust::{MAX_SIGNERS, Signer, TrustError, TrustList};
pub use trust_wire::{MAX_TRUST_LIST_BYTES, TRUST_LIST_VERSION, open_trust_list, sign_trust_list};
pub use verify::{Fault, Verification, verify, verify_scan};
pub use zones::ZoneMask;
