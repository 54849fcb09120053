//! Prints specimens and looks at them with other people's programs: qpdf, poppler and zbar.
//!
//! The printed files stay in the target folder's `tmp/paper`, to be looked at.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use propusk_desk::paper::{
    Booklet, Field, Labels, Language, Logo, Mark, Optional, PaperError, PaperSize, Style, draw, draw_in,
};

#[path = "paper/specimens.rs"]
mod specimens;

/// Draws a specimen and leaves the file where it can be looked at.
fn print(name: &str, booklet: &Booklet, languages: (Language, Language)) -> (PathBuf, Vec<u8>) {
    print_in(&Style::default(), name, booklet, languages)
}

fn print_in(
    style: &Style,
    name: &str,
    booklet: &Booklet,
    languages: (Language, Language),
) -> (PathBuf, Vec<u8>) {
    let bytes = draw_in(style, booklet, &specimens::labels(languages.0, languages.1)).unwrap();
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("paper");
    std::fs::create_dir_all(&folder).unwrap();
    let path = folder.join(format!("{name}.pdf"));
    std::fs::write(&path, &bytes).unwrap();
    (path, bytes)
}

const RUSSIAN: (Language, Language) = (Language::Ru, Language::En);

/// Runs a program; one that is not installed fails the test and says so.
fn run(program: &str, arguments: &[&str]) -> Output {
    Command::new(program).args(arguments).output().unwrap_or_else(|error| {
        panic!("{program}: {error}. This test needs it: apt-get install qpdf poppler-utils zbar-tools")
    })
}

fn text_of(program: &str, arguments: &[&str]) -> String {
    let output = run(program, arguments);
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{program} {arguments:?}: {stderr}");
    String::from_utf8(output.stdout).unwrap()
}

fn file_name(path: &Path) -> &str {
    path.to_str().unwrap()
}

/// Every seal in the booklet, in the order of its pages.
fn seals(booklet: &Booklet) -> Vec<String> {
    booklet.copies.iter().flat_map(|copy| &copy.sheets).map(|sheet| sheet.seal_text.clone()).collect()
}

/// Rasterises every page and compares its QR codes with the seals, of which each page has so many.
fn every_code_decodes(path: &Path, booklet: &Booklet, dots_per_inch: &str, a_page: usize) {
    let pictures = tempfile::tempdir().unwrap();
    let prefix = pictures.path().join("page");
    text_of("pdftoppm", &["-r", dots_per_inch, "-gray", "-png", file_name(path), file_name(&prefix)]);
    let mut pages: Vec<_> =
        std::fs::read_dir(pictures.path()).unwrap().map(|entry| entry.unwrap().path()).collect();
    pages.sort();
    let expected = seals(booklet);
    assert_eq!(pages.len(), expected.len().div_ceil(a_page), "{a_page} sheets to a page");
    for (page, seals) in pages.iter().zip(expected.chunks(a_page)) {
        let decoded =
            text_of("zbarimg", &["--quiet", "--raw", "-Sdisable", "-Sqrcode.enable", file_name(page)]);
        let mut decoded: Vec<_> = decoded.lines().collect();
        let mut seals: Vec<_> = seals.iter().map(String::as_str).collect();
        decoded.sort_unstable();
        seals.sort_unstable();
        assert_eq!(decoded, seals, "{}", page.display());
    }
}

#[test]
fn files_are_well_formed_and_their_codes_decode() {
    let mut revoked = specimens::single();
    revoked.mark = Mark::Revoked;
    let booklets = [
        ("single", specimens::single(), RUSSIAN),
        ("group-12", specimens::group(12, 313), RUSSIAN),
        ("group-4-kyrgyz", specimens::group(4, 230), (Language::Ky, Language::En)),
        ("crowded", specimens::crowded(), RUSSIAN),
        ("revoked", revoked, RUSSIAN),
    ];
    for (name, booklet, languages) in booklets {
        let (path, _) = print(name, &booklet, languages);
        let report = text_of("qpdf", &["--check", file_name(&path)]);
        assert!(report.contains("No syntax or stream encoding errors found"), "{name}: {report}");
        every_code_decodes(&path, &booklet, "150", 1);
    }
}

