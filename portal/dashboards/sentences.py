"""Sentences written from the data. Each number in them leads to its rows."""

from collections.abc import Sequence

from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.text import get_text_list
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from portal.lib.numbers import money, percent, whole
from portal.templatetags.components import num
from strategy.analysis.headline import Kind, Scope, Shortfall
from strategy.choices import Pillar

from .gaps import GapsPage
from .lens import Lens
from .rows import rows_url


def period_words(lens: Lens) -> str:
    """The years in view: `2003 to 2014`, `fiscal year 2010`, `2003, 2005 and 2009`."""
    years = lens.years
    if len(years) == 1:
        return _("fiscal year %(year)s") % {"year": years[0]} if lens.strategy.year_start_month > 1 else str(years[0])
    if years == tuple(range(years[0], years[-1] + 1)):
        return _("%(first)s to %(last)s") % {"first": years[0], "last": years[-1]}
    return get_text_list([str(year) for year in years], _("and"))


def where_and_when(page: GapsPage) -> str:
    """The narrowed part of a sentence, with a leading space: ` in Ghana in fiscal year 2010`; empty for everything."""
    lens, words = page.lens, ""
    if lens.place is not None:
        words += _(" in %(place)s") % {"place": lens.place.name}
    if not lens.whole_period:
        words += (_(" in %(years)s") if len(lens.years) == 1 else _(" from %(years)s")) % {"years": period_words(lens)}
    return words


def _subject(page: GapsPage, pillar: int | None) -> str:
    """Who the sentence is about: an objective, a pillar, or the whole strategy."""
    if page.lens.objective is not None and not page.lens.objective.is_pillar:
        return f"{page.lens.objective.code} {page.lens.objective.short_title}"
    if pillar:
        return str(Pillar(pillar).label)
    return _("The strategy")


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

    def _share(self, share, figure: str, pillar: int | None = None) -> SafeString:
        return num(percent(share), rows_url(self.lens, figure, **self._pillar_filter(pillar)), pillar or 0)

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
            Kind.UNDERFUNDED: self._short,
            Kind.OVERLAPPING_RANGES: self._all_short,
        }[self.head.kind]
        return sentence()

    def _nothing_in_view(self):
        return format_html(
            _("Nothing is asked for and nothing is committed{where}."), where=where_and_when(self.page)
        )

    def _incomplete_year(self):
        return format_html(
            _("The record of {years} is incomplete: too many grants have no amount to say what is missing."),
            years=period_words(self.lens),
        )

    def _no_requirement(self):
        return format_html(
            _("{amount} is committed to {subject}{where}. No requirement is stated, so no gap can be."),
            amount=self._money(self.head.whole.committed, "committed", self.lens.pillar),
            subject=_subject(self.page, self.lens.pillar) if self.lens.narrowed else _("the four Ps"),
            where=where_and_when(self.page),
        )

    def _nothing_committed(self):
        return format_html(
            _("Nothing is committed yet{where}. {asked} is asked for."),
            where=where_and_when(self.page),
            asked=self._money(self.head.whole.required, "required", self.lens.pillar),
        )

    def _all_met(self):
        return format_html(
            _("All that {subject} asks for{where} is met: {asked}."),
            subject=_subject(self.page, self.pillar),
            where=where_and_when(self.page),
            asked=self._money(self.about.required, "required", self.lens.pillar),
        )

    def _short(self):
        about, pillar = self.about, self.about.pillar
        return format_html(
            _("{subject} has {share} of what it asks for{where}: {missing} of {asked} is missing."),
            subject=_subject(self.page, pillar),
            share=self._share(about.met_share, "met", pillar),
            where=where_and_when(self.page),
            missing=self._money(about.missing, "missing", pillar),
            asked=self._money(about.required, "required", pillar),
        )

    def _all_short(self):
        whole_ = self.head.whole
        return format_html(
            _("{missing} of the {asked} that is asked for{where} is missing, in {names} alike."),
            missing=self._money(whole_.missing, "missing"),
            asked=self._money(whole_.required, "required"),
            where=where_and_when(self.page),
            names=_names([short.pillar for short in self.head.pillars]),
        )

    # What follows

    @property
    def lede(self) -> list[SafeString]:
        """Short sentences, in the order a reader needs them; empty where nothing can be said."""
        head = self.head
        if head.kind in (Kind.NOTHING_IN_VIEW, Kind.NO_REQUIREMENT, Kind.INCOMPLETE_YEAR):
            return []
        said = []
        if head.kind == Kind.OVERLAPPING_RANGES:
            said.append(self._alike())
        said += [self._empty(), self._since(), self._beyond()]
        return [sentence for sentence in said if sentence]

    def _alike(self):
        parts = [
            format_html(
                "{} {}", Pillar(short.pillar).label, self._money(short.missing, "missing", short.pillar)
            )
            for short in self.head.pillars
        ]
        return format_html(
            _("Missing by pillar: {parts}. Which one lacks most cannot be said, since much money names several at once."),
            parts=_joined(parts),
        )

    def _empty(self):
        about = self.about
        if not about.empty_cells:
            return ""
        url = rows_url(self.lens, "empty", **self._pillar_filter(about.pillar))
        empty = num(whole(about.empty_cells), url, about.pillar or 0)
        one_year = Scope.YEAR in self.head.scope and about.pillar
        words = (
            ngettext("{empty} of the {asked} place that asks got nothing.", "{empty} of the {asked} places that ask got nothing.", about.asked_cells)
            if one_year
            else ngettext("{empty} of {asked} requirement got nothing at all.", "{empty} of {asked} requirements got nothing at all.", about.asked_cells)
        )  # fmt: skip
        return format_html(words, empty=empty, asked=whole(about.asked_cells))

    def _since(self):
        about = self.about
        if about.since is None or about.since == self.lens.as_of_year or Scope.YEAR in self.head.scope:
            return ""
        return format_html(_("It has fallen short in every year since {year}."), year=about.since)

    def _beyond(self):
        about = self.about
        if about.beyond <= 0 or 100 * about.beyond < about.missing:
            return ""
        return format_html(
            _("{committed} is committed in all, but {beyond} of it lies beyond what is asked or where nothing is asked: it fills no gap."),
            committed=self._money(about.committed, "committed", about.pillar),
            beyond=money(about.beyond, self.currency),
        )  # fmt: skip

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
            (totals.assumed, "assumed", _("{share} of the committed money rests on an assumed split: its grants name several Ps.")),
            (totals.by_rule, "by_rule", _("{share} of it was tagged by rule, not yet by a person.")),
        ]  # fmt: skip
        for amount, figure, words in shares:
            if amount:
                share = num(percent(100 * amount / totals.committed), rows_url(lens, figure, **_p(lens)))
                notes.append(format_html(words, share=share))
    if page.untagged.committed:
        amount = num(money(page.untagged.committed, lens.currency), rows_url(lens, "untagged"))
        notes.append(format_html(_("{amount} has no tag yet and is in no P's figure."), amount=amount))
    without = sum(page.completeness[year].without_amount for year in lens.years)
    if without:
        grants = sum(page.completeness[year].grants for year in lens.years)
        notes.append(
            format_html(
                _("{without} of {grants} grants of these years have no amount and add nothing."),
                without=whole(without),
                grants=whole(grants),
            )
        )
    return notes


def _p(lens: Lens) -> dict:
    return {"p": lens.pillar} if lens.pillar and not lens.objective else {}
