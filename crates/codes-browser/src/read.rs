//! QR codes in a camera's picture.

use rqrr::PreparedImage;
use wasm_bindgen::prelude::wasm_bindgen;

/// The text of the first code in a picture that can be read; `rgba` has four bytes a pixel, row by row.
#[wasm_bindgen]
#[must_use]
pub fn read_code(rgba: &[u8], width: usize, height: usize) -> Option<String> {
    // Green is what a camera sees sharpest, and alone as good as any mixture.
    let grey = |x: usize, y: usize| rgba.get((y * width + x) * 4 + 1).copied().unwrap_or(u8::MAX);
    let mut picture = PreparedImage::prepare_from_greyscale(width, height, grey);
    picture.detect_grids().iter().find_map(|grid| grid.decode().ok()).map(|(_, text)| text)
}