#[test]
fn every_style_and_length_is_well_formed() {
    let letterhead = specimens::letterhead();
    let a5 = Style { size: PaperSize::A5, ..Style::default() };
    let a5_letterhead = Style { size: PaperSize::A5, ..letterhead.clone() };
    let mut marked = specimens::everyday();
    marked.mark = Mark::Superseded;
    let kyrgyz = (Language::Ky, Language::En);
    let mut group_37 = specimens::group(37, 313);
    group_37.copies.truncate(2);
    let booklets = [
        ("everyday", specimens::everyday(), RUSSIAN, &Style::default(), 1),
        ("letterhead", specimens::everyday(), RUSSIAN, &letterhead, 1),
        ("letterhead-12", specimens::group(12, 313), RUSSIAN, &letterhead, 1),
        ("letterhead-37", group_37, RUSSIAN, &letterhead, 1),
        ("long-names", specimens::long_names(), RUSSIAN, &Style::default(), 1),
        ("five-zones", specimens::five_zones(), kyrgyz, &letterhead, 1),
        ("superseded-letterhead", marked, RUSSIAN, &letterhead, 1),
        ("a5-single", specimens::single(), RUSSIAN, &a5, 2),
        ("a5-everyday", specimens::everyday(), kyrgyz, &a5_letterhead, 2),
        ("a5-group-6", specimens::group(6, 250), RUSSIAN, &a5, 2),
        ("a5-group-8", specimens::group(8, 290), RUSSIAN, &a5, 2),
        // Twelve names with their other spellings would be too small on half a page: they get a whole one.
        ("a5-group-12", specimens::group(12, 313), RUSSIAN, &a5, 1),
    ];
    for (name, mut booklet, languages, style, a_page) in booklets {
        booklet.copies.truncate(2);
        let (path, _) = print_in(style, name, &booklet, languages);
        let report = text_of("qpdf", &["--check", file_name(&path)]);
        assert!(report.contains("No syntax or stream encoding errors found"), "{name}: {report}");
        every_code_decodes(&path, &booklet, "150", a_page);
    }
}

#[test]
fn an_office_prints_its_own_letterhead_and_fields() {
    let (path, bytes) =
        print_in(&specimens::letterhead(), "letterhead-text", &specimens::everyday(), RUSSIAN);
    let text = text_of("pdftotext", &["-layout", file_name(&path), "-"]);
    for expected in [
        "720000, Бишкек, ул. Киевская 44, офис 12",
        "Лицензия / Licence",
        "№ 0042 от 01.02.2025",
        "Гид, водитель / Guide, driver",
        "ABDYKADYROVA (гид / guide)",
        "Нарынская область / Naryn: Торугарт, озеро",
        "Версия 2 от 03.06.2026, срок продлён до 30.06.2026 / Version 2 of 03.06.2026",
        "снег на перевале",
    ] {
        assert!(text.contains(expected), "{expected} is not in {text}");
    }
    let objects = run("qpdf", &["--qdf", "--object-streams=disable", file_name(&path), "-"]).stdout;
    let objects = String::from_utf8_lossy(&objects);
    assert_eq!(objects.matches("0.122 0.227 0.373 rg").count(), 1, "the logo is stored once, for all pages");
    assert!(bytes.len() <= 60 * 1024, "{} bytes", bytes.len());
    let hidden = Style { hidden: Optional::ALL.into(), ..specimens::letterhead() };
    let (path, _) = print_in(&hidden, "letterhead-hidden", &specimens::everyday(), RUSSIAN);
    let text = text_of("pdftotext", &["-layout", file_name(&path), "-"]);
    for hidden in
        ["Основание", "Цель поездки", "Гид, водитель", "Транспорт", "АБДЫКАДЫРОВА", "Кёль-Суу / Torugart"]
    {
        assert!(!text.contains(hidden), "{hidden} is in {text}");
    }
}

