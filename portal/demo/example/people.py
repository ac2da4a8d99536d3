"""The organisations of the invented coalition: 38 members, nine of them funders."""

# ruff: noqa: E501 (tables read best with one row to a line)

from dataclasses import dataclass

# IATI OrganisationType
GOVERNMENT, OTHER_PUBLIC, NATIONAL_NGO, MULTILATERAL, FOUNDATION, PRIVATE, ACADEMIC = (
    "10", "15", "22", "40", "60", "70", "80",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Member:
    """A member; `tags` are those of the directory."""

    name: str
    kind: str
    tags: tuple[str, ...] = ()
    is_funder: bool = False


MEMBERS = (
    Member("Association of Recruitment Agencies", PRIVATE),
    Member("Border and Ports Authority", GOVERNMENT, ("law_enforcement",)),
    Member("Coastline Seafood Group", PRIVATE),
    Member("Ferry Road Shelter", NATIONAL_NGO),
    Member("Harbour Hands Association", NATIONAL_NGO),
    Member("Kestrel Community Network", NATIONAL_NGO),
    Member("Labour Inspection Service", GOVERNMENT),
    Member("Meridian Savings Bank", PRIVATE),
    Member("Ministry of Social Affairs", GOVERNMENT),
    Member("National Police, Specialist Unit", GOVERNMENT, ("law_enforcement",)),
    Member("Northgate Women's Cooperative", NATIONAL_NGO),
    Member("Our Own Terms", NATIONAL_NGO, ("survivor_led",)),
    Member("Prosecutor General's Office", GOVERNMENT, ("law_enforcement",)),
    Member("Regional Migration Centre", MULTILATERAL),
    Member("Second Harbour Recovery", NATIONAL_NGO),
    Member("Tidewater Legal Clinic", NATIONAL_NGO),
    Member("University of the Plains", ACADEMIC),
    Member("Upland Education Trust", NATIONAL_NGO),
    Member("Voices at the Table", NATIONAL_NGO, ("survivor_led",)),
    Member("Bread and Lamp Mission", NATIONAL_NGO, ("faith_based",)),
    Member("Delta Farmers' Union", NATIONAL_NGO),
    Member("Garment Workers' House", NATIONAL_NGO),
    Member("Harbour Street Clinic", NATIONAL_NGO),
    Member("Judicial Training Institute", OTHER_PUBLIC),
    Member("Lakeside Youth Council", NATIONAL_NGO),
    Member("Financial Intelligence Office", GOVERNMENT, ("law_enforcement",)),
    Member("Three Rivers Radio", PRIVATE, ("media",)),
    Member("Westgate Reception Service", OTHER_PUBLIC),
    Member("National Statistics Office", GOVERNMENT),
    Member("Alder Foundation", FOUNDATION, (), True),
    Member("Brightwater Fund", FOUNDATION, (), True),
    Member("Regional Development Programme", MULTILATERAL, (), True),
    Member("Hollis Family Trust", FOUNDATION, (), True),
    Member("Lantern Trust", FOUNDATION, (), True),
    Member("Northern Cooperation Agency", GOVERNMENT, (), True),
    Member("Ministry of Finance", GOVERNMENT, (), True),
    Member("River Lottery Fund", OTHER_PUBLIC, (), True),
    Member("Seafarers' Welfare Fund", FOUNDATION, (), True),
)
FUNDERS = tuple(member.name for member in MEMBERS if member.is_funder)

# Who works on an objective: as many as the figures say.
WORKERS = {
    "1.1": ("Kestrel Community Network", "Northgate Women's Cooperative", "Regional Migration Centre", "Upland Education Trust", "Three Rivers Radio"),
    "1.2": ("Upland Education Trust", "Kestrel Community Network", "Lakeside Youth Council", "Bread and Lamp Mission", "Voices at the Table", "Northgate Women's Cooperative"),
    "1.3": ("Coastline Seafood Group", "Garment Workers' House", "Association of Recruitment Agencies"),
    "1.4": ("Northgate Women's Cooperative", "Delta Farmers' Union", "Upland Education Trust"),
    "2.1": ("Ferry Road Shelter", "Bread and Lamp Mission", "Second Harbour Recovery", "Harbour Street Clinic", "Ministry of Social Affairs", "Our Own Terms", "Westgate Reception Service", "Kestrel Community Network", "Northgate Women's Cooperative", "Harbour Hands Association", "Regional Migration Centre"),
    "2.2": ("Tidewater Legal Clinic", "Harbour Hands Association", "Regional Migration Centre", "Ministry of Social Affairs", "Our Own Terms", "University of the Plains"),
    "2.3": ("Second Harbour Recovery", "Voices at the Table", "Meridian Savings Bank", "Bread and Lamp Mission", "Our Own Terms"),
    "2.4": ("Border and Ports Authority", "Regional Migration Centre", "Tidewater Legal Clinic", "Harbour Street Clinic", "Westgate Reception Service", "Harbour Hands Association", "Ministry of Social Affairs", "Kestrel Community Network", "Labour Inspection Service"),
    "3.1": ("National Police, Specialist Unit", "Prosecutor General's Office", "Border and Ports Authority", "University of the Plains", "Financial Intelligence Office", "Labour Inspection Service"),
    "3.2": ("Prosecutor General's Office", "Tidewater Legal Clinic", "Judicial Training Institute"),
    "3.3": ("Meridian Savings Bank", "Financial Intelligence Office", "Prosecutor General's Office"),
    "3.4": ("Labour Inspection Service", "Harbour Hands Association"),
    "4.1": ("Ministry of Social Affairs", "Second Harbour Recovery", "Regional Migration Centre", "Border and Ports Authority", "Ferry Road Shelter"),
    "4.2": ("Voices at the Table", "Our Own Terms"),
    "4.3": ("University of the Plains", "National Statistics Office", "Ministry of Social Affairs"),
    "4.4": ("Regional Migration Centre", "Border and Ports Authority", "National Police, Specialist Unit"),
}  # fmt: skip
