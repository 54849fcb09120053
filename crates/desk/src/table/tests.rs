//! Real files in every format: the same group has to be the same travellers.

use std::io::{Cursor, Write};

use encoding_rs::WINDOWS_1251;
use proptest::prelude::*;
use rust_xlsxwriter::{ExcelDateTime, Format, Formula, Workbook};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

use super::*;

const HEADER: [&str; 8] = [
    "Фамилия",
    "Given names",
    "№ паспорта",
    "Гражданство",
    "Date of birth",
    "Жынысы",
    "Срок действия",
    "Hobby",
];

/// A traveller's cells; dates as (year, month, day), a number as digits.
#[derive(Clone, Debug)]
struct Person {
    texts: [String; 2],
    number: u32,
    birth: (u16, u8, u8),
    expiry: (u16, u8, u8),
}

impl Person {
    fn iso(date: (u16, u8, u8)) -> String {
        format!("{:04}-{:02}-{:02}", date.0, date.1, date.2)
    }

    fn cells(&self) -> [String; 8] {
        let [surname, given] = self.texts.clone();
        let (birth, expiry) = (Self::iso(self.birth), Self::iso(self.expiry));
        [surname, given, self.number.to_string(), "KGZ".into(), birth, "F".into(), expiry, "chess".into()]
    }
}

fn csv(people: &[Person], separator: char) -> String {
    let rows = people.iter().map(Person::cells).map(|cells| cells.map(|cell| format!("\"{cell}\"")));
    let header = HEADER.map(|title| format!("\"{title}\""));
    let separator = separator.to_string();
    let lines = std::iter::once(header).chain(rows).map(|cells| cells.join(separator.as_str()) + "\r\n");
    format!("Группа 7\r\n\r\n{}", lines.collect::<String>())
}

fn utf_16(text: &str, big: bool) -> Vec<u8> {
    let units = std::iter::once(0xfeff).chain(text.encode_utf16());
    units.flat_map(|unit| if big { unit.to_be_bytes() } else { unit.to_le_bytes() }).collect()
}

/// A workbook with number cells and date cells, of the 1900 or the 1904 system.
fn xlsx(people: &[Person], from_1904: bool) -> Vec<u8> {
    let mut book = Workbook::new();
    let date = Format::new().set_num_format("dd.mm.yyyy");
    let sheet = book.add_worksheet();
    sheet.write_string(0, 0, "Группа 7").unwrap();
    for (column, title) in (0..).zip(HEADER) {
        sheet.write_string(2, column, title).unwrap();
    }
    for (row, person) in (3..).zip(people) {
        for (column, text) in (0..).zip(person.cells()) {
            match column {
                2 => sheet.write_number(row, column, person.number).unwrap(),
                4 | 6 => {
                    let (year, month, day) = if column == 4 { person.birth } else { person.expiry };
                    let mut serial = ExcelDateTime::from_ymd(year, month, day).unwrap().to_excel();
                    if from_1904 {
                        serial -= 1462.0;
                    }
                    sheet.write_number_with_format(row, column, serial, &date).unwrap()
                }
                _ => sheet.write_string(row, column, text).unwrap(),
            };
        }
    }
    let bytes = book.save_to_buffer().unwrap();
    if from_1904 { with_1904(&bytes) } else { bytes }
}

/// The workbook with `date1904` set, which the writer can't.
fn with_1904(bytes: &[u8]) -> Vec<u8> {
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).unwrap();
    let mut parts = Vec::new();
    for index in 0..archive.len() {
        let mut file = archive.by_index(index).unwrap();
        let mut text = String::new();
        std::io::Read::read_to_string(&mut file, &mut text).unwrap();
        let name = file.name().unwrap().into_owned();
        parts.push((name, text.replace("<workbookPr ", "<workbookPr date1904=\"1\" ")));
    }
    pack(&parts.iter().map(|(name, text)| (name.as_str(), text.as_str())).collect::<Vec<_>>())
}

