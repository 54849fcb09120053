# The trip check (`propusk verify trip`, `propusk verify region`). Every finding is told with its source and date behind it.
# Arguments are texts; names stand in this language; days are ISO. $note is a page's own words, in English.
trip-no-zone-touched = The route touches no border zone that is known here: no border permit is needed for it.
trip-zone-permit-needed = A border permit for the zone { $zone } is needed from { $first_day } to { $last_day }: { $stops }.
trip-stop-not-covered = { $stop } lies in the zone { $zone }, which is not on the permit. Have the zone added, or leave the place out.
trip-permit-days-not-covered = The permit does not cover the days { $first_day } to { $last_day } in the zone { $zone }. Extend it, or get another one.
trip-permit-covers = The permit covers the zone { $zone } on every day of the trip there.
trip-permit-extension = The permit valid to { $valid_to } can be extended until { $until } ({ $months } months in all, as this office counts). { $note ->
    [none] {""}
   *[other] Not clear: { $note }
}
trip-permit-term-short = From { $first_day } to { $last_day } is longer than one permit lasts (to { $until }): it must be extended on the way. { $note ->
    [none] {""}
   *[other] Not clear: { $note }
}
trip-permit-term-too-long = From { $first_day } to { $last_day } is longer than a permit with every extension ({ $months } months, to { $until }). A second permit is needed.
trip-permit-term-elsewhere = Another source gives permits for { $weeks } weeks only, less than the days planned in the zones.
trip-zone-transit = On the way to the crossing { $crossing } (zone { $zone }) a permit is generally not needed, this source says: “{ $note }”. Another one lists the place in the zone. Ask before you travel.
trip-zone-transit-listed = On the way to the crossing { $crossing } stands the post { $stop }, which this source lists in the zone { $zone }: a permit may be asked for.
trip-zone-note = Zone { $zone }, from this source: “{ $note }”
trip-residents-too = Residents need a permit in the border zones too: “{ $note }”
trip-vehicles-no-permit = The vehicle itself needs no border permit: “{ $note }”
trip-stop-outside-stay = { $stop } on { $date }: by the crossings given you are not in Kyrgyzstan on that day. Correct the days.
trip-permit-price = A permit for { $zones } zone(s) costs about { $amount } { $currency } at an agency.
trip-permit-price-unknown = The tariff has no price for { $zones } zones. Ask the agency: a price is never estimated.
trip-lead-time = Apply by { $apply_by } to have the permit on { $first_day } ({ $who }{ $express ->
    [yes] , express
   *[other] {""}
}).
trip-lead-time-missed = Too late for { $first_day } at this office ({ $who }{ $express ->
    [yes] , express
   *[other] {""}
}): the last day to apply was { $apply_by }.
trip-lead-time-too-short = Too late for { $first_day }: even the quickest office known had to be asked by { $apply_by }. Travel later, or ask an agency at once.
trip-copies-needed = Copies of the permit to leave at checkpoints: { $copies } ({ $posts }), and spares.
trip-copies-too-few = Only { $have } copies for { $copies } checkpoints. Print more: at a checkpoint without a copy you are turned back.
trip-posts-unnamed = Travellers report { $posts } checkpoints here and not all have a known name; carry spare copies. “{ $about }”
trip-route-gap = Not known about this route: “{ $about }”. Ask before you travel.

