//! Invented permits to print. Nobody in them exists.

use jiff::civil::date;
use propusk_desk::paper::{
    Booklet, Change, Copy, ExtraField, Labels, Language, Letterhead, Logo, Mark, Named, RouteStop, Sheet,
    Style, TravellerRow, Zone,
};

pub(crate) fn named(en: &str, ru: &str, ky: &str) -> Named {
    Named { en: en.into(), ru: ru.into(), ky: ky.into() }
}

/// The text form of a seal of so many bytes; each number gives another one.
pub(crate) fn seal_text(bytes: usize, number: u64) -> String {
    let mut state = 0x9e37_79b9_7f4a_7c15_u64 ^ (number + 1);
    let alphabet = *b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    let mut text = String::from("KGBZ");
    for _ in 0..(bytes * 8).div_ceil(5) {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        text.push(char::from(alphabet[(state >> 20) as usize % 32]));
    }
    text
}

/// The labels as the committed message files have them.
pub(crate) fn labels(primary: Language, secondary: Language) -> Labels {
    Labels::new(primary, secondary, |id, language| {
        let messages = messages(language);
        let text = messages.iter().find(|(known, _)| known == id).map(|(_, text)| text.clone());
        text.unwrap_or_else(|| panic!("{id} is missing in config/locales/{}/paper.ftl", language.code()))
    })
}

/// The messages of one `paper.ftl`: all of one line and without arguments.
pub(crate) fn messages(language: Language) -> Vec<(String, String)> {
    let root = concat!(env!("CARGO_MANIFEST_DIR"), "/../../config/locales");
    let path = format!("{root}/{}/paper.ftl", language.code());
    let text = std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{path}: {error}"));
    let lines = text.lines().filter(|line| !line.is_empty() && !line.starts_with('#'));
    lines
        .map(|line| line.split_once(" = ").unwrap_or_else(|| panic!("{path}: not `id = text`: {line}")))
        .map(|(id, text)| (id.to_owned(), text.to_owned()))
        .collect()
}

fn traveller(
    surname: &str,
    given_names: &str,
    visual_name: Option<&str>,
    nationality: &str,
    number: &str,
) -> TravellerRow {
    TravellerRow {
        surname: surname.into(),
        given_names: given_names.into(),
        visual_name: visual_name.map(Into::into),
        nationality: nationality.into(),
        birth_date: "12.08.1974".into(),
        sex: "F".into(),
        document_number: number.into(),
        expiry_date: "15.04.2032".into(),
        role: None,
    }
}

/// One traveller from abroad, two zones, five copies.
pub(crate) fn single() -> Booklet {
    let torugart = named("Torugart", "Торугарт", "Торугарт");
    let at_bashy = named("At-Bashy", "Ат-Баши", "Ат-Башы");
    let stop =
        |name: &Named, copy: Option<u8>| RouteStop { name: name.clone(), is_post: copy.is_some(), copy };
    let posts = [Some(at_bashy.clone()), Some(torugart.clone()), None, None, None];
    let mut copies = vec![copy(0, 5, None, 1, 190)];
    copies.extend(posts.into_iter().zip(1..).map(|(post, number)| copy(number, 5, post, 1, 190)));
    Booklet {
        permit_number: "7K2M-9QXR-4T8W-5".into(),
        version: 1,
        mark: Mark::None,
        valid_from: date(2026, 6, 1),
        valid_to: date(2026, 6, 30),
        issued_on: date(2026, 5, 18),
        zones: vec![
            named("Naryn", "Нарын", "Нарын").into(),
            named("Issyk-Kul", "Иссык-Куль", "Ысык-Көл").into(),
        ],
        route: vec![
            stop(&named("Bishkek", "Бишкек", "Бишкек"), None),
            stop(&named("Naryn", "Нарын", "Нарын"), None),
            stop(&at_bashy, Some(1)),
            stop(&torugart, Some(2)),
            stop(&named("Kol-Suu lake", "озеро Кёль-Суу", "Көл-Суу көлү"), None),
        ],
        travellers: vec![traveller(
            "ERIKSSON",
            "ANNA MARIA",
            Some("Эрикссон Анна Мария"),
            "UTO",
            "L898902C3",
        )],
        agency: "ОсОО «Ала-Тоо Тревел»".into(),
        issuing_office: "Бишкек, ул. Киевская 44".into(),
        authority_reference: Some("№ 14/2-318 от 15.05.2026".into()),
        purpose: Some("Туризм / Tourism".into()),
        vehicle: Some("Toyota Land Cruiser, 01 KG 123 ABC".into()),
        lead_mrz: vec![
            "P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<".into(),
            "L898902C36UTO7408122F1204159ZE184226B<<<<<10".into(),
        ],
        lead_mrz_generated: false,
        history: vec![],
        copies,
    }
}

