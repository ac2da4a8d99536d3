"""What in a free text looks like one person's data, in English, Spanish and French. It suggests; a person decides.

Hits name a kind and a place in the text. Ages count only beside a name, numbers only in the shape or the company
that gives them away, so that years, sums of money and references of projects pass.
"""

import re
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from enum import Enum

import phonenumbers
from django.utils.translation import gettext as _


class Kind(Enum):
    """What a piece of text looks like; of two that meet in the same words the first counts."""

    EMAIL = "email"
    COORDINATES = "coordinates"
    IDENTITY = "identity"
    PHONE = "phone"
    AGE_AND_NAME = "age_and_name"
    ADDRESS = "address"


@dataclass(frozen=True, slots=True)
class Hit:
    """`text[start:end]` looks like this kind of data."""

    kind: Kind
    start: int
    end: int
    text: str

    @property
    def sentence(self) -> str:
        """What was seen, and what to do about it, for the writer."""
        return {
            Kind.EMAIL: _("“%(text)s” looks like an e-mail address. Leave it out of this text."),
            Kind.PHONE: _("“%(text)s” looks like a phone number. Leave it out of this text."),
            Kind.COORDINATES: _(
                "“%(text)s” looks like coordinates. Name the region or the country instead."
            ),
            Kind.IDENTITY: _(
                "“%(text)s” looks like the number of a person's papers or file. Leave it out."
            ),
            Kind.AGE_AND_NAME: _(
                "“%(text)s” looks like a person's name with an age. Write of groups, not of one person."
            ),
            Kind.ADDRESS: _(
                "“%(text)s” looks like a street address. Name the region or the country instead."
            ),
        }[self.kind] % {"text": self.text}


def find(text: str, *, skip: Collection[Kind] = ()) -> list[Hit]:
    """The hits in a text, in its order, none over another. `skip`: kinds that are welcome here."""
    taken: list[Hit] = []
    for kind, look in _LOOKS.items():
        if kind in skip:
            continue
        for start, end in look(text or ""):
            if not any(start < hit.end and hit.start < end for hit in taken):
                taken.append(Hit(kind, start, end, text[start:end]))
    return sorted(taken, key=lambda hit: hit.start)


Spans = Iterator[tuple[int, int]]


def _any_of(*patterns: re.Pattern[str]) -> Callable[[str], Spans]:
    def look(text: str) -> Spans:
        for pattern in patterns:
            yield from (match.span() for match in pattern.finditer(text))

    return look


# E-mail, also as people write it to hide it from machines

_EMAIL = re.compile(
    r"(?<![\w.+%-])[\w.+%-]{1,64}(?:@|\s?[(\[]\s?(?:at|arroba|arobase)\s?[)\]]\s?)"
    r"[\w-]{1,63}(?:(?:\.|\s?[(\[]\s?(?:dot|punto|point)\s?[)\]]\s?)[\w-]{2,63})+",
    re.IGNORECASE,
)

# Coordinates

_PAIR = re.compile(
    r"(?<![\d.,])([-+−]?\d{1,2}[.]\d{3,})°?\s?[NS]?\s*[,;/ ]\s*([-+−]?\d{1,3}[.]\d{3,})(?![\d])°?(?:\s?[EWO]\b)?"
)
_DEGREES = re.compile(
    r"\d{1,3}\s?°\s?\d{1,2}\s?['’′]\s?(?:\d{1,2}(?:[.,]\d+)?\s?(?:[\"”″]|''|’’))?\s?[NSEWO]\b"
    r"|\d{1,3}[.,]\d{2,}\s?°\s?[NSEWO]\b"
)
_PLUS_CODE = re.compile(r"(?<!\w)[23456789CFGHJMPQRVWX]{4,8}\+[23456789CFGHJMPQRVWX]{2,3}(?!\w)")
_THREE_WORDS = re.compile(r"(?<![\w:/])///\w{3,}\.\w{3,}\.\w{3,}")


