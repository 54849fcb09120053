//! What JavaScript calls. Text in, text out: objects would have to be kept alive on both sides.

use wasm_bindgen::prelude::wasm_bindgen;

/// As [`propusk_handheld::phone::public_key`].
///
/// # Errors
/// In words.
#[wasm_bindgen]
pub fn public_key(raw: &[u8]) -> Result<String, String> {
    propusk_handheld::phone::public_key(raw)
}

/// As [`propusk_handheld::phone::enrolled`].
///
/// # Errors
/// In words.
#[wasm_bindgen]
pub fn enrolled(reply: &str, opening: &str) -> Result<String, String> {
    propusk_handheld::phone::enrolled(reply, opening)
}

/// The rows that the browser has kept, on their way into a [`Phone`].
#[wasm_bindgen]
#[derive(Default)]
pub struct Kept(Vec<(Vec<u8>, Vec<u8>)>);

#[wasm_bindgen]
impl Kept {
    /// None yet.
    #[wasm_bindgen(constructor)]
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds one.
    pub fn add(&mut self, key: Vec<u8>, value: Vec<u8>) {
        self.0.push((key, value));
    }
}

/// As [`propusk_handheld::phone::Phone`].
#[wasm_bindgen]
pub struct Phone(propusk_handheld::phone::Phone);

#[wasm_bindgen]
impl Phone {
    /// Opens it.
    ///
    /// # Errors
    /// In words.
    pub fn open(rows: Kept, opening: &str) -> Result<Self, String> {
        propusk_handheld::phone::Phone::open(rows.0, opening).map(Self)
    }

    /// A phone for training at the same post.
    ///
    /// # Errors
    /// In words.
    pub fn train(&self, opening: &str) -> Result<Self, String> {
        self.0.train(opening).map(Self)
    }

    /// Takes a signature that was asked for.
    #[must_use]
    pub fn signed(&self, bytes: &str, signature: &[u8]) -> bool {
        self.0.signed(bytes, signature)
    }

    /// Answers a question.
    #[must_use]
    pub fn ask(&mut self, question: &str) -> String {
        self.0.ask(question)
    }
}
