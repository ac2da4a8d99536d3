"""Sentences written from the data. Each number in them leads to its rows."""

from collections.abc import Sequence

from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.text import get_text_list
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from portal.lib.numbers import money, percent, round_half_up, whole
from portal.templatetags.components import num
from strategy.analysis import coverage
from strategy.analysis.headline import Kind, Shortfall
from strategy.choices import Pillar

from .gaps import GapsPage
from .lens import Lens
from .rows import rows_url
from .words import period_words, place_words, where_and_when


def _subject(page: GapsPage, pillar: int | None) -> str:
    """Who the sentence is about: an objective, a pillar, or the whole strategy."""
    if page.lens.objective is not None and not page.lens.objective.is_pillar:
        return f"{page.lens.objective.code} {page.lens.objective.short_title}"
    if pillar:
        return str(Pillar(pillar).label)
    return ""


class Says:
    """The headline of a gaps page: `say` is the large sentence, `lede` what follows; both safe HTML."""

    def __init__(self, page: GapsPage):
        self.page, self.lens, self.head = page, page.lens, page.headline
        self.currency = page.lens.currency
        self.about: Shortfall = self.head.pillar or self.head.whole
        self.pillar = self.about.pillar or page.lens.pillar or 0

    # Numbers that open their rows

    def _pillar_filter(self, pillar) -> dict:
        return {"p": pillar} if pillar and not self.lens.objective else {}

    def _money(self, amount: int, figure: str, pillar: int | None = None) -> SafeString:
        url = rows_url(self.lens, figure, **self._pillar_filter(pillar))
        return num(money(amount, self.currency), url, pillar or 0)

    def _share(self, about: Shortfall) -> SafeString:
        """How much of what is asked is met, in words that never claim all where something is missing."""
        url = rows_url(self.lens, "met", **self._pillar_filter(about.pillar))
        share = about.met_share
        if share <= 0:
            words = _("nothing")
        elif share < 1:
            words = _("less than %(share)s") % {"share": percent(1)}
        elif about.missing and round_half_up(share) >= 100:
            words = _("more than %(share)s") % {"share": percent(99)}
        else:
            words = percent(share)
        return num(words, url, about.pillar or 0)

    # The large sentence

    @property
    def say(self) -> SafeString:
        sentence = {
            Kind.NOTHING_IN_VIEW: self._nothing_in_view,
            Kind.INCOMPLETE_YEAR: self._incomplete_year,
            Kind.NO_REQUIREMENT: self._no_requirement,
            Kind.NOTHING_COMMITTED: self._nothing_committed,
            Kind.ALL_MET: self._all_met,
            Kind.ONE_PILLAR: self._short,
            Kind.UNDERFUNDED: self._least,
            Kind.OVERLAPPING_RANGES: self._all_short,
        }[self.head.kind]
        return sentence()

    def _nothing_in_view(self):
        subject = _subject(self.page, self.lens.pillar)
        words = (
            _("Nothing is asked for {subject}{where}, and nothing is committed.")
            if subject
            else _("Nothing is asked for and nothing is committed{where}.")
        )
        return format_html(words, subject=subject, where=where_and_when(self.lens))

    def _incomplete_year(self):
        return format_html(
            _(
                "The record of {years} is incomplete: "
                "so many grants have no amount that what is missing cannot be said."
            ),
            years=period_words(self.lens),
        )

    def _no_requirement(self):
        return format_html(
            _(
                "{amount} is committed to {subject}{where}. "
                "No requirement is stated, so what is missing cannot be said."
            ),
            amount=self._money(self.head.whole.committed, "committed", self.lens.pillar),
            subject=_subject(self.page, self.lens.pillar) or _("the four Ps"),
            where=where_and_when(self.lens),
        )

    def _nothing_committed(self):
        is_past = max(self.lens.years) < self.lens.as_of_year
        subject = _subject(self.page, self.pillar)
        words = (
            _("Nothing is committed{to}{where}. ")
            if is_past
            else _("Nothing is committed yet{to}{where}. ")
        )
        return format_html(
            words + _("{asked} is asked for."),
            to=_(" to %(subject)s") % {"subject": subject} if subject else "",
            where=where_and_when(self.lens),
            asked=self._money(self.head.whole.required, "required", self.lens.pillar),
        )

    def _all_met(self):
        return format_html(
            _("All that {subject} asks for{where} is met: {asked}."),
            subject=_subject(self.page, self.pillar) or _("the strategy"),
            where=where_and_when(self.lens),
            asked=self._money(self.about.required, "required", self.lens.pillar),
        )

    def _short(self):
        return format_html(
            _("{subject} has {share} of what it asks for{where}: {missing} of {asked} is missing."),
            **self._facts(),
        )

    def _least(self):
        return format_html(
            _(
                "{subject} is furthest behind{where}: "
                "it has {share} of what it asks for, and {missing} of {asked} is missing."
            ),
            **self._facts(),
        )

    def _facts(self) -> dict:
        about, pillar = self.about, self.about.pillar
        return {
            "subject": _subject(self.page, pillar),
            "share": self._share(about),
            "where": where_and_when(self.lens),
            "missing": self._money(about.missing, "missing", pillar),
            "asked": self._money(about.required, "required", pillar),
        }

    def _all_short(self):
        whole_, short = self.head.whole, self._lacking
        least = [pillar for pillar in self.head.ranked[0] if pillar in short]
        words = (
            _("{missing} of the {asked} that is asked for{where} is missing, in {names} alike.")
            if set(least) == set(short)
            else _(
                "{missing} of the {asked} that is asked for{where} is missing: {names} are furthest behind."
            )
        )
        return format_html(
            words,
            missing=self._money(whole_.missing, "missing"),
            asked=self._money(whole_.required, "required"),
            where=where_and_when(self.lens),
            names=_names(least),
        )

    @property
    def _lacking(self) -> dict[int, Shortfall]:
        """The pillars that lack something, by number."""
        return {short.pillar: short for short in self.head.pillars if short.missing > 0}

    # What follows

    @property
    def lede(self) -> list[SafeString]:
        """Short sentences, in the order a reader needs them; empty where nothing can be said."""
        kind = self.head.kind
        if kind in (Kind.NOTHING_IN_VIEW, Kind.NO_REQUIREMENT, Kind.INCOMPLETE_YEAR):
            return []
        if kind == Kind.ALL_MET:
            said = [self._more(), self._without()]
        elif kind == Kind.NOTHING_COMMITTED:
            said = [self._since(), self._where()]
        elif kind == Kind.OVERLAPPING_RANGES:
            said = [self._since(), self._by_pillar(), self._whichever(), self._where(), self._empty(), self._beyond(),
                    self._without()]  # fmt: skip
        elif kind == Kind.UNDERFUNDED:
            said = [
                self._since(),
                self._where(),
                self._empty(),
                self._beyond(),
                self._by_pillar(),
                self._without(),
            ]
        else:
            said = [self._since(), self._where(), self._empty(), self._beyond(), self._without()]
        return [sentence for sentence in said if sentence]

    def _by_pillar(self):
        """What each pillar lacks; beside a sentence about one pillar, what the others do."""
        about = self.head.pillar
        parts = [
            format_html(
                "{} {}", Pillar(pillar).label, self._money(short.missing, "missing", pillar)
            )
            for pillar, short in self._lacking.items()
            if about is None or pillar != about.pillar
        ]
        if not parts:
            return ""
        words = _("Missing by pillar: {parts}.") if about is None else _("Also missing: {parts}.")
        return format_html(words, parts=_joined(parts))

    def _whichever(self):
        """Why no order is claimed among pillars, and what holds all the same."""
        if not self.page.totals.assumed:
            return ""
        highest = max(short.met_high for short in self._lacking.values())
        if highest > 50:
            return _("Some money names several Ps at once, so which one lacks most cannot be said.")
        return format_html(
            _("Some money names several Ps at once, so which one lacks most cannot be said; "
              "whichever way it is split, none has more than {share} of what it asks for."),
            share=percent(highest),
        )  # fmt: skip

    def _where(self):
        """The two places in view that lack most."""
        pillar, names = self.about.pillar, dict(self.page.columns)
        groups = {
            code: totals for code, totals in self.page.places(pillar).items() if code in names
        }
        found = [
            (code, place_words(code, names[code]), totals.missing)
            for code, totals in coverage.most_missing(groups, 2)
        ]
        if not found or (self.lens.place and len(found) == 1):
            return ""
        if len(found) == 1:
            _code, place, amount = found[0]
            return (
                format_html(_("All of the missing money is asked for in {place}."), place=place)
                if amount == self.about.missing
                else ""
            )
        (code, place, amount), (next_code, following, less) = found
        return format_html(
            _("Most is missing in {place} ({amount}), then in {following} ({less})."),
            place=place,
            amount=self._missing_at(code, amount),
            following=following,
            less=self._missing_at(next_code, less),
        )

    def _missing_at(self, code: str, amount: int) -> SafeString:
        pillar = self.about.pillar
        url = rows_url(self.lens, "missing", **{**self._pillar_filter(pillar), "place": code})
        return num(money(amount, self.currency), url, pillar or 0)

    def _empty(self):
        """How many of those that ask got nothing; places where each of them asks once, else requirements."""
        about = self.about
        if not about.empty_cells or about.asked_cells < 2:
            return ""
        url = rows_url(self.lens, "empty", **self._pillar_filter(about.pillar))
        asking = {
            (cell.objective, cell.year)
            for cell in self.page.parts
            if cell.asked_cells and (about.pillar is None or cell.pillar == about.pillar)
        }
        if about.empty_cells == about.asked_cells:
            words = (
                _("None of the {empty} places that ask got anything.")
                if len(asking) == 1
                else _("None of the {empty} requirements got anything.")
            )
        else:
            words = (
                _("{empty} of the {asked} places that ask got nothing.")
                if len(asking) == 1
                else _("{empty} of {asked} requirements got nothing at all.")
            )
        return format_html(
            words,
            empty=num(whole(about.empty_cells), url, about.pillar or 0),
            asked=whole(about.asked_cells),
        )

    def _since(self):
        about, years = self.about, self.lens.years
        if about.since is None or about.since == self.lens.as_of_year or len(years) == 1:
            return ""
        subject = _subject(self.page, about.pillar)
        if about.since == self.lens.strategy.years[0]:
            words = (
                _("{subject} has lacked money in every year since the strategy began in {year}.")
                if subject
                else _("The strategy has lacked money in every year since it began in {year}.")
            )
        elif about.since == years[0]:
            words = _("{subject} has lacked money in every year in view.")
        else:
            words = _("{subject} has lacked money in every year since {year}.")
        return format_html(words, subject=subject or _("The strategy"), year=about.since)

    def _beyond(self):
        about = self.about
        if about.beyond <= 0 or 100 * about.beyond < about.missing:
            return ""
        return format_html(
            _(
                "{committed} is committed in all, but {beyond} of it lies beyond what is asked "
                "or where nothing is asked: it fills no gap."
            ),
            committed=self._money(about.committed, "committed", about.pillar),
            beyond=money(about.beyond, self.currency),
        )

    def _more(self):
        about = self.about
        if about.beyond <= 0:
            return ""
        return format_html(
            _("{committed} is committed: {beyond} more than is asked for."),
            committed=self._money(about.committed, "committed", about.pillar or self.lens.pillar),
            beyond=money(about.beyond, self.currency),
        )

    def _without(self):
        """The pillars with money that state no requirement, where the reader looks at all."""
        pillars = self.head.without_requirement
        if not pillars or self.lens.pillar:
            return ""
        return format_html(
            _("{names} states no requirement, so what it lacks cannot be said.")
            if len(pillars) == 1
            else _("{names} state no requirement, so what they lack cannot be said."),
            names=get_text_list([str(Pillar(pillar).label) for pillar in pillars], _("and")),
        )

    @property
    def title(self) -> str:
        """The large sentence without its links, for titles of files and pages."""
        from django.utils.html import strip_tags

        return strip_tags(self.say)


