from datetime import UTC, datetime, timedelta

import pytest

from activities.choices import DismissReason, OverlapState
from activities.exceptions import AlreadySettled, NotSettled
from activities.models import Activity, ActivityLinkGroup, Overlap
from activities.permissions import can_settle, may_see_overlaps
from activities.settling import settle_overlap, settle_overlaps, undo_settlement
from portal.history.services import acting_as, history_of
from portal.notices.models import Notice
from portal.records.choices import Visibility
from tests.factories import ActivityFactory, OverlapFactory
from tests.people import organisation_of

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 5, 4, 9, 30, tzinfo=UTC)
LATER = NOW + timedelta(hours=1)


@pytest.fixture
def pair(editor_a, editor_b):
    """An overlap between a record of Organisation A and one of Organisation B."""
    return overlap_between(
        ActivityFactory(title="Course", reporting_organisation=organisation_of(editor_a)),
        ActivityFactory(title="Training", reporting_organisation=organisation_of(editor_b)),
    )


def overlap_between(one, other, **more):
    first, second = sorted((one, other), key=lambda activity: activity.pk)
    return OverlapFactory(first=first, second=second, **more)


def dismiss(overlap, by, now=NOW):
    return settle_overlap(
        overlap, OverlapState.DISMISSED, reason=DismissReason.PEOPLE, note="Seafarers", by=by, now=now
    )  # fmt: skip


def counted(user):
    return set(
        Activity.objects.visible_to(user).counting().counting_once_for(user).values_list("title", flat=True)
    )  # fmt: skip


# Settling


def test_settle_overlap_keeps_who_when_why_and_the_score(pair, editor_a):
    dismiss(pair, editor_a)

    pair.refresh_from_db()
    assert (pair.state, pair.reason, pair.note) == ("dismissed", "people", "Seafarers")
    assert (pair.settled_by, pair.settled_at, pair.settled_score) == (editor_a, NOW, pair.score)


def test_settle_overlap_tells_who_settled_it_first_and_changes_nothing(pair, editor_a, editor_b):
    dismiss(pair, editor_a)

    with pytest.raises(AlreadySettled) as refusal:
        settle_overlap(pair, OverlapState.LINKED, by=editor_b, now=LATER)

    assert refusal.value.overlap.settled_by == editor_a
    pair.refresh_from_db()
    assert (pair.state, pair.settled_at) == ("dismissed", NOW)
    assert ActivityLinkGroup.objects.count() == 0


def test_settle_overlaps_changes_none_when_one_was_settled_before(pair, editor_a):
    other = overlap_between(pair.first, ActivityFactory())
    dismiss(pair, editor_a)

    with pytest.raises(AlreadySettled):
        settle_overlaps([other, pair], OverlapState.LINKED, by=editor_a, now=LATER)

    other.refresh_from_db()
    assert other.state == OverlapState.OPEN


def test_settling_tells_the_other_side_and_not_who_did_it(pair, editor_a, editor_b):
    dismiss(pair, editor_a)

    assert [(row.person, row.kind) for row in Notice.objects.all()] == [
        (editor_b, "overlaps.settled")
    ]


def test_settling_stands_in_the_history(pair, editor_a):
    with acting_as(editor_a):
        dismiss(pair, editor_a)

    entry = history_of(pair).first()
    assert entry.user == editor_a
    assert entry.data["changes"]["state"] == ["open", "dismissed"]


# Linking


def test_linked_records_count_once_until_it_is_undone(pair, editor_a):
    assert counted(editor_a) == {"Course", "Training"}

    settle_overlap(pair, OverlapState.LINKED, by=editor_a, now=NOW)
    assert len(counted(editor_a)) == 1

    undo_settlement(pair, by=editor_a, now=LATER)
    assert counted(editor_a) == {"Course", "Training"}
    assert ActivityLinkGroup.objects.count() == 0


def test_undoing_one_link_keeps_the_others_together(pair, editor_a):
    third = ActivityFactory(title="Third", reporting_organisation=organisation_of(editor_a))
    other = overlap_between(pair.first, third)
    settle_overlap(pair, OverlapState.LINKED, by=editor_a, now=NOW)
    settle_overlap(other, OverlapState.LINKED, by=editor_a, now=LATER)

    undo_settlement(pair, by=editor_a, now=LATER)

    pair.second.refresh_from_db()
    pair.first.refresh_from_db()
    third.refresh_from_db()
    assert pair.second.link_group is None
    assert pair.first.link_group == third.link_group
    assert third.link_group is not None


# Undoing


def test_undo_opens_it_again_without_a_trace_of_the_decision(pair, editor_a, editor_b):
    dismiss(pair, editor_a)

    undo_settlement(pair, by=editor_b, now=LATER)

    pair.refresh_from_db()
    assert (pair.state, pair.reason, pair.note) == ("open", "", "")
    assert (pair.settled_by, pair.settled_at, pair.settled_score) == (None, None, None)
    assert Notice.objects.filter(person=editor_a, kind="overlaps.undone").exists()


def test_undo_twice_is_refused(pair, editor_a):
    dismiss(pair, editor_a)
    undo_settlement(pair, by=editor_a, now=LATER)

    with pytest.raises(NotSettled):
        undo_settlement(pair, by=editor_a, now=LATER)


def test_undo_takes_back_what_was_settled_at_one_stroke_as_far_as_one_may(pair, editor_a, editor_b):
    third = ActivityFactory()
    mine = overlap_between(pair.first, third)
    settle_overlaps(
        [pair, mine], OverlapState.DISMISSED, reason=DismissReason.TIME, by=editor_a, now=NOW
    )

    undo_settlement(pair, by=editor_b, now=LATER)
    assert states(pair, mine) == ["open", "dismissed"]

    undo_settlement(mine, by=editor_a, now=LATER)
    assert states(pair, mine) == ["open", "open"]


def states(*overlaps):
    return [Overlap.objects.get(pk=overlap.pk).state for overlap in overlaps]


# Who may


def test_only_editors_of_a_record_who_see_the_other_may_settle(
    pair, public, viewer, editor_a, editor_b, funder, secretariat
):
    people = [public, viewer, editor_a, editor_b, funder, secretariat]

    assert [can_settle(person, pair) for person in people] == [
        False, False, True, True, False, True,
    ]  # fmt: skip


def test_nobody_settles_a_pair_of_which_they_see_one_end(pair, editor_a, editor_b, secretariat):
    theirs = pair.second if pair.second.title == "Training" else pair.first
    theirs.visibility = Visibility.ORGANISATION
    theirs.save()

    assert not can_settle(editor_a, pair)
    assert can_settle(editor_b, pair)
    assert can_settle(secretariat, pair)


def test_members_and_funders_read_overlaps_and_the_public_does_not(
    public, viewer, funder, secretariat
):
    assert [may_see_overlaps(one) for one in (public, viewer, funder, secretariat)] == [
        False, True, True, True,
    ]  # fmt: skip
