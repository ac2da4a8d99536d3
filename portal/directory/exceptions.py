"""What the directory's services refuse, with the facts."""


class UnknownParent(LookupError):
    """Places lie in places that nobody has; `codes` of those."""

    def __init__(self, codes: list[str]) -> None:
        super().__init__(f"unknown places: {', '.join(codes)}")
        self.codes = codes


class AlreadyMember(Exception):
    """The person with this address belongs to the organisation; `membership`."""

    def __init__(self, membership) -> None:
        super().__init__(str(membership))
        self.membership = membership


class AlreadyInvited(Exception):
    """The address has an invitation of the organisation that waits; `invitation`."""

    def __init__(self, invitation) -> None:
        super().__init__(str(invitation))
        self.invitation = invitation


class InvitationOver(Exception):
    """The invitation was taken up, taken back, or ran out."""


class AccountThere(Exception):
    """An account with the invited address exists: its person signs in instead of making another."""


class LastManager(Exception):
    """The organisation would be left without a manager; `membership` is the last one."""

    def __init__(self, membership) -> None:
        super().__init__(str(membership))
        self.membership = membership


class AlreadyAnswered(Exception):
    """Somebody answered the request first; `request`."""

    def __init__(self, request) -> None:
        super().__init__(str(request))
        self.request = request


class CannotMerge(Exception):
    """The two organisations cannot become one."""


class CannotUndo(Exception):
    """A merge stands; `why` is `again` (it was undone) or `address` (another has the address now)."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why
