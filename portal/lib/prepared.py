"""Queries that are written in Django's words, turned into SQL once, and asked again and again.

For reads on the path of every save, where making the SQL takes ten times as long as the database takes to answer.
"""

from collections.abc import Callable, Collection, Iterable, Sequence

from django.db import connection
from django.db.models import Expression, Model, QuerySet
from django.db.models.sql.compiler import SQLCompiler

#: Longer collections are read through the queryset itself: then the answer takes longest.
MOST_KEYS = 256
#: Shapes of a query that are remembered.
MOST_SHAPES = 200
#: Stands for the keys while the SQL is made: larger than any constant of a query, and still an integer of four bytes.
_MARK = 2_000_000_000

Row = tuple[object, ...]
#: By column what makes a value of what the database gave, as Django's compiler wants it back.
Converters = dict[int, tuple[list[Callable[..., object]], Expression]]
#: The SQL, its parameters, for each the position of the key that it stands for, and what converts rows.
Compiled = tuple[str, Sequence[str | int], list[int | None], Converters, SQLCompiler]


class Prepared:
    """A reading whose values are keys: whole numbers, or collections of them.

    Calling it gives all rows as tuples, converted as the queryset would. Made from a function that takes the same
    values and returns a `values_list` queryset, in which each collection must narrow the rows (`...__in`): with an
    empty one nothing is found.
    """

    def __init__(self, make: Callable[..., QuerySet[Model, Row]]) -> None:
        self._make = make
        self._known: dict[tuple[str, tuple[int, ...]], Compiled] = {}
        self.__doc__ = make.__doc__

    def __call__(self, *values: int | Iterable[int]) -> list[Row]:
        given = [value if isinstance(value, int) else list(value) for value in values]
        lists = [value for value in given if not isinstance(value, int)]
        if not all(lists):
            return []
        if any(len(keys) > MOST_KEYS for keys in lists):
            return list(self._make(*given))
        keys = [[value] if isinstance(value, int) else _padded(value) for value in given]
        lengths = tuple(
            0 if isinstance(value, int) else len(some)
            for value, some in zip(given, keys, strict=True)
        )
        shape = connection.vendor, lengths
        if shape not in self._known:
            if len(self._known) >= MOST_SHAPES:
                self._known.clear()
            self._known[shape] = self._compiled(lengths)
        sql, params, places, converters, compiler = self._known[shape]
        flat = [key for some in keys for key in some]
        with connection.cursor() as cursor:
            cursor.execute(
                sql, [param if at is None else flat[at] for param, at in zip(params, places, strict=True)]
            )  # fmt: skip
            rows = cursor.fetchall()
        return (
            [tuple(row) for row in compiler.apply_converters(rows, converters)]
            if converters
            else rows
        )

    def _compiled(self, lengths: Collection[int]) -> Compiled:
        """The query whose values are collections of these lengths; 0 for a single key."""
        marks: list[int] = []
        values: list[int | list[int]] = []
        for length in lengths:
            some = [_MARK + len(marks) + step for step in range(length or 1)]
            values.append(some if length else some[0])
            marks += some
        compiler = self._make(*values).query.get_compiler(connection=connection)
        sql, params = compiler.as_sql()
        places = [
            param - _MARK if isinstance(param, int) and param >= _MARK else None for param in params
        ]
        if {place for place in places if place is not None} != set(range(len(marks))):
            raise ValueError("a value is no key of this query")
        converters = compiler.get_converters([column[0] for column in compiler.select])
        return sql, params, places, converters, compiler


def _padded(keys: list[int]) -> list[int]:
    """The keys, the last repeated until there are 1, 4, 16, 64 or 256: few lengths, few shapes."""
    length = 1
    while length < len(keys):
        length *= 4
    return keys + keys[-1:] * (length - len(keys))
