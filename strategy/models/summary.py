"""The figures kept ready: sums of requirements and money per place, objective, year and audience."""

from django.db import models
from django.db.models import Q

from portal.directory.choices import Audience

from .strategies import Strategy


class SummaryCell(models.Model):
    """What one objective asks for and has in one place in one year, as one audience sees it.

    All amounts are minor units (cents) of the strategy's currency. A row sums up everything at its place and
    below it; the World's rows also hold what has no place. The objective is the node itself, not what is
    below it: the tree of objectives is small and summed by the reader.
    Kept by `strategy.summary`; equal to a recomputation to the cent (property test).
    """

    strategy = models.ForeignKey(Strategy, models.CASCADE, related_name="+")
    audience = models.PositiveSmallIntegerField(choices=Audience.choices)
    #: Keys of the place and the objective; 0 stands for unplaced and for untagged.
    place_key = models.BigIntegerField()
    objective_key = models.BigIntegerField()
    year = models.SmallIntegerField()

    #: Asked: at and below the place; exactly at the place.
    required = models.BigIntegerField(default=0, db_default=0)
    required_here = models.BigIntegerField(default=0, db_default=0)
    #: Missing: the sum of the gaps of the requirements at and below; of the one stated here.
    unmet = models.BigIntegerField(default=0, db_default=0)
    unmet_here = models.BigIntegerField(default=0, db_default=0)
    #: Money at stated requirements beyond what they ask.
    surplus = models.BigIntegerField(default=0, db_default=0)
    surplus_here = models.BigIntegerField(default=0, db_default=0)
    #: How many requirements (above zero) are stated at and below, and how many of them got nothing.
    asked_cells = models.IntegerField(default=0, db_default=0)
    empty_cells = models.IntegerField(default=0, db_default=0)
    empty_here = models.SmallIntegerField(default=0, db_default=0)
    pledged = models.BigIntegerField(default=0, db_default=0)
    committed = models.BigIntegerField(default=0, db_default=0)
    #: Committed to this place as a whole, not below it.
    committed_here = models.BigIntegerField(default=0, db_default=0)
    disbursed = models.BigIntegerField(default=0, db_default=0)
    in_kind = models.BigIntegerField(default=0, db_default=0)
    #: The part of `committed` that rests on an assumed split, and the whole amounts it is a part of.
    assumed = models.BigIntegerField(default=0, db_default=0)
    assumed_full = models.BigIntegerField(default=0, db_default=0)
    #: The part of `committed` whose tag comes from a rule that no person has looked at.
    by_rule = models.BigIntegerField(default=0, db_default=0)
    #: Grants of the year, and those of them without an amount: in the cells without place and objective.
    grants = models.IntegerField(default=0, db_default=0)
    without_amount = models.IntegerField(default=0, db_default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["strategy", "audience", "place_key", "objective_key", "year"],
                name="strategy_summary_cell_once",
            )
        ]
        indexes = [
            models.Index(
                fields=["strategy", "audience", "place_key", "year"],
                name="strategy_summary_by_place",
            ),
            models.Index(
                fields=[
                    "strategy",
                    "audience",
                    "objective_key",
                    "place_key",
                    "year",
                    "required_here",
                    "unmet_here",
                ],
                condition=Q(required_here__gt=0),
                name="strategy_summary_ranked",
            ),
        ]

    def __str__(self):
        return f"{self.place_key}/{self.objective_key}/{self.year}"


#: The columns that add up over places; `*_here` columns do not.
SUMMED = (
    "required", "unmet", "surplus", "asked_cells", "empty_cells", "pledged", "committed",
    "disbursed", "in_kind", "assumed", "assumed_full", "by_rule", "grants", "without_amount",
)  # fmt: skip
HERE = ("required_here", "unmet_here", "surplus_here", "empty_here", "committed_here")
