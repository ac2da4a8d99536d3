"""What made-up activities are about, and several ways of saying each: material for a labelled set of overlaps.

The ways of saying a thing are those a practitioner might use; they were not taken from the portal's own list of
words that mean the same, and many of them share no word at all.
"""

# ruff: noqa: E501 (a thing and its names read best on one line)

from dataclasses import dataclass
from random import Random

#: Pillar, mode of delivery, and ways of saying the service.
SERVICES = (
    (1, "campaign", ("Pre-departure briefings", "Orientation before travel", "Information sessions for people about to leave")),
    (1, "campaign", ("Radio drama on false job offers", "Broadcast series about deceptive recruitment", "Airing stories of fake employment")),
    (1, "campaign", ("Poster and leaflet drive", "Printed information materials", "Leaflets and billboards")),
    (1, "training", ("Lessons on online grooming", "Classroom sessions about luring on the internet", "Teaching online safety")),
    (1, "service", ("Savings and loan groups", "Village savings associations", "Group microcredit scheme")),
    (1, "service", ("Paid apprenticeships", "Vocational placements with a stipend", "Learning a trade with pay")),
    (1, "advice", ("Audit of recruitment fees", "Checking what agencies charge", "Review of placement charges")),
    (1, "advice", ("Ethical sourcing toolkit", "Guide to responsible purchasing", "Supplier due diligence manual")),
    (1, "service", ("Birth registration drive", "Mobile civil registration", "Issuing birth certificates")),
    (1, "advocacy", ("Petition for a ban on recruitment fees", "Lobbying against charging workers", "Push for an employer-pays rule")),
    (1, "research", ("Study of routes", "Mapping of migration corridors", "Field research on journeys")),
    (1, "campaign", ("Street theatre", "Community drama performances", "Plays staged in public squares")),
    (2, "service", ("Emergency shelter beds", "Safe house accommodation", "Refuge places")),
    (2, "service", ("Night drop-in", "After-dark contact point", "Late-hours walk-in desk")),
    (2, "service", ("Legal aid clinic", "Free lawyers", "Legal advice hours")),
    (2, "service", ("Trauma counselling", "Psychological support", "Psychosocial therapy sessions")),
    (2, "service", ("Mobile medical team", "Travelling health unit", "Clinic on wheels")),
    (2, "service", ("Assisted return flights", "Voluntary repatriation", "Help to travel home")),
    (2, "service", ("Family tracing", "Finding relatives", "Reconnecting with kin")),
    (2, "service", ("Interpreters on call", "Language support around the clock", "Translation by telephone")),
    (2, "training", ("Screening skills course", "Training on recognising indicators", "Workshops on spotting signs")),
    (2, "service", ("Multilingual helpline", "Toll-free phone line", "Confidential hotline")),
    (2, "service", ("Transitional flats", "Second-stage housing", "Supported apartments")),
    (2, "service", ("Foster care placements", "Host families", "Family-based alternative care")),
    (2, "service", ("Job placement with mentors", "Supported employment", "Mentored entry into work")),
    (2, "service", ("Business start-up grants", "Seed capital for small enterprises", "Micro-enterprise kits")),
    (3, "training", ("Financial investigation course", "Workshop on following the money", "Training in tracing proceeds")),
    (3, "training", ("Mock trial seminar", "Courtroom simulation", "Practice hearings")),
    (3, "advice", ("Model bill on victims' rights", "Drafting of a protection statute", "Legislative text on non-punishment")),
    (3, "service", ("Joint inspections", "Multi-agency site visits", "Combined workplace checks")),
    (3, "service", ("Remote testimony rooms", "Video link for witnesses", "Giving evidence at a distance")),
    (3, "service", ("Forensic phone laboratory", "Extraction of data from handsets", "Digital evidence unit")),
    (3, "service", ("Witness accompaniment", "Escorting people to court", "Companions during proceedings")),
    (3, "training", ("Interview techniques course", "Training in calm questioning", "Workshop on non-leading interviews")),
    (3, "service", ("Specialist investigation unit", "Dedicated detective team", "Task squad for complex cases")),
    (3, "advice", ("Compensation claims desk", "Help with redress applications", "Support for damages claims")),
    (4, "advice", ("Referral form shared by agencies", "Common intake document", "One agreed hand-over sheet")),
    (4, "advice", ("Directory of services", "Catalogue of providers", "Who-offers-what listing")),
    (4, "advice", ("Monthly case conferences", "Regular multi-disciplinary meetings", "Case round tables")),
    (4, "advice", ("Survivor advisory board", "Council of people with lived experience", "Panel of experts by experience")),
    (4, "research", ("Shared data standard", "Common coding of records", "Agreed format for statistics")),
    (4, "advice", ("Cross-border liaison posts", "Contact officers on both sides", "Exchange of focal points")),
    (4, "research", ("Prevalence survey", "Estimate of how many are affected", "Household measurement of scale")),
    (4, "grants", ("Small grants window", "Sub-grants for community groups", "Seed funding for local organisations")),
)  # fmt: skip

