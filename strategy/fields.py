"""Fields that several apps use alike."""

from decimal import Decimal

from django.core.validators import MinLengthValidator, RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

CURRENCY_CODE = RegexValidator(
    r"^[A-Z]{3}$", _("Write the currency as three capital letters, for example USD.")
)


def currency_field(**options):
    """A currency by its ISO 4217 code."""
    options.setdefault("verbose_name", _("currency"))
    return models.CharField(
        max_length=3, validators=[MinLengthValidator(3), CURRENCY_CODE], **options
    )


def money_field(label, **options):
    """An amount as it was given, in its own currency. Never a float."""
    return models.DecimalField(label, max_digits=20, decimal_places=2, **options)


def share_field(**options):
    """A percentage, 0 to 100, six decimals, as in IATI."""
    options.setdefault("verbose_name", _("share, %"))
    return models.DecimalField(max_digits=9, decimal_places=6, **options)


def share_text(share) -> str:
    """A percentage without idle zeros: `33.3 %`."""
    return f"{Decimal(share).normalize():f} %"
