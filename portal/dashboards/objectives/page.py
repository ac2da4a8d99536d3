"""The page of an objective: its figures, its sentences, what stands below it."""

from dataclasses import dataclass
from datetime import timedelta
from fractions import Fraction
from functools import cached_property

from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.text import get_text_list
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from portal.lib.numbers import decimal, money, money_short, month, percent, percent_of, whole
from portal.templatetags.components import num
from strategy.analysis.coverage import Totals, total
from strategy.analysis.headline import Kind
from strategy.models import Objective, Requirement

from ..gaps import GapsPage, findings
from ..lens import Lens
from ..present import bar_words, funded, funded_text, share_of
from ..rows import rows_url
from ..sentences import Says, where_and_when
from .funding import Funding, funding
from .presence import Presence, presence

#: Places with nobody that are named; the rest unfold.
NAMED = 12


@dataclass(frozen=True)
class ObjectivePage:
    """Everything said of one objective through one lens, whose objective it is."""

    lens: Lens
    gaps: GapsPage
    funding: Funding
    presence: Presence
    stated_above: (
        Objective | None
    )  # where nothing is asked here: the nearest objective above at which it is

    @property
    def objective(self) -> Objective:
        return self.lens.objective

    @property
    def totals(self) -> Totals:
        return self.gaps.totals

    @cached_property
    def above(self) -> list[Objective]:
        """From the pillar down to the parent."""
        return _above(self.lens, self.objective)

    @cached_property
    def children(self) -> list[Objective]:
        return [
            node for node in self.lens.objectives.values() if node.parent_id == self.objective.pk
        ]

    def totals_below(self, node: Objective) -> Totals:
        """All of an objective and what is below it."""
        return total(
            cell
            for cell in self.gaps.parts
            if cell.objective
            and (cell.objective == node.code or cell.objective.startswith(f"{node.code}."))
        )

    @property
    def totals_here(self) -> Totals:
        """What is asked of and given to the objective as a whole, not below it."""
        return total(cell for cell in self.gaps.parts if cell.objective == self.objective.code)


def _above(lens: Lens, objective: Objective) -> list[Objective]:
    found, key = [], objective.parent_id
    while key:
        found.append(lens.objectives[key])
        key = found[-1].parent_id
    return found[::-1]


def objective_page(lens: Lens) -> ObjectivePage:
    """Gather what a lens with an objective shows. The queries do not grow with its rows."""
    gaps = findings(lens, largest=5)
    required = {year: totals.required for year, totals in gaps.years.items()}
    stated_above = None
    if not gaps.totals.required and lens.objective.parent_id:
        above = _above(lens, lens.objective)
        stated = Requirement.objects.filter(
            objective__in=above, year__in=lens.years, amount_minor__gt=0
        )
        keys = set(stated.order_by().values_list("objective", flat=True).distinct())
        stated_above = next((node for node in reversed(above) if node.pk in keys), None)
    return ObjectivePage(lens, gaps, funding(lens, required), presence(lens), stated_above)


# What is said


def says(page: ObjectivePage) -> list[SafeString]:
    """The sentences under the title; each number leads to its rows."""
    said = [_money_sentence(page), _stated_above(page), _cliff(page), _people(page)]
    return [sentence for sentence in said if sentence]


def background(page: ObjectivePage) -> list[SafeString]:
    """What the gap is made of: since when, where most of it lies, what got nothing, what fills no gap."""
    return Says(page.gaps).lede


def _money(page: ObjectivePage, amount: int, figure: str) -> SafeString:
    return num(
        money(amount, page.lens.currency), rows_url(page.lens, figure), page.objective.pillar
    )


