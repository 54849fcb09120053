//! An agency's logo: read once, checked, and stored once in a document.

use std::collections::BTreeMap;
use std::io::Cursor;
use std::sync::Arc;

use png::{ColorType, Decoder, Limits, Transformations};
use printpdf::{DictItem, ExternalStream, ExternalXObject};

use super::letterhead::{LOGO_HEIGHT, LOGO_WIDTH};
use super::svg;

/// The longest file that is read.
pub const MAX_LOGO_BYTES: usize = 2 * 1024 * 1024;
/// What a decoded PNG may take.
const MAX_DECODED_BYTES: usize = 64 * 1024 * 1024;
/// Finer than this no office printer prints, and every document carries the picture.
const DOTS_PER_INCH: f32 = 300.0;
const MM_PER_INCH: f32 = 25.4;

/// A logo, ready for a PDF.
#[derive(Clone)]
pub struct Logo {
    /// In pixels, or in the units of a drawing.
    size: (f32, f32),
    content: Content,
}

#[derive(Clone)]
enum Content {
    /// Eight bits a sample, rows from the top.
    Image { columns: u32, rows: u32, is_grey: bool, samples: Arc<[u8]> },
    /// PDF operators, the origin at the bottom left.
    Drawing(Arc<[u8]>),
}

/// Why a file can't be the logo.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum LogoError {
    /// Neither of the two formats.
    #[error("it is neither a PNG picture nor an SVG drawing")]
    Kind,
    /// A file that is not for printing.
    #[error("it has {found} bytes, a logo at most {MAX_LOGO_BYTES}: save it smaller")]
    TooLong {
        /// Its length.
        found: usize,
    },
    /// The file is damaged or not what it says.
    #[error("it can't be read: {why}")]
    Unreadable {
        /// What the library said.
        why: String,
    },
    /// An SVG with something that is not drawn here.
    #[error("its drawing uses {feature}; save it with plain filled and stroked shapes (texts as outlines)")]
    Feature {
        /// What.
        feature: &'static str,
    },
}

impl Logo {
    /// Reads a PNG picture or an SVG drawing. Transparent parts become white; a picture that is finer than paper can
    /// show is made smaller.
    ///
    /// # Errors
    /// [`LogoError`].
    pub fn read(bytes: &[u8]) -> Result<Self, LogoError> {
        if bytes.len() > MAX_LOGO_BYTES {
            return Err(LogoError::TooLong { found: bytes.len() });
        }
        if bytes.starts_with(b"\x89PNG\r\n\x1a\n") {
            return read_png(bytes);
        }
        let text = std::str::from_utf8(bytes).map_err(|_| LogoError::Kind)?;
        if !text.contains("<svg") {
            return Err(LogoError::Kind);
        }
        let (size, content) = svg::drawing(text)?;
        Ok(Self { size, content: Content::Drawing(content.into()) })
    }

    /// Width and height of the logo in a box, its proportions kept.
    pub(super) fn fitted(&self, width: f32, height: f32) -> (f32, f32) {
        let scale = (width / self.size.0.max(0.001)).min(height / self.size.1.max(0.001));
        (self.size.0 * scale, self.size.1 * scale)
    }

    /// The logo as an XObject that fills the unit square.
    pub(super) fn xobject(&self) -> ExternalXObject {
        let name = |name: &str| DictItem::Name(name.into());
        let int = |number: u32| DictItem::Int(i64::from(number));
        let mut dict = BTreeMap::from([("Type".to_owned(), name("XObject"))]);
        let mut set = |key: &str, item| dict.insert(key.to_owned(), item);
        let content = match &self.content {
            Content::Image { columns, rows, is_grey, samples } => {
                set("Subtype", name("Image"));
                set("Width", int(*columns));
                set("Height", int(*rows));
                set("BitsPerComponent", int(8));
                set("ColorSpace", name(if *is_grey { "DeviceGray" } else { "DeviceRGB" }));
                samples
            }
            Content::Drawing(content) => {
                let (width, height) = self.size;
                let reals = |numbers: &[f32]| {
                    DictItem::Array(numbers.iter().map(|number| DictItem::Real(*number)).collect())
                };
                set("Subtype", name("Form"));
                set("FormType", int(1));
                set("BBox", reals(&[0.0, 0.0, width, height]));
                set("Matrix", reals(&[1.0 / width, 0.0, 0.0, 1.0 / height, 0.0, 0.0]));
                set("Resources", DictItem::Dict { map: BTreeMap::new() });
                content
            }
        };
        let content = content.to_vec();
        let stream = ExternalStream { dict, content, compress: true };
        ExternalXObject { stream, width: None, height: None, dpi: None }
    }
}

