"""What the loaders refuse, with the facts."""


class StrategyInForce(Exception):
    """Another strategy is in force: a demo never stands beside real records."""

    def __init__(self, strategy):
        super().__init__(f"the strategy “{strategy}” is in force")
        self.strategy = strategy


class StrategyThere(Exception):
    """There is a strategy already, in force or not: made-up records never stand beside others."""

    def __init__(self, strategy):
        super().__init__(f"the strategy “{strategy}” is here")
        self.strategy = strategy
