"""Personal data in free text: what is found, and what is left alone. All people and numbers here are made up."""

from itertools import pairwise

import pytest

from portal.lib.personal_data import Kind, find

FOUND = [
    ("Write to amina.o@example.org for more.", Kind.EMAIL, "amina.o@example.org"),
    ("Write to amina (at) example (dot) org", Kind.EMAIL, "amina (at) example (dot) org"),
    ("Escriba a maria [arroba] ejemplo.org", Kind.EMAIL, "maria [arroba] ejemplo.org"),
    ("She is at -1.28333, 36.81667 now", Kind.COORDINATES, "-1.28333, 36.81667"),
    ("The house: 1°17'11\"S", Kind.COORDINATES, "1°17'11\"S"),
    ("Refugio en 19.43°N", Kind.COORDINATES, "19.43°N"),
    ("See 6GCRPR6C+24 on the map", Kind.COORDINATES, "6GCRPR6C+24"),
    ("We meet at ///filled.count.soap", Kind.COORDINATES, "///filled.count.soap"),
    ("Her passport number A12345678 was kept", Kind.IDENTITY, "passport number A12345678"),
    ("Passport: K0123456", Kind.IDENTITY, "Passport: K0123456"),
    ("police case no. 2019/4471 is open", Kind.IDENTITY, None),
    ("case number 33-4471", Kind.IDENTITY, "case number 33-4471"),
    ("national ID 29384756", Kind.IDENTITY, "national ID 29384756"),
    ("Her SSN is 219-09-9999.", Kind.IDENTITY, None),
    ("his number 219-09-9999 leaked", Kind.IDENTITY, "219-09-9999"),
    ("con DNI 12345678Z", Kind.IDENTITY, "DNI 12345678Z"),
    ("titular 12345678Z", Kind.IDENTITY, "12345678Z"),
    ("titular X1234567L", Kind.IDENTITY, "X1234567L"),
    ("cédula de ciudadanía 1020304050", Kind.IDENTITY, "cédula de ciudadanía 1020304050"),
    ("expediente n.º 4471/2019", Kind.IDENTITY, "expediente n.º 4471/2019"),
    ("CURP HEGG560427MVZRRL04", Kind.IDENTITY, None),
    ("numéro de dossier 19-4471", Kind.IDENTITY, "numéro de dossier 19-4471"),
    ("née sous le 2 55 08 14 168 025 38", Kind.IDENTITY, "2 55 08 14 168 025 38"),
    ("paid to GB82 WEST 1234 5698 7654 32", Kind.IDENTITY, "GB82 WEST 1234 5698 7654 32"),
    ("Reach us on +254 712 345678", Kind.PHONE, "+254 712 345678"),
    ("in France 06 12 34 56 78", Kind.PHONE, "06 12 34 56 78"),
    ("in Kenya 0712 345678 day and night", Kind.PHONE, "0712 345678"),
    ("office (202) 456-1111", Kind.PHONE, "(202) 456-1111"),
    ("office 202-456-1111.", Kind.PHONE, "202-456-1111"),
    ("en Madrid, 612 345 678", Kind.PHONE, "612 345 678"),
    ("in Manila 0917 123 4567", Kind.PHONE, "0917 123 4567"),
    ("in London 020 7946 0018", Kind.PHONE, "020 7946 0018"),
    ("WhatsApp: 555 0143", Kind.PHONE, "555 0143"),
    ("llame al 800 0123", Kind.PHONE, "800 0123"),
    ("appelez le 3919 00", Kind.PHONE, "3919 00"),
    ("Amina, aged 16, came to us", Kind.AGE_AND_NAME, "Amina, aged 16"),
    ("Amina Otieno (16 years old)", Kind.AGE_AND_NAME, None),
    ("Amina, a 16-year-old from the coast", Kind.AGE_AND_NAME, "Amina, a 16-year-old"),
    ("Amina, 16, was taken to a farm", Kind.AGE_AND_NAME, "Amina, 16"),
    ("the survivor Amina (16)", Kind.AGE_AND_NAME, "survivor Amina (16)"),
    ("a 15-year-old girl named Amina", Kind.AGE_AND_NAME, "15-year-old girl named Amina"),
    ("María, de 15 años, vive aquí", Kind.AGE_AND_NAME, "María, de 15 años"),
    ("Ayudamos a Lucía, 17 años", Kind.AGE_AND_NAME, "Lucía, 17 años"),
    ("una niña de 15 años llamada Lucía", Kind.AGE_AND_NAME, "15 años llamada Lucía"),
    ("Aïcha, âgée de 14 ans", Kind.AGE_AND_NAME, "Aïcha, âgée de 14 ans"),
    ("Aïcha, 14 ans, est arrivée", Kind.AGE_AND_NAME, "Aïcha, 14 ans"),
    ("une fille de 14 ans prénommée Aïcha", Kind.AGE_AND_NAME, "14 ans prénommée Aïcha"),
    ("The shelter is at 14 Ferry Road", Kind.ADDRESS, "14 Ferry Road"),
    ("221B Old Baker St. is closed", Kind.ADDRESS, "221B Old Baker St."),
    ("en la Calle de Alcalá, 45", Kind.ADDRESS, "Calle de Alcalá, 45"),
    ("Avenida Juárez n.º 20", Kind.ADDRESS, "Avenida Juárez n.º 20"),
    ("Carrera 7 # 32-16", Kind.ADDRESS, None),
    ("au 12 bis, rue de la Paix", Kind.ADDRESS, "12 bis, rue de la Paix"),
    ("12 avenue des Ternes", Kind.ADDRESS, "12 avenue des Ternes"),
    ("Plot 24, Kampala", Kind.ADDRESS, "Plot 24"),
]