def _coordinates(text: str) -> Spans:
    for match in _PAIR.finditer(text):
        latitude, longitude = (abs(float(part.replace("−", "-"))) for part in match.group(1, 2))
        fine = all(len(part.split(".")[1]) > 3 for part in match.group(1, 2))
        if latitude <= 90 and longitude <= 180 and (fine or re.search("[-−+NSEWO]", match.group())):
            yield match.span()
    yield from _any_of(_DEGREES, _PLUS_CODE, _THREE_WORDS)(text)


# Numbers of papers and files

_NAMED_NUMBER = re.compile(
    r"""\b(?:
        passports?(?:\s(?:number|no\.?))? | pasaportes? | passeports?
        | (?:national\s)?(?:id|identity|identification)\s(?:cards?|numbers?|no\.?|papers?|documents?)
        | national\sid | social\ssecurity(?:\snumber)? | ssn | alien\snumber | visa\s(?:number|no\.?)
        | (?:case|client|patient|victim|police|court)\s?(?:file\s?)?(?:numbers?|no\.?|nr\.?|id|ref(?:erence)?\.?|\#)
        | documento\sde\sidentidad | c[ée]dula(?:\sde\s(?:identidad|ciudadan[íi]a))? | dni | nie | curp | dui | dpi
        | (?:expediente|caso|carpeta|denuncia)s?\s(?:n[úu]mero|n[º°o]\.?|n\.\s?[º°o]\.?|no\.|n[úu]m\.?)
        | carte\s(?:nationale\s)?d['’]identit[ée] | num[ée]ro\sde\s(?:dossier|passeport|s[ée]curit[ée]\ssociale)
        | titre\sde\ss[ée]jour | (?:dossier|affaire)\s(?:num[ée]ro|n[º°o]\.?)
    )
    \s*(?:is|es|est|number|no\.?|num\.?|n[úu]mero|num[ée]ro|n[º°]|n\.\s?[º°]|:|\#|,|=)?\s*(?:[:\#]\s*)?
    (?=[A-Z0-9/.-]*\d{2})(?=(?:[A-Z/.-]*\d){4})[A-Z0-9][A-Z0-9/.-]{3,24}[A-Z0-9](?!\w)
    """,
    re.IGNORECASE | re.VERBOSE,
)
#: Words before a number's name that make it the number of a project.
_OF_A_PROJECT = re.compile(
    r"(?:project|grant|award|activity|programme|program|iati|tender|proyecto|projet|subvenci[óo]n)\s*$",
    re.IGNORECASE,
)
_SSN = re.compile(r"(?<![\w-])(?!000|666|9)\d{3}-(?!00)\d{2}-(?!0000)\d{4}(?![\w-])")
_CURP = re.compile(r"(?<!\w)[A-Z][AEIOUX][A-Z]{2}\d{6}[HMX][A-Z]{5}[A-Z0-9]\d(?!\w)")
_DNI = re.compile(r"(?<![\w-])([XYZ]-?\d{7}|\d{8})[ -]?([A-HJ-NP-TV-Z])(?![\w-])")
_NIR = re.compile(
    r"(?<!\d)([12])\s?(\d{2})\s?(0[1-9]|1[0-2]|[2-9]\d)\s?(\d{2}|2[AB])\s?(\d{3})\s?(\d{3})\s?(\d{2})(?!\d)"
)
_IBAN = re.compile(r"(?<!\w)[A-Z]{2}\d{2}(?:\s?[A-Z0-9]{4}){3,7}(?:\s?[A-Z0-9]{1,3})?(?!\w)")


def _identity(text: str) -> Spans:
    for match in _NAMED_NUMBER.finditer(text):
        if not _OF_A_PROJECT.search(text[max(0, match.start() - 20) : match.start()]):
            yield match.span()
    yield from _any_of(_SSN, _CURP)(text)
    for pattern, holds in ((_DNI, _dni_holds), (_NIR, _nir_holds), (_IBAN, _iban_holds)):
        yield from (match.span() for match in pattern.finditer(text) if holds(match))


