"""Logging an activity: the form, its drafts, and what it shows while one writes."""