#[test]
fn a_png_logo_is_one_image_for_all_pages() {
    let mut png = Vec::new();
    let mut encoder = png::Encoder::new(&mut png, 60, 20);
    encoder.set_color(png::ColorType::Rgb);
    encoder.write_header().unwrap().write_image_data(&[90; 60 * 20 * 3]).unwrap();
    let mut style = Style::default();
    style.letterhead.logo = Some(Logo::read(&png).unwrap());
    let (path, _) = print_in(&style, "logo-png", &specimens::single(), RUSSIAN);
    let images = text_of("pdfimages", &["-list", file_name(&path)]);
    let images: Vec<_> = images.lines().skip(2).collect();
    assert_eq!(images.len(), 6, "one on each page");
    let objects: BTreeSet<_> = images.iter().filter_map(|line| line.split_whitespace().nth(10)).collect();
    assert_eq!(objects.len(), 1, "{images:?}");
    assert!(images[0].contains("gray"), "equal samples are stored as grey: {images:?}");
}

#[test]
fn half_pages_keep_the_modules_and_what_is_read_at_arms_length() {
    let style = Style { size: PaperSize::A5, ..Style::default() };
    let (path, bytes) = print_in(&style, "a5-modules", &specimens::single(), RUSSIAN);
    let objects = run("qpdf", &["--qdf", "--object-streams=disable", file_name(&path), "-"]).stdout;
    let objects = String::from_utf8_lossy(&objects);
    let module = 0.55 / 25.4 * 72.0;
    let scales = objects.lines().filter(|line| line.ends_with(" cm"));
    let scales = scales.filter_map(|line| line.split(' ').next()?.parse::<f64>().ok());
    assert_eq!(
        scales.filter(|scale| (scale - module).abs() < 1e-5).count(),
        6,
        "one code for each of 6 sheets"
    );
    let text = text_of("pdftotext", &["-bbox", file_name(&path), "-"]);
    let heights: Vec<f64> = ["Пропуск", "7K2M-9QXR-4T8W-5", "01.06.2026", "30.06.2026"]
        .map(|word| {
            let line = text.lines().find(|line| line.contains(&format!(">{word}<"))).unwrap();
            let at = |name: &str| -> f64 {
                let (_, rest) = line.split_once(&format!("{name}=\"")).unwrap();
                rest.split_once('"').unwrap().0.parse().unwrap()
            };
            // poppler's box is as high as the face's ascent and descent: 1.069 + 0.293 em.
            (at("yMax") - at("yMin")) / 1.362
        })
        .to_vec();
    assert!(heights.iter().all(|height| *height >= 13.95), "{heights:?}");
    assert!(bytes.len() <= 60 * 1024, "{} bytes", bytes.len());
}

#[test]
fn compression_is_a_setting() {
    let size = |compression| {
        let style = Style { compression, ..Style::default() };
        print_in(&style, &format!("compression-{compression}"), &specimens::single(), RUSSIAN).1.len()
    };
    assert!(size(0) > size(1) && size(1) > size(6));
}

#[test]
fn a_group_of_fifty_has_five_numbered_sheets_a_copy() {
    let mut booklet = specimens::group(50, 313);
    booklet.copies.truncate(2);
    let (path, _) = print("group-50", &booklet, RUSSIAN);
    every_code_decodes(&path, &booklet, "150", 1);
    let text = text_of("pdftotext", &["-layout", file_name(&path), "-"]);
    assert!(text.contains("Лист 5 из 5 / Sheet 5 of 5"), "{text}");
    assert!(text.contains("На этом листе: 2 · Всего в пропуске: 50"), "{text}");
    assert_eq!(text.matches('\u{c}').count(), 10);
}

