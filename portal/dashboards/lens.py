"""What a reader looks at: a strategy, through filters, as of a day, as one audience."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property, lru_cache
from urllib.parse import urlencode

from django.http import Http404
from django.utils.translation import gettext as _

from portal.directory.access import Viewer, viewer_of
from portal.directory.choices import Audience
from portal.directory.models import Place
from strategy.models import Objective, Strategy

from .state import State, in_force, state_of


@dataclass(frozen=True)
class Lens:
    """Everything that decides a figure; two equal lenses show equal figures.

    years: the strategy years in view, in order. place: None is everywhere, unplaced money included.
    pillar: 1 to 4 or None; objective: a node of the tree or None,
    with all below it unless `only_node`. params: the filters as they stand in an address.
    """

    strategy: Strategy
    viewer: Viewer
    as_of: date
    years: tuple[int, ...]
    place: Place | None = None
    pillar: int | None = None
    objective: Objective | None = None
    only_node: bool = False
    in_kind: bool = False
    params: dict = field(default_factory=dict)
    #: What was worked out for this viewer in this state of the data ; shared by all that `at` makes of it.
    known: dict = field(default_factory=dict, compare=False, repr=False)

    @property
    def audience(self) -> Audience:
        return self.viewer.audience

    @property
    def currency(self) -> str:
        return self.strategy.reporting_currency

    @property
    def whole_period(self) -> bool:
        return self.years == tuple(self.strategy.years)

    @property
    def as_of_year(self) -> int:
        return self.strategy.year_of(self.as_of)

    @property
    def state(self) -> State:
        """What all pages of this strategy share."""
        return state_of(self.strategy)

    @property
    def objectives(self) -> dict[int, Objective]:
        """All objectives of the strategy by key, in the order of their codes."""
        return self.state.objectives

    @cached_property
    def in_view(self) -> dict[int, Objective]:
        """The objectives that the filters leave, in order."""
        return {key: node for key, node in self.objectives.items() if self._shows(node)}

    def _shows(self, node: Objective) -> bool:
        if self.objective is not None:
            code = self.objective.code
            return node.code == code or (not self.only_node and node.code.startswith(f"{code}."))
        return self.pillar is None or node.pillar == self.pillar

    @cached_property
    def root(self) -> Place | None:
        """The place all figures are drawn at: the one chosen, else the World."""
        return self.place or self.state.world

    @property
    def root_key(self) -> int:
        return self.root.pk if self.root else 0

    @property
    def narrowed(self) -> bool:
        """Whether any filter but the year is on."""
        return bool(self.place or self.pillar or self.objective)

    def address(self, **changes) -> str:
        """The query string of this lens with some filters changed; None takes one away. Empty or begins with `?`."""
        return query_string({**self.params, **changes})

    def at(self, **changes) -> "Lens":
        """The same lens with some parts changed; the address does not follow."""
        return replace(self, **changes)

    def says_for_whom(self) -> str:
        """For whom figures are drawn, in words."""
        if self.viewer.organisations and self.audience != Audience.ALL:
            return _("members of the coalition, and what your own organisations added")
        return str(self.audience.label)


def query_string(params: Mapping) -> str:
    """The filters that have a value, as they stand in an address; empty or begins with `?`."""
    return _query_string(frozen(params))


@lru_cache(maxsize=4096)
def _query_string(params: tuple) -> str:
    pairs = [(key, value) for key, value in params if value not in (None, "", ())]
    return f"?{urlencode(pairs, doseq=True)}" if pairs else ""


def frozen(params: Mapping) -> tuple:
    """Filters as a key: lists become tuples."""
    return tuple(
        (key, tuple(value) if isinstance(value, list) else value) for key, value in params.items()
    )


def strategy_in_force(request=None) -> Strategy:
    """The strategy in force. Raises 404 where there is none yet."""
    strategy = in_force(request)
    if strategy is None:
        raise Http404("no strategy in force")
    return strategy


def plain_lens(request, strategy: Strategy | None = None) -> Lens:
    """The whole strategy in force, as its own as-of date and this reader see it."""
    strategy = strategy or strategy_in_force(request)
    viewer = viewer_of(request.user)
    return Lens(
        strategy=strategy,
        viewer=viewer,
        as_of=strategy.today(),
        years=tuple(strategy.years),
        known=state_of(strategy).known_of(viewer),
    )
