# Tables of groups: what can be wrong with a file, the template, the findings on the terminal and in a copy.
table-place = { $sheet ->
    [none] row { $row }, column { $column }
   *[other] sheet “{ $sheet }”, row { $row }, column { $column }
} (“{ $header }”)
table-foreign = { $kind ->
    [pdf] this is a PDF document, not a table. Ask for the table it was made from, or type it into a file of `propusk desk template`.
    [picture] this is a picture, not a table. Type it into a file of `propusk desk template`.
    [web-page] this is a web page, not a table. Open it in a spreadsheet program and save it as .xlsx.
    [document] this is a text document or a presentation, not a table. Copy its table into a spreadsheet and save that as .xlsx.
    [old-excel] this is a workbook of an old or binary format (.xls, .xlsb). Open it and save it as “Excel workbook (.xlsx)”.
    [archive] this is an archive or a workbook of another program. Unpack it, or export it as .xlsx.
   *[other] there is no table in it. Open it in a spreadsheet program and save it as .xlsx.
}
table-password = the workbook is protected by a password. Open it, remove the password and save it again.
table-damaged = the file is damaged or was cut short ({ $why }). Copy it again, or open it in a spreadsheet program and save it as .xlsx.
table-too-large = the file has { $found } MiB unpacked, a group's table at most { $most }. Copy the group's rows into a new file.
table-encoding = the letters can't be read for certain (row { $row }): the text is neither Unicode nor Windows-1251. Save it as “CSV UTF-8” or as .xlsx.
table-no-header = no row is a header that names the columns. The first lines of a table need surname, document_number, nationality, birth_date and expiry_date, or mrz1 and mrz2; `propusk desk template` writes one.
table-missing-column = the header has no column { $missing }; it has: { $found }. A table needs mrz1 and mrz2, or surname, document_number, nationality, birth_date and expiry_date.
table-unknown-column = { $place } is no field of a traveller; did you mean “{ $hint }”? Correct the header.
table-full-name = { $place } holds the whole name. Nobody can tell where the surname ends: make two columns, surname and given_names.
table-duplicate-column = { $place } means the same as column { $first }. Delete one of them, or empty its header.
table-two-groups = two sheets have a group, “{ $first }” and “{ $second }”. Leave one of them in the file, or hide the other.
table-no-rows = there is a header and no traveller below it.
table-too-many-rows = there are more than { $most } rows with travellers; one permit takes 50. Split the table.
table-ragged = row { $row } has { $found } cells, the header has { $expected }; is a separator or a quote missing?
table-error-value = { $place }: the spreadsheet shows the error { $error }. Type the value into the cell.
table-uncomputed = { $place }: the formula was saved without its value. Open the file in a spreadsheet program and save it again.
table-turned-into-date = { $place }: the spreadsheet turned the value into a date or a time. Format the cell as text and type the value again.
table-lost-letter = { $place }: there is a “?” where a letter was lost, since the encoding of the file does not have it. Save the table as “CSV UTF-8” or as .xlsx, and mend the name.
table-order-key = { $place } is nothing that an order says. Use the labels of `propusk desk template`.
table-order-number = { $place } has to be a whole number up to { $most }.

column-line_1 = MRZ 1
column-line_2 = MRZ 2
column-surname = Surname
column-given_names = Given names
column-document_number = Document number
column-nationality = Nationality
column-birth_date = Date of birth
column-sex = Sex
column-expiry_date = Date of expiry
column-issuing_state = Issuing state
column-visual_name = Name as in passport
column-role = Role

order-zones = Zones
order-route = Route
order-valid_from = First day
order-months = Months
order-copies = Copies
order-authority_reference = Authority's reference
order-purpose = Purpose
order-vehicle = Vehicle

template-group = Group
template-order = Order
template-written = { $file } is written. Row 2 is an example: write over it.
template-exists = { $file } exists already; nothing was written. Give another name with --out.
template-kind = { $file }: templates are written as .xlsx or .csv (an .xlsx opens in LibreOffice too)
template-example = An example: write over it.
template-note-line_1 = First line at the foot of the passport's page, 44 characters with every “<”. With both lines every letter is checked.
template-note-line_2 = Second line, 44 characters.
template-note-surname = As in the passport, in Latin or Cyrillic letters. Empty only where the passport has one name.
template-note-given_names = All given names, as in the passport.
template-note-document_number = Passport number without the check digit. The cell is a text, so that zeros in front stay.
template-note-nationality = Three letters of the state's code as in the passport: KGZ, FRA, D.
template-note-birth_date = Year-month-day (1974-08-12) or day.month.year (12.08.1974), all four digits of the year.
template-note-sex = M, F or X.
template-note-expiry_date = Last day of the passport's validity, written like the date of birth.
template-note-issuing_state = Only where another state issued the passport.
template-note-visual_name = Only where the passport has the name in Cyrillic or with marks, for the printed sheet.
template-note-role = guide or driver; empty for a traveller.
template-note-zones = Border zones, with commas: naryn, issyk-kul
template-note-route = Places and checkpoints in their order, with commas: Torugart, Kol-Suu
template-note-valid_from = First valid day: 2026-06-01
template-note-months = 1 or 2; empty: 1
template-note-copies = Empty: as many as the route needs
template-note-authority_reference = Where the authority gave one
template-note-purpose = Tourism
template-note-vehicle = Number plate

report-order = The order as a whole
report-traveller = Traveller { $traveller } { $name }
report-traveller-row = Traveller { $traveller }, row { $row } { $name }
report-column = column { $column } “{ $header }”
report-at = { $traveller } (row { $row })
report-all = Travellers { $travellers }
report-unread = Columns that were not read: { $columns }

annotate-written = Annotated copy: { $file }
annotate-own-input = { $file } is the table itself; an annotated copy needs another name
annotate-kind = { $file }: the annotated copy is written as .xlsx
annotate-no-table = { $file } is no table: only a group in .csv, .xlsx or .ods can be annotated
annotate-findings = Findings
annotate-severity = Severity
annotate-traveller = Traveller
annotate-row = Row
annotate-column = Column
annotate-finding = Finding
annotate-suggestion = Suggestion
annotate-code = Code
