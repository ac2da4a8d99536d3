"""The parts that pages are made of; each bigger one has its markup in templates/components/.

Shares are numbers from 0 to 100. Texts come ready: these tags compute no figures. Small tags are
plain functions, so that sentences written in Python use the same: `num("18%", url, pillar=1)`.
"""

from decimal import Decimal
from fractions import Fraction
from functools import lru_cache

from django import template
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from portal.lib import numbers
from portal.records.choices import ReviewState, Visibility
from strategy.choices import Pillar

register = template.Library()

for name in ("money", "money_short", "money_full", "percent", "whole", "day", "month"):
    register.filter(name, getattr(numbers, name))


@register.filter
def css(value: Decimal | Fraction | int | float | None) -> str:
    """A number for a style attribute, with a dot in every language: `18.4`; nothing is 0."""
    return f"{float(value or 0):.2f}".rstrip("0").rstrip(".")


# Small parts


@register.simple_tag
def icon(name: str, label: str = "") -> SafeString:
    """An icon of vendor/icons.txt: decoration, unless a label says what it means."""
    role = (
        format_html('role="img" aria-label="{}"', label)
        if label
        else mark_safe('aria-hidden="true"')
    )
    url = static("portal/vendor/icons.svg")
    return format_html('<svg class="ff-i" {}><use href="{}#{}"/></svg>', role, url, name)


@register.simple_tag
def mark(pillar: int) -> SafeString:
    """A pillar's shape with its number; decoration beside its name."""
    return format_html('<span class="ff-mark ff-p{0}" aria-hidden="true">{0}</span>', int(pillar))


@register.simple_tag
def pillar_name(pillar: int) -> SafeString:
    """A pillar's mark and name."""
    return format_html(
        '<span class="ff-pname ff-p{}">{}{}</span>', int(pillar), mark(pillar), Pillar(pillar).label
    )


@register.simple_tag
def code(objective_code: str) -> SafeString:
    """An objective's code with the shape of its pillar."""
    return format_html('<span class="ff-code ff-p{}">{}</span>', objective_code[:1], objective_code)


@register.simple_tag
def num(text: str, url: str = "", pillar: int = 0) -> SafeString:
    """A number in a sentence, linked to its rows and underlined in its pillar's colour."""
    colour = f" ff-p{int(pillar)}" if pillar else ""
    if not url:
        return format_html('<b class="ff-nb">{}</b>', text)
    return format_html('<a class="ff-num{}" href="{}">{}</a>', colour, url, text)


@register.simple_tag
def gap(
    met=0, paid=0, length=100, label="", size="", pillar=None, over=None, was=None, new=None
) -> SafeString:
    """The gap bar: solid is paid out, lighter is committed, hatched is still missing.

    met, paid: shares of what is asked; length: share of the longest bar beside it; size: "", "thin"
    or "big"; over: committed in percent of what is asked, above 100, draws the line at what is
    asked; was, new: what new money would change, as shares of what is asked.
    """
    length = 100 if length in ("", None) else length
    met = min(max(met or 0, 0), 100)
    paid = min(max(paid or 0, 0), met)
    classes = ["ff-gap"]
    classes += [f"ff-gap--{size}"] if size else []
    classes += [f"ff-p{int(pillar)}"] if pillar is not None else []
    style = f"--len:{css(length)};--cov:{css(met)};--dis:{css(paid)}"
    if over and over > 100:
        classes.append("ff-gap--over")
        style += f";--full:{css(10000 / Fraction(str(over)))}"
    inner = [mark_safe('<i class="com"></i>')] if met else []
    inner += [mark_safe('<i class="dis"></i>')] if paid else []
    if new is not None:
        inner.append(
            format_html('<i class="new" style="--was:{};--now:{}"></i>', css(met), css(new))
        )
    inner += [format_html("<em><span>{}</span></em>", label)] if label else []
    if was is not None:
        inner.append(format_html('<span class="ff-gap__before" style="--was:{}"></span>', css(was)))
    return format_html(
        '<span class="{}" style="{}">{}</span>',
        " ".join(classes),
        style,
        format_html_join("", "{}", ((piece,) for piece in inner)),
    )


@register.simple_tag(takes_context=True)
def nav_count(context, key: str) -> SafeString | str:
    """What waits behind an entry of the navigation; nothing where nothing does."""
    number, of_what = context["shell"].counts.get(key, (0, ""))
    if not number:
        return ""
    return format_html(
        ' <span class="ff-count">{}<span class="visually-hidden"> {}</span></span>',
        numbers.whole(number),
        of_what,
    )