#: Population group and ways of naming it.
AUDIENCES = (
    ("officials", ("border officers", "frontier guards", "staff at checkpoints")),
    ("officials", ("labour inspectors", "inspectors of workplaces", "officers of the labour inspectorate")),
    ("officials", ("prosecutors", "state attorneys", "public prosecution staff")),
    ("officials", ("judges", "magistrates", "the bench")),
    ("officials", ("nurses", "hospital staff", "health workers")),
    ("officials", ("social workers", "case managers", "welfare officers")),
    ("officials", ("bank staff", "compliance teams", "tellers and analysts")),
    ("workers", ("fishing crews", "seafarers", "people working on boats")),
    ("workers", ("domestic workers", "maids and carers", "household staff")),
    ("workers", ("brick kiln workers", "kiln families", "brickmakers")),
    ("workers", ("garment workers", "seamstresses", "people in apparel factories")),
    ("workers", ("farm workers", "harvest hands", "seasonal pickers")),
    ("migrants", ("people in transit", "travellers on the route", "those on the move")),
    ("migrants", ("returning migrants", "returnees", "people coming home")),
    ("children", ("school children", "pupils", "students in primary schools")),
    ("children", ("street children", "children living rough", "minors on the streets")),
    ("children", ("unaccompanied minors", "separated children", "under-age travellers alone")),
    ("women", ("young women", "girls leaving school", "female school leavers")),
    ("women", ("women in nightlife venues", "bar hostesses", "entertainment workers")),
    ("men", ("men on building sites", "construction labourers", "builders")),
    ("survivors", ("survivors", "people who were exploited", "former victims")),
    ("communities", ("families in departure districts", "households at origin", "sending communities")),
    ("communities", ("village leaders", "elders", "local chiefs")),
    ("public", ("consumers", "the general public", "shoppers")),
)  # fmt: skip

#: What makes one piece of work different from the next of its kind.
SETTINGS = (
    ("two bus stations", "coach terminals"), ("the fish market", "landing sites"), ("the container port", "harbour docks"),
    ("evening schools", "adult colleges"), ("mosques and churches", "places of worship"), ("mobile phone shops", "handset vendors"),
    ("embassies abroad", "consular posts"), ("tea estates", "plantation camps"), ("free trade zones", "export parks"),
    ("mining camps", "quarry settlements"), ("truck stops", "highway rest areas"), ("football clubs", "sports grounds"),
    ("airports", "departure terminals"), ("asylum centres", "reception facilities"), ("women's markets", "trading halls"),
    ("railway platforms", "train stations"), ("universities", "campus clubs"), ("hotels", "guest houses"),
    ("online chat groups", "social networks"), ("prisons", "detention sites"), ("maternity wards", "birth clinics"),
    ("bridges and ferries", "river crossings"), ("trade unions", "workers' federations"), ("beauty salons", "nail bars"),
    ("car washes", "forecourts"), ("greenhouses", "polytunnels"), ("slaughterhouses", "meat plants"), ("barber shops", "hairdressers"),
    ("refugee settlements", "camps for the displaced"), ("town halls", "municipal offices"),
)  # fmt: skip
METHODS = (
    ("peer educators", "trained volunteers of the same background"), ("a mobile application", "a smartphone tool"),
    ("illustrated cards", "picture booklets"), ("two-day residential sessions", "weekend retreats"), ("home visits", "door-to-door calls"),
    ("text messages", "SMS alerts"), ("certified modules", "accredited units"), ("role play", "acted scenes"),
    ("a revolving fund", "recycled capital"), ("a written protocol", "an agreed procedure"), ("coaching on the job", "shadowing at the workplace"),
    ("comic strips", "graphic stories"), ("a shared database", "a joint register"), ("monthly stipends", "living allowances"),
    ("telephone follow-up", "check-in calls"), ("a travelling exhibition", "a touring display"), ("exchange visits", "study tours"),
    ("voice messages", "recorded audio clips"), ("vouchers", "coupons"), ("art workshops", "painting and music"), ("debates", "public discussions"),
    ("a documentary film", "a screened movie"), ("checklists", "pocket reminders"), ("night patrols", "evening rounds"),
)  # fmt: skip
AIMS = (
    ("to cut debts owed to brokers", "so that fewer people owe middlemen"), ("so that complaints are heard within a week", "for a quick answer to grievances"),
    ("to raise the number of cases referred", "so that more people are passed on to services"), ("to shorten waiting times", "so that nobody queues for months"),
    ("so that contracts are understood", "to make terms of employment clear"), ("to keep evidence intact", "so that proof survives until trial"),
    ("so that passports are returned", "to recover withheld documents"), ("to lower dropout", "so that fewer leave early"),
    ("to win back unpaid wages", "so that pay arrears are settled"), ("so that referrals are safe", "for secure hand-over"),
    ("to support parents", "so that families cope"), ("to find hidden workplaces", "so that unseen sites are reached"),
    ("so that staff know whom to call", "to make contact persons known"), ("to strengthen confidence", "so that self-esteem grows"),
    ("to keep siblings together", "so that brothers and sisters are not separated"), ("so that new laws are used", "to bring recent legislation into practice"),
)  # fmt: skip
NAMES = (
    "Lantern", "Harbour", "Compass", "Swallow", "Acacia", "Bridge", "Cedar", "Dawn", "Ember", "Fern", "Gateway", "Heron", "Ivory",
    "Juniper", "Kite", "Lotus", "Meridian", "Nest", "Olive", "Pathway", "Quartz", "Ripple", "Sparrow", "Tamarind", "Umbrella",
    "Voyager", "Willow", "Zenith", "Anchor", "Beacon", "Cypress", "Delta", "Falcon", "Garland", "Horizon", "Indigo", "Jasmine",
)  # fmt: skip