def _dni_holds(match: re.Match[str]) -> bool:
    """The check letter of a Spanish DNI or NIE."""
    digits = match.group(1).replace("-", "")
    digits = digits.translate(str.maketrans("XYZ", "012"))
    return "TRWAGMYFPDXBNJZSQVHLCKE"[int(digits) % 23] == match.group(2)


def _nir_holds(match: re.Match[str]) -> bool:
    """The check digits of a French social security number."""
    *parts, key = match.groups()
    number = "".join(parts).replace("2A", "19").replace("2B", "18")
    return 97 - int(number) % 97 == int(key)


def _iban_holds(match: re.Match[str]) -> bool:
    """ISO 7064, modulus 97."""
    plain = re.sub(r"\s", "", match.group())
    return int("".join(str(int(char, 36)) for char in plain[4:] + plain[:4])) % 97 == 1


# Phone numbers

_CALL = re.compile(
    r"""\b(?:phones?|tel[ée]?phone|tel[ée]fono|t[ée]l[ée]phone|tel|t[ée]l|mobile|cell|celular|m[óo]vil|portable
        |whats\s?app|signal|viber|telegram|call(?:\sus|\sher|\shim)?|llam(?:e|ar|a)(?:\sal)?|appele[rz](?:\sle)?
        |text|sms|n[úu]mero|num[ée]ro|number)\b
        [\s.:()]{0,4}(?:(?:is|at|on|no|number|es|est|al|au|le|n[º°])[\s.:]{1,3})?
        (\+?\(?\d[\d\s().-]{4,20}\d)(?![\w,.]*\d)""",
    re.IGNORECASE | re.VERBOSE,
)
_LOCAL = re.compile(
    r"(?<![\w.,/+-])(?:\(0?\d{1,4}\)[\s./-]?|0\d{1,4}[\s./-]?|\d{3}[\s.-])\d{2,4}(?:[\s./-]?\d{2,4}){1,4}(?![\w/-])(?!,\d)"
)
_MONEY_BEFORE = re.compile(
    r"(?:[$€£¥₹]|\b(?:USD|EUR|GBP|US|XOF|XAF|KES|MXN|COP|INR|budget|presupuesto))\s*$",
    re.IGNORECASE,
)
_COUNTED_AFTER = re.compile(
    r"\s*(?:[$€£¥%]|(?:USD|EUR|GBP|XOF|XAF|KES|MXN|COP|INR|euros?|d[óo]lar(?:es|s)?|dollars?|pesos|francs?"
    r"|people|persons?|personas?|personnes?|children|women|girls|boys|men|workers|ni[ñn][oa]s|mujeres|enfants|femmes"
    r"|households?|visitors?|copies|listeners?)\b)",
    re.IGNORECASE,
)


def _phone(text: str) -> Spans:
    for found in phonenumbers.PhoneNumberMatcher(text, None):
        yield found.start, found.end
    for match in _CALL.finditer(text):
        if 6 <= _digits(match.group(1)) <= 15 and not _looks_like_days(match.group(1)):
            yield match.span(1)
    for match in _LOCAL.finditer(text):
        if _is_local_number(match, text):
            yield match.span()


def _is_local_number(match: re.Match[str], text: str) -> bool:
    number = match.group()
    if not 7 <= _digits(number) <= 12 or _looks_like_days(number):
        return False
    if re.fullmatch(r"\d{1,3}(?:\s000)+", number):
        return False
    before, after = text[max(0, match.start() - 14) : match.start()], text[match.end() :][:16]
    if _MONEY_BEFORE.search(before) or _COUNTED_AFTER.match(after):
        return False
    return any(_valid(number, region) for region in phonenumbers.SUPPORTED_REGIONS)