# Source: IATI ActivityStatus 1 to 6.
STATUS_KINDS = {
    "1": "plan",
    "2": "on",
    "3": "half",
    "4": "done",
    "5": "stop",
    "6": "half",
    ReviewState.DRAFT: "plan",
    ReviewState.SUBMITTED: "half",
    ReviewState.ACCEPTED: "done",
    ReviewState.RETURNED: "late",
}


@register.simple_tag
def status(kind: str, label: str) -> SafeString:
    """A state in a word with a shape.

    kind: on, plan, late, half, done, stop, or the state's own value.
    """
    kind = STATUS_KINDS.get(str(kind), str(kind))
    return format_html('<span class="ff-st ff-st--{}">{}</span>', kind, label)


VISIBILITY_ICONS = {
    Visibility.PUBLIC: "globe2",
    Visibility.COALITION: "people",
    Visibility.WORKING_GROUP: "lock",
    Visibility.ORGANISATION: "lock-fill",
}


@register.simple_tag
def visibility(value: str, label: str = "") -> SafeString:
    """With whom a record is shared."""
    label = label or Visibility(value).label
    return format_html('<span class="ff-vis">{}{}</span>', icon(VISIBILITY_ICONS[value]), label)


@register.simple_tag
def suppressed() -> SafeString:
    """Stands for a number of people that is too small to show."""
    return format_html(
        '<span class="ff-supp"><abbr title="{}">&lt;&nbsp;10</abbr></span>',
        _("Fewer than 10. Hidden to protect people."),
    )


@register.simple_tag
def key(column=False) -> SafeString:
    """What the three fillings mean; below each other with `column`."""
    parts = (
        ("k", _("Paid out")),
        ("km", _("Committed, not yet paid")),
        ("gap", _("Still missing")),
    )
    items = format_html_join("", '<li><span class="ff-sw ff-sw--{}"></span>{}</li>', parts)
    return format_html(
        '<ul class="ff-key ff-p0{}">{}</ul>', " ff-key--column" * bool(column), items
    )


@register.simple_tag
def span(start, length, label: str, today=None, pillar=None, shared=None) -> SafeString:
    """A period as a bar. start, length, today: shares of the axis; label: the period in words.

    shared: start and length of the days that it has in common with others, marked behind the bar.
    """
    now = "" if today is None else format_html('<u style="--t:{}"></u>', css(today))
    band = mark_safe("<s></s>") if shared else ""
    between = format_html(";--sa:{};--sb:{}", css(shared[0]), css(shared[1])) if shared else ""
    return format_html(
        '<span class="ff-span{}" style="--a:{};--b:{}{}"><i></i>{}{}</span>'
        '<span class="visually-hidden">{}</span>',
        "" if pillar is None else f" ff-p{int(pillar)}",
        css(start),
        css(length),
        between,
        band,
        now,
        label,
    )


# Bigger parts


@register.inclusion_tag("components/crumbs.html")
def crumbs(*pairs):
    """Label, address, label, address, ...; the page itself comes last and needs no address."""
    pairs = (*pairs, None) if len(pairs) % 2 else pairs
    return {"items": list(zip(pairs[::2], pairs[1::2], strict=True))}


@register.inclusion_tag("components/skyline.html")
def skyline(pillars, labelled_by=""):
    """The whole strategy in one picture; see the template for what a pillar holds."""
    total = float(sum(pillar["need"] for pillar in pillars)) or 1
    for pillar in pillars:
        pillar["size"] = 100 * float(pillar["need"]) / total
        for objective in pillar["objectives"]:
            size = objective["size"] = 100 * float(objective["need"]) / total
            # How wide the box gets on a desktop decides what fits into it: 1 is about 11 pixels.
            word = max(map(len, objective["short"].split()), default=0)
            objective["fits_name"] = 11 * size >= 6.8 * word + 22 and objective["met"] < 62
            objective["fits_percent"] = size >= 2.7
            objective["fits_code"] = size >= 1.7
    return {"pillars": pillars, "labelled_by": labelled_by}


@register.inclusion_tag("components/bars.html")
def bars(rows):
    """One gap bar per pillar, or per objective; see the template."""
    return {"rows": rows}


@register.inclusion_tag("components/rank.html")
def rank(rows, level=3):
    """The largest gaps in order; see the template."""
    return {"rows": rows, "level": level}


@register.inclusion_tag("components/facts.html")
def facts(rows, small=False):
    """A few numbers in a row: value, text, url (or none)."""
    return {"rows": rows, "small": small}


