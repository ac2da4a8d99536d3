"""What the invented coalition asks for and has, as round figures: the sums that its records must give.

Amounts are whole hundreds of US dollars ("units"), so that shares of them stay whole.
"""

# ruff: noqa: E501 (tables read best with one row to a line)

from dataclasses import dataclass

UNIT = 100  # US dollars
PER_MILLION = 10_000  # units
YEARS = (2025, 2026, 2027, 2028)

PLACES = (
    ("XX-NB", "North Border"),
    ("XX-HD", "Hill Districts"),
    ("XX-LP", "Lake Plain"),
    ("XX-WC", "West Corridor"),
    ("XX-CR", "Capital Region"),
    ("XX-RD", "River Delta"),
    ("XX-PC", "Port Coast"),
    ("XX-EC", "East Coast"),
    ("XX-SI", "South Islands"),
)
COUNTRY = ("XX", "Three Rivers (example)")
CODES = tuple(code for code, _ in PLACES)

PILLARS = {
    "1": ("Prevention", "Stop exploitation before it starts"),
    "2": ("Protection", "Safety, recovery and rights for survivors"),
    "3": ("Prosecution", "Hold traffickers to account"),
    "4": ("Partnership", "Work from one plan"),
}


@dataclass(frozen=True, slots=True)
class ObjectiveFigures:
    """An objective: texts, and what is asked, committed and paid out over the period, in units."""

    code: str
    short_title: str
    title: str
    required: int
    committed: int
    disbursed: int


def _objective(code, short_title, title, *millions):
    units = (round(amount * PER_MILLION) for amount in millions)
    return code, ObjectiveFigures(code, short_title, title, *units)


OBJECTIVES = dict(
    _objective(*row)
    for row in (
        ("1.1", "Safe migration information", "People have safe migration information before they leave", 6.80, 1.02, 0.58),
        ("1.2", "Schools spot recruitment", "Schools and teachers can spot and stop recruitment", 4.20, 1.05, 0.61),
        ("1.3", "Fair recruitment at work", "Workers in fishing, farming and garments are recruited fairly", 5.60, 0.67, 0.34),
        ("1.4", "Livelihoods at home", "Families in high-departure districts have a livelihood at home", 5.00, 1.15, 0.45),
        ("2.1", "Safe shelter and care", "Every survivor can reach safe shelter and emergency care", 9.00, 7.65, 4.31),
        ("2.2", "Legal aid and residence", "Survivors have legal aid and the right to stay", 4.60, 2.85, 1.42),
        ("2.3", "Long-term recovery", "Survivors have long-term support, housing and decent work", 7.40, 2.37, 1.06),
        ("2.4", "Identification and referral", "People are identified and referred at borders, ports and clinics", 3.60, 2.09, 0.93),
        ("3.1", "Specialist investigation", "Specialist units investigate in every region", 4.40, 4.75, 2.96),
        ("3.2", "Victim-centred courts", "Court procedure protects victims who give evidence", 2.80, 1.34, 0.71),
        ("3.3", "Following the money", "Profits of trafficking are traced and returned to survivors", 2.20, 0.79, 0.37),
        ("3.4", "Labour inspection", "Labour inspectors reach high-risk workplaces", 2.40, 0.70, 0.31),
        ("4.1", "Shared referral mechanism", "All members use one referral mechanism and one standard of care", 1.60, 0.96, 0.52),
        ("4.2", "Survivor leadership", "Survivors take part in decisions, and are paid for it", 1.40, 0.31, 0.14),
        ("4.3", "Joint data and research", "Members share safe data and research", 1.20, 0.90, 0.48),
        ("4.4", "Cross-border cooperation", "Services and police work together across borders", 1.20, 0.55, 0.22),
    )
)  # fmt: skip

