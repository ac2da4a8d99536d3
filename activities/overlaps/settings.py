"""What the parts of a score weigh here: the defaults of `Weights`, and what `OVERLAP_WEIGHTS` says otherwise."""

from django.conf import settings

from strategy.analysis.overlap import Weights


def weights() -> Weights:
    """Raises `TypeError` for a name that `Weights` does not have."""
    return Weights(**getattr(settings, "OVERLAP_WEIGHTS", {}))
