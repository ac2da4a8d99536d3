"""A small coalition in which an editor of Organisation A can log an activity."""

from types import SimpleNamespace
from uuid import uuid4

import pytest
from django.urls import reverse

from tests.factories import (
    ActivityFactory,
    ObjectiveFactory,
    OrganisationFactory,
    PlaceFactory,
    RequirementFactory,
    StrategyFactory,
    WorkingGroupFactory,
    pillar_root,
)
from tests.people import organisation_of

NEW = "/activities/new/"


@pytest.fixture
def ground(editor_a, editor_b):
    """Two objectives, two places, a partner, a group of each editor's organisation, and an activity of B's."""
    StrategyFactory()
    pillar_root(2)
    care, law = (
        ObjectiveFactory(pillar=2, title=title, short_title=title) for title in ("Care", "Law")
    )
    kenya, ghana = PlaceFactory(code="KE", name="Kenya"), PlaceFactory(code="GH", name="Ghana")
    for year in (2026, 2027):
        RequirementFactory(objective=care, place=kenya, year=year)
    other = ActivityFactory(
        title="Talks about rights at work at the bus stations",
        reporting_organisation=organisation_of(editor_b),
        objectives=[care],
        places=[kenya],
        planned_start="2027-01-01",
        planned_end="2027-12-31",
    )
    return SimpleNamespace(
        care=care, law=law, kenya=kenya, ghana=ghana, other=other, a=organisation_of(editor_a),
        partner=OrganisationFactory(name="Harbour House"),
        group=WorkingGroupFactory(organisations=[organisation_of(editor_a)]),
        foreign_group=WorkingGroupFactory(organisations=[organisation_of(editor_b)]),
    )  # fmt: skip


@pytest.fixture
def filled(ground):
    """A form filled in well; call it with what is different, None for what is left out."""

    def fill(**changes):
        form = {
            "token": str(uuid4()),
            "action": "save",
            "objective": [ground.care.pk],
            "place": [ground.kenya.pk],
            "start_month": "2", "start_year": "2027", "end_month": "11", "end_year": "2027",
            "title": "Talks on rights at work",
            "description": "Two talks a week at the bus stations.",
            "population": ["migrants"],
            "visibility": "public",
        }  # fmt: skip
        form |= changes
        return {name: value for name, value in form.items() if value is not None}

    return fill


@pytest.fixture
def editor(client, editor_a):
    """A client of an editor of Organisation A."""
    client.force_login(editor_a)
    return client


@pytest.fixture
def send(editor, ground):
    """Send a form; (response, its problems in order)."""

    def post(form, url=NEW):
        response = editor.post(url, form)
        problems = [text for _question, text in (response.context or {}).get("problems") or []]
        return response, problems

    return post


def edit_url(activity):
    return reverse("dashboards:activity-edit", args=[activity.pk])
