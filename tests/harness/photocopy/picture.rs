//! Grey pictures, and the plainest file format for them.

use std::path::Path;

/// A grey picture, a byte a pixel: 0 is black, 255 white.
#[derive(Clone, PartialEq, Eq)]
pub struct Picture {
    /// Pixels a row.
    pub width: usize,
    /// Rows.
    pub height: usize,
    /// The rows from the top, each from the left.
    pub pixels: Vec<u8>,
}

impl Picture {
    /// Reads a binary PGM file of 256 greys, as pdftoppm writes it (netpbm, `pgm(5)`).
    #[must_use]
    pub fn read_pgm(path: &Path) -> Self {
        let bytes = std::fs::read(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        let mut rest = bytes.as_slice();
        let mut word = || {
            let end = rest.iter().position(u8::is_ascii_whitespace).expect("the header of a PGM file");
            let (word, tail) = rest.split_at(end);
            rest = &tail[1..];
            String::from_utf8_lossy(word).into_owned()
        };
        assert_eq!(word(), "P5", "{}", path.display());
        let (width, height, greys) = (word(), word(), word());
        assert_eq!(greys, "255", "{}", path.display());
        let picture =
            Self { width: width.parse().unwrap(), height: height.parse().unwrap(), pixels: rest.to_vec() };
        assert_eq!(picture.pixels.len(), picture.width * picture.height, "{}", path.display());
        picture
    }

    /// Writes a binary PGM file.
    pub fn write_pgm(&self, path: &Path) {
        let mut bytes = format!("P5\n{} {}\n255\n", self.width, self.height).into_bytes();
        bytes.extend_from_slice(&self.pixels);
        std::fs::write(path, bytes).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    }
}
