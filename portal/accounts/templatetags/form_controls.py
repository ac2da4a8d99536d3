from django import template

register = template.Library()

CLASSES = {"checkbox": "", "radio": "", "select": "form-select"}


@register.filter
def control(field):
    """A form field's input in our style, joined by Django to its hint and its error.

    What a label says already is not said again inside the input.
    """
    kind = getattr(field.field.widget, "input_type", "")
    return field.as_widget(attrs={"class": CLASSES.get(kind, "form-control"), "placeholder": False})


@register.filter
def is_choice(field):
    """Whether a field is one box to tick, whose label stands after it."""
    return getattr(field.field.widget, "input_type", "") == "checkbox"


@register.filter
def is_choices(field):
    """Whether a field is several things to choose from, each with its own label."""
    return getattr(field.field.widget, "input_type", "") == "radio"
