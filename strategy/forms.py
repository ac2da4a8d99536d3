"""Forms of the desk for the strategy."""

from decimal import Decimal

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.desk.forms import DeskForm, share_text

from .choices import Pillar
from .models import Objective, PillarTarget
from .moving import branch_of, next_code


def _target_field(pillar):
    return forms.DecimalField(
        label=pillar.label,
        required=False,
        max_digits=9,
        decimal_places=6,
        validators=[MinValueValidator(0), MaxValueValidator(100)],
    )


class StrategyForm(DeskForm):
    """A strategy with the share of all tagged money that it wants for each pillar."""

    target_1 = _target_field(Pillar.PREVENTION)
    target_2 = _target_field(Pillar.PROTECTION)
    target_3 = _target_field(Pillar.PROSECUTION)
    target_4 = _target_field(Pillar.PARTNERSHIP)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            for target in self.instance.pillar_targets.all():
                self.fields[f"target_{target.pillar}"].initial = Decimal(share_text(target.share))

    def clean(self):
        cleaned = super().clean()
        shares = [
            share for pillar in Pillar if (share := cleaned.get(f"target_{pillar}")) is not None
        ]
        total = sum(shares, Decimal(0))
        if total > 100 or (len(shares) == len(Pillar) and total != 100):
            self.add_error(
                None,
                _("The target shares add up to %(total)s. They make 100.")
                % {"total": share_text(total)},
            )
        return cleaned

    def save(self, commit=True):
        strategy = super().save(commit)
        for pillar in Pillar:
            share = self.cleaned_data.get(f"target_{pillar}")
            target = PillarTarget.objects.filter(strategy=strategy, pillar=pillar).first()
            if share is None:
                if target:
                    target.delete()
            elif target is None:
                PillarTarget.objects.create(strategy=strategy, pillar=pillar, share=share)
            elif target.share != share:
                target.share = share
                target.save()
        return strategy


class ObjectiveForm(DeskForm):
    """An objective under another one: its pillar and strategy are those of its parent, its code follows."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if self.instance.pk and self.instance.is_pillar:
            for name in ("parent", "code"):
                self.fields.pop(name, None)
            return
        self.fields["code"].required = False
        self.fields["code"].help_text = gettext_lazy(
            "Left empty, the next free code below its parent is taken."
        )
        parent = self.fields["parent"]
        parent.required = True
        if self.instance.pk:
            parent.queryset = parent.queryset.exclude(pk__in=branch_of(self.instance))
        parent.empty_label = gettext_lazy("Choose a pillar or an objective")

    def clean(self):
        cleaned = super().clean()
        parent = cleaned.get("parent")
        if parent is None:
            return cleaned
        self.instance.pillar, self.instance.strategy = parent.pillar, parent.strategy
        code = cleaned.get("code") or ""
        moved = (
            self.instance.pk and "parent" in self.changed_data and "code" not in self.changed_data
        )
        if not code or moved:
            cleaned["code"] = code = next_code(parent)
        if not code.removeprefix(f"{parent.code}.").isdigit():
            self.add_error(
                "code",
                _("The code is that of its parent, a point and a number: %(code)s, for example.")
                % {"code": next_code(parent)},
            )
        taken = Objective.objects.filter(strategy=parent.strategy, code=code).exclude(
            pk=self.instance.pk
        )
        if taken.exists():
            self.add_error(
                "code",
                _("“%(title)s” has this code. The next free one is %(code)s.")
                % {"title": taken.get().title, "code": next_code(parent)},
            )
        return cleaned


class RequirementForm(DeskForm):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["basis_of_estimate"].widget.attrs["rows"] = 3

    def clean(self):
        cleaned = super().clean()
        objective, year = cleaned.get("objective"), cleaned.get("year")
        if objective and year and year not in (years := objective.strategy.years):
            self.add_error(
                "year",
                _("The strategy runs from %(first)s to %(last)s.")
                % {"first": years[0], "last": years[-1]},
            )
        return cleaned


class RatesForm(forms.Form):
    """A file with exchange rates."""

    file = forms.FileField(
        label=gettext_lazy("File"),
        help_text=gettext_lazy("CSV, UTF-8, at most 20 MB."),
        widget=forms.FileInput,
    )
