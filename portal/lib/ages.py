"""How long ago something was, as people say it."""

from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import ngettext


def ago(day: date, today: date) -> str:
    """`today`, `yesterday`, `12 days ago`, `3 months ago`, `2 years ago`; a day to come is today."""
    days = (today - day).days
    if days <= 0:
        return _("today")
    if days == 1:
        return _("yesterday")
    months = (today.year - day.year) * 12 + today.month - day.month - (today.day < day.day)
    if months < 1:
        return ngettext("%(n)d day ago", "%(n)d days ago", days) % {"n": days}
    if months < 24:
        return ngettext("%(n)d month ago", "%(n)d months ago", months) % {"n": months}
    years = months // 12
    return ngettext("%(n)d year ago", "%(n)d years ago", years) % {"n": years}