LEFT_ALONE = [
    "Training for 120 police officers in 14 districts, 2010-2014.",
    "From 01/02/2026 to 30/09/2027, or 2026-09-30.",
    "It costs US$ 1 250 000, or 250 000 000 XOF, or 1,250,000 euros.",
    "We reached 612 345 678 people by radio.",
    "Over 200 000 000 listeners heard it in 2010, 2011 and 2012.",
    "Grant S-SGTIP-10-GR-0014, award number SLMAQM10GR1234.",
    "Project ID number 44710 in the registry of the funder.",
    "IATI identifier US-GOV-11-SLMAQM10GR1234.",
    "Girls aged 12 to 17 and women aged 18 and over.",
    "Children in Kenya aged 15 to 17 stay at school.",
    "For girls from Honduras, 15-year-old girls above all.",
    "Niñas de 12 a 17 años y mujeres de 18 años o más.",
    "Des filles de 12 à 17 ans et des femmes de plus de 18 ans.",
    "Workshops in Nairobi (14), Kisumu (12) and Mombasa (9).",
    "Phase 2, 14 months; Module 3, 12 sessions.",
    "Since March, 14 courts have a room of their own.",
    "Objective 1.2 and objective 3.1 under article 3.",
    "Between 2.5 and 3.25 per cent; 0.125, 0.250 and 0.375 in each.",
    "Ratio 1.250, 250.125 in all.",
    "Two talks a week at the three largest bus stations: rights at work, fees that are not allowed.",
    "Talleres en la plaza con 40 mujeres, y en 3 avenidas.",
    "Un lieu d'accueil de 12 places pour des femmes.",
    "In 2 Court Houses and 3 Road Transport offices.",
    "Open 24 hours a day, 7 days a week, 365 days a year.",
    "UN Security Council resolution 2388 (2017), General Assembly 64/293.",
    "ISBN 978-92-1-130000-0",
    "A help line with a number of its own.",
    "In case number of people doubles, 12 more join.",
    "",
]


@pytest.mark.parametrize(("text", "kind", "words"), FOUND, ids=[row[0] for row in FOUND])
def test_personal_data_is_found(text, kind, words):
    hits = find(text)

    assert [hit.kind for hit in hits] == [kind]
    if words:
        assert hits[0].text == words
    assert text[hits[0].start : hits[0].end] == hits[0].text
    assert hits[0].text in hits[0].sentence


@pytest.mark.parametrize("text", LEFT_ALONE)
def test_what_is_about_nobody_is_left_alone(text):
    assert find(text) == []


def test_several_hits_come_in_the_order_of_the_text_and_do_not_overlap():
    text = "Call +254 712 345678 or mail amina@example.org, 14 Ferry Road."

    hits = find(text)

    assert [hit.kind for hit in hits] == [Kind.PHONE, Kind.EMAIL, Kind.ADDRESS]
    assert all(a.end <= b.start for a, b in pairwise(hits))


def test_kinds_that_are_welcome_are_skipped():
    hits = find("office@example.org, passport A12345678", skip=[Kind.EMAIL])

    assert [hit.kind for hit in hits] == [Kind.IDENTITY]


def test_a_long_text_without_spaces_is_read():
    assert find("a" * 50_000 + " " + "1" * 5_000 + "A " * 5_000) == []
