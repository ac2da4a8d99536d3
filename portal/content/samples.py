"""Sample figures for the components page: invented, and said to be so there."""

from django.core.paginator import Paginator
from django.utils.translation import gettext as _

from portal.dashboards import charts, stills
from portal.dashboards.findings import Bar, Block, Box, Callout, Column, Columns, Series
from portal.lib.numbers import money, money_short, percent, percent_of
from strategy.choices import Pillar

MILLION = 100_000_000  # in cents

# code, short title, asked, committed (never more than asked), paid out: in cents
OBJECTIVES = (
    ("1.1", "Safe migration information", 680, 102, 58),
    ("1.2", "Schools spot recruitment", 420, 105, 61),
    ("1.3", "Fair recruitment at work", 560, 67, 34),
    ("1.4", "Livelihoods at home", 500, 115, 45),
    ("2.1", "Safe shelter and care", 900, 765, 431),
    ("2.2", "Legal aid and residence", 460, 285, 142),
    ("2.3", "Long-term recovery", 740, 237, 106),
    ("2.4", "Identification and referral", 360, 209, 93),
    ("3.1", "Specialist investigation", 440, 440, 296),
    ("3.2", "Victim-centred courts", 280, 134, 71),
    ("3.3", "Following the money", 220, 79, 37),
    ("3.4", "Labour inspection", 240, 70, 31),
)
YEARS = (
    ("2025", (140, 530, 320, 95), 1460),
    ("2026", (155, 550, 300, 105), 1600),
    ("2027", (64, 280, 108, 52), 1640),
    ("2028", (30, 136, 30, 20), 1640),
)


def context() -> dict:
    """Everything that content/components.html shows."""
    page = Paginator(range(214), 50).page(2)
    finding, cliff = year_columns(), quarter_columns()
    return {
        "pillars": list(Pillar),
        "skyline": skyline(),
        "bars": bars(),
        "rank": rank(),
        "heat": heat(),
        "matrix": matrix(),
        "page": page,
        "years": stills.years(finding, web=True, prefix="years"),
        "cliff": stills.quarters(cliff, web=True, prefix="cliff"),
        "bars_still": stills.bars(still_bars(), web=True, prefix="bars"),
        "sky_still": stills.skyline(blocks(), web=True, prefix="sky"),
        "cover": stills.cover(blocks()),
        "tones": ("ink", "ink-2", "ink-3", "line-2", "line", "wash-2", "wash", "link"),
        "states": ("ok", "warn", "err", "focus"),
        "facts": facts(),
        "charts": True,
    }


def figures() -> dict:
    """The same two charts for the page to draw."""
    return {"years": charts.years(year_columns()), "cliff": charts.quarters(quarter_columns())}


def _cents(hundredths: int) -> int:
    return hundredths * MILLION // 100


def _objectives(pillar: int):
    return [row for row in OBJECTIVES if row[0].startswith(str(pillar))]


def skyline() -> list[dict]:
    pillars = []
    for pillar in Pillar:
        rows = _objectives(pillar)
        need, met = sum(row[2] for row in rows), sum(row[3] for row in rows)
        pillars.append(
            {
                "number": pillar.value,
                "name": pillar.label,
                "need": need,
                "share": percent_of(met, need),
                "text": f"{money_short(_cents(met))} of {money_short(_cents(need))}"
                if need
                else f"{money_short(_cents(272))} committed",
                "objectives": [
                    {
                        "code": code,
                        "short": short,
                        "url": f"#{code}",
                        "need": asked,
                        "met": 100 * committed / asked,
                        "paid": 100 * paid / asked,
                        "share": percent_of(committed, asked),
                        "text": f"{short}: {percent_of(committed, asked)} funded, "
                        f"{money(_cents(asked - committed), 'USD')} missing",
                    }
                    for code, short, asked, committed, paid in rows
                ],
            }
        )
    return pillars


def bars() -> list[dict]:
    rows = []
    for pillar in Pillar:
        objectives = _objectives(pillar)
        asked, met, paid = (sum(row[index] for row in objectives) for index in (2, 3, 4))
        if not asked:
            rows.append(
                {
                    "pillar": pillar.value,
                    "name": pillar.label,
                    "url": "#",
                    "asked": False,
                    "share": _("no requirement stated"),
                    "length": 11,
                    "sub": f"{money_short(_cents(272))} committed",
                }
            )
            continue
        rows.append(
            {
                "pillar": pillar.value,
                "name": pillar.label,
                "url": "#",
                "share": percent_of(met, asked),
                "met": 100 * met / asked,
                "paid": 100 * paid / asked,
                "length": 100 * asked / 2460,
                "label": f"{money_short(_cents(asked - met))} missing",
                "sub": f"{money_short(_cents(paid))} paid out, {money_short(_cents(met))} "
                f"committed, {money_short(_cents(asked))} asked",
            }
        )
    return rows