/// A picture of three samples a pixel.
struct Rgb {
    columns: usize,
    rows: usize,
    pixels: Vec<[u8; 3]>,
}

fn read_png(bytes: &[u8]) -> Result<Logo, LogoError> {
    let unreadable = |error: &dyn std::fmt::Display| LogoError::Unreadable { why: error.to_string() };
    let mut decoder = Decoder::new_with_limits(Cursor::new(bytes), Limits { bytes: MAX_DECODED_BYTES });
    decoder.set_transformations(Transformations::normalize_to_color8());
    let mut reader = decoder.read_info().map_err(|error| unreadable(&error))?;
    let size = reader.output_buffer_size().filter(|size| *size <= MAX_DECODED_BYTES);
    let mut samples = vec![0; size.ok_or_else(|| unreadable(&"it has too many pixels"))?];
    let frame = reader.next_frame(&mut samples).map_err(|error| unreadable(&error))?;
    samples.truncate(frame.buffer_size());
    let over_white = |sample: u8, alpha: u8| {
        let (sample, alpha) = (u16::from(sample), u16::from(alpha));
        u8::try_from((sample * alpha + 255 * (255 - alpha)) / 255).unwrap_or(u8::MAX)
    };
    let pixel = |samples: &[u8]| match *samples {
        [grey] => [grey; 3],
        [grey, alpha] => [over_white(grey, alpha); 3],
        [red, green, blue] => [red, green, blue],
        [red, green, blue, alpha] => [red, green, blue].map(|sample| over_white(sample, alpha)),
        _ => [255; 3],
    };
    let samples_a_pixel = match frame.color_type {
        ColorType::Grayscale | ColorType::Indexed => 1,
        ColorType::GrayscaleAlpha => 2,
        ColorType::Rgb => 3,
        ColorType::Rgba => 4,
    };
    let size = |number: u32| usize::try_from(number).map_err(|error| unreadable(&error));
    let picture = Rgb {
        columns: size(frame.width)?,
        rows: size(frame.height)?,
        pixels: samples.chunks_exact(samples_a_pixel).map(pixel).collect(),
    };
    if picture.columns == 0 || picture.pixels.len() != picture.columns * picture.rows {
        return Err(unreadable(&"it has fewer pixels than it says"));
    }
    Ok(image(&for_print(picture)))
}

/// The picture in no more pixels than its place on paper can show.
fn for_print(picture: Rgb) -> Rgb {
    let dots = |mm: f32| (mm / MM_PER_INCH * DOTS_PER_INCH) as usize;
    let (most_columns, most_rows) = (dots(LOGO_WIDTH), dots(LOGO_HEIGHT));
    if picture.columns <= most_columns && picture.rows <= most_rows {
        return picture;
    }
    let by_width = picture.columns * most_rows >= picture.rows * most_columns;
    let (columns, rows) = if by_width {
        (most_columns, (picture.rows * most_columns / picture.columns).max(1))
    } else {
        ((picture.columns * most_rows / picture.rows).max(1), most_rows)
    };
    let mut pixels = Vec::with_capacity(columns * rows);
    for row in 0..rows {
        for column in 0..columns {
            let across = span(column, columns, picture.columns);
            pixels.push(mean(&picture, across, span(row, rows, picture.rows)));
        }
    }
    Rgb { columns, rows, pixels }
}

/// Which of `from` old columns or rows the new one number `index` of `to` stands for; at least one.
fn span(index: usize, to: usize, from: usize) -> std::ops::Range<usize> {
    let (start, end) = (index * from / to, (index + 1) * from / to);
    start..end.max(start + 1).min(from)
}

fn mean(picture: &Rgb, columns: std::ops::Range<usize>, rows: std::ops::Range<usize>) -> [u8; 3] {
    let (mut sum, mut count) = ([0_usize; 3], 0);
    for row in rows {
        let line = row * picture.columns;
        for pixel in picture.pixels.get(line + columns.start..line + columns.end).unwrap_or_default() {
            sum.iter_mut().zip(pixel).for_each(|(sum, sample)| *sum += usize::from(*sample));
            count += 1;
        }
    }
    sum.map(|sum| u8::try_from(sum / count.max(1)).unwrap_or(u8::MAX))
}

