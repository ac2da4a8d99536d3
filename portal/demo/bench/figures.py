"""The figures: a page of cells, the whole matrix, everything anew, each beside DuckDB on the same rows."""

import csv
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
from django.db import connection, transaction

from grants.choices import Measure
from grants.models import Split
from grants.services import figures_from_rows
from portal.dashboards.gather import cells
from portal.dashboards.lens import Lens
from portal.demo.bench.pages import largest_country
from portal.demo.bench.timing import Line, in_turn, line, measure
from portal.directory.access import PUBLIC_VIEWER
from portal.directory.choices import Audience
from portal.directory.tree import PlaceTree, world_key
from strategy import drawing
from strategy.analysis.cube import GIVEN, Cells, cells_of
from strategy.analysis.cube import roll_up as roll
from strategy.models import Strategy, SummaryCell

DUCKDB = "roll-up by DuckDB, from the splits"
MATRIX = "whole matrix, as the figures are drawn"
READ = "whole matrix, read from the kept figures"
REBUILD = "kept figures drawn anew and written"
WORLD, COUNTRY = "page of cells, the world", "page of cells, one country"

#: Committed money by place with every ancestor, objective and year, as the public sees it.
ROLL_UP = """
    SELECT lies_in.ancestor, split.objective, split.year, sum(split.amount)
    FROM split JOIN lies_in ON lies_in.place = split.place
    GROUP BY ALL HAVING sum(split.amount) <> 0
"""


class FiguresDiffer(Exception):
    """The kept figures are not what DuckDB makes of the same rows: nothing measured here would mean anything."""


def figure_lines() -> Iterator[Line]:
    """Pages of cells, the whole matrix, the roll-up in DuckDB, and the kept figures drawn anew."""
    strategy = Strategy.objects.in_force()
    country = largest_country()
    for name, place in ((WORLD, None), (COUNTRY, country)):
        lens = Lens(strategy, PUBLIC_VIEWER, strategy.today(), tuple(strategy.years), place)
        cells(lens)
        yield line(
            f"{name}, in the database", measure(_query_of(lambda lens=lens: cells(lens)), 200)
        )
        yield line(name, measure(lambda lens=lens: cells(lens), 100))
    with tempfile.TemporaryDirectory() as folder:
        in_duckdb = _in_duckdb(strategy, Path(folder))
        roll_up = _drawn(strategy)
        trees, rolled = roll_up()
        found = in_duckdb()
        if not _as_set(*found.values()) == _kept(strategy) == _cells(trees, rolled):
            raise FiguresDiffer
        calls = {DUCKDB: in_duckdb, MATRIX: roll_up, READ: lambda: _kept(strategy)}
        yield from in_turn(calls, 30)
    yield line(
        "all figures live, from the splits, gaps too",
        measure(lambda: drawing.drawn(strategy, figures_from_rows(strategy)), 3),
    )
    yield line(REBUILD, measure(lambda: _rebuild(strategy), 3))


def _query_of(call: Callable[[], object]) -> Callable[[], object]:
    """The last query that `call` makes, with all its rows fetched, as a call of its own."""
    asked = []

    def note(execute, sql, params, many, context):
        asked.append((sql, params))
        return execute(sql, params, many, context)

    with connection.execute_wrapper(note):
        call()
    sql, params = asked[-1]

    def query():
        with connection.cursor() as cursor:
            cursor.execute(sql, params)
            return cursor.fetchall()

    return query


def _kept(strategy: Strategy) -> set[tuple[int, int, int, int]]:
    """Place, objective, year and committed cents of every cell of the public."""
    rows = SummaryCell.objects.filter(strategy=strategy, audience=Audience.PUBLIC).exclude(
        committed=0
    )
    return set(rows.order_by().values_list("place_key", "objective_key", "year", "committed"))


def _in_duckdb(strategy: Strategy, folder: Path) -> Callable[[], set]:
    """DuckDB with the same splits and the same tree of places, 0 for what has none; a call that rolls them up."""
    import duckdb

    splits = Split.objects.filter(strategy=strategy, measure=Measure.COMMITTED, in_kind=False)
    rows = splits.counting_for(Audience.PUBLIC).order_by("pk")
    tree, world = PlaceTree.whole(), world_key()
    above = [(key, step) for key in tree.nodes for step in tree.path(key)]
    database = duckdb.connect()
    database.execute("SET threads = 2")
    for table, columns, values in (
        ("split", ("place", "objective", "year", "amount"), _without_none(rows)),
        ("lies_in", ("place", "ancestor"), [*above, (0, 0), (0, world)]),
    ):
        path = folder / f"{table}.csv"
        with path.open("w", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(columns)
            writer.writerows(values)
        types = ", ".join(f"'{column}': 'BIGINT'" for column in columns)
        database.execute(
            f"CREATE TABLE {table} AS FROM read_csv(?, header = true, columns = {{{types}}})",
            [str(path)],
        )

    return lambda: database.execute(ROLL_UP).fetchnumpy()


def _drawn(strategy: Strategy) -> Callable[[], tuple[drawing.Trees, Cells]]:
    """The same roll-up as it is made when figures are drawn, from the same splits in memory."""
    trees = drawing.Trees.of(strategy)
    rows = figures_from_rows(strategy)
    committed = 4 + GIVEN.index("committed")
    rows = rows[(rows[:, 0] == Audience.PUBLIC) & (rows[:, committed] != 0)]
    audience, place, objective, year = (np.ascontiguousarray(column) for column in rows[:, :4].T)
    amounts = np.ascontiguousarray(rows[:, [committed]])

    def roll_up():
        cells = cells_of(
            trees.scopes(audience, year), trees.objectives.at(objective), trees.places.at(place), amounts, ["committed"]
        )  # fmt: skip
        return trees, roll(cells, trees.places)

    return roll_up


def _cells(trees: drawing.Trees, rolled: Cells) -> set[tuple[int, int, int, int]]:
    return _as_set(
        trees.places.keys[rolled.place],
        trees.objectives.keys[rolled.objective],
        trees.audience_and_year(rolled)[1],
        rolled.column("committed"),
    )


def _as_set(*columns) -> set[tuple[int, int, int, int]]:
    return set(zip(*(map(int, column) for column in columns), strict=True))


def _without_none(rows) -> Iterator[tuple]:
    columns = ("shown_place_id", "objective_id", "year", "amount")
    for place, objective, year, amount in rows.values_list(*columns).iterator():
        yield place or 0, objective or 0, year, amount


def _rebuild(strategy: Strategy) -> None:
    with transaction.atomic():
        drawing.rebuild(strategy, figures_from_rows(strategy))
