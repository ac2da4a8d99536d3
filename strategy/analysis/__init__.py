"""Fourfold's numbers: plain Python, frozen rows in, findings out; no database, no request.

Money is an integer of minor units (cents) of the strategy's currency; shares are percentages as
`Decimal`. The page "How numbers are computed" says the same in words.
"""
