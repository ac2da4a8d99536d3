"""The search for overlaps tried on the demo's two public sources of the same grants, read without their links.

The grants file 2001-2014 knows country, recipient, year, pillars and amount; the State Department's list of 2003
has titles and descriptions. Both are read as activities, as a funder and its grantee would record them. Which
rows are one grant is known from country and amount, which the search does not look at.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from portal.demo.us.linking import BY_DOLLARS, BY_PLACE_AND_AMOUNT, Link, link_2003
from portal.demo.us.names import GOVERNMENT, Name, read_agency, read_recipient
from portal.demo.us.pillars import equal_shares, programme_pillars
from portal.demo.us.places import Placement, place, place_grant
from portal.demo.us.sources import DATA, GrantRow, ProjectRow, read_grants, read_projects
from portal.demo.us.tagger import propose
from portal.directory.choices import PlaceKind
from portal.directory.places import standard_places
from strategy.analysis.overlap import Alike, Node, Weights
from strategy.analysis.overlap_search import Entry, count, find_all, prepare, tell

LEVELS = {PlaceKind.WORLD: 0, PlaceKind.REGION: 1, PlaceKind.COUNTRY: 2, PlaceKind.DIVISION: 3}
YEARS = range(2002, 2005)  # the list is of 2003; its grants may stand a year apart in the file

Row = GrantRow | ProjectRow


@dataclass(frozen=True, slots=True)
class Proposal:
    """Two rows that the search proposes as one."""

    alike: Alike
    first: Row
    second: Row

    @property
    def is_across(self) -> bool:
        """One row of each source."""
        return type(self.first) is not type(self.second)


@dataclass(frozen=True, slots=True)
class Findings:
    """What the search proposes, beside what country and amount say."""

    known: tuple[Link, ...]  # pairs that share country and amount
    found: int  # those of them that are proposed
    linked: tuple[Link, ...]  # all pairs that the loader links, by whatever rule
    found_linked: int
    proposals: tuple[Proposal, ...]  # all between the two sources, best first
    beyond: tuple[Proposal, ...]  # those of them that no rule links


def find(folder: Path = DATA, weights: Weights | None = None) -> Findings:
    """Read both sources, search, and compare. Raises `DamagedFile`."""
    weights = weights or Weights()
    grants = [row for row in read_grants(folder).rows if row.year in YEARS]
    projects = list(read_projects(2003, folder).rows)
    linking = link_2003(grants, projects)
    reader = _Reader()
    rows: Sequence[Row] = [*grants, *projects]
    told = [tell(reader.entry(key, row)) for key, row in enumerate(rows, 1)]
    rarity = count(told)
    found = find_all([prepare(one, rarity, weights) for one in told], weights)
    proposals = [
        Proposal(alike, rows[one - 1], rows[other - 1]) for (one, other), alike in found.items()
    ]
    across = sorted(
        (proposal for proposal in proposals if proposal.is_across),
        key=lambda proposal: (-proposal.alike.score, proposal.first.number, proposal.second.number),
    )
    proposed = {(proposal.first.number, proposal.second.number) for proposal in across}
    linked = (*linking.links, *linking.parts)
    known = tuple(link for link in linked if link.rule in (BY_PLACE_AND_AMOUNT, BY_DOLLARS))
    pairs = {(link.grant.number, link.project.number) for link in linked}
    return Findings(
        known=known,
        found=sum((link.grant.number, link.project.number) in proposed for link in known),
        linked=linked,
        found_linked=len(pairs & proposed),
        proposals=tuple(across),
        beyond=tuple(
            proposal
            for proposal in across
            if (proposal.first.number, proposal.second.number) not in pairs
        ),
    )


class _Reader:
    """Rows as entries; keys are given to places, objectives and organisations as they come."""

    def __init__(self) -> None:
        self.places = {row.code: row for row in standard_places()}
        self.keys: dict[tuple[str, str], int] = {}

    def entry(self, key: int, row: Row) -> Entry:
        is_grant = isinstance(row, GrantRow)
        placement = (
            place_grant(row.country, row.region) if is_grant else place(row.country, row.region)
        )
        recipient = read_recipient(
            row.recipient if is_grant else row.recipient or row.subrecipient,
            row.recipient_type if is_grant else "",
        )
        doers = [name for name in (recipient.doer, *recipient.others) if name]
        funder = Name(GOVERNMENT) if is_grant else read_agency(row.agency)
        reporting = funder if is_grant else recipient.doer or recipient.passing or funder
        if recipient.passing:
            doers.append(recipient.passing)
        nodes = tuple(self._place(code, placement) for code in placement.codes)
        countries = {
            node.path[self._depth_of_country(code)]
            for code, node in zip(placement.codes, nodes, strict=True)
            if self._depth_of_country(code) is not None
        }
        own = all(self._depth_of_country(code) is not None for code in placement.codes)
        return Entry(
            key=key,
            organisation=self._key("organisation", reporting.name),
            title="" if is_grant else row.title,
            description="" if is_grant else row.description,
            objectives=self._objectives(row),
            places=nodes,
            country=next(iter(countries)) if len(countries) == 1 and own else None,
            place_names=tuple(
                dict.fromkeys(
                    self.places[step].name for code in placement.codes for step in self._path(code)
                )
            ),
            start=date(row.year - 1, 10, 1).toordinal(),
            end=date(row.year, 9, 30).toordinal(),
            participants=frozenset(
                self._key("organisation", name.name) for name in (reporting, *doers)
            ),
            funders=frozenset({self._key("organisation", funder.name)}),
        )

    def _objectives(self, row: Row) -> tuple[Node, ...]:
        if isinstance(row, GrantRow):
            codes = [str(pillar) for pillar in row.pillars]
        else:
            pillars = programme_pillars(row.programme)
            found = [(propose(row.title, row.description, pillar), pillar) for pillar in pillars]
            codes = [hit.objective if hit else str(pillar) for hit, pillar in found]
        shares = equal_shares(len(codes)) if codes else []
        return tuple(
            Node(
                tuple(
                    self._key("objective", code[: at + 1])
                    for at in range(len(code))
                    if code[at] != "."
                ),
                float(share) / 100,
            )
            for code, share in zip(codes, shares, strict=True)
        )

    def _place(self, code: str, placement: Placement) -> Node:
        path = self._path(code)
        return Node(
            tuple(self._key("place", step) for step in path),
            1 / len(placement.codes),
            LEVELS[self.places[code].kind],
        )

    def _path(self, code: str) -> list[str]:
        path = [code]
        while parent := self.places[path[-1]].parent:
            path.append(parent)
        return path[::-1]

    def _depth_of_country(self, code: str) -> int | None:
        kinds = [self.places[step].kind for step in self._path(code)]
        return kinds.index(PlaceKind.COUNTRY) if PlaceKind.COUNTRY in kinds else None

    def _key(self, kind: str, name: str) -> int:
        return self.keys.setdefault((kind, name), len(self.keys) + 1)