fn pack(parts: &[(&str, &str)]) -> Vec<u8> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, text) in parts {
        let method =
            if *name == "mimetype" { CompressionMethod::Stored } else { CompressionMethod::Deflated };
        let level = (method == CompressionMethod::Deflated).then_some(1);
        zip.start_file(
            *name,
            SimpleFileOptions::default().compression_method(method).compression_level(level),
        )
        .unwrap();
        zip.write_all(text.as_bytes()).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

const ODS: &str = "application/vnd.oasis.opendocument.spreadsheet";

/// An .ods as LibreOffice writes it: this content within a spreadsheet.
fn ods_of(tables: &str) -> Vec<u8> {
    let content = format!(
        r#"<?xml version="1.0" encoding="UTF-8"?><office:document-content office:version="1.3"><office:automatic-styles><style:style style:name="ta1"><style:table-properties table:display="true"/></style:style><style:style style:name="ta2"><style:table-properties table:display="false"/></style:style></office:automatic-styles><office:body><office:spreadsheet>{tables}</office:spreadsheet></office:body></office:document-content>"#
    );
    let manifest = r#"<?xml version="1.0"?><manifest:manifest><manifest:file-entry manifest:full-path="/"/></manifest:manifest>"#;
    pack(&[("mimetype", ODS), ("content.xml", &content), ("META-INF/manifest.xml", manifest)])
}

fn text_cell(text: &str) -> String {
    let text = text.replace('&', "&amp;").replace('<', "&lt;");
    format!(
        r#"<table:table-cell office:value-type="string" calcext:value-type="string"><text:p>{text}</text:p></table:table-cell>"#
    )
}

fn ods(people: &[Person]) -> Vec<u8> {
    let row = |cells: String| {
        format!(
            r#"<table:table-row>{cells}<table:table-cell table:number-columns-repeated="16376"/></table:table-row>"#
        )
    };
    let header = row(HEADER.map(text_cell).concat());
    let people = people.iter().map(|person| {
        let cells = person.cells().into_iter().enumerate().map(|(column, text)| match column {
            2 => format!(
                r#"<table:table-cell office:value-type="float" office:value="{text}"><text:p>{text}</text:p></table:table-cell>"#
            ),
            4 | 6 => format!(
                r#"<table:table-cell office:value-type="date" office:date-value="{text}"><text:p>shown otherwise</text:p></table:table-cell>"#
            ),
            _ => text_cell(&text),
        });
        row(cells.collect())
    });
    ods_of(&format!(
        r#"<table:table table:name="Лист1" table:style-name="ta1"><table:table-column/>{}<table:table-row table:number-rows-repeated="1"><table:table-cell table:number-columns-repeated="16384"/></table:table-row><table:table-header-rows>{header}</table:table-header-rows>{}<table:table-row table:number-rows-repeated="1048570"><table:table-cell table:number-columns-repeated="16384"/></table:table-row></table:table>"#,
        row(text_cell("Группа 7")),
        people.collect::<String>()
    ))
}

/// The travellers as JSON, with their rows in the spreadsheet.
fn travellers(bytes: &[u8]) -> (serde_json::Value, Vec<u32>) {
    let table = read(bytes, true).unwrap_or_else(|error| panic!("{error}"));
    let rows = (0..table.rows.len()).filter_map(|traveller| table.row_number(traveller)).collect();
    assert_eq!(table.unread(), ["H (Hobby)"]);
    (serde_json::to_value(&table.order.travellers).unwrap(), rows)
}

fn people() -> impl Strategy<Value = Vec<Person>> {
    let name = "[А-ЯЁ][а-яё]{1,9}(-[А-Я][а-я]{2,5})?";
    let date = |years: std::ops::Range<u16>| (years, 1_u8..=12, 1_u8..=28);
    let person = (name, name, 1_u32..999_999_999, date(1920..2020), date(2027..2040)).prop_map(
        |(surname, given, number, birth, expiry)| Person { texts: [surname, given], number, birth, expiry },
    );
    prop::collection::vec(person, 1..8)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(12))]

    #[test]
    fn the_same_group_is_the_same_in_every_format(people in people()) {
        let text = csv(&people, ';');
        let want = travellers(text.as_bytes());
        prop_assert_eq!(want.1.first(), Some(&4));
        prop_assert_eq!(&want.0[0]["birth_date"], &Person::iso(people[0].birth));
        prop_assert_eq!(&want.0[0]["document_number"], &people[0].number.to_string());
        prop_assert_eq!(&travellers(csv(&people, ',').as_bytes()), &want);
        prop_assert_eq!(&travellers(csv(&people, '\t').as_bytes()), &want);
        prop_assert_eq!(&travellers(format!("\u{feff}{text}").as_bytes()), &want);
        prop_assert_eq!(&travellers(&utf_16(&text, false)), &want);
        prop_assert_eq!(&travellers(&utf_16(&text, true)), &want);
        let windows = text.replace("Жынысы", "Пол");
        prop_assert_eq!(&travellers(&WINDOWS_1251.encode(&windows).0), &want);
        prop_assert_eq!(&travellers(&xlsx(&people, false)), &want);
        prop_assert_eq!(&travellers(&xlsx(&people, true)), &want);
        prop_assert_eq!(&travellers(&ods(&people)), &want);
    }

    #[test]
    fn damaged_bytes_are_an_error_and_never_a_panic(
        people in people(),
        excel in any::<bool>(),
        at in any::<prop::sample::Index>(),
        byte in any::<u8>(),
        cut in any::<bool>(),
    ) {
        let mut bytes = if excel { xlsx(&people, false) } else { ods(&people) };
        let at = at.index(bytes.len());
        if cut { bytes.truncate(at) } else { bytes[at] = byte }
        let _ = read(&bytes, false);
    }
}

