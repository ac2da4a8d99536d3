"""The tree of objectives under the four Ps."""

from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from portal.directory.access import VisibleQuerySet, viewer_of
from portal.directory.models import Organisation
from portal.history.models import Tracked

from ..choices import Pillar, StrategyStatus
from ..fields import share_field, share_text
from .strategies import Strategy


class ObjectiveQuerySet(VisibleQuerySet):
    def visible_to(self, user):
        """Objectives of the strategies that this person may read."""
        if viewer_of(user).is_secretariat:
            return self
        return self.exclude(strategy__status=StrategyStatus.DRAFT)

    def roots(self):
        """The pillars themselves."""
        return self.filter(parent=None)

    def in_order(self):
        """As a reader expects codes: 1, 1.1, 1.2, 1.10, 2."""
        return self.order_by("pillar", "sort_key")


class Objective(Tracked):
    """A node of the tree under a pillar. The pillar is the root (code `1`), so that money given to it has a place."""

    strategy = models.ForeignKey(Strategy, models.CASCADE, related_name="objectives")
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="children"
    )
    pillar = models.PositiveSmallIntegerField(_("pillar"), choices=Pillar.choices)
    code = models.CharField(
        _("code"),
        max_length=20,
        validators=[
            RegexValidator(
                r"^[1-4](\.\d{1,3})*$", _("Write a code such as 1.2: the pillar's number first.")
            )
        ],
    )
    sort_key = models.CharField(max_length=40, editable=False)
    title = models.CharField(_("title"), max_length=200)
    short_title = models.CharField(
        _("short title"), max_length=60, help_text=_("For charts and tables.")
    )
    description = models.TextField(_("description"), blank=True)
    lead_organisation = models.ForeignKey(
        Organisation,
        models.PROTECT,
        null=True,
        blank=True,
        verbose_name=_("lead organisation"),
        related_name="leads",
    )

    objects = ObjectiveQuerySet.as_manager()

    class Meta:
        ordering = ["strategy", "pillar", "sort_key"]
        verbose_name = _("objective")
        verbose_name_plural = _("objectives")
        constraints = [
            models.UniqueConstraint(
                fields=["strategy", "code"],
                name="strategy_objective_code_once",
                violation_error_message=_("Another objective of this strategy has this code."),
            ),
            models.UniqueConstraint(
                fields=["strategy", "pillar"],
                condition=Q(parent=None),
                name="strategy_objective_one_root_per_pillar",
                violation_error_message=_("This pillar has its root already. Choose a parent."),
            ),
            models.CheckConstraint(
                condition=Q(pillar__gte=1, pillar__lte=4),
                name="strategy_objective_one_of_four_pillars",
            ),
            models.CheckConstraint(
                condition=Q(parent__isnull=True) | ~Q(parent=F("id")),
                name="strategy_objective_not_its_own_parent",
            ),
        ]

    def __str__(self):
        return f"{self.code} {self.short_title or self.title}"

    def get_absolute_url(self):
        return reverse("dashboards:objective", args=[self.code])

    def clean(self):
        from django.core.exceptions import ValidationError

        if self.code and self.pillar and self.code.split(".")[0] != str(int(self.pillar)):
            raise ValidationError({"code": _("The code starts with the number of its pillar.")})
        if self.parent_id is None:
            if "." in (self.code or ""):
                raise ValidationError(
                    {"parent": _("Choose the objective that this one stands under.")}
                )
        elif not self.code.startswith(f"{self.parent.code}."):
            raise ValidationError(
                {"code": _("The code starts with the code of its parent and a point.")}
            )
        elif self.parent.strategy_id != self.strategy_id:
            raise ValidationError({"parent": _("The parent belongs to another strategy.")})

    def save(self, *args, **kwargs):
        self.sort_key = ".".join(part.zfill(3) for part in self.code.split("."))
        super().save(*args, **kwargs)

    @property
    def is_pillar(self):
        return self.parent_id is None


class PillarTarget(Tracked):
    """The share of all tagged money that the strategy wants for a pillar."""

    strategy = models.ForeignKey(Strategy, models.CASCADE, related_name="pillar_targets")
    pillar = models.PositiveSmallIntegerField(_("pillar"), choices=Pillar.choices)
    share = share_field(validators=[MinValueValidator(0), MaxValueValidator(100)])

    objects = VisibleQuerySet.as_manager()

    class Meta:
        ordering = ["strategy", "pillar"]
        constraints = [
            models.UniqueConstraint(fields=["strategy", "pillar"], name="strategy_target_once"),
            models.CheckConstraint(
                condition=Q(share__gte=0, share__lte=100),
                name="strategy_target_share_is_percentage",
                violation_error_message=_("A share is between 0 and 100."),
            ),
        ]

    def __str__(self):
        return f"{self.get_pillar_display()}: {share_text(self.share)}"
