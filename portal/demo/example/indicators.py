"""What the invented coalition measures."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from portal.demo.example.figures import CODES, COUNTRY, NEED
from portal.demo.example.tables import largest_remainder

SURVEY = "Survey at four bus stations, n = 412"


@dataclass(frozen=True, slots=True)
class IndicatorFigures:
    """An indicator with its start in 2024, its target in 2028, and what was measured in one place."""

    slug: str
    objective: str
    title: str
    unit: str
    baseline: int | None
    target: int | None
    values: tuple[tuple[date, int], ...]
    counts_people: bool
    source: str
    across_periods: str = "latest"
    accountability: str = "coalition"


INDICATORS = (
    IndicatorFigures(
        "checked-information",
        "1.1",
        "People who received checked information before leaving",
        "people",
        4200,
        60000,
        ((date(2025, 6, 30), 7100), (date(2025, 12, 31), 9600), (date(2026, 9, 30), 13800)),
        True,
        "Kestrel Community Network, Northgate Women's Cooperative, Regional Migration Centre",
    ),
    IndicatorFigures(
        "two-safe-contacts",
        "1.1",
        "Departing workers who can name two safe contacts",
        "%",
        11,
        60,
        ((date(2025, 10, 31), 17), (date(2026, 9, 30), 23)),
        False,
        SURVEY,
    ),
    IndicatorFigures(
        "help-to-complain",
        "1.1",
        "People misled by a recruiter who got help to complain",
        "people",
        None,
        None,
        ((date(2026, 9, 30), 7),),
        True,
        "Legal clinics",
        accountability="member",
    ),
)
PLACE = COUNTRY[0]


@dataclass(frozen=True, slots=True)
class Beds:
    """Shelter beds in a place: needed, available, and available at most."""

    place: str
    need: int
    available: int
    maximum: int
    is_dedicated: bool


BEDS_SLUG = "shelter-beds"
BEDS_ON = date(2026, 9, 30)
BEDS_NEEDED, BEDS_AVAILABLE = 540, 242  # 298 short


def beds() -> list[Beds]:
    """Beds by place; they add up to what is needed and available in all."""
    weights = NEED["2.1"]
    need = largest_remainder(BEDS_NEEDED, weights)
    supply = (34, 12, 10, 16, 74, 34, 44, 18, 0)
    return [
        Beds(place, asked, there, there + there // 6, place not in {"XX-LP", "XX-EC"})
        for place, asked, there in zip(CODES, need, supply, strict=True)
    ]


def as_decimal(value: int | None) -> Decimal | None:
    return None if value is None else Decimal(value)
