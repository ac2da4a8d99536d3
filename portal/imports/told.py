"""What people are told about imports."""

from django.utils.translation import gettext_lazy as _

from portal.notices.kinds import Kind

SAVED = "imports.saved"
WAITS = "imports.waits"

KINDS = (
    Kind(SAVED, _("Your import “%(what)s” is saved"), icon="check-circle-fill"),
    Kind(WAITS, _("The import “%(what)s” waits for review"), icon="pencil"),
)
