//! QR codes out of pictures and PDF pages.

use std::io::Cursor;
use std::path::Path;
use std::process::Command;

use image::{ImageReader, Limits};
use rxing::common::{GlobalHistogramBinarizer, HybridBinarizer};
use rxing::multi::MultipleBarcodeReader;
use rxing::multi::qrcode::QRCodeMultiReader;
use rxing::{
    BinaryBitmap, DecodeHints, Luma8LuminanceSource, RXingResult, RXingResultMetadataType,
    RXingResultMetadataValue,
};

use crate::VerifyError;

/// The most bytes of a picture or PDF that are read.
pub(crate) const MAX_PICTURE_BYTES: u64 = 64 * 1024 * 1024;
/// The widest and highest picture: a page of A4 at 1200 dpi.
const MAX_SIDE: u32 = 15_000;
/// The most memory that decoding one picture may take.
const MAX_DECODED_BYTES: u64 = 512 * 1024 * 1024;
/// Dots per inch at which PDF pages are drawn: more than four for a module of 0.55 mm (SEAL.md, "On paper").
const PDF_DPI: &str = "200";
/// The most pages of a PDF that are looked at.
const MAX_PAGES: &str = "500";

/// What the first bytes say.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Picture,
    Pdf,
    /// Anything else: a seal's text or its bytes.
    Plain,
}

/// Tells pictures and PDFs from seals by their first bytes.
pub(crate) fn kind(bytes: &[u8]) -> Kind {
    match bytes {
        [0x89, b'P', b'N', b'G', ..] | [0xFF, 0xD8, 0xFF, ..] => Kind::Picture,
        [b'%', b'P', b'D', b'F', ..] => Kind::Pdf,
        _ => Kind::Plain,
    }
}

/// What the QR codes of a PNG or JPEG say, each once.
pub(crate) fn codes_in_picture(name: &str, bytes: &[u8]) -> Result<Vec<Vec<u8>>, VerifyError> {
    let broken = |why: String| VerifyError::Picture { name: name.to_owned(), why };
    let mut limits = Limits::default();
    limits.max_image_width = Some(MAX_SIDE);
    limits.max_image_height = Some(MAX_SIDE);
    limits.max_alloc = Some(MAX_DECODED_BYTES);
    let mut reader = ImageReader::new(Cursor::new(bytes))
        .with_guessed_format()
        .map_err(|error| broken(error.to_string()))?;
    reader.limits(limits);
    let luma = reader.decode().map_err(|error| broken(error.to_string()))?.into_luma8();
    let (width, height) = luma.dimensions();
    let source =
        Luma8LuminanceSource::new(luma.into_raw(), width, height).map_err(|e| broken(e.to_string()))?;
    Ok(codes(&source))
}

/// What the QR codes on the pages of a PDF say. The pages are drawn by poppler in a process of its own.
pub(crate) fn codes_in_pdf(name: &str, bytes: &[u8]) -> Result<Vec<Vec<u8>>, VerifyError> {
    let read = |source: std::io::Error| VerifyError::Read { name: name.to_owned(), source };
    let folder = tempfile::tempdir().map_err(read)?;
    let file = folder.path().join("document.pdf");
    std::fs::write(&file, bytes).map_err(read)?;
    draw_pages(name, &file, &folder.path().join("page"))?;
    let mut pages = Vec::new();
    for entry in std::fs::read_dir(folder.path()).map_err(read)? {
        let path = entry.map_err(read)?.path();
        if path.extension().is_some_and(|end| end == "png") {
            pages.push(path);
        }
    }
    // pdftoppm pads page numbers to one width, so names sort as pages do.
    pages.sort();
    let mut all = Vec::new();
    for page in pages {
        all.extend(codes_in_picture(name, &std::fs::read(&page).map_err(read)?)?);
    }
    Ok(all)
}