fn eriksson() -> Vec<Person> {
    let texts = ["Eriksson".to_owned(), "Anna".to_owned()];
    vec![Person { texts, number: 1_234_567, birth: (1974, 8, 12), expiry: (2031, 1, 1) }]
}

fn refusal(bytes: &[u8]) -> String {
    read(bytes, false).map(|_| ()).expect_err("it is no table").to_string()
}

#[test]
fn what_is_no_workbook_is_named_with_the_way_out() {
    let says = |bytes: &[u8], words: &[&str]| {
        let said = refusal(bytes);
        for word in words {
            assert!(said.contains(word), "“{word}” is not in: {said}");
        }
    };
    says(b"%PDF-1.7 ...", &["PDF", "desk template"]);
    says(b"\x89PNG\r\n", &["picture"]);
    says(b"  <HTML><table>", &["web page", ".xlsx"]);
    says(b"surname;given_names", &["no table", ".xlsx"]);
    let good = xlsx(&eriksson(), false);
    says(&good[..good.len() / 2], &["damaged", "cut short"]);
    says(&good[..10], &["damaged"]);
    let mut old = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1".to_vec();
    old.extend("Workbook".encode_utf16().flat_map(u16::to_le_bytes));
    says(&old, &["old", "Excel workbook (.xlsx)"]);
    let mut locked = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1".to_vec();
    locked.extend("EncryptedPackage".encode_utf16().flat_map(u16::to_le_bytes));
    says(&locked, &["password"]);
    let encrypted = "<manifest:file-entry><manifest:encryption-data/></manifest:file-entry>";
    says(
        &pack(&[("mimetype", ODS), ("content.xml", "x"), ("META-INF/manifest.xml", encrypted)]),
        &["password"],
    );
    says(&pack(&[("[Content_Types].xml", ""), ("word/document.xml", "")]), &["text document"]);
    says(&pack(&[("Index/Document.iwa", "")]), &["archive"]);
    says(&pack(&[("[Content_Types].xml", "")]), &["damaged"]);
    says(
        &pack(&[("mimetype", ODS), ("content.xml", "<table:table table:name=\"a\"><table:table-row>")]),
        &["damaged"],
    );
}

