//! The permit that everybody draws, and its seals.

use propusk_boot::Locales;
use propusk_desk::paper::{Booklet, Labels, Language};
use propusk_seal::{
    LeadMrz, PermitSeal, SealedTraveller, SignerId, SigningKey, ZoneMask, name_digest, to_text,
};

/// Invented permits, the tests' own.
#[path = "../../../../crates/desk/tests/paper/specimens.rs"]
#[allow(dead_code, reason = "the tests print more of them")]
mod specimens;

/// A permit of so many travellers with its original and five copies, one sheet each, and its seals, not yet signed.
pub(crate) struct Permit {
    pub(crate) booklet: Booklet,
    pub(crate) labels: Labels,
    seals: Vec<PermitSeal>,
    key: SigningKey,
    signer: SignerId,
}

impl Permit {
    /// `travellers`: 1 to 12. `sheets`: 1 to 6, the original first.
    pub(crate) fn new(travellers: usize, sheets: usize) -> Self {
        let mut booklet = specimens::group(travellers, 190);
        booklet.copies.truncate(sheets);
        let seals = booklet.copies.iter().map(|copy| seal(&booklet, copy.number, copy.of)).collect();
        let lookup = |id: &str, language: Language| {
            Locales::embedded().text(language.code().parse().unwrap(), id, &[])
        };
        let labels = Labels::new(Language::Ru, Language::En, lookup);
        let key = SigningKey::from_bytes(&[7; 32]).unwrap();
        Self { booklet, labels, seals, key, signer: SignerId::new("KGBP", "5C4A91").unwrap() }
    }

    /// Signs every sheet's seal.
    pub(crate) fn sign(&self) -> Vec<String> {
        let issued = self.booklet.issued_on;
        let sign = |seal: &PermitSeal| to_text(&seal.sign(&self.signer, issued, issued, &self.key).unwrap());
        self.seals.iter().map(sign).collect()
    }
}

fn seal(booklet: &Booklet, copy: u8, copies: u8) -> PermitSeal {
    let number = booklet.permit_number.replace('-', "");
    let others = booklet.travellers.iter().skip(1).map(|traveller| SealedTraveller {
        document_number: traveller.document_number.clone(),
        nationality: traveller.nationality.clone(),
        birth_date: propusk_seal::date::PartialDate::new(Some(1974), Some(8), Some(12)).unwrap(),
        name_digest: name_digest(&number, &traveller.surname),
    });
    PermitSeal {
        version: booklet.version,
        copy,
        copies,
        sheet: 1,
        sheets: 1,
        valid_from: booklet.valid_from,
        valid_to: booklet.valid_to,
        zones: ZoneMask(0b110),
        group_size: u8::try_from(booklet.travellers.len()).unwrap(),
        lead_mrz: LeadMrz::new(&booklet.lead_mrz).unwrap(),
        issuing_office: "SPECIMEN OFFICE BISHKEK".to_owned(),
        others: others.collect(),
        permit_number: number,
    }
}
