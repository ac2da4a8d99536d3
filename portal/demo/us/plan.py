"""The whole demo as frozen records, before anything is written: grants, activities, links, requirements."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from portal.demo.us.amounts import read_amount
from portal.demo.us.linking import Link, Linking, join_2002, link_2003
from portal.demo.us.names import GOVERNMENT, Name, mended, read_agency, read_recipient
from portal.demo.us.objectives import RESEARCH
from portal.demo.us.pillars import equal_shares, programme_pillars
from portal.demo.us.places import Placement, place, place_grant
from portal.demo.us.requirements import RequirementRow, requirements
from portal.demo.us.sources import (
    DATA,
    PARTNERSHIP,
    GrantRow,
    ProjectRow,
    Reading,
    TierRow,
    exact_duplicates,
    read_grants,
    read_projects,
    read_tiers,
)
from portal.demo.us.tagger import propose

GRANTS_FILE = "Grants file 2001–2014 (Scorecard Diplomacy)"
PROJECT_LISTS = {
    2002: "State Department project list, fiscal year 2002",
    2003: "State Department project list, fiscal year 2003",
}
FUNDING, EXTENDING, IMPLEMENTING = "1", "3", "4"  # IATI OrganisationRole
EVIDENCE_LENGTH = 300

Key = tuple[str, str]  # source and identifier


@dataclass(frozen=True, slots=True)
class Tag:
    """A share of a grant; no objective where the source codes none, no place where none could be found."""

    objective: str | None
    place: str | None
    share: Decimal  # per cent, six decimals
    by_rule: bool
    is_assumed: bool
    evidence: str


@dataclass(frozen=True, slots=True)
class GrantPlan:
    """A grant as it will be written. Its group holds the records that are the same grant."""

    key: Key
    year: int  # fiscal year
    funder: Name
    recipient: Name | None
    recipient_type: str
    amount: Decimal | None
    title: str  # empty where the source has none
    description: str
    placement: Placement
    tags: tuple[Tag, ...]
    line: int


@dataclass(frozen=True, slots=True)
class ActivityPlan:
    """A project as it will be written, with who takes part and the grants that pay for it."""

    key: Key
    year: int
    title: str
    description: str
    reporting: Name
    participants: tuple[tuple[Name, str], ...]
    objectives: tuple[tuple[str, Decimal], ...]
    places: tuple[tuple[str, Decimal], ...]
    placement: Placement
    funded_by: tuple[Key, ...]


@dataclass(frozen=True, slots=True)
class Group:
    """Records of one grant, the one that counts first, and the rule that found them."""

    rule: str
    members: tuple[Key, ...]


@dataclass(frozen=True, slots=True)
class Plan:
    """All that the demo writes, and what it will say of the reading."""

    readings: tuple[Reading, ...]
    grants: tuple[GrantPlan, ...]
    activities: tuple[ActivityPlan, ...]
    groups: tuple[Group, ...]
    requirements: tuple[RequirementRow, ...]
    tiers: tuple[TierRow, ...]
    linking: Linking
    joining: Linking
    duplicates: int  # rows alike in everything but their number, beyond the first of each

    @property
    def unplaced(self) -> list[str]:
        """Labels of places that could not be found, one entry a record."""
        records = (*self.grants, *self.activities)
        return [record.placement.label for record in records if not record.placement.codes]


def read_plan(folder: Path = DATA) -> Plan:
    """Read and check every file, and work out every record. Raises `DamagedFile`; writes nothing."""
    grants, tiers = read_grants(folder), read_tiers(folder)
    lists = {year: read_projects(year, folder) for year in PROJECT_LISTS}
    linking = link_2003(grants.rows, lists[2003].rows)
    taken = {link.grant.number for link in (*linking.links, *linking.parts)}
    joining = join_2002([row for row in grants.rows if row.number not in taken], lists[2002].rows)
    described = {
        link.grant.number: link.project for link in (*joining.links, *linking.parts, *linking.links)
    }
    in_parts = {link.project.number for link in linking.parts}
    from_file = [_grant(row, described.get(row.number)) for row in grants.rows]
    from_list = [_project_grant(row) for row in lists[2003].rows if row.number not in in_parts]
    groups = tuple(_group(link) for link in linking.links)
    paying = _paying(groups, linking, joining)
    return Plan(
        readings=(grants, *lists.values(), tiers),
        grants=(*from_file, *from_list),
        activities=tuple(
            _activity(row, paying.get(_key(row), ())) for year in lists for row in lists[year].rows
        ),
        groups=groups,
        requirements=tuple(requirements(grants.rows, tiers.rows)),
        tiers=tiers.rows,
        linking=linking,
        joining=joining,
        duplicates=sum(len(group) - 1 for group in exact_duplicates(grants.rows)),
    )


def _key(row: GrantRow | ProjectRow) -> Key:
    source = GRANTS_FILE if isinstance(row, GrantRow) else PROJECT_LISTS[row.year]
    return source, str(row.number)


def _group(link: Link) -> Group:
    """The file's record first, so that its coding counts; the list's where amount or year differ."""
    members = (_key(link.grant), _key(link.project))
    return Group(link.rule, members[::-1] if link.facts_differ else members)


def _paying(
    groups: Sequence[Group], linking: Linking, joining: Linking
) -> dict[Key, tuple[Key, ...]]:
    """The grants that pay for a project: of a group the record that counts."""
    paying: dict[Key, tuple[Key, ...]] = {}
    for group in groups:
        project = next(key for key in group.members if key[0] != GRANTS_FILE)
        paying[project] = (group.members[0],)
    for link in (*linking.parts, *joining.links):
        paying[_key(link.project)] = (*paying.get(_key(link.project), ()), _key(link.grant))
    for row in (*linking.alone, *linking.ambiguous):
        paying[_key(row)] = (_key(row),)
    return paying


def _grant(row: GrantRow, project: ProjectRow | None) -> GrantPlan:
    recipient = read_recipient(row.recipient, row.recipient_type)
    placement = place_grant(row.country, row.region)
    return GrantPlan(
        key=_key(row),
        year=row.year,
        funder=Name(GOVERNMENT),
        recipient=recipient.paid,
        recipient_type=row.recipient_type,
        amount=row.amount,
        title="",
        description=_file_description(row, recipient.paid is not None),
        placement=placement,
        tags=_tags(row.pillars, placement, project, is_file=True),
        line=row.line,
    )


def _project_grant(row: ProjectRow) -> GrantPlan:
    placement = place(row.country, row.region)
    amount = read_amount(row.amount)
    note = f"Amount as stated: {row.amount}." if amount.note else ""
    return GrantPlan(
        key=_key(row),
        year=row.year,
        funder=read_agency(row.agency),
        recipient=_paid(row),
        recipient_type="",
        amount=amount.total,
        title=_title(row),
        description="\n\n".join(part for part in (row.description, _list_note(row), note) if part),
        placement=placement,
        tags=_tags(programme_pillars(row.programme), placement, row, is_file=False),
        line=row.line,
    )


def _activity(row: ProjectRow, funded_by: tuple[Key, ...]) -> ActivityPlan:
    recipient = read_recipient(row.recipient or row.subrecipient)
    agency = read_agency(row.agency)
    doers = tuple(name for name in (recipient.doer, *recipient.others) if name)
    roles = [(agency, FUNDING)]
    if recipient.passing:
        roles.append((recipient.passing, EXTENDING))
    roles += [(name, IMPLEMENTING) for name in doers]
    placement = place(row.country, row.region)
    return ActivityPlan(
        key=_key(row),
        year=row.year,
        title=_title(row),
        description="\n\n".join(part for part in (row.description, _list_note(row)) if part),
        reporting=recipient.doer or recipient.passing or agency,
        participants=tuple(dict.fromkeys(roles)),
        objectives=_objectives(row),
        places=tuple(zip(placement.codes, equal_shares(len(placement.codes)), strict=True))
        if placement.codes
        else (),
        placement=placement,
        funded_by=funded_by,
    )


def _paid(row: ProjectRow) -> Name | None:
    return read_recipient(row.recipient or row.subrecipient).paid


def _title(row: ProjectRow) -> str:
    return row.title.rstrip(".").strip("“” ") or ""


def _objectives(row: ProjectRow) -> tuple[tuple[str, Decimal], ...]:
    """The objectives of a project in equal shares, one a pillar: the rule's, else the pillar itself."""
    pillars = programme_pillars(row.programme)
    if not pillars:
        return ()
    found = [(propose(row.title, row.description, pillar), pillar) for pillar in pillars]
    codes = [proposal.objective if proposal else str(pillar) for proposal, pillar in found]
    return tuple(zip(codes, equal_shares(len(codes)), strict=True))


