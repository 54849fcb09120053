# Сапарды текшерүү (`propusk verify trip`, `propusk verify region`). Ар бир жооптун булагы жана күнү бар.
# Аргументтер — тексттер; аталыштар бул тилде; күндөр ISO боюнча. $note — барактын өз сөзү, англисче.
trip-no-zone-touched = Маршрут бул жерде белгилүү чек ара аймактарына кирбейт: ага уруксат кагаз керек эмес.
trip-zone-permit-needed = «{ $zone }» аймагына { $first_day } – { $last_day } күндөрүнө уруксат кагаз керек: { $stops }.
trip-stop-not-covered = { $stop } «{ $zone }» аймагында, ал уруксат кагазда жок. Аймакты кошуңуз же бул жерди алып салыңыз.
trip-permit-days-not-covered = Уруксат кагаз «{ $zone }» аймагында { $first_day } – { $last_day } күндөрүндө жарабайт. Узартыңыз же жаңысын алыңыз.
trip-permit-covers = Уруксат кагаз «{ $zone }» аймагында сапардын бардык күндөрүндө жарайт.
trip-permit-extension = { $valid_to } чейинки уруксат кагазды { $until } чейин узартууга болот (бардыгы { $months } ай, бул кеңсенин эсеби боюнча). { $note ->
    [none] {""}
   *[other] Анык эмес: { $note }
}
trip-permit-term-short = { $first_day } – { $last_day } бир уруксат кагаздын мөөнөтүнөн узун ({ $until } чейин): аны жолдо узартуу керек. { $note ->
    [none] {""}
   *[other] Анык эмес: { $note }
}
trip-permit-term-too-long = { $first_day } – { $last_day } бардык узартуулар менен да жетпейт ({ $months } ай, { $until } чейин). Экинчи уруксат кагаз керек.
trip-permit-term-elsewhere = Башка булак боюнча уруксат кагаз { $weeks } жумага гана берилет, бул аймактардагы күндөрдөн аз.
trip-zone-transit = { $crossing } өткөөлүнө баратканда («{ $zone }» аймагы) уруксат кагаз көбүнчө керек эмес дейт бул булак: “{ $note }”. Башкасы бул жерди аймакка кошот. Алдын ала сураңыз.
trip-zone-transit-listed = { $crossing } өткөөлүнө бараткан жолдо «{ $stop }» посту турат, бул булак аны «{ $zone }» аймагына кошот: уруксат кагаз сурашы мүмкүн.
trip-zone-note = «{ $zone }» аймагы, бул булактан: “{ $note }”
trip-residents-too = Жергиликтүү тургундарга да чек ара аймагында уруксат кагаз керек: “{ $note }”
trip-vehicles-no-permit = Унаанын өзүнө уруксат кагаз керек эмес: “{ $note }”
trip-stop-outside-stay = { $stop }, { $date }: өткөөлдөр боюнча бул күнү Кыргызстанда эмессиз. Күндөрдү оңдоңуз.
trip-permit-price = { $zones } аймакка уруксат кагаз агенттикте болжол менен { $amount } { $currency } турат.
trip-permit-price-unknown = Тарифте { $zones } аймакка баа жок. Агенттиктен сураңыз: бааны биз болжолдобойбуз.
trip-lead-time = { $first_day } күнүнө уруксат кагаз болуш үчүн { $apply_by } чейин арыз бериңиз ({ $who }{ $express ->
    [yes] , тездетип
   *[other] {""}
}).
trip-lead-time-missed = { $first_day } күнүнө бул жерде кеч ({ $who }{ $express ->
    [yes] , тездетип
   *[other] {""}
}): акыркы күн { $apply_by } болчу.
trip-lead-time-too-short = { $first_day } күнүнө кеч: эң тез жерге да { $apply_by } чейин кайрылуу керек болчу. Кийинчерээк барыңыз же дароо агенттиктен сураңыз.
trip-copies-needed = Посттор үчүн уруксат кагаздын көчүрмөлөрү: { $copies } ({ $posts }), жана запас.
trip-copies-too-few = Көчүрмө { $have } гана, пост { $copies }. Дагы басып чыгарыңыз: көчүрмөсүз посттон кайтарышат.
trip-posts-unnamed = Саякатчылар бул жерде { $posts } пост бар дешет, баарынын аты белгилүү эмес; запас көчүрмө алыңыз. “{ $about }”
trip-route-gap = Бул маршрут жөнүндө белгисиз: “{ $about }”. Алдын ала сураңыз.

