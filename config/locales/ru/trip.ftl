# Проверка поездки (`propusk verify trip`, `propusk verify region`). За каждым ответом стоит источник и его дата.
# Аргументы — тексты; названия на этом языке; даты по ISO. $note — слова самой страницы, по-английски.
trip-no-zone-touched = Маршрут не касается известных здесь пограничных зон: пропуск для него не нужен.
trip-zone-permit-needed = Нужен пропуск в зону «{ $zone }» с { $first_day } по { $last_day }: { $stops }.
trip-stop-not-covered = { $stop } — зона «{ $zone }», которой нет в пропуске. Добавьте зону или исключите место.
trip-permit-days-not-covered = Пропуск не действует с { $first_day } по { $last_day } в зоне «{ $zone }». Продлите его или получите новый.
trip-permit-covers = Пропуск действует в зоне «{ $zone }» во все дни поездки.
trip-permit-extension = Пропуск, действительный по { $valid_to }, можно продлить до { $until } (всего месяцев: { $months }, как считает это бюро). { $note ->
    [none] {""}
   *[other] Неясно: { $note }
}
trip-permit-term-short = С { $first_day } по { $last_day } — дольше срока одного пропуска (по { $until }): его придётся продлить в пути. { $note ->
    [none] {""}
   *[other] Неясно: { $note }
}
trip-permit-term-too-long = С { $first_day } по { $last_day } — дольше пропуска со всеми продлениями (месяцев: { $months }, по { $until }). Нужен второй пропуск.
trip-permit-term-elsewhere = По другому источнику пропуск выдают лишь на столько недель: { $weeks }. Это меньше запланированных дней в зонах.
trip-zone-transit = По дороге к переходу { $crossing } (зона «{ $zone }») пропуск обычно не нужен, говорит этот источник: “{ $note }”. Другой относит это место к зоне. Спросите заранее.
trip-zone-transit-listed = По дороге к переходу { $crossing } стоит пост «{ $stop }», который этот источник относит к зоне «{ $zone }»: могут спросить пропуск.
trip-zone-note = Зона «{ $zone }», из этого источника: “{ $note }”
trip-residents-too = Жителям пропуск в пограничную зону тоже нужен: “{ $note }”
trip-vehicles-no-permit = На сам транспорт пропуск не нужен: “{ $note }”
trip-stop-outside-stay = { $stop }, { $date }: судя по переходам, в этот день вы не в Кыргызстане. Исправьте даты.
trip-permit-price = Пропуск (зон: { $zones }) стоит в агентстве около { $amount } { $currency }.
trip-permit-price-unknown = В тарифе нет цены для такого числа зон: { $zones }. Спросите агентство: цену мы не прикидываем.
trip-lead-time = Подайте заявление не позже { $apply_by }, чтобы пропуск был { $first_day } ({ $who }{ $express ->
    [yes] , срочно
   *[other] {""}
}).
trip-lead-time-missed = На { $first_day } здесь уже поздно ({ $who }{ $express ->
    [yes] , срочно
   *[other] {""}
}): последний день подачи был { $apply_by }.
trip-lead-time-too-short = На { $first_day } поздно: даже в самое быстрое из известных мест надо было обратиться до { $apply_by }. Поезжайте позже или сразу спросите агентство.
trip-copies-needed = Копий пропуска для постов: { $copies } ({ $posts }), и запасные.
trip-copies-too-few = Копий только { $have }, постов { $copies }. Напечатайте ещё: без копии с поста вернут обратно.
trip-posts-unnamed = Путешественники сообщают о постах (числом { $posts }), не у всех известно название; возьмите запасные копии. “{ $about }”
trip-route-gap = Об этом маршруте неизвестно: “{ $about }”. Спросите заранее.

