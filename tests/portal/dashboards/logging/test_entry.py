import json

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from activities.models import Activity, ActivityDraft
from activities.overlaps import update_overlaps
from tests.factories import ActivityFactory, ExpectationFactory, PlaceFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("wagtail_root")]

SENTENCES = {
    "no objective": ({"objective": None}, ["Choose the objective this activity supports"]),
    "unknown objective": ({"objective": ["999999"]}, ["One of these is not in the list any more. Choose again"]),
    "letters for an objective": ({"objective": ["x; drop"]}, ["Choose the objective this activity supports"]),
    "a huge number for a place": ({"place": ["9" * 40]}, ["Choose where it happens: a country or a region is enough"]),
    "unknown place": ({"place": ["999999"]}, ["One of these is not in the list any more. Choose again"]),
    "end before start": ({"end_year": "2026"}, ["The end must be after the start, Feb 2027"]),
    "no dates": (
        {"start_month": "", "end_year": ""}, ["Say when it starts", "Say when it ends"],
    ),
    "a year in letters": ({"start_year": "soon"}, ["Write the year with four digits, such as 2027"]),
    "a year far off": ({"end_year": "9999"}, ["The year is between 1990 and 2100"]),
    "a thirteenth month": ({"start_month": "13"}, ["Choose a month"]),
    "no such day": ({"start_day": "31"}, ["The day is between 1 and 28 in this month, or empty"]),
    "no title": ({"title": "  "}, ["Give the activity a name"]),
    "a long title": ({"title": "x" * 301}, ["This is 1 characters too long. Up to 300 fit"]),
    "a NUL byte": (
        {"description": "a\0b"}, ["This text holds a character that cannot be kept. Type it again"],
    ),
    "nobody it is for": ({"population": None}, ["Choose at least one group of people"]),
    "an unknown group of people": ({"population": ["migrants", "x"]}, ["Choose from the list"]),
    "people in exponents": ({"people": "1e9"}, ["Write about how many people as a number, such as 3,000"]),
    "a negative budget": ({"budget": "-5"}, ["Write the budget as a number, such as 64,000"]),
    "a budget without end": (
        {"budget": "9" * 30}, ["This budget is too large to be right. Please look again."],
    ),
    "a currency of no list": ({"budget": "5", "currency": "XXX"}, ["Choose the currency from the list"]),
    "no visibility": ({"visibility": None}, ["Choose who may see this activity"]),
    "a group without a choice": ({"visibility": "working_group"}, ["Choose at least one working group"]),
    "an unknown partner": ({"partner": ["999999"]}, ["One of the partners is not in the directory. Choose again"]),
    "an unknown status": ({"status": "9"}, ["Choose one of the list"]),
    "an unknown precision": ({"precision": "street"}, ["Choose one of the list"]),
    "a long contact": ({"contact": "x" * 201}, ["This is 1 characters too long. Up to 200 fit"]),
}  # fmt: skip


@pytest.mark.parametrize("what", SENTENCES)
def test_bad_input_gets_a_sentence_and_is_kept(send, filled, what):
    changes, sentences = SENTENCES[what]

    response, problems = send(filled(**changes))

    assert problems == sentences
    assert response.status_code == 422
    page = response.content.decode()
    assert "<title>Error:" in page
    assert not Activity.objects.filter(title="Talks on rights at work").exists()
    assert ActivityDraft.objects.get().data["end_month"] == ["11"]
    for name in ("title", "description"):
        if name not in changes:
            assert filled()[name] in page


@pytest.mark.parametrize(
    ("shares", "sentences"),
    [
        (("60", "30"), ["The shares make 90%. Give out the other 10%"]),
        (("60", "50"), ["The shares make 110%. Take 10% away"]),
        (("33.333333", "66.666666"), ["The shares make 99.999999%. Give out the other 0.000001%"]),
        (("1e9", "1"), ["Write each share as a number, such as 60 or 33.3"]),
        (("nan", "50"), ["Write each share as a number, such as 60 or 33.3"]),
        (("0", "100"), ["A share is above 0 and at most 100"]),
        (("40", ""), ["Say how much goes to 2.2 Law"]),
        (("", ""), []),
        (("33.333333", "66.666667"), []),
    ],
)
def test_shares_are_added_up_with_decimals(send, filled, ground, shares, sentences):
    keys = (ground.care.pk, ground.law.pk)
    typed = {f"objective_share-{key}": text for key, text in zip(keys, shares, strict=True)}

    _response, problems = send(filled(objective=keys, **typed))

    assert problems == sentences


def test_one_objective_has_all_of_it_whatever_its_share_was_before(send, filled, ground):
    _response, problems = send(filled(**{f"objective_share-{ground.care.pk}": "60"}))

    assert problems == []
    assert Activity.objects.latest("pk").objective_shares.get().share == 100


def test_hidden_groups_and_organisations_are_not_to_be_had(send, filled, ground, editor_b):
    group = {"visibility": "working_group", "group": [ground.foreign_group.pk]}

    _response, problems = send(filled(**group))
    _response, others = send(filled(organisation=ground.other.reporting_organisation_id))

    assert problems == ["One of these groups is not yours. Choose again"]
    assert others == ["Choose the organisation that reports the activity"]


