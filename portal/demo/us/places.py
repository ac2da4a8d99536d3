"""Labels of places as the sources write them, and the places they mean.

Codes are ISO 3166-1 (two letters; XK for Kosovo) and UN M49 (three digits; 001 is the world). A label that
names several places means them in equal shares. A region is placed on the smallest M49 region, or regions,
that hold it: its money is never handed down to countries, unless the label itself lists them.
"""

import re
import unicodedata
from dataclasses import dataclass
from functools import cache

import pycountry

WORLD, AFRICA, AMERICAS, EUROPE, OCEANIA = "001", "002", "019", "150", "009"
NORTHERN_AFRICA, SUB_SAHARAN_AFRICA = "015", "202"
EASTERN_AFRICA, MIDDLE_AFRICA, SOUTHERN_AFRICA, WESTERN_AFRICA = "014", "017", "018", "011"
LATIN_AMERICA, CARIBBEAN, CENTRAL_AMERICA = "419", "029", "013"
SOUTH_AMERICA, NORTHERN_AMERICA = "005", "021"
CENTRAL_ASIA, EASTERN_ASIA, SOUTH_EASTERN_ASIA, SOUTHERN_ASIA, WESTERN_ASIA = (
    "143",
    "030",
    "035",
    "034",
    "145",
)
EASTERN_EUROPE = "151"

# The State Department's regions hold several of the UN's.
EAST_ASIA_AND_PACIFIC = (EASTERN_ASIA, SOUTH_EASTERN_ASIA, OCEANIA)
NEAR_EAST = (WESTERN_ASIA, NORTHERN_AFRICA)
SOUTH_AND_CENTRAL_ASIA = (SOUTHERN_ASIA, CENTRAL_ASIA)

REGIONS: dict[str, tuple[str, ...]] = {
    "global": (WORLD,),
    "worldwide": (WORLD,),
    "africa": (AFRICA,),
    "africa regional": (AFRICA,),
    "african union": (AFRICA,),
    "west africa": (WESTERN_AFRICA,),
    "east africa": (EASTERN_AFRICA,),
    "central africa": (MIDDLE_AFRICA,),
    "west and central africa": (WESTERN_AFRICA, MIDDLE_AFRICA),
    "southern africa": (SOUTHERN_AFRICA,),
    "sadc region": (SUB_SAHARAN_AFRICA,),
    "southern african development community sadc": (SUB_SAHARAN_AFRICA,),
    "africa near east": (AFRICA, WESTERN_ASIA),
    "near east asia": NEAR_EAST,
    "near east regional": NEAR_EAST,
    "middle east": NEAR_EAST,
    "iraq region": (WESTERN_ASIA,),
    "south asia": (SOUTHERN_ASIA,),
    "south asia regional": (SOUTHERN_ASIA,),
    "central asia": (CENTRAL_ASIA,),
    "south and central asia": SOUTH_AND_CENTRAL_ASIA,
    "south and central asia regional": SOUTH_AND_CENTRAL_ASIA,
    "south asian and gulf countries": (SOUTHERN_ASIA, WESTERN_ASIA),
    "caucasus and central asia": (WESTERN_ASIA, CENTRAL_ASIA),
    "caucasus and central asia guuam": (WESTERN_ASIA, CENTRAL_ASIA),
    "east asia": (EASTERN_ASIA,),
    "southeast asia": (SOUTH_EASTERN_ASIA,),
    "mekong region": (SOUTH_EASTERN_ASIA,),
    "pacific islands": (OCEANIA,),
    "east asia and pacific islands": EAST_ASIA_AND_PACIFIC,
    "east asia and pacific islands regional": EAST_ASIA_AND_PACIFIC,
    "east asia and pacific islands regional and usa": (*EAST_ASIA_AND_PACIFIC, "US"),
    "europe": (EUROPE,),
    "europe regional": (EUROPE,),
    "eastern europe": (EASTERN_EUROPE,),
    "southeast europe": (EUROPE,),
    "southeast and east europe": (EUROPE,),
    "europe and usa": (EUROPE, "US"),
    "europe eurasia": (EUROPE, CENTRAL_ASIA),
    "eurasia": (EASTERN_EUROPE, CENTRAL_ASIA),
    "western hemisphere": (AMERICAS,),
    "latin america": (LATIN_AMERICA,),
    "latin america and caribbean": (LATIN_AMERICA,),
    "latin america and caribbean regional": (LATIN_AMERICA,),
    "latin american southern cone": (SOUTH_AMERICA,),
    "south america": (SOUTH_AMERICA,),
    "central america": (CENTRAL_AMERICA,),
    "caribbean": (CARIBBEAN,),
    "central america and the caribbean": (CENTRAL_AMERICA, CARIBBEAN),
    "north and central america": (NORTHERN_AMERICA, CENTRAL_AMERICA),
    "central america north america and the caribbean": (CENTRAL_AMERICA, NORTHERN_AMERICA, CARIBBEAN),
    "central america south america and mexico": (CENTRAL_AMERICA, SOUTH_AMERICA, "MX"),
    "central america south america caribbean and africa": (CENTRAL_AMERICA, SOUTH_AMERICA, CARIBBEAN, AFRICA),
    "rcm region": (AMERICAS,),  # the Regional Conference on Migration: North and Central America
    "south asia southeast asia southeastern europe latin america and africa": (
        SOUTHERN_ASIA, SOUTH_EASTERN_ASIA, EUROPE, LATIN_AMERICA, AFRICA,
    ),
}  # fmt: skip