trip-crossing-open = { $crossing } is open, as far as this source knows.
trip-crossing-status-unknown = { $crossing }: no source says whether it is open. { $note ->
    [none] {""}
   *[other] “{ $note }”
}
trip-crossing-not-open = { $crossing } { $status ->
    [planned] is only planned; it is not open.
   *[other] is closed.
} Choose another crossing.
trip-crossing-not-yet-open = { $crossing } opens (or reopened) only on { $opened }. Choose another day or crossing.
trip-crossing-open-simplified = { $crossing } works with temporary buildings; for whom is not said. Ask before you travel.
trip-crossing-mode-denied = { $crossing } is not for this way of travelling ({ $mode }), only for: { $modes }. Choose another crossing.
trip-crossing-mode-not-named = { $crossing }: the source names { $modes }, not { $mode }. Ask before you travel.
trip-crossing-not-for-foreigners = { $crossing } is only for citizens of Kyrgyzstan and { $country }. Choose another crossing.
trip-crossing-foreigners-unknown = { $crossing }: no source says whether foreigners may cross. { $note ->
    [none] {""}
   *[other] “{ $note }”
}
trip-crossing-all-day = { $crossing } works round the clock.
trip-crossing-weekend = { $crossing } is closed on Saturday and Sunday by this source, and { $date } is one. “{ $note }”
trip-crossing-hours-per-day = { $crossing } works { $hours } hours a day, every day, by this source; which hours is not said. “{ $note }”
trip-crossing-daylight-only = { $crossing } works in daylight only{ $time ->
    [none] {""}
   *[other] {" "}(planned: { $time })
}.
trip-crossing-lunch = { $crossing }: at { $time } you arrive in the lunch break of { $side ->
    [kg] the Kyrgyz side
   *[other] the other side ({ $country })
}, { $from } to { $to } Kyrgyz time. Come earlier, or wait.
trip-crossing-lunch-times = { $crossing }: lunch break of { $side ->
    [kg] the Kyrgyz side
   *[other] the other side ({ $country })
} from { $from } to { $to } Kyrgyz time.
trip-crossing-out-of-season = { $crossing } on { $date } is out of season: “{ $note }”
trip-crossing-closed = { $crossing } is closed from { $from } to { $to }: { $reason }.{ $year ->
    [inferred] {" "}(The page gives no year; this one is inferred.)
   *[other] {""}
} Choose another day or crossing.
trip-crossing-closed-part = { $crossing } is closed for a part of that day, from { $from } to { $to }: { $reason }.{ $year ->
    [inferred] {" "}(The page gives no year; this one is inferred.)
   *[other] {""}
}
trip-crossing-closed-for-others = { $crossing } is closed for people from { $from } to { $to }, but not for you: { $reason }.
trip-closure-replaced = An older notice closed { $crossing } from { $from } to { $to } ({ $reason }); a newer one has replaced it.
trip-crossing-holiday-likely = { $crossing } was closed around this day in another year ({ $from } to { $to }, { $reason }). Ask for this year's notice.
trip-crossing-ask-holidays = { $crossing } closes on public holidays of both sides; no notice for { $year } is known here. Ask before you travel.
trip-crossing-paper-needed = { $crossing }: you need { $paper }.{ $agencies ->
    [none] {""}
   *[other] {" "}To be had from: { $agencies }.
}
trip-crossing-paper-held = { $crossing }: you need { $paper }, and have it.
trip-crossing-paper-dropped = { $crossing }: this source says that { $paper } is no longer needed. Others disagree; ask before you travel. { $note ->
    [none] {""}
   *[other] “{ $note }”
}
trip-crossing-disputed = { $crossing }, disputed by this source: { $note ->
    [none] see there.
   *[other] “{ $note }”
}
trip-forbidden-item = { $item } is strictly forbidden in the country beyond { $crossing } ({ $country }). Do not take it across.
trip-forbidden-beyond = Strictly forbidden in { $country }: { $item }.
trip-country-note = Crossings with { $country }: “{ $note }”
trip-crossing-lacks = { $crossing } has no { $services }. Bring what you need.
trip-crossing-little = { $crossing } has little { $services }. Bring what you need.
trip-crossing-has = { $crossing } has { $services }.
trip-crossing-note = { $crossing }, from this source: “{ $note }”
trip-gate-unjudged = { $crossing }: only the name is known here; nothing is said of its hours.

trip-visa-free-not-confirmed = No rule known here names your country ({ $nationality }) as visa-free, and the lists are not complete. Ask the consulate{ $otherwise ->
    [none] {""}
   *[other] ; else you need: { $otherwise }
}.
trip-stay-days = Rule { $rule } ({ $allowed } days{ $window ->
    [none] {""}
   *[other] {" "}in any { $window }
}; { $applies ->
    [named] names you
   *[other] may apply to you: its list is cut off
}): { $used } days used by { $left_on }, { $days_left } left{ $latest_exit ->
    [none] {""}
   *[other] ; leave by { $latest_exit }
}.
trip-stay-overstay = Rule { $rule } ({ $allowed } days{ $window ->
    [none] {""}
   *[other] {" "}in any { $window }
}): { $over } day(s) too many{ $latest_exit ->
    [none] {""}
   *[other] ; the last day to leave is { $latest_exit }
}. { $applies ->
    [named] Leave earlier, or get a visa.
   *[other] It is not sure that the rule applies to you: ask the consulate, or leave earlier.
}
trip-reentry-too-early = Rule { $rule }: entering on { $entered } is too early; the first day is { $earliest }.{ $applies ->
    [named] {""}
   *[other] {" "}It is not sure that the rule applies to you: ask the consulate.
}{ $note ->
    [none] {""}
   *[other] {" "}“{ $note }”
}
trip-earliest-reentry = Rule { $rule }: you may be back on { $earliest }.{ $note ->
    [none] {""}
   *[other] {" "}“{ $note }”
}
trip-stay-period-runs-on = Rule { $rule } contradicts itself: by its other reading the days run on from { $entered } and end on { $latest_exit }, whenever you were outside. “{ $note }”
trip-stay-sources-disagree = The stay rules give different answers; latest exit by rule: { $answers }. Plan with the strictest.
trip-stay-rule-start-unknown = Since when rule { $rule }{ $decree ->
    [none] {""}
   *[other] {" "}({ $decree })
} is in force was not found.
trip-stay-end-unknown = No exit is given; the stay is counted from { $entered } to { $left_on }.
trip-e-visa-enterable = You may enter at { $crossing } with an e-visa.
trip-e-visa-not-enterable = { $crossing } is not on the list of entry points for an e-visa. The list: { $points }.
trip-e-visa-entry-unsure = Whether an e-visa is good for entry at { $crossing } is not sure: the list says “{ $listed }”{ $note ->
    [none] , and no page says that it is the same post
   *[other] , but: { $note }
}.
trip-visa-not-yet-valid = You enter on { $entered }, and the visa begins on { $valid_from }.
trip-visa-over = You leave on { $left_on }, and the visa ends on { $valid_to }.
trip-visa-covers = The visa (to { $valid_to }) covers the stay.