trip-crossing-open = { $crossing }: ачык, бул булак билгенден.
trip-crossing-status-unknown = { $crossing }: ачыкпы, эч бир булак айтпайт. { $note ->
    [none] {""}
   *[other] “{ $note }”
}
trip-crossing-not-open = { $crossing }: { $status ->
    [planned] пландалган гана, ачыла элек.
   *[other] жабык.
} Башка өткөөл тандаңыз.
trip-crossing-not-yet-open = { $crossing } { $opened } гана ачылат. Башка күн же өткөөл тандаңыз.
trip-crossing-open-simplified = { $crossing } убактылуу имараттар менен иштейт; ким үчүн экени айтылган эмес. Алдын ала сураңыз.
trip-crossing-mode-denied = { $crossing }: мындай өтүүгө болбойт ({ $mode }), булар гана: { $modes }. Башка өткөөл тандаңыз.
trip-crossing-mode-not-named = { $crossing }: булак { $modes } дейт, { $mode } эмес. Алдын ала сураңыз.
trip-crossing-not-for-foreigners = { $crossing } Кыргызстан жана { $country } жарандары үчүн гана. Башка өткөөл тандаңыз.
trip-crossing-foreigners-unknown = { $crossing }: чет өлкөлүктөр өтө алабы, эч бир булак айтпайт. { $note ->
    [none] {""}
   *[other] “{ $note }”
}
trip-crossing-all-day = { $crossing } күнү-түнү иштейт.
trip-crossing-weekend = { $crossing } бул булак боюнча ишемби, жекшемби жабык, { $date } — дем алыш. “{ $note }”
trip-crossing-hours-per-day = { $crossing } бул булак боюнча күн сайын { $hours } саат иштейт; кайсы сааттар экени айтылган эмес. “{ $note }”
trip-crossing-daylight-only = { $crossing } жарыкта гана иштейт{ $time ->
    [none] {""}
   *[other] {" "}(план: { $time })
}.
trip-crossing-lunch = { $crossing }: { $time } түшкү тыныгууга туура келет ({ $side ->
    [kg] кыргыз тарап
   *[other] башка тарап, { $country }
}), { $from }–{ $to } Кыргызстан убактысы. Эртерээк келиңиз же күтүңүз.
trip-crossing-lunch-times = { $crossing }: түшкү тыныгуу ({ $side ->
    [kg] кыргыз тарап
   *[other] башка тарап, { $country }
}) { $from } – { $to } Кыргызстан убактысы.
trip-crossing-out-of-season = { $crossing }, { $date }: мезгили эмес: “{ $note }”
trip-crossing-closed = { $crossing } { $from } – { $to } жабык: { $reason }.{ $year ->
    [inferred] {" "}(Баракта жыл жок, ал чыгарылган.)
   *[other] {""}
} Башка күн же өткөөл тандаңыз.
trip-crossing-closed-part = { $crossing } бул күндүн бир бөлүгүндө жабык, { $from } – { $to }: { $reason }.{ $year ->
    [inferred] {" "}(Баракта жыл жок, ал чыгарылган.)
   *[other] {""}
}
trip-crossing-closed-for-others = { $crossing } { $from } – { $to } адамдар үчүн жабык, бирок сиз үчүн эмес: { $reason }.
trip-closure-replaced = Мурунку билдирүү { $crossing } өткөөлүн { $from } – { $to } жапкан ({ $reason }); аны жаңысы алмаштырды.
trip-crossing-holiday-likely = { $crossing } башка жылы ушул күндөрү жабык болгон ({ $from } – { $to }, { $reason }). Бул жылдын билдирүүсүн сураңыз.
trip-crossing-ask-holidays = { $crossing } эки тараптын майрамдарында жабылат; { $year } жылга билдирүү бул жерде жок. Алдын ала сураңыз.
trip-crossing-paper-needed = { $crossing }: { $paper } керек.{ $agencies ->
    [none] {""}
   *[other] {" "}Кайдан алса болот: { $agencies }.
}
trip-crossing-paper-held = { $crossing }: { $paper } керек, ал сизде бар.
trip-crossing-paper-dropped = { $crossing }: бул булак боюнча { $paper } эми керек эмес. Башкалары макул эмес; алдын ала сураңыз. { $note ->
    [none] {""}
   *[other] “{ $note }”
}
trip-crossing-disputed = { $crossing }, бул булак талашат: { $note ->
    [none] ошол жерден караңыз.
   *[other] “{ $note }”
}
trip-forbidden-item = { $item }: { $crossing } аркасындагы өлкөдө ({ $country }) катуу тыюу салынган. Ала барбаңыз.
trip-forbidden-beyond = Катуу тыюу салынган, { $country }: { $item }.
trip-country-note = Өткөөлдөр, { $country }: “{ $note }”
trip-crossing-lacks = { $crossing }: жок: { $services }. Керегин ала барыңыз.
trip-crossing-little = { $crossing }: аз: { $services }. Керегин ала барыңыз.
trip-crossing-has = { $crossing }: бар: { $services }.
trip-crossing-note = { $crossing }, бул булактан: “{ $note }”
trip-gate-unjudged = { $crossing }: бул жерде аты гана белгилүү; сааттары жөнүндө маалымат жок.

