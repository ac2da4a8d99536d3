"""Columns of lists: days, numbers and money as the site writes them."""

from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from wagtail.admin.ui.tables import Column

from portal.lib.numbers import day, money_full


class DayColumn(Column):
    """A day in full: `9 November 2026`."""

    def get_value(self, instance):
        value = super().get_value(instance)
        if value is None:
            return ""
        return day(localtime(value).date() if hasattr(value, "hour") else value)


class MomentColumn(Column):
    """A day and a time."""

    def get_value(self, instance):
        value = super().get_value(instance)
        return "" if value is None else date_format(localtime(value), "DATETIME_FORMAT")


class YesColumn(Column):
    """“Yes” where something holds, else nothing: a list of crosses says too little."""

    def get_value(self, instance):
        return _("Yes") if super().get_value(instance) else ""


class NumberColumn(Column):
    """A number, read from its last digit."""

    def __init__(self, *args, classname="desk-number", **kwargs):
        super().__init__(*args, classname=classname, **kwargs)


class MoneyColumn(NumberColumn):
    """An amount with its currency, in full. accessor: a function to (amount, currency)."""

    def get_value(self, instance):
        amount, currency = self.accessor(instance)
        return "" if amount is None else money_full(amount, currency)
