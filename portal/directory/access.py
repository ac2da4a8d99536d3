"""Who somebody is, as far as sharing is concerned. Read once per request and user."""

from dataclasses import dataclass

from django.db import models

from .choices import Audience

SECRETARIAT_GROUPS = ("Secretariat", "Administrators")


@dataclass(frozen=True, slots=True)
class Viewer:
    """What sharing needs to know of a person; ids throughout."""

    is_secretariat: bool = False
    is_member: bool = False
    is_funder: bool = False
    organisations: frozenset[int] = frozenset()
    editable_organisations: frozenset[int] = frozenset()
    managed_organisations: frozenset[int] = frozenset()
    working_groups: frozenset[int] = frozenset()

    @property
    def audience(self) -> Audience:
        """The kept figures that this viewer's own start from."""
        if self.is_secretariat:
            return Audience.ALL
        return Audience.COALITION if self.is_member else Audience.PUBLIC

    @property
    def key(self) -> str:
        """The same for viewers who see the same: part of the key of what is kept for them."""
        if self.is_secretariat:
            return str(int(Audience.ALL))
        own = ",".join(map(str, sorted(self.organisations)))
        groups = ",".join(map(str, sorted(self.working_groups)))
        return f"{int(self.audience)}.{own}.{groups}"


PUBLIC_VIEWER = Viewer()


def viewer_of(user) -> Viewer:
    """The viewer behind a user (None or anonymous: the public). Kept on the user object for its lifetime."""
    if isinstance(user, Viewer):
        return user
    if user is None or not user.is_authenticated or not user.is_active:
        return PUBLIC_VIEWER
    viewer = getattr(user, "_viewer", None)
    if viewer is None:
        viewer = user._viewer = _read(user)
    return viewer


class VisibleQuerySet(models.QuerySet):
    """Rows that somebody may see. `visible_to` is the only door that pages, exports and charts use."""

    def visible_to(self, user):
        """All rows: this kind of record is public unless its own queryset says otherwise."""
        return self

    def editable_by(self, user):
        """Rows that `user` may change: the secretariat all of them, others none."""
        return self if viewer_of(user).is_secretariat else self.none()


def _read(user) -> Viewer:
    """One query; one more for whether somebody is of the secretariat, where the session did not bring it along."""
    from .models import Membership

    in_group = getattr(user, "is_in_secretariat", None)
    if in_group is None:
        in_group = user.groups.filter(name__in=SECRETARIAT_GROUPS).exists()
    secretariat = user.is_superuser or in_group
    rows = list(
        Membership.objects.filter(user=user).values_list(
            "organisation_id", "role", "organisation__is_member", "organisation__is_funder",
            "organisation__working_groups__group_id",
        )
    )  # fmt: skip
    memberships = {row[:4] for row in rows}  # each comes once for each of its working groups
    organisations = frozenset(row[0] for row in rows)
    groups = frozenset(row[4] for row in rows if row[4] is not None)
    return Viewer(
        is_secretariat=secretariat,
        is_member=any(member or funder for _org, _role, member, funder in memberships),
        is_funder=any(funder for _org, _role, _member, funder in memberships),
        organisations=organisations,
        editable_organisations=frozenset(org for org, role, *_ in memberships if role != "viewer"),
        managed_organisations=frozenset(org for org, role, *_ in memberships if role == "manager"),
        working_groups=groups,
    )