fn draw_pages(name: &str, file: &Path, prefix: &Path) -> Result<(), VerifyError> {
    let output = Command::new("pdftoppm")
        .args(["-r", PDF_DPI, "-l", MAX_PAGES, "-gray", "-png"])
        .args([file, prefix])
        .output()
        .map_err(|source| match source.kind() {
            std::io::ErrorKind::NotFound => VerifyError::NoPoppler,
            _ => VerifyError::Poppler { name: name.to_owned(), why: source.to_string() },
        })?;
    if output.status.success() {
        return Ok(());
    }
    let words = String::from_utf8_lossy(&output.stderr);
    let why = words.lines().next().unwrap_or("no reason given").to_owned();
    Err(VerifyError::Poppler { name: name.to_owned(), why })
}

/// Tries both ways of telling black from white; the local one is better for photographs, the global one for prints.
fn codes(source: &Luma8LuminanceSource) -> Vec<Vec<u8>> {
    let hints = DecodeHints { TryHarder: Some(true), ..DecodeHints::default() };
    let mut reader = QRCodeMultiReader::new();
    let mut local = BinaryBitmap::new(HybridBinarizer::new(source.clone()));
    let mut results = reader.decode_multiple_with_hints(&mut local, &hints).unwrap_or_default();
    let mut global = BinaryBitmap::new(GlobalHistogramBinarizer::new(source.clone()));
    results.extend(reader.decode_multiple_with_hints(&mut global, &hints).unwrap_or_default());
    let mut said: Vec<Vec<u8>> = Vec::new();
    for content in results.iter().map(content) {
        if !said.contains(&content) {
            said.push(content);
        }
    }
    said
}

/// The bytes of a QR in byte mode where they are a raw seal, else its text.
fn content(result: &RXingResult) -> Vec<u8> {
    let segments = result.getRXingResultMetadata().get(&RXingResultMetadataType::BYTE_SEGMENTS);
    if let Some(RXingResultMetadataValue::ByteSegments(segments)) = segments {
        let bytes = segments.concat();
        if bytes.first() == Some(&0xDC) {
            return bytes;
        }
    }
    result.getText().as_bytes().to_vec()
}

#[cfg(test)]
mod tests {
    use super::*;
    use fast_qr::{ECL, QRBuilder};

    /// A page with two codes side by side, as a PNG.
    fn page(texts: [&str; 2]) -> Vec<u8> {
        const MODULE: usize = 4;
        let codes = texts.map(|text| QRBuilder::new(text).ecl(ECL::M).build().unwrap());
        let (width, height) = (1200, 600);
        let mut picture = image::GrayImage::from_pixel(width, height, image::Luma([255]));
        for (index, code) in codes.iter().enumerate() {
            let left = 60 + index * 600;
            for y in 0..code.size * MODULE {
                for x in 0..code.size * MODULE {
                    if code[y / MODULE][x / MODULE].value() {
                        picture.put_pixel((left + x) as u32, (60 + y) as u32, image::Luma([0]));
                    }
                }
            }
        }
        let mut png = Cursor::new(Vec::new());
        picture.write_to(&mut png, image::ImageFormat::Png).unwrap();
        png.into_inner()
    }

    #[test]
    fn every_code_on_a_page_is_read_once() {
        let (first, second) = (format!("KGBZ{}", "A".repeat(280)), format!("KGBZ{}", "B".repeat(280)));
        let png = page([&first, &second]);
        assert_eq!(kind(&png), Kind::Picture);
        let mut codes = codes_in_picture("page.png", &png).unwrap();
        codes.sort();
        assert_eq!(codes, [first.into_bytes(), second.into_bytes()]);
    }

    #[test]
    fn a_broken_picture_says_so() {
        let mut png = page(["A", "B"]);
        png.truncate(100);
        let error = codes_in_picture("cut.png", &png).unwrap_err().to_string();
        assert!(error.starts_with("cut.png is not a picture"), "{error}");
    }
}
