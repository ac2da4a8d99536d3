"""Words of a title or a description, brought to one form each, so that a paraphrase still shares them."""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from functools import lru_cache

_STOPWORDS = """
    a about across after against all also among an and any are as at based be been before being between both but by
    can could do does during each for from had has have how i if in include including into is it its may more most
    new no not of on one only or other our out over own per so such than that the their them then there these they
    this those through to together toward towards two under until up using via was we well were what when where
    which while who whom whose will with within without would you your
    activity activities programme program project projects aim aims aimed work working
"""
STOPWORDS = frozenset(_STOPWORDS.split())

#: Several words that mean one thing, and short forms. Longest first; the right side is one word.
PHRASES = {
    "trafficking in persons": "trafficking",
    "trafficking in human beings": "trafficking",
    "human trafficking": "trafficking",
    "trafficking in people": "trafficking",
    "victims of trafficking": "victim",
    "trafficked persons": "victim",
    "trafficked people": "victim",
    "people who have been trafficked": "victim",
    "law enforcement officers": "police",
    "law enforcement": "police",
    "safe house": "shelter",
    "safe houses": "shelter",
    "drop in": "dropin",
    "hot line": "helpline",
    "help line": "helpline",
    "phone line": "helpline",
    "capacity building": "training",
    "capacity development": "training",
    "awareness raising": "campaign",
    "public information": "campaign",
    "child labour": "childlabour",
    "child labor": "childlabour",
    "forced labour": "forcedlabour",
    "forced labor": "forcedlabour",
    "bonded labour": "forcedlabour",
    "bonded labor": "forcedlabour",
    "front line": "frontline",
    "non governmental": "ngo",
    "civil society": "ngo",
    "national referral mechanism": "nrm",
    "referral mechanism": "nrm",
    "standard operating procedures": "sop",
    "start up": "startup",
    "supply chains": "supplychain",
    "supply chain": "supplychain",
    "legal aid": "legal advice",
    "legal assistance": "legal advice",
    "legal help": "legal advice",
    "mental health": "psychosocial",
    "micro credit": "microcredit",
    "micro finance": "microcredit",
}

#: Words of the field that say the same. The first of a line stands for all of it.
SAME = """
    training train trainer course workshop seminar instruction lessons class classes teach
    shelter refuge accommodation safehouse hostel
    police policing officer officers constabulary
    prosecution prosecutor prosecutors prosecute prosecuting
    judge judges judiciary judicial magistrate magistrates
    victim victims survivor survivors
    helpline hotline
    campaign campaigns sensitisation sensitization outreach
    advice counsel advise adviser advisory
    counselling counseling psychosocial therapy trauma
    identification identify identifying recognise recognize recognition screening screen spot spotting
    referral refer referring refers
    inspection inspector inspectors inspect inspecting
    investigation investigate investigator investigators investigating investigative
    school schools classroom pupil pupils student students
    child children minor minors
    youth young teenager teenagers adolescent adolescents
    woman women female
    girl girls
    migrant migrants migration migrating
    worker workers labourer labourers laborer laborers employee employees
    border borders crossing frontier checkpoint
    job jobs employment livelihood livelihoods work
    skill skills vocational
    reintegration reintegrate reintegrating rehabilitation
    return returnee returnees repatriation
    study research survey assessment
    law legislation legislative legal statute
    support assist assistance help helping supporting aid
    centre center centres centers
    health medical clinic healthcare
    coordination coordinate coordinating cooperation
    monitoring monitor
    network networks
    media radio television broadcast broadcasts
    recruitment recruiter recruiters recruit recruiting recruiters
    seafarer seafarers sailor sailors
    fishing fishery fisheries fisher fishers fisherman fishermen
    domestic household
    garment garments apparel textile textiles
    farm farms agriculture agricultural farmer farmers
    government govt governmental ministry
    department dept
    international intl
    national nationwide
    loan loans microcredit
""".strip()

