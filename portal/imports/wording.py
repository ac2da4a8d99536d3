"""Sentences of the import's screens."""

from django.utils.translation import gettext as _

from portal.lib.numbers import whole
from portal.lib.spreadsheets import BadFile, Reason


def bad_file(bad: BadFile) -> str:
    """Why a file is not read, and what to do about it."""
    facts = {key: whole(value) if isinstance(value, int) else value for key, value in bad.facts.items()}  # fmt: skip
    sentence = _SENTENCES[bad.reason]() % {
        "most": "",
        "found": "",
        "words": "",
        "line": "",
        **facts,
    }
    if bad.reason in (Reason.DAMAGED, Reason.ENCODING, Reason.LETTERS) and "line" in facts:
        return f"{sentence} {_('It is in line %(line)s.') % facts}"
    if bad.reason is Reason.DAMAGED and facts.get("words"):
        return f"{sentence} {_('What was found: %(words)s') % facts}"
    return sentence


def megabytes(size: int) -> str:
    return whole(size // (1024 * 1024))


def _size() -> str:
    return _("The file is larger than 10 MB. Divide it, or take out what we do not need.")


_SENTENCES = {
    Reason.KIND: lambda: _("We read CSV, XLSX, ODS and XLS files. Save it as one of these."),
    Reason.EMPTY: lambda: _("There are no rows in this file."),
    Reason.SIZE: _size,
    Reason.ROWS: lambda: _("The file has more than %(most)s rows (%(found)s). Divide it."),
    Reason.COLUMNS: lambda: _(
        "The file has a cell in column %(found)s; %(most)s columns are the most. Delete what stands far to the right."
    ),
    Reason.CELLS: lambda: _("The file has more than %(most)s cells. Divide it."),
    Reason.LETTERS: lambda: _("A cell holds more than %(most)s letters."),
    Reason.UNPACKED: lambda: _("The file would be far too large when opened. It was not opened."),
    Reason.PARTS: lambda: _("The file holds too many parts. Save it anew as XLSX or CSV."),
    Reason.ENTITIES: lambda: _("The file holds declarations that no spreadsheet needs. Save it anew as XLSX or CSV."),
    Reason.DAMAGED: lambda: _("The file is damaged and cannot be read. Open it, and save it anew."),
    Reason.ENCODING: lambda: _("Some letters of the file cannot be read. Save it as CSV in UTF-8, or as XLSX."),
    Reason.PASSWORD: lambda: _("The file has a password. Save it without one."),
    Reason.NO_SHEET: lambda: _("The file has no visible sheet."),
    Reason.TOO_LARGE_INSIDE: lambda: _("The file needs too much memory. Divide it, or save it as CSV."),
    Reason.TIME: lambda: _("Reading the file took too long. Divide it, or save it as CSV."),
}  # fmt: skip