def _names(pillars: Sequence[int]) -> str:
    return get_text_list([str(Pillar(pillar).label).lower() for pillar in pillars], _("and"))


def _joined(parts: Sequence[SafeString]) -> SafeString:
    """`a, b and c`, of safe parts."""
    if len(parts) < 2:
        return parts[0] if parts else SafeString("")
    head = format_html("{}", parts[0])
    for part in parts[1:-1]:
        head = format_html("{}, {}", head, part)
    return format_html(_("{} and {}"), head, parts[-1])


def completeness_notes(page: GapsPage) -> list[SafeString]:
    """What the reader must know of the record behind the figures in view; shown on every page of figures."""
    lens, totals, notes = page.lens, page.totals, []
    if page.incomplete_years:
        notes.append(
            format_html(
                ngettext(
                    "The record of {years} is incomplete: more than a fifth of its grants have no amount.",
                    "The records of {years} are incomplete: more than a fifth of their grants have no amount.",
                    len(page.incomplete_years),
                ),
                years=get_text_list([str(year) for year in page.incomplete_years], _("and")),
            )
        )
    if totals.committed > 0:
        shares = [
            (
                totals.assumed,
                "assumed",
                _(
                    "{share} of the committed money rests on an assumed split: its grants name several Ps."
                ),
            ),
            (
                totals.by_rule,
                "by_rule",
                _("{share} of the committed money was tagged by rule, not yet by a person."),
            ),
        ]
        for amount, figure, words in shares:
            if amount:
                share = num(
                    percent(100 * amount / totals.committed), rows_url(lens, figure, **_p(lens))
                )
                notes.append(format_html(words, share=share))
    if page.untagged.committed:
        amount = num(money(page.untagged.committed, lens.currency), rows_url(lens, "untagged"))
        notes.append(
            format_html(_("{amount} has no tag yet and is in no P's figure."), amount=amount)
        )
    without = sum(page.completeness[year].without_amount for year in lens.years)
    if without:
        grants = sum(page.completeness[year].grants for year in lens.years)
        of_years = _("of this year") if len(lens.years) == 1 else _("of these years")
        notes.append(
            format_html(
                ngettext(
                    "{without} of all {grants} grants {of_years} has no amount and adds nothing.",
                    "{without} of all {grants} grants {of_years} have no amount and add nothing.",
                    without,
                ),
                without=whole(without),
                grants=whole(grants),
                of_years=of_years,
            )
        )
    return notes


def _p(lens: Lens) -> dict:
    return {"p": lens.pillar} if lens.pillar and not lens.objective else {}
