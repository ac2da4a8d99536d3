"""Told before any tracked record is saved or deleted, so that kept pages can be outdated in the same transaction."""

from django.dispatch import Signal

about_to_change = Signal()
