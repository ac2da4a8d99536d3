"""What the members of the invented coalition do: 118 activities, as many by objective and place as the figures say."""

# ruff: noqa: E501 (tables read best with one row to a line)

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from itertools import cycle

from portal.demo.example.figures import CODES, COUNTS, OBJECTIVES, PLACES, UNIT, units
from portal.demo.example.people import WORKERS

PUBLIC, COALITION, WORKING_GROUP, ORGANISATION = (
    "public",
    "coalition",
    "working_group",
    "organisation",
)
EXACT, COUNTRY = "exact", "country"
PLACE_NAMES = dict(PLACES)


@dataclass(frozen=True, slots=True)
class Work:
    """An activity; budget in US dollars, None where it has none of its own."""

    number: str
    title: str
    organisation: str
    objective: str
    place: str
    start: date
    end: date
    budget: int | None = None
    reach: int = 0  # people so far, 0 for not counted
    population: str = ""
    mode: str = "service"
    visibility: str = PUBLIC
    precision: str = EXACT
    is_stale: bool = False  # its last "still true" is more than a quarter ago
    is_draft: bool = False
    partners: tuple[str, ...] = ()
    description: str = ""


def _told(number, title, organisation, objective, place, start, end, budget=None, **more) -> Work:
    return Work(
        number, title, organisation, objective, place, date(*start), date(*end), budget, **more
    )


TOLD = (
    _told("A-214", "Pre-departure sessions at bus stations", "Kestrel Community Network", "1.1", "XX-NB", (2025, 3, 1), (2026, 12, 31), 210_000, reach=6000, population="migrants", mode="campaign", description="Volunteers meet people at two bus stations and go through contracts, fees and whom to call."),
    _told("A-207", "Safe jobs desk at the crossing", "Regional Migration Centre", "1.1", "XX-NB", (2025, 1, 1), (2026, 12, 31), 180_000, reach=3200, population="migrants"),
    _told("A-231", "Radio phone-in on safe jobs abroad", "Northgate Women's Cooperative", "1.1", "XX-HD", (2025, 7, 1), (2027, 6, 30), 96_000, population="communities", mode="campaign", partners=("Three Rivers Radio",)),
    _told("A-236", "Information for families of seasonal workers", "Upland Education Trust", "1.1", "XX-HD", (2026, 1, 1), (2026, 12, 31), 64_000, population="communities", mode="campaign"),
    _told("A-229", "Helpline messages on mobile top-up receipts", "Regional Migration Centre", "1.1", "XX-RD", (2025, 10, 1), (2026, 12, 31), 58_000, population="migrants", mode="campaign"),
    _told("A-246", "Teacher training on recruitment tactics", "Upland Education Trust", "1.2", "XX-HD", (2026, 1, 1), (2026, 12, 31), 88_000, reach=320, population="officials", mode="training"),
    _told("A-259", "School club guides on online offers", "Kestrel Community Network", "1.2", "XX-HD", (2026, 3, 1), (2026, 11, 30), 61_000, reach=1100, population="children", mode="campaign", partners=("Voices at the Table",)),
    _told("A-263", "Fair recruitment audit of 12 fishing vessels", "Coastline Seafood Group", "1.3", "XX-PC", (2026, 4, 1), (2027, 3, 31), 140_000, reach=480, population="workers", mode="advice", partners=("Labour Inspection Service", "Harbour Hands Association")),
    _told("A-188", "Shelter and emergency care, 24 places", "Ferry Road Shelter", "2.1", "XX-CR", (2025, 1, 1), (2026, 12, 31), 1_240_000, reach=385, population="survivors", visibility=COALITION, precision=COUNTRY),
    _told("A-192", "Legal clinic for residence permits", "Tidewater Legal Clinic", "2.2", "XX-PC", (2025, 2, 1), (2027, 1, 31), 310_000, reach=270, population="survivors", mode="advice", is_stale=True),
    _told("A-270", "Work placements after shelter", "Second Harbour Recovery", "2.3", "XX-CR", (2025, 9, 1), (2027, 8, 31), 270_000, reach=48, population="survivors", partners=("Meridian Savings Bank",)),
    _told("A-281", "Screening training for border officers", "Regional Migration Centre", "2.4", "XX-NB", (2027, 1, 1), (2027, 3, 31), 74_000, population="officials", mode="training", visibility=COALITION, description="Two days on screening questions, calm interviews and referral for border officers."),
    _told("A-284", "Recognise and refer: course for officers at the crossing", "Tidewater Legal Clinic", "2.4", "XX-NB", (2027, 2, 1), (2027, 4, 30), 52_000, population="officials", mode="training", visibility=COALITION, description="Course for officers at the crossing: recognise people at risk, screening questions, referral to legal aid."),
    _told("A-279", "Front-line identification skills", "Border and Ports Authority", "2.4", "XX-NB", (2026, 11, 1), (2027, 2, 28), 96_000, population="officials", mode="training", visibility=COALITION, description="For new officers at the crossing: signs of trafficking, first screening questions, referral form."),
    _told("A-251", "Night desk at the port", "Tidewater Legal Clinic", "2.4", "XX-PC", (2025, 11, 1), (2026, 12, 31), 84_000, reach=140, population="workers"),
    _told("A-205", "Specialist investigation unit, north", "National Police, Specialist Unit", "3.1", "XX-NB", (2025, 1, 1), (2026, 12, 31), 900_000, visibility=WORKING_GROUP),
    _told("A-222", "Remote testimony rooms in three courts", "Prosecutor General's Office", "3.2", "XX-CR", (2025, 5, 1), (2027, 4, 30), 420_000, reach=86, population="survivors", partners=("Tidewater Legal Clinic",)),
    _told("A-226", "Witness accompaniment", "Tidewater Legal Clinic", "3.2", "XX-CR", (2025, 6, 1), (2027, 5, 31), 150_000, reach=64, population="survivors"),
    _told("A-240", "Transaction red flags for bank staff", "Meridian Savings Bank", "3.3", "XX-CR", (2025, 10, 1), (2026, 9, 30), 120_000, reach=900, population="officials", mode="training", is_stale=True, partners=("Financial Intelligence Office",)),
    _told("A-252", "Joint labour inspections at the port", "Labour Inspection Service", "3.4", "XX-PC", (2026, 2, 1), (2027, 1, 31), 165_000, visibility=COALITION, partners=("Harbour Hands Association", "Border and Ports Authority")),
    _told("A-266", "Paid survivor advisory board", "Voices at the Table", "4.2", "XX-CR", (2026, 1, 1), (2027, 12, 31), 130_000, reach=14, population="survivors", mode="advice"),
)  # fmt: skip

