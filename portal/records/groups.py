"""The groups of the site and what they may do at the desk. Kept by `post_migrate`: it may run any number of times."""

from django.apps import apps as all_apps
from django.contrib.auth.management import create_permissions

from portal.accounts.models import ADMINISTRATORS, SECRETARIAT, SURVIVOR_ADVISERS

#: Apps whose records the secretariat keeps.
RECORDS = ("directory", "strategy", "activities", "grants")
#: Besides: people, pictures, documents, redirects.
BESIDES = ("accounts", "wagtailimages", "wagtaildocs", "wagtailredirects")
#: What a page may be made to do. Source: Wagtail's page permissions.
ON_PAGES = (
    "add_page",
    "change_page",
    "publish_page",
    "bulk_delete_page",
    "lock_page",
    "unlock_page",
)
IN_COLLECTIONS = {"wagtailimages": "image", "wagtaildocs": "document"}


def keep_groups(sender, using, **kwargs):
    """Make the groups, and give them the permissions of the app that was just migrated."""
    from django.contrib.auth.models import Group, Permission

    create_permissions(sender, verbosity=0, using=using)
    groups = {
        name: Group.objects.using(using).get_or_create(name=name)[0]
        for name in (SECRETARIAT, SURVIVOR_ADVISERS, ADMINISTRATORS)
    }
    permissions = Permission.objects.using(using).filter(content_type__app_label=sender.label)
    if not permissions.exists():
        return
    groups[ADMINISTRATORS].permissions.add(*permissions)
    if sender.label in (*RECORDS, *BESIDES):
        groups[SECRETARIAT].permissions.add(*permissions)
    if sender.label == "wagtailadmin":
        groups[SECRETARIAT].permissions.add(*permissions.filter(codename="access_admin"))
    if sender.label == "wagtailcore":
        for name in (SECRETARIAT, ADMINISTRATORS):
            _allow_pages(groups[name], using)
    if sender.label in IN_COLLECTIONS:
        for name in (SECRETARIAT, ADMINISTRATORS):
            _allow_collection(groups[name], permissions, IN_COLLECTIONS[sender.label], using)


def _allow_pages(group, using):
    from django.contrib.auth.models import Permission

    Page = all_apps.get_model("wagtailcore", "Page")
    Granted = all_apps.get_model("wagtailcore", "GroupPagePermission")  # noqa: N806
    root = Page.objects.using(using).filter(depth=1).first()
    if root is None:
        return
    allowed = Permission.objects.using(using).filter(
        content_type__app_label="wagtailcore", codename__in=ON_PAGES
    )
    for permission in allowed:
        Granted.objects.using(using).get_or_create(group=group, page=root, permission=permission)


def _allow_collection(group, permissions, what, using):
    Collection = all_apps.get_model("wagtailcore", "Collection")
    Granted = all_apps.get_model("wagtailcore", "GroupCollectionPermission")  # noqa: N806
    root = Collection.objects.using(using).filter(depth=1).first()
    if root is None:
        return
    for permission in permissions.filter(
        codename__in=[f"{verb}_{what}" for verb in ("add", "change", "choose")]
    ):
        Granted.objects.using(using).get_or_create(
            group=group, collection=root, permission=permission
        )
