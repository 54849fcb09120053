# Zones, places, checkpoints, routes, prices. Arguments:
#   $typed   what the person typed
#   $nearest known names like it, joined by commas; the word none when nothing is alike
#   $zones   a number of zones
#   $stop, $zone  names in this language; $zone is the word none when the stop itself is not in the region file
#   $posts   a number of posts; $months  a number of months
#   $about   a sentence of the region file, in English
#   $source, $as_of  where a fact comes from and how old it is ("undated": the page has no date)

unknown-zone = { $nearest ->
    [none] We know no zone “{ $typed }”. Please check the spelling, or choose a zone from the list.
   *[other] We know no zone “{ $typed }”. Did you mean: { $nearest }? Please correct the name.
}
unknown-place = { $nearest ->
    [none] We know no place, checkpoint or route “{ $typed }”. Please check the spelling, or choose one from the list.
   *[other] We know no place, checkpoint or route “{ $typed }”. Did you mean: { $nearest }? Please correct the name.
}
unknown-post = { $nearest ->
    [none] We know no checkpoint “{ $typed }”. Please check the spelling, or choose one from the list.
   *[other] We know no checkpoint “{ $typed }”. Did you mean: { $nearest }? Please correct the name.
}
unknown-route = { $nearest ->
    [none] We know no route “{ $typed }”. Please check the spelling, or name its places one by one.
   *[other] We know no route “{ $typed }”. Did you mean: { $nearest }? Please correct the name.
}
unknown-crossing = { $nearest ->
    [none] We know no border crossing “{ $typed }”. Please check the spelling, or choose one from the list.
   *[other] We know no border crossing “{ $typed }”. Did you mean: { $nearest }? Please correct the name.
}
no-price-for-zones = There is no price for { $zones ->
    [one] { $zones } zone
   *[other] { $zones } zones
} in the tariff. Please ask the agency; a price is never estimated.
stop-not-covered = { $zone ->
    [none] “{ $stop }” is not in the region file, so no permit can be shown to cover it. Please ask the agency which zone it lies in.
   *[other] “{ $stop }” lies in the zone { $zone }, which the permit does not cover. Please add this zone, or leave the place out of the route.
}
unnamed-posts-on-route = Travellers report { $posts ->
    [one] { $posts } checkpoint
   *[other] { $posts } checkpoints
} around this route, and not all have a known name. Please print spare copies. Source: { $source } ({ $as_of }).
route-gap = Not known about this route: { $about }. Please ask before you travel. Source: { $source } ({ $as_of }).
extension-limit-unclear = The sources do not say whether “up to 2 months” is the total or comes on top. This office counts { $months ->
    [one] { $months } month
   *[other] { $months } months
} in all. Source: { $source } ({ $as_of }).
price-approximate = The price is approximate. Please confirm it with the agency. Source: { $source } ({ $as_of }).
