"""Personal data in an activity's texts holds it back until the secretariat has looked."""

from datetime import UTC, datetime, timedelta

import pytest

from activities.exceptions import NotHeld
from activities.models import Activity, Overlap, TextHold
from activities.personal_data import hits_in, look_at, release_hold
from activities.sight import organisation_sees
from portal.lib.personal_data import Kind
from portal.notices.models import Notice
from tests.factories import ActivityFactory
from tests.people import organisation_of

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
LATER = NOW + timedelta(days=1)
PHONE = "Call 0712 345678 at any hour."


@pytest.fixture
def held(editor_a, secretariat):
    """A public activity of Organisation A with a phone number in its description."""
    activity = ActivityFactory(
        title="Night desk",
        description=PHONE,
        reporting_organisation=organisation_of(editor_a),
    )
    look_at(activity, now=NOW)
    return activity


def seen_by(*people):
    return [Activity.objects.visible_to(person).exists() for person in people]


def change(activity, **values):
    activity = Activity.objects.get(pk=activity.pk)
    for name, value in values.items():
        setattr(activity, name, value)
    activity.save()
    return activity


def test_title_and_description_are_looked_at_and_a_shared_mailbox_is_welcome():
    hits = hits_in(
        {
            "title": "Call 0712 345678",
            "description": "Amina, aged 16, passport A1234567",
            "contact": "office@example.org, 0712 345678, 14 Ferry Road; Amina, aged 16",
        }
    )

    assert [(one.field, one.hit.kind) for one in hits] == [
        ("title", Kind.PHONE),
        ("description", Kind.AGE_AND_NAME),
        ("description", Kind.IDENTITY),
        ("contact", Kind.AGE_AND_NAME),
    ]


def test_held_activity_is_seen_by_its_own_organisation_and_the_secretariat_alone(
    held, public, viewer, editor_a, editor_b, funder, secretariat
):
    assert seen_by(public, editor_b, funder) == [False, False, False]
    assert seen_by(viewer, editor_a, secretariat) == [True, True, True]
    assert not organisation_sees(organisation_of(editor_b), held)
    assert organisation_sees(organisation_of(editor_a), held)


@pytest.mark.parametrize("visibility", ["coalition", "working_group"])
def test_members_do_not_see_it_either(held, editor_b, visibility):
    change(held, visibility=visibility)

    assert seen_by(editor_b) == [False]


def test_secretariat_is_told_once_and_what_is_stored_says_nothing_of_the_text(held, secretariat):
    look_at(change(held, title="Night desk again"), now=LATER)

    hold = TextHold.objects.get()
    assert [row.kind for row in Notice.objects.filter(person=secretariat)] == ["activities.held"]
    assert (hold.held_at, [row["kind"] for row in hold.found]) == (NOW, ["phone"])
    assert "0712" not in str(hold.found)


def test_taking_the_words_out_lets_it_go(held, editor_b):
    hits = look_at(change(held, description="Day and night."), now=LATER)

    assert (hits, seen_by(editor_b)) == ([], [True])


def test_secretariat_releases_it_with_a_reason_and_the_writer_is_told(
    held, editor_a, editor_b, secretariat
):
    release_hold(held, "The number of our own office.", by=secretariat, now=LATER)

    hold = TextHold.objects.get()
    assert (hold.released_by, hold.released_at, hold.reason) == (
        secretariat,
        LATER,
        "The number of our own office.",
    )
    assert seen_by(editor_b) == [True]
    assert [row.kind for row in Notice.objects.filter(person=editor_a)] == ["activities.released"]
    with pytest.raises(NotHeld):
        release_hold(held, "Again.", by=secretariat, now=LATER)


def test_what_was_released_is_not_held_again_but_something_new_is(held, editor_b, secretariat):
    release_hold(held, "Our office.", by=secretariat, now=LATER)

    look_at(change(held, title="Day desk"), now=LATER)
    assert seen_by(editor_b) == [True]

    look_at(change(held, description=f"{PHONE} Or 0733 345678."), now=LATER)
    assert seen_by(editor_b) == [False]
    assert TextHold.objects.get().released_at is None


def test_hold_is_for_the_own_organisation_and_the_secretariat(
    held, public, editor_a, editor_b, secretariat
):
    counts = [
        TextHold.objects.visible_to(who).count()
        for who in (public, editor_b, editor_a, secretariat)
    ]
    assert counts == [0, 0, 1, 1]


def test_pair_with_a_held_activity_is_seen_by_nobody_beyond(held, editor_b, secretariat):
    first, second = sorted(
        [held, ActivityFactory(reporting_organisation=organisation_of(editor_b))],
        key=lambda one: one.pk,
    )
    Overlap.objects.create(
        first=first,
        second=second,
        kind="overlap",
        score="0.5",
        parts={},
        found_at=NOW,
        scored_at=NOW,
    )

    assert not Overlap.objects.visible_to(editor_b).exists()
    assert Overlap.objects.visible_to(secretariat).exists()