trip-visa-free-not-confirmed = Бул жерде белгилүү эч бир эреже өлкөңүздү ({ $nationality }) визасыз деп атабайт, тизмелер толук эмес. Консулдуктан сураңыз{ $otherwise ->
    [none] {""}
   *[other] ; болбосо керек: { $otherwise }
}.
trip-stay-days = { $rule } эрежеси ({ $allowed } күн{ $window ->
    [none] {""}
   *[other] , ар { $window } күндө
}; { $applies ->
    [named] сизди атайт
   *[other] сизге тиешелүү болушу мүмкүн: тизме кесилген
}): { $left_on } карата { $used } күн колдонулду, { $days_left } калды{ $latest_exit ->
    [none] {""}
   *[other] ; { $latest_exit } чейин чыгыңыз
}.
trip-stay-overstay = { $rule } эрежеси ({ $allowed } күн{ $window ->
    [none] {""}
   *[other] , ар { $window } күндө
}): { $over } күн ашыкча{ $latest_exit ->
    [none] {""}
   *[other] ; чыгуунун акыркы күнү { $latest_exit }
}. { $applies ->
    [named] Эртерээк чыгыңыз же виза алыңыз.
   *[other] Эреже сизге тиешелүүбү, анык эмес: консулдуктан сураңыз же эртерээк чыгыңыз.
}
trip-reentry-too-early = { $rule } эрежеси: { $entered } кирүү өтө эрте; биринчи күн { $earliest }.{ $applies ->
    [named] {""}
   *[other] {" "}Эреже сизге тиешелүүбү, анык эмес: консулдуктан сураңыз.
}{ $note ->
    [none] {""}
   *[other] {" "}“{ $note }”
}
trip-earliest-reentry = { $rule } эрежеси: { $earliest } кайра келсеңиз болот.{ $note ->
    [none] {""}
   *[other] {" "}“{ $note }”
}
trip-stay-period-runs-on = { $rule } эрежеси өзүнө каршы: башкача окуганда күндөр { $entered } баштап үзгүлтүксүз өтөт жана { $latest_exit } бүтөт, сыртта болсоңуз да. “{ $note }”
trip-stay-sources-disagree = Эрежелер ар кандай жооп берет; эреже боюнча чыгуунун акыркы күнү: { $answers }. Эң катуусуна таяныңыз.
trip-stay-rule-start-unknown = { $rule } эрежеси{ $decree ->
    [none] {""}
   *[other] {" "}({ $decree })
} качантан бери күчүндө экени табылган жок.
trip-stay-end-unknown = Чыгуу көрсөтүлгөн эмес; { $entered } – { $left_on } эсептелди.
trip-e-visa-enterable = { $crossing } аркылуу электрондук виза менен кирсе болот.
trip-e-visa-not-enterable = { $crossing } электрондук виза менен кирүү тизмесинде жок. Тизме: { $points }.
trip-e-visa-entry-unsure = { $crossing } аркылуу электрондук виза менен кирсе болобу, анык эмес: тизмеде «{ $listed }»{ $note ->
    [none] , ал ошол эле пост экени эч жерде айтылган эмес
   *[other] , бирок: { $note }
}.
trip-visa-not-yet-valid = { $entered } киресиз, виза { $valid_from } башталат.
trip-visa-over = { $left_on } чыгасыз, виза { $valid_to } бүтөт.
trip-visa-covers = Виза ({ $valid_to } чейин) бүт мөөнөткө жетет.

