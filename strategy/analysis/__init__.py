"""Fourfold's numbers: plain Python, frozen rows in, findings out; no database, no request.

Money is an integer of minor units (cents) of the strategy's currency; shares are percentages as
`Decimal`. Source of the terms: `How numbers are computed`, and section 3 of the domain reference.
"""
