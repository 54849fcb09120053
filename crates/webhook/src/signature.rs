//! The signature: HMAC-SHA256 over id, timestamp and body.

use data_encoding::BASE64;
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

use crate::WebhookError;

/// What a secret's text begins with.
const MARK: &str = "whsec_";
/// How many bytes a secret has (Standard Webhooks, "Signature scheme").
const BYTES: std::ops::RangeInclusive<usize> = 24..=64;

/// The secret that sender and receiver share. Its `Debug` shows nothing of it.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(Vec<u8>);

impl Secret {
    /// Reads `whsec_` and Base64 of 24 to 64 bytes.
    ///
    /// # Errors
    /// [`WebhookError::Secret`], which does not quote it.
    pub fn parse(text: &str) -> Result<Self, WebhookError> {
        let base64 = text.trim().strip_prefix(MARK).ok_or(WebhookError::Secret)?;
        let bytes = BASE64.decode(base64.as_bytes()).map_err(|_| WebhookError::Secret)?;
        if BYTES.contains(&bytes.len()) { Ok(Self(bytes)) } else { Err(WebhookError::Secret) }
    }
}

impl std::fmt::Debug for Secret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Secret(…)")
    }
}

/// The header `webhook-signature` of a message: `v1,` and Base64. `timestamp` is in Unix seconds.
///
/// # Errors
/// Never for a secret that was parsed; HMAC takes keys of any length.
pub fn sign(secret: &Secret, id: &str, timestamp: i64, body: &str) -> anyhow::Result<String> {
    let mut mac = Hmac::<Sha256>::new_from_slice(&secret.0)?;
    mac.update(format!("{id}.{timestamp}.{body}").as_bytes());
    Ok(format!("v1,{}", BASE64.encode(&mac.finalize().into_bytes())))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The example of the specification's own libraries.
    #[test]
    fn the_published_example_has_its_signature() {
        let secret = Secret::parse("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw\n").unwrap();
        let signature =
            sign(&secret, "msg_p5jXN8AQM9LWM0D4loKWxJek", 1_614_265_330, "{\"test\": 2432232314}");
        assert_eq!(signature.unwrap(), "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
        for wrong in
            ["", "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "whsec_MfKQ", "whsec_not base64 at all, not at all"]
        {
            assert!(Secret::parse(wrong).is_err(), "{wrong}");
        }
        assert_eq!(format!("{secret:?}"), "Secret(…)");
    }
}
