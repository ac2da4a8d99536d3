"""Overlaps: activities that look alike, what organisations say to each other about them, and what became of them."""
