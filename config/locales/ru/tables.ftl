# Таблицы групп: что бывает не так с файлом, шаблон, находки на экране и в копии.
table-place = { $sheet ->
    [none] строка { $row }, столбец { $column }
   *[other] лист «{ $sheet }», строка { $row }, столбец { $column }
} («{ $header }»)
table-foreign = { $kind ->
    [pdf] это документ PDF, а не таблица. Попросите таблицу, из которой он сделан, или наберите её в файле `propusk desk template`.
    [picture] это картинка, а не таблица. Наберите её в файле `propusk desk template`.
    [web-page] это веб-страница, а не таблица. Откройте её в редакторе таблиц и сохраните как .xlsx.
    [document] это текстовый документ или презентация, а не таблица. Скопируйте таблицу из него в редактор таблиц и сохраните как .xlsx.
    [old-excel] это книга старого или двоичного формата (.xls, .xlsb). Откройте её и сохраните как «Книга Excel (.xlsx)».
    [archive] это архив или книга другой программы. Распакуйте его или сохраните как .xlsx.
   *[other] таблицы в нём нет. Откройте файл в редакторе таблиц и сохраните как .xlsx.
}
table-password = книга защищена паролем. Откройте её, снимите пароль и сохраните снова.
table-damaged = файл повреждён или обрезан ({ $why }). Скопируйте его ещё раз или откройте в редакторе таблиц и сохраните как .xlsx.
table-too-large = в распакованном виде файл занимает { $found } МиБ, таблица группы — не больше { $most }. Скопируйте строки группы в новый файл.
table-encoding = буквы нельзя прочитать наверняка (строка { $row }): текст не в Юникоде и не в Windows-1251. Сохраните его как «CSV UTF-8» или как .xlsx.
table-no-header = ни одна строка не называет столбцы. В первых строках таблицы нужны «Фамилия», «Номер паспорта», «Гражданство», «Дата рождения» и «Действителен до» или «МСЗ 1» и «МСЗ 2»; готовую пишет `propusk desk template`.
table-missing-column = в заголовке нет столбца { $missing }; есть: { $found }. Нужны mrz1 и mrz2 или surname (фамилия), document_number (номер паспорта), nationality (гражданство), birth_date (дата рождения) и expiry_date (действителен до).
table-unknown-column = { $place } — такого поля у путешественника нет; может быть, «{ $hint }»? Исправьте заголовок.
table-full-name = { $place }: здесь имя целиком. Где кончается фамилия, угадать нельзя: сделайте два столбца, «Фамилия» и «Имя».
table-duplicate-column = { $place } значит то же, что столбец { $first }. Удалите один из них или сотрите его заголовок.
table-two-groups = группа есть на двух листах, «{ $first }» и «{ $second }». Оставьте в файле один из них или скройте другой.
table-no-rows = есть заголовок, а под ним ни одного путешественника.
table-too-many-rows = строк с путешественниками больше { $most }; в одном пропуске их до 50. Разделите таблицу.
table-ragged = в строке { $row } ячеек: { $found }, в заголовке { $expected }; не пропущен ли разделитель или кавычка?
table-error-value = { $place }: таблица показывает ошибку { $error }. Впишите значение в ячейку.
table-uncomputed = { $place }: формула сохранена без значения. Откройте файл в редакторе таблиц и сохраните снова.
table-turned-into-date = { $place }: таблица превратила значение в дату или время. Задайте ячейке текстовый формат и впишите значение снова.
table-lost-letter = { $place }: на месте потерянной буквы стоит «?», в кодировке файла её нет. Сохраните таблицу как «CSV UTF-8» или как .xlsx и исправьте имя.
table-order-key = { $place } — этого в заказе нет. Возьмите подписи из `propusk desk template`.
table-order-number = { $place }: нужно целое число не больше { $most }.

column-line_1 = МСЗ 1
column-line_2 = МСЗ 2
column-surname = Фамилия
column-given_names = Имя
column-document_number = Номер паспорта
column-nationality = Гражданство
column-birth_date = Дата рождения
column-sex = Пол
column-expiry_date = Действителен до
column-issuing_state = Государство выдачи
column-visual_name = Имя как в паспорте
column-role = Роль

order-zones = Зоны
order-route = Маршрут
order-valid_from = Первый день
order-months = Месяцев
order-copies = Копий
order-authority_reference = Номер разрешения
order-purpose = Цель поездки
order-vehicle = Номер машины

template-group = Группа
template-order = Заказ
template-written = Записан { $file }. Строка 2 — пример: пишите поверх неё.
template-exists = { $file } уже есть; ничего не записано. Задайте другое имя: --out.
template-kind = { $file }: шаблоны пишутся как .xlsx или .csv (.xlsx открывается и в LibreOffice)
template-example = Это пример: пишите поверх.
template-note-line_1 = Первая строка внизу страницы паспорта, 44 знака, со всеми «<». По двум строкам сверяется каждая буква.
template-note-line_2 = Вторая строка, 44 знака.
template-note-surname = Как в паспорте, латиницей или кириллицей. Пусто, только если в паспорте одно имя.
template-note-given_names = Все имена, как в паспорте.
template-note-document_number = Номер паспорта без контрольной цифры. Ячейка текстовая, чтобы нули впереди не пропали.
template-note-nationality = Три буквы кода государства, как в паспорте: KGZ, FRA, D.
template-note-birth_date = Год-месяц-день (1974-08-12) или день.месяц.год (12.08.1974), год четырьмя цифрами.
template-note-sex = M (м), F (ж) или X.
template-note-expiry_date = Последний день действия паспорта, так же, как дата рождения.
template-note-issuing_state = Только если паспорт выдало другое государство.
template-note-visual_name = Только если в паспорте имя кириллицей или со знаками, для печатного листа.
template-note-role = гид или водитель; у путешественника пусто.
template-note-zones = Пограничные зоны через запятую: naryn, issyk-kul
template-note-route = Места и посты по порядку через запятую: Torugart, Kol-Suu
template-note-valid_from = Первый день действия: 2026-06-01
template-note-months = 1 или 2; пусто: 1
template-note-copies = Пусто: сколько нужно по маршруту
template-note-authority_reference = Если ведомство дало номер
template-note-purpose = Туризм
template-note-vehicle = Государственный номер

report-order = Заказ в целом
report-traveller = Путешественник { $traveller } { $name }
report-traveller-row = Путешественник { $traveller }, строка { $row } { $name }
report-column = столбец { $column } «{ $header }»
report-at = { $traveller } (строка { $row })
report-all = Путешественники { $travellers }
report-unread = Столбцы, которые не прочитаны: { $columns }

annotate-written = Копия с пометками: { $file }
annotate-own-input = { $file } — это сама таблица; копии с пометками нужно другое имя
annotate-kind = { $file }: копия с пометками пишется как .xlsx
annotate-no-table = { $file } — не таблица: пометить можно только группу в .csv, .xlsx или .ods
annotate-findings = Замечания
annotate-severity = Важность
annotate-traveller = Путешественник
annotate-row = Строка
annotate-column = Столбец
annotate-finding = Замечание
annotate-suggestion = Предложение
annotate-code = Код
