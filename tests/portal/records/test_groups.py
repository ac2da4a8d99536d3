import pytest
from django.apps import apps
from django.contrib.auth.models import Group
from wagtail.models import GroupPagePermission

from portal.accounts.models import ADMINISTRATORS, SECRETARIAT, SURVIVOR_ADVISERS
from portal.records.groups import keep_groups

pytestmark = pytest.mark.django_db


def may(group, permission):
    app, codename = permission.split(".")
    return (
        Group.objects.get(name=group)
        .permissions.filter(content_type__app_label=app, codename=codename)
        .exists()
    )


@pytest.mark.parametrize(
    "permission",
    [
        "wagtailadmin.access_admin",
        "directory.add_organisation",
        "strategy.change_requirement",
        "activities.delete_activity",
        "grants.change_grant",
    ],
)
def test_secretariat_may_keep_the_records(permission):
    assert may(SECRETARIAT, permission)
    assert may(ADMINISTRATORS, permission)
    assert not may(SURVIVOR_ADVISERS, permission)


def test_administrators_may_all_that_there_is():
    assert may(ADMINISTRATORS, "wagtailcore.add_site")
    assert not may(SECRETARIAT, "wagtailcore.add_site")


@pytest.mark.usefixtures("wagtail_root")
def test_groups_are_kept_as_often_as_wanted():
    for _turn in range(2):
        for label in ("grants", "wagtailcore"):
            keep_groups(apps.get_app_config(label), using="default")

    given = GroupPagePermission.objects.filter(group__name=SECRETARIAT)
    assert given.filter(permission__codename="publish_page").count() == 1
    assert Group.objects.filter(name=SECRETARIAT).count() == 1
