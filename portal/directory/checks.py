"""Settings about people, checked when the site starts."""

from django.conf import settings
from django.core.checks import Error, register


@register
def second_step_kinds(app_configs, **kwargs):
    """A misspelt role must not switch a second step off."""
    from .gate import KINDS, NOBODY

    known = {*KINDS, NOBODY}
    unknown = sorted(set(settings.MFA_REQUIRED_FOR) - known)
    if not unknown:
        return []
    return [
        Error(
            f"MFA_REQUIRED_FOR names {', '.join(unknown)}; it may name {', '.join(sorted(known))}.",
            id="directory.E001",
        )
    ]
