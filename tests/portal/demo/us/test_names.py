import pytest

from portal.demo.us.names import GOVERNMENT, Name, read_agency, read_recipient, similarity
from portal.demo.us.sources import read_grants


@pytest.mark.parametrize(
    "cell",
    [
        "ILO-IPEC",
        "ILO/IPEC",
        "ILO, IPEC",
        "ILO - International Program on the Elimination of Child Labor",
    ],
)
def test_spellings_of_one_organisation_are_one(cell):
    assert read_recipient(cell).doer == Name(
        "ILO International Programme on the Elimination of Child Labour", "ILO-IPEC"
    )


@pytest.mark.parametrize(
    ("cell", "kind"),
    [
        ("Not Listed", "Neither"),
        ("TBD", "Neither"),
        ("See Bahamas, 2012", ""),
        ("4 Individuals", "Individual"),
        ("Fulbright US Student", "Academic Fellowship"),
        ("", ""),
    ],
)
def test_cell_that_names_nobody_gives_no_organisation(cell, kind):
    assert read_recipient(cell, kind).paid is None


def test_persons_never_become_organisations():
    rows = read_grants().rows
    people = [row for row in rows if row.recipient_type in {"Individual", "Academic Fellowship"}]

    assert len(people) == 95
    assert {read_recipient(row.recipient, row.recipient_type).paid for row in people} == {None}


def test_through_names_who_passes_the_money_on():
    recipient = read_recipient("Sanlaap (Calcutta) through UNODC")

    assert recipient.doer == Name("Sanlaap")
    assert recipient.paid == Name("United Nations Office on Drugs and Crime", "UNODC")


def test_first_of_several_is_the_recipient_and_known_ones_are_kept():
    recipient = read_recipient("IOM, ILO, UNICEF")

    assert recipient.paid.short_name == "IOM"
    assert [name.short_name for name in recipient.others] == ["ILO", "UNICEF"]


@pytest.mark.parametrize(
    ("cell", "short"),
    [
        ("USDOS/ G/TIP", "State/G-TIP"),
        ("Dept. of State, G/TIP", "State/G-TIP"),
        ("USAID/ANE", "USAID/ANE"),
    ],
)
def test_agencies_have_one_spelling(cell, short):
    assert read_agency(cell).short_name == short


def test_agency_that_is_not_named_is_the_government():
    assert read_agency("") == Name(GOVERNMENT)


def test_similarity_goes_by_shared_words():
    assert similarity("IOM", "International Organization for Migration") == 1
    assert similarity("Embassy", "USDOS/EUR") < 0.6
    assert similarity("", "IOM") == 0


def test_through_inside_a_name_is_part_of_it():
    recipient = read_recipient(
        "BETI (Better Education Through Innovation) Foundation through UNODC"
    )

    assert recipient.doer == Name("BETI (Better Education Through Innovation) Foundation")
    assert recipient.paid.short_name == "UNODC"


def test_acronym_in_brackets_is_the_short_name():
    assert read_recipient("Fight Against Child Exploitation (FACE)").doer == Name(
        "Fight Against Child Exploitation", "FACE"
    )


def test_letters_that_the_file_lost_are_mended():
    assert read_recipient("La Asociaci\ufffdn Nuestros Ahijados").doer == Name(
        "La Asociación Nuestros Ahijados"
    )