def test_every_problem_stands_above_and_at_its_question(send, filled):
    response, problems = send(filled(objective=None, title="", end_year="2026"))

    page = response.content.decode()
    assert problems == [
        "Choose the objective this activity supports",
        "The end must be after the start, Feb 2027",
        "Give the activity a name",
    ]
    assert "There are 3 things to put right" in page
    for question in ("objective", "when", "title"):
        assert f'href="#q-{question}"' in page
        assert f'id="q-{question}"' in page
        assert f'id="q-{question}-e"' in page


# What helps without scripts


def test_objective_and_place_come_from_the_address(editor, ground):
    typed = editor.get("/activities/new/?objective=2.1&place=KE").context["typed"]

    assert (typed["objective"], typed["place"]) == ([str(ground.care.pk)], [str(ground.kenya.pk)])


@pytest.mark.parametrize("query", ["objective=9.9&place=XX", "objective=%00&place=%00", "draft=x"])
def test_a_wrong_address_gives_an_empty_form(editor, ground, query):
    response = editor.get(f"/activities/new/?{query}")

    assert response.status_code == 200
    assert "objective" not in response.context["typed"]


def test_places_are_found_by_name_and_inside_one(editor, ground):
    world = ground.kenya.parent

    by_name = editor.get("/activities/places/?find_place=KEN").content.decode()
    inside = editor.get(f"/activities/places/?inside={world.pk}").content.decode()
    nothing = editor.get("/activities/places/?find_place=zzz").content.decode()
    short = editor.get("/activities/places/?find_place=k").content.decode()

    assert ("Kenya" in by_name, "Ghana" in by_name) == (True, False)
    assert "Kenya" in inside
    assert "Ghana" in inside
    assert "Nothing is called" in nothing
    assert "at least two letters" in short


def test_places_are_found_with_the_form_as_it_stands(editor, ground, filled):
    response = editor.post(
        "/activities/new/", filled(action="check", find_place="gha", title="Half a")
    )

    assert response.status_code == 200
    found = response.context["place_result"]["rows"]
    assert [row["label"] for row in found] == ["Ghana"]
    assert "Half a" in response.content.decode()
    assert response.context["problems"] == []


@pytest.mark.parametrize(
    ("action", "typed", "expected"),
    [
        ("equal:objective", ("10", "10"), ["50", "50"]),
        ("rest:objective", ("30", ""), ["30", "70"]),
        ("rest:objective", ("30", "20"), ["30", "70"]),
    ],
)
def test_shares_are_given_out_without_scripts(editor, ground, filled, action, typed, expected):
    keys = (ground.care.pk, ground.law.pk)
    shares = {f"objective_share-{key}": text for key, text in zip(keys, typed, strict=True)}

    response = editor.post("/activities/new/", filled(action=action, objective=keys, **shares))

    split = response.context["objective_split"]
    assert [row["text"] for row in split["rows"]] == expected
    assert split["is_right"]


@pytest.mark.parametrize("field", ["objective", "place", "partner", "say-1", "token", "base"])
@pytest.mark.parametrize("text", ["\0", "９", "9" * 400, "{]", "null"])
def test_nothing_typed_breaks_a_page(editor, ground, filled, field, text):
    form = filled(**{field: text})

    for url, action in (
        ("/activities/new/", "save"), ("/activities/new/", "check"), ("/activities/new/", text),
        ("/activities/similar/", ""), ("/activities/draft/", ""),
    ):  # fmt: skip
        assert editor.post(url, {**form, "action": action}).status_code < 500
    for url in ("places/?find_place=", "places/?inside=", "partners/?find_partner="):
        assert editor.get(f"/activities/{url}", {"x": text}).status_code < 500


def test_the_panel_shows_what_is_alike_with_reasons_and_choices(editor, ground, filled):
    update_overlaps([ground.other.pk])
    form = filled(
        title="Talks about rights at work",
        description="At the bus stations",
        budget="64000",
        action="",
    )

    live = editor.post("/activities/similar/", form).context["live"]

    assert [row["title"] for row in live["similar"]] == [ground.other.title]
    assert "Same objective" in live["similar"][0]["reasons"]
    assert live["effects"][0].title == "Objective 2.1 in Kenya"
    assert "64,000" in live["effects"][0].change


def test_the_panel_names_nothing_that_the_writer_may_not_see(editor, ground, filled):
    Activity.objects.filter(pk=ground.other.pk).update(visibility="organisation")
    update_overlaps([ground.other.pk])

    response = editor.post("/activities/similar/", filled(title=ground.other.title))

    assert response.context["live"]["similar"] == []
    assert ground.other.title not in json.dumps(response.context["live"]["says"])


def test_the_panel_asks_as_often_for_many_places_as_for_few(editor, ground, filled):
    def queries(keys):
        with CaptureQueriesContext(connection) as caught:
            editor.post("/activities/similar/", filled(place=keys))
        return len(caught)

    few = queries([ground.kenya.pk, ground.ghana.pk])
    more = [PlaceFactory() for _number in range(6)]
    for place in more:
        ActivityFactory(objectives=[ground.care], places=[place])
    many = queries([ground.kenya.pk, ground.ghana.pk, *(place.pk for place in more)])

    assert many <= few


def test_an_empty_cell_of_the_matrix_opens_the_form_for_those_who_may_log(
    editor, client, ground, viewer
):
    ExpectationFactory(objective=ground.law, place=ground.ghana, year_from=2026, year_to=2027)
    link = "/activities/new/?objective=2.2&amp;place=GH"
    address = "/who/?view=matrix&when=all"

    shown = editor.get(address).content.decode()
    client.force_login(viewer)
    hidden = client.get(address).content.decode()

    assert link in shown
    assert link not in hidden
