"""Which project of the list of 2003, and which grant of the file 2001-2014, are the same grant.

The rules go from sure to less sure; each pairs one grant with one project, and only where no other pair
would do as well. What a rule cannot decide stays unlinked and is counted.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from portal.demo.us.amounts import read_amount
from portal.demo.us.names import similarity
from portal.demo.us.pillars import programme_pillars
from portal.demo.us.places import place, place_grant
from portal.demo.us.sources import GrantRow, ProjectRow

ALIKE = 0.6  # recipients that share at least this part of their words are taken for the same

BY_PLACE_AND_AMOUNT = "same place and same amount"
BY_AMOUNT_AND_RECIPIENT = "same amount and same recipient, place written differently"
BY_DOLLARS = "same place and same amount but for the cents"
BY_RECIPIENT = "same place and same recipient, amounts differ"
BY_PART = "one of the amounts by country that the project names"
BY_YEAR = "same place, amount and recipient, a year apart"
BY_YEAR_AND_RECIPIENT = "same place and recipient, a year apart, amounts differ"
BY_COUNTRY_AND_RECIPIENT = "same country and same recipient; the list of 2002 has no amounts"


@dataclass(frozen=True, slots=True)
class Link:
    """A grant of the file and a project of a list that are one; `rule` is a sentence for the reader."""

    grant: GrantRow
    project: ProjectRow
    rule: str

    @property
    def facts_differ(self) -> bool:
        """Amount or year differ: the list, which the State Department published itself, then counts."""
        return self.rule not in {BY_PLACE_AND_AMOUNT, BY_AMOUNT_AND_RECIPIENT}


@dataclass(frozen=True, slots=True)
class Linking:
    """What was linked, and what was looked at and left."""

    links: tuple[Link, ...]
    parts: tuple[
        Link, ...
    ]  # a project that names amounts by country, and the grants that are those parts
    ambiguous: tuple[ProjectRow, ...]  # several grants would do as well as each other
    alone: tuple[ProjectRow, ...]  # no grant of the file matches
    unmatched: tuple[GrantRow, ...]  # no project of the list matches

    @property
    def by_rule(self) -> dict[str, int]:
        """Number of links by rule, in the order of the rules."""
        return dict(Counter(link.rule for link in (*self.links, *self.parts)))


def link_2003(grants: Iterable[GrantRow], projects: Iterable[ProjectRow]) -> Linking:
    """Pair the project list of fiscal year 2003 with the grants of that year.

    Thailand's grants of the list stand under 2002 in the file, where hardly any other grant has an amount: what
    is left is therefore compared with the grants of 2002 that have one.
    """
    grants = list(grants)
    open_grants = [row for row in grants if row.year == 2003]
    open_projects = [row for row in projects if row.year == 2003]
    undecided: dict[int, ProjectRow] = {}
    parts = _parts(open_grants, open_projects)
    open_grants = _without(open_grants, [link.grant for link in parts])
    open_projects = _without(open_projects, [link.project for link in parts])
    links: list[Link] = []

    def apply(rules, candidates, left):
        for rule, matches in rules:
            pairs = _pairs(candidates, left, matches, undecided)
            links.extend(Link(grant, project, rule) for grant, project in pairs)
            candidates = _without(candidates, [grant for grant, _ in pairs])
            left = _without(left, [project for _, project in pairs])
        return candidates, left

    open_grants, open_projects = apply(RULES, open_grants, open_projects)
    earlier = [row for row in grants if row.year == 2002 and row.amount is not None]
    _, open_projects = apply(RULES_A_YEAR_APART, earlier, open_projects)
    links.sort(key=lambda link: link.grant.number)
    ambiguous = tuple(row for row in open_projects if row.number in undecided)
    return Linking(
        tuple(links),
        tuple(parts),
        ambiguous,
        tuple(_without(open_projects, ambiguous)),
        tuple(open_grants),
    )


def join_2002(grants: Iterable[GrantRow], projects: Iterable[ProjectRow]) -> Linking:
    """Which grant of 2002 pays for which project of the list of that year.

    That list has no amounts, so only place, recipient and pillars speak; used to say what a project was
    funded by and what a grant was for, never to count money.
    """
    open_grants = [row for row in grants if row.year == 2002]
    open_projects = [row for row in projects if row.year == 2002]
    undecided: dict[int, ProjectRow] = {}
    pairs = _pairs(open_grants, open_projects, _same_place_and_recipient, undecided)
    links = tuple(Link(grant, project, BY_COUNTRY_AND_RECIPIENT) for grant, project in pairs)
    left = _without(open_projects, [link.project for link in links])
    return Linking(
        links,
        (),
        tuple(row for row in left if row.number in undecided),
        tuple(row for row in left if row.number not in undecided),
        tuple(_without(open_grants, [link.grant for link in links])),
    )


def _same_place(grant: GrantRow, project: ProjectRow) -> bool:
    return bool(set(_grant_codes(grant)) & set(place(project.country, project.region).codes))


def _grant_codes(grant: GrantRow) -> tuple[str, ...]:
    return place_grant(grant.country, grant.region).codes


def _recipients(grant: GrantRow, project: ProjectRow) -> float:
    return similarity(grant.recipient, project.recipient or project.subrecipient)


def _total(project: ProjectRow) -> Decimal | None:
    return read_amount(project.amount).total


def _same_place_and_amount(grant: GrantRow, project: ProjectRow) -> bool:
    return (
        grant.amount is not None and grant.amount == _total(project) and _same_place(grant, project)
    )


def _same_amount_and_recipient(grant: GrantRow, project: ProjectRow) -> bool:
    return (
        grant.amount is not None
        and grant.amount == _total(project)
        and _recipients(grant, project) >= ALIKE
    )


def _same_place_and_dollars(grant: GrantRow, project: ProjectRow) -> bool:
    total = _total(project)
    if grant.amount is None or total is None or not _same_place(grant, project):
        return False
    return abs(grant.amount - total).quantize(Decimal(1), ROUND_HALF_UP) == 0


def _same_place_and_recipient(grant: GrantRow, project: ProjectRow) -> bool:
    return _same_place(grant, project) and _recipients(grant, project) >= ALIKE


RULES: Sequence[tuple[str, Callable[[GrantRow, ProjectRow], bool]]] = (
    (BY_PLACE_AND_AMOUNT, _same_place_and_amount),
    (BY_AMOUNT_AND_RECIPIENT, _same_amount_and_recipient),
    (BY_DOLLARS, _same_place_and_dollars),
    (BY_RECIPIENT, _same_place_and_recipient),
)
RULES_A_YEAR_APART: Sequence[tuple[str, Callable[[GrantRow, ProjectRow], bool]]] = (
    (
        BY_YEAR,
        lambda grant, project: (
            _same_place_and_amount(grant, project) and _same_place_and_recipient(grant, project)
        ),
    ),
    (BY_YEAR_AND_RECIPIENT, _same_place_and_recipient),
)


def _without(rows: Iterable, taken: Iterable) -> list:
    numbers = {row.number for row in taken}
    return [row for row in rows if row.number not in numbers]


def _pairs(grants, projects, matches, undecided) -> list[tuple[GrantRow, ProjectRow]]:
    """One-to-one pairs that match, the most alike first; where two are equally alike, neither.

    Grants that are exact duplicates of each other are interchangeable: any of them will do, in their order.
    """
    scored = [
        (_alike(grant, project), grant, project)
        for project in projects
        for grant in grants
        if matches(grant, project)
    ]
    pairs = []
    while scored:
        best = max(score for score, _, _ in scored)
        chosen = None
        for score, grant, project in scored:
            if score == best and _is_clear(grant, project, scored, best):
                chosen = (grant, project)
                break
        if chosen is None:
            for score, _, project in scored:
                if score == best:
                    undecided[project.number] = project
            scored = [entry for entry in scored if entry[0] != best]
            continue
        pairs.append(chosen)
        scored = [
            entry for entry in scored if entry[1] is not chosen[0] and entry[2] is not chosen[1]
        ]
    return pairs


def _is_clear(grant, project, scored, best) -> bool:
    """No other grant with other content suits the project as well, and no other project the grant."""
    for score, other, candidate in scored:
        if score != best:
            continue
        if candidate is project and other.content != grant.content:
            return False
        if other.content == grant.content and candidate is not project:
            twins = sum(
                1 for s, g, p in scored if s == best and p is project and g.content == grant.content
            )
            seekers = len(
                {p.number for s, g, p in scored if s == best and g.content == grant.content}
            )
            if seekers > twins:
                return False
    return True


def _alike(grant: GrantRow, project: ProjectRow) -> tuple[float, bool]:
    """How well a matching pair fits: recipients first, then the coded pillars."""
    coded = set(grant.pillars) - {4}
    return (
        round(_recipients(grant, project), 3),
        coded == set(programme_pillars(project.programme)),
    )


def _parts(grants: list[GrantRow], projects: list[ProjectRow]) -> list[Link]:
    """Grants that are the parts by country of a project's amount, as in "(Kazakhstan, $450,000; ...)"."""
    found = []
    for project in projects:
        for part in read_amount(project.amount).parts:
            codes = place(part.label).codes
            same = [
                g for g in grants if g.amount == part.amount and codes and _grant_codes(g) == codes
            ]
            same = [g for g in same if _recipients(g, project) >= ALIKE]
            if len(same) == 1:
                found.append(Link(same[0], project, BY_PART))
    return found