def rank() -> list[dict]:
    largest = sorted(OBJECTIVES, key=lambda row: row[3] - row[2])[:3]
    return [
        {
            "pillar": code[0],
            "code": code,
            "title": short,
            "url": "#",
            "amount": money_short(_cents(asked - met)),
            "amount_url": "#",
            "note": _("missing"),
            "met": 100 * met / asked,
            "paid": 100 * paid / asked,
            "length": 100 * asked / 900,
            "meta": [f"{percent_of(met, asked)} of {money(_cents(asked), 'USD')} funded"],
        }
        for code, short, asked, met, paid in largest
    ]


def heat() -> dict:
    shares = (0, 18, 26, 62, 88, 100, 128, None, 3)
    kinds = ("c0", "c1", "c2", "c3", "c4", "c5", "c6", "", "c0")
    cells = [
        None if share is None else (kind, "#", str(share), f"{percent(share)} funded")
        for kind, share in zip(kinds, shares, strict=True)
    ]
    cells[1:2] = [("cx", "#", "0.4 M", "no requirement stated")]
    return {
        "caption": _("Percent of the requirement met, by objective and year"),
        "region": _("Coverage by objective and year, scroll sideways"),
        "columns": [str(year) for year in range(2003, 2012)],
        "groups": [
            {
                "pillar": pillar,
                "rows": [
                    {"code": code, "title": short, "url": "#", "cells": cells}
                    for code, short, *_rest in _objectives(pillar)[:2]
                ],
            }
            for pillar in (1, 2)
        ],
        "totals_label": _("All"),
        "totals": [percent(share) for share in (60, 31, 18, 33, 79, 41, 48, 10, 0)],
        "none": _("not planned here"),
    }


def matrix() -> dict:
    counts = (0, 1, 3, 6)
    cells = [
        (f"m{index}", "#", str(count), f"{count} activities") for index, count in enumerate(counts)
    ]
    table = heat()
    table |= {
        "matrix": True,
        "region": _("Activities by objective and region, scroll sideways"),
        "columns": ["Region A", "Region B", "Region C", "Region D", "Region E"],
    }
    table["groups"] = [
        {**group, "rows": [{**row, "cells": [*cells, None]} for row in group["rows"]]}
        for group in table["groups"]
    ]
    table["totals"] = ["0", "4", "12", "24", "0"]
    return table


def facts() -> list[dict]:
    return [
        {"value": money_short(_cents(5800), "USD"), "url": "#", "text": "asked by the strategy"},
        {"value": money_short(_cents(2608), "USD"), "url": "#", "text": "committed by 9 funders"},
        {"value": "118", "url": "#", "text": "activities of 38 members"},
        {"value": "24", "url": "", "text": "joint activities"},
    ]


def year_columns() -> Columns:
    series = [Series(pillar.label, f"p{pillar.value}") for pillar in Pillar]
    return Columns(
        series=(*series, Series(_("Still missing"), "line", "hatch")),
        columns=tuple(
            Column(
                year,
                (*map(_cents, amounts), _cents(asked - sum(amounts))),
                required=_cents(asked),
                note=percent_of(sum(amounts), asked),
            )
            for year, amounts, asked in YEARS
        ),
        note_word=_("funded"),
        missing_word=_("missing"),
    )


def quarter_columns() -> Columns:
    names = (f"{year} Q{quarter}" for year, *_rest in YEARS for quarter in (1, 2, 3, 4))
    spread = [(45, 0, 0), (45, 60, 0), (45, 60, 30), (45, 60, 30)]
    spread += [(45, 60, 30)] * 4 + [(0, 0, 30)] * 2 + [(0, 0, 0)] * 6
    return Columns(
        series=(
            Series("Funder A", "p1"),
            Series("Funder B", "p1", "mid"),
            Series("Funder C", "p1", "dots"),
        ),
        columns=tuple(
            Column(name, tuple(amount * 100_000 for amount in amounts), 42_500_000, group=name[:4])
            for name, amounts in zip(names, spread, strict=True)
        ),
        line_label="The strategy asks for 425 k each quarter",
        callout=Callout(8, "End of December 2026", "From 135 k to 30 k a quarter"),
        today=7.33,
        today_label="today",
    )


def still_bars() -> list[Bar]:
    rows = []
    for pillar in (1, 2, 3):
        asked, met, paid = (sum(row[i] for row in _objectives(pillar)) for i in (2, 3, 4))
        text = f"of {money_short(_cents(asked))}"
        share = percent_of(met, asked)
        rows.append(Bar(Pillar(pillar).label, f"p{pillar}", asked, met, paid, share, text))
    return rows


def blocks() -> list[Block]:
    return [
        Block(
            pillar["number"],
            pillar["name"],
            pillar["share"] or "",
            pillar["text"],
            tuple(
                Box(row["code"], row["need"], row["met"], row["paid"], row["share"])
                for row in pillar["objectives"]
            ),
        )
        for pillar in skyline()
    ]