trip-vehicle-no-tip = Номери { $country }, бажы биримдигинин ичинде: убактылуу киргизүү (TIP) керек эмес.
trip-vehicle-tip-at-entry = { $crossing } өткөөлүндө убактылуу киргизүү (TIP) берилет; ал { $until_shortest } менен { $until } ортосунда бүтөт (6–12 ай). Виза же мөөнөт эртерээк бүтүшү мүмкүн.
trip-vehicle-tip-from-union = { $crossing } аркылуу { $country } (бажы биримдиги) тараптан киргенде убактылуу киргизүү (TIP) мурунтан болушу керек: ал биримдикке биринчи киргенде берилет. Күнүн (`union_entry`) же бар экенин (`holds = ["tip"]`) жазыңыз.
trip-vehicle-tip-until = { $since } берилген убактылуу киргизүү мүчө өлкөлөр арасында узартылбайт; ал { $until_shortest } менен { $until } ортосунда бүтөт.
trip-vehicle-tip-may-end = { $date } убактылуу киргизүү бүткөн болушу мүмкүн: эң кыска мөөнөттө { $until_shortest }. Күнүн караңыз.
trip-vehicle-tip-over = { $date } убактылуу киргизүү бүткөн (эң кеч { $until }). Унааны бажы биримдигинен эртерээк чыгарыңыз.
trip-vehicle-no-carnet = Карнет де пассаж керек эмес.
trip-vehicle-ecotax-due = { $crossing } өткөөлүндө экологиялык жыйым: { $amount } { $currency } ({ $year } жылдагы сумма).
trip-vehicle-ecotax-not-due = { $crossing } өткөөлүндө жыйым жок: { $country } аркылуу келгенде алынбайт.
trip-vehicle-insurance-needed = Камсыздандыруу { $since } жылдан милдеттүү. “{ $note }”
trip-vehicle-insurance-held = Камсыздандыруу { $since } жылдан милдеттүү, ал сизде бар.
trip-vehicle-not-described = Сиз { $mode } менен өтөсүз: өзүңүздүкү болсо, аны жазыңыз (`[vehicle]`), убактылуу киргизүү, жыйым жана камсыздандыруу жөнүндө айтабыз.
trip-vehicle-note = Унаа, бул булактан: “{ $note }”

trip-passport-expires-on-trip = Паспорт { $expiry } бүтөт, сапар { $last_day } бүтөт. Алгач жаңыртыңыз.
trip-passport-expires-before-permit = Паспорт { $expiry } бүтөт, уруксат кагаз { $valid_to }: анда пост өткөрбөйт. Жаңыртып, уруксат кагазды жаңысына алыңыз.
trip-passport-expiry-not-given = Паспорттун мөөнөтү көрсөтүлгөн эмес; ал жок дегенде { $last_day } чейин жарашы керек.
trip-passport-good = Паспорт ({ $expiry } чейин) сапардын бардык күндөрүндө жарайт.