/// A copy whose sheets list twelve travellers each.
fn copy(number: u8, of: u8, post: Option<Named>, travellers: usize, seal_bytes: usize) -> Copy {
    let sheets = travellers.div_ceil(12);
    let sheet = |index: usize| Sheet {
        number: u8::try_from(index + 1).unwrap(),
        of: u8::try_from(sheets).unwrap(),
        rows: index * 12..travellers.min(index * 12 + 12),
        seal_text: seal_text(seal_bytes, u64::from(number) * 100 + index as u64),
    };
    Copy { number, of, post, sheets: (0..sheets).map(sheet).collect() }
}

/// A group with guides, long names, and letters of every alphabet that is printed.
pub(crate) fn group(size: usize, seal_bytes: usize) -> Booklet {
    let mut booklet = single();
    let people = [
        traveller(
            "GARCIA ALVAREZ",
            "MARIA FERNANDA DE LOS ANGELES",
            Some("García Álvarez María Fernanda de los Ángeles"),
            "ESP",
            "PAB123456",
        ),
        traveller(
            "ABDYKADYROVA",
            "AIGUL NURLANOVNA",
            Some("АБДЫКАДЫРОВА Айгүл Нурлановна"),
            "KGZ",
            "ID1234567",
        ),
        traveller("MUSTERMANN", "GUENTHER STEFAN", Some("Müstermann Günther Stefán"), "D", "C01X00T47"),
        traveller(
            "OESTERGAARD THORSTEINSSON",
            "BJOERK AASE",
            Some("Østergaard Þorsteinsson Björk Åse"),
            "DNK",
            "200012345",
        ),
        traveller("TAANBEKOV", "OEMUERBEK", Some("ТАҢБЕКОВ Өмүрбек Үсөн уулу"), "KGZ", "AC7654321"),
        traveller("SUKARNO", "", None, "IDN", "X0000007"),
        traveller("NGUYEN", "THI MINH KHAI", Some("Nguyễn Thị Minh Khai"), "VNM", "B1234567"),
        traveller(
            "WOJCIECHOWSKA BRZECZYSZCZYKIEWICZ",
            "GRA",
            Some("Wójciechowska-Brzęczyszczykiewicz Grażyna"),
            "POL",
            "ZS0000177",
        ),
    ];
    booklet.travellers = people.iter().cloned().cycle().take(size).collect();
    for (index, person) in booklet.travellers.iter_mut().enumerate() {
        person.birth_date = format!("{:02}.{:02}.{}", index % 28 + 1, index % 12 + 1, 1950 + index);
        person.sex = if index % 3 == 0 { "M" } else { "F" }.into();
    }
    if let Some(guide) = booklet.travellers.get_mut(1) {
        guide.role = Some(named("guide", "гид", "гид"));
    }
    if let Some(driver) = booklet.travellers.get_mut(4) {
        driver.role = Some(named("driver", "водитель", "айдоочу"));
    }
    booklet.lead_mrz_generated = true;
    for printed in &mut booklet.copies {
        *printed = copy(printed.number, printed.of, printed.post.clone(), size, seal_bytes);
    }
    booklet
}

/// Everything that can be long is long.
pub(crate) fn crowded() -> Booklet {
    let mut booklet = group(12, 345);
    booklet.version = 3;
    booklet.mark = Mark::Superseded;
    booklet.zones = [
        "Chuy|Чуйская|Чүй",
        "Issyk-Kul|Иссык-Кульская|Ысык-Көл",
        "Naryn|Нарынская|Нарын",
        "Osh|Ошская|Ош",
        "Batken|Баткенская|Баткен",
    ]
    .map(|names| {
        let names: Vec<_> = names.split('|').collect();
        named(names[0], names[1], names[2]).into()
    })
    .to_vec();
    let stops = booklet.route.clone();
    booklet.route.extend(stops);
    for person in &mut booklet.travellers {
        person.surname = "CHIMENGUNDERSEN MOHAMMADI".into();
        person.given_names = "ALEXANDRINA B".into();
        person.visual_name = Some("Чименгундерсен Мохаммади Александрина Ңуриддиновна".into());
        person.document_number = "AB12345678901".into();
        person.role = Some(named("interpreter", "переводчик", "котормочу"));
    }
    booklet.agency =
        "Общество с ограниченной ответственностью «Центрально-Азиатское Бюро Путешествий и Восхождений»"
            .into();
    booklet.issuing_office =
        "Кыргызстан, 720000, г. Бишкек, проспект Чынгыза Айтматова 299/5, офис 12".into();
    booklet.purpose =
        Some("Научная экспедиция: гляциология Внутреннего Тянь-Шаня / Scientific expedition".into());
    booklet.vehicle =
        Some("КАМАЗ-43118, 01 KG 123 ABC; Урал-4320, 01 KG 456 DEF; прицеп 01 KG 7890 AB".into());
    booklet.history = vec![
        named("Extended until 30.07.2026", "Продлён до 30.07.2026", "30.07.2026 чейин узартылды").into(),
        named(
            "Document number of traveller 4 corrected",
            "Исправлен номер документа № 4",
            "№ 4 документтин номери оңдолду",
        )
        .into(),
    ];
    booklet.copies[2].post = Some(named(
        "Engilchek (Inylchek), Maida-Adyr outpost of the border service",
        "Энгилчек (Иныльчек), застава «Майда-Адыр» пограничной службы",
        "Эңилчек, чек ара кызматынын «Майда-Адыр» бекети",
    ));
    booklet
}

