"""The way in: a file is read, its columns matched, its rows checked, shown, saved at once, and can be taken back.

What rows mean is said by each kind of record (`kinds.py`); this package knows none of them.
"""