trip-crossing-open = { $crossing }: открыт, насколько знает этот источник.
trip-crossing-status-unknown = { $crossing }: открыт ли он, ни один источник не говорит. { $note ->
    [none] {""}
   *[other] “{ $note }”
}
trip-crossing-not-open = { $crossing }: { $status ->
    [planned] только планируется, ещё не открыт.
   *[other] закрыт.
} Выберите другой переход.
trip-crossing-not-yet-open = { $crossing } открывается только { $opened }. Выберите другой день или переход.
trip-crossing-open-simplified = { $crossing } работает по упрощённой схеме; для кого — не сказано. Спросите заранее.
trip-crossing-mode-denied = { $crossing }: так пересечь нельзя ({ $mode }), можно только: { $modes }. Выберите другой переход.
trip-crossing-mode-not-named = { $crossing }: источник называет { $modes }, а не { $mode }. Спросите заранее.
trip-crossing-not-for-foreigners = { $crossing } — только для граждан Кыргызстана и { $country }. Выберите другой переход.
trip-crossing-foreigners-unknown = { $crossing }: пускают ли иностранцев, ни один источник не говорит. { $note ->
    [none] {""}
   *[other] “{ $note }”
}
trip-crossing-all-day = { $crossing } работает круглосуточно.
trip-crossing-weekend = { $crossing } по этому источнику закрыт в субботу и воскресенье, а { $date } — выходной. “{ $note }”
trip-crossing-hours-per-day = { $crossing } по этому источнику работает ежедневно, часов в день: { $hours }; какие именно, не сказано. “{ $note }”
trip-crossing-daylight-only = { $crossing } работает только в светлое время{ $time ->
    [none] {""}
   *[other] {" "}(по плану: { $time })
}.
trip-crossing-lunch = { $crossing }: в { $time } вы попадаёте на обед { $side ->
    [kg] кыргызской стороны
   *[other] другой стороны ({ $country })
}, { $from }–{ $to } по времени Кыргызстана. Приезжайте раньше или ждите.
trip-crossing-lunch-times = { $crossing }: обед { $side ->
    [kg] кыргызской стороны
   *[other] другой стороны ({ $country })
} с { $from } до { $to } по времени Кыргызстана.
trip-crossing-out-of-season = { $crossing }, { $date }: не сезон: “{ $note }”
trip-crossing-closed = { $crossing } закрыт с { $from } по { $to }: { $reason }.{ $year ->
    [inferred] {" "}(На странице нет года, он выведен.)
   *[other] {""}
} Выберите другой день или переход.
trip-crossing-closed-part = { $crossing } закрыт часть этого дня, с { $from } по { $to }: { $reason }.{ $year ->
    [inferred] {" "}(На странице нет года, он выведен.)
   *[other] {""}
}
trip-crossing-closed-for-others = { $crossing } закрыт для людей с { $from } по { $to }, но не для вас: { $reason }.
trip-closure-replaced = Прежнее объявление закрывало { $crossing } с { $from } по { $to } ({ $reason }); его заменило новое.
trip-crossing-holiday-likely = { $crossing } в другом году был закрыт около этого дня ({ $from } – { $to }, { $reason }). Узнайте об этом годе.
trip-crossing-ask-holidays = { $crossing } закрывается на праздники обеих сторон; объявлений на { $year } год здесь нет. Спросите заранее.
trip-crossing-paper-needed = { $crossing }: нужно { $paper }.{ $agencies ->
    [none] {""}
   *[other] {" "}Где получить: { $agencies }.
}
trip-crossing-paper-held = { $crossing }: нужно { $paper }, оно у вас есть.
trip-crossing-paper-dropped = { $crossing }: по этому источнику { $paper } больше не нужно. Другие не согласны; спросите заранее. { $note ->
    [none] {""}
   *[other] “{ $note }”
}
trip-crossing-disputed = { $crossing }, этот источник спорит: { $note ->
    [none] см. там.
   *[other] “{ $note }”
}
trip-forbidden-item = { $item }: в стране за переходом { $crossing } ({ $country }) строго запрещено. Не везите с собой.
trip-forbidden-beyond = Строго запрещено, { $country }: { $item }.
trip-country-note = Переходы, { $country }: “{ $note }”
trip-crossing-lacks = { $crossing }: нет { $services }. Возьмите всё с собой.
trip-crossing-little = { $crossing }: мало { $services }. Возьмите всё с собой.
trip-crossing-has = { $crossing }: есть { $services }.
trip-crossing-note = { $crossing }, из этого источника: “{ $note }”
trip-gate-unjudged = { $crossing }: здесь известно только название; о часах ничего не сказано.

