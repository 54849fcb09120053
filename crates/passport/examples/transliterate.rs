//! Names as the MRZ writes them, cut where they are too long, and whether an MRZ's name can be a given one.
//!
//! `cargo run -p propusk-passport --example transliterate`

use propusk_passport::translit::{UnknownLetter, can_be, transliterate, variants};
use propusk_passport::{Format, name};

fn main() -> Result<(), UnknownLetter> {
    for text in ["Ævarsdóttir", "Жумагулов", "О'Коннор-Ющенко", "Үсөн"] {
        println!("{text}: {} (also {})", transliterate(text)?, variants(text).join(", "));
    }
    println!("JUMAGULOV can be Жумагулов: {}", can_be("JUMAGULOV", "Жумагулов"));
    let (surname, given) = ("Nilavadhanananda", "Arnpol Petch Charonguang");
    for format in [Format::Td3, Format::Td2, Format::Td1] {
        let field = name::field(surname, given, format)?;
        println!("{format}: {field} can be {surname}, {given}: {}", name::can_be(&field, surname, given));
    }
    Ok(())
}
