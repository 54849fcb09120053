# One message for every finding about passport data (crates/passport, `Code`) and about an order (crates/permit,
# `OrderCode`). An argument that a finding does not carry comes as “none”, an empty one (a character that is missing or
# one too many) as “nothing”; each message says what to do next.
severity-error = Error
severity-warning = Please confirm
severity-info = Note

finding-number-mismatch = { $source ->
    [mrz] The passport number was misread in the MRZ: it says { $mrz }, the permit { $permit }. Look at character { $k } in the passport again.
   *[other] The passport number on the permit is { $permit }, the passport says { $mrz }. { $typed ->
        [none] Correct it from the passport.
        [nothing] Character { $k }, “{ $correct }”, is missing; add it.
       *[other] { $correct ->
            [nothing] Character { $k }, “{ $typed }”, is one too many; remove it.
           *[other] Character { $k } is “{ $typed }” and should be “{ $correct }”; correct it.
        }
    }
}
finding-number-lookalike = { $source ->
    [mrz] In the MRZ, character { $k } of the passport number was read as “{ $typed }”; it looks like “{ $correct }”. Look at the passport again.
   *[other] Character { $k } of the passport number is “{ $typed }” and should be the look-alike “{ $correct }”. Correct it.
}
finding-number-transposed = { $source ->
    [mrz] In the MRZ two neighbouring characters of the passport number are swapped ({ $ab } for { $ba }, from character { $k }). Read the line again.
   *[other] Two neighbouring characters of the passport number are swapped: { $ab } should be { $ba }, from character { $k }. Correct it.
}
finding-number-has-check-digit = You copied { $n } characters: the last one, “{ $typed }”, is the check digit of the MRZ and no part of the number. Remove it: { $mrz }.
finding-number-length-or-alphabet = { $c ->
    [none] A passport number of { $country } has { $expected } characters, this one has { $length }. Compare it with the passport.
   *[other] Passport numbers of { $country } do not contain “{ $c }” (character { $k }). Compare it with the passport.
}
finding-check-digit = { $field ->
    [document_number] The document number and its check digit do not agree
    [birth_date] The date of birth and its check digit do not agree
    [expiry_date] The date of expiry and its check digit do not agree
   *[other] The optional data and their check digit do not agree
} (found “{ $found }”, expected { $expected }). { $typed ->
    [none] Read the line in the passport again.
   *[other] Perhaps character { $k }, “{ $typed }”, should be “{ $correct }”: look at it again.
}
finding-composite-only-fails = Every field agrees alone, but the last digit of the MRZ (“{ $found }”, expected { $expected }) does not: a character between the fields, or the digit, was mistyped. Read the line again.
finding-birth-date-mismatch = The date of birth differs: permit { $a }, passport { $b }. Correct it from the passport.
finding-birth-date-day-month-swap = { $rows ->
    [none] Day and month of birth are swapped: { $a } should be { $b }. Correct it.
   *[other] Day and month of birth are swapped for the travellers { $rows } (the first: { $a } should be { $b }). A spreadsheet does that to a whole column: correct all of them.
}
finding-birth-date-century = The year of birth “{ $yy }” was read as { $a }; it has to be { $b }. Write all four digits.
finding-birth-date-partial = The passport itself leaves a part of the date of birth blank ({ $b }). The permit has to leave it blank too.
finding-date-not-calendar = { $candidates ->
    [none] “{ $date }” is no date of the calendar. { $correct ->
        [none] { $typed ->
            [none] Correct it from the passport, as YYYY-MM-DD.
           *[other] Character { $k }, “{ $typed }”, can't stand there. Correct it from the passport, as YYYY-MM-DD.
        }
        [nothing] Character { $k }, “{ $typed }”, is one too many; remove it.
       *[other] { $typed ->
            [nothing] Character { $k }, “{ $correct }”, is missing; add it.
           *[other] Character { $k } is “{ $typed }” and should be “{ $correct }”; correct it.
        }
    }
   *[other] “{ $date }” can be { $candidates }. Write it as YYYY-MM-DD.
}
finding-expiry-mismatch = { $swap ->
    [none] The date of expiry differs: permit { $a }, passport { $b }. Correct it from the passport.
   *[other] Day and month of the date of expiry are swapped: { $a } should be { $b }. Correct it.
}
finding-expired-or-short = The passport ends on { $d }; it has to be valid until { $needed }. A new passport is needed, or an earlier journey.
finding-surname-given-swapped = { $moved ->
    [none] Surname and given names are exchanged: permit { $permit }, passport { $mrz }. Exchange them.
   *[other] “{ $moved }” stands in the wrong name field: permit { $permit }, passport { $mrz }. Move it.
}
finding-name-missing-part = { $instead ->
    [none] “{ $part }” is in the passport and not on the permit. Add it.
   *[other] The passport says “{ $part }” where the permit says “{ $instead }”. Correct it.
}
finding-name-extra-part = { $kind ->
    [patronymic] “{ $part }” (a patronymic?) is on the permit and not in the passport's MRZ. Keep it only if the office asks for it.
    [title] “{ $part }” is a title and not in the passport's MRZ. Remove it.
   *[other] “{ $part }” is on the permit and not in the passport's MRZ. Remove it, unless the printed page has it.
}
finding-name-typo = “{ $a }” on the permit, “{ $b }” in the passport: { $typed ->
    [none] they differ.
    [nothing] character { $k }, “{ $correct }”, is missing.
   *[other] { $correct ->
        [nothing] character { $k }, “{ $typed }”, is one too many.
       *[other] character { $k } is “{ $typed }” and should be “{ $correct }”.
    }
} Correct it from the passport.
finding-name-order = The parts of the name stand in another order: permit { $a }, passport { $b }. Put them in the passport's order.
finding-name-translit-variant = “{ $a }” and “{ $b }” are two spellings of the same letters. Print the one in the MRZ: “{ $b }”.
finding-name-may-be-truncated = The name fills its field in the MRZ and may be cut (“{ $b }”). Compare “{ $a }” with the full printed name.
finding-name-case-punct-only = “{ $a }” and “{ $b }” differ in case, accents, hyphens or spaces only. Nothing has to be done.
finding-no-surname = This passport has one name only, “{ $name }”. Agree with the office which box it goes in.
finding-nationality-or-sex-unproven = { $field ->
    [nationality] The nationality { $b ->
        [none] “{ $a }” can't be read
       *[other] differs: permit { $a }, passport { $b }
    }. Correct it from the passport.
    [issuing_state] The issuing state { $b ->
        [none] “{ $a }” can't be read
       *[other] differs: permit { $a }, passport { $b }
    }. Correct it from the passport.
    [sex] The sex { $b ->
        [none] “{ $a }” is none of M, F and X
       *[other] differs: permit { $a }, passport { $b }
    }. Correct it from the passport.
   *[other] No check digit covers nationality, sex and name: compare them with the passport by reading.
}
finding-same-person-twice = { $kind ->
    [crossed] Travellers { $row } and { $other } carry each other's passport number { $number }. Exchange them.
    [two-names] Travellers { $row } and { $other } have the same passport number { $number } and different names. Correct one.
   *[other] Travellers { $row } and { $other } have the same passport number. Is it the same person? Remove one row.
}
finding-mrz-shape = { $c ->
    [none] Line { $n } has { $len } characters, expected { $want }. { $field ->
        [none] Type the line again, with every “<”.
       *[other] The slip is at character { $k } or beside it: look there again.
    }
   *[other] Line { $n }, character { $k }: “{ $c }” can't stand there. Read the line again.
}