# Names that ISO 3166 writes otherwise. Serbia and Montenegro was one state, called Yugoslavia until 2003.
ALIASES: dict[str, tuple[str, ...]] = {
    "antigua barbuda": ("AG",),
    "bahamas": ("BS",),
    "bolivia": ("BO",),
    "bosnia": ("BA",),
    "bosniaandherz": ("BA",),
    "bosnia herzegovina": ("BA",),
    "brunei": ("BN",),
    "burkinafaso": ("BF",),
    "burma": ("MM",),
    "cape verde": ("CV",),
    "capeverde": ("CV",),
    "centralafrep": ("CF",),
    "congo brazzaville rep": ("CG",),
    "republic of congo": ("CG",),
    "congo demrep": ("CD",),
    "congo demrep zaire": ("CD",),
    "democratic republic of congo": ("CD",),
    "costarica": ("CR",),
    "cote d ivoire": ("CI",),
    "curacao": ("CW",),
    "czechrep": ("CZ",),
    "czech republic": ("CZ",),
    "czech repbulic": ("CZ",),
    "domrep": ("DO",),
    "east timor": ("TL",),
    "elsalvador": ("SV",),
    "eqguinea": ("GQ",),
    "hong kong": ("HK",),
    "iran": ("IR",),
    "kosovo": ("XK",),
    "kyrgyzrep": ("KG",),
    "laos": ("LA",),
    "macau": ("MO",),
    "macedonia": ("MK",),
    "macedonia fyrom": ("MK",),
    "madagasgar": ("MG",),
    "marshallis": ("MH",),
    "micronesia": ("FM",),
    "moldova": ("MD",),
    "newzealand": ("NZ",),
    "north korea": ("KP",),
    "papuang": ("PG",),
    "palestine": ("PS",),
    "russia": ("RU",),
    "saintlucia": ("LC",),
    "st lucia": ("LC",),
    "st kitts nevis": ("KN",),
    "st vincent": ("VC",),
    "sao t p": ("ST",),
    "saot p": ("ST",),
    "saudiarabia": ("SA",),
    "serbia and montenegro": ("RS", "ME"),
    "serbia montenegro": ("RS", "ME"),
    "yugoslavia": ("RS", "ME"),
    "serbia and montenegro inc kosovo": ("RS", "ME", "XK"),
    "serbia montenegro inc kosovo": ("RS", "ME", "XK"),
    "sierraleone": ("SL",),
    "slovakrep": ("SK",),
    "slovakia": ("SK",),
    "solomonis": ("SB",),
    "southafrica": ("ZA",),
    "south korea": ("KR",),
    "srilanka": ("LK",),
    "surinam": ("SR",),
    "swaziland": ("SZ",),
    "syria": ("SY",),
    "taiwan": ("TW",),
    "tanzania": ("TZ",),
    "trin tobago": ("TT",),
    "turkey": ("TR",),
    "uarabemir": ("AE",),
    "uk": ("GB",),
    "united states": ("US",),
    "usa": ("US",),
    "vatican": ("VA",),
    "venezuela": ("VE",),
    "vietnam": ("VN",),
    "yemenar": ("YE",),
}

