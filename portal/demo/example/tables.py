"""Whole numbers in tables whose rows and columns must add up."""

from collections.abc import Sequence
from fractions import Fraction


def largest_remainder(total: int, weights: Sequence[Fraction | int]) -> list[int]:
    """`total` in whole parts in proportion to `weights`; the largest remainders take what is left over."""
    whole = sum(weights)
    if not whole:
        return [0] * len(weights)
    exact = [Fraction(total) * weight / whole for weight in weights]
    parts = [int(value) for value in exact]
    order = sorted(range(len(weights)), key=lambda i: (parts[i] - exact[i], i))
    for i in order[: total - sum(parts)]:
        parts[i] += 1
    return parts


def table(rows: Sequence[int], columns: Sequence[int]) -> list[list[int]]:
    """Whole numbers of zero or more whose rows and columns add up to those given, as even as possible.

    Rounded cumulative sums keep both margins exact; a cell that rounding takes below zero borrows from
    another. Raises `ValueError` when the two margins do not add up to the same.
    """
    total = sum(rows)
    if total != sum(columns):
        raise ValueError(f"rows add up to {total}, columns to {sum(columns)}")
    if not total:
        return [[0] * len(columns) for _ in rows]
    before = [0] * (len(columns) + 1)
    cells, seen_rows = [], 0
    for row in rows:
        seen_rows += row
        seen = [0]
        for column in columns:
            seen.append(seen[-1] + column)
        now = [_round(Fraction(seen_rows * part, total)) for part in seen]
        cells.append([now[i + 1] - now[i] - before[i + 1] + before[i] for i in range(len(columns))])
        before = now
    _repair(cells)
    return cells


def _round(value: Fraction) -> int:
    return int(value + Fraction(1, 2))


def _repair(cells: list[list[int]]) -> None:
    """Bring cells below zero up by one swap of four cells at a time, which keeps every sum."""
    for row in cells:
        for column, value in enumerate(row):
            while value < 0:
                giver = max(range(len(row)), key=lambda i: row[i])
                other = max((r for r in cells if r is not row), key=lambda r: r[column])
                row[column] += 1
                row[giver] -= 1
                other[column] -= 1
                other[giver] += 1
                value = row[column]
