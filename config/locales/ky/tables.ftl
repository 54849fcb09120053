# Топтордун таблицалары: файлда эмне туура эмес болушу мүмкүн, үлгү, экрандагы жана көчүрмөдөгү эскертүүлөр.
table-place = { $sheet ->
    [none] { $row }-сап, { $column } тилкеси
   *[other] «{ $sheet }» барагы, { $row }-сап, { $column } тилкеси
} («{ $header }»)
table-foreign = { $kind ->
    [pdf] бул таблица эмес, PDF документи. Ал жасалган таблицаны сураңыз же `propusk desk template` файлына териңиз.
    [picture] бул таблица эмес, сүрөт. Аны `propusk desk template` файлына териңиз.
    [web-page] бул таблица эмес, веб-барак. Аны таблица программасында ачып, .xlsx кылып сактаңыз.
    [document] бул таблица эмес, тексттик документ же презентация. Ичиндеги таблицаны таблица программасына көчүрүп, .xlsx кылып сактаңыз.
    [old-excel] бул эски же экилик форматтагы китеп (.xls, .xlsb). Аны ачып, «Excel китеби (.xlsx)» кылып сактаңыз.
    [archive] бул архив же башка программанын китеби. Аны таңгактан чыгарыңыз же .xlsx кылып сактаңыз.
   *[other] анда таблица жок. Файлды таблица программасында ачып, .xlsx кылып сактаңыз.
}
table-password = китеп сырсөз менен корголгон. Аны ачып, сырсөздү алып салып, кайра сактаңыз.
table-damaged = файл бузулган же толук эмес ({ $why }). Аны кайра көчүрүңүз же таблица программасында ачып, .xlsx кылып сактаңыз.
table-too-large = ачылганда файл { $found } МиБ ээлейт, топтун таблицасы эң көп { $most }. Топтун саптарын жаңы файлга көчүрүңүз.
table-encoding = тамгаларды так окууга болбойт ({ $row }-сап): текст Юникод да, Windows-1251 да эмес. Аны «CSV UTF-8» же .xlsx кылып сактаңыз.
table-no-header = бир да сап тилкелерди атабайт. Таблицанын башында «Фамилиясы», «Паспорт номери», «Жарандыгы», «Туулган күнү» жана «Жарактуу мөөнөтү» же «МОЗ 1» жана «МОЗ 2» керек; даярын `propusk desk template` жазат.
table-missing-column = башында { $missing } тилкеси жок; бары: { $found }. mrz1 жана mrz2 же surname (фамилиясы), document_number (паспорт номери), nationality (жарандыгы), birth_date (туулган күнү) жана expiry_date (жарактуу мөөнөтү) керек.
table-unknown-column = { $place } — саякатчыда мындай талаа жок; балким, «{ $hint }»? Тилкенин атын оңдоңуз.
table-full-name = { $place }: бул жерде аты толук бойдон. Фамилия кайда бүтөрүн эч ким биле албайт: эки тилке кылыңыз, «Фамилиясы» жана «Аты».
table-duplicate-column = { $place } менен { $first } тилкеси бир эле нерсе. Бирин өчүрүңүз же атын алып салыңыз.
table-two-groups = топ эки баракта бар, «{ $first }» жана «{ $second }». Файлда бирин калтырыңыз же экинчисин жашырыңыз.
table-no-rows = тилкелердин аттары бар, алардын астында бир да саякатчы жок.
table-too-many-rows = саякатчылардын саптары { $most } саптан ашат; бир уруксат кагазга 50 адам батат. Таблицаны бөлүңүз.
table-ragged = { $row }-сапта { $found } уяча бар, тилкелердин аттары { $expected }; бөлгүч же тырмакча түшүп калган жокпу?
table-error-value = { $place }: таблица { $error } катасын көрсөтүп турат. Уячага маанини жазыңыз.
table-uncomputed = { $place }: формула маанисиз сакталган. Файлды таблица программасында ачып, кайра сактаңыз.
table-turned-into-date = { $place }: таблица маанини датага же убакытка айландырып койгон. Уячаны тексттик кылып, маанини кайра жазыңыз.
table-lost-letter = { $place }: жоголгон тамганын ордунда «?» турат, файлдын коддоосунда ал тамга жок. Таблицаны «CSV UTF-8» же .xlsx кылып сактап, атын оңдоңуз.
table-order-key = { $place } — буйрутмада мындай нерсе жок. `propusk desk template` жазган аттарды колдонуңуз.
table-order-number = { $place }: { $most } санынан ашпаган бүтүн сан керек.

