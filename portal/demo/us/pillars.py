"""From the sources' coding to pillars and shares."""

import re
from decimal import ROUND_DOWN, Decimal

from portal.demo.us.sources import PREVENTION, PROSECUTION, PROTECTION

PROGRAMMES = (
    (PREVENTION, re.compile(r"\bprevention\b", re.IGNORECASE)),
    (PROTECTION, re.compile(r"\b(?:protection|rehabilitation)\b", re.IGNORECASE)),
    (PROSECUTION, re.compile(r"\bprosecution\b", re.IGNORECASE)),
)
MILLIONTH = Decimal("0.000001")
WHOLE = Decimal(100)


def programme_pillars(programme: str) -> tuple[int, ...]:
    """The pillars that a list's "type of program" names, in whatever spelling; none for "Project management"."""
    return tuple(pillar for pillar, words in PROGRAMMES if words.search(programme))


def equal_shares(count: int) -> tuple[Decimal, ...]:
    """100 per cent in equal parts of six decimals; the first ones take the millionths left over."""
    part = (WHOLE / count).quantize(MILLIONTH, ROUND_DOWN)
    left = int((WHOLE - part * count) / MILLIONTH)
    return tuple(part + MILLIONTH if i < left else part for i in range(count))