_SHORT_ENDINGS = (
    ("isations", "is"),
    ("izations", "is"),
    ("isation", "is"),
    ("ization", "is"),
    ("ations", ""),
    ("ation", ""),
    ("ments", ""),
    ("ment", ""),
    ("ings", ""),
    ("ing", ""),
    ("ies", "y"),
    ("ised", "is"),
    ("ized", "is"),
    ("ied", "y"),
    ("ed", ""),
    ("es", ""),
    ("s", ""),
    ("e", ""),
)
_WORD = re.compile(r"[^\W_]+")
_PHRASE = re.compile(
    r"\b(" + "|".join(re.escape(p) for p in sorted(PHRASES, key=len, reverse=True)) + r")\b"
)
_PHASE = re.compile(
    r"\b(?:phase|stage|round|year|cycle|cohort|tranche|part|edition|module)\s+"
    r"(\d{1,2}|i{1,3}|iv|vi{0,3}|ix|x|one|two|three|four|five|first|second|third)\b"
)
_NUMBERS = {
    word: number
    for number, words in enumerate(
        (
            "i one first 1",
            "ii two second 2",
            "iii three third 3",
            "iv four 4",
            "v five 5",
            "vi 6",
            "vii 7",
            "viii 8",
            "ix 9",
            "x 10",
        ),
        1,
    )
    for word in words.split()
}


def folded(text: str) -> str:
    """Lower case, no accents, words apart by one space."""
    if text and not text.isascii():
        decomposed = unicodedata.normalize("NFKD", text)
        text = "".join(char for char in decomposed if not unicodedata.combining(char))
    return " ".join(_WORD.findall((text or "").casefold()))


def words(text: str) -> dict[str, str]:
    """The words of a text in the one form that stands for each, with the first way it is written; in their order."""
    found: dict[str, str] = {}
    for written in _written(folded(text)):
        if (form := normal(written)) and form not in found:
            found[form] = written
    return found


@lru_cache(maxsize=100_000)
def normal(word: str) -> str:
    """The form that stands for a word; "" for words that say nothing, single letters and digits."""
    if word in STOPWORDS or len(word) < 2:
        return ""
    stem = _stem(word)
    return _CANON.get(word) or _CANON_STEMS.get(stem, stem)


def phase(text: str) -> int | None:
    """The number of a phase, year or round that a title names; None where it names none."""
    found = _PHASE.search(folded(text))
    return _NUMBERS.get(found.group(1)) if found else None


def initials(in_order: Iterable[str]) -> frozenset[str]:
    """First letters of three to five words on end: what an abbreviation of them would be."""
    firsts = [word[0] for word in in_order if word]
    return frozenset(
        "".join(firsts[at : at + length])
        for length in (3, 4, 5)
        for at in range(len(firsts) - length + 1)
    )


def marked(text: str, shared: Iterable[str]) -> Iterator[tuple[str, bool]]:
    """A text in pieces, and of each whether it is one of the shared words in any of its forms."""
    forms = {form for word in shared for form in words(word)}
    at = 0
    for found in _WORD.finditer(text):
        form = normal(folded(found.group()))
        if form and form in forms:
            if found.start() > at:
                yield text[at : found.start()], False
            yield found.group(), True
            at = found.end()
    if at < len(text):
        yield text[at:], False


def _written(plain: str) -> Iterator[str]:
    return iter(_PHRASE.sub(lambda found: PHRASES[found.group()], plain).split())


def _stem(word: str) -> str:
    for ending, instead in _SHORT_ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= 4 and not word.endswith("ss"):
            return word[: len(word) - len(ending)] + instead
    return word


def _canon() -> dict[str, str]:
    found: dict[str, str] = {}
    for line in SAME.splitlines():
        first, *rest = line.split()
        for word in (first, *rest):
            found.setdefault(word, first)
    return found


_CANON = _canon()
_CANON_STEMS = {_stem(word): first for word, first in reversed(_CANON.items())}
