"""What the invented coalition says of itself, and the few records that stand alone."""

from datetime import date

TITLE = "Joint Strategy 2025–2028"
COALITION = "Three Rivers Coalition"
NOTICE = "This is an example. Every organisation, place and amount is invented."
BASIS = "Costed by the working group of the pillar, agreed in March 2025."
SOURCE = "Joint Strategy 2025–2028, annex 2"
CURRENCY = "USD"
ADOPTED_ON = date(2025, 3, 14)
IDENTIFIERS = "Three Rivers Coalition"
GROUPS = {
    "Protection working group": ("Referral, shelter and legal aid in one hand.", "2.4"),
    "Investigation working group": ("Cases that cannot be shared more widely.", "3.1"),
}
INVESTIGATION = "Investigation working group"
PLEDGE = (
    "G-1201",
    "Housing after shelter",
    "Northern Cooperation Agency",
    "Second Harbour Recovery",
    600_000,
)
SECOND_RECORD = (
    "G-1042",
    "Journeys, as our own books have it",
)  # one grant, entered by its grantee too
RELEASED_BY = "releases@example.org"  # somebody who cannot sign in
