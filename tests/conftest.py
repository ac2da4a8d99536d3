"""What every test may use: Wagtail's root page, and a browser where there is one."""

import os
import shutil
from importlib import import_module
from types import SimpleNamespace

import pytest

from tests.people import *  # noqa: F403

# The browser's driver runs an event loop in the thread that runs the tests.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "1")

CHROMIUM = next(
    (
        path
        for name in ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
        if (path := shutil.which(name))
    ),
    None,
)
NO_CHROMIUM = "There is no Chromium on this machine: type sudo apt-get install chromium."


def pytest_collection_modifyitems(items):
    """Mark tests that take a `page` as browser tests, and skip them where there is no Chromium."""
    for item in items:
        if {"page", "context", "browser"} & set(getattr(item, "fixturenames", ())):
            item.add_marker(pytest.mark.browser)
            if CHROMIUM is None:
                item.add_marker(pytest.mark.skip(reason=NO_CHROMIUM))


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args):
    return {
        **browser_type_launch_args,
        "executable_path": CHROMIUM,
        "args": ["--no-sandbox", "--disable-gpu", "--disable-background-networking"],
    }


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args):
    return {
        **browser_context_args,
        "viewport": {"width": 1280, "height": 900},
        "locale": "en-GB",
        "timezone_id": "UTC",
        "reduced_motion": "reduce",
    }


@pytest.fixture
def wagtail_root(db):
    """The page under which all of Wagtail's pages stand, with a site that serves it.

    Tests with a live server empty every table when they end, this page included; the fixture
    puts back what is not there.
    """
    from django.contrib.contenttypes.models import ContentType
    from wagtail.models import Locale, Page, Site

    locale, _ = Locale.objects.get_or_create(language_code="en")
    root = Page.objects.filter(depth=1).first()
    if root is None:
        root = Page.add_root(
            title="Root",
            slug="root",
            locale=locale,
            content_type=ContentType.objects.get_for_model(Page),
        )
    home = root.get_children().first()
    if home is None:
        home = root.add_child(instance=Page(title="Fourfold", slug="home", locale=locale))
    Site.objects.get_or_create(
        is_default_site=True,
        defaults={"hostname": "localhost", "root_page": home, "site_name": "Fourfold"},
    )
    Site.clear_site_root_paths_cache()
    return root


@pytest.fixture(autouse=True)
def _first_terms(request):
    """The terms of data sharing that a migration brings: a test with a live server empties their table too."""
    names = set(request.fixturenames)
    if {"transactional_db", "live_server"} & names:
        request.getfixturevalue("transactional_db")
    elif "db" in names:
        request.getfixturevalue("db")
    elif not request.node.get_closest_marker("django_db"):
        return
    put_back_first_terms()


def put_back_first_terms():
    from django.apps import apps
    from django.db import connection

    migration = import_module("portal.directory.migrations.0003_first_terms")
    migration.publish(apps, SimpleNamespace(connection=connection))


@pytest.fixture(autouse=True)
def _clean_cache():
    """Rate limits and kept pages of one test are none of the next one's business."""
    from django.core.cache import cache

    cache.clear()
    yield
    cache.clear()


@pytest.fixture(autouse=True)
def _root_for_live_server(request):
    if "live_server" in request.fixturenames:
        request.getfixturevalue("transactional_db")
        request.getfixturevalue("wagtail_root")
