"""The rows behind a number: every figure opens here, and its rows add up to it to the cent."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache

from django.db.models import OuterRef, Q, Subquery, Sum
from django.urls import get_script_prefix, get_urlconf, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from grants.choices import Measure
from grants.models import Grant, Split
from portal.directory.choices import Audience, PlaceKind
from portal.directory.models import Place
from portal.directory.tree import PlaceTree
from strategy.analysis.coverage import AMOUNTS
from strategy.models import Requirement, SummaryCell

from .gather import ROW_AMOUNTS, own_difference, own_family, sums_of
from .lens import Lens

#: Figure -> title. The words of money are these everywhere: asked, committed, paid out, missing.
FIGURES = {
    "required": gettext_lazy("Asked by the strategy"),
    "committed": gettext_lazy("Committed"),
    "disbursed": gettext_lazy("Paid out"),
    "pledged": gettext_lazy("Pledged"),
    "in_kind": gettext_lazy("In kind"),
    "missing": gettext_lazy("Still missing"),
    "met": gettext_lazy("Met where it is asked"),
    "empty": gettext_lazy("Asked for, and nothing committed"),
    "untagged": gettext_lazy("Committed without an objective"),
    "assumed": gettext_lazy("Committed on an assumed split"),
    "by_rule": gettext_lazy("Tagged by rule, not yet by a person"),
}

FORMULAS = {
    "required": gettext_lazy(
        "The sum of the requirements: the revised amount of each, else the original one."
    ),
    "committed": gettext_lazy(
        "The sum of the commitments of each grant, times the share of its tag, spread day by day over its period. "
        "Linked records of one grant count once; what a grant passes on to a regrant counts under the regrant's tags."
    ),
    "disbursed": gettext_lazy(
        "The sum of disbursements by value date, times the share of the tag."
    ),
    "pledged": gettext_lazy(
        "The sum of pledges by value date. Shown beside, never counted as funding."
    ),
    "in_kind": gettext_lazy("Commitments of goods and services, kept apart from cash."),
    "missing": gettext_lazy(
        "The sum of what each requirement lacks: asked minus committed at its objective, place and year or below, "
        "never below zero. A surplus in one place does not pay for a gap in another."
    ),
    "met": gettext_lazy("Asked less what is missing, requirement by requirement."),
    "empty": gettext_lazy(
        "Requirements that nothing at all is committed to, at their objective, place and year or below."
    ),
    "untagged": gettext_lazy(
        "Committed money that no tag gives to an objective. It is in no pillar's figure."
    ),
    "assumed": gettext_lazy(
        "Commitments of grants that name several pillars without saying how much is for which: split equally."
    ),
    "by_rule": gettext_lazy(
        "Commitments whose objective a rule proposed from the words of the grant."
    ),
}

REQUIREMENT_FIGURES = ("required",)
GAP_FIGURES = ("missing", "met", "empty")


def rows_url(lens: Lens, figure: str, **changes) -> str:
    """The address of the rows behind a figure of this lens, some filters changed."""
    return rows_path() + lens.address(figure=figure, **changes)


def rows_path() -> str:
    """The address of the rows page without its query; a page asks for it hundreds of times."""
    return _rows_path(get_urlconf(), get_script_prefix())


@lru_cache(maxsize=16)
def _rows_path(urlconf, prefix) -> str:
    return reverse("dashboards:rows")


@dataclass(frozen=True, slots=True)
class MoneyRow:
    """One part of a figure of money; amount in cents, `marks` are reasons to be careful."""

    grant: Grant
    objective: str
    place: str
    year: int
    amount: int
    marks: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class GapRow:
    """One requirement and how it stands; cents."""

    objective: str
    place: str
    year: int
    required: int
    met: int
    unmet: int
    url: str


class MoneyRows(Sequence):
    """The rows of a figure of money for one lens: own rows first, then the audience's, largest first.

    Slices read one page from the database; `total` is the figure, the sum of all rows. `len` counts every row:
    `at_most` is for pages, which must not.
    """

    def __init__(self, lens: Lens, figure: str, exact_place: bool = False):
        self.lens, self.figure, self.exact_place = lens, figure, exact_place
        own = own_family(lens)
        self._own_ids = own.ids if own else set()
        self.own = [entry for entry in own.after if self._matches(entry)] if own else []

    @cached_property
    def _measure(self) -> str:
        return {"disbursed": Measure.DISBURSED, "pledged": Measure.PLEDGED}.get(
            self.figure, Measure.COMMITTED
        )

    @cached_property
    def _within(self) -> set[int] | None:
        """Keys of the places in view; None for everywhere."""
        if self.exact_place:
            return {self.lens.root_key}
        if self.lens.place is None:
            return None
        return set(Place.objects.within(self.lens.place).order_by().values_list("pk", flat=True))

    def _matches(self, entry) -> bool:
        _grant, row, place, in_kind, _passed_on = entry
        lens = self.lens
        if row.measure != self._measure or row.year not in lens.years:
            return False
        if in_kind != (self.figure == "in_kind") and not (
            in_kind and lens.in_kind and self.figure == "committed"
        ):
            return False
        if (
            self._within is not None
            and place not in self._within
            and not (self.exact_place and place is None)
        ):
            return False
        if row.objective is None:
            return self.figure == "untagged" and not (lens.pillar or lens.objective)
        if self.figure == "untagged":
            return False
        if (self.figure == "assumed" and not row.is_assumed) or (
            self.figure == "by_rule" and not row.by_rule
        ):
            return False
        return row.objective in lens.in_view

    @cached_property
    def queryset(self):
        lens, at = self.lens, "place" if self.lens.audience == Audience.ALL else "shown_place"
        rows = Split.objects.filter(
            strategy=lens.strategy, measure=self._measure, year__in=lens.years
        )
        rows = rows.counting_for(lens.audience).exclude(grant__in=self._own_ids)
        if self.figure == "in_kind":
            rows = rows.filter(in_kind=True)
        elif not (lens.in_kind and self.figure == "committed"):
            rows = rows.filter(in_kind=False)
        if self.exact_place:
            unplaced = Q(**{f"{at}__isnull": True}) if lens.place is None else Q()
            rows = rows.filter(Q(**{at: lens.root_key}) | unplaced)
        elif lens.place is not None and lens.place.kind in (PlaceKind.COUNTRY, PlaceKind.DIVISION):
            keys = [lens.place.pk, *(place.pk for place in lens.state.inside(lens.place))]
            rows = rows.filter(**{f"{at}__in": keys})
        elif lens.place is not None:
            rows = rows.filter(
                **{f"{at}__lft__gte": lens.place.lft, f"{at}__rgt__lte": lens.place.rgt}
            )
        rows = rows.filter(objective__isnull=self.figure == "untagged")
        if lens.pillar or lens.objective:
            rows = rows.filter(objective__in=list(lens.in_view))
        if self.figure in ("assumed", "by_rule"):
            rows = rows.filter(**{"is_assumed" if self.figure == "assumed" else "by_rule": True})
        return rows

    @cached_property
    def total(self) -> int:
        """The figure itself, in cents: from the kept figures, which these rows add up to."""
        # No figure is kept of a place without what lies in it, nor of money and goods together.
        if self.exact_place or self.lens.in_kind:
            kept = self.queryset.aggregate(total=Sum("amount"))["total"] or 0
            return int(kept) + sum(entry[1].amount for entry in self.own)
        column = "committed" if self.figure == "untagged" else self.figure
        at = ROW_AMOUNTS + AMOUNTS.index(column)
        rows = sums_of(self.lens, {self.lens.root_key})
        untagged = self.figure == "untagged"
        return sum(row[at] for row in rows if (row[1] == 0) == untagged)

    @cached_property
    def _count(self) -> int:
        return self.queryset.count()

    def at_most(self, most: int) -> int:
        """How many rows there are; `most` where there are that many or more."""
        left = most - len(self.own)
        return len(self.own) + (self.queryset.order_by()[:left].count() if left > 0 else 0)

    def __len__(self):
        return len(self.own) + self._count

    def __getitem__(self, index):
        if not isinstance(index, slice):
            return self[index : index + 1][0]
        start, stop = index.start or 0, index.stop
        if stop is None:
            stop = len(self)
        own = self.own[start:stop]
        first = max(0, start - len(self.own))
        last = max(0, stop - len(self.own))
        return self._own_rows(own) + self._kept_rows(first, last)

    def _kept_rows(self, first: int, last: int) -> list[MoneyRow]:
        if first >= last:
            return []
        rows = self.queryset.select_related(
            "grant__funding_organisation", "grant__recipient_organisation", "place", "shown_place"
        ).order_by("-amount", "pk")[first:last]
        everything = self.lens.audience == Audience.ALL
        return [
            self._row(
                row.grant,
                row,
                row.place if everything else row.shown_place,
                row.objective_id,
                row.passed_on,
            )
            for row in rows
        ]

    def _own_rows(self, entries) -> list[MoneyRow]:
        if not entries:
            return []
        grants = Grant.objects.select_related("funding_organisation", "recipient_organisation")
        grants = grants.in_bulk({entry[0] for entry in entries})
        places = Place.objects.in_bulk({entry[2] for entry in entries if entry[2]})
        return [
            self._row(grants[key], row, places.get(place), row.objective, passed_on)
            for key, row, place, _in_kind, passed_on in entries
        ]

    def _row(self, grant, row, place, objective, passed_on) -> MoneyRow:
        marks = []
        if passed_on:
            marks.append(_("passed on to a regrant"))
        if row.is_assumed:
            marks.append(_("assumed split"))
        if row.by_rule:
            marks.append(_("tagged by rule"))
        if row.dates_assumed:
            marks.append(_("spread over its year"))
        node = self.lens.objectives.get(objective)
        return MoneyRow(
            grant, str(node) if node else _("no objective"), place.name if place else _("place not stated"),
            row.year, row.amount, tuple(marks),
        )  # fmt: skip


class RequirementRows(Sequence):
    """The requirements behind what is asked."""

    def __init__(self, lens: Lens, figure: str = "required", exact_place: bool = False):
        self.lens = lens
        rows = Requirement.objects.filter(
            objective__in=list(lens.in_view), year__in=lens.years, amount_minor__gt=0
        )
        if exact_place:
            rows = rows.filter(place=lens.root_key)
        elif lens.place is not None:
            rows = rows.filter(place__lft__gte=lens.place.lft, place__rgt__lte=lens.place.rgt)
        self.queryset = rows.select_related("objective", "place").order_by("-amount_minor", "pk")

    @cached_property
    def total(self) -> int:
        return int(self.queryset.order_by().aggregate(total=Sum("amount_minor"))["total"] or 0)

    @cached_property
    def _count(self) -> int:
        return self.queryset.count()

    def __len__(self):
        return self._count

    def __getitem__(self, index):
        return list(self.queryset[index]) if isinstance(index, slice) else self.queryset[index]


_STATED = ("objective_key", "place_key", "year", "required_here", "unmet_here", "empty_here")


class GapRows(Sequence):
    """The requirements behind what is missing, met or empty; the largest gap first."""

    def __init__(self, lens: Lens, figure: str = "missing", exact_place: bool = False):
        self.lens, self.figure = lens, figure
        self.own = {
            key: values for key, values in own_difference(lens).items()
            if values.get("unmet_here") or values.get("empty_here")
        }  # fmt: skip
        self.exact_place = exact_place

    @cached_property
    def _rows(self):
        """The stated requirements in view that the figure counts, as the audience sees them."""
        lens = self.lens
        rows = SummaryCell.objects.filter(
            strategy=lens.strategy, audience=lens.audience, required_here__gt=0, year__in=lens.years,
            objective_key__in=list(lens.in_view),
        )  # fmt: skip
        if self.exact_place:
            rows = rows.filter(place_key=lens.root_key)
        elif lens.place is not None:
            rows = rows.filter(
                place_key__in=Place.objects.within(lens.place).order_by().values("pk")
            )
        if not self.own:
            rows = {"missing": rows.exclude(unmet_here=0), "empty": rows.filter(empty_here=1)}.get(
                self.figure, rows
            )
        rows = rows.order_by("-unmet_here", "objective_key", "year", "place_key")
        return rows.values_list(*_STATED)

    @cached_property
    def _cells(self) -> list[tuple[int, int, int, int, int, int]]:
        """(objective, place, year, required, unmet, empty) of all of them, where the viewer's own money moves some."""
        found = []
        for objective, place, year, required, unmet, empty in self._rows:
            extra = self.own.get((int(self.lens.audience), place, objective, year), {})
            unmet, empty = unmet + extra.get("unmet_here", 0), empty + extra.get("empty_here", 0)
            found.append((objective, place, year, required, unmet, empty))
        keep = {"missing": lambda row: row[4], "empty": lambda row: row[5]}.get(self.figure)
        return sorted(filter(keep, found) if keep else found, key=lambda row: -row[4])

    @cached_property
    def total(self) -> int:
        """Cents; for `empty` the number of requirements."""
        if self.figure == "empty":
            return len(self)
        if self.own or self.exact_place:
            required, unmet = self._sums
        else:
            rows = [row for row in sums_of(self.lens, {self.lens.root_key}) if row[1]]
            required, unmet = (
                sum(row[ROW_AMOUNTS + AMOUNTS.index(column)] for row in rows)
                for column in ("required", "unmet")
            )
        return required - unmet if self.figure == "met" else unmet

    @property
    def _sums(self) -> tuple[int, int]:
        rows = self._cells if self.own else self._rows.order_by()
        return sum(row[3] for row in rows), sum(row[4] for row in rows)

    @cached_property
    def _count(self) -> int:
        return len(self._cells) if self.own else self._rows.count()

    def __len__(self):
        return self._count

    def __getitem__(self, index):
        if not isinstance(index, slice):
            return self[index : index + 1][0]
        if self.own:
            page = self._cells[index]
            nodes = PlaceTree.of(row[1] for row in page).nodes
            page = [(*row, nodes[row[1]].name, nodes[row[1]].code) for row in page]
        else:
            place = Place.objects.filter(pk=OuterRef("place_key"))
            named = (Subquery(place.values("name")), Subquery(place.values("code")))
            page = self._rows.values_list(*_STATED, *named)[index]
        return [
            GapRow(
                str(self.lens.objectives[objective]), name, year, required, required - unmet, unmet,
                rows_url(
                    self.lens, "committed", objective=self.lens.objectives[objective].code, place=code,
                    year=[year], p=None,
                ),
            )
            for objective, _place, year, required, unmet, _empty, name, code in page
        ]  # fmt: skip


def rows_behind(
    lens: Lens, figure: str, exact_place: bool = False
) -> MoneyRows | RequirementRows | GapRows:
    """The rows of a figure; `exact_place` leaves out what lies below the place. Raises `KeyError` for no figure."""
    FIGURES[figure]
    if figure in REQUIREMENT_FIGURES:
        return RequirementRows(lens, figure, exact_place)
    kind = GapRows if figure in GAP_FIGURES else MoneyRows
    return kind(lens, figure, exact_place)