def _valid(number: str, region: str) -> bool:
    try:
        return phonenumbers.is_valid_number(phonenumbers.parse(number, region))
    except phonenumbers.NumberParseException:
        return False


def _digits(number: str) -> int:
    return sum(char.isdigit() for char in number)


def _looks_like_days(number: str) -> bool:
    """Days and years: 2010-2014, 01/02/2026, 30.09.2010, 2026-09-30, 2010 2011 2012."""
    parts = [part for part in re.split(r"[\s./()-]+", number.strip("+")) if part]
    years = [part for part in parts if re.fullmatch(r"(?:19|20)\d\d", part)]
    return bool(years) and all(part in years or len(part) <= 2 for part in parts)


# Names with ages

_UPPER, _LOWER = r"[A-ZÀ-ÖØ-Þ]", r"[a-zà-öø-ÿ'’-]"
_NAME = rf"{_UPPER}{_LOWER}+(?:\s(?:(?:de|del|la|da|dos|al|bin|van)\s)?{_UPPER}{_LOWER}*\.?){{0,3}}"
_AGE = r"(?:[1-9]|[1-9]\d)"
_NOT_A_RANGE = (
    r"(?!\d)(?!\s?(?:[-–+%/]|to\b|and\b|or\b|y\b|et\b|ou\b|o\b|à\b|a\b(?=\s\d)|ou\b)\s?"
    r"(?:\d|over|above|older|under|below|younger|up|more|m[áa]s|menos|plus|moins|mayor|menor|\s|$))"
)
_PERSON = (
    r"(?:girl|boy|woman|man|teenager|victim|survivor|client|daughter|son|sister|brother|child|named|called|Mr|Mrs|Ms"
    r"|ni[ñn][oa]|mujer|hombre|joven|v[íi]ctima|sobreviviente|hij[oa]|llamad[oa]|Sr|Sra"
    r"|fille|gar[çc]on|femme|homme|victime|survivante?|fils|nomm[ée]e?|appel[ée]e?|pr[ée]nomm[ée]e?|M|Mme|Mlle)"
)
_VERB = (
    r"(?:was|is|were|had|has|who|whose|from|told|said|came|left|fled|lived|fue|es|era|ten[íi]a|quien|que|lleg[óo]"
    r"|a\s[ée]t[ée]|est|[ée]tait|qui|avait|vient)"
)
_AGED = [
    re.compile(pattern)
    for pattern in (
        # Amina, aged 16; Amina (16 years old); Amina, 16 ans; María, de 15 años
        rf"(?<!\w){_NAME},?\s\(?(?:(?:is|was|who\sis|es|est|a|de)\s)?(?:aged?\s|[âa]g[ée]e?\sde\s|con\s|de\s)"
        rf"{_AGE}{_NOT_A_RANGE}(?:\s(?:years?(?:\sold)?|ans|a[ñn]os))?",
        rf"(?<!\w){_NAME},?\s\(?(?:(?:is|was|who\sis|es|est|a|an|une?|tiene|ten[íi]a)\s)?"
        rf"{_AGE}(?:\s?-?\s?(?:years?[\s-]old|y/o|yo)|\s(?:ans|a[ñn]os))\b(?!\s\w+s\b)(?!\s?[-–]\s?\d)",
        # a 15-year-old called Amina; niña de 15 años, María
        rf"\b{_AGE}(?:[\s-]years?[\s-]old|\sans|\sa[ñn]os)(?:\s(?:girl|boy|woman|man|victim|survivor))?,?\s"
        rf"(?:(?:named|called|known\sas|llamad[oa]|(?:pr[ée])?nomm[ée]e?|appel[ée]e?)\s)?{_NAME}",
        # the survivor Amina (16); Ms Otieno, 34
        rf"\b{_PERSON}\.?,?\s{_NAME}(?:\s\({_AGE}\)|,\s{_AGE}(?=[,;.]))",
        # Amina, 16, was taken
        rf"(?<!\w){_NAME},\s{_AGE},\s(?={_VERB}\b)",
    )
]
#: A capital after these is a place, a day or the start of a sentence about many.
_PLACE_BEFORE = re.compile(
    r"\b(?:in|from|at|across|within|to|near|en|desde|hacia|au|aux|dans|à|depuis|since|until|by|on)\s$",
    re.IGNORECASE,
)
_WORDS_WITH_NUMBERS = (
    "January February March April May June July August September October November December Children "
    "Girls Boys Women Men People Youth Students Adults Survivors Victims Workers Persons Phase Year "
    "Years Session Module Grade Class Part Article Section Region District Zone Objective Round "
    "Group Ages Age Aged Those All Some Most Niños Niñas Mujeres Hombres Jóvenes Personas Fase Grupo "
    "Enfants Filles Garçons Femmes Hommes Jeunes Personnes Groupe The This These Population "
    "Adolescents Adolescentes Minors Menores Mineurs Every Each About Over Under Between Anyone "
    "Anybody "
)
_NO_NAMES = frozenset(_WORDS_WITH_NUMBERS.split())


