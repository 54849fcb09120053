//! Ids as they stand in the region file: lower-case ASCII letters, digits and single hyphens.

use serde::Deserialize;
use std::fmt;

macro_rules! id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        ///
        /// An id that was built by hand is only a claim; it is known to exist when a [`crate::Region`] gave it out.
        #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize)]
        #[serde(transparent)]
        pub struct $name(String);

        impl $name {
            /// Wraps an id, for instance one that was stored with a permit. It is not looked up.
            pub fn new(id: impl Into<String>) -> Self {
                Self(id.into())
            }

            /// The id as text.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }
    };
}

id!(
    /// A restricted zone, for instance `issyk-kul`.
    ZoneId
);
id!(
    /// A place inside a zone, for instance `kol-suu`.
    PlaceId
);
id!(
    /// A military checkpoint (post) inside a zone, for instance `karasay`.
    CheckpointId
);
id!(
    /// A whole named route, for instance `tash-rabat-kol-suu`.
    RouteId
);
id!(
    /// A crossing of the state border, for instance `irkeshtam`.
    CrossingId
);

/// True for the one way to write an id in the file: no capitals, no underscores, hyphens only between other characters.
pub(crate) fn is_well_formed(id: &str) -> bool {
    let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit();
    id.split('-').all(|part| !part.is_empty() && part.chars().all(plain))
}
