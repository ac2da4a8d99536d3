"""Publishing and accepting the terms of data sharing."""

from datetime import datetime

from django.db import transaction

from portal.history.services import acting_as

from .models import Acceptance, TermsVersion


def newest_terms() -> TermsVersion | None:
    """The version that holds now."""
    return TermsVersion.objects.newest()


@transaction.atomic
def publish_terms(text: str, changes: str, *, by, now: datetime) -> TermsVersion:
    """Put a new version in force: from their next page on, everybody is asked to accept it."""
    newest = TermsVersion.objects.select_for_update().order_by("-number").first()
    with acting_as(by):
        return TermsVersion.objects.create(
            number=newest.number + 1 if newest else 1,
            text=text,
            changes=changes,
            published_by=by,
            published_at=now,
        )


def accept_terms(version: TermsVersion, *, by, now: datetime) -> Acceptance:
    """Keep that a person accepted a version; once is enough."""
    return Acceptance.objects.get_or_create(
        user=by, version=version, defaults={"accepted_at": now}
    )[0]


def accepted_before(user) -> Acceptance | None:
    """The last version that a person accepted, with when."""
    return user.acceptances.select_related("version").order_by("-version__number").first()
