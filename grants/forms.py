"""Forms of the desk for grants."""

from decimal import Decimal

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.desk.forms import DeskForm, share_text
from portal.records.viewsets import RecordForm
from strategy.models import Strategy

from . import services
from .choices import TagOrigin
from .choosers import grant_chooser
from .models import Grant


class AllocationForm(DeskForm):
    """A tag. It belongs to the strategy of its objective, else to the one in force."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if not self.instance.pk:
            self.fields["origin"].initial = TagOrigin.PERSON

    def clean(self):
        cleaned = super().clean()
        objective = cleaned.get("objective")
        if objective is not None:
            self.instance.strategy = objective.strategy
        elif self.instance.strategy_id is None:
            strategy = Strategy.objects.in_force()
            if strategy is None:
                self.add_error("objective", _("No strategy is in force: choose an objective."))
            else:
                self.instance.strategy = strategy
        judged = {"objective", "place", "share", "is_assumed", "origin"} & set(self.changed_data)
        if judged and cleaned.get("origin") == TagOrigin.PERSON:
            self.instance.confirmed_by = self.for_user
        return cleaned


class GrantForm(RecordForm):
    """A grant with its transactions and tags; the shares of its tags make 100 at most."""

    same_as = forms.ModelChoiceField(
        queryset=Grant.objects.all(),
        required=False,
        widget=grant_chooser.widget_class,
        label=gettext_lazy("The same grant as"),
        help_text=gettext_lazy(
            "Another record of this very grant. The two are linked, and count once. Unlink them under Links."
        ),
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            for name in ("regrant_of", "same_as"):
                if name in self.fields:
                    self.fields[name].queryset = self.fields[name].queryset.exclude(
                        pk=self.instance.pk
                    )
        hidden = self.instance.regrant_of_id and "regrant_of" in self.fields
        if (
            hidden
            and not self.fields["regrant_of"]
            .queryset.filter(pk=self.instance.regrant_of_id)
            .exists()
        ):
            # Its title is not for this person; what is not in the form stays as it is.
            del self.fields["regrant_of"]

    def clean(self):
        cleaned = super().clean()
        parent = cleaned.get("regrant_of")
        seen = set()
        while parent is not None and parent.pk not in seen:
            if parent.pk == self.instance.pk:
                self.add_error("regrant_of", _("That grant passes on money of this one already."))
                break
            seen.add(parent.pk)
            parent = parent.regrant_of
        same = cleaned.get("same_as")
        if (
            same is not None
            and self.instance.link_group_id
            and self.instance.link_group_id != same.link_group_id
        ):
            self.add_error("same_as", _("This record is linked already. Unlink it first."))
        elif same is not None and self._goes_round(same, cleaned):
            self.add_error("same_as", _("One of the two passes on money of the other."))
        return cleaned

    def _goes_round(self, same, cleaned):
        key = self.instance.pk or 0
        parent = cleaned.get("regrant_of")
        return services.goes_round({key, same.pk}, {key: parent.pk} if parent else None)

    def save(self, commit=True):
        grant = super().save(commit)
        same = self.cleaned_data.get("same_as")
        if same is not None and not grant.link_group_id:
            self._link(grant, same)
        return grant

    def _link(self, grant, same):
        group = same.link_group
        if group is None:
            services.link_grants([same, grant], rule=_("linked by hand"), by=self.for_user)
            return
        grant.link_group, grant.link_position = group, services.next_link_position(group)
        grant.save(update_fields=["link_group", "link_position", "folded", "updated_at"])

    def clean_parts(self):
        totals = {}
        for form in self.formsets["allocations"].forms if "allocations" in self.formsets else ():
            data = getattr(form, "cleaned_data", None)
            if data and not data.get("DELETE") and data.get("share") is not None:
                strategy = form.instance.strategy
                totals[strategy] = totals.get(strategy, Decimal(0)) + data["share"]
        for total in totals.values():
            if total > 100:
                self.add_error(
                    None,
                    _(
                        "The shares of the tags add up to %(total)s. Take %(off)s away: they make 100 at most."
                    )
                    % {"total": share_text(total), "off": share_text(total - 100)},
                )


class FundingForm(DeskForm):
    """Which grant pays for which activity."""

    def clean(self):
        cleaned = super().clean()
        if cleaned.get("amount") is not None and cleaned["amount"] < 0:
            self.add_error("amount", _("An amount is not negative."))
        return cleaned
