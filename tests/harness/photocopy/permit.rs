//! Varied permits with real seals, drawn by the desk.

use std::path::{Path, PathBuf};

use jiff::ToSpan as _;
use jiff::civil::date;
use propusk_boot::Locales;
use propusk_desk::paper::{self, Booklet, Copy, Labels, Language, Mark, Named, RouteStop, Sheet, Zone};
use propusk_passport::read_mrz;
use propusk_permit::{PermitNumber, sheets};
use propusk_seal::date::PartialDate;
use propusk_seal::{
    LeadMrz, PermitSeal, SealedTraveller, Signer, SignerId, SigningKey, TrustList, ZoneMask, name_digest,
    to_text, verify_scan,
};

use super::people::{TODAY, Traveller, lead, traveller};
use super::random::Random;
use crate::tools::run;

/// The zones by the bits of SEAL.md, feature 05.
const ZONES: [[&str; 3]; 5] = [
    ["Chuy", "Чуйская", "Чүй"],
    ["Issyk-Kul", "Иссык-Кульская", "Ысык-Көл"],
    ["Naryn", "Нарынская", "Нарын"],
    ["Osh", "Ошская", "Ош"],
    ["Batken", "Баткенская", "Баткен"],
];
const PLACES: [[&str; 3]; 8] = [
    ["Bishkek", "Бишкек", "Бишкек"],
    ["Naryn", "Нарын", "Нарын"],
    ["At-Bashy", "Ат-Баши", "Ат-Башы"],
    ["Torugart", "Торугарт", "Торугарт"],
    ["Kol-Suu lake", "озеро Кёль-Суу", "Көл-Суу көлү"],
    ["Engilchek (Inylchek)", "Энгилчек (Иныльчек)", "Эңилчек"],
    ["Sary-Tash", "Сары-Таш", "Сары-Таш"],
    ["Achik-Tash base camp", "базовый лагерь Ачик-Таш", "Ачык-Таш базалык лагери"],
];
const OFFICES: [&str; 3] = ["SPECIMEN OFFICE BISHKEK", "OSH", "KARAKOL 2"];

/// The desk's key, and the list of those who trust it.
pub(super) struct Authority {
    key: SigningKey,
    signer: SignerId,
    trust: TrustList,
}

impl Authority {
    /// An authority for tests.
    pub(super) fn new() -> Self {
        let key = SigningKey::from_bytes(&[7; 32]).unwrap();
        let signer = SignerId::new("KGBP", "5C4A91").unwrap();
        let trusted = Signer {
            id: signer.clone(),
            valid_from: date(2026, 1, 1),
            valid_to: date(2027, 12, 31),
            public_key: key.public_key(),
            zones: ZoneMask(0b1_1111),
            max_days: 60,
            revoked_at: None,
        };
        let trust = TrustList { issued_at: 0, next_update: i64::MAX, signers: vec![trusted] };
        Self { key, signer, trust }
    }
}

/// One page of a permit as a picture, and what its seal says.
pub(super) struct Page {
    /// The page's picture at each resolution asked for.
    pub(super) pictures: Vec<PathBuf>,
    booklet: std::sync::Arc<Booklet>,
    sheet: usize,
    text: String,
    seal: PermitSeal,
}

impl Page {
    /// What is wrong with a text that a decoder delivered; nothing where it is this page's seal, with a signature that
    /// holds, and with every field as it is printed on the page.
    pub(super) fn fault_of(&self, delivered: &str, authority: &Authority) -> Option<String> {
        let verification = verify_scan(delivered.as_bytes(), &authority.trust, TODAY);
        if verification.status != propusk_seal::Status::Valid {
            return Some(format!("the seal is {:?}", verification.status));
        }
        let seal = PermitSeal::from_seal(&verification.seal?).unwrap();
        if seal != self.seal || delivered != self.text {
            return Some("the seal of another sheet".to_owned());
        }
        self.unlike_the_print(&seal)
    }

