# Агенттиктин кызматкерлери үчүн сөздөр. Паспорт маалыматы боюнча эскертүүлөр findings.ftl файлында.
row = { $row }-саякатчы:
row-field = { $row }-саякатчы, { $field }:
order-refused = Уруксат кагаз берилген жок. Жогорудагы каталарды оңдоңуз же бирин алып салыңыз: --override КОД --reason ТЕКСТ.
check-refused = Азырынча берүүгө болбойт: жогорудагы каталарды оңдоңуз (окулган саякатчылар: { $travellers }).
check-good = Берүүгө даяр: { $travellers } саякатчы, ката жок.
quote = Болжол менен { $amount } { $currency }, түпнускадан тышкары көчүрмөлөр: { $copies }. Булак: { $source }, { $as_of }.
permit-issued = Уруксат кагаз { $permit }, { $version }-версия, { $valid_from } – { $valid_to } жарактуу; түпнуска жана көчүрмөлөр ({ $copies }): { $pdf }
permit-price = Баасы: болжол менен { $amount } { $currency }.
permit-revoked = Уруксат кагаз { $permit } жокко чыгарылды. Посттор кийинки байланышта билишет.
role-guide = гид
role-driver = айдоочу
batch-summary = Берилди: { $issued }, мурда берилген: { $already }; PDF файлдар { $out } папкасында.
batch-refused = Берилген жок: { $count }. Жогоруда көрсөтүлгөндү оңдоп, ошол эле буйрукту кайталаңыз.
batch-left = Азырынча жөнөтүлө элек: { $count }.
batch-order-changed = файл { $permit } уруксат берилгенден кийин өзгөртүлгөн; колдонуңуз: propusk desk correct { $permit } ФАЙЛ --reason ТЕКСТ
batch-interrupted = Иштетүү үзүлдү; эч нерсе жоголгон жок. Улантуу үчүн ошол эле буйрукту кайталаңыз