DRAFTS = (
    _told("A-290", "Safe journey talks at the bus stations", "Tidewater Legal Clinic", "1.1", "XX-NB", (2027, 3, 1), (2027, 12, 31), 38_000, population="migrants", mode="campaign", is_draft=True),
    _told("A-291", "Interpreters for seafarers", "Tidewater Legal Clinic", "2.4", "XX-PC", (2027, 1, 1), (2027, 12, 31), 27_000, population="workers", is_draft=True),
)  # fmt: skip

TAKEN = {work.number for work in (*TOLD, *DRAFTS)}

# What else is done for each objective: titles, for whom, how.
KINDS = {
    "1.1": (("Contract check evenings", "Travel fee calculator", "Returnees tell their stories"), "migrants", "campaign"),
    "1.2": (("Lessons on false job offers", "Parents' evenings on recruiters", "Peer guides in upper classes", "Training for school counsellors"), "children", "training"),
    "1.3": (("Recruitment fee survey", "Complaint boxes in packing halls", "Code for labour agents"), "workers", "advice"),
    "1.4": (("Savings groups in departure districts", "Paid training places", "Seed loans for family farms"), "communities", "service"),
    "2.1": (("Emergency beds", "Mobile care team", "Medical care day and night", "Safe rooms for families", "Trauma counselling"), "survivors", "service"),
    "2.2": (("Legal aid hours", "Help with residence permits", "Interpreters for hearings", "Lawyers on call"), "survivors", "advice"),
    "2.3": (("Shared flats after shelter", "Back to school", "First job with a mentor", "Health and counselling for two years"), "survivors", "service"),
    "2.4": (("First contact desk", "Screening in clinics", "Referral hotline", "Night patrol with social workers", "Waiting room leaflets"), "officials", "service"),
    "3.1": (("Online investigation course", "Joint case team", "Interviewing people who were trafficked", "Evidence from phones"), "officials", "training"),
    "3.2": (("Judges' seminar on testimony", "Separate waiting rooms in court"), "officials", "training"),
    "3.3": (("Freezing orders guide", "Asset tracing desk", "Compensation from seized assets"), "officials", "advice"),
    "3.4": (("Inspections in high-risk workshops", "Inspectors' field guide", "Night inspections"), "workers", "service"),
    "4.1": (("One referral form", "Directory of services", "Case conferences"), "officials", "advice"),
    "4.2": (("Survivor reviewers for every plan", "Training for advisers"), "survivors", "advice"),
    "4.3": (("Shared safe data standard", "Survey of returning workers", "Yearly report on trends", "Open library of studies"), "public", "research"),
    "4.4": (("Hotline handover across the border", "Joint exercises with the neighbouring police", "Liaison officers"), "officials", "advice"),
}  # fmt: skip