trip-vehicle-no-tip = Registered in { $country }, inside the customs union: no temporary import document (TIP).
trip-vehicle-tip-at-entry = At { $crossing } the vehicle gets a temporary import document (TIP); it ends between { $until_shortest } and { $until } (6 to 12 months). Your visa or stay may end earlier.
trip-vehicle-tip-from-union = Entering at { $crossing } from { $country }, which is in the customs union, the vehicle must have its temporary import document (TIP) already: it is issued on the first entry into the union. Give its date (`union_entry`) or hold it (`holds = ["tip"]`).
trip-vehicle-tip-until = The temporary import document of { $since } is not renewed between member states; it ends between { $until_shortest } and { $until }.
trip-vehicle-tip-may-end = On { $date } the temporary import document may have ended: given for the shortest time it ends on { $until_shortest }. Look at its date.
trip-vehicle-tip-over = On { $date } the temporary import document has ended (at the latest { $until }). Take the vehicle out of the customs union before.
trip-vehicle-no-carnet = No carnet de passages is needed.
trip-vehicle-ecotax-due = Ecotax at { $crossing }: { $amount } { $currency } (amounts of { $year }).
trip-vehicle-ecotax-not-due = No ecotax at { $crossing }: it is not due when arriving through { $country }.
trip-vehicle-insurance-needed = Insurance is compulsory since { $since }. “{ $note }”
trip-vehicle-insurance-held = Insurance is compulsory since { $since }, and you have it.
trip-vehicle-not-described = You cross by { $mode }: if it is your own, describe it (`[vehicle]`) to hear of temporary import, ecotax and insurance.
trip-vehicle-note = Vehicles, from this source: “{ $note }”

trip-passport-expires-on-trip = The passport expires on { $expiry }, before the trip ends on { $last_day }. Renew it first.
trip-passport-expires-before-permit = The passport expires on { $expiry }, before the permit does on { $valid_to }: a checkpoint refuses it then. Renew it, and have the permit issued for the new one.
trip-passport-expiry-not-given = The passport's expiry is not given; it must be valid to { $last_day } at least.
trip-passport-good = The passport (to { $expiry }) is valid on every day of the trip.

deadline-apply-by-safe = Apply for the border permit (the slowest office: { $who }) for { $first_day }
deadline-apply-by-last = Last day to apply for the border permit (the quickest office: { $who }) for { $first_day }
deadline-permit-valid = Border permit valid: { $zones }
deadline-extension-until = The border permit can be extended until today at most
deadline-cross = { $direction ->
    [entering] Enter
   *[other] Leave
} Kyrgyzstan: { $crossing }
deadline-latest-exit = Latest exit by rule { $rule }{ $applies ->
    [named] {""}
   *[other] {" "}(may apply)
}
deadline-earliest-reentry = Earliest re-entry by rule { $rule }{ $applies ->
    [named] {""}
   *[other] {" "}(may apply)
}
deadline-visa-ends = The visa ends
deadline-tip-shortest = The temporary import may end (6 months)
deadline-tip-ends = The temporary import ends at the latest (12 months)
deadline-ecotax = Ecotax at { $crossing }: { $amount } { $currency }
deadline-passport-expires = The passport expires

severity-blocks = NOT POSSIBLE
severity-needs = NEEDED
severity-warns = WARNING
severity-tells = note

trip-source = Source: { $source } ({ $as_of })
trip-undated = no date on the page
trip-answer-yes = You can travel like this, by everything that is known here. Read the warnings.
trip-answer-no = Not yet: something blocks the trip or must be got first.
trip-disclaimer = Rules change. Each answer has its source and date; ask before you travel.
trip-calendar-name = Trip to Kyrgyzstan

mode-pedestrian = on foot
mode-bicycle = bicycle
mode-motorcycle = motorcycle
mode-car = car
mode-bus = bus
mode-truck = goods truck
mode-train = train
paper-tourism-department-permission = a permission of the Tourism Department
paper-gbao-permit = a GBAO permit
item-drone = drone
service-exchange = money exchange
service-exchange-both-sides = money exchange on both sides
service-food = food
service-fuel = fuel
service-supplies = supplies
service-spare-parts = spare parts

map-title = Trip map
map-schematic = Schematic. Outline and provinces: Natural Earth (public domain); towns: GeoNames (CC BY 4.0). A zone is some part of the province it is named after; its places with a known position are drawn stronger. No source gives the legal limits.
map-open = open on the day
map-warned = warning
map-blocked = not possible, or something is needed first
map-other = not on this trip
map-place = place
map-zone = zone
map-no-position = Position not known:

rule-in-force = in force
rule-start-unknown = may hold: start not known
rule-not-yet = not yet
rule-ended = ended
rule-replaced = replaced
rule-conflict = sources disagree
region-good = { $file }: no fault found.
region-faults = { $file }: { $count } fault(s).
