"""How much two activities say in the same words."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from rapidfuzz import fuzz

from strategy.analysis.words import initials

if TYPE_CHECKING:
    from strategy.analysis.overlap import Work

NEAR = 88  # two words spelt this much alike (rapidfuzz, 0 to 100) are taken for one
NEAR_LENGTH = 5
SHOWN_WORDS = 12
LESS_COVERED = 0.6  # what the text that is covered less counts for; the rest is the other's, often a title alone
ENOUGH = 24.0  # weight of shared words, both sides, from which a covered short text says all it can


def shared_text(first: Work, second: Work) -> tuple[float | None, tuple[str, ...]]:
    """How much of each text, weighted by rarity, the other has too; more is made of the text that is covered less."""
    if not first.words or not second.words:
        return None, ()
    small, large = (first, second) if len(first.words) <= len(second.words) else (second, first)
    product, in_small, in_large = 0.0, 0.0, 0.0
    shared: list[tuple[float, str, str]] = []  # weight, form, as the first writes it
    rest: list[tuple[float, str]] = []
    others = large.words
    for form, (weight, _) in small.words.items():
        match = others.get(form)
        if match is None:
            rest.append((weight, form))
            continue
        product += weight * match[0]
        in_small += weight
        in_large += match[0]
        shared.append((weight * match[0], form, first.words[form][1]))
    if not shared:
        return 0.0, ()
    if rest and product / (small.norm * large.norm) >= 0.05:
        for weight, form, other, closeness in _near(small, large, rest):
            value = others[other][0]
            product += closeness * weight * value
            in_small += closeness * weight
            in_large += closeness * value
            mine = form if small is first else other
            shared.append((closeness * weight * value, mine, first.words[mine][1]))
    shares = sorted((min(1.0, in_small / small.total), min(1.0, in_large / large.total)))
    enough = min(1.0, (in_small + in_large) / ENOUGH)
    shared.sort(key=lambda entry: (-entry[0], entry[1]))
    value = LESS_COVERED * shares[0] + (1 - LESS_COVERED) * shares[1] * enough
    return value, tuple(written for _, _, written in shared[:SHOWN_WORDS])


def _near(
    small: Work, large: Work, rest: list[tuple[float, str]]
) -> Iterable[tuple[float, str, str, float]]:
    """Words spelt nearly alike, and abbreviations of words on end: weight, form, the other's form, closeness."""
    rest = sorted(rest, key=lambda entry: (-entry[0], entry[1]))[:10]
    free = sorted(
        ((weight, form) for form, (weight, _) in large.words.items() if form not in small.words),
        key=lambda entry: (-entry[0], entry[1]),
    )[:14]
    taken: set[str] = set()
    for weight, form in rest:
        if len(form) < NEAR_LENGTH:
            continue
        for _, other in free:
            if (
                other[0] == form[0]
                and len(other) >= NEAR_LENGTH
                and other not in taken
                and (
                    form.startswith(other)
                    or other.startswith(form)
                    or fuzz.ratio(form, other, score_cutoff=NEAR) >= NEAR
                )
            ):
                taken.add(other)
                yield weight, form, other, 0.9
                break
    yield from _abbreviated(small, large, rest, free, taken)


def _abbreviated(
    small: Work,
    large: Work,
    rest: list[tuple[float, str]],
    free: list[tuple[float, str]],
    taken: set[str],
) -> Iterator[tuple[float, str, str, float]]:
    """A short word that is made of the first letters of words on end in the other text."""
    for words, candidates, is_small in ((large, rest, True), (small, free, False)):
        short = [(weight, form) for weight, form in candidates if 3 <= len(form) <= 5]
        if not short:
            continue
        written = [written for _, written in words.words.values()]
        known = initials(written)
        for weight, form in short:
            if form in known and form not in taken:
                long = _spelt_out(form, words)
                if long and long not in taken:
                    taken.add(long)
                    yield (
                        (weight, form, long, 0.8)
                        if is_small
                        else (small.words[long][0], long, form, 0.8)
                    )


def _spelt_out(short: str, work: Work) -> str | None:
    """The rarest of the words on end whose first letters make up `short`."""
    forms = list(work.words)
    firsts = [work.words[form][1][0] for form in forms]
    for at in range(len(forms) - len(short) + 1):
        if "".join(firsts[at : at + len(short)]) == short:
            return max(forms[at : at + len(short)], key=lambda form: (work.words[form][0], form))
    return None