# Start and end of what is not told: most ends with the year 2026.
PERIODS = (
    ((2025, 1, 1), (2026, 12, 31)),
    ((2025, 3, 1), (2026, 12, 31)),
    ((2025, 7, 1), (2027, 6, 30)),
    ((2026, 1, 1), (2026, 12, 31)),
    ((2025, 1, 1), (2027, 12, 31)),
    ((2026, 4, 1), (2027, 3, 31)),
    ((2025, 9, 1), (2026, 12, 31)),
    ((2026, 2, 1), (2028, 1, 31)),
    ((2027, 1, 1), (2027, 12, 31)),
)
BUDGETS = tuple(
    units(millions) * UNIT for millions in (0.048, 0.126, 0.072, 0.21, 0.035, 0.158, 0.09)
)
REACHES = (120, 45, 8, 260, 0, 75, 540, 0)


def activities() -> list[Work]:
    """The 118 activities that count, then two drafts."""
    made = list(TOLD)
    periods, budgets, reaches, rank = (
        cycle(PERIODS),
        cycle(BUDGETS),
        cycle(REACHES),
        cycle(range(11)),
    )
    numbers = (f"A-{n}" for n in range(101, 1000) if f"A-{n}" not in TAKEN)
    for code in OBJECTIVES:
        doers = _doers(code)
        titles = cycle(KINDS[code][0])
        for place, count in zip(CODES, COUNTS[code], strict=True):
            told = sum(1 for work in TOLD if (work.objective, work.place) == (code, place))
            for _ in range(count - told):
                start, end = next(periods)
                kind, doer = next(rank), next(doers)
                made.append(
                    Work(
                        number=next(numbers),
                        title=_title(next(titles), place, made),
                        organisation=doer,
                        objective=code,
                        place=place,
                        start=date(*start),
                        end=date(*end),
                        budget=next(budgets) if kind != 5 else None,
                        reach=next(reaches) if start < (2026, 10, 31) else 0,
                        population=KINDS[code][1],
                        mode=KINDS[code][2],
                        visibility=_visibility(code, kind),
                        precision=COUNTRY if code == "2.1" and kind == 2 else EXACT,
                        is_stale=kind in (3, 8),
                        partners=_partners(code, kind, doer),
                    )
                )
    return [*made, *DRAFTS]


def _doers(code: str) -> Iterator[str]:
    """Organisations in turn, those that no told activity names first, so that all of them work on it."""
    told = {work.organisation for work in TOLD if work.objective == code}
    first = [name for name in WORKERS[code] if name not in told]
    yield from first
    yield from cycle(WORKERS[code])


def _title(title: str, place: str, made: list[Work]) -> str:
    """The title, with the place, and with a number where there is one like it."""
    full = f"{title}, {PLACE_NAMES[place]}"
    alike = sum(1 for work in made if work.title.startswith(full))
    return f"{full} {alike + 1}" if alike else full


def _visibility(code: str, kind: int) -> str:
    if code == "3.1" and kind % 2:
        return WORKING_GROUP
    return {4: COALITION, 9: ORGANISATION}.get(kind, PUBLIC)


def _partners(code: str, kind: int, doer: str) -> tuple[str, ...]:
    """Every fifth activity or so is run together with another member that works on the same."""
    if kind not in (0, 7):
        return ()
    return (next(name for name in WORKERS[code][::-1] if name != doer),)
