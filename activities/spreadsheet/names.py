"""What a cell of a spreadsheet may be called by: objectives, places, organisations and groups, by their names."""

import re
from collections import defaultdict
from dataclasses import dataclass, field

from django.db.models import Q
from django.utils.translation import gettext as _
from rapidfuzz import fuzz, process

from portal.directory.models import AlternativeName, Organisation, Place, WorkingGroup
from portal.lib.text import fold
from strategy.models import Objective, Strategy

#: From this likeness on a name is proposed; never taken by itself.
ALIKE = 75


class Unclear(Exception):
    """A cell that can't be read: a sentence for the person, and what it may have meant."""

    def __init__(self, sentence: str, suggestion: str = ""):
        super().__init__(sentence)
        self.sentence, self.suggestion = sentence, suggestion


@dataclass(slots=True)
class Book:
    """Names of one kind: key -> the text that a cell holds, folded name -> keys."""

    texts: dict[int, str] = field(default_factory=dict)
    keys: dict[str, set[int]] = field(default_factory=lambda: defaultdict(set))
    what: str = ""
    _found: dict[str, int] = field(default_factory=dict)

    def add(self, key: int, text: str, *names: str) -> None:
        self.texts[key] = text
        for name in (text, *names):
            if name:
                self.keys[fold(name)].add(key)

    def find(self, text: str) -> int:
        """The key of what is called so. Raises `Unclear`, with a suggestion where one name is close."""
        if text in self._found:
            return self._found[text]
        keys = self.keys.get(fold(text), ())
        if len(keys) > 1:
            options = _(" or ").join(sorted(self.texts[key] for key in keys)[:4])
            raise Unclear(
                _("“%(text)s” can be several: write %(options)s.")
                % {"text": text, "options": options}
            )
        if not keys:
            raise Unclear(self.what % {"text": text[:80]}, self._close(text))
        self._found[text] = key = next(iter(keys))
        return key

    def _close(self, text: str) -> str:
        """The one name that is close; a code has no close one."""
        if not re.search(r"[^\W\d]{3}", text):
            return ""
        best = process.extractOne(
            fold(text), list(self.keys), scorer=fuzz.WRatio, score_cutoff=ALIKE
        )
        if best is None:
            return ""
        keys = self.keys[best[0]]
        return self.texts[next(iter(keys))] if len(keys) == 1 else ""


@dataclass(slots=True)
class Names:
    """All names that the cells of activities may hold. Seven queries."""

    objectives: Book
    places: Book
    organisations: Book
    groups: Book

    @classmethod
    def read(cls) -> "Names":
        return cls(_objectives(), _places(), _organisations(), _groups())


def _objectives() -> Book:
    """Those of the strategy in force by code and title; others by a text that says whose they are."""
    book = Book(what=_("There is no objective “%(text)s”."))
    strategy = Strategy.objects.in_force()
    others = Q(activity_shares__isnull=False)
    rows = Objective.objects.filter(Q(strategy=strategy) | others if strategy else others)
    for row in rows.select_related("strategy").distinct():
        if strategy and row.strategy_id == strategy.pk:
            book.add(row.pk, f"{row.code} {row.title}", row.code, row.title, row.short_title)
        else:
            book.add(row.pk, f"{row.code} {row.title} [{row.strategy}]")
    return book


def _places() -> Book:
    book = Book(what=_("There is no place “%(text)s”."))
    for key, code, name in Place.objects.order_by("lft").values_list("pk", "code", "name"):
        book.add(key, f"{name} ({code})", code, name)
    return book


def _organisations() -> Book:
    book = Book(what=_("There is no organisation “%(text)s” here yet."))
    rows = list(Organisation.objects.values_list("pk", "name", "short_name"))
    names: dict[str, int] = defaultdict(int)
    for _key, name, _short in rows:
        names[fold(name)] += 1
    for key, name, short in rows:
        book.add(key, name if names[fold(name)] == 1 else f"{name} (#{key})", name, short)
    for key, name in AlternativeName.objects.values_list("organisation", "name"):
        if key in book.texts:
            book.keys[fold(name)].add(key)
    return book


def _groups() -> Book:
    book = Book(what=_("There is no working group “%(text)s”."))
    for row in WorkingGroup.objects.all():
        book.add(row.pk, str(row))
    return book


#: The code that a text begins with: "1.2 Safe houses", "1.2".
CODE = re.compile(r"^([1-4](?:\.\d{1,3})*)(?=$|[\s:.)–-])")