    /// The first field of the seal that is not what the page says.
    fn unlike_the_print(&self, seal: &PermitSeal) -> Option<String> {
        let booklet = &self.booklet;
        let copy = &booklet.copies[0];
        let sheet = &copy.sheets[self.sheet];
        let zones: Vec<&str> = seal.zones.bits().map(|bit| ZONES[usize::from(bit)][0]).collect();
        let others: Vec<_> = seal.others.iter().map(|other| other.document_number.as_str()).collect();
        let listed =
            booklet.travellers.iter().enumerate().filter(|(row, _)| sheet.rows.contains(row) && *row > 0);
        let numbers: Vec<_> = listed.map(|(_, row)| row.document_number.as_str()).collect();
        let agreements = [
            ("number", seal.permit_number == booklet.permit_number.replace('-', "")),
            ("version", seal.version == booklet.version),
            ("copy", (seal.copy, seal.copies) == (copy.number, copy.of)),
            ("sheet", (seal.sheet, seal.sheets) == (sheet.number, sheet.of)),
            ("dates", (seal.valid_from, seal.valid_to) == (booklet.valid_from, booklet.valid_to)),
            ("zones", zones.iter().copied().eq(booklet.zones.iter().map(|zone| zone.name.en.as_str()))),
            ("group size", usize::from(seal.group_size) == booklet.travellers.len()),
            ("MRZ", seal.lead_mrz.lines() == booklet.lead_mrz),
            ("office", seal.issuing_office == booklet.issuing_office),
            ("travellers", others == numbers),
        ];
        let odd = agreements.iter().find(|(_, agrees)| !agrees)?;
        Some(format!("the seal's {} is not what is printed", odd.0))
    }
}

/// Draws one copy of the `index`th permit of a seed and rasterises its pages at each resolution.
pub(super) fn pages(
    seed: u64,
    index: usize,
    authority: &Authority,
    dots_per_inch: &[u16],
    folder: &Path,
) -> Vec<Page> {
    let mut random = Random::new(seed, &[1, index as u64]);
    let (booklet, seals) = booklet(&mut random, authority);
    let primary = if random.once_in(4) { Language::Ky } else { Language::Ru };
    let lookup =
        |id: &str, language: Language| Locales::embedded().text(language.code().parse().unwrap(), id, &[]);
    let bytes = paper::draw(&booklet, &Labels::new(primary, Language::En, lookup)).unwrap();
    let pdf = folder.join(format!("permit-{index}.pdf"));
    std::fs::write(&pdf, bytes).unwrap();
    let picture = |page: usize, dots_per_inch: &u16| {
        let prefix = folder.join(format!("permit-{index}-{}-{dots_per_inch}", page + 1));
        let (page, resolution) = ((page + 1).to_string(), dots_per_inch.to_string());
        let (pdf, out) = (pdf.to_str().unwrap(), prefix.to_str().unwrap());
        let _ =
            run("pdftoppm", &["-r", &resolution, "-gray", "-singlefile", "-f", &page, "-l", &page, pdf, out]);
        prefix.with_extension("pgm")
    };
    let booklet = std::sync::Arc::new(booklet);
    let page = |(sheet, (text, seal)): (usize, (String, PermitSeal))| Page {
        pictures: dots_per_inch.iter().map(|resolution| picture(sheet, resolution)).collect(),
        booklet: booklet.clone(),
        sheet,
        text,
        seal,
    };
    seals.into_iter().enumerate().map(page).collect()
}

/// The sheets of a permit: how many pages [`pages`] will make.
pub(super) fn sheets_of(seed: u64, index: usize) -> usize {
    sheets(group_size(&mut Random::new(seed, &[1, index as u64]))).len()
}

/// Half of the groups fit one sheet.
fn group_size(random: &mut Random) -> usize {
    if random.once_in(2) { 1 + random.below(12) } else { 1 + random.below(50) }
}

