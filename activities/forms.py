"""Forms of the desk for activities."""

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.desk.forms import ChoiceRows, ChoiceRowsForm, exactly_100
from portal.records.choices import ReviewState
from portal.records.viewsets import RecordForm

from .choices import Exploitation, Population


class ActivityForm(RecordForm, ChoiceRowsForm):
    """An activity with its shares: each set makes 100, or is empty."""

    population_choices = ChoiceRows(
        "populations", "group", Population.choices, label=gettext_lazy("Population groups")
    )
    exploitation_choices = ChoiceRows(
        "exploitations", "form", Exploitation.choices, label=gettext_lazy("Forms of exploitation")
    )

    def clean_review_state(self):
        state = self.cleaned_data["review_state"]
        if state == ReviewState.RETURNED and state != self.initial.get("review_state"):
            raise ValidationError(
                _("Return it from the list “Review”, where you say what is to be changed.")
            )
        return state

    def clean_parts(self):
        for relation, total, what in (
            ("objective_shares", "objective_total", _("objectives")),
            ("place_shares", "place_total", _("places")),
        ):
            shares = [row["share"] for row in self.rows_of(relation)]
            if sentence := exactly_100(shares, what):
                self.add_error(None, sentence)
            # Stored, so that the database can refuse anything but 100 or nothing.
            setattr(self.instance, total, 100 if shares else 0)
