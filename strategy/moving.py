"""Codes of objectives: the next free one, and new ones for a branch that moves."""

from .models import Objective


def next_code(parent: Objective) -> str:
    """The code after the last of `parent`'s children: "1.3" below "1" when "1.2" is there."""
    last = 0
    for code in parent.children.values_list("code", flat=True):
        last = max(last, int(code.rsplit(".", 1)[1]))
    return f"{parent.code}.{last + 1}"


def branch_of(objective: Objective) -> set[int]:
    """Keys of an objective and of everything below it."""
    found, wanted = set(), {objective.pk}
    while wanted:
        found |= wanted
        wanted = set(Objective.objects.filter(parent__in=wanted).values_list("pk", flat=True))
    return found


def carry_below(objective: Objective) -> int:
    """Give everything below `objective` its strategy, its pillar and codes that follow its own.

    Returns how many objectives changed. Call it in the transaction that saved `objective`.
    """
    changed = 0
    for child in objective.children.all():
        code = f"{objective.code}.{child.code.rsplit('.', 1)[1]}"
        wanted = (code, objective.pillar, objective.strategy_id)
        if (child.code, child.pillar, child.strategy_id) != wanted:
            child.code, child.pillar, child.strategy_id = wanted
            child.save()
            changed += 1
        changed += carry_below(child)
    return changed