def _money_sentence(page: ObjectivePage) -> SafeString:
    totals, head, where = page.totals, page.gaps.headline, where_and_when(page.lens)
    if head.kind == Kind.NOTHING_IN_VIEW:
        return format_html(
            _("Nothing is asked for and nothing is committed here{where}."), where=where
        )
    if head.kind == Kind.INCOMPLETE_YEAR:
        return Says(page.gaps).say
    if not totals.required:
        funders = len([amount for amount in page.funding.by_funder.values() if amount > 0])
        return format_html(
            ngettext(
                "{amount} is committed{where}, by {funders} funder. "
                "No requirement is stated here, so what is missing cannot be said.",
                "{amount} is committed{where}, by {funders} funders. "
                "No requirement is stated here, so what is missing cannot be said.",
                funders,
            ),
            amount=_money(page, totals.committed, "committed"),
            where=where,
            funders=num(whole(funders), "#money", page.objective.pillar),
        )
    if totals.committed <= 0:
        return format_html(
            _("Nothing is committed yet{where}. {asked} is asked for."),
            where=where,
            asked=_money(page, totals.required, "required"),
        )
    if totals.missing <= 0:
        return format_html(
            _("All that is asked for{where} is met: {asked}."),
            where=where,
            asked=_money(page, totals.required, "required"),
        )
    return format_html(
        _("Funded at {share}{where}. {missing} of {asked} is still missing."),
        share=num(percent(totals.met_share), rows_url(page.lens, "met"), page.objective.pillar),
        where=where,
        missing=_money(page, totals.missing, "missing"),
        asked=_money(page, totals.required, "required"),
    )


def _stated_above(page: ObjectivePage) -> SafeString | str:
    above = page.stated_above
    if above is None:
        return ""
    link = format_html(
        '<a href="{}">{}</a>', above.get_absolute_url() + page_query(page.lens), str(above)
    )
    return format_html(
        _("What the strategy asks for is stated above it, at {objective}."), objective=link
    )


def _cliff(page: ObjectivePage) -> SafeString | str:
    cliff = page.funding.cliff
    if cliff is None:
        return ""
    last = month(cliff.period.starts_on - timedelta(days=1))
    if cliff.period.committed <= 0:
        return format_html(_("Nothing is committed after {month}."), month=num(last, "#money"))
    share = percent_of(cliff.fall, cliff.before.committed)
    if cliff.below_half_of_before:
        return format_html(
            _("After {month}, committed money falls by {share}."),
            month=last,
            share=num(share, "#money"),
        )
    return format_html(
        _("After {month}, less than half of what is asked for is committed."),
        month=num(last, "#money"),
    )


def _people(page: ObjectivePage) -> SafeString | str:
    who, pillar = page.presence, page.objective.pillar
    if who.running:
        said = format_html(
            ngettext(
                "{organisations} organisation is at work on it",
                "{organisations} organisations are at work on it",
                who.running_organisations,
            ),
            organisations=num(whole(who.running_organisations), "#who", pillar),
        )
    elif who.activities:
        said = format_html(
            _("The last activity on record ended in {month}"),
            month=num(month(who.last_end), "#who", pillar),
        )
    else:
        said = SafeString(_("No activity is on record here"))
    if not who.nobody:
        return format_html("{}.", said)
    places = ngettext("%(number)s place", "%(number)s places", len(who.nobody)) % {
        "number": whole(len(who.nobody))
    }
    return format_html(
        _(
            "{said}; nobody on record is at work in {places} where the strategy asks for somebody in {year}."
        ),
        said=said,
        places=num(places, "#nobody", pillar),
        year=who.year,
    )


def concentration_says(page: ObjectivePage) -> str:
    """How much hangs on one funder; empty where nothing is committed."""
    found = page.funding
    if found.largest is None:
        return ""
    name = found.names[found.largest.funder]
    funders = len([amount for amount in found.by_funder.values() if amount > 0])
    if funders == 1:
        return _("All of it comes from one funder, %(name)s.") % {"name": name}
    return _(
        "%(name)s gives %(share)s of it. The Herfindahl index is %(index)s; it would be 1 for a single funder "
        "and %(equal)s for %(funders)s equal ones."
    ) % {
        "name": name,
        "share": percent(found.largest.share),
        "index": decimal(found.herfindahl, 2),
        "equal": decimal(Fraction(1, funders), 2),
        "funders": whole(funders),
    }


def nobody_says(page: ObjectivePage) -> tuple[str, str]:
    """(the places named, what is asked for there); the rest of the names unfold below."""
    nobody = page.presence.nobody
    names = [place.name for place in nobody[:NAMED]]
    if len(nobody) > NAMED:
        rest = len(nobody) - NAMED
        names.append(
            ngettext("%(number)s other place", "%(number)s other places", rest)
            % {"number": whole(rest)}
        )
    asked = sum(place.required for place in nobody)
    words = ""
    if asked:
        words = _("The strategy asks for %(amount)s there in %(year)s.") % {
            "amount": money(asked, page.lens.currency),
            "year": page.presence.year,
        }
    return get_text_list(names, _("and")), words


