"""For which of their organisations a person acts now: chosen in the header, kept in the session."""

from .access import viewer_of
from .models import Organisation

SESSION_KEY = "acting_organisation"


def own_organisations(request):
    """The organisations that the reader belongs to, by name; read once per request."""
    if not hasattr(request, "_own_organisations"):
        own = viewer_of(getattr(request, "user", None)).organisations
        request._own_organisations = (
            list(Organisation.objects.filter(pk__in=own).order_by("name", "pk")) if own else []
        )
    return request._own_organisations


def acting_organisation(request, *, editing=False) -> Organisation | None:
    """The organisation that the reader acts for: the one they chose, or the only one they have.

    None for somebody with several who chose none (they act for all of them, and a form has to ask),
    and for somebody with none. With `editing`, only organisations whose records they may change count.
    """
    found = own_organisations(request)
    if editing:
        editable = viewer_of(request.user).editable_organisations if found else ()
        found = [one for one in found if one.pk in editable]
    if len(found) == 1:
        return found[0]
    session = getattr(request, "session", {})
    chosen = session.get(SESSION_KEY)
    return next((one for one in found if one.pk == chosen), None)


def acting_organisations(request) -> frozenset[int]:
    """The keys of the organisations that a personal page is about: the one acted for, or all of one's own."""
    chosen = acting_organisation(request)
    return frozenset({chosen.pk} if chosen else (one.pk for one in own_organisations(request)))


def act_for(request, organisation: Organisation | None) -> None:
    """From now on act for `organisation`; None for all of one's own."""
    if organisation is None:
        request.session.pop(SESSION_KEY, None)
    else:
        request.session[SESSION_KEY] = organisation.pk
