from django import forms
from django.utils.translation import gettext_lazy as _

from .choices import MailSetting


class MailForm(forms.Form):
    """When a person wants mail."""

    mail = forms.ChoiceField(
        label=_("When should we write to you?"),
        choices=MailSetting.choices,
        widget=forms.RadioSelect,
    )
