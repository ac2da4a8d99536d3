"""How alike two activities are in where, when, for what, for whom and with whom: each from 0 to 1, None for unknown."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from strategy.analysis.overlap import Node, Work

#: Groups of people that another group takes in.
TAKES_IN = {
    "adults": frozenset({"women", "men"}),
    "communities": frozenset({"public"}),
    "public": frozenset({"communities"}),
    "migrants": frozenset({"workers"}),
    "workers": frozenset({"migrants"}),
}


def period_part(first: Work, second: Work) -> float | None:
    """How much of the shorter period and of both together is shared; None where one has no days."""
    for one, other in ((first, second), (second, first)):
        if one.start is not None and other.end is not None and one.start > other.end:
            return 0.0
    if first.start is None or first.end is None or second.start is None or second.end is None:
        return None
    shared = min(first.end, second.end) - max(first.start, second.start) + 1
    one_days, other_days = first.end - first.start + 1, second.end - second.start + 1
    return (shared / min(one_days, other_days) + shared / (one_days + other_days - shared)) / 2


def place_part(
    first: tuple[Node, ...], second: tuple[Node, ...]
) -> tuple[float | None, int | None]:
    return _nodes(first, second, _place_relation)


def objective_part(
    first: tuple[Node, ...], second: tuple[Node, ...]
) -> tuple[float | None, int | None]:
    return _nodes(first, second, _objective_relation)


def _nodes(
    first: tuple[Node, ...], second: tuple[Node, ...], relation: Callable[[Node, Node], float]
) -> tuple[float | None, int | None]:
    """How well each side's nodes are met by the other's, by their shares; and the node that both share most."""
    if not first or not second:
        return None, None
    if len(first) == 1 and len(second) == 1:
        value = relation(first[0], second[0])
        return value, _deeper(first[0], second[0]) if value > 0 else None
    best, node, met = 0.0, None, [0.0] * len(second)
    here = 0.0
    for one in first:
        most = 0.0
        for at, other in enumerate(second):
            value = relation(one, other)
            most = max(most, value)
            met[at] = max(met[at], value)
            weight = value * min(one.share, other.share)
            if weight > best:
                best, node = weight, _deeper(one, other)
        here += one.share * most
    there = sum(other.share * value for other, value in zip(second, met, strict=True))
    return (here + there) / 2, node


def _deeper(one: Node, other: Node) -> int | None:
    a, b = one.path, other.path
    shorter = min(len(a), len(b))
    if a[:shorter] != b[:shorter]:
        return None
    return (a if len(a) >= len(b) else b)[-1]


def _place_relation(one: Node, other: Node) -> float:
    """1 for the same place; less where one lies in the other, the larger the outer one; else 0."""
    a, b = one.path, other.path
    if a == b:
        return 1.0
    outer = one if len(a) < len(b) else other
    shorter = len(outer.path)
    if len(a) == len(b) or a[:shorter] != b[:shorter]:
        return 0.0
    return (0.2, 0.4, 0.7, 0.8)[min(outer.level, 3)]


def _objective_relation(one: Node, other: Node) -> float:
    """1 for the same objective; 0.75 for its parent; 0.4 for one beside it; 0.2 within the pillar; else 0."""
    a, b = one.path, other.path
    if a == b:
        return 1.0
    shared = 0
    for x, y in zip(a, b):  # noqa: B905 of different lengths
        if x != y:
            break
        shared += 1
    if shared == 0:
        return 0.0
    apart = len(a) + len(b) - 2 * shared
    if shared == min(len(a), len(b)):
        return 0.75 if apart == 1 else 0.55
    return 0.4 if apart == 2 and shared > 1 else 0.2


def population_part(first: Work, second: Work) -> float | None:
    """For whom, and against which exploitation: 0 where both say and nobody is meant by both."""
    people = _sets(first.populations, second.populations, TAKES_IN)
    if people == 0:
        return 0.0
    forms = None
    if first.exploitations and second.exploitations:
        if "any" in first.exploitations or "any" in second.exploitations:
            forms = 0.8 if first.exploitations != second.exploitations else 1.0
        else:
            forms = _sets(first.exploitations, second.exploitations, {})
    if people is None:
        return forms
    return people if forms is None else 0.7 * people + 0.3 * forms


def _sets(
    first: frozenset[str], second: frozenset[str], takes_in: Mapping[str, frozenset[str]]
) -> float | None:
    if not first or not second:
        return None
    if first == second:
        return 1.0
    shared = len(first & second)
    if shared:
        return (shared / min(len(first), len(second)) + shared / len(first | second)) / 2
    near = any(
        other in takes_in.get(one, ()) or one in takes_in.get(other, ())
        for one in first
        for other in second
    )
    return 0.5 if near else 0.0


def participants_part(first: Work, second: Work) -> float:
    """1 where one's organisation takes part in the other's work; less for a partner or funder in common; else 0."""
    if first.organisation is not None and first.organisation == second.organisation:
        return 1.0
    if (
        first.organisation in second.participants
        or second.organisation in first.participants
        or first.organisation in second.funders
        or second.organisation in first.funders
    ):
        return 1.0
    doing = first.participants & second.participants
    if doing:
        return 0.7
    return 0.3 if first.funders & second.funders else 0.0
