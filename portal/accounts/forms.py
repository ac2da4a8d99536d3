from django import forms
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms.account import NameEmailForm
from wagtail.users.forms import UserCreationForm, UserEditForm

FIELDS = ["email", "name", "language", "is_superuser", "groups"]


class PersonCreationForm(UserCreationForm):
    """A new person, at the secretariat's desk. Without a password they sign in by a code."""

    first_name = None
    last_name = None

    class Meta(UserCreationForm.Meta):
        fields = FIELDS
        widgets = {"groups": forms.CheckboxSelectMultiple}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["password1"].help_text = _(
            "May stay empty: the person then signs in with a code sent by email."
        )

    def save(self, commit=True):
        if not self.cleaned_data["password1"]:
            self.instance.set_unusable_password()
        return super().save(commit)


class PersonEditForm(UserEditForm):
    first_name = None
    last_name = None

    class Meta(UserEditForm.Meta):
        fields = [*FIELDS, "is_active"]
        widgets = {"groups": forms.CheckboxSelectMultiple}


class OwnNameForm(NameEmailForm):
    """What people change about themselves at the desk."""

    first_name = None
    last_name = None

    class Meta(NameEmailForm.Meta):
        fields = ["name"]