# Percent of an objective's requirement by place, in the order of `PLACES`.
NEED = {
    "1.1": (22, 18, 10, 8, 4, 14, 6, 8, 10),
    "1.2": (10, 26, 16, 8, 14, 12, 4, 6, 4),
    "1.3": (0, 0, 0, 6, 4, 24, 34, 18, 14),
    "1.4": (18, 30, 16, 0, 0, 20, 0, 10, 6),
    "2.1": (14, 6, 6, 10, 24, 12, 16, 6, 6),
    "2.2": (12, 0, 0, 10, 34, 12, 24, 8, 0),
    "2.3": (10, 8, 8, 6, 30, 16, 14, 8, 0),
    "2.4": (30, 6, 0, 14, 10, 10, 18, 8, 4),
    "3.1": (16, 0, 0, 10, 34, 8, 22, 10, 0),
    "3.2": (0, 0, 0, 0, 60, 0, 26, 14, 0),
    "3.3": (0, 0, 0, 0, 70, 0, 30, 0, 0),
    "3.4": (0, 0, 0, 10, 20, 24, 30, 10, 6),
    "4.1": (30, 0, 0, 14, 26, 0, 30, 0, 0),
    "4.2": (12, 12, 12, 10, 20, 12, 10, 6, 6),
    "4.3": (0, 0, 0, 0, 100, 0, 0, 0, 0),
    "4.4": (50, 0, 0, 20, 10, 0, 20, 0, 0),
}
# How well a place is covered next to the others of its objective.
COVER = {
    "1.1": (18, 25, 12, 14, 20, 18, 6, 0, 0),
    "1.2": (18, 48, 20, 0, 30, 22, 0, 0, 0),
    "1.3": (0, 0, 0, 20, 0, 14, 20, 2, 0),
    "1.4": (30, 22, 0, 0, 0, 44, 0, 0, 0),
    "2.1": (90, 70, 50, 60, 128, 90, 96, 40, 0),
    "2.2": (48, 0, 0, 40, 96, 35, 60, 10, 0),
    "2.3": (40, 0, 20, 0, 58, 30, 30, 0, 0),
    "2.4": (96, 30, 0, 50, 60, 20, 66, 18, 0),
    "3.1": (120, 0, 0, 80, 150, 60, 96, 40, 0),
    "3.2": (0, 0, 0, 0, 62, 0, 40, 0, 0),
    "3.3": (0, 0, 0, 0, 42, 0, 22, 0, 0),
    "3.4": (0, 0, 0, 0, 48, 30, 40, 0, 0),
    "4.1": (90, 0, 0, 30, 56, 0, 48, 0, 0),
    "4.2": (10, 0, 0, 0, 60, 45, 0, 0, 0),
    "4.3": (0, 0, 0, 0, 75, 0, 0, 0, 0),
    "4.4": (64, 0, 0, 10, 60, 0, 28, 0, 0),
}
PINNED = {("1.1", 0): 18}  # percent covered, whatever the others are

# Millions by pillar and year.
REQUIRED_BY_YEAR = {
    "1": (4.8, 5.4, 5.7, 5.7),
    "2": (5.8, 6.2, 6.3, 6.3),
    "3": (2.8, 3.0, 3.0, 3.0),
    "4": (1.2, 1.4, 1.4, 1.4),
}
COMMITTED_BY_YEAR = {
    "1": (1.40, 1.55, 0.64, 0.30),
    "2": (5.30, 5.50, 2.80, 1.36),
    "3": (3.20, 3.00, 1.08, 0.30),
    "4": (0.95, 1.05, 0.52, 0.20),
}
TARGET_SHARES = {"1": 34, "2": 39, "3": 19, "4": 8}  # percent of all money, as the need is

# Activities by objective and place: 118.
COUNTS = {
    "1.1": (3, 2, 1, 1, 0, 1, 0, 0, 0),
    "1.2": (1, 4, 1, 0, 2, 1, 0, 0, 0),
    "1.3": (0, 0, 0, 1, 0, 1, 2, 0, 0),
    "1.4": (1, 1, 0, 0, 0, 1, 0, 0, 0),
    "2.1": (3, 1, 1, 1, 5, 2, 3, 1, 0),
    "2.2": (1, 0, 0, 1, 4, 1, 2, 0, 0),
    "2.3": (1, 0, 1, 0, 3, 1, 1, 0, 0),
    "2.4": (6, 1, 0, 2, 2, 1, 3, 1, 0),
    "3.1": (4, 0, 0, 2, 5, 1, 3, 1, 0),
    "3.2": (0, 0, 0, 0, 3, 0, 1, 0, 0),
    "3.3": (0, 0, 0, 0, 3, 0, 1, 0, 0),
    "3.4": (0, 0, 0, 0, 1, 1, 2, 0, 0),
    "4.1": (2, 0, 0, 1, 2, 0, 1, 0, 0),
    "4.2": (0, 0, 0, 0, 2, 1, 0, 0, 0),
    "4.3": (0, 0, 0, 0, 4, 0, 0, 0, 0),
    "4.4": (3, 0, 0, 0, 1, 0, 0, 0, 0),
}
ORGANISATIONS_BY_OBJECTIVE = {
    "1.1": 5, "1.2": 6, "1.3": 3, "1.4": 3, "2.1": 11, "2.2": 6, "2.3": 5, "2.4": 9,
    "3.1": 6, "3.2": 3, "3.3": 3, "3.4": 2, "4.1": 5, "4.2": 2, "4.3": 3, "4.4": 3,
}  # fmt: skip


def units(millions: float) -> int:
    """Whole units of a round figure in millions of US dollars."""
    return round(millions * PER_MILLION)
