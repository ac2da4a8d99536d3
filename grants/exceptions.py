"""What services refuse, with the facts."""


class TooMuchAllocated(Exception):
    """The shares of a grant add up to more than 100."""

    def __init__(self, total):
        super().__init__(f"the shares add up to {total}, more than 100")
        self.total = total


class AlreadyLinked(Exception):
    """One of the records is said to be the same as yet another one."""

    def __init__(self, grants):
        super().__init__("already linked: " + ", ".join(str(grant) for grant in grants))
        self.grants = grants


class MoneyGoesRound(Exception):
    """These records cannot be one grant: one of them passes on money of another, if by many steps."""

    def __init__(self, keys):
        self.keys = tuple(keys)
        super().__init__(f"linking {', '.join(map(str, keys))} lets money go round in a circle")
