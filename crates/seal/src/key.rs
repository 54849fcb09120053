//! The keys of the two curves that seals of 256 bits are signed on.

use std::fmt;

use data_encoding::HEXLOWER_PERMISSIVE;
use p256::ecdsa::signature::{Signer as _, Verifier as _};
use p256::elliptic_curve::zeroize::Zeroizing;
use p256::pkcs8::{DecodePrivateKey as _, EncodePrivateKey as _, EncodePublicKey as _, LineEnding};
use thiserror::Error;

type P256Key = p256::ecdsa::VerifyingKey;
type BrainpoolKey = ecdsa::VerifyingKey<bp256::BrainpoolP256r1>;

/// A curve that a seal's signature can be on. Both go with SHA-256 (Doc 9303-13 §2.4).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Curve {
    /// NIST P-256, secp256r1: the one we sign with.
    P256,
    /// brainpoolP256r1 (RFC 5639): read only.
    BrainpoolP256r1,
}

/// Why bytes or a text are not a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum KeyError {
    /// Not hexadecimal.
    #[error("the point is not hexadecimal")]
    Hex,
    /// Not 65 bytes that begin with `04`.
    #[error("the point has {len} bytes; an uncompressed one has 65 and begins with 04")]
    NotUncompressed {
        /// The number of bytes found.
        len: usize,
    },
    /// A point that lies on neither curve.
    #[error("the point lies neither on P-256 nor on brainpoolP256r1")]
    NotOnACurve,
    /// 32 bytes that are zero or not below the order of P-256.
    #[error("the bytes are not a private key of P-256")]
    NotAPrivateKey,
    /// A PEM text that is not a PKCS#8 private key of P-256.
    #[error("the text is not a PKCS#8 private key of P-256 in PEM (-----BEGIN PRIVATE KEY-----)")]
    NotAPrivateKeyPem,
    /// A PEM text that is not a public key of either curve.
    #[error("the text is not a public key of P-256 or brainpoolP256r1 in PEM (-----BEGIN PUBLIC KEY-----)")]
    NotAPublicKeyPem,
}

/// A public key on one of the two curves.
#[derive(Clone, Copy)]
pub struct PublicKey(Point);

#[derive(Clone, Copy)]
enum Point {
    P256(P256Key),
    BrainpoolP256r1(BrainpoolKey),
}

impl PublicKey {
    /// Reads an uncompressed point (SEC 1 §2.3.3, 65 bytes) and finds out on which curve it lies.
    ///
    /// # Errors
    /// [`KeyError::NotUncompressed`] or [`KeyError::NotOnACurve`].
    pub fn from_sec1(bytes: &[u8]) -> Result<Self, KeyError> {
        if bytes.len() != 65 || bytes.first() != Some(&4) {
            return Err(KeyError::NotUncompressed { len: bytes.len() });
        }
        P256Key::from_sec1_bytes(bytes)
            .map(Point::P256)
            .or_else(|_| BrainpoolKey::from_sec1_bytes(bytes).map(Point::BrainpoolP256r1))
            .map(Self)
            .map_err(|_| KeyError::NotOnACurve)
    }

    /// Reads an uncompressed point in hexadecimal, upper or lower case.
    ///
    /// # Errors
    /// [`KeyError::Hex`] and those of [`PublicKey::from_sec1`].
    pub fn from_sec1_hex(hex: &str) -> Result<Self, KeyError> {
        Self::from_sec1(&HEXLOWER_PERMISSIVE.decode(hex.as_bytes()).map_err(|_| KeyError::Hex)?)
    }

    /// Reads a SubjectPublicKeyInfo in PEM.
    ///
    /// # Errors
    /// [`KeyError::NotAPublicKeyPem`].
    pub fn from_pem(pem: &str) -> Result<Self, KeyError> {
        use p256::pkcs8::DecodePublicKey as _;
        P256Key::from_public_key_pem(pem)
            .map(Point::P256)
            .or_else(|_| BrainpoolKey::from_public_key_pem(pem).map(Point::BrainpoolP256r1))
            .map(Self)
            .map_err(|_| KeyError::NotAPublicKeyPem)
    }

