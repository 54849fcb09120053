# Слова для сотрудников агентства. Замечания к паспортным данным — в findings.ftl.
row = путешественник { $row }:
row-field = путешественник { $row }, { $field }:
order-refused = Пропуск не выдан. Исправьте ошибки выше или снимите одну из них: --override КОД --reason ТЕКСТ.
check-refused = Выдать пока нельзя: исправьте ошибки выше (прочитано путешественников: { $travellers }).
check-good = Можно выдавать: путешественников { $travellers }, ошибок нет.
quote = Около { $amount } { $currency }, копий кроме оригинала: { $copies }. Источник: { $source }, { $as_of }.
permit-issued = Пропуск { $permit }, версия { $version }, действует с { $valid_from } по { $valid_to }; оригинал и копии ({ $copies }): { $pdf }
permit-price = Цена: около { $amount } { $currency }.
permit-revoked = Пропуск { $permit } отозван. Посты узнают об этом при следующей связи.
role-guide = гид
role-driver = водитель
batch-summary = Оформлено: { $issued }, оформлено ранее: { $already }; файлы PDF в папке { $out }.
batch-refused = Не оформлено: { $count }. Исправьте указанное выше и повторите ту же команду.
batch-left = Ещё не отправлено: { $count }.
batch-order-changed = файл изменён после оформления пропуска { $permit }; используйте: propusk desk correct { $permit } ФАЙЛ --reason ТЕКСТ
batch-interrupted = Обработка прервана; ничего не потеряно. Повторите ту же команду, чтобы продолжить