trip-visa-free-not-confirmed = Ни одно известное здесь правило не называет вашу страну ({ $nationality }) безвизовой, а списки неполны. Спросите консульство{ $otherwise ->
    [none] {""}
   *[other] ; иначе нужно: { $otherwise }
}.
trip-stay-days = Правило { $rule } (дней: { $allowed }{ $window ->
    [none] {""}
   *[other] {" "}в любых { $window }
}; { $applies ->
    [named] вы в нём названы
   *[other] может касаться вас: список обрезан
}): к { $left_on } использовано дней { $used }, осталось { $days_left }{ $latest_exit ->
    [none] {""}
   *[other] ; выехать не позже { $latest_exit }
}.
trip-stay-overstay = Правило { $rule } (дней: { $allowed }{ $window ->
    [none] {""}
   *[other] {" "}в любых { $window }
}): лишних дней { $over }{ $latest_exit ->
    [none] {""}
   *[other] ; последний день выезда { $latest_exit }
}. { $applies ->
    [named] Выезжайте раньше или получите визу.
   *[other] Не ясно, касается ли правило вас: спросите консульство или выезжайте раньше.
}
trip-reentry-too-early = Правило { $rule }: въезд { $entered } слишком рано; первый день — { $earliest }.{ $applies ->
    [named] {""}
   *[other] {" "}Не ясно, касается ли правило вас: спросите консульство.
}{ $note ->
    [none] {""}
   *[other] {" "}“{ $note }”
}
trip-earliest-reentry = Правило { $rule }: вернуться можно { $earliest }.{ $note ->
    [none] {""}
   *[other] {" "}“{ $note }”
}
trip-stay-period-runs-on = Правило { $rule } противоречит себе: при другом чтении дни идут подряд с { $entered } и кончаются { $latest_exit }, сколько бы вас ни было в стране. “{ $note }”
trip-stay-sources-disagree = Правила пребывания дают разные ответы; последний день выезда по правилам: { $answers }. Рассчитывайте на самое строгое.
trip-stay-rule-start-unknown = С какого дня действует правило { $rule }{ $decree ->
    [none] {""}
   *[other] {" "}({ $decree })
}, не найдено.
trip-stay-end-unknown = Выезд не указан; пребывание посчитано с { $entered } по { $left_on }.
trip-e-visa-enterable = Через { $crossing } можно въехать по электронной визе.
trip-e-visa-not-enterable = { $crossing } нет в списке пунктов въезда по электронной визе. Список: { $points }.
trip-e-visa-entry-unsure = Можно ли въехать через { $crossing } по электронной визе, не ясно: в списке «{ $listed }»{ $note ->
    [none] , и нигде не сказано, что это тот же пункт
   *[other] , но: { $note }
}.
trip-visa-not-yet-valid = Въезд { $entered }, а виза действует с { $valid_from }.
trip-visa-over = Выезд { $left_on }, а виза кончается { $valid_to }.
trip-visa-covers = Виза (по { $valid_to }) покрывает пребывание.

trip-vehicle-no-tip = Номера { $country }, внутри таможенного союза: временный ввоз (TIP) не оформляется.
trip-vehicle-tip-at-entry = На переходе { $crossing } оформят временный ввоз (TIP); он кончится между { $until_shortest } и { $until } (6–12 месяцев). Виза или срок пребывания могут кончиться раньше.
trip-vehicle-tip-from-union = При въезде через { $crossing } из { $country } (таможенный союз) временный ввоз (TIP) должен быть уже оформлен: его выдают при первом въезде в союз. Укажите дату (`union_entry`) или что он есть (`holds = ["tip"]`).
trip-vehicle-tip-until = Временный ввоз от { $since } между странами союза не продлевается; он кончится между { $until_shortest } и { $until }.
trip-vehicle-tip-may-end = { $date } временный ввоз мог уже кончиться: при кратчайшем сроке — { $until_shortest }. Посмотрите на его дату.
trip-vehicle-tip-over = { $date } временный ввоз уже кончился (не позже { $until }). Выведите транспорт из таможенного союза раньше.
trip-vehicle-no-carnet = Карнет де пассаж не нужен.
trip-vehicle-ecotax-due = Экологический сбор на { $crossing }: { $amount } { $currency } (суммы { $year } года).
trip-vehicle-ecotax-not-due = На { $crossing } сбора нет: при въезде через { $country } он не взимается.
trip-vehicle-insurance-needed = Страховка обязательна с { $since }. “{ $note }”
trip-vehicle-insurance-held = Страховка обязательна с { $since }, она у вас есть.
trip-vehicle-not-described = Вы пересекаете границу так: { $mode }. Если транспорт ваш, опишите его (`[vehicle]`), и мы скажем о временном ввозе, сборе и страховке.
trip-vehicle-note = Транспорт, из этого источника: “{ $note }”

