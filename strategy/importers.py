"""Files in: exchange rates that the European Central Bank does not publish."""

import csv
import io
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import BinaryIO

from django import forms
from django.utils.translation import gettext as _

from .fields import CURRENCY_CODE
from .rates import EURO, save_rates

MOST_BYTES = 20_000_000
#: Header and what it holds, in the order of the template.
RATE_COLUMNS = {
    "currency": "ISO 4217 code, as in KES",
    "day": "2026-11-09",
    "rate": "units of the currency for one euro, with a decimal point",
    "source": "where the rate was published",
}


class RateForm(forms.Form):
    """One row of an upload."""

    currency = forms.CharField(validators=[CURRENCY_CODE])
    day = forms.DateField(input_formats=["%Y-%m-%d"])
    rate = forms.DecimalField(max_digits=20, decimal_places=8)
    source = forms.CharField(max_length=200)

    def clean_currency(self) -> str:
        currency: str = self.cleaned_data["currency"]
        if currency == EURO:
            raise forms.ValidationError(_("Rates are for one euro; the euro itself has none."))
        return currency

    def clean_rate(self) -> Decimal:
        rate: Decimal = self.cleaned_data["rate"]
        if rate <= 0:
            raise forms.ValidationError(_("A rate is above zero."))
        return rate


@dataclass(frozen=True, slots=True)
class ImportReport:
    """What a file did, or would do: nothing is written where there are errors."""

    created: int
    updated: int
    errors: dict[int, list[str]]  # row number as a spreadsheet shows it, the header being 1


def import_rates(file: BinaryIO, *, write: bool = True) -> ImportReport:
    """Read rates from a CSV file (UTF-8) with the columns of `RATE_COLUMNS`.

    With `write=False`, or with an error in any row, nothing is written; `created` and `updated`
    then count 0.
    """
    rates, errors = _read(file)
    if errors or not write:
        return ImportReport(0, 0, errors)
    created = updated = 0
    for source, rows in rates.items():
        report = save_rates(rows, source=source)
        created, updated = created + report.created, updated + report.updated
    return ImportReport(created, updated, {})


Rates = dict[str, list[tuple[str, date, Decimal]]]


def _read(file: BinaryIO) -> tuple[Rates, dict[int, list[str]]]:
    content = file.read(MOST_BYTES + 1)
    if len(content) > MOST_BYTES:
        return {}, {1: [_("The file is larger than 20 MB.")]}
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        return {}, {line: [_("The file is not UTF-8 text. Save it as CSV UTF-8.")]}
    rows = csv.DictReader(io.StringIO(text, newline=""), strict=True)
    try:
        return _check(rows)
    except csv.Error as error:
        return {}, {rows.line_num: [_("The row cannot be read: %(error)s.") % {"error": error}]}


def _check(rows: "csv.DictReader[str]") -> tuple[Rates, dict[int, list[str]]]:
    rows.fieldnames = [(name or "").strip().lower() for name in rows.fieldnames or ()]
    missing = [name for name in RATE_COLUMNS if name not in rows.fieldnames]
    if missing:
        return {}, {1: [_("These columns are missing: %(names)s.") % {"names": ", ".join(missing)}]}
    rates: Rates = {}
    errors: dict[int, list[str]] = {}
    seen: dict[tuple[str, date], int] = {}
    for number, row in enumerate(rows, 2):
        form = RateForm({name: row[name] for name in RATE_COLUMNS})
        if not form.is_valid():
            errors[number] = [
                f"{name}: {' '.join(map(str, messages))}" for name, messages in form.errors.items()
            ]
            continue
        found = form.cleaned_data
        key = found["currency"], found["day"]
        if key in seen:
            errors[number] = [_("Row %(row)s has this currency and day.") % {"row": seen[key]}]
            continue
        seen[key] = number
        rates.setdefault(found["source"], []).append((*key, found["rate"]))
    return rates, errors