TIER_NOTE = re.compile(r"\((?:tier \d[^)]*|not on[^)]*)\)", re.IGNORECASE)
PARENTHESES = re.compile(r"\(([^()]*)\)")
SEPARATORS = re.compile(r"\s*[,;/]\s*(?:and\s+)?|\s+and\s+(?:the\s+)?", re.IGNORECASE)
LISTED_AFTER = re.compile(r"^.*\b(?:members include|program)\b[\s-]*", re.IGNORECASE)
REGIONAL = re.compile(r"^(?:sub-?)?regional\b[\s:–-]*", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Placement:
    """Where a label says it is: place codes of equal weight, none when it cannot be placed."""

    label: str
    codes: tuple[str, ...]

    @property
    def is_country(self) -> bool:
        """One country and nothing else."""
        return len(self.codes) == 1 and self.codes[0].isalpha()


@cache
def place(label: str, region: str = "") -> Placement:
    """Where a label is, `region` being the source's wider column for labels such as "Regional"."""
    label = label or region
    for reading in _readings(label):
        codes = _known(reading) or _listed(reading)
        if codes:
            return Placement(label, codes)
    if region and REGIONAL.match(label):
        return Placement(f"{label}: {region}", _known(region))
    return Placement(label, ())


def place_grant(country: str, region: str) -> Placement:
    """Where a grant of the file 2001-2014 is.

    Its column `region1` narrows a row of a region ("Africa", "West Africa") and adds to a country's row
    ("Bahamas", "Barbados, St. Lucia"); where it cannot be placed the country column stands.
    """
    wide = place(country)
    narrow = place(region) if region else None
    if narrow is None or not narrow.codes:
        return wide
    if wide.is_country:
        return Placement(f"{country}; {region}", tuple(dict.fromkeys((*wide.codes, *narrow.codes))))
    return wide if fold(region) == "europe eurasia" else narrow


def place_iso3(code: str) -> str:
    """The two-letter code of a three-letter one; the tier file writes Kosovo as KOS. Raises `KeyError`."""
    if code == "KOS":
        return "XK"
    country = pycountry.countries.get(alpha_3=code)
    if country is None:
        raise KeyError(code)
    return country.alpha_2


def fold(label: str) -> str:
    """Letters and single blanks only, without accents, in lower case."""
    letters = (c for c in unicodedata.normalize("NFKD", label) if not unicodedata.combining(c))
    return " ".join(re.sub(r"[^a-z]+", " ", "".join(letters).lower()).split())


def _readings(label: str):
    """The label in more and more generous readings: whole, without its tier, what it lists, what is around."""
    bare = TIER_NOTE.sub(" ", label).strip()
    yield label
    yield bare
    without = REGIONAL.sub("", bare)
    yield without
    yield from (LISTED_AFTER.sub("", inside) for inside in PARENTHESES.findall(bare))
    around = PARENTHESES.sub(" ", without).strip()
    yield around
    if ":" in around:
        before, _, after = around.partition(":")
        yield after
        yield before


def _listed(text: str) -> tuple[str, ...]:
    """The places of a list, each of which must be known; else none."""
    parts = [part for part in SEPARATORS.split(text) if part.strip()]
    if len(parts) < 2:
        return ()
    found = [_known(part) for part in parts]
    if not all(found):
        return ()
    return tuple(dict.fromkeys(code for codes in found for code in codes))


def _known(text: str) -> tuple[str, ...]:
    name = fold(text)
    return REGIONS.get(name) or ALIASES.get(name) or _countries().get(name, ())


@cache
def _countries() -> dict[str, tuple[str, ...]]:
    names = {}
    for country in pycountry.countries:
        for attribute in ("name", "common_name", "official_name"):
            if name := getattr(country, attribute, None):
                names[fold(name)] = (country.alpha_2,)
    return names
