# `propusk verify` айткандар. Паспорт боюнча табылгалардын билдирүүлөрү findings.ftl файлында.
field-document-code = Документтин коду
field-issuing-state = Берген мамлекет
field-surname = Фамилиясы
field-given-names = Аты
field-document-number = Документтин номери
field-nationality = Жарандыгы
field-birth-date = Туулган күнү
field-sex = Жынысы
field-expiry-date = Жарактуу мөөнөтү
field-optional-data = Кошумча маалымат
field-optional-data-2 = Кошумча маалымат 2
field-same = дал келет
field-differs = айырмаланат
field-not-on-permit = уруксат кагазда жок

passport-valid = туура
passport-not-valid = туура эмес

seal-valid = мөөр туура.
seal-read-error = код окулбай койду. Кайра сканерлеңиз.
seal-wrong-format = бул Doc 9303-13 мөөрү эмес.
seal-unknown-certificate = кол койгон белгисиз. Ишеним тизмесин жаңыртыңыз же ачкычты --signer менен бериңиз.
seal-untrusted-certificate = кол койгондун буга уруксат берүүгө укугу жок.
seal-expired-certificate = кол койгондун сертификаты бул күнгө жарабайт.
seal-revoked-certificate = кол койгондун укугу алынган.
seal-invalid-documenttype = кол койгондун мындай документтерге укугу жок.
seal-invalid-signature = кол тамга дал келбейт: өзгөртүлгөн же жасалма.
seal-remark-unknown-feature = мааниси белгисиз бөлүк; ал зыян кылбайт.
seal-remark-signed-after-today = бүгүнкү күндөн кийин кол коюлган. Бул машинанын сааты туурабы?
seal-remark-trust-list-stale = ишеним тизмеси өтө эски. Жоопко ишенердин алдында жаңыртыңыз.

trust-age = { $issued } күнкү ишеним тизмеси, { $days } күн болду; кийинкиси { $due } күнүнө чейин.
trust-stale = Тизме өтө эски: ишенердин алдында жаңысын алыңыз.
trust-revoked = УКУГУ АЛЫНГАН

permit-status-valid = бүгүн жарактуу
permit-status-not-yet-valid = азырынча жарактуу эмес
permit-status-expired = мөөнөтү бүткөн
permit-status-revoked = жокко чыгарылган
permit-status-superseded = жаңы версия менен алмаштырылган
permit-status-unknown = даталары белгисиз
permit-agrees = Ката табылган жок.
permit-not-found = Бул номердеги уруксат кагазда мындай маалыматтуу адам жок. Номерди жана маалыматты кагаз менен тамгалап салыштырыңыз.
permit-proof-needed = Уруксат кагаздын номеринен тышкары бирин бериңиз: туулган күн, фамилия, документтин номери же МОЗдун саптары.
permit-too-often = Аракет өтө көп болду. { $minutes } мүнөттөн кийин кайталаңыз.

finding-permit-expired = Уруксат кагаз { $valid_to } күнү бүткөн. Агенттиктен жаңысын сураңыз.
finding-permit-not-yet-valid = Уруксат кагаз { $valid_from } күнүнөн башталат. Андан мурун зонага кирбеңиз.
finding-permit-revoked = Уруксат кагаз жокко чыгарылган. Агенттикке кайрылыңыз.
finding-permit-superseded = Көчүрмөлөрүңүздү уруксат кагаздын жаңы версиясы алмаштырган. Агенттиктен жаңысын сураңыз.
finding-seal-unusable = Мөөрдү колдонууга болбойт: { $reason }. Кодду кайра сканерлеңиз.
finding-seal-not-valid = Мөөр жараксыз ({ $reason }). Бул кагазга ишенбеңиз; агенттикке кайрылыңыз.
finding-not-in-group = Бул баракта мындай паспортко жакын адам жок. Башка баракты же паспортту алыңыз.
finding-name-unlike-seal = Паспорттогу ат мөөрдөгүдөй эмес. Агенттиктен уруксат кагазды оңдотуңуз.
finding-trust-list-stale = Ишенимдүү кол тамгалардын тизмеси өтө эски. Жоопко ишенердин алдында жаңыртыңыз.
finding-differs = { $field }: уруксат кагазда экиден көп белги айырмаланат. Кагазды паспорт менен салыштырып, агенттикке оңдотуңуз.
finding-spelled-otherwise = { $field }: ошол эле тамгалардын башка жазылышы. Кагазды паспорт менен салыштырыңыз.
