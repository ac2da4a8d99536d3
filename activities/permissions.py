"""Who may do what about overlaps and coordinations, without a request."""

from portal.directory.access import viewer_of

from .models import Agreement, Coordination, Overlap


def may_see_overlaps(user) -> bool:
    """Members, funders and the secretariat read overlaps one by one; everybody else reads counts."""
    viewer = viewer_of(user)
    return viewer.is_member or viewer.is_secretariat


def can_settle(user, overlap: Overlap) -> bool:
    """Whoever may change one of the two records and sees the other; the secretariat."""
    return Overlap.objects.editable_by(user).filter(pk=overlap.pk).exists()


def can_write(user, coordination: Coordination) -> bool:
    """Editors of the organisations concerned, and the secretariat."""
    return Coordination.objects.editable_by(user).filter(pk=coordination.pk).exists()


def answering_organisations(user, agreement: Agreement) -> frozenset[int]:
    """The organisations concerned for which a person may say yes or no."""
    parties = agreement.coordination.parties.values_list("organisation", flat=True)
    return viewer_of(user).editable_organisations & frozenset(parties)
