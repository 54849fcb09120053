//! What printpdf leaves out of a file: its description and language, how to print it, and compression.

use std::io::Write as _;

use flate2::Compression;
use flate2::write::ZlibEncoder;
use lopdf::{Dictionary, Object, text_string};

use super::booklet::Booklet;
use super::document::fault;
use super::error::PaperError;
use super::labels::Labels;

/// Sets what printpdf leaves out or draws at random: language, how to print, a description without a clock, and an
/// identifier that is a hash of the content.
pub(super) fn describe(
    file: &mut lopdf::Document,
    booklet: &Booklet,
    labels: &Labels,
) -> Result<(), PaperError> {
    file.version = "1.7".to_owned();
    let name = |name: &str| Object::Name(name.into());
    let mut preferences = Dictionary::new();
    preferences.set("DisplayDocTitle", true);
    // A viewer that shrinks the page to fit would make the modules of the code smaller than they have to be, and a
    // printer that prints on both sides would put two copies on one sheet.
    preferences.set("PrintScaling", name("None"));
    preferences.set("Duplex", name("Simplex"));
    let catalog = file.catalog_mut().map_err(fault)?;
    catalog.set("Lang", text_string(labels.primary.code()));
    catalog.set("ViewerPreferences", preferences);
    catalog.set("PageMode", name("UseOutlines"));
    let title = format!(
        "{} / {} {}, {} {}",
        labels.title.primary,
        labels.title.secondary,
        booklet.permit_number,
        labels.version.secondary,
        booklet.version
    );
    let issued = booklet.issued_on;
    let issued = format!("D:{:04}{:02}{:02}000000Z", issued.year(), issued.month(), issued.day());
    let mut info = Dictionary::new();
    info.set("Title", text_string(&title));
    info.set("Author", text_string(&booklet.agency));
    info.set("Creator", text_string("propusk"));
    info.set("Producer", text_string("propusk"));
    info.set("CreationDate", text_string(&issued));
    info.set("ModDate", text_string(&issued));
    let info = file.add_object(info);
    let printpdfs = file.trailer.get(b"Info").and_then(Object::as_reference).map_err(fault)?;
    file.objects.remove(&printpdfs);
    file.trailer.set("Info", info);
    let identifier =
        Object::String(content_hash(file).to_be_bytes().to_vec(), lopdf::StringFormat::Hexadecimal);
    file.trailer.set("ID", vec![identifier.clone(), identifier]);
    Ok(())
}

/// FNV-1a over every stream, the permit's dates and all seals among them.
fn content_hash(file: &lopdf::Document) -> u128 {
    let streams = file.objects.values().filter_map(|object| object.as_stream().ok());
    streams
        .flat_map(|stream| &stream.content)
        .fold(0x6c62_272e_07bb_0142_62b8_2175_6295_c58d, |hash: u128, &byte| {
            (hash ^ u128::from(byte)).wrapping_mul(0x0000_0000_0100_0000_0000_0000_0000_013b)
        })
}

/// Compresses every stream that is not yet.
pub(super) fn compress(file: &mut lopdf::Document, level: u32) -> Result<(), PaperError> {
    for object in file.objects.values_mut() {
        let Object::Stream(stream) = object else { continue };
        if stream.dict.has(b"Filter") {
            continue;
        }
        let mut encoder = ZlibEncoder::new(Vec::new(), Compression::new(level.min(9)));
        encoder.write_all(&stream.content).map_err(fault)?;
        stream.set_content(encoder.finish().map_err(fault)?);
        stream.dict.set("Filter", Object::Name(b"FlateDecode".to_vec()));
    }
    Ok(())
}
