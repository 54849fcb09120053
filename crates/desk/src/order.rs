//! Orders as agencies write them (DESIGN.md §7), and what they mean.

use std::fs;
use std::path::Path;

use jiff::civil::Date;
use propusk_passport::{PartialDate, Typed, read_mrz, read_typed};
use propusk_permit::order::{Applicant, Order, Role};
use propusk_permit::valid_to;
use propusk_region::{Region, UnknownName};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::DeskError;
use crate::table::{self, Table};

/// Longest order file that is read, tables aside: fifty travellers fit a hundred times.
const MAX_ORDER_BYTES: u64 = 1024 * 1024;
/// What the names of texts with separators end with.
const TEXT_TABLES: [&str; 3] = ["csv", "tsv", "txt"];
/// What the names of workbooks end with; those that can't be read are told what to do.
const WORKBOOKS: [&str; 12] =
    ["xlsx", "xlsm", "xltx", "xltm", "ods", "ots", "xls", "xlsb", "xlt", "numbers", "et", "sxc"];
/// Longest free text of an order, in characters: two lines of a sheet.
const MAX_TEXT: usize = 200;

/// An order as `.json` or `.toml` gives it; a table gives its travellers only.
#[derive(Clone, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct OrderFile {
    /// Zones, by id or any listed spelling.
    pub zones: Vec<String>,
    /// Places and checkpoints in order, or names of whole routes.
    pub route: Vec<String>,
    /// First valid day.
    pub valid_from: Option<String>,
    /// Months of validity; 1 where it is not said.
    pub months: Option<u8>,
    /// Copies; the route decides where it is not said.
    pub copies: Option<u8>,
    /// The authority's reference.
    pub authority_reference: Option<String>,
    /// Purpose of the journey.
    pub purpose: Option<String>,
    /// Number plate.
    pub vehicle: Option<String>,
    /// The travellers; the first one leads.
    pub travellers: Vec<TravellerEntry>,
}

/// One traveller of an order: MRZ lines, fields of the visual zone, or both.
#[derive(Clone, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct TravellerEntry {
    /// MRZ lines.
    pub mrz: Option<Vec<String>>,
    /// Surname.
    pub surname: String,
    /// Given names.
    pub given_names: String,
    /// Document number.
    pub document_number: String,
    /// Nationality, three letters.
    pub nationality: String,
    /// Birth date.
    pub birth_date: String,
    /// `M`, `F` or `X`.
    pub sex: String,
    /// Expiry date.
    pub expiry_date: String,
    /// Issuing state, where it differs from the nationality.
    pub issuing_state: String,
    /// The name as the passport writes it, Cyrillic or with diacritics.
    pub visual_name: String,
    /// `guide` or `driver`.
    pub role: String,
}

/// Whether the name is that of an order: of a kind that [`read_order_file`] reads, or of a workbook that it says how to
/// save. Other texts may be anything.
pub(crate) fn is_order_file(path: &Path) -> bool {
    let kind = path.extension().and_then(|kind| kind.to_str()).unwrap_or_default().to_lowercase();
    let kind = kind.as_str();
    kind != "txt"
        && (["json", "toml"].contains(&kind) || TEXT_TABLES.contains(&kind) || WORKBOOKS.contains(&kind))
}

/// An order with the table that it was read from, where it was one.
pub(crate) struct ReadOrder {
    pub order: OrderFile,
    pub table: Option<Table>,
}

/// Reads an order from a `.json` or `.toml` file, or a group from a table: `.csv`, `.xlsx` or `.ods`.
///
/// # Errors
/// [`DeskError`], naming the file, and the row, column or line where something is wrong.
pub fn read_order_file(path: &Path) -> Result<OrderFile, DeskError> {
    read_order(path).map(|read| read.order)
}

/// As [`read_order_file`], with the table.
pub(crate) fn read_order(path: &Path) -> Result<ReadOrder, DeskError> {
    let file = path.display().to_string();
    let unreadable = |why: String| DeskError::Unreadable { file: file.clone(), why };
    let size = fs::metadata(path).map_err(|error| unreadable(error.to_string()))?.len();
    let kind = path.extension().and_then(|extension| extension.to_str()).unwrap_or_default().to_lowercase();
    let (text, workbook) = (TEXT_TABLES.contains(&kind.as_str()), WORKBOOKS.contains(&kind.as_str()));
    let most = if text || workbook { table::MAX_BYTES } else { MAX_ORDER_BYTES };
    if size > most {
        return Err(unreadable(format!("it has {size} bytes, an order at most {most}")));
    }
    let bytes = fs::read(path).map_err(|error| unreadable(error.to_string()))?;
    if bytes.trim_ascii().is_empty() {
        return Err(DeskError::Empty { file });
    }
    if text || workbook {
        let read = table::read(&bytes, text).map_err(|why| DeskError::Table { file, why })?;
        return Ok(ReadOrder { order: read.order.clone(), table: Some(read) });
    }
    let text = String::from_utf8(bytes).map_err(|error| {
        let at = error.utf8_error().valid_up_to();
        unreadable(format!("byte {} is not UTF-8; save the file as UTF-8", at + 1))
    })?;
    let text = text.strip_prefix('\u{feff}').unwrap_or(&text);
    let syntax = |why: String| DeskError::Syntax { file: file.clone(), why };
    let order = match kind.as_str() {
        "json" => serde_json::from_str(text).map_err(|error| syntax(error.to_string()))?,
        "toml" => toml::from_str(text).map_err(|error| syntax(error.to_string().trim_end().to_owned()))?,
        _ => return Err(DeskError::Kind { file }),
    };
    Ok(ReadOrder { order, table: None })
}