trip-passport-expires-on-trip = Паспорт действует по { $expiry }, а поездка кончается { $last_day }. Сначала обновите его.
trip-passport-expires-before-permit = Паспорт действует по { $expiry }, а пропуск по { $valid_to }: тогда пост вас не пустит. Обновите паспорт и получите пропуск на новый.
trip-passport-expiry-not-given = Срок паспорта не указан; он должен действовать хотя бы по { $last_day }.
trip-passport-good = Паспорт (по { $expiry }) действует во все дни поездки.

deadline-apply-by-safe = Подать на пропуск (самое медленное место: { $who }) на { $first_day }
deadline-apply-by-last = Последний день подачи на пропуск (самое быстрое место: { $who }) на { $first_day }
deadline-permit-valid = Пропуск действует: { $zones }
deadline-extension-until = Дольше этого дня пропуск не продлить
deadline-cross = { $direction ->
    [entering] Въезд в Кыргызстан
   *[other] Выезд из Кыргызстана
}: { $crossing }
deadline-latest-exit = Последний день выезда по правилу { $rule }{ $applies ->
    [named] {""}
   *[other] {" "}(может касаться)
}
deadline-earliest-reentry = Самый ранний повторный въезд по правилу { $rule }{ $applies ->
    [named] {""}
   *[other] {" "}(может касаться)
}
deadline-visa-ends = Виза кончается
deadline-tip-shortest = Временный ввоз может кончиться (6 месяцев)
deadline-tip-ends = Временный ввоз кончается самое позднее (12 месяцев)
deadline-ecotax = Экологический сбор на { $crossing }: { $amount } { $currency }
deadline-passport-expires = Паспорт кончается

severity-blocks = НЕЛЬЗЯ
severity-needs = НУЖНО
severity-warns = ВНИМАНИЕ
severity-tells = к сведению

trip-source = Источник: { $source } ({ $as_of })
trip-undated = на странице нет даты
trip-answer-yes = По всему, что здесь известно, так поехать можно. Прочтите предупреждения.
trip-answer-no = Пока нет: что-то мешает поездке или чего-то не хватает.
trip-disclaimer = Правила меняются. У каждого ответа есть источник и дата; спросите перед поездкой.
trip-calendar-name = Поездка в Кыргызстан

mode-pedestrian = пешком
mode-bicycle = велосипед
mode-motorcycle = мотоцикл
mode-car = автомобиль
mode-bus = автобус
mode-truck = грузовик
mode-train = поезд
paper-tourism-department-permission = разрешение Департамента туризма
paper-gbao-permit = разрешение ГБАО
item-drone = дрон
service-exchange = обмен денег
service-exchange-both-sides = обмен денег на обеих сторонах
service-food = еда
service-fuel = топливо
service-supplies = припасы
service-spare-parts = запчасти

map-title = Карта поездки
map-schematic = Схема. Контур и области: Natural Earth (общественное достояние); города: GeoNames (CC BY 4.0). Зона — часть области, по которой она названа; её места с известными координатами выделены. Законных границ зон ни один источник не даёт.
map-open = открыт в этот день
map-warned = предупреждение
map-blocked = нельзя или чего-то не хватает
map-other = не в этой поездке
map-place = место
map-zone = зона
map-no-position = Положение неизвестно:

rule-in-force = действует
rule-start-unknown = возможно, действует: начало неизвестно
rule-not-yet = ещё нет
rule-ended = кончилось
rule-replaced = заменено
rule-conflict = источники расходятся
region-good = { $file }: ошибок не найдено.
region-faults = { $file }: ошибок: { $count }.
