"""What the coalition agreed, and the figures kept of it."""

from .indicators import Indicator, Measurement
from .objectives import Objective, PillarTarget
from .rates import ExchangeRate
from .requirements import Expectation, Requirement
from .strategies import Strategy
from .summary import SummaryCell

__all__ = [
    "ExchangeRate",
    "Expectation",
    "Indicator",
    "Measurement",
    "Objective",
    "PillarTarget",
    "Requirement",
    "Strategy",
    "SummaryCell",
]
