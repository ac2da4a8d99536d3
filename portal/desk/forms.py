"""Forms of the desk: choices are the rows that the person may see, read once per request."""

from django import forms
from django.utils.translation import gettext as _
from wagtail.admin.forms.models import WagtailAdminModelForm
from wagtail.admin.panels import InlinePanel


class CurrencyInput(forms.TextInput):
    """Three letters, written in any case."""

    def __init__(self, attrs=None):
        super().__init__({"size": 5, "autocomplete": "off", "spellcheck": "false", **(attrs or {})})

    def value_from_datadict(self, data, files, name):
        value = super().value_from_datadict(data, files, name)
        return value.strip().upper() if value else value


class DeskForm(WagtailAdminModelForm):
    """A form that offers nothing that its person may not see."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            if getattr(field, "max_length", None) == 3 and isinstance(
                field.widget, forms.TextInput
            ):
                field.widget = CurrencyInput(field.widget.attrs)
            if isinstance(field, forms.ModelChoiceField):
                self._narrow(name, field)

    def _narrow(self, name, field):
        if self.for_user is None:
            field.queryset = field.queryset.none()
            return
        if hasattr(field.queryset, "visible_to"):
            field.queryset = field.queryset.visible_to(self.for_user)
        if isinstance(field.widget, forms.Select):
            # Every inline shows the same list: read it once per request.
            kept = vars(self.for_user).setdefault("_desk_choices", {})
            key = (type(self).__name__, field.queryset.model, name)
            if key not in kept:
                kept[key] = list(field.choices)
            field.widget.choices = kept[key]

    def rows_of(self, relation):
        """The cleaned rows of an inline that stay, once the form was checked."""
        return [
            form.cleaned_data
            for form in self.formsets[relation].forms
            if getattr(form, "cleaned_data", None) and not form.cleaned_data.get("DELETE")
        ]

    def is_valid(self):
        valid = super().is_valid()
        if valid:
            self.clean_parts()
            valid = not self.errors
        return valid

    def clean_parts(self):
        """Checks over several inlines; complain by `add_error(None, ...)`."""


class Inline(InlinePanel):
    """Rows within a record, whose choices are narrowed like those of the record itself."""

    def __init__(self, *args, form=DeskForm, **kwargs):
        super().__init__(*args, **kwargs)
        self.form = form

    def clone_kwargs(self):
        return {**super().clone_kwargs(), "form": self.form}

    def get_form_options(self):
        options = super().get_form_options()
        options["formsets"][self.relation_name].update(form=self.form, inherit_kwargs=["for_user"])
        return options


def share_text(value):
    """33.333300 -> "33.3333"."""
    return f"{value.normalize():f}"


def exactly_100(shares, what):
    """A sentence where `shares` do not make 100, else None. No shares at all are fine."""
    total = sum(shares)
    if not shares or total == 100:
        return None
    off = abs(100 - total)
    values = {"what": what, "total": share_text(total), "off": share_text(off)}
    if total > 100:
        return (
            _(
                "The shares of the %(what)s add up to %(total)s. Take %(off)s away, so that they make 100."
            )
            % values
        )
    return (
        _(
            "The shares of the %(what)s add up to %(total)s. Give %(off)s more, so that they make 100, "
            "or remove them all."
        )
        % values
    )


class ChoiceRows(forms.MultipleChoiceField):
    """Rows of one closed list as checkboxes: each ticked choice is a row of `relation`, with it in `column`."""

    widget = forms.CheckboxSelectMultiple

    def __init__(self, relation, column, choices, **kwargs):
        super().__init__(choices=choices, required=False, **kwargs)
        self.relation, self.column = relation, column


class ChoiceRowsForm(DeskForm):
    """A form that keeps its `ChoiceRows` fields in their tables."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for field in self._choice_rows().values():
            if self.instance.pk:
                field.initial = list(self._rows(field).values_list(field.column, flat=True))

    def _choice_rows(self):
        return {name: field for name, field in self.fields.items() if isinstance(field, ChoiceRows)}

    def _rows(self, field):
        relation = type(self.instance)._meta.get_field(field.relation)
        return relation.related_model._base_manager.filter(
            **{relation.field.name: self.instance.pk}
        )

    def save(self, commit=True):
        instance = super().save(commit)
        for name, field in self._choice_rows().items():
            rows, wanted = self._rows(field), set(self.cleaned_data[name])
            there = set(rows.values_list(field.column, flat=True))
            rows.filter(**{f"{field.column}__in": there - wanted}).delete()
            owner = type(instance)._meta.get_field(field.relation).field.attname
            rows.model._base_manager.bulk_create(
                rows.model(**{owner: instance.pk, field.column: value})
                for value in sorted(wanted - there)
            )
        return instance