/// Why an order file is no order: it can't be read as one, or names something unknown.
#[derive(Debug, thiserror::Error)]
pub(crate) enum OrderError {
    /// A text that is not what it should be.
    #[error(transparent)]
    Desk(#[from] DeskError),
    /// A zone or stop that the region does not know.
    #[error(transparent)]
    Unknown(#[from] UnknownName),
}

impl OrderFile {
    /// SHA-256 of what is ordered: the same for the same words, however the file spells them.
    pub(crate) fn digest(&self) -> anyhow::Result<[u8; 32]> {
        Ok(Sha256::digest(serde_json::to_vec(self)?).into())
    }

    /// The order these words mean. Data that are wrong but readable are left to the check.
    pub(crate) fn resolve(
        &self,
        region: &Region,
        max_total_months: u8,
        today: Date,
    ) -> Result<Order, OrderError> {
        self.check_texts()?;
        let valid_from = self.first_day()?;
        let months = self.months.unwrap_or(1);
        let last_day = valid_to(valid_from, months, max_total_months)
            .map_err(|error| DeskError::Date { field: "months", why: error.to_string() })?;
        if self.zones.is_empty() {
            return Err(DeskError::Missing { what: "its zones", option: "--zones" }.into());
        }
        let mut zones = Vec::new();
        for typed in &self.zones {
            let id = region.zone(typed)?.id.clone();
            if !zones.contains(&id) {
                zones.push(id);
            }
        }
        Ok(Order {
            zones,
            route: region.resolve_route(&self.route)?,
            valid_from,
            valid_to: last_day,
            copies: self.copies,
            authority_reference: said(self.authority_reference.as_deref()),
            purpose: said(self.purpose.as_deref()),
            vehicle: said(self.vehicle.as_deref()),
            applicants: self.travellers.iter().map(|entry| entry.applicant(today)).collect(),
        })
    }

    /// Free texts that fit no sheet, and roles that nobody has.
    fn check_texts(&self) -> Result<(), DeskError> {
        let texts = [
            ("authority_reference", self.authority_reference.as_deref()),
            ("purpose", self.purpose.as_deref()),
            ("vehicle", self.vehicle.as_deref()),
        ];
        for (field, text) in texts {
            check_length(field, text.unwrap_or_default())?;
        }
        for (index, entry) in self.travellers.iter().enumerate() {
            check_length("visual_name", &entry.visual_name)?;
            let role = entry.role.trim();
            if !role.is_empty() && role.parse::<Role>().is_err() {
                return Err(DeskError::Role { row: index + 1, found: role.chars().take(MAX_TEXT).collect() });
            }
        }
        Ok(())
    }

    fn first_day(&self) -> Result<Date, DeskError> {
        let missing = DeskError::Missing { what: "its first day (valid_from)", option: "--from" };
        let typed = self.valid_from.as_deref().ok_or(missing)?;
        let wrong = |why: String| DeskError::Date { field: "valid_from", why };
        let date: PartialDate = typed.parse().map_err(|error| wrong(format!("“{typed}”: {error}")))?;
        date.to_date()
            .ok_or_else(|| wrong(format!("“{typed}” leaves a part of the date open; write 2026-06-01")))
    }
}

impl TravellerEntry {
    /// What was typed in a finding's field.
    pub(crate) fn typed(&self, field: &str) -> Option<&str> {
        let line = |at: usize| self.mrz.as_ref().and_then(|lines| lines.get(at)).map(String::as_str);
        let text = match field {
            "surname" => &self.surname,
            "given_names" => &self.given_names,
            "document_number" => &self.document_number,
            "nationality" => &self.nationality,
            "birth_date" => &self.birth_date,
            "sex" => &self.sex,
            "expiry_date" => &self.expiry_date,
            "issuing_state" => &self.issuing_state,
            "line_1" => return line(0),
            "line_2" => return line(1),
            "line_3" => return line(2),
            _ => return None,
        };
        Some(text.trim()).filter(|text| !text.is_empty())
    }

    /// Who it is, for lists: surname, given names and document number, as typed or else as the MRZ says.
    pub(crate) fn who(&self, today: Date) -> [String; 3] {
        let read = self.mrz.as_ref().map(|lines| read_mrz(lines, today).person()).unwrap_or_default();
        let or_read = |typed: &str, read: Option<String>| match typed.trim() {
            "" => read.unwrap_or_default(),
            typed => typed.to_owned(),
        };
        [
            or_read(&self.surname, read.surname),
            or_read(&self.given_names, read.given_names),
            or_read(&self.document_number, read.document_number),
        ]
    }

    fn applicant(&self, today: Date) -> Applicant {
        let typed = Typed {
            surname: &self.surname,
            given_names: &self.given_names,
            document_number: &self.document_number,
            nationality: &self.nationality,
            birth_date: &self.birth_date,
            sex: &self.sex,
            expiry_date: &self.expiry_date,
            issuing_state: &self.issuing_state,
        };
        let (typed, unread) = read_typed(&typed, today);
        Applicant {
            mrz: self.mrz.clone().filter(|lines| lines.iter().any(|line| !line.trim().is_empty())),
            typed,
            unread,
            visual_name: said(Some(&self.visual_name)),
            role: self.role.parse().ok(),
        }
    }
}

fn check_length(field: &'static str, text: &str) -> Result<(), DeskError> {
    let found = text.chars().count();
    if found > MAX_TEXT { Err(DeskError::TooLong { field, found, most: MAX_TEXT }) } else { Ok(()) }
}

fn said(text: Option<&str>) -> Option<String> {
    text.map(str::trim).filter(|text| !text.is_empty()).map(str::to_owned)
}
