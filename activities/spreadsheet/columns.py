"""The columns of an activities' spreadsheet, each once: for the file out, the file in, and the help beside them."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy

from portal.imports.kinds import Column
from portal.records.choices import LocationPrecision, Visibility

from ..choices import ActivityStatus, DeliveryMode, Exploitation, Population
from . import cells
from .cells import Read, Write


@dataclass(frozen=True, slots=True)
class Field:
    """How a column's cell becomes a value, and back. empty: the value of an empty cell."""

    column: Column
    read: Read
    write: Write
    empty: Any = ""


# The columns

RECORD, VERSION = "record", "version"

_BOOKKEEPING = [
    Column(
        RECORD,
        gettext_lazy("Record"),
        ("Fourfold record", "record id", "registro", "enregistrement"),
        gettext_lazy(
            "The number of the record. Leave it as it is; leave it empty for a new activity."
        ),
        width=10,
        private=True,
    ),
    Column(
        VERSION,
        gettext_lazy("Version (leave as it is)"),
        ("version", "versión"),
        gettext_lazy("So that nobody's change made meanwhile is overwritten."),
        width=12,
        private=True,
    ),
]


def _field(key, header, names, help_text, codec, *, empty="", **options) -> Field:
    read, write = codec
    return Field(Column(key, header, names, help_text, **options), read, write, empty)


_PLACE = cells.shares("places", "Kenya (KE): 60; Uganda (UG): 40")
_OBJECTIVE = cells.shares("objectives", "1.1: 60; 2.3: 40")