finding-no-travellers = The order names no traveller. Add at least one.
finding-too-many-travellers = The order names { $count } travellers; one permit takes at most { $limit }. Split the group.
finding-no-zones = The order names no border zone. Add the zones of the route.
finding-period-past = The permit would end before it begins or before today ({ $valid_from } – { $valid_to }). Correct the dates.
finding-valid-from-past = The first day, { $valid_from }, has passed. Is that meant?
finding-stop-not-covered = { $stop } lies in the zone { $zone }, which the order does not ask for. Add the zone or leave the stop out.
finding-no-price = The tariff has no price for { $zones } zones. Ask the office.
finding-field-missing = The field “{ $field }” is missing. Fill it in from the passport.
finding-mrz-not-generated = { $reason ->
    [letter] No MRZ can be made: character { $k }, “{ $typed }”, is in no table of transliterations. Write the name in Latin or Cyrillic letters, or type the two lines from the passport.
    [character] No MRZ can be made: character { $k }, “{ $typed }”, can't stand in one. Correct it, or type the two lines from the passport.
    [length] No MRZ can be made: there are { $length } characters, at most { $most } fit. Correct it (a state has a code of up to three letters), or type the two lines from the passport.
   *[other] No MRZ can be made: no letter is left of the name. Correct it, or type the two lines from the passport.
}
