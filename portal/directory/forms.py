"""Forms about people: joining, roles, the terms, and one's own account."""

from django import forms
from django.conf import settings
from django.contrib.auth import password_validation
from django.utils.translation import gettext_lazy as _

from portal.accounts.models import User

from .choices import Role
from .models import Invitation, JoinRequest


class InviteForm(forms.ModelForm):
    """An address and a role."""

    class Meta:
        model = Invitation
        fields = ["email", "role"]
        widgets = {
            "email": forms.EmailInput({"autocomplete": "off", "inputmode": "email"}),
            "role": forms.RadioSelect,
        }
        help_texts = {"email": _("We send a link to this address. It works once, for 14 days.")}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["email"].help_text = _(
            "We send a link to this address. It works once, for %(days)s days."
        ) % {"days": settings.INVITATION_DAYS}
        self.fields["role"].choices = role_choices()

    def clean_email(self):
        return self.cleaned_data["email"].strip().lower()


def role_choices():
    """Roles with what each may do."""
    return [
        (Role.VIEWER, _("Viewer: reads what the organisation keeps")),
        (Role.EDITOR, _("Editor: also writes and changes its records")),
        (Role.MANAGER, _("Manager: also invites people and changes their roles")),
    ]


class RoleForm(forms.Form):
    role = forms.ChoiceField(label=_("Role"), choices=Role.choices)


class AskForm(forms.ModelForm):
    """A stranger's request to join."""

    #: No person fills this: it is hidden. What fills it is no person.
    homepage = forms.CharField(required=False, widget=forms.HiddenInput)

    class Meta:
        model = JoinRequest
        fields = ["name", "email", "organisation_name", "why"]
        widgets = {
            "name": forms.TextInput({"autocomplete": "name"}),
            "email": forms.EmailInput({"autocomplete": "email", "inputmode": "email"}),
            "organisation_name": forms.TextInput(
                {"autocomplete": "organization", "list": "organisations"}
            ),
            "why": forms.Textarea({"rows": 4}),
        }
        help_texts = {
            "email": _("The answer goes to this address."),
            "organisation_name": _("As it is called in public. It may be new to the coalition."),
            "why": _("Two or three sentences. Please name no person who has been trafficked."),
        }


class NewPersonForm(forms.Form):
    """The account of somebody who was invited."""

    name = forms.CharField(
        label=_("Your name"),
        max_length=150,
        help_text=_("As your colleagues know you. Members see it beside what you write."),
        widget=forms.TextInput({"autocomplete": "name"}),
    )
    password = forms.CharField(
        label=_("Password (optional)"),
        required=False,
        strip=False,
        help_text=_(
            "At least 12 characters. Leave it empty to sign in with a code that we send by email."
        ),
        widget=forms.PasswordInput({"autocomplete": "new-password"}),
    )

    def __init__(self, *args, email, **kwargs):
        super().__init__(*args, **kwargs)
        self.email = email

    def clean_name(self):
        return " ".join(self.cleaned_data["name"].split())

    def clean(self):
        cleaned = super().clean()
        if password := cleaned.get("password"):
            person = User(email=self.email, name=cleaned.get("name", ""))
            try:
                password_validation.validate_password(password, person)
            except forms.ValidationError as error:
                self.add_error("password", error)
        return cleaned


class OwnAccountForm(forms.ModelForm):
    """What people change about themselves."""

    class Meta:
        model = User
        fields = ["name", "language"]
        widgets = {"name": forms.TextInput({"autocomplete": "name"})}
        help_texts = {"name": _("Members see it beside what you write.")}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if len(settings.LANGUAGES) > 1:
            self.fields["language"] = forms.ChoiceField(
                label=_("Language of mails"), choices=settings.LANGUAGES
            )
        else:
            del self.fields["language"]

    def clean_name(self):
        return " ".join(self.cleaned_data["name"].split())


class AcceptForm(forms.Form):
    """Yes to a version of the terms."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    accept = forms.BooleanField(
        label=_("I have read the terms, and I keep to them"),
        error_messages={"required": _("Tick the box to go on, or sign out.")},
    )
