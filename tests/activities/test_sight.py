import pytest

from activities.models import Activity, Overlap
from activities.sight import blind_sides, organisation_sees, with_sight
from portal.directory.access import Viewer
from portal.records.choices import ReviewState, Visibility
from tests.factories import (
    ActivityFactory,
    OrganisationFactory,
    OverlapFactory,
    WorkingGroupFactory,
)

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("visibility", Visibility.values)
@pytest.mark.parametrize("review_state", ReviewState.values)
@pytest.mark.parametrize("is_held", [False, True])
def test_an_organisation_sees_what_somebody_who_belongs_to_it_alone_sees(
    visibility, review_state, is_held
):
    member = OrganisationFactory(is_member=True)
    grouped = OrganisationFactory(is_member=True)
    funder = OrganisationFactory(is_member=False, is_funder=True)
    stranger = OrganisationFactory(is_member=False)
    group = WorkingGroupFactory(organisations=[grouped])
    activity = ActivityFactory(
        visibility=visibility,
        review_state=review_state,
        working_groups=[group] if visibility == Visibility.WORKING_GROUP else [],
    )
    Activity.objects.filter(pk=activity.pk).update(is_held=is_held)
    activity.refresh_from_db()

    for organisation in (activity.reporting_organisation, member, grouped, funder, stranger):
        viewer = Viewer(
            is_member=organisation.is_member or organisation.is_funder,
            organisations=frozenset({organisation.pk}),
            working_groups=frozenset({group.pk} if organisation == grouped else ()),
        )
        seen = Activity.objects.visible_to(viewer).filter(pk=activity.pk).exists()
        assert organisation_sees(organisation, activity) == seen, organisation


def test_blind_sides_are_those_who_may_not_see_the_other_record(django_assert_num_queries):
    hidden = ActivityFactory(visibility=Visibility.ORGANISATION)
    shown = ActivityFactory(visibility=Visibility.PUBLIC)
    OverlapFactory(first=hidden, second=shown)
    rows = with_sight(Overlap.objects.all())

    with django_assert_num_queries(3):
        (overlap,) = rows

    with django_assert_num_queries(0):
        assert blind_sides(overlap) == [shown.reporting_organisation]