def _tags(
    pillars: tuple[int, ...], placement: Placement, project: ProjectRow | None, *, is_file: bool
) -> tuple[Tag, ...]:
    """Equal shares over the coded pillars and the places named, exactly 100 in sum."""
    aims = [_aim(pillar, project, is_file=is_file) for pillar in pillars]
    aims = aims or [(None, False, "The source codes no pillar.")]
    codes = placement.codes or (None,)
    shares = iter(equal_shares(len(aims) * len(codes)))
    return tuple(
        Tag(objective, code, next(shares), by_rule, len(pillars) > 1, evidence[:EVIDENCE_LENGTH])
        for objective, by_rule, evidence in aims
        for code in codes
    )


def _aim(pillar: int, project: ProjectRow | None, *, is_file: bool) -> tuple[str, bool, str]:
    """Objective, whether a rule found it, and why."""
    if pillar == PARTNERSHIP:
        return RESEARCH, False, "The source codes it as research."
    if project and (proposal := propose(project.title, project.description, pillar)):
        return proposal.objective, True, proposal.evidence
    if is_file:
        return str(pillar), False, "The source codes the pillar and says no more."
    return str(pillar), False, f"Type of program: {project.programme}"


def _file_description(row: GrantRow, is_named: bool) -> str:
    """What the file says, but for names of persons; sub-grantees are left out for the same reason."""
    stated = [f"Country as stated: {mended(row.country)}"]
    if row.region:
        stated.append(f"region as stated: {row.region}")
    if is_named:
        stated.append(f"recipient as stated: {mended(row.recipient)}")
    if row.recipient_type:
        stated.append(f"kind of recipient: {row.recipient_type}")
    coded = {1: "prevention", 2: "protection", 3: "prosecution", 4: "research"}
    names = ", ".join(coded[pillar] for pillar in row.pillars) or "nothing"
    return f"{'; '.join(stated)}. Coded by the source for: {names}. Line {row.line} of the file."


def _list_note(row: ProjectRow) -> str:
    stated = [f"Country as stated: {row.country or row.region}"]
    if row.recipient or row.subrecipient:
        stated.append(f"recipient as stated: {mended(row.recipient)}")
    if row.programme:
        stated.append(f"type of program: {row.programme}")
    if row.agency:
        stated.append(f"funding agency: {row.agency}")
    return f"{'; '.join(stated)}. Line {row.line} of the list."
