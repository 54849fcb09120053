//! The sections `[desk]` and `[paper]` of the configuration.

use std::fs;
use std::path::{Path, PathBuf};

use propusk_boot::config::{Config, ConfigError};
use serde::Deserialize;

use crate::paper::{
    ExtraField, Languages, Letterhead, Logo, MAX_LOGO_BYTES, Named, Optional, PaperError, PaperSize, Style,
};

/// Most fields of an office's own: more leave no room for the travellers.
pub const MAX_EXTRA_FIELDS: usize = 6;
/// The longest line of a letterhead, label or value, in characters.
pub const MAX_LINE: usize = 100;

/// Settings of the desk; the shipped `config/propusk.toml` explains each.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DeskConfig {
    /// Address of the HTTP API; port 0 takes any free one.
    pub listen: String,
    /// The agency's name, as the sheets print it.
    pub agency: String,
    /// The issuing office, as sheet and seal carry it.
    pub issuing_office: String,
    /// The signer's identifier, `KGBP`.
    pub signer: String,
    /// The reference of this desk's certificate.
    pub certificate_reference: String,
    /// Copies beyond those that the route's checkpoints take.
    pub spares: u8,
    /// The longest validity of one permit, all extensions counted.
    pub max_total_months: u8,
    /// A clerk's session without a request for so many minutes is over.
    pub session_minutes: u32,
    /// How long a permit's personal data are kept after its last valid day; 0 is until somebody purges them.
    pub keep_personal_days: u32,
}

