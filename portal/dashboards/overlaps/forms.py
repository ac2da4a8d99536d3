"""What organisations write about overlaps: reasons, messages, proposals."""

from collections.abc import Sequence
from datetime import date

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from activities.choices import AgreementKind, DismissReason
from portal.directory.models import Organisation
from portal.lib.personal_data import find

LONGEST = 5000


class CarefulForm(forms.Form):
    """A form whose free texts are looked through for a person's data: warned once, then the writer decides."""

    free_texts: Sequence[str] = ()
    anyway = forms.BooleanField(
        label=gettext_lazy("I have looked: this says nothing about a person who was trafficked"),
        required=False,
    )

    def clean(self):
        cleaned = super().clean()
        self.warnings = [
            hit.sentence for name in self.free_texts for hit in find(cleaned.get(name) or "")
        ]
        if self.warnings and not cleaned.get("anyway"):
            for sentence in dict.fromkeys(str(one) for one in self.warnings):
                self.add_error(self.free_texts[0], sentence)
        return cleaned

    @property
    def asks_anyway(self) -> bool:
        """Whether the writer has to say that they looked."""
        return bool(getattr(self, "warnings", ()))


class DismissForm(CarefulForm):
    """Why two activities that look alike are not the same."""

    free_texts = ("note",)
    reason = forms.ChoiceField(
        label=gettext_lazy("Reason"),
        choices=[("", gettext_lazy("Choose one")), *DismissReason.choices],
        error_messages={"required": gettext_lazy("Choose a reason, so that nobody asks again.")},
    )
    note = forms.CharField(
        label=gettext_lazy("In your words"), required=False, max_length=LONGEST, strip=True
    )

    def clean(self):
        cleaned = super().clean()
        if cleaned.get("reason") == DismissReason.OTHER and not cleaned.get("note"):
            self.add_error("note", _("Say in a few words what it is."))
        return cleaned


class MessageForm(CarefulForm):
    """What somebody writes in a conversation."""

    free_texts = ("text",)
    text = forms.CharField(
        label=gettext_lazy("Message"),
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": gettext_lazy("Write something first.")},
    )


class OpeningForm(MessageForm):
    """The first words of a conversation, or none."""

    text = forms.CharField(
        label=gettext_lazy("Your message"),
        required=False,
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class ProposalForm(CarefulForm):
    """What to agree on: what, who does it, by when, and what it saves."""

    free_texts = ("text",)
    kind = forms.ChoiceField(
        label=gettext_lazy("What do you propose?"), choices=AgreementKind.choices
    )
    text = forms.CharField(
        label=gettext_lazy("In words"),
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": gettext_lazy("Say what you propose.")},
    )
    who = forms.ModelChoiceField(
        label=gettext_lazy("Who does it?"),
        queryset=Organisation.objects.none(),
        required=False,
        empty_label=gettext_lazy("All together"),
    )
    due_on = forms.DateField(
        label=gettext_lazy("By when?"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}),
    )
    amount = forms.DecimalField(
        label=gettext_lazy("Money no longer spent twice"),
        required=False,
        min_value=1,
        max_digits=14,
        decimal_places=2,
        widget=forms.TextInput(attrs={"inputmode": "decimal"}),
    )

    def __init__(self, *args, organisations: Sequence[Organisation], today: date, **kwargs):
        super().__init__(*args, **kwargs)
        self.today = today
        self.fields["who"].queryset = Organisation.objects.filter(
            pk__in=[one.pk for one in organisations]
        )

    def clean_due_on(self):
        due = self.cleaned_data["due_on"]
        if due is not None and due < self.today:
            raise forms.ValidationError(_("This day has passed. Choose one that is to come."))
        return due

    def clean(self):
        cleaned = super().clean()
        if cleaned.get("amount") and cleaned.get("kind") == AgreementKind.OTHER:
            self.add_error(
                "amount", _("Give an amount only with a proposal that settles the overlap.")
            )
        return cleaned

    def proposed(self, currency: str) -> dict:
        """What `propose_agreement` takes beside kind and text."""
        good = self.cleaned_data
        return {
            "who": good["who"],
            "due_on": good["due_on"],
            "amount": good["amount"],
            "currency": currency if good["amount"] else "",
        }
