"""The form that a file is sent with."""

from django import forms
from django.utils.translation import gettext as _

from portal.directory.access import viewer_of
from portal.directory.models import Organisation


class UploadForm(forms.Form):
    """A file, what is in it, and whose rows they are, where that is not clear by itself."""

    kind = forms.ChoiceField(error_messages={"required": "", "invalid_choice": ""})
    organisation = forms.ModelChoiceField(Organisation.objects.none(), required=False)
    file = forms.FileField()

    def __init__(self, *args, user, kinds, **kwargs):
        super().__init__(*args, **kwargs)
        viewer = viewer_of(user)
        self.kinds = kinds
        self.fields["kind"].choices = [(kind.key, kind.label) for kind in kinds]
        self.fields["kind"].initial = kinds[0].key
        self.fields["file"].error_messages = {
            "required": _("Choose a file."),
            "empty": _("There are no rows in this file."),
        }
        own = Organisation.objects.filter(pk__in=viewer.editable_organisations).order_by("name")
        if viewer.is_secretariat:
            own = Organisation.objects.members().order_by("name")
        self.fields["organisation"].queryset = own
        self.asks_organisation = viewer.is_secretariat or len(own) > 1
        if len(own) == 1 and not viewer.is_secretariat:
            self.fields["organisation"].initial = own[0]

    def clean_organisation(self):
        """The only one somebody writes for need not be said."""
        return self.cleaned_data["organisation"] or self.fields["organisation"].initial