/// The `[paper]` section as it is written; [`paper_settings`] says what it means.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct PaperConfig {
    languages: Vec<String>,
    size: String,
    logo: String,
    address: Vec<String>,
    phone: String,
    show: Vec<String>,
    extra_fields: Vec<ExtraFieldConfig>,
    compression: u32,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct ExtraFieldConfig {
    label: LabelConfig,
    value: String,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct LabelConfig {
    en: String,
    ru: String,
    ky: String,
}

/// How this office prints.
#[derive(Clone, Default)]
pub struct PaperSettings {
    /// Size, letterhead, fields.
    pub style: Style,
    /// The languages where none are asked for.
    pub languages: Languages,
}

/// Reads and checks the `[paper]` section. A logo's path is taken from the folder of the configuration file.
///
/// # Errors
/// [`ConfigError::Invalid`], which names the file, the line and the key.
pub fn paper_settings(config: &Config) -> Result<PaperSettings, ConfigError> {
    let section: PaperConfig = config.section("paper")?;
    let invalid = |key: &str, why: String| config.invalid("paper", key, why);
    let style = Style {
        size: size(&section.size).map_err(|why| invalid("size", why))?,
        letterhead: Letterhead {
            logo: logo(&section.logo, config.file()).map_err(|why| invalid("logo", why))?,
            lines: lines(&section).map_err(|(key, why)| invalid(key, why))?,
        },
        extra_fields: extra_fields(&section.extra_fields).map_err(|why| invalid("extra_fields", why))?,
        hidden: hidden(&section.show).map_err(|why| invalid("show", why))?,
        compression: compression(section.compression).map_err(|why| invalid("compression", why))?,
    };
    let languages = section.languages.join(",").parse();
    let languages = languages.map_err(|error| invalid("languages", format!("{error}")))?;
    style.check().map_err(|error| invalid(key_of(&error), error.to_string()))?;
    Ok(PaperSettings { style, languages })
}

fn size(text: &str) -> Result<PaperSize, String> {
    match text.trim().to_uppercase().as_str() {
        "A4" => Ok(PaperSize::A4),
        "A5" => Ok(PaperSize::A5),
        _ => Err(format!("“{text}” is no size of sheets; write \"A4\" or \"A5\"")),
    }
}

fn logo(path: &str, file: Option<&Path>) -> Result<Option<Logo>, String> {
    if path.trim().is_empty() {
        return Ok(None);
    }
    let folder = file.and_then(Path::parent).map_or_else(PathBuf::new, Path::to_owned);
    let path = folder.join(path.trim());
    let unreadable = |error: std::io::Error| format!("{} can't be read: {error}", path.display());
    let length = fs::metadata(&path).map_err(unreadable)?.len();
    if length > u64::try_from(MAX_LOGO_BYTES).unwrap_or(u64::MAX) {
        return Err(format!("{} has {length} bytes, a logo at most {MAX_LOGO_BYTES}", path.display()));
    }
    let bytes = fs::read(&path).map_err(unreadable)?;
    Logo::read(&bytes).map(Some).map_err(|error| format!("{}: {error}", path.display()))
}

/// The lines beside the logo: the address, then the telephone.
fn lines(section: &PaperConfig) -> Result<Vec<String>, (&'static str, String)> {
    let written = section.address.iter().map(|line| ("address", line));
    let mut lines = Vec::new();
    for (key, line) in written.chain([("phone", &section.phone)]) {
        let line = line.trim();
        short(line).map_err(|why| (key, why))?;
        lines.extend((!line.is_empty()).then(|| line.to_owned()));
    }
    if lines.len() > Letterhead::MAX_LINES {
        let (found, most) = (lines.len(), Letterhead::MAX_LINES);
        return Err(("address", format!("address and phone are {found} lines, at most {most} have room")));
    }
    Ok(lines)
}

fn short(text: &str) -> Result<(), String> {
    let found = text.chars().count();
    if found > MAX_LINE {
        return Err(format!("a text has {found} characters, at most {MAX_LINE} have room"));
    }
    Ok(())
}

fn extra_fields(written: &[ExtraFieldConfig]) -> Result<Vec<ExtraField>, String> {
    if written.len() > MAX_EXTRA_FIELDS {
        return Err(format!("there are {}, at most {MAX_EXTRA_FIELDS} have room", written.len()));
    }
    let mut fields = Vec::new();
    for (index, ExtraFieldConfig { label, value }) in written.iter().enumerate() {
        for text in [&label.en, &label.ru, &label.ky, value] {
            short(text)?;
            if text.trim().is_empty() {
                return Err(format!("field {} has an empty label or value", index + 1));
            }
        }
        let label = Named { en: label.en.clone(), ru: label.ru.clone(), ky: label.ky.clone() };
        fields.push(ExtraField { label, value: value.clone() });
    }
    Ok(fields)
}

/// Everything that is not shown.
fn hidden(shown: &[String]) -> Result<std::collections::BTreeSet<Optional>, String> {
    let mut hidden = std::collections::BTreeSet::from(Optional::ALL);
    for word in shown {
        let field = Optional::ALL.into_iter().find(|field| field.as_str() == word.trim());
        let known = || Optional::ALL.map(Optional::as_str).join(", ");
        let field = field.ok_or_else(|| format!("“{word}” is no optional field; there are {}", known()))?;
        hidden.remove(&field);
    }
    Ok(hidden)
}

fn compression(level: u32) -> Result<u32, String> {
    if level > 9 { Err(format!("{level} is no level; it goes from 0 to 9")) } else { Ok(level) }
}

/// The key whose text can't be printed.
fn key_of(error: &PaperError) -> &'static str {
    match error {
        PaperError::MissingGlyph { field, .. } if field.name == "address" => "address",
        _ => "extra_fields",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::paper::Language;

    fn with(text: &str) -> Result<PaperSettings, String> {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("my.toml");
        fs::write(&path, format!("[paper]\n{text}\n")).unwrap();
        let drawing =
            "<svg xmlns='http://www.w3.org/2000/svg' width='9' height='9'><path d='M0 0H9V9Z'/></svg>";
        fs::write(folder.path().join("logo.svg"), drawing).unwrap();
        fs::write(folder.path().join("logo.gif"), "GIF89a").unwrap();
        let config = Config::load(Some(&path)).map_err(|error| error.to_string())?;
        paper_settings(&config).map_err(|error| error.to_string())
    }

    #[test]
    fn the_shipped_section_is_the_default() {
        let settings = paper_settings(&Config::load(None).unwrap()).unwrap();
        let default = Style::default();
        assert_eq!(settings.languages, Languages::default());
        assert_eq!((settings.style.size, settings.style.compression), (default.size, default.compression));
        assert!(settings.style.hidden.is_empty() && settings.style.letterhead.lines.is_empty());
    }

    #[test]
    fn an_office_says_how_it_prints() {
        let settings = with(
            "languages = ['ky', 'en']\nsize = 'a5'\nlogo = 'logo.svg'\naddress = ['Бишкек']\nphone = '+996'\n\
             show = ['purpose']\n[[paper.extra_fields]]\nlabel = { en = 'Licence', ru = 'Лицензия', ky = 'Лицензия' }\n\
             value = '№ 42'",
        )
        .unwrap();
        assert_eq!(settings.languages.primary, Language::Ky);
        assert_eq!(settings.style.size, PaperSize::A5);
        assert!(settings.style.letterhead.logo.is_some());
        assert_eq!(settings.style.letterhead.lines, ["Бишкек", "+996"]);
        assert_eq!(settings.style.hidden.len(), Optional::ALL.len() - 1);
        assert_eq!(settings.style.extra_fields.len(), 1);
    }

    #[test]
    fn wrong_values_name_file_line_key_and_what_would_be_right() {
        let long = format!("phone = '{}'", "1".repeat(101));
        let field = |label: &str| format!("[[paper.extra_fields]]\nlabel = {{ {label} }}\nvalue = 'x'");
        let no_glyph = field("en = '山', ru = 'я', ky = 'я'");
        let incomplete = field("en = 'a', ru = 'я'");
        let empty = field("en = 'a', ru = ' ', ky = 'я'");
        for (text, key, why) in [
            ("languages = ['ru']", "languages", "two different"),
            ("size = 'A3'", "size", "A4"),
            ("compression = 10", "compression", "0 to 9"),
            ("logo = 'none.png'", "logo", "none.png"),
            ("logo = 'logo.gif'", "logo", "neither a PNG"),
            ("address = ['1', '2', '3', '4', '5']", "address", "at most 4"),
            ("address = ['東']", "address", "U+6771"),
            (long.as_str(), "phone", "at most 100"),
            ("show = ['colour']", "show", "visual_name"),
            (no_glyph.as_str(), "extra_fields", "U+5C71"),
            (incomplete.as_str(), "extra_fields", "ky"),
            (empty.as_str(), "extra_fields", "empty"),
        ] {
            let Err(message) = with(text) else { unreachable!("{text} was taken") };
            assert!(message.contains("my.toml, line 2: `paper."), "{message}");
            assert!(message.contains(&format!("`paper.{key}`")) && message.contains(why), "{key}: {message}");
        }
    }
}
