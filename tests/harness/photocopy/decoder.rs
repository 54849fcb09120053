//! The two decoders, both other people's programs.

use std::path::Path;

use crate::tools::try_run;

/// A program that looks for QR codes on a page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Decoder {
    /// zbar's `zbarimg`.
    Zbar,
    /// zxing-cpp's `ZXingReader`.
    Zxing,
}

impl Decoder {
    /// Both, the faster one first.
    pub const ALL: [Self; 2] = [Self::Zxing, Self::Zbar];

    /// The texts of the QR codes that it finds on a picture.
    #[must_use]
    pub fn read(self, picture: &Path) -> Vec<String> {
        let file = picture.to_str().unwrap();
        match self {
            // Its status is 4 where it finds nothing.
            Self::Zbar => try_run("zbarimg", &["--quiet", "--raw", "-Sdisable", "-Sqrcode.enable", file])
                .lines()
                .map(str::to_owned)
                .collect(),
            // A line a code: the file, the format, the text between double quotes.
            Self::Zxing => try_run("ZXingReader", &["-1", "-format", "QRCode", file])
                .lines()
                .filter_map(|line| Some(line.split_once('"')?.1.strip_suffix('"')?.to_owned()))
                .collect(),
        }
    }
}
