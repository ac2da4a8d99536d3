"""What services refuse, with the facts."""


class SharesOff(Exception):
    """The shares of a set add up to something else than 100."""

    def __init__(self, total):
        super().__init__(f"the shares add up to {total}, not 100")
        self.total = total