deadline-apply-by-safe = Уруксат кагазга арыз берүү (эң жай жер: { $who }), { $first_day } күнүнө
deadline-apply-by-last = Уруксат кагазга арыз берүүнүн акыркы күнү (эң тез жер: { $who }), { $first_day } күнүнө
deadline-permit-valid = Уруксат кагаз жарайт: { $zones }
deadline-extension-until = Уруксат кагазды ушул күндөн ары узартууга болбойт
deadline-cross = { $direction ->
    [entering] Кыргызстанга кирүү
   *[other] Кыргызстандан чыгуу
}: { $crossing }
deadline-latest-exit = { $rule } эрежеси боюнча чыгуунун акыркы күнү{ $applies ->
    [named] {""}
   *[other] {" "}(тиешелүү болушу мүмкүн)
}
deadline-earliest-reentry = { $rule } эрежеси боюнча кайра кирүүнүн биринчи күнү{ $applies ->
    [named] {""}
   *[other] {" "}(тиешелүү болушу мүмкүн)
}
deadline-visa-ends = Виза бүтөт
deadline-tip-shortest = Убактылуу киргизүү бүтүшү мүмкүн (6 ай)
deadline-tip-ends = Убактылуу киргизүү эң кеч бүтөт (12 ай)
deadline-ecotax = { $crossing } өткөөлүндө экологиялык жыйым: { $amount } { $currency }
deadline-passport-expires = Паспорттун мөөнөтү бүтөт

severity-blocks = БОЛБОЙТ
severity-needs = КЕРЕК
severity-warns = ЭСКЕРТҮҮ
severity-tells = маалымат

trip-source = Булак: { $source } ({ $as_of })
trip-undated = баракта күн жок
trip-answer-yes = Бул жерде белгилүү болгондун баары боюнча мындай барса болот. Эскертүүлөрдү окуңуз.
trip-answer-no = Азырынча жок: бир нерсе тоскоол же алдын ала алынышы керек.
trip-disclaimer = Эрежелер өзгөрөт. Ар бир жооптун булагы жана күнү бар; барардан мурун сураңыз.
trip-calendar-name = Кыргызстанга сапар

mode-pedestrian = жөө
mode-bicycle = велосипед
mode-motorcycle = мотоцикл
mode-car = автомобиль
mode-bus = автобус
mode-truck = жүк ташуучу унаа
mode-train = поезд
paper-tourism-department-permission = Туризм департаментинин уруксаты
paper-gbao-permit = ТБАО (GBAO) уруксаты
item-drone = дрон
service-exchange = акча алмаштыруу
service-exchange-both-sides = эки тарапта акча алмаштыруу
service-food = тамак-аш
service-fuel = күйүүчү май
service-supplies = азык-түлүк
service-spare-parts = запчасть

map-title = Сапардын картасы
map-schematic = Схема. Контур жана облустар: Natural Earth (коомдук мүлк); шаарлар: GeoNames (CC BY 4.0). Аймак — аты аталган облустун бир бөлүгү; орду белгилүү жерлери даана түс менен берилген. Аймактын мыйзамдуу чек арасын эч бир булак бербейт.
map-open = ошол күнү ачык
map-warned = эскертүү
map-blocked = болбойт же бир нерсе керек
map-other = бул сапарда жок
map-place = жер
map-zone = аймак
map-no-position = Орду белгисиз:

rule-in-force = күчүндө
rule-start-unknown = күчүндө болушу мүмкүн: башталышы белгисиз
rule-not-yet = азырынча эмес
rule-ended = бүттү
rule-replaced = алмаштырылды
rule-conflict = булактар ар башка
region-good = { $file }: ката табылган жок.
region-faults = { $file }: каталар: { $count }.
