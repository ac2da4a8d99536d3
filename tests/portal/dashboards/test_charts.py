import json

import pytest

from portal.content import samples
from portal.dashboards import charts
from portal.dashboards.findings import Column, Columns, Series
from portal.management.commands.build_css import CSS


def without_tokens(value):
    """The figure as the page hands it to Plotly: a colour in place of each token."""
    return json.loads(
        json.dumps(value),
        object_hook=lambda found: {
            key: "#000000" if isinstance(item, str) and item.startswith("--ff-") else item
            for key, item in found.items()
        },
    )


def tokens_in(value):
    if isinstance(value, dict):
        return set().union(*map(tokens_in, value.values()))
    if isinstance(value, list):
        return set().union(set(), *map(tokens_in, value))
    return {value} if isinstance(value, str) and value.startswith("--") else set()


@pytest.mark.parametrize("name", ["years", "cliff"])
def test_figures_are_what_plotly_takes(name):
    from plotly.graph_objects import Figure, Layout

    figure = without_tokens(samples.figures()[name])

    Figure(data=figure["data"], layout=figure["layout"])
    Layout(**figure["narrow"])


@pytest.mark.parametrize("name", ["years", "cliff"])
def test_figures_name_only_tokens_that_exist(name):
    css = (CSS / "tokens.css").read_text()

    assert [token for token in tokens_in(samples.figures()[name]) if f"{token}:" not in css] == []


def test_years_says_exact_words_when_pointed_at():
    finding = Columns((Series("Prevention", "p1"),), (Column("2010", (1_234_567_800,)),), "USD")

    bar = charts.years(finding)["data"][0]

    assert bar["customdata"] == [["2010", "US$12.3\u00a0M"]]
    assert bar["y"] == [12_345_678.0]


@pytest.mark.parametrize("draw", [charts.years, charts.quarters])
def test_figures_of_nothing_are_empty(draw):
    figure = draw(Columns((), ()))

    assert figure["data"] == []
