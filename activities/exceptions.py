"""What services refuse, with the facts."""


class SharesOff(Exception):
    """The shares of a set add up to something else than 100."""

    def __init__(self, total):
        super().__init__(f"the shares add up to {total}, not 100")
        self.total = total


class AlreadySettled(Exception):
    """Somebody decided about this overlap first: `overlap.settled_by`, `settled_at` and `state` say who, when, what."""

    def __init__(self, overlap):
        super().__init__(f"overlap {overlap.pk} is {overlap.state} since {overlap.settled_at}")
        self.overlap = overlap


class NotSettled(Exception):
    """There is no decision to take back."""

    def __init__(self, overlap):
        super().__init__(f"overlap {overlap.pk} is {overlap.state}")
        self.overlap = overlap


class OneOrganisation(Exception):
    """All the records belong to one organisation: there is nobody to talk to."""


class NotAllSee(Exception):
    """An organisation concerned may not see the other's record, so a conversation would give it away."""

    def __init__(self, organisation_ids):
        super().__init__(f"organisations {sorted(organisation_ids)} do not see all the records")
        self.organisation_ids = frozenset(organisation_ids)


class CoordinationClosed(Exception):
    """The conversation was closed: by whom and when stands on `coordination`."""

    def __init__(self, coordination):
        super().__init__(f"coordination {coordination.pk} was closed at {coordination.closed_at}")
        self.coordination = coordination


class AlreadyAgreed(Exception):
    """Everybody has said yes already: `agreement.agreed_at`."""

    def __init__(self, agreement):
        super().__init__(f"agreement {agreement.pk} was agreed at {agreement.agreed_at}")
        self.agreement = agreement


class NotAgreed(Exception):
    """What was not agreed cannot be done."""

    def __init__(self, agreement):
        super().__init__(f"agreement {agreement.pk} is not agreed")
        self.agreement = agreement


class NotConcerned(Exception):
    """An organisation that takes no part in the conversation."""

    def __init__(self, organisation_id):
        super().__init__(f"organisation {organisation_id} takes no part")
        self.organisation_id = organisation_id


class SentBefore(Exception):
    """This form was saved already, as `activity`."""

    def __init__(self, activity):
        super().__init__(f"the form was saved as activity {activity.pk}")
        self.activity = activity


class ChangedMeanwhile(Exception):
    """The record says something else than when the writer began."""

    def __init__(self, activity):
        super().__init__(f"activity {activity.pk} was changed by somebody else")
        self.activity = activity


class DraftMovedOn(Exception):
    """Another device wrote in the draft since."""

    def __init__(self, draft):
        super().__init__(f"draft {draft.pk} is at version {draft.version}")
        self.draft = draft


class DraftTooLong(Exception):
    """More was typed than any form holds: `size` characters."""

    def __init__(self, size):
        super().__init__(f"a draft of {size} characters")
        self.size = size


class NotSubmitted(Exception):
    """These activities wait for no review: somebody decided first, or they were never submitted."""

    def __init__(self, activities):
        super().__init__(f"activities {[one.pk for one in activities]} are not submitted")
        self.activities = activities


class NotHeld(Exception):
    """Nothing is held back: somebody released it first, or its text was changed."""

    def __init__(self, activity):
        super().__init__(f"activity {activity.pk} is not held")
        self.activity = activity


class ConfirmedSince(Exception):
    """Somebody confirmed the activity again, so that an older confirmation cannot be taken back."""

    def __init__(self, activity):
        super().__init__(f"activity {activity.pk} was confirmed at {activity.confirmed_at}")
        self.activity = activity
