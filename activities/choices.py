"""Closed lists of activities, with their codes in the standards."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class ActivityStatus(TextChoices):
    """Source: IATI ActivityStatus."""

    PIPELINE = "1", _("Planned")
    IMPLEMENTATION = "2", _("Under way")
    FINALISATION = "3", _("Finishing")
    CLOSED = "4", _("Closed")
    CANCELLED = "5", _("Cancelled")
    SUSPENDED = "6", _("Suspended")


#: Statuses in which nothing happens any more.
OVER = (ActivityStatus.CLOSED, ActivityStatus.CANCELLED)


class ReviewStep(TextChoices):
    """What happened to an activity on its way through review."""

    SUBMITTED = "submitted", _("Submitted")
    ACCEPTED = "accepted", _("Accepted")
    RETURNED = "returned", _("Returned")


class OrganisationRole(TextChoices):
    """Source: IATI OrganisationRole."""

    FUNDING = "1", _("Funding")
    ACCOUNTABLE = "2", _("Accountable")
    EXTENDING = "3", _("Extending")
    IMPLEMENTING = "4", _("Implementing")


class Population(TextChoices):
    """Groups of people an activity is for."""

    ADULTS = "adults", _("Adults")
    WOMEN = "women", _("Women")
    MEN = "men", _("Men")
    CHILDREN = "children", _("Children")
    MIGRANTS = "migrants", _("People on the move")
    WORKERS = "workers", _("Workers")
    SURVIVORS = "survivors", _("People who have been trafficked")
    COMMUNITIES = "communities", _("Communities at risk")
    OFFICIALS = "officials", _("Officials and professionals")
    PUBLIC = "public", _("The general public")


class Exploitation(TextChoices):
    """Forms of exploitation. Source: UN Palermo Protocol, article 3."""

    SEXUAL = "sexual", _("Sexual exploitation")
    LABOUR = "labour", _("Forced labour")
    DOMESTIC = "domestic", _("Domestic servitude")
    MARRIAGE = "marriage", _("Forced marriage")
    CRIMINALITY = "criminality", _("Forced criminality and begging")
    ORGANS = "organs", _("Removal of organs")
    ANY = "any", _("All forms")


class DeliveryMode(TextChoices):
    SERVICE = "service", _("Services to people")
    TRAINING = "training", _("Training")
    CAMPAIGN = "campaign", _("Campaign or information")
    ADVICE = "advice", _("Advice and technical help")
    RESEARCH = "research", _("Research and data")
    ADVOCACY = "advocacy", _("Advocacy")
    GRANTS = "grants", _("Grants to others")


class OverlapKind(TextChoices):
    """Source of duplication and overlap: GAO-15-49SP."""

    SAME_PROJECT = "same", _("Same project")
    DUPLICATION = "duplication", _("Duplication")
    OVERLAP = "overlap", _("Overlap")
    DOUBLE_ENTRY = "double", _("Likely entered twice")


class OverlapState(TextChoices):
    OPEN = "open", _("Open")
    TALKING = "talking", _("In coordination")
    LINKED = "linked", _("Linked as one project")
    JOINT = "joint", _("Joint activity")
    DIVIDED = "divided", _("Divided")
    DISMISSED = "dismissed", _("Not a duplicate")


#: States that somebody decided.
SETTLED_STATES = (
    OverlapState.LINKED,
    OverlapState.JOINT,
    OverlapState.DIVIDED,
    OverlapState.DISMISSED,
)


class DismissReason(TextChoices):
    """Why two activities that look alike are not the same."""

    PEOPLE = "people", _("Different people")
    SERVICE = "service", _("Different service")
    PLACE = "place", _("Different place")
    TIME = "time", _("Different time of year")
    SEQUENCE = "sequence", _("On purpose: one follows the other")
    OTHER = "other", _("Something else")


class WriterChoice(TextChoices):
    """What the writer of an activity does about a similar one."""

    JOIN = "join", _("Join as partner")
    PEOPLE = "people", _("Different people")
    SERVICE = "service", _("Different service")
    CONTACT = "contact", _("Contact them first")
    NOT_SAME = "not_same", _("Not the same")


class CoordinationState(TextChoices):
    OPEN = "open", _("Open")
    AGREED = "agreed", _("Agreed")
    CLOSED = "closed", _("Closed")


class AgreementKind(TextChoices):
    """What a coordination led to."""

    JOINED = "joined", _("One joint activity")
    DIVIDED = "divided", _("The work is divided")
    SAME_PROJECT = "same", _("One project, registered twice")
    NOT_TWICE = "not_twice", _("No longer paid twice")
    OTHER = "other", _("Something else")