@register.inclusion_tag("components/heat.html")
def heat(table):
    """A heat table or a matrix; see the template. Its cells are written here: a tag for each is most of a page."""
    nothing = format_html(
        '<td><span aria-hidden="true">·</span><span class="visually-hidden">{}</span></td>',
        table["none"],
    )
    groups = [
        {
            **group,
            "rows": [
                {
                    **row,
                    "cells": mark_safe(  # noqa: S308 every part is escaped
                        "".join(_heat_cell(*cell) if cell else nothing for cell in row["cells"])
                    ),
                }
                for row in group["rows"]
            ],
        }
        for group in table["groups"]
    ]
    return {"table": {**table, "groups": groups}}


@lru_cache(maxsize=16_384, typed=True)
def _heat_cell(kind: str, url: str, text: str, label: str) -> SafeString:
    return format_html(
        '<td class="{}"><a href="{}" aria-label="{}"><b>{}</b></a></td>', kind, url, label, text
    )


@register.inclusion_tag("components/pager.html", takes_context=True)
def pager(context, page, name="page", label=""):
    """From page to page, the address' other filters kept. name: of the number in the address.

    label: tells two of them on one page apart.
    """

    def address(number):
        query = context["request"].GET.copy()
        query[name] = number
        return f"?{query.urlencode()}"

    return {
        "page": page,
        "label": label or _("Pages"),
        "previous": address(page.previous_page_number()) if page.has_previous() else "",
        "next": address(page.next_page_number()) if page.has_next() else "",
    }


@register.inclusion_tag("components/downloads.html")
def downloads(links, buttons=False):
    """Files to take along: (kind, label, address), kind being csv, xlsx, png or pdf."""
    icons = {"csv": "filetype-csv", "xlsx": "filetype-xlsx", "pdf": "file-earmark-pdf"}
    rows = [(icons.get(kind, "image"), label, url) for kind, label, url in links]
    return {"rows": rows, "buttons": buttons}


@register.simple_tag
def fragment(template_name: str, **context) -> SafeString:
    """A template drawn from these values alone, kept by them: the same values are not drawn twice.

    For big parts that most changes leave as they are. Lists may be given; what stands in them must not change.
    """
    frozen = tuple(
        (name, tuple(value) if isinstance(value, list) else value)
        for name, value in context.items()
    )
    return _fragment(get_language(), template_name, frozen)


@lru_cache(maxsize=128)
def _fragment(language, template_name: str, context: tuple) -> SafeString:
    return render_to_string(template_name, dict(context))


# Parts with a body


@register.simple_block_tag
def more(content, label):
    """What can be unfolded."""
    return format_html(
        '<details class="ff-more"><summary>{}</summary>'
        '<div class="ff-more__body ff-scroll">{}</div></details>',
        label,
        content,
    )


@register.simple_block_tag
def how(content, title="", open=False):  # noqa: A002, the attribute's name
    """How a number is computed."""
    return format_html(
        '<details class="ff-more ff-more--how"{}><summary>{}</summary>'
        '<div class="ff-more__body">{}</div></details>',
        mark_safe(" open") if open else "",
        title or _("How this is computed"),
        content,
    )


@register.simple_block_tag
def note(content, kind=""):
    """A remark beside the text. kind: "", warn, ok or err."""
    return format_html(
        '<div class="ff-note{}">{}</div>', f" ff-note--{kind}" if kind else "", content
    )


@register.simple_block_tag
def banner(content, kind="", icon_name=""):
    """What has just happened, or waits. kind: "" (good) or warn."""
    name = icon_name or ("flag" if kind == "warn" else "check-circle-fill")
    return format_html(
        '<div class="ff-banner{}" role="status">{}<div>{}</div></div>',
        f" ff-banner--{kind}" if kind else "",
        icon(name),
        content,
    )


@register.simple_block_tag
def empty(content, title, art=True, level=2):
    """Nothing here, and what to do about it."""
    return render_to_string(
        "components/empty.html", {"content": content, "title": title, "art": art, "level": level}
    )


@register.simple_block_tag
def chip(content, label, value="", icon_name="", on=False, add=False):
    """A filter that opens: its label, what is chosen, and the fields as its body."""
    context = {"label": label, "value": value, "icon_name": icon_name, "on": on, "add": add}
    return render_to_string("components/chip.html", {"content": content, **context})


@register.simple_block_tag
def chart(content, title="", sub="", still="", src="", alt="", files=(), note="", table_label=""):
    """A picture in its frame: the finding as title, the table of the same numbers as body.

    still: SVG for pages; src: address of the figure as JSON, or nothing to stay still;
    alt: the picture in a sentence; files: as for `downloads`; note: a remark under the picture.
    """
    return render_to_string(
        "components/chart.html",
        {
            "content": content,
            "title": title,
            "sub": sub,
            "still": still,
            "src": src,
            "alt": alt,
            "files": files,
            "note": note,
            "table_label": table_label or _("Show as a table"),
        },
    )
