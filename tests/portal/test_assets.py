import hashlib
import re

import pytest
from django.core.management import call_command

from portal.management.commands.build_css import CSS, SITE, STATIC, build

VENDOR = STATIC / "vendor"


def test_site_css_is_what_its_parts_say():
    assert SITE.read_text() == build()


def test_build_css_check_passes_on_the_shipped_file():
    call_command("build_css", "--check")


def test_css_closes_every_rule_and_loads_nothing_from_elsewhere():
    css = SITE.read_text()
    urls = re.findall(r"url\(\s*[\"']?([^\"')]+)", css)

    assert css.count("{") == css.count("}")
    assert [url for url in urls if url.startswith(("http", "//"))] == []
    assert [url for url in urls if url.startswith("..") and not (CSS / url).exists()] == []


def test_css_uses_only_tokens_that_exist():
    css = SITE.read_text()
    defined = set(re.findall(r"(--ff-[\w-]+)\s*:", css))
    used = set(re.findall(r"var\((--ff-[\w-]+)", css))

    assert used - defined == set()


@pytest.mark.parametrize(
    ("name", "checksum"),
    re.findall(
        r"^\| (\S+) \|.*`([0-9a-f]{64})` \|$", (VENDOR / "VERSIONS.md").read_text(), re.MULTILINE
    ),
)
def test_vendored_file_is_the_one_listed(name, checksum):
    assert hashlib.sha256((VENDOR / name).read_bytes()).hexdigest() == checksum


def test_icons_are_those_listed():
    names = re.findall(r'<symbol id="([^"]+)"', (VENDOR / "icons.svg").read_text())

    assert names == (VENDOR / "icons.txt").read_text().split()