column-line_1 = МОЗ 1
column-line_2 = МОЗ 2
column-surname = Фамилиясы
column-given_names = Аты
column-document_number = Паспорт номери
column-nationality = Жарандыгы
column-birth_date = Туулган күнү
column-sex = Жынысы
column-expiry_date = Жарактуу мөөнөтү
column-issuing_state = Берген мамлекет
column-visual_name = Паспорттогу аты
column-role = Милдети

order-zones = Зоналар
order-route = Маршрут
order-valid_from = Биринчи күн
order-months = Канча ай
order-copies = Канча көчүрмө
order-authority_reference = Чечимдин номери
order-purpose = Сапардын максаты
order-vehicle = Унаанын номери

template-group = Топ
template-order = Буйрутма
template-written = { $file } жазылды. 2-сап — мисал: үстүнө жаза бериңиз.
template-exists = { $file } бар экен; эч нерсе жазылган жок. Башка ат бериңиз: --out.
template-kind = { $file }: үлгүлөр .xlsx же .csv кылып жазылат (.xlsx LibreOffice программасында да ачылат)
template-example = Бул мисал: үстүнө жаза бериңиз.
template-note-line_1 = Паспорт барагынын ылдый жагындагы биринчи сап, бардык «<» менен 44 белги. Эки сап болсо, ар бир тамга текшерилет.
template-note-line_2 = Экинчи сап, 44 белги.
template-note-surname = Паспорттогудай, латын же кирилл тамгалары менен. Паспортто бир эле ат болсо гана бош калат.
template-note-given_names = Паспорттогудай, бардык аттары.
template-note-document_number = Паспорт номери, текшерүү цифрасы жок. Башындагы нөлдөр жоголбосун үчүн уяча тексттик.
template-note-nationality = Паспорттогудай мамлекет кодунун үч тамгасы: KGZ, FRA, D.
template-note-birth_date = Жыл-ай-күн (1974-08-12) же күн.ай.жыл (12.08.1974), жыл төрт цифра менен.
template-note-sex = M (эркек), F (аял) же X.
template-note-expiry_date = Паспорттун акыркы күнү, туулган күндөй жазылат.
template-note-issuing_state = Паспортту башка мамлекет берген болсо гана.
template-note-visual_name = Паспортто аты кирилл тамгалары же белгилер менен жазылса гана, басылган барак үчүн.
template-note-role = гид же айдоочу; саякатчыда бош.
template-note-zones = Чек ара зоналары, үтүр менен: naryn, issyk-kul
template-note-route = Жерлер жана посттор ирети менен, үтүр менен: Torugart, Kol-Suu
template-note-valid_from = Биринчи жарактуу күн: 2026-06-01
template-note-months = 1 же 2; бош болсо 1
template-note-copies = Бош болсо, маршрутка керегинче
template-note-authority_reference = Мекеме номер берген болсо
template-note-purpose = Туризм
template-note-vehicle = Мамлекеттик номери

report-order = Буйрутма бүтүндөй
report-traveller = { $traveller }-саякатчы { $name }
report-traveller-row = { $traveller }-саякатчы, { $row }-сап { $name }
report-column = { $column } тилкеси «{ $header }»
report-at = { $traveller } ({ $row }-сап)
report-all = Саякатчылар: { $travellers }
report-unread = Окулбаган тилкелер: { $columns }

annotate-written = Белгиленген көчүрмө: { $file }
annotate-own-input = { $file } — таблицанын өзү; белгиленген көчүрмөгө башка ат керек
annotate-kind = { $file }: белгиленген көчүрмө .xlsx кылып жазылат
annotate-no-table = { $file } таблица эмес: .csv, .xlsx же .ods файлындагы топту гана белгилөөгө болот
annotate-findings = Эскертүүлөр
annotate-severity = Маанилүүлүгү
annotate-traveller = Саякатчы
annotate-row = Сап
annotate-column = Тилке
annotate-finding = Эскертүү
annotate-suggestion = Сунуш
annotate-code = Код