#[test]
fn only_embedded_subsets_are_used() {
    let (path, _) = print("single-fonts", &specimens::single(), RUSSIAN);
    let list = text_of("pdffonts", &[file_name(&path)]);
    let fonts: Vec<_> = list.lines().skip(2).collect();
    assert_eq!(fonts.len(), 4, "{list}");
    for font in fonts {
        let columns: Vec<_> = font.split_whitespace().rev().collect();
        assert_eq!(columns[2..5], ["yes", "yes", "yes"], "embedded, subset, with Unicode: {list}");
        assert_eq!(font.split_once('+').map(|(tag, _)| tag.len()), Some(6), "{list}");
    }
}

#[test]
fn every_letter_can_be_extracted() {
    let (path, _) = print("group-12-text", &specimens::group(12, 313), RUSSIAN);
    let text = text_of("pdftotext", &["-layout", file_name(&path), "-"]);
    for expected in [
        "7K2M-9QXR-4T8W-5",
        "Пропуск в пограничную зону",
        "01.06.2026 – 30.06.2026",
        "КОПИЯ 2/5 / COPY 2 OF 5",
        "ТАҢБЕКОВ Өмүрбек Үсөн уулу",
        "АБДЫКАДЫРОВА Айгүл Нурлановна",
        "Østergaard Þorsteinsson Björk Åse",
        "Nguyễn Thị Minh Khai",
        "Brzęczyszczykiewicz Grażyna",
        "L898902C36UTO7408122F1204159ZE184226B<<<<<10",
        "Составлена по визуальной зоне документа",
        "PAB 123 456",
    ] {
        assert!(text.contains(expected), "{expected} is not in {text}");
    }
    let (path, _) = print("group-12-kyrgyz", &specimens::group(12, 313), (Language::Ky, Language::En));
    let text = text_of("pdftotext", &[file_name(&path), "-"]);
    for expected in ["ТҮП НУСКА", "КӨЧҮРМӨ 2/5", "Ысык-Көл", "Өткөрүү бекети үчүн"]
    {
        assert!(text.contains(expected), "{expected} is not in {text}");
    }
}

#[test]
fn modules_keep_their_size_whatever_the_viewer_does() {
    let (path, _) = print("single-modules", &specimens::single(), RUSSIAN);
    let objects = run("qpdf", &["--qdf", "--object-streams=disable", file_name(&path), "-"]).stdout;
    let objects = String::from_utf8_lossy(&objects);
    let scales = objects.lines().filter(|line| line.ends_with(" cm") && !line.starts_with("1 0 0 1 "));
    let scales: Vec<f64> = scales.filter_map(|line| line.split(' ').next()?.parse().ok()).collect();
    assert_eq!(scales.len(), 6, "one code on each of the 6 pages");
    for points in scales {
        assert!((points * 25.4 / 72.0 - 0.55).abs() < 1e-6, "a module is {points} points wide");
    }
    assert!(
        objects.contains("/PrintScaling /None"),
        "a viewer must not fit the page to the printer's margins"
    );
}

#[test]
fn a_further_copy_costs_little() {
    for (name, mut booklet) in [("single", specimens::single()), ("group", specimens::group(12, 313))] {
        let whole = print(&format!("{name}-six-pages"), &booklet, RUSSIAN).1.len();
        booklet.copies.truncate(1);
        let original = print(&format!("{name}-one-page"), &booklet, RUSSIAN).1.len();
        assert!(whole <= 60 * 1024, "{name}: {whole} bytes");
        let further = (whole - original) / 5;
        assert!(further * 100 <= original * 15, "{name}: {further} bytes a copy, one sheet has {original}");
    }
}

#[test]
fn a_mark_stands_on_every_page() {
    let mut booklet = specimens::single();
    booklet.mark = Mark::Superseded;
    let (path, _) = print("superseded", &booklet, RUSSIAN);
    for page in 1..=booklet.copies.len() {
        let page = page.to_string();
        let text = text_of("pdftotext", &["-raw", "-f", &page, "-l", &page, file_name(&path), "-"]);
        assert_eq!(
            text.matches("ЗАМЕНЁН").count(),
            2,
            "page {page}: once in the band, once across the table: {text}"
        );
        assert_eq!(text.matches("SUPERSEDED").count(), 2, "page {page}: {text}");
    }
}