#[test]
fn a_bomb_is_refused_before_it_is_read() {
    let blanks = " ".repeat(65 * 1024 * 1024);
    let bomb = pack(&[("[Content_Types].xml", ""), ("xl/sharedStrings.xml", &blanks)]);
    assert!(bomb.len() < 1024 * 1024);
    assert!(matches!(read(&bomb, false), Err(TableError::TooLarge { .. })));
    // A few bytes that claim a million rows of sixteen thousand cells, and four thousand million blanks.
    let cell = r#"<table:table-cell office:value-type="string" table:number-columns-repeated="16384"><text:p>x<text:s text:c="4000000000"/></text:p></table:table-cell>"#;
    let row = format!(r#"<table:table-row table:number-rows-repeated="1048576">{cell}</table:table-row>"#);
    let claims = ods_of(&format!(r#"<table:table table:name="a">{}</table:table>"#, row.repeat(50)));
    assert_eq!(read(&claims, false).map(|_| ()), Err(TableError::NoHeader));
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    sheet.write_string(0, 0, "x").unwrap().write_string(1_048_575, 16_383, "y").unwrap();
    assert_eq!(read(&book.save_to_buffer().unwrap(), false).map(|_| ()), Err(TableError::NoHeader));
}

/// A workbook with these sheets of texts.
fn sheets(sheets: &[(&str, &[&[&str]])]) -> Workbook {
    let mut book = Workbook::new();
    for (name, rows) in sheets {
        let sheet = book.add_worksheet().set_name(*name).unwrap();
        for (row, cells) in (0..).zip(*rows) {
            for (column, text) in (0..).zip(*cells) {
                sheet.write_string(row, column, *text).unwrap();
            }
        }
    }
    book
}

const TITLES: &[&str] =
    &["surname", "given_names", "passport", "nationality", "birth_date", "sex", "expiry_date"];
const ANNA: &[&str] = &["Eriksson", "Anna", "L898902C3", "UTO", "12.08.1974", "F", "2031-01-01"];

#[test]
fn one_visible_sheet_is_the_group_and_another_the_order() {
    let order: &[&[&str]] = &[&["Zones", "naryn"], &["First day", "2026-06-01"], &["Months", "2"]];
    let mut book =
        sheets(&[("Prices", &[&["hotel", "4000"]]), ("Tourists", &[TITLES, ANNA]), ("Order", order)]);
    let Ok(table) = read(&book.save_to_buffer().unwrap(), false) else { panic!("a group and its order") };
    assert_eq!(
        (table.order.zones.as_slice(), table.order.months),
        (["naryn".to_owned()].as_slice(), Some(2))
    );
    assert_eq!(table.sheet.name.as_deref(), Some("Tourists"));
    let mut book = sheets(&[("May", &[TITLES, ANNA]), ("June", &[TITLES, ANNA])]);
    assert!(matches!(
        read(&book.save_to_buffer().unwrap(), false),
        Err(TableError::TwoGroups { first, second }) if first == "May" && second == "June"
    ));
    book.worksheet_from_name("June").unwrap().set_hidden(true);
    assert!(read(&book.save_to_buffer().unwrap(), false).is_ok());
}

#[test]
fn damaged_cells_are_named_by_sheet_row_and_column() {
    let said = |change: &dyn Fn(&mut rust_xlsxwriter::Worksheet)| {
        let mut book = sheets(&[("Tourists", &[TITLES, ANNA])]);
        change(book.worksheet_from_index(0).unwrap());
        refusal(&book.save_to_buffer().unwrap())
    };
    let place = "sheet “Tourists”, row 2, column C (“passport”)";
    let error = said(&|sheet| {
        sheet.write_formula(1, 2, Formula::new("=#REF!").set_result("#REF!")).unwrap();
    });
    assert!(error.contains("#REF!") && error.contains(place), "{error}");
    let date = Format::new().set_num_format("mm/dd/yyyy");
    let turned = said(&|sheet| {
        sheet.write_number_with_format(1, 2, 45_000, &date).unwrap();
    });
    assert!(turned.contains("into a date") && turned.contains(place), "{turned}");
    let lost = said(&|sheet| {
        sheet.write_string(1, 1, "?ске").unwrap();
    });
    assert!(lost.contains("column B (“given_names”)") && lost.contains("lost"), "{lost}");
    // A formula's value is read; an unread column may hold anything.
    let mut book = sheets(&[("Tourists", &[TITLES, ANNA])]);
    let sheet = book.worksheet_from_index(0).unwrap();
    sheet.write_formula(1, 2, Formula::new("=\"X\"&\"1\"").set_result("X1")).unwrap();
    sheet.write_string(0, 7, "Phone").unwrap();
    sheet.write_formula(1, 7, Formula::new("=1/0").set_result("#DIV/0!")).unwrap();
    let Ok(table) = read(&book.save_to_buffer().unwrap(), false) else { panic!("it can be read") };
    assert_eq!(table.order.travellers[0].document_number, "X1");
}

#[test]
fn open_documents_keep_what_people_do_in_cells() {
    let header = TITLES.iter().map(|title| text_cell(title)).collect::<String>();
    let row = |surname: &str| {
        let rest = ANNA[1..].iter().map(|text| text_cell(text)).collect::<String>();
        format!("<table:table-row>{surname}{rest}</table:table-row>")
    };
    let table = |name: &str, style: &str, rows: &str| {
        format!(
            r#"<table:table table:name="{name}" table:style-name="{style}"><table:table-row>{header}</table:table-row>{rows}</table:table>"#
        )
    };
    let annotated = r#"<table:table-cell office:value-type="string"><office:annotation><dc:date>2026</dc:date><text:p>a note</text:p></office:annotation><text:p>O&apos;<text:span>Neil</text:span><text:s/>&#x41;</text:p><text:p>Smith</text:p></table:table-cell>"#;
    let bytes =
        ods_of(&(table("b", "ta2", &row(&text_cell("Hidden"))) + &table("a", "ta1", &row(annotated))));
    let Ok(read_table) = read(&bytes, false) else { panic!("it can be read") };
    assert_eq!(read_table.order.travellers[0].surname, "O'Neil A Smith");
    let error = r#"<table:table-cell table:formula="of:=[.#REF!]" office:value-type="string" office:string-value="" calcext:value-type="error"><text:p>#REF!</text:p></table:table-cell>"#;
    let said = refusal(&ods_of(&table("a", "ta1", &row(error))));
    assert!(said.contains("sheet “a”, row 2, column A") && said.contains("#REF!"), "{said}");
    let two = ods_of(&(table("a", "ta1", &row(annotated)) + &table("b", "ta1", &row(annotated))));
    assert!(refusal(&two).contains("“a” and “b”"));
}

#[test]
fn headers_and_rows_that_do_not_fit_are_named() {
    let said = |text: &str| read(text.as_bytes(), true).map(|_| ()).expect_err("not a group").to_string();
    let missing = said("surname,nationality,birth_date,expiry_date\nA,B,C,D\n");
    assert!(missing.contains("no column document_number"), "{missing}");
    let unknown = said("surnme,document_number\nA,B\n");
    assert!(unknown.contains("column A (“surnme”)") && unknown.contains("“surname”"), "{unknown}");
    let ragged = said("mrz1,mrz2\nA,B\nC\n");
    assert!(ragged.contains("row 3 has 1 cells"), "{ragged}");
    assert_eq!(read(b"mrz1,mrz2\n", true).map(|_| ()), Err(TableError::NoRows));
    let whole = said("ФИО;номер паспорта;гражданство;дата рождения;срок действия\n");
    assert!(whole.contains("column A (“ФИО”)") && whole.contains("two columns"), "{whole}");
    let twice = said("mrz1,mrz2,sex,gender\n");
    assert!(twice.contains("column D (“gender”)") && twice.contains("column C"), "{twice}");
    assert_eq!(read(b"hello\n", true).map(|_| ()), Err(TableError::NoHeader));
}

#[test]
fn a_name_in_two_scripts_goes_where_each_belongs() {
    let text = "№;Фамилия;Имя;Отчество;Фамилия (лат.);Имя (лат.);паспорт;гражданство;д/р;пол;срок действия\n\
                1;Асанов;Үсөн;Жаңыбаевич;Asanov;Uson;PE0000000;KGZ;09.05.1999;муж;01.01.2031\n\
                2;;;;;;;;;;\n";
    let Ok(table) = read(text.as_bytes(), true) else { panic!("it can be read") };
    assert_eq!(table.order.travellers.len(), 1, "a numbered row without data is nobody");
    let uson = &table.order.travellers[0];
    assert_eq!((uson.surname.as_str(), uson.sex.as_str()), ("Asanov", "M"));
    assert_eq!(uson.visual_name, "Асанов Үсөн");
    assert_eq!(uson.given_names, "Uson Жаңыбаевич");
}
