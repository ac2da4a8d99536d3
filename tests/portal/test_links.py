"""Every link on every page of the demo leads somewhere, for each kind of person."""

import random
import re
from collections import defaultdict
from html import unescape
from urllib.parse import parse_qsl, urldefrag, urljoin, urlsplit

import pytest
from django.contrib.staticfiles import finders
from django.urls import Resolver404, resolve, reverse

from portal.accounts.models import User
from portal.demo.accounts import ACCOUNTS, make_accounts
from tests.portal.demo.conftest import demo

__all__ = ["demo"]

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.slow,
    pytest.mark.usefixtures("demo", "wagtail_root"),
]

LINK = re.compile(r"""\s(?:href|src|action|data-src|hx-get)=["']([^"']*)["']""")
ID = re.compile(r"""\sid=["']([^"']+)["']""")
SCRIPT = re.compile(r"<script\b[^>]*>.*?</script>|<!--.*?-->", re.DOTALL)
#: A form that is sent, not read: its address answers no reader who merely opens it.
SENT = re.compile(r"""<form\b[^>]*\smethod=["']post["'][^>]*>""", re.IGNORECASE)
PEOPLE = ("", *(account.email for account in ACCOUNTS))


def kind_of(address):
    """What a link is, so that a few of each kind are followed: its view, and which of its tables and figures."""
    parts = urlsplit(address)
    try:
        match = resolve(parts.path)
    except Resolver404:
        return ("missing", parts.path)
    chosen = frozenset(
        pair
        for pair in parse_qsl(parts.query)
        if pair[0] in ("view", "figure", "by", "sort", "grants")
    )
    fixed = tuple(
        value for name, value in match.kwargs.items() if name in ("kind", "what", "theme")
    )
    return (match.view_name or match.func.__name__, fixed, chosen)


class Crawl:
    """Pages reached from the first one, at most `each` of a kind and `most` in all; `wrong` is what was found."""

    def __init__(self, client, *, each, most):
        self.client, self.each, self.most = client, each, most
        self.choose = random.Random(2010)
        self.waiting = defaultdict(list)
        self.followed = defaultdict(int)
        self.seen, self.static, self.wrong = set(), set(), []

    def run(self, *starts):
        for start in starts:
            self.find(start, "")
        while self.waiting and sum(self.followed.values()) < self.most:
            kind = min(self.waiting, key=lambda kind: (self.followed[kind], str(kind)))
            addresses = self.waiting[kind]
            address, found_on = addresses.pop(self.choose.randrange(len(addresses)))
            if not addresses or self.followed[kind] + 1 >= self.each:
                del self.waiting[kind]
            self.followed[kind] += 1
            self.follow(address, found_on)
        return self.wrong

    def find(self, link, page):
        """Keep a link of a page for later, if it leads to this site."""
        address, _fragment = urldefrag(urljoin(page or "/", unescape(link).strip()))
        parts = urlsplit(address)
        if parts.scheme in ("mailto", "tel", "data") or (
            parts.netloc and parts.netloc != "testserver"
        ):
            return
        if parts.path.startswith("/static/"):
            self.find_static(parts.path, page)
            return
        address = parts.path + (f"?{parts.query}" if parts.query else "")
        kind = kind_of(address)
        if address not in self.seen and self.followed[kind] < self.each:
            self.seen.add(address)
            self.waiting[kind].append((address, page))

    def find_static(self, path, page):
        if path not in self.static and finders.find(path.removeprefix("/static/")) is None:
            self.wrong.append((404, path, page))
        self.static.add(path)

    def follow(self, address, found_on):
        response = self.client.get(address)
        if response.status_code in (301, 302):
            target = response["Location"]
            if not urlsplit(target).path.startswith(reverse("account_login")):
                response = self.client.get(target, follow=True)
        if response.status_code not in (200, 302):
            self.wrong.append((response.status_code, address, found_on))
        if getattr(response, "streaming", False):
            b"".join(response.streaming_content)
        elif response["Content-Type"].startswith("text/html") and not address.startswith("/cms/"):
            self.read(response.content.decode(), address)

    def read(self, text, address):
        text = SENT.sub("", SCRIPT.sub("", text))
        ids = set(ID.findall(text))
        for link in LINK.findall(text):
            if not link.startswith("#"):
                self.find(link, address)
            elif len(link) > 1 and link[1:] not in ids:
                self.wrong.append(("no such part", link, address))


@pytest.mark.parametrize(
    "email", PEOPLE, ids=["the public", *(email.split("@")[0] for email in PEOPLE[1:])]
)
def test_every_link_leads_to_a_page(client, email):
    make_accounts()
    if email:
        client.force_login(User.objects.get(email=email))
    crawl = Crawl(client, each=1 if email else 2, most=120 if email else 320)

    wrong = crawl.run("/", *([reverse("dashboards:work")] if email else []))

    assert wrong == []
    assert {kind[0] for kind in crawl.followed} >= {
        "dashboards:home", "dashboards:gaps", "dashboards:rows", "dashboards:rows-file", "dashboards:objective",
        "dashboards:who", "dashboards:who-file", "dashboards:organisation", "dashboards:activity", "dashboards:grant",
        "dashboards:method",
    }  # fmt: skip