#[test]
fn the_same_booklet_gives_the_same_bytes() {
    let labels = specimens::labels(Language::Ru, Language::En);
    let booklet = specimens::group(12, 313);
    let first = draw(&booklet, &labels).unwrap();
    assert!(first == draw(&booklet, &labels).unwrap(), "two drawings of one booklet differ");
    let mut other = booklet;
    other.copies[0].sheets[0].seal_text = specimens::seal_text(313, 77);
    assert!(first != draw(&other, &labels).unwrap(), "another seal has to give another file");
}

#[test]
fn a_missing_glyph_names_the_character_and_its_field() {
    let labels = specimens::labels(Language::Ru, Language::En);
    let mut booklet = specimens::group(3, 230);
    booklet.travellers[2].visual_name = Some("山田太郎".into());
    let error = draw(&booklet, &labels).unwrap_err();
    let field = Field { name: "travellers", element: Some((2, "visual_name")) };
    assert_eq!(error, PaperError::MissingGlyph { character: '山', field });
    let message = error.to_string();
    assert!(message.starts_with("travellers[2].visual_name: the character '山' (U+5C71)"), "{message}");
    assert!(!message.contains('太'), "a message holds nothing but the one character: {message}");
    booklet.travellers[2].visual_name = None;
    booklet.lead_mrz[0] = booklet.lead_mrz[0].replace('<', "Ё");
    assert!(matches!(draw(&booklet, &labels), Err(PaperError::MissingGlyph { character: 'Ё', .. })));
}

#[test]
fn what_cannot_be_printed_whole_is_refused() {
    let labels = specimens::labels(Language::Ru, Language::En);
    let mut booklet = specimens::crowded();
    booklet.history =
        vec![specimens::named("long", &"Очень длинное примечание. ".repeat(120), "узун").into()];
    assert!(matches!(draw(&booklet, &labels), Err(PaperError::DoesNotFit { copy: 0, sheet: 1, .. })));
    let mut booklet = specimens::single();
    booklet.copies[1].sheets[0].rows = 0..2;
    let rows = PaperError::Rows { copy: 1, sheet: 1, start: 0, end: 2, travellers: 1 };
    assert_eq!(draw(&booklet, &labels), Err(rows));
    booklet.copies.clear();
    assert_eq!(draw(&booklet, &labels), Err(PaperError::NoSheets));
}

#[test]
fn every_language_has_exactly_the_labels_that_are_printed() {
    for language in [Language::En, Language::Ru, Language::Ky] {
        let ids: Vec<_> = specimens::messages(language).into_iter().map(|(id, _)| id).collect();
        assert_eq!(ids, Labels::IDS, "config/locales/{}/paper.ftl", language.code());
    }
}

/// `cargo test --release -p propusk-desk --test paper -- --ignored --nocapture speed` prints documents a second and
/// bytes; it judges nothing.
#[test]
#[ignore = "a measurement, not a test"]
fn speed() {
    let labels = specimens::labels(Language::Ru, Language::En);
    for (name, booklet) in
        [("1 traveller", specimens::single()), ("12 travellers", specimens::group(12, 313))]
    {
        let mut one_sheet = booklet.clone();
        one_sheet.copies.truncate(1);
        let single = draw(&one_sheet, &labels).unwrap().len();
        let start = std::time::Instant::now();
        let rounds = 100;
        let mut bytes = 0;
        for _ in 0..rounds {
            bytes = draw(&booklet, &labels).unwrap().len();
        }
        let seconds = start.elapsed().as_secs_f64();
        println!(
            "{name}, original + 5 copies: {:.0} documents/s, {bytes} bytes (one sheet: {single} bytes)",
            f64::from(rounds) / seconds
        );
    }
}
