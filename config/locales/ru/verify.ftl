# Что говорит `propusk verify`. Сообщения о находках в паспорте — в findings.ftl.
field-document-code = Код документа
field-issuing-state = Государство выдачи
field-surname = Фамилия
field-given-names = Имя
field-document-number = Номер документа
field-nationality = Гражданство
field-birth-date = Дата рождения
field-sex = Пол
field-expiry-date = Срок действия
field-optional-data = Доп. данные
field-optional-data-2 = Доп. данные 2
field-same = совпадает
field-differs = различается
field-not-on-permit = в пропуске не указано

passport-valid = верно
passport-not-valid = неверно

seal-valid = печать верна.
seal-read-error = код не читается. Отсканируйте ещё раз.
seal-wrong-format = это не печать по Doc 9303-13.
seal-unknown-certificate = подписавший неизвестен. Обновите список доверия или укажите ключ через --signer.
seal-untrusted-certificate = подписавший не вправе это разрешать.
seal-expired-certificate = сертификат подписавшего на этот день не действует.
seal-revoked-certificate = подписавший отозван.
seal-invalid-documenttype = подписавший не вправе подписывать такие документы.
seal-invalid-signature = подпись не сходится: изменено или подделка.
seal-remark-unknown-feature = часть, значение которой неизвестно; это не мешает.
seal-remark-signed-after-today = подписано позже сегодняшнего дня. Верны ли часы этой машины?
seal-remark-trust-list-stale = список доверия слишком старый. Обновите его, прежде чем полагаться на ответ.

trust-age = Список доверия от { $issued }, дней: { $days }; следующий — не позже { $due }.
trust-stale = Список слишком старый: получите новый, прежде чем полагаться на него.
trust-revoked = ОТОЗВАН

permit-status-valid = сегодня действует
permit-status-not-yet-valid = ещё не действует
permit-status-expired = срок истёк
permit-status-revoked = отозван
permit-status-superseded = заменён новой версией
permit-status-unknown = даты неизвестны
permit-agrees = Ошибок не найдено.
permit-not-found = Ни один пропуск с этим номером не содержит человека с такими данными. Сверьте номер и данные с бумагой, знак за знаком.
permit-proof-needed = Кроме номера пропуска укажите одно из: дату рождения, фамилию, номер документа или строки МСЗ.
permit-too-often = Слишком много попыток. Повторите через { $minutes } мин.

finding-permit-expired = Пропуск кончился { $valid_to }. Попросите в агентстве новый.
finding-permit-not-yet-valid = Пропуск действует с { $valid_from }. Раньше в зону не въезжайте.
finding-permit-revoked = Пропуск отозван. Обратитесь в агентство.
finding-permit-superseded = Ваши копии заменены новой версией пропуска. Попросите в агентстве новые.
finding-seal-unusable = Печать использовать нельзя: { $reason }. Отсканируйте код ещё раз.
finding-seal-not-valid = Печать недействительна ({ $reason }). Не полагайтесь на эту бумагу; обратитесь в агентство.
finding-not-in-group = На этом листе нет никого с похожим паспортом. Возьмите другой лист или паспорт.
finding-name-unlike-seal = Имя в паспорте не то, что в печати. Попросите агентство исправить пропуск.
finding-trust-list-stale = Список доверенных подписей слишком старый. Обновите его, прежде чем полагаться на ответ.
finding-differs = { $field }: в пропуске отличается больше двух знаков. Сверьте бумагу с паспортом и попросите агентство исправить.
finding-spelled-otherwise = { $field }: другое написание тех же букв. Сверьте бумагу с паспортом.