    /// The uncompressed point, 65 bytes.
    #[must_use]
    pub fn to_sec1(&self) -> Vec<u8> {
        match &self.0 {
            Point::P256(key) => key.to_sec1_point(false).as_bytes().to_vec(),
            Point::BrainpoolP256r1(key) => key.to_sec1_point(false).as_bytes().to_vec(),
        }
    }

    /// The key as a SubjectPublicKeyInfo in PEM, lines ended by LF.
    ///
    /// # Errors
    /// [`KeyError::NotAPublicKeyPem`], which a key that was read without an error never gives.
    pub fn to_pem(&self) -> Result<String, KeyError> {
        match &self.0 {
            Point::P256(key) => key.to_public_key_pem(LineEnding::LF),
            Point::BrainpoolP256r1(key) => key.to_public_key_pem(LineEnding::LF),
        }
        .map_err(|_| KeyError::NotAPublicKeyPem)
    }

    /// The curve the key lies on.
    #[must_use]
    pub const fn curve(&self) -> Curve {
        match self.0 {
            Point::P256(_) => Curve::P256,
            Point::BrainpoolP256r1(_) => Curve::BrainpoolP256r1,
        }
    }

    /// Whether `signature` (r‖s, 64 bytes) is this key's over the SHA-256 of `message`.
    ///
    /// Both s and n − s are taken: Doc 9303-13 asks for no normal form, and signers write either.
    #[must_use]
    pub fn verifies(&self, message: &[u8], signature: &[u8]) -> bool {
        match &self.0 {
            Point::P256(key) => {
                p256::ecdsa::Signature::from_slice(signature).is_ok_and(|rs| key.verify(message, &rs).is_ok())
            }
            Point::BrainpoolP256r1(key) => bp256::r1::ecdsa::Signature::from_slice(signature)
                .is_ok_and(|rs| key.verify(message, &rs).is_ok()),
        }
    }
}

impl PartialEq for PublicKey {
    fn eq(&self, other: &Self) -> bool {
        self.curve() == other.curve() && self.to_sec1() == other.to_sec1()
    }
}

impl Eq for PublicKey {}

impl fmt::Debug for PublicKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PublicKey({:?}, {})", self.curve(), data_encoding::HEXLOWER.encode(&self.to_sec1()))
    }
}

/// A private key on P-256. Never shown by `Debug`; its memory is cleared when it is dropped.
#[derive(Clone)]
pub struct SigningKey(p256::ecdsa::SigningKey);

impl SigningKey {
    /// Makes a key of 32 bytes, which the caller takes from the system's random source.
    ///
    /// # Errors
    /// [`KeyError::NotAPrivateKey`] for zero and for numbers beyond the curve's order (one draw in 2³²:
    /// draw again).
    pub fn from_bytes(bytes: &[u8; 32]) -> Result<Self, KeyError> {
        p256::ecdsa::SigningKey::from_slice(bytes).map(Self).map_err(|_| KeyError::NotAPrivateKey)
    }

    /// Reads a PKCS#8 private key in PEM.
    ///
    /// # Errors
    /// [`KeyError::NotAPrivateKeyPem`].
    pub fn from_pem(pem: &str) -> Result<Self, KeyError> {
        p256::ecdsa::SigningKey::from_pkcs8_pem(pem).map(Self).map_err(|_| KeyError::NotAPrivateKeyPem)
    }

    /// The key as PKCS#8 in PEM, lines ended by LF; for a file that its owner alone can read.
    ///
    /// # Errors
    /// [`KeyError::NotAPrivateKeyPem`], which a key that was read without an error never gives.
    pub fn to_pem(&self) -> Result<Zeroizing<String>, KeyError> {
        self.0.to_pkcs8_pem(LineEnding::LF).map_err(|_| KeyError::NotAPrivateKeyPem)
    }

    /// The public half.
    #[must_use]
    pub fn public_key(&self) -> PublicKey {
        PublicKey(Point::P256(*self.0.verifying_key()))
    }

    /// Signs the SHA-256 of a message: r‖s. The same message gives the same signature (RFC 6979).
    #[must_use]
    pub fn sign(&self, message: &[u8]) -> [u8; 64] {
        let signature: p256::ecdsa::Signature = self.0.sign(message);
        signature.to_bytes().into()
    }
}

impl fmt::Debug for SigningKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SigningKey(hidden)")
    }
}
