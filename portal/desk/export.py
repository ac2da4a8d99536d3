"""Every column of a list as a spreadsheet."""

from django.utils.text import capfirst

#: Columns that only the database needs.
INTERNAL = frozenset({"folded", "sort_key", "lft", "rgt", "depth", "link_position"})
#: What a spreadsheet program would read as a formula.
FORMULA = ("=", "+", "-", "@", "\t", "\r")


class Exported:
    """One column of a spreadsheet. value: a function of the row."""

    def __init__(self, name, heading, value):
        self.name, self.heading, self.value = name, heading, value


def exported_fields(model):
    """One column for each stored field: words for choices, names for related records."""
    return [
        Exported(field.name, capfirst(str(field.verbose_name)), _value_of(field))
        for field in model._meta.concrete_fields
        if field.name not in INTERNAL
    ]


def related_fields(model):
    """Names of the foreign keys, to be read with the rows."""
    return [field.name for field in model._meta.concrete_fields if field.is_relation]


def safe(value):
    """Text that no spreadsheet program takes for a formula; everything else as it is."""
    if isinstance(value, str) and value.startswith(FORMULA):
        return f"'{value}"
    return value


def _value_of(field):
    if field.is_relation:
        return lambda row: "" if (found := getattr(row, field.name)) is None else str(found)
    if field.choices:
        return lambda row: str(getattr(row, f"get_{field.name}_display")() or "")
    return lambda row: getattr(row, field.name)
