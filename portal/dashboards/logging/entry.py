"""The form of an activity: from what was typed to `ActivityData`; problems are sentences by question."""

import re
from collections.abc import Mapping
from datetime import date
from decimal import Decimal

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from activities.choices import (
    ActivityStatus,
    DeliveryMode,
    Exploitation,
    OrganisationRole,
    Population,
    WriterChoice,
)
from activities.models import Activity
from activities.saving import ActivityData, Said
from portal.directory.models import Organisation, Place
from portal.lib.numbers import month as month_words
from portal.lib.numbers import percent_exact
from portal.records.choices import LocationPrecision, Visibility

from . import values
from .choices import Options
from .typed import Typed, equal_shares

MOST_TITLE, MOST_DESCRIPTION, MOST_CONTACT, MOST_REASON = 300, 5_000, 200, 500
MOST_OBJECTIVES, MOST_PLACES, MOST_PARTNERS = 50, 200, 100
#: The questions in their order; the parts of the eighth after it.
QUESTIONS = (
    "organisation", "objective", "place", "when", "title", "description", "people", "number", "partner", "budget",
    "visibility", "contact", "similar",
)  # fmt: skip


class Entry:
    """A filled-in form. `errors` is `{question: [sentence, ...]}` after `data()`."""

    def __init__(self, typed: Typed, options: Options):
        self.typed, self.options = typed, options
        self.errors: dict[str, list[str]] = {}

    # Reading one field after the other

    def data(self) -> ActivityData | None:
        """What the form says; None where something is to be put right."""
        self.errors = {}
        start, end = self.dates()
        amount, currency = self.budget()
        visibility, groups = self.sharing()
        found = {
            "reporting_organisation": self.organisation(),
            "title": self.text("title", MOST_TITLE, _("Give the activity a name")),
            "description": self.text(
                "description", MOST_DESCRIPTION, _("Say in a sentence or two what you will do")
            ),
            "objectives": self.shares("objective"),
            "places": self.shares("place"),
            "planned_start": start,
            "planned_end": end,
            "activity_status": self.choice("status", ActivityStatus, "when") or self.status(start),
            "mode_of_delivery": self.choice("delivery", DeliveryMode, "description"),
            "populations": self.populations(),
            "exploitations": self.choices("exploitation", Exploitation, "people"),
            "people_expected": self.number("people", values.count, "number"),
            "participants": self.participants(),
            "budget_amount": amount,
            "budget_currency": currency,
            "visibility": visibility,
            "working_groups": groups,
            "location_precision": self.choice("precision", LocationPrecision, "visibility")
            or LocationPrecision.EXACT,
            "contact": self.text("contact", MOST_CONTACT, ""),
        }
        self.said()
        return None if self.errors else ActivityData(**found)

    def problems(self) -> list[tuple[str, str]]:
        """(question, sentence) in the order of the questions, for the summary."""
        return [(key, text) for key in QUESTIONS for text in self.errors.get(key, ())]

    def fail(self, question: str, sentence: str) -> None:
        found = self.errors.setdefault(question, [])
        sentence = str(sentence)
        sentence = sentence if ". " in sentence else sentence.removesuffix(".")
        if sentence not in found:
            found.append(sentence)

    def own_organisation(self) -> int | None:
        """The organisation that reports, where it is known already."""
        known = [one.pk for one in self.options.organisations]
        chosen = self.typed.keys_of("organisation")
        if len(known) == 1 and (not chosen or self.options.activity is not None):
            return known[0]
        return chosen[0] if chosen and chosen[0] in known else None

    def organisation(self) -> int | None:
        found = self.own_organisation()
        if found is None:
            self.fail("organisation", _("Choose the organisation that reports the activity"))
        return found

    def text(self, name: str, most: int, missing: str) -> str:
        text = self.typed.one(name).replace("\r\n", "\n").strip()
        question = name
        if "\0" in text:
            self.fail(question, _("This text holds a character that cannot be kept. Type it again"))
        elif not text and missing:
            self.fail(question, missing)
        elif len(text) > most:
            self.fail(
                question,
                _("This is %(over)s characters too long. Up to %(most)s fit")
                % {"over": len(text) - most, "most": most},
            )
        return text

    def choice(self, name: str, choices, question: str) -> str:
        """One of a list, or nothing."""
        text = self.typed.one(name)
        if text and text not in choices.values:
            self.fail(question, _("Choose one of the list"))
            return ""
        return text

    def choices(self, name: str, choices, question: str) -> frozenset[str]:
        found = frozenset(filter(None, self.typed.all(name)))
        if found - set(choices.values):
            self.fail(question, _("Choose from the list"))
        return found & set(choices.values)

    def populations(self) -> frozenset[str]:
        found = self.choices("population", Population, "people")
        if not found:
            self.fail("people", _("Choose at least one group of people"))
        return found

    def number(self, name: str, read, question: str):
        text = self.typed.one(name).strip()
        if not text:
            return None
        try:
            return read(text)
        except ValidationError as problem:
            self.fail(question, problem.message)
            return None

    # Sets that make 100

    def known(self, name: str) -> Mapping[int, object]:
        if name == "objective":
            return self.options.objectives
        return Place.objects.in_bulk(self.typed.keys_of("place")[: MOST_PLACES + 1])

    def shares(self, name: str) -> dict[int, Decimal]:
        """`{key: percentage}`; split equally where no share is typed at all."""
        known = self.known(name)
        chosen = self.typed.keys_of(name)
        is_objective = name == "objective"
        most = MOST_OBJECTIVES if is_objective else MOST_PLACES
        if not chosen:
            missing = (
                _("Choose the objective this activity supports")
                if is_objective
                else _("Choose where it happens: a country or a region is enough")
            )
            self.fail(name, missing)
            return {}
        if len(chosen) > most:
            self.fail(name, _("Choose at most %(most)s") % {"most": most})
            return {}
        if any(key not in known for key in chosen):
            self.fail(name, _("One of these is not in the list any more. Choose again"))
            return {}
        texts = [self.typed.one(f"{name}_share-{key}").strip() for key in chosen]
        if len(chosen) == 1:
            return {chosen[0]: Decimal(100)}
        if not any(texts):
            return dict(zip(chosen, equal_shares(len(chosen)), strict=True))
        found = {}
        for key, text in zip(chosen, texts, strict=True):
            if not text:
                self.fail(name, _("Say how much goes to %(what)s") % {"what": known[key]})
                continue
            try:
                found[key] = values.share(text)
            except ValidationError as problem:
                self.fail(name, problem.message)
        if len(found) == len(chosen) and (off := 100 - sum(found.values(), Decimal(0))):
            facts = {"total": percent_exact(100 - off), "off": percent_exact(abs(off))}
            if off > 0:
                self.fail(name, _("The shares make %(total)s. Give out the other %(off)s") % facts)
            else:
                self.fail(name, _("The shares make %(total)s. Take %(off)s away") % facts)
        return found

    # When

    def day(self, name: str, *, last: bool) -> date | None:
        parts = [self.typed.one(f"{name}_{part}").strip() for part in ("month", "year", "day")]
        if not parts[0] or not parts[1]:
            missing = _("Say when it ends") if last else _("Say when it starts")
            self.fail("when", missing)
            return None
        try:
            return values.day(*parts, last=last)
        except ValidationError as problem:
            self.fail("when", problem.message)
            return None

    def dates(self) -> tuple[date | None, date | None]:
        start, end = self.day("start", last=False), self.day("end", last=True)
        if start and end and end < start:
            self.fail(
                "when",
                _("The end must be after the start, %(start)s") % {"start": month_words(start)},
            )
        return start, end

    def status(self, start: date | None) -> str:
        if self.options.activity is not None:
            return self.options.activity.activity_status
        if start and start > self.options.today:
            return ActivityStatus.PIPELINE
        return ActivityStatus.IMPLEMENTATION

    # With whom, for how much, seen by whom

    def participants(self) -> frozenset[tuple[int, str]]:
        chosen = self.typed.keys_of("partner")
        if len(chosen) > MOST_PARTNERS:
            self.fail("partner", _("Choose at most %(most)s") % {"most": MOST_PARTNERS})
            return frozenset()
        visible = Organisation.objects.visible_to(self.options.user).filter(pk__in=chosen)
        known = set(visible.values_list("pk", flat=True))
        if set(chosen) - known:
            self.fail("partner", _("One of the partners is not in the directory. Choose again"))
        found = set()
        for key in chosen:
            roles = self.typed.all(f"role-{key}") or [OrganisationRole.IMPLEMENTING]
            if set(roles) - set(OrganisationRole.values):
                self.fail("partner", _("Choose the role of each partner from the list"))
                continue
            found |= {(key, str(role)) for role in roles if key in known}
        own = self.own_organisation()
        return frozenset((key, role) for key, role in found if key != own)

    def budget(self) -> tuple[Decimal | None, str]:
        amount = self.number("budget", values.amount, "budget")
        currency = self.typed.one("currency") or self.options.currency
        if amount is None:
            return None, ""
        if currency not in self.options.currencies:
            self.fail("budget", _("Choose the currency from the list"))
            return None, ""
        return amount, currency

    def sharing(self) -> tuple[str, frozenset[int]]:
        visibility = self.choice("visibility", Visibility, "visibility")
        groups = frozenset(self.typed.keys_of("group"))
        if not visibility:
            self.fail("visibility", _("Choose who may see this activity"))
            return "", frozenset()
        if visibility != Visibility.WORKING_GROUP:
            return visibility, frozenset()
        if groups - {group.pk for group in self.options.groups}:
            self.fail("visibility", _("One of these groups is not yours. Choose again"))
        elif not groups:
            self.fail("visibility", _("Choose at least one working group"))
        return visibility, groups

    # What the writer does about similar ones

    def said(self) -> tuple[Said, ...]:
        """What was chosen for similar activities; those that the writer does not see do not exist."""
        keys = [name.removeprefix("say-") for name in self.typed if name.startswith("say-")]
        keys = [key for key in keys if re.fullmatch(r"[0-9]{1,18}", key)][:MOST_PARTNERS]
        chosen = {int(key): self.typed.one(f"say-{key}") for key in keys}
        chosen = {key: choice for key, choice in chosen.items() if choice}
        if set(chosen.values()) - set(WriterChoice.values):
            self.fail("similar", _("Choose what to do about a similar activity from the list"))
            return ()
        others = Activity.objects.visible_to(self.options.user).filter(pk__in=chosen)
        others = others.select_related("reporting_organisation")
        if self.options.activity is not None:
            others = others.exclude(pk=self.options.activity.pk)
        found = []
        for other in others.order_by("pk"):
            reason = self.typed.one(f"why-{other.pk}").strip()
            if len(reason) > MOST_REASON or "\0" in reason:
                self.fail("similar", _("Say in a few words why"))
                continue
            found.append(Said(other, chosen[other.pk], reason))
        return tuple(found)