def _age_and_name(text: str) -> Spans:
    for pattern in _AGED:
        for match in pattern.finditer(text):
            words = re.findall(rf"{_UPPER}{_LOWER}+", match.group())
            if not words or any(word in _NO_NAMES for word in words):
                continue
            if _PLACE_BEFORE.search(text[max(0, match.start() - 10) : match.start()]):
                continue
            yield match.start(), match.start() + len(match.group().rstrip(" ,"))


# Street addresses

_STREETS = [
    re.compile(pattern)
    for pattern in (
        r"(?<![\w.,])\d{1,5}[A-Za-z]?,?\s(?:(?:[NSEW]\.?|North|South|East|West)\s)?(?:[A-Z0-9][\w'’.-]*\s){1,3}"
        r"(?:Street|St|Road|Rd|Avenue|Ave|Lane|Ln|Drive|Dr|Boulevard|Blvd|Court|Close|Crescent|Highway|Square|Terrace"
        r"|Way)\b\.?",
        r"(?i:\b(?:calle|avenida|av\.|avda\.?|carrera|cra\.?|paseo|plaza|camino|callej[óo]n|jir[óo]n|transversal))\s"
        r"(?:[\w'’.-]+\s){0,5}?(?:[\w'’.-]+,?\s)?(?:n[úu]m(?:ero|\.)?\s?|n[º°]\.?\s?|n\.\s?[º°]\s?|No\.\s?|\#\s?)?"
        r"\d{1,5}(?:\s?[-–]\s?\d{1,4})?\b(?!\s?(?:personas|mujeres|ni[ñn][oa]s|a[ñn]os|de\s(?:enero|febrero|marzo|abril"
        r"|mayo|junio|julio|agosto|septiembre|octubre|noviembre|diciembre)))",
        r"(?<![\w.,])\d{1,4}(?:\s?(?:bis|ter|quater))?,?\s(?i:rue|avenue|av\.|boulevard|bd\.?|place|chemin|impasse|all[ée]e"
        r"|quai|route|cours|passage|square)\s(?:(?:de|du|des|la|le|les)\s|d['’]|l['’])*[A-ZÀ-Ý][\w'’-]+",
        r"\b(?:House|Flat|Apartment|Apt\.?|Plot)\s(?:No\.?\s?|number\s|\#)?\d{1,5}[A-Z]?\b",
    )
]

_LOOKS: dict[Kind, Callable[[str], Spans]] = {
    Kind.EMAIL: _any_of(_EMAIL),
    Kind.COORDINATES: _coordinates,
    Kind.IDENTITY: _identity,
    Kind.PHONE: _phone,
    Kind.AGE_AND_NAME: _age_and_name,
    Kind.ADDRESS: _any_of(*_STREETS),
}
