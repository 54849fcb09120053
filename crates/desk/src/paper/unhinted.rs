//! A TrueType font without its hinting.
//!
//! Hinting fits outlines to the pixels of a coarse screen. On paper it does nothing, and it is nearly half of what an
//! embedded subset weighs. What is dropped: the tables `cvt `, `fpgm` and `prep` and every glyph's instructions
//! (OpenType 1.9, "glyf": simple and composite glyph descriptions).

/// The tables that only hinting needs, and the signature that dropping them breaks.
const DROPPED: [&[u8; 4]; 4] = [b"cvt ", b"fpgm", b"prep", b"DSIG"];
/// Composite glyphs: the component's arguments are words.
const ARGUMENTS_ARE_WORDS: u16 = 0x0001;
/// Composite glyphs: one scale.
const HAS_SCALE: u16 = 0x0008;
/// Composite glyphs: another component follows.
const MORE_COMPONENTS: u16 = 0x0020;
/// Composite glyphs: two scales.
const HAS_TWO_SCALES: u16 = 0x0040;
/// Composite glyphs: a matrix.
const HAS_MATRIX: u16 = 0x0080;
/// Composite glyphs: instructions follow the last component.
const HAS_INSTRUCTIONS: u16 = 0x0100;

/// Rewrites a font without hinting. `None` where the font has no TrueType outlines or is malformed; it is then used as
/// it is.
pub(super) fn unhinted(font: &[u8]) -> Option<Vec<u8>> {
    let tables = tables(font)?;
    let table = |tag: &[u8; 4]| tables.iter().find(|(known, _)| known == tag).map(|&(_, data)| data);
    let (head, loca, glyf) = (table(b"head")?, table(b"loca")?, table(b"glyf")?);
    let is_long = u16_at(head, 50)? != 0;
    let offsets: Vec<usize> = if is_long {
        loca.chunks_exact(4).map(|bytes| u32_at(bytes, 0)).collect::<Option<_>>()?
    } else {
        loca.chunks_exact(2)
            .map(|bytes| u16_at(bytes, 0).map(|half| usize::from(half) * 2))
            .collect::<Option<_>>()?
    };
    let mut new_glyf = Vec::with_capacity(glyf.len());
    let mut new_loca = Vec::with_capacity(offsets.len() * 4);
    for pair in offsets.windows(2) {
        new_loca.extend(u32::try_from(new_glyf.len()).ok()?.to_be_bytes());
        let &[start, end] = pair else { return None };
        new_glyf.extend(glyph(glyf.get(start..end)?)?);
        new_glyf.resize(new_glyf.len().next_multiple_of(4), 0);
    }
    new_loca.extend(u32::try_from(new_glyf.len()).ok()?.to_be_bytes());
    let mut new_head = head.to_vec();
    new_head.get_mut(50..52)?.copy_from_slice(&1_u16.to_be_bytes());
    let kept = tables.iter().filter(|(tag, _)| !DROPPED.contains(&tag)).map(|&(tag, data)| match &tag {
        b"glyf" => (tag, new_glyf.as_slice()),
        b"loca" => (tag, new_loca.as_slice()),
        b"head" => (tag, new_head.as_slice()),
        _ => (tag, data),
    });
    assemble(font.get(..4)?, &kept.collect::<Vec<_>>())
}

/// A glyph's description without its instructions.
fn glyph(data: &[u8]) -> Option<Vec<u8>> {
    if data.is_empty() {
        return Some(Vec::new());
    }
    let contours = i16::from_be_bytes(data.get(..2)?.try_into().ok()?);
    match usize::try_from(contours) {
        Ok(contours) => {
            let length_at = 10 + 2 * contours;
            let length = usize::from(u16_at(data, length_at)?);
            let outline = data.get(length_at + 2 + length..)?;
            Some([data.get(..length_at)?, &[0, 0], outline].concat())
        }
        Err(_) => composite(data),
    }
}

fn composite(data: &[u8]) -> Option<Vec<u8>> {
    let mut glyph = data.to_vec();
    let mut at = 10;
    loop {
        let flags = u16_at(data, at)?;
        glyph.get_mut(at..at + 2)?.copy_from_slice(&(flags & !HAS_INSTRUCTIONS).to_be_bytes());
        at += 4 + if flags & ARGUMENTS_ARE_WORDS == 0 { 2 } else { 4 };
        at += match flags & (HAS_SCALE | HAS_TWO_SCALES | HAS_MATRIX) {
            HAS_SCALE => 2,
            HAS_TWO_SCALES => 4,
            HAS_MATRIX => 8,
            _ => 0,
        };
        if flags & MORE_COMPONENTS == 0 {
            glyph.truncate(at);
            return Some(glyph);
        }
    }
}

type Tagged<'d> = ([u8; 4], &'d [u8]);

fn tables(font: &[u8]) -> Option<Vec<Tagged<'_>>> {
    let count = usize::from(u16_at(font, 4)?);
    let records = font.get(12..12 + 16 * count)?.chunks_exact(16);
    records
        .map(|record| {
            let (start, length) = (u32_at(record, 8)?, u32_at(record, 12)?);
            Some((record.get(..4)?.try_into().ok()?, font.get(start..start + length)?))
        })
        .collect()
}

/// Writes the table directory and the tables, in the order given, which is the directory's own.
fn assemble(version: &[u8], tables: &[Tagged<'_>]) -> Option<Vec<u8>> {
    let count = u16::try_from(tables.len()).ok()?;
    let selector = u16::try_from(count.checked_ilog2()?).ok()?;
    let range = 16 << selector;
    let mut font = version.to_vec();
    for number in [count, range, selector, count * 16 - range] {
        font.extend(number.to_be_bytes());
    }
    let mut offset = 12 + 16 * tables.len();
    for (tag, data) in tables {
        font.extend(tag);
        font.extend(checksum(data).to_be_bytes());
        font.extend(u32::try_from(offset).ok()?.to_be_bytes());
        font.extend(u32::try_from(data.len()).ok()?.to_be_bytes());
        offset += data.len().next_multiple_of(4);
    }
    for (_, data) in tables {
        font.extend(*data);
        font.resize(font.len().next_multiple_of(4), 0);
    }
    Some(font)
}

fn checksum(data: &[u8]) -> u32 {
    data.chunks(4).fold(0, |sum: u32, chunk| {
        let mut word = [0; 4];
        word.iter_mut().zip(chunk).for_each(|(to, from)| *to = *from);
        sum.wrapping_add(u32::from_be_bytes(word))
    })
}

fn u16_at(data: &[u8], at: usize) -> Option<u16> {
    data.get(at..at + 2)?.try_into().ok().map(u16::from_be_bytes)
}

fn u32_at(data: &[u8], at: usize) -> Option<usize> {
    let number = data.get(at..at + 4)?.try_into().ok().map(u32::from_be_bytes)?;
    usize::try_from(number).ok()
}