TITLES = (
    "{service} for {audience} in {place}", "{service} for {audience}", "{audience}: {service}", "{service} ({audience}, {place})",
    "{place}: {service} for {audience}", "{name}: {service} for {audience}",
)  # fmt: skip
SENTENCES = (
    ("{service} at {setting}, {aim}.", "At {setting}: {service}."),
    (
        "We work through {method} with {audience}.",
        "{audience} take part by way of {method}.",
        "The method is {method}.",
    ),
    ("{number} {audience} are to be reached.", "It is meant for {number} {audience}."),
    ("The project runs in {place} {aim}.", "In {place} the team acts {aim}."),
)
#: Said of two activities in three: where exactly, and with whom.
NEARBY = (
    "It covers {locality} and the villages around it.", "The team is based in {locality}.", "Sites: {locality} and nearby.",
    "Together with the {partner} association.", "The {partner} association hosts it.",
)  # fmt: skip
SYLLABLES = (
    "ka",
    "lo",
    "mi",
    "ren",
    "tas",
    "vo",
    "bel",
    "dor",
    "sha",
    "nim",
    "pur",
    "gal",
    "zet",
    "wen",
    "or",
    "ith",
)
FILLERS = (
    "Funded as part of the national plan against trafficking in persons.", "The project strengthens coordination between partners.",
    "Activities follow the coalition's strategy.", "Local partners are closely involved.", "Progress is reported each quarter.",
    "Gender and protection standards are respected throughout.", "Sustainability is ensured by local ownership.",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Subject:
    """What an activity is about; positions in the lists above."""

    service: int
    audience: int
    setting: int
    method: int
    aim: int
    name: str
    number: int
    locality: str
    partner: str


@dataclass(frozen=True, slots=True)
class Told:
    title: str
    description: str


def draw_subject(random: Random) -> Subject:
    return Subject(
        random.randrange(len(SERVICES)),
        random.randrange(len(AUDIENCES)),
        random.randrange(len(SETTINGS)),
        random.randrange(len(METHODS)),
        random.randrange(len(AIMS)),
        " ".join(random.sample(NAMES, 2)) if random.random() < 0.35 else "",
        random.choice((12, 25, 40, 60, 80, 120, 150, 240, 300, 450, 600, 900, 1200)),
        draw_name(random) if random.random() < 0.5 else "",
        draw_name(random) if random.random() < 0.35 else "",
    )


def draw_name(random: Random) -> str:
    """A name that means nothing."""
    return "".join(random.choice(SYLLABLES) for _ in range(3)).capitalize()


def tell(
    random: Random, subject: Subject, place: str, *, sentences: int = 3, original: float = 0.6
) -> Told:
    """A title and a description. `original`: how often the first way of saying a thing is taken."""

    def one(ways):
        return ways[0] if random.random() < original else random.choice(ways)

    def fill(template):
        text = template.format(
            service=one(SERVICES[subject.service][2]),
            audience=one(AUDIENCES[subject.audience][1]),
            setting=one(SETTINGS[subject.setting]),
            method=one(METHODS[subject.method]),
            aim=one(AIMS[subject.aim]),
            place=place,
            name=subject.name or place,
            number=subject.number,
            locality=subject.locality,
            partner=subject.partner,
        )
        return text[0].upper() + text[1:]

    chosen = random.sample(range(len(SENTENCES)), min(sentences, len(SENTENCES)))
    told = [fill(random.choice(SENTENCES[at])) for at in chosen]
    nearby = [kind for kind in ("locality", "partner") if getattr(subject, kind)]
    told += [
        fill(random.choice([line for line in NEARBY if kind in line]))
        for kind in nearby
        if sentences > 1 and random.random() < 0.75
    ]
    if sentences and random.random() < 0.7:
        told.insert(random.randrange(len(told) + 1), random.choice(FILLERS))
    title = fill(random.choice(TITLES))
    if subject.name and random.random() < 0.5 and subject.name not in title:
        title = f"{subject.name} – {title}"
    return Told(title[:300], " ".join(told))
