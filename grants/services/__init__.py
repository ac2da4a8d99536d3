"""Writes about grants that have consequences: tags, links, and the money in the figures."""

from .figures import figures_from_rows, rebuild_figures
from .links import goes_round, link_grants, next_link_position, unlink_grant
from .money import forget_money, save_money
from .tags import keep_total, set_allocations

__all__ = [
    "figures_from_rows",
    "forget_money",
    "goes_round",
    "keep_total",
    "link_grants",
    "next_link_position",
    "rebuild_figures",
    "save_money",
    "set_allocations",
    "unlink_grant",
]
