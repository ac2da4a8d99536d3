"""The demonstrations: one from public records, one invented, and the synthetic coalition of the bench."""
