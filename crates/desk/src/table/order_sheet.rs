//! The second sheet of a workbook, which says for the whole group what the command line can say: a key and its value
//! in each row.

use super::error::{Place, TableError};
use super::sheet::{Cell, Row, Sheet};
use super::spelling::fold;
use crate::order::OrderFile;

/// What the sheet is called.
const NAMES: [&str; 8] = ["order", "заказ", "заявка", "буйрутма", "буюртма", "trip", "поездка", "сапар"];

/// One thing that an order says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Key {
    /// Zones.
    Zones,
    /// Places and checkpoints.
    Route,
    /// First valid day.
    ValidFrom,
    /// Months of validity.
    Months,
    /// Copies.
    Copies,
    /// The authority's reference.
    Reference,
    /// Purpose.
    Purpose,
    /// Number plate.
    Vehicle,
}

/// Every key with its spellings, the JSON name first. The label of a key is `order-<JSON name>`.
#[rustfmt::skip]
const KEYS: [(Key, &[&str]); 8] = [
    (Key::Zones, &["zones", "zone", "border zones", "зоны", "зона", "погранзоны", "пограничные зоны", "зоналар", "чек ара зоналары"]),
    (Key::Route, &["route", "places", "маршрут", "места", "каттам", "багыт", "маршруту"]),
    (Key::ValidFrom, &["valid_from", "from", "first day", "start", "start date", "с", "первый день", "дата начала", "начало", "действует с", "биринчи күн", "башталышы", "башталган күнү"]),
    (Key::Months, &["months", "месяцев", "месяцы", "сколько месяцев", "срок в месяцах", "айлар", "канча ай", "ай"]),
    (Key::Copies, &["copies", "копий", "копии", "сколько копий", "көчүрмөлөр", "канча көчүрмө"]),
    (Key::Reference, &["authority_reference", "reference", "authority's reference", "номер решения", "номер разрешения", "исходящий номер", "ссылка", "органдын номери", "чечимдин номери"]),
    (Key::Purpose, &["purpose", "purpose of travel", "цель", "цель поездки", "максаты", "сапардын максаты"]),
    (Key::Vehicle, &["vehicle", "number plate", "car", "номер машины", "автомобиль", "машина", "транспорт", "унаа", "унаанын номери"]),
];

impl Key {
    /// Every key, in the order of a form.
    pub(crate) const ALL: [Self; 8] = [
        Self::Zones,
        Self::Route,
        Self::ValidFrom,
        Self::Months,
        Self::Copies,
        Self::Reference,
        Self::Purpose,
        Self::Vehicle,
    ];

    /// The JSON name.
    pub(crate) fn name(self) -> &'static str {
        let known = KEYS.iter().find(|(key, _)| *key == self);
        known.and_then(|(_, spellings)| spellings.first()).copied().unwrap_or_default()
    }

    /// The key that a label means.
    pub(crate) fn of(label: &str) -> Option<Self> {
        let label = fold(label);
        let known =
            KEYS.iter().find(|(_, spellings)| spellings.iter().any(|spelling| fold(spelling) == label));
        known.map(|(key, _)| *key)
    }
}

/// True where the sheet is named as an order's.
pub(crate) fn is_order(sheet: &Sheet) -> bool {
    sheet.name.as_ref().is_some_and(|name| NAMES.contains(&fold(name).as_str()))
}

/// Reads the sheet: what has no value is not said; a label that means nothing is refused where it has one.
pub(super) fn read(sheet: &Sheet) -> Result<OrderFile, TableError> {
    let mut order = OrderFile::default();
    for row in &sheet.rows {
        let label = row.cell(0).text();
        let value = row.cell(1);
        let place = || Place { sheet: sheet.name.clone(), row: row.number, column: 0, header: label.clone() };
        match (Key::of(&label), value) {
            (_, Cell::Empty) => {}
            (None, _) => return Err(TableError::OrderKey { place: place() }),
            (Some(key), value) => put(key, value, &mut order, row, sheet, &label)?,
        }
    }
    Ok(order)
}

fn put(
    key: Key,
    value: &Cell,
    order: &mut OrderFile,
    row: &Row,
    sheet: &Sheet,
    label: &str,
) -> Result<(), TableError> {
    let place = Place { sheet: sheet.name.clone(), row: row.number, column: 1, header: label.to_owned() };
    if let Cell::Error(error) = value {
        let damage = super::error::Damage::ErrorValue(error.clone());
        return Err(TableError::Cell { place, damage });
    }
    let text = value.text();
    let list = || {
        let parts = text.split([',', ';', '→', '>']).map(str::trim).filter(|part| !part.is_empty());
        parts.map(str::to_owned).collect::<Vec<String>>()
    };
    let number = |most: u8| match text.parse::<u8>() {
        Ok(number) if number <= most => Ok(Some(number)),
        _ => Err(TableError::OrderNumber { place: place.clone(), most }),
    };
    match key {
        Key::Zones => order.zones = list(),
        Key::Route => order.route = list(),
        Key::ValidFrom => order.valid_from = Some(text),
        Key::Months => order.months = number(12)?,
        Key::Copies => order.copies = number(u8::MAX)?,
        Key::Reference => order.authority_reference = Some(text),
        Key::Purpose => order.purpose = Some(text),
        Key::Vehicle => order.vehicle = Some(text),
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sheet(rows: &[(&str, &str)]) -> Sheet {
        let row = |(at, (label, value)): (usize, &(&str, &str))| Row {
            number: u32::try_from(at).unwrap_or_default() + 1,
            cells: vec![Cell::of_text(label), Cell::of_text(value), Cell::of_text("explanation")],
        };
        Sheet {
            name: Some("Заказ".into()), rows: rows.iter().enumerate().map(row).collect(), counted: false
        }
    }

    #[test]
    fn an_order_is_read_from_keys_in_any_language() {
        let sheet = sheet(&[
            ("Заказ", ""),
            ("Зоны", "naryn; Ош"),
            ("route", "Torugart → Köl-Suu"),
            ("Первый день", "01.06.2026"),
            ("Канча ай", "2"),
            ("цель поездки", ""),
        ]);
        assert!(is_order(&sheet));
        let Ok(order) = read(&sheet) else { panic!("the sheet is good") };
        assert_eq!(order.zones, ["naryn", "Ош"]);
        assert_eq!(order.route, ["Torugart", "Köl-Suu"]);
        assert_eq!((order.valid_from.as_deref(), order.months), (Some("01.06.2026"), Some(2)));
        assert_eq!(order.purpose, None);
    }

    #[test]
    fn what_means_nothing_is_named() {
        let error = |label, value| read(&sheet(&[(label, value)])).err().map(|error| error.to_string());
        let key = error("Zonen", "naryn").unwrap_or_default();
        assert!(key.contains("Zonen") && key.contains("row 1") && key.contains("column A"), "{key}");
        let months = error("months", "two").unwrap_or_default();
        assert!(months.contains("months") && months.contains("12"), "{months}");
    }
}