/// An order of everyday size: three travellers, two zones with places, extended once.
pub(crate) fn everyday() -> Booklet {
    let mut booklet = group(3, 215);
    booklet.version = 2;
    booklet.zones = vec![
        Zone {
            name: named("Naryn", "Нарынская область", "Нарын облусу"),
            places: vec![
                named("Torugart", "Торугарт", "Торугарт"),
                named("Kol-Suu lake", "озеро Кёль-Суу", "Көл-Суу көлү"),
            ],
        },
        Zone {
            name: named("Issyk-Kul", "Иссык-Кульская область", "Ысык-Көл облусу"),
            places: vec![named("Engilchek", "Энгилчек", "Эңилчек")],
        },
    ];
    booklet.history = vec![Change {
        what: named(
            "Version 2 of 03.06.2026, validity extended to 30.06.2026",
            "Версия 2 от 03.06.2026, срок продлён до 30.06.2026",
            "2-версия, 03.06.2026, мөөнөтү 30.06.2026 чейин узартылды",
        ),
        reason: Some("снег на перевале".into()),
    }];
    booklet
}

/// Names as long as an MRZ's, and people with one name only.
pub(crate) fn long_names() -> Booklet {
    let mut booklet = group(8, 290);
    let names = [
        ("VENKATANARASIMHARAJUVARIPETA", "RAMASWAMY", Some("Venkatanarasimharajuvaripeta Ramaswamy")),
        ("ABCDEFGHIJKLMNOPQRSTUVWXYZABCDEFGHIJKLM", "", Some("Ññ Åå ẞß Þþ Đđ Ħħ Ĳĳ Ŀŀ Œœ Ŧŧ Əə")),
        ("NIILO", "VAINAMOINEN AAKKOSET ABCDEFGHIJKLMNOP", Some("Niilo Väinämöinen Åäkköset")),
        ("SUHARTO", "", None),
        ("MONONYMOUS", "", Some("Ңүөмөнүм")),
        ("NUNEZ STRASSE", "AASE THORA", Some("Núñez Straße Åse Þóra")),
        ("TOEROEBEKOVA", "NGUERGUEL", Some("ТӨРӨБЕКОВА Ңүргүл Үмүтбек кызы")),
        ("ALEXANDROPOULOSCONSTANTINOPOULOS", "MARIA", None),
    ];
    for (person, (surname, given_names, visual_name)) in booklet.travellers.iter_mut().zip(names) {
        person.surname = surname.into();
        person.given_names = given_names.into();
        person.visual_name = visual_name.map(Into::into);
    }
    booklet
}

/// All five zones, each with as many places as are printed.
pub(crate) fn five_zones() -> Booklet {
    let mut booklet = everyday();
    let zone = |en: &str, ru: &str, ky: &str, places: &[(&str, &str)]| Zone {
        name: named(en, ru, ky),
        places: places.iter().map(|(en, ru)| named(en, ru, ru)).collect(),
    };
    booklet.zones = vec![
        zone("Chuy", "Чуйская область", "Чүй облусу", &[("Chong-Kemin", "Чон-Кемин")]),
        zone(
            "Issyk-Kul",
            "Иссык-Кульская область",
            "Ысык-Көл облусу",
            &[
                ("Engilchek", "Энгилчек"),
                ("Karkyra", "Каркыра"),
                ("Ak-Shyirak", "Ак-Шыйрак"),
                ("and others", "и другие"),
            ],
        ),
        zone(
            "Naryn",
            "Нарынская область",
            "Нарын облусу",
            &[("Torugart", "Торугарт"), ("Kol-Suu lake", "озеро Кёль-Суу")],
        ),
        zone("Osh", "Ошская область", "Ош облусу", &[("Irkeshtam", "Иркештам"), ("Achik-Tash", "Ачик-Таш")]),
        zone(
            "Batken",
            "Баткенская область",
            "Баткен облусу",
            &[("Zardaly", "Зардалы"), ("Ak-Suu", "Ак-Суу")],
        ),
    ];
    booklet
}

/// A letterhead with a logo, and two fields of the agency's own.
pub(crate) fn letterhead() -> Style {
    let logo = include_bytes!("logo.svg");
    Style {
        letterhead: Letterhead {
            logo: Some(Logo::read(logo).unwrap()),
            lines: vec![
                "720000, Бишкек, ул. Киевская 44, офис 12".into(),
                "+996 312 000 000 · permits@agency.example".into(),
            ],
        },
        extra_fields: vec![
            ExtraField {
                label: named("Licence", "Лицензия", "Лицензия"),
                value: "№ 0042 от 01.02.2025".into(),
            },
            ExtraField {
                label: named("In an emergency", "В экстренном случае", "Өзгөчө кырдаалда"),
                value: "+996 555 000 000".into(),
            },
        ],
        ..Style::default()
    }
}
