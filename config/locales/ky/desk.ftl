# Агенттиктин кызматкерлери үчүн сөздөр. Паспорт маалыматы боюнча эскертүүлөр findings.ftl файлында.
row = { $row }-сап:
row-field = { $row }-сап, { $field }:
order-refused = Уруксат кагаз берилген жок. Жогорудагы каталарды оңдоңуз же бирин алып салыңыз: --override КОД --reason ТЕКСТ.
check-refused = Азырынча берүүгө болбойт: жогорудагы каталарды оңдоңуз (окулган саякатчылар: { $travellers }).
check-good = Берүүгө даяр: { $travellers } саякатчы, ката жок.
quote = Болжол менен { $amount } { $currency }, түпнускадан тышкары көчүрмөлөр: { $copies }. Булак: { $source }, { $as_of }.
permit-issued = Уруксат кагаз { $permit }, { $version }-версия, { $valid_from } – { $valid_to } жарактуу; түпнуска жана көчүрмөлөр ({ $copies }): { $pdf }
permit-price = Баасы: болжол менен { $amount } { $currency }.
permit-revoked = Уруксат кагаз { $permit } жокко чыгарылды. Посттор кийинки байланышта билишет.
role-guide = гид
role-driver = айдоочу
