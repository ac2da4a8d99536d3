"""What people are told about activities, overlaps and coordinations; registered when the app starts."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from portal.notices.kinds import Kind

FOUND = "overlaps.found"
SETTLED = "overlaps.settled"
UNDONE = "overlaps.undone"
OPENED = "coordination.opened"
MESSAGE = "coordination.message"
PROPOSED = "coordination.proposed"
AGREED = "coordination.agreed"
REFUSED = "coordination.refused"
CLOSED = "coordination.closed"
WAITING = "coordination.waiting"
DUE = "agreement.due"
OVERDUE = "agreement.overdue"
SUBMITTED = "activities.submitted"
ACCEPTED = "activities.accepted"
RETURNED = "activities.returned"
HELD = "activities.held"
RELEASED = "activities.released"


def _pair(overlap) -> str:
    return f"{overlap.first} / {overlap.second}"


def _overlap_url(overlap) -> str:
    return reverse("dashboards:overlap", args=[overlap.pk])


def _of_coordination(agreement) -> str:
    return agreement.coordination.get_absolute_url()


def _subject(agreement) -> str:
    return agreement.coordination.subject


KINDS = (
    Kind(
        FOUND,
        _("Activities that look like those of %(what)s were found"),
        url=lambda organisation: f"{reverse('dashboards:overlaps')}?mine=true",
        icon="intersect",
    ),
    Kind(SETTLED, _("Settled: %(what)s"), _pair, _overlap_url, icon="check-circle"),
    Kind(
        UNDONE, _("A decision was taken back: %(what)s"), _pair, _overlap_url, icon="arrow-repeat"
    ),
    Kind(OPENED, _("A conversation was opened with you: %(what)s"), icon="chat-left-text"),
    Kind(MESSAGE, _("New message: %(what)s"), icon="chat-left-text"),
    Kind(PROPOSED, _("A proposal waits for your answer: %(what)s"), icon="question-circle"),
    Kind(AGREED, _("Agreed: %(what)s"), icon="check-circle"),
    Kind(REFUSED, _("A proposal was not accepted: %(what)s"), icon="x-circle"),
    Kind(CLOSED, _("A conversation was closed: %(what)s"), icon="lock"),
    Kind(WAITING, _("Others wait for your answer: %(what)s"), icon="hourglass-split"),
    Kind(DUE, _("What you agreed is due soon: %(what)s"), _subject, _of_coordination, "calendar3"),
    Kind(
        OVERDUE,
        _("What you agreed is past its day: %(what)s"),
        _subject,
        _of_coordination,
        "exclamation-circle",
    ),
    Kind(SUBMITTED, _("Waits for review: %(what)s"), icon="hourglass-split"),
    Kind(ACCEPTED, _("Accepted: %(what)s"), icon="check-circle"),
    Kind(RETURNED, _("Returned with a comment: %(what)s"), icon="chat-left-text"),
    Kind(
        HELD,
        _("Held until somebody has looked at its text: %(what)s"),
        url=lambda activity: reverse("desk_held_activities:index"),
        icon="exclamation-circle",
    ),
    Kind(RELEASED, _("Looked at, and shown to others now: %(what)s"), icon="check-circle"),
)
