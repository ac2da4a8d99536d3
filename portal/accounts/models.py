from django.contrib.auth.models import AbstractBaseUser, PermissionsMixin
from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from .managers import UserManager

SECRETARIAT = "Secretariat"
SURVIVOR_ADVISERS = "Survivor advisers"
ADMINISTRATORS = "Administrators"


class User(AbstractBaseUser, PermissionsMixin):
    """A person who signs in, known by an email address."""

    email = models.EmailField(
        _("email address"),
        unique=True,
        error_messages={"unique": _("There is an account with this email address already.")},
    )
    name = models.CharField(_("name"), max_length=150)
    language = models.CharField(
        _("language"),
        max_length=10,
        default="en",
        help_text=_("The language of mails, as in “en”."),
    )
    is_active = models.BooleanField(
        _("active"), default=True, help_text=_("A person who is not active cannot sign in.")
    )
    date_joined = models.DateTimeField(_("joined"), default=timezone.now, editable=False)

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["name"]

    objects = UserManager()

    class Meta:
        verbose_name = _("person")
        verbose_name_plural = _("people")
        constraints = [
            models.UniqueConstraint(
                Lower("email"),
                name="accounts_user_email_in_any_case",
                violation_error_message=_("There is an account with this email address already."),
            ),
        ]

    def __str__(self):
        return self.name or self.email

    def clean(self):
        super().clean()
        self.email = self.email.strip().lower()

    def get_full_name(self):
        return self.name

    def get_short_name(self):
        return self.name

    @property
    def is_staff(self):
        """For libraries that ask for it; Wagtail and the portal ask for permissions."""
        return self.is_superuser

    def is_in(self, group_name):
        """Whether this person belongs to the group called `group_name`, as in `SECRETARIAT`."""
        if "group_names" not in self.__dict__:
            self.group_names = set(self.groups.values_list("name", flat=True)) if self.pk else set()
        return group_name in self.group_names