FIELDS: list[Field] = [
    _field(
        "title",
        gettext_lazy("Title"),
        ("activity title", "project name", "project title", "project", "activity", "activity name", "name of project",
         "título", "titulo del proyecto", "nombre del proyecto", "proyecto", "actividad", "nombre de la actividad",
         "titre", "titre du projet", "nom du projet", "projet", "activité", "intitulé"),
        gettext_lazy("What you would call it in one line."),
        (cells.text(300), cells.as_is),
        width=44,
        needed=True,
    ),
    _field(
        "reporting_organisation",
        gettext_lazy("Organisation"),
        ("reporting organisation", "reporting organization", "organization", "organisation name", "our organisation",
         "agency", "member", "organización", "organizacion informante", "entidad", "organisation déclarante",
         "organisme"),
        gettext_lazy("Whose activity it is. Only needed if you write for several."),
        (cells.organisation, lambda value, names: names.organisations.texts.get(value, "")),
        empty=None,
        width=26,
    ),
    _field(
        "activity_status",
        gettext_lazy("Status"),
        ("activity status", "project status", "state", "estado", "situación", "statut", "état"),
        gettext_lazy("Under way, if you leave it empty."),
        cells.choice(ActivityStatus),
        empty=ActivityStatus.IMPLEMENTATION.value,
        listed="statuses",
        width=14,
    ),
    _field(
        "planned_start",
        gettext_lazy("Start"),
        ("planned start", "start date", "from", "begin", "beginning", "start of project", "fecha de inicio", "inicio",
         "desde", "comienzo", "date de début", "début", "debut"),
        gettext_lazy("A day, as 2027-03-15."),
        (cells.day(False), cells.write_day),
        empty=None,
        is_date=True,
        width=13,
    ),
    _field(
        "planned_end",
        gettext_lazy("End"),
        ("planned end", "end date", "to", "until", "finish", "completion date", "fecha de fin",
         "fecha de término", "fin",
         "hasta", "date de fin", "fecha final"),
        gettext_lazy("A day, as 2027-11-30."),
        (cells.day(True), cells.write_day),
        empty=None,
        is_date=True,
        width=13,
    ),
    _field(
        "objectives",
        gettext_lazy("Objectives"),
        ("objective", "obj", "obj.", "strategy objective", "objective code", "goal", "objetivo", "objetivos",
         "objectif", "objectifs"),
        gettext_lazy("Choose one from the list. For several, write shares that make 100: 1.1: 60; 2.3: 40"),
        _OBJECTIVE,
        empty=None,
        listed="objectives",
        several=True,
        needed=True,
        width=36,
    ),
    _field(
        "places",
        gettext_lazy("Places"),
        ("place", "zone", "location", "locations", "country", "countries", "region", "area", "district",
         "where", "lugar",
         "lugares", "país", "países", "zona", "ubicación", "lieu", "lieux", "pays", "région", "localisation"),
        gettext_lazy("A country or region, never an address. For several: Kenya (KE): 60; Uganda (UG): 40"),
        _PLACE,
        empty=None,
        listed="places",
        several=True,
        needed=True,
        width=30,
    ),
    _field(
        "description",
        gettext_lazy("Description"),
        ("notes", "summary", "details", "what we do", "project description", "activity description", "descripción",
         "resumen", "notas", "description du projet", "résumé", "remarques"),
        gettext_lazy("What you do and for whom. No names, phone numbers or cases."),
        (cells.text(20_000), cells.as_is),
        width=60,
    ),
    _field(
        "populations",
        gettext_lazy("For whom"),
        ("population", "population groups", "population group", "target group", "target groups", "beneficiary group",
         "población", "población meta", "grupo meta", "public cible", "population cible", "groupe cible"),
        gettext_lazy("From the list; several with a semicolon between: Women; Children"),
        cells.choices(Population),
        empty=frozenset(),
        listed="populations",
        several=True,
        width=26,
    ),
    _field(
        "exploitations",
        gettext_lazy("Form of exploitation"),
        ("forms of exploitation", "exploitation", "type of exploitation", "forma de explotación",
         "formas de explotación",
         "tipo de explotación", "forme d'exploitation", "formes d'exploitation"),
        gettext_lazy("From the list; several with a semicolon between."),
        cells.choices(Exploitation),
        empty=frozenset(),
        listed="exploitations",
        several=True,
        width=24,
    ),
    _field(
        "mode_of_delivery",
        gettext_lazy("How"),
        ("mode of delivery", "delivery mode", "delivery", "type of work", "modalidad", "modo de ejecución",
         "mode d'action",
         "modalité"),
        gettext_lazy("From the list."),
        cells.choice(DeliveryMode),
        listed="modes",
        width=22,
    ),
    _field(
        "people_expected",
        gettext_lazy("People expected"),
        ("people", "beneficiaries", "expected people", "number of people", "people reached", "number of beneficiaries",
         "target number", "beneficiarios", "personas", "número de personas", "bénéficiaires", "nombre de personnes"),
        gettext_lazy("A number alone. Others never see it exactly."),
        (cells.count, cells.write_number),
        empty=None,
        width=12,
    ),
    _field(
        "budget_amount",
        gettext_lazy("Budget"),
        ("budget amount", "amount", "total budget", "cost", "amt", "amt usd", "budget usd", "presupuesto", "monto",
         "importe", "montant", "coût"),
        gettext_lazy("A number, with its currency in the next column."),
        (cells.money, cells.write_number),
        empty=None,
        width=14,
    ),
    _field(
        "budget_currency",
        gettext_lazy("Currency"),
        ("budget currency", "currency code", "curr", "moneda", "divisa", "devise", "monnaie"),
        gettext_lazy("Three letters, as USD."),
        (cells.currency, cells.as_is),
        listed="currencies",
        width=10,
    ),
    _field(
        "participants",
        gettext_lazy("With whom"),
        ("participants", "participating organisations", "partners", "partner", "partner organisations",
         "implementing partner",
         "socios", "socio", "organizaciones participantes", "partenaires", "partenaire"),
        gettext_lazy("Organisation: role; organisation: role. Roles: funding, accountable, extending, implementing."),
        (cells.participants, cells.write_participants),
        empty=frozenset(),
        several=True,
        width=30,
    ),
    _field(
        "visibility",
        gettext_lazy("Who may see it"),
        ("visibility", "shared with", "visibilidad", "quién puede verlo", "visibilité"),
        gettext_lazy("Public, if you leave it empty."),
        cells.choice(Visibility),
        empty=Visibility.PUBLIC.value,
        listed="visibilities",
        width=18,
    ),
    _field(
        "working_groups",
        gettext_lazy("Working groups"),
        ("working group", "task force", "grupo de trabajo", "groupe de travail"),
        gettext_lazy("Only for what named working groups alone may see."),
        (cells.groups, cells.write_groups),
        empty=frozenset(),
        several=True,
        width=20,
    ),
    _field(
        "location_precision",
        gettext_lazy("How precisely others see the place"),
        ("location precision", "precision", "precisión", "précision"),
        gettext_lazy("As recorded, if you leave it empty."),
        cells.choice(LocationPrecision),
        empty=LocationPrecision.EXACT.value,
        listed="precisions",
        width=20,
    ),
    _field(
        "actual_start",
        gettext_lazy("Actual start"),
        ("actual start date", "inicio real", "début réel", "date de début réelle"),
        gettext_lazy("Once it has begun."),
        (cells.day(False), cells.write_day),
        empty=None,
        is_date=True,
        width=13,
    ),
    _field(
        "actual_end",
        gettext_lazy("Actual end"),
        ("actual end date", "fin real", "fin réelle", "date de fin réelle"),
        gettext_lazy("Once it is over."),
        (cells.day(True), cells.write_day),
        empty=None,
        is_date=True,
        width=13,
    ),
    _field(
        "contact",
        gettext_lazy("Office to contact"),
        ("contact office", "shared mailbox", "oficina de contacto", "bureau à contacter"),
        gettext_lazy("An office or a shared mailbox, not a person."),
        (cells.text(200), cells.as_is),
        width=24,
    ),
    _field(
        "reference",
        gettext_lazy("Your number"),
        ("reference", "our reference", "own id", "project number", "project id", "project code",
         "activity id", "internal id",
         "código", "código del proyecto", "número de proyecto", "référence", "numéro du projet", "code du projet"),
        gettext_lazy("Your own number of the project. Next time we find it by this."),
        (cells.text(120), cells.as_is),
        width=16,
    ),
]  # fmt: skip

BY_KEY: dict[str, Field] = {field.column.key: field for field in FIELDS}
COLUMNS: list[Column] = [_BOOKKEEPING[0], *(field.column for field in FIELDS), _BOOKKEEPING[1]]
