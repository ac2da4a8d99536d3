"""Posting the forms of the desk as a browser does: what is shown, with changes."""

from datetime import date

from django.db.models import Model
from django.forms import ModelMultipleChoiceField, MultipleChoiceField


def data_of(form):
    """What a browser sends for `form` when nobody changes anything, its inlines included."""
    data = {}
    for bound in form:
        value = _sent(bound.value())
        several = isinstance(bound.field, MultipleChoiceField | ModelMultipleChoiceField)
        if value is not None and not (several and value == ""):
            data[bound.html_name] = value
    for formset in getattr(form, "formsets", {}).values():
        for bound in formset.management_form:
            data[bound.html_name] = bound.value()
        for child in formset.forms:
            data.update(data_of(child))
    return data


def add_row(data, relation, **fields):
    """Fill one more row of an inline."""
    index = int(data[f"{relation}-TOTAL_FORMS"])
    data[f"{relation}-TOTAL_FORMS"] = index + 1
    data.update({f"{relation}-{index}-{name}": _sent(value) for name, value in fields.items()})
    return data


def errors_of(response):
    """All sentences that the form complains with."""
    form = response.context["form"]
    found = [sentence for errors in form.errors.values() for sentence in errors]
    for formset in getattr(form, "formsets", {}).values():
        found += formset.non_form_errors()
        found += [
            sentence for errors in formset.errors for each in errors.values() for sentence in each
        ]
    return found


def _sent(value):
    if value is None:
        return ""
    if isinstance(value, bool):
        return "on" if value else None
    if isinstance(value, list | tuple):
        return [_sent(each) for each in value]
    if isinstance(value, Model):
        return str(value.pk)
    if isinstance(value, date):
        return value.isoformat()
    return str(value)
