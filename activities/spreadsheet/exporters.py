"""Activities out as a spreadsheet that can be changed and sent back: lists to choose from, notes, a frozen heading."""

import io
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from portal.lib.tabular import for_xlsx
from portal.records.choices import LocationPrecision, Visibility
from strategy.models import ExchangeRate, Objective, Strategy

from ..choices import ActivityStatus, DeliveryMode, Exploitation, Population
from .bulk import Values, read_values
from .columns import BY_KEY, COLUMNS, RECORD, VERSION
from .judging import PREFIX, version_of
from .names import Names

#: Rows below the last one that still have their lists to choose from.
SPARE_ROWS = 500


def short_lists() -> dict[str, list[str]]:
    """The closed lists that a cell may be chosen from, by name; places are too many and stand apart."""
    return {
        "statuses": [str(label) for label in ActivityStatus.labels],
        "populations": [str(label) for label in Population.labels],
        "exploitations": [str(label) for label in Exploitation.labels],
        "modes": [str(label) for label in DeliveryMode.labels],
        "visibilities": [str(label) for label in Visibility.labels],
        "precisions": [str(label) for label in LocationPrecision.labels],
    }


def objective_texts() -> list[str]:
    """The objectives of the strategy in force, as a cell has them, in the order of their codes."""
    strategy = Strategy.objects.in_force()
    rows = Objective.objects.filter(strategy=strategy)
    return [f"{code} {title}" for code, title in rows.values_list("code", "title")]


def currencies() -> list[str]:
    """The currencies that can be converted, and the strategy's own."""
    strategy = Strategy.objects.in_force()
    known = set(ExchangeRate.objects.order_by().values_list("currency", flat=True).distinct())
    if strategy:
        known.add(strategy.reporting_currency)
    return sorted(known)


def activities_xlsx(keys: Sequence[int]) -> bytes:
    """Activities, in this order, as a file to change and send back; an empty template for no keys."""
    names = Names.read()
    values = read_values(keys)
    rows = ([_cell(column.key, key, values[key], names) for column in COLUMNS] for key in keys)
    return _book(rows, len(keys), {}, names)


def rows_xlsx(rows: Iterable[tuple[Mapping[str, str], str]]) -> bytes:
    """Rows as somebody sent them, with what is wrong with each, to be corrected and sent again."""
    names = Names.read()
    lines = [
        [*(for_xlsx(said.get(column.key, "")) for column in COLUMNS), for_xlsx(problem)]
        for said, problem in rows
    ]
    return _book(lines, len(lines), {"problem": _("What is wrong")}, names)


def _cell(key: str, record: int, values: Values, names: Names) -> Any:
    if key == RECORD:
        return f"{PREFIX}{record}"
    if key == VERSION:
        return version_of(values)
    value = values[key]
    if isinstance(value, date | Decimal | int) and key != "reporting_organisation":
        return value
    if value is None or (key in ("objectives", "places") and not value):
        return None
    return for_xlsx(BY_KEY[key].write(value, names))


def _book(
    rows: Iterable[Sequence[Any]], count: int, more: Mapping[str, str], names: Names
) -> bytes:
    from openpyxl import Workbook
    from openpyxl.cell import WriteOnlyCell
    from openpyxl.comments import Comment
    from openpyxl.styles import Alignment, Font, PatternFill
    from openpyxl.utils import get_column_letter
    from openpyxl.worksheet.datavalidation import DataValidation

    book = Workbook(write_only=True)
    sheet = book.create_sheet(_("Activities")[:31])
    lists = {
        **short_lists(),
        "objectives": objective_texts(),
        "places": list(names.places.texts.values()),
        "currencies": currencies(),
    }
    sheet.freeze_panes = "C2"
    ink, paper = PatternFill("solid", fgColor="13222C"), Font(bold=True, color="FFFFFF")
    for at, column in enumerate(COLUMNS, start=1):
        letter = get_column_letter(at)
        sheet.column_dimensions[letter].width = column.width
        if column.key == VERSION:
            sheet.column_dimensions[letter].hidden = True
        if listed := lists.get(column.listed):
            here = get_column_letter(list(lists).index(column.listed) + 1)
            rule = DataValidation(
                type="list",
                formula1=f"Lists!${here}$1:${here}${len(listed)}",
                allow_blank=True,
                showErrorMessage=not column.several,
                errorTitle=_("Not in the list"),
                error=_("Choose one from the list."),
            )
            rule.add(f"{letter}2:{letter}{count + 1 + SPARE_ROWS}")
            sheet.data_validations.append(rule)

    def heading(text: Any, note: Any = "") -> Any:
        cell = WriteOnlyCell(sheet, str(text))
        cell.font, cell.fill = paper, ink
        cell.alignment = Alignment(vertical="top", wrap_text=True)
        if note:
            cell.comment = Comment(str(note), "Fourfold", width=260, height=90)
        return cell

    sheet.append(
        [
            *(heading(column.header, column.help) for column in COLUMNS),
            *(heading(words) for words in more.values()),
        ]
    )
    for row in rows:
        sheet.append(row)
    _write_help(book, heading)
    _write_lists(book, lists)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def _write_help(book: Any, heading: Any) -> None:
    sheet = book.create_sheet(_("How to fill it in")[:31])
    sheet.column_dimensions["A"].width, sheet.column_dimensions["B"].width = 34, 110
    sheet.append([heading(_("Column")), heading(_("What stands in it"))])
    for column in COLUMNS:
        sheet.append([str(column.header), str(column.help)])
    sheet.append([])
    for sentence in (
        _("Change what you like, add rows below, and send the file back under “Import”."),
        _("Rows that you delete here stay as they are: nothing is removed by an import."),
        _("An emptied cell empties the field. A column that you delete leaves its field as it is."),
        _("No names, phone numbers or case numbers of people, please."),
    ):
        sheet.append([sentence])


def _write_lists(book: Any, lists: Mapping[str, Sequence[str]]) -> None:
    sheet = book.create_sheet("Lists")
    sheet.sheet_state = "hidden"
    for at in range(max(map(len, lists.values()), default=0)):
        sheet.append([for_xlsx(texts[at]) if at < len(texts) else None for texts in lists.values()])