# What stands around the sentences


def bar(page: ObjectivePage) -> dict:
    """The big gap bar and the line below it."""
    totals = page.totals
    asked = totals.required > 0
    return {
        "asked": asked,
        "share": funded_text(totals),
        "met": share_of(totals.met, totals.required),
        "paid": share_of(min(totals.disbursed, totals.met), totals.required),
        "over": float(funded(totals)) if asked and not totals.missing else None,
        "label": _("%(amount)s missing") % {"amount": money_short(totals.missing)}
        if totals.missing
        else "",
        "paid_words": _figure(page, totals.disbursed, "disbursed") if totals.disbursed else "",
        "committed_words": _figure(page, totals.committed, "committed"),
        "asked_words": _figure(page, totals.required, "required") if asked else "",
    }


def _figure(page: ObjectivePage, amount: int, figure: str) -> SafeString:
    return format_html('<a href="{}">{}</a>', rows_url(page.lens, figure), money_short(amount))


def below(page: ObjectivePage) -> list[dict]:
    """A bar for each objective below, and one for what is given to this one as a whole."""
    rows: list[tuple[dict, str, str, Totals]] = [
        (
            {"objective": node.code},
            node.short_title,
            node.get_absolute_url() + page_query(page.lens),
            page.totals_below(node),
        )
        for node in page.children
    ]
    here = page.totals_here
    if here.required or here.committed or here.disbursed:
        title = _("%(title)s as a whole, not below") % {"title": page.objective.short_title}
        url = rows_url(page.lens, "missing" if here.required else "committed", node=1)
        rows.insert(0, ({"objective": page.objective.code, "node": 1}, title, url, here))
    longest = max((row[3].required for row in rows), default=0)
    most = max((row[3].committed for row in rows if not row[3].required), default=0)
    return [_below_row(page, *row, longest or most) for row in rows]


def _below_row(
    page: ObjectivePage, narrowed: dict, title: str, url: str, totals: Totals, longest: int
) -> dict:
    asked = totals.required > 0
    return {
        "pillar": page.objective.pillar,
        "code": narrowed["objective"],
        "name": title,
        "url": url,
        "asked": asked,
        "share": funded_text(totals) if asked else "",
        "met": share_of(totals.met, totals.required),
        "paid": share_of(min(totals.disbursed, totals.met), totals.required),
        "length": min(100, share_of(totals.required if asked else totals.committed, longest)),
        "over": float(funded(totals)) if asked and not totals.missing else None,
        "label": _("%(amount)s missing") % {"amount": money_short(totals.missing)}
        if totals.missing
        else "",
        "sub": bar_words(page.lens, totals, narrowed)
        if asked or totals.committed or totals.disbursed
        else _("Nothing is committed, and no requirement is stated."),
    }


def page_query(lens: Lens, **changes) -> str:
    """The filters of the page as a query string: those of the lens without the objective, which the address names."""
    return lens.address(**{"objective": None, "p": None, **changes})


def who_url(lens: Lens, **more) -> str:
    """The full list of who does what, with the same filters."""
    from django.http import QueryDict

    query = QueryDict(mutable=True)
    query["objective"] = lens.objective.code
    query["when"] = "all"
    for name in ("place", "as_of"):
        if lens.params.get(name):
            query[name] = lens.params[name]
    query.update(more)
    return f"{reverse('dashboards:who')}?{query.urlencode()}"


def crumbs(page: ObjectivePage) -> list[tuple[str, str]]:
    """(label, address) from the first page down; the page itself has no address."""
    query = page_query(page.lens)
    found = [
        (_("Home"), reverse("dashboards:home")),
        (_("Funding gaps"), reverse("dashboards:gaps") + query),
    ]
    found += [
        (node.short_title if node.is_pillar else node.code, node.get_absolute_url() + query)
        for node in page.above
    ]
    return [
        *found,
        (page.objective.short_title if page.objective.is_pillar else page.objective.code, ""),
    ]