/// A permit with one of its copies, and that copy's seals.
fn booklet(random: &mut Random, authority: &Authority) -> (Booklet, Vec<(String, PermitSeal)>) {
    let size = group_size(random);
    let mut travellers = vec![lead(random)];
    travellers.extend((1..size).map(|_| traveller(random)));
    let number = PermitNumber::draw(|| random.bits().to_be_bytes());
    let valid_from = date(2026, 6, 1) + (random.below(90) as i64).days();
    let copies = 1 + random.below(9) as u8;
    let zones = ZoneMask(if random.once_in(4) { 0b1_1111 } else { 1 + random.below(31) as u32 });
    let template = PermitSeal {
        permit_number: number.compact().to_owned(),
        version: 1 + random.below(3) as u8,
        copy: random.below(usize::from(copies) + 1) as u8,
        copies,
        sheet: 1,
        sheets: 1,
        valid_from,
        valid_to: valid_from + 29.days(),
        zones,
        group_size: size as u8,
        lead_mrz: LeadMrz::new(&travellers[0].mrz).unwrap(),
        issuing_office: (*random.pick(&OFFICES)).to_owned(),
        others: vec![],
    };
    let issued_on = date(2026, 5, 18);
    let sealed = sheets(size).into_iter().map(|sheet| {
        let others = travellers.iter().enumerate().filter(|(row, _)| sheet.rows.contains(row) && *row > 0);
        let seal = PermitSeal {
            sheet: sheet.number,
            sheets: sheet.of,
            others: others.map(|(_, other)| sealed(other, number.compact())).collect(),
            ..template.clone()
        };
        let bytes = seal.sign(&authority.signer, issued_on, issued_on, &authority.key).unwrap();
        (sheet, to_text(&bytes), seal)
    });
    let sealed: Vec<_> = sealed.collect();
    let paper_sheet = |(sheet, text, _): &(propusk_permit::Sheet, String, PermitSeal)| Sheet {
        number: sheet.number,
        of: sheet.of,
        rows: sheet.rows.clone(),
        seal_text: text.clone(),
    };
    let copy = Copy {
        number: template.copy,
        of: copies,
        post: (template.copy > 0 && !random.once_in(3)).then(|| named(random.pick(&PLACES))),
        sheets: sealed.iter().map(paper_sheet).collect(),
    };
    let route = route(random);
    let booklet = Booklet {
        permit_number: number.to_string(),
        version: template.version,
        mark: if random.once_in(12) { Mark::Superseded } else { Mark::None },
        valid_from,
        valid_to: template.valid_to,
        issued_on,
        zones: zones.bits().map(|bit| zone(&ZONES[usize::from(bit)], random)).collect(),
        route,
        lead_mrz: travellers[0].mrz.clone(),
        lead_mrz_generated: random.once_in(5),
        travellers: travellers.into_iter().map(|traveller| traveller.row).collect(),
        agency: "ОсОО «Ала-Тоо Тревел»".into(),
        issuing_office: template.issuing_office,
        authority_reference: (!random.once_in(3)).then(|| "№ 14/2-318 от 15.05.2026".into()),
        purpose: (!random.once_in(3)).then(|| "Туризм / Tourism".into()),
        vehicle: random.once_in(2).then(|| "Toyota Land Cruiser, 01 KG 123 ABC".into()),
        history: vec![],
        copies: vec![copy],
    };
    (booklet, sealed.into_iter().map(|(_, text, seal)| (text, seal)).collect())
}

fn route(random: &mut Random) -> Vec<RouteStop> {
    let stop = |copy: usize, random: &mut Random| {
        let is_post = random.once_in(2);
        RouteStop { name: named(random.pick(&PLACES)), is_post, copy: is_post.then_some(copy as u8) }
    };
    (1..3 + random.below(6)).map(|copy| stop(copy, random)).collect()
}

fn zone(names: &[&str; 3], random: &mut Random) -> Zone {
    Zone { name: named(names), places: PLACES.iter().take(random.below(4)).map(named).collect() }
}

fn named(names: &[&str; 3]) -> Named {
    let [en, ru, ky] = names.map(str::to_owned);
    Named { en, ru, ky }
}

/// A traveller's record in the seal, as the desk makes it.
fn sealed(traveller: &Traveller, permit_number: &str) -> SealedTraveller {
    let document = read_mrz(&traveller.mrz, TODAY);
    let birth = traveller.birth;
    let part = |part: Option<u8>| part.map(|part| part as i8);
    SealedTraveller {
        document_number: traveller.row.document_number.clone(),
        nationality: document.nationality.clone(),
        birth_date: PartialDate::new(birth.year.map(|year| year as i16), part(birth.month), part(birth.day))
            .unwrap(),
        name_digest: name_digest(permit_number, document.name_field()),
    }
}
