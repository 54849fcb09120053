//! What JavaScript calls. Text in, text out: objects would have to be kept alive on both sides.

use wasm_bindgen::prelude::wasm_bindgen;

/// As [`crate::read`].
#[wasm_bindgen]
#[must_use]
pub fn read(ask: &str) -> String {
    crate::read(ask)
}

/// As [`crate::compare`].
#[wasm_bindgen]
#[must_use]
pub fn compare(ask: &str) -> String {
    crate::compare(ask)
}
