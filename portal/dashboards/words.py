"""Places and years as they stand in a sentence."""

from collections.abc import Sequence

from django.utils.text import get_text_list
from django.utils.translation import gettext as _

from .lens import Lens

#: Places that a sentence gives an article: "in the Philippines".
WITH_ARTICLE = frozenset(
    {
        "019", "029", "830", "AE", "AX", "BS", "CC", "CD", "CF", "CG", "CK", "DO", "FK", "FO", "GB", "GM", "HM", "IM",
        "IO", "KM", "KY", "MH", "MP", "MV", "NL", "PH", "SB", "SC", "TC", "TF", "UM", "US", "VA", "VG", "VI",
    }
)  # fmt: skip


def place_words(code: str, name: str) -> str:
    """A place as it follows a preposition: `Ghana`, `the Philippines`."""
    return _("the %(place)s") % {"place": name} if code in WITH_ARTICLE else name


def period_words(lens: Lens) -> str:
    """The years in view: `2003 to 2014`, `fiscal year 2010`, `2003, 2005 and 2009`."""
    years = lens.years
    if len(years) == 1:
        return (
            _("fiscal year %(year)s") % {"year": years[0]}
            if lens.strategy.year_start_month > 1
            else str(years[0])
        )
    if _in_a_row(years):
        return _("%(first)s to %(last)s") % {"first": years[0], "last": years[-1]}
    return get_text_list([str(year) for year in years], _("and"))


def _in_a_row(years: Sequence[int]) -> bool:
    return tuple(years) == tuple(range(years[0], years[-1] + 1))


def where_and_when(lens: Lens) -> str:
    """The narrowed part of a sentence, with a leading space: ` in Ghana in fiscal year 2010`; empty for everything."""
    words = ""
    if lens.place is not None:
        words += _(" in %(place)s") % {"place": place_words(lens.place.code, lens.place.name)}
    if not lens.whole_period:
        run = len(lens.years) > 1 and _in_a_row(lens.years)
        words += (_(" from %(years)s") if run else _(" in %(years)s")) % {
            "years": period_words(lens)
        }
    return words