fn image(picture: &Rgb) -> Logo {
    let is_grey = picture.pixels.iter().all(|[red, green, blue]| red == green && green == blue);
    let samples: Vec<u8> = if is_grey {
        picture.pixels.iter().map(|[grey, ..]| *grey).collect()
    } else {
        picture.pixels.iter().flatten().copied().collect()
    };
    let size = |number: usize| u32::try_from(number).unwrap_or(u32::MAX);
    let (columns, rows) = (size(picture.columns), size(picture.rows));
    Logo {
        size: (columns as f32, rows as f32),
        content: Content::Image { columns, rows, is_grey, samples: samples.into() },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn png(columns: u32, rows: u32, color: ColorType, samples: &[u8]) -> Vec<u8> {
        let mut bytes = Vec::new();
        let mut encoder = png::Encoder::new(&mut bytes, columns, rows);
        encoder.set_color(color);
        let mut writer = encoder.write_header().unwrap();
        writer.write_image_data(samples).unwrap();
        writer.finish().unwrap();
        bytes
    }

    fn samples(logo: &Logo) -> (u32, u32, bool, &[u8]) {
        match &logo.content {
            Content::Image { columns, rows, is_grey, samples } => (*columns, *rows, *is_grey, samples),
            Content::Drawing(_) => unreachable!("a PNG is no drawing"),
        }
    }

    #[test]
    fn transparency_becomes_white_and_grey_stays_grey() {
        let logo = Logo::read(&png(2, 1, ColorType::Rgba, &[255, 0, 0, 255, 0, 0, 0, 0])).unwrap();
        assert_eq!(samples(&logo), (2, 1, false, &[255, 0, 0, 255, 255, 255][..]));
        let logo = Logo::read(&png(2, 1, ColorType::GrayscaleAlpha, &[10, 255, 0, 0])).unwrap();
        assert_eq!(samples(&logo), (2, 1, true, &[10, 255][..]));
    }

    #[test]
    fn a_large_picture_is_made_as_fine_as_paper_shows() {
        let logo = Logo::read(&png(1200, 1200, ColorType::Grayscale, &[7; 1_440_000])).unwrap();
        let (columns, rows, is_grey, samples) = samples(&logo);
        assert_eq!((columns, rows, is_grey), (165, 165, true));
        assert!(samples.iter().all(|sample| *sample == 7));
        let (width, height) = logo.fitted(LOGO_WIDTH, LOGO_HEIGHT);
        assert!((width - 14.0).abs() < 1e-3 && (height - 14.0).abs() < 1e-3);
    }

    #[test]
    fn what_is_no_logo_is_refused() {
        let why = |bytes: &[u8]| Logo::read(bytes).err();
        assert_eq!(why(b"GIF89a"), Some(LogoError::Kind));
        assert_eq!(why(&[0xff, 0xd8]), Some(LogoError::Kind));
        assert_eq!(why(&[b' '; MAX_LOGO_BYTES + 1]), Some(LogoError::TooLong { found: MAX_LOGO_BYTES + 1 }));
        let whole = png(4, 4, ColorType::Grayscale, &[1; 16]);
        assert!(matches!(why(&whole[..40]), Some(LogoError::Unreadable { .. })));
        assert!(matches!(why(b"<svg"), Some(LogoError::Unreadable { .. })));
        let of_svg = |inner: &str| {
            let text = format!("<svg xmlns='http://www.w3.org/2000/svg' width='9' height='9'>{inner}</svg>");
            Logo::read(text.as_bytes()).map(|_| ())
        };
        assert_eq!(of_svg("<text x='1' y='5'>A</text>"), Err(LogoError::Feature { feature: "text" }));
        assert_eq!(
            of_svg("<image href='/etc/passwd' width='1' height='1'/>"),
            Err(LogoError::Feature { feature: "pictures" })
        );
        let gradient = "<linearGradient id='g'><stop stop-color='red'/><stop offset='1' stop-color='blue'/></linearGradient><rect width='5' height='5' fill='url(#g)'/>";
        assert_eq!(of_svg(gradient), Err(LogoError::Feature { feature: "colour gradients or patterns" }));
        assert_eq!(of_svg("<rect width='5' height='5'/>"), Ok(()));
    }
}
