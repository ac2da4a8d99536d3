"""What the directory's services refuse, with the facts."""


class UnknownParent(LookupError):
    """Places lie in places that nobody has; `codes` of those."""

    def __init__(self, codes: list[str]) -> None:
        super().__init__(f"unknown places: {', '.join(codes)}")
        self.codes = codes
