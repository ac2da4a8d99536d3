"""What the portal knows of an organisation: money in and out, work, and who else pays for it."""

from collections import Counter, defaultdict
from dataclasses import dataclass, field

from django.db.models import Q

from portal.dashboards.lens import Lens
from portal.directory.models import Organisation
from strategy.models import Objective

from .money import Counted

MOST_PARTNERS = 10


@dataclass(frozen=True, slots=True)
class Partner:
    """Another organisation, and the money between the two, or that both give; cents."""

    organisation: Organisation
    amount: int
    number: int = 0  # recipients or objectives in common
    width: int = 0  # percent of the largest


@dataclass(frozen=True, slots=True)
class YearOfMoney:
    """What came in and went out in a strategy year; cents."""

    year: int
    received: int
    given: int


@dataclass(frozen=True)
class Account:
    """The money of an organisation as it counts for the viewer: committed, in kind included, own means apart."""

    received: int = 0
    given: int = 0
    own_means: int = 0
    years: list[YearOfMoney] = field(default_factory=list)
    funders: list[Partner] = field(default_factory=list)
    recipients: list[Partner] = field(default_factory=list)
    co_funders: list[Partner] = field(default_factory=list)  # of the same recipients
    neighbours: list[Partner] = field(default_factory=list)  # of the same objectives
    objectives: list[tuple[Objective | None, int]] = field(default_factory=list)
    counted: Counted | None = field(default=None, repr=False)


def account(organisation: Organisation, lens: Lens) -> Account:
    """Six queries at most, whatever the size."""
    counted, me = Counted(lens), organisation.pk
    sums = counted.sums(
        ["funder", "recipient", "objective", "year"],
        Q(grant__funding_organisation=me) | Q(grant__recipient_organisation=me),
        lambda row: me in (row.funder, row.recipient),
    )
    received: Counter = Counter()
    given: Counter = Counter()
    funders: Counter = Counter()
    recipients: Counter = Counter()
    objectives: Counter = Counter()
    given_to: Counter = Counter()
    own_means = 0
    for (funder, recipient, objective, year), amount in sums.items():
        objectives[objective] += amount
        if funder == me:
            given_to[objective] += amount
        if funder == recipient:
            own_means += amount
        elif funder == me:
            given[year] += amount
            if recipient is not None:
                recipients[recipient] += amount
        else:
            received[year] += amount
            funders[funder] += amount
    beside, shared = _others(
        counted, me, set(recipients) - {None}, "recipient", "grant__recipient_organisation__in"
    )
    next_to, alike = _others(counted, me, set(given_to) - {None}, "objective", "objective__in")
    names = Organisation.objects.in_bulk(
        {key for found in (funders, recipients, beside, next_to) for key, _n in _largest(found)}
    )
    return Account(
        received=sum(received.values()),
        given=sum(given.values()),
        own_means=own_means,
        years=[
            YearOfMoney(year, received[year], given[year])
            for year in lens.years
            if received[year] or given[year]
        ],
        funders=_partners(funders, names),
        recipients=_partners(recipients, names),
        co_funders=_partners(beside, names, shared),
        neighbours=_partners(next_to, names, alike),
        objectives=[
            (lens.objectives.get(key), amount)
            for key, amount in sorted(objectives.items(), key=lambda item: -item[1])
        ],
        counted=counted,
    )


def _others(counted: Counted, me: int, shared: set, part: str, lookup: str) -> tuple[Counter, dict]:
    """What other funders give to the same recipients or objectives, and how many of those they share."""
    amounts: Counter = Counter()
    common: dict[int, set] = defaultdict(set)
    if not shared:
        return amounts, {}
    sums = counted.sums(
        ["funder", part],
        Q(**{lookup: shared}) & ~Q(grant__funding_organisation=me),
        lambda row: getattr(row, part) in shared and row.funder != me,
    )
    for (funder, other), amount in sums.items():
        if part == "recipient" and funder == other:
            continue
        amounts[funder] += amount
        common[funder].add(other)
    return amounts, {funder: len(parts) for funder, parts in common.items()}


def _largest(amounts: Counter) -> list[tuple[int, int]]:
    return sorted(amounts.items(), key=lambda item: (-item[1], item[0]))[:MOST_PARTNERS]


def _partners(amounts: Counter, names: dict[int, Organisation], common=None) -> list[Partner]:
    rows = _largest(amounts)
    top = max((amount for _key, amount in rows), default=0)
    return [
        Partner(
            names[key],
            amount,
            (common or {}).get(key, 0),
            round(100 * amount / top) if top > 0 else 0,
        )
        for key, amount in rows
    ]
