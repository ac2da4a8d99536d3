"""What funders pay for: grants, their transactions, their tags, and the split money that every figure sums."""

from .counted import CountedGrant, Split, Unconverted
from .grants import Grant, GrantIdentifier, LinkGroup
from .money import ActivityFunding, Transaction
from .tags import Allocation, AllocationTotal

__all__ = [
    "ActivityFunding",
    "Allocation",
    "AllocationTotal",
    "CountedGrant",
    "Grant",
    "GrantIdentifier",
    "LinkGroup",
    "Split",
    "Transaction",
    "Unconverted",
]
