"""What a job says of itself, with the facts."""


class JobRefused(Exception):
    """The job can't be done, however often it is tried: the message is a sentence for the person who started it."""


class JobTakenOver(Exception):
    """Another worker runs this job by now: stop, and write nothing more."""


class UnknownJob(Exception):
    """No job has this name."""

    def __init__(self, name):
        super().__init__(f"no job is called {name}")
        self.name = name
