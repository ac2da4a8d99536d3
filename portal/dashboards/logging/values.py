"""What people type into numbers and dates, as values; a sentence for what it is not."""

import re
from calendar import monthrange
from datetime import date
from decimal import Decimal

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

FIRST_YEAR, LAST_YEAR = 1990, 2100
MOST_PEOPLE = 2_000_000_000
#: Digits before the decimal point of an amount.
MOST_DIGITS = 15

_SPACES = re.compile(r"[\s\u00a0\u202f'’]+")
_CURRENCY = re.compile(r"^(?:[A-Z]{0,3}[$€£¥]|[A-Z]{3})|(?:[A-Z]{0,3}[$€£¥]|[A-Z]{3})$")
_GROUPED = re.compile(r"^\d{1,3}([.,])\d{3}(?:\1\d{3})*(?:(?!\1)[.,]\d{1,2})?$")
_PLAIN = re.compile(r"^\d+(?:[.,]\d{1,2})?$")
_SHARE = re.compile(r"^\d{1,3}(?:[.,]\d{1,6})?$")


def share(text: str) -> Decimal:
    """A percentage above 0 and at most 100, with up to six decimals."""
    text = _SPACES.sub("", text).removesuffix("%")
    if not _SHARE.match(text):
        raise ValidationError(_("Write each share as a number, such as 60 or 33.3."))
    found = Decimal(text.replace(",", "."))
    if not 0 < found <= 100:
        raise ValidationError(_("A share is above 0 and at most 100."))
    return found


def amount(text: str) -> Decimal:
    """Money as people write it: `64,000`, `64 000`, `64.000,50`, `US$64,000`."""
    text = _CURRENCY.sub("", _SPACES.sub("", text))
    if _GROUPED.match(text):
        cents = re.search(r"[.,](\d{1,2})$", text)
        body = text[: cents.start()] if cents else text
        text = re.sub(r"[.,]", "", body) + (f".{cents[1]}" if cents else "")
    elif _PLAIN.match(text):
        text = text.replace(",", ".")
    else:
        raise ValidationError(_("Write the budget as a number, such as 64,000."))
    if len(text.split(".")[0].lstrip("0")) > MOST_DIGITS:
        raise ValidationError(_("This budget is too large to be right. Please look again."))
    return Decimal(text)


def count(text: str) -> int:
    """A number of people: `3,000`, `about 3000`."""
    text = re.sub(r"[.,](?=\d{3}(?:\D|$))", "", _SPACES.sub("", text))
    if not re.fullmatch(r"\d{1,20}", text):
        raise ValidationError(_("Write about how many people as a number, such as 3,000."))
    if int(text) > MOST_PEOPLE:
        raise ValidationError(_("That is more people than there can be. Please look again."))
    return int(text)


def year(text: str) -> int:
    if not re.fullmatch(r"\d{4}", text.strip()):
        raise ValidationError(_("Write the year with four digits, such as 2027."))
    found = int(text)
    if not FIRST_YEAR <= found <= LAST_YEAR:
        raise ValidationError(
            _("The year is between %(first)s and %(last)s.")
            % {"first": FIRST_YEAR, "last": LAST_YEAR}
        )
    return found


def month(text: str) -> int:
    if not re.fullmatch(r"\d{1,2}", text) or not 1 <= int(text) <= 12:
        raise ValidationError(_("Choose a month."))
    return int(text)


def day(month_text: str, year_text: str, day_text: str, *, last: bool) -> date:
    """A day of a month; where none is typed its first, or its last."""
    in_year, in_month = year(year_text), month(month_text)
    length = monthrange(in_year, in_month)[1]
    if not day_text.strip():
        return date(in_year, in_month, length if last else 1)
    if not re.fullmatch(r"\d{1,2}", day_text.strip()) or not 1 <= int(day_text) <= length:
        raise ValidationError(
            _("The day is between 1 and %(length)s in this month, or empty.") % {"length": length}
        )
    return date(in_year, in_month, int(day_text))
